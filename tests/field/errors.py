"""Error texts as people paste them, with the right answer: what ``explain_error`` is measured on.

``errors.json`` holds reports from the field, ``errors_more.json`` further texts of the same kinds, and
``errors_trackers.json`` what people pasted on public trackers, abridged. A right answer is the surface, code and name
of the first explanation. For a text that is not about Agora's tokens it is no explanation,
or the one that says whose text it is.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from agora_helpers import ErrorExplanation, explain_error

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Report:
    """One text and its right answer."""

    id: str
    source: str
    text: str
    meaning: str
    right: dict[str, str]

    @property
    def is_right(self) -> bool:
        answer = first_answer(self.text)
        if self.right["surface"] == "not Agora":
            return answer is None or not answer.from_agora
        return answer is not None and all(getattr(answer, name) == value for name, value in self.right.items())


def first_answer(text: str) -> ErrorExplanation | None:
    return next(iter(explain_error(text)), None)


def read_reports() -> list[Report]:
    names = ("errors.json", "errors_more.json", "errors_trackers.json")
    return [Report(**row) for name in names for row in json.loads((FOLDER / name).read_text(encoding="utf-8"))]
