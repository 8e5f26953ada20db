from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agora_helpers import TokenFormatError, decode
from agora_helpers.tokens.wire import Reader, from_base64, pack_privileges, pack_text, to_base64
from tests.support import NEGATIVES, VECTORS, Vector, payload


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_the_fields_of_a_token_cover_every_byte_once(vector: Vector) -> None:
    fields = decode(vector["token"]).fields
    data = payload(vector["token"])
    assert b"".join(field.raw for field in fields) == data
    position = 0
    for field in fields:
        assert field.start == position and data[field.start : field.end] == field.raw
        position = field.end
    assert position == len(data)


def test_also_where_bytes_are_left_over() -> None:
    for case in NEGATIVES:
        if case["strict"] == "trailing_bytes" and case["id"] != "007-neg-067":  # inflates beyond the limit
            decoded = decode(case["token"])
            assert b"".join(field.raw for field in decoded.fields) == payload(case["token"])
            trailing = b"".join(field.raw for field in decoded.fields if field.name.endswith("trailing"))
            assert trailing == decoded.trailing != b""


def test_values_of_the_worked_example() -> None:
    token = "006970CA35de60c44645bbae8a215061b33"
    token += "IACV0fZUBw+72cVoL9eyGGh3Q6Poi8bgjwVLnyKSJyOXR7dIfRBXoFHlEAABAAAAR/QQAAEAAQCvKDdW"
    places = {field.name: (field.start, field.end, field.value) for field in decode(token).fields}
    assert places["crc_channel_name"] == (0x22, 0x26, 0x107D48B7)
    assert places["crc_uid"] == (0x26, 0x2A, 0xE551A057)
    assert places["message.length"] == (0x2A, 0x2C, 16)
    assert places["salt"] == (0x2C, 0x30, 1)
    assert places["ts"] == (0x30, 0x34, 1111111)
    assert places["privileges[1]"] == (0x38, 0x3C, 1446455471)


@given(st.binary(max_size=64))
def test_base64_is_the_standard_one(data: bytes) -> None:
    assert to_base64(data) == base64.b64encode(data).decode()
    assert from_base64("xx" + to_base64(data), 2) == data


@pytest.mark.parametrize(
    ("text", "offset", "says"),
    [
        ("AAA", 6, "not complete"),
        ("AAA==", 6, "not complete"),
        ("AAB=", 6, "last bits"),
        ("AA A", 5, "space"),
        ("AA-A", 5, "URL-safe"),
        ("AA%2", 5, "percent"),
        ("AA\\/", 5, "JSON"),
        ("AA=A", 5, "Padding"),
        ("AAA\n", 6, "line breaks"),
        ("AAAé", 6, "ASCII"),
        ("AAA\ud800", 6, "ASCII"),
    ],
)
def test_wrong_base64_is_placed_and_explained(text: str, offset: int, says: str) -> None:
    with pytest.raises(TokenFormatError, match=says) as caught:
        from_base64("007" + text, 3)
    assert caught.value.offset == offset


def test_a_reader_says_what_is_missing_where() -> None:
    reader = Reader(pack_text("abc")[:-1])
    with pytest.raises(TokenFormatError, match="only 2 can be read") as caught:
        reader.text("channel_name")
    assert (caught.value.field, caught.value.offset, caught.value.where) == ("channel_name", 2, "payload")
    with pytest.raises(TokenFormatError, match="UTF-8") as caught:
        Reader(b"\x03\0ab\xff").text("uid")
    assert caught.value.offset == 4


@given(st.dictionaries(st.integers(0, 2**16 - 1), st.integers(0, 2**32 - 1), max_size=6))
def test_privileges_round_trip_in_ascending_order(privileges: dict[int, int]) -> None:
    read = Reader(pack_privileges(privileges)).privileges()
    assert read == privileges and list(read) == sorted(privileges)
