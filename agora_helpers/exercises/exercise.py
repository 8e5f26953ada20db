"""The parts of an exercise, and the feedback on an answer."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_WIDTH = 100  # JupyterLab breaks longer lines in the middle of a word


class Text(str):
    """A string that a notebook shows without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def lines(*texts: str) -> Text:
    """Return the texts below each other, wrapped to lines that fit into a notebook."""
    return Text("\n".join(textwrap.fill(text, _WIDTH, break_long_words=False) for text in texts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """One question of a lesson.

    ``wrong`` takes any object. It returns None if the answer is right, else an explanation of what is wrong. It tries
    the answer out: it decodes and verifies a token, sends a request, or runs a practice project.
    """

    id: str
    """The lesson and a number, such as ``"03.1"``."""
    question: str
    """One line, exactly as in the lesson."""
    wrong: Callable[[Any], str | None]
    right: str
    """The feedback on a right answer."""
    hints: tuple[str, ...]
    """From a small one to half of the answer."""
    solution: str
    """Python code that sets ``answer`` in the exercise's cell."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """The result of ``check``, on an exercise or on a ticket."""

    id: str
    right: bool | None
    """None: there is no answer yet."""
    text: str
    hint_call: str
    """The code that gets a hint."""

    def __repr__(self) -> str:
        mark, verdict = {True: ("✓", "Right."), False: ("✗", "Not yet."), None: ("…", "Not answered yet.")}[self.right]
        stuck = [] if self.right else [f"Stuck? {self.hint_call}"]
        return lines(f"{mark} {self.id} {verdict} {self.text}", *stuck)


def unanswered(answer: object) -> bool:
    """Return whether an answer is ``...``, alone or in a collection."""
    if isinstance(answer, dict):
        answer = [*answer.values()]
    return answer is ... or (isinstance(answer, list | tuple | set) and any(part is ... for part in answer))
