"""Exercises of lesson 09: a rotation that went wrong, tried out on a practice project, and a log to read."""

from __future__ import annotations

from collections.abc import Mapping

from ..credentials import Credentials
from ..errors import InputError
from ..practice.project import Project
from ..tokens.builders import build_rtc_token
from .exercise import Exercise
from .faults import NOW

ENABLE, SIGN, WAIT, DISABLE, DELETE, SWAP = STEPS = (
    "enable the old one",
    "sign with the new one",
    "wait an hour",
    "disable the old one",
    "delete the old one",
    "swap",
)
_HOUR = 3600


def _order(answer: object) -> str | None:
    if not isinstance(answer, list | tuple) or not answer or any(step not in STEPS for step in answer):
        return f"Write a list of steps. Choose from {', '.join(map(repr, STEPS))}."
    if twice := [step for place, step in enumerate(answer) if step in answer[:place]]:
        return f"{twice[0]!r} occurs twice."
    return _Rotation().take(list(answer))


class _Rotation:
    """A project in the middle of a rotation: the new certificate is the primary one, and the old one is disabled.

    All servers sign with the new certificate, except the forgotten one. Three clients join after each step: one with
    the forgotten server's last old token, one with a fresh token from it, and one with a fresh token from another.
    """

    def __init__(self) -> None:
        old = Credentials.for_lessons()
        self._old, self._new = old, Credentials(old.app_id, old.app_certificate[::-1])
        self._project, self._signer, self._at = Project(self._old), self._old, NOW
        certificates = self._project.certificates
        certificates.add_secondary(self._new.app_certificate)
        certificates.swap()
        certificates.disable_secondary()
        self._last_old, self._last_old_ends = self._token(), NOW + _HOUR

    def take(self, steps: list[str]) -> str | None:
        """Take each step. Return what is wrong, or None."""
        certificates = self._project.certificates
        actions = {
            ENABLE: certificates.enable_secondary,
            SIGN: self._sign,
            WAIT: self._wait,
            DISABLE: certificates.disable_secondary,
            DELETE: certificates.delete_secondary,
            SWAP: certificates.swap,
        }
        for step in steps:
            try:
                actions[step]()
            except InputError as error:
                return f"{step!r}: the console does not allow this. {error}"
            if certificates.value("primary") != self._new.app_certificate:
                return f"After {step!r} your servers sign with the secondary certificate. Which services reject that?"
            if self._rejects(self._token()):
                return f"After {step!r} a client with a fresh token from the forgotten server is rejected."
            if self._at < self._last_old_ends and self._rejects(self._last_old):
                return f"After {step!r} clients with tokens of the old certificate are rejected before these expire."
        if len(certificates.entries) > 1:
            return "No client is rejected, but at the end the old certificate still exists."
        return None

    def _token(self) -> str:
        return build_rtc_token(self._signer, "lobby", uid=7, expires_in=_HOUR, now=self._at)

    def _rejects(self, token: str) -> bool:
        return not self._project.join("lobby", uid=7, token=token, now=self._at).admitted

    def _sign(self) -> None:
        self._signer = self._new

    def _wait(self) -> None:
        """Wait an hour. A forgotten server that still signs with the old certificate has issued a new last token."""
        self._at += _HOUR
        if self._signer is self._old:
            self._last_old, self._last_old_ends = self._token(), self._at + _HOUR


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
            "Put the steps that you need into an order: from the first step on no client is rejected, and at the end "
            "the old certificate is deleted."
        ),
        wrong=_order,
        right="Each step was tried on a practice project. A disabled certificate can come back, a deleted one cannot.",
        hints=(
            "Clients that already hold a token of that server are rejected, too. Which single step helps all of them?",
            "Then the rest of the rotation follows for the forgotten server alone. The new certificate is the primary "
            "one already, so one step would undo what works.",
        ),
        solution=(
            'answer = ["enable the old one", "sign with the new one", "wait an hour"]\n'
            'answer += ["disable the old one", "delete the old one"]'
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
