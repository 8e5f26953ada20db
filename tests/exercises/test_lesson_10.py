"""Exercise 10.2: each mistake is caught by exactly one test, and a right app passes them all."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from agora_helpers.exercises.lesson_10 import MISTAKES, TEAMS, TESTS, _App
from tests.support import ROOT


def test_an_app_without_a_mistake_passes_every_test() -> None:
    assert [number for number, passes in TESTS.items() if not passes(_App())] == []


@pytest.mark.parametrize(("letter", "number"), [("A", 4), ("B", 3), ("C", 5), ("D", 6)])
def test_one_test_catches_each_mistake(letter: str, number: int) -> None:
    assert [each for each, passes in TESTS.items() if not passes(MISTAKES[letter])] == [number]


def test_the_lesson_has_these_teams_tests_and_mistakes() -> None:
    cells = json.loads((ROOT / "notebooks/10_your_app_and_your_ci.ipynb").read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells)
    names: dict[str, Any] = {}
    exec(re.findall("^TEAMS = .+$", text, re.M)[0], names)
    assert names["TEAMS"] == TEAMS
    assert [int(number) for number in re.findall(r"^# Test (\d)$", text, re.M)] == [*TESTS]
    assert re.findall(r"^\| ([A-Z]) \|", text, re.M) == [*MISTAKES]
