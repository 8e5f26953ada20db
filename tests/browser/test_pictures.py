"""The lessons' drawings in Chromium: no text leaves its box, nothing crosses a text, motion is optional."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import look
from tests.support import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import FloatRect, Page

pytestmark = pytest.mark.browser
PICTURES = sorted((ROOT / "notebooks/images").glob("*.svg"))
MOVING = [path for path in PICTURES if path.stem == "renewal"]

COLLISIONS = """() => {
  const MARGIN = 2, EDGE = 8;
  const svg = document.documentElement, view = svg.viewBox.baseVal, found = [];
  const texts = [...svg.querySelectorAll('text')].map(text => ({name: text.textContent, box: text.getBBox()}));
  const overlap = (a, b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
  const inside = (a, b, by) => a.x >= b.x + by && a.x + a.width <= b.x + b.width - by
    && a.y >= b.y && a.y + a.height <= b.y + b.height;
  for (const [place, {name, box}] of texts.entries()) {
    if (!inside(box, view, EDGE)) found.push(`${name}: leaves the picture`);
    for (const rect of svg.querySelectorAll('rect.box')) {
      const around = rect.getBBox();
      if (overlap(box, around) && !inside(box, around, MARGIN)) found.push(`${name}: crosses the edge of a box`);
    }
    for (const other of texts.slice(place + 1))
      if (overlap(box, other.box)) found.push(`${name}: touches ${other.name}`);
    const area = {x: box.x, y: box.y + MARGIN, width: box.width, height: box.height - 2 * MARGIN};
    for (const shape of svg.querySelectorAll(':is(path, circle):not(.walker, .walker *)')) {
      if (shape.closest('defs')) continue;
      const length = shape.getTotalLength();
      for (let way = 0; way <= length; way += 1) {
        const point = shape.getPointAtLength(way);
        if (overlap(area, {x: point.x, y: point.y, width: 0.01, height: 0.01})) {
          found.push(`${name}: crossed by a line`);
          break;
        }
      }
    }
  }
  return found;
}"""


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
def test_no_text_leaves_its_box_and_nothing_crosses_a_text(page: Page, path: Path) -> None:
    page.goto(path.as_uri())
    assert page.locator("text").count() > 5
    assert page.evaluate(COLLISIONS) == []


def test_the_measurement_notices_what_is_wrong(page: Page, tmp_path: Path) -> None:
    picture = tmp_path / "wrong.svg"
    picture.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 200" width="400" height="200">'
        '<rect class="box" x="20" y="20" width="60" height="30"/><text x="30" y="40">far too long for it</text>'
        '<text x="20" y="100">one</text><text x="25" y="102">two</text>'
        '<text x="360" y="160">outside</text><path d="M20 196L60 170"/><text x="20" y="190">struck</text></svg>',
        encoding="utf-8",
    )
    page.goto(picture.as_uri())
    assert page.evaluate(COLLISIONS) == [
        "far too long for it: crosses the edge of a box",
        "one: touches two",
        "outside: leaves the picture",
        "struck: crossed by a line",
    ]


ANIMATIONS = """() => document.getAnimations().map(animation => {
  const {duration, iterations} = animation.effect.getComputedTiming();
  return {text: animation.effect.target.querySelectorAll('text').length + (animation.effect.target.tagName === 'text'),
    calm: duration >= 10000 && iterations === 2};
})"""


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
def test_what_moves_is_never_a_text_and_stands_still_on_request(page: Page, path: Path) -> None:
    page.goto(path.as_uri())
    animations = page.evaluate(ANIMATIONS)
    assert bool(animations) == (path in MOVING)
    assert all(animation == {"text": 0, "calm": True} for animation in animations)
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(ANIMATIONS) == []
    page.emulate_media(media="print", reduced_motion="no-preference")
    assert page.evaluate(ANIMATIONS) == []


@pytest.mark.parametrize("path", MOVING, ids=lambda path: path.stem)
def test_the_moving_parts_never_cover_a_text(page: Page, path: Path) -> None:
    """Every moving disc, at 200 moments of a cycle. The line that shows the time is thinner than a letter."""
    page.goto(path.as_uri())
    covered = page.evaluate("""() => {
      const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
      const found = new Set();
      for (let step = 0; step < 200; step++) {
        for (const animation of document.getAnimations()) {
          animation.pause();
          animation.currentTime = animation.effect.getComputedTiming().duration * step / 200;
        }
        for (const disc of document.querySelectorAll('circle')) {
          const area = disc.getBoundingClientRect();
          for (const text of document.querySelectorAll('text'))
            if (overlap(area, text.getBoundingClientRect())) found.add(`${text.textContent}, step ${step}`);
        }
      }
      return [...found];
    }""")
    assert covered == []


def sheet(folder: Path, ground: str) -> str:
    """Return the address of a page with every drawing as an image, as a lesson shows it."""
    images = "".join(f'<p><img alt="" style="max-width: 100%" src="{path.as_uri()}"></p>' for path in PICTURES)
    page = folder / f"{ground}.html"
    page.write_text(f'<body style="margin: 8px; background: {ground}">{images}', encoding="utf-8")
    return page.as_uri()


def test_an_image_is_the_same_card_in_light_dark_and_print(page: Page, tmp_path: Path) -> None:
    """``make screenshots`` keeps pictures."""

    def shown() -> list[bytes]:
        assert page.evaluate("[...document.images].every(image => image.complete && image.naturalWidth === 760)")
        boxes = [image.bounding_box() for image in page.locator("img").all()]
        cards: list[FloatRect] = [
            {"x": box["x"] + 12, "y": box["y"] + 12, "width": box["width"] - 24, "height": box["height"] - 24}
            for box, path in zip(boxes, PICTURES, strict=True)
            if box and path not in MOVING
        ]
        return [page.screenshot(full_page=True, clip=card) for card in cards]

    page.set_viewport_size({"width": 800, "height": 600})
    page.goto(sheet(tmp_path, "white"))
    look(page.locator("body"), "pictures-light")
    light = shown()
    assert len(light) == len(PICTURES) - len(MOVING)
    page.emulate_media(media="print")
    look(page.locator("body"), "pictures-print")
    assert shown() == light
    page.emulate_media(media="screen", color_scheme="dark")
    page.goto(sheet(tmp_path, "black"))
    look(page.locator("body"), "pictures-dark")
    assert shown() == light


def test_a_narrow_page_shows_the_whole_image(page: Page, tmp_path: Path) -> None:
    page.set_viewport_size({"width": 600, "height": 600})
    page.goto(sheet(tmp_path, "white"))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    look(page.locator("body"), "pictures-narrow")
