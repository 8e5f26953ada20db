"""Each reason with a token that has just that fault, and no reason that is not really so."""

from __future__ import annotations

from typing import Any

import pytest

from agora_helpers import (
    Credentials,
    ReasonCode,
    RtcService,
    RtmService,
    UnknownService,
    build_rtc_token,
    build_rtm_token,
    decode,
    verify,
)
from agora_helpers.tokens import v006, v007
from agora_helpers.tokens.services import Service
from tests.support import DEMO, NOW, VECTORS, Vector, payload, rebuild, wrap

PAIR = (DEMO.app_id, DEMO.app_certificate)
OTHER = Credentials("0" * 32, "0123456789abcdef" * 2)
LOBBY: dict[str, Any] = {"channel": "lobby", "uid": 7}


def rtc(**options: Any) -> str:
    return build_rtc_token(DEMO, "lobby", **{"uid": 7, "now": NOW, "salt": 1, **options})


def odd(*services: Service | UnknownService, expire: int = 600, issued_at: int = NOW) -> str:
    return v007.encode(*PAIR, services, issued_at=issued_at, expire=expire, salt=1)


def lobby(privileges: dict[int, int], uid: str = "7") -> RtcService:
    return RtcService("lobby", uid, privileges)


def old(privileges: dict[int, int]) -> str:
    return v006.encode(*PAIR, "lobby", "7", privileges, ts=NOW + 86_400, salt=1)


def signed(payload_: bytes) -> str:
    """A 007 token of this signing info, rightly signed."""
    return wrap("007", b" \0" + v007.sign(PAIR[1], NOW, 1, payload_) + payload_)


FAULTS: dict[str, tuple[str, dict[str, Any]]] = {
    "MALFORMED": ("007", LOBBY),
    "APP_ID_MISMATCH": (
        v007.encode(OTHER.app_id, PAIR[1], [lobby({1: 600})], issued_at=NOW, expire=600, salt=1),
        LOBBY,
    ),
    "WRONG_SIGNATURE": (
        v007.encode(PAIR[0], OTHER.app_certificate, [lobby({1: 600})], issued_at=NOW, expire=600, salt=1),
        LOBBY,
    ),
    "NO_RTC_SERVICE": (build_rtm_token(DEMO, "alice", now=NOW), LOBBY),
    "NO_RTM_SERVICE": (rtc(), {"user": "alice"}),
    "CHANNEL_MISMATCH": (rtc(), {"channel": "stage", "uid": 7}),
    "UID_MISMATCH": (rtc(), {"channel": "lobby", "uid": 8}),
    "WRONG_KIND_OF_USER": (rtc(), {"channel": "lobby", "account": "alice"}),
    "USER_MISMATCH": (build_rtm_token(DEMO, "alice", now=NOW), {"user": "bob"}),
    "GRANTS_NOTHING": (odd(lobby({2: 600})), LOBBY),
    "EXPIRED": (rtc(expires_in=60), LOBBY),
    "PRIVILEGE_EXPIRED": (odd(lobby({1: 60})), LOBBY),
    "DURATION_AS_TIME": (old({1: 3600}), LOBBY),
    "SIGNATURE_NOT_CHECKED": (rtc(version="006"), {}),
    "PART_UNREAD": (odd(UnknownService(99, b"")), {}),
    "SIGNED_BY_SECONDARY": (
        v007.encode(PAIR[0], OTHER.app_certificate, [lobby({1: 600})], issued_at=NOW, expire=600, salt=1),
        {**LOBBY, "secondary_certificate": OTHER.app_certificate},
    ),
    "ISSUED_IN_FUTURE": (rtc(now=NOW + 3600), LOBBY),
    "TIME_AS_DURATION": (odd(lobby({1: NOW}), expire=NOW), LOBBY),
    "MILLISECONDS": (odd(lobby({1: 600_000}), expire=600_000), LOBBY),
    "LIFETIME_OVER_24_HOURS": (odd(lobby({1: 90_001}), expire=90_001), LOBBY),
    "PRIVILEGE_WITHOUT_END": (odd(lobby({1: 0})), LOBBY),
    "UNEQUAL_ENDS": (odd(lobby({1: 600, 2: 300})), LOBBY),
    "OTHER_PRIVILEGE_EXPIRED": (odd(lobby({1: 600, 2: 60})), LOBBY),
    "RTM_LIFETIME_IGNORED": (build_rtm_token(DEMO, "alice", version="006", expires_in=60, now=NOW), {"user": "alice"}),
    "UNKNOWN_SERVICE": (odd(lobby({1: 600}), UnknownService(99, b"")), LOBBY),
    "TRAILING_BYTES": (signed(payload(odd(lobby({1: 600})))[34:] + b"\1"), LOBBY),
    "REPEATED_ENTRY": (
        signed(payload(odd(RtmService("alice", {1: 600, 2: 600})))[34:].replace(b"\2\0X\2", b"\1\0X\2")),
        {"user": "alice"},
    ),
    "ACCOUNT_ZERO": (odd(lobby({1: 600}, uid="0")), {"channel": "lobby"}),
    "NEGATIVE_UID": (odd(lobby({1: 600}, uid="-7")), {"channel": "lobby"}),
    "WILDCARD": (odd(RtcService("lob*", "*", {1: 600})), LOBBY),
    "ANY_UID": (rtc(uid=0, allow_any_uid=True), LOBBY),
}
COME_TOGETHER = {"PART_UNREAD": ["PART_UNREAD", "UNKNOWN_SERVICE"]}
"""A part that cannot be read is there because of an unknown service."""


@pytest.mark.parametrize("code", ReasonCode)
def test_a_token_with_just_this_fault(code: ReasonCode) -> None:
    token, expected = FAULTS[code]
    if code == "PART_UNREAD":
        expected = {"user": "alice"}
    verdict = verify(token, DEMO, now=NOW + 60, **expected)
    assert [reason.code for reason in verdict.reasons] == COME_TOGETHER.get(code, [code])
    first = verdict.reasons[0]
    assert first.detail and verdict.ok == (first.severity == "note")


def true_of(vector: Vector, service: Vector) -> set[str]:
    """What is really so about a right token, worked out from the vector alone."""
    found = set()
    expire, times = vector["expire"], list(service["privileges"].values())
    if vector["version"] == "006":
        for number, at in service["privileges"].items():
            if at and at <= vector["issued_at"] - 86_400:
                in_1970 = "DURATION_AS_TIME" if at < 10**9 else "PRIVILEGE_EXPIRED"
                found.add("RTM_LIFETIME_IGNORED" if number == "1000" else in_1970)
        return found
    durations = [expire, *(value for other in vector["services"] for value in other["privileges"].values())]
    if any(10**9 <= value < 4 * 10**9 for value in durations):
        found.add("TIME_AS_DURATION")
    elif expire > 86_400:
        found |= {
            "MILLISECONDS",
            "LIFETIME_OVER_24_HOURS",
        }  # which of the two: see test_what_a_lifetime_was_meant_to_be
    if service["name"] == "rtc":
        if 0 in times:
            found.add("PRIVILEGE_WITHOUT_END")
        if any(0 < time != expire for time in times):
            found.add("UNEQUAL_ENDS")
    return found


TIME_OVER = {"EXPIRED", "PRIVILEGE_EXPIRED", "OTHER_PRIVILEGE_EXPIRED"}
TOO_LONG = {"TIME_AS_DURATION", "MILLISECONDS", "LIFETIME_OVER_24_HOURS"}
ABOUT_THE_WHOLE = {
    "ANY_UID",
    "WILDCARD",
    "NEGATIVE_UID",
    "ACCOUNT_ZERO",
    "UNKNOWN_SERVICE",
    "GRANTS_NOTHING",
    "REPEATED_ENTRY",
    "TRAILING_BYTES",
}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_no_false_alarm_on_a_right_token(vector: Vector) -> None:
    """Verified as its own client would use it, at the second of its issue."""
    credentials = Credentials(vector["app_id"], vector["app_certificate"])
    token = rebuild(vector)
    decoded = decode(token)
    now = vector["issued_at"] - (86_400 if vector["version"] == "006" else 0)
    for service in vector["services"]:
        expected: dict[str, Any] = {}
        if service["name"] == "rtc":
            expected = {"channel": service["channel_name"], "uid": service["uid"]}
        elif service["name"] in ("rtm", "rtm2"):
            expected = {"user": service.get("user_id", service.get("channel_name"))}
        elif vector["version"] == "006":
            continue
        verdict = verify(token, credentials, now=max(now, 0), **expected)
        said = {reason.code.value for reason in verdict.reasons}
        assert verdict.signature.status == "ok", verdict.signature
        if expected and not decoded.unread:
            assert said - ABOUT_THE_WHOLE - TIME_OVER <= true_of(vector, service)
            assert bool(said & TOO_LONG) == bool(true_of(vector, service) & TOO_LONG)
        uids = [other.get("uid") for other in vector["services"]]
        assert ("ANY_UID" in said) <= ("" in uids) and ("ACCOUNT_ZERO" in said) <= ("0" in uids)
        assert ("UNKNOWN_SERVICE" in said) == bool(decoded.unread)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (90_000, "LIFETIME_OVER_24_HOURS"),
        (5 * 86_400, "LIFETIME_OVER_24_HOURS"),
        (30 * 86_400, "LIFETIME_OVER_24_HOURS"),
        (365 * 86_400, "LIFETIME_OVER_24_HOURS"),
        (21_600_000, "LIFETIME_OVER_24_HOURS"),  # 250 days, or six hours in milliseconds: both are said
        (600_000, "MILLISECONDS"),
        (1_800_000, "MILLISECONDS"),
        (3_600_000, "MILLISECONDS"),
        (86_400_000, "MILLISECONDS"),
        (2**32 - 1, "LIFETIME_OVER_24_HOURS"),
        (NOW + 3600, "TIME_AS_DURATION"),
    ],
)
def test_what_a_lifetime_was_meant_to_be(seconds: int, code: str) -> None:
    verdict = verify(odd(lobby({1: seconds}), expire=seconds), DEMO, now=NOW, **LOBBY)
    assert [reason.code.value for reason in verdict.reasons] == [code]
    assert ("in milliseconds?" in verdict.reasons[0].detail) == (seconds % 1000 == 0 and "OVER" in code)


@pytest.mark.parametrize("service", [lobby({1: NOW}), RtmService("alice", {1: NOW})])
def test_a_time_in_a_privilege_is_noticed_too(service: Service) -> None:
    codes = [reason.code.value for reason in verify(odd(service), DEMO, now=NOW).reasons]
    assert codes == ["TIME_AS_DURATION"]


def test_each_door_needs_its_own_privilege() -> None:
    token = odd(lobby({2: 600}), RtmService("alice", {1: 600}))
    verdict = verify(token, DEMO, now=NOW, user="alice", **LOBBY)
    assert not verdict.ok and verdict.reasons[0].code == "GRANTS_NOTHING"


@pytest.mark.parametrize(
    ("channel", "uid", "joins", "fits"),
    [
        ("lob*", "*", ("lobby", 7), True),
        ("*", "", ("lobby", 7), True),
        ("l*b*y", "1*3", ("lobby", 123), True),
        ("l*b*y", "1*3", ("lobby", 13), True),
        ("l*b*y", "1*3", ("lobby", 1), False),
        ("lob*", "7", ("loft", 7), False),
        ("*by*by", "7", ("lobby", 7), False),
        ("*" * 65, "7", ("lobby", 7), False),
    ],
)
def test_wildcards_as_agora_documents_them(channel: str, uid: str, joins: tuple[str, int], fits: bool) -> None:
    verdict = verify(odd(RtcService(channel, uid, {1: 600})), DEMO, channel=joins[0], uid=joins[1], now=NOW)
    assert verdict.ok == fits and ("WILDCARD" in [reason.code for reason in verdict.reasons]) >= fits
    assert all(row.status != "differs" for row in verdict.compared) == fits


@pytest.mark.parametrize("right", [True, False])
def test_a_006_signature_is_checked_for_each_client_that_is_named(right: bool) -> None:
    token = rtc(version="006")
    signer = DEMO if right else Credentials(DEMO.app_id, OTHER.app_certificate)
    verdict = verify(token, signer, channel="lobby", uid=7, user="alice", now=NOW)
    assert verdict.signature.status == ("ok" if right else "wrong")
