"""Pictures: what a token holds."""

from __future__ import annotations

import base64
import zlib
from itertools import chain
from typing import Final

from agora_helpers import Credentials, build_rtc_token, decode
from agora_helpers.display.style import Group, color

from .drawing import arrow, box, ground, line, picture, text

_Fields = tuple[tuple[str, str, int, Group], ...]


def token_anatomy() -> str:
    """Draw the fields of both versions in their order."""

    def row(y: int, fields: _Fields) -> str:
        parts, x = [], 16
        for name, remark, width, hue in fields:
            parts += [
                box(x, y, width, 58),
                f'<path d="M{x + 1} {y + 2.5}h{width - 2}" stroke="{color(hue)}" stroke-width="5"/>',
                text(x + width / 2, y + 28, name, anchor="middle"),
                text(x + width / 2, y + 47, remark, "quiet", anchor="middle"),
            ]
            x += width + 4
        return "\n".join(parts)

    old: _Fields = (
        ("006", "version", 66, "technical"),
        ("App ID", "32 characters", 110, "who"),
        ("signature", "32 bytes", 86, "proof"),
        ("checksum", "channel", 88, "what"),
        ("checksum", "uid", 88, "who"),
        ("salt", "random", 66, "technical"),
        ("end", "in 24 hours", 94, "when"),
        ("privileges", "each until …", 102, "what"),
    )
    new: _Fields = (
        ("007", "version", 66, "technical"),
        ("signature", "32 bytes", 86, "proof"),
        ("App ID", "32 characters", 110, "who"),
        ("issued", "Unix time", 74, "when"),
        ("lifetime", "seconds", 74, "when"),
        ("salt", "random", 66, "technical"),
        ("services", "RTC: channel, uid · RTM: user id", 228, "what"),
    )
    legend: tuple[tuple[int, str, Group], ...] = (
        (16, "who", "who"),
        (92, "what", "what"),
        (176, "until when", "when"),
        (300, "proof", "proof"),
        (388, "technical", "technical"),
    )
    swatches = chain.from_iterable(
        (f'<path d="M{x} 314h18" stroke="{color(hue)}" stroke-width="5"/>', text(x + 26, 319, name, "quiet"))
        for x, name, hue in legend
    )
    return picture(
        "The fields of a token",
        "The fields of a token, in their order. 006: version and App ID in plain text, then in base64 the signature, "
        "the checksums of channel and uid, salt, end and privileges. 007: the version in plain text, then compressed "
        "and in base64 the signature, App ID, time of issue, lifetime, salt and services with channel, uid or user id",
        336,
        text(16, 30, "Version 006", "name"),
        row(42, old),
        line("M200 106v6H744v-6"),
        text(200, 130, "base64: anyone can read it", "quiet"),
        text(16, 148, "Signed: App ID, channel, uid, salt, end and privileges. Not signed: the checksums.", "quiet"),
        text(16, 182, "Version 007", "name"),
        row(194, new),
        line("M86 258v6H744v-6"),
        text(86, 282, "base64 of zlib: anyone can read it. Signed: everything after the signature.", "quiet"),
        *swatches,
    )


def what_is_signed() -> str:
    """Draw two clients whose tokens have the same signature in version 006."""

    def string(x: int, y: int, pieces: tuple[tuple[str, Group], ...]) -> str:
        parts = []
        for content, hue in pieces:
            width = 24 + 10 * len(content)
            parts += [box(x, y, width, 32, hue), text(x + width / 2 + 2, y + 21, content, "code", anchor="middle")]
            x += width + 3
        return "\n".join(parts)

    parts = []
    clients = (("room1", "23"), ("room12", "3"))
    for row, (channel, uid) in enumerate(clients):
        for top, old in ((44, True), (164, False)):
            y = top + 42 * row
            sizes = "" if old else f"{len(channel)}", "" if old else f"{len(uid)}"
            pieces: tuple[tuple[str, Group], ...] = (
                (sizes[0], "technical"), (channel, "what"), (sizes[1], "technical"), (uid, "who")
            )  # fmt: skip
            signed = " ".join(content for content, _ in pieces) if not old else channel + uid
            parts += [
                text(16, y + 21, f"channel {channel}, uid {uid}"),
                string(240, y, tuple(piece for piece in pieces if piece[0])),
                arrow((484, y + 16), (556, y + 16)),
                text(572, y + 21, signed, "code"),
            ]
    return picture(
        "What a signature covers",
        "006 signs room1 and 23 as room123, and room12 and 3 as room123, too. 007 signs each with its length before "
        "it, so the two differ",
        258,
        text(16, 30, "006", "name"),
        text(54, 30, "signs only the values"),
        text(572, 30, "the same", "name"),
        text(16, 150, "007", "name"),
        text(54, 150, "also signs the length of each value"),
        text(572, 150, "different", "name"),
        *parts,
    )


def uid_line() -> str:
    """Draw the uids of 32 bits, and what stands for each where integers have a sign."""
    parts = []
    rows: tuple[tuple[int, str, str, str, str, Group], ...] = (
        (48, "safe everywhere", "2147483648", "also valid", "4294967295", "who"),
        (156, "the same", "\N{MINUS SIGN}2147483648", "negative", "\N{MINUS SIGN}1", "when"),
    )
    for y, lower, first, upper, last, hue in rows:
        parts += [
            box(72, y, 332, 34, "who"),
            text(88, y + 22, "1"),
            text(394, y + 22, "2147483647", anchor="end"),
            text(204, y + 22, lower, "quiet", anchor="middle"),
            box(412, y, 332, 34, hue),
            text(428, y + 22, first),
            text(734, y + 22, last, anchor="end"),
            text(584, y + 22, upper, "quiet", anchor="middle"),
        ]
    return picture(
        "The uids on a line",
        "The 32-bit uids on a number line: 1 to 2147483647, then 2147483648 to 4294967295, which Android and Java show "
        "as negative numbers.",
        296,
        text(16, 32, "uid in the token", "name"),
        text(16, 140, "what Android and Java show", "name"),
        *parts,
        box(16, 48, 44, 34),
        text(38, 70, "0", anchor="middle"),
        text(16, 102, "any uid", "quiet"),
        arrow((440, 88), (440, 150)),
        arrow((720, 88), (720, 150)),
        text(580, 124, "minus 4294967296", "quiet", anchor="middle"),
        line("M16 210H744"),
        text(16, 240, "For example:", "name"),
        box(16, 252, 196, 32, "when"),
        text(34, 273, "Android shows \N{MINUS SIGN}5"),
        arrow((220, 268), (404, 268)),
        text(308, 260, "plus 4294967296", "quiet", anchor="middle"),
        box(412, 252, 332, 32, "who"),
        text(430, 273, "the token is for uid 4294967291"),
    )


_NOW: Final = 1_700_000_000
_SALT: Final = 46_214_830
_COLUMNS: Final = 26
_PACKING: Final = 7
"""Bytes that zlib puts before data that it does not compress. After the data come 4 more."""
_PARTS: Final[tuple[tuple[str, Group, str, str], ...]] = (
    ("signature.length", "proof", "signature", "made with the App Certificate"),
    ("app_id.length", "who", "App ID", "names your project"),
    ("issued_at", "when", "issued", "14 November 2023, 22:13:20 UTC"),
    ("expire", "when", "lifetime", "3600 seconds"),
    ("salt", "technical", "salt", "a random number"),
    ("services.count", "what", "privileges", "join; publish audio, video, data"),
    ("services[0].channel_name.length", "what", "channel", "lobby"),
    ("services[0].uid.length", "who", "uid", "7"),
)
"""The first field of each part in a decoded token, and what the picture says about the part."""


_REMARK: Final = "Not encrypted: anyone can decode it. A real token is also compressed, which mixes the characters."


def uncompressed_token() -> str:
    """Return a 007 token whose bytes are stored and not compressed, so that each character belongs to a field.

    It is the same on every machine: compressed bytes depend on the version of zlib.
    """
    token = build_rtc_token(Credentials.demo(), "lobby", uid=7, role="publisher", now=_NOW, salt=_SALT)
    data = decode(token).payload
    size = len(data)
    stored = b"\x78\x01\x01" + size.to_bytes(2, "little") + (size ^ 0xFFFF).to_bytes(2, "little") + data
    return "007" + base64.b64encode(stored + zlib.adler32(data).to_bytes(4, "big")).decode()


def token_in_colours() -> str:
    """Draw the characters of a token in the colours of their fields."""
    token = uncompressed_token()
    decoded = decode(token)
    fields = {field.name: field.start for field in decoded.fields}

    def place(byte: int) -> int:
        """Return the first character that holds nothing of the bytes before this one: a character has six bits."""
        return 3 - (-(byte + _PACKING) * 8 // 6)

    rows: tuple[tuple[int, Group, str, str], ...] = (
        (0, "technical", "version", "007"),
        (3, "technical", "packing", "zlib, here without compression"),
        *((place(fields[first]), hue, name, value) for first, hue, name, value in _PARTS),
        (place(len(decoded.payload)), "technical", "", ""),
    )
    parts = []
    for row, start in enumerate(range(0, len(token), _COLUMNS)):
        y = 48 + 40 * row
        spans = ""
        stop = min(start + _COLUMNS, len(token))
        for (begin, hue, *_), end in zip(rows, [*(begin for begin, *_ in rows[1:]), len(token)], strict=True):
            first, last = max(begin, start), min(end, stop)
            if first < last:
                parts.append(ground(19.8 + 10 * (first - start), y - 18, 10 * (last - first) - 0.6, 26, hue))
                spans += f'<tspan fill="{color(hue)}">{token[first:last]}</tspan>'
        parts.append(f'<text x="20" y="{y}" class="string" textLength="{10 * (stop - start)}">{spans}</text>')
    for row, (begin, hue, name, value) in enumerate(rows[:-1]):
        y = 30 + 29 * row
        end = rows[row + 1][0]
        sample = token[begin:end] if end - begin < 6 else f"{token[begin : begin + 4]}…"
        parts += [
            ground(312, y, 62, 25, hue),
            f'<text x="320" y="{y + 18}" class="string"><tspan fill="{color(hue)}">{sample}</tspan></text>',
            text(390, y + 18, name, "name"),
            text(482, y + 18, value),
        ]
    return picture(
        "A token in colours",
        "A token as a string, coloured by field, and beside it what each colour holds: version, signature, App ID, "
        "time of issue, lifetime, salt, channel, uid and privileges.",
        376,
        *parts,
        text(
            20,
            354,
            "Not encrypted: anyone can decode it. Other tokens are compressed, so their characters mix.",
            "quiet",
        ),
    )
