from __future__ import annotations

import re

import pytest

from agora_helpers import RtmService, build_rtc_token, decode
from agora_helpers.display.anatomy import anatomy_html, anatomy_text, characters, lines, pieces
from agora_helpers.display.style import GROUPS
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
        assert piece.start in (reached, reached - 1)
        assert piece.text == token[piece.start : piece.end]
        reached = piece.end
    assert reached == len(token)
    text, html = anatomy_text(token, decoded), anatomy_html(token, decoded)
    rows = table_cells(html)
    names = [f"{line.name.label} {line.code}".strip() for line in lines(decoded)]
    assert [row[1] for row in rows if row[0].isdigit()] == names
    for line in lines(decoded):
        assert line.field.name in text
        assert line.meaning in text


@pytest.mark.parametrize("vector", [v for v in VECTORS[:40:5] if v["version"] == "006"], ids=lambda v: str(v["id"]))
def test_the_characters_of_a_field_hold_its_bits(vector: Vector) -> None:
    """Change one character in the range of a field: only that field and its neighbours change."""
    token = rebuild(vector)
    for line in lines(decode(token)):
        assert line.characters
        first, last = line.characters
        middle = (first + last) // 2
        changed = token[:middle] + ("A" if token[middle] != "A" else "B") + token[middle + 1 :]
        before, after = payload(token), payload(changed)
        positions = [position for position, byte in enumerate(before) if byte != after[position]]
        assert positions
        assert line.field.start - 2 < positions[0]
        assert positions[-1] < line.field.end + 2


@pytest.mark.parametrize(("start", "end", "expected"), [(0, 1, (3, 5)), (0, 3, (3, 7)), (1, 2, (4, 6)), (3, 4, (7, 9))])
def test_characters(start: int, end: int, expected: tuple[int, int]) -> None:
    assert characters(start, end, 3) == expected


def test_the_parts_of_a_007_token_are_those_of_zlib() -> None:
    token = build_rtc_token(DEMO, "lobby", uid=7, now=NOW, salt=1)
    version, header, data, checksum = pieces(token, decode(token))
    stream = from_base64(token, 3)
    assert version.text == "007"
    assert header.text.startswith("eJ")
    assert stream[:2] == b"\x78\x9c"
    assert checksum.end == len(token)
    assert f"bytes {len(stream) - 4}-{len(stream) - 1}" in checksum.meaning
    assert f"the payload's {len(payload(token))} bytes" in data.meaning


def test_what_depends_on_the_machine_can_be_left_out() -> None:
    token = build_rtc_token(DEMO, "lobby", uid=7, now=NOW, salt=1)
    other = wrap("007", payload(token))  # as another zlib build might compress it
    decoded = decode(token)
    assert anatomy_html(token, decoded, with_string=False) == anatomy_html(other, decode(other), with_string=False)
    assert anatomy_text(token, decoded, with_string=False) == anatomy_text(other, decode(other), with_string=False)
    assert token[20:60] not in anatomy_html(token, decoded, with_string=False)


def test_meanings() -> None:
    token = build_rtc_token(DEMO, "lobby", uid=0, allow_any_uid=True, now=NOW, salt=1)
    meanings = {line.field.name: line.meaning for line in lines(decode(token))}
    assert meanings["services[0].uid"] == "empty: any client may use it"
    assert meanings["services[0].type"] == "service: rtc"
    assert meanings["services[0].privilege"] == "join channel"
    assert meanings["services[0].privileges[1]"] == "60 min from issue, until 2023-11-14 23:13:20 UTC"


def test_each_field_with_bytes_has_the_colour_of_its_group() -> None:
    token = build_rtc_token(DEMO, "lobby", uid=0, allow_any_uid=True, now=NOW, salt=1)
    colors = re.findall(r"background: (#\w+); color: #111", anatomy_html(token, decode(token)))
    assert len(colors) == sum(bool(line.field.raw) for line in lines(decode(token)))
    assert len(set(colors)) == len(GROUPS)


def test_names_from_a_token_are_escaped_and_cut() -> None:
    evil = "<script>\x1b[31m" + "x" * 300
    token = v007.encode(DEMO.app_id, DEMO.app_certificate, [RtmService(evil, {1: 1})], issued_at=NOW, expire=1, salt=1)
    html, text = anatomy_html(token, decode(token)), anatomy_text(token, decode(token))
    assert "<script>" not in html
    assert "\x1b" not in text + html
    assert "(313 bytes)" in text
    assert len(text) < 4000
