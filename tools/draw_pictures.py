"""Draw the SVG pictures of the lessons in the visual language.

python tools/draw_pictures.py

A picture stands in a notebook as an image, and sees neither JupyterLab's theme nor its style sheet. So each is a light
card with a ground of its own, which is readable on a light page, on a dark one and on paper. A picture that moves is
complete when it stands still: no text ever moves or disappears.
"""

from __future__ import annotations

from html import escape
from itertools import chain
from pathlib import Path
from typing import Final

from agora_helpers.display.style import Group, Result, color

FOLDER: Final = Path(__file__).resolve().parents[1] / "notebooks" / "images"
WIDTH: Final = 760
_STYLE: Final = """\
text { font: 14px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; fill: #1c1f23 }
.name { font-weight: 600 }
.quiet { font-size: 13px; fill: #565e68 }
.code { font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace }
.card { fill: #f5f6f8; stroke: #c8cdd4 }
.box { fill: #fff; stroke: #c8cdd4 }
.control { fill: #f5f6f8; stroke: #7b838d }
.on { fill: #0b57a4 }
.line { fill: none; stroke: #7b838d; stroke-width: 1.5 }
.arrow { fill: none; stroke: #565e68; stroke-width: 2; marker-end: url(#tip) }
.sign { fill: none; stroke-width: 2.5 }
.icon { fill: #fff; stroke: #0b57a4; stroke-width: 1.5 }
"""
_TIP: Final = (
    '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" markerHeight="9" '
    'markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0 10 5 0 10z" fill="#565e68"/></marker></defs>\n'
)


def picture(title: str, description: str, height: int, *parts: str, motion: str = "") -> str:
    """Return an SVG document: a card with its title, its description (the lesson's alt text) and its parts.

    ``motion`` holds style rules for screens, unless the reader prefers reduced motion.
    """
    body = "\n".join(parts)
    if motion:
        motion = f"@media screen and (prefers-reduced-motion: no-preference) {{\n{motion}}}\n"
    used = [
        rule
        for rule in _STYLE.splitlines()
        if not rule.startswith(".") or rule[1 : rule.index(" ")] in {*body.replace('"', " ").split(), "card"}
    ]
    style = "\n".join(used) + "\n" + motion
    tip = _TIP if 'class="arrow"' in body else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'role="img" aria-labelledby="title" aria-describedby="desc">\n'
        "<!-- drawn by tools/draw_pictures.py -->\n"
        f'<title id="title">{escape(title, quote=False)}</title>\n'
        f'<desc id="desc">{escape(description, quote=False)}</desc>\n'
        f"<style>\n{style}</style>\n{tip}"
        f'<rect class="card" x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1}" rx="10"/>\n{body}\n</svg>\n'
    )


def text(x: float, y: float, content: str, kind: str = "", *, anchor: str = "start") -> str:
    """Return one line of text; ``kind`` is ``name``, ``quiet``, ``code`` or several of them."""
    kind = f' class="{kind}"' if kind else ""
    place = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text x="{x:g}" y="{y:g}"{kind}{place}>{escape(content, quote=False)}</text>'


def about_no_certificate(x: float, y: float, before: str, after: str = "") -> str:
    """Return a line of text about the entry *No certificate* of the console."""
    return f'<text x="{x:g}" y="{y:g}">{before} <tspan class="name">No certificate</tspan>{after}</text>'


def lines(x: float, y: float, *contents: str, kind: str = "", step: int = 20) -> str:
    """Return lines of text, one below the other."""
    return "\n".join(text(x, y + step * row, content, kind) for row, content in enumerate(contents))


def box(
    x: float, y: float, width: float, height: float, hue: Group | Result | None = None, *, dashed: bool = False
) -> str:
    """Return a box; one that has a colour has it as a bar at its left."""
    dashes = f' stroke-dasharray="5 4" style="stroke: {color(hue)}"' if dashed and hue else ""
    bar = (
        f'\n<path d="M{x + 5:g} {y:g}h-1a4 4 0 0 0-4 4v{height - 8:g}a4 4 0 0 0 4 4h1z" fill="{color(hue)}"/>'
        if hue
        else ""
    )
    return f'<rect class="box" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="4"{dashes}/>{bar}'


def arrow(*points: tuple[float, float]) -> str:
    """Return an arrow along the points."""
    path = " ".join(f"{x:g} {y:g}" for x, y in points)
    return f'<path class="arrow" d="M{path}"/>'


def line(path: str, *, dashed: bool = False) -> str:
    """Return a thin line."""
    dashes = ' stroke-dasharray="2 4"' if dashed else ""
    return f'<path class="line" d="{path}"{dashes}/>'


def sign(x: float, y: float, result: Result) -> str:
    """Return a tick or a cross around a point, as a drawing: not every font has the characters."""
    shape = "m-6 0 4 5 8-11" if result == "good" else "m-5-5 10 10m0-10-10 10"
    return f'<path class="sign" d="M{x:g} {y:g}{shape}" stroke="{color(result)}"/>'


def answer(x: float, y: float, message: str) -> str:
    """Return what a client is told: admitted, or rejected with a message."""
    if not message:
        return sign(x + 7, y - 5, "good") + "\n" + text(x + 22, y, "admitted")
    return sign(x + 7, y - 5, "bad") + "\n" + text(x + 22, y, f"rejected: {message}")


def _token_flow() -> str:
    return picture(
        "The way of a token",
        "The client requests a token from your server. Your server signs it with the App Certificate and returns it. "
        "The client joins with the token; Agora, which has the same certificate, checks it and admits the client",
        208,
        box(16, 16, 200, 176),
        lines(32, 42, "your server", kind="name"),
        box(32, 56, 168, 30, "who"),
        text(46, 76, "App ID"),
        box(32, 94, 168, 30, "proof"),
        text(46, 114, "App Certificate"),
        lines(32, 148, "signs the token; the", "certificate stays here", kind="quiet"),
        box(306, 16, 136, 176),
        text(322, 42, "a client", "name"),
        box(322, 56, 104, 30, "who"),
        text(336, 76, "App ID"),
        lines(322, 148, "never has the", "certificate", kind="quiet"),
        box(556, 16, 188, 176),
        text(572, 42, "Agora", "name"),
        box(572, 56, 156, 30, "who"),
        text(586, 76, "App ID"),
        box(572, 94, 156, 30, "proof"),
        text(586, 114, "App Certificate"),
        lines(572, 148, "checks signature, time,", "channel and user", kind="quiet"),
        text(261, 66, "1 request", "quiet", anchor="middle"),
        arrow((304, 78), (218, 78)),
        text(261, 112, "2 token", "quiet", anchor="middle"),
        arrow((218, 124), (304, 124)),
        text(499, 50, "3 token,", "quiet", anchor="middle"),
        text(499, 67, "channel, uid", "quiet", anchor="middle"),
        arrow((444, 78), (554, 78)),
        text(499, 112, "4 admitted", "quiet", anchor="middle"),
        arrow((554, 124), (444, 124)),
    )


_STATIC: Final = "static use dynamic key"
_DYNAMIC: Final = "dynamic use static key"
_INVALID: Final = "invalid token, authorized failed"


def _mechanisms() -> str:
    """Draw clients that walk to the gates of three projects. Standing still, each is where its walk ends."""
    parts, motion = [], ""
    gates = (
        ("App ID", "testing mode: the project cannot check tokens", ("", _STATIC, _STATIC), ""),
        ("App ID or token", "both, for a migration", ("", "", f"{_INVALID} *"), "* not documented"),
        ("Token", "secured mode: every client needs a token", (_DYNAMIC, "", _INVALID), ""),
    )
    for row, (name, remark, messages, note) in enumerate(gates):
        top = 16 + 134 * row
        parts += [box(16, top, 728, 124), text(32, top + 27, name, "name"), text(190, top + 27, remark, "quiet")]
        parts.append(line(f"M268 {top + 42}v74"))
        if note:
            parts.append(text(728, top + 27, note, "quiet", anchor="end"))
        for place, (client, message) in enumerate(
            zip(("no token", "right token", "wrong token"), messages, strict=True)
        ):
            y = top + 53 + 26 * place
            end = 252 if message else 320
            parts += [text(32, y + 5, client), line(f"M130 {y}H{end}"), answer(342, y + 5, message)]
            if message:
                parts.append(f'<path d="M268 {y - 11}v22" stroke="{color("bad")}" stroke-width="5"/>')
            fill = color("bad" if message else "good")
            parts.append(f'<circle class="m{row} t{end - 130}" cx="{end}" cy="{y}" r="6" fill="{fill}"/>')
        # One project after the other, 4 s each; all rest at the end of their way for the remaining time.
        start = 30 * row
        for way in (122, 190):
            motion += (
                f"@keyframes m{row}t{way} {{ 0%, {start + 3}% {{ transform: translateX(-{way}px) }} "
                f"{start + 18}%, 97% {{ transform: none }} 100% {{ transform: translateX(-{way}px) }} }}\n"
                f".m{row}.t{way} {{ animation: m{row}t{way} 14s ease-in-out infinite }}\n"
            )
    return picture(
        "Three mechanisms",
        "Three projects and three clients. With the App ID alone, only the client without a token is admitted; a token "
        "is rejected: static use dynamic key. With App ID or token, the clients with no token and with the right token "
        "are admitted; a wrong token is rejected, which is not documented. With tokens, only the right token is "
        "admitted; no token is rejected: dynamic use static key; a wrong token: invalid token, authorized failed",
        424,
        *parts,
        motion=motion,
    )


def _mechanisms_migration() -> str:
    rows = (
        (46, "App ID", "testing mode", "", _STATIC),
        (156, "App ID or token", "for the migration", "", ""),
        (266, "Token", "secured mode", _DYNAMIC, ""),
    )
    parts = [text(214, 32, "old client: no token", "quiet"), text(480, 32, "new client: right token", "quiet")]
    for y, name, mode, *messages in rows:
        parts += [box(16, y, 728, 64), text(32, y + 28, name, "name"), text(32, y + 48, mode, "quiet")]
        for x, message in zip((214, 480), messages, strict=True):
            parts.append(sign(x + 7, y + 23, "bad" if message else "good"))
            parts.append(text(x + 22, y + 28, "rejected:" if message else "admitted"))
            if message:
                parts.append(text(x + 22, y + 48, message))
    return picture(
        "From App IDs to tokens",
        "A migration in steps. App ID: old clients are admitted, new ones rejected. Enable the primary certificate. "
        "App ID or token: both are admitted. Disable No certificate, which you can enable again. Token: old clients "
        "are rejected, new ones admitted. Last, delete No certificate: that cannot be undone",
        386,
        *parts,
        arrow((40, 112), (40, 154)),
        text(58, 138, "enable the primary certificate, then ship clients that fetch tokens"),
        arrow((40, 222), (40, 264)),
        about_no_certificate(58, 248, "disable"),
        arrow((490, 264), (490, 222)),
        text(508, 248, "enable it again if you need to"),
        arrow((40, 332), (40, 366)),
        about_no_certificate(58, 356, "later, delete", ": this cannot be undone"),
    )


def _renewal() -> str:
    """Draw two clients that walk along the time axis. Standing still, the picture lacks only the walkers."""
    parts = []
    for row, x in enumerate((120, 306, 492)):
        y = 50 + 36 * row
        parts += [box(x, y, 210, 28, "good"), text(x + 14, y + 19, f"token {row + 1}")]
        if row:
            parts += [line(f"M{x} {y - 40}v36", dashed=True)]
    for x, name in ((120, "token 1"), (400, "token 2")):
        parts += [box(x, 194, 210, 28, "good"), text(x + 14, 213, name)]
    for x, width in ((330, 70), (610, 92)):
        parts += [box(x, 194, width, 28, "bad", dashed=True), text(x + 14, 213, "out")]
    warn = "m-7 6 7-12 7 12z"
    for x, y in ((306, 40), (492, 76), (306, 184), (586, 184)):
        parts.append(f'<path d="M{x} {y}{warn}" fill="{color("when")}"/>')
    parts += [
        text(16, 66, "ann", "name"),
        text(16, 86, "renews", "quiet"),
        text(16, 210, "ben", "name"),
        text(16, 230, "forgets", "quiet"),
        text(322, 26, "warning, 30 s before the privilege ends:", "quiet"),
        text(322, 43, "fetch a token and renew", "quiet"),
        text(290, 189, "warning ignored", "quiet", anchor="end"),
        text(330, 242, "removed from the channel", "quiet"),
        text(400, 189, "joins with a new token", "quiet"),
        arrow((120, 272), (736, 272)),
        line("M120 266v12M330 266v12M540 266v12"),
        text(120, 296, "joins", "quiet", anchor="middle"),
        text(330, 296, "1 hour", "quiet", anchor="middle"),
        text(540, 296, "2 hours", "quiet", anchor="middle"),
        text(736, 296, "30 s drawn wider", "quiet", anchor="end"),
        '<g class="walker" opacity="0"><path class="line" d="M120 46V272"/></g>',
        f'<circle class="walker ann" opacity="0" cx="120" cy="78" r="5" fill="{color("good")}"/>',
        f'<circle class="walker ben" opacity="0" cx="120" cy="222" r="5" fill="{color("good")}"/>',
    ]

    def percent(way: float) -> str:
        return f"{4 + 84 * way / 582:.1f}%"

    def steps(*stops: tuple[float, float]) -> str:
        """Return the keyframes of a way whose stops are their distance in time and in height."""
        return " ".join(f"{percent(x)} {{ transform: translate({x:g}px, {y:g}px) }}" for x, y in stops)

    motion = (
        f"@keyframes time {{ {steps((0, 0), (582, 0))} 100% {{ transform: translate(582px, 0) }} }}\n"
        f"@keyframes ann {{ {steps((0, 0), (186, 0), (192, 36), (372, 36), (378, 72), (582, 72))} "
        "100% { transform: translate(582px, 72px) } }\n"
        f"@keyframes out {{ {percent(209)} {{ fill: {color('good')} }} {percent(211)}, {percent(279)} "
        f"{{ fill: {color('bad')} }} {percent(281)}, {percent(489)} {{ fill: {color('good')} }} "
        f"{percent(491)}, 100% {{ fill: {color('bad')} }} }}\n"
        "@keyframes seen { 0%, 99% { opacity: 0 } 3%, 95% { opacity: 0.8 } }\n"
        ".walker { animation: time 18s linear infinite, seen 18s linear infinite }\n"
        ".ann { animation-name: ann, seen }\n"
        ".ben { animation: time 18s linear infinite, seen 18s linear infinite, out 18s linear infinite }\n"
    )
    return picture(
        "Renewing a token, or forgetting to",
        "Two clients with tokens of one hour. The SDK warns each 30 seconds before its privilege ends. ann fetches a "
        "new token, renews and stays. ben ignores the warning, is removed from the channel at the end, and has to "
        "fetch a token and join again",
        312,
        *parts,
        motion=motion,
    )


def _token_lifetimes() -> str:
    parts = [line(f"M{x} 42V112M{x} 154V232", dashed=True) for x in (128, 268, 590)]
    bars: tuple[tuple[int, int, Group, str, str, str], ...] = (
        (46, 140, "what", "privileges", "one hour", "until 1700003600"),
        (80, 462, "when", "token itself", "always 24 hours", "until 1700086400"),
        (158, 140, "what", "privileges", "one hour", "for 3600 s"),
        (192, 140, "when", "token itself", "you choose", "for 3600 s"),
    )
    for y, width, hue, name, inside, after in bars:
        parts += [text(116, y + 19, name, anchor="end"), box(128, y, width, 28, hue), text(142, y + 19, inside)]
        parts.append(text(136 + width, y + 19, after, "quiet"))
    return picture(
        "Two kinds of expiry",
        "A 006 token stores points in time: its privileges end after one hour, and the token itself always 24 hours "
        "after it was built. A 007 token stores durations from the time of issue, for the privileges and the token",
        278,
        text(16, 30, "006", "name"),
        text(54, 30, "stores points in time"),
        text(16, 142, "007", "name"),
        text(54, 142, "stores durations, which count from the time of issue"),
        *parts,
        arrow((128, 240), (736, 240)),
        '<path d="M430 234l6-2-4 16-6 2z" fill="#f5f6f8" stroke="#7b838d"/>',
        text(128, 264, "issued", "quiet", anchor="middle"),
        text(268, 264, "1 hour", "quiet", anchor="middle"),
        text(590, 264, "24 hours", "quiet", anchor="middle"),
    )


def _two_doors() -> str:
    parts = []
    tokens: tuple[tuple[int, str, str, Group], ...] = (
        (16, "RTC token", "one channel, one uid", "what"),
        (94, "007 token with both", "RTC service, RTM service", "proof"),
        (172, "RTM token", "one user id, no channel", "who"),
    )
    doors: tuple[tuple[int, str, str, Group], ...] = (
        (40, "Channels (RTC)", "join, publish voice and video", "what"),
        (148, "Messaging (RTM)", "log in, messages, presence", "who"),
    )
    for y, name, remark, hue in tokens:
        parts += [box(16, y, 234, 62, hue), text(34, y + 27, name, "name"), text(34, y + 48, remark, "quiet")]
    for y, name, remark, hue in doors:
        parts += [box(492, y, 252, 62, hue), text(510, y + 27, name, "name"), text(510, y + 48, remark, "quiet")]
    for start, end in ((47, 60), (116, 82), (134, 168), (203, 190)):
        parts.append(arrow((252, start), (490, end)))
    return picture(
        "Two tokens, two doors",
        "Two doors. An RTC token is for channels, an RTM token for messaging; one 007 token with both services is "
        "for both",
        250,
        *parts,
    )


_Fields = tuple[tuple[str, str, int, Group], ...]


def _token_anatomy() -> str:
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
        ("issued", "a time", 66, "when"),
        ("lifetime", "seconds", 74, "when"),
        ("salt", "random", 66, "technical"),
        ("services", "RTC: channel, uid · RTM: user id", 236, "what"),
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


def _what_is_signed() -> str:
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
        text(54, 30, "signs the names alone"),
        text(572, 30, "the same", "name"),
        text(16, 150, "007", "name"),
        text(54, 150, "signs the length of each name, too"),
        text(572, 150, "different", "name"),
        *parts,
    )


def field(x: int, y: int, width: int, content: str) -> str:
    """Return a field of a form."""
    shape = f'<rect class="box control" x="{x}" y="{y}" width="{width}" height="28" rx="4"/>'
    return f"{shape}\n{text(x + 12, y + 19, content)}"


def button(x: int, y: int, width: int, content: str, *, dashed: bool = False) -> str:
    """Return a button; a dashed one is not always there."""
    dashes = ' stroke-dasharray="4 3"' if dashed else ""
    shape = f'<rect class="box control" x="{x}" y="{y}" width="{width}" height="28" rx="14"{dashes}/>'
    return f"{shape}\n{text(x + width / 2, y + 19, content, 'quiet' if dashed else '', anchor='middle')}"


def eye(x: int, y: int) -> str:
    """Return the icon that shows what is hidden."""
    return f'<path class="icon" d="M{x - 9} {y}q9-10 18 0q-9 10-18 0z"/><circle class="on" cx="{x}" cy="{y}" r="2.5"/>'


def copy_icon(x: int, y: int) -> str:
    """Return the icon that copies."""
    return f'<path class="icon" d="M{x - 7} {y - 8}h10v11h-10zM{x - 3} {y - 4}h10v11h-10z"/>'


def switch(x: int, y: int) -> str:
    """Return a switch that is on."""
    shape = f'<rect class="on" x="{x}" y="{y - 8}" width="30" height="16" rx="8"/>'
    return f'{shape}<circle cx="{x + 22}" cy="{y}" r="5.5" fill="#fff"/>'


def _console_projects() -> str:
    return picture(
        "The console: projects",
        "The console's list of projects, each with its name, its App ID, which can be shown and copied, and an Edit "
        "button",
        226,
        box(16, 16, 728, 142),
        text(32, 43, "Projects", "name"),
        button(574, 26, 154, "Create a Project"),
        line("M16 64H744"),
        text(46, 86, "Project name", "name"),
        text(236, 86, "App ID", "name"),
        text(672, 86, "Action", "name", anchor="middle"),
        box(32, 98, 696, 46),
        text(46, 126, "token lesson"),
        text(236, 126, "••••••••••••"),
        eye(400, 121),
        text(416, 126, "show"),
        copy_icon(496, 121),
        text(512, 126, "copy"),
        button(638, 107, 68, "Edit"),
        text(236, 200, "names the project; every client has it", "quiet"),
        arrow((262, 182), (262, 134)),
        text(728, 200, "certificates are in here", "quiet", anchor="end"),
        arrow((672, 182), (672, 138)),
    )


def _console_new_project() -> str:
    return picture(
        "The console: a new project",
        "The dialog for a new project: a name, and the choice between secured mode with App ID and token, which is "
        "recommended, and testing mode with the App ID alone",
        228,
        box(16, 16, 466, 196),
        text(32, 42, "Create a Project", "name"),
        text(32, 75, "Project name"),
        field(154, 56, 312, "token lesson"),
        text(32, 110, "Authentication", "name"),
        '<circle class="icon" cx="42" cy="130" r="8"/><circle class="on" cx="42" cy="130" r="4"/>',
        text(60, 135, "Secured mode: App ID + Token (recommended)"),
        '<circle class="icon" cx="42" cy="160" r="8"/>',
        text(60, 165, "Testing mode: App ID"),
        button(386, 174, 80, "Create"),
        arrow((532, 130), (412, 130)),
        lines(544, 116, "tokens from the start;", "primary certificate on", kind="quiet", step=18),
        arrow((532, 160), (226, 160)),
        lines(544, 160, "no certificate on yet;", "you can enable it later", kind="quiet", step=18),
    )


def _console_certificates() -> str:
    parts = []
    rows = ((54, "Primary certificate"), (98, "Secondary certificate"), (142, "No certificate"))
    for y, name in rows:
        parts += [box(84, y, 456, 38), text(96, y + 24, name), switch(366, y + 19), text(404, y + 24, "on", "quiet")]
        if name != "No certificate":
            parts += [text(262, y + 24, "•••••"), eye(320, y + 19), copy_icon(346, y + 19)]
        if name != "Primary certificate":
            parts += [button(452, y + 5, 78, "Delete", dashed=True)]
    return picture(
        "The console: certificates",
        "The certificates of a project: a primary one and a secondary one, which can be swapped, and the entry "
        "No certificate. Secondary and No certificate can be deleted, but only once they are disabled",
        252,
        box(16, 16, 540, 180),
        text(32, 42, "Certificates of the project", "name"),
        *parts,
        arrow((44, 112), (44, 78)),
        arrow((62, 78), (62, 112)),
        text(53, 134, "swap", "quiet", anchor="middle"),
        arrow((592, 73), (544, 73)),
        lines(602, 69, "sign tokens with", "the primary", kind="quiet", step=18),
        arrow((592, 117), (544, 117)),
        lines(602, 113, "to rotate without", "downtime", kind="quiet", step=18),
        arrow((592, 161), (544, 161)),
        lines(602, 157, "while this is on,", "clients get in", "without a token", kind="quiet", step=18),
        arrow((491, 218), (491, 178)),
        text(491, 236, "Delete appears only after you disable the entry", "quiet", anchor="middle"),
    )


def _console_temporary_token() -> str:
    return picture(
        "The console: a temporary token",
        "The console's form for a temporary token: a channel name, in the newest console a uid as well, a button to "
        "generate, and the token, valid for 24 hours",
        222,
        box(16, 16, 478, 190),
        text(32, 42, "Temporary token", "name"),
        text(32, 75, "Channel name"),
        field(150, 56, 328, "lobby"),
        text(32, 109, "uid"),
        field(150, 90, 328, "7"),
        button(150, 124, 100, "Generate"),
        text(32, 183, "Token"),
        field(150, 164, 328, "a long string of characters …"),
        copy_icon(458, 178),
        arrow((530, 104), (482, 104)),
        lines(540, 101, "only in the newest", "console", kind="quiet", step=18),
        arrow((530, 178), (482, 178)),
        lines(540, 166, "valid for 24 hours,", "signed with the", "primary certificate", kind="quiet", step=18),
    )


PICTURES: Final = {
    f"{draw.__name__[1:]}.svg": draw
    for draw in (
        _console_certificates,
        _console_new_project,
        _console_projects,
        _console_temporary_token,
        _mechanisms,
        _mechanisms_migration,
        _renewal,
        _token_anatomy,
        _token_flow,
        _token_lifetimes,
        _two_doors,
        _what_is_signed,
    )
}


def main() -> None:
    """Write all pictures."""
    for name, draw in PICTURES.items():
        (FOLDER / name).write_text(draw(), encoding="utf-8")


if __name__ == "__main__":
    main()
