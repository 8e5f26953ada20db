"""Every exercise as a learner does it: in its cell of its notebook, with the solution and with wrong answers.

The notebook's own code runs up to the exercise, in one namespace, so that answers can use the same names as there.
"""

from __future__ import annotations

import ast
import importlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agora_helpers import InputError, exercises
from agora_helpers.errors import ErrorCode
from agora_helpers.exercises import EXERCISES, handover
from agora_helpers.exercises.lesson_05 import REQUESTS
from agora_helpers.server.hosting import BackgroundServer
from tests.support import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
ANSWERS = [importlib.import_module(f"tests.exercises.answers.lesson_{path.stem[:2]}") for path in NOTEBOOKS]
WRONG: dict[str, dict[str, str]] = {exercise: wrong for lesson in ANSWERS for exercise, wrong in lesson.WRONG.items()}
GIVEAWAYS: dict[str, set[str]] = {exercise: parts for lesson in ANSWERS for exercise, parts in lesson.GIVEAWAYS.items()}
MIN_WRONG = 4
"""Wrong answers that are tried in each exercise, at least."""
CHECKED = re.compile(r'^exercises\.check\("([\d.]+)", answer\)$', re.M)


NO_ANSWERS: tuple[object, ...] = (
    None,
    True,
    -1,
    0,
    3.5,
    10**30,
    "",
    "hello",
    b"007",
    (),
    [],
    {},
    [[]],
    object(),
    print,
    {"x": 1},
)


def cells_of(path: Path) -> list[dict[str, Any]]:
    cells: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return cells


def exercise_in(cell: dict[str, Any]) -> str | None:
    match = CHECKED.search("".join(cell["source"])) if cell["cell_type"] == "code" else None
    return match[1] if match else None


PLACES = {exercise: path for path in NOTEBOOKS for cell in cells_of(path) if (exercise := exercise_in(cell))}


def walk(path: Path) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Run a notebook's code. Before each exercise's cell, yield its id, its source and the names defined so far."""
    names: dict[str, Any] = {}
    try:
        for cell in cells_of(path):
            if cell["cell_type"] != "code":
                continue
            source = "".join(cell["source"])
            if exercise := exercise_in(cell):
                yield exercise, source, dict(names)
            try:
                exec(re.sub("^%.*$", "", source, flags=re.M), names)
            except Exception:
                assert "raises-exception" in cell["metadata"].get("tags", []), source
    finally:
        stop_servers(names)


def stop_servers(names: dict[str, Any]) -> None:
    for value in names.values():
        if isinstance(server := getattr(value, "server", value), BackgroundServer):
            server.stop()


def check_answer(source: str, answer: str, names: dict[str, Any]) -> exercises.Feedback:
    """Run the exercise's cell with this answer in place of its last line but one.

    Args:
        source: the cell.
        answer: any statements that set ``answer``: to a literal, a function that they define, or an object that they
            create.
        names: those that the notebook has defined before.
    """
    before = ast.unparse(ast.Module(ast.parse(source).body[:-2], type_ignores=[]))
    exercise = CHECKED.search(source)
    assert exercise
    answered = dict(names)
    exec(f"{before}\n{answer}", answered)
    feedback = exercises.check(exercise[1], answered["answer"])
    stop_servers({name: value for name, value in answered.items() if value is not names.get(name)})
    return feedback


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_solutions_are_right_and_wrong_answers_get_an_explanation(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AGORA_HELPERS_DEMO", "1")
    for exercise, source, names in walk(path):
        feedback = check_answer(source, exercises.solution(exercise), names)
        assert feedback.right, feedback.text
        for answer, part in WRONG[exercise].items():
            exercises._missed.clear()
            misses = [check_answer(source, answer, names) for _ in range(2)]
            assert any(part in feedback.text for feedback in misses), answer
            for feedback in misses:
                assert feedback.right is False, answer
                said = feedback.text.partition("Choose from ")[0]  # all choices, as in the lesson
                given_away = {giveaway for giveaway in GIVEAWAYS.get(exercise, ()) if giveaway in said}
                assert given_away == set(), answer
                assert not any(hint in feedback.text or hint in repr(feedback) for hint in EXERCISES[exercise].hints)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_with_your_own_credentials(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With credentials from the environment no cell needs a change, and the solutions stay right."""
    monkeypatch.setenv("AGORA_APP_ID", "0123456789abcdef" * 2)
    monkeypatch.setenv("AGORA_APP_CERTIFICATE", "fedcba9876543210" * 2)
    for exercise, source, names in walk(path):
        assert not names["credentials"].is_demo
        feedback = check_answer(source, exercises.solution(exercise), names)
        assert feedback.right, feedback.text


def test_each_has_wrong_answers_and_one_place() -> None:
    assert set(WRONG) == set(EXERCISES) == set(PLACES)
    assert [exercise for exercise, answers in WRONG.items() if len(answers) < MIN_WRONG] == []
    assert [exercise for exercise in EXERCISES if not PLACES[exercise].stem.startswith(exercise[:2])] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_lesson_has_at_least_two_in_order(path: Path) -> None:
    ids = [exercise for cell in cells_of(path) if (exercise := exercise_in(cell))]
    assert ids == [f"{path.stem[:2]}.{number}" for number in range(1, len(ids) + 1)]
    assert len(ids) >= 2


@pytest.mark.parametrize("exercise", sorted(PLACES))
def test_the_notebook_asks_and_shows_no_answer(exercise: str) -> None:
    cells = cells_of(PLACES[exercise])
    (place,) = (place for place, cell in enumerate(cells) if exercise_in(cell) == exercise)
    text = " ".join("".join(cells[place - 1]["source"]).split())
    assert text.startswith(f"### Exercise {exercise} ")
    assert EXERCISES[exercise].question in text
    (output,) = cells[place]["outputs"]
    assert "".join(output["data"]["text/plain"]) == repr(exercises.check(exercise, ...))


@pytest.mark.parametrize("exercise", sorted(EXERCISES))
@pytest.mark.parametrize("answer", NO_ANSWERS, ids=lambda answer: type(answer).__name__)
def test_no_answer_is_too_odd(exercise: str, answer: object) -> None:
    feedback = exercises.check(exercise, answer)
    assert feedback.right is False
    assert feedback.text


@pytest.mark.parametrize("answer", [..., (..., 60), {"a": ...}, [...]])
def test_dots_are_no_answer(answer: object) -> None:
    assert exercises.check("04.1", answer).right is None


@pytest.mark.parametrize("exercise", sorted(EXERCISES))
def test_hints_lead_to_the_solution(exercise: str) -> None:
    hints = EXERCISES[exercise].hints
    assert hints
    for number, text in enumerate(hints, 1):
        shown = repr(exercises.hint(exercise, number))
        after = f'hint("{exercise}", {number + 1})' if number < len(hints) else f'solution("{exercise}")'
        words = " ".join(shown.split())
        assert EXERCISES[exercise].question in words
        assert text in words
        assert words.endswith(f"exercises.{after}")
        assert EXERCISES[exercise].solution not in shown
        assert longest_line(shown) <= 100
    assert repr(exercises.solution(exercise)) == EXERCISES[exercise].solution
    assert longest_line(EXERCISES[exercise].solution) <= 100


def test_an_exercise_that_does_not_exist() -> None:
    with pytest.raises(
        InputError, match=r"^exercise: is not the id of an exercise\. Use one of 00\.1, 00\.2, "
    ) as caught:
        exercises.check("99.1", 1)
    assert caught.value.code == ErrorCode.UNKNOWN_CHOICE


@pytest.mark.parametrize("number", [0, 3, True, "1"])
def test_a_hint_that_does_not_exist(number: Any) -> None:
    with pytest.raises(InputError, match=r"^number: is not the number of a hint\. Use 1 to 2\.$") as caught:
        exercises.hint("00.1", number)
    assert caught.value.code == ErrorCode.OUT_OF_RANGE


def test_the_system_of_11_is_the_one_that_is_played(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGORA_HELPERS_DEMO", "1")
    for exercise, source, names in walk(PLACES["11.3"]):
        if exercise == "11.3":
            assert (names["MEMBERS"], names["TEACHERS"]) == (handover.MEMBERS, handover.TEACHERS)
            exec(ast.unparse(ast.Module(ast.parse(source).body[:-2], type_ignores=[])), names)
            assert names["steps"] == {*handover.STEPS}


def test_the_requests_of_05_are_those_that_are_sent() -> None:
    (cell,) = (cell for cell in cells_of(PLACES["05.2"]) if exercise_in(cell) == "05.2")
    names: dict[str, Any] = {}
    exec(ast.unparse(ast.parse("".join(cell["source"])).body[0]), names)
    assert names["requests"] == REQUESTS


def test_lines_fit_into_a_notebook() -> None:
    assert longest_line(repr(exercises.Feedback("00.1", False, "word " * 60, ""))) <= 100


def longest_line(text: str) -> int:
    return max(map(len, text.splitlines()))
