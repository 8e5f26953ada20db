"""Exercises of lesson 04: RTM tokens. The practice project's messaging server tries the times out."""

from __future__ import annotations

from ..constants import DAY
from ..credentials import Credentials
from ..practice.clock import Clock
from ..practice.gateway import EventKind
from ..practice.project import Project
from ..practice.signaling import SignalingServer
from ..tokens.builders import build_rtm_token
from .exercise import Exercise
from .faults import NOW, TokenChecks, another_lifetime, not_a_count, not_good_for, not_those

_LIFETIME, _LOGIN_AFTER = 3600, 3000


def _from_the_cache(answer: object) -> str | None:
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        return "Write two numbers in parentheses: the seconds until the warning, then the seconds until the logout."
    names = ("seconds until the warning", "seconds until the logout")
    for seconds, name in zip(answer, names, strict=True):
        if problem := not_a_count(seconds, name):
            return problem
    warning, logout = answer
    if warning >= logout:
        return "The warning comes first, and the logout after it. Write them in this order."
    if logout == _LIFETIME:
        return "This would be right if the lifetime began at the login. Which moment does a token contain?"
    if not (_happened(EventKind.EXPIRED, logout) and not _happened(EventKind.EXPIRED, logout - 1)):
        state = "logged out already" if _happened(EventKind.EXPIRED, logout) else "still logged in"
        return f"At the time of your logout she is {state}. How much of the token's hour is left when she logs in?"
    if not (_happened(EventKind.WARNING, warning) and not _happened(EventKind.WARNING, warning - 1)):
        return "The logout is right, the warning is not. How long before the end does Agora's SDK fire the event?"
    return None


def _happened(kind: EventKind, seconds: int) -> bool:
    """Return whether it has happened to alice so many seconds after her login with the cached token."""
    credentials, clock = Credentials.for_lessons(), Clock(NOW + _LOGIN_AFTER)
    token = build_rtm_token(credentials, "alice", expires_in=_LIFETIME, now=NOW)
    session = SignalingServer(Project(credentials, clock=clock)).log_in("alice", token=token).session
    clock.advance(max(0, min(seconds, DAY)))
    return session is not None and any(event.kind == kind for event in session.events)


_RENEWALS = {"A": False, "B": False, "C": True, "D": False}
_WHY = {
    "A": "Compare the event's name with the one in the lesson. Which of Agora's SDKs fires this one?",
    "B": "Look at the token that is passed to renewToken. When was it issued?",
    "D": "When does this event fire, before or after she is logged out?",
}


def _not_for_both_services(token: str) -> str | None:
    return not_good_for(token, channel="news", account="bob") or not_good_for(token, user="bob")


EXERCISES = (
    Exercise(
        id="04.1",
        question=(
            "Your backend issues alice an RTM token with expires_in=3600. Her client logs in with it 3000 seconds "
            "later and never renews. How many seconds after the login is she warned, and how many seconds after it is "
            "she logged out?"
        ),
        wrong=_from_the_cache,
        right="A lifetime counts from the time of issue. So fetch a token right before each login.",
        hints=(
            "A token contains its time of issue and its lifetime. The login is not in it.",
            "She logs in 3000 of 3600 seconds after the issue, and the SDK warns 30 seconds before the end.",
        ),
        solution="answer = (570, 600)",
    ),
    Exercise(
        id="04.2",
        question="Which of these four pieces of client code keep her logged in all day, without a gap?",
        wrong=lambda answer: not_those(answer, _RENEWALS, _WHY),
        right=(
            "It needs no event: each half hour it passes a new token. A listens to an event of the RTC SDK, B renews "
            "with the old token, and D reacts when she is logged out."
        ),
        hints=(
            "For each piece, ask two questions: does it run before the hour is over, and is the token new?",
            "Two never run in time. One runs in time and passes the token that she already has.",
        ),
        solution='answer = {"C"}',
    ),
    Exercise(
        id="04.3",
        question="Create one token for bob: he logs in to RTM and joins the stream channel news for ten minutes.",
        wrong=TokenChecks(
            {"names": _not_for_both_services, "lifetime": lambda token: another_lifetime(token, 600)}, version="007"
        ),
        right="A stream channel needs both services: RTM for the login, RTC for the channel.",
        hints=(
            "One builder puts both services into one token. It takes the channel, and a user account.",
            'build_rtc_rtm_token takes account="bob", which is the RTM user id, too. What is ten minutes in seconds?',
        ),
        solution='answer = build_rtc_rtm_token(credentials, "news", account="bob", expires_in=600)',
    ),
)
