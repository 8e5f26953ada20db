"""``examples/web_app`` in an empty folder, with the package from a wheel: its test passes, and names each fault.

Chromium and the SDK are those of this repository's tests. Nothing needs a network, once the wheel is built.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.browser.conftest import chromium
from tests.support import ROOT

pytestmark = pytest.mark.browser
APP = ROOT / "examples/web_app"
SDKS = ROOT / "tests/browser/sdk/node_modules"


class Fault(NamedTuple):
    """A mistake in a copy of the app, and what the failed test says about it."""

    file: str
    line: str
    replacement: str
    messages: tuple[str, ...]


FAULTS = {
    "renewal removed": Fault(
        "app.js",
        'client.on("token-privilege-will-expire", () => run(renew));\n',
        "",
        (
            "  token will expire: token-privilege-will-expire",
            "  The client was warned, and did not renew its token. Fetch a new one and pass it to renewToken() when "
            "the SDK says that the token will expire.",
        ),
    ),
    "wrong uid passed to join": Fault(
        "app.js",
        "await client.join(appId, channel, token, uid);",
        "await client.join(appId, channel, token, uid + 1);",
        (
            "RTC Web, 'lobby', uid 8, with a token: rejected: invalid token, authorized failed (2010009)",
            "  The token is for another user: Expected '8', but the token has '7'.",
            "  Let the server choose the uid, and join with the uid that the server returned.",
        ),
    ),
    "server signs with another certificate": Fault(
        "server.py",
        "return build_rtc_token(credentials,",
        "return build_rtc_token(Credentials(credentials.app_id, 32 * 'f'),",
        ("signature: Signed with another App Certificate, or changed after it was signed.",),
    ),
    "lifetime given as a point in time": Fault(
        "server.py",
        "expires_in=3600",
        "expires_in=now + 3600",
        (
            "The token server failed: expires_in: is more than 86400 seconds (24 hours). This looks like a "
            "point in time",
        ),
    ),
}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package, built as a wheel and installed into a folder. Its dependencies are those of this environment."""
    folder = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--quiet", "--no-deps", "--wheel-dir", folder / "wheels", ROOT], check=True)
    (wheel,) = folder.glob("wheels/*.whl")
    packages = folder / "packages"
    subprocess.run([*pip, "install", "--quiet", "--no-deps", "--no-index", "--target", packages, wheel], check=True)
    return packages


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """A copy of the example in an empty folder, with the SDK from npm."""
    if not SDKS.exists():
        pytest.skip("run: cd tests/browser/sdk && npm ci")
    folder = tmp_path / "app"
    shutil.copytree(APP, folder, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
    (folder / "node_modules").symlink_to(SDKS)
    return folder


def run(app: Path, installed: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    pytest.importorskip("playwright.sync_api", reason="the extra 'browser' is not installed")
    environment = os.environ | {"PYTHONPATH": str(installed)} | ({"CHROMIUM": path} if (path := chromium()) else {})
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-W", "error", *arguments]
    return subprocess.run(command, cwd=app, env=environment, capture_output=True, text=True, check=False, timeout=120)


def test_the_example_passes_with_the_package_from_the_wheel(app: Path, installed: Path) -> None:
    test = f"import agora_helpers\n\n\ndef test_it():\n    assert {str(installed)!r} in agora_helpers.__file__\n"
    (app / "test_wheel.py").write_text(test, encoding="utf-8")
    result = run(app, installed)
    assert result.returncode == 0, result.stdout
    assert "4 passed" in result.stdout


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_fails_with_a_message_that_helps(app: Path, installed: Path, name: str) -> None:
    fault = FAULTS[name]
    source = (app / fault.file).read_text(encoding="utf-8")
    assert source.count(fault.line) == 1
    (app / fault.file).write_text(source.replace(fault.line, fault.replacement), encoding="utf-8")
    result = run(app, installed, "--exitfirst")
    assert result.returncode == 1, result.stdout
    for message in fault.messages:
        assert message in result.stdout
