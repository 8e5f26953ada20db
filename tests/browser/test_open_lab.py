"""``make lab`` as a reader meets it: a working copy without outputs, and a terminal that knows ``agora-helpers``."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import wait_for
from tests.support import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.fixture
def course(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A copy of the course, and the address of its JupyterLab, started without a terminal, as an editor does."""
    folder = tmp_path / "the course"
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    (folder / "tools").mkdir()
    shutil.copy(ROOT / "tools/open_lab.py", folder / "tools")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--no-browser", f"--port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token="]
    options += ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    env = os.environ | {"JUPYTER_CONFIG_DIR": str(tmp_path / "config"), "PATH": os.defpath, "SHELL": "/bin/bash"}
    with (tmp_path / "lab.log").open("wb") as log:
        command = [sys.executable, "tools/open_lab.py", *options]
        lab = subprocess.Popen(command, cwd=folder, env=env, stdout=log, stderr=log, start_new_session=True)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(address, lab, tmp_path / "lab.log")
        yield folder, address
    finally:
        os.killpg(lab.pid, signal.SIGTERM)
        lab.wait(20)


@pytest.mark.skipif(sys.platform == "win32", reason="process groups")
def test_the_lessons_hide_their_answers_and_the_terminal_knows_the_command(
    course: tuple[Path, str], page: Page
) -> None:
    folder, address = course
    page.goto(f"{address}/lab/tree/my-lessons/00_start_here.ipynb?reset")
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=60_000)
    assert page.locator(".jp-Notebook .jp-OutputArea-output").count() == 0

    page.get_by_role("menuitem", name="File", exact=True).click()
    page.locator(".lm-Menu-item", has_text=re.compile("^New$")).hover()
    page.locator(".lm-Menu-item", has_text=re.compile("^Terminal$")).click()
    page.locator(".jp-Terminal .xterm-screen").wait_for()
    page.locator(".jp-Terminal textarea").focus()
    page.keyboard.type("agora-helpers explain-error 'dynamic use static key' > explained.txt; touch done.txt\n")
    for _ in range(120):
        if done := [*folder.rglob("done.txt")]:
            break
        page.wait_for_timeout(250)
    assert "requires a token" in (done[0].parent / "explained.txt").read_text(encoding="utf-8")
