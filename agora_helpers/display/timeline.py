"""The life of a token as a picture: from its issue to the ends of its privileges and of the token itself."""

from __future__ import annotations

from html import escape
from typing import NamedTuple

from ..constants import DAY, ENTERED_SERVICES, LOGIN, PRIVILEGE_NAMES, RTM_LOGIN_006
from ..tokens.decoded import DecodedToken
from ..tokens.services import privilege_times
from ..wording import format_relative, format_utc
from .tables import table_html, table_text

SDK_WARNING_SECONDS = 30
"""Seconds before the end of the privilege to enter at which Agora's SDKs warn (documented as about 30)."""


class Event(NamedTuple):
    """A point in the token's life."""

    at: int
    """Unix time."""
    name: str


def events(decoded: DecodedToken) -> list[Event]:
    """Issue, warning and ends, in order of time.

    A 006 token holds no time of issue; its builders set its own end to 24 hours after it.

    >>> from agora_helpers import Credentials, build_rtc_token, decode
    >>> token = build_rtc_token(Credentials.demo(), "lobby", uid=7, expires_in=600, now=1_700_000_000)
    >>> [(event.at - 1_700_000_000, event.name) for event in events(decode(token))]
    [(0, 'issued'), (570, 'rtc: the SDK warns'), (600, 'rtc: end of join channel'), (600, 'the token ends')]
    """
    end = decoded.ends_at
    if decoded.issued_at is None:
        found = [Event(end - DAY, "issued, if its builder set its end as usual")]
    else:
        found = [Event(decoded.issued_at, "issued")]
    for service in decoded.services:
        by_time: dict[int, list[str]] = {}
        for number in privilege_times(service):
            if service.type is None and number == RTM_LOGIN_006:
                continue  # its time is ignored
            name = PRIVILEGE_NAMES[service.type].get(number, f"privilege {number}")
            by_time.setdefault(min(decoded.privilege_end(service, number), end), []).append(name)
        found += [Event(at, f"{service.name}: end of {', '.join(names)}") for at, names in by_time.items()]
        if service.type in ENTERED_SERVICES or service.name == "rtc":
            value = privilege_times(service).get(LOGIN)
            warned = min(decoded.privilege_end(service, LOGIN), end) - SDK_WARNING_SECONDS
            if value and warned > found[0].at:
                found.append(Event(warned, f"{service.name}: the SDK warns"))
    found.append(Event(end, "the token ends" if end == decoded.expires_at else "Agora ends it, after 24 hours"))
    return sorted(found, key=lambda event: event.at)


def _rows(decoded: DecodedToken, now: int) -> list[tuple[str, str, str]]:
    known = [*events(decoded), Event(now, "now")]
    known.sort(key=lambda event: event.at)
    return [
        (event.name, format_utc(event.at), "" if event.name == "now" else format_relative(event.at, now))
        for event in known
    ]


_HEADS = ("what", "when", "from now")


def timeline_text(decoded: DecodedToken, now: int, width: int | None = None) -> str:
    """A line for each event, ``now`` among them."""
    return table_text(_rows(decoded, now), _HEADS, widest=80 if width is None else 40, width=width)


def timeline_html(decoded: DecodedToken, now: int) -> str:
    """The same as an HTML table."""
    return table_html("The life of the token", _HEADS, _rows(decoded, now))


def timeline_svg(decoded: DecodedToken, now: int) -> str:
    """A picture of it: what is past is filled, what is to come is not. Colours are those of the page."""
    known = events(decoded)
    first, last = known[0].at, max(known[-1].at, known[0].at + 1)

    def place(at: int) -> float:
        return round(20 + 660 * min(max((at - first) / (last - first), 0), 1), 1)

    height = 64 + 22 * len(known)
    here = place(now)
    outside = "" if first <= now <= last else " (before it begins)" if now < first else " (after its end)"
    parts = [
        '<line x1="20" y1="30" x2="680" y2="30" stroke="currentColor" stroke-width="2"/>',
        f'<line x1="20" y1="30" x2="{here}" y2="30" stroke="currentColor" stroke-width="8"/>',
        f'<path d="M{here} 24l-6-10h12z" fill="currentColor"/>',
        f'<text x="{min(max(here, 60), 560)}" y="11" text-anchor="middle">now{outside}</text>',
    ]
    for row, event in enumerate(known):
        x, y = place(event.at), 58 + 22 * row
        near_end = x > 350
        fill = "currentColor" if event.at <= now else "none"
        parts += [
            f'<line x1="{x}" y1="34" x2="{x}" y2="{y - 4}" stroke="currentColor" stroke-dasharray="2 3"/>',
            f'<circle cx="{x}" cy="30" r="5" fill="{fill}" stroke="currentColor" stroke-width="2"/>',
            f'<text x="{x - 6 if near_end else x + 6}" y="{y}" text-anchor="{"end" if near_end else "start"}">'
            f"{escape(event.name)}, {escape(format_relative(event.at, now))}</text>",
        ]
    title = f"The life of the token: {'; '.join(f'{event.name} {format_relative(event.at, now)}' for event in known)}"
    size = f'viewBox="0 0 700 {height}" style="max-width: 44em; width: 100%"'
    font = 'font-family="sans-serif" font-size="13" fill="currentColor"'
    return f'<svg role="img" {size} {font}><title>{escape(title)}</title>{"".join(parts)}</svg>'
