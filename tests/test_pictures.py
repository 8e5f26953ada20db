"""The drawings of the lessons: stored as they are drawn, each a card of its own."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from itertools import chain
from pathlib import Path

import pytest

from agora_helpers import Credentials, verify
from agora_helpers.display.style import css
from tools.draw_pictures import FOLDER, PICTURES
from tools.pictures.tokens import uncompressed_token

FILES = sorted(FOLDER.glob("*.svg"))
SVG = "{http://www.w3.org/2000/svg}"


def test_every_picture_is_stored_as_it_is_drawn() -> None:
    """If not: python tools/draw_pictures.py."""
    assert {path.name: path.read_text(encoding="utf-8") for path in FILES} == {
        name: draw() for name, draw in PICTURES.items()
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_picture_is_small_stands_alone_and_describes_itself(path: Path) -> None:
    svg = path.read_text(encoding="utf-8")
    assert len(svg) < 8_000
    assert not re.search(r"@import|href|<script|<image|<foreignObject", svg)
    root = ElementTree.fromstring(svg)
    title, description = root.findtext(f"{SVG}title", ""), root.findtext(f"{SVG}desc", "")
    assert 5 < len(title) < 60
    assert len(description) > len(title)
    assert (root.get("aria-labelledby"), root.get("aria-describedby")) == ("title", "desc")


def test_the_colors_are_those_of_the_visual_language() -> None:
    values = set(re.findall(r"#[0-9a-f]{6}\b", css()))
    drawn = set(
        chain.from_iterable(re.findall(r"#[0-9a-f]{3,6}\b", path.read_text(encoding="utf-8")) for path in FILES)
    )
    assert drawn - {"#fff"} <= values


def drawn(name: str) -> ElementTree.Element:
    return ElementTree.fromstring((FOLDER / f"{name}.svg").read_text(encoding="utf-8"))


def test_the_mark_of_a_wrong_join_is_where_the_arrow_starts() -> None:
    root = drawn("where_joining_fails")
    number, join = (
        next(text for text in root.iter(f"{SVG}text") if text.text and text.text.startswith(start))
        for start in ("4", "join(")
    )
    tips = [path.get("d", "") for path in root.iter(f"{SVG}path") if path.get("class") == "arrow"]
    starts = [tuple(map(float, d[1:].split()[:2])) for d in tips]
    x, y = next(start for start in starts if start[1] == float(join.get("y", 0)) + 7)
    disc = next(
        circle
        for circle in root.iter(f"{SVG}circle")
        if circle.get("cx") == number.get("x") and float(circle.get("cy", 0)) == float(number.get("y", 0)) - 5
    )
    assert float(disc.get("cy", 0)) == y
    assert 0 <= x - float(disc.get("cx", 0)) - float(disc.get("r", 0)) <= 4


@pytest.mark.parametrize("name", ["console_certificates", "mechanisms_migration"])
def test_what_is_assumed_of_no_certificate_is_marked(name: str) -> None:
    root = drawn(name)
    texts = ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]
    assert sum(text.endswith(" *") for text in texts) == sum(text.startswith("* not documented") for text in texts) == 1
    assert "not documented" in root.findtext(f"{SVG}desc", "")


def test_the_dialog_for_a_new_project_has_the_button_of_the_console() -> None:
    """Agora's page on projects (docs.agora.io/en/introduction/projects): click Submit."""
    assert "Submit" in [text.text for text in drawn("console_new_project").iter(f"{SVG}text")]


def test_the_token_in_colours_is_a_token() -> None:
    verdict = verify(uncompressed_token(), Credentials.demo(), channel="lobby", uid=7, now=1_700_000_000)
    assert verdict.ok
    root = drawn("token_in_colours")
    strings = ["".join(text.itertext()) for text in root.iter(f"{SVG}text") if text.get("textLength")]
    assert "".join(strings) == uncompressed_token()
