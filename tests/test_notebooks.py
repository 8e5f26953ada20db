"""The notebooks are clean, complete, and really compared: a stored output that is changed by one byte is noticed."""

from __future__ import annotations

import copy
import json
import math
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from agora_helpers import Credentials, TokenFormatError, build_rtc_token, decode
from agora_helpers.exercises.course import LESSONS
from tests.support import NEGATIVES, ROOT, VECTORS

LESSONS_FOLDER = ROOT / "notebooks"
NOTEBOOKS = sorted(LESSONS_FOLDER.glob("*.ipynb"))
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
    yield from prose_faults(prose(notebook), folder)
    yield from prediction_faults(cells)
    if any(secret not in KNOWN_PAIRS for secret in secrets_in(json.dumps(notebook))):
        yield "holds what looks like somebody's App ID or certificate"


def secrets_in(text: str) -> Iterator[str]:
    """All that has the form of an App ID or a certificate: alone, with dashes, or inside a token."""
    yield from re.findall(r"(?<![0-9A-Za-z+/])[0-9A-Fa-f]{32}(?![0-9A-Za-z+/=])", text)
    for dashed in re.findall(r"\b[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\b", text):
        yield dashed.replace("-", "")
    yield from re.findall(r"006([0-9A-Fa-f]{32})", text)
    for word in re.findall(r"007[0-9A-Za-z+/]{60,}={0,2}", text.replace("\\", "")):
        try:
            yield decode(word).app_id
        except TokenFormatError:
            continue


def output_faults(cell: Notebook) -> Iterator[str]:
    tags = cell["metadata"].get("tags", [])
    if not set(tags) <= {"nbval-ignore-output"}:
        yield f"unknown tags {tags}"
    if "execution" in cell["metadata"]:
        yield "timing metadata"
    if "nbval-ignore-output" in tags and (cell["outputs"] or "assert" not in "".join(cell["source"])):
        yield "a cell that is not compared must assert something and store nothing"
    for output in cell["outputs"]:
        if output["output_type"] == "error":
            yield f"an error: {output['evalue']}"  # run in a browser tab, the rest of the lesson would stand still
        if output.get("name") == "stderr":
            yield "output on stderr"
        if any("widget-view" in kind for kind in output.get("data", {})):
            yield "a stored widget view"
        if MACHINE.search(json.dumps(output)):
            yield "a path, address or port of the machine that ran it"


def prose_faults(text: str, folder: Path) -> Iterator[str]:
    bare = re.sub(r"```.*?```", "", text, flags=re.S)
    levels = [level for level, _ in headings(text)]
    if levels[:1] != [1] or levels.count(1) != 1:
        yield "there must be one heading of level 1, the first"
    if any(after > before + 1 for before, after in pairwise(levels)):
        yield f"a heading level is skipped: {levels}"
    for needed in ("You will be able to", "| you need |", "**Time:**", "**Predict:**", "You have seen"):
        if needed not in text:
            yield f"no {needed!r}"
    recall = text.partition("**Recall**")[2].partition("\n#")[0]
    if recall.count("<details>") != 3 and not text.startswith("# 00 "):
        yield "no three questions on what came before"
    if text.count("<details>") != text.count("</details>"):
        yield "a fold is not closed"
    if "glossary.md#" not in text:
        yield "no link to the glossary"
    for image, alt, target in re.findall(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)", bare):
        path, _, anchor = target.partition("#")
        if image and len(alt) < 20:
            yield f"an image without alt text: {target}"
        if "://" in target:
            if image or not target.startswith("https://"):
                yield f"a link that is not safe: {target}"
        elif path and not (folder / path).is_file():
            yield f"a dead link: {target}"
        elif anchor and anchor not in anchors(text_of(folder / path) if path else text):
            yield f"a dead anchor: {target}"


def prediction_faults(cells: list[Notebook]) -> Iterator[str]:
    """A prediction offers options, and nothing on the screen answers it before its cell is run."""
    for place, cell in enumerate(cells):
        source = "".join(cell["source"])
        if cell["cell_type"] != "markdown" or "**Predict:**" not in source:
            continue
        question = source.partition("**Predict:**")[2]
        if source.count("**Predict:**") > 1 or "(a)" not in question or "(b)" not in question:
            yield f"a cell without exactly one prediction, or one without options: {question[:60]!r}"
        if cells[place + 1]["cell_type"] != "code":
            yield f"no code answers {question[:60]!r}"
        rest = "".join(cells[place + 2]["source"]) if len(cells) > place + 2 else ""
        if cells[place + 2]["cell_type"] == "markdown" and not rest.startswith(("<details>", "#")):
            yield f"the text below its cell may answer {question[:60]!r}"


def prose(notebook: Notebook) -> str:
    cells = ("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown")
    return "\n\n".join(cells)


def text_of(path: Path) -> str:
    return prose(read(path)) if path.suffix == ".ipynb" else path.read_text(encoding="utf-8")


def headings(text: str) -> list[tuple[int, str]]:
    bare = re.sub(r"```.*?```", "", text, flags=re.S)
    return [(len(marks), title) for marks, title in re.findall(r"^(#+) (.+)$", bare, re.M)]


def anchors(text: str) -> set[str]:
    """As JupyterLab makes them."""
    return {title.replace(" ", "-") for _, title in headings(text)}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_hygiene(path: Path) -> None:
    raw = path.read_bytes()
    assert raw.endswith(b"}\n") and b"\r" not in raw
    assert list(faults(read(path), path.parent)) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_readme_and_the_map_lead_to_every_notebook(path: Path) -> None:
    line = f"| [{path.stem}](notebooks/{path.name}) | {minutes_of(path)} | "
    assert line in (ROOT / "README.md").read_text(encoding="utf-8")
    assert path == NOTEBOOKS[0] or f"({path.name}) | {minutes_of(path)} | " in prose(read(NOTEBOOKS[0]))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_minutes_are_honest(path: Path) -> None:
    """150 words a minute, 6 seconds a line of code, 35 a prediction, 4 minutes an exercise; in steps of 5 minutes."""
    cells = read(path)["cells"]
    text = prose(read(path))
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    lines = sum(bool(line.strip()) for line in code.splitlines())
    seconds = len(text.split()) * 60 / 150 + lines * 6 + text.count("**Predict:**") * 35
    minutes = seconds / 60 + 4 * code.count("exercises.check(")
    assert minutes_of(path) == 5 * math.ceil(minutes / 5), f"about {minutes:.1f} minutes"


def test_the_readme_says_how_long_the_course_takes() -> None:
    hours, minutes = divmod(sum(map(minutes_of, NOTEBOOKS)), 60)
    assert f"{hours} hours and {minutes} minutes in all" in (ROOT / "README.md").read_text(encoding="utf-8")


def minutes_of(path: Path) -> int:
    (minutes,) = re.findall(r"\*\*Time:\*\* (\d+) minutes", prose(read(path)))
    return int(minutes)


@pytest.mark.parametrize(("before", "after"), list(pairwise(NOTEBOOKS)), ids=lambda path: path.stem)
def test_each_lesson_leads_to_the_next_and_back(before: Path, after: Path) -> None:
    forth, back = f"**Next:** [{title(after)}]({after.name})", f"**Before:** [{title(before)}]({before.name})"
    assert prose(read(before)).count(forth) == 2, "at the beginning and at the end"
    assert back in prose(read(after))


def title(path: Path) -> str:
    (lesson,) = (lesson for lesson in LESSONS if lesson.notebook == path.name)
    return lesson.name


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_its_title_is_the_one_on_the_map(path: Path) -> None:
    assert prose(read(path)).startswith(f"# {title(path)}\n")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_lesson_has_something_to_look_at(path: Path) -> None:
    notebook = read(path)
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    assert "![" in prose(notebook) or any("text/html" in output.get("data", {}) for output in outputs)


def test_every_image_is_used_and_says_what_it_shows() -> None:
    text = "\n".join(prose(read(path)) for path in NOTEBOOKS) + (ROOT / "README.md").read_text(encoding="utf-8")
    for image in (ROOT / "notebooks/images").iterdir():
        used = re.findall(rf"!\[([^\]]+)\]\([^)]*images/{re.escape(image.name)}\)", text)
        assert used, image
        assert image.suffix != ".svg" or f">{used[0]}</desc>" in image.read_text(encoding="utf-8"), image


SOMEBODY = Credentials("0123456789abcdef" * 2, "fedcba9876543210" * 2)
TOKEN_006, TOKEN_007 = (build_rtc_token(SOMEBODY, "lobby", uid=7, version=version) for version in ("006", "007"))


def test_the_hygiene_test_bites() -> None:
    path = NOTEBOOKS[0]

    def spoiled(change: Any) -> list[str]:
        notebook = copy.deepcopy(read(path))
        change([cell for cell in notebook["cells"] if cell["cell_type"] == "code"], notebook)
        return list(faults(notebook, path.parent))

    stderr = {"output_type": "stream", "name": "stderr", "text": ["oops"]}
    error = {"output_type": "error", "ename": "E", "evalue": "e", "traceback": ["a", "b"]}
    secrets = ("0123456789abcdef" * 2, "01234567-89ab-cdef-0123-456789abcdef", TOKEN_006, TOKEN_007)
    texts = [
        "![](images/token_flow.svg)",
        "![A picture that comes from elsewhere](https://example.com/x.png)",
        "[x](nowhere.ipynb)",
        "[x](#nowhere)",
        "[x](02_authentication_mechanisms.ipynb#Nowhere)",
        "[x](../README.md#Nowhere)",
        "[x](http://example.com)",
        "# A second title",
        "#### Too deep",
    ]

    def with_source(text: str) -> Callable[[Any, Notebook], None]:
        return lambda code, _: code[1]["source"].append(text)

    def with_text(text: str) -> Callable[[Any, Notebook], None]:
        cell = {"cell_type": "markdown", "id": "i", "metadata": {}, "source": [text]}
        return lambda _, notebook: notebook["cells"].append(cell)

    spoilers: list[Callable[[Any, Notebook], object]] = [
        lambda code, _: [cell.update(execution_count=None) for cell in code],
        lambda code, _: code[0].update(execution_count=9),
        lambda code, _: code[1]["outputs"].append(stderr),
        lambda code, _: code[1]["outputs"].append(error),
        lambda code, _: code[1]["metadata"].update(execution={"iopub.execute_input": "2026"}),
        lambda code, _: code[1]["outputs"].append({"output_type": "stream", "name": "stdout", "text": ["/root/x"]}),
        lambda _, notebook: notebook["metadata"].update(widgets={}),
        *map(with_source, secrets),
        *map(with_text, texts),
    ]
    assert [number for number, spoil in enumerate(spoilers) if not spoiled(spoil)] == []


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
    result = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert "zlib_ng" in result.stdout


def test_the_template_has_the_form_of_a_lesson() -> None:
    template = read(ROOT / "tools/lesson_template.ipynb")
    unfinished = ("not executed once", "a dead link: 02_the_next_lesson")
    assert [fault for fault in faults(template, LESSONS_FOLDER) if not fault.startswith(unfinished)] == []
