"""Pictures: who talks to whom, and in which order."""

from __future__ import annotations

from agora_helpers.display.style import Group, color

from .drawing import arrow, box, bubble, line, lines, person, picture, text


def token_flow() -> str:
    """Draw server, client and Agora, and what goes from one to the other."""
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


def renewal() -> str:
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


def two_doors() -> str:
    """Draw the tokens and the doors that they open."""
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


def who_is_who() -> str:
    """Draw a project as a house with three rooms, each with its door and a token that opens it."""
    parts = []
    rooms: tuple[tuple[int, int, str, str, Group, str, str], ...] = (
        (32, 264, "lobby", "a channel", "what", "RTC token", "for lobby and uid 7"),
        (308, 208, "music", "a channel", "what", "RTC token", "for music and uid 21"),
        (528, 200, "RTM", "messages", "who", "RTM token", "for the user alice"),
    )
    for x, width, name, kind, hue, token, holder in rooms:
        parts += [
            box(x, 54, width, 212, hue),
            text(x + 16, 80, name, "name"),
            text(x + width - 16, 80, kind, "quiet", anchor="end"),
            line(f"M{x + 16} 206H{x + width - 16}"),
            f'<path class="icon" d="M{x + 22} 266v-46h30v46z"/><circle class="on" cx="{x + 46}" cy="244" r="2"/>',
            text(x + 64, 238, "the door checks"),
            text(x + 64, 257, f"an {token}"),
            arrow((x + 37, 308), (x + 37, 270)),
            box(x, 310, width, 54, hue),
            text(x + 16, 333, token, "name"),
            text(x + 16, 353, holder, "quiet"),
        ]
    people = (
        (78, "uid 7", "publisher"), (162, "uid 8", "subscriber"), (248, "uid 9", "subscriber"),
        (362, "uid 21", "publisher"), (456, "uid 22", "subscriber"),
    )  # fmt: skip
    for x, uid, role in people:
        parts += [
            person(x, 118, speaks=role == "publisher"),
            text(x, 172, uid, anchor="middle"),
            text(x, 191, role, "quiet", anchor="middle"),
        ]
    return picture(
        "Who is who",
        "Who is who: a project holds two channels like rooms, with users known by their uid, a publisher with a "
        "microphone and subscribers who listen. Each room's door checks an RTC token. RTM, for messages, is a second "
        "door with its own token.",
        380,
        box(16, 16, 728, 266),
        text(32, 42, "your project", "name"),
        text(136, 42, "named by its App ID", "quiet"),
        *parts,
        bubble(544, 98, 96, "alice: Hi!"),
        bubble(712, 150, -110, "bob: Hello!"),
    )
