"""The wire format against protobuf's own documentation, and with arbitrary bytes."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agora_helpers.practice.protobuf import Field, Message, ProtobufError, decode, encode

NUMBERS = st.integers(1, 2**29 - 1)
VALUES = st.integers(0, 2**64 - 1) | st.binary(max_size=300)


@given(st.lists(st.tuples(NUMBERS, VALUES), max_size=8))
def test_what_is_encoded_is_decoded(fields: list[Field]) -> None:
    assert decode(encode(fields)) == fields


@given(st.binary(max_size=100))
def test_arbitrary_bytes_raise_nothing_else(data: bytes) -> None:
    try:
        fields = decode(data)
        message = Message(data)
    except ProtobufError:
        return
    for number, _ in fields:
        for read in (message.integer, message.content, message.string):
            try:
                read(number)
            except ProtobufError:
                continue


@given(st.lists(st.tuples(NUMBERS, VALUES), min_size=1, max_size=4), st.data())
def test_what_is_cut_off_is_not_read_as_another_value(fields: list[Field], data: st.DataObject) -> None:
    message = encode(fields)
    with suppress(ProtobufError):
        complete = decode(message[: data.draw(st.integers(0, len(message) - 1))])
        assert complete == fields[: len(complete)]
        assert len(complete) < len(fields)


@pytest.mark.parametrize(
    ("message", "fields"),
    [
        ("089601", [(1, 150)]),  # the examples of protobuf.dev
        ("120774657374696e67", [(2, b"testing")]),
        ("08ffffffffffffffffff01", [(1, 2**64 - 1)]),
        ("08960108ac02", [(1, 150), (1, 300)]),
        ("0d00000000" + "089601", [(1, 150)]),  # of a fixed length
        ("090000000000000000" + "089601", [(1, 150)]),
        ("", []),
    ],
)
def test_known_messages(message: str, fields: list[Field]) -> None:
    assert decode(bytes.fromhex(message)) == fields


@pytest.mark.parametrize(
    ("message", "problem"),
    [
        ("08", "an integer is cut off or too long"),
        ("08" + "ff" * 11, "an integer is cut off or too long"),
        ("12057465", "field 2 is cut off"),
        ("0d0000", "field 1 is cut off"),
        ("0b", "field 1 has the wire type 3"),
        ("0001", "a field has the number 0"),
        ("808080801001", "a field has the number 536870912"),
    ],
)
def test_malformed_messages(message: str, problem: str) -> None:
    with pytest.raises(ProtobufError, match=f"^{problem}$"):
        decode(bytes.fromhex(message))


def test_a_message_is_read_as_its_reader_expects() -> None:
    message = Message(encode([(1, 1), (1, 2), (2, "caf\u00e9"), (3, b"\xff")]))
    assert (message.integer(1), message.string(2), message.content(3)) == (2, "caf\u00e9", b"\xff")
    assert (message.integer(9), message.string(9), message.content(9)) == (0, "", b"")
    for read, number, problem in (
        (message.integer, 2, "field 2 is not an integer"),
        (message.content, 1, "field 1 is an integer"),
        (message.string, 3, "field 3 is not UTF-8"),
    ):
        with pytest.raises(ProtobufError, match=problem):
            read(number)


@pytest.mark.parametrize("value", [-1, 2**64])
def test_integers_out_of_range_are_refused(value: int) -> None:
    with pytest.raises(ValueError, match="out of range"):
        encode([(1, value)])
