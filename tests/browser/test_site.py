"""The course in a browser tab: every lesson runs and prints what the committed one does. And the inspector's page."""

from __future__ import annotations

import contextlib
import functools
import http.server
import json
import re
import runpy
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from agora_helpers.exercises import EXERCISES
from tests.browser.conftest import ALL_RUN, WHOLE_NOTEBOOK, code_cells, expect, look
from tests.browser.test_pages import accessible
from tests.support import ROOT, rtc

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.site]
SITE = ROOT / "build/site"
LESSONS = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
LESSON_TIMEOUT = 180_000  # ms; a lesson takes 5 to 20 s
OUTPUTS = r"""() => [...document.querySelectorAll('.jp-Notebook .jp-CodeCell')].map(cell =>
  [...cell.querySelectorAll('.jp-RenderedText pre')].map(part => part.textContent).join(''))"""
SHOWN = f"""expected => {{
  const shown = ({OUTPUTS})();
  return shown.length === expected.length && expected.every((text, n) => text === null || text === shown[n]);
}}"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its address: in another folder than it was built in, and not the first of its host."""
    if not (SITE / "index.html").is_file():
        pytest.skip("the site is not built: make site")
    host = tmp_path_factory.mktemp("host")
    (host / "pages").mkdir()
    (host / "pages/course").symlink_to(SITE)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(host))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/pages/course"
        server.shutdown()


@pytest.fixture
def visitor(browser: Browser, site: str) -> Iterator[Page]:
    """A fresh browser; whatever it asks of another host fails the test (and would find no such host)."""
    context = browser.new_context(viewport=WHOLE_NOTEBOOK)
    outside: list[str] = []
    context.on("request", lambda request: outside.append(request.url) if is_outside(request.url, site) else None)
    yield context.new_page()
    context.close()
    assert not outside


def is_outside(url: str, site: str) -> bool:
    """Another host than the site's own, or another port of it."""
    return url.startswith(("http", "ws")) and urlsplit(url).netloc != urlsplit(site).netloc


def open_lesson(page: Page, site: str, name: str) -> None:
    page.goto(f"{site}/lab/index.html?path=notebooks/{name}")
    page.get_by_text("Python (Pyodide) | Idle").wait_for(timeout=LESSON_TIMEOUT)


def menu(page: Page, name: str, item: str) -> None:
    page.get_by_role("menuitem", name=name, exact=True).click()
    page.get_by_role("menuitem", name=item, exact=True).click()


def stored(name: str) -> list[str | None]:
    """What the code cells of a committed lesson print; None for those that print something else each time."""
    return [printed(cell) for cell in code_cells(name)]


def printed(cell: dict[str, Any]) -> str | None:
    if "nbval-ignore-output" in cell["metadata"].get("tags", []):
        return None
    texts = []
    for output in cell["outputs"]:
        data = output.get("data", {})
        if output["output_type"] == "stream":
            texts.append("".join(output["text"]))
        elif "text/html" not in data and "image/svg+xml" not in data:  # those are pictures and panels
            texts.append("".join(data["text/plain"]))
    return "".join(texts)


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_in_a_browser_tab(visitor: Page, site: str, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    began = time.monotonic()
    open_lesson(visitor, site, name)
    opened = time.monotonic()
    menu(visitor, "Edit", "Clear Outputs of All Cells")
    menu(visitor, "Run", "Run All Cells")
    visitor.wait_for_function(ALL_RUN, arg=len(code_cells(name)), timeout=LESSON_TIMEOUT)
    here = ": running in this browser tab, without a socket>"
    expected = [text and text.replace(": running>", here) for text in stored(name)]
    timeout_error = pytest.importorskip("playwright.sync_api").TimeoutError
    with contextlib.suppress(timeout_error):  # outputs are drawn after their cells have run; which one differs: below
        visitor.wait_for_function(SHOWN, arg=expected)
    with capsys.disabled():
        print(f"\n{name}: opened in {opened - began:.0f} s, ran in {time.monotonic() - opened:.0f} s")  # noqa: T201
    assert visitor.locator('.jp-OutputArea-output[data-mime-type$="error"], [data-mime-type$="stderr"]').count() == 0
    outputs = zip(expected, visitor.evaluate(OUTPUTS), strict=True)
    assert [None if original is None else text for original, text in outputs] == expected


def test_a_panel_in_a_browser_tab(visitor: Page, site: str) -> None:
    open_lesson(visitor, site, "03_rtc_tokens.ipynb")
    menu(visitor, "Run", "Run All Cells")
    panel = visitor.locator(".widget-vbox").first
    panel.get_by_label("Channel").fill("stage", timeout=LESSON_TIMEOUT)
    panel.get_by_text('build_rtc_token(credentials, "stage"').first.wait_for()
    look(visitor, "site-panel")


def test_progress_outlives_the_tab(visitor: Page, site: str) -> None:
    open_lesson(visitor, site, "00_start_here.ipynb")
    run_in_the_first_cell(visitor, "from agora_helpers import exercises; exercises.check('00.1', {'time', 'match'})")
    visitor.get_by_text("00.1 Right.").wait_for(timeout=LESSON_TIMEOUT)
    run_in_the_first_cell(visitor, "exercises.progress(remember=True)")
    visitor.get_by_text("Kept in the file my-progress.txt").wait_for()
    tab = visitor.context.new_page()
    visitor.close()
    tab.set_viewport_size(WHOLE_NOTEBOOK)
    open_lesson(tab, site, "01_project_and_credentials.ipynb")
    run_in_the_first_cell(tab, "from agora_helpers import exercises; exercises.progress()")
    tab.get_by_text(f"1 of {len(EXERCISES)} exercises solved").wait_for(timeout=LESSON_TIMEOUT)
    look(tab.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell").first, "site-progress")


def run_in_the_first_cell(page: Page, source: str) -> None:
    page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell .cm-content").first.click()  # tabs come back
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(source)
    page.keyboard.press("ControlOrMeta+Enter")


def test_the_landing_page_leads_to_the_map_of_the_course(visitor: Page, site: str) -> None:
    html = (SITE / "index.html").read_text(encoding="utf-8")
    assert "Python is loading" in html
    visitor.goto(f"{site}/")
    visitor.get_by_role("heading", name="Start here: your first Agora token").wait_for(timeout=LESSON_TIMEOUT)
    visitor.get_by_text("Python (Pyodide) | Idle").wait_for(timeout=LESSON_TIMEOUT)
    folder = visitor.locator(".jp-DirListing-item")
    names = [re.sub(r"\s+", " ", text) for text in folder.locator(".jp-DirListing-itemText").all_inner_texts()]
    assert sorted(name for name in names if name != "images") == LESSONS
    look(visitor, "site-landing")


def open_inspector(page: Page, site: str, text: str) -> None:
    page.goto(f"{site}/inspect.html")
    page.get_by_label("Token, line of a log").fill(text)


def test_inspecting_a_token_in_a_browser_tab(visitor: Page, site: str) -> None:
    visitor.set_viewport_size({"width": 1200, "height": 900})
    complaints: list[str] = []
    visitor.on("pageerror", lambda error: complaints.append(str(error)))
    visitor.on("console", lambda message: complaints.append(message.text))
    open_inspector(visitor, site, f"{rtc()} failed: dynamic use static key")
    visitor.get_by_role("progressbar").wait_for()
    look(visitor, "site-inspect-loading")
    answers = visitor.locator(".agora-answer")
    expect(answers).to_contain_text(["The project requires a token", "The token has expired."])
    assert not visitor.get_by_role("progressbar").is_visible()
    look(visitor, "site-inspect")
    urls: list[str] = []
    visitor.on("request", lambda request: urls.append(request.url))
    visitor.get_by_role("button", name="An SDK's error").click()
    expect(answers).to_contain_text(["The project requires a token"])
    visitor.get_by_role("button", name="Clear").click()
    visitor.get_by_label("Token, line of a log").fill("hello")
    expect(answers).to_contain_text(["There is no token and no known error of Agora in this text."])
    assert not urls, "Python is there, and the text leaves nothing"
    assert not complaints


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_inspector_of_the_site_can_be_read(visitor: Page, site: str, scheme: Any) -> None:
    visitor.emulate_media(color_scheme=scheme)
    visitor.set_viewport_size({"width": 600, "height": 900})
    open_inspector(visitor, site, rtc())
    visitor.get_by_role("progressbar").wait_for()
    accessible(visitor)
    visitor.locator(".agora-linked").wait_for()
    accessible(visitor)
    assert visitor.evaluate("document.documentElement.scrollWidth <= innerWidth")
    look(visitor, f"site-inspect-{scheme}-600")


def test_without_python_the_inspector_says_so(visitor: Page, site: str) -> None:
    visitor.route("**/*.whl", lambda route: route.abort())
    open_inspector(visitor, site, rtc())
    visitor.get_by_text("Python did not load. Check the network, and reload the page.").wait_for()
    assert not visitor.get_by_role("progressbar").is_visible()


@pytest.mark.parametrize(
    "wrong",
    [
        {"pyodideUrl": "https://elsewhere.example/pyodide.mjs"},
        {"disablePyPIFallback": False},
        {"pipliteUrls": ["https://elsewhere.example/all.json"]},
        {"loadPyodideOptions": {"lockFileURL": "//elsewhere.example/lock.json"}},
    ],
)
def test_a_site_that_would_load_from_elsewhere_is_not_built(
    wrong: dict[str, Any], check: Callable[[], None], tmp_path: Path
) -> None:
    config = json.loads((tmp_path / "jupyter-lite.json").read_text(encoding="utf-8"))
    check()
    config["jupyter-config-data"]["litePluginSettings"][KERNEL] |= wrong
    (tmp_path / "jupyter-lite.json").write_text(json.dumps(config), encoding="utf-8")
    with pytest.raises(SystemExit, match="would load from elsewhere"):
        check()


def test_a_page_that_would_load_from_elsewhere_is_not_built(check: Callable[[], None], tmp_path: Path) -> None:
    (tmp_path / "inspect.html").write_text('<script src="//elsewhere.example/a.js"></script>', encoding="utf-8")
    with pytest.raises(SystemExit, match=r"would load from elsewhere: .*inspect\.html"):
        check()


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """The builder's last step, for a copy of the site's configuration in ``tmp_path``."""
    build_site = runpy.run_path(str(ROOT / "tools/build_site.py"))
    (tmp_path / "static").mkdir()
    (tmp_path / "static/pyodide").symlink_to(SITE / "static/pyodide")
    (tmp_path / "jupyter-lite.json").write_bytes((SITE / "jupyter-lite.json").read_bytes())
    check: Callable[[], None] = build_site["check"]
    monkeypatch.setitem(build_site["check"].__globals__, "SITE", tmp_path)
    return check
