from __future__ import annotations

import re
from itertools import product
from typing import get_args

import pytest

from agora_helpers.display.style import GROUPS, SIGNS, Group, Result, color, css, sheet, tint

GROUNDS = {False: ("#ffffff", "#f5f6f8"), True: ("#111111", "#1d2126", "#22272d")}
"""The grounds of pages, boxes and JupyterLab, light and dark."""


def luminance(color: str) -> float:
    """Return the relative luminance of a colour ``#rrggbb`` as WCAG 2 defines it."""
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("name", "dark"), [*product((*GROUPS, *SIGNS), (False, True))])
def test_every_colour_can_be_read_on_every_ground(name: Group | Result, dark: bool) -> None:
    for ground in GROUNDS[dark]:
        assert contrast(color(name, dark=dark), ground) >= 4.5


@pytest.mark.parametrize("group", GROUPS)
def test_a_tint_is_light_enough_for_its_text(group: Group) -> None:
    ground, text = re.findall(r"#\w+", tint(group))
    assert contrast(ground, text.replace("#111", "#111111")) >= 10


@pytest.mark.parametrize("kind", [Group, Result])
def test_every_group_and_result_has_a_class(kind: object) -> None:
    for name in get_args(kind):
        assert f".agora-{name} {{ --agora-hue: var(--agora-{name}); }}" in css()


def test_every_value_that_is_used_is_defined() -> None:
    assert set(re.findall(r"var\((--agora-[\w-]+)", css())) <= set(re.findall(r"(--agora-[\w-]+):", css()))


def test_nothing_is_named_but_what_belongs_to_the_language() -> None:
    """The sheet applies to the whole notebook, so no rule may reach the reader's own outputs."""
    rules = re.sub(r"/\*.*?\*/|@media[^{]+|@container[^{]+", "", css(), flags=re.S)
    for selector in re.findall(r"([^{}]+)\{", rules):
        parts = re.split(r", (?![^(]*\))", selector.strip())
        assert all(part in ("", ":root") or ".agora" in part for part in parts), selector


def test_the_sheet_cannot_end_its_element_early() -> None:
    assert sheet().count("<") == 2


def test_an_unknown_colour_is_an_error() -> None:
    with pytest.raises(ValueError, match="no colour is named pink"):
        color("pink")  # type: ignore[arg-type]
