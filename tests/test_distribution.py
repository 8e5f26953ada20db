"""The wheel that a release consists of: installed with each extra into an environment that has nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import tomllib
import urllib.request
import venv
import zipfile
from pathlib import Path

import pytest

from tests.support import ROOT

pytestmark = pytest.mark.dist
DIST = ROOT / "build/dist"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
FOR_PEOPLE_WHO_WORK_ON_IT = {"test", "browser", "site", "dist", "dev"}
ONE_PANEL = """
from agora_helpers import Credentials, build_rtc_token
from agora_helpers.panels import TokenInspector
panel = TokenInspector(build_rtc_token(Credentials.demo(), "lobby", uid=7))
print("lobby" in panel._repr_mimebundle_()["text/html"], len(panel.children) > 1)
"""
A_TEST = """
from agora_helpers import build_rtc_token
from agora_helpers.testing import assert_token

def test_a_client_joins(agora_project, agora_credentials, practice_agora):
    token = build_rtc_token(agora_credentials, "lobby", uid=7, now=practice_agora.clock.now())
    assert agora_project.join("lobby", uid=7, token=token, now=practice_agora.clock.now()).admitted
"""
PRACTICE = """
from agora_helpers import Credentials
from agora_helpers.practice_server import PracticeServer
with PracticeServer(Credentials.demo()) as server:
    print(server.client.get("/stage").status_code)
"""
RATE_LIMIT = """
from agora_helpers import Credentials
from agora_helpers.server import ANYONE, Settings, create_app
settings = {"rate_limit": "60/minute", "rate_limit_store": "redis://127.0.0.1:9/0"}
create_app(Settings(credentials=Credentials.demo(), access=ANYONE, **settings))
"""


@pytest.fixture(scope="module")
def wheel() -> Path:
    """What ``make dist`` built."""
    wheels = [*DIST.glob(f"agora_helpers-{PROJECT['version']}-*.whl")]
    if not wheels:
        pytest.skip("the wheel is not built: make dist")
    return wheels[0]


class Environment:
    """A virtual environment with the wheel and one extra, and nothing else."""

    def __init__(self, folder: Path, wheel: Path, extra: str) -> None:
        self.folder = folder
        venv.create(folder / "venv")
        self.scripts = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(self.scripts / "python")]
        what = f"agora-helpers[{extra}] @ {wheel.as_uri()}" if extra else str(wheel)
        constraints = ["--constraint", str(ROOT / "constraints.txt")]
        subprocess.run([*pip, "install", "--quiet", *constraints, what], check=True)

    def command(self, *words: str) -> list[str]:
        return [str(self.scripts / words[0]), *words[1:]]

    def env(self, **more: str) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith(("AGORA_", "PYTHON"))}
        return own | more

    def run(self, *words: str, **env: str) -> str:
        result = subprocess.run(
            self.command(*words), cwd=self.folder, env=self.env(**env), capture_output=True, text=True, timeout=120
        )
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout


@pytest.fixture
def environment(request: pytest.FixtureRequest, wheel: Path, tmp_path: Path) -> Environment:
    return Environment(tmp_path, wheel, request.param)


def with_extra(extra: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("environment", [extra], indirect=True, ids=[extra or "none"])


@with_extra("")
def test_the_command_line(environment: Environment) -> None:
    token = environment.run("agora-helpers", "build", "rtc", "lobby", "--uid", "7", "--demo").strip()
    assert "lobby" in environment.run("agora-helpers", "decode", token)
    assert environment.run("agora-helpers", "--version").strip() == f"agora-helpers {PROJECT['version']}"
    assert "dynamic use static key" not in environment.run("agora-helpers", "--help")
    serve = subprocess.run(
        environment.command("agora-helpers", "serve", "--demo"), env=environment.env(), capture_output=True, text=True
    )
    assert serve.returncode == 2 and "[server]" in serve.stderr and "Traceback" not in serve.stderr


@with_extra("server")
def test_the_token_server(environment: Environment) -> None:
    words = environment.command("agora-helpers", "serve", "--demo", "--port", "0", "--json")
    with subprocess.Popen(
        words, cwd=environment.folder, env=environment.env(), stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout
            url = json.loads(server.stdout.readline())["url"]
            body = json.dumps({"channel": "lobby", "isPublisher": True}).encode()
            request = urllib.request.Request(f"{url}/rtctoken", body, {"Content-Type": "application/json"})
            with urllib.request.urlopen(request, timeout=20) as response:
                assert {"uid", "token"} <= json.load(response).keys()
        finally:
            server.terminate()


@with_extra("server,redis")
def test_a_shared_rate_limit(environment: Environment) -> None:
    (environment.folder / "limit.py").write_text(RATE_LIMIT, encoding="utf-8")
    environment.run("python", "limit.py")
    assert environment.run("python", "-c", "import limits, redis") == ""


@with_extra("practice")
def test_the_practice_server(environment: Environment) -> None:
    (environment.folder / "practice.py").write_text(PRACTICE, encoding="utf-8")
    assert environment.run("python", "practice.py") == "200\n"


@with_extra("testing")
def test_the_plugin_of_the_test_kit(environment: Environment) -> None:
    (environment.folder / "test_join.py").write_text(A_TEST, encoding="utf-8")
    assert "1 passed" in environment.run("python", "-m", "pytest", "-q", "-W", "error")


@with_extra("lab")
def test_a_panel(environment: Environment) -> None:
    (environment.folder / "panel.py").write_text(ONE_PANEL, encoding="utf-8")
    assert environment.run("python", "panel.py") == "True True\n"
    environment.run("python", "-m", "jupyterlab", "--version")


def test_every_extra_for_users_is_tried() -> None:
    tried = {"server", "redis", "practice", "testing", "lab"}
    assert {*PROJECT["optional-dependencies"]} - FOR_PEOPLE_WHO_WORK_ON_IT == tried


def test_the_files_of_a_release_hold_the_package_and_what_it_needs(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    in_wheel = {name.partition("/")[2] for name in names if name.startswith("agora_helpers/")}
    package = ROOT / "agora_helpers"
    files = {path.relative_to(package).as_posix() for path in package.rglob("*") if path.is_file()}
    assert in_wheel == {name for name in files if "__pycache__" not in name}
    (source,) = DIST.glob(f"agora_helpers-{PROJECT['version']}.tar.gz")
    with tarfile.open(source) as archive:
        parts = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "README.md", "CHANGELOG.md", "notebooks/00_start_here.ipynb", "tests/support.py"} <= parts
    assert not any("node_modules" in name or name.startswith((".venv", "build/", "my-lessons")) for name in parts)
