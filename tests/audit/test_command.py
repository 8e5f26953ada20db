"""``agora-helpers audit``, and what it writes."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from agora_helpers.audit import ClassicServer
from agora_helpers.cli import main
from agora_helpers.server import ApiKeys, TokenServer
from agora_helpers.server.hosting import BackgroundServer
from tests.audit.servers import KEY, NO_UID
from tests.support import DEMO, ROOT


@pytest.fixture(scope="module")
def classic() -> Iterator[str]:
    with BackgroundServer(ClassicServer()) as server:
        yield f"http://127.0.0.1:{server.port}/rtctoken"


@pytest.fixture
def good() -> Iterator[str]:
    with TokenServer(DEMO, access=ApiKeys([KEY])) as server:
        yield f"http://127.0.0.1:{server.port}/rtctoken"


HEADER = ("--header", f"Authorization: Bearer {KEY}")


def test_json_is_one_object(classic: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", classic, "--json-body", NO_UID, "--json", "--demo"]) == 1
    output = capsys.readouterr()
    body = json.loads(output.out)
    assert [*body] == ["target", "requests", "findings", "passed"]
    assert body["target"] == f"POST {classic}"
    assert body["requests"] == 45
    for finding in body["findings"]:
        assert [*finding] == ["code", "severity", "title", "evidence", "consequence", "remedy", "lesson"]
        assert (ROOT / finding["lesson"]).is_file()
        assert finding["evidence"]
    assert "WRONG_SIGNATURE" in body["passed"]
    assert output.err == ""


def test_a_server_without_errors(good: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "report.md"
    options = ["audit", good, "--json-body", NO_UID, *HEADER, "--report", str(file), "--verbose"]
    assert main([*options, "--fail-on", "warning"]) == 0
    output = capsys.readouterr()
    assert file.read_text(encoding="utf-8").startswith(f"# Audit of `POST {good}`\n")
    lines = output.err.splitlines()
    assert lines[:2] == ["request 1: a good request", "request 2: the same without your headers"]
    assert len(lines) == 46
    assert KEY not in output.out + output.err + file.read_text(encoding="utf-8")


def test_warnings_fail_on_request(capsys: pytest.CaptureFixture[str]) -> None:
    with TokenServer(DEMO) as server:
        options = ["audit", f"http://127.0.0.1:{server.port}/rtctoken", "--json-body", NO_UID]
        assert main(options) == 0
        assert main([*options, "--fail-on", "warning"]) == 1
    assert "WARNING  Anyone who reaches the server gets tokens" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["ftp://localhost/"], "target: is not an http or https URL."),
        (["https://example.com/token"], "If this one is yours, add --yes-this-is-my-server."),
        (["http://localhost/", "--header", KEY], "--header: has no colon."),
        (["http://localhost/", "--roles", "host"], "--roles: must be two words."),
        (["http://localhost/", "--json-body", "{"], "--json-body: is not valid JSON."),
    ],
)
def test_wrong_usage(options: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", *options]) == 2
    error = capsys.readouterr().err
    assert words in error
    assert KEY not in error


def test_no_token(good: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", good, "--json-body", NO_UID]) == 2
    assert "status 401, a JSON object with error. Pass the credential" in capsys.readouterr().err
    assert main(["audit", good, "--json-body", NO_UID, "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["field"] == "target"


def test_a_report_that_cannot_be_written(classic: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["audit", classic, "--json-body", NO_UID, "--report", str(tmp_path / "no" / "r.md")]) == 2
    assert capsys.readouterr().err.startswith("agora-helpers: --report: cannot be written (No such file")


def test_progress_is_shown_on_a_terminal_only(
    classic: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    main(["audit", classic, "--json-body", NO_UID])
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    main(["audit", classic, "--json-body", NO_UID])
    error = capsys.readouterr().err
    assert error.count("\r\x1b[Krequest ") == 45
    assert error.endswith("\r\x1b[K")


def test_signatures_with_credentials_of_the_environment(
    classic: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AGORA_APP_ID", DEMO.app_id)
    monkeypatch.setenv("AGORA_APP_CERTIFICATE", "0123456789abcdef" * 2)
    main(["audit", classic, "--json-body", NO_UID, "--json"])
    assert "WRONG_SIGNATURE" in {finding["code"] for finding in json.loads(capsys.readouterr().out)["findings"]}
    monkeypatch.setenv("AGORA_SECONDARY_CERTIFICATE", DEMO.app_certificate)
    main(["audit", classic, "--json-body", NO_UID, "--json"])
    assert "WRONG_SIGNATURE" in json.loads(capsys.readouterr().out)["passed"]


def test_the_readmes_excerpt_is_what_the_command_prints(classic: str, capsys: pytest.CaptureFixture[str]) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    excerpt = readme.split("### Audit of a token server\n")[1].split("\n```\n")[2]
    main(["audit", classic, "--json-body", NO_UID])
    parts = excerpt.split("…\n")
    assert len(parts) > 1
    output = capsys.readouterr().out.replace(classic, "http://localhost:3000/rtctoken")
    for part in parts:
        assert part.strip() in output
