"""Exercises of lesson 01: which credential is whose, and when to disable a certificate."""

from __future__ import annotations

from itertools import product

from ..credentials import Credentials
from ..practice.clock import Clock
from ..practice.project import Project
from ..practice.session import Connection, MediaServer
from ..tokens.builders import build_rtc_token
from .exercise import Exercise
from .faults import NOW, not_a_count, not_those

_FIRST_CHANGE, _NOON, _LIFETIME = 11, 12, 2
_NEW_CERTIFICATE = "0123456789abcdef" * 2

_LINES, _SECRET_LINES = "ABCDE", "BC"


def _lines_that_leak(answer: object) -> str | None:
    why = {
        "A": "Can a client join without this value, and is it a secret?",
        "D": "What does the client receive here, and for whom was it built?",
        "E": "Which row of the table is this, and does it sign or unlock anything?",
    }
    return not_those(answer, {line: line in _SECRET_LINES for line in _LINES}, why)


def _when_to_disable(answer: object) -> str | None:
    if problem := not_a_count(answer, "hours, such as 18 for six in the evening"):
        return problem
    hour = min(int(str(answer)), 48)
    if hour < _FIRST_CHANGE:
        return (
            f"At {hour}:00 in the morning no server signs with the new certificate yet. "
            "Write the hour of the day on a 24-hour clock: six in the evening is 18."
        )
    if hour < _NOON:
        return f"At {hour}:00 a server still signs with the old certificate. Which one, and until when?"
    old, new = Credentials.for_lessons(), _NEW_CERTIFICATE
    noon = NOW + _NOON * 3600
    last = build_rtc_token(old, "lobby", uid=7, expires_in=_LIFETIME * 3600, now=noon)
    project = Project(old)
    project.certificates.add_secondary(new)
    project.certificates.swap()
    at = NOW + hour * 3600
    if project.join("lobby", uid=7, token=last, now=at).admitted:
        project.certificates.disable_secondary()
        error = project.join("lobby", uid=7, token=last, now=at).text
        return (
            f"If you disable it at {hour}:00, a client that joins then with the last old token gets {error!r}. "
            "Which server issued that token?"
        )
    if project.join("lobby", uid=7, token=last, now=at - 3600).admitted:
        return None
    return (
        "No client is rejected, but the old certificate stays enabled longer than necessary. "
        "When does the last old token expire?"
    )


_CLIENTS = {
    "ann": "Which certificate signed the token that she renews with?",
    "ben": "Which certificate signed the token that he joins with again?",
    "cleo": "Which certificate signed her token?",
    "dan": "When does Agora look at a token again, once its client is in the channel?",
    "eve": "Which certificate signed her token?",
}
_PLANS = ("now", "rotate")


def _at(hour: int, minute: int) -> int:
    return NOW + ((hour - 14) * 60 + minute) * 60


def _rejected(plan: str) -> set[str]:
    """Return who is rejected before 15:00: by playing the afternoon in a practice project."""
    old = Credentials.for_lessons()
    new = Credentials(old.app_id, _NEW_CERTIFICATE)
    project = Project(old, clock=Clock(_at(13, 50)))
    certificates, clock, server = project.certificates, project.clock, MediaServer(project)
    uids = {name: uid for uid, name in enumerate(_CLIENTS, 1)}

    def token_of(name: str, signer: Credentials, built: int) -> str:
        return build_rtc_token(signer, "lobby", uid=uids[name], now=built)

    def join(name: str, signer: Credentials, built: int) -> Connection:
        return server.join("lobby", uid=uids[name], token=token_of(name, signer, built))

    present = {name: join(name, old, clock.now()) for name in ("ann", "ben", "dan")}
    clock.set(_at(14, 20))
    certificates.add_secondary(new.app_certificate)
    certificates.swap()
    if plan == "now":
        certificates.disable_secondary()
    clock.set(_at(14, 30))
    present["ben"].close()
    present |= {"ben": join("ben", old, _at(13, 50)), "cleo": join("cleo", old, _at(14, 30))}
    present["eve"] = join("eve", old, _at(14, 25))
    clock.set(_at(14, 49))
    present["ann"].renew(token_of("ann", new, clock.now()))
    return {name for name, connection in present.items() if not _fine(connection)}


def _fine(connection: Connection) -> bool:
    if connection.session is None:
        return False
    admission = connection.session.events[-1].admission
    return admission is None or admission.admitted


def _who_is_rejected(answer: object) -> str | None:
    if not isinstance(answer, dict) or set(map(str, answer)) != set(_PLANS):
        return "Write a dict with exactly the keys 'now' and 'rotate', and a set of names for each."
    for plan in _PLANS:
        if not isinstance(answer[plan], set | frozenset | list | tuple):
            return f"Under {plan!r}, write a set of names. For nobody, write set()."
        if unknown := next((name for name in answer[plan] if name not in tuple(_CLIENTS)), None):
            return f"{unknown!r} is not one of the five. Choose from {', '.join(map(repr, _CLIENTS))}."
    rejected = {plan: _rejected(plan) for plan in _PLANS}
    for plan, name in product(_PLANS, _CLIENTS):
        if name in answer[plan] and name not in rejected[plan]:
            accepted = " Which certificates does the project accept before 15:00?" if plan == "rotate" else ""
            return f"Under {plan!r}, {name} is not rejected. {_CLIENTS[name]}{accepted}"
    if rejected == {plan: set(answer[plan]) for plan in _PLANS}:
        return None
    return "Someone is missing. Who else shows Agora a token after 14:20, and which certificate signed it?"


EXERCISES = (
    Exercise(
        id="01.1",
        question="Which of these lines must not be in a web client?",
        wrong=_lines_that_leak,
        right=(
            "Both put a secret into every browser: one unlocks the REST API for your whole account, "
            "the other signs tokens. Next.js copies each NEXT_PUBLIC_ variable into the page."
        ),
        hints=(
            "A web client runs on your users' machines. For each line: would it harm you if a user read that value?",
            "Two of the table's credentials belong to a server only. Look for their values, also under other names.",
        ),
        solution='answer = {"B", "C"}',
    ),
    Exercise(
        id="01.2",
        question=(
            "What is the earliest full hour at which you can disable the old certificate without rejecting anyone?"
        ),
        wrong=_when_to_disable,
        right=(
            "Server B issues the last old token at noon, and it expires after two hours. "
            "Short lifetimes make rotations quick."
        ),
        hints=(
            "Which of the two servers signs with the old certificate for longer?",
            "The last old token is issued at noon, and lives as long as every token of these servers.",
        ),
        solution="answer = 12 + 2",
    ),
    Exercise(
        id="01.3",
        question="For each plan, who is rejected before 15:00?",
        wrong=_who_is_rejected,
        right=(
            "Disabling at once locks out the attacker, and with her two users, until they fetch a new token. "
            "Rotating spares the users, and lets the attacker join."
        ),
        hints=(
            "Agora checks a token when a client joins or renews. Who does neither between 14:20 and 15:00?",
            "Under 'now' only the new certificate counts from 14:20 on. Under 'rotate' both count until 16:00.",
        ),
        solution='answer = {"now": {"ben", "cleo", "eve"}, "rotate": set()}',
    ),
)
