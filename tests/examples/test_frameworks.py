"""The examples for web frameworks: their own tests, in a folder of their own, and what their READMEs say."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from agora_helpers import decode
from agora_helpers.testing import assert_token
from tests.support import DEMO, ROOT

EXAMPLES = ROOT / "examples"
MODULES = EXAMPLES / "express/node_modules"
FRAMEWORKS = ["django", "express", "fastapi", "flask"]
ENVIRONMENT = {**os.environ, "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}


@pytest.fixture(params=FRAMEWORKS)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Copy an example, as a team would, and return the folder."""
    name: str = request.param
    if name == "express" and not (shutil.which("node") and MODULES.is_dir()):
        pytest.skip("needs Node and npm ci in examples/express")
    ignore = shutil.ignore_patterns("node_modules", "__pycache__", "db.sqlite3")
    folder = Path(shutil.copytree(EXAMPLES / name, tmp_path / name, ignore=ignore))
    if name == "express":
        (folder / "node_modules").symlink_to(MODULES)
    return folder


def test_its_own_tests_pass(folder: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-W", "error", "-p", "no:cacheprovider"]
    result = subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert not re.search(r"skipped|xfailed", result.stdout.splitlines()[-1])


@pytest.mark.skipif(not shutil.which("bash") or not shutil.which("curl"), reason="bash and curl")
def test_its_readme_says_what_happens(folder: Path) -> None:
    """Runs the commands that start the server and those that request a token. Those that install are skipped."""
    readme = (folder / "README.md").read_text(encoding="utf-8")
    _, run, request = re.findall(r"^```sh\n(.+?)^```", readme, re.M | re.S)
    (shape,) = re.findall(r"^```json\n(.+?)^```", readme, re.M | re.S)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    wait = "for _ in {1..150}; do curl -s -o /dev/null http://127.0.0.1:8000/ && break; sleep 0.1; done"
    script = f"set -e\n{{\n{run.strip()} &\n}} >&2\n{wait}\n{request}".replace("8000", port)
    variables = {**ENVIRONMENT, "AGORA_APP_ID": DEMO.app_id, "AGORA_APP_CERTIFICATE": DEMO.app_certificate}
    with subprocess.Popen(
        ["bash", "-c", script], cwd=folder, env=variables, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            process.wait(timeout=30)
        finally:
            os.killpg(process.pid, signal.SIGKILL)  # the server is in the same group
        assert process.stdout
        reply, expected = json.loads(process.stdout.read()), json.loads(shape)
    assert list(reply) == list(expected)
    abbreviated = {"appId": DEMO.app_id, "token": reply["token"]}
    assert all(reply[name].startswith(expected[name].removesuffix("…")) for name in abbreviated)
    assert reply == expected | abbreviated
    assert_token(
        reply["token"],
        channel=reply["channel"],
        uid=reply["uid"],
        role=reply["role"],
        expires_in=reply["expiresIn"],
        credentials=DEMO,
    )


@pytest.mark.skipif(not shutil.which("node") or not MODULES.is_dir(), reason="Node and npm ci in examples/express")
def test_what_agoras_npm_package_does_not_check() -> None:
    """As the README of the example for Express says."""
    program = """
      const { RtcRole, RtcTokenBuilder } = require("agora-token");
      const [appId, certificate] = process.argv.slice(1);
      const build = (channel, uid, role, ...seconds) =>
        RtcTokenBuilder.buildTokenWithUid(appId, certificate, channel, uid, role, ...seconds);
      console.log(JSON.stringify([
        build("café", 7, RtcRole.PUBLISHER, 600, 600),
        build("lobby", undefined, RtcRole.PUBLISHER, 600, 600),
        build("lobby", 0, RtcRole.PUBLISHER, 600, 600),
        build("lobby", 7, "publisher", 600, 600),
        build("lobby", 7, RtcRole.PUBLISHER, 1700000000, 600),
        build("lobby", 7, RtcRole.PUBLISHER, 600),
        RtcTokenBuilder.buildTokenWithUid(appId, certificate.slice(1), "lobby", 7, RtcRole.PUBLISHER, 600, 600),
        RtcTokenBuilder.buildTokenWithUid(appId, undefined, "lobby", 7, RtcRole.PUBLISHER, 600, 600),
      ]));
    """
    command = ["node", "-e", program, DEMO.app_id, DEMO.app_certificate]
    result = subprocess.run(command, cwd=MODULES.parent, capture_output=True, check=True)
    *tokens, cut_short, missing = json.loads(result.stdout)
    assert cut_short == missing == ""
    services: list[Any] = [decode(token).services[0] for token in tokens]
    channel, undefined, anyone, role, _, privileges = services
    assert channel.channel == "café"
    assert (undefined.uid, anyone.uid) == ("undefined", "")
    assert role.privileges == {1: 600}
    assert decode(tokens[4]).expire == 1_700_000_000
    assert privileges.privileges == dict.fromkeys((1, 2, 3, 4), 0)
