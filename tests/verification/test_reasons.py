"""Each reason with a token that has just that fault, and no reason that is not really so."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from agora_helpers import (
    Credentials,
    ReasonCode,
    RtcService,
    RtmService,
    UnknownService,
    decode,
    verify,
)
from agora_helpers.tokens import v007
from agora_helpers.tokens.services import Service
from agora_helpers.verification.reasons import ORDER, REASONS, Reason, reason_for
from tests.support import DEMO, NOW, VECTORS, Vector, payload, rebuild, wrap
from tests.verification.samples import (
    LOBBY,
    OTHER_CERTIFICATE,
    OTHER_SIGNER,
    lobby,
    rtc,
    rtm,
    sign_006,
    sign_007,
)


def sign_payload(content: bytes) -> str:
    """Sign arbitrary bytes as the content of a 007 token."""
    return wrap("007", b" \0" + v007.sign(DEMO.app_certificate, NOW, 1, content) + content)


def content_of(token: str) -> bytes:
    """Return the part of a 007 token that is signed."""
    return payload(token)[34:]


OTHER_PROJECT = Credentials("0" * 32, DEMO.app_certificate)
FAULTS: dict[str, tuple[str, dict[str, Any]]] = {
    "MALFORMED": ("007", LOBBY),
    "APP_ID_MISMATCH": (rtc(OTHER_PROJECT), LOBBY),
    "WRONG_SIGNATURE": (rtc(OTHER_SIGNER), LOBBY),
    "SIGNED_BY_DISABLED": (rtc(OTHER_SIGNER), {**LOBBY, "disabled_certificates": [OTHER_CERTIFICATE]}),
    "NO_RTC_SERVICE": (rtm(), LOBBY),
    "NO_RTM_SERVICE": (rtc(), {"user": "alice"}),
    "CHANNEL_MISMATCH": (rtc(), {"channel": "stage", "uid": 7}),
    "UID_MISMATCH": (rtc(), {"channel": "lobby", "uid": 8}),
    "WRONG_KIND_OF_USER": (rtc(), {"channel": "lobby", "account": "alice"}),
    "USER_MISMATCH": (rtm(), {"user": "bob"}),
    "NAME_NOT_ALLOWED": (sign_007(RtcService("a/b", "7", {1: 600})), {"channel": "a/b", "uid": 7}),
    "GRANTS_NOTHING": (sign_007(lobby({2: 600})), LOBBY),
    "EXPIRED": (rtc(expires_in=60), LOBBY),
    "PRIVILEGE_EXPIRED": (sign_007(lobby({1: 60})), LOBBY),
    "DURATION_AS_TIME": (sign_006("lobby", "7", {1: 3600}), LOBBY),
    "NO_CERTIFICATE": (rtc(OTHER_PROJECT), {**LOBBY, "credentials": None, "app_id": OTHER_PROJECT.app_id}),
    "SIGNATURE_NOT_CHECKED": (rtc(version="006"), {"partial": True}),
    "PART_UNREAD": (sign_007(UnknownService(99, b"")), {"user": "alice"}),
    "NOT_COMPARED": (rtc(), {}),
    "SIGNED_BY_SECONDARY": (rtc(OTHER_SIGNER), {**LOBBY, "secondary_certificate": OTHER_CERTIFICATE}),
    "ISSUED_IN_FUTURE": (rtc(now=NOW + 3600), LOBBY),
    "TIME_AS_DURATION": (sign_007(lobby({1: NOW}), expire=NOW), LOBBY),
    "MILLISECONDS": (sign_007(lobby({1: 600_000}), expire=600_000), LOBBY),
    "LIFETIME_OVER_24_HOURS": (sign_007(lobby({1: 90_001}), expire=90_001), LOBBY),
    "LIFETIME_TOO_SHORT": (sign_007(lobby({1: 59}), expire=59, issued_at=NOW + 60), LOBBY),
    "PRIVILEGE_WITHOUT_END": (sign_007(lobby({1: 0})), LOBBY),
    "UNEQUAL_ENDS": (sign_007(lobby({1: 600, 2: 300})), LOBBY),
    "OTHER_PRIVILEGE_EXPIRED": (sign_007(lobby({1: 600, 2: 60})), LOBBY),
    "RTM_LIFETIME_IGNORED": (rtm(version="006", expires_in=60), {"user": "alice"}),
    "SEVERAL_TOKENS": (f"{rtc()} {rtm()}", LOBBY),
    "UNKNOWN_SERVICE": (sign_007(lobby({1: 600}), UnknownService(99, b"")), LOBBY),
    "TRAILING_BYTES": (sign_payload(content_of(sign_007(lobby({1: 600}))) + b"\1"), LOBBY),
    "REPEATED_ENTRY": (
        sign_payload(content_of(sign_007(RtmService("alice", {1: 600, 2: 600}))).replace(b"\2\0X\2", b"\1\0X\2")),
        {"user": "alice"},
    ),
    "SAMPLE_APP_ID": (rtc(), {**LOBBY, "credentials": None}),
    "PLACEHOLDER_NAME": (sign_007(RtcService("undefined", "7", {1: 600})), {"channel": "undefined", "uid": 7}),
    "RTM2_NAME": (rtm(user="a.b"), {"user": "a.b"}),
    "EMPTY_CHANNEL": (sign_007(RtcService("", "7", {1: 600})), {"uid": 7, "partial": True}),
    "ACCOUNT_ZERO": (sign_007(lobby({1: 600}, uid="0")), {"channel": "lobby", "partial": True}),
    "UID_TOO_LARGE": (sign_007(lobby({1: 600}, uid="4294967296")), {"channel": "lobby", "partial": True}),
    "NEGATIVE_UID": (sign_007(lobby({1: 600}, uid="-7")), {"channel": "lobby", "partial": True}),
    "WILDCARD": (sign_007(RtcService("lob*", "*", {1: 600})), LOBBY),
    "ANY_UID": (rtc(uid=0, allow_any_uid=True), LOBBY),
}
COME_TOGETHER = {
    "PART_UNREAD": ["PART_UNREAD", "UNKNOWN_SERVICE"],  # because of which it cannot be read
    "SAMPLE_APP_ID": ["NO_CERTIFICATE", "NOT_COMPARED", "SAMPLE_APP_ID"],  # only where no App ID is expected
}


@pytest.mark.parametrize("code", ReasonCode)
def test_a_token_with_just_this_fault(code: ReasonCode) -> None:
    token, client = FAULTS[code]
    verdict = verify(token, now=NOW + 60, **{"credentials": DEMO, **client})
    assert [reason.code for reason in verdict.reasons] == COME_TOGETHER.get(code, [code])
    assert verdict.reasons[0].detail
    assert verdict.ok == (verdict.reasons[0].severity == "note")


def test_every_code_has_a_reason() -> None:
    assert set(REASONS) == set(ReasonCode)


def test_codes_are_in_order_of_severity() -> None:
    severities = [REASONS[code].severity for code in ReasonCode]
    assert severities == sorted(severities, key=["wrong", "not checked", "note"].index)
    assert list(ORDER) == list(ReasonCode)


@pytest.mark.parametrize("reason", REASONS.values(), ids=REASONS)
def test_a_reason_is_written_in_sentences(reason: Reason) -> None:
    assert reason.title[0].isupper()
    assert reason.title[-1] != "."
    assert reason.explanation.endswith(".")
    assert reason.hint.endswith(".")


def test_a_reason_for_one_token_keeps_the_general_one() -> None:
    assert reason_for(ReasonCode.EXPIRED, "Yesterday.").detail == "Yesterday."
    assert REASONS[ReasonCode.EXPIRED].detail == ""


def true_of(vector: Vector, service: Vector) -> set[str]:
    """Return what is really unusual about a valid token, worked out from the vector alone."""
    codes = set()
    expire, times = vector["expire"], list(service["privileges"].values())
    if vector["version"] == "007" and expire < 60:
        codes.add("LIFETIME_TOO_SHORT")
    if vector["version"] == "006" and max(times, default=0) > vector["issued_at"] + 60:  # it holds the token's end
        codes.add("LIFETIME_OVER_24_HOURS")
    if vector["version"] == "006":
        if 0 < service["privileges"].get("1", 0) - (vector["issued_at"] - 86_400) < 60:
            codes.add("LIFETIME_TOO_SHORT")
        for number, at in service["privileges"].items():
            if at and at <= vector["issued_at"] - 86_400:
                in_1970 = "DURATION_AS_TIME" if at < 10**9 else "PRIVILEGE_EXPIRED"
                codes.add("RTM_LIFETIME_IGNORED" if number == "1000" else in_1970)
        return codes
    durations = [expire, *(value for other in vector["services"] for value in other["privileges"].values())]
    if any(10**9 <= value < 4 * 10**9 for value in durations):
        codes.add("TIME_AS_DURATION")
    elif expire > 86_400:  # which of the two: see test_what_a_lifetime_was_meant_to_be
        codes |= {"MILLISECONDS", "LIFETIME_OVER_24_HOURS"}
    if service["name"] == "rtc":
        if 0 in times:
            codes.add("PRIVILEGE_WITHOUT_END")
        if any(0 < time != expire for time in times):
            codes.add("UNEQUAL_ENDS")
    return codes


EXPIRED = {"EXPIRED", "PRIVILEGE_EXPIRED", "OTHER_PRIVILEGE_EXPIRED"}
TOO_LONG = {"TIME_AS_DURATION", "MILLISECONDS", "LIFETIME_OVER_24_HOURS"}
ABOUT_THE_WHOLE = {
    "ANY_UID",
    "EMPTY_CHANNEL",
    "NAME_NOT_ALLOWED",
    "PLACEHOLDER_NAME",
    "RTM2_NAME",
    "WILDCARD",
    "NEGATIVE_UID",
    "ACCOUNT_ZERO",
    "UNKNOWN_SERVICE",
    "GRANTS_NOTHING",
    "REPEATED_ENTRY",
    "TRAILING_BYTES",
}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_no_false_alarm_on_a_valid_token(vector: Vector) -> None:
    """Verify it as its own client would use it, at the second of its issue."""
    credentials = Credentials(vector["app_id"], vector["app_certificate"])
    token = rebuild(vector)
    decoded = decode(token)
    now = vector["issued_at"] - (86_400 if vector["version"] == "006" else 0)
    for service in vector["services"]:
        client: dict[str, Any] = {}
        if service["name"] == "rtc":
            client = {"channel": service["channel_name"], "uid": service["uid"]}
        elif service["name"] in ("rtm", "rtm2"):
            client = {"user": service.get("user_id", service.get("channel_name"))}
        elif vector["version"] == "006":
            continue
        verdict = verify(token, credentials, now=max(now, 0), partial=True, **client)
        codes = {reason.code.value for reason in verdict.reasons}
        assert verdict.signature.status == "ok", verdict.signature
        if client and not decoded.unread:
            assert codes - ABOUT_THE_WHOLE - EXPIRED <= true_of(vector, service)
            assert bool(codes & TOO_LONG) == bool(true_of(vector, service) & TOO_LONG)
        uids = [other.get("uid") for other in vector["services"]]
        assert "ANY_UID" not in codes or "" in uids
        assert "ACCOUNT_ZERO" not in codes or "0" in uids
        assert ("UNKNOWN_SERVICE" in codes) == bool(decoded.unread)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (90_000, "LIFETIME_OVER_24_HOURS"),
        (5 * 86_400, "LIFETIME_OVER_24_HOURS"),
        (30 * 86_400, "LIFETIME_OVER_24_HOURS"),
        (365 * 86_400, "LIFETIME_OVER_24_HOURS"),
        (21_600_000, "LIFETIME_OVER_24_HOURS"),  # 250 days, or six hours in milliseconds: the detail has both
        (600_000, "MILLISECONDS"),
        (1_800_000, "MILLISECONDS"),
        (3_600_000, "MILLISECONDS"),
        (86_400_000, "MILLISECONDS"),
        (2**32 - 1, "LIFETIME_OVER_24_HOURS"),
        (NOW + 3600, "TIME_AS_DURATION"),
    ],
)
def test_what_a_lifetime_was_meant_to_be(seconds: int, code: str) -> None:
    verdict = verify(sign_007(lobby({1: seconds}), expire=seconds), DEMO, now=NOW, **LOBBY)
    assert [reason.code.value for reason in verdict.reasons] == [code]
    assert ("in milliseconds?" in verdict.reasons[0].detail) == (seconds % 1000 == 0 and "OVER" in code)


@pytest.mark.parametrize("service", [lobby({1: NOW}), RtmService("alice", {1: NOW})])
def test_a_time_in_a_privilege_is_noticed_too(service: Service) -> None:
    verdict = verify(sign_007(service), DEMO, now=NOW, partial=True)
    assert [reason.code for reason in verdict.reasons] == ["TIME_AS_DURATION"]


def test_joining_and_logging_in_need_a_privilege_each() -> None:
    token = sign_007(lobby({2: 600}), RtmService("alice", {1: 600}))
    verdict = verify(token, DEMO, now=NOW, user="alice", **LOBBY)
    assert [reason.code for reason in verdict.reasons] == ["GRANTS_NOTHING"]


@pytest.mark.parametrize(
    ("channel", "uid", "client"),
    [
        ("lob*", "*", ("lobby", 7)),
        ("*", "", ("lobby", 7)),
        ("l*b*y", "1*3", ("lobby", 123)),
        ("l*b*y", "1*3", ("lobby", 13)),
    ],
)
def test_wildcards_that_match(channel: str, uid: str, client: tuple[str, int]) -> None:
    verdict = verify(sign_007(RtcService(channel, uid, {1: 600})), DEMO, channel=client[0], uid=client[1], now=NOW)
    assert verdict.ok
    assert "WILDCARD" in [reason.code for reason in verdict.reasons]
    assert {row.status for row in verdict.compared} == {"same"}


@pytest.mark.parametrize(
    ("channel", "uid", "client", "code"),
    [
        ("l*b*y", "1*3", ("lobby", 1), "UID_MISMATCH"),
        ("lob*", "7", ("loft", 7), "CHANNEL_MISMATCH"),
        ("*by*by", "7", ("lobby", 7), "CHANNEL_MISMATCH"),
    ],
)
def test_wildcards_that_do_not_match(channel: str, uid: str, client: tuple[str, int], code: str) -> None:
    verdict = verify(sign_007(RtcService(channel, uid, {1: 600})), DEMO, channel=client[0], uid=client[1], now=NOW)
    assert verdict.reasons[0].code == code
    assert "differs" in {row.status for row in verdict.compared}


@pytest.mark.parametrize(("size", "status"), [(64, "same"), (65, "differs")])
@pytest.mark.parametrize("name", ["channel", "uid"])
def test_a_name_with_a_wildcard_has_up_to_64_bytes(name: str, size: int, status: str) -> None:
    pattern = "a" * (size - 1) + "*"
    assert len(pattern.encode()) == size
    signed = {"channel": "lobby", "uid": "7"} | {name: pattern}
    client: dict[str, Any] = {"channel": "lobby", "uid": "7"} | {name: "a" * (size - 1) + "b"}
    verdict = verify(sign_007(RtcService(**signed, privileges={1: 600})), DEMO, now=NOW, **client)
    row = {"channel": verdict.compared[1], "uid": verdict.compared[2]}[name]
    assert row.status == status


def test_a_wildcard_is_limited_in_bytes_and_not_in_characters() -> None:
    pattern = "é" * 32 + "*"  # 33 characters, 65 bytes
    verdict = verify(sign_007(RtcService(pattern, "7", {1: 600})), DEMO, channel="é" * 32 + "b", uid=7, now=NOW)
    assert verdict.match.status == "wrong"


def test_a_token_signed_with_the_secondary_certificate_is_valid() -> None:
    secondary = "0123456789abcdef0123456789abcdef"
    token = rtc(Credentials(DEMO.app_id, secondary))
    verdict = verify(token, DEMO, secondary_certificate=secondary, now=NOW, **LOBBY)
    assert verdict.ok
    assert verdict.signature.status == "ok"
    assert [(reason.code.value, reason.severity) for reason in verdict.reasons] == [("SIGNED_BY_SECONDARY", "note")]
    assert verdict.signature.detail == "Signed with the secondary App Certificate."


@pytest.mark.parametrize(("signer", "status"), [(DEMO, "ok"), (OTHER_SIGNER, "wrong")])
def test_a_006_signature_is_checked_for_each_client_that_is_named(signer: Credentials, status: str) -> None:
    verdict = verify(rtc(version="006"), signer, channel="lobby", uid=7, user="alice", now=NOW)
    assert verdict.signature.status == status


@pytest.mark.parametrize("seconds", [0, 1, 2, 3, 59])
@pytest.mark.parametrize("age", [0, 3600])
def test_a_lifetime_under_a_minute_is_noticed_even_when_it_is_over(seconds: int, age: int) -> None:
    reasons = verify(sign_007(lobby({1: seconds}), expire=seconds), DEMO, now=NOW + age, **LOBBY).reasons
    (short,) = [reason for reason in reasons if reason.code == "LIFETIME_TOO_SHORT"]
    assert ("looks like a role" in short.detail) == (seconds in (1, 2))


@pytest.mark.parametrize(
    ("end", "noticed", "twice"),
    [
        (NOW + 3600, False, False),
        (NOW + 86_400, False, False),
        (NOW + 86_460, False, False),
        (NOW + 86_461, True, False),
        (NOW + 989_999_999, True, False),
        (2 * NOW, True, True),
        (2 * NOW + 3600, True, True),
    ],
)
def test_a_006_privilege_that_ends_after_its_token(end: int, noticed: bool, twice: bool) -> None:
    verdict = verify(sign_006("lobby", "7", {1: end}), DEMO, now=NOW, **LOBBY)
    assert [reason.code.value for reason in verdict.reasons] == ["LIFETIME_OVER_24_HOURS"] * noticed
    assert ["added twice" in reason.detail for reason in verdict.reasons] == [twice] * noticed
    assert verdict.ok


def test_the_current_time_twice_in_007() -> None:
    expire = 2 * NOW + 3600
    (reason,) = verify(sign_007(lobby({1: expire}), expire=expire), DEMO, now=NOW, **LOBBY).reasons
    assert reason.detail == f"A duration of {expire} seconds: the current time was added twice."


def test_expired_names_the_event_that_carries_the_old_token() -> None:
    assert "carries the old token" in REASONS[ReasonCode.EXPIRED].hint


@pytest.mark.parametrize("version", ["006", "007"])
def test_a_disabled_certificate_is_named_in_place_of_a_wrong_signature(version: str) -> None:
    client: dict[str, Any] = {**LOBBY, "now": NOW, "disabled_certificates": [OTHER_CERTIFICATE]}
    verdict = verify(rtc(OTHER_SIGNER, version=version), DEMO, **client)
    assert [reason.code for reason in verdict.reasons] == ["SIGNED_BY_DISABLED"]
    unknown = Credentials(DEMO.app_id, "e" * 32)
    assert [reason.code for reason in verify(rtc(unknown, version=version), DEMO, **client).reasons] == [
        "WRONG_SIGNATURE"
    ]


@pytest.mark.parametrize("version", ["006", "007"])
def test_agoras_sample_app_id_is_named(version: str) -> None:
    own = Credentials("0" * 32, "e" * 32)
    in_token = verify(rtc(version=version), own, now=NOW, **LOBBY).reasons[0]
    in_credentials = verify(rtc(own, version=version), DEMO, now=NOW, **LOBBY).reasons[0]
    neither = verify(rtc(own, version=version), Credentials("1" * 32, "e" * 32), now=NOW, **LOBBY).reasons[0]
    assert in_token.detail.startswith("The token contains the sample App ID that Agora publishes")
    assert in_credentials.detail.endswith("It was checked for the sample App ID that Agora publishes.")
    assert neither.detail == "The token contains a different App ID."


@pytest.mark.parametrize("uid", ["", "7"])
def test_an_empty_channel_in_006(uid: str) -> None:
    codes = [reason.code for reason in verify(sign_006("", uid, {1: NOW + 600}), DEMO, now=NOW, **LOBBY).reasons]
    assert "EMPTY_CHANNEL" in codes
    assert "EMPTY_CHANNEL" not in [reason.code for reason in verify(rtm(version="006"), DEMO, now=NOW).reasons]


@pytest.mark.parametrize(
    ("token", "client", "detail"),
    [
        (
            sign_007(lobby({1: 600}, uid="17600000000123")),
            {"channel": "lobby", "uid": 17_600_000_000_123},
            "uid: does not fit into 32 bits.",
        ),
        (
            sign_006("lobby", "17600000000123", {1: NOW + 60}),
            {"channel": "lobby", "uid": 17_600_000_000_123},
            "uid: does",
        ),
        (
            sign_007(lobby({1: 600}, uid="-7")),
            {"channel": "lobby", "uid": -7},
            "uid: is negative. As an unsigned integer it is 4294967289.",
        ),
        (sign_007(RtcService("", "7", {1: 600})), {"channel": "", "uid": 7}, "channel: is empty."),
        (rtc(), {"channel": "https://a.example/lobby", "uid": 7}, "channel: looks like a URL."),
        (rtc(), {"channel": rtc(), "uid": 7}, "channel: looks like a token."),
        (
            rtc(),
            {"channel": "lobby", "account": "caf\u00e9"},
            "account: contains a character that Agora does not allow",
        ),
        (rtm(), {"user": "x" * 65}, "user: is 65 bytes long"),
    ],
)
def test_a_name_that_no_client_can_use_is_not_ok(token: str, client: dict[str, Any], detail: str) -> None:
    verdict = verify(token, DEMO, now=NOW, **client)
    assert not verdict.ok
    assert any(detail in reason.detail for reason in verdict.reasons if reason.code == "NAME_NOT_ALLOWED")


@pytest.mark.parametrize("name", ["undefined", "NaN", "None", "null", "[object Object]", "{channel}", ":userAccount"])
def test_a_name_of_a_variable_without_a_value_is_noticed(name: str) -> None:
    cases: list[tuple[str, dict[str, Any]]] = [
        (sign_007(RtcService(name, "7", {1: 600})), {}),
        (sign_007(lobby({1: 600}, uid=name)), {}),
        (sign_007(RtmService(name, {1: 600})), {}),
        (sign_006(name, "7", {1: NOW + 600}), {"channel": name, "uid": 7}),
    ]
    for token, client in cases:
        codes = [reason.code for reason in verify(token, DEMO, now=NOW, **client).reasons]
        assert "PLACEHOLDER_NAME" in codes


@pytest.mark.parametrize("name", ["lobby", "nullable", "none of us", "undefined-2", "a:b", "room {1}", "_x"])
def test_a_real_name_is_none_of_those(name: str) -> None:
    codes = [reason.code for reason in verify(rtc(), DEMO, now=NOW, channel=name, user=name).reasons]
    assert "PLACEHOLDER_NAME" not in codes


@pytest.mark.parametrize(("user", "refused"), [("a.b", True), ("_alice", True), ("alice_", False), ("alice", False)])
def test_a_user_id_that_rtm_2_refuses_is_noticed(user: str, refused: bool) -> None:
    verdict = verify(sign_007(RtmService(user, {1: 600})), DEMO, now=NOW, user=user)
    assert verdict.match.status == ("wrong" if refused else "ok")
    assert [reason.code.value for reason in verdict.reasons] == ["RTM2_NAME"] * refused


def test_such_a_user_id_is_a_note_where_it_does_not_prevent_the_client() -> None:
    """RTM 1.x accepts it in a 006 token, and a client that joins a channel does not log in."""
    both = sign_007(RtcService("lobby", "7", {1: 600}), RtmService("a.b", {1: 600}))
    for token, client in ((rtm(user="a.b", version="006"), {"user": "a.b"}), (both, LOBBY)):
        verdict = verify(token, DEMO, now=NOW, partial=True, **client)
        assert verdict.ok
        assert [(reason.code, reason.severity) for reason in verdict.reasons] == [("RTM2_NAME", "note")]


def test_a_uid_that_was_cut_to_32_bits() -> None:
    token = sign_007(lobby({1: 600}, uid="17600000000123"))
    cause, reason = verify(token, DEMO, now=NOW, channel="lobby", uid=17_600_000_000_123 % 2**32).reasons
    assert (cause.code, cause.severity) == ("UID_TOO_LARGE", "wrong")
    assert reason.detail.endswith("They are the same in their lower 32 bits: the larger number was cut.")


@pytest.mark.parametrize(
    ("token", "detail"),
    [
        (sign_007(RtcService("caf\u00e9", "7", {1: 600})), "channel: contains a character that Agora does not allow"),
        (sign_007(RtcService("x" * 65, "7", {1: 600})), "channel: is 65 bytes long"),
        (sign_007(lobby({1: 600}, uid="a/b")), "account: contains a character that Agora does not allow"),
        (sign_007(lobby({1: 600}, uid="x" * 256)), "account: is 256 bytes long"),
        (sign_007(RtmService("", {1: 600})), "user: is empty"),
        (sign_007(RtmService("x" * 65, {1: 600})), "user: is 65 bytes long"),
    ],
)
def test_a_name_in_the_token_that_no_client_can_use_needs_no_client_to_be_seen(token: str, detail: str) -> None:
    verdict = verify(token, None, now=NOW)
    assert verdict.match.status == "wrong"
    assert detail in next(reason.detail for reason in verdict.reasons if reason.code == "NAME_NOT_ALLOWED")


def test_a_mismatch_is_not_told_twice() -> None:
    verdict = verify(sign_007(RtcService("caf\u00e9", "7", {1: 600})), DEMO, now=NOW, channel="cafe", uid=7)
    assert [reason.code.value for reason in verdict.reasons] == ["CHANNEL_MISMATCH"]


NEEDS_THE_CERTIFICATE = {"WRONG_SIGNATURE", "SIGNED_BY_DISABLED", "SIGNED_BY_SECONDARY", "SIGNATURE_NOT_CHECKED"}


@pytest.mark.parametrize("code", sorted(set(ReasonCode) - NEEDS_THE_CERTIFICATE))
def test_each_other_fault_is_seen_without_the_certificate(code: str) -> None:
    token, client = FAULTS[code]
    app_id = None if code == "SAMPLE_APP_ID" else DEMO.app_id
    without = {"app_id": app_id, **client, "credentials": None}
    verdict = verify(token, now=NOW + 60, **without)
    assert code in [reason.code for reason in verdict.reasons]
    assert not verdict.ok
    assert verdict.signature.status == "not checked"


@pytest.mark.parametrize(
    ("seconds", "details"),
    [
        (1, ["The lifetime is 1 s. 1 looks like a role in place of the lifetime."]),
        (2, ["The lifetime is 2 s. 2 looks like a role in place of the lifetime."]),
        (59, ["The lifetime is 59 s."]),
        (60, []),
    ],
)
def test_a_006_token_that_hardly_lives(seconds: int, details: list[str]) -> None:
    reasons = verify(rtc(version="006", expires_in=seconds), DEMO, now=NOW, **LOBBY).reasons
    assert [reason.detail for reason in reasons] == details


@pytest.mark.parametrize("version", ["006", "007"])
def test_a_client_that_joins_with_0_is_shown_as_such(version: Literal["006", "007"]) -> None:
    row = verify(rtc(version=version), DEMO, now=NOW, channel="lobby", uid=0).compared[2]
    assert (row.expected, row.status) == ("0 or none", "differs")


def test_a_token_given_as_a_channel_is_not_repeated() -> None:
    token = rtc()
    verdict = verify(token, DEMO, now=NOW, channel=token, uid=7)
    assert verdict.compared[1].expected == "a token"
    assert [reason.code for reason in verdict.reasons] == ["NAME_NOT_ALLOWED", "CHANNEL_MISMATCH"]
    assert verdict.match.detail.endswith("The client passes a token in place of a name; this token has 'lobby'.")
    assert token not in f"{verdict.reasons} {verdict.compared}"


@pytest.mark.parametrize(
    ("client", "notes"),
    [
        ({"uid": "17600000000123"}, ["UID_TOO_LARGE"]),
        ({"account": "17600000000123"}, []),  # a user account may have only digits
        ({"uid": 17_600_000_000_123}, ["NAME_NOT_ALLOWED"]),
        ({"partial": True}, ["UID_TOO_LARGE"]),
    ],
)
def test_a_number_beyond_32_bits_may_be_an_account(client: dict[str, Any], notes: list[str]) -> None:
    token = sign_007(lobby({1: 600}, uid="17600000000123"))
    reasons = verify(token, DEMO, now=NOW, **{"channel": "lobby", **client}).reasons
    assert [reason.code.value for reason in reasons] == notes


LATER = NOW + 900_000
"""A time whose milliseconds, cut to 32 bits, are a moment in the past."""


@pytest.mark.parametrize(
    ("end", "code", "guess"),
    [
        ((LATER + 3600) * 1000 % 2**32, "PRIVILEGE_EXPIRED", True),
        (LATER * 1000 % 2**32 - 1, "DURATION_AS_TIME", False),
        (3600, "DURATION_AS_TIME", False),
    ],
)
def test_a_006_time_in_milliseconds_is_no_duration(end: int, code: str, guess: bool) -> None:
    token = sign_006("lobby", "7", {1: end}, ts=LATER + 86_400)
    (reason,) = verify(token, DEMO, now=LATER, **LOBBY).reasons
    assert reason.code == code
    assert ("in milliseconds" in reason.detail) == guess


def test_a_user_id_in_the_place_of_the_uid_is_recognised() -> None:
    token = sign_006("room", "alice", {1000: NOW + 600})
    assert "which belongs in the place of the channel" in verify(token, DEMO, now=NOW, user="alice").reasons[0].detail
    assert "which belongs" not in verify(token, DEMO, now=NOW, user="bob").reasons[0].detail
