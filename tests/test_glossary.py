"""The glossary: in alphabetical order, short, and each term with the lesson that teaches it."""

from __future__ import annotations

import re

import pytest

from agora_helpers.exercises.course import LESSONS
from tests.support import ROOT

TEXT = (ROOT / "notebooks/glossary.md").read_text(encoding="utf-8")
ENTRIES: dict[str, str] = dict(re.findall(r"^### (.+)\n\n(.+)$", TEXT, re.M))
LINKS = {f"[{lesson.name}]({lesson.notebook})" for lesson in LESSONS}


def test_the_terms_are_in_alphabetical_order_and_each_has_an_entry() -> None:
    terms = re.findall(r"^### (.+)$", TEXT, re.M)
    assert terms == sorted(terms, key=str.casefold)
    assert terms == [*ENTRIES]


@pytest.mark.parametrize("term", ENTRIES)
def test_an_entry_is_at_most_three_sentences_and_names_a_lesson(term: str) -> None:
    explanation, _, link = ENTRIES[term].partition(" Lesson: ")
    assert link in LINKS
    assert 1 <= len(re.findall(r"\.(?= |$)", explanation)) <= 3
