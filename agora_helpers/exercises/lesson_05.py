"""Exercises of lesson 05: reading tokens that come from elsewhere."""

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
    if problem := not_a_count(answer, "the user's number"):
        return problem
    if not isinstance(answer, int) or not 1 <= answer <= 1000:
        return "The user is one of 1 to 1000."
    ours, theirs = (
        decode(build_rtc_token(Credentials.demo(), "stage", uid=uid, version="006", now=NOW)).crc_uid
        for uid in (_UID, answer)
    )
    if ours == theirs:
        return None
    return f"The checksum of the text '{answer}' is {theirs:#010x}, and the one in the token is {ours:#010x}."


def _who_was_it(answer: object) -> str | None:
    if not isinstance(answer, dict):
        return 'Write what verify needs to know, by name, such as dict(channel="lobby", uid=7).'
    answer = {name: value for name, value in answer.items() if value is not None}  # verify does not compare None
    if "channel" not in answer or not {"uid", "account"} & set(answer):
        return "verify compares only what it is given: give the channel, and the uid or the account."
    credentials = Credentials.demo()
    token = build_rtc_token(credentials, _CHANNEL, account=_ACCOUNT, expires_in=600, now=NOW)
    try:
        client: dict[str, Any] = {"now": NOW + 60} | answer
        verdict = verify(token, credentials, **client)
    except (InputError, TypeError) as error:
        return f"verify does not take that. {error}"
    if verdict.ok:
        return None
    (reason, *_) = verdict.reasons
    return f"{reason.title}. What do the fields of the mended token say?"


EXERCISES = (
    Exercise(
        id="05.1",
        question="This 006 token is for the channel stage, and for one of the users 1 to 1000. For which?",
        wrong=_whose_checksum,
        right="A checksum hides nothing that can be guessed.",
        hints=(
            "The checksum of the uid is in the bytes 38 to 42. Of which text has zlib.crc32 the same value?",
            "Try them all: for uid in range(1, 1001), compare zlib.crc32(str(uid).encode()) with the number in there.",
        ),
        solution=(
            "content = base64.b64decode(found[35:])\n"
            "answer = next(u for u in range(1, 1001) if zlib.crc32(str(u).encode()) == number(content[38:42]))"
        ),
    ),
    Exercise(
        id="05.2",
        question="For which client is the token in this line of a log?",
        wrong=_who_was_it,
        right="With channel, user and time you can say what is wrong with it, or that nothing is.",
        hints=(
            "The text was mangled in four ways; repair knows them all.",
            "decode(repair(text).token).services says for whom a 007 token is. A text as uid is a user account.",
        ),
        solution=(
            "(service,) = decode(repair(logged).token).services\n"
            "answer = dict(channel=service.channel, account=service.uid)"
        ),
    ),
)
