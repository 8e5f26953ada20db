"""A token's string, bytes and fields side by side. Pointing at one of them lights up the others, with CSS alone.

Each part of a token has a class that its characters, its bytes, its row and its caption share. The style sheet lights
up all elements of such a class while one of them is hovered or focused. The HTML itself has no style, so pages under a
strict content security policy can hold it too.

In a 006 token base64 maps characters to fields directly; a character at a border belongs to both neighbours. A 007
token is compressed: its characters map to the zlib stream only, and the fields map to the inflated bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from itertools import pairwise
from typing import Final, NamedTuple

from ..tokens.decoded import DecodedToken
from ..tokens.services import SERVICE_CLASSES
from ..tokens.wire import Field
from .anatomy import Line, Piece, lines, pieces, value_text
from .style import GROUPS, Group
from .tables import escape_unprintable

_DUMPED: Final = 2048
"""Bytes in the dump. A usual token has fewer than 200."""
_PER_ROW: Final = 16


class _Part(NamedTuple):
    """Something with characters, bytes or both, and a row."""

    link: str
    group: Group
    name: str
    code: str
    """The field's name in the token, if it has another one."""
    value: str
    meaning: str
    where: str
    number: int
    """The field's number in the payload; 0 for the App ID of 006, and less for what is no field."""


def linked_html(token: str, decoded: DecodedToken, *, before: DecodedToken | None = None) -> str:
    """Return the token in colours, the bytes, and a row for each field, by group. Technical fields are folded.

    Args:
        token: the token's string.
        decoded: the same token, decoded.
        before: the token before an edit, if there was one. Fields that differ are marked and show the earlier value.
    """
    fields, strings = lines(decoded), pieces(token, decoded)
    earlier = changed_fields(before, decoded) if before else {}
    parts = [_part_of_piece(place, piece) for place, piece in enumerate(strings)]
    parts += _parts_of_fields(decoded, fields)
    where = "" if decoded.version == "006" else " (inflated)"
    return (
        '<div class="agora-linked">'
        f'<p class="agora-token">{_string(token, decoded, strings, fields)}</p>'
        f"{_inflated(decoded, fields)}"
        f'<div class="agora-caption">{_captions(parts)}</div>'
        f'<div class="agora-columns"><div>{_groups(parts, earlier)}</div>'
        f'<div class="agora-box agora-bytes"><p class="agora-title">{len(decoded.payload)} bytes{where}</p>'
        f"{_dump(decoded, fields, earlier)}{_remark(decoded)}</div></div></div>"
    )


def changed_fields(before: DecodedToken, after: DecodedToken) -> dict[int, str]:
    """Return the numbers of the fields of ``after`` that differ, each with its value before, or ``"absent"``.

    Fields are numbered from 1, as :func:`agora_helpers.display.anatomy.lines` does. 0 is the App ID of a 006 token,
    which stands before the payload.

    >>> from agora_helpers import Credentials, build_rtc_token, decode
    >>> credentials, fixed = Credentials.demo(), {"now": 1_700_000_000, "salt": 1}
    >>> tokens = [decode(build_rtc_token(credentials, "lobby", uid=uid, **fixed)) for uid in (7, 8)]
    >>> list(changed_fields(*tokens).items())[1]
    (16, '7')
    """
    old = dict(_numbered(before))
    changed = {0: before.app_id} if after.version == "006" and before.app_id != after.app_id else {}
    for number, (key, field) in enumerate(_numbered(after), 1):
        if key not in old:
            changed[number] = "absent"
        elif old[key].raw != field.raw:
            changed[number] = _short(old[key]) or "empty"
    return changed


def _numbered(decoded: DecodedToken) -> Iterator[tuple[tuple[str, int], Field]]:
    """Yield the fields with keys of their own: some names occur several times."""
    seen: Counter[str] = Counter()
    for field in decoded.fields:
        seen[field.name] += 1
        yield (field.name, seen[field.name]), field


def _short(field: Field) -> str:
    """Return a field's value on one short line."""
    raw = field.raw.hex()
    return value_text(field) or (f"{raw[:8]}…{raw[-4:]}" if len(raw) > 14 else raw)


def _part_of_piece(place: int, piece: Piece) -> _Part:
    group: Group = "who" if piece.name == "App ID" else "technical"
    value = escape_unprintable(piece.text) if len(piece.text) <= 40 else ""
    return _Part(
        f"agora-p{place}",
        group,
        piece.name,
        "",
        value,
        piece.meaning,
        _span(piece.start, piece.end, "character"),
        -(group != "who"),
    )


def _parts_of_fields(decoded: DecodedToken, fields: Sequence[Line]) -> Iterable[_Part]:
    several = len(decoded.services) > 1
    service: int | None = None
    for line in fields:
        name, value = line.name.label, line.field.value
        if line.field.name.endswith(".type") and isinstance(value, int):
            service = value
        if several and line.field.name.startswith("services[") and service in SERVICE_CLASSES:
            name = f"{SERVICE_CLASSES[service].name}: {name}"
        where = _span(line.field.start, line.field.end, "byte")
        if line.characters is not None:
            where += f", {_span(*line.characters, 'character')}"
        shown = value_text(line.field) or line.field.raw[:80].hex()
        yield _Part(_link(line), line.name.group, name, line.code, shown, line.meaning, where, line.number)


def _span(start: int, end: int, unit: str) -> str:
    if start == end:
        return f"no {unit}s"
    return f"{unit} {start}" if end == start + 1 else f"{unit}s {start}-{end - 1}"


def _link(line: Line) -> str:
    return f"agora-f{line.number}"


def _element(text: str, links: str, group: Group, *, extra: str = "") -> str:
    return f'<span tabindex="-1" class="agora-field agora-{group} {links}{extra}">{escape(text)}</span>'


def _string(token: str, decoded: DecodedToken, strings: Sequence[Piece], fields: Sequence[Line]) -> str:
    owners: list[tuple[int, int, str, Group]] = [
        (piece.start, piece.end, f"agora-p{place}", "who" if piece.name == "App ID" else "technical")
        for place, piece in enumerate(strings)
    ]
    if decoded.version == "006":
        owners[-1:] = [
            (*line.characters, _link(line), line.name.group) for line in fields if line.characters is not None
        ]
    borders = sorted({0, len(token), *(place for owner in owners for place in owner[:2])})
    result = []
    for start, end in pairwise(borders):
        here = [owner for owner in owners if owner[0] <= start and end <= owner[1]]
        links = " ".join(owner[2] for owner in here)
        result.append(_element(token[start:end], links, here[0][3] if here else "technical"))
    return "".join(result)


def _inflated(decoded: DecodedToken, fields: Sequence[Line]) -> str:
    """Return the values of a 007 token in their order, without the technical ones; nothing for 006."""
    if decoded.version == "006":
        return ""
    shown = []
    for line in fields:
        group = line.name.group
        if group != "technical":
            shown.append(_element(_short(line.field) or "''", _link(line), group))
    return f'<p class="agora-token agora-inflated"><span class="agora-quiet">inflates to</span> {" ".join(shown)}</p>'


def _captions(parts: Sequence[_Part]) -> str:
    hint = "Point at a character, a byte or a row, or move to a row with the Tab key."
    captions = [
        f'<span class="agora-{part.group} {part.link}"><strong>{escape(part.name)}</strong> '
        f"<code>{escape(part.value)}</code> {escape(part.meaning)} · {part.where}</span>"
        for part in parts
    ]
    return f"<p>{hint}</p>{''.join(captions)}"


def _groups(parts: Sequence[_Part], earlier: Mapping[int, str]) -> str:
    result = []
    for group, title in GROUPS.items():
        rows = [_row(part, earlier.get(part.number)) for part in parts if part.group == group]
        if not rows:
            continue
        table = f'<table class="agora-rows" aria-label="{title}"><tbody>{"".join(rows)}</tbody></table>'
        if group == "technical":
            opened = " open" if any(part.group == group and part.number in earlier for part in parts) else ""
            table = f"<details{opened}><summary>{title} ({len(rows)})</summary>{table}</details>"
        else:
            table = f'<p class="agora-title">{title}</p>{table}'
        result.append(f'<div class="agora-box agora-{group}">{table}</div>')
    return "".join(result)


def _row(part: _Part, before: str | None) -> str:
    code = f' <code class="agora-quiet">{escape(part.code)}</code>' if part.code else ""
    name = escape(part.name) + code
    value = f"<code>{escape(part.value)}</code> " if part.value else ""
    change = ""
    if before is not None:
        change = f'<strong class="agora-changed">✎ changed, was <code>{escape(before)}</code></strong> '
    return (
        f'<tr tabindex="0" class="agora-field agora-{part.group} {part.link}"><th scope="row">{name}</th>'
        f'<td>{value}{change}<span class="agora-quiet">{escape(part.meaning)}</span></td></tr>'
    )


def _dump(decoded: DecodedToken, fields: Sequence[Line], earlier: Mapping[int, str]) -> str:
    """Return the payload, 16 bytes a line: as hexadecimal numbers, then as characters."""
    payload = decoded.payload[:_DUMPED]
    rows = []
    for start in range(0, len(payload), _PER_ROW):
        end = min(start + _PER_ROW, len(payload))
        numbers, characters = [], []
        for line in fields:
            first, last = max(line.field.start, start), min(line.field.end, end)
            if first >= last:
                continue
            raw, group = payload[first:last], line.name.group
            changed = " agora-changed" if line.number in earlier else ""
            numbers.append(_element(raw.hex(" "), _link(line), group, extra=changed))
            text = "".join(chr(byte) if 32 <= byte < 127 else "·" for byte in raw)
            characters.append(_element(text, _link(line), group, extra=changed))
        gap = "   " * (start + _PER_ROW - end)
        rows.append(f"{start:4}  {' '.join(numbers)}{gap}  {''.join(characters)}")
    rest = len(decoded.payload) - len(payload)
    more = f"\n… and {rest} bytes more" if rest else ""
    return f'<pre class="agora-dump" tabindex="0" role="group" aria-label="Bytes">{chr(10).join(rows)}{more}</pre>'


def _remark(decoded: DecodedToken) -> str:
    if decoded.version == "006":
        text = (
            "In base64, 4 characters hold 3 bytes. A character at a border holds bits of both fields, and lights both."
        )
    else:
        text = (
            "The string is compressed, so no character belongs to a single field: the fields are in the bytes that "
            "zlib inflates it to."
        )
    return f'<p class="agora-quiet">{text}</p>'
