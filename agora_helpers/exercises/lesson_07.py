"""Exercises of lesson 07: reading, forging and diagnosing tokens."""

from __future__ import annotations

from typing import Any

from ..credentials import Credentials
from ..errors import InputError
from ..tokens.builders import build_rtc_token
from ..tokens.decoder import decode
from ..verification.verifier import verify
from .exercise import Exercise
from .faults import NOW, SALT, a_kind_of, not_a_token

_CHANNEL, _ACCOUNT = "Room 12", "zoe"
_FIXES = {"A": 4, "B": 2, "C": 1, "D": 3}
"""The fix for each report of the triage."""


def _not_forged(answer: object) -> str | None:
    if isinstance(answer, bytes):
        return "A token is a string, but your answer is of type bytes. Which method turns bytes into a string?"
    if problem := not_a_token(answer):
        if isinstance(answer, str):  # the usual hint, to copy the token or use a builder, does not help a forger
            return "This is not a token, because decode cannot read it. Which steps lead from the token to payload?"
        return problem
    credentials = Credentials.for_lessons()
    token = build_rtc_token(credentials, "lobby", uid=7, role="publisher", now=NOW, salt=SALT)
    ours, theirs = decode(token), decode(str(answer))
    if verify(str(answer), credentials, now=NOW).signature.status == "ok":
        if ours.payload == theirs.payload:
            return "This is the token as it was. Change a byte of its payload."
        return "Its signature is valid, so the certificate signed it. A forger has only the string in token."
    uids = [getattr(service, "uid", None) for service in theirs.services]
    if uids != ["8"]:
        return f"decode reads the uid {', '.join(map(repr, uids)) or 'of no service'} from it."
    if theirs.payload[:-1] != ours.payload[:-1]:
        both = zip(ours.fields, theirs.fields, strict=False)
        names = (mine.name for mine, other in both if mine.value != other.value)
        return f"More than the uid has changed: {', '.join(name for name in names if not name.endswith('.uid'))}."
    return None


def _who_was_it(answer: object) -> str | None:
    if not isinstance(answer, dict):
        return 'Write the keyword arguments for verify as a dict, such as dict(channel="lobby", uid=7).'
    answer = {name: value for name, value in answer.items() if value is not None}  # verify does not compare None
    if "channel" not in answer or not {"uid", "account"} & set(answer):
        return "verify compares only what you pass: pass the channel, and the uid or the account."
    if "uid" in answer and type(answer["uid"]) is not int:
        return f"A uid is an integer, but yours is {a_kind_of(answer['uid'])}. Which other kind of user is there?"
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


def _not_the_fixes(answer: object) -> str | None:
    if not isinstance(answer, dict) or set(answer) != set(_FIXES):
        return "Write a dict with the reports A, B, C and D, each with the number of a fix."
    for report, right in _FIXES.items():
        chosen = answer[report]
        if type(chosen) is not int or not 1 <= chosen <= 5:
            return f"Report {report}: choose a fix by its number, 1 to 5."
        if chosen != right:
            against = {
                1: "its signature is right, so the server has the project's certificate.",
                2: "its token is for exactly the channel that the client joins.",
                3: "its token had not expired at NOW + 120.",
                4: "look at the token first. diagnose finds a check that fails.",
                5: "decode reads its token, so it arrived undamaged.",
            }
            return f"Report {report}: {against[chosen]}"
    return None


EXERCISES = (
    Exercise(
        id="07.1",
        question="By hand, without the certificate, change the uid in token from 7 to 8. The signature need not fit.",
        wrong=_not_forged,
        right="decode reads a forged token like any other. Only the signature shows that your server did not issue it.",
        hints=(
            "Go the way back: change a byte of payload, compress it with zlib, encode it with base64, and put the "
            "version in front.",
            'The uid is the last byte of the payload. Put b"8" after payload[:-1].',
        ),
        solution='changed = payload[:-1] + b"8"\nanswer = "007" + base64.b64encode(zlib.compress(changed)).decode()',
    ),
    Exercise(
        id="07.2",
        question="Which client was this logged token issued to?",
        wrong=_who_was_it,
        right="With channel, user and time you can tell what is wrong with a token, or that nothing is wrong.",
        hints=(
            "The string was damaged in four ways. repair can undo all of them.",
            "decode(repair(logged).token).services shows whom a 007 token is for. A uid that is not a number is an "
            "account.",
        ),
        solution=(
            "(service,) = decode(repair(logged).token).services\n"
            "answer = dict(channel=service.channel, account=service.uid)"
        ),
    ),
    Exercise(
        id="07.3",
        question="Which fix does each report need?",
        wrong=_not_the_fixes,
        right="Three clients saw the same message, and each needs a different fix. The token tells you which.",
        hints=(
            "For each report: diagnose(reports['A'], credentials=Credentials.demo(), now=NOW + 120, "
            "channel='standup', uid=7)",
            "If all checks of a token are ok, the client did something else than it reported.",
        ),
        solution='answer = {"A": 4, "B": 2, "C": 1, "D": 3}',
    ),
)
