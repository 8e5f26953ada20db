"""Little-endian bytes: a writer, and a reader that remembers which bytes each value came from.

The reader notes one short tuple for each read; :func:`fields` turns the notes into named byte ranges
when somebody asks, so that reading a token stays cheap.
"""

from __future__ import annotations

import binascii
import struct
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, NoReturn

from .errors import TokenFormatError

U16 = struct.Struct("<H")
U32 = struct.Struct("<I")
_ENTRY = struct.Struct("<HI")


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


class Layout:
    """Numbers that always stand together: their names and their struct format."""

    __slots__ = ("names", "struct", "unpack_from")

    def __init__(self, form: str, *names: str) -> None:
        self.struct = struct.Struct("<" + form)
        self.unpack_from = self.struct.unpack_from
        self.names = names

    def spans(self, start: int) -> Iterator[tuple[str, int, int]]:
        """Name, first byte and end of each number if the layout begins at ``start``."""
        for name, code in zip(self.names, self.struct.format[1:], strict=True):
            end = start + struct.calcsize("<" + code)
            yield name, start, end
            start = end


# What a reader notes: scope, layout or name, first byte, value
Note = tuple[str, "Layout | str", int, object]


class Reader:
    """Reads one field after another and raises :class:`TokenFormatError` where the bytes end too early."""

    __slots__ = ("data", "notes", "position", "scope")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0
        self.notes: list[Note] = []
        self.scope = ""

    def numbers(self, layout: Layout) -> tuple[int, ...]:
        start = self.position
        try:
            values: tuple[int, ...] = layout.unpack_from(self.data, start)
        except struct.error:
            self._numbers_cut_off(layout)
        self.position = start + layout.struct.size
        self.notes.append((self.scope, layout, start, values))
        return values

    def block(self, name: str) -> bytes:
        """Bytes with a 16-bit length before them."""
        data, start = self.data, self.position
        if start + 2 > len(data):
            self.cut_off(f"{name}.length", start, 2)
        end = start + 2 + data[start] + (data[start + 1] << 8)
        if end > len(data):
            self.cut_off(name, start + 2, end - start - 2)
        self.position = end
        value = data[start + 2 : end]
        self.notes.append((self.scope, name, start, value))
        return value

    def text(self, name: str) -> str:
        """UTF-8 text with a 16-bit length before it."""
        start = self.position + 2
        raw = self.block(name)
        try:
            return raw.decode()
        except UnicodeDecodeError as error:
            problem = "is not valid UTF-8 text."
            raise TokenFormatError(
                self.scope + name, problem, offset=start + error.start, where="payload"
            ) from None

    def privileges(self) -> dict[int, int]:
        """A 16-bit count, then privilege number and value each; of equal numbers the last one counts."""
        data, start = self.data, self.position
        if start + 2 > len(data):
            self.cut_off("privileges.count", start, 2)
        count = data[start] + (data[start + 1] << 8)
        end = start + 2 + count * _ENTRY.size
        if end > len(data):
            self.cut_off("privileges", start + 2, count * _ENTRY.size)
        self.position = end
        entries = list(_ENTRY.iter_unpack(data[start + 2 : end]))
        self.notes.append((self.scope, "privileges", start, entries))
        return dict(entries)

    def rest(self, name: str) -> bytes:
        """Everything that is left, noted under ``name`` if there is any."""
        start = self.position
        value = self.data[start:]
        if value:
            self.position = len(self.data)
            self.notes.append((self.scope, name, start, memoryview(value)))
        return value

    def cut_off(self, name: str, start: int, size: int) -> NoReturn:
        """Say that ``size`` bytes are promised at ``start`` and not all of them are there."""
        left = len(self.data) - start
        problem = f"needs {size} bytes here, and {'none is' if left <= 0 else f'only {left} are'} left."
        cure = "The token was cut short or is damaged: copy it again, whole."
        raise TokenFormatError(self.scope + name, problem, cure, offset=start, where="payload")

    def _numbers_cut_off(self, layout: Layout) -> NoReturn:
        for name, start, end in layout.spans(self.position):
            if end > len(self.data):
                self.cut_off(name, start, end - start)
        raise AssertionError("a complete layout always unpacks")


def fields(data: bytes, notes: Iterable[Note]) -> tuple[Field, ...]:
    """The notes as fields in the order of the bytes; together they cover all that was read."""
    return tuple(
        Field(name, start, end, data[start:end], value) for name, start, end, value in _spans(notes)
    )


def repeated_privileges(notes: Iterable[Note]) -> bool:
    """Does a privilege number stand twice in one map? (Implementations differ in which one counts.)"""
    maps = (value for _, _, _, value in notes if isinstance(value, list))
    return any(len(dict(entries)) < len(entries) for entries in maps)


def _spans(notes: Iterable[Note]) -> Iterator[tuple[str, int, int, int | str | bytes]]:
    for scope, what, start, value in notes:
        if isinstance(what, Layout):
            assert isinstance(value, tuple)
            for number, (name, begin, end) in zip(value, what.spans(start), strict=True):
                yield scope + name, begin, end, number
        elif isinstance(value, list):
            yield f"{scope}privileges.count", start, start + 2, len(value)
            for place, (number, seconds) in enumerate(value):
                begin = start + 2 + place * _ENTRY.size
                yield f"{scope}privileges[{number}].number", begin, begin + 2, number
                yield f"{scope}privileges[{number}]", begin + 2, begin + 6, seconds
        elif isinstance(value, memoryview):
            yield scope + what, start, start + len(value), bytes(value)
        else:
            assert isinstance(value, bytes)
            yield f"{scope}{what}.length", start, start + 2, len(value)
            shown = value if what == "signature" else value.decode()
            yield scope + what, start + 2, start + 2 + len(value), shown


def pack_block(value: bytes) -> bytes:
    return U16.pack(len(value)) + value


def pack_text(value: str) -> bytes:
    raw = value.encode()
    return U16.pack(len(raw)) + raw


def pack_privileges(privileges: Mapping[int, int]) -> bytes:
    entries = sorted(privileges.items())
    return U16.pack(len(entries)) + b"".join([_ENTRY.pack(*entry) for entry in entries])


def from_base64(text: str, offset: int) -> bytes:
    """Canonical RFC 4648 base64 and nothing else; ``offset`` is where the text begins in the token."""
    raw = text.encode()
    try:
        data = binascii.a2b_base64(raw, strict_mode=True)
    except binascii.Error:
        _explain_base64(raw, offset)
    if binascii.b2a_base64(data, newline=False) != raw:
        _explain_base64(raw, offset)
    return data


def to_base64(data: bytes) -> str:
    return binascii.b2a_base64(data, newline=False).decode()


_BASE64_ALPHABET = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")


def _explain_base64(raw: bytes, offset: int) -> NoReturn:
    body = raw.rstrip(b"=")
    place = next((n for n, byte in enumerate(body) if byte not in _BASE64_ALPHABET), None)
    if place is None:
        problem = "is not complete base64: the number of characters, the padding or the last bits are off."
        cure = "The token was cut short or something was added to its end: copy it again, whole."
        raise TokenFormatError("base64", problem, cure, offset=offset + len(body))
    cures = {
        " ": "A + often turns into a blank in a URL: send tokens as JSON, or percent-encode them.",
        "-": "This is the URL-safe alphabet; Agora uses + and /.",
        "_": "This is the URL-safe alphabet; Agora uses + and /.",
        "%": "The token is still percent-encoded: decode it once.",
        "\\": "This is a JSON escape: parse the JSON instead of copying from it.",
        "=": "Padding stands only at the end: something was added after the token.",
    }
    cure = cures.get(chr(body[place]), "Copy the token again, without quotes, blanks or line breaks.")
    raise TokenFormatError("base64", "has a character that does not belong there.", cure, offset=offset + place)
