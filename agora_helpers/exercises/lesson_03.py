"""Exercises of lesson 03: RTC tokens."""

from __future__ import annotations

from typing import Any

from ..constants import ROLE_PRIVILEGES, Role
from ..credentials import Credentials
from ..tokens.decoder import decode
from ..verification.verifier import verify
from .exercise import Exercise
from .faults import NOW, another_lifetime, another_version, not_a_token, not_good_for, other_privileges


def _fixed_call(answer: object) -> str | None:
    return not_a_token(answer) or _fits_the_intention(str(answer))


def _fits_the_intention(token: str) -> str | None:
    return (
        another_version(token, "006")
        or another_lifetime(token, 3600)
        or not_good_for(token, channel="lobby", uid=42)
        or other_privileges(token, ROLE_PRIVILEGES[Role.PUBLISHER])
    )


def _for_the_phone(answer: object) -> str | None:
    return not_a_token(answer) or _fits_the_phone(str(answer))


def _fits_the_phone(token: str) -> str | None:
    uid = getattr(decode(token).services[0], "uid", None)
    if uid in ("7", "2147483655"):
        return f"It is for uid {uid}. The phone shows 32 bits as a signed number. Did it subtract 2**31 or 2**32?"
    client: dict[str, Any] = {"channel": "lobby", "uid": 2**32 - 7}
    if problem := not_good_for(token, **client):
        return problem
    if any(verify(token, Credentials.for_lessons(), now=now, **client).ok for now in (NOW, None)):
        return None
    return "It is for this client, but valid neither at NOW nor today. Pass now=NOW, or leave the time out."


EXERCISES = (
    Exercise(
        id="03.1",
        question="An Android phone reports its uid as -7. Create a token with which it can join the lobby.",
        wrong=_for_the_phone,
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
        wrong=_fixed_call,
        right="Three arguments were wrong, and the library signed all of them.",
        hints=(
            "Look at the last three arguments: uid, role and expiry. All of them are wrong.",
            "The uid must not be 0. The role is a number, 1 or 2. The expiry is a point in time: NOW plus seconds.",
        ),
        solution='answer = RtcTokenBuilder.buildTokenWithUid(*pair, "lobby", 42, PUBLISHER, NOW + 3600)',
    ),
)
