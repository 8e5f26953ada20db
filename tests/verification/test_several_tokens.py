"""A text with several tokens: the one that fits the client is checked, and the others are mentioned."""

from __future__ import annotations

import json
from typing import Any
from unittest.mock import Mock

import pytest

from agora_helpers import Credentials, build_chat_token, build_rtc_token, build_rtm_token, find_tokens, verify
from tests.support import DEMO, NOW

RTC = build_rtc_token(DEMO, "lobby", uid=7, now=NOW)
RTM = build_rtm_token(DEMO, "alice", now=NOW)
OLD_RTC = build_rtc_token(DEMO, "lobby", uid=8, version="006", now=NOW)
OLD_RTM = build_rtm_token(DEMO, "alice", version="006", now=NOW)
CHAT = build_chat_token(DEMO, "alice", now=NOW)
REPLY = json.dumps({"rtcToken": RTC, "rtmToken": RTM, "uid": 7})


@pytest.mark.parametrize(
    ("tokens", "client", "place"),
    [
        ((RTC, RTM), {"channel": "lobby", "uid": 7}, 1),
        ((RTC, RTM), {"user": "alice"}, 2),
        ((RTM, RTC), {"channel": "stage", "uid": 9}, 2),
        ((RTC, RTM), {"user": "bob"}, 2),
        ((RTC, CHAT), {"user": "alice"}, 2),
        ((RTC, CHAT), {"user": "bob"}, 2),
        ((CHAT, RTM), {"user": "alice"}, 1),
        ((CHAT, RTC), {"channel": "lobby", "uid": 7}, 2),
        ((RTC, OLD_RTC), {"channel": "lobby", "uid": 8}, 2),
        ((OLD_RTC, OLD_RTM), {"user": "alice"}, 2),
        ((RTM, OLD_RTM, OLD_RTC), {"channel": "lobby", "uid": 8}, 3),
        ((build_rtc_token(DEMO, "lobby", uid=7, now=NOW - 9000), RTC), {"channel": "lobby", "uid": 7}, 2),
        ((build_rtc_token(Credentials("a" * 32, "b" * 32), "lobby", uid=7, now=NOW), RTC), {}, 2),
        ((RTC, RTM), {}, 1),
    ],
)
def test_the_token_that_fits_best_is_checked(tokens: tuple[str, ...], client: dict[str, Any], place: int) -> None:
    verdict = verify(tokens, DEMO, now=NOW, **client)
    (several,) = (reason for reason in verdict.reasons if reason.code == "SEVERAL_TOKENS")
    assert f"Checked: token {place} of {len(tokens)} (" in several.detail
    alone = verify(tokens[place - 1], DEMO, now=NOW, **client)
    assert verdict.checks == alone.checks and verdict.ok == alone.ok
    assert several.severity == "note"


def test_in_one_string_it_is_checked_too_but_the_string_is_no_token() -> None:
    verdict = verify(REPLY, DEMO, user="alice", now=NOW)
    assert [check.status for check in verdict.checks] == ["wrong", "ok", "ok", "ok"]
    assert verdict.format.detail == "Checked: token 2 of 2 (007 rtm). Not checked: 007 rtc."
    assert verify(find_tokens(REPLY), DEMO, user="alice", now=NOW).ok


@pytest.mark.parametrize("tokens", [(), ("",), ("undefined", RTC)])
def test_what_is_not_several_tokens_is_a_result_too(tokens: tuple[str, ...]) -> None:
    verdict = verify(tokens, DEMO, now=NOW)
    assert verdict.format.status == "wrong" and verdict.token is None


def test_a_string_of_another_class_is_read_as_the_string_that_it_is() -> None:
    class Hostile(str):
        def __len__(self) -> int:
            raise RuntimeError

        replace = strip = __len__  # type: ignore[assignment]

    assert verify(Hostile(REPLY), DEMO, user="alice", now=NOW) == verify(REPLY, DEMO, user="alice", now=NOW)
    assert verify(Mock(spec=str), DEMO).format.detail.startswith("token: must be a string (str)")


def test_one_of_one_needs_no_note() -> None:
    assert verify((RTC,), DEMO, channel="lobby", uid=7, now=NOW) == verify(RTC, DEMO, channel="lobby", uid=7, now=NOW)
