"""An exercise as a learner does it: unanswered, wrong, hints, right, and the map of the course."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest

from agora_helpers import build_rtc_token, exercises
from tests.browser.conftest import expect, look, run_notebook
from tests.browser.test_panels_in_lab import accessible
from tests.support import DEMO, NOW

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser
WRONG = 'answer = build_rtc_token(credentials, "stage", uid=7, role="publisher")'


def cell_of(page: Page, code: str) -> Locator:
    cells = page.locator(".jp-CodeCell")
    return cells.nth(next(n for n, text in enumerate(cells.all_inner_texts()) if code in text))


def run(cell: Locator, source: str) -> Locator:
    """Run this code in the cell, and return its output."""
    cell.locator(".cm-content").click()
    cell.page.keyboard.press("ControlOrMeta+a")
    cell.page.keyboard.insert_text(source)
    cell.page.keyboard.press("ControlOrMeta+Enter")
    return cell.locator(".jp-OutputArea-output")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_from_a_wrong_answer_to_the_map(lab: str, page: Page, scheme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=scheme)
    run_notebook(page, lab, "00_start_here.ipynb")
    expect(page.locator("body")).to_have_attribute("data-jp-theme-light", str(scheme == "light").lower())
    page.keyboard.press("ControlOrMeta+b")  # hides the list of files
    cell = cell_of(page, 'exercises.check("00.2", answer)')
    cell.get_by_text("00.2 Not answered yet").wait_for()
    look(cell, f"exercise-unanswered-{scheme}")

    output = run(cell, f'{WRONG}\nexercises.check("00.2", answer)')
    output.get_by_text("The token is for another user").wait_for()
    for text in ("✓ signature", "✗ names", "✓ privileges", "✗ lifetime"):
        output.get_by_text(text).wait_for()
    assert {"list", "summary-name"} <= accessible(output)
    first, second = output.locator("summary").all()
    expect(second).to_be_hidden()
    first.focus()  # from here on with the keyboard alone
    page.keyboard.press("Space")
    expect(second).to_be_visible()
    page.keyboard.press("Tab")
    expect(second).to_be_focused()
    page.keyboard.press("Space")
    output.get_by_text('exercises.solution("00.2")').wait_for()
    accessible(output)
    look(cell, f"exercise-wrong-{scheme}")
    page.set_viewport_size({"width": 600, "height": 24_000})
    look(cell, f"exercise-wrong-{scheme}-narrow")
    page.set_viewport_size({"width": 1280, "height": 24_000})

    run(cell, 'build_rtc_token(credentials, "stage", uid=0)').get_by_text("InputError: uid: ").wait_for()
    expect(output).not_to_contain_text("Traceback")
    look(cell, f"exercise-input-error-{scheme}")

    for exercise in ("00.1", "00.2"):
        run(cell, f'{exercises.solution(exercise)}\nexercises.check("{exercise}", answer)')
        output.get_by_text(f"✓ {exercise} Right.").wait_for()
    accessible(output)
    look(cell, f"exercise-right-{scheme}")

    place = cell_of(page, "exercises.progress()")
    course = run(place, "exercises.progress()")
    course.get_by_text(f"Your course: 2 of {len(exercises.EXERCISES)} exercises solved.").wait_for()
    assert {"list", "link-name"} <= accessible(course)
    look(place, f"course-map-{scheme}")
    page.set_viewport_size({"width": 600, "height": 24_000})
    assert course.evaluate("output => output.scrollWidth <= output.clientWidth")
    look(place, f"course-map-{scheme}-narrow")
    link = course.get_by_role("link", name="03 RTC tokens")
    link.focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="RTC tokens", exact=False).first.wait_for()


def test_progress_is_kept_from_lesson_to_lesson(lab: str, page: Page) -> None:
    run_notebook(page, lab, "00_start_here.ipynb")
    cell = cell_of(page, 'exercises.check("00.1", answer)')
    run(cell, f'{exercises.solution("00.1")}\nexercises.check("00.1", answer)').get_by_text("00.1 Right.").wait_for()
    run(cell, "exercises.progress(remember=True)").get_by_text("Kept in the file my-progress.txt").wait_for()
    run_notebook(page, lab, "01_project_and_credentials.ipynb")
    cell = cell_of(page, 'exercises.check("01.2", answer)')
    run(cell, 'exercises.check("01.2", 14)').get_by_text("01.2 Right.").wait_for()
    output = run(cell, "exercises.progress()")
    output.get_by_text(f"2 of {len(exercises.EXERCISES)} exercises solved").wait_for()
    run(cell, "import os; os.remove('my-progress.txt'); exercises.progress()")
    output.get_by_text("Counted until this kernel stops. To keep it").wait_for()


@pytest.mark.parametrize(("ground", "text", "link"), [("#fff", "#212121", "#0d47a1"), ("#111", "#fff", "#64b5f6")])
def test_without_a_style_sheet_the_contrast_is_enough(
    page: Page, monkeypatch: pytest.MonkeyPatch, ground: str, text: str, link: str
) -> None:
    """On the colors of JupyterLab's light and dark themes."""
    monkeypatch.setenv("AGORA_HELPERS_DEMO", "1")
    token = build_rtc_token(DEMO, "stage", uid=7, role="publisher", now=NOW)
    answers: tuple[object, ...] = (..., token, build_rtc_token(DEMO, "stage", uid=42, role="publisher", expires_in=600))
    boxes = [exercises.check("00.2", answer)._repr_html_() for answer in answers]
    course = exercises.CourseMap({"00.1", "00.2", "03.1"}, "Kept.", "my-progress.txt: cannot be read.")._repr_html_()
    style = f"<style>body {{ background: {ground}; color: {text} }} a {{ color: {link} }}</style>"
    page.set_content(f"<html lang=en><title>Exercises</title>{style}<main>{''.join(boxes)}{course}</main></html>")
    assert {"color-contrast", "list", "summary-name", "link-name"} <= accessible(page.locator("main"))
    look(page, f"exercise-stored-{ground[1:]}")
