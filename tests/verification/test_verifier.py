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
    build_chat_app_token,
    build_chat_token,
    build_token,
    decode,
    verify,
)
from agora_helpers.constants import TokenVersion
from agora_helpers.errors import ErrorCode
from tests.support import ABOVE_OUR_LIMITS, DEMO, NEGATIVES, NOW, Vector, payload, wrap
from tests.verification.samples import LOBBY, OTHER_CERTIFICATE, OTHER_SIGNER, lobby, rtc, rtm, sign_006, sign_007

each_version = pytest.mark.parametrize("version", ["006", "007"])
OTHER_PROJECT = Credentials("0123456789abcdef" * 2, DEMO.app_certificate)


def codes(verdict: Verdict) -> list[str]:
    return [reason.code.value for reason in verdict.reasons]


def statuses(verdict: Verdict) -> list[str]:
    return [check.status for check in verdict.checks]


def verify_case(case: Vector) -> Verdict:
    """Verify a faulty token of the vectors for the project and the client that it was made for."""
    try:
        app_id = decode(case["token"]).app_id
    except TokenFormatError:
        app_id = DEMO.app_id
    client = {"channel": case["channel_name"], "uid": case["uid"]} if case["version"] == "006" else {}
    return verify(case["token"], Credentials(app_id, case["app_certificate"]), now=0, **client)


def is_malformed(case: Vector) -> bool:
    return bool(case["strict"] == "rejects" or case["id"] in ABOVE_OUR_LIMITS)


def each_case(cases: list[Vector]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=lambda case: f"{case['id']} {case['why'][:50]}")


@each_case([case for case in NEGATIVES if is_malformed(case)])
def test_a_malformed_token(case: Vector) -> None:
    with pytest.raises(TokenFormatError):
        decode(case["token"])
    verdict = verify_case(case)
    assert statuses(verdict) == ["wrong", "not checked", "not checked", "not checked"]
    assert codes(verdict) == ["MALFORMED"]
    assert verdict.token is None
    assert not verdict.ok


@each_case([case for case in NEGATIVES if not is_malformed(case)])
def test_a_faulty_token_that_can_be_read(case: Vector) -> None:
    verdict = verify_case(case)
    assert verdict.token
    assert ("TRAILING_BYTES" in codes(verdict)) == (case["strict"] == "trailing_bytes")
    assert bool(verdict.token.trailing) == (case["strict"] == "trailing_bytes")
    assert ("UNKNOWN_SERVICE" in codes(verdict)) == (case["strict"] == "stops_at_unknown_service")
    if case["category"] != "field_boundary":
        assert verdict.signature.status == ("ok" if case["signature_valid_with_cert"] else "wrong")
    if "services_read" in case:
        assert len(verdict.token.services) == case["services_read"]


@each_case([case for case in NEGATIVES if case["category"] == "field_boundary" and not is_malformed(case)])
def test_a_006_token_whose_names_were_shifted(case: Vector) -> None:
    """The signature is right: only what the token grants shows that it was built for RTM."""
    verdict = verify_case(case)
    assert verdict.signature.status in ("ok", "not checked")
    assert codes(verdict)[0] == "NO_RTC_SERVICE"
    assert not verdict.ok


@each_case([case for case in NEGATIVES if case["category"] == "bad_signature"])
def test_a_bad_signature(case: Vector) -> None:
    assert "WRONG_SIGNATURE" in codes(verify_case(case))
    assert not verify_case(case).ok


@each_version
def test_a_healthy_rtc_token(version: str) -> None:
    verdict = verify(rtc(version=version), DEMO, **LOBBY, now=NOW)
    assert verdict.ok
    assert statuses(verdict) == ["ok"] * 4
    assert verdict.reasons == ()
    assert verdict.match.detail == "As expected: App ID, channel, uid or account."


@each_version
def test_a_healthy_rtm_token(version: str) -> None:
    verdict = verify(rtm(version=version), DEMO, user="alice", now=NOW)
    assert verdict.ok
    assert verdict.reasons == ()
    assert verdict.match.detail == "As expected: App ID, RTM user."


@each_version
def test_what_was_not_compared_is_named(version: str) -> None:
    verdict = verify(rtc(version=version), DEMO, channel="lobby", now=NOW)
    assert verdict.match.detail == "As expected: App ID, channel. Not compared: uid or account."


@pytest.mark.parametrize(
    ("version", "client", "code"),
    [
        *(
            (version, client, code)
            for version in ("006", "007")
            for client, code in (
                ({"channel": "Lobby", "uid": 7}, "CHANNEL_MISMATCH"),
                ({"channel": "lobby", "uid": 8}, "UID_MISMATCH"),
                ({"channel": "lobby", "uid": 0}, "UID_MISMATCH"),
                ({"channel": "lobby", "uid": -7}, "NAME_NOT_ALLOWED"),
                ({"channel": "lobby", "uid": 10**5000}, "NAME_NOT_ALLOWED"),
                ({"user": "lobby"}, "NO_RTM_SERVICE"),
            )
        ),
        ("006", {"channel": "lobby", "account": "7a"}, "UID_MISMATCH"),
        ("007", {"channel": "lobby", "account": "7a"}, "WRONG_KIND_OF_USER"),
    ],
)
def test_what_differs_is_a_mismatch_and_not_a_wrong_signature(version: str, client: Vector, code: str) -> None:
    verdict = verify(rtc(version=version), DEMO, **client, now=NOW)
    assert codes(verdict)[0] == code
    assert verdict.match.status == "wrong"
    assert verdict.signature.status == ("not checked" if version == "006" else "ok")
    assert not verdict.ok


@each_version
def test_several_names_that_differ_are_all_reported(version: str) -> None:
    verdict = verify(rtc(version=version), DEMO, channel="stage", uid=8, user="alice", now=NOW)
    assert codes(verdict)[:3] == ["NO_RTM_SERVICE", "CHANNEL_MISMATCH", "UID_MISMATCH"]


@each_version
@pytest.mark.parametrize("odd", ["", "\ud800", "é" * 1000, "\0"])
def test_any_string_may_be_compared(version: str, odd: str) -> None:
    verdict = verify(rtc(version=version), DEMO, channel=odd, uid=odd, user=odd, now=NOW)
    assert verdict.match.status == "wrong"
    assert not verdict.ok


@each_version
@pytest.mark.parametrize("who", [{"uid": "7"}, {"account": "7"}])
def test_the_signed_string_of_a_uid_may_be_compared(version: str, who: Vector) -> None:
    assert verify(rtc(version=version), DEMO, channel="lobby", **who, now=NOW).ok


@each_version
@pytest.mark.parametrize(
    ("client", "code"),
    [({"user": "bob"}, "USER_MISMATCH"), ({"channel": "alice", "uid": 7}, "NO_RTC_SERVICE")],
)
def test_an_rtm_token_for_another_use(version: str, client: Vector, code: str) -> None:
    assert codes(verify(rtm(version=version), DEMO, now=NOW, **client))[0] == code


@each_version
@pytest.mark.parametrize(
    ("signer", "code", "results"),
    [
        (OTHER_PROJECT, "APP_ID_MISMATCH", ["ok", "ok", "ok", "wrong"]),
        (OTHER_SIGNER, "WRONG_SIGNATURE", ["ok", "wrong", "ok", "ok"]),
    ],
)
def test_another_project_and_another_certificate(
    version: str, signer: Credentials, code: str, results: list[str]
) -> None:
    verdict = verify(rtc(version=version), signer, **LOBBY, now=NOW)
    assert codes(verdict) == [code]
    assert statuses(verdict) == results


@each_version
def test_the_secondary_certificate(version: str) -> None:
    secondary = DEMO.app_certificate
    verdict = verify(rtc(version=version), OTHER_SIGNER, secondary_certificate=secondary, **LOBBY, now=NOW)
    assert codes(verdict) == ["SIGNED_BY_SECONDARY"]
    assert verdict.ok


def test_the_certificate_of_a_signature_is_named_if_there_are_two() -> None:
    verdict = verify(rtc(), DEMO, secondary_certificate=OTHER_CERTIFICATE, **LOBBY, now=NOW)
    assert verdict.signature.detail == "Signed with the primary App Certificate."
    assert verify(rtc(), DEMO, **LOBBY, now=NOW).signature.detail == "Signed with the App Certificate."


@each_version
def test_the_case_of_a_certificate_counts(version: str) -> None:
    upper = Credentials(DEMO.app_id, DEMO.app_certificate.upper())
    assert not verify(rtc(version=version), upper, **LOBBY, now=NOW).ok


def test_the_case_of_an_app_id_counts() -> None:
    assert not verify(rtc(), Credentials(DEMO.app_id.lower(), DEMO.app_certificate), now=NOW).ok


def test_another_projects_token_is_recognised_by_its_app_id_first() -> None:
    signer = Credentials(OTHER_PROJECT.app_id, OTHER_CERTIFICATE)
    assert codes(verify(rtc(), signer, now=NOW)) == ["APP_ID_MISMATCH", "WRONG_SIGNATURE"]


@pytest.mark.parametrize("client", [{}, {"channel": "lobby"}, {"uid": 7}])
def test_a_006_signature_needs_channel_and_uid(client: Vector) -> None:
    verdict = verify(rtc(version="006"), DEMO, **client, now=NOW, partial=True)
    assert codes(verdict) == ["SIGNATURE_NOT_CHECKED"]
    assert statuses(verdict) == ["ok", "not checked", "ok", "ok"]
    assert not verdict.ok


def test_a_006_signature_for_any_uid_needs_the_channel_only() -> None:
    verdict = verify(rtc(version="006", uid=0, allow_any_uid=True), DEMO, channel="lobby", now=NOW)
    assert codes(verdict) == ["ANY_UID"]
    assert verdict.ok


def test_006_checksums_are_not_signed_and_are_checked_too() -> None:
    content = bytearray(payload(rtc(version="006")))
    content[0x22] ^= 1
    verdict = verify(wrap("006" + DEMO.app_id, bytes(content)), DEMO, **LOBBY, now=NOW)
    assert codes(verdict) == ["CHANNEL_MISMATCH"]
    assert statuses(verdict) == ["ok", "ok", "ok", "wrong"]


@each_version
def test_a_second_before_the_expiry(version: str) -> None:
    verdict = verify(rtc(version=version, expires_in=600), DEMO, **LOBBY, now=NOW + 599)
    assert verdict.ok
    assert verdict.time.detail == "Valid until 2023-11-14 22:23:20 UTC (in 1 s)."


@each_version
def test_the_second_of_the_expiry(version: str) -> None:
    verdict = verify(rtc(version=version, expires_in=600), DEMO, **LOBBY, now=NOW + 600)
    assert statuses(verdict) == ["ok", "ok", "wrong", "ok"]
    assert codes(verdict) == ["EXPIRED"]
    assert verdict.time.detail == "Expired 2023-11-14 22:23:20 UTC (0 s ago)."


@each_version
def test_a_day_later(version: str) -> None:
    assert "EXPIRED" in codes(verify(rtc(version=version, expires_in=600), DEMO, **LOBBY, now=NOW + 86_400))


@pytest.mark.parametrize(
    ("expire", "privileges", "age", "expected"),
    [
        (600, {1: 600}, -61, ["ISSUED_IN_FUTURE"]),
        (600, {1: 600}, -60, []),
        (600, {1: 0, 2: 0}, 1, ["PRIVILEGE_WITHOUT_END"]),
        (600, {1: 600, 2: 60}, 1, ["UNEQUAL_ENDS"]),
        (600, {1: 60}, 60, ["PRIVILEGE_EXPIRED"]),
        (600, {1: 600, 2: 60}, 60, ["OTHER_PRIVILEGE_EXPIRED"]),
        (0, {1: 0}, 0, ["EXPIRED", "LIFETIME_TOO_SHORT"]),
        (NOW, {1: NOW}, 60, ["TIME_AS_DURATION"]),
        (NOW, {1: NOW}, 86_400, ["EXPIRED", "TIME_AS_DURATION"]),
        (90_001, {1: 90_001}, 0, ["LIFETIME_OVER_24_HOURS"]),
        (3_600_000, {1: 3_600_000}, 0, ["MILLISECONDS"]),
    ],
)
def test_odd_times_of_007(expire: int, privileges: dict[int, int], age: int, expected: list[str]) -> None:
    assert codes(verify(sign_007(lobby(privileges), expire=expire), DEMO, now=NOW + age, partial=True)) == expected


def test_a_duration_as_a_006_time_expired_in_1970() -> None:
    verdict = verify(sign_006("lobby", "7", {1: 3600}), DEMO, **LOBBY, now=NOW)
    assert codes(verdict) == ["DURATION_AS_TIME"]
    assert verdict.time.detail == "rtc privilege 1 (join channel) expired 1970-01-01 01:00:00 UTC (53 years ago)."


def test_a_repeated_privilege() -> None:
    content = bytearray(payload(sign_007(lobby({1: 600, 2: 600}))))
    content[92] = 1  # the second privilege's number
    assert codes(verify(wrap("007", bytes(content)), DEMO, **LOBBY, now=NOW)) == ["WRONG_SIGNATURE", "REPEATED_ENTRY"]


def test_repeated_permissions() -> None:
    content = bytearray(payload(sign_007(Rtm2Service("alice", {0: {0: ("a",)}, 1: {0: ("b",)}}, {1: 600}))))
    content[content.rindex(b"\1\0\1\0\0\0\1\0\1\0b")] = 0  # the second resource type
    assert "REPEATED_ENTRY" in codes(verify(wrap("007", bytes(content)), DEMO, user="alice", now=NOW))


@pytest.mark.parametrize(
    ("client", "expected"),
    [
        ({"channel": "b", "uid": 2, "user": "y"}, []),
        ({"channel": "a", "uid": 2}, ["UID_MISMATCH"]),
        ({"channel": "c", "user": "z"}, ["CHANNEL_MISMATCH", "USER_MISMATCH"]),
    ],
)
def test_two_services_of_a_kind_match_as_a_pair(client: Vector, expected: list[str]) -> None:
    token = build_token(DEMO, [RtcService("a", 1), RtcService("b", 2), RtmService("x"), RtmService("y")], now=NOW)
    assert codes(verify(token, DEMO, **client, now=NOW, partial=True)) == expected


@pytest.mark.parametrize(
    ("arguments", "message", "code"),
    [
        (
            {"uid": 7, "account": "alice"},
            "account: cannot be combined with uid. A client joins with one of the two.",
            ErrorCode.UID_AND_ACCOUNT,
        ),
        ({"channel": 7}, "channel: must be a string (str), not int. Pass the name itself.", ErrorCode.WRONG_TYPE),
        ({"user": b"alice"}, "user: must be a string (str), not bytes. Pass the name itself.", ErrorCode.WRONG_TYPE),
        ({"account": 7}, "account: must be a string (str), not int. Pass the name itself.", ErrorCode.WRONG_TYPE),
        (
            {"uid": True},
            "uid: must be an integer or the signed string, not bool. Pass the uid that the client joins with.",
            ErrorCode.WRONG_TYPE,
        ),
        (
            {"uid": 7.0},
            "uid: must be an integer or the signed string, not float. Pass the uid that the client joins with.",
            ErrorCode.WRONG_TYPE,
        ),
        (
            {"credentials": ("a", "b")},
            "credentials: must be Credentials, not tuple. "
            "Pass Credentials(app_id, app_certificate) or Credentials.from_env().",
            ErrorCode.WRONG_TYPE,
        ),
    ],
    ids=str,
)
def test_invalid_arguments(arguments: Vector, message: str, code: ErrorCode) -> None:
    with pytest.raises(InputError) as caught:
        verify(rtc(), **{"credentials": DEMO, **arguments})
    assert str(caught.value) == message
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("field", "arguments"),
    [("secondary_certificate", {"secondary_certificate": "short"}), ("now", {"now": NOW * 1000})],
)
def test_arguments_that_are_checked_elsewhere(field: str, arguments: Vector) -> None:
    with pytest.raises(InputError) as caught:
        verify(rtc(), DEMO, **arguments)
    assert caught.value.field == field


@pytest.mark.parametrize("value", ["", "nonsense", "007eJx", None, 7, b"007eJx"])
def test_what_is_not_a_token_is_a_verdict_too(value: Any) -> None:
    verdict = verify(value, DEMO)
    assert codes(verdict) == ["MALFORMED"]
    assert str(verdict).startswith("format     wrong        ")
    assert verdict.summary == "The token is not good: format. Not checked: signature, time, match."


@pytest.mark.parametrize(
    ("token", "client"),
    [
        (sign_007(lobby({})), LOBBY),
        (sign_007(lobby({2: 600})), LOBBY),
        (sign_007(lobby({1: 600}), RtmService("alice", {})), {"user": "alice"}),
        (sign_007(lobby({}), RtcService("hall", "7", {1: 600})), LOBBY),
        (sign_007(), {}),
        (sign_007(ChatService("alice", {})), {}),
        (sign_006("lobby", "7", {}), LOBBY),
        (sign_006("lobby", "7", {2: NOW + 9}), LOBBY),
    ],
)
def test_a_token_that_admits_no_client_is_not_valid(token: str, client: Vector) -> None:
    verdict = verify(token, DEMO, now=NOW, **client)
    assert codes(verdict) == ["GRANTS_NOTHING"]
    assert not verdict.ok


@pytest.mark.parametrize(
    ("token", "client", "expected"),
    [
        (sign_007(lobby({1: 60}), RtmService("alice", {1: 600})), {"user": "alice"}, []),
        (sign_007(lobby({1: 60}), RtmService("alice", {1: 600})), LOBBY, ["PRIVILEGE_EXPIRED"]),
        (sign_007(RtcService("a", "7", {1: 60}), RtcService("b", "7", {1: 600})), {"channel": "b", "uid": 7}, []),
        (sign_007(ChatService("", {2: 60})), {}, ["PRIVILEGE_EXPIRED"]),
        (sign_007(FcdnService("a", "b", {2: 60})), {}, ["PRIVILEGE_EXPIRED"]),
        (sign_007(Rtm2Service("alice", {}, {1: 600})), {"user": "alice"}, []),
        (sign_007(ConvoAiService({})), {}, []),
    ],
)
def test_only_the_services_of_the_expected_client_count_for_time(
    token: str, client: Vector, expected: list[str]
) -> None:
    assert codes(verify(token, DEMO, **client, now=NOW + 61, partial=True)) == expected


def test_the_expiry_of_a_006_rtm_privilege_is_ignored() -> None:
    verdict = verify(rtm(version="006", expires_in=600), DEMO, user="alice", now=NOW + 601)
    assert codes(verdict) == ["RTM_LIFETIME_IGNORED"]
    assert verdict.ok


def test_a_006_rtm_token_expires_after_24_hours() -> None:
    token = rtm(version="006", expires_in=600)
    assert codes(verify(token, DEMO, user="alice", now=NOW + 86_400))[0] == "EXPIRED"


BOTH = {1: NOW + 3600, 1000: NOW + 9}


@pytest.mark.parametrize(
    ("token", "client", "expected"),
    [
        (sign_006("lobby", "", BOTH), LOBBY, ["ANY_UID"]),
        (sign_006("lobby", "", BOTH), {"user": "lobby"}, ["ANY_UID"]),
        (sign_006("lobby", "7", {1: NOW - 9, 1000: 9}), LOBBY, ["EXPIRED", "RTM_LIFETIME_IGNORED"]),
        (sign_006("alice", "7", {1000: NOW + 9}), {"user": "alice"}, ["USER_MISMATCH", "SIGNATURE_NOT_CHECKED"]),
    ],
)
def test_a_006_token_for_rtc_and_rtm(token: str, client: Vector, expected: list[str]) -> None:
    assert codes(verify(token, DEMO, **client, now=NOW, partial=True)) == expected


def test_a_006_token_for_an_account_whose_checksum_is_0() -> None:
    account = "cnsvmjhiovtc"
    assert zlib.crc32(account.encode()) == 0, "as that of the empty string"
    token = rtc(uid=None, account=account, version="006")
    assert verify(token, DEMO, channel="lobby", account=account, now=NOW).ok
    assert not verify(token, DEMO, channel="lobby", account="another", now=NOW).ok


def test_what_cannot_be_read_is_not_called_missing() -> None:
    verdict = verify(sign_007(UnknownService(77, b"\0\0")), DEMO, **LOBBY, now=NOW)
    assert statuses(verdict) == ["ok", "ok", "ok", "not checked"]
    assert codes(verdict) == ["PART_UNREAD", "UNKNOWN_SERVICE"]
    assert [row.status for row in verdict.compared] == ["same", "not checked", "not checked"]
    assert verdict.reasons[1].detail == "Service type 77, followed by 2 unread bytes."
    assert not verdict.ok


def test_what_differs_is_wrong_although_another_part_cannot_be_read() -> None:
    verdict = verify(sign_007(lobby({1: 600}), UnknownService(77, b"")), DEMO, channel="stage", user="alice", now=NOW)
    assert codes(verdict) == ["CHANNEL_MISMATCH", "PART_UNREAD", "UNKNOWN_SERVICE"]
    assert verdict.match.status == "wrong"


def test_notes_are_reported_although_a_part_cannot_be_read() -> None:
    token = sign_007(RtcService("lob*", "7", {1: 600}), UnknownService(77, b""))
    assert "WILDCARD" in codes(verify(token, DEMO, **LOBBY, user="alice", now=NOW))


def test_a_lifetime_that_agora_cuts_is_shown_as_cut() -> None:
    verdict = verify(sign_007(lobby({1: 0}), expire=NOW), DEMO, now=NOW)
    assert verdict.time.detail == "Valid until 2023-11-15 22:13:20 UTC (in 24 h)."


@pytest.mark.parametrize("field", ["channel", "uid", "account", "user"])
def test_a_name_that_is_longer_than_any_in_a_token_is_refused(field: str) -> None:
    longest: dict[str, Any] = {field: "a" * 65_535}
    longer: dict[str, Any] = {field: "a" * 65_536}
    assert verify(sign_007(lobby({1: 600})), DEMO, now=NOW, **longest).match.status == "wrong"
    with pytest.raises(InputError, match=f"{field}: is longer than 65535 characters") as caught:
        verify("", DEMO, **longer)
    assert caught.value.code == "TOO_LONG"


def test_a_long_list_is_not_printed_in_full() -> None:
    token = sign_007(*[RtcService(f"channel-{n}", "7", {1: 600}) for n in range(60)])
    assert verify(token, DEMO, channel="lobby", now=NOW).match.detail == (
        "Expected 'lobby', but the token has 'channel-0', 'channel-1', 'channel-2' and 57 more."
    )


@pytest.mark.parametrize(
    ("token", "summary"),
    [
        (rtc(), "The token is good."),
        (rtc(uid=0, allow_any_uid=True), "The token is good, with a note."),
        (sign_007(RtcService("lob*", "", {1: 0})), "The token is good, with notes."),
        (rtc(OTHER_SIGNER, uid=8), "The token is not good: signature, match."),
    ],
)
def test_the_summary(token: str, summary: str) -> None:
    assert verify(token, DEMO, **LOBBY, now=NOW).summary == summary


def test_the_summary_does_not_blame_what_was_not_checked() -> None:
    summary = verify(rtc(), None, now=NOW).summary
    assert summary == "No fault was found, but this was not checked: signature, match."


BOTH_SERVICES = build_token(DEMO, [RtcService("lobby", 7), RtmService("alice")], now=NOW)


@pytest.mark.parametrize(
    ("token", "client", "status"),
    [
        (rtc(), {}, "not checked"),
        (rtc(), {"channel": "lobby"}, "not checked"),
        (rtc(), {"uid": 7}, "not checked"),
        (rtc(), LOBBY, "ok"),
        (rtc(version="006"), {}, "not checked"),
        (rtc(version="006"), {"channel": "lobby"}, "not checked"),
        (rtc(version="006"), LOBBY, "ok"),
        (rtc(uid=0, allow_any_uid=True), {"channel": "lobby"}, "ok"),
        (rtc(uid=0, allow_any_uid=True, version="006"), {"channel": "lobby"}, "ok"),
        (rtm(), {}, "not checked"),
        (rtm(), {"user": "alice"}, "ok"),
        (rtm(version="006"), {}, "not checked"),
        (BOTH_SERVICES, LOBBY, "not checked"),
        (BOTH_SERVICES, {**LOBBY, "user": "alice"}, "ok"),
        (rtc(), {"channel": "stage"}, "wrong"),
    ],
)
def test_a_match_is_ok_only_if_everything_in_the_token_was_compared(token: str, client: Vector, status: str) -> None:
    verdict = verify(token, DEMO, now=NOW, **client)
    assert verdict.match.status == status
    assert ("NOT_COMPARED" in codes(verdict)) == (status == "not checked")
    assert verdict.ok == (status == "ok")
    assert verify(token, DEMO, now=NOW, partial=True, **client).match.status == ("wrong" if status == "wrong" else "ok")


@pytest.mark.parametrize("version", ["006", "007"])
def test_without_the_certificate_all_but_the_signature_is_checked(version: TokenVersion) -> None:
    token = rtc(version=version)
    verdict = verify(token, None, app_id=DEMO.app_id, now=NOW, **LOBBY)
    assert [(check.name, check.status) for check in verdict.checks if check.status != "ok"] == [
        ("signature", "not checked")
    ]
    assert verdict.signature.detail == "There is no App Certificate to check it with."
    assert not verdict.ok
    assert [row.status for row in verdict.compared] == ["same"] * 3
    assert "UID_MISMATCH" in codes(verify(token, None, channel="lobby", uid=8, now=NOW))
    assert "EXPIRED" in codes(verify(token, None, now=NOW + 90_000))


def test_the_app_id_alone_is_compared_if_it_is_given() -> None:
    assert "APP_ID_MISMATCH" in codes(verify(rtc(), None, app_id="0" * 32, now=NOW, **LOBBY))
    verdict = verify(rtc(), None, now=NOW, **LOBBY)
    assert (verdict.compared[0].status, verdict.compared[0].actual) == ("not compared", DEMO.app_id)
    assert verdict.match.detail.endswith("Not compared: App ID.")


def test_partial_is_not_content_with_nothing() -> None:
    verdict = verify(rtc(), None, now=NOW, partial=True)
    assert verdict.match.status == "not checked"
    assert verdict.match.detail == "Not compared: App ID, channel, uid or account."
    assert verify(rtc(), None, channel="lobby", now=NOW, partial=True).match.status == "ok"


def test_arguments_that_need_credentials_or_exclude_them() -> None:
    with pytest.raises(InputError) as caught:
        verify(rtc(), DEMO, app_id=DEMO.app_id)
    assert str(caught.value) == "app_id: cannot be combined with credentials, which contain one. Pass one of the two."
    for others in ({"secondary_certificate": OTHER_CERTIFICATE}, {"disabled_certificates": [OTHER_CERTIFICATE]}):
        with pytest.raises(InputError, match="credentials: must not be None beside other certificates"):
            verify(rtc(), None, **others)
    with pytest.raises(InputError, match="app_id: has 5 characters"):
        verify(rtc(), None, app_id="short")


def test_the_user_of_a_chat_token_is_compared() -> None:
    token = build_chat_token(DEMO, "alice", now=NOW)
    assert verify(token, DEMO, user="alice", now=NOW).ok
    verdict = verify(token, DEMO, user="bob", now=NOW)
    assert codes(verdict) == ["USER_MISMATCH"]
    assert verdict.reasons[0].title == "The token is for another Chat user"
    assert verdict.compared[-1].name == "Chat user"
    assert codes(verify(token, DEMO, now=NOW)) == ["NOT_COMPARED"]
    of_the_app = verify(build_chat_app_token(DEMO, now=NOW), DEMO, user="alice", now=NOW)
    assert codes(of_the_app) == ["NO_RTM_SERVICE"]
    assert of_the_app.reasons[0].title == "The token cannot log in to Chat"
    assert (of_the_app.compared[-1].name, of_the_app.compared[-1].status) == ("Chat user", "differs")
    assert codes(verify(build_chat_token(DEMO, "a.b", now=NOW), DEMO, user="a.b", now=NOW)) == []


def test_an_expired_token_with_a_lifetime_of_a_second_needs_a_longer_one() -> None:
    verdict = verify(rtc(expires_in=1), DEMO, channel="lobby", uid=7, now=NOW + 9)
    assert verdict.reasons[0].code == "EXPIRED"
    assert "The lifetime is 1 s. 1 looks like a role" in verdict.reasons[0].detail
    assert verdict.reasons[0].hint.startswith("Give tokens a longer lifetime: a new one expires as soon.")


def test_what_a_token_is_for_that_cannot_be_used() -> None:
    for token, client, detail in (
        (rtm(), LOBBY, "The token has no RTC service, only rtm."),
        (rtc(), {"user": "alice"}, "The token has no RTM service, only rtc."),
        (build_chat_token(DEMO, "alice", now=NOW), LOBBY, "The token has no RTC service, only chat."),
        (build_chat_app_token(DEMO, now=NOW), {"user": "a"}, "The token has no Chat user: it is an app token."),
        (rtc(version="006"), {"user": "a"}, "The token has no RTM login privilege: it is for a channel (RTC)."),
        (sign_007(), LOBBY, "The token has no RTC service."),
    ):
        assert verify(token, DEMO, now=NOW, **client).reasons[0].detail == detail


@pytest.mark.parametrize("token", [rtc(uid=0, allow_any_uid=True), sign_006("lobby", "", {1: NOW + 600})])
def test_the_uid_of_a_token_that_cannot_log_in_is_not_worth_a_note(token: str) -> None:
    assert "NO_RTM_SERVICE" in codes(verify(token, DEMO, user="alice", now=NOW))
    assert "ANY_UID" not in codes(verify(token, DEMO, user="alice", now=NOW))
    assert "ANY_UID" in codes(verify(token, DEMO, user="alice", channel="lobby", now=NOW))


@pytest.mark.parametrize("token", [rtc(uid=None, account="0"), sign_006("lobby", "0", {1: NOW + 600})])
def test_a_client_without_a_uid_and_the_account_0_need_integers(token: str) -> None:
    verdict = verify(token, DEMO, channel="lobby", uid=0, now=NOW)
    assert codes(verdict)[:2] == ["ACCOUNT_ZERO", "UID_MISMATCH"]
    assert verdict.reasons[0].hint.startswith("Pass uids as integers")


@pytest.mark.parametrize(
    ("uid", "joins_as"),
    [(17_600_000_000_123, "3518988411, or -775978885 on Android."), (2**32 + 7, "7.")],
)
def test_a_uid_beyond_32_bits_is_cut(uid: int, joins_as: str) -> None:
    verdict = verify(rtc(uid=None, account=str(uid)), DEMO, channel="lobby", uid=uid, now=NOW)
    assert f"A client that cuts it joins as {joins_as}" in verdict.reasons[0].detail


@pytest.mark.parametrize(
    ("client", "whose"),
    [
        ({"channel": "lobby", "uid": 8}, "another user"),
        ({"channel": "hall", "uid": 8}, "another channel or user"),
        ({"user": "alice"}, "a channel, not for a login"),
    ],
)
def test_why_the_signature_of_a_006_token_was_not_checked(client: dict[str, Any], whose: str) -> None:
    verdict = verify(rtc(version="006"), DEMO, **client, now=NOW)
    assert verdict.signature.detail.startswith(f"The token is for {whose}, ")


@pytest.mark.parametrize("version", ["006", "007"])
def test_app_id_and_certificate_swapped_on_the_server(version: TokenVersion) -> None:
    token = rtc(Credentials(DEMO.app_certificate, DEMO.app_id), version=version)
    verdict = verify(token, DEMO, channel="lobby", uid=7, now=NOW)
    assert codes(verdict) == ["WRONG_SIGNATURE", "APP_ID_MISMATCH"]
    assert verdict.signature.detail.startswith("The server swapped App ID and App Certificate")
    assert verdict.reasons[0].hint.startswith("Swap the two on the server")


@pytest.mark.parametrize(
    ("token", "client", "hint"),
    [
        (rtc(version="006"), {}, "Pass the token's own channel and uid (or account)."),
        (rtc(version="006"), {"channel": "lobby"}, "Pass the token's own uid (or account)."),
        (rtc(version="006"), {"uid": 7}, "Pass the token's own channel."),
        (sign_006("lobby", "", {1: NOW + 600}), {"uid": 7}, "Pass the token's own channel."),
        (rtm(version="006"), {}, "Pass the token's own user."),
        (rtc(version="006"), {"channel": "hall", "uid": 7}, "Check the token with the names that it was built for, "),
        (rtm(version="006"), {"user": "bob"}, "Check the token with the names that it was built for, "),
    ],
)
def test_a_006_signature_asks_only_for_names_that_are_missing(token: str, client: Vector, hint: str) -> None:
    (reason,) = [one for one in verify(token, DEMO, now=NOW, **client).reasons if one.code == "SIGNATURE_NOT_CHECKED"]
    assert reason.hint.startswith(hint)


@pytest.mark.parametrize("version", ["006", "007"])
@pytest.mark.parametrize(
    ("uid", "shown"),
    [
        (17_600_000_000_123, "3518988411 (17600000000123 in 32 bits)"),
        (-7, "4294967289 (-7 in 32 bits)"),
    ],
)
def test_a_uid_that_does_not_fit_into_32_bits_never_matches(version: TokenVersion, uid: int, shown: str) -> None:
    verdict = verify(rtc(uid=None, account=str(uid), version=version), DEMO, channel="lobby", uid=uid, now=NOW)
    row = verdict.compared[2]
    assert (row.expected, row.status, row.reason and row.reason.code) == (shown, "differs", "NAME_NOT_ALLOWED")
    assert codes(verdict)[0] == "NAME_NOT_ALLOWED"


@pytest.mark.parametrize(
    ("client", "missing"),
    [
        ({}, "channel, uid or account, RTM user"),
        ({"channel": "lobby"}, "uid or account, RTM user"),
        (LOBBY, "RTM user"),
    ],
)
def test_it_asks_only_for_what_was_not_given(client: Vector, missing: str) -> None:
    (reason,) = verify(BOTH_SERVICES, DEMO, now=NOW, **client).reasons
    assert (reason.code, reason.hint) == ("NOT_COMPARED", f"Give what is missing: {missing}.")
