"""Every exercise as a learner does it: in its cell of its notebook, with the solution and with wrong answers.

The notebook's own code runs up to the exercise, in one namespace, so that answers can use the same names as there.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agora_helpers import InputError, exercises
from agora_helpers.errors import ErrorCode
from agora_helpers.exercises import EXERCISES
from agora_helpers.exercises.lesson_07 import REQUESTS
from agora_helpers.exercises.lesson_08 import ADD, DELETE, DISABLE, SIGN, SWAP, WAIT
from agora_helpers.server.hosting import BackgroundServer
from tests.support import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
CHECKED = re.compile(r'^exercises\.check\("([\d.]+)", answer\)$', re.M)

SCHOOL = (
    "lambda headers, known=TEACHERS | PUPILS, _class={{'class-7'}}: (name := known.get(headers.get('x-session')))"
    " and Permit(name, user=name{})"
)
STRANGERS = (
    "lambda headers, known=TEACHERS | PUPILS: (name := known.get(headers.get('x-session'), 'guest')) and Permit("
    "name, user=name, channels={'class-7'}, may_publish=headers.get('x-session') in TEACHERS)"
)
UNSIGNED = "exercises.sign_unchecked(credentials"
ANY = "from agora_helpers.server import ANY\n"
WRONG: dict[str, dict[str, str]] = {
    "00.1": {
        'answer = {"time"}': "something is missing",
        'answer = {"time", "match", "signature"}': "'signature' is wrong here",
        'answer = "format"': "'format' is wrong here",
        'answer = {"certificate"}': "is not one of the choices",
        "answer = 2": "Write a set",
    },
    "00.2": {
        "answer = credentials": "your answer is of type Credentials",
        "answer = token_006": "The token is for another channel",
        'answer = build_rtc_token(credentials, "stage", uid=7)': "The token is for another user",
        'answer = build_rtc_token(credentials, "stage", uid=0, allow_any_uid=True)': "signed for uid 0",
        'answer = build_rtm_token(credentials, "42")': "The token cannot join a channel",
        'answer = build_rtc_token(credentials, "stage", uid=42, expires_in=600)': "a subscriber's",
        'answer = build_rtc_token(credentials, "stage", uid=42, role="publisher")': "for 3600 s (60 min)",
        'answer = build_rtc_token(credentials, "stage", uid=42, role="publisher", expires_in=10)': "not in minutes",
        'answer = build_rtc_token(credentials, "stage", uid=42, role="publisher", version="006")': "for 3600 s",
        "answer = token_007[:50]": "This is not a token",
    },
    "01.1": {
        "answer = token": "The client is admitted",
        'answer = build_rtc_token(credentials, "stage", uid=7, now=NOW - 7200)': "invalid token, authorized failed",
        "answer = None": "A token is a string",
    },
    "01.2": {
        'answer = {"no token"}': "something is missing",
        'answer = {"a good token"}': "something is missing",
        "answer = clients": "'a token for another uid' is wrong here",
        'answer = {"no token", "a good token", "an expired token"}': "must send a valid one",
    },
    "02.1": {
        "answer = certificate": "yours is a string",
        "answer = Credentials(certificate, app_id)": "are swapped",
        "answer = Credentials(app_id, certificate[::-1])": "not the ones that were copied",
    },
    "02.2": {
        "answer = 11": "still signs",
        "answer = 13": "invalid token, authorized failed",
        "answer = 36": "longer than necessary",
        "answer = 14.5": "a whole number",
    },
    "03.1": {
        'answer = build_rtc_token(credentials, "lobby", uid=7)': "a signed number",
        'answer = build_rtc_token(credentials, "lobby", uid=2**31 + 7)': "a signed number",
        'answer = build_rtc_token(credentials, "lobby", uid=2**31)': "The token is for another user",
        'answer = build_rtc_token(credentials, "lobby", account="-7")': "The token is for a negative uid",
        'answer = build_rtc_token(credentials, "lobby", uid=2**32 - 7, expires_in=1, now=1000)': "neither at NOW nor",
        f"answer = {UNSIGNED}, issued_at=NOW, expire=3600)": "The token cannot join a channel",
    },
    "03.2": {
        'answer = RtcTokenBuilder.buildTokenWithUid(*pair, "lobby", 42, 1, 3600)': "expired in 1970",
        "from agora_token_builder.AccessToken import AccessToken\n"
        'answer = AccessToken(*pair, "lobby", 42).build()': "grants no privilege",
        'answer = RtcTokenBuilder.buildTokenWithUid(*pair, "lobby", 42, 1, 7200)': "expired long ago",
        'answer = RtcTokenBuilder.buildTokenWithUid(*pair, "lobby", 42, "publisher", NOW + 3600)': "a subscriber's",
        'answer = RtcTokenBuilder.buildTokenWithUid(*pair, "lobby", 0, 1, NOW + 3600)': "signed for uid 0",
        'answer = RtcTokenBuilder.buildTokenWithUid(*pair, "lobby", 42, 1, NOW + 60)': "It is valid for 60 s",
        'answer = RtcTokenBuilder.buildTokenWithUid(*pair, "stage", 42, 1, NOW + 3600)': "another channel",
        'answer = build_rtc_token(credentials, "lobby", uid=42, role="publisher")': "asks for a 006 token",
    },
    "04.1": {
        "answer = (60, 60)": "006: after 60 s the token is still valid",
        "answer = (24 * 3600, 24 * 3600)": "007: after 86400 s the token is already expired",
        "answer = (NOW + 24 * 3600, NOW + 60)": "from NOW, not from 1970",
        'answer = ("a day", 60)': "yours is a string",
        "answer = 60": "two numbers",
    },
    "04.2": {
        'answer = build_rtm_token(credentials, "bob")': "The token cannot join a channel",
        'answer = build_rtc_token(credentials, "news", account="bob")': "The token cannot log in to RTM",
        'answer = build_token(credentials, [RtcService("news", "bob"), RtmService("bob")])': "It is valid for 3600 s",
        'answer = build_token(credentials, [RtcService("news", 7), RtmService("bob")])': "the other kind of user",
        'answer = build_rtc_token(credentials, "news", account="bob", version="006")': "asks for a 007 token",
        'answer = build_token(credentials, [RtcService("news", "bob", {1: 60}), RtmService("bob")], expires_in=600)': (
            "a privilege expires earlier"
        ),
    },
    "05.1": {
        "answer = 42": "The checksum of the string '42'",
        "answer = 0": "is 1 to 1000",
        'answer = "421"': "a whole number",
    },
    "05.2": {
        'answer = dict(channel="Room 12", uid=7)': "other kind of user",
        'answer = dict(channel="Room", account="zoe")': "The token is for another channel",
        'answer = dict(channel="Room 12")': "verify compares only what you pass",
        'answer = dict(channel=None, account="zoe")': "verify compares only what you pass",
        'answer = dict(channel="Room 12", uid=None)': "verify compares only what you pass",
        "answer = dict(channel=None, uid=None)": "verify compares only what you pass",
        'answer = dict(channel="Room 12", account="zoe", name="zoe")': "verify does not accept these arguments",
        "answer = logged": "as a dict",
    },
    "06.1": {
        "answer = clients": "('team2', 134) is wrong here. The forged token was tried",
        'answer = {("team12", 34)}': "something is missing",
        "answer = set()": "At least one",
    },
    "06.2": {
        'answer = build_rtc_token(credentials, "lobby", uid=7)': "It grants the privileges [1]",
        'answer = build_rtc_token(credentials, "lobby", uid=7, role="publisher")': "asks for joining, audio and video",
        'answer = build_token(credentials, [RtcService("lobby", 7, (1, 2, 3))])': "Privilege 2 lasts 3600 s",
        'answer = build_token(credentials, [RtcService("lobby", 7, (1, 2, 3))], expires_in=600)': "expires after 600 s",
        'answer = build_rtc_token(credentials, "lobby", uid=7, version="006")': "asks for a 007 token",
        'answer = build_token(credentials, [RtcService("lobby", 7), RtmService("7")])': "more than one service",
    },
    "07.1": {
        'answer = {"channel": "lobby", "userAccount": "alice"}': "a subscriber's",
        'answer = {"channel": "lobby", "user": "alice"}': "The server answers: user: ",
        'answer = {"channel": "lobby", "userAccount": "alice", "isPublisher": "true"}': "answers: isPublisher: ",
        'answer = {"channel": "lobby", "userAccount": "alice", "isPublisher": True}': "It is valid for 3600 s",
        'answer = {"channel": "lobby", "isPublisher": True, "expiresIn": 600}': "other kind of user",
        'answer = {"channel": {"lobby"}}': "cannot be written as JSON",
    },
    "07.2": {
        "answer = set()": "At least one",
        'answer = {"A", "B"}': "The server answers: uid: ",
        'answer = {"B", "C"}': "answers: expiresIn: is more than 3600",
        'answer = {"B", "D"}': "answers: isPublisher: ",
    },
    "08.1": {
        "answer = steps": "a list of all six",
        "answer = sorted(steps)[:5]": "a list of all six",
        'answer = [*sorted(steps)[:5], "disable the old one"]': "occurs twice",
        f"answer = {[SIGN, ADD, SWAP, WAIT, DISABLE, DELETE]}": "a key that is not enabled",
        f"answer = {[ADD, SIGN, SWAP, DISABLE, WAIT, DELETE]}": "have not expired",
        f"answer = {[ADD, SWAP, WAIT, SIGN, DISABLE, DELETE]}": "have not expired",
        f"answer = {[ADD, SIGN, WAIT, DISABLE, SWAP, DELETE]}": "a key that is not enabled",
        f"answer = {[ADD, SIGN, SWAP, WAIT, DELETE, DISABLE]}": "allow this. secondary: is enabled.",
        f"answer = {[SWAP, ADD, SIGN, WAIT, DISABLE, DELETE]}": "the console does not allow this",
    },
    "08.2": {
        "answer = PUPILS": "a function",
        "answer = lambda headers: None": "ms-lee requests a token for class-7 and gets none (401)",
        "answer = lambda headers: 1 / 0": "ms-lee requests a token for class-7 and gets none (500)",
        "answer = lambda headers: Permit('anyone')": "ms-lee requests a token for class-7 and gets none (500)",
        f"{ANY}answer = lambda headers: Permit('anyone', user=ANY, channels=ANY)": "and the token is not for ms-lee",
        f"answer = {SCHOOL.format('')}": "gets none (403): channel: is not a channel that you may join",
        f"{ANY}answer = {SCHOOL.format(', channels=ANY')}": "requested a token for staff-room",
        f"answer = {SCHOOL.format(', channels=_class, may_publish=True')}": "tom is a pupil, but can publish",
        f"answer = {SCHOOL.format(', channels=_class')}": "ms-lee is a teacher, but cannot publish",
        "answer = lambda headers: Permit('tom', user='tom', channels={'class-7'})": "and the token is not for ms-lee",
        f"answer = {STRANGERS}": "A stranger (x-session: None) got status 200",
    },
}
"""Wrong answers, each with a part of the feedback."""

GIVEAWAYS = {
    "00.1": {"'time'", "'match'"},
    "01.2": {"'no token'", "'a good token'"},
    "02.2": {"14"},
    "03.1": {"4294967", "2**3"},
    "03.2": {"NOW + "},
    "04.1": {"86400 s the token is still", "24 h", "24 *"},
    "04.2": {"build_token"},
    "05.1": {"421"},
    "05.2": {"zoe", "Room 12"},
    "06.1": {"'team12'", "1234"},
    "06.2": {"(1, 2, 3)", "2 (", "{1:"},
    "07.2": {"'B'"},
    "08.2": {"in the permit", "Return None"},
}
"""Parts of right answers, which no feedback on a wrong one contains."""

NO_ANSWERS: tuple[object, ...] = (
    None,
    True,
    -1,
    0,
    3.5,
    10**30,
    "",
    "hello",
    b"007",
    (),
    [],
    {},
    [[]],
    object(),
    print,
    {"x": 1},
)


def cells_of(path: Path) -> list[dict[str, Any]]:
    cells: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return cells


def exercise_in(cell: dict[str, Any]) -> str | None:
    match = CHECKED.search("".join(cell["source"])) if cell["cell_type"] == "code" else None
    return match[1] if match else None


PLACES = {exercise: path for path in NOTEBOOKS for cell in cells_of(path) if (exercise := exercise_in(cell))}


def walk(path: Path) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Run a notebook's code. Before each exercise's cell, yield its id, its source and the names defined so far."""
    names: dict[str, Any] = {}
    try:
        for cell in cells_of(path):
            if cell["cell_type"] != "code":
                continue
            source = "".join(cell["source"])
            if exercise := exercise_in(cell):
                yield exercise, source, dict(names)
            try:
                exec(re.sub("^%.*$", "", source, flags=re.M), names)
            except Exception:
                assert "raises-exception" in cell["metadata"].get("tags", []), source
    finally:
        for value in names.values():
            if isinstance(server := getattr(value, "server", value), BackgroundServer):
                server.stop()


def check_answer(source: str, answer: str, names: dict[str, Any]) -> exercises.Feedback:
    """Run the exercise's cell with this answer in place of its last line but one."""
    before = ast.unparse(ast.Module(ast.parse(source).body[:-2], type_ignores=[]))
    names = dict(names)
    exec(f"{before}\n{answer}", names)
    exercise = CHECKED.search(source)
    assert exercise
    return exercises.check(exercise[1], names["answer"])


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_solutions_are_right_and_wrong_answers_get_an_explanation(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AGORA_HELPERS_DEMO", "1")
    for exercise, source, names in walk(path):
        feedback = check_answer(source, exercises.solution(exercise), names)
        assert feedback.right, feedback.text
        for answer, part in WRONG[exercise].items():
            feedback = check_answer(source, answer, names)
            assert feedback.right is False, answer
            assert part in feedback.text, answer
            said = feedback.text.partition("Choose from ")[0]  # all choices, as in the lesson
            given_away = {giveaway for giveaway in GIVEAWAYS.get(exercise, ()) if giveaway in said}
            assert given_away == set(), answer
            assert not any(hint in feedback.text or hint in repr(feedback) for hint in EXERCISES[exercise].hints)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_with_your_own_credentials(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With credentials from the environment no cell needs a change, and the solutions stay right."""
    monkeypatch.setenv("AGORA_APP_ID", "0123456789abcdef" * 2)
    monkeypatch.setenv("AGORA_APP_CERTIFICATE", "fedcba9876543210" * 2)
    for exercise, source, names in walk(path):
        assert not names["credentials"].is_demo
        feedback = check_answer(source, exercises.solution(exercise), names)
        assert feedback.right, feedback.text


def test_each_has_wrong_answers_and_one_place() -> None:
    assert set(WRONG) == set(EXERCISES) == set(PLACES)
    assert [exercise for exercise, answers in WRONG.items() if len(answers) < 2] == []
    assert [exercise for exercise in EXERCISES if not PLACES[exercise].stem.startswith(exercise[:2])] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_lesson_has_at_least_two_in_order(path: Path) -> None:
    ids = [exercise for cell in cells_of(path) if (exercise := exercise_in(cell))]
    assert ids == [f"{path.stem[:2]}.{number}" for number in range(1, len(ids) + 1)]
    assert len(ids) >= 2


@pytest.mark.parametrize("exercise", sorted(PLACES))
def test_the_notebook_asks_and_shows_no_answer(exercise: str) -> None:
    cells = cells_of(PLACES[exercise])
    (place,) = (place for place, cell in enumerate(cells) if exercise_in(cell) == exercise)
    text = " ".join("".join(cells[place - 1]["source"]).split())
    assert text.startswith(f"### Exercise {exercise} ")
    assert EXERCISES[exercise].question in text
    (output,) = cells[place]["outputs"]
    assert "".join(output["data"]["text/plain"]) == repr(exercises.check(exercise, ...))


@pytest.mark.parametrize("exercise", sorted(EXERCISES))
@pytest.mark.parametrize("answer", NO_ANSWERS, ids=repr)
def test_no_answer_is_too_odd(exercise: str, answer: object) -> None:
    feedback = exercises.check(exercise, answer)
    assert feedback.right is False
    assert feedback.text


@pytest.mark.parametrize("answer", [..., (..., 60), {"a": ...}, [...]])
def test_dots_are_no_answer(answer: object) -> None:
    assert exercises.check("04.1", answer).right is None


@pytest.mark.parametrize("exercise", sorted(EXERCISES))
def test_hints_lead_to_the_solution(exercise: str) -> None:
    hints = EXERCISES[exercise].hints
    assert hints
    for number, text in enumerate(hints, 1):
        shown = repr(exercises.hint(exercise, number))
        after = f'hint("{exercise}", {number + 1})' if number < len(hints) else f'solution("{exercise}")'
        words = " ".join(shown.split())
        assert EXERCISES[exercise].question in words
        assert text in words
        assert words.endswith(f"exercises.{after}")
        assert EXERCISES[exercise].solution not in shown
        assert longest_line(shown) <= 100
    assert repr(exercises.solution(exercise)) == EXERCISES[exercise].solution
    assert longest_line(EXERCISES[exercise].solution) <= 100


def test_an_exercise_that_does_not_exist() -> None:
    with pytest.raises(
        InputError, match=r"^exercise: is not the id of an exercise\. Use one of 00\.1, 00\.2, "
    ) as caught:
        exercises.check("99.1", 1)
    assert caught.value.code == ErrorCode.UNKNOWN_CHOICE


@pytest.mark.parametrize("number", [0, 3, True, "1"])
def test_a_hint_that_does_not_exist(number: Any) -> None:
    with pytest.raises(InputError, match=r"^number: is not the number of a hint\. Use 1 to 2\.$") as caught:
        exercises.hint("00.1", number)
    assert caught.value.code == ErrorCode.OUT_OF_RANGE


def test_the_requests_of_07_are_those_that_are_sent() -> None:
    (cell,) = (cell for cell in cells_of(PLACES["07.2"]) if exercise_in(cell) == "07.2")
    names: dict[str, Any] = {}
    exec(ast.unparse(ast.parse("".join(cell["source"])).body[0]), names)
    assert names["requests"] == REQUESTS


def test_lines_fit_into_a_notebook() -> None:
    assert longest_line(repr(exercises.Feedback("00.1", False, "word " * 60, ""))) <= 100


def longest_line(text: str) -> int:
    return max(map(len, text.splitlines()))
