"""An exercise as a learner does it: unanswered, wrong, a hint, right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agora_helpers import exercises
from tests.browser.conftest import look, run_notebook

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_an_answer_is_checked_at_once(lab: str, page: Page) -> None:
    run_notebook(page, lab, "00_start_here.ipynb")
    cells = page.locator(".jp-CodeCell")
    place = next(n for n, text in enumerate(cells.all_inner_texts()) if 'exercises.check("00.1", answer)' in text)
    cell = cells.nth(place)
    cell.get_by_text("Not answered yet").wait_for()
    for source, says in (
        ('exercises.check("00.1", {"time", "signature"})', "'signature' is wrong here"),
        ('exercises.hint("00.1")', "Two of the four checks look only at the token"),
        (f'{exercises.solution("00.1")}\nexercises.check("00.1", answer)', "✓ 00.1 Right."),
    ):
        cell.locator(".cm-content").click()
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.insert_text(source)
        page.keyboard.press("ControlOrMeta+Enter")
        cell.locator(".jp-OutputArea-output").get_by_text(says).wait_for()
    look(cell, "exercise")
