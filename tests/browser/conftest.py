"""A real JupyterLab, and a real Chromium to look at it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import ROOT
from tools.open_lab import LESSONS, update_copy

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page, ViewportSize
    from playwright.sync_api._generated import LocatorAssertions


OWN = ROOT / "tests/browser"
"""Notebooks that are no lessons: ``gallery.ipynb`` to look at, ``panels.ipynb`` to use."""


def chromium() -> str | None:
    """The browser to drive; None leaves the choice to Playwright."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a JupyterLab that serves a copy of the notebooks, their stored outputs removed."""
    folder = tmp_path_factory.mktemp("a folder with spaces")
    update_copy(LESSONS, folder / "notebooks")
    for notebook in OWN.glob("*.ipynb"):
        shutil.copy(notebook, folder / "notebooks")
    themes = folder / "config/lab/user-settings/@jupyterlab/apputils-extension/themes.jupyterlab-settings"
    themes.parent.mkdir(parents=True)
    themes.write_text('{"adaptive-theme": true}', encoding="utf-8")  # dark, where the page's color scheme is
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", f"--port={port}", "--ServerApp.port_retries=0"]
    command += ["--ServerApp.root_dir=.", "--IdentityProvider.token=", "--ServerApp.ip=127.0.0.1"]
    command += ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    env = os.environ | {"AGORA_HELPERS_DEMO": "1", "JUPYTER_CONFIG_DIR": str(folder / "config")}
    with (folder / "lab.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=folder, env=env, stdout=log, stderr=log)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(address, server, folder / "lab.log")
        yield address
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Until JupyterLab answers, a minute at most."""
    for _ in range(240):
        try:
            with urllib.request.urlopen(address + "/api", timeout=5):
                return
        except OSError:
            time.sleep(0.25)
        assert server.poll() is None, log.read_text(encoding="utf-8")
    raise AssertionError("JupyterLab did not start: " + log.read_text(encoding="utf-8"))


SDK_TIMEOUT = 60_000  # ms; Agora's SDKs answer in a second or two, and much later on a busy machine
WHOLE_NOTEBOOK: ViewportSize = {"width": 1280, "height": 24_000}  # JupyterLab renders only the cells that fit
ALL_RUN = r"""cells => {
  const prompts = [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].map(prompt => prompt.textContent);
  return prompts.length === cells && prompts.every(prompt => /\[\d+\]/.test(prompt));
}"""


def code_cells(name: str) -> list[dict[str, Any]]:
    """Return the code cells of a committed lesson, or of a notebook of these tests."""
    path = OWN / name if (OWN / name).is_file() else LESSONS / name
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


def run_notebook(page: Page, lab: str, name: str) -> None:
    """Open a lesson alone in a fresh workspace, restart its kernel and run every cell, from the menu.

    A cell has run when its prompt has a number. Its outputs are drawn after that: tests wait for what they look at.
    """
    page.set_viewport_size(WHOLE_NOTEBOOK)
    page.goto(f"{lab}/lab/tree/notebooks/{name}?reset")
    page.locator(".jp-Notebook").wait_for(timeout=60_000)
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=60_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Restart Kernel and Run All Cells…").click()
    page.get_by_role("button", name="Confirm Kernel Restart").click(timeout=60_000)
    page.wait_for_function(ALL_RUN, arg=len(code_cells(name)), timeout=60_000)


def expect(part: Locator) -> LocatorAssertions:
    """Return Playwright's assertions, which wait until they hold; imported late, since it may not be installed."""
    from playwright.sync_api import expect

    return expect(part)


def look(at: Page | Locator, name: str) -> None:
    """A picture of the window or of a part of it, if the environment names a folder for SCREENSHOTS."""
    if folder := os.environ.get("SCREENSHOTS"):
        at.screenshot(path=f"{folder}/{name}.png")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium that reaches nothing but this machine."""
    playwright = pytest.importorskip("playwright.sync_api", reason="the extra 'browser' is not installed")
    arguments = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    arguments += ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]  # a microphone that beeps
    arguments += ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--no-sandbox")
    playwright.expect.set_options(timeout=30_000)
    with playwright.sync_playwright() as driver:
        try:
            started = driver.chromium.launch(executable_path=chromium(), args=arguments)
        except playwright.Error as error:
            pytest.skip(f"no Chromium to drive: {error.message.splitlines()[0]}")
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh tab."""
    context = browser.new_context()
    yield context.new_page()
    context.close()
