"""The course: its lessons with their exercises, and a map of what is solved."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from html import escape

from ..display.style import SIGNS, box
from . import (
    lesson_00,
    lesson_01,
    lesson_02,
    lesson_03,
    lesson_04,
    lesson_05,
    lesson_06,
    lesson_07,
    lesson_08,
    lesson_09,
    lesson_10,
    lesson_11,
)
from .exercise import Exercise, lines

_OPEN = "○"


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson of the course."""

    title: str
    notebook: str
    """The name of its file."""
    exercises: tuple[Exercise, ...]

    @property
    def name(self) -> str:
        """Number and title."""
        return f"{self.notebook[:2]} {self.title}"


LESSONS = (
    Lesson("Start here", "00_start_here.ipynb", lesson_00.EXERCISES),
    Lesson("Project and credentials", "01_project_and_credentials.ipynb", lesson_01.EXERCISES),
    Lesson("Authentication mechanisms", "02_authentication_mechanisms.ipynb", lesson_02.EXERCISES),
    Lesson("RTC tokens", "03_rtc_tokens.ipynb", lesson_03.EXERCISES),
    Lesson("RTM tokens", "04_rtm_tokens.ipynb", lesson_04.EXERCISES),
    Lesson("Token server", "05_token_server.ipynb", lesson_05.EXERCISES),
    Lesson("The client", "06_the_client.ipynb", lesson_06.EXERCISES),
    Lesson("Inside a token", "07_inside_a_token.ipynb", lesson_07.EXERCISES),
    Lesson("The classic server", "08_the_classic_server.ipynb", lesson_08.EXERCISES),
    Lesson("Production", "09_production.ipynb", lesson_09.EXERCISES),
    Lesson("Your app and your CI", "10_your_app_and_your_ci.ipynb", lesson_10.EXERCISES),
    Lesson("Help desk", "11_help_desk.ipynb", lesson_11.EXERCISES),
)
"""All lessons, in order."""
EXERCISES: dict[str, Exercise] = {exercise.id: exercise for lesson in LESSONS for exercise in lesson.exercises}
"""All exercises, by id."""


@dataclass(frozen=True, slots=True)
class CourseMap:
    """The lessons, and which of their exercises are solved. A notebook draws it."""

    solved: Set[str]
    """Ids of exercises. Those of another version of the course are left out."""
    kept: str
    """How long the progress is kept, and what to do about it."""
    problem: str = ""
    """Why it could not be written."""

    def __repr__(self) -> str:
        width = max(len(lesson.name) for lesson in LESSONS)
        rows = (f"{lesson.name:<{width}}  {'  '.join(self._marks(lesson))}" for lesson in LESSONS)
        return "\n".join([self._summary, *rows, *filter(None, (lines(self.problem), lines(self.kept)))])

    def _repr_html_(self) -> str:
        style = "display: grid; grid-template-columns: repeat(auto-fill, minmax(14rem, 1fr)); gap: 0.5rem; "
        style += "margin: 0.5rem 0; padding: 0; list-style: none"
        places = "".join(map(self._place_html, LESSONS))
        problem = f'<p style="{box("bad")}; padding: 0.5rem 1rem">{escape(self.problem)}</p>' if self.problem else ""
        parts = (f"<p><strong>{self._summary}</strong></p>", f'<ul style="{style}">{places}</ul>', problem)
        return f"<div>{''.join(parts)}<p>{escape(self.kept)}</p></div>"

    def _place_html(self, lesson: Lesson) -> str:
        complete = all(exercise.id in self.solved for exercise in lesson.exercises)
        style = f"{box('good' if complete else 'unknown', edge='top')}; margin: 0; padding: 0.4rem 0.8rem"
        marks = " ".join(
            f'<span style="white-space: nowrap; margin-right: 0.8em">{mark}</span>' for mark in self._marks(lesson)
        )
        link = f'<a href="{lesson.notebook}">{escape(lesson.name)}</a>'
        return f'<li style="{style}">{link}<br>{marks}</li>'

    def _marks(self, lesson: Lesson) -> list[str]:
        return [f"{SIGNS['good'] if each.id in self.solved else _OPEN} {each.id}" for each in lesson.exercises]

    @property
    def _summary(self) -> str:
        count = len(EXERCISES.keys() & self.solved)
        return f"Your course: {count} of {len(EXERCISES)} exercises solved."
