"""Exercises of lesson 08: the 006 builders, what 006 does not protect, and one fix of the classic server."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable
from typing import Any

from ..constants import ROLE_PRIVILEGES, Role
from ..credentials import Credentials
from ..tokens.builders import build_rtc_token
from ..tokens.decoder import decode
from ..tokens.services import privilege_times
from ..verification.verifier import verify
from .exercise import Exercise
from .faults import (
    NOW,
    TokenChecks,
    a_kind_of,
    another_lifetime,
    not_a_count,
    not_good_for,
    not_those,
    other_privileges,
)

_UID = 421
_BODIES: dict[str, tuple[object, bool | None]] = {
    "true": (True, True),
    "false": (False, False),
    'the string "false"': ("false", None),
    'the string "true"': ("true", None),
    "the number 1": (1, None),
    "null": (None, None),
}
"""Values of isPublisher, each with the answer to it; None: it must be rejected."""


def _not_an_hour_from_now(token: str) -> str | None:
    if problem := another_lifetime(token, 3600):
        return problem
    ends = {end for service in decode(token).services for end in privilege_times(service).values()}
    return None if ends == {NOW + 3600} else "It expires an hour from the current time. The exercise counts from NOW."


def _whose_checksum(answer: object) -> str | None:
    if problem := not_a_count(answer):
        return problem
    if not isinstance(answer, int) or not 1 <= answer <= 1000:
        return "The uid is one of 1 to 1000."
    ours, theirs = (
        decode(build_rtc_token(Credentials.demo(), "stage", uid=uid, version="006", now=NOW)).crc_uid
        for uid in (_UID, answer)
    )
    if ours == theirs:
        return None
    return f"The checksum of the string '{answer}' is {theirs:#010x}, but the token contains {ours:#010x}."


def _forge(token: str, channel: str, uid: int) -> str:
    """Return the 006 token with the checksums of another client, and its own signature."""
    content = bytearray(base64.b64decode(token[35:]))
    content[34:38] = zlib.crc32(channel.encode()).to_bytes(4, "little")
    content[38:42] = zlib.crc32(str(uid).encode()).to_bytes(4, "little")
    return token[:35] + base64.b64encode(content).decode()


def _which_can_be_forged(answer: object) -> str | None:
    credentials = Credentials.for_lessons()
    mine = build_rtc_token(credentials, "team1", uid=234, version="006", now=NOW)
    facts = {}
    for channel, uid in (("team12", 34), ("team2", 134), ("team", 1234), ("team123", 40)):
        forged = _forge(mine, channel, uid)
        facts[channel, uid] = verify(forged, credentials, channel=channel, uid=uid, now=NOW).ok
    why = "We forged a token for each of your choices, and not all signatures fit. What does 006 sign for each?"
    return not_those(answer, facts, why)


def _not_strict_about_publishers(answer: object) -> str | None:
    if not callable(answer):
        return f"Write a function of one argument, the body as a dict. Your answer is {a_kind_of(answer)}."
    without: dict[str, Any] = {"channel": "lobby"}
    if problem := _try_publisher(answer, without, "Without isPublisher", False):
        return problem
    for name, (value, expected) in _BODIES.items():
        if problem := _try_publisher(answer, without | {"isPublisher": value}, f"For isPublisher {name}", expected):
            return problem
    return None


def _try_publisher(
    answer: Callable[[Any], object], body: dict[str, Any], case: str, expected: bool | None
) -> str | None:
    """Call the answer; ``expected`` is None if it must reject the body."""
    try:
        result = answer(body)
    except ValueError:
        return None if expected is None else f"{case}, it raises ValueError, and a good request gets status 400."
    except Exception as error:
        return f"{case}, it raises {type(error).__name__}. The server would answer 500."
    if expected is None:
        return f"{case}, it returns {result!r}. The client never learns that it sent the wrong type."
    return None if result is expected else f"{case}, it returns {result!r}."


EXERCISES = (
    Exercise(
        id="08.1",
        question="Fix this call: user 42 should be able to publish in lobby for one hour from NOW.",
        wrong=TokenChecks(
            {
                "lifetime": _not_an_hour_from_now,
                "names": lambda token: not_good_for(token, channel="lobby", uid=42),
                "privileges": lambda token: other_privileges(token, ROLE_PRIVILEGES[Role.PUBLISHER]),
            },
            version="006",
        ),
        right="Three arguments were wrong, and the library signed them without an error.",
        hints=(
            "Look at the last three arguments: uid, role and expiry. All of them are wrong.",
            "The uid must not be 0. The role is a number, 1 or 2. The expiry is a point in time: NOW plus seconds.",
        ),
        solution='answer = RtcTokenBuilder.buildTokenWithUid(*pair, "lobby", 42, PUBLISHER, NOW + 3600)',
    ),
    Exercise(
        id="08.2",
        question="It is for the channel stage and for one of the users 1 to 1000. Which one?",
        wrong=_whose_checksum,
        right="A checksum does not hide a value that can be guessed.",
        hints=(
            "The checksum of the uid is in bytes 38-41. For which string does zlib.crc32 return the same value?",
            "Try all of them: for uid in range(1, 1001), compare checksum(str(uid)) with those bytes.",
        ),
        solution=(
            "wanted = base64.b64decode(found[35:])[38:42]\n"
            "answer = next(uid for uid in range(1, 1001) if checksum(str(uid)) == wanted)"
        ),
    ),
    Exercise(
        id="08.3",
        question="You have a 006 token for channel team1 and uid 234. For which of these clients can you forge one?",
        wrong=_which_can_be_forged,
        right="Each one was forged and verified just now. If all ids have the same length, no other client fits.",
        hints=(
            "006 signs the channel and the uid, one directly after the other.",
            "Write channel and uid of each client without a space, and compare.",
        ),
        solution='answer = {("team12", 34), ("team", 1234)}',
    ),
    Exercise(
        id="08.4",
        question="Write a function that takes a body, a dict, and returns its isPublisher: True or False. "
        "The default is False. Anything but a JSON boolean raises ValueError.",
        wrong=_not_strict_about_publishers,
        right="A client that sends the wrong type now gets status 400 at once, and nobody publishes by accident.",
        hints=(
            "Two steps: get the value, with a default. Then check its type, and return it or raise ValueError.",
            "isinstance(value, bool) is True for True and False, and for nothing else.",
        ),
        solution=(
            "def answer(body):\n"
            '    wish = body.get("isPublisher", False)\n'
            "    if not isinstance(wish, bool):\n"
            '        raise ValueError("isPublisher: must be true or false")\n'
            "    return wish"
        ),
    ),
)
