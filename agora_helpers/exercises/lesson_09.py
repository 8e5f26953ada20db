"""Exercises of lesson 09: a rotation and a policy, tried out on a practice project and a token server."""

from __future__ import annotations

from typing import Any

from ..credentials import Credentials
from ..errors import InputError
from ..practice.project import Project
from ..tokens.builders import build_rtc_token
from ..tokens.decoder import decode
from .exercise import Exercise
from .faults import NOW, SALT

ADD, SIGN, SWAP, WAIT, DISABLE, DELETE = STEPS = (
    "add a secondary one",
    "sign with the new one",
    "swap",
    "wait an hour",
    "disable the old one",
    "delete the old one",
)
_CLASS = "class-7"


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
                return f"After {step!r} a fresh token is rejected: the server signs with a key that is not enabled."
            if self._at == NOW and self._rejects(self._last_old):
                return f"After {step!r} clients are rejected whose tokens, signed with the old key, have not expired."
        return None

    def _token(self) -> str:
        return build_rtc_token(self._signer, "lobby", uid=7, now=self._at)

    def _rejects(self, token: str) -> bool:
        return not self._project.join("lobby", uid=7, token=token, now=self._at).admitted

    def _sign(self) -> None:
        self._signer = self._new

    def _wait(self) -> None:
        """Wait an hour. If the server still signs with the old key, that changes nothing."""
        if self._signer is self._new:
            self._at += 3600


def _policy(answer: object) -> str | None:
    if not callable(answer):
        return "A policy is a function that takes the headers and returns a Permit or None."
    from ..server.app import TokenServer  # only here: it needs the extra "server"

    with TokenServer(Credentials.for_lessons(), access=answer, now=NOW, salt=SALT) as server:

        def post(session: str | None, path: str = "/rtctoken", **body: Any) -> Any:
            headers = {} if session is None else {"x-session": session}
            return server.client.post(path, json=body, headers=headers)

        for session, user, teaches in (("t-1", "ms-lee", True), ("p-1", "tom", False), ("p-2", "mia", False)):
            if problem := _wrong_with(post, session, user, teaches):
                return problem
        for stranger in (None, "", "p-3", "tom"):
            if (status := post(stranger, channel=_CLASS).status_code) != 401:
                return f"A stranger (x-session: {stranger!r}) got status {status}, and should be rejected."
    return None


def _wrong_with(post: Any, session: str, user: str, teaches: bool) -> str | None:
    """Check what the server returns to this member of the school."""
    answer = post(session, channel=_CLASS)
    if answer.status_code != 200:
        message = answer.json()["error"]["message"]
        return f"{user} requests a token for {_CLASS} and gets none ({answer.status_code}): {message}"
    (service,) = decode(answer.json()["token"]).services
    if getattr(service, "uid", None) != user:
        return f"{user} sent no user name, and the token is not for {user}."
    if post(session, channel=_CLASS, userAccount="head").status_code != 403:
        return f"{user} requested a token for another user, and was not rejected."
    if post(session, channel="staff-room").status_code != 403:
        return f"{user} requested a token for staff-room, and was not rejected."
    if (post(session, channel=_CLASS, isPublisher=True).status_code == 200) != teaches:
        return f"{user} is a {'teacher, but cannot' if teaches else 'pupil, but can'} publish."
    return None


EXERCISES = (
    Exercise(
        id="09.1",
        question="Put the steps into an order that the console allows and in which no client is rejected.",
        wrong=_order,
        right="Each step was tried on a practice project, and after each one clients joined.",
        hints=(
            "Both must be enabled before the server signs with the new one. How long is the old one needed?",
            "The console disables and deletes only the secondary certificate, so the old one must be that one by then.",
        ),
        solution=(
            'answer = ["add a secondary one", "sign with the new one", "swap"]\n'
            'answer += ["wait an hour", "disable the old one", "delete the old one"]'
        ),
    ),
    Exercise(
        id="09.2",
        question=(
            "Write a policy for a school: teachers may publish in their class, pupils may only listen there, "
            "and each of them joins under their own name."
        ),
        wrong=_policy,
        right="A token server called it for a teacher, for pupils and for strangers.",
        hints=(
            "Look up the session among the teachers, then among the pupils. If it is unknown, return None.",
            'Permit(name, user=name, channels={"class-7"}, may_publish=…).',
        ),
        solution=(
            "def school(headers):\n"
            '    session = headers.get("x-session")\n'
            "    name = TEACHERS.get(session) or PUPILS.get(session)\n"
            '    return name and Permit(name, user=name, channels={"class-7"}, may_publish=session in TEACHERS)\n'
            "\n"
            "\n"
            "answer = school"
        ),
    ),
)
