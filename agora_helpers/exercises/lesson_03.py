"""Exercises of lesson 03: for whom an RTC token is, what it allows, and until when."""

from __future__ import annotations

from ..constants import UINT32_MAX
from ..credentials import Credentials
from ..practice.project import Project
from ..tokens.decoder import decode
from ..verification.verifier import verify
from .exercise import Exercise
from .faults import NOW, TokenChecks, not_good_for


def _not_for_the_phone(token: str) -> str | None:
    for service in decode(token).services:
        if (uid := getattr(service, "uid", None)) in ("7", "2147483655"):
            return f"It is for uid {uid}. The phone shows 32 bits as a signed number. Which unsigned one is it?"
    return not_good_for(token, channel="lobby", uid=2**32 - 7)


def _not_valid(token: str) -> str | None:
    if any(verify(token, Credentials.for_lessons(), now=now).time.status == "ok" for now in (NOW, None)):
        return None
    return "It is valid neither at NOW nor today. Pass now=NOW, or leave the time out."


def _allowed_after(token: str, seconds: int) -> set[str]:
    """Return what user 42 may do in the webinar so long after the token was issued; nothing if it is rejected."""
    project = Project(Credentials.for_lessons(), co_host_authentication=True)
    now = min((decode(token).issued_at or 0) + seconds, UINT32_MAX)
    return {action for action, _ in project.join("webinar", uid=42, token=token, now=now).may}


_STREAMS = ("audio", "video", "data")


def _published_after(token: str, seconds: int) -> list[str]:
    """Return the streams that user 42 may publish so long after the token was issued."""
    allowed = _allowed_after(token, seconds)
    return [stream for stream in _STREAMS if f"publish {stream}" in allowed]


def _cannot_publish(token: str) -> str | None:
    published = _published_after(token, 5)
    if len(published) == len(_STREAMS):
        return None
    if not published:
        return "At the start user 42 cannot publish anything. Which privileges does a publisher have?"
    return f"At the start user 42 can publish only {' and '.join(published)}. Which privileges does a publisher have?"


def _wrong_times(token: str) -> str | None:
    if _allowed_after(token, 3605):
        return "After more than an hour the token still admits user 42. In which unit are lifetimes?"
    granted, early = _published_after(token, 5), _published_after(token, 890)
    if granted and not early:
        return "Just before the 15 minutes are over, user 42 cannot publish any more. In which unit are lifetimes?"
    if early != granted:
        return f"Just before the 15 minutes are over, user 42 can publish only {' and '.join(early)}. What has ended?"
    if not _allowed_after(token, 3590):
        return "User 42 cannot stay for the whole hour. Should everything end together?"
    late = _published_after(token, 910)
    if len(late) == len(_STREAMS):
        return "After more than 15 minutes user 42 can still publish. How can a privilege end earlier than its token?"
    if late:
        return f"After more than 15 minutes user 42 can still publish {' and '.join(late)}. What ends too late?"
    return None


_SYMPTOMS = {
    "A": (1, "What does the client pass to join, and what does the token contain?"),
    "B": (2, "What must be true of the uids in one channel?"),
    "C": (3, "What makes a listener a publisher?"),
    "D": (4, "What does a client need from the server, to join with the right values?"),
}


def _another_line(answer: object) -> str | None:
    if not isinstance(answer, dict) or set(answer) != set(_SYMPTOMS):
        return "Write a dict with the letters A to D as its keys."
    for letter, line in answer.items():
        if type(line) is not int or not 1 <= line <= len(_SYMPTOMS):
            return f"{letter}: write the number of a line, 1 to {len(_SYMPTOMS)}."
    for letter, (line, question) in _SYMPTOMS.items():
        if answer[letter] != line:
            return f"{letter}: line {answer[letter]} does not cause this. {question}"
    return None


EXERCISES = (
    Exercise(
        id="03.1",
        question="An Android phone reports its uid as -7. Build a token with which it can join lobby.",
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
        question="Build a token with which uid 42 may stay in webinar for an hour and publish for 15 minutes.",
        wrong=TokenChecks(
            {
                "names": lambda token: not_good_for(token, channel="webinar", uid=42),
                "privileges": _cannot_publish,
                "lifetime": _wrong_times,
            },
            version="007",
        ),
        right="Afterwards user 42 still listens. Without co-host authentication it could publish for the whole hour.",
        hints=(
            "The token lasts for the hour. Which of its four privileges lasts as long, and which end earlier?",
            "Start from the guest's token in section 6. It takes a mapping from privileges to seconds.",
        ),
        solution=(
            'service = RtcService("webinar", 42, {1: 3600, 2: 900, 3: 900, 4: 900})\n'
            "answer = build_token(credentials, [service], expires_in=3600)"
        ),
    ),
    Exercise(
        id="03.3",
        question="Which line of this token server causes each symptom?",
        wrong=_another_line,
        right=(
            "The server signs another name than the client joins with, draws uids that may be taken, makes everyone a "
            "publisher, and keeps the uid to itself."
        ),
        hints=(
            "Follow one value at a time through the server: the channel, the uid, the role, and the answer.",
            "A client joins with its own spelling of the channel, and with the uid that the server returns.",
        ),
        solution='answer = {"A": 1, "B": 2, "C": 3, "D": 4}',
    ),
)
