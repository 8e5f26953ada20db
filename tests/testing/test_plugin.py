"""The pytest plugin, as another suite finds it: by its entry point, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"starlette", "uvicorn", "granian", "httpx2", "asyncio", "playwright", "greenlet"}


def run(folder: Path, test: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a test file in a folder that holds nothing else."""
    (folder / "test_app.py").write_text(test, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-W", "error", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_plugin_imports_nothing_heavy() -> None:
    code = "import sys, pytest; before = {*sys.modules}; import agora_helpers.testing.plugin\n"
    code += "print(*{*sys.modules} - before)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "agora_helpers.testing.plugin" in result.stdout.split()
    assert HEAVY & {name.split(".")[0] for name in result.stdout.split()} == set()


FIXTURES = """
import sys
import time

from agora_helpers.testing import assert_admitted, assert_token


def test_all_fixtures(agora_credentials, agora_clock, agora_project, agora_token_server, practice_agora):
    assert practice_agora.project is agora_project
    assert practice_agora.clock is agora_clock
    assert abs(agora_clock.now() - time.time()) < 5
    agora_clock.advance(86_400)
    answer = agora_token_server.client.post("/rtctoken", json={"channel": "lobby", "isPublisher": True}).json()
    client = {"channel": "lobby", "uid": answer["uid"]}
    now = agora_clock.now()
    assert_token(answer["token"], **client, role="publisher", credentials=agora_credentials, now=now)
    assert_admitted(agora_project, **client, token=answer["token"])
    assert "playwright" not in sys.modules
"""


def test_the_fixtures_go_by_one_clock_and_one_project(tmp_path: Path) -> None:
    result = run(tmp_path, FIXTURES)
    assert result.returncode == 0, result.stdout
    assert "1 passed" in result.stdout


FAILING = """

def test_fails(practice_agora):
    assert practice_agora.sessions


def test_passes(practice_agora):
    pass
"""


def test_a_failed_test_shows_what_agora_saw(tmp_path: Path) -> None:
    result = run(tmp_path, FAILING)
    assert "1 failed, 1 passed" in result.stdout
    title, text = "practice Agora", "No client has sent a request to Agora."
    lines = result.stdout.splitlines()
    assert text in lines[next(place for place, line in enumerate(lines) if f" {title} " in line) + 1]
    assert result.stdout.count(title) == 1


IN_A_FIXTURE = """
import pytest


@pytest.fixture
def joined(practice_agora):
    raise RuntimeError("not joined")


def test_of_a_client_that_joined(joined):
    pass
"""


def test_a_fixture_that_fails_shows_what_agora_saw(tmp_path: Path) -> None:
    result = run(tmp_path, IN_A_FIXTURE)
    assert "1 error" in result.stdout
    assert result.stdout.count(" practice Agora ") == 1


def test_assertions_hide_their_own_frames(tmp_path: Path) -> None:
    test = (
        "from agora_helpers.testing import assert_token\n\n\ndef test_it():\n    assert_token('x', channel='lobby')\n"
    )
    result = run(tmp_path, test)
    assert "assertions.py" not in result.stdout
    assert "The token is not the expected one." in result.stdout


def test_a_suite_without_the_fixtures_pays_little(tmp_path: Path) -> None:
    test = f"import sys\n\n\ndef test_it():\n    assert not {HEAVY - {'asyncio'}!r} & set(sys.modules)\n"
    result = run(tmp_path, test)
    assert result.returncode == 0, result.stdout


def test_the_package_has_no_other_names() -> None:
    import agora_helpers.testing

    with pytest.raises(AttributeError, match=r"^module 'agora_helpers.testing' has no attribute 'missing'$"):
        _ = agora_helpers.testing.missing
