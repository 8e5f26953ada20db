"""The exercises of the lessons: check an answer, get a hint, see a solution. ``tickets`` are those of a help desk.

May import: base, ``tokens``, ``verification``, ``practice``, ``server``.

>>> from agora_helpers import exercises
>>> exercises.check("00.1", {"match"})
✗ 00.1 Not yet. 'time' is missing. The token expires after one hour.
Stuck? exercises.hint("00.1")
>>> exercises.check("00.1", ...).right is None
True
"""

from __future__ import annotations

from ..errors import ErrorCode, InputError
from . import lesson_00, lesson_01, lesson_02, lesson_03, lesson_04, lesson_05, lesson_06, lesson_07, lesson_08, tickets
from .exercise import Exercise, Feedback, Text, lines, unanswered
from .unchecked import sign_unchecked

_LESSONS = (lesson_00, lesson_01, lesson_02, lesson_03, lesson_04, lesson_05, lesson_06, lesson_07, lesson_08)
EXERCISES: dict[str, Exercise] = {exercise.id: exercise for lesson in _LESSONS for exercise in lesson.EXERCISES}
"""All exercises, by id."""

__all__ = ["EXERCISES", "Feedback", "check", "hint", "sign_unchecked", "solution", "tickets"]


def check(exercise: str, answer: object) -> Feedback:
    """Check an answer. If it is wrong, the feedback says what to look at.

    Args:
        exercise: its id, such as ``"03.1"``.
        answer: any object; ``...``, alone or in a collection, means that there is no answer yet.

    Raises:
        InputError: there is no such exercise.
    """
    entry = _find(exercise)
    if unanswered(answer):
        right, text = None, "Write your answer in place of the three dots, and run the cell again."
    else:
        problem = entry.wrong(answer)
        right, text = problem is None, entry.right if problem is None else problem
    return Feedback(entry.id, right, text, f'exercises.hint("{entry.id}")')


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


def _find(exercise: str) -> Exercise:
    if isinstance(exercise, str) and exercise in EXERCISES:
        return EXERCISES[exercise]
    hint = f"Use one of {', '.join(EXERCISES)}."
    raise InputError("exercise", "is not the id of an exercise.", hint, code=ErrorCode.UNKNOWN_CHOICE)
