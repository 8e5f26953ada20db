from __future__ import annotations

import json
import re
from html import unescape

import pytest

from agora_helpers import RtmService, build_token, exercises
from agora_helpers.display.inspection import MAX_CHARACTERS, examples_html, inspection_html
from agora_helpers.tokens import v007
from tests.support import DEMO, NEGATIVES, NOW, ROOT, VECTORS, payload, rebuild, rtc, rtm, wrap

ERROR = "AgoraRTCError CAN_NOT_GET_GATEWAY_SERVER: flag: 4096, code: 2010009, message: invalid token, authorized failed"
PLAIN = re.compile("[0-9a-f]{32}", re.IGNORECASE)


def shown(text: str, now: int = NOW) -> str:
    """Return what a reader sees."""
    return unescape(re.sub("<[^>]+>", " ", inspection_html(text, now)))


def answers(text: str, now: int = NOW) -> list[str]:
    """Return the sentences in large print, with their signs."""
    html = inspection_html(text, now)
    return [
        unescape(f"{sign} {sentence}")
        for sign, sentence in re.findall(r'class="agora-answer[^>]*><span>(.)</span><span>([^<]*)</span>', html)
    ]


def test_a_token_alone() -> None:
    html = inspection_html(rtc(), NOW)
    assert answers(rtc()) == ["– No fault was found, but this was not checked: signature, match."]  # noqa: RUF001
    assert '<div class="agora-linked">' in html
    assert "SAMPLE_APP_ID" in html
    assert f"The client starts with the App ID {DEMO.app_id}." in html
    assert "exactly these names, upper and lower case included: channel lobby; uid 7." in html
    assert "agora-helpers verify" in html


def test_what_is_wrong_comes_first() -> None:
    assert answers(rtc(), NOW + 3600) == ["✗ The token has expired."]


def test_the_names_that_only_the_signature_knows() -> None:
    assert "exactly the signed channel and uid" in shown(rtc(version="006"))


def test_an_error_and_a_token_in_one_line() -> None:
    text = f'[error] join("lobby", 8, "{rtc()}") failed: {ERROR}'
    assert answers(text, NOW + 3600) == [
        "✗ The token does not fit this project, channel or user.",
        "✗ The token has expired.",
    ]
    assert "RTC Web · 2010009" in shown(text)


def test_the_digits_of_a_token_are_no_error_codes() -> None:
    for salt in range(200):
        assert len(answers(f"error {rtc(salt=salt)}")) == 1


def test_a_reply_with_a_token_reports_no_error() -> None:
    assert answers(json.dumps({"uid": 7, "token": rtc(), "status": 200})) == answers(rtc())
    assert answers(f"GET /token 404 {rtc()}") == answers(rtc()), "whoever reports that is not Agora"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("dynamic use static key", "✗ The project requires a token, and the client sent none."),
        ("error 119", "– This can mean 2 things."),  # noqa: RUF001
        ("JsonWebTokenError: invalid token", "– This text is not Agora's."),  # noqa: RUF001
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc", "✗ This text is a JWT (JSON Web Token)"),
        ("<!doctype html><p>Welcome", "✗ This text is an HTML page"),
        ("undefined", "✗ This text is a placeholder"),
        ('{"uid": 7, "name": "alice"}', "✗ This text is JSON without a token"),
        ("hello", "– There is no token and no known error of Agora in this text."),  # noqa: RUF001
        ("\ud800\x00", "– There is no token and no known error of Agora in this text."),  # noqa: RUF001
        (rtc()[:-9], "✗ This token is damaged."),
        (f"token={rtc()[:-9]} was sent", "✗ This token is damaged."),
        (wrap("007", payload(rtc())[:-1]), "✗ This token is damaged."),
    ],
)
def test_what_is_no_token(text: str, answer: str) -> None:
    (first,) = answers(text)
    assert first.startswith(answer)


def test_every_meaning_of_a_number_with_the_first_one_open() -> None:
    html = inspection_html("error 119", NOW)
    assert html.count("<details open><summary>RTC native: ") == 1
    assert html.count("<details><summary>RTC Web: ") == 1


@pytest.mark.parametrize("text", ["", " \n\t"])
def test_nothing_is_said_about_nothing(text: str) -> None:
    assert inspection_html(text, NOW) == ""


CERTIFICATE = DEMO.app_certificate


@pytest.mark.parametrize(
    "text",
    [
        f"AGORA_APP_CERTIFICATE={CERTIFICATE}",
        f'{{"appId": "{DEMO.app_id}", "appCertificate": "{CERTIFICATE}"}}',
        f"my certificate is {CERTIFICATE}, and I get dynamic use static key",
        f"PRIMARY CERT: '{CERTIFICATE.lower()}'",
        f"token={rtc()} certificate={CERTIFICATE}",
    ],
)
def test_an_app_certificate_is_warned_of_and_never_shown(text: str) -> None:
    assert answers(text)[0] == "✗ This text contains an App Certificate."
    assert CERTIFICATE.lower() not in inspection_html(text, NOW).lower()


@pytest.mark.parametrize("text", [CERTIFICATE, f"{DEMO.app_id} {CERTIFICATE}", f"hello {CERTIFICATE}"])
def test_what_may_be_an_app_certificate(text: str) -> None:
    assert answers(text) == [
        "– This text contains 32 hexadecimal characters: an App ID or an App Certificate."  # noqa: RUF001
    ]
    assert not PLAIN.search(inspection_html(text, NOW))


def test_an_app_id_beside_the_token_is_compared() -> None:
    other = "0123456789abcdef" * 2
    assert answers(f"appId: '{other}', token: {rtc()}") == ["✗ The token is for another project."]
    text = f"app_id={DEMO.app_id} {rtc()}"
    assert answers(text) == answers(rtc())
    assert "The client starts with the App ID" not in shown(text)
    assert answers(f"appId={other} appId={DEMO.app_id} {rtc()}") == answers(rtc()), "no telling which is the client's"


def test_several_tokens() -> None:
    html = inspection_html(f"{rtc()}\n{rtm(version='006')}\n{rtm()}", NOW)
    assert html.count('<div class="agora-linked">') == 1
    assert "3 tokens in this text" in html
    assert "<li>Token 2: 006 rtm. " in html
    assert "<li>Token 3: 007 rtm. " in html


def test_a_token_that_was_altered() -> None:
    token = next(token for salt in range(99) if "+" in (token := rtc(salt=salt)))
    assert "Not exactly a token" not in shown(f' "{token}",')
    assert "Not exactly a token" not in shown(f"token: {token}, sent to the client")
    text = shown(token.replace("+", " "))
    assert "The text differs from the token below: spaces in place of +." in text
    assert answers(token.replace("+", " ")) == answers(token)


def test_a_token_too_large_for_the_page() -> None:
    services = [RtmService(f"user{number}", {1: 3600}) for number in range(32)]
    large = v007.encode(DEMO.app_id, CERTIFICATE, [*services], issued_at=NOW, expire=3600, salt=1)
    huge = v007.encode(DEMO.app_id, CERTIFICATE, [RtmService("u" * 3000, {1: 1})], issued_at=NOW, expire=1, salt=1)
    assert '<div class="agora-linked">' in inspection_html(large, NOW)
    html = inspection_html(huge, NOW)
    assert '<div class="agora-linked">' not in html
    assert "agora-helpers decode" in html
    assert "u" * 300 not in html


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    padding = "x " * (MAX_CHARACTERS // 2)
    assert "Only the first 10000 characters were read." in shown(padding + rtc())
    assert "agora-linked" not in inspection_html(padding + rtc(), NOW)
    assert "were read" not in shown(padding)


MARKUP = "<img src=x onerror=alert(1)>\"'&</pre><script>"


def all_kinds() -> list[str]:
    tokens = [rebuild(vector) for vector in VECTORS[::3]]
    texts = [negative["token"] for negative in NEGATIVES]
    hostile = [exercises.sign_unchecked(DEMO, RtmService(MARKUP), issued_at=NOW, expire=3600), MARKUP]
    texts += [f"{MARKUP} {text} {MARKUP}" for text in (rtc(), ERROR, "error 119", CERTIFICATE, rtc()[:-9])]
    both = build_token(DEMO, [RtmService("alice", {1: 3600})], now=NOW, salt=1)
    return [*tokens, *texts, *hostile, both, "\n".join(tokens[:3])]


@pytest.mark.parametrize("now", [0, NOW])
def test_the_page_accepts_every_answer(now: int) -> None:
    """The expression is the one by which the page's script checks the answer before it shows it."""
    script = (ROOT / "agora_helpers/server/pages/static/inspection.js").read_text(encoding="utf-8")
    (elements,) = re.findall(r'const ELEMENTS = "([^"]*)"', script)
    (pattern,) = re.findall(r"new RegExp\(`(.*)`, \"g\"\)", script)
    tag = re.compile(pattern.replace("${ELEMENTS}", elements))
    for text in all_kinds():
        html = inspection_html(text, now)
        assert not re.search("[<>]", tag.sub("", html)), html


def test_the_examples_are_what_their_buttons_say() -> None:
    texts = [unescape(text) for text in re.findall('data-example="([^"]*)"', examples_html())]
    later = 1_800_000_000
    assert [answers(text, later) for text in texts] == [
        ["✗ The token has expired."],
        [
            "✗ The project requires a token, and the client sent none. The first word is about the project, the second "
            "about what the client did."
        ],
        ["✗ The token has expired."],
    ]
