"""A model of the Signaling (RTM 2.x) server that an admitted client logs in to: frames in, frames out, no sockets.

An SDK that is admitted opens two WebSockets, sends the ticket of its admission over both, and stays logged in on both.
Here a ticket contains the token, so that :class:`Project` decides again whenever a client logs in, comes back after a
lost connection, or renews. Frames have the shape observed with agora-rtm-sdk 2.3.0: protobuf messages, of which this
model reads and writes those that a login, a subscription and a message need. Storage, locks and history are disabled,
as the console can do, and the SDK refuses their methods itself. Presence is missing: its methods time out.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Literal

from . import sources
from .admission import Admission, Surface
from .project import Project
from .protobuf import Message, ProtobufError, Value, encode
from .sources import Source

WARNING_SECONDS = 30
"""How long before the end of its token a client is warned."""
MAX_FRAME_BYTES = 64 * 1024
"""A client's message has at most 32 KiB."""
MAX_SESSIONS = 1000
MAX_EVENTS = 1000
"""Events per client."""
MAX_CHANNELS = 100
"""Channels per client. The SDK subscribes to at most 50 unless the page asks for more."""
MAX_CHANNEL_BYTES = 64

_CONSOLE_CONFIG = 1  # the SDK's number for the project's settings, among the details of a login
_SETTINGS = json.dumps(dict.fromkeys(("storage.enabled", "lock.enabled", "history.enabled"), "false"))
_NO_CHANNELS = json.dumps({"messageChannels": []})
_TO_CHANNEL = 1  # the bit in a message's options that says its destination is a channel
_PEER_OFFLINE = 8  # the SDK's number for a message to a user who is not there
_PROTOCOL_ERROR, _POLICY_VIOLATION, _TOO_BIG, _NORMAL = 1002, 1008, 1009, 1000


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
    TOO_BUSY = 10
    SAME_USER = 11
    BANNED = 10019
    NOT_ENABLED = 10022


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a client."""

    time: int
    """Unix time in seconds, by the server's clock."""
    name: str
    source: Source


class SignalingSession:
    """A client: one user in one instance of the SDK. It stays the same when the client logs in again."""

    surface = Surface.RTM

    def __init__(self, server: SignalingServer, user: str, instance: int) -> None:
        self.user = user
        self.instance = instance
        """A random number by which one instance of the SDK differs from another."""
        self.state: Literal["in", "out"] = "out"
        self.reason = ""
        """Why it is out, as the SDK's ``linkState`` event names it; empty while it is in."""
        self.ends_at: int | None = None
        """Unix time at which its token ends; None if it needs none."""
        self.channels: set[str] = set()
        """The channels that it has subscribed to. The SDK subscribes again after each login."""
        self.events: list[Event] = []
        self.links: list[SignalingLink] = []
        """Its open WebSockets. The SDK keeps two."""
        self._server = server
        self._ticket = ""
        self._warned = False

    def __repr__(self) -> str:
        return f"<SignalingSession {self.user!r}: {self.state}>"

    def send(self, uri: Uri, fields: Mapping[int, Value | str]) -> None:
        """Send a message over all its WebSockets. The SDK handles it once."""
        for link in self.links:
            link.send(uri, fields)

    def enter(self, admission: Admission, ticket: str) -> None:
        """Take the client in, or note its new token."""
        if self.state == "out":
            self._note("login", admission.source)
        elif ticket != self._ticket:
            self._note("renewToken", admission.source)
        else:
            return
        self.state, self.reason, self._ticket, self._warned = "in", "", ticket, False
        self.ends_at = admission.may[0][1] if ticket != write_ticket(self._server.project.app_id) else None

    def leave(self, reason: str, source: Source) -> None:
        """Note that the client is out."""
        self.state, self.reason = "out", reason
        self.channels.clear()
        self._note(f"linkState {reason}", source)

    def drop(self, code: ServerCode) -> None:
        """Put the client out."""
        self.send(Uri.DROP, {1: code})
        self.leave(*_REASONS[code])

    def ban(self) -> None:
        """Put the client out, if it is in, as an administrator does. It may log in again."""
        if self.state == "in":
            self.drop(ServerCode.BANNED)

    def next_moment(self) -> int | None:
        """Return the Unix time at which the client will be warned or put out; None if time changes nothing."""
        if self.state == "out" or self.ends_at is None:
            return None
        return self.ends_at if self._warned else self.ends_at - WARNING_SECONDS

    def tick(self, now: int) -> None:
        """Warn the client, or put it out, if it is time."""
        if self.state == "out" or self.ends_at is None:
            return
        if now >= self.ends_at:
            self.drop(ServerCode.EXPIRED)
        elif now >= self.ends_at - WARNING_SECONDS and not self._warned:
            self._warned = True
            self._note("tokenPrivilegeWillExpire", sources.RTM_WARNING)
            for link in self.links:
                self.warn_again(link)

    def warn_again(self, link: SignalingLink) -> None:
        """Repeat the warning, if the client was warned.

        The SDK shows one in 30 seconds of its own time, so that it can miss one when the server's clock is moved.
        """
        if self._warned and self.ends_at:
            link.send(Uri.WILL_EXPIRE, {1: self.ends_at, 2: link.ticket, 3: _NO_CHANNELS})

    def _note(self, name: str, source: Source) -> None:
        self.events.append(Event(self._server.project.clock.now(), name, source))
        del self.events[:-MAX_EVENTS]


_REASONS = {
    ServerCode.EXPIRED: ("TOKEN_EXPIRED", sources.RTM_ENDED),
    ServerCode.SAME_USER: ("SAME_UID_LOGIN", sources.RTM_SAME_USER),
    ServerCode.BANNED: ("KICKED_OUT_BY_SERVER", sources.RTM_BANNED),
}
_OTHER_REASON = ("UNKNOWN", sources.RTM_SERVER_CODE)


class SignalingLink:
    """One WebSocket of a client. Created by :meth:`SignalingServer.connect`."""

    def __init__(self, server: SignalingServer, wake: Callable[[], object]) -> None:
        self.session: SignalingSession | None = None
        """The client, once it has logged in."""
        self.ticket = ""
        """The ticket that the client sent last over this WebSocket."""
        self.closed: tuple[int, str] | None = None
        """The WebSocket's close code and reason; None while it is open."""
        self._server = server
        self._wake = wake
        self._outbox: list[bytes] = []

    def receive(self, frame: bytes) -> None:
        """Handle a frame of the client. A frame that no SDK sends closes the WebSocket; see :attr:`closed`."""
        if self.closed:
            return
        if len(frame) > MAX_FRAME_BYTES:
            return self.close(_TOO_BIG, f"A frame is larger than {MAX_FRAME_BYTES} bytes.")
        try:
            wrapper = Message(frame)
            uri, message = wrapper.integer(1), Message(wrapper.content(2))
            if uri == Uri.LOG_IN:
                self._log_in(message)
            elif uri in self._HANDLERS:
                if not self.session or self.session.state == "out":
                    return self.close(_POLICY_VIOLATION, "The client is not logged in.")
                self._HANDLERS[uri](self, self.session, message)
        except ProtobufError as error:
            self.close(_PROTOCOL_ERROR, f"Malformed frame: {error}.")

    def take(self) -> list[bytes]:
        """Return the frames to send to the client, and forget them."""
        frames, self._outbox = self._outbox, []
        return frames

    def send(self, uri: Uri, fields: Mapping[int, Value | str]) -> None:
        """Put a message into the frames to send."""
        self.forward(encode([(1, uri), (2, encode(fields.items()))]))

    def forward(self, frame: bytes) -> None:
        """Put a frame into those to send."""
        self._outbox.append(frame)
        self._wake()

    def close(self, code: int = _NORMAL, reason: str = "") -> None:
        """End the link: the WebSocket is to be closed when all frames are sent, or is closed already."""
        if self.closed:
            return
        self.closed = code, reason
        if self.session:
            self.session.links.remove(self)
            if self.session.state == "in" and not self.session.links:
                self.session.leave("KEEP_ALIVE_TIMEOUT", sources.RTM_LOST)
        self._wake()

    def _log_in(self, message: Message) -> None:
        if self.session:
            return self.close(_POLICY_VIOLATION, "The client is logged in already.")
        user, instance, self.ticket = message.string(4), message.integer(3), message.string(5)
        code, self.session = self._server.log_in(user, instance, self.ticket)
        if self.session:
            self.session.links.append(self)
        details = encode([(1, _CONSOLE_CONFIG), (2, _SETTINGS)])
        server_ms = self._server.project.clock.now() * 1000
        self.send(Uri.LOGIN_RESULT, {1: message.integer(1), 2: user, 3: code, 4: server_ms, 5: details})

    def _ping(self, session: SignalingSession, message: Message) -> None:
        server_ms = self._server.project.clock.now() * 1000
        self.send(Uri.PONG, {1: message.integer(1), 2: message.integer(2), 3: server_ms})
        session.warn_again(self)

    def _log_out(self, session: SignalingSession, message: Message) -> None:
        session.leave("LOGOUT", sources.RTM_LOGOUT)
        self.close()

    def _renew(self, session: SignalingSession, message: Message) -> None:
        code = self._server.renew(session, ticket := message.string(4))
        if code == ServerCode.OK:
            self.ticket = ticket
        self.send(Uri.RENEW_RESULT, {1: message.integer(2), 2: code, 3: _NO_CHANNELS})

    def _subscribe(self, session: SignalingSession, message: Message) -> None:
        channel = message.string(2)
        full = len(session.channels | {channel}) > MAX_CHANNELS or len(channel.encode()) > MAX_CHANNEL_BYTES
        if not full:
            session.channels.add(channel)
        code = ServerCode.FAILED if full else ServerCode.OK
        self.send(Uri.SUBSCRIBE_RESULT, {1: message.integer(1), 2: channel, 3: code})

    def _unsubscribe(self, session: SignalingSession, message: Message) -> None:
        session.channels.discard(message.string(1))

    def _publish(self, session: SignalingSession, message: Message) -> None:
        code = 0 if self._server.deliver(session, message) else _PEER_OFFLINE
        self.send(Uri.PUBLISH_RESULT, {number: message.integer(number) for number in (1, 2, 3)} | {4: code})

    _HANDLERS: ClassVar[dict[int, Callable[[SignalingLink, SignalingSession, Message], None]]] = {
        Uri.PING: _ping,
        Uri.LOG_OUT: _log_out,
        Uri.RENEW: _renew,
        Uri.SUBSCRIBE: _subscribe,
        Uri.UNSUBSCRIBE: _unsubscribe,
        Uri.PUBLISH: _publish,
    }


class SignalingServer:
    """The Signaling server of one project.

    Args:
        project: admits clients, at the time of its clock.

    >>> from agora_helpers import Credentials
    >>> server = SignalingServer(Project(Credentials.demo()))
    >>> link = server.connect()
    >>> link.receive(b"hello")
    >>> link.closed
    (1002, 'Malformed frame: field 13 has the wire type 4.')
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        self.sessions: list[SignalingSession] = []
        """The clients that have logged in, those that are out included, oldest first."""

    def connect(self, wake: Callable[[], object] = lambda: None) -> SignalingLink:
        """Return the link for a new WebSocket.

        Args:
            wake: called when there is something to :meth:`~SignalingLink.take`, or the link is closed.
        """
        return SignalingLink(self, wake)

    def tick(self) -> None:
        """Warn and put out those whose time has come."""
        now = self.project.clock.now()
        for session in self.sessions:
            session.tick(now)

    def next_moment(self) -> int | None:
        """Return the Unix time at which :meth:`tick` has something to do; None if time changes nothing."""
        moments = [moment for session in self.sessions if (moment := session.next_moment()) is not None]
        return min(moments, default=None)

    def log_in(self, user: str, instance: int, ticket: str) -> tuple[ServerCode, SignalingSession | None]:
        """Take a client in, if the project admits it with the token in its ticket, and put out its namesake."""
        namesakes = [session for session in self.sessions if session.user == user]
        session = next((session for session in namesakes if session.instance == instance), None)
        admission = self._ask(user, ticket)
        if not admission.admitted:
            code = _code_of(admission)
            if session:
                session.leave(*_REASONS.get(code, _OTHER_REASON))
            return code, None
        if not session:
            if not self._make_room():
                return ServerCode.TOO_BUSY, None
            self.sessions.append(session := SignalingSession(self, user, instance))
        for other in namesakes:
            if other is not session and other.state == "in":
                other.drop(ServerCode.SAME_USER)
        session.enter(admission, ticket)
        return ServerCode.OK, session

    def renew(self, session: SignalingSession, ticket: str) -> ServerCode:
        """Give a client a new token, if the project admits the client with it."""
        admission = self._ask(session.user, ticket)
        if not admission.admitted:
            return _code_of(admission)
        session.enter(admission, ticket)
        return ServerCode.OK

    def deliver(self, sender: SignalingSession, message: Message) -> bool:
        """Pass a message on to a user, or to those who have subscribed to a channel; False if the user is not in."""
        target, to_channel = message.string(6), message.integer(4) & _TO_CHANNEL
        inside = [session for session in self.sessions if session.state == "in"]
        receivers = [session for session in inside if target in (session.channels if to_channel else (session.user,))]
        for session in receivers:
            if session is not sender:
                session.send(Uri.PUBLISH, message.fields)
        return bool(receivers or to_channel)

    def _ask(self, user: str, ticket: str) -> Admission:
        """Ask the project about the token in a ticket."""
        return self.project.answer_login(user, app_id=self.project.app_id, token=_read_ticket(ticket))

    def _make_room(self) -> bool:
        """Forget the oldest client that is out if there are too many; False if all of them are in."""
        if len(self.sessions) >= MAX_SESSIONS:
            gone = next((session for session in self.sessions if session.state == "out"), None)
            if not gone:
                return False
            self.sessions.remove(gone)
        return True


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
    """Return the number with which the server rejects a client. Which one it is is not documented."""
    codes = {10: ServerCode.EXPIRED, 13: ServerCode.EXPIRED, 26: ServerCode.NOT_ENABLED}
    return codes.get(rejection.code or 0, ServerCode.INVALID_TICKET)
