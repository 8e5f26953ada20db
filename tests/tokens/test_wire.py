from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agora_helpers import TokenFormatError, decode
from agora_helpers.tokens.wire import (
    FieldReader,
    Reader,
    from_base64,
    pack_privileges,
    pack_string,
    parse,
    to_base64,
)
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
        ("AAB=", 6, "last bits are wrong"),
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


@pytest.mark.parametrize(
    ("data", "offset", "problem"),
    [
        (pack_string("abc")[:-1], 2, "needs 3 bytes, but only 2 can be read."),
        (pack_string("abc")[:2], 2, "needs 3 bytes, but none can be read."),
        (b"\x03\0ab\xff", 4, "is not valid UTF-8."),
    ],
)
def test_an_error_says_what_is_wrong_and_where(data: bytes, offset: int, problem: str) -> None:
    with pytest.raises(TokenFormatError) as caught:
        parse(lambda reader: reader.string("channel_name"), data)
    error = caught.value
    assert (error.field, error.problem, error.offset, error.where) == ("channel_name", problem, offset, "payload")


@pytest.mark.parametrize("data", ["0200 0100 05000000", "0100", "01", "0100 0100 050000"])
def test_privileges_that_are_promised_must_all_be_there(data: str) -> None:
    with pytest.raises(TokenFormatError, match="can be read"):
        parse(lambda reader: reader.privileges(), bytes.fromhex(data))


granted = st.dictionaries(st.integers(0, 2**16 - 1), st.integers(0, 2**32 - 1), max_size=6)


@pytest.mark.parametrize("kind", [Reader, FieldReader])
@given(privileges=granted)
def test_privileges_round_trip_in_ascending_order(kind: type[Reader], privileges: dict[int, int]) -> None:
    reader = kind(pack_privileges(privileges))
    values = reader.privileges()
    assert values == privileges
    assert list(values) == sorted(privileges)
    assert not reader.repeats_entry


@pytest.mark.parametrize("kind", [Reader, FieldReader])
def test_a_privilege_that_occurs_twice_counts_once_and_is_noted(kind: type[Reader]) -> None:
    reader = kind(bytes.fromhex("0200 0100 05000000 0100 07000000"))
    assert reader.privileges() == {1: 7}
    assert reader.repeats_entry


@pytest.mark.parametrize("kind", [Reader, FieldReader])
def test_nothing_is_read_beyond_a_narrowed_part(kind: type[Reader]) -> None:
    reader = kind(b"\2\0abcd")
    reader.narrow("message")
    assert reader.rest("inside") == b"ab"
    reader.widen()
    assert reader.rest("outside") == b"cd"
