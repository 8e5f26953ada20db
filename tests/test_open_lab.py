"""The reader's working copy of the lessons: no outputs, follows updates, and loses nothing that the reader wrote."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from agora_helpers.exercises import record
from tests.support import ROOT
from tools.open_lab import COPY, LESSONS, RECORD, update_copy, without_outputs


def notebook(*sources: str, output: str = "the answer") -> str:
    outputs = [{"output_type": "stream", "name": "stdout", "text": [output]}]
    cells: list[dict[str, Any]] = [{"cell_type": "markdown", "id": "m", "metadata": {}, "source": ["# A lesson"]}]
    for number, source in enumerate(sources, 1):
        cell = {"cell_type": "code", "id": f"c{number}", "metadata": {}, "source": [source]}
        cells.append(cell | {"outputs": outputs, "execution_count": number})
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture
def lessons(tmp_path: Path) -> Path:
    folder = tmp_path / "notebooks"
    (folder / "images").mkdir(parents=True)
    (folder / "images/door.svg").write_text("<svg/>", encoding="utf-8")
    (folder / "glossary.md").write_text("# Glossary", encoding="utf-8")
    (folder / record.FILE).write_text("somebody's", encoding="utf-8")
    (folder / "00_a.ipynb").write_text(notebook("1 + 1"), encoding="utf-8")
    (folder / "01_b.ipynb").write_text(notebook("2 + 2"), encoding="utf-8")
    return folder


@pytest.fixture
def copy(lessons: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "my-lessons"
    assert update_copy(lessons, folder) == []
    return folder


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_copy_has_pictures_and_glossary_and_no_output(copy: Path) -> None:
    files = {path.relative_to(copy).as_posix() for path in copy.rglob("*") if path.is_file()}
    assert files == {"00_a.ipynb", "01_b.ipynb", "glossary.md", "images/door.svg", RECORD}
    for path in copy.glob("*.ipynb"):
        assert "the answer" not in path.read_text(encoding="utf-8")


def test_an_unedited_lesson_follows_updates_even_if_it_was_run(lessons: Path, copy: Path) -> None:
    mine = copy / "00_a.ipynb"
    mine.write_text(notebook("1 + 1", output="run by the reader"), encoding="utf-8")
    assert update_copy(lessons, copy) == []
    assert "run by the reader" in mine.read_text(encoding="utf-8"), "nothing is new: its outputs stay"
    edit(lessons / "00_a.ipynb", "1 + 1", "1 + 2")
    assert update_copy(lessons, copy) == []
    assert mine.read_text(encoding="utf-8") == without_outputs(notebook("1 + 2"))


def test_an_edited_lesson_is_kept_and_named_when_there_is_a_newer_one(lessons: Path, copy: Path) -> None:
    mine = copy / "00_a.ipynb"
    edit(mine, "1 + 1", "1 + 41")
    mine_before = mine.read_bytes()
    assert update_copy(lessons, copy) == [], "there is no newer version: nothing to say"
    edit(lessons / "00_a.ipynb", "1 + 1", "1 + 2")
    edit(lessons / "01_b.ipynb", "2 + 2", "2 + 3")
    for _ in range(2):
        assert update_copy(lessons, copy) == ["00_a.ipynb"]
        assert mine.read_bytes() == mine_before
    assert "2 + 3" in (copy / "01_b.ipynb").read_text(encoding="utf-8")
    mine.rename(copy / "mine.ipynb")
    assert update_copy(lessons, copy) == []
    assert "1 + 2" in mine.read_text(encoding="utf-8")


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"cells": [{}]}', "not JSON"])
def test_a_file_that_is_no_notebook_is_kept(lessons: Path, copy: Path, content: str) -> None:
    (copy / "00_a.ipynb").write_text(content, encoding="utf-8")
    edit(lessons / "00_a.ipynb", "1 + 1", "1 + 2")
    assert update_copy(lessons, copy) == ["00_a.ipynb"]
    assert (copy / "00_a.ipynb").read_text(encoding="utf-8") == content


def test_an_edit_is_kept_although_the_record_is_lost(lessons: Path, copy: Path) -> None:
    edit(copy / "00_a.ipynb", "1 + 1", "1 + 41")
    (copy / RECORD).unlink()
    assert update_copy(lessons, copy) == ["00_a.ipynb"]
    assert "1 + 41" in (copy / "00_a.ipynb").read_text(encoding="utf-8")


def test_a_record_that_is_damaged_counts_as_lost(lessons: Path, copy: Path) -> None:
    (copy / RECORD).write_text("{", encoding="utf-8")
    assert update_copy(lessons, copy) == []


def test_links_and_git_treat_the_copy_as_the_lessons() -> None:
    assert COPY.parent == LESSONS.parent, "links such as ../README.md lead to the same file"
    assert f"{COPY.name}/" in (ROOT / ".gitignore").read_text(encoding="utf-8").split()
