"""Exercises of lesson 02: which clients are admitted, and why others are not."""

from __future__ import annotations

from datetime import UTC, datetime

from ..credentials import Credentials
from ..practice.admission import RTC_TEXTS, Admission
from ..practice.certificates import Mechanism
from ..practice.project import Project
from ..tokens.builders import build_rtc_token, build_rtm_token
from ..tokens.decoder import decode
from ..verification.verifier import verify
from ..wording import format_duration
from .exercise import Exercise
from .faults import NOW, TokenChecks


def _not_timed_out(token: str) -> str | None:
    admission = Project(Credentials.for_lessons()).join("lobby", uid=7, token=token, now=NOW)
    if admission.admitted or admission.text == RTC_TEXTS[10]:
        return None
    return f"The project answers {admission.text!r}. {admission.reasons[0].title}."


def _not_expired(token: str) -> str | None:
    decoded = decode(token)
    if verify(token, Credentials.for_lessons(), now=NOW).time.status == "wrong":
        return None
    if decoded.issued_at is None or decoded.issued_at <= NOW:
        left = format_duration(decoded.ends_at - NOW)
        return f"The client is admitted: at NOW the token is still valid for {left}. When was it issued?"
    if decoded.issued_at - NOW <= 86_400:
        return "The token is issued after NOW. How could it have expired by then?"
    year, now = (datetime.fromtimestamp(time, UTC).year for time in (decoded.issued_at, NOW))
    return f"You left out now, so the token was issued in {year}. NOW is in {now}. Can it have expired by then?"


_ACCEPTS = {"App ID": Mechanism.APP_ID, "token": Mechanism.TOKEN}
_SENT = ("nothing", "good token", "forged token")
_LOG = {1: "DYNAMIC_KEY_NOT_ENABLED", 2: "dynamic use static key", 3: "Signature verification failed"}


def _misread(answer: object) -> str | None:
    if not isinstance(answer, dict) or set(answer) != set(_LOG):
        return "Write a dict with the numbers of the lines, 1 to 3, as its keys."
    for line, pair in answer.items():
        if not isinstance(pair, tuple | list) or len(pair) != 2:
            return f"Line {line}: write a pair, first what the project accepts, then what the client sent."
        accepts, sent = pair
        if accepts not in tuple(_ACCEPTS) or sent not in _SENT:
            choices = f"{', '.join(map(repr, _ACCEPTS))} and from {', '.join(map(repr, _SENT))}"
            return f"Line {line}: one of the two is not a choice. Choose from {choices}."
    for line, (accepts, sent) in sorted(answer.items()):
        shown = _answer_to(accepts, sent, rtm=line != 2)
        if _LOG[line] not in shown.text:
            problem = f"{shown.error} {shown.text}".rstrip(".") if shown.error else "no error: the client is admitted"
            right_project = any(_LOG[line] in _answer_to(accepts, other, rtm=line != 2).text for other in _SENT)
            about = "client" if right_project else "project"
            return f"Line {line}: with your pair the log has {problem}. What does line {line} say about the {about}?"
    return None


def _answer_to(accepts: str, sent: str, *, rtm: bool) -> Admission:
    """Return what a project answers to a client: alice, who logs in to RTM, or user 7, who joins the lobby."""
    genuine = Credentials.for_lessons()
    signer = genuine if sent == "good token" else Credentials(genuine.app_id, genuine.app_certificate[::-1])
    project = Project(genuine, mechanism=_ACCEPTS[accepts])
    if rtm:
        token = None if sent == "nothing" else build_rtm_token(signer, "alice", now=NOW)
        return project.login("alice", token=token, now=NOW)
    token = None if sent == "nothing" else build_rtc_token(signer, "lobby", uid=7, now=NOW)
    return project.join("lobby", uid=7, token=token, now=NOW)


def _not_who_loses_access(answer: object) -> str | None:
    credentials = Credentials.for_lessons()
    project = Project(credentials, mechanism=Mechanism.APP_ID_OR_TOKEN)
    good, expired = (build_rtc_token(credentials, "lobby", uid=7, now=NOW - age) for age in (60, 7200))
    tokens = {
        "old app, no token": None,
        "new app, good token": good,
        "new app, null": None,
        "new app, expired token": expired,
    }
    before = {name for name, token in tokens.items() if project.join("lobby", uid=7, token=token, now=NOW).admitted}
    project.certificates.disable_no_certificate()
    after = {name for name, token in tokens.items() if project.join("lobby", uid=7, token=token, now=NOW).admitted}
    if not isinstance(answer, set | frozenset | list | tuple) or any(name not in tuple(tokens) for name in answer):
        return f"Write a set of names from clients. Choose from {', '.join(map(repr, tokens))}."
    chosen = set(answer)
    if chosen & after:
        return "One of those that you chose still joins after the change. What does the project accept from then on?"
    if chosen - before:
        return "One of those that you chose could not join before the change, either. Which entry lets a client in?"
    if chosen != before - after:
        return "Someone is missing. Ask for each client what reaches Agora, and not which version of the app it is."
    return None


EXERCISES = (
    Exercise(
        id="02.1",
        question=(
            "Build a token for which the project answers 'dynamic key or token timeout' when user 7 joins lobby at NOW."
        ),
        wrong=TokenChecks({"names": _not_timed_out, "lifetime": _not_expired}),
        right="The token is genuine and for the right client, but it has expired.",
        hints=(
            "Everything except its time must be right. When does a token expire that was built earlier?",
            "build_rtc_token takes now (the time of issue) and expires_in. Their sum must be before NOW.",
        ),
        solution='answer = build_rtc_token(credentials, "lobby", uid=7, expires_in=600, now=NOW - 3600)',
    ),
    Exercise(
        id="02.2",
        question="For each line of the log, what does the project accept, and what did the client send?",
        wrong=_misread,
        right="First the project, then the client. A signature can only fail in a project that checks tokens.",
        hints=(
            "The vendor is the project. A dynamic key is a token, and a static key is the App ID.",
            "In line 1 the project did not enable the dynamic key. So what does it accept?",
        ),
        solution=('answer = {1: ("App ID", "good token"), 2: ("token", "nothing"), 3: ("token", "forged token")}'),
    ),
    Exercise(
        id="02.3",
        question="Which of these four lose access because you disable the entry No certificate?",
        wrong=_not_who_loses_access,
        right=(
            "Without a token nobody is admitted any more, whatever the app's version. So make sure before this step "
            "that the new app never falls back to null. The client with the expired token was rejected before, too. "
            "Agora does not document that; the practice project assumes it."
        ),
        hints=(
            "While the entry is enabled, a client without a token is admitted. Who sends none?",
            'Try it: Project(credentials, mechanism="app_id_or_token").join("lobby", uid=7, token=None).',
        ),
        solution='answer = {"old app, no token", "new app, null"}',
    ),
)
