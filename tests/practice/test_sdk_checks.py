from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agora_helpers import decode
from agora_helpers.practice.sdk_checks import app_id_in, rtc_refusal, rtm_refusal
from tests.support import VECTORS, Vector, payload, rebuild, wrap


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_the_app_id_of_every_right_token_is_read(vector: Vector) -> None:
    token = rebuild(vector)
    assert app_id_in(token) == decode(token).app_id
    if vector["version"] == "007":
        assert app_id_in(token.rstrip("=")) == decode(token).app_id, "a browser needs no padding"
        assert app_id_in(wrap("007", payload(token))[:-8]) in (None, decode(token).app_id), "nor the checksum"


@pytest.mark.parametrize("text", ["", "hello", "005", "007", "007!", "007A", "007" + "A" * 40])
def test_what_is_no_token(text: str) -> None:
    assert app_id_in(text) is None


@given(st.text(max_size=200) | st.text("ABCDabcd0123+/=").map(lambda text: f"007{text}"))
def test_any_text(text: str) -> None:
    found = app_id_in(text)
    assert found is None or isinstance(found, str)


APP_ID = "a1" * 16


@pytest.mark.parametrize(
    ("app_id", "channel", "who", "token", "words"),
    [
        (APP_ID, "lobby", 7, "", "Invalid token: . If you don not use token, set it to null"),
        (APP_ID, "lobby", 7, "x" * 2048, "Invalid token: Length of the string: [1,2047]. ASCII characters only."),
        (APP_ID, "lobby", 7, "\u0101", "Invalid token: Length of the string: [1,2047]. ASCII characters only."),
        ("", "lobby", 7, None, "Invalid appid: Length of the string: [1,2047]. ASCII characters only."),
        (APP_ID, "", 7, None, "The length must be within 64 bytes. The supported characters: a-z,A-Z,"),
        (APP_ID, "x" * 65, 7, None, "The length must be within 64 bytes."),
        (APP_ID, "caf\u00e9", 7, None, "The length must be within 64 bytes."),
        (APP_ID, "a*", 7, None, "The length must be within 64 bytes."),
        (APP_ID, "a\n", 7, None, "The length must be within 64 bytes."),
        (APP_ID, "lobby", -1, None, "[String uid] Length of the string: [1,255]."),
        (APP_ID, "lobby", 2**32, None, "[String uid] Length of the string: [1,255]."),
        (APP_ID, "lobby", "x" * 256, None, "[String uid] Length of the string: [1,255]."),
        (APP_ID, "lobby", "\u0101", None, "[String uid] Length of the string: [1,255]."),
    ],
)
def test_what_the_rtc_sdk_refuses(app_id: str, channel: str, who: int | str, token: str | None, words: str) -> None:
    refusal = rtc_refusal(app_id, channel, who, token)
    assert refusal and refusal[0] == "INVALID_PARAMS" and refusal[1].startswith(words)


@pytest.mark.parametrize("who", [0, 1, 2**32 - 1, "", "alice", "caf\u00e9", "x" * 255])
def test_what_the_rtc_sdk_lets_through(who: int | str) -> None:
    for channel in ("lobby", "x" * 64, "!#$%&()+-:;<=.>?@[]^_{}|~, "):
        for token in (None, "hello", "x" * 2047):
            assert rtc_refusal("any id", channel, who, token) is None


def test_what_the_rtm_sdk_refuses() -> None:
    for user in ("alice", "7", "a_b", "a b", "x" * 64, "[]^{}|~@"):
        assert rtm_refusal(APP_ID, user, None) is None
    for user in ("", "_a", "a.b", "a/b", "a*b", "\u00e9", "x" * 65, "a\n"):
        assert rtm_refusal(APP_ID, user, None) == ("-10006", "Invalid user id. illegal symbol or too long.")
    assert rtm_refusal("x", "alice", None) == ("-10003", "Invalid App id. illegal symbol or too long.")
    for token in ("hello", "007", "006" + "-" * 40):
        assert rtm_refusal(APP_ID, "alice", token) == ("-10005", "Invalid token.")
    assert rtm_refusal(APP_ID, "alice", "006" + "b" * 40) == ("-10016", "The appid is not consistent.")
    for good in ("", APP_ID, f"006{APP_ID}!"):
        assert rtm_refusal(APP_ID, "alice", good) is None
