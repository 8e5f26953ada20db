"""The exercises of the lessons: check an answer, get a hint, see a solution. ``tickets`` are those of a help desk.

``progress`` draws the course and what is solved.

May import: base, ``tokens``, ``verification``, ``practice``, ``display``, ``server``.

>>> from agora_helpers import exercises
>>> exercises.check("00.1", {"match"})
✗ 00.1 Not yet. What you chose is right, but something is missing.
Stuck? exercises.hint("00.1")
>>> exercises.check("00.1", ...).right is None
True
"""

from __future__ import annotations

from ..errors import ErrorCode, InputError
from . import record, tickets
from .course import EXERCISES, CourseMap
from .exercise import Exercise, Feedback, Nudge, Text, lines, unanswered
from .faults import TokenChecks
from .unchecked import sign_unchecked

__all__ = ["EXERCISES", "CourseMap", "Feedback", "check", "hint", "progress", "sign_unchecked", "solution", "tickets"]

_missed: set[str] = set()
"""Exercises whose latest answer in this kernel was wrong. Another wrong one gets the longer explanation."""


def check(exercise: str, answer: object) -> Feedback:
    """Check an answer. If it is right, the exercise counts as solved. If not, the feedback says what to look at.

    The feedback on a second wrong answer may say more than on the first.

    Args:
        exercise: its id, such as ``"03.1"``.
        answer: any object; ``...``, alone or in a collection, means that there is no answer yet.

    Raises:
        InputError: there is no such exercise.
    """
    entry = _find(exercise)
    hint_call = f'exercises.hint("{entry.id}")'
    if unanswered(answer):
        text = "Write your answer in place of the three dots, and run the cell again."
        return Feedback(entry.id, None, text, hint_call)
    marks = entry.wrong.marks(answer) if isinstance(entry.wrong, TokenChecks) else {}
    if problem := entry.wrong(answer):
        text = problem.more if isinstance(problem, Nudge) and entry.id in _missed else str(problem)
        _missed.add(entry.id)
        call = f'exercises.solution("{entry.id}")'
        return Feedback(entry.id, False, text, hint_call, marks, entry.hints, call)
    _missed.discard(entry.id)
    return Feedback(entry.id, True, entry.right, hint_call, marks, problem=record.add(entry.id))


def hint(exercise: str, number: int = 1) -> Text:
    """Return a hint. A higher number tells more.

    Args:
        exercise: its id, such as ``"03.1"``.
        number: 1 for the first hint.

    Raises:
        InputError: there is no such exercise, or no such hint.
    """
    entry = _find(exercise)
    count = len(entry.hints)
    if type(number) is not int or not 1 <= number <= count:
        problem = "is not the number of a hint."
        raise InputError("number", problem, f"Use 1 to {count}.", code=ErrorCode.OUT_OF_RANGE)
    more = f'hint("{entry.id}", {number + 1})' if number < count else f'solution("{entry.id}")'
    return lines(f"{entry.id} {entry.question}", entry.hints[number - 1], f"Still stuck? exercises.{more}")


def solution(exercise: str) -> Text:
    """Return Python code that sets a right ``answer`` in the exercise's cell.

    Args:
        exercise: its id, such as ``"03.1"``.

    Raises:
        InputError: there is no such exercise.
    """
    return Text(_find(exercise).solution)


def progress(*, remember: bool = False) -> CourseMap:
    """Return the map of the course, with the exercises that are solved.

    Without ``remember`` nothing is written: what you solve counts until the kernel stops. With it, the ids of solved
    exercises, and nothing else, go into the file ``my-progress.txt`` in the working folder. As long as the file is
    there, each right answer in any lesson is added to it. Delete the file to forget them.

    In a browser tab the file is in the browser's storage for the site. It outlives the tab, until that storage
    is cleared.

    Args:
        remember: True consents to the file.

    Returns:
        The map. If the file cannot be used, the map says why; the file stays as it is.

    Raises:
        InputError: ``remember`` is not a bool.

    >>> print(str(progress()).splitlines()[1][:13])
    00 Start here
    """
    if type(remember) is not bool:
        raise InputError("remember", "must be True or False.", "Pass True to write a file.", code=ErrorCode.WRONG_TYPE)
    problem = record.save(create=remember)
    if problem:
        kept = "Counted until this kernel stops."
    elif not record.is_kept():
        kept = (
            "Counted until this kernel stops. To keep it, run exercises.progress(remember=True): it writes the ids of "
            f"solved exercises into the file {record.FILE}, and nothing else."
        )
    elif record.outlives_the_kernel():
        kept = f"Kept in the file {record.FILE} in this folder. Delete the file to forget it."
    else:
        kept = f"Counted until this kernel stops: this browser offers no storage for the file {record.FILE}."
    return CourseMap(record.load(), kept, problem)


def _find(exercise: str) -> Exercise:
    if isinstance(exercise, str) and exercise in EXERCISES:
        return EXERCISES[exercise]
    hint = f"Use one of {', '.join(EXERCISES)}."
    raise InputError("exercise", "is not the id of an exercise.", hint, code=ErrorCode.UNKNOWN_CHOICE)
