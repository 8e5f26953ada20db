from __future__ import annotations

import re

import pytest

from agora_helpers import RtmService, build_rtc_token, decode
from agora_helpers.display.anatomy import anatomy_html, anatomy_text, characters, lines, pieces
from agora_helpers.tokens import v007
from agora_helpers.tokens.wire import from_base64
from tests.support import DEMO, NOW, VECTORS, Vector, payload, rebuild, table_cells, wrap


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_every_byte_and_every_character_is_accounted_for(vector: Vector) -> None:
    token = rebuild(vector)
    decoded = decode(token)
    assert b"".join(line.field.raw for line in lines(decoded)) == decoded.payload
    assert all(line.meaning for line in lines(decoded))
    reached = 0
    for piece in pieces(token, decoded):
        assert piece.start in (reached, reached - 1) and piece.text == token[piece.start : piece.end]
        reached = piece.end
    assert reached == len(token)
    text, html = anatomy_text(token, decoded), anatomy_html(token, decoded)
    rows = table_cells(html)
    assert [row[1] for row in rows if row[0].isdigit()] == [line.field.name for line in lines(decoded)]
    for line in lines(decoded):
        assert line.field.name in text and line.meaning in text


@pytest.mark.parametrize("vector", VECTORS[:40:5], ids=lambda vector: vector["id"])
def test_the_characters_of_a_field_hold_its_bits(vector: Vector) -> None:
    """Change one character that is said to hold a field, and nothing but that field and its neighbours can change."""
    if vector["version"] != "006":
        return
    token = rebuild(vector)
    for line in lines(decode(token)):
        assert line.characters
        first, last = line.characters
        middle = (first + last) // 2
        changed = token[:middle] + ("A" if token[middle] != "A" else "B") + token[middle + 1 :]
        before, after = payload(token), payload(changed)
        places = [place for place, byte in enumerate(before) if byte != after[place]]
        assert places and all(line.field.start - 2 < place < line.field.end + 2 for place in places)


def test_characters() -> None:
    assert [characters(*span, 3) for span in ((0, 1), (0, 3), (1, 2), (3, 4))] == [(3, 5), (3, 7), (4, 6), (7, 9)]


def test_007_is_taken_apart_into_zlib_s_pieces() -> None:
    token = build_rtc_token(DEMO, "lobby", uid=7, now=NOW, salt=1)
    version, header, data, checksum = pieces(token, decode(token))
    stream = from_base64(token, 3)
    assert version.text == "007" and header.text.startswith("eJ") and stream[:2] == b"\x78\x9c"
    assert checksum.end == len(token) and f"bytes {len(stream) - 4}-{len(stream) - 1}" in checksum.meaning
    assert f"the {len(payload(token))} of the payload" in data.meaning


def test_what_depends_on_the_machine_can_be_left_out() -> None:
    token = build_rtc_token(DEMO, "lobby", uid=7, now=NOW, salt=1)
    other = wrap("007", payload(token))  # as another zlib build might compress it
    decoded = decode(token)
    assert anatomy_html(token, decoded, with_text=False) == anatomy_html(other, decode(other), with_text=False)
    assert anatomy_text(token, decoded, with_text=False) == anatomy_text(other, decode(other), with_text=False)
    assert token[20:60] not in anatomy_html(token, decoded, with_text=False)


def test_meanings_and_colours() -> None:
    token = build_rtc_token(DEMO, "lobby", uid=0, allow_any_uid=True, now=NOW, salt=1)
    said = {line.field.name: line.meaning for line in lines(decode(token))}
    assert said["services[0].uid"] == "empty: anyone may use it" and said["services[0].type"] == "service: rtc"
    assert said["services[0].privilege"] == "join channel"
    assert said["services[0].privileges[1]"] == "60 min from issue, until 2023-11-14 23:13:20 UTC"
    html = anatomy_html(token, decode(token))
    colors = re.findall(r"background: (#\w+); color: #111", html)
    assert len(colors) == sum(bool(line.field.raw) for line in lines(decode(token))) and len(set(colors)) == 8


def test_what_anyone_can_write_into_a_token_is_harmless() -> None:
    evil = "<script>\x1b[31m" + "x" * 300
    token = v007.encode(*DEMO_PAIR, [RtmService(evil, {1: 1})], issued_at=NOW, expire=1, salt=1)
    html, text = anatomy_html(token, decode(token)), anatomy_text(token, decode(token))
    assert "<script>" not in html and "\x1b" not in text and "\x1b" not in html
    assert "(313 bytes)" in text and len(text) < 4000


DEMO_PAIR = (DEMO.app_id, DEMO.app_certificate)
