"""What an exercise consists of, and what is said about an answer."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_WIDTH = 100  # JupyterLab breaks longer lines in the middle of a word


class Text(str):
    """A text that a notebook shows as it is, without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def lines(*texts: str) -> Text:
    """Each text on lines of its own, none of them too long."""
    return Text("\n".join(textwrap.fill(text, _WIDTH, break_long_words=False) for text in texts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """One question of a lesson.

    ``wrong`` returns None for a right answer, else what is wrong with it, in words that teach. It takes any object,
    and tries the answer out: tokens are decoded and verified, calls are made, a practice project is asked.
    """

    id: str
    """The lesson and a number, such as ``"03.1"``."""
    question: str
    """In one line, as the lesson asks it."""
    wrong: Callable[[Any], str | None]
    right: str
    """What there is to say once the answer is right."""
    hints: tuple[str, ...]
    """From a nudge to half the answer."""
    solution: str
    """Python that sets ``answer``, in the place of the notebook where the question stands."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What :func:`agora_helpers.exercises.check` says."""

    id: str
    right: bool | None
    """None: there is no answer yet."""
    text: str

    def __repr__(self) -> str:
        sign, says = {True: ("✓", "Right."), False: ("✗", "Not yet."), None: ("…", "Not answered yet.")}[self.right]
        stuck = [] if self.right else [f'Stuck? exercises.hint("{self.id}")']
        return lines(f"{sign} {self.id} {says} {self.text}", *stuck)
