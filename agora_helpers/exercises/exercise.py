"""The parts of an exercise, and the feedback on an answer."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any, Literal, Self

from ..display.style import SIGNS, Result, box

_WIDTH = 100  # JupyterLab breaks longer lines in the middle of a word


class Text(str):
    """A string that a notebook shows without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def lines(*texts: str) -> Text:
    """Return the texts below each other, wrapped to lines that fit into a notebook."""
    return Text("\n".join(textwrap.fill(text, _WIDTH, break_long_words=False) for text in texts))


class Nudge(str):
    """What is wrong with an answer, for a first miss: it makes the learner look again, and names nothing.

    >>> problem = Nudge("One of your choices is wrong.", more="'format' is wrong here.")
    >>> problem, problem.more
    ('One of your choices is wrong.', "'format' is wrong here.")
    """

    __slots__ = ("more",)
    more: str
    """What a second miss gets, and each one after it. It does not say what is right, either."""

    def __new__(cls, text: str, *, more: str) -> Self:
        """Create it from the two texts."""
        nudge = super().__new__(cls, text)
        nudge.more = more
        return nudge


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """One question of a lesson.

    ``wrong`` takes any object. It returns None if the answer is right, else an explanation of what is wrong, or a
    :class:`Nudge` if a second miss should get more of it. It tries the answer out: it decodes and verifies a token,
    sends a request, or runs a practice project.
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


Mark = Literal["signature", "names", "privileges", "lifetime"]
"""What a token is checked for."""
_RESULTS: dict[bool | None, Result] = {True: "good", False: "bad", None: "unknown"}
_MEANINGS: dict[Result, str] = {"good": "right", "bad": "wrong", "unknown": "not checked"}


@dataclass(frozen=True, slots=True)
class Feedback:
    """The result of ``check``, on an exercise or on a ticket. A notebook shows it as a box."""

    id: str
    right: bool | None
    """None: there is no answer yet."""
    text: str
    hint_call: str
    """The code that gets a hint."""
    marks: Mapping[Mark, Result] = field(default_factory=dict)
    """For an answer that is a token: what it was checked for. ``"unknown"``: this was not checked."""
    hints: tuple[str, ...] = ()
    """From a small one to half of the answer. The box opens them one after the other."""
    solution_call: str = ""
    """The code that shows the solution."""
    problem: str = ""
    """Why the right answer could not be remembered."""

    def __repr__(self) -> str:
        signs = "  ".join(f"{SIGNS[result]} {mark}" for mark, result in self.marks.items())
        stuck = "" if self.right else f"Stuck? {self.hint_call}"
        return lines(*filter(None, (f"{self._title} {self.text}", signs, stuck, self.problem)))

    def _repr_html_(self) -> str:
        parts = [f"<p><strong>{self._title}</strong> {escape(self.text)}</p>", self._marks_html()]
        if self.right is False:
            parts.append(self._hints_html())
        elif self.right is None:
            parts.append(f"<p>Stuck? <code>{escape(self.hint_call)}</code></p>")
        if self.problem:
            parts.append(f"<p>{escape(self.problem)}</p>")
        return f'<div style="{box(_RESULTS[self.right])}; padding: 0.4rem 1rem">{"".join(parts)}</div>'

    @property
    def _title(self) -> str:
        sign, verdict = {True: ("✓", "Right."), False: ("✗", "Not yet."), None: ("…", "Not answered yet.")}[self.right]
        return f"{sign} {self.id} {verdict}"

    def _marks_html(self) -> str:
        if not self.marks:
            return ""
        style = "background: none; margin: 0; padding: 0.2rem 0.8rem; flex: 1 1 7rem"
        parts = (
            f'<li style="{box(result, edge="top")}; {style}">'
            f"<strong>{SIGNS[result]} {mark}</strong><br>{_MEANINGS[result]}</li>"
            for mark, result in self.marks.items()
        )
        row = "display: flex; flex-wrap: wrap; gap: 0.5rem; margin: 0.5rem 0; padding: 0; list-style: none"
        return f'<ul style="{row}">{"".join(parts)}</ul>'

    def _hints_html(self) -> str:
        """Return the hints, each one inside the one before: a step opens only after the steps before it."""
        more = f"<p>Still stuck? <code>{escape(self.solution_call)}</code></p>" if self.solution_call else ""
        for number, text in reversed([*enumerate(self.hints, 1)]):
            summary = f'<summary style="cursor: pointer">Hint {number} of {len(self.hints)}</summary>'
            more = f'<details style="margin: 0.5rem 0">{summary}<p>{escape(text)}</p>{more}</details>'
        return more


def unanswered(answer: object) -> bool:
    """Return whether an answer is ``...``, alone or in a collection."""
    if isinstance(answer, dict):
        answer = [*answer.values()]
    return answer is ... or (isinstance(answer, list | tuple | set) and any(part is ... for part in answer))
