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
