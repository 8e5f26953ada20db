"""Every panel in every form: light, dark, narrow, wide, in high contrast. ``make screenshots`` keeps pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest

from tests.browser.conftest import code_cells, expect, look, run_notebook
from tests.browser.test_panels_in_lab import REACHABLE, accessible

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser
_TOKENS = ("inspector", "inspector-006", "inspector-edited", "verifier", "verifier-wrong", "verifier-no-token")
NAMES = (*_TOKENS, "builder", "explorer", "server")
"""The panels of gallery.ipynb, in its order."""


def gallery(lab: str, page: Page) -> list[Locator]:
    run_notebook(page, lab, "gallery.ipynb")
    panels = page.locator(".widget-vbox.agora")
    expect(panels).to_have_count(len(NAMES))
    page.keyboard.press("ControlOrMeta+b")  # hides the list of files
    locators: list[Locator] = panels.all()
    return locators


def test_the_gallery_has_a_name_for_each_of_its_panels() -> None:
    assert len(code_cells("gallery.ipynb")) == 1 + len(NAMES)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_form(lab: str, page: Page, scheme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=scheme)
    panels = gallery(lab, page)
    for width, form in ((1600, "wide"), (1280, scheme), (600, "narrow")):
        page.set_viewport_size({"width": width, "height": 24_000})
        for name, panel in zip(NAMES, panels, strict=True):
            page.wait_for_function(REACHABLE, arg=panel.element_handle())
            if form == scheme:
                assert "color-contrast" in accessible(panel)
            look(panel, f"{name}-{scheme}-{form}" if form != scheme else f"{name}-{scheme}")


def test_high_contrast(lab: str, page: Page) -> None:
    page.emulate_media(forced_colors="active", contrast="more")
    for name, panel in zip(NAMES, gallery(lab, page), strict=True):
        look(panel, f"{name}-contrast")
