from __future__ import annotations

import json
from collections.abc import Callable
from unittest.mock import Mock
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agora_helpers import InputError, TokenFormatError, build_rtc_token, build_rtm_token, decode
from agora_helpers.constants import TokenVersion
from agora_helpers.tokens.repairs import find_tokens, repair
from tests.support import DEMO, NOW, VECTORS, rebuild


def token_with(version: TokenVersion, fits: Callable[[str], bool]) -> str:
    """One of a thousand tokens that differ in their salt."""
    tokens = (build_rtc_token(DEMO, "lobby", uid=7, version=version, now=NOW, salt=salt) for salt in range(1, 1000))
    return next(token for token in tokens if fits(token))


TOKENS = [
    token_with("006", lambda token: {"+", "/"} <= set(token[35:])),  # its length needs no padding, ever
    token_with("007", lambda token: {"+", "/"} <= set(token) and token.endswith("=")),
]


MANGLED: dict[str, Callable[[str], str]] = {
    "spaces or line breaks around it": lambda token: f"  {token}\r\n",
    "quotes or punctuation around it": lambda token: f"\u201c{token}\u201d,",
    "JSON around it": lambda token: json.dumps({"uid": 7, "token": token}),
    '"Bearer" before it': lambda token: f"Authorization: Bearer {token}",
    "a name before it": lambda token: f"agora token={token}",
    "percent-encoding (%2B, %2F, %3D)": lambda token: quote(token, safe=""),
    "HTML entities": lambda token: token.replace("=", "&#61;").replace("+", "&#x2B;"),
    "JSON escapes (\\/)": lambda token: token.replace("/", "\\/").replace("=", "\\u003d"),
    "line breaks in it": lambda token: token[:40] + "\n" + token[40:60] + "\r\n    " + token[60:],
    "spaces in place of +": lambda token: token.replace("+", " "),
    "the URL-safe alphabet (- and _ in place of + and /)": lambda token: token.replace("+", "-").replace("/", "_"),
    "padding (=) at its end": lambda token: token.rstrip("="),
    "invisible characters in it": lambda token: "\ufeff" + token[:9] + "\u200b" + token[9:],
}


@pytest.mark.parametrize("description", MANGLED)
@pytest.mark.parametrize("token", TOKENS, ids=["006", "007"])
def test_each_way_of_mangling_is_undone_and_named(token: str, description: str) -> None:
    mangled = MANGLED[description](token)
    if mangled == token:
        assert token == TOKENS[0] and "=" in description  # nothing to mangle
        return
    assert repair(mangled) == (token, (description,))


def test_twice_encoded_and_several_at_once() -> None:
    token = TOKENS[1]
    assert repair(quote(quote(token, safe=""), safe="")).token == token
    repaired = repair(" 'Bearer " + quote(token.rstrip("="), safe="") + "' \n")
    assert repaired.token == token and len(repaired.repairs) == 5
    answer = json.dumps({"rtcToken": token}, indent=2).replace("/", "\\/")
    assert repair(answer).token == token


def test_a_plus_at_the_very_end_that_became_a_blank() -> None:
    token = token_with("007", lambda token: token.endswith("+"))
    assert repair(token[:-1] + " ").token == token


@pytest.mark.parametrize("vector", VECTORS[::7], ids=lambda vector: vector["id"])
def test_what_is_right_is_left_alone(vector: dict[str, object]) -> None:
    token = rebuild(vector)
    assert repair(token) == (token, ())


@pytest.mark.parametrize("text", ["", "hello world", "005abc", '{"a": 1}', "Bearer x", "%41", "\\", "token=abc"])
def test_what_is_no_token_is_left_alone(text: str) -> None:
    assert repair(text) == (text, ())


def test_what_is_lost_stays_lost() -> None:
    cut = TOKENS[0][:60]
    token, repairs = repair(f'"{cut}"')
    assert token.startswith(cut.rstrip("=")) and repairs
    with pytest.raises(TokenFormatError):
        decode(token)


@given(st.text(max_size=300) | st.text("006+/=\\%2Ba\"' \n", max_size=80))
def test_any_text_gives_a_text(text: str) -> None:
    repaired = repair(text)
    assert isinstance(repaired.token, str) and bool(repaired.repairs) >= (repaired.token != text)
    assert repair(repaired.token).token[:3] == repaired.token[:3]


@pytest.mark.parametrize("wrong", [None, b"007", 7])
def test_what_is_no_text_is_refused(wrong: object) -> None:
    with pytest.raises(InputError, match="text: must be a string"):
        repair(wrong)  # type: ignore[arg-type]


class Hostile(str):
    """A str whose methods cannot be used."""

    def __len__(self) -> int:
        raise RuntimeError

    __hash__ = __iter__ = __getitem__ = __contains__ = strip = replace = lower = startswith = __len__  # type: ignore[assignment]


def test_a_text_of_another_class_is_read_as_the_text_that_it_is() -> None:
    assert repair(Hostile(f"Bearer {TOKENS[1]}")) == (TOKENS[1], ('"Bearer" before it',))
    assert type(repair(Hostile(TOKENS[1])).token) is str


def test_what_only_pretends_to_be_a_text() -> None:
    with pytest.raises(InputError, match="text: must be a string"):
        repair(Mock(spec=str))


def test_the_last_of_a_few_strings_that_look_like_tokens() -> None:
    broken = [TOKENS[1][:-9] + f"{number:09}" for number in range(7)]
    assert repair(" ".join([*broken * 3, TOKENS[1]])) == (TOKENS[1], ("text around it",))


def test_a_huge_text_is_left_alone() -> None:
    huge = "007" + " " * 70_000
    assert repair(huge) == (huge, ())


@pytest.mark.parametrize("filler", [" ", "\\", "%", "%2", "&", "00", "\u200b", "token=", "\n "])
def test_long_runs_of_anything_are_read_once(filler: str) -> None:
    """In time that grows with their length, or this test would take minutes."""
    assert isinstance(repair("007" + filler * (60_000 // len(filler)) + "x").token, str)


@pytest.mark.parametrize(
    "around",
    [
        "My token is {} and it is refused.",
        'client.join("app", "lobby", "{}", 7);',
        "https://example.com/join?token={}&uid=7",
        'const rtcToken = "{}";',
        "- token: **{}**",
        "> {}\n> regards",
    ],
)
@pytest.mark.parametrize("token", TOKENS, ids=["006", "007"])
def test_a_token_in_the_middle_of_something(token: str, around: str) -> None:
    assert repair(around.format(token)).token == token


def test_no_006_token_is_made_up() -> None:
    cut = TOKENS[0][:-1] + " "
    with pytest.raises(TokenFormatError):
        decode(repair(cut).token)


RTC, RTM = (build_rtc_token(DEMO, "lobby", uid=7, now=NOW), build_rtm_token(DEMO, "alice", now=NOW))
REPLY = json.dumps({"rtcToken": RTC, "rtmToken": RTM})


@pytest.mark.parametrize(
    "text",
    [
        REPLY,
        REPLY.replace("/", "\\/"),
        quote(REPLY),
        quote(REPLY.replace("/", "\\/"), safe=""),
        f"{RTC}\n{RTM}\n",
        f"10:02 join lobby {RTC}\n10:03 login alice {RTM}\n10:04 join lobby {RTC}\n",
        f"wss://example.com/?rtc={quote(RTC, safe='')}&rtm={quote(RTM, safe='')}",
        f"{RTC},{RTM}",
    ],
)
def test_several_tokens_in_one_text(text: str) -> None:
    assert find_tokens(text) == (RTC, RTM)
    assert repair(text) == (RTC, ("text around it (one of 2 tokens)",))
    with pytest.raises(TokenFormatError):
        decode(text)


@pytest.mark.parametrize("description", MANGLED)
@pytest.mark.parametrize("token", TOKENS, ids=["006", "007"])
def test_one_token_is_found_as_it_is_repaired(token: str, description: str) -> None:
    assert find_tokens(MANGLED[description](token)) == find_tokens(token) == (token,)


@pytest.mark.parametrize("text", ["", "hello world", "undefined", TOKENS[0][:60], f'"{TOKENS[1][:60]}"', "x" * 70_000])
def test_where_there_is_no_token_none_is_found(text: str) -> None:
    assert find_tokens(text) == ()


@pytest.mark.parametrize("around", ["{}", '"{}"', "Bearer {}", "token={} ", '{{"token": "{}"}}'])
@pytest.mark.parametrize(
    "text",
    [
        "007" + DEMO.app_id + "AAHiQGoZ9oBqGLMQlr4Kud9O-fwCho9G9X1Icls2Bqp04zjKM9QKLY_DY7gA",
        "006YOUR_APP_IDIAB" + "a" * 90,
        "006IAB" + "a" * 90,
        "007eyJhcHBJZCI6ImFiYyIsImNoYW5uZWwiOiJsb2JieSIsInVpZCI6N30_",
    ],
)
def test_what_never_was_a_token_is_not_said_to_be_repaired(text: str, around: str) -> None:
    assert repair(around.format(text)) == (around.format(text), ())
