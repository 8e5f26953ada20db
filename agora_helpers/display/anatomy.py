"""A token byte by byte: which characters and bytes hold which field, and what each field means.

The HTML table and the plain text come from the same rows. Colours only repeat what the names say.
"""

from __future__ import annotations

import re
from html import escape
from typing import NamedTuple

from ..constants import PRIVILEGE_NAMES
from ..tokens.decoded import DecodedToken
from ..tokens.services import SERVICE_CLASSES, is_rtc
from ..tokens.v006 import CONTENT_START
from ..tokens.wire import Field, from_base64
from ..wording import format_duration, format_range, format_utc
from .fields import FieldName, name_of, short_path
from .style import tint
from .tables import Html, escape_unprintable, table_html, table_text
from .token import describe_role, privilege_lasts

_SHOWN = 80  # bytes of a field; longer ones are cut in tables


class Piece(NamedTuple):
    """A part of the token's string: characters ``start`` to ``end`` (not included), counted from 0."""

    name: str
    start: int
    end: int
    text: str
    meaning: str


class Line(NamedTuple):
    """A field of the payload: its number from 1, its bytes, and in 006 the characters that hold them."""

    number: int
    field: Field
    name: FieldName
    meaning: str
    characters: tuple[int, int] | None

    @property
    def code(self) -> str:
        """The field's name in the token, if that is not its label."""
        path = short_path(self.field.name)
        return "" if path == self.name.label else path


def pieces(token: str, decoded: DecodedToken) -> list[Piece]:
    """Return the parts of the token's string, which together cover it.

    In 007 the base64 data are a zlib stream: 2 bytes of header, compressed data, 4 bytes of checksum. In base64 a
    character can hold bits of two bytes. One that holds bits of two parts is counted in both.
    """
    version = Piece("version", 0, 3, token[:3], "tells how to read the rest")
    if decoded.version == "006":
        app_id = Piece("App ID", 3, CONTENT_START, token[3:CONTENT_START], "the project, in plain text")
        content = token[CONTENT_START:]
        size = len(decoded.payload)
        return [version, app_id, Piece("content", CONTENT_START, len(token), content, f"base64 of {size} bytes")]
    stream = from_base64(token, 3)
    size = len(stream)
    parts = (
        ("zlib header", 0, 2, "marks zlib data"),
        (
            "compressed data",
            2,
            size - 4,
            f"{size - 6} bytes; they inflate to the payload's {len(decoded.payload)} bytes",
        ),
        ("zlib checksum", size - 4, size, "Adler-32 of the payload; not a signature"),
    )
    result = [version]
    for name, start, end, meaning in parts:
        first, last = characters(start, end, 3)
        last = len(token) if end == size else last  # padding included
        result.append(Piece(name, first, last, token[first:last], f"bytes {format_range(start, end)}: {meaning}"))
    return result


def characters(start: int, end: int, offset: int) -> tuple[int, int]:
    """Return the range of base64 characters that hold the bytes ``start`` to ``end``, if base64 starts at ``offset``.

    >>> characters(1, 2, offset=3)
    (4, 6)
    """
    return offset + start * 4 // 3, offset + -(-end * 4 // 3)


def lines(decoded: DecodedToken) -> list[Line]:
    """Return every field of the payload in order; together they cover it.

    >>> from agora_helpers import Credentials, build_rtm_token, decode
    >>> line = lines(decode(build_rtm_token(Credentials.demo(), "alice")))[-1]
    >>> line.name.label, line.field.name, line.field.value, line.meaning
    ('user id', 'services[0].user_id', 'alice', 'the user who may log in')
    """
    result = []
    service: int | None = None
    privilege = 0
    services = iter(decoded.services)
    for number, field in enumerate(decoded.fields, 1):
        name = field.name.rpartition(".")[2]
        if name == "type" and isinstance(field.value, int):
            service = field.value
        if name == "privilege" and isinstance(field.value, int):
            privilege = field.value
        held_by = characters(field.start, field.end, CONTENT_START) if decoded.version == "006" else None
        meaning = _meaning(decoded, field, name, service, privilege)
        if field.name.endswith("privileges.count") and is_rtc(counted := next(services)):
            meaning += f"; role: {describe_role(counted)[0]}"
        label = name_of(field.name, decoded)
        if re.fullmatch(r"privileges\[\d+\]", name):
            label = label._replace(label=PRIVILEGE_NAMES.get(service, {}).get(privilege, label.label))
        result.append(Line(number, field, label, meaning, held_by))
    return result


_MEANINGS = {
    "signature": "HMAC-SHA-256 of everything after it; only the App Certificate verifies it",
    "app_id": "the project",
    "crc_channel_name": "CRC-32 of the channel, or in an RTM token of the user id; not signed",
    "crc_uid": "CRC-32 of the uid as a string, 0 for any client; not signed",
    "salt": "random; makes each token different",
    "channel_name": "the channel that the client may join",
    "uid": "the client that may use it, as a string",
    "user_id": "the user who may log in",
    "account": "the user account",
    "room_uuid": "the room",
    "user_uuid": "the user",
    "role": "role in the classroom; -1 for none",
    "resource": "kind of resource: 0 message channels, 1 stream channels, 2 group channels, 3 server groups, 4 users",
    "kind": "0 read, 1 write",
    "name": "a resource's name",
    "unread": "a service of an unknown type, and everything after it: cannot be decoded",
    "trailing": "extra bytes after the last field",
}


def _meaning(decoded: DecodedToken, field: Field, name: str, service: int | None, privilege: int) -> str:
    value = field.value
    if name == "signature" and decoded.version == "006":
        return "HMAC-SHA-256 of App ID, channel, uid and message; only the App Certificate verifies it"
    if name == "uid" and value == "":
        return "empty: any client may use it"
    if not isinstance(value, int) or name in ("crc_channel_name", "crc_uid", "salt", "role", "resource", "kind"):
        return _MEANINGS[name]
    if name in ("issued_at", "ts"):
        return {"issued_at": "issued", "ts": "the token itself expires"}[name] + f" {format_utc(value)}"
    if name == "expire":
        return f"lifetime: {format_duration(value)} from issue, until {format_utc(decoded.expires_at)}"
    if name == "type":
        service_class = SERVICE_CLASSES.get(value)
        return f"service: {service_class.name}" if service_class else "service: unknown"
    if name == "privilege":
        return PRIVILEGE_NAMES.get(service, {}).get(value, "unknown privilege")
    if re.fullmatch(r"privileges\[\d+\]", name):
        lasts = privilege_lasts(privilege, value, decoded.issued_at)
        return f"{format_duration(value)} from issue, {lasts}" if value and service is not None else lasts
    return "number of entries that follow" if name == "count" else "number of bytes that follow"


def _raw(field: Field) -> str:
    cut = field.raw[:_SHOWN].hex(" ")
    return cut + (f" … ({len(field.raw)} bytes)" if len(field.raw) > _SHOWN else "")


def value_text(field: Field) -> str:
    """Return a field's value, cut if it is long; empty if it is bytes."""
    if isinstance(field.value, bytes):
        return ""  # the column with the raw bytes shows it
    if isinstance(field.value, int):
        return str(field.value)
    text = escape_unprintable(field.value)
    return text if len(text) <= 2 * _SHOWN else f"{text[: 2 * _SHOWN]}…"


_STRING_HEADS = ("part", "characters", "string", "meaning")


def _string_rows(token: str, decoded: DecodedToken) -> list[tuple[str, str, str, str]]:
    return [
        (piece.name, format_range(piece.start, piece.end), escape_unprintable(piece.text), piece.meaning)
        for piece in pieces(token, decoded)
    ]


def _heads(decoded: DecodedToken) -> list[str]:
    return ["no.", "field", "bytes", *(["characters"] if decoded.version == "006" else []), "raw", "value", "meaning"]


def _row(line: Line) -> list[str]:
    field = line.field
    held_by = [] if line.characters is None else [format_range(*line.characters)]
    row = [str(line.number), field.name, field.byte_range, *held_by]
    return [*row, _raw(field), value_text(field), line.meaning]


def anatomy_html(token: str, decoded: DecodedToken, *, with_string: bool = True) -> str:
    """Return two HTML tables: the parts of the token's string, and the payload field by field, in colours.

    Args:
        token: the token's string.
        decoded: the same token, decoded.
        with_string: False leaves out the first table, which in 007 differs between machines as their zlib does.
    """
    string = (
        table_html("The string of the token", _STRING_HEADS, _string_rows(token, decoded), code=[2])
        if with_string
        else ""
    )
    rows = []
    for line in lines(decoded):
        row = _row(line)
        color = tint(line.name.group)
        in_token = escape(line.code).replace(".", ".<wbr>")
        row[1] = Html(escape(line.name.label) + (f" <code>{in_token}</code>" if in_token else ""))
        row[2:-3] = [Html(f'<span style="white-space: nowrap">{escape(range_)}</span>') for range_ in row[2:-3]]
        row[-3] = Html(f'<span style="{color}">{escape(row[-3])}</span>') if row[-3] else ""
        rows.append(row)
    heads = _heads(decoded)
    code = [heads.index("raw"), heads.index("value")]
    size = len(decoded.payload)
    inflated = " (inflated)" if decoded.version == "007" else ""
    return string + table_html(f"Its payload of {size} bytes{inflated}, field by field", heads, rows, code=code)


def anatomy_text(token: str, decoded: DecodedToken, *, with_string: bool = True, width: int | None = None) -> str:
    """Return the same as plain text, wrapped to ``width`` characters unless that is None."""
    widest = 36 if width is None else 24
    fields = table_text([_row(line) for line in lines(decoded)], _heads(decoded), widest=widest, width=width)
    if not with_string:
        return fields
    return table_text(_string_rows(token, decoded), _STRING_HEADS, width=width) + "\n\n" + fields
