from __future__ import annotations

import zlib
from typing import Any

import pytest

from agora_helpers import (
    ChatService,
    ConvoAiService,
    Credentials,
    FcdnService,
    InputError,
    RtcService,
    Rtm2Service,
    RtmService,
    TokenFormatError,
    UnknownService,
    Verdict,
    build_rtc_token,
    build_rtm_token,
    build_token,
    decode,
    verify,
)
from agora_helpers.constants import TokenVersion
from agora_helpers.tokens import v006, v007
from agora_helpers.verification.reasons import ORDER, REASONS, ReasonCode
from tests.support import NEGATIVES, NOW, Vector, payload, wrap

DEMO = Credentials.demo()
OTHER = "0123456789abcdef0123456789abcdef"


def codes(verdict: Verdict) -> list[str]:
    return [reason.code.value for reason in verdict.reasons]


def statuses(verdict: Verdict) -> list[str]:
    return [check.status for check in verdict.checks]


@pytest.mark.parametrize("case", NEGATIVES, ids=lambda case: f"{case['id']} {case['why'][:50]}")
def test_negative(case: Vector) -> None:
    """Every wrong or odd token is treated as its category demands."""
    credentials = Credentials(decode_app_id(case), case["app_certificate"])
    who: Vector = {}
    if case["version"] == "006":
        who = {"channel": case["channel_name"], "uid": case["uid"]}
    verdict = verify(case["token"], credentials, now=0, **who)
    if case["strict"] == "rejects" or case["id"] == "007-neg-067":  # 1 MB of zeros: beyond our limit
        with pytest.raises(TokenFormatError):
            decode(case["token"])
        assert statuses(verdict) == ["wrong", "not checked", "not checked", "not checked"]
        assert codes(verdict) == ["MALFORMED"] and not verdict.ok and verdict.token is None
        return
    decoded = decode(case["token"])
    assert ("TRAILING_BYTES" in codes(verdict)) == (case["strict"] == "trailing_bytes") == bool(decoded.trailing)
    assert ("UNKNOWN_SERVICE" in codes(verdict)) == (case["strict"] == "stops_at_unknown_service")
    if case["category"] == "field_boundary":
        # The signature is right: only what the token grants tells that it was made for RTM.
        assert verdict.signature.status in ("ok", "not checked") and codes(verdict)[0] == "NO_RTC_SERVICE"
        assert not verdict.ok
    else:
        expected = "ok" if case["signature_valid_with_cert"] else "wrong"
        assert verdict.signature.status == expected
    if case["category"] == "bad_signature":
        assert not verdict.ok and "WRONG_SIGNATURE" in codes(verdict)
    if "services_read" in case:
        assert len(decoded.services) == case["services_read"]


def decode_app_id(case: Vector) -> str:
    try:
        app_id = decode(case["token"]).app_id
    except TokenFormatError:
        return DEMO.app_id
    return app_id


def rtc(version: str = "007", **options: Any) -> str:
    return build_rtc_token(DEMO, "lobby", **{"uid": 7, "version": version, "now": NOW, "salt": 1, **options})


@pytest.mark.parametrize("version", ["006", "007"])
def test_a_healthy_token_raises_no_reason(version: TokenVersion) -> None:
    verdict = verify(rtc(version), DEMO, channel="lobby", uid=7, now=NOW)
    assert verdict.ok and statuses(verdict) == ["ok"] * 4 and not verdict.reasons
    verdict = verify(build_rtm_token(DEMO, "alice", version=version, now=NOW), DEMO, user="alice", now=NOW)
    assert verdict.ok and not verdict.reasons
    assert verdict.match.detail == "As expected: App ID, RTM user."
    verdict = verify(rtc(version), DEMO, channel="lobby", now=NOW)
    assert verdict.match.detail == "As expected: App ID, channel. Not compared: uid or account."


@pytest.mark.parametrize("version", ["006", "007"])
@pytest.mark.parametrize(
    ("expected", "code"),
    [
        ({"channel": "Lobby", "uid": 7}, "CHANNEL_MISMATCH"),
        ({"channel": "lobby", "uid": 8}, "UID_MISMATCH"),
        ({"channel": "lobby", "uid": 0}, "UID_MISMATCH"),
        ({"channel": "lobby", "uid": -7}, "UID_MISMATCH"),
        ({"channel": "lobby", "uid": 10**5000}, "UID_MISMATCH"),
        ({"channel": "lobby", "account": "7a"}, "UID_MISMATCH or, where the uid can be read, WRONG_KIND_OF_USER"),
        ({"user": "lobby"}, "NO_RTM_SERVICE"),
    ],
)
def test_what_differs_is_a_mismatch_and_not_a_wrong_signature(version: str, expected: Vector, code: str) -> None:
    verdict = verify(rtc(version), DEMO, **expected, now=NOW)
    assert codes(verdict)[0] == (code if " or" not in code else code.split()[0 if version == "006" else -1])
    assert verdict.match.status == "wrong" and not verdict.ok
    assert verdict.signature.status == ("not checked" if version == "006" else "ok")


@pytest.mark.parametrize("version", ["006", "007"])
def test_what_a_token_is_compared_with_may_be_any_text(version: str) -> None:
    for odd in ("", "\ud800", "é" * 1000, "\0"):
        verdict = verify(rtc(version), DEMO, channel=odd, uid=odd, user=odd, now=NOW)
        assert verdict.match.status == "wrong" and not verdict.ok


@pytest.mark.parametrize("version", ["006", "007"])
def test_the_literal_signed_text_may_be_compared(version: str) -> None:
    assert verify(rtc(version), DEMO, channel="lobby", uid="7", now=NOW).ok
    assert verify(rtc(version), DEMO, channel="lobby", account="7", now=NOW).ok


@pytest.mark.parametrize("version", ["006", "007"])
def test_an_rtm_token_for_another_use(version: TokenVersion) -> None:
    token = build_rtm_token(DEMO, "alice", version=version, now=NOW)
    assert codes(verify(token, DEMO, user="bob", now=NOW))[0] == "USER_MISMATCH"
    assert codes(verify(token, DEMO, channel="alice", uid=7, now=NOW))[0] == "NO_RTC_SERVICE"


@pytest.mark.parametrize("version", ["006", "007"])
def test_another_project_and_another_certificate(version: str) -> None:
    who: Vector = {"channel": "lobby", "uid": 7, "now": NOW}
    verdict = verify(rtc(version), Credentials(OTHER, DEMO.app_certificate), **who)
    assert codes(verdict) == ["APP_ID_MISMATCH"] and statuses(verdict) == ["ok", "ok", "ok", "wrong"]
    rotated = Credentials(DEMO.app_id, OTHER)
    verdict = verify(rtc(version), rotated, **who)
    assert codes(verdict) == ["WRONG_SIGNATURE"] and statuses(verdict) == ["ok", "wrong", "ok", "ok"]
    verdict = verify(rtc(version), rotated, secondary_certificate=DEMO.app_certificate, **who)
    assert verdict.ok and codes(verdict) == ["SIGNED_BY_SECONDARY"]
    assert not verify(rtc(version), Credentials(DEMO.app_id, DEMO.app_certificate.upper()), **who).ok


def test_a_006_signature_needs_channel_and_uid() -> None:
    for given in ({}, {"channel": "lobby"}, {"uid": 7}):
        verdict = verify(rtc("006"), DEMO, **given, now=NOW)
        assert verdict.signature.status == "not checked" and verdict.match.status == "ok" and not verdict.ok
        assert codes(verdict) == ["SIGNATURE_NOT_CHECKED"]
    anyone = rtc("006", uid=0, allow_any_uid=True)
    verdict = verify(anyone, DEMO, channel="lobby", now=NOW)
    assert verdict.ok and codes(verdict) == ["ANY_UID"], "the uid is known to be empty"


def test_006_checksums_are_not_signed_and_are_checked_too() -> None:
    content = bytearray(payload(rtc("006")))
    content[0x22] ^= 1
    verdict = verify(wrap("006" + DEMO.app_id, bytes(content)), DEMO, channel="lobby", uid=7, now=NOW)
    assert codes(verdict) == ["CHANNEL_MISMATCH"] and verdict.signature.status == "ok" and not verdict.ok


@pytest.mark.parametrize("version", ["006", "007"])
def test_time(version: str) -> None:
    token = rtc(version, expires_in=600)
    who: Vector = {"channel": "lobby", "uid": 7}
    before = verify(token, DEMO, **who, now=NOW + 599)
    assert before.ok and "(in 1 s)" in before.time.detail, "the privilege's end, in 006 too"
    late = verify(token, DEMO, **who, now=NOW + 600)
    assert statuses(late) == ["ok", "ok", "wrong", "ok"]
    assert codes(late)[0] == ("PRIVILEGE_EXPIRED" if version == "006" else "EXPIRED")
    assert "0 s ago" in late.time.detail
    assert "EXPIRED" in codes(verify(token, DEMO, **who, now=NOW + 86_400))


def test_odd_times_of_007() -> None:
    def token(expire: int, privileges: dict[int, int]) -> str:
        service = RtcService("lobby", "7", privileges)
        return v007.encode(DEMO.app_id, DEMO.app_certificate, [service], issued_at=NOW, expire=expire, salt=1)

    assert codes(verify(token(600, {1: 600}), DEMO, now=NOW - 61)) == ["ISSUED_IN_FUTURE"]
    assert codes(verify(token(600, {1: 600}), DEMO, now=NOW - 60)) == []
    assert codes(verify(token(600, {1: 0, 2: 0}), DEMO, now=NOW + 1)) == ["PRIVILEGE_WITHOUT_END"]
    assert codes(verify(token(600, {1: 600, 2: 60}), DEMO, now=NOW + 1)) == ["UNEQUAL_ENDS"]
    assert codes(verify(token(600, {1: 60}), DEMO, now=NOW + 60)) == ["PRIVILEGE_EXPIRED"]
    assert codes(verify(token(600, {1: 600, 2: 60}), DEMO, now=NOW + 60)) == ["OTHER_PRIVILEGE_EXPIRED"]
    assert codes(verify(token(0, {1: 0}), DEMO, now=NOW)) == ["EXPIRED"]
    absolute = token(NOW, {1: NOW})
    assert codes(verify(absolute, DEMO, now=NOW + 60)) == ["TIME_AS_DURATION"]
    assert codes(verify(absolute, DEMO, now=NOW + 86_400)) == ["EXPIRED", "TIME_AS_DURATION"]
    assert codes(verify(token(90_001, {1: 90_001}), DEMO, now=NOW)) == ["LIFETIME_OVER_24_HOURS"]
    assert codes(verify(token(3_600_000, {1: 3_600_000}), DEMO, now=NOW)) == ["MILLISECONDS"]


def test_a_duration_as_a_006_time_ended_in_1970() -> None:
    token = v006.encode(DEMO.app_id, DEMO.app_certificate, "lobby", "7", {1: 3600}, ts=NOW + 86_400, salt=1)
    verdict = verify(token, DEMO, channel="lobby", uid=7, now=NOW)
    assert codes(verdict) == ["DURATION_AS_TIME"] and "1970-01-01 01:00:00 UTC" in verdict.time.detail


def test_odd_formats() -> None:
    pair = (DEMO.app_id, DEMO.app_certificate)
    nothing = v007.encode(*pair, [], issued_at=NOW, expire=600, salt=1)
    assert codes(verify(nothing, DEMO, now=NOW)) == ["GRANTS_NOTHING"]
    twice = v007.encode(*pair, [RtcService("lobby", "7", {1: 600, 2: 600})], issued_at=NOW, expire=600, salt=1)
    content = bytearray(payload(twice))
    content[92] = 1  # the second privilege's number
    assert codes(verify(wrap("007", bytes(content)), DEMO, now=NOW)) == ["WRONG_SIGNATURE", "REPEATED_ENTRY"]


def test_two_services_of_a_kind_match_as_a_pair() -> None:
    token = build_token(DEMO, [RtcService("a", 1), RtcService("b", 2), RtmService("x"), RtmService("y")], now=NOW)
    assert verify(token, DEMO, channel="b", uid=2, user="y", now=NOW).ok
    assert codes(verify(token, DEMO, channel="a", uid=2, now=NOW)) == ["UID_MISMATCH"]
    assert codes(verify(token, DEMO, channel="c", user="z", now=NOW)) == ["CHANNEL_MISMATCH", "USER_MISMATCH"]


def test_arguments_that_cannot_be_used() -> None:
    with pytest.raises(InputError, match="account: is given, and so is uid"):
        verify(rtc(), DEMO, uid=7, account="alice")
    with pytest.raises(InputError, match="secondary_certificate"):
        verify(rtc(), DEMO, secondary_certificate="short")
    with pytest.raises(InputError, match="credentials"):
        verify(rtc(), ("a", "b"))  # type: ignore[arg-type]
    for wrong in ({"channel": 7}, {"user": b"alice"}, {"account": 7}, {"uid": True}, {"uid": 7.0}):
        with pytest.raises(InputError, match=next(iter(wrong))):
            verify(rtc(), DEMO, **wrong)
    with pytest.raises(InputError, match="now"):
        verify(rtc(), DEMO, now=NOW * 1000)


def test_every_reason_is_written_out_once_in_order_of_weight() -> None:
    assert set(REASONS) == set(ReasonCode) == set(ORDER)
    weights = [REASONS[code].severity for code in ReasonCode]
    assert weights == sorted(weights, key=["wrong", "not checked", "note"].index), (
        "what is wrong comes before what is worth knowing"
    )
    for reason in REASONS.values():
        assert reason.title and reason.explanation.endswith(".") and reason.hint.endswith(".")


def test_what_is_no_token_is_a_verdict_too() -> None:
    wrong: list[Any] = ["", "nonsense", "007eJx", None, 7, b"007eJx"]
    for token in wrong:
        verdict = verify(token, DEMO)
        assert codes(verdict) == ["MALFORMED"] and not verdict.ok and "format     wrong" in str(verdict)


def token_of(*services: Any, expire: int = 600) -> str:
    return v007.encode(DEMO.app_id, DEMO.app_certificate, services, issued_at=NOW, expire=expire, salt=1)


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        (token_of(RtcService("lobby", "7", {})), {"channel": "lobby", "uid": 7}),
        (token_of(RtcService("lobby", "7", {2: 600})), {"channel": "lobby", "uid": 7}),
        (token_of(RtcService("lobby", "7", {1: 600}), RtmService("alice", {})), {"user": "alice"}),
        (token_of(RtcService("lobby", "7", {}), RtcService("hall", "7", {1: 600})), {"channel": "lobby", "uid": 7}),
        (token_of(), {}),
        (token_of(ChatService("alice", {})), {}),
        (
            v006.encode(DEMO.app_id, DEMO.app_certificate, "lobby", "7", {}, ts=NOW + 9),
            {"channel": "lobby", "uid": 7},
        ),
        (
            v006.encode(DEMO.app_id, DEMO.app_certificate, "lobby", "7", {2: NOW + 9}, ts=NOW + 9),
            {"channel": "lobby", "uid": 7},
        ),
    ],
)
def test_a_token_that_lets_nobody_in_is_not_good(token: str, expected: Vector) -> None:
    verdict = verify(token, DEMO, now=NOW, **expected)
    assert "GRANTS_NOTHING" in codes(verdict) and not verdict.ok


def test_only_the_services_of_the_expected_client_count_for_time() -> None:
    both = token_of(RtcService("lobby", "7", {1: 60}), RtmService("alice", {1: 600}))
    assert verify(both, DEMO, user="alice", now=NOW + 61).ok
    assert codes(verify(both, DEMO, channel="lobby", uid=7, now=NOW + 61)) == ["PRIVILEGE_EXPIRED"]
    two = token_of(RtcService("a", "7", {1: 60}), RtcService("b", "7", {1: 600}))
    assert verify(two, DEMO, channel="b", uid=7, now=NOW + 61).ok
    for service in (ChatService("", {2: 60}), FcdnService("a", "b", {2: 60})):
        assert codes(verify(token_of(service), DEMO, now=NOW + 61)) == ["PRIVILEGE_EXPIRED"]
    assert verify(token_of(Rtm2Service("alice", {}, {1: 600})), DEMO, user="alice", now=NOW).ok
    assert verify(token_of(ConvoAiService({})), DEMO, now=NOW).ok


def test_a_006_rtm_token_lives_24_hours_whatever_its_privilege_says() -> None:
    token = build_rtm_token(DEMO, "alice", version="006", expires_in=600, now=NOW)
    verdict = verify(token, DEMO, user="alice", now=NOW + 601)
    assert verdict.ok and codes(verdict) == ["RTM_LIFETIME_IGNORED"]
    assert codes(verify(token, DEMO, user="alice", now=NOW + 86_400))[0] == "EXPIRED"


def test_another_projects_token_is_told_by_its_app_id_first() -> None:
    assert codes(verify(rtc(), Credentials(OTHER, OTHER), now=NOW)) == ["APP_ID_MISMATCH", "WRONG_SIGNATURE"]
    assert not verify(rtc(), Credentials(DEMO.app_id.lower(), DEMO.app_certificate), now=NOW).ok, "case counts"


def test_a_006_token_for_both_rtc_and_rtm() -> None:
    token = v006.encode(DEMO.app_id, DEMO.app_certificate, "lobby", "", {1: NOW + 9, 1000: NOW + 9}, ts=NOW + 9, salt=1)
    assert codes(verify(token, DEMO, channel="lobby", uid=7, now=NOW)) == ["ANY_UID"]
    assert verify(token, DEMO, user="lobby", now=NOW).ok
    token = v006.encode(DEMO.app_id, DEMO.app_certificate, "lobby", "7", {1: NOW - 9, 1000: 9}, ts=NOW + 9, salt=1)
    assert not verify(token, DEMO, channel="lobby", uid=7, now=NOW).ok, "the privilege to join is over"
    token = v006.encode(DEMO.app_id, DEMO.app_certificate, "alice", "7", {1000: NOW + 9}, ts=NOW + 9, salt=1)
    assert codes(verify(token, DEMO, user="alice", now=NOW))[0] == "USER_MISMATCH"


def test_a_006_token_for_an_account_whose_checksum_is_0() -> None:
    account = "cnsvmjhiovtc"
    assert zlib.crc32(account.encode()) == 0, "as that of the empty text"
    token = build_rtc_token(DEMO, "lobby", account=account, version="006", now=NOW)
    assert verify(token, DEMO, channel="lobby", account=account, now=NOW).ok
    assert not verify(token, DEMO, channel="lobby", account="another", now=NOW).ok


def test_what_cannot_be_read_is_not_called_missing() -> None:
    verdict = verify(token_of(UnknownService(77, b"\0\0")), DEMO, channel="lobby", uid=7, now=NOW)
    assert statuses(verdict) == ["ok", "ok", "ok", "not checked"] and not verdict.ok
    assert codes(verdict) == ["PART_UNREAD", "UNKNOWN_SERVICE"]
    assert "Service type 77; 2 bytes after it are unread." in str(verdict)


def test_repeated_permissions_are_noticed() -> None:
    token = token_of(Rtm2Service("alice", {0: {0: ("a",)}, 1: {0: ("b",)}}, {1: 600}))
    content = bytearray(payload(token))
    content[content.rindex(b"\1\0\1\0\0\0\1\0\1\0b")] = 0  # the second resource type
    assert "REPEATED_ENTRY" in codes(verify(wrap("007", bytes(content)), DEMO, user="alice", now=NOW))


def test_a_lifetime_that_agora_cuts_is_shown_as_cut() -> None:
    verdict = verify(token_of(RtcService("lobby", "7", {1: 0}), expire=NOW), DEMO, now=NOW)
    assert "(in 24 h)" in verdict.time.detail


def test_a_long_list_is_not_printed_in_full() -> None:
    token = token_of(*[RtcService(f"channel-{n}", "7", {1: 600}) for n in range(1000)])
    assert len(verify(token, DEMO, channel="lobby", now=NOW).match.detail) < 200
