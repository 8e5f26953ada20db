"""Little-endian bytes: two readers that share one interface, and functions that write.

A format is defined once, as a function that takes a :class:`Reader` and reads one value after another. ``Reader`` is
fast and remembers nothing. Given a :class:`FieldReader`, the same function yields the byte range of each field, or the
exact place of an error.
"""

from __future__ import annotations

import re
import struct
from binascii import Error as BinasciiError
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Mapping
from functools import partial
from itertools import chain
from typing import Any, NamedTuple, TypeVar

from ..constants import MAX_ENTRIES
from ..errors import TokenFormatError
from ..wording import format_range
from .frozen import FrozenDict

T = TypeVar("T")

U16 = struct.Struct("<H")
U32 = struct.Struct("<I")
ENTRY = struct.Struct("<HI")
"""A privilege and its value."""


class Field(NamedTuple):
    """One field of a token and the payload bytes it came from.

    ``name`` is a path such as ``salt`` or ``services[0].channel_name``; ``start`` is its first byte, counted
    from 0, and ``end`` the byte after its last (equal to ``start`` if the field is empty).
    """

    name: str
    start: int
    end: int
    raw: bytes
    value: int | str | bytes

    @property
    def byte_range(self) -> str:
        """The field's first and last byte, such as ``2-33``."""
        return format_range(self.start, self.end)


class Layout:
    """Numbers that always follow one another: their struct format, one letter each, and their names."""

    __slots__ = ("pack", "parts", "size", "unpack_from")

    def __init__(self, form: str, *names: str) -> None:
        whole = struct.Struct("<" + form)
        self.pack, self.unpack_from, self.size = whole.pack, whole.unpack_from, whole.size
        self.parts = [
            (name, struct.calcsize("<" + letter), partial(int.from_bytes, byteorder="little", signed=letter.islower()))
            for name, letter in zip(names, form, strict=True)
        ]


class Reader:
    """Reads one value after another, without keeping where.

    If the bytes are malformed, it raises ``ValueError``, ``IndexError`` or ``struct.error``.
    :func:`parse` then finds out where.

    Attributes:
        data: the bytes.
        position: of the next byte to read.
        scope: a prefix for the names of fields, such as ``"services[0]."``.
        entries: number of entries in the lists read so far.
        repeats_entry: True once a list has had an entry with a number that it had before.
    """

    __slots__ = ("data", "entries", "position", "repeats_entry", "scope", "whole")

    def __init__(self, data: bytes) -> None:
        self.data = self.whole = data
        self.position = 0
        self.scope = ""
        self.entries = 0
        self.repeats_entry = False

    def take(self, name: str, size: int) -> bytes:
        """Return the next ``size`` bytes."""
        start = self.position
        self.position = end = start + size
        if end > len(self.data):
            raise ValueError
        return self.data[start:end]

    def numbers(self, layout: Layout) -> tuple[Any, ...]:
        """Return the numbers of a layout."""
        start = self.position
        self.position = start + layout.size
        return layout.unpack_from(self.data, start)

    def uint16(self, name: str) -> int:
        """Return an unsigned 16-bit number."""
        start = self.position
        self.position = start + 2
        return self.data[start] | self.data[start + 1] << 8

    def count(self, name: str) -> int:
        """Return the length of a list, an unsigned 16-bit number, within what a token's lists may have together."""
        count = self.uint16(name)
        self.entries += count
        if self.entries > MAX_ENTRIES:
            problem = f"brings the entries of all lists to more than {MAX_ENTRIES}."
            raise self.too_many(name, problem)
        return count

    def too_many(self, name: str, problem: str) -> TokenFormatError:
        """Return the error about a count that was just read."""
        hint = "Tokens have far fewer, so this one is damaged: copy it again, whole."
        return TokenFormatError(self.scope + name, problem, hint, offset=self.position - U16.size, where="payload")

    def block(self, name: str) -> bytes:
        """Return bytes that have their 16-bit length before them."""
        data, start = self.data, self.position + 2
        self.position = end = start + (data[start - 2] | data[start - 1] << 8)
        if end > len(data):
            raise ValueError
        return data[start:end]

    def string(self, name: str) -> str:
        """Return a UTF-8 string that has its 16-bit length before it."""
        return self.block(name).decode()

    def privileges(self) -> FrozenDict[int, int]:
        """Return privileges and their values: a 16-bit count, then number and value of each. The last one counts."""
        count = self.count("privileges.count")
        data, start = self.data, self.position
        self.position = end = start + count * ENTRY.size
        if end > len(data):
            raise ValueError
        values: FrozenDict[int, int] = FrozenDict(ENTRY.iter_unpack(data[start:end]))
        self.repeats_entry |= len(values) < count
        return values

    def narrow(self, name: str) -> None:
        """Read a 16-bit length and allow nothing to be read beyond so many bytes, until :meth:`widen`."""
        size = self.uint16(f"{name}.length")
        end = self.position + size
        if end > len(self.data):
            self.take(name, size)
        self.data = self.data[:end]

    def widen(self) -> None:
        """End what :meth:`narrow` began."""
        self.data = self.whole

    def rest(self, name: str) -> bytes:
        """Return everything that is left, perhaps nothing."""
        return self.take(name, len(self.data) - self.position)


class FieldReader(Reader):
    """Reads the same values field by field: keeps each with its byte range, and raises where the bytes are wrong."""

    __slots__ = ("fields",)

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.fields: list[Field] = []

    def take(self, name: str, size: int, decoder: Callable[[bytes], int | str | bytes] = bytes) -> bytes:
        """Return the next ``size`` bytes and keep them as a field; its value is what ``decoder`` makes of them."""
        start, end = self.position, self.position + size
        if end > len(self.data):
            left = len(self.data) - start
            problem = f"needs {size} bytes, but {f'only {left}' if left else 'none'} can be read."
            hint = "The token was cut short or is damaged: copy it again, whole."
            raise TokenFormatError(self.scope + name, problem, hint, offset=start, where="payload")
        self.position = end
        raw = self.data[start:end]
        self.fields.append(Field(self.scope + name, start, end, raw, decoder(raw)))
        return raw

    def numbers(self, layout: Layout) -> tuple[Any, ...]:
        """Return the numbers of a layout, each a field."""
        return tuple([decoder(self.take(name, size, decoder)) for name, size, decoder in layout.parts])

    def uint16(self, name: str) -> int:
        """Return an unsigned 16-bit number."""
        return _little_endian(self.take(name, U16.size, _little_endian))

    def block(self, name: str) -> bytes:
        """Return bytes that have their 16-bit length before them: two fields."""
        return self.take(name, self.uint16(f"{name}.length"))

    def string(self, name: str) -> str:
        """Return a UTF-8 string that has its 16-bit length before it: two fields."""
        size = self.uint16(f"{name}.length")
        try:
            return self.take(name, size, bytes.decode).decode()
        except UnicodeDecodeError as error:
            offset = self.position - size + error.start
            hint = "The token is damaged: copy it again, whole."
            raise TokenFormatError(
                self.scope + name, "is not valid UTF-8.", hint, offset=offset, where="payload"
            ) from None

    def privileges(self) -> FrozenDict[int, int]:
        """Return privileges and their values: a field for the count, and two for each privilege."""
        values: dict[int, int] = {}
        count = self.count("privileges.count")
        for _ in range(count):
            number = self.uint16("privilege")
            values[number] = _little_endian(self.take(f"privileges[{number}]", U32.size, _little_endian))
        self.repeats_entry |= len(values) < count
        return FrozenDict(values)

    def rest(self, name: str) -> bytes:
        """Return everything that is left: one field, if it is anything."""
        return super().rest(name) if self.position < len(self.data) else b""


_little_endian = partial(int.from_bytes, byteorder="little")


def parse(read: Callable[[Reader], T], payload: bytes) -> T:
    """Return what ``read`` makes of a payload.

    Raises:
        TokenFormatError: the payload is malformed; it says which field, and at which byte.
    """
    try:
        return read(Reader(payload))
    except (ValueError, IndexError, struct.error):
        return read(FieldReader(payload))  # raises, and knows where


def pack_string(value: str) -> bytes:
    """Return the string as UTF-8, with its 16-bit length before it."""
    raw = value.encode()
    return U16.pack(len(raw)) + raw


def pack_privileges(privileges: Mapping[int, int]) -> bytes:
    """Return a 16-bit count, then number and value of each privilege, in ascending order."""
    entries = chain.from_iterable(sorted(privileges.items()))
    return struct.pack("<H" + "HI" * len(privileges), len(privileges), *entries)


def from_base64(token: str, offset: int) -> bytes:
    """Decode a token from character ``offset`` to its end: canonical base64 of RFC 4648 and nothing else.

    Raises:
        TokenFormatError: there is another character in it, or it is incomplete.
    """
    try:
        raw = token.encode("ascii")[offset:]
        data = a2b_base64(raw, strict_mode=True)
    except UnicodeEncodeError as error:
        problem = "contains a character that is not ASCII."
        hint = _SHORTENED if token[error.start] == "\u2026" else "Copy the token again."
        raise TokenFormatError("token", problem, hint, offset=error.start) from None
    except BinasciiError:
        raise _base64_error(raw, offset) from None
    if b2a_base64(data, newline=False) != raw:  # padding bits that are not zero
        raise _base64_error(raw, offset)
    return data


def to_base64(data: bytes) -> str:
    """Encode bytes in the standard alphabet, padded."""
    return b2a_base64(data, newline=False).decode()


_COPY_AGAIN = "Copy the token again, without quotes, spaces or line breaks."
_SHORTENED = "The token was shortened, for a log or a screen: copy it again, whole."
_BASE64_HINTS = {
    "..": _SHORTENED,
    "**": _SHORTENED,
    " ": "A + often turns into a space in a URL: send tokens as JSON, or percent-encode them.",
    "-": "This is the URL-safe alphabet; Agora uses + and /.",
    "_": "This is the URL-safe alphabet; Agora uses + and /.",
    "%": "The token is still percent-encoded: decode it once.",
    "\\": "This is a JSON escape: parse the JSON instead of copying from it.",
    "=": "Padding belongs at the end only: something was added after the token.",
}


def _base64_error(raw: bytes, offset: int) -> TokenFormatError:
    body = raw.rstrip(b"=")
    foreign = re.search(rb"\.\.|\*\*|[^A-Za-z0-9+/]", body)
    if foreign is None:
        problem = "is not complete base64: the number of characters, the padding or the last bits are wrong."
        hint = "The token was cut short or something was added to its end: copy it again, whole."
        return TokenFormatError("base64", problem, hint, offset=offset + len(body))
    hint = _BASE64_HINTS.get(foreign[0].decode(), _COPY_AGAIN)
    offset += foreign.start()
    return TokenFormatError("base64", "contains a character that is not base64.", hint, offset=offset)
