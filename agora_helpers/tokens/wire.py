"""Little-endian bytes: a writer, and a reader that remembers which bytes each field came from."""

from __future__ import annotations

import struct
from binascii import Error as BinasciiError
from binascii import a2b_base64, b2a_base64
from collections.abc import Mapping
from typing import NamedTuple, NoReturn

from ..errors import TokenFormatError

U16 = struct.Struct("<H")
U32 = struct.Struct("<I")
ENTRY = struct.Struct("<HI")  # a privilege and its value


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
    """Numbers that always stand together: their names and their struct format, one letter each."""

    __slots__ = ("names", "pack", "sizes")

    def __init__(self, form: str, *names: str) -> None:
        self.names = names
        self.sizes = [struct.Struct("<" + letter) for letter in form]
        self.pack = struct.Struct("<" + form).pack


class Reader:
    """Reads one field after another, keeps each as a :class:`Field`, and raises where the bytes end too early."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0
        self.scope = ""
        self.fields: list[Field] = []
        self.repeats_entry = False

    def _take(self, name: str, size: int) -> bytes:
        start, end = self.position, self.position + size
        if end > len(self.data):
            self.cut_off(name, size)
        self.position = end
        return self.data[start:end]

    def _keep(self, name: str, raw: bytes, value: int | str | bytes) -> None:
        end = self.position
        self.fields.append(Field(self.scope + name, end - len(raw), end, raw, value))

    def cut_off(self, name: str, size: int) -> NoReturn:
        """Say that ``size`` bytes are promised here and not all of them are there."""
        left = len(self.data) - self.position
        problem = f"needs {size} bytes here, and {f'only {left}' if left else 'none'} can be read."
        hint = "The token was cut short or is damaged: copy it again, whole."
        raise TokenFormatError(self.scope + name, problem, hint, offset=self.position, where="payload")

    def numbers(self, layout: Layout) -> list[int]:
        """The layout's numbers."""
        values: list[int] = []
        for name, form in zip(layout.names, layout.sizes, strict=True):
            raw = self._take(name, form.size)
            values += form.unpack(raw)
            self._keep(name, raw, values[-1])
        return values

    def uint16(self, name: str) -> int:
        """An unsigned 16-bit number."""
        raw = self._take(name, 2)
        value = int.from_bytes(raw, "little")
        self._keep(name, raw, value)
        return value

    def block(self, name: str) -> bytes:
        """Bytes with a 16-bit length before them."""
        raw = self._take(name, self.uint16(f"{name}.length"))
        self._keep(name, raw, raw)
        return raw

    def text(self, name: str) -> str:
        """UTF-8 text with a 16-bit length before it."""
        raw = self._take(name, self.uint16(f"{name}.length"))
        try:
            value = raw.decode()
        except UnicodeDecodeError as error:
            offset = self.position - len(raw) + error.start
            problem = "is not valid UTF-8 text."
            raise TokenFormatError(self.scope + name, problem, offset=offset, where="payload") from None
        self._keep(name, raw, value)
        return value

    def privileges(self) -> dict[int, int]:
        """A 16-bit count, then number and value of each; of equal numbers the last one counts."""
        count = self.uint16("privileges.count")
        if self.position + count * ENTRY.size > len(self.data):
            self.cut_off("privileges", count * ENTRY.size)
        found: dict[int, int] = {}
        for _ in range(count):
            number = self.uint16("privilege")
            raw = self._take("privilege", U32.size)
            (found[number],) = U32.unpack(raw)
            self._keep(f"privileges[{number}]", raw, found[number])
        self.repeats_entry |= len(found) < count
        return found

    def rest(self, name: str) -> bytes:
        """Everything that is left, kept under ``name`` if there is any."""
        raw = self._take(name, len(self.data) - self.position)
        if raw:
            self._keep(name, raw, raw)
        return raw


def pack_text(value: str) -> bytes:
    """UTF-8 with a 16-bit length before it."""
    raw = value.encode()
    return U16.pack(len(raw)) + raw


def pack_privileges(privileges: Mapping[int, int]) -> bytes:
    """A 16-bit count, then number and value of each, by ascending number."""
    flat = [number for entry in sorted(privileges.items()) for number in entry]
    return struct.pack(f"<H{'HI' * len(privileges)}", len(privileges), *flat)


def from_base64(token: str, offset: int) -> bytes:
    """Canonical RFC 4648 base64 and nothing else, from character ``offset`` of the token to its end."""
    try:
        raw = token.encode("ascii")[offset:]
        data = a2b_base64(raw, strict_mode=True)
    except UnicodeEncodeError as error:
        problem = "has a character that is not ASCII."
        raise TokenFormatError("token", problem, "Copy it again.", offset=error.start) from None
    except BinasciiError:
        _explain_base64(raw, offset)
    if b2a_base64(data, newline=False) != raw:
        _explain_base64(raw, offset)
    return data


def to_base64(data: bytes) -> str:
    """The standard alphabet, padded."""
    return b2a_base64(data, newline=False).decode()


_BASE64_ALPHABET = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")


def _explain_base64(raw: bytes, offset: int) -> NoReturn:
    body = raw.rstrip(b"=")
    place = next((n for n, byte in enumerate(body) if byte not in _BASE64_ALPHABET), None)
    if place is None:
        problem = "is not complete base64: the number of characters, the padding or the last bits are off."
        hint = "The token was cut short or something was added to its end: copy it again, whole."
        raise TokenFormatError("base64", problem, hint, offset=offset + len(body))
    hints = {
        " ": "A + often turns into a space in a URL: send tokens as JSON, or percent-encode them.",
        "-": "This is the URL-safe alphabet; Agora uses + and /.",
        "_": "This is the URL-safe alphabet; Agora uses + and /.",
        "%": "The token is still percent-encoded: decode it once.",
        "\\": "This is a JSON escape: parse the JSON instead of copying from it.",
        "=": "Padding stands only at the end: something was added after the token.",
    }
    hint = hints.get(chr(body[place]), "Copy the token again, without quotes, spaces or line breaks.")
    raise TokenFormatError("base64", "has a character that does not belong there.", hint, offset=offset + place)
