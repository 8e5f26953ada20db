"""Exercises of lesson 00: a token, and the four questions."""

from __future__ import annotations

from ..constants import ROLE_PRIVILEGES, Role
from ..credentials import Credentials
from ..tokens.builders import build_rtc_token
from ..verification.verifier import verify
from .exercise import Exercise
from .faults import NOW, another_lifetime, not_a_token, not_good_for, not_those, other_privileges


def _for_the_stage(answer: object) -> str | None:
    return not_a_token(answer) or _fits_the_stage(str(answer))


def _fits_the_stage(token: str) -> str | None:
    return (
        not_good_for(token, channel="stage", uid=42)
        or other_privileges(token, ROLE_PRIVILEGES[Role.PUBLISHER])
        or another_lifetime(token, 600)
    )


def _late_in_another_room(answer: object) -> str | None:
    credentials = Credentials.for_lessons()
    token = build_rtc_token(credentials, "lobby", uid=7, expires_in=3600, now=NOW)
    verdict = verify(token, credentials, channel="Lobby", uid=7, now=NOW + 7200)
    why = {
        "format": "The text is the same as before, and still well formed.",
        "signature": "It says whether the token is genuine, whoever comes with it and whenever.",
        "time": "An hour is over after an hour.",
        "match": "Channel names are compared byte for byte, so 'Lobby' is another one.",
    }
    return not_those(answer, {check.name: check.status != "ok" for check in verdict.checks}, why)


EXERCISES = (
    Exercise(
        id="00.1",
        question="User 7 joins the channel 'Lobby' (not 'lobby') two hours later. Which of the four checks are not ok?",
        wrong=_late_in_another_room,
        right="Each check answers for itself: the token is as genuine as it was, and of no use here and now.",
        hints=(
            "Two of the four look at the token alone. Which two look at who comes, and when?",
            "Let verify answer: the token for the lobby, checked for another channel, at NOW + 7200.",
        ),
        solution='answer = {"time", "match"}',
    ),
    Exercise(
        id="00.2",
        question="Make a token for user 42, who publishes on the channel stage for ten minutes.",
        wrong=_for_the_stage,
        right="Version, time and salt are yours to choose; channel, uid, role and lifetime were not.",
        hints=(
            "It is one call of build_rtc_token. Which of its arguments says for how long, and in which unit?",
            'Start from build_rtc_token(credentials, "stage", …) and give uid, role and expires_in.',
        ),
        solution='answer = build_rtc_token(credentials, "stage", uid=42, role="publisher", expires_in=600)',
    ),
)
