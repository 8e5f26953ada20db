"""The feedback as a box: readable without a style sheet, in light and dark, with hints that open one by one."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest
from IPython.core.interactiveshell import InteractiveShell

from agora_helpers import AgoraHelpersError, Credentials, RtcService, build_rtc_token, decode, exercises
from agora_helpers.exercises import EXERCISES, sign_unchecked, tickets
from agora_helpers.exercises.exercise import Nudge
from agora_helpers.exercises.faults import TokenChecks, another_lifetime, not_those
from tests.support import DEMO, NOW

TOKEN = build_rtc_token(DEMO, "stage", uid=42, role="publisher", expires_in=600, now=NOW)
FOR_ANOTHER_USER = build_rtc_token(DEMO, "stage", uid=7, role="publisher", now=NOW)


@pytest.fixture(autouse=True)
def lessons_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGORA_HELPERS_DEMO", "1")


class Outline(HTMLParser):
    """Text with the number of <details> around it. It insists that each element is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[tuple[int, str]] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((self.open.count("details"), data))


def html_of(feedback: exercises.Feedback) -> str:
    return feedback._repr_html_()


def test_a_right_token_has_four_good_marks() -> None:
    feedback = exercises.check("00.2", TOKEN)
    assert feedback.marks == dict.fromkeys(("signature", "names", "privileges", "lifetime"), "good")
    assert "✓ signature  ✓ names  ✓ privileges  ✓ lifetime" in repr(feedback)
    assert "Hint" not in html_of(feedback)


def test_each_fault_has_its_mark_even_if_only_the_first_is_explained() -> None:
    feedback = exercises.check("00.2", FOR_ANOTHER_USER)
    assert feedback.marks == {"signature": "good", "names": "bad", "privileges": "good", "lifetime": "bad"}
    assert "✓ signature  ✗ names  ✓ privileges  ✗ lifetime" in repr(feedback)
    assert "another user" in feedback.text


def test_a_forged_token_is_not_checked_for_more() -> None:
    forged = build_rtc_token(
        Credentials(DEMO.app_id, "f" * 32), "stage", uid=42, role="publisher", expires_in=600, now=NOW
    )
    feedback = exercises.check("00.2", forged)
    assert feedback.text.endswith(". Pass credentials to the builder.")
    assert feedback.marks == {"signature": "bad", "names": "unknown", "privileges": "unknown", "lifetime": "unknown"}


def test_what_an_exercise_does_not_ask_for_is_not_marked() -> None:
    assert exercises.check("03.1", build_rtc_token(DEMO, "lobby", uid=2**32 - 7)).marks["privileges"] == "unknown"


@pytest.mark.parametrize("answer", ["", "007", ..., None, {"time"}])
def test_no_marks_without_a_token(answer: object) -> None:
    assert exercises.check("00.2", answer).marks == {}


@pytest.mark.parametrize("exercise", [name for name, each in EXERCISES.items() if isinstance(each.wrong, TokenChecks)])
@pytest.mark.parametrize(
    "services", [(), (RtcService("stage", 42, {}),), (RtcService("x" * 80, "", {9: 1, 7: 0}),)], ids=range(3)
)
def test_a_strange_token_gets_feedback(exercise: str, services: tuple[RtcService, ...]) -> None:
    feedback = exercises.check(exercise, sign_unchecked(DEMO, *services, issued_at=NOW, expire=0))
    assert feedback.right is False
    assert feedback.marks["signature"] == "good"


@pytest.mark.parametrize("exercise", sorted(EXERCISES))
def test_hints_open_one_inside_the_other(exercise: str) -> None:
    outline = Outline(html_of(exercises.check(exercise, None)))
    depths = {text: depth for depth, text in outline.texts}
    hints = EXERCISES[exercise].hints
    assert [depths[text] for text in hints] == [*range(1, len(hints) + 1)]
    assert depths[f'exercises.solution("{exercise}")'] == len(hints)
    assert EXERCISES[exercise].solution not in depths
    assert " open" not in html_of(exercises.check(exercise, None))


def test_an_unanswered_exercise_says_how_to_get_a_hint_and_contains_none() -> None:
    html = html_of(exercises.check("00.1", ...))
    assert "<code>exercises.hint(&quot;00.1&quot;)</code>" in html
    assert "<details" not in html


def test_a_ticket_has_its_hint_and_no_solution() -> None:
    depths = {text: depth for depth, text in Outline(html_of(tickets.check(1, "NOT_AGORA"))).texts}
    assert depths[str(tickets.hint(1)).replace("\n", " ")] == 1
    assert not any("solution" in text for text in depths)


def test_the_box_repeats_an_answer_only_as_text() -> None:
    html = html_of(exercises.check("00.1", {"<b>"}))
    assert "&#x27;&lt;b&gt;&#x27;" in html
    assert "<b>" not in html


def test_the_box_is_the_same_each_time_and_needs_no_style_sheet() -> None:
    html = html_of(exercises.check("00.2", FOR_ANOTHER_USER))
    assert html == html_of(exercises.check("00.2", FOR_ANOTHER_USER))
    assert not re.search(r"class=|<style|<script|var\(", html)
    words = " ".join(text for _, text in Outline(html).texts)
    assert "✗ 00.2 Not yet." in words
    assert "✗ names wrong" in words
    assert TOKEN[:20] not in html


@pytest.mark.parametrize(
    ("call", "name"),
    [
        ('exercises.check("0.1", 1)', "InputError"),
        ('answer = build_rtc_token(DEMO, "lobby", uid=0)', "InputError"),
        ('Credentials("", "")', "CredentialError"),
        ('answer = decode("007eJ")', "TokenFormatError"),
    ],
)
def test_a_notebook_shows_an_error_of_the_package_as_one_line(
    call: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shell = InteractiveShell.instance()
    shell.user_ns |= {"exercises": exercises, "build_rtc_token": build_rtc_token, "DEMO": DEMO}
    shell.user_ns |= {"Credentials": Credentials, "decode": decode}
    result = shell.run_cell(call)  # type: ignore[no-untyped-call]
    InteractiveShell.clear_instance()
    assert isinstance(result.error_in_exec, AgoraHelpersError)
    assert capsys.readouterr().out.strip() == f"{name}: {result.error_in_exec}"


def test_plain_python_shows_the_traceback() -> None:
    code = 'from agora_helpers import Credentials\nCredentials("", "")'
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert result.stderr.startswith("Traceback (most recent call last):")
    assert "agora_helpers.errors.CredentialError: " in result.stderr


TRUE_AND_FALSE = {"a": True, "b": True, "c": False, "d": False}
WHY = {"c": "c is too long.", "d": "d is too short."}


@pytest.mark.parametrize(
    ("answer", "first", "second"),
    [
        ({"a"}, "What you chose is right, but something is missing.", None),
        (set(), "At least one of the choices is right.", None),
        ("c", "Your choice is wrong, and something is missing. ", "'c' is wrong here. c is too long."),
        ({"a", "b", "d"}, "1 of your 3 choices is wrong. ", "'d' is wrong here. d is too short."),
        (["a", "d", "d"], "1 of your 2 choices is wrong, and something is missing. ", "'d' is wrong here. "),
        (["a", "b", "c", "d"], "2 of your 4 choices are wrong. ", "'c' is wrong here. c is too long."),
        ({"c", "d"}, "All 2 of your choices are wrong, and something is missing. ", "'c' is wrong here. "),
    ],
    ids=lambda value: str(sorted(value) if isinstance(value, set) else value),
)
def test_a_set_gets_a_count_first_and_then_a_reason(answer: object, first: str, second: str | None) -> None:
    problem = not_those(answer, TRUE_AND_FALSE, WHY)
    assert problem
    assert problem.startswith(first)
    assert getattr(problem, "more", "").startswith(second or "")
    assert isinstance(problem, Nudge) == (second is not None)
    assert not {"'a'", "'b'"} & {*re.findall("'.'", problem + getattr(problem, "more", ""))}


@pytest.mark.parametrize("answer", [{"a", "b"}, ["b", "a"], ("a", "b", "a")], ids=range(3))
def test_a_right_set(answer: object) -> None:
    assert not_those(answer, TRUE_AND_FALSE, WHY) is None


def test_the_second_miss_gets_more_until_an_answer_is_right() -> None:
    exercises._missed.clear()
    wrong = {"time", "match", "format"}
    texts = [exercises.check("00.1", wrong).text for _ in range(3)]
    assert [text.startswith("'format' is wrong here. ") for text in texts] == [False, True, True]
    assert exercises.check("00.1", ...).right is None
    assert exercises.check("00.1", wrong).text == texts[1]
    assert exercises.check("00.1", {"time", "match"}).right
    assert exercises.check("00.1", wrong).text == texts[0]


def test_a_lifetime_is_told_once() -> None:
    token = build_rtc_token(DEMO, "stage", uid=42, role="publisher", expires_in=10, now=NOW)
    text = another_lifetime(token, 600)
    assert text == "It is valid for 10 s. In which unit are lifetimes?"
