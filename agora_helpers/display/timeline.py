"""The timeline of a token, from its issue until its privileges and the token itself expire: text, HTML and SVG."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import groupby, pairwise
from math import log10
from textwrap import wrap
from typing import Final, Literal, NamedTuple

from ..constants import DAY, ENTERED_SERVICES, LOGIN, PRIVILEGE_NAMES, RTM_LOGIN_006, SDK_WARNING_SECONDS
from ..tokens.decoded import DecodedToken
from ..tokens.services import privilege_times
from ..wording import format_relative, format_utc, join_some
from .tables import table_html, table_text

Kind = Literal["issue", "warning", "privilege", "token", "now"]

SIGNS: Final[dict[Kind, str]] = {"issue": "●", "warning": "▲", "privilege": "◆", "token": "■", "now": "▶"}
"""The sign of each kind of event in tables; pictures have a shape like it."""


class Event(NamedTuple):
    """A point on the timeline."""

    at: int
    """Unix time."""
    name: str
    kind: Kind


class State(NamedTuple):
    """What a token is good for at some time, as far as time alone decides."""

    name: str
    """In a few words, such as ``"valid"``."""
    sentence: str
    color: Literal["good", "bad", "warning"]
    """Of a box around the sentence: a class of ``style.py``."""


_NO_TIME: Final = " with the token (no time of its own)"
_LATER: Final = " with the token (its own time is later)"
"""Why a privilege is drawn at the end of the token."""


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
        timeline = [Event(end - DAY, "issued (estimated: 24 hours before its end)", "issue")]
    else:
        timeline = [Event(decoded.issued_at, "issued", "issue")]
    for service in decoded.services:
        by_time: dict[tuple[int, str], list[str]] = {}
        for number, value in privilege_times(service).items():
            if service.type is None and number == RTM_LOGIN_006:
                continue  # its time is ignored
            name = PRIVILEGE_NAMES[service.type].get(number, f"privilege {number}")
            own = decoded.privilege_end(service, number)
            why = _NO_TIME if not value else _LATER if own > end else ""
            by_time.setdefault((min(own, end), why), []).append(name)
        for (at, why), names in by_time.items():
            verb = "expire" if names[1:] else "expires"
            timeline.append(Event(at, f"{service.name}: {', '.join(names)} {verb}{why}", "privilege"))
        if service.type in ENTERED_SERVICES or service.name == "rtc":
            warning = min(decoded.privilege_end(service, LOGIN), end) - SDK_WARNING_SECONDS
            if privilege_times(service).get(LOGIN) and warning > timeline[0].at:
                timeline.append(Event(warning, f"{service.name}: the SDK warns", "warning"))
    limit = "" if end == decoded.expires_at else " (Agora's limit of 24 hours)"
    timeline.append(Event(end, f"the token expires{limit}", "token"))
    return sorted(timeline, key=lambda event: event.at)


def span(seconds: int) -> str:
    """Return a duration in at most two units.

    >>> span(45), span(570), span(86_340), span(90_000), span(1_700_000_000)
    ('45 s', '9 min 30 s', '23 h 59 min', '1 day 1 h', '53 years')
    """
    for size, unit, smaller, smaller_unit, largest in _UNITS:
        if seconds < largest:
            whole, rest = seconds // size, seconds % size // smaller
            return f"{_count(whole, unit)} {_count(rest, smaller_unit)}" if rest else _count(whole, unit)
    return _count(seconds // (365 * DAY), "year")


_UNITS = (
    (1, "s", 1, "s", 60),
    (60, "min", 1, "s", 3600),
    (3600, "h", 60, "min", DAY),
    (DAY, "day", 3600, "h", 10 * DAY),
    (DAY, "day", DAY, "day", 730 * DAY),
)


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}{'s' if number != 1 and unit in ('day', 'year') else ''}"


def _from_now(at: int, now: int) -> str:
    return "now" if at == now else f"in {span(at - now)}" if at > now else f"{span(now - at)} ago"


def state(decoded: DecodedToken, now: int) -> State:
    """Return what the token is good for at the time ``now`` (Unix time), as far as time alone decides.

    >>> from agora_helpers import Credentials, build_rtc_token, decode
    >>> decoded = decode(build_rtc_token(Credentials.demo(), "lobby", uid=7, expires_in=600, now=1_700_000_000))
    >>> state(decoded, 1_700_000_060).sentence
    'The token is valid; next, rtc: the SDK warns in 8 min 30 s.'
    >>> state(decoded, 1_700_000_580).sentence
    'rtc: the SDK has warned; without a new token, the client is out in 20 s.'
    """
    if decoded.issued_at is not None and now < decoded.issued_at:
        until = span(decoded.issued_at - now)
        return State("before its issue", f"The token's time of issue is still {until} away: check both clocks.", "bad")
    end = decoded.ends_at
    if now >= end:
        since = _from_now(end, now) if now > end else "at this second"
        return State("expired", f"The token expired {since}: no client can join or log in with it.", "bad")
    timeline = events(decoded)
    for event in timeline:
        if event.kind == "warning" and event.at <= now < event.at + SDK_WARNING_SECONDS:
            left = span(event.at + SDK_WARNING_SECONDS - now)
            service = event.name.split(":")[0]
            sentence = f"{service}: the SDK has warned; without a new token, the client is out in {left}."
            return State("valid, renew it", sentence, "warning")
    if lost := [event.name.rsplit(" ", 1)[0] for event in timeline if event.kind == "privilege" and event.at <= now]:
        verb = "has" if len(lost) == 1 and "," not in lost[0] else "have"
        sentence = f"The token expires in {span(end - now)}, but {join_some(lost)} {verb} expired already."
        return State("expired in part", sentence, "bad")
    following = next(event for event in timeline if event.at > now)
    return State("valid", f"The token is valid; next, {following.name} in {span(following.at - now)}.", "good")


def _with_now(decoded: DecodedToken, now: int) -> list[Event]:
    return sorted([*events(decoded), Event(now, "now", "now")], key=lambda event: event.at)


def _rows(decoded: DecodedToken, now: int) -> list[tuple[str, str, str]]:
    return [
        (event.name, format_utc(event.at), "" if event.kind == "now" else format_relative(event.at, now))
        for event in _with_now(decoded, now)
    ]


_HEADS = ("event", "time", "from now")


def timeline_text(decoded: DecodedToken, now: int, width: int | None = None) -> str:
    """Return a line for each event and for ``now`` (Unix time), wrapped to ``width`` characters unless that is None."""
    return table_text(_rows(decoded, now), _HEADS, widest=80 if width is None else 40, width=width)


def timeline_html(decoded: DecodedToken, now: int) -> str:
    """Return an HTML table with a row and a sign for each event and for ``now`` (Unix time)."""
    signs = [SIGNS[event.kind] for event in _with_now(decoded, now)]
    rows = [(f"{sign} {row[0]}", *row[1:]) for sign, row in zip(signs, _rows(decoded, now), strict=True)]
    return table_html("Timeline of the token", _HEADS, rows)


# The picture has two scales. On top the token's whole life, true to scale. Below a row for each event, in order; the
# distance between two rows grows with the logarithm of the time between them, which stands there in words. So labels
# cannot overlap, and an hour within a day has room.

WIDTH: Final = 500
"""Of the picture, in its own units; a label is 14 or 12 high."""
_BAR_LEFT, _BAR_RIGHT, _BAR_Y = 40, 460, 50
_LINE_X, _NAME_X = 166, 188
_NAME_CHARACTERS = 35
_SOLID, _DASHED = (f'stroke="currentColor" stroke-width="2"{dash}' for dash in ("", ' stroke-dasharray="2 4"'))


class Label(NamedTuple):
    """A line of text in the picture."""

    x: float
    y: float
    """Of the baseline."""
    text: str
    anchor: Literal["start", "middle", "end"] = "start"
    quiet: bool = False
    bold: bool = False

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom, for a font as wide as usual ones."""
        size = 12 if self.quiet else 14
        width = 0.62 * size * len(self.text)
        left = self.x - {"start": 0, "middle": width / 2, "end": width}[self.anchor]
        return left, self.y - 0.95 * size, left + width, self.y + 0.25 * size

    def svg(self) -> str:
        """Return the text element."""
        quiet = ' class="agora-technical" font-size="12"' if self.quiet else ""
        bold = ' font-weight="bold"' if self.bold else ""
        anchor = "" if self.anchor == "start" else f' text-anchor="{self.anchor}"'
        return (
            f'<text x="{self.x:g}" y="{self.y:g}"{anchor}{quiet}{bold} fill="currentColor">{escape(self.text)}</text>'
        )


class Mark(NamedTuple):
    """The shape of an event: filled if the event is in the past."""

    y: float
    kind: Kind
    past: bool

    def svg(self) -> str:
        """Return the shape, in the colour of its kind where there is a style sheet."""
        fill = "currentColor" if self.past else "none"
        outline = f'fill="{fill}" stroke="currentColor" stroke-width="2"'
        return f'<path class="agora-{_COLORS[self.kind]}" d="M{_LINE_X} {self.y:g}{_SHAPES[self.kind]}" {outline}/>'


_SHAPES: dict[Kind, str] = {
    "issue": "m-6 0a6 6 0 1 0 12 0a6 6 0 1 0 -12 0z",
    "warning": "m0 -7l8 13h-16z",
    "privilege": "m0 -8l8 8l-8 8l-8 -8z",
    "token": "m-6 -6h12v12h-12z",
    "now": "m-8 -8l16 8l-16 8z",
}
_COLORS: dict[Kind, str] = {
    "issue": "technical",
    "warning": "warning",
    "privilege": "what",
    "token": "bad",
    "now": "now",
}


class Layout(NamedTuple):
    """Where everything is in the picture."""

    height: float
    labels: list[Label]
    marks: list[Mark]
    bar: dict[Kind, list[float]]
    """The x of each event, and of now, on the bar that is true to scale."""


def layout(decoded: DecodedToken, now: int) -> Layout:
    """Return where everything is in the picture of a token's life at ``now`` (Unix time)."""
    start, end = decoded.ends_at - DAY if decoded.issued_at is None else decoded.issued_at, decoded.ends_at
    timeline = _with_now(decoded, now)
    bar: dict[Kind, list[float]] = {}
    for event in timeline:
        bar.setdefault(event.kind, []).append(_bar_x(event.at, start, end))
    estimate = " (estimated)" if decoded.issued_at is None else ""
    labels = [
        Label(8, 20, f"Whole life, true to scale: {span(end - start)}{estimate}", quiet=True),
        Label(bar["now"][0], 38, "now", "middle", bold=True),
        Label(8, 88, "Events in order (UTC)", quiet=True),
    ]
    marks: list[Mark] = []
    y, previous = 116.0, None
    for at, moment in groupby(timeline, key=lambda event: event.at):
        if previous is not None:
            room = 18 + round(5 * log10(1 + at - previous))
            labels.append(Label(_NAME_X, y + room / 2 - 10, f"↕ {span(at - previous)}", quiet=True))
            y += room
        relative = _from_now(at, now)
        labels += [
            Label(148, y, relative, "end", bold=at == now),
            Label(148, y + 16, format_utc(at).removesuffix(" UTC"), "end", quiet=True),
        ]
        bottom = y + 16
        for event in moment:
            marks.append(Mark(y - 5, event.kind, event.at <= now))
            for line in _lines(event, decoded, now):
                labels.append(Label(_NAME_X, y, line, bold=event.kind == "now"))
                y += 20
        y = max(y, bottom + 20)
        previous = at
    return Layout(y - 8, labels, marks, bar)


def _lines(event: Event, decoded: DecodedToken, now: int) -> Iterator[str]:
    yield from wrap(f"now: {state(decoded, now).name}" if event.kind == "now" else event.name, _NAME_CHARACTERS)


def _bar_x(at: int, start: int, end: int) -> float:
    """Return the place on the bar; what is before the issue or after the end is beside it."""
    if at < start:
        return _BAR_LEFT - 20
    if at > end:
        return _BAR_RIGHT + 20
    return round(_BAR_LEFT + (_BAR_RIGHT - _BAR_LEFT) * ((at - start) / (end - start) if end > start else 1), 1)


def timeline_svg(decoded: DecodedToken, now: int) -> str:
    """Return a picture of the events; those before ``now`` (Unix time) are filled.

    It needs no style sheet: its colour is that of the text around it. With the one of ``style.py``, each kind of event
    has its own colour.
    """
    plan = layout(decoded, now)
    now_x = plan.bar["now"][0]
    passed = min(max(now_x, _BAR_LEFT), _BAR_RIGHT) - _BAR_LEFT
    parts = [
        f'<path d="M8 {_BAR_Y + 6}H{_BAR_LEFT}M{_BAR_RIGHT} {_BAR_Y + 6}H{WIDTH - 8}" {_DASHED}/>',
        f'<rect x="{_BAR_LEFT}" y="{_BAR_Y}" width="{_BAR_RIGHT - _BAR_LEFT}" height="12" fill="none" '
        'stroke="currentColor"/>',
        f'<rect class="agora-now" x="{_BAR_LEFT}" y="{_BAR_Y}" width="{passed:g}" height="12" fill="currentColor"/>',
        *(
            f'<path class="agora-{_COLORS[kind]}" d="M{x:g} {_BAR_Y - 4}v20" stroke="currentColor" stroke-width="3"/>'
            for kind, xs in plan.bar.items()
            if kind not in ("now", "issue")
            for x in xs
        ),
        f'<path class="agora-now" d="M{now_x:g} {_BAR_Y - 1}l-6 -9h12z" fill="currentColor"/>',
        *(
            f'<path d="M{_LINE_X} {above.y + 9:g}V{below.y - 9:g}" {_SOLID if below.past else _DASHED}/>'
            for above, below in pairwise(plan.marks)
        ),
        *(mark.svg() for mark in plan.marks),
        *(label.svg() for label in plan.labels),
    ]
    listed = "; ".join(f"{event.name}, {_from_now(event.at, now)}" for event in events(decoded))
    head = f"<title>Timeline of the token. {escape(state(decoded, now).sentence)}</title><desc>{escape(listed)}</desc>"
    size = f'viewBox="0 0 {WIDTH} {plan.height:g}" style="max-width: 36em; width: 100%"'
    font = 'font-family="sans-serif" font-size="14" fill="none"'
    return f'<svg class="agora-time" role="img" {size} {font}>{head}{"".join(parts)}</svg>'
