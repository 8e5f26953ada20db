from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agora_helpers import decode
from agora_helpers.practice.sdk_checks import read_app_id, rtc_sdk_error, rtm_sdk_error
from tests.support import VECTORS, Vector, payload, rebuild, vectors, wrap

each_007_vector = pytest.mark.parametrize("vector", vectors("007"), ids=lambda vector: vector["id"])
APP_ID = "a1" * 16


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_the_app_id_of_every_valid_token_is_read(vector: Vector) -> None:
    token = rebuild(vector)
    assert read_app_id(token) == decode(token).app_id


@each_007_vector
def test_the_app_id_is_read_without_padding(vector: Vector) -> None:
    token = rebuild(vector)
    assert read_app_id(token.rstrip("=")) == decode(token).app_id


@each_007_vector
def test_the_app_id_may_be_read_without_the_checksum(vector: Vector) -> None:
    token = rebuild(vector)
    assert read_app_id(wrap("007", payload(token))[:-8]) in (None, decode(token).app_id)


@pytest.mark.parametrize("string", ["", "hello", "005", "007", "007!", "007A", "007" + "A" * 40])
def test_what_is_not_a_token(string: str) -> None:
    assert read_app_id(string) is None


@given(st.text(max_size=200) | st.text("ABCDabcd0123+/=").map(lambda text: f"007{text}"))
def test_any_string(string: str) -> None:
    app_id = read_app_id(string)
    assert app_id is None or isinstance(app_id, str)


@pytest.mark.parametrize(
    ("app_id", "channel", "who", "token", "text"),
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
def test_what_the_rtc_sdk_rejects(app_id: str, channel: str, who: int | str, token: str | None, text: str) -> None:
    error = rtc_sdk_error(app_id, channel, who, token)
    assert error
    assert error[0] == "INVALID_PARAMS"
    assert error[1].startswith(text)


@pytest.mark.parametrize("who", [0, 1, 2**32 - 1, "", "alice", "caf\u00e9", "x" * 255])
@pytest.mark.parametrize("channel", ["lobby", "x" * 64, "!#$%&()+-:;<=.>?@[]^_{}|~, "])
@pytest.mark.parametrize("token", [None, "hello", "x" * 2047])
def test_what_the_rtc_sdk_sends(who: int | str, channel: str, token: str | None) -> None:
    assert rtc_sdk_error("any id", channel, who, token) is None


@pytest.mark.parametrize("user", ["alice", "7", "a_b", "a b", "x" * 64, "[]^{}|~@"])
def test_a_user_id_that_the_rtm_sdk_sends(user: str) -> None:
    assert rtm_sdk_error(APP_ID, user, None) is None


@pytest.mark.parametrize("user", ["", "_a", "a.b", "a/b", "a*b", "\u00e9", "x" * 65, "a\n"])
def test_a_user_id_that_the_rtm_sdk_rejects(user: str) -> None:
    assert rtm_sdk_error(APP_ID, user, None) == ("-10006", "Invalid user id. illegal symbol or too long.")


def test_an_app_id_that_the_rtm_sdk_rejects() -> None:
    assert rtm_sdk_error("x", "alice", None) == ("-10003", "Invalid App id. illegal symbol or too long.")


@pytest.mark.parametrize("token", ["hello", "007", "006" + "-" * 40])
def test_a_token_that_the_rtm_sdk_rejects(token: str) -> None:
    assert rtm_sdk_error(APP_ID, "alice", token) == ("-10005", "Invalid token.")


def test_a_token_for_another_project_that_the_rtm_sdk_rejects() -> None:
    assert rtm_sdk_error(APP_ID, "alice", "006" + "b" * 40) == ("-10016", "The appid is not consistent.")


@pytest.mark.parametrize("token", ["", APP_ID, f"006{APP_ID}!"])
def test_a_token_that_the_rtm_sdk_sends(token: str) -> None:
    assert rtm_sdk_error(APP_ID, "alice", token) is None
