from __future__ import annotations

from typing import Any

import pytest

from agora_helpers import RtcService, RtmService, build_rtc_token, build_rtm_token, build_token, verify
from agora_helpers.constants import TokenVersion
from agora_helpers.tokens import v006
from tests.support import DEMO, NOW


def compared(token: str, **expected: Any) -> dict[str, tuple[str, str, str]]:
    verdict = verify(token, DEMO, now=NOW, **expected)
    return {row.name: (row.expected, row.found, row.status) for row in verdict.compared}


def rtc(version: str, **options: Any) -> str:
    return build_rtc_token(DEMO, "lobby", **{"uid": 7, "version": version, "now": NOW, **options})


@pytest.mark.parametrize("version", ["006", "007"])
def test_expected_and_actual(version: TokenVersion) -> None:
    names = (
        ("lobby", "7", "alice")
        if version == "007"
        else ("checksum 0xcce455f7", "checksum 0x6abf4a82", "checksum 0x278ebc47")
    )
    app_id = (DEMO.app_id, DEMO.app_id, "same")
    assert compared(rtc(version), channel="lobby", uid=7) == {
        "App ID": app_id,
        "channel": ("lobby", names[0], "same"),
        "uid or account": ("7", names[1], "same"),
    }
    assert compared(rtc(version), channel="Lobby") == {
        "App ID": app_id,
        "channel": ("Lobby", names[0], "differs"),
        "uid or account": ("", names[1], "not compared"),
    }
    assert compared(rtc(version), user="alice")["RTM user"] == ("alice", "", "differs")
    rtm = build_rtm_token(DEMO, "alice", version=version, now=NOW)
    assert compared(rtm, user="alice") == {"App ID": app_id, "RTM user": ("alice", names[2], "same")}
    assert compared(rtm, channel="lobby")["channel"] == ("lobby", "", "differs")
    anyone = rtc(version, uid=0, allow_any_uid=True)
    assert compared(anyone, channel="lobby", uid=9)["uid or account"] == ("9", "anyone", "same")


def test_several_services() -> None:
    token = build_token(DEMO, [RtcService("a", 1), RtcService("b", 2), RtmService("alice")], now=NOW)
    rows = compared(token, channel="b", uid=2)
    assert rows["channel"] == ("b", "a, b", "same") and rows["RTM user"] == ("", "alice", "not compared")
    assert compared(token, channel="a", uid=2)["uid or account"] == ("2", "1", "differs"), "that one is for b"


def test_a_user_named_anyone_is_not_anyone() -> None:
    token = build_rtc_token(DEMO, "anyone", account="anyone", now=NOW)
    rows = compared(token, channel="lobby", account="alice")
    assert rows["channel"][2] == rows["uid or account"][2] == "differs"
    assert compared(build_rtm_token(DEMO, "anyone", now=NOW), user="alice")["RTM user"][2] == "differs"


def test_a_006_token_for_both_doors_is_compared_as_its_client_uses_it() -> None:
    token = v006.encode(
        DEMO.app_id, DEMO.app_certificate, "lobby", "7", {1: NOW + 9, 1000: NOW + 9}, ts=NOW + 9, salt=1
    )
    assert [row[2] for row in compared(token, channel="lobby", uid=7).values()] == ["same"] * 3


def test_nothing_to_compare_in_what_is_no_token() -> None:
    assert verify("007", DEMO, channel="lobby").compared == ()
