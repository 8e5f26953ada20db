"""Every command that a lesson names runs, in the environment that ``make lab`` gives its terminal."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from agora_helpers.cli import parser
from tools.open_lab import LESSONS, update_copy

NOTEBOOKS = sorted(LESSONS.glob("*.ipynb"))
NOT_RUN = {"agora", "docker", "npm", "npx", "pip", "conda", "git"}
"""They need an account, a registry or another program. Such commands stand in blocks marked ``console``."""
SERVERS = {"serve": "3000", "practice": "4500"}
"""Commands that run until they are stopped, and their default ports."""


def prose(path: Path) -> str:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


def blocks(path: Path, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", prose(path), re.M | re.S)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working copy of the lessons: the folder in which a terminal opens."""
    folder = tmp_path_factory.mktemp("course") / "my lessons"
    update_copy(LESSONS, folder)
    return folder


def environment(folder: Path) -> dict[str, str]:
    """Return what a reader has who set nothing."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("AGORA_")}
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    return own | {"PATH": path, "HOME": str(folder.parent)}


@contextmanager
def running(command: str, port: str, folder: Path) -> Iterator[None]:
    """Run a server while the commands after it are tried."""
    words = [*shlex.split(command), "--port", port]
    with (folder.parent / "server.log").open("w+", encoding="utf-8") as log:
        server = subprocess.Popen(words, cwd=folder, env=environment(folder), stdout=log, stderr=log)
        try:
            for _ in range(200):
                with socket.socket() as client:
                    if client.connect_ex(("127.0.0.1", int(port))) == 0:
                        break
                assert server.poll() is None, f"{command}\n{Path(log.name).read_text(encoding='utf-8')}"
                time.sleep(0.1)
            yield
        finally:
            server.terminate()
            server.wait(20)


def free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return str(free.getsockname()[1])


@pytest.mark.skipif(not shutil.which("bash") or not shutil.which("curl"), reason="bash and curl")
@pytest.mark.parametrize("path", [path for path in NOTEBOOKS if blocks(path, "sh")], ids=lambda path: path.stem)
def test_every_command_runs(path: Path, folder: Path) -> None:
    usual = here = "no server yet"
    with ExitStack() as servers:
        for block in blocks(path, "sh"):
            words = shlex.split(block, comments=True)
            if words[0] == "agora-helpers" and words[1] in SERVERS:
                assert len(block.strip().splitlines()) == 1, f"a server stands alone in its block: {block}"
                servers.close()  # the next one takes the place of the one before, as in one terminal
                usual, here = SERVERS[words[1]], free_port()
                servers.enter_context(running(block, here, folder))
                continue
            block = block.replace(f":{usual}", f":{here}")
            result = subprocess.run(
                ["bash", "-ec", block], cwd=folder, env=environment(folder), capture_output=True, text=True, timeout=60
            )
            assert result.returncode == 0, f"{block}\n{result.stdout}{result.stderr}"
            assert '"error"' not in result.stdout, f"{block}\n{result.stdout}"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_what_is_not_run_needs_something_from_elsewhere(path: Path) -> None:
    commands = [line for block in blocks(path, "console") for line in block.splitlines() if line.strip()]
    assert [line for line in commands if line.lstrip("$# ").split()[0] not in NOT_RUN and line[0] != " "] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_commands_in_a_sentence_have_the_right_options(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sentences = re.sub(r"^```.*?^```", "", prose(path), flags=re.M | re.S)
    for command in re.findall(r"`agora-helpers ([^`]+)`", sentences):
        words = shlex.split(command)
        if words[0].startswith("-") or len(words) == 1:
            words.append("--help")
        try:
            parser().parse_args(words)
        except SystemExit as end:
            assert end.code == 0, f"agora-helpers {command}\n{capsys.readouterr().err}"
