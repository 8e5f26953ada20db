from __future__ import annotations

from typing import Any

import pytest

from agora_helpers import RtcService, RtmService, build_rtc_token, build_token, verify
from tests.support import DEMO, NOW
from tests.verification.samples import rtc, rtm, sign_006

Row = tuple[str, str, str]
APP_ID: Row = (DEMO.app_id, DEMO.app_id, "same")
each_version = pytest.mark.parametrize(
    ("version", "channel", "uid", "user"),
    [
        ("006", "checksum 0xcce455f7", "checksum 0x6abf4a82", "checksum 0x278ebc47"),
        ("007", "lobby", "7", "alice"),
    ],
)


def compared(token: str, **client: Any) -> dict[str, Row]:
    """Return expected value, actual value and status by the name of the row."""
    verdict = verify(token, DEMO, now=NOW, **client)
    return {row.name: (row.expected, row.actual, row.status) for row in verdict.compared}


@each_version
def test_the_client_of_the_token(version: str, channel: str, uid: str, user: str) -> None:
    assert compared(rtc(version=version), channel="lobby", uid=7) == {
        "App ID": APP_ID,
        "channel": ("lobby", channel, "same"),
        "uid or account": ("7", uid, "same"),
    }


@each_version
def test_another_channel_and_no_uid(version: str, channel: str, uid: str, user: str) -> None:
    assert compared(rtc(version=version), channel="Lobby") == {
        "App ID": APP_ID,
        "channel": ("Lobby", channel, "differs"),
        "uid or account": ("", uid, "not compared"),
    }


@each_version
def test_the_uid_in_another_channel_is_still_the_same(version: str, channel: str, uid: str, user: str) -> None:
    assert compared(rtc(version=version), channel="stage", uid=7) == {
        "App ID": APP_ID,
        "channel": ("stage", channel, "differs"),
        "uid or account": ("7", uid, "same"),
    }


@each_version
def test_an_rtm_user(version: str, channel: str, uid: str, user: str) -> None:
    assert compared(rtm(version=version), user="alice") == {"App ID": APP_ID, "RTM user": ("alice", user, "same")}


@pytest.mark.parametrize("version", ["006", "007"])
def test_what_the_token_does_not_contain(version: str) -> None:
    assert compared(rtc(version=version), user="alice")["RTM user"] == ("alice", "", "differs")
    assert compared(rtm(version=version), channel="lobby")["channel"] == ("lobby", "", "differs")


@pytest.mark.parametrize("version", ["006", "007"])
def test_a_token_for_any_uid(version: str) -> None:
    token = rtc(version=version, uid=0, allow_any_uid=True)
    assert compared(token, channel="lobby", uid=9)["uid or account"] == ("9", "any uid", "same")


def test_several_services() -> None:
    token = build_token(DEMO, [RtcService("a", 1), RtcService("b", 2), RtmService("alice")], now=NOW)
    rows = compared(token, channel="b", uid=2)
    assert rows["channel"] == ("b", "a, b", "same")
    assert rows["RTM user"] == ("", "alice", "not compared")


def test_a_uid_is_compared_with_that_of_its_channel() -> None:
    token = build_token(DEMO, [RtcService("a", 1), RtcService("b", 2)], now=NOW)
    assert compared(token, channel="a", uid=2)["uid or account"] == ("2", "1", "differs")


@pytest.mark.parametrize("row", ["channel", "uid or account"])
def test_an_account_named_any_uid_is_not_any_uid(row: str) -> None:
    token = build_rtc_token(DEMO, "any uid", account="any uid", now=NOW)
    assert compared(token, channel="lobby", account="alice")[row][2] == "differs"


def test_a_user_named_any_uid_is_not_any_user() -> None:
    assert compared(rtm(user="any uid"), user="alice")["RTM user"][2] == "differs"


def test_a_006_token_for_rtc_and_rtm_is_compared_as_its_client_uses_it() -> None:
    token = sign_006("lobby", "7", {1: NOW + 9, 1000: NOW + 9})
    assert [row[2] for row in compared(token, channel="lobby", uid=7).values()] == ["same"] * 3


def test_nothing_is_compared_in_a_string_that_is_not_a_token() -> None:
    assert verify("007", DEMO, channel="lobby").compared == ()


@pytest.mark.parametrize(
    ("token", "whose"),
    [
        (rtc(), "'7'"),
        (rtc(uid=None, account="alice"), "'alice'"),
        (rtc(uid=None, account="0"), "'0'"),
        (rtc(version="006"), "another uid, of which a 006 token contains only a checksum"),
        (rtc(version="006", uid=None, account="0"), "'0'"),
    ],
)
@pytest.mark.parametrize("uid", [0, ""])
def test_a_client_that_joins_with_0_gets_a_random_uid(token: str, whose: str, uid: int | str) -> None:
    (reason,) = [row.reason for row in verify(token, DEMO, channel="lobby", uid=uid, now=NOW).compared if row.reason]
    assert (reason.code, reason.detail) == (
        "UID_MISMATCH",
        f"The client joins with 0 (or none), so Agora gives it a random uid; the token is for {whose}. "
        "Only a token with an empty uid admits such a client.",
    )


@each_version
def test_a_token_for_any_uid_admits_a_client_that_joins_with_0(version: str, channel: str, uid: str, user: str) -> None:
    token = rtc(version=version, uid=0, allow_any_uid=True)
    assert verify(token, DEMO, channel="lobby", uid=0, now=NOW).ok
