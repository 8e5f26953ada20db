"""Exercises of lesson 00: a token and the four questions."""

from __future__ import annotations

from ..constants import ROLE_PRIVILEGES, Role
from ..credentials import Credentials
from ..tokens.builders import build_rtc_token
from ..verification.verifier import verify
from .exercise import Exercise
from .faults import NOW, TokenChecks, another_lifetime, not_good_for, not_those, other_privileges


def _late_in_another_channel(answer: object) -> str | None:
    credentials = Credentials.for_lessons()
    token = build_rtc_token(credentials, "lobby", uid=7, expires_in=3600, now=NOW)
    verdict = verify(token, credentials, channel="Lobby", uid=7, now=NOW + 7200)
    why = {
        "format": "Is it still the same well-formed string?",
        "signature": "Did anyone else sign the token, or change it after your server signed it?",
    }
    return not_those(answer, {check.name: check.status != "ok" for check in verdict.checks}, why)


EXERCISES = (
    Exercise(
        id="00.1",
        question="Two hours later, user 7 joins 'Lobby' instead of 'lobby'. Which of the four checks are not ok?",
        wrong=_late_in_another_channel,
        right="Each check has its own result. The token is still genuine, but expired, and for another channel.",
        hints=(
            "Compare this join with the one that was admitted. What is different now, and which check looks at it?",
            "Ask verify: pass it the token, the channel that the client joins, and NOW + 7200 as the time.",
        ),
        solution='answer = {"time", "match"}',
    ),
    Exercise(
        id="00.2",
        question="Create a token with which user 42 can publish in the channel stage for ten minutes.",
        wrong=TokenChecks(
            {
                "names": lambda token: not_good_for(token, channel="stage", uid=42),
                "privileges": lambda token: other_privileges(token, ROLE_PRIVILEGES[Role.PUBLISHER]),
                "lifetime": lambda token: another_lifetime(token, 600),
            }
        ),
        right="Channel, uid, role and lifetime are as required.",
        hints=(
            "It takes one call of build_rtc_token. Which argument is the lifetime, and in which unit?",
            'Start from build_rtc_token(credentials, "stage", …) and pass uid, role and expires_in.',
        ),
        solution='answer = build_rtc_token(credentials, "stage", uid=42, role="publisher", expires_in=600)',
    ),
)
