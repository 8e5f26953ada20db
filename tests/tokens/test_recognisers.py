"""Texts that are no tokens: each is told what it is, and a token never is."""

from __future__ import annotations

import re
import time

import pytest

from agora_helpers import Credentials, TokenFormatError, decode, repair, verify
from agora_helpers.tokens import v006
from tests.field.texts import RTC, TEXTS
from tests.support import DEMO

KINDS = [
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


KINDS += [
    ("PLACEHOLDER", "Promise { <pending> }"),
    ("PLACEHOLDER", "Instance of '_Future<String>'"),
    ("PLACEHOLDER", "TokenResponse{token='null', uid=0}"),
    ("PLACEHOLDER", "async function getToken() {}"),
    ("PLACEHOLDER", "undefinedundefined"),
    ("PLACEHOLDER", "(null)"),
    ("PLACEHOLDER", "process.env.AGORA_TOKEN"),
    ("PLACEHOLDER", "<#Temp Access Token#>"),
    ("PLACEHOLDER", "Fill the temp token generated from Agora Console"),
    ("PLACEHOLDER", "_no_need_token"),
    ("PLACEHOLDER", "{{token}}"),
    ("PLACEHOLDER", "********"),
    ("PLACEHOLDER", '{"token": "mock_token_1"}'),
    ("JSON", "{}"),
    ("JSON", "[]"),
    ("JSON", '{"code": 200, "data": {"token": ""}}'),
    ("HTML", "<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>"),
    ("ERROR", "404 page not found"),
    ("ERROR", "Cannot POST /rtctoken/"),
    ("ERROR", "HTTP/1.1 502 Bad Gateway"),
    ("ERROR", "Unauthorized"),
    ("ERROR", "Error: Request failed with status code 401"),
    ("ERROR", "An error occurred while generating it"),
    ("ERROR", "\u4ee4\u724c\u751f\u6210\u5931\u8d25"),
    ("LEGACY", f"1:{DEMO.app_id}:1716903600:{'a' * 32}"),
    ("LEGACY", "005AQAoADc0QTU5RTVDMDk1NjE4NjE5NkY1NDdDOEY3RDU5"),
    ("HOME_MADE", "d3b07384-d9a0-4c9b-8f3e-1b2a3c4d5e6f"),
    ("HOME_MADE", f"{DEMO.app_id}-lobby-7"),
    ("HOME_MADE", f'{{"token": "007{DEMO.app_id}{"A" * 90}"}}'),
    ("HOME_MADE", "lobby:7:1716903600"),
    ("HEX_32", f"token={DEMO.app_id}"),
]
AROUND = ["{}", '"{}"', "Bearer {}", "Authorization: Bearer {}", "token: {}", '"rtcToken": "{}",', "\n {} \n"]


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize(("kind", "text"), KINDS[:25])
def test_it_is_recognised_in_what_is_around_it(kind: str, text: str, around: str) -> None:
    with pytest.raises(TokenFormatError) as caught:
        decode(around.format(text))
    assert caught.value.code == f"NOT_A_TOKEN_{kind}"
    assert repair(around.format(text)) == (around.format(text), ())


@pytest.mark.parametrize(("what", "text", "code"), TEXTS)
def test_in_the_forms_in_which_people_have_them(what: str, text: str, code: str) -> None:
    with pytest.raises(TokenFormatError) as caught:
        decode(repair(text).token if code == "MALFORMED" else text)
    assert caught.value.code.removeprefix("NOT_A_TOKEN_") == code
    assert ("opy it again" in str(caught.value)) == (code == "MALFORMED")
    assert repair(text) == (text, ()) or code in ("MALFORMED", "SEVERAL")


@pytest.mark.parametrize(
    "around", ['Optional("{}")', "Joined with {} and it is refused", '{{"error": "no", "key": "{}"}}']
)
@pytest.mark.parametrize("part", [slice(None), slice(60)], ids=["whole", "cut"])
def test_what_has_a_token_in_it_is_nothing_else(around: str, part: slice) -> None:
    with pytest.raises(TokenFormatError) as caught:
        decode(around.format(RTC[part]))
    assert caught.value.code == "MALFORMED"


@pytest.mark.parametrize(("kind", "text"), KINDS)
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


HEADS = ["your ", "a(", "async function", "1:", "The ", "token", "authorization:", "006", "007", "null", '{"token', "@"]


@pytest.mark.parametrize("head", ["eyJ", "{", "<", "https://", "basic ", "a" * 31, "mock_", "[object ", "<a", *HEADS])
@pytest.mark.parametrize("filling", ["a", "006", ".", " ", "{", "-_", "token", "null", "a:", '"', "("])
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


@pytest.mark.parametrize("text", ["hello", "lobby", "7", "sk_live_0123456789abcdef", "hello world"])
def test_what_was_not_cut_is_not_to_be_copied_again(text: str) -> None:
    assert not re.search("copy", str(verify(text, DEMO)), re.IGNORECASE)


CUT = {
    "007": RTC[:60],
    "007 from behind": RTC[9:],
    "006": v006.encode("a" * 32, "b" * 32, "lobby", "7", {1: 1}, ts=1)[:70],
}


@pytest.mark.parametrize("text", CUT.values(), ids=CUT)
def test_what_was_cut_is_to_be_copied_again(text: str) -> None:
    assert re.search("copy it again, whole", str(verify(text, DEMO)))
