"""Assertions about tokens: what passes, and what a failure says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from agora_helpers import Credentials, InputError, Project, RtcService, build_rtc_rtm_token
from agora_helpers.practice import Clock
from agora_helpers.testing import assert_admitted, assert_token
from agora_helpers.tokens import v007
from tests.support import DEMO, NOW, rtc, rtm

OTHER = Credentials(DEMO.app_id, "0123456789abcdef" * 2)
CLIENT: dict[str, Any] = {"channel": "lobby", "uid": 7}


def failure(check: Callable[..., None], *values: Any, **options: Any) -> str:
    with pytest.raises(AssertionError) as failed:
        check(*values, **options)
    return str(failed.value)


def first_lines(message: str) -> list[str]:
    """Return what stands above the verdict."""
    return message.split("\n\n")[0].splitlines()


@pytest.mark.parametrize(
    ("token", "client"),
    [
        (rtc(), CLIENT),
        (rtc(role="publisher"), CLIENT | {"role": "publisher", "version": "007"}),
        (rtc(role="subscriber", version="006"), CLIENT | {"role": "subscriber", "version": "006"}),
        (rtc(account="alice"), {"channel": "lobby", "account": "alice"}),
        (rtc(uid=0, allow_any_uid=True), {"channel": "lobby", "uid": 0}),
        (rtm(), {"user": "alice"}),
        (rtm(version="006", expires_in=86_400), {"user": "alice", "expires_in": 86_400}),
        (rtc(expires_in=600), CLIENT | {"expires_in": 605}),
        (rtc(expires_in=600), CLIENT | {"expires_in": None}),
        (
            build_rtc_rtm_token(DEMO, "lobby", uid=7, user="alice", now=NOW),
            CLIENT | {"user": "alice"},
        ),
    ],
)
def test_what_is_expected_passes(token: str, client: dict[str, Any]) -> None:
    assert_token(token, **client, credentials=DEMO, now=NOW)


def test_without_the_certificate_the_signature_is_not_checked() -> None:
    assert_token(rtc(credentials=OTHER), **CLIENT, now=NOW)


def test_an_old_token_of_007_still_has_the_lifetime_that_it_was_issued_with() -> None:
    assert_token(rtc(), **CLIENT, credentials=DEMO, now=NOW + 3000)


def test_another_certificate_is_named() -> None:
    message = failure(assert_token, rtc(credentials=OTHER), **CLIENT, credentials=DEMO, now=NOW)
    assert first_lines(message)[:2] == [
        "The token is not the expected one.",
        "signature: Signed with another App Certificate, or changed after it was signed.",
    ]
    assert "signature  wrong" in message
    assert rtc(credentials=OTHER) not in message


def test_another_uid_is_named() -> None:
    message = failure(assert_token, rtc(uid=8), **CLIENT, credentials=DEMO, now=NOW)
    assert first_lines(message)[1] == "match: Expected '7', but the token has '8'."


def test_a_point_in_time_for_a_duration_is_named() -> None:
    point = NOW + 3600
    token = v007.encode(
        DEMO.app_id, DEMO.app_certificate, [RtcService("lobby", 7, {1: point})], issued_at=NOW, expire=point, salt=1
    )
    message = failure(assert_token, token, **CLIENT, credentials=DEMO, now=NOW)
    assert first_lines(message)[1] == (
        "expires_in: expected 3600 seconds, but the client may stay for 86400. A 007 token has a Unix time instead of "
        "a duration. Pass 3600 to Agora's builder, not now + 3600. In 006 it is the other way round."
    )


@pytest.mark.parametrize("seconds", [3589, 3611])
def test_a_lifetime_beyond_the_tolerance_fails(seconds: int) -> None:
    message = failure(assert_token, rtc(expires_in=seconds), **CLIENT, credentials=DEMO, now=NOW)
    assert first_lines(message)[1] == f"expires_in: expected 3600 seconds, but the client may stay for {seconds}."


def test_the_lifetime_of_006_counts_from_the_check() -> None:
    message = failure(assert_token, rtc(version="006"), **CLIENT, credentials=DEMO, now=NOW + 60)
    assert first_lines(message)[1] == "expires_in: expected 3600 seconds, but the client may stay for 3540."


@pytest.mark.parametrize(
    ("actual", "expected", "problem"),
    [
        ("publisher", "subscriber", "also has the privileges: publish audio, publish video, publish data."),
        ("subscriber", "publisher", "lacks the privileges: publish audio, publish video, publish data."),
    ],
)
def test_another_role_is_named(actual: str, expected: str, problem: str) -> None:
    message = failure(assert_token, rtc(role=actual), **CLIENT, role=expected, credentials=DEMO, now=NOW)
    assert first_lines(message)[1] == f'role: expected "{expected}", but the token {problem}'


def test_another_version_is_named() -> None:
    message = failure(assert_token, rtc(version="006"), **CLIENT, version="007", credentials=DEMO, now=NOW)
    assert first_lines(message)[1] == "version: expected 007, but the token has 006."


def test_a_token_for_any_uid_is_not_for_this_one() -> None:
    token = rtc(uid=0, allow_any_uid=True)
    message = failure(assert_token, token, **CLIENT, credentials=DEMO, now=NOW)
    assert first_lines(message)[1].startswith("uid: expected '7', but any client may use the token.")


def test_what_the_token_names_must_be_expected() -> None:
    message = failure(assert_token, rtc(), channel="lobby", credentials=DEMO, now=NOW)
    assert first_lines(message)[1] == "match: As expected: App ID, channel. Not compared: uid or account."


def test_what_is_not_a_token_is_named() -> None:
    message = failure(assert_token, "undefined", **CLIENT, credentials=DEMO, now=NOW)
    assert first_lines(message)[1].startswith("format: token: ")


@pytest.mark.parametrize("expires_in", ["3600", 3600.0, float("nan"), -1])
def test_the_expected_lifetime_is_in_whole_seconds(expires_in: Any) -> None:
    with pytest.raises(InputError, match=r"^expires_in: "):
        assert_token(rtc(), channel="lobby", uid=7, expires_in=expires_in)


def test_a_role_needs_a_channel() -> None:
    with pytest.raises(InputError, match=r"^role: needs a channel\. Pass the channel, too: roles exist only there\.$"):
        assert_token(rtm(), user="alice", role="publisher")


@pytest.fixture
def project() -> Project:
    return Project(DEMO, clock=Clock(NOW))


def test_clients_are_admitted(project: Project) -> None:
    assert_admitted(project, **CLIENT, token=rtc())
    assert_admitted(project, channel="lobby", account="alice", token=rtc(account="alice"))
    assert_admitted(project, user="alice", token=rtm())
    both = build_rtc_rtm_token(DEMO, "lobby", uid=7, user="alice", now=NOW)
    assert_admitted(project, **CLIENT, user="alice", token=both)


def test_a_rejection_shows_the_four_checks(project: Project) -> None:
    message = failure(assert_admitted, project, **CLIENT, token=rtc(uid=8))
    assert first_lines(message) == ["RTC Web: rejected: invalid token, authorized failed (2010009)"]
    assert "match      wrong        Expected '7', but the token has '8'." in message


def test_the_second_of_two_uses_may_fail(project: Project) -> None:
    token = build_rtc_rtm_token(DEMO, "lobby", uid=7, user="alice", now=NOW)
    message = failure(assert_admitted, project, **CLIENT, user="bob", token=token)
    assert first_lines(message)[0].startswith("RTM 2.x: rejected: INVALID_USER_ID")


def test_a_rejection_without_a_token_is_explained(project: Project) -> None:
    message = failure(assert_admitted, project, **CLIENT)
    assert message == (
        "RTC Web: rejected: dynamic use static key (2010015)\n\n"
        "The project requires a token, and the client sent none. The first word is about the project, "
        "the second about what the client did."
    )


def test_a_wrong_app_id_is_no_fault_of_the_token(project: Project) -> None:
    message = failure(assert_admitted, project, **CLIENT, token=rtc(), app_id="0" * 32)
    assert message.startswith("RTC Web: rejected: invalid vendor key, can not find appid (2010005)\n\n")
    assert "format" not in message


def test_something_must_be_entered(project: Project) -> None:
    with pytest.raises(InputError, match=r"^channel: is missing, and so is user\. Pass the channel that the client"):
        assert_admitted(project, token=rtc())
