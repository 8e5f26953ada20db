"""Excerpts in the lessons: a block of code that begins with the name of a file is a part of that file."""

from __future__ import annotations

import json
import re
import textwrap
from pathlib import Path

import pytest

from tests.support import ROOT

BLOCK = re.compile(r"^```(\w+)\n(?:#|//) ([\w./-]+/[\w.-]+)\n(.*?)^```$", re.M | re.S)
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def excerpts(notebook: Path) -> list[tuple[str, str]]:
    """Return file and code of each excerpt."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    texts = ("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return [(file, code) for text in texts for _, file, code in BLOCK.findall(text)]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_an_excerpt_is_a_part_of_its_file(notebook: Path) -> None:
    for file, code in excerpts(notebook):
        lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
        wanted = textwrap.dedent(code).splitlines()
        parts = (lines[start : start + len(wanted)] for start in range(len(lines)))
        assert any(textwrap.dedent("\n".join(part)).splitlines() == wanted for part in parts), file


def test_lessons_9_and_10_have_excerpts() -> None:
    files = {
        file
        for number in ("09", "10")
        for path in NOTEBOOKS
        if path.stem.startswith(number)
        for file, _ in excerpts(path)
    }
    folders = {file.rpartition("/")[0] for file in files}
    assert {"deploy", *(f"examples/{name}" for name in ("fastapi", "django", "flask", "express"))} <= folders
