"""The timeline in a browser: no label hides another one, in any life; moved with the keyboard alone."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Literal

import pytest

from agora_helpers.display.style import sheet
from agora_helpers.display.timeline import state, timeline_svg
from tests.browser.conftest import expect, look
from tests.browser.test_panels_in_lab import accessible, panels_of
from tests.display.lives import LIVES

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

OVERLAPS = """svg => {
  const boxes = [...svg.querySelectorAll('text')].map(text => [text.textContent, text.getBBox()]);
  const all = svg.viewBox.baseVal, wrong = [];
  boxes.forEach(([name, box], number) => {
    if (box.x < 0 || box.y < 0 || box.x + box.width > all.width || box.y + box.height > all.height) wrong.push([name]);
    for (const [other, its] of boxes.slice(number + 1))
      if (box.x < its.x + its.width && its.x < box.x + box.width && box.y < its.y + its.height
        && its.y < box.y + box.height) wrong.push([name, other]);
  });
  return wrong;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_labels_never_overlap(page: Page, scheme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=scheme)
    lives = "".join(
        f"<figure style='break-inside: avoid; margin: 0 0 2em'><figcaption><strong>{escape(name)}.</strong> "
        f"{escape(state(*life).sentence)}</figcaption>{timeline_svg(*life)}</figure>"
        for name, life in LIVES.items()
    )
    page.set_content(
        f"<html class='agora' lang='en' style='background: var(--agora-ground)'><title>Lives</title>{sheet()}"
        f"<main style='columns: 30em'><h1>Lives</h1>{lives}</main>"
    )
    for width, form in ((600, "narrow"), (1600, "wide")):
        page.set_viewport_size({"width": width, "height": 1000})
        pictures = page.locator("svg")
        expect(pictures).to_have_count(len(LIVES))
        for name, picture in zip(LIVES, pictures.all(), strict=True):
            assert picture.evaluate(OVERLAPS) == [], name
        assert {"color-contrast", "svg-img-alt"} <= accessible(page.locator("main"))
        look(page.locator("main"), f"timeline-lives-{scheme}-{form}")


def test_time_moves_with_the_keyboard_alone(lab: str, page: Page) -> None:
    verifier = panels_of(lab, page)["verifier"]
    verifier.get_by_text("The token is good.").wait_for()
    expect(verifier.get_by_role("status")).to_have_count(1)  # a change is announced once
    sentence = verifier.locator("p.agora-box").filter(has_text="Checked at")
    verifier.get_by_label("Time").focus()
    for label in ("-1 h", "-10 min", "-1 min", "+1 min", "+10 min", "+1 h", "+1 day", "Previous event", "Next event"):
        page.keyboard.press("Tab")
        expect(verifier.get_by_role("button", name=label, exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(sentence).to_contain_text("the client is out in 30 s.")
    expect(verifier.get_by_role("button", name="Next event")).to_be_focused()
    page.keyboard.press("Space")
    expect(sentence).to_contain_text("rtc: join channel")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(sentence).to_contain_text("the client is out in 30 s.")
    for key in ("Tab", "Enter"):
        page.keyboard.press(key)
    expect(sentence).to_contain_text("The token expired at this second")
    summary = verifier.get_by_text("As a table")
    for key in ("Tab", "Tab", "Enter"):  # past "now"
        page.keyboard.press(key)
    expect(summary).to_be_focused()
    verifier.get_by_role("row", name="▲ rtc: the SDK warns").wait_for()
