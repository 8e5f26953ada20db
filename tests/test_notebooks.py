"""The notebooks are clean, complete, and really compared: a stored output that is changed by one byte is noticed."""

from __future__ import annotations

import copy
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.support import NEGATIVES, ROOT, VECTORS

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
Notebook = dict[str, Any]
MACHINE = re.compile(r"/home/|/Users/|/root/|/work/|/tmp/|[A-Z]:\\\\|127\.0\.0\.1|localhost|0x[0-9a-f]{9}")
PAIR = ("app_id", "app_certificate")
KNOWN_PAIRS = {vector[name] for vector in [*VECTORS, *NEGATIVES] for name in PAIR if name in vector}


def read(path: Path) -> Notebook:
    notebook: Notebook = json.loads(path.read_text(encoding="utf-8"))
    return notebook


def faults(notebook: Notebook, folder: Path) -> Iterator[str]:
    """Everything that is wrong with a notebook as it stands in the repository."""
    cells = notebook["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    prose = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    counts = [cell["execution_count"] for cell in code]
    if counts != list(range(1, len(code) + 1)):
        yield f"not executed once from top to bottom: counts {counts}"
    if notebook["metadata"]["kernelspec"]["name"] != "python3" or "widgets" in notebook["metadata"]:
        yield "another kernel than python3, or saved widget state"
    if "version" in notebook["metadata"].get("language_info", {}):
        yield "the Python version is stored"
    if len({cell["id"] for cell in cells}) != len(cells):
        yield "cell ids are missing or not unique"
    for cell in code:
        yield from output_faults(cell)
    if sum(len(cell["source"]) <= 12 for cell in code) < 0.9 * len(code):
        yield "more than a tenth of the code cells have over 12 lines"
    if sum("nbval-ignore-output" in cell["metadata"].get("tags", []) for cell in code) > 1:
        yield "more than one cell is not compared"
    yield from prose_faults("\n\n".join(prose), folder)
    for word in re.findall(r"(?<![0-9A-Za-z+/])[0-9A-Fa-f]{32}(?![0-9A-Za-z+/=])", json.dumps(notebook)):
        if word not in KNOWN_PAIRS:
            yield "holds what looks like somebody's App ID or certificate"


def output_faults(cell: Notebook) -> Iterator[str]:
    tags = cell["metadata"].get("tags", [])
    if not set(tags) <= {"raises-exception", "nbval-ignore-output"}:
        yield f"unknown tags {tags}"
    if "execution" in cell["metadata"]:
        yield "timing metadata"
    if "nbval-ignore-output" in tags and (cell["outputs"] or "assert" not in "".join(cell["source"])):
        yield "a cell that is not compared must assert something and store nothing"
    for output in cell["outputs"]:
        if output["output_type"] == "error":
            if "raises-exception" not in tags:
                yield f"an error that nobody asked for: {output['evalue']}"
            if len(output["traceback"]) > 1:
                yield "a traceback with paths in it"
        if output.get("name") == "stderr":
            yield "output on stderr"
        if any("widget-view" in kind for kind in output.get("data", {})):
            yield "a stored widget view"
        if MACHINE.search(json.dumps(output)):
            yield "a path, address or port of the machine that ran it"
    if "raises-exception" in tags and not any(output["output_type"] == "error" for output in cell["outputs"]):
        yield "an error was expected and none is stored"


def prose_faults(text: str, folder: Path) -> Iterator[str]:
    bare = re.sub(r"```.*?```", "", text, flags=re.S)
    headings = [(len(marks), title) for marks, title in re.findall(r"^(#+) (.+)$", bare, re.M)]
    levels = [level for level, _ in headings]
    if levels[:1] != [1] or levels.count(1) != 1:
        yield "there must be one heading of level 1, the first"
    if any(after > before + 1 for before, after in pairwise(levels)):
        yield f"a heading level is skipped: {levels}"
    for needed in ("You will be able to", "| you need |", "**Time:**", "**Predict:**", "You have seen"):
        if needed not in text:
            yield f"no {needed!r}"
    anchors = {title.replace(" ", "-") for _, title in headings}
    for image, alt, target in re.findall(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)", bare):
        path, _, anchor = target.partition("#")
        if image and not alt:
            yield f"an image without alt text: {target}"
        if "://" not in target and path and not (folder / path).exists():
            yield f"a dead link: {target}"
        if not path and anchor not in anchors:
            yield f"a dead anchor: {target}"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_hygiene(path: Path) -> None:
    raw = path.read_bytes()
    assert raw.endswith(b"}\n") and b"\r" not in raw
    assert list(faults(read(path), path.parent)) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_readme_leads_to_every_notebook(path: Path) -> None:
    assert f"(notebooks/{path.name})" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_minutes_are_plausible(path: Path) -> None:
    cells = read(path)["cells"]
    words = sum(len("".join(cell["source"]).split()) for cell in cells if cell["cell_type"] == "markdown")
    minutes = words / 200 + sum(cell["cell_type"] == "code" for cell in cells) / 2
    (said,) = re.findall(r"\*\*Time:\*\* (\d+) minutes", json.dumps(cells))
    assert 0.6 * minutes <= int(said) <= 1.6 * minutes, f"about {minutes:.0f} minutes"


def test_the_hygiene_test_bites() -> None:
    path = NOTEBOOKS[0]

    def spoiled(change: Any) -> list[str]:
        notebook = copy.deepcopy(read(path))
        change([cell for cell in notebook["cells"] if cell["cell_type"] == "code"], notebook)
        return list(faults(notebook, path.parent))

    stderr = {"output_type": "stream", "name": "stderr", "text": ["oops"]}
    error = {"output_type": "error", "ename": "E", "evalue": "e", "traceback": ["a", "b"]}
    image = {"cell_type": "markdown", "id": "i", "metadata": {}, "source": ["![](nowhere.png)"]}
    spoilers = [
        lambda code, _: [cell.update(execution_count=None) for cell in code],
        lambda code, _: code[0].update(execution_count=9),
        lambda code, _: code[1]["outputs"].append(stderr),
        lambda code, _: code[1]["outputs"].append(error),
        lambda code, _: code[1]["metadata"].update(execution={"iopub.execute_input": "2026"}),
        lambda code, _: code[1]["source"].append("# " + "0123456789abcdef" * 2),
        lambda code, _: code[1]["outputs"].append({"output_type": "stream", "name": "stdout", "text": ["/root/x"]}),
        lambda _, notebook: notebook["metadata"].update(widgets={}),
        lambda _, notebook: notebook["cells"].append(image),
    ]
    for spoil in spoilers:
        assert spoiled(spoil)


def nbval(path: Path) -> subprocess.CompletedProcess[str]:
    options = ["--nbval", "--nbval-current-env", "--nbval-cell-timeout=60", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", "-q", *options, f"--rootdir={path.parent}", path.name]
    env = os.environ | {"AGORA_HELPERS_DEMO": "1"}
    return subprocess.run(command, cwd=path.parent, env=env, capture_output=True, text=True, encoding="utf-8")


def test_nbval_bites(tmp_path: Path) -> None:
    """One byte of one stored output changed, and the very run that passed fails."""
    path = tmp_path / "notebook.ipynb"
    notebook = read(NOTEBOOKS[0])
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"][:3]
    notebook["cells"] = cells
    path.write_text(json.dumps(notebook), encoding="utf-8")
    assert nbval(path).returncode == 0

    line = cells[-1]["outputs"][0]["text"][0]
    cells[-1]["outputs"][0]["text"][0] = line[:60] + ("A" if line[60] != "A" else "B") + line[61:]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    spoiled = nbval(path)
    assert spoiled.returncode == 1 and "1 failed, 2 passed" in spoiled.stdout


def test_zlib_ng_is_really_in_place_of_zlib() -> None:
    """Or the second run of the notebooks would prove nothing."""
    code = "import zlib, sys; sys.stdout.write(zlib.__name__)"
    env = os.environ | {"PYTHONPATH": str(ROOT / "tests/zlib_ng")}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert "zlib_ng" in done.stdout
