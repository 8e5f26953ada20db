"""Exercises of lesson 03: RTC tokens."""

from __future__ import annotations

from ..constants import ROLE_PRIVILEGES, Role
from ..credentials import Credentials
from ..tokens.decoder import decode
from ..verification.verifier import verify
from .exercise import Exercise
from .faults import NOW, TokenChecks, another_lifetime, not_good_for, other_privileges


def _not_for_the_phone(token: str) -> str | None:
    for service in decode(token).services:
        if (uid := getattr(service, "uid", None)) in ("7", "2147483655"):
            return f"It is for uid {uid}. The phone shows 32 bits as a signed number. Which unsigned one is it?"
    return not_good_for(token, channel="lobby", uid=2**32 - 7)


def _not_valid(token: str) -> str | None:
    if any(verify(token, Credentials.for_lessons(), now=now).time.status == "ok" for now in (NOW, None)):
        return None
    return "It is valid neither at NOW nor today. Pass now=NOW, or leave the time out."


EXERCISES = (
    Exercise(
        id="03.1",
        question="An Android phone reports its uid as -7. Create a token with which it can join the lobby.",
        wrong=TokenChecks({"names": _not_for_the_phone, "lifetime": _not_valid}),
        right="4294967289 and -7 are the same 32 bits. The token needs the unsigned number.",
        hints=(
            "Pass uid=-7 to build_rtc_token and read the error message.",
            "Add 2**32 to a negative uid.",
        ),
        solution='answer = build_rtc_token(credentials, "lobby", uid=-7 + 2**32)',
    ),
    Exercise(
        id="03.2",
        question="Fix the classic call: user 42 publishes in the lobby for an hour from NOW.",
        wrong=TokenChecks(
            {
                "lifetime": lambda token: another_lifetime(token, 3600),
                "names": lambda token: not_good_for(token, channel="lobby", uid=42),
                "privileges": lambda token: other_privileges(token, ROLE_PRIVILEGES[Role.PUBLISHER]),
            },
            version="006",
        ),
        right="Three arguments were wrong, and the library signed all of them.",
        hints=(
            "Look at the last three arguments: uid, role and expiry. All of them are wrong.",
            "The uid must not be 0. The role is a number, 1 or 2. The expiry is a point in time: NOW plus seconds.",
        ),
        solution='answer = RtcTokenBuilder.buildTokenWithUid(*pair, "lobby", 42, PUBLISHER, NOW + 3600)',
    ),
)
