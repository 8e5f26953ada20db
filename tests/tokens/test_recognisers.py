"""Texts that are no tokens: each is told what it is, and a token never is."""

from __future__ import annotations

import time

import pytest

from agora_helpers import Credentials, TokenFormatError, decode, repair, verify
from agora_helpers.tokens import v006
from tests.support import DEMO

TEXTS = [
    ("PLACEHOLDER", "undefined"),
    ("PLACEHOLDER", "null"),
    ("PLACEHOLDER", "None"),
    ("PLACEHOLDER", "[object Object]"),
    ("PLACEHOLDER", "[object Promise]"),
    ("PLACEHOLDER", "Instance of 'Future<String>'"),
    ("PLACEHOLDER", "mock_token_3f9a0c1d2e4b5a697887766554433221"),
    ("PLACEHOLDER", "temp_token"),
    ("PLACEHOLDER", "YOUR_TOKEN"),
    ("PLACEHOLDER", "${token}"),
    ("PLACEHOLDER", "<YOUR TOKEN>"),
    ("JWT", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.c2lnbmF0dXJl"),
    ("CHAT", "YWMtXo2zExampleExampleExampleExampleExample"),
    ("WHITEBOARD", "NETLESSROOM_YWs9ExampleExample"),
    ("WHITEBOARD", "NETLESSTEAM_YWs9ExampleExample"),
    ("REST", "Basic ZXhhbXBsZTpleGFtcGxl"),
    ("HTML", "<!DOCTYPE html><html><body>404</body></html>"),
    ("JSON", '{"error": "unauthorized", "token": null}'),
    ("URL", "https://example.com/rtctoken"),
    ("HEX_32", DEMO.app_id),
    ("HEX_32", DEMO.app_certificate),
    ("HOME_MADE", "IuoGN62WbdR5UYBK_PZXDnbsyimKgQSQIJcx-60AxBg="),
    ("HOME_MADE", "007970CA35de60c44645bbae8a215061b33AAHiQGoZ9oBqGLMQlr4Kud9OfwCho9G9X1Icls2Bqp04zjKM9QKLY+DY7gA="),
    ("NO_APP_ID", v006.encode("", "b" * 32, "lobby", "7", {1: 1}, ts=1, salt=1)),
    ("HOME_MADE", f"{DEMO.app_id}:1700000000:0123456789abcdef"),
]


@pytest.mark.parametrize(("kind", "text"), TEXTS)
def test_a_text_is_told_what_it_is(kind: str, text: str) -> None:
    with pytest.raises(TokenFormatError) as caught:
        decode(text)
    assert caught.value.code == f"NOT_A_TOKEN_{kind}"
    assert "copy it again" not in str(caught.value)
    assert text not in str(caught.value)
    assert repair(text) == (text, ())
    (reason,) = verify(text, Credentials("a" * 32, "b" * 32)).reasons
    assert (reason.code, reason.hint) == ("MALFORMED", caught.value.hint)


@pytest.mark.parametrize("text", ["", "lobby", " 007", "hello world", "token=", "0", "eyJ", "basic"])
def test_another_text_is_not_taken_for_one_of_them(text: str) -> None:
    with pytest.raises(TokenFormatError) as caught:
        decode(text)
    assert caught.value.code == "MALFORMED" or text == "0"


@pytest.mark.parametrize("head", ["eyJ", "{", "<", "https://", "basic ", "a" * 31, "mock_", "[object ", "<a"])
@pytest.mark.parametrize("filling", ["a", "006", ".", " ", "{", "-_"])
def test_a_long_text_takes_no_time(head: str, filling: str) -> None:
    start = time.perf_counter()
    with pytest.raises(TokenFormatError):
        decode(head + filling * (200_000 // len(filling)))
    assert time.perf_counter() - start < 0.5


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (DEMO.app_id, "token: is the App ID of this project."),
        (f'"{DEMO.app_id}"', "token: is the App ID of this project."),
        (DEMO.app_certificate, "token: is an App Certificate of this project."),
        (f"Bearer {DEMO.app_certificate}\n", "token: is an App Certificate of this project."),
        ("c" * 32, "token: is an App Certificate of this project."),
        ("d" * 32, "token: is an App Certificate of this project."),
        ("e" * 32, "token: is 32 hexadecimal characters: an App ID or an App Certificate."),
    ],
)
def test_with_credentials_an_app_id_or_certificate_is_named_and_not_shown(text: str, says: str) -> None:
    verdict = verify(text, DEMO, secondary_certificate="c" * 32, disabled_certificates=["d" * 32])
    assert verdict.format.detail.startswith(says)
    assert text.strip('" \n').removeprefix("Bearer ") not in str(verdict)
