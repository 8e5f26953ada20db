"""The timeline of a token, from its issue until its privileges and the token itself expire: text, HTML and SVG."""

from __future__ import annotations

from html import escape
from typing import NamedTuple

from ..constants import DAY, ENTERED_SERVICES, LOGIN, PRIVILEGE_NAMES, RTM_LOGIN_006, SDK_WARNING_SECONDS
from ..tokens.decoded import DecodedToken
from ..tokens.services import privilege_times
from ..wording import format_relative, format_utc
from .tables import table_html, table_text


class Event(NamedTuple):
    """A point on the timeline."""

    at: int
    """Unix time."""
    name: str


def events(decoded: DecodedToken) -> list[Event]:
    """Return the token's issue, the SDK's warnings and all expiries, in order of time.

    A 006 token does not contain its time of issue. It is estimated from the token's end, which its builders set to
    24 hours after the issue.

    >>> from agora_helpers import Credentials, build_rtc_token, decode
    >>> token = build_rtc_token(Credentials.demo(), "lobby", uid=7, expires_in=600, now=1_700_000_000)
    >>> [(event.at - 1_700_000_000, event.name) for event in events(decode(token))]
    [(0, 'issued'), (570, 'rtc: the SDK warns'), (600, 'rtc: join channel expires'), (600, 'the token expires')]
    """
    end = decoded.ends_at
    if decoded.issued_at is None:
        timeline = [Event(end - DAY, "issued (estimated: 24 hours before its end)")]
    else:
        timeline = [Event(decoded.issued_at, "issued")]
    for service in decoded.services:
        by_time: dict[int, list[str]] = {}
        for number in privilege_times(service):
            if service.type is None and number == RTM_LOGIN_006:
                continue  # its time is ignored
            name = PRIVILEGE_NAMES[service.type].get(number, f"privilege {number}")
            by_time.setdefault(min(decoded.privilege_end(service, number), end), []).append(name)
        for at, names in by_time.items():
            timeline.append(Event(at, f"{service.name}: {', '.join(names)} {'expire' if names[1:] else 'expires'}"))
        if service.type in ENTERED_SERVICES or service.name == "rtc":
            value = privilege_times(service).get(LOGIN)
            warning = min(decoded.privilege_end(service, LOGIN), end) - SDK_WARNING_SECONDS
            if value and warning > timeline[0].at:
                timeline.append(Event(warning, f"{service.name}: the SDK warns"))
    limit = "" if end == decoded.expires_at else " (Agora's limit of 24 hours)"
    timeline.append(Event(end, f"the token expires{limit}"))
    return sorted(timeline, key=lambda event: event.at)


def _rows(decoded: DecodedToken, now: int) -> list[tuple[str, str, str]]:
    timeline = sorted([*events(decoded), Event(now, "now")], key=lambda event: event.at)
    return [
        (event.name, format_utc(event.at), "" if event.name == "now" else format_relative(event.at, now))
        for event in timeline
    ]


_HEADS = ("event", "time", "from now")


def timeline_text(decoded: DecodedToken, now: int, width: int | None = None) -> str:
    """Return a line for each event and for ``now`` (Unix time), wrapped to ``width`` characters unless that is None."""
    return table_text(_rows(decoded, now), _HEADS, widest=80 if width is None else 40, width=width)


def timeline_html(decoded: DecodedToken, now: int) -> str:
    """Return an HTML table with a row for each event and for ``now`` (Unix time)."""
    return table_html("Timeline of the token", _HEADS, _rows(decoded, now))


def timeline_svg(decoded: DecodedToken, now: int) -> str:
    """Return a picture of the events; those before ``now`` (Unix time) are filled. Colours are those of the page."""
    timeline = events(decoded)
    first, last = timeline[0].at, max(timeline[-1].at, timeline[0].at + 1)

    def x_of(at: int) -> float:
        return round(20 + 660 * min(max((at - first) / (last - first), 0), 1), 1)

    height = 64 + 22 * len(timeline)
    now_x = x_of(now)
    outside = "" if first <= now <= last else " (before the issue)" if now < first else " (after the end)"
    parts = [
        '<line x1="20" y1="30" x2="680" y2="30" stroke="currentColor" stroke-width="2"/>',
        f'<line x1="20" y1="30" x2="{now_x}" y2="30" stroke="currentColor" stroke-width="8"/>',
        f'<path d="M{now_x} 24l-6-10h12z" fill="currentColor"/>',
        f'<text x="{min(max(now_x, 60), 560)}" y="11" text-anchor="middle">now{outside}</text>',
    ]
    for row, event in enumerate(timeline):
        x, y = x_of(event.at), 58 + 22 * row
        near_end = x > 350
        fill = "currentColor" if event.at <= now else "none"
        parts += [
            f'<line x1="{x}" y1="34" x2="{x}" y2="{y - 4}" stroke="currentColor" stroke-dasharray="2 3"/>',
            f'<circle cx="{x}" cy="30" r="5" fill="{fill}" stroke="currentColor" stroke-width="2"/>',
            f'<text x="{x - 6 if near_end else x + 6}" y="{y}" text-anchor="{"end" if near_end else "start"}">'
            f"{escape(event.name)}, {escape(format_relative(event.at, now))}</text>",
        ]
    title = "; ".join(f"{event.name} {format_relative(event.at, now)}" for event in timeline)
    size = f'viewBox="0 0 700 {height}" style="max-width: 44em; width: 100%"'
    font = 'font-family="sans-serif" font-size="13" fill="currentColor"'
    return f'<svg role="img" {size} {font}><title>Timeline of the token: {escape(title)}</title>{"".join(parts)}</svg>'
