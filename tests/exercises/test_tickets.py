"""The tickets: the package itself finds each fault in the material, and every wrong guess gets an answer of its own."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import combinations
from typing import Any

import pytest
from agora_token_builder import RtcTokenBuilder

from agora_helpers import (
    InputError,
    Project,
    RtcService,
    TokenFormatError,
    build_rtc_token,
    build_rtm_token,
    decode,
    explain_error,
    repair,
    verify,
)
from agora_helpers.constants import DAY
from agora_helpers.errors import ErrorCode
from agora_helpers.exercises import sign_unchecked, tickets
from agora_helpers.exercises.tickets.causes import Cause
from agora_helpers.exercises.tickets.desk import TICKETS
from agora_helpers.practice.admission import RTC_TEXTS
from agora_helpers.tokens import v006
from tests.exercises.test_exercises import NO_ANSWERS, longest_line
from tests.support import DEMO, NOW
from tests.test_architecture import HEAVY

NUMBERS = range(1, 11)
ANSWERS: dict[int, set[str]] = {
    1: {"TOKEN_MISSING"},
    2: {"JOINS_WITH_ZERO"},
    3: {"CREDENTIALS_NOT_SET"},
    4: {"NOT_AGORA"},
    5: {"HOME_MADE_TOKEN"},
    6: {"RENEWED_WITH_OLD_TOKEN"},
    7: {"LIFETIME_OF_SECONDS"},
    8: {"WRONG_SERVICE", "CHARACTER_NOT_ALLOWED"},
    9: {"UID_OVER_32_BITS"},
    10: {"DURATION_AS_TIME", "UID_ZERO_AS_STRING"},
}
CUT_ID = -775_978_885
E_MAIL = "support.desk@example.com"
CLIENTS: dict[int, dict[str, Any]] = {
    2: {"channel": "standup", "uid": 0, "now": NOW + 60},
    5: {"channel": "standup", "uid": 7, "now": NOW},
    6: {"channel": "standup", "uid": 7, "now": NOW + 600},
    7: {"user": "alice", "now": NOW + 2},
    8: {"user": E_MAIL, "now": NOW + 60},
    9: {"channel": "standup", "uid": CUT_ID, "now": NOW + 2},
    10: {"channel": "lobby", "uid": 0, "now": NOW + 3},
}
"""What the client of each ticket with a token enters with, and when."""
SIGNED: dict[int, dict[str, Any]] = {
    2: {"channel": "standup", "uid": 1},
    6: {"channel": "standup", "uid": 7},
    7: {"user": "alice"},
    8: {"channel": "support", "uid": 0},
    9: {"channel": "standup", "uid": "17600000000123"},
    10: {"channel": "lobby", "uid": "0"},
}
"""The names for which each token was signed."""
ERRORS = {
    1: ("dynamic use static key", "RTC Web", "2010015"),
    2: ("ErrorCodeType.errInvalidToken", "RTC native", "110"),
    3: ("Received undefined\n      at AccessToken.build", "token server", ""),
    4: ("JsonWebTokenError: invalid token", "not Agora", ""),
    5: ("invalid vendor key, can not find appid", "RTC Web", "2010005"),
    6: ("CONNECTION_CHANGED_TOKEN_EXPIRED (9)", "RTC native", "9"),
    7: ("-10009 TOKEN_EXPIRED, The token has expired.", "RTM 2.x", "-10009"),
    8: ("-10006: Invalid user id. illegal symbol or too long.", "RTM 2.x", "-10006"),
    9: ("onError 110", "RTC native", "110"),
    10: ("invalid token, authorized failed", "RTC Web", "2010009"),
}
"""The message in each ticket, and whose error it is."""
COMPUTED = set(Cause.__members__) - {
    *("TOKEN_MISSING", "TOKEN_NOT_WANTED", "UNKNOWN_APP_ID", "SIGNALING_NOT_ENABLED", "CREDENTIALS_NOT_SET"),
    *("CLIENT_IS_AUDIENCE", "WRONG_PATH", "NOT_AGORA"),
}
"""The causes that a token and its client show. The others show in the message."""


def faults_in(number: int) -> set[str]:
    """Return the causes that the package finds in a ticket's token."""
    token, text, client = tickets.token(number), tickets.show(number), CLIENTS[number]
    try:
        decoded = decode(token)
    except TokenFormatError as error:
        return {"HOME_MADE_TOKEN" if error.code == ErrorCode.NOT_A_TOKEN_HOME_MADE else "DAMAGED_TOKEN"}
    verdict = verify(token, DEMO, **client)
    codes = {reason.code.name for reason in verdict.reasons}
    names = {
        "CHANNEL_MISMATCH": "WRONG_CHANNEL",
        "NO_RTC_SERVICE": "WRONG_SERVICE",
        "NO_RTM_SERVICE": "WRONG_SERVICE",
        "ACCOUNT_ZERO": "UID_ZERO_AS_STRING",
        "RTM2_NAME": "CHARACTER_NOT_ALLOWED",
        "PLACEHOLDER_NAME": "UNSET_VARIABLE",
        "DURATION_AS_TIME": "DURATION_AS_TIME",
        "LIFETIME_TOO_SHORT": "LIFETIME_OF_SECONDS",
    }
    faults = {names[code] for code in codes & set(names)}
    if "a character" in verdict.match.detail:
        faults.add("CHARACTER_NOT_ALLOWED")
    if verify(token, DEMO, **SIGNED[number], now=NOW).signature.status != "ok":
        faults.add("WRONG_CERTIFICATE")
    if codes & {"UID_MISMATCH", "USER_MISMATCH"} and "UID_ZERO_AS_STRING" not in faults:
        large = any(isinstance(s, RtcService) and int(s.uid) >= 2**32 for s in decoded.services)
        zero = client.get("uid") == 0
        faults.add("UID_OVER_32_BITS" if large else "JOINS_WITH_ZERO" if zero else "TOKEN_OF_ANOTHER_USER")
    if "EXPIRED" in codes and "LIFETIME_OF_SECONDS" not in faults:
        faults.add("RENEWED_WITH_OLD_TOKEN" if "RenewToken(token)" in text else "EXPIRED_TOKEN")
    if (decoded.issued_at or decoded.expires_at - DAY) != NOW or "22:13:20Z" not in text:
        faults.add("CLOCK_WRONG")
    return faults


@pytest.mark.parametrize("number", CLIENTS)
def test_the_token_has_exactly_its_faults(number: int) -> None:
    assert faults_in(number) == ANSWERS[number] & COMPUTED


@pytest.mark.parametrize(("number", "first"), [(9, "UID_TOO_LARGE"), (10, "ACCOUNT_ZERO")])
def test_verify_names_the_cause_before_what_follows_from_it(number: int, first: str) -> None:
    codes = [reason.code for reason in verify(tickets.token(number), DEMO, **CLIENTS[number]).reasons]
    assert codes[:2] == [first, "UID_MISMATCH"]


@pytest.mark.parametrize("number", NUMBERS)
def test_the_message_is_known_and_is_agoras_in_all_but_one(number: int) -> None:
    message, surface, code = ERRORS[number]
    assert message in tickets.show(number)
    (explanation, *_) = explain_error(message)
    assert (explanation.surface, explanation.code) == (surface, code)
    assert explanation.from_agora == ("NOT_AGORA" not in ANSWERS[number])


def test_the_practice_project_answers_as_in_the_tickets() -> None:
    project = Project(DEMO)
    assert project.join("standup", uid=7, token=None, now=NOW).text == ERRORS[1][0]
    for number in (2, 9):  # error 110 in a native SDK
        client = {**CLIENTS[number], "uid": CLIENTS[number]["uid"] % 2**32}
        assert project.join(**client, token=tickets.token(number)).text == "invalid token, authorized failed"
    assert project.join(**CLIENTS[6], token=tickets.token(6)).code in (10, 13)
    assert project.login(**CLIENTS[7], token=tickets.token(7)).text in ERRORS[7][0]
    assert project.login(**CLIENTS[8], token=tickets.token(8)).text in ERRORS[8][0]
    assert project.join(**CLIENTS[10], token=tickets.token(10)).text == ERRORS[10][0]


def test_the_names_in_the_material_are_those_of_the_client() -> None:
    assert 'channelId: "standup", uid: 0' in tickets.show(2)
    assert "JoinChannel standup, uid 7: joined" in tickets.show(6)
    assert "login as alice" in tickets.show(7)
    assert f'"{E_MAIL}"' in tickets.show(8)
    assert "user.id.toInt()" in tickets.show(9)
    assert 'client.join(APP_ID, "lobby", token, null)' in tickets.show(10)
    assert (17_600_000_000_123 - CUT_ID) % 2**32 == 0
    assert "".join(tickets.show(5).split()).count(tickets.token(5)) == 1


def test_in_8_both_faults_must_be_fixed() -> None:
    project, at = Project(DEMO), NOW + 60
    right = build_rtm_token(DEMO, "desk", now=NOW)
    assert not project.login("desk", token=tickets.token(8), now=at).admitted
    assert not project.login(E_MAIL, token=build_rtm_token(DEMO, E_MAIL, now=NOW), now=at).admitted
    assert project.login("desk", token=right, now=at).admitted


def test_in_10_both_faults_must_be_fixed() -> None:
    project, pair = Project(DEMO), (DEMO.app_id, DEMO.app_certificate)

    def admits(uid: str, ends: int) -> bool:
        privileges = dict.fromkeys((1, 2, 3, 4), ends)
        token = v006.encode(*pair, "lobby", uid, privileges, ts=NOW + DAY, salt=1)
        return project.join("lobby", uid=4_711, token=token, now=NOW + 3).admitted

    assert not admits("", 3600)
    assert not admits("0", NOW + 3600)
    assert admits("", NOW + 3600)


def test_10_is_what_the_package_in_the_ticket_builds() -> None:
    token = RtcTokenBuilder.buildTokenWithUid(DEMO.app_id, DEMO.app_certificate, "lobby", "0", 1, 3600)
    theirs, ours = decode(token), decode(tickets.token(10))
    assert (theirs.crc_channel_name, theirs.crc_uid) == (ours.crc_channel_name, ours.crc_uid)
    assert theirs.services == ours.services


def test_the_fixed_client_gets_in() -> None:
    project = Project(DEMO)
    assert project.join("standup", uid=1, token=tickets.token(2), now=NOW + 60).admitted
    fresh = build_rtc_token(DEMO, "standup", uid=7, now=NOW + 570)
    assert project.join("standup", uid=7, token=fresh, now=NOW + 600).admitted
    assert project.join("standup", uid=7, token=tickets.token(6), now=NOW + 1).admitted
    in_32_bits = sign_unchecked(DEMO, RtcService("standup", "50", {1: 3600}), issued_at=NOW, expire=3600)
    assert project.join("standup", uid=50, token=in_32_bits, now=NOW + 2).admitted


def test_repair_finds_nothing_in_5() -> None:
    assert repair(tickets.token(5)) == (tickets.token(5), ())


@pytest.mark.parametrize("number", NUMBERS)
def test_right_answers(number: int) -> None:
    codes = sorted(ANSWERS[number])
    for answer in (codes, codes[::-1], tuple(codes), set(codes), frozenset(codes)):
        feedback = tickets.check(number, answer)
        assert feedback.right is True
        assert repr(feedback).startswith(f"✓ Ticket {number} Right. ")
    if len(codes) == 1:
        assert tickets.check(number, codes[0]) == feedback


@pytest.mark.parametrize("number", NUMBERS)
def test_each_wrong_guess_gets_its_own_reply(number: int) -> None:
    right = tickets.check(number, ANSWERS[number]).text
    replies = []
    for cause in Cause:
        if cause.name in ANSWERS[number]:
            continue
        feedback = tickets.check(number, cause.name)
        assert feedback.right is False
        assert feedback.text not in right
        for answer in ANSWERS[number]:
            assert answer not in feedback.text
            assert Cause[answer].value.title not in feedback.text
        replies.append(feedback.text)
    assert len(set(replies)) == len(replies) == len(Cause) - len(ANSWERS[number])


@pytest.mark.parametrize("number", NUMBERS)
def test_a_reply_that_is_written_for_a_guess_or_an_aspect_can_appear(number: int) -> None:
    ticket = TICKETS[number - 1]
    wrong = [cause for cause in Cause if cause.name not in ANSWERS[number]]
    assert {cause.name for cause in ticket.faults} == ANSWERS[number]
    assert set(ticket.against) <= set(wrong)
    assert set(ticket.shows) == {cause.value.aspect for cause in wrong if cause not in ticket.against}


NOT_QUOTED = {
    1: {"No certificate", "invalid token", *RTC_TEXTS.values()},
    5: {*RTC_TEXTS.values()},
    6: {str(decode(tickets.token(6)).expire), "30"},  # the SDK warns 30 seconds before
    8: {"24"},
    9: {str(2**32 - 1), "32", str(CUT_ID)},
    10: {"1970-01-01", "01:00:00", "24"},
}
"""What the evidence names and the material does not: Agora's words and rules, and what follows from the token."""


@pytest.mark.parametrize("number", NUMBERS)
def test_the_evidence_quotes_the_material(number: int) -> None:
    ticket = TICKETS[number - 1]
    evidence = " ".join([*ticket.faults.values(), *ticket.shows.values(), *ticket.against.values()])
    quotes = {quote.strip('"') for quote in re.findall(r'"[^"]+"|-?\b\d[\d:.-]*\d\b', evidence)}
    assert {quote for quote in quotes if quote not in ticket.material} - NOT_QUOTED.get(number, set()) == set()


def test_two_have_two_faults_and_one_is_not_agoras() -> None:
    assert [len(answer) for answer in ANSWERS.values()].count(2) == 2
    assert max(map(len, ANSWERS.values())) == 2
    assert [number for number in NUMBERS if "NOT_AGORA" in ANSWERS[number]] == [4]
    assert 18 <= len(Cause) <= 25


@pytest.mark.parametrize("number", [8, 10])
def test_one_of_two_faults_is_not_enough(number: int) -> None:
    for one, other in (sorted(ANSWERS[number]), sorted(ANSWERS[number], reverse=True)):
        feedback = tickets.check(number, one)
        assert feedback.right is False
        assert "one of two faults" in feedback.text
        assert other not in feedback.text
        assert Cause[other].value.title not in feedback.text


@pytest.mark.parametrize("number", NUMBERS)
def test_one_right_and_one_wrong(number: int) -> None:
    """Both are judged, and the second fault of a ticket is not given away."""
    for pair in combinations(Cause.__members__, 2):
        hits = ANSWERS[number].intersection(pair)
        if len(hits) != 1 or ANSWERS[number] == set(pair):
            continue
        (hit,) = hits
        (miss,) = set(pair) - hits
        feedback = tickets.check(number, pair)
        assert feedback.right is False
        assert f"{hit} is right: " in feedback.text
        assert f"{miss} is wrong: " in feedback.text
        assert not any(answer in feedback.text for answer in ANSWERS[number] - hits)


@pytest.mark.parametrize(
    "answer",
    [*NO_ANSWERS, "token_missing", ["TOKEN_MISSING", 7], {"TOKEN_MISSING", "A"}],
    ids=lambda answer: type(answer).__name__,
)
def test_what_is_no_code_gets_an_explanation(answer: object) -> None:
    feedback = tickets.check(1, answer)
    assert feedback.right is False
    assert feedback.text.startswith(("An answer is a code", "That is not the code", "Choose the cause"))


def test_guessing_everything_reveals_nothing() -> None:
    text = tickets.check(1, [*Cause.__members__]).text
    assert text == "Choose the cause that the evidence supports, or the two causes if there are two faults."


@pytest.mark.parametrize("answer", [..., [...], {..., "TOKEN_MISSING"}])
def test_dots_are_no_answer(answer: object) -> None:
    feedback = tickets.check(3, answer)
    assert feedback.right is None
    assert repr(feedback).endswith("Stuck? tickets.hint(3)")


@pytest.mark.parametrize("number", [0, 11, -1, True, 1.0, "1", None])
def test_a_ticket_that_does_not_exist(number: Any) -> None:
    for call in (tickets.show, tickets.token, tickets.hint, lambda number: tickets.check(number, "TOKEN_MISSING")):
        with pytest.raises(InputError, match=r"^number: is not the number of a ticket\. Use 1 to 10\.$") as caught:
            call(number)
        assert caught.value.code == ErrorCode.OUT_OF_RANGE


@pytest.mark.parametrize("number", sorted(set(NUMBERS) - set(CLIENTS)))
def test_a_ticket_without_a_token(number: int) -> None:
    assert "tickets.token" not in tickets.show(number)
    with pytest.raises(InputError, match=r"^number: is that of a ticket without a token\. "):
        tickets.token(number)


@pytest.mark.parametrize("number", NUMBERS)
def test_what_is_shown_is_the_same_everywhere_and_fits_into_a_notebook(number: int) -> None:
    text = repr(tickets.show(number))
    assert text.startswith(f"Ticket {number}: ")
    assert f'tickets.check({number}, "CODE")' in text
    assert (f"tickets.token({number})" in text) == (number in CLIENTS)
    assert re.findall("00[67](?!970CA35de60c)[A-Za-z0-9+/]{8}", text) == []  # its text depends on zlib
    assert longest_line(text) <= 100
    assert longest_line(repr(tickets.hint(number))) <= 100
    assert not any(answer in text + tickets.hint(number) for answer in ANSWERS[number])
    if number in CLIENTS:
        assert tickets.token(number) == tickets.token(number)


def test_nothing_shows_the_certificate() -> None:
    shown = "".join(tickets.show(number) + tickets.hint(number) for number in NUMBERS) + tickets.causes()
    replies = "".join(tickets.check(number, cause.name).text for number in NUMBERS for cause in Cause)
    assert str(DEMO.app_certificate) not in shown + replies


def test_the_table_of_causes_has_each_once() -> None:
    rows = [line.split(maxsplit=1) for line in repr(tickets.causes()).splitlines()]
    assert rows == [[cause.name, cause.value.title] for cause in Cause]
    assert longest_line(tickets.causes()) <= 100


def test_they_run_in_a_browser_tab() -> None:
    """Neither the tickets nor their tokens need a package that is not pure Python, nor sockets."""
    code = (
        "import sys; from agora_helpers.exercises import tickets as t\n"
        "for number in range(1, 11): t.show(number), t.hint(number), t.check(number, 'NOT_AGORA')\n"
        f"for number in {sorted(CLIENTS)}: t.token(number)\n"
        "print(' '.join({module.split('.')[0] for module in sys.modules}))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = HEAVY - {"urllib"}  # importlib.resources needs its parser of addresses
    assert (heavy | {"socket", "ssl"}) & set(result.stdout.split()) == set()
