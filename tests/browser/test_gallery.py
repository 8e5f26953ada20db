"""Every panel in every form: light, dark, narrow, wide, in high contrast. ``make screenshots`` keeps pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest

from tests.browser.conftest import WHOLE_NOTEBOOK, code_cells, expect, look, run_notebook
from tests.browser.test_panels_in_lab import accessible

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser
_TOKENS = ("inspector", "inspector-006", "inspector-edited", "verifier", "verifier-wrong", "verifier-no-token")
NAMES = (*_TOKENS, "builder", "explorer", "server", "timeline")
"""The panels of gallery.ipynb, in its order."""

REACHABLE = """panel => panel.clientWidth < innerWidth
  && (panel.scrollWidth <= panel.clientWidth || getComputedStyle(panel).overflowX === 'auto')"""


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
    expect(page.locator("body")).to_have_attribute("data-jp-theme-light", str(scheme == "light").lower())
    for width, form in ((1600, "wide"), (1280, scheme), (600, "narrow")):
        page.set_viewport_size({"width": width, "height": 24_000})
        for name, panel in zip(NAMES, panels, strict=True):
            page.wait_for_function(REACHABLE, arg=panel.element_handle())
            if form != "wide":
                assert "color-contrast" in accessible(panel)
            look(panel, f"{name}-{scheme}-{form}" if form != scheme else f"{name}-{scheme}")


LIT = """(panel, link) => [...panel.querySelectorAll('.' + link)].map(element => {
  const style = getComputedStyle(element);
  return element.tagName === 'TR' ? style.boxShadow !== 'none' && !style.boxShadow.startsWith('rgba(0, 0, 0, 0)')
    : element.closest('.agora-caption') ? style.display !== 'none'
    : style.backgroundColor !== 'rgba(0, 0, 0, 0)';
})"""


def lit(panel: Locator, link: str) -> list[bool]:
    """Return for each element of a link whether it is lit up."""
    elements: list[bool] = panel.evaluate(LIT, link)
    return elements


def test_pointing_at_one_part_lights_up_its_counterparts(lab: str, page: Page) -> None:
    panel = gallery(lab, page)[1]  # 006: characters, bytes (in numbers and as text), row and caption
    for place in (".agora-token", ".agora-dump", ".agora-rows"):
        panel.page.mouse.move(0, 0)
        assert not any(lit(panel, "agora-f4"))
        panel.locator(f"{place} .agora-f4").first.hover()
        assert len(lit(panel, "agora-f4")) >= 5
        assert all(lit(panel, "agora-f4"))
        assert not any(lit(panel, "agora-f7"))
    look(panel, "inspector-006-row")


def test_the_tab_key_lights_up_a_row_after_the_other(lab: str, page: Page) -> None:
    panel = gallery(lab, page)[1]
    panel.get_by_label("Token").focus()
    for link in ("agora-p1", "agora-f4", "agora-f3"):  # App ID, crc_uid, crc_channel_name
        page.keyboard.press("Tab")
        assert all(lit(panel, link))
    page.keyboard.press("Tab")
    assert not any(lit(panel, "agora-f3"))


def test_sign_again(lab: str, page: Page) -> None:
    panel = gallery(lab, page)[0]
    panel.get_by_label("Change").select_option("uid")
    expect(panel.get_by_label("New value")).to_have_value("7")
    panel.get_by_label("New value").fill("8")
    panel.get_by_role("button", name="Sign again").click()
    panel.get_by_text("✓ The signature is valid").wait_for()
    panel.get_by_role("row", name="uid 8 ✎ changed, was 7").wait_for()
    look(panel, "inspector-signed-again")
    panel.get_by_role("button", name="Undo the edit").click()
    panel.get_by_role("row", name="uid 7").wait_for()


def test_sign_again_with_the_keyboard_alone(lab: str, page: Page) -> None:
    panel = gallery(lab, page)[0]
    panel.get_by_label("New value").focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("stage")
    page.keyboard.press("Tab")
    expect(panel.get_by_role("button", name="Sign again")).to_be_focused()
    page.keyboard.press("Enter")
    panel.get_by_text("✓ The signature is valid").wait_for()
    panel.get_by_role("row", name="channel channel_name stage ✎ changed, was lobby").wait_for()
    expect(panel.get_by_role("button", name="Sign again")).to_be_focused()


def test_the_redacted_report(lab: str, page: Page) -> None:
    panel = gallery(lab, page)[4]
    panel.get_by_role("button", name="Redacted report").click()
    report = panel.get_by_text("Agora token report")
    report.wait_for()
    expect(report).not_to_contain_text("Lobby")
    panel.get_by_label("with the names").check()
    expect(report).to_contain_text("expected Lobby")
    look(panel, "verifier-report")


def test_high_contrast(lab: str, page: Page) -> None:
    page.emulate_media(forced_colors="active", contrast="more")
    for name, panel in zip(NAMES, gallery(lab, page), strict=True):
        accessible(panel)
        look(panel, f"{name}-contrast")


def visible_height(page: Page) -> float:
    """Return how much of a notebook a screen of 1280 by 720 pixels shows."""
    page.set_viewport_size({"width": 1280, "height": 720})
    height: float = page.locator(".jp-Notebook:visible").first.evaluate(
        "notebook => notebook.closest('.jp-NotebookPanel').querySelector('.jp-WindowedPanel-outer').clientHeight"
    )
    return height


def height_of(part: Locator) -> float:
    height: float = part.evaluate("part => part.getBoundingClientRect().height")
    return height


def test_the_explorer_fits_on_one_screen(lab: str, page: Page) -> None:
    panel = gallery(lab, page)[NAMES.index("explorer")]
    screen = visible_height(page)
    panel.scroll_into_view_if_needed()
    for client, short in (
        ("no token", "no token"),
        ("a token for another channel", "another channel"),
        ("an expired token for another channel", "expired, another channel"),
    ):
        panel.get_by_label("sends").select_option(client)
        expect(panel.locator("tbody th[aria-current]")).to_contain_text(f"▸ {short}")
        assert height_of(panel) <= screen, client
    panel.get_by_label("The client").select_option("RTM: log in to messaging")
    panel.get_by_text("Who gets in (RTM 2.x)").wait_for()
    assert height_of(panel) <= screen
    answer = panel.locator(".agora-answer").locator("..")
    assert answer.evaluate("answer => answer.scrollWidth <= answer.parentElement.clientWidth"), "nothing is cut off"
    panel.evaluate("panel => panel.scrollIntoView()")
    look(page, "explorer-screen")


def test_pointing_at_a_cell_shows_its_note(lab: str, page: Page) -> None:
    panel = gallery(lab, page)[NAMES.index("explorer")]
    for part, note in (("td", "static use dynamic key (2010014). Agora's FAQ"), ("th", "a token for another uid")):
        hidden = panel.locator(f"{part} > .agora-note", has_text=note).first
        expect(hidden).to_be_hidden()
        hidden.locator("..").hover(position={"x": 12, "y": 8})
        expect(hidden).to_be_visible()
        look(panel, f"explorer-note-{part}")
        page.mouse.move(0, 0)
        expect(hidden).to_be_hidden()
        hidden.locator("..").focus()  # as a tap does
        expect(hidden).to_be_visible()


def test_the_keyboard_moves_the_mark(lab: str, page: Page) -> None:
    panel = gallery(lab, page)[NAMES.index("explorer")]
    marked = panel.locator(".agora-matrix [aria-current]")
    panel.get_by_label("The project").focus()
    for key in ("Space", "ArrowUp", "Enter"):
        page.keyboard.press(key)
    expect(marked.nth(0)).to_contain_text("▸ App ID or token")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    for key in ("Space", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    expect(marked.nth(1)).to_contain_text("▸ good token (006)")
    expect(marked.nth(2)).to_contain_text("▸ ✓ admitted")
    panel.get_by_text("Source: Agora's guides to token authentication.").wait_for()


def test_the_stored_matrix_fits_on_one_screen(lab: str, page: Page) -> None:
    run_notebook(page, lab, "panels.ipynb")
    matrices = page.locator(".jp-OutputArea-output:has(sup)")
    expect(matrices).to_have_count(2)
    screen = visible_height(page)
    page.set_viewport_size(WHOLE_NOTEBOOK)
    for name, matrix in zip(("matrix-rtc", "matrix-rtm"), matrices.all(), strict=True):
        look(matrix, name)
        assert height_of(matrix) <= screen
        matrix.get_by_text("The answers in full").click()
        matrix.get_by_text("another certificate: a token signed with another certificate").wait_for()
