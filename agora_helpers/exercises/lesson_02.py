"""Exercises of lesson 02: which clients are admitted, and why others are not."""

from __future__ import annotations

from ..credentials import Credentials
from ..practice.admission import RTC_TEXTS, Admission
from ..practice.certificates import Mechanism
from ..practice.project import Project
from ..tokens.builders import build_rtc_token
from ..verification.verifier import verify
from .exercise import Exercise
from .faults import NOW, TokenChecks, not_those


def _in_the_transition(answer: object) -> str | None:
    credentials = Credentials.for_lessons()
    project = Project(credentials, mechanism=Mechanism.APP_ID_OR_TOKEN)
    token = build_rtc_token(credentials, "lobby", uid=7, now=NOW)
    clients: dict[str, Admission] = {
        "no token": project.join("lobby", uid=7, now=NOW),
        "a good token": project.join("lobby", uid=7, token=token, now=NOW),
        "a token for another uid": project.join("lobby", uid=8, token=token, now=NOW),
        "an expired token": project.join("lobby", uid=7, token=token, now=NOW + 3601),
    }
    why = dict.fromkeys(clients, "A client that sends a token must send a valid one.")
    return not_those(answer, {client: admission.admitted for client, admission in clients.items()}, why)


def _not_timed_out(token: str) -> str | None:
    admission = Project(Credentials.for_lessons()).join("lobby", uid=7, token=token, now=NOW)
    if admission.admitted or admission.text == RTC_TEXTS[10]:
        return None
    reason = f" {admission.reasons[0].title}." if admission.reasons else ""
    return f"The project answers {admission.text!r}.{reason}"


def _not_expired(token: str) -> str | None:
    if verify(token, Credentials.for_lessons(), now=NOW).time.status == "ok":
        return "The client is admitted: at NOW this token is still valid. How can it expire before NOW?"
    return None


EXERCISES = (
    Exercise(
        id="02.1",
        question="Create a token with which user 7 gets 'dynamic key or token timeout' in the lobby at NOW.",
        wrong=TokenChecks({"names": _not_timed_out, "lifetime": _not_expired}),
        right="Genuine and for the right client, but expired. ('dynamic key expired', 2010013, is also about time.)",
        hints=(
            "Everything except its time must be right. When does a token expire that was created earlier?",
            "build_rtc_token takes now (the time of issue) and expires_in. Their sum must be before NOW.",
        ),
        solution='answer = build_rtc_token(credentials, "lobby", uid=7, expires_in=600, now=NOW - 3600)',
    ),
    Exercise(
        id="02.2",
        question="The practice project accepts the App ID or a token. Which of these four clients does it admit?",
        wrong=_in_the_transition,
        right=(
            "During the transition, old clients join without a token. A wrong token is rejected. "
            "No page of Agora's says so explicitly: the practice project assumes it."
        ),
        hints=(
            "One client has no token, three have one. What does the project check for those three?",
            'Try it: Project(credentials, mechanism="app_id_or_token").join("lobby", uid=8, token=token, now=NOW).',
        ),
        solution='answer = {"no token", "a good token"}',
    ),
)
