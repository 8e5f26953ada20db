"""Exercises of lesson 06: clients, played on a practice project with its media server, and a server's CORS."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import takewhile
from typing import NamedTuple

from ..credentials import Credentials
from ..errors import InputError
from ..practice.clock import Clock
from ..practice.gateway import Event, EventKind
from ..practice.project import Project
from ..practice.session import MediaServer, OutReason, Session
from ..tokens.builders import build_rtc_token
from ..verification.reasons import ReasonCode
from .exercise import Exercise
from .faults import NOW, SALT

CAUSES = ("uid", "channel", "renewal", "shared uid", "secret", "expired token", "nothing")
_CHANNEL, _UID, _HOUR, _WARNING = "lobby", 7, 3600, 30


def _token(now: int = NOW) -> str:
    """Return a subscriber's token for uid 7 in the lobby, for an hour."""
    return build_rtc_token(Credentials.for_lessons(), _CHANNEL, uid=_UID, expires_in=_HOUR, now=now, salt=SALT)


def _media_server() -> MediaServer:
    return MediaServer(Project(Credentials.for_lessons(), clock=Clock(NOW)))


# 06.1


class _Snippet(NamedTuple):
    """What a client of the exercise does."""

    channel: str = _CHANNEL
    uid: int | None = _UID
    tabs: int = 1
    renews_with_its_token: bool = False
    contains_the_certificate: bool = False


SNIPPETS = {
    "A": _Snippet(uid=None),
    "B": _Snippet(channel="Lobby"),
    "C": _Snippet(renews_with_its_token=True),
    "D": _Snippet(contains_the_certificate=True),
    "E": _Snippet(tabs=2),
}


def _try_out(snippet: _Snippet) -> tuple[str, str]:
    """Return the cause of a client's trouble, and what can be observed of it."""
    server, token = _media_server(), _token()
    admission = server.project.join(snippet.channel, uid=snippet.uid, token=token)
    if not admission.admitted:
        cause = "uid" if ReasonCode.UID_MISMATCH in {reason.code for reason in admission.reasons} else "channel"
        return cause, f"The practice project rejects it: {admission.text!r}. Compare each argument with the token."
    connections = [server.join(snippet.channel, uid=snippet.uid or 0, token=token) for _ in range(snippet.tabs)]
    sessions = server.sessions
    if any(session.reason == OutReason.UID_CONFLICT for session in sessions):
        return "shared uid", "It joins. Then the user opens the page in a second tab. Who is still in the channel?"
    server.project.clock.advance(_HOUR - _WARNING)
    if snippet.renews_with_its_token:
        connections[0].renew(token)
        server.project.clock.advance(_WARNING)
        if sessions[0].reason == OutReason.TOKEN_EXPIRED:
            return "renewal", "It joins, and an hour later the media server removes it. What did it do in between?"
    if snippet.contains_the_certificate:
        return "secret", "It joins and stays. Now read it as a stranger who opens the browser's developer tools."
    return "nothing", "It joins and stays."


def _causes(answer: object) -> str | None:
    if not isinstance(answer, dict) or set(answer) != set(SNIPPETS):
        return f"Write a dict with a cause for each of {', '.join(SNIPPETS)}."
    for name, cause in answer.items():
        if cause not in CAUSES:
            return f"{name}: {cause!r} is not one of the causes. Choose from {', '.join(map(repr, CAUSES))}."
    results = {name: _try_out(snippet) for name, snippet in SNIPPETS.items()}
    wrong = [name for name, (cause, _) in results.items() if answer[name] != cause]
    if not wrong:
        return None
    return (
        f"{len(SNIPPETS) - len(wrong)} of {len(SNIPPETS)} are right. Look at {wrong[0]} again. {results[wrong[0]][1]}"
    )


# 06.2


def _renewed(answer: object) -> str | None:
    """Check that one of the sessions got a new token between the SDK's warning and its end."""
    if not isinstance(answer, Sequence) or not all(isinstance(session, Session) for session in answer):
        return "The answer is what the media server has seen: stage.media_server.sessions."
    sessions: list[Session] = [session for session in answer if isinstance(session, Session)]
    if not sessions:
        return "No client has joined yet. Open the stage, press Join, and let the token end."
    warned = [session for session in sessions if EventKind.WARNING in {event.kind for event in session.events}]
    if not warned:
        return "The SDK has not warned any client yet. Move the clock on the stage."
    problems = [_problem(session, sessions[sessions.index(session) + 1 :]) for session in warned]
    return None if None in problems else problems[-1]


def _problem(session: Session, later: list[Session]) -> str | None:
    """Return what kept this client, which was warned, from renewing, or None."""
    after = _after_the_warning(session)
    if any(event.kind == EventKind.RENEW and not event.refused for event in after):
        return None
    if refused := [event for event in after if event.refused]:
        return f"The media server rejected the renewal: {refused[0].sdk}. For which channel and uid is the new token?"
    if any(event.kind == EventKind.SAME_TOKEN for event in after):
        return "The client renewed with a token that it already had. When does that one end?"
    if session.reason == OutReason.TOKEN_EXPIRED:
        if any(each.uid == session.uid for each in later):
            return "Too late: the client was removed first, and came back afterwards. Which event comes earlier?"
        return (
            "No new token reached the server between the warning and the end, so the client was removed. "
            "Which event does the handler wait for? What does the stage's log say about it?"
        )
    return "The client was warned, and has not renewed yet. Let the token end, and see whether it stays."


def _after_the_warning(session: Session) -> list[Event]:
    """Return what happened between the first warning and the end of the token."""
    events = list(session.events)
    first = next((place for place, event in enumerate(events) if event.kind == EventKind.WARNING), len(events))
    return [*takewhile(lambda event: event.kind != EventKind.EXPIRED, events[first + 1 :])]


# 06.3


def _joins(channel: str = _CHANNEL, uid: int = _UID) -> bool:
    return Project(Credentials.for_lessons()).join(channel, uid=uid, token=_token(), now=NOW + 600).admitted


def _takes_the_place() -> bool:
    server = _media_server()
    victim, _ = (server.join(_CHANNEL, uid=_UID, token=_token()) for _ in "12")
    return victim.session is not None and victim.session.reason == OutReason.UID_CONFLICT


def _may_publish() -> bool:
    admission = Project(Credentials.for_lessons()).join(_CHANNEL, uid=_UID, token=_token(), now=NOW + 600)
    return "publish audio" in dict(admission.may)


def _stays_after_the_hour() -> bool:
    server = _media_server()
    connection = server.join(_CHANNEL, uid=_UID, token=_token())
    server.project.clock.advance(_HOUR - _WARNING)
    connection.renew(_token())
    server.project.clock.advance(_WARNING)
    return server.sessions[0].reason is None


_THIEF: dict[str, tuple[Callable[[], bool], str]] = {
    "A": (_joins, "What does a token prove about the person who holds it?"),
    "B": (_takes_the_place, "Two clients are in one channel with the same uid. What happens to the first?"),
    "C": (_may_publish, "Who checks the privileges to publish while co-host authentication is off?"),
    "D": (lambda: _joins(uid=8), "What is covered by the signature, besides the channel?"),
    "E": (lambda: _joins(channel="backstage"), "What is covered by the signature, besides the uid?"),
    "F": (
        lambda: Project(Credentials.for_lessons()).login("7", token=_token(), now=NOW + 600).admitted,
        "Which services does this token contain?",
    ),
    "G": (_stays_after_the_hour, "What happens to a client that renews with the token that it has?"),
}
"""What somebody with a stolen token tries, and a question that leads to whether it works."""


def _what_a_thief_can_do(answer: object) -> str | None:
    names = ", ".join(_THIEF)
    if isinstance(answer, str):
        answer = set(answer)
    if not isinstance(answer, set | frozenset | list | tuple) or not all(
        isinstance(name, str) and name in _THIEF for name in answer
    ):
        return f"Write a set of letters. Choose from {names}."
    wrong = [name for name, (attempt, _) in _THIEF.items() if (name in answer) != attempt()]
    if not wrong:
        return None
    return f"We tried each one on a practice project: {len(wrong)} of 7 turned out otherwise. {_THIEF[wrong[0]][1]}"


# 06.4

_OWN_PAGES = ("https://app.example.com", "http://localhost:5173")
_OTHER_PAGES = ("https://evil.example.com", "http://app.example.com", "http://localhost:3000")


def _origins(answer: object) -> str | None:
    if not isinstance(answer, str):
        return "The value of an environment variable is a string. Separate several origins with commas."
    from ..server.app import TokenServer  # only here: it needs the extra "server"

    origins = tuple(origin.strip() for origin in answer.split(",") if origin.strip())
    try:
        server = TokenServer(Credentials.for_lessons(), origins=origins)
    except InputError as error:
        return f"The server does not start. AGORA_ALLOWED_ORIGINS {error.problem} What does a browser send as Origin?"
    with server:

        def allows(origin: str) -> bool:
            headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
            answer = server.client.options("/rtctoken", headers=headers)
            return answer.headers.get("Access-Control-Allow-Origin") in (origin, "*")

        for page in _OWN_PAGES:
            if not allows(page):
                return f"A preflight from {page} was rejected. An origin is compared as a whole string."
        for page in _OTHER_PAGES:
            if allows(page):
                return f"A preflight from {page} was allowed, and that page is not yours."
    return None


EXERCISES = (
    Exercise(
        id="06.1",
        question="What is wrong with each of these five clients?",
        wrong=_causes,
        right="Only A and B fail at once, in the same words. The others pass a quick test and fail later.",
        hints=(
            "For each client ask: which channel and uid are in the token, and which does join pass? What happens after "
            "an hour? In a second tab? What does the page give away?",
            "A and B differ from the token, each in one argument. C, D and E join: one is removed after an hour, one "
            "by its own second tab, and one gives every visitor the key to the project.",
        ),
        solution='answer = {"A": "uid", "B": "channel", "C": "renewal", "D": "secret", "E": "shared uid"}',
    ),
    Exercise(
        id="06.2",
        question="Write a handler that keeps the client in the channel when its first token ends.",
        wrong=_renewed,
        right="The media server saw a new token after the warning and before the end.",
        hints=(
            "There are two events about the token. One fires 30 seconds before the end, the other after it.",
            'In an async function for "token-privilege-will-expire": await fetchToken(), take the token out of its '
            "result, and pass it to client.renewToken().",
        ),
        solution=(
            "# The handler:\n"
            '# client.on("token-privilege-will-expire", async () => {\n'
            "#   const { token } = await fetchToken();\n"
            "#   await client.renewToken(token);\n"
            "# });\n"
            "# Without a browser, the same client in Python:\n"
            "server, clock = stage.media_server, stage.media_server.project.clock\n"
            'new_token = lambda: build_rtc_token(credentials, "lobby", uid=7, now=clock.now())\n'
            'connection = server.join("lobby", uid=7, token=new_token())\n'
            "clock.advance(3570)\n"
            "connection.renew(new_token())\n"
            "clock.advance(60)\n"
            "answer = server.sessions"
        ),
    ),
    Exercise(
        id="06.3",
        question="A subscriber's token was stolen ten minutes after it was issued. What can the thief do with it?",
        wrong=_what_a_thief_can_do,
        right=(
            "A token admits whoever holds it, and whoever joins with a uid removes its earlier holder. "
            "So keep tokens short-lived, send them over TLS only, and turn co-host authentication on."
        ),
        hints=(
            "The signature covers who may do what, where, and until when. What does it not cover?",
            "Three attempts succeed: all of them in lobby, as uid 7, and before the hour has passed.",
        ),
        solution='answer = {"A", "B", "C"}',
    ),
    Exercise(
        id="06.4",
        question=(
            "Which value of `AGORA_ALLOWED_ORIGINS` lets your app at `https://app.example.com` and your development "
            "server at `http://localhost:5173` request tokens, and no other page?"
        ),
        wrong=_origins,
        right="A token server with this value answered preflights from your pages, and rejected the others.",
        hints=(
            "An origin is scheme, host and port, written as the browser sends it. What separates two of them?",
            "Copy both origins from the question, without a slash at the end, and put a comma between them.",
        ),
        solution='answer = "https://app.example.com,http://localhost:5173"',
    ),
)
