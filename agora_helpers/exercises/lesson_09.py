"""Exercises of lesson 09: a rotation, tried out on a practice project, and a log to read."""

from __future__ import annotations

from collections.abc import Mapping

from ..credentials import Credentials
from ..errors import InputError
from ..practice.project import Project
from ..tokens.builders import build_rtc_token
from .exercise import Exercise
from .faults import NOW

ADD, SIGN, SWAP, WAIT, DISABLE, DELETE = STEPS = (
    "add a secondary one",
    "sign with the new one",
    "swap",
    "wait an hour",
    "disable the old one",
    "delete the old one",
)


def _order(answer: object) -> str | None:
    if not isinstance(answer, list | tuple) or len(answer) != len(STEPS) or any(step not in STEPS for step in answer):
        return f"Write a list of all six steps: {', '.join(map(repr, STEPS))}."
    if missing := [step for step in STEPS if step not in answer]:
        return f"{missing[0]!r} is missing, and another step occurs twice."
    return _Rotation().take(list(answer))


class _Rotation:
    """A project that two clients join after each step: one with the last old token, one with a fresh token."""

    def __init__(self) -> None:
        self._old = Credentials.for_lessons()
        self._new = Credentials(self._old.app_id, self._old.app_certificate[::-1])
        self._project, self._signer, self._at = Project(self._old), self._old, NOW
        self._last_old = self._token()

    def take(self, steps: list[str]) -> str | None:
        """Take each step. Return what is wrong, or None."""
        certificates = self._project.certificates
        actions = {
            ADD: lambda: certificates.add_secondary(self._new.app_certificate),
            SIGN: self._sign,
            SWAP: certificates.swap,
            WAIT: self._wait,
            DISABLE: certificates.disable_secondary,
            DELETE: certificates.delete_secondary,
        }
        for step in steps:
            try:
                actions[step]()
            except InputError as error:
                return f"{step!r}: the console does not allow this. {error}"
            if self._rejects(self._token()):
                problem = "a fresh token is rejected: the server signs with a certificate that is not enabled."
                return f"After {step!r} {problem}"
            if self._at == NOW and self._rejects(self._last_old):
                return f"After {step!r} clients with tokens of the old certificate are rejected before these expire."
            if self._signer is self._new and certificates.value("primary") != self._new.app_certificate:
                return (
                    f"After {step!r} all clients are admitted, but the server signs with the secondary certificate. "
                    "Which of Agora's services reject such a token?"
                )
        return None

    def _token(self) -> str:
        return build_rtc_token(self._signer, "lobby", uid=7, now=self._at)

    def _rejects(self, token: str) -> bool:
        return not self._project.join("lobby", uid=7, token=token, now=self._at).admitted

    def _sign(self) -> None:
        self._signer = self._new

    def _wait(self) -> None:
        """Wait an hour. If the server still signs with the old certificate, that changes nothing."""
        if self._signer is self._new:
            self._at += 3600


CALLERS = ("198.51.100.4", "alice", "carol", "dave", "erin", "frank", "bob", "key 1", "203.0.113.9")
"""The callers in the log of 09.2."""
_CULPRITS = {"loop": "bob", "late": "carol", "guesses": "203.0.113.9"}
_MISTAKES = {
    ("loop", "key 1"): "'key 1' sends many requests, and gets a token for each. How many users may one backend serve?",
    ("loop", "203.0.113.9"): "203.0.113.9 never got a token. What would a client in a loop get before the first 429?",
    ("late", "alice"): "alice's requests come 59 minutes apart. Has her token expired by then?",
    ("late", "dave"): "dave's requests come 59 minutes apart. Has his token expired by then?",
    ("late", "bob"): "bob's second request comes 59 minutes after his first. What is wrong with him is another thing.",
    ("guesses", "198.51.100.4"): (
        "198.51.100.4 was rejected three times. Look at the minute after that: what may these three have done?"
    ),
    ("guesses", "key 1"): "No request of 'key 1' was rejected. What status does a wrong guess get?",
    ("guesses", "bob"): "The log knows bob by his name, so his session was right. What status does a wrong guess get?",
}
_QUESTIONS = {
    "loop": "Which caller gets far more tokens in a minute than one client needs?",
    "late": "Compare the times between the requests of one caller with the lifetime of a token.",
    "guesses": "Which status does a request with an unknown session get?",
}


def _culprits(answer: object) -> str | None:
    if not isinstance(answer, Mapping) or set(answer) != set(_CULPRITS):
        return 'Write a dictionary with three keys: {"loop": …, "late": …, "guesses": …}.'
    for key, culprit in _CULPRITS.items():
        caller = answer[key]
        if not isinstance(caller, str) or caller not in CALLERS:
            return f"{key}: {caller!r} is not a caller in this log. Copy the name from the second column."
        if caller != culprit:
            return f"{key}: {_MISTAKES.get((key, caller), f'The log shows nothing of the kind. {_QUESTIONS[key]}')}"
    return None


EXERCISES = (
    Exercise(
        id="09.1",
        question=(
            "Put the steps into an order that the console allows, in which no client is rejected and no token signed "
            "with the new certificate fails at a REST service."
        ),
        wrong=_order,
        right="Each step was tried on a practice project, and after each one clients joined.",
        hints=(
            "Agora's REST services accept only the primary certificate. When is the new one primary?",
            "The console disables and deletes only the secondary certificate. The old one is needed as long as a token "
            "signed with it is valid, and the waiting begins when the last of them is signed.",
        ),
        solution=(
            'answer = ["add a secondary one", "swap", "sign with the new one"]\n'
            'answer += ["wait an hour", "disable the old one", "delete the old one"]'
        ),
    ),
    Exercise(
        id="09.2",
        question=(
            "Name three callers: the client in a loop, the client that doesn't renew in time, and the address that "
            "guesses sessions."
        ),
        wrong=_culprits,
        right="Three different problems: one client's bug, one client's missing handler, and one attack.",
        hints=(
            "Go through the callers one by one. How far apart are their requests, and which statuses do they get?",
            "A client that renews in time returns after less than an hour. One in a loop gets tokens until the limit "
            "stops it. One that guesses gets none.",
        ),
        solution='answer = {"loop": "bob", "late": "carol", "guesses": "203.0.113.9"}',
    ),
)
