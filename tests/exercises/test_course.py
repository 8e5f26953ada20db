"""The map of the course, against the lessons and their table in lesson 00."""

from __future__ import annotations

import json
import re

import pytest

from agora_helpers.exercises import EXERCISES, CourseMap
from agora_helpers.exercises.course import LESSONS
from tests.support import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def test_the_lessons_are_the_notebooks_in_order() -> None:
    assert [lesson.notebook for lesson in LESSONS] == [path.name for path in NOTEBOOKS]
    for lesson in LESSONS:
        assert lesson.exercises
        assert all(exercise.id.startswith(f"{lesson.notebook[:2]}.") for exercise in lesson.exercises)


def test_the_map_names_them_as_lesson_00_does() -> None:
    cells = json.loads(NOTEBOOKS[0].read_text(encoding="utf-8"))["cells"]
    table = "".join(line for cell in cells for line in cell["source"] if line.startswith("|"))
    assert [lesson.name for lesson in LESSONS] == re.findall(r"^\| (?:\*\*|\[)(\d\d [^\]*]+)", table, re.M)


def test_nobodys_progress_is_stored_in_lesson_00() -> None:
    cells = json.loads(NOTEBOOKS[0].read_text(encoding="utf-8"))["cells"]
    (cell,) = (cell for cell in cells if "".join(cell["source"]) == "exercises.progress()")
    (output,) = cell["outputs"]
    for kind in ("text/plain", "text/html"):
        text = "".join(output["data"][kind])
        assert f"0 of {len(EXERCISES)} exercises solved" in text
        assert "To keep it, run exercises.progress(remember=True)" in text


@pytest.mark.parametrize("solved", [set(), {"00.1", "00.2", "03.1", "98.7"}, {*EXERCISES}], ids=["none", "some", "all"])
def test_text_and_html_show_the_same(solved: set[str]) -> None:
    course = CourseMap(solved, "Kept.")
    html = course._repr_html_()
    for text in (repr(course), re.sub("<[^>]*>", " ", html)):
        assert f"{len(solved & {*EXERCISES})} of {len(EXERCISES)} exercises solved" in text
        assert {*re.findall(r"✓ (\d\d\.\d)", text)} == solved & {*EXERCISES}
        assert {*re.findall(r"○ (\d\d\.\d)", text)} == {*EXERCISES} - solved
    complete = [lesson for lesson in LESSONS if {exercise.id for exercise in lesson.exercises} <= solved]
    assert html.count("border-top: 5px solid #168a6d") == len(complete)
    assert re.findall(r'href="([^"]+)"', html) == [path.name for path in NOTEBOOKS]
    assert not re.search(r"class=|<style|<script|var\(", html)
    assert max(map(len, repr(course).splitlines())) <= 100
