"""Each notebook as a learner meets it: opened in JupyterLab, run from top to bottom, looked at."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import look, open_notebook, run_all
from tests.support import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Page, ViewportSize

pytestmark = pytest.mark.browser
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
WINDOW: ViewportSize = {"width": 1280, "height": 900}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_run_all(lab: str, page: Page, path: Path) -> None:
    cells = [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    open_notebook(page, lab, path.name)
    run_all(page)

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
    page.set_viewport_size(WINDOW)
    for place, part in enumerate((shown.first, shown.nth(len(cells) // 2), shown.last)):
        part.scroll_into_view_if_needed()
        look(page, f"{path.stem}-{place}")
