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


def test_the_token_in_colours_is_a_token() -> None:
    verdict = verify(uncompressed_token(), Credentials.demo(), channel="lobby", uid=7, now=1_700_000_000)
    assert verdict.ok
    drawn = ElementTree.fromstring((FOLDER / "token_in_colours.svg").read_text(encoding="utf-8"))
    strings = ["".join(text.itertext()) for text in drawn.iter(f"{SVG}text") if text.get("textLength")]
    assert "".join(strings) == uncompressed_token()
