"""Exercises of lesson 07: reading tokens from other sources."""

from __future__ import annotations

from typing import Any

from ..credentials import Credentials
from ..errors import InputError
from ..tokens.builders import build_rtc_token
from ..tokens.decoder import decode
from ..verification.verifier import verify
from .exercise import Exercise
from .faults import NOW, not_a_count

_UID = 421
_CHANNEL, _ACCOUNT = "Room 12", "zoe"


def _whose_checksum(answer: object) -> str | None:
    if problem := not_a_count(answer):
        return problem
    if not isinstance(answer, int) or not 1 <= answer <= 1000:
        return "The user's number is 1 to 1000."
    ours, theirs = (
        decode(build_rtc_token(Credentials.demo(), "stage", uid=uid, version="006", now=NOW)).crc_uid
        for uid in (_UID, answer)
    )
    if ours == theirs:
        return None
    return f"The checksum of the string '{answer}' is {theirs:#010x}, but the token contains {ours:#010x}."


def _who_was_it(answer: object) -> str | None:
    if not isinstance(answer, dict):
        return 'Write the keyword arguments for verify as a dict, such as dict(channel="lobby", uid=7).'
    answer = {name: value for name, value in answer.items() if value is not None}  # verify does not compare None
    if "channel" not in answer or not {"uid", "account"} & set(answer):
        return "verify compares only what you pass: pass the channel, and the uid or the account."
    credentials = Credentials.demo()
    token = build_rtc_token(credentials, _CHANNEL, account=_ACCOUNT, expires_in=600, now=NOW)
    try:
        client: dict[str, Any] = {"now": NOW + 60} | answer
        verdict = verify(token, credentials, **client)
    except (InputError, TypeError) as error:
        return f"verify does not accept these arguments. {error}"
    if verdict.ok:
        return None
    (reason, *_) = verdict.reasons
    return f"{reason.title}. What do the fields of the repaired token say?"


EXERCISES = (
    Exercise(
        id="07.1",
        question="This 006 token is for the channel stage and for one of the users 1 to 1000. Which one?",
        wrong=_whose_checksum,
        right="A checksum does not hide a value that can be guessed.",
        hints=(
            "The checksum of the uid is in bytes 38-41. For which string does zlib.crc32 return the same value?",
            "Try all of them: for uid in range(1, 1001), compare zlib.crc32(str(uid).encode()) with that checksum.",
        ),
        solution=(
            "content = base64.b64decode(found[35:])\n"
            "answer = next(u for u in range(1, 1001) if zlib.crc32(str(u).encode()) == number(content[38:42]))"
        ),
    ),
    Exercise(
        id="07.2",
        question="Which client is the token in this log line for?",
        wrong=_who_was_it,
        right="With channel, user and time you can tell what is wrong with a token, or that nothing is wrong.",
        hints=(
            "The string was damaged in four ways. repair can undo all of them.",
            "decode(repair(text).token).services tells whom a 007 token is for. A string as uid is a user account.",
        ),
        solution=(
            "(service,) = decode(repair(logged).token).services\n"
            "answer = dict(channel=service.channel, account=service.uid)"
        ),
    ),
)
