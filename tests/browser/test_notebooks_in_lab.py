"""Each notebook as a learner meets it: opened in JupyterLab, run from top to bottom, looked at."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Page, ViewportSize

pytestmark = pytest.mark.browser
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
ALL_RUN = r"""cells => [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')]
  .filter(prompt => /\[\d+\]/.test(prompt.textContent)).length === cells"""
WHOLE_NOTEBOOK: ViewportSize = {"width": 1280, "height": 16_000}  # JupyterLab renders only the cells that fit
WINDOW: ViewportSize = {"width": 1280, "height": 900}
SCREENSHOTS = os.environ.get("SCREENSHOTS")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_run_all(lab: str, page: Page, path: Path) -> None:
    cells = [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    page.set_viewport_size(WHOLE_NOTEBOOK)
    page.goto(f"{lab}/lab/tree/notebooks/{path.name}")
    page.locator(".jp-Notebook").wait_for(timeout=60_000)
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=60_000)

    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Restart Kernel and Run All Cells…").click()
    page.get_by_role("button", name="Confirm Kernel Restart").click(timeout=60_000)
    page.wait_for_function(ALL_RUN, arg=len(cells), timeout=60_000)

    shown = page.locator(".jp-CodeCell")
    for place, cell in enumerate(cells):
        errors = shown.nth(place).locator("[data-mime-type='application/vnd.jupyter.stderr']").count()
        assert errors == ("raises-exception" in cell["metadata"].get("tags", [])), "".join(cell["source"])
        for output in cell["outputs"]:
            if output["output_type"] == "stream":
                text = shown.nth(place).locator(".jp-OutputArea-output").first.inner_text()
                assert text.strip() == "".join(output["text"]).strip()
    fresh = shown.nth(len(cells) - 1).locator(".jp-OutputArea-output").first.inner_text()
    assert path.stem != "00_start_here" or fresh.startswith("007")
    assert not page.locator(".jp-toast-button, .Toastify__toast--error").count(), "no pop-up asks for anything"
    if SCREENSHOTS:
        page.set_viewport_size(WINDOW)
        for place, part in enumerate((shown.first, shown.nth(len(cells) // 2), shown.last)):
            part.scroll_into_view_if_needed()
            page.wait_for_timeout(1000)
            page.screenshot(path=f"{SCREENSHOTS}/{path.stem}-{place}.png")
