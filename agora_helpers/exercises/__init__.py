"""The exercises of the lessons: is an answer right, and if not, what is still wrong with it?

May import: base, ``tokens``, ``verification``, ``practice``, ``server``.

>>> from agora_helpers import exercises
>>> exercises.check("00.1", {"match"})
✗ 00.1 Not yet. 'time' is missing. An hour is over after an hour.
Stuck? exercises.hint("00.1")
>>> exercises.check("00.1", ...).right is None
True
"""

from __future__ import annotations

from ..errors import InputError
from . import lesson_00, lesson_01, lesson_02, lesson_03, lesson_04, lesson_05, lesson_06, lesson_07, lesson_08
from .exercise import Exercise, Feedback, Text, lines
from .unchecked import sign_unchecked

_LESSONS = (lesson_00, lesson_01, lesson_02, lesson_03, lesson_04, lesson_05, lesson_06, lesson_07, lesson_08)
EXERCISES: dict[str, Exercise] = {exercise.id: exercise for lesson in _LESSONS for exercise in lesson.EXERCISES}
"""All of them, by id."""

__all__ = ["EXERCISES", "Feedback", "check", "hint", "sign_unchecked", "solution"]


def check(exercise: str, answer: object) -> Feedback:
    """Is the answer right? If not: what is still wrong.

    Args:
        exercise: its id, such as ``"03.1"``.
        answer: any object; ``...``, alone or within it, means that there is no answer yet.

    Raises:
        InputError: there is no such exercise.
    """
    asked = _find(exercise)
    if _unanswered(answer):
        return Feedback(asked.id, None, "Write your answer in place of the three dots, and run the cell again.")
    wrong = asked.wrong(answer)
    return Feedback(asked.id, wrong is None, asked.right if wrong is None else wrong)


def hint(exercise: str, number: int = 1) -> Text:
    """A hint; the next number says more.

    Args:
        exercise: its id, such as ``"03.1"``.
        number: 1 for the first hint.

    Raises:
        InputError: there is no such exercise, or no such hint.
    """
    asked = _find(exercise)
    if type(number) is not int or not 1 <= number <= len(asked.hints):
        raise InputError("number", "is not that of a hint.", f"There are {len(asked.hints)}, counted from 1.")
    more = f'hint("{asked.id}", {number + 1})' if number < len(asked.hints) else f'solution("{asked.id}")'
    return lines(f"{asked.id} {asked.question}", asked.hints[number - 1], f"Still stuck? exercises.{more}")


def solution(exercise: str) -> Text:
    """An answer that is right, as Python for the exercise's cell.

    Args:
        exercise: its id, such as ``"03.1"``.

    Raises:
        InputError: there is no such exercise.
    """
    return Text(_find(exercise).solution)


def _find(exercise: str) -> Exercise:
    if isinstance(exercise, str) and exercise in EXERCISES:
        return EXERCISES[exercise]
    raise InputError("exercise", "is not the id of one.", f"There are {', '.join(EXERCISES)}.")


def _unanswered(answer: object) -> bool:
    if isinstance(answer, dict):
        answer = [*answer.values()]
    return answer is ... or (isinstance(answer, list | tuple | set) and any(part is ... for part in answer))
