"""Exercises of lesson 08: a rotation, and a policy. A practice project and a token server try them out."""

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
        return f"{missing[0]!r} is missing, and another step stands twice."
    return _Rotation().take(list(answer))


class _Rotation:
    """A project whose clients come after each step: one with the last old token, one with a fresh one."""

    def __init__(self) -> None:
        self._old = Credentials.for_lessons()
        self._new = Credentials(self._old.app_id, self._old.app_certificate[::-1])
        self._project, self._signer, self._at = Project(self._old), self._old, NOW
        self._last_old = self._token()

    def take(self, steps: list[str]) -> str | None:
        """Each step; then what is wrong, if anything is."""
        certificates = self._project.certificates
        acts = {
            ADD: lambda: certificates.add_secondary(self._new.app_certificate),
            SIGN: self._sign,
            SWAP: certificates.swap,
            WAIT: self._wait,
            DISABLE: certificates.disable_secondary,
            DELETE: certificates.delete_secondary,
        }
        for step in steps:
            try:
                acts[step]()
            except InputError as error:
                return f"{step!r}: the console does not allow it. {error}"
            if self._refused(self._token()):
                return f"After {step!r} a fresh token is refused: the server signs with a key that is not enabled."
            if self._at == NOW and self._refused(self._last_old):
                return f"After {step!r} clients are refused whose token of the old kind has not ended yet."
        return None

    def _token(self) -> str:
        return build_rtc_token(self._signer, "lobby", uid=7, now=self._at)

    def _refused(self, token: str) -> bool:
        return not self._project.join("lobby", uid=7, token=token, now=self._at).admitted

    def _sign(self) -> None:
        self._signer = self._new

    def _wait(self) -> None:
        """An hour; if the server still signs with the old key, tokens of the old kind are as fresh as ever."""
        if self._signer is self._new:
            self._at += 3600


def _policy(answer: object) -> str | None:
    if not callable(answer):
        return "A policy is a function: it takes the headers, and returns a Permit or None."
    from ..server.app import TokenServer  # only here: it needs the extra "server"

    with TokenServer(Credentials.for_lessons(), access=answer, now=NOW, salt=SALT) as server:

        def ask(session: str | None, path: str = "/rtctoken", **body: Any) -> Any:
            headers = {} if session is None else {"x-session": session}
            return server.client.post(path, json=body, headers=headers)

        for session, user, teaches in (("t-1", "ms-lee", True), ("p-1", "tom", False), ("p-2", "mia", False)):
            if problem := _wrong_with(ask, session, user, teaches):
                return problem
        for stranger in (None, "", "p-3", "tom"):
            if (status := ask(stranger, channel=_CLASS).status_code) != 401:
                return f"A stranger (x-session: {stranger!r}) was answered with {status}. For strangers return None."
    return None


def _wrong_with(ask: Any, session: str, user: str, teaches: bool) -> str | None:
    """What is wrong with what this member of the school gets."""
    answer = ask(session, channel=_CLASS)
    if answer.status_code != 200:
        said = answer.json()["error"]["message"]
        return f"{user} asks for {_CLASS} and gets no token ({answer.status_code}): {said}"
    (service,) = decode(answer.json()["token"]).services
    if getattr(service, "uid", None) != user:
        return f"{user} did not say a name, and the token is not for {user}: let the permit decide the user."
    if ask(session, channel=_CLASS, userAccount="head").status_code != 403:
        return f"{user} asked for a token for somebody else, and was not refused."
    if ask(session, channel="staff-room").status_code != 403:
        return f"{user} asked for a token for staff-room, and was not refused."
    if (ask(session, channel=_CLASS, isPublisher=True).status_code == 200) != teaches:
        return f"{user} {'teaches, and may not' if teaches else 'is a pupil, and may'} publish."
    return None


EXERCISES = (
    Exercise(
        id="08.1",
        question="Put the steps into an order in which no client is refused, and which the console allows.",
        wrong=_order,
        right="Each step was taken on a practice project, with a client at the door after it.",
        hints=(
            "Both must be enabled before the server signs with the new one. Until when is the old one needed?",
            "The console disables and deletes the secondary one, so the old one must be in its place by then.",
        ),
        solution=(
            'answer = ["add a secondary one", "sign with the new one", "swap"]\n'
            'answer += ["wait an hour", "disable the old one", "delete the old one"]'
        ),
    ),
    Exercise(
        id="08.2",
        question=(
            "Write a policy for a school: teachers may publish in their class, pupils only listen there, "
            "and everybody is who they are."
        ),
        wrong=_policy,
        right="A token server asked it, for a teacher, for pupils and for strangers.",
        hints=(
            "Look the session up among the teachers, then among the pupils. For nobody, return None.",
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
