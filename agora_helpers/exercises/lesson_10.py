"""Exercises of lesson 10: an endpoint against a hidden test, and tests against endpoints with mistakes."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from ..constants import ROLE_PRIVILEGES, Role
from ..credentials import Credentials
from ..errors import InputError
from ..practice.clock import Clock
from ..practice.project import Project
from ..practice.session import MediaServer
from ..tokens.builders import build_rtc_token
from ..tokens.decoder import decode
from ..tokens.services import privilege_times
from ..verification.reasons import ReasonCode
from ..verification.verifier import verify
from ..wording import format_duration
from .exercise import Exercise
from .faults import a_kind_of, not_a_token

CHANNEL, LIFETIME = "blue:standup", 3600
TEAMS = {1001: {"blue": "publisher"}, 1002: {"blue": "subscriber"}}
"""As in the lesson."""
_PUBLISHER, _LISTENER = TEAMS


# 10.1: a hidden test


def _endpoint(answer: object) -> str | None:
    if not callable(answer):
        return f"The answer must be the function itself, but it is {a_kind_of(answer)}. Don't call it."
    return _good_requests(answer) or _greedy_requests(answer) or _bad_requests(answer)


class _Problem(Exception):
    """What is wrong with a reply."""


def _ask(endpoint: Callable[..., object], uid: int | None, body: object) -> tuple[int, dict[str, Any]]:
    """Return status and reply."""
    who = "Nobody is signed in" if uid is None else f"User {uid} is signed in"
    try:
        result = endpoint(uid, body)
    except Exception as error:
        text = str(error).partition("\n")[0].partition(". ")[0].rstrip(".")[:120]
        expects = "What does it expect of the body that this client did not send?"
        invalid = "What should a client with such a value get instead?"
        raise _Problem(
            f"{who}, and the body is {body!r}. endpoint raised {type(error).__name__}: {text}. "
            f"{invalid if isinstance(error, InputError) else expects}"
        ) from None
    match result:
        case (int(status), dict(reply)) if not isinstance(status, bool):
            return status, reply
    raise _Problem(f"{who}, and endpoint returned a value {a_kind_of(result)}. Return a status and a dictionary.")


def _granted(endpoint: Callable[..., object], uid: int, body: Mapping[str, object]) -> tuple[dict[str, Any], str]:
    """Return reply and token of a good request."""
    status, reply = _ask(endpoint, uid, dict(body))
    if status != 200:
        raise _Problem(f"User {uid} may join {CHANNEL}, but a request for it got status {status}.")
    if missing := [name for name in ("uid", "token") if name not in reply]:
        raise _Problem(f"The reply has no {missing[0]!r}. The client can't join without it.")
    if problem := not_a_token(reply["token"]):
        raise _Problem(f"token: {problem}")
    certificate = Credentials.for_lessons().app_certificate
    if any(isinstance(value, str) and certificate in value for value in reply.values()):
        raise _Problem("The reply contains the App Certificate. Who may see it?")
    return reply, str(reply["token"])


def _checked(check: Callable[[Callable[..., object]], str | None]) -> Callable[[Callable[..., object]], str | None]:
    def run(endpoint: Callable[..., object]) -> str | None:
        try:
            return check(endpoint)
        except _Problem as problem:
            return str(problem)

    return run


@_checked
def _good_requests(endpoint: Callable[..., object]) -> str | None:
    """Request the team's channel for a publisher and for a listener."""
    for uid in TEAMS:
        reply, token = _granted(endpoint, uid, {"channel": CHANNEL})
        if problem := _not_admitted(reply, token, uid) or _wrong_lifetime(token) or _wrong_role(token, uid):
            return problem
    return None


def _not_admitted(reply: Mapping[str, object], token: str, uid: int) -> str | None:
    if reply["uid"] != uid or type(reply["uid"]) is not int:
        return f"User {uid} is signed in, and the reply says uid {reply['uid']!r}."
    credentials = Credentials.for_lessons()
    verdict = verify(token, credentials, channel=CHANNEL, uid=uid)
    if any(reason.code == ReasonCode.ANY_UID for reason in verdict.reasons):
        return "The token admits any uid. What can someone do who finds a copy of it?"
    admission = Project(credentials).join(CHANNEL, uid=uid, token=token)
    if not admission.admitted:
        return f"User {uid} joins {CHANNEL}, and the practice project answers: {admission}. {verdict.reasons[0].title}."
    return None


def _wrong_lifetime(token: str) -> str | None:
    decoded = decode(token)
    ends = [decoded.expire, *privilege_times(decoded.services[0]).values()] if decoded.version == "007" else []
    if not ends:
        return "This is a 006 token. Its holder can change the channel without the certificate: use version 007."
    wrong = [end for end in ends if end != LIFETIME]
    return f"The token lasts {format_duration(wrong[0] or 0)}. How long should it last?" if wrong else None


def _wrong_role(token: str, uid: int) -> str | None:
    granted, publishes = set(privilege_times(decode(token).services[0])), uid == _PUBLISHER
    if publishes and not granted >= set(ROLE_PRIVILEGES[Role.PUBLISHER]):
        return f"User {uid} is a publisher in team blue, but the token may not publish."
    if not publishes and granted != set(ROLE_PRIVILEGES[Role.SUBSCRIBER]):
        return f"User {uid} only listens in team blue, but the token may publish. Who knows a user's role?"
    return None


_WISHES: tuple[tuple[str, dict[str, object]], ...] = (
    ("uid", {"uid": _PUBLISHER}),
    ("role", {"role": "publisher"}),
    ("role", {"isPublisher": True}),
    ("lifetime", {"expiresIn": 86_400}),
    ("lifetime", {"expires_in": 86_400}),
)


@_checked
def _greedy_requests(endpoint: Callable[..., object]) -> str | None:
    """Send fields that the server must decide. It may ignore them, or reject the request."""
    for wish, fields in _WISHES:
        body = {"channel": CHANNEL} | fields
        status, _ = _ask(endpoint, _LISTENER, dict(body))
        if status in (400, 403, 422):
            continue
        reply, token = _granted(endpoint, _LISTENER, body)
        what = {
            "uid": _not_admitted(reply, token, _LISTENER),
            "role": _wrong_role(token, _LISTENER),
            "lifetime": _wrong_lifetime(token),
        }
        if what[wish]:
            sent = ", ".join(f"{name}: {value}" for name, value in fields.items())
            return f"User {_LISTENER} sent {sent}, and got what it asked for. Whose decision is the {wish}?"
    return None


_INVALID: tuple[object, ...] = ({}, {"channel": 7}, {"channel": "blue:caf\u00e9"}, {"channel": "blue:" + "x" * 63}, [])


@_checked
def _bad_requests(endpoint: Callable[..., object]) -> str | None:
    strangers = [(None, {"channel": CHANNEL}, (401,))]
    others = [(_PUBLISHER, {"channel": channel}, (403,)) for channel in ("red:standup", "blueish:standup")]
    invalid = [(_PUBLISHER, body, (400, 422)) for body in _INVALID]
    for uid, body, expected in (*strangers, *others, *invalid):
        status, reply = _ask(endpoint, uid, body)
        who = "Nobody is signed in" if uid is None else f"User {uid} is signed in"
        if status not in expected:
            return f"{who}, the body is {body!r}, and the status is {status}. Which of 400, 401 and 403 fits?"
        if "token" in reply:
            return f"{who}, and the status is {status}, but the reply has a token all the same."
    return None


# 10.2: tests, each played against endpoints with one mistake


@dataclass(frozen=True)
class _App:
    """An endpoint and its client, right in all but what an argument says."""

    signs_the_uid_sent: bool = False
    all_publish: bool = False
    staging: bool = False
    forgets: bool = False

    def token(self, uid: int, body: Mapping[str, object], now: int | None = None) -> str:
        credentials = Credentials.for_lessons()
        signer = (
            Credentials(credentials.app_id[::-1], credentials.app_certificate[::-1]) if self.staging else credentials
        )
        sent = body.get("uid")
        user = sent if self.signs_the_uid_sent and isinstance(sent, int) else uid
        role = Role.PUBLISHER if self.all_publish else Role(TEAMS[uid]["blue"])
        return build_rtc_token(signer, CHANNEL, uid=user, role=role, now=now)

    def status(self, uid: int | None) -> int:
        return 401 if uid is None else 200

    def stays(self) -> bool:
        """Return whether its client is in the channel a minute after its first token expires."""
        clock = Clock(1_700_000_000)
        signer = Credentials.for_lessons()
        project = Project(Credentials(signer.app_id, signer.app_certificate), clock=clock)
        first, second = (
            build_rtc_token(signer, CHANNEL, uid=_LISTENER, now=clock.now() + later) for later in (0, 3570)
        )
        client = MediaServer(project).join(CHANNEL, uid=_LISTENER, token=first)
        clock.advance(3570)
        if not self.forgets:
            client.renew(second)
        clock.advance(60)
        return client.session is not None and client.session.state == "in"


def _passes(
    app: _App,
    uid: int,
    role: str | None = None,
    *,
    signed: bool = False,
    sent: Mapping[str, int] = MappingProxyType({}),
) -> bool:
    """Return what ``assert_token`` would say to the app's token."""
    token = app.token(uid, {"channel": CHANNEL} | dict(sent))
    credentials = Credentials.for_lessons()
    verdict = verify(token, credentials if signed else None, channel=CHANNEL, uid=uid, now=int(time.time()))
    granted = set(privilege_times(decode(token).services[0]))
    statuses = {check.status for check in verdict.checks}
    return "wrong" not in statuses and (role is None or granted == set(ROLE_PRIVILEGES[Role(role)]))


TESTS: dict[int, Callable[[_App], bool]] = {
    1: lambda app: app.status(None) == 401,
    2: lambda app: _passes(app, _PUBLISHER),
    3: lambda app: _passes(app, _LISTENER, "subscriber"),
    4: lambda app: _passes(app, _LISTENER, sent={"uid": _PUBLISHER}),
    5: lambda app: _passes(app, _PUBLISHER, signed=True),
    6: lambda app: app.stays(),
}
"""The tests of the lesson: each returns whether it passes."""
MISTAKES = {
    "A": _App(signs_the_uid_sent=True),
    "B": _App(all_publish=True),
    "C": _App(staging=True),
    "D": _App(forgets=True),
}
_LOOKS_AT = {
    1: "It looks at the status of a request without a session. No token is involved.",
    2: "Its user is a publisher and sends only a channel. Would the token of a correct endpoint be any different?",
    3: "It looks at the role of a listener's token. Does this mistake change the role?",
    4: "It sends somebody else's uid. Does this mistake change what happens then?",
    5: "It also checks the signature. Does this mistake change who signs?",
    6: "It looks at a session over time. Does this mistake change when a client leaves?",
}


def _matches(answer: object) -> str | None:
    if not isinstance(answer, Mapping) or set(answer) != set(MISTAKES):
        return 'Write a dictionary with the keys "A" to "D". Its values are the numbers of tests.'
    for letter, app in MISTAKES.items():
        number = answer[letter]
        if type(number) is not int or number not in TESTS:
            return f"{letter}: {number!r} is not the number of a test. Choose from 1 to {len(TESTS)}."
        if TESTS[number](app):
            return f"{letter}: test {number} passes in spite of this mistake. {_LOOKS_AT[number]}"
    return None


EXERCISES: tuple[Exercise, ...] = (
    Exercise(
        id="10.1",
        question=(
            "Complete `endpoint` so that each user gets only what `role_in` allows, for one hour. Every other request "
            "gets status 401, 403 or 400, and no token."
        ),
        wrong=_endpoint,
        right="The hidden test found nothing: two users, five greedy requests, and eight that must not get a token.",
        hints=(
            "Take the five steps of section 1 in their order. The uid and the role never come from the body.",
            '`match body` with `case {"channel": str(channel)}` reads the body, and the builder raises InputError for '
            "a name that Agora does not allow.",
        ),
        solution=(
            "def endpoint(uid, body):\n"
            "    if uid is None:\n"
            '        return 401, {"error": "Sign in first."}\n'
            "    try:\n"
            "        match body:\n"
            '            case {"channel": str(channel)}:\n'
            "                role = role_in(channel, uid)\n"
            "            case _:\n"
            '                return 400, {"error": "channel: must be a string."}\n'
            "        if role is None:\n"
            '            return 403, {"error": "channel: is not one that you may join."}\n'
            "        token = build_rtc_token(credentials, channel, uid=uid, role=role, expires_in=3600)\n"
            "    except ValueError as error:\n"
            '        return 400, {"error": str(error)}\n'
            '    return 200, {"uid": uid, "token": token}\n'
            "\n"
            "\n"
            "answer = endpoint"
        ),
    ),
    Exercise(
        id="10.2",
        question="Match each mistake with the one test that catches it.",
        wrong=_matches,
        right="Each test was run against an app with its mistake, and failed. That is what a test is for.",
        hints=(
            "Imagine the token that an app with this mistake returns. Which test sends a request that shows it?",
            "Two tests catch none of the four. One mistake can't be seen in any single token.",
        ),
        solution='answer = {"A": 4, "B": 3, "C": 5, "D": 6}',
    ),
)
