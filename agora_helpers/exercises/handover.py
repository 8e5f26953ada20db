"""The system of the capstone: a practice project in the middle of a rotation, two token servers, and people in a call.

The learner's parts are functions that are tried out here. What fails first is reported as it would be in an app: by
what Agora or the token server answers.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from ..constants import SDK_WARNING_SECONDS
from ..credentials import Credentials
from ..errors import InputError
from ..practice.clock import Clock
from ..practice.gateway import EventKind, SessionState
from ..practice.project import Project
from ..practice.session import Connection, MediaServer
from ..tokens.builders import build_rtc_token
from .faults import NOW, SALT, a_kind_of

if TYPE_CHECKING:
    from ..server.app import TokenServer

CHANNEL = "lesson-1"
MEMBERS = {"s-kim": 7, "s-lou": 8}
"""The uid of each session."""
TEACHERS = {7}
ENABLE, RESTART, WAIT, DISABLE, DELETE, SWAP = STEPS = (
    "enable the old certificate",
    "restart server B with the new certificate",
    "wait an hour",
    "disable the old certificate",
    "delete the old certificate",
    "swap",
)
"""What is left to do in the rotation, or looks like it."""
_HOUR = 3600
_MAX_REQUESTS = 100
_SCREEN = [{"stream_type": "video", "ssrcs": [{"ssrcId": 1}]}]

Policy = Callable[[Mapping[str, str]], Any]
Fetch = Callable[..., dict[str, Any]]


class FailureError(Exception):
    """The first thing that does not work, as a sentence or two for the learner."""


class _RejectedError(RuntimeError):
    """The token server's answer is an error."""


class _EndlessError(BaseException):
    """Requests without end. Code that catches every ``Exception`` does not catch this one."""


@dataclass(frozen=True, slots=True)
class Client:
    """The learner's client code."""

    join: Callable[[Fetch, bool], Any]
    """Gets a way to request tokens, and whether to publish. Returns the arguments for Agora's ``join``."""
    renew: Callable[[Fetch, bool, str], Any]
    """Gets the token in use, too. Returns the one to pass to ``renewToken``."""


class Rotation:
    """The project and its two token servers, from the state in which the learner finds them."""

    def __init__(self, clock: Clock) -> None:
        self.old = Credentials.for_lessons()
        self.new = Credentials(self.old.app_id, self.old.app_certificate[::-1])
        self.clock = clock
        self.project = Project(self.old, co_host_authentication=True, clock=clock)
        self.signers = {"A": self.new, "B": self.old}
        certificates = self.project.certificates
        certificates.add_secondary(self.new.app_certificate)
        certificates.swap()
        certificates.disable_secondary()

    def take(self, step: str, wait: Callable[[], object]) -> None:
        """Take a step. The old certificate is the secondary one, unless the learner swaps again.

        Raises:
            FailureError: the console does not allow it.
        """
        certificates = self.project.certificates
        actions: dict[str, Callable[[], object]] = {
            ENABLE: certificates.enable_secondary,
            RESTART: lambda: self.signers.update(B=self.new),
            WAIT: wait,
            DISABLE: certificates.disable_secondary,
            DELETE: certificates.delete_secondary,
            SWAP: certificates.swap,
        }
        try:
            actions[step]()
        except InputError as error:
            raise FailureError(f"{step!r}: the console does not allow this now. {error}") from None

    def rejects(self, token: str) -> bool:
        """Return whether user 7 is rejected with this token now."""
        return not self.project.join(CHANNEL, uid=7, token=token).admitted

    def token(self, server: str) -> str:
        """Return a token for user 7 from one of the servers."""
        return build_rtc_token(self.signers[server], CHANNEL, uid=7, now=self.clock.now(), salt=SALT)


def check_steps(steps: object) -> None:
    """Take all steps, and let clients join after each one.

    Raises:
        FailureError: a client is rejected that should not be, or the rotation is not finished.
    """
    if not isinstance(steps, list | tuple) or not all(step in STEPS for step in steps):
        raise FailureError(f"Write a list of steps. Choose from {', '.join(map(repr, STEPS))}.")
    if not steps:
        raise FailureError("Without a step nothing changes: Agora rejects the tokens that server B issues.")
    clock = Clock(NOW)
    rotation = Rotation(clock)
    held, held_since = rotation.token("B"), NOW
    for step in steps:
        rotation.take(step, lambda: clock.advance(_HOUR))
        if rotation.signers["B"] is rotation.old:
            held, held_since = rotation.token("B"), clock.now()
        for server in rotation.signers:
            if rotation.rejects(rotation.token(server)):
                raise FailureError(f"After {step!r} Agora rejects the tokens that server {server} issues.")
        if clock.now() < held_since + _HOUR and rotation.rejects(held):
            text = f"After {step!r} a person in a call loses the network, rejoins with a token that has not expired, "
            raise FailureError(f"{text}and is rejected.")
    if [*rotation.project.certificates.entries] != ["primary"]:
        raise FailureError("All clients are admitted all the time, but the project still has two certificates.")


def good_policy(headers: Mapping[str, str]) -> Any:
    """Reject strangers, and decide uid, channel and role for everyone else."""
    from ..server.access import Permit  # only here: it needs the extra "server"

    uid = MEMBERS.get(headers.get("x-session", ""))
    return uid and Permit(f"user {uid}", uid=uid, channels={CHANNEL}, may_publish=uid in TEACHERS)


class Call:
    """A call with kim, who teaches, and lou, who listens. Each method raises :class:`FailureError`."""

    def __init__(self, client: Client, policy: Policy) -> None:
        self._client, self._policy = client, policy
        self.clock = Clock(NOW)
        self.rotation = Rotation(self.clock)
        self._media = MediaServer(self.rotation.project)
        self._inside: dict[str, tuple[Connection, str, str]] = {}
        """By name: the connection, the token, and the token server."""
        self._lost, self._requests = 0, 0
        self._servers: dict[Credentials, TokenServer] = {}
        """By what they sign with. They start when they get their first request."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        for server in self._servers.values():
            server.stop()

    def enter(self, name: str, server: str) -> None:
        """Let somebody join, through one of the token servers."""
        values = self._run("join", name, server)
        if not isinstance(values, dict) or set(values) != {"channel", "uid", "token"}:
            raise FailureError("join must return a dict with channel, uid and token, and nothing else.")
        try:
            admission = self.rotation.project.join(**values)
        except InputError as error:
            raise FailureError(f"{name} joins: {error}") from None
        if not admission.admitted:
            text = f"{name} joins through server {server}: {admission.text!r}."
            raise FailureError(f"{text} Which values does Agora compare with the token?")
        if values["uid"] != MEMBERS[f"s-{name}"]:
            raise FailureError(f"{name} is in the channel as user {values['uid']}. Who decides which uid a client has?")
        connection = self._media.join(**values)
        self._inside[name] = connection, values["token"], server

    def publish(self, name: str) -> str:
        """Let somebody in the call publish video. Return the SDK's error, or an empty string."""
        connection = self._inside[name][0]
        message = {"_id": "publish", "_type": "publish", "_message": {"ortc": _SCREEN}}
        connection.receive(json.dumps(message))
        event = connection.session.events[-1] if connection.session else None
        return event.sdk.rstrip(".") if event and event.refused else ""

    def pass_time(self, seconds: int) -> None:
        """Let time pass, and let clients renew when they are warned. The first request of each renewal gets lost."""
        for _ in range(0, seconds, SDK_WARNING_SECONDS):
            self.clock.advance(SDK_WARNING_SECONDS)
            for name, (connection, _, _) in [*self._inside.items()]:
                session = connection.session
                if session is None or session.state == SessionState.OUT:
                    text = f"{name} is removed: token-privilege-did-expire. Her client was warned in time."
                    raise FailureError(f"{text} What did it pass to renewToken?")
                if session.events[-1].kind == EventKind.WARNING:
                    self._renew(name)

    def _renew(self, name: str) -> None:
        connection, _, server = self._inside[name]
        self._lost = 1
        token = self._run("renew", name, server)
        self._lost = 0
        if not isinstance(token, str):
            raise FailureError(f"renew must return a token, which is a string, but yours is {a_kind_of(token)}.")
        connection.renew(token)
        event = connection.session.events[-1] if connection.session else None
        if event and event.refused:
            raise FailureError(f"{name} renews: {event.sdk.rstrip('.')}.")
        self._inside[name] = connection, token, server

    def _run(self, part: str, name: str, server: str) -> Any:
        """Run a part of the learner's client code for somebody."""
        publish = MEMBERS[f"s-{name}"] in TEACHERS
        self._requests = 0

        def fetch(**body: Any) -> dict[str, Any]:
            return self.request(f"s-{name}", server, body)

        try:
            if part == "join":
                return self._client.join(fetch, publish)
            return self._client.renew(fetch, publish, self._inside[name][1])
        except _RejectedError as error:
            raise FailureError(f"{name}'s client runs {part}. The token server returns {error}") from None
        except _EndlessError:
            raise FailureError(f"{name}'s client runs {part}, which requests tokens without end.") from None
        except FailureError:
            raise
        except Exception as error:
            text = f"{name}'s client runs {part}, which raises {type(error).__name__}: {error}"
            raise FailureError(f"{text.rstrip('.')}.") from None

    def request(self, session: str | None, server: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Send a request to a token server.

        Raises:
            ConnectionError: the request got lost.
            RuntimeError: the server answers with an error; the message starts with the status.
            FailureError: the policy does not work.
        """
        self._requests += 1
        if self._requests > _MAX_REQUESTS:
            raise _EndlessError
        if self._lost:
            self._lost -= 1
            raise ConnectionError("The token server cannot be reached.")
        headers = {} if session is None else {"x-session": session}
        self._try_policy(headers)
        signer = self.rotation.signers[server]
        if signer not in self._servers:
            from ..server.app import TokenServer  # only here: it needs the extra "server"

            options: dict[str, Any] = {"access": self._policy, "now": self.clock.now, "salt": SALT, "uid": 1001}
            self._servers[signer] = TokenServer(signer, **options).start()
        response = self._servers[signer].client.post("/rtctoken", json=dict(body), headers=headers)
        answer: dict[str, Any] = response.json()
        if response.status_code != 200:
            raise _RejectedError(f"{response.status_code}: {answer['error']['message']}")
        return answer

    def _try_policy(self, headers: Mapping[str, str]) -> None:
        """Run the policy alone. In the server, its mistakes would only cause a status 500."""
        from ..server.access import Permit

        sent = "with the header x-session" if headers else "without a session"
        try:
            permit = self._policy(headers)
        except Exception as error:
            raise FailureError(
                f"For a request {sent}, policy raises {type(error).__name__}: {str(error).rstrip('.')}."
            ) from None
        if inspect.iscoroutine(permit):
            return permit.close()  # the server awaits it
        if permit is not None and not isinstance(permit, Permit):
            text = f"For a request {sent}, policy returns an object of type {type(permit).__name__}."
            raise FailureError(f"{text} A policy returns a Permit or None.")


def play_client(client: Client) -> None:
    """Play a call of more than an hour with a good policy, and without a rotation.

    Raises:
        FailureError: something does not work.
    """
    with Call(client, good_policy) as call:
        _join_and_publish(call, "A")
        _renew_and_publish(call)


def play_evening(client: Client, policy: Policy, steps: object) -> None:
    """Play the whole evening: a call during which the rotation is finished, then people who want too much.

    Raises:
        FailureError: something does not work.
    """
    check_steps(steps)
    steps = list(steps) if isinstance(steps, list | tuple) else []
    start = steps.index(WAIT) if WAIT in steps else len(steps)
    with Call(client, policy) as call:
        for step in steps[:start]:
            call.rotation.take(step, lambda: None)
        _join_and_publish(call, "B")
        if not call.publish("lou"):
            raise FailureError("lou is a pupil and publishes video, although she should only listen.")
        _renew_and_publish(call)
        for step in steps[start:]:
            call.rotation.take(step, lambda: call.pass_time(_HOUR))
        call.pass_time(_HOUR)
        _reject_the_others(call)


def _join_and_publish(call: Call, second: str) -> None:
    call.enter("kim", "A")
    if error := call.publish("kim"):
        raise FailureError(f"kim publishes: {error}.")
    call.enter("lou", second)


def _renew_and_publish(call: Call) -> None:
    call.pass_time(_HOUR + SDK_WARNING_SECONDS)
    if error := call.publish("kim"):
        raise FailureError(f"An hour later kim shares her screen: {error}. What changed when she renewed?")


def _reject_the_others(call: Call) -> None:
    ask: list[tuple[str, str | None, dict[str, Any]]] = [
        ("eve, who has no session,", None, {}),
        ("eve, who guesses a session,", "s-eve", {}),
        ("lou requests a token for kim's uid and", "s-lou", {"uid": MEMBERS["s-kim"]}),
        ("lou requests a publisher's token and", "s-lou", {"isPublisher": True}),
        ("lou requests a token for the channel staff-room and", "s-lou", {"channel": "staff-room"}),
    ]
    for who, session, wish in ask:
        try:
            call.request(session, "A", {"channel": CHANNEL} | wish)
        except _RejectedError:
            continue
        raise FailureError(f"The call works, for too many: {who} gets one, too." if wish else f"{who} gets a token.")
