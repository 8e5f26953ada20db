"""Reasons that appear together: in a generated table of tokens and times none contradicts or repeats another."""

from __future__ import annotations

from itertools import combinations, product
from typing import Any

import pytest

from agora_helpers import ReasonCode, RtcService, RtmService, verify
from agora_helpers.verification.reasons import REASONS
from tests.support import DEMO, NOW
from tests.verification.samples import LOBBY, rtc, sign_006, sign_007

ENDS_006 = (None, 2, 3600, NOW - 1, NOW + 3600, NOW + 90_000, 2 * NOW)
ENDS_007 = (None, 0, 1, 60, 3600, 90_000, NOW, 2 * NOW)
CLIENTS: tuple[dict[str, Any], ...] = ({}, LOBBY, {"user": "lobby"}, {"channel": "lobby", "uid": 0})
TOKENS = [
    *(
        sign_006(
            "lobby", uid, {number: end for number, end in ((1, join), (2, publish), (1000, login)) if end is not None}
        )
        for uid, join, publish, login in product(("7", ""), ENDS_006, ENDS_006, (None, NOW - 1, NOW + 3600))
    ),
    *(
        sign_007(
            RtcService("lobby", uid, {number: end for number, end in ((1, join), (2, publish)) if end is not None}),
            *([RtmService("lobby", {1: login})] if login is not None else []),
            expire=expire,
        )
        for uid, join, publish, login, expire in product(
            ("7", "0"), ENDS_007, (None, 60, 3600), (None, 60), (0, 1, 3600, 90_000, NOW, 2 * NOW)
        )
    ),
]
OVER = {ReasonCode.EXPIRED, ReasonCode.PRIVILEGE_EXPIRED, ReasonCode.DURATION_AS_TIME}
CONTRADICTIONS = {
    *(frozenset({code, ReasonCode.OTHER_PRIVILEGE_EXPIRED}) for code in OVER),
    frozenset({ReasonCode.EXPIRED, ReasonCode.PRIVILEGE_EXPIRED}),
    frozenset({ReasonCode.EXPIRED, ReasonCode.ISSUED_IN_FUTURE}),
    frozenset({ReasonCode.EXPIRED, ReasonCode.UNEQUAL_ENDS}),
    frozenset({ReasonCode.DURATION_AS_TIME, ReasonCode.TIME_AS_DURATION}),
    frozenset({ReasonCode.MILLISECONDS, ReasonCode.LIFETIME_OVER_24_HOURS}),
    frozenset({ReasonCode.UID_MISMATCH, ReasonCode.ANY_UID}),
    frozenset({ReasonCode.UID_MISMATCH, ReasonCode.WRONG_KIND_OF_USER}),
    frozenset({ReasonCode.UID_MISMATCH, ReasonCode.NOT_COMPARED}),
}


@pytest.mark.parametrize("client", CLIENTS, ids=str)
@pytest.mark.parametrize("age", [-3600, 0, 60, 3600, 86_400])
def test_reasons_neither_contradict_nor_repeat_each_other(client: dict[str, Any], age: int) -> None:
    pairs = set()
    for token in TOKENS:
        codes = [reason.code for reason in verify(token, DEMO, now=NOW + age, **client).reasons]
        assert len(codes) == len(set(codes)), codes
        pairs |= {frozenset(pair) for pair in combinations(codes, 2)}
    assert len(pairs) >= 5, "the table has combinations"
    assert not pairs & CONTRADICTIONS
    hints = [tuple(REASONS[code].hint for code in pair) for pair in pairs]
    assert not [pair for pair in hints if pair[0] == pair[1]]


@pytest.mark.parametrize("version", ["006", "007"])
def test_a_token_an_hour_too_late_has_expired_and_nothing_else(version: str) -> None:
    token = rtc(version=version, role="publisher")
    verdict = verify(token, DEMO, now=NOW + 7200, **LOBBY)
    assert [reason.code for reason in verdict.reasons] == ["EXPIRED"]
    assert verdict.time.detail == "Expired 2023-11-14 23:13:20 UTC (60 min ago)."


NAMES = ("lobby", "undefined", "https://a.example/lobby", "caf\u00e9", "")
UIDS = ("7", "0", "-7", "17600000000123", "undefined", "alice", "")
NAMED = [
    *(
        (sign_007(RtcService(channel, uid, {1: 600})), sign_006(channel, uid, {1: NOW + 600}))
        for channel, uid in product(NAMES, UIDS)
    ),
    *((sign_007(RtmService(user, {1: 600})), sign_006(user, "", {1000: NOW + 600})) for user in ("a.b", *NAMES)),
]
WHOSE: tuple[dict[str, Any], ...] = (
    *({"uid": uid} for uid in (7, 0, -7, 17_600_000_000_123, 3_518_988_411)),
    {"account": "alice"},
    {"account": "undefined"},
)
JOINING = [
    *({"channel": channel, **whose} for channel, whose in product(NAMES, WHOSE)),
    *({"user": user} for user in ("a.b", "alice", *NAMES)),
]
MISMATCHES = {"CHANNEL_MISMATCH", "UID_MISMATCH", "WRONG_KIND_OF_USER", "USER_MISMATCH"}


@pytest.mark.parametrize("client", JOINING, ids=str)
def test_a_cause_comes_before_the_mismatch_that_follows_from_it(client: dict[str, Any]) -> None:
    """And only the cause says what to do: the mismatch refers to it."""
    for token in (token for both in NAMED for token in both):
        verdict = verify(token, DEMO, now=NOW, **client)
        codes = [reason.code for reason in verdict.reasons]
        assert len(codes) == len(set(codes)), codes
        severities = [reason.severity == "note" for reason in verdict.reasons]
        assert severities == sorted(severities)
        for row in verdict.compared:
            mismatch = row.reason
            if not mismatch or mismatch.code not in MISMATCHES:
                continue
            assert mismatch in verdict.reasons
            causes = [reason for reason in verdict.reasons if row.name in reason.explains]
            for cause in causes:
                assert codes.index(cause.code) < codes.index(mismatch.code)
                assert cause.severity == "wrong"
                assert cause.code in mismatch.hint
            assert causes or mismatch.hint == REASONS[mismatch.code].hint


@pytest.mark.parametrize(
    ("signed", "client", "codes"),
    [
        (RtcService("lobby", "7", {1: 600}), {"channel": "undefined", "uid": 7}, "PLACEHOLDER_NAME CHANNEL_MISMATCH"),
        (RtcService("NaN", "7", {1: 600}), {"channel": "lobby", "uid": 7}, "PLACEHOLDER_NAME CHANNEL_MISMATCH"),
        (RtcService("", "7", {1: 600}), {"channel": "lobby", "uid": 7}, "EMPTY_CHANNEL CHANNEL_MISMATCH"),
        (RtcService("lobby", "0", {1: 600}), {"channel": "lobby", "uid": 7}, "ACCOUNT_ZERO UID_MISMATCH"),
        (RtcService("lobby", "-7", {1: 600}), {"channel": "lobby", "uid": 9}, "NEGATIVE_UID UID_MISMATCH"),
        (RtcService("lobby", "8589934599", {1: 600}), {"channel": "lobby", "uid": 7}, "UID_TOO_LARGE UID_MISMATCH"),
        (RtcService("lobby", "7", {1: 600}), {"channel": "http://a/b", "uid": 7}, "NAME_NOT_ALLOWED CHANNEL_MISMATCH"),
        (RtcService("lobby", "7", {1: 600}), {"channel": rtc(), "uid": 7}, "NAME_NOT_ALLOWED CHANNEL_MISMATCH"),
        (RtmService("alice", {1: 600}), {"user": "alice@a.example"}, "RTM2_NAME USER_MISMATCH"),
        # the cause of one row is none of another's
        (
            RtcService("lobby", "0", {1: 600}),
            {"channel": "hall", "uid": 7},
            "CHANNEL_MISMATCH ACCOUNT_ZERO UID_MISMATCH",
        ),
        # a service that is missing does not follow from a name
        (RtmService("alice", {1: 600}), {"channel": "undefined", "uid": 7}, "NO_RTC_SERVICE PLACEHOLDER_NAME"),
    ],
)
def test_the_first_reason_is_the_cause(signed: RtcService | RtmService, client: dict[str, Any], codes: str) -> None:
    assert [reason.code.value for reason in verify(sign_007(signed), DEMO, now=NOW, **client).reasons] == codes.split()


@pytest.mark.parametrize(
    ("token", "client", "codes"),
    [
        (sign_006("7", "lobby", {1: NOW + 600}), LOBBY, "CHANNEL_MISMATCH UID_MISMATCH"),
        (sign_007(RtcService("7", "lobby", {1: 600})), LOBBY, "CHANNEL_MISMATCH WRONG_KIND_OF_USER"),
    ],
)
def test_swapped_arguments_explain_the_other_mismatch(token: str, client: dict[str, Any], codes: str) -> None:
    first, second = verify(token, DEMO, now=NOW, **client).reasons[:2]
    assert f"{first.code} {second.code}" == codes
    assert first.hint == "Swap the two arguments. Agora's builders take the channel first."
    assert "CHANNEL_MISMATCH" in second.hint


@pytest.mark.parametrize(
    ("token", "client", "codes"),
    [
        (sign_006("undefined", "7", {1: NOW + 600}), LOBBY, "PLACEHOLDER_NAME CHANNEL_MISMATCH"),
        (sign_006("lobby", "NaN", {1: NOW + 600}), LOBBY, "PLACEHOLDER_NAME UID_MISMATCH"),
        (sign_006("None", "", {1000: NOW + 600}), {"user": "alice"}, "PLACEHOLDER_NAME USER_MISMATCH"),
        (
            sign_006("lobby", "-775978885", {1: NOW + 600}),
            {"channel": "lobby", "uid": 3_518_988_411},
            "NEGATIVE_UID UID_MISMATCH",
        ),
    ],
)
def test_the_checksums_of_a_006_token_show_such_a_cause_too(token: str, client: dict[str, Any], codes: str) -> None:
    assert [reason.code.value for reason in verify(token, DEMO, now=NOW, **client).reasons][:2] == codes.split()
