"""The part of protobuf's wire format that Signaling's frames use: integers, and bytes with a length.

A message is a list of fields, each a number and a value. The wire format has neither names nor types: the caller says
whether bytes are a string, a nested message or just bytes. Source: protobuf.dev, "Encoding".
"""

from __future__ import annotations

from collections.abc import Iterable

Value = int | bytes
Field = tuple[int, Value]

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_MAX_NUMBER = 2**29 - 1
_VARINT_BYTES = 10


class ProtobufError(ValueError):
    """Bytes that are not a protobuf message."""


def encode(fields: Iterable[tuple[int, Value | str]]) -> bytes:
    """Return the message with these fields: integers from 0 to 2**64 - 1, bytes, or strings as UTF-8.

    >>> encode([(1, 300), (2, "hi")]).hex()
    '08ac0212026869'
    """
    message = bytearray()
    for number, value in fields:
        if isinstance(value, int):
            message += _varint(number << 3 | _VARINT) + _varint(value)
        else:
            content = value.encode() if isinstance(value, str) else value
            message += _varint(number << 3 | _BYTES) + _varint(len(content)) + content
    return bytes(message)


def decode(message: bytes) -> list[Field]:
    """Return the fields of a message, in their order. Values of a fixed length are skipped.

    Raises:
        ProtobufError: the bytes are not a message.

    >>> decode(bytes.fromhex("08ac0212026869"))
    [(1, 300), (2, b'hi')]
    """
    fields: list[Field] = []
    position = 0
    while position < len(message):
        tag, position = _read_varint(message, position)
        number, kind = tag >> 3, tag & 7
        if not 1 <= number <= _MAX_NUMBER:
            raise ProtobufError(f"a field has the number {number}")
        if kind == _VARINT:
            value, position = _read_varint(message, position)
            fields.append((number, value))
            continue
        if kind == _BYTES:
            length, position = _read_varint(message, position)
        elif kind in (_FIXED64, _FIXED32):
            length = 8 if kind == _FIXED64 else 4
        else:
            raise ProtobufError(f"field {number} has the wire type {kind}")
        end = position + length
        if end > len(message):
            raise ProtobufError(f"field {number} is cut off")
        if kind == _BYTES:
            fields.append((number, message[position:end]))
        position = end
    return fields


class Message:
    """A message as a reader that knows its fields sees it: the last of equal numbers counts, a missing field is empty.

    Args:
        data: the message.

    Raises:
        ProtobufError: the bytes are not a message, or later: a field is not of the type that the reader expects.

    >>> Message(bytes.fromhex("08ac0212026869")).integer(1)
    300
    """

    def __init__(self, data: bytes) -> None:
        self.fields = dict(decode(data))

    def integer(self, number: int) -> int:
        """Return an integer; 0 if the message does not contain it."""
        value = self.fields.get(number, 0)
        if not isinstance(value, int):
            raise ProtobufError(f"field {number} is not an integer")
        return value

    def content(self, number: int) -> bytes:
        """Return bytes; empty if the message does not contain them."""
        value = self.fields.get(number, b"")
        if not isinstance(value, bytes):
            raise ProtobufError(f"field {number} is an integer")
        return value

    def string(self, number: int) -> str:
        """Return a string; empty if the message does not contain it."""
        try:
            return self.content(number).decode()
        except UnicodeDecodeError:
            raise ProtobufError(f"field {number} is not UTF-8") from None


def _varint(value: int) -> bytes:
    if not 0 <= value < 2**64:
        raise ValueError("an integer is out of range")
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def _read_varint(message: bytes, position: int) -> tuple[int, int]:
    """Return an integer and the position after it. Bits above the 64th are dropped, as protobuf's own readers do."""
    value = 0
    for index, byte in enumerate(message[position : position + _VARINT_BYTES]):
        value |= (byte & 0x7F) << 7 * index
        if byte < 0x80:
            return value & (2**64 - 1), position + index + 1
    raise ProtobufError("an integer is cut off or too long")
