"""Pictures: who talks to whom, and in which order."""

from __future__ import annotations

from typing import Final

from agora_helpers import Credentials, RtcPrivilege, RtcService, decode
from agora_helpers.display.style import Group, color
from agora_helpers.server import ANYONE, Permit, Settings
from agora_helpers.server.endpoints import ENDPOINTS

from .drawing import arrow, box, bubble, ground, line, lines, mark, person, picture, sign, text


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
        parts.append(box(x, 194, width, 28, "bad", dashed=True))
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
        text(610, 242, "removed again", "quiet"),
        text(400, 189, "joins with a new token", "quiet"),
        arrow((120, 272), (736, 272)),
        line("M120 266v12M330 266v12M540 266v12"),
        text(120, 296, "joins", "quiet", anchor="middle"),
        text(330, 296, "1 hour", "quiet", anchor="middle"),
        text(540, 296, "2 hours", "quiet", anchor="middle"),
        text(736, 296, "30 s: not to scale", "quiet", anchor="end"),
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
        ".walker { animation: time 18s linear 2, seen 18s linear 2 }\n"
        ".ann { animation-name: ann, seen }\n"
        ".ben { animation: time 18s linear 2, seen 18s linear 2, out 18s linear 2 }\n"
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


def request_policy_token() -> str:
    """Draw a request of alice's client to the token server, what her permit decides, and what the token then says."""
    permit = Permit("alice", uid=42, channels={"lobby"}, max_expires_in=600)
    settings = Settings(credentials=Credentials.demo(), access=ANYONE, now=1_700_000_000, salt=1)
    request = {"channel": "lobby"}
    endpoint = ENDPOINTS["/rtctoken"]
    issued = decode(str(endpoint.answer(settings, endpoint.apply(settings, permit, dict(request)))["token"]))
    [service] = issued.services
    assert isinstance(service, RtcService)
    role = "publisher" if RtcPrivilege.PUBLISH_AUDIO in service.privileges else "subscriber"
    rows: tuple[tuple[str, Group, str, str, str, str], ...] = (
        ("channel", "what", request["channel"], "allowed", "she may join lobby only", service.channel),
        ("uid", "who", "not sent", "filled in", "she is always uid 42", str(service.uid)),
        ("role", "what", "not sent", "filled in", "she may only listen", role),
        ("lifetime", "when", "not sent", "limited", "10 minutes at most", f"{issued.expire} s"),
    )
    parts = []
    for row, (name, hue, requested, verb, rule, value) in enumerate(rows):
        y = 84 + 62 * row
        sent = requested != "not sent"
        parts += [
            text(32, y + 29, name, "name"),
            box(112, y, 144, 46, hue if sent else None),
            text(128, y + 29, requested, "" if sent else "quiet"),
            arrow((258, y + 23), (296, y + 23)),
            box(300, y, 228, 46, "proof"),
            text(318, y + 20, verb, "name"),
            text(318, y + 38, rule, "quiet"),
            arrow((530, y + 23), (568, y + 23)),
            box(572, y, 156, 46, hue),
            text(590, y + 29, value, "name"),
        ]
    return picture(
        "Request, policy, token",
        "What the client requests, what the policy decides, and what the token then says, field by field: channel, "
        "uid, role and lifetime.",
        372,
        *(
            "\n".join((text(x, 34, heading, "name"), text(x, 54, remark, "quiet")))
            for x, heading, remark in (
                (112, "the client requests", "with alice's session"),
                (300, "your policy decides", "from what it knows about alice"),
                (572, "the token says", "and Agora checks"),
            )
        ),
        *parts,
        sign(39, 346, "bad"),
        text(54, 351, "A request for something else, such as uid 8, gets no token: the server responds with 403."),
    )


_CHECKS: Final[dict[str, Group]] = {"format": "technical", "signature": "proof", "time": "when", "match": "who"}


_ASK_FOR: Final = ("Ask for the token, and", "for the App ID, channel", "and uid of the join.")


def _branch(y: int, x: int, check: str, ask: tuple[str, ...], fix: tuple[str, ...]) -> str:
    """Return what follows from a message: the check that failed, what to ask for, and how to fix it."""
    hue = _CHECKS.get(check)
    chip = ground(260, y + 15, 88, 32, hue) if hue else ""
    return "\n".join(
        (
            line(f"M{x} {y + 31}H258"),
            chip,
            text(304, y + 36, check, "name" if hue else "quiet", anchor="middle"),
            lines(364, y + 27 - 9 * (len(ask) - 2), *ask, kind="quiet", step=18),
            lines(550, y + 27 - 9 * (len(fix) - 2), *fix, step=18),
        )
    )


def refused_join() -> str:
    """Draw the way from the SDK's message to what is wrong with a join."""
    messages: tuple[tuple[tuple[str, ...], str, tuple[str, ...], tuple[str, ...]], ...] = (
        (
            ("dynamic use static key",),
            "no token",
            ("What does the client", "pass as the token?"),
            ("Fetch a token first,", "and pass it to join."),
        ),
        (
            ("static use dynamic key",),
            "no check",
            ("Is a certificate enabled?", "Is it the same App ID?"),
            ("Enable the certificate,", "or send no token."),
        ),
        (
            ("invalid vendor key, can", "not find appid"),
            "no project",
            ("Which App ID is passed?", "Does the token start", "with 006 or 007?"),
            ("Copy the App ID again, or", "wait: it may be new. Build", "tokens with a library."),
        ),
        (
            ("Invalid token: .",),
            "format",
            ("What does your server", "return: an empty string?"),
            ("Correct the App", "Certificate on the server."),
        ),
        (
            ("dynamic key or token", "timeout, or", "dynamic key expired"),
            "time",
            ("When was it issued, for", "how long, and when did", "the client join?"),
            ("Fetch a new token for", "each join. Renew it at", "the SDK's warning."),
        ),
    )
    reports = (
        (
            "format",
            ("It cannot be decoded.",),
            ("It was cut, or + became a", "space: send it in JSON."),
        ),
        (
            "match",
            ("App ID, channel, uid or", "service differs."),
            ("Join with the channel and", "uid that the server", "returned, not with null."),
        ),
        (
            "signature",
            ("All match, but another", "certificate signed it."),
            ("Sign with an enabled", "certificate of this project."),
        ),
        (
            "all good",
            ("Which SDK is it? Is the", "server's clock right?"),
            ("Update it: 007 needs", "at least Web 4.8 or", "native 3.5.2."),
        ),
    )
    parts = []
    for row, (message, check, ask, fix) in enumerate(messages):
        y = 100 + 70 * row
        parts += [
            line(f"M28 {y + 31}H42"),
            box(44, y, 196, 62),
            lines(58, y + 36 - 9 * (len(message) - 1), *message, step=18),
            _branch(y, 242, check, ask, fix),
        ]
    for row, (check, ask, fix) in enumerate(reports):
        parts.append(_branch(450 + 70 * row, 250, check, ask, fix))
    return picture(
        "A rejected join",
        "Decision tree for a rejected join: from the SDK's message to one of the four checks, format, signature, time "
        "or match, then to what to ask for and how to fix it.",
        744,
        box(16, 16, 728, 40),
        text(30, 41, "A join is rejected. What does the SDK report?", "name"),
        text(44, 84, "message", "quiet"),
        text(304, 84, "failed check", "quiet", anchor="middle"),
        text(364, 84, "ask", "quiet"),
        text(550, 84, "fix", "quiet"),
        line("M28 58V481H42"),
        line("M250 481V691"),
        box(44, 450, 196, 272),
        lines(58, 481, "invalid token,", "authorized failed"),
        lines(
            58, 537, "Ask for the token, and", "for the App ID, channel", "and uid of the join.", kind="quiet", step=18
        ),
        text(58, 591, "Then run:", "quiet"),
        text(58, 615, "agora-helpers verify", "code"),
        lines(58, 641, "It names each check", "that fails.", kind="quiet", step=18),
        *parts,
    )


def _message(y: float, start: float, end: float, content: str, kind: str = "") -> str:
    """Return an arrow from one actor to another, with its text above."""
    side = 4 if start < end else -4
    place = (start + end) / 2
    return f"{arrow((start + side, y), (end - side, y))}\n{text(place, y - 7, content, kind, anchor='middle')}"


def _failure(x: float, y: float, number: int, check: str, cause: str, report: str, *, below: float = 0) -> str:
    """Return a place where joining can fail, and what the SDK then reports; the text may stand below the place."""
    return "\n".join(
        (
            mark(x, y, number, "bad"),
            f'<text x="{x + 20:g}" y="{y + below:g}"><tspan class="name">{check}:</tspan> {cause}</text>',
            text(x + 20, y + below + 19, report, "quiet"),
        )
    )


_REPORTS: Final = "The SDK reports all four at join. * Or: dynamic key expired. Which one is not documented."


def where_joining_fails() -> str:
    """Draw a join from top to bottom, with the places where it can fail."""
    client, server, agora = 112, 356, 650
    actors = (
        (16, 192, client, "client", "the user's app"),
        (250, 212, server, "your server", "token server and policy"),
        (556, 188, agora, "Agora", "admits or rejects"),
    )
    return picture(
        "Where joining can fail",
        "A join over time: the user signs in, the client requests a token, the policy decides, the client joins, and "
        "is warned 30 seconds before the token expires. Four red marks show where joining can fail and what the SDK "
        "reports.",
        758,
        *(
            "\n".join(
                (
                    box(x, 16, width, 50),
                    text(middle, 37, name, "name", anchor="middle"),
                    text(middle, 56, remark, "quiet", anchor="middle"),
                )
            )
            for x, width, middle, name, remark in actors
        ),
        line(f"M{client} 68V348M{client} 384V412M{client} 436V706"),
        line(f"M{server} 68V146M{server} 288V334M{server} 612V680"),
        line(f"M{agora} 68V196M{agora} 300V424M{agora} 508V706"),
        _message(100, client, server, "signs in"),
        _message(136, client, server, "requests a token"),
        box(250, 148, 212, 54, "proof"),
        text(268, 171, "the policy decides", "name"),
        text(268, 190, "channel, uid, role, lifetime", "quiet"),
        box(250, 210, 212, 76, "proof"),
        text(268, 233, "the server signs", "name"),
        lines(268, 252, "with the App Certificate", "and returns the token", kind="quiet", step=18),
        _failure(486, 224, 1, "format", "an empty string", "Invalid token: ."),
        _failure(486, 268, 2, "signature", "another certificate", "invalid token, authorized failed"),
        _message(324, server, client, "channel, uid, token"),
        _failure(
            client, 366, 3, "time", "the client joins after the token has expired", "dynamic key or token timeout *"
        ),
        _message(424, client + 9, agora, "join(App ID, channel, token, uid)", "code"),
        _failure(
            client,
            424,
            4,
            "match",
            "it joins with another channel or uid",
            "invalid token, authorized failed",
            below=24,
        ),
        box(556, 434, 188, 72, "proof"),
        text(574, 457, "checks", "name"),
        lines(574, 476, "format, signature,", "time and match", kind="quiet", step=18),
        arrow((agora - 4, 530), (client + 4, 530)),
        sign(350, 519, "good"),
        text(366, 523, "admitted"),
        text(381, 562, "… the call goes on …", "quiet", anchor="middle"),
        _message(598, agora, client, "warning: the token expires in 30 s"),
        _message(634, client, server, "requests a new token"),
        _message(670, server, client, "token"),
        _message(706, client, agora, "renewToken(token)", "code"),
        text(
            16,
            732,
            _REPORTS,
            "quiet",
        ),
    )
