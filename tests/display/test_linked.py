from __future__ import annotations

import re
from html import unescape

import pytest

from agora_helpers import RtmService, build_rtc_token, decode
from agora_helpers.display.anatomy import lines
from agora_helpers.display.linked import changed_fields, linked_html
from agora_helpers.display.style import LINKED
from agora_helpers.tokens import v007
from tests.support import DEMO, NOW, VECTORS, Vector, rebuild, rtc


def block(html: str, name: str) -> str:
    """Return the content of the first element with a class."""
    match = re.search(rf'<(\w+) class="{name}"[^>]*>(.*?)</\1>', html, re.S)
    assert match
    return match[2]


@pytest.mark.parametrize("vector", VECTORS[::5], ids=lambda vector: vector["id"])
def test_the_string_is_shown_whole_and_every_field_is_linked(vector: Vector) -> None:
    token = rebuild(vector)
    decoded = decode(token)
    html = linked_html(token, decoded)
    assert unescape(re.sub("<[^>]+>", "", block(html, "agora-token"))) == token
    dump = re.findall(r'class="agora-field agora-\w+ (agora-f\d+)', html.partition('class="agora-dump"')[2])
    for line in lines(decoded):
        link = f"agora-f{line.number}"
        assert len(re.findall(rf'<tr tabindex="0" class="agora-field agora-\w+ {link}"', html)) == 1
        if line.field.raw and line.field.end < 2048:
            assert link in dump


def test_in_006_the_characters_of_a_field_have_its_link() -> None:
    token = rtc(version="006")
    html = block(linked_html(token, decode(token)), "agora-token")
    for line in lines(decode(token)):
        assert line.characters
        start, end = line.characters
        spans = re.findall(rf'class="[^"]*\bagora-f{line.number}\b[^"]*">([^<]*)<', html)
        assert "".join(spans) == token[start:end]


def test_in_007_no_character_has_the_link_of_a_field() -> None:
    token = rtc()
    html = linked_html(token, decode(token))
    assert "agora-f" not in block(html, "agora-token").replace("agora-field", "")
    assert "no character belongs to a single field" in html


def test_technical_fields_are_folded_unless_one_has_changed() -> None:
    token, other = rtc(), rtc()
    assert "<details>" in linked_html(token, decode(token))
    salted = build_rtc_token(DEMO, "lobby", uid=7, now=NOW, salt=2)
    assert "<details open>" in linked_html(salted, decode(salted), before=decode(other))


def test_changed_fields_have_their_earlier_value() -> None:
    before, after = decode(rtc()), decode(rtc("stage"))
    names = {after.fields[number - 1].name: old for number, old in changed_fields(before, after).items()}
    old = before.signature.hex()
    assert names == {"signature": f"{old[:8]}…{old[-4:]}", "services[0].channel_name": "lobby"}
    assert changed_fields(before, before) == {}
    html = linked_html(rtc("stage"), after, before=before)
    assert "✎ changed, was <code>lobby</code>" in html


def test_a_repeated_name_is_compared_with_its_own_place() -> None:
    publisher = decode(rtc(role="publisher"))
    assert [field.name for field in publisher.fields].count("services[0].privilege") == 4
    assert changed_fields(publisher, publisher) == {}


def test_names_are_escaped_and_large_tokens_stay_small() -> None:
    evil = RtmService("<script>\x1b[31m" + "x" * 60_000, dict.fromkeys(range(2 * LINKED), 1))
    token = v007.encode(DEMO.app_id, DEMO.app_certificate, [evil], issued_at=NOW, expire=1, salt=1)
    html = linked_html(token, decode(token))
    assert "<script>" not in html
    assert "\x1b" not in html
    assert "bytes more" in html
    assert len(html) < 400_000
