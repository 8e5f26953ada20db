"""Each notebook as a learner meets it: opened in JupyterLab, run from top to bottom, looked at."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import code_cells, expect, look, run_notebook
from tests.support import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Page, ViewportSize

pytestmark = pytest.mark.browser
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
WINDOW: ViewportSize = {"width": 1280, "height": 900}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_run_all(lab: str, page: Page, path: Path) -> None:
    cells = code_cells(path.name)
    run_notebook(page, lab, path.name)

    shown = page.locator(".jp-CodeCell")
    for place, cell in enumerate(cells):
        for output in cell["outputs"]:
            if output["output_type"] == "stream":
                text, drawn = "".join(output["text"]).strip(), shown.nth(place).locator(".jp-OutputArea-output").first
                expect(drawn).to_have_text(text)  # whatever the white space is, so far
                assert drawn.inner_text().strip() == text
        errors = shown.nth(place).locator("[data-mime-type='application/vnd.jupyter.stderr']").count()
        assert errors == ("raises-exception" in cell["metadata"].get("tags", [])), "".join(cell["source"])
    if path.stem == "00_start_here":
        expect(shown.locator(".jp-OutputArea-output", has_text=re.compile("^007")).first).to_be_visible()
    assert not page.locator(".jp-toast-button, .Toastify__toast--error").count(), "no pop-up asks for anything"
    page.set_viewport_size(WINDOW)
    for place, part in enumerate((shown.first, shown.nth(len(cells) // 2), shown.last)):
        part.scroll_into_view_if_needed()
        look(page, f"{path.stem}-{place}")
