"""The Signaling (RTM 2.x) server behind the access point: who is logged in, for how long, and who reads whose messages.

A model without sockets: frames in, frames out, and the time of the project's clock. The frames are those of
agora-rtm-sdk 2.3.0, observed by running it and read in its package: protobuf messages in a wrapper that says which one
it is. Whether a token is accepted is decided by :class:`Project`, as at the access point.

The SDK opens two WebSockets, sends the ticket of its admission over both, and stays logged in on both. Here the ticket
contains the token. Storage, locks and history are disabled, as the console can do, and the SDK refuses their methods
itself. Presence is missing: its methods time out in the SDK.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import ClassVar

from ..constants import SDK_WARNING_SECONDS
from . import sources
from .admission import Admission, Surface
from .gateway import (
    LOST_SECONDS,
    MAX_EVENTS,
    Event,
    EventKind,
    Link,
    SessionServer,
    SessionState,
    Stay,
    Wake,
)
from .protobuf import Message, ProtobufError, Value, encode
from .sources import Source

MAX_FRAME_BYTES = 64 * 1024
"""A client's message has at most 32 KiB."""
MAX_CHANNELS = 100
"""Channels per client. The SDK subscribes to at most 50 unless the page asks for more."""
MAX_CHANNEL_BYTES = 64

_CONSOLE_CONFIG = 1  # the SDK's number for the project's settings, among the details of a login
_SETTINGS = json.dumps(dict.fromkeys(("storage.enabled", "lock.enabled", "history.enabled"), "false"))
_NO_CHANNELS = json.dumps({"messageChannels": []})
_TO_CHANNEL = 1  # the bit in a message's options that says its destination is a channel
_PEER_OFFLINE = 8  # the SDK's number for a message to a user who is not there


class Uri(IntEnum):
    """The kind of a message, as the SDK numbers it."""

    PING = 4
    PONG = 5
    LOG_IN = 18
    LOGIN_RESULT = 19
    DROP = 22
    LOG_OUT = 24
    WILL_EXPIRE = 25
    RENEW = 26
    RENEW_RESULT = 27
    SUBSCRIBE = 31
    SUBSCRIBE_RESULT = 33
    PUBLISH = 100
    PUBLISH_RESULT = 101
    UNSUBSCRIBE = 230


class ServerCode(IntEnum):
    """The server's answers to a client, as the SDK numbers them."""

    OK = 0
    FAILED = 1
    EXPIRED = 2
    INVALID_TICKET = 7
    SAME_USER = 11
    BANNED = 10019
    NOT_ENABLED = 10022


class LogoutReason(StrEnum):
    """Why a client is out, as the SDK's ``linkState`` event names it."""

    LEFT = "LOGOUT"
    TOKEN_EXPIRED = "TOKEN_EXPIRED"  # noqa: S105
    REJECTED = "UNKNOWN"
    """Its token was rejected when it came back after a lost connection."""
    BANNED = "KICKED_OUT_BY_SERVER"
    SAME_USER = "SAME_UID_LOGIN"
    """Another client logged in with its user id."""
    CONNECTION_LOST = "KEEP_ALIVE_TIMEOUT"
    """Its connection was lost, and it did not come back."""


@dataclass(eq=False, slots=True, kw_only=True)
class SignalingSession(Stay):
    """A client that is logged in: one user in one instance of the SDK. It survives a lost connection."""

    user: str
    instance: int
    """A random number by which one instance of the SDK differs from another."""
    surface: Surface = Surface.RTM
    state: SessionState = SessionState.IN
    reason: LogoutReason | None = None
    """Why it is out; None while it is in."""
    ends_at: int | None = None
    """The Unix time at which its privilege to log in ends; None if it needs no token."""
    channels: set[str] = field(default_factory=set)
    """The channels that it has subscribed to. The SDK subscribes again whenever it comes back."""
    recent_events: deque[Event] = field(default_factory=lambda: deque(maxlen=MAX_EVENTS), repr=False)
    _links: list[SignalingLink] = field(default_factory=list, repr=False)
    _ticket: str = field(default="", repr=False)
    _warned: bool = False
    _lost_at: int = 0

    @property
    def connected(self) -> bool:
        """Whether it has a connection."""
        return bool(self._links)


class SignalingLink(Link[bytes]):
    """One WebSocket of a client: frames in, frames out. Created by :meth:`SignalingServer.connect`."""

    def __init__(self, server: SignalingServer, wake: Wake) -> None:
        super().__init__(wake, server._lock)
        self._server = server
        self._ticket = ""
        self.session: SignalingSession | None = None
        """None until the client has logged in."""

    def receive(self, frame: bytes) -> None:
        """Process a frame. Never raises: one that no SDK sends closes the link."""
        self._server._receive(self, frame)

    def renew(self, token: str) -> None:
        """Renew the token as the Web SDK's ``renewToken`` does. The session's last event says how that went.

        The SDK sends nothing if this is the token that the client has, so there is no event then.
        """
        user = self.session.user if self.session else ""
        request = encode([(1, 1), (2, 1), (3, user), (4, write_ticket(token))])
        self.receive(encode([(1, Uri.RENEW), (2, request)]))

    def close(self) -> None:
        """Note that the WebSocket was closed. Unless the client has logged out, it may come back."""
        self._server._close(self)

    def _send(self, uri: Uri, fields: Mapping[int, Value | str]) -> None:
        self._put(encode([(1, uri), (2, encode(fields.items()))]))


class SignalingServer(SessionServer[SignalingSession, SignalingLink]):
    """The Signaling server of one project: its sessions and their links.

    Safe to use from several threads. It follows the project's clock: when somebody moves that, warnings and ends are
    due at once. Where time passes by itself, call :meth:`tick` after :meth:`seconds_until_due`.

    Args:
        project: decides which tokens are accepted.

    >>> from agora_helpers import Credentials, Project, build_rtm_token
    >>> from agora_helpers.practice import Clock
    >>> project = Project(Credentials.demo(), clock=Clock(1_700_000_000))
    >>> server = SignalingServer(project)
    >>> link = server.log_in("alice", token=build_rtm_token(Credentials.demo(), "alice", now=1_700_000_000))
    >>> project.clock.advance(3570)
    >>> print(*link.session.events, sep="; ")
    log in; token will expire: tokenPrivilegeWillExpire
    """

    def log_in(self, user: str, *, token: str | None = None, instance: int = 1) -> SignalingLink:
        """Connect and log in as Agora's Web SDK does, for a lesson or a test without a browser.

        Args:
            user: the RTM user id.
            token: the token; None if the client sends none.
            instance: another number for another client with the same user id.

        Returns:
            the link; its ``session`` is None if the client was rejected. The answer is its first frame.
        """
        link = self.connect()
        ticket = write_ticket(token or self.project.app_id)
        request = encode([(1, 1), (3, instance), (4, user), (5, ticket)])
        link.receive(encode([(1, Uri.LOG_IN), (2, request)]))
        return link

    def ban(self, session: SignalingSession) -> None:
        """Put a client out. It may log in again.

        Does nothing if the session is over.
        """
        with self._lock:
            if session.state == SessionState.IN:
                self._drop(session, ServerCode.BANNED, EventKind.BANNED, LogoutReason.BANNED, sources.RTM_BANNED)

    def _create_link(self, wake: Wake) -> SignalingLink:
        return SignalingLink(self, wake)

    def _check_time(self, session: SignalingSession, now: int) -> None:
        ends_at = session.ends_at
        if ends_at is not None and session.connected and not session._warned and now >= ends_at - SDK_WARNING_SECONDS:
            session._warned = True
            self._note(session, EventKind.WARNING, "tokenPrivilegeWillExpire", sources.RTM_WARNING)
            for link in session._links:
                self._warn(session, link)
        if ends_at is not None and now >= ends_at:
            reason = LogoutReason.TOKEN_EXPIRED
            self._drop(session, ServerCode.EXPIRED, EventKind.EXPIRED, reason, sources.RTM_EXPIRY)
        elif not session.connected and now >= session._lost_at + LOST_SECONDS:
            self._put_out(session, LogoutReason.CONNECTION_LOST)

    # Requests

    def _receive(self, link: SignalingLink, frame: bytes) -> None:
        with self._lock:
            if link.closed or link not in self._links:
                return
            try:
                if len(frame) > MAX_FRAME_BYTES:
                    raise ProtobufError(f"it is larger than {MAX_FRAME_BYTES} bytes")
                wrapper = Message(frame)
                uri, message = wrapper.integer(1), Message(wrapper.content(2))
                if uri == Uri.LOG_IN:
                    self._log_in(link, message)
                elif uri in self._HANDLERS:
                    if not link.session or link.session.state == SessionState.OUT:
                        raise ProtobufError("the client is not logged in")
                    self._HANDLERS[uri](self, link, link.session, message)
                if link.session and link.session.state == SessionState.IN:
                    self._check_time(link.session, self.project.clock.now())
            except ProtobufError as error:
                self._end(link, f"Invalid frame: {error}.")

    def _log_in(self, link: SignalingLink, message: Message) -> None:
        if link.session:
            raise ProtobufError("the client is logged in already")
        user, instance, link._ticket = message.string(4), message.integer(3), message.string(5)
        code = self._admit(link, user, instance)
        details = encode([(1, _CONSOLE_CONFIG), (2, _SETTINGS)])
        link._send(Uri.LOGIN_RESULT, {1: message.integer(1), 2: user, 3: code, 4: self._milliseconds(), 5: details})

    def _admit(self, link: SignalingLink, user: str, instance: int) -> ServerCode:
        """Take a client in, or back, if the project accepts the token in its ticket."""
        namesakes = [session for session in self._present() if session.user == user]
        session = next((session for session in namesakes if session.instance == instance), None)
        admission = self._check_ticket(user, link._ticket)
        if not admission.admitted:
            code = _code_of(admission)
            if session:
                reason = LogoutReason.TOKEN_EXPIRED if code == ServerCode.EXPIRED else LogoutReason.REJECTED
                self._note(session, EventKind.REJOIN, reason, sources.RTM_RETURN_NUMBER, admission)
                self._put_out(session, reason)
            return code
        if session is None:
            for other in namesakes:
                reason = LogoutReason.SAME_USER
                self._drop(other, ServerCode.SAME_USER, EventKind.CONFLICT, reason, sources.RTM_SAME_USER)
            session = SignalingSession(user=user, instance=instance)
            self._sessions.append(session)
            self._forget_oldest()
            self._note(session, EventKind.LOG_IN, "", admission.source, admission)
        elif not session.connected:
            self._note(session, EventKind.REJOIN, "", admission.source, admission)
        self._grant(session, link._ticket, admission)
        session._links.append(link)
        link.session = session
        return ServerCode.OK

    def _ping(self, link: SignalingLink, session: SignalingSession, message: Message) -> None:
        link._send(Uri.PONG, {1: message.integer(1), 2: message.integer(2), 3: self._milliseconds()})
        if session._warned:
            self._warn(session, link)

    def _log_out(self, link: SignalingLink, session: SignalingSession, message: Message) -> None:
        self._note(session, EventKind.LOG_OUT, LogoutReason.LEFT, sources.RTM_API)
        self._put_out(session, LogoutReason.LEFT)
        for each in session._links:
            self._end(each)

    def _renew(self, link: SignalingLink, session: SignalingSession, message: Message) -> None:
        ticket = message.string(4)
        admission = self._check_ticket(session.user, ticket)
        if admission.admitted:
            link._ticket = ticket
            if ticket != session._ticket:  # not the same request again, over the other WebSocket
                self._note(session, EventKind.RENEW, "", admission.source, admission)
                self._grant(session, ticket, admission)
        code = ServerCode.OK if admission.admitted else _code_of(admission)
        link._send(Uri.RENEW_RESULT, {1: message.integer(2), 2: code, 3: _NO_CHANNELS})

    def _subscribe(self, link: SignalingLink, session: SignalingSession, message: Message) -> None:
        channel = message.string(2)
        fits = len(channel.encode()) <= MAX_CHANNEL_BYTES and len(session.channels | {channel}) <= MAX_CHANNELS
        if fits:
            session.channels.add(channel)
        code = ServerCode.OK if fits else ServerCode.FAILED
        link._send(Uri.SUBSCRIBE_RESULT, {1: message.integer(1), 2: channel, 3: code})

    def _unsubscribe(self, link: SignalingLink, session: SignalingSession, message: Message) -> None:
        session.channels.discard(message.string(1))

    def _publish(self, link: SignalingLink, session: SignalingSession, message: Message) -> None:
        target, to_channel = message.string(6), message.integer(4) & _TO_CHANNEL
        readers = [other for other in self._present() if target in (other.channels if to_channel else (other.user,))]
        for reader in readers:
            if reader is not session:
                self._tell(reader, Uri.PUBLISH, message.fields)
        code = 0 if readers or to_channel else _PEER_OFFLINE
        link._send(Uri.PUBLISH_RESULT, {number: message.integer(number) for number in (1, 2, 3)} | {4: code})

    _HANDLERS: ClassVar[dict[int, Callable[[SignalingServer, SignalingLink, SignalingSession, Message], None]]] = {
        Uri.PING: _ping,
        Uri.LOG_OUT: _log_out,
        Uri.RENEW: _renew,
        Uri.SUBSCRIBE: _subscribe,
        Uri.UNSUBSCRIBE: _unsubscribe,
        Uri.PUBLISH: _publish,
    }

    # Tokens

    def _check_ticket(self, user: str, ticket: str) -> Admission:
        return self.project.answer_login(user, app_id=self.project.app_id, token=_read_ticket(ticket))

    def _grant(self, session: SignalingSession, ticket: str, admission: Admission) -> None:
        if ticket != session._ticket:
            needs_none = ticket == write_ticket(self.project.app_id)
            session.ends_at = None if needs_none else admission.may[0][1]
            session._ticket, session._warned = ticket, False

    # Sessions

    def _drop(
        self, session: SignalingSession, code: ServerCode, kind: EventKind, reason: LogoutReason, source: Source
    ) -> None:
        self._tell(session, Uri.DROP, {1: code})
        self._note(session, kind, reason if session.connected else "", source)
        self._put_out(session, reason)

    def _put_out(self, session: SignalingSession, reason: LogoutReason) -> None:
        session.state, session.reason = SessionState.OUT, reason
        session.channels.clear()

    def _end(self, link: SignalingLink, problem: str = "") -> None:
        link.closed, link.problem = True, problem
        link._wake()

    def _close(self, link: SignalingLink) -> None:
        with self._lock:
            self._links.discard(link)
            session, link.session = link.session, None
            if session:
                session._links.remove(link)
                if session.state == SessionState.IN and not session.connected:
                    self._note_lost(session)

    # What the server tells

    def _tell(self, session: SignalingSession, uri: Uri, fields: Mapping[int, Value | str]) -> None:
        """Send a message over all WebSockets of a client, whose SDK handles it once."""
        for link in session._links:
            link._send(uri, fields)

    def _warn(self, session: SignalingSession, link: SignalingLink) -> None:
        """Warn a client, which is repeated with each answer to a ping.

        The SDK shows one warning in 30 seconds of its own time: it would miss one when the clock was moved.
        """
        link._send(Uri.WILL_EXPIRE, {1: session.ends_at or 0, 2: link._ticket, 3: _NO_CHANNELS})

    def _milliseconds(self) -> int:
        return self.project.clock.now() * 1000


def write_ticket(key: str) -> str:
    """Return the ticket of an admission. The SDK passes it on, and expects base64.

    Args:
        key: what the client sent to the access point: its token, or the App ID.

    >>> write_ticket("hello")
    'aGVsbG8='
    """
    return b64encode(key.encode()).decode()


def _read_ticket(ticket: str) -> str:
    """Return the key in a ticket; an empty string, which is no token, if there is none."""
    try:
        return b64decode(ticket, validate=True).decode()
    except ValueError:
        return ""


def _code_of(rejection: Admission) -> ServerCode:
    codes = {10: ServerCode.EXPIRED, 13: ServerCode.EXPIRED, 26: ServerCode.NOT_ENABLED}
    return codes.get(rejection.code or 0, ServerCode.INVALID_TICKET)
