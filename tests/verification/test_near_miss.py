from __future__ import annotations

import pytest

from agora_helpers import Credentials, build_rtc_token, verify
from agora_helpers.constants import TokenVersion
from agora_helpers.verification.near_miss import is_number, near_miss
from tests.support import NOW

DEMO = Credentials.demo()


@pytest.mark.parametrize("version", ["006", "007"])
@pytest.mark.parametrize(
    ("signed", "joined", "says"),
    [
        ("lobby", "Lobby", "in lower case"),
        ("LOBBY", "lobby", "in upper case"),
        ("lobby", " lobby", "without the spaces"),
        ("a room", "a%20room", "percent-decoded"),
        ("a+room", "a room", "in percent-encoding only"),
        ("myRoom", "MYroom", "in capital letters or spaces only"),
        ("room", "room#1", "up to the #"),
        ("undefined", "lobby", "a variable without a value"),
        ("other", "lobby", ""),
    ],
)
def test_a_channel_that_changed_on_its_way(version: TokenVersion, signed: str, joined: str, says: str) -> None:
    token = build_rtc_token(DEMO, signed, uid=7, version=version, now=NOW)
    detail = verify(token, DEMO, channel=joined, uid=7, now=NOW).reasons[0].detail
    if version == "006" and says.endswith("only"):
        says = ""  # the checksum of a name cannot be turned back
    assert says in detail and bool(says) == ("It fits" in detail or "They differ" in detail)


@pytest.mark.parametrize("version", ["006", "007"])
def test_a_uid_as_java_shows_it(version: TokenVersion) -> None:
    token = build_rtc_token(DEMO, "lobby", uid=4_294_967_289, version=version, now=NOW)
    assert "signed and unsigned" in verify(token, DEMO, channel="lobby", uid=-7, now=NOW).reasons[0].detail


def test_a_user_that_was_never_set() -> None:
    token = build_rtc_token(DEMO, "lobby", account="None", version="006", now=NOW)
    assert "a variable without a value" in verify(token, DEMO, channel="lobby", uid=7, now=NOW).reasons[0].detail


def test_any_text_may_be_expected() -> None:
    for odd in (None, "", "\ud800", "%", "#", "\0" * 9):
        assert near_miss(odd, lambda _: False) == ""


def test_numbers() -> None:
    assert all(map(is_number, ("0", "7", "-7", "0x1f")))
    assert not any(map(is_number, ("", "7a", "\u0667", "-", "1.5")))
