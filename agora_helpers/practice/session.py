"""The media server behind the access point: who is in a channel, for how long, and what the others see of it.

A model without sockets: JSON text in, JSON text out, and the time of the project's clock. The messages are those of
agora-rtc-sdk-ng 4.24.8, observed by running it and read in its package. Whether a token is accepted is decided by
:class:`Project`, as at the access point. No media flows.
"""

from __future__ import annotations

import json
import secrets
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, NamedTuple, TypeVar

from ..constants import SDK_WARNING_SECONDS, UINT32_MAX, RtcPrivilege
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
from .sources import Source

MAX_MESSAGE_CHARACTERS = 128 * 1024
"""A request to join has about 20,000."""
MAX_ID_CHARACTERS = 64

Json = dict[str, Any]
T = TypeVar("T", int, str, dict[str, Any], list[Any])


class GatewayCode(NamedTuple):
    """A number with which the media server refuses a request, and the Web SDK's word for it."""

    number: int
    word: str


KEY_TIMEOUT = GatewayCode(109, "ERR_DYNAMIC_KEY_TIMEOUT")
NO_AUTHORIZED = GatewayCode(110, "ERR_NO_AUTHORIZED")
NO_ACTIVE_STATUS = GatewayCode(116, "ERR_NO_ACTIVE_STATUS")
STATIC_USE_DYNAMIC_KEY = GatewayCode(119, "ERR_STATIC_USE_DYANMIC_KE")  # the SDK's spelling
DYNAMIC_USE_STATIC_KEY = GatewayCode(120, "ERR_DYNAMIC_USE_STATIC_KE")
REPEAT_JOIN_CHANNEL = GatewayCode(2003, "ERR_REPEAT_JOIN_CHANNEL")
NOT_JOINED = GatewayCode(2011, "ERR_NOT_JOINED")
REPEAT_JOIN_REQUEST = GatewayCode(2012, "ERR_REPEAT_JOIN_REQUEST")
INVALID_VENDOR_KEY = GatewayCode(2013, "ERR_INVALID_VENDOR_KEY")
INVALID_CHANNEL_NAME = GatewayCode(2014, "ERR_INVALID_CHANNEL_NAME")
ROLE_NO_PERMISSION = GatewayCode(2018, "ERR_SET_CLIENT_ROLE_TIMEOUT")  # the SDK's word for it, not ours
NOT_SUPPORTED = GatewayCode(2022, "ERR_NOT_SUPPORTED_MESSAGE")
REJOIN_NOT_JOINED = GatewayCode(2025, "ERR_REJOIN_NOT_JOINED")
_UID_BANNED = 14

_JOIN_CODES = {
    5: INVALID_VENDOR_KEY,
    7: INVALID_CHANNEL_NAME,
    11: NO_ACTIVE_STATUS,
    14: STATIC_USE_DYNAMIC_KEY,
    15: DYNAMIC_USE_STATIC_KEY,
}
"""The media server's number for one of the access point's; NO_AUTHORIZED for any other."""
_RENEW_CODES = {**_JOIN_CODES, 10: KEY_TIMEOUT, 13: KEY_TIMEOUT}

_WITHOUT_ANSWER = frozenset(
    ["ping_back", "wrtc_stats", "ws_inflate_data_length", "denoiser_stats", "extension_usage_stats"]
)
_ONLY_CONFIRMED = frozenset(
    [
        "configure",
        "control",
        "data_stream",
        "default_video_stream",
        "gateway_info",
        "pick_svc_layer",
        "pre_subscribe",
        "publish_datastream",
        "send_metadata",
        "set_dual_stream_mode",
        "set_fallback_option",
        "set_parameter",
        "set_rtm2_flag",
        "set_video_profile",
        "subscribe",
        "subscribe_change",
        "subscribe_datastream",
        "subscribe_streams",
        "switch_video_stream",
        "unpublish_datastream",
        "unsubscribe",
        "unsubscribe_datastream",
        "unsubscribe_streams",
    ]
)
"""Requests about media and statistics: a client in the channel gets an empty confirmation."""


class OutReason(StrEnum):
    """Why a client is no longer in its channel."""

    LEFT = "LEAVE"
    """It left."""
    TOKEN_EXPIRED = "TOKEN_EXPIRE"  # noqa: S105
    """Its privilege to join ended."""
    REJECTED = "REJECTED"
    """Its token was rejected when it came back after a lost connection."""
    BANNED = "UID_BANNED"
    """It was removed from the channel."""
    UID_CONFLICT = "UID_CONFLICT"
    """Another client joined with its uid. The Web SDK shows ``UID_BANNED``."""
    CONNECTION_LOST = "NETWORK_ERROR"
    """Its connection was lost, and it did not come back."""


@dataclass(eq=False, slots=True, kw_only=True)
class Session(Stay):
    """A client's stay in a channel. It survives a lost connection, as the client may come back."""

    channel: str
    uid: int
    account: str | None
    """The user account, if it joined with one; then the uid stands for it."""
    role: str
    """``"host"`` or ``"audience"``. Without roles, every client is a host."""
    live: bool
    """Whether the client distinguishes hosts and audience: the SDK's mode ``live``."""
    surface: Surface = Surface.RTC
    state: SessionState = SessionState.IN
    reason: OutReason | None = None
    """Why it is out; None while it is in."""
    privileges: dict[RtcPrivilege, int | None] = field(default_factory=dict)
    """What the current token grants, each with its end as Unix time; None if it does not end by itself."""
    published: dict[str, int] = field(default_factory=dict)
    """The SSRC by kind of stream: ``"audio"``, ``"video"``."""
    recent_events: deque[Event] = field(default_factory=lambda: deque(maxlen=MAX_EVENTS), repr=False)
    _app_id: str = field(repr=False)
    _token: str | None = field(repr=False)
    _sid: str = field(repr=False)
    _ortc: Json = field(repr=False)
    _rejoin_token: str = field(default_factory=lambda: secrets.token_urlsafe(16), repr=False)
    _connection: Connection | None = field(default=None, repr=False)
    _warned: bool = False
    _lost_at: int = 0

    @property
    def connected(self) -> bool:
        """Whether it has a connection."""
        return self._connection is not None

    @property
    def ends_at(self) -> int | None:
        """The Unix time at which the privilege to join ends; None if it does not end by itself."""
        return self.privileges.get(RtcPrivilege.JOIN_CHANNEL)

    @property
    def _visible(self) -> bool:
        """Whether the others see it: all but an audience."""
        return self.role == "host"


class Connection(Link[str]):
    """One connection of a client: text in, text out. Created by :meth:`MediaServer.connect`."""

    def __init__(self, server: MediaServer, wake: Wake) -> None:
        super().__init__(wake, server._lock)
        self._server = server
        self.session: Session | None = None
        """None until the client has joined."""

    def receive(self, text: str) -> None:
        """Process a message. Never raises: a malformed one gets an answer that says so."""
        self._server._receive(self, text)

    def renew(self, token: str) -> None:
        """Renew the token as the Web SDK's ``renewToken`` does. The session's last event says how that went."""
        self.receive(json.dumps({"_id": "renew", "_type": "renew_token", "_message": {"token": token}}))

    def close(self) -> None:
        """Note that the connection was closed. Unless the client has left, it may come back."""
        self._server._close(self)

    def _send(self, message: Json) -> None:
        self._put(json.dumps(message, separators=(",", ":")))


class MediaServer(SessionServer[Session, Connection]):
    """The media server of one project: channels, the sessions in them, and their connections.

    Safe to use from several threads. It follows the project's clock: when somebody moves that, warnings and ends are
    due at once. Where time passes by itself, call :meth:`tick` after :meth:`seconds_until_due`.

    Args:
        project: decides which tokens are accepted.

    >>> from agora_helpers import Credentials, Project, build_rtc_token
    >>> from agora_helpers.practice import Clock
    >>> project = Project(Credentials.demo(), clock=Clock(1_700_000_000))
    >>> token = build_rtc_token(Credentials.demo(), "lobby", uid=7, now=1_700_000_000)
    >>> server = MediaServer(project)
    >>> connection = server.join("lobby", uid=7, token=token)
    >>> project.clock.advance(3570)
    >>> print(*connection.session.events, sep="; ")
    join; token will expire: token-privilege-will-expire
    """

    def join(self, channel: str, *, uid: int, token: str | None = None, role: str = "host") -> Connection:
        """Connect and join as Agora's Web SDK does, for a lesson or a test without a browser.

        Args:
            channel: the channel name.
            uid: the uid, 1 to 2**32-1.
            token: the token; None if the client sends none.
            role: ``"host"`` or ``"audience"``.

        Returns:
            the connection; its ``session`` is None if the client was refused. The answer is its first message.
        """
        connection = self.connect()
        app_id = self.project.app_id
        message: Json = {"app_id": app_id, "channel_key": token or app_id, "channel_name": channel, "role": role}
        message |= {"mode": "live", "session_id": secrets.token_hex(8), "ap_response": {"uid": uid}, "ortc": {}}
        connection.receive(json.dumps({"_id": "join", "_type": "join_v3", "_message": message}))
        return connection

    def ban(self, session: Session) -> None:
        """Remove a client from its channel, like the kicking rule of Agora's REST API. It may join again.

        Does nothing if the session is over.
        """
        with self._lock:
            if session.state == SessionState.IN:
                self._tell(session, "on_user_banned", error_code=_UID_BANNED)
                self._note(session, EventKind.BANNED, "UID_BANNED", sources.BAN)
                self._put_out(session, OutReason.BANNED, "Quit")

    def _create_link(self, wake: Wake) -> Connection:
        return Connection(self, wake)

    def _check_time(self, session: Session, now: int) -> None:
        ends_at = session.ends_at
        if ends_at is not None and session.connected and not session._warned and now >= ends_at - SDK_WARNING_SECONDS:
            session._warned = True
            self._tell(session, "on_token_privilege_will_expire")
            self._note(session, EventKind.WARNING, "token-privilege-will-expire", sources.EXPIRY_WARNING)
        if ends_at is not None and now >= ends_at:
            self._tell(session, "on_token_privilege_did_expire")
            shown = "token-privilege-did-expire" if session.connected else ""
            self._note(session, EventKind.EXPIRED, shown, sources.EXPIRY)
            self._put_out(session, OutReason.TOKEN_EXPIRED, "Quit")
        elif not session.connected and now >= session._lost_at + LOST_SECONDS:
            self._put_out(session, OutReason.CONNECTION_LOST, "ServerTimeOut")

    # Requests

    def _receive(self, connection: Connection, text: str) -> None:
        with self._lock:
            if connection.closed or connection not in self._links:
                return
            request_id: object = ""
            try:
                request = _parse(text)
                request_id = request.get("_id")
                kind = _field(request, "_type", str)
                if kind in _WITHOUT_ANSWER:
                    return
                request_id = _read_id(request)
                answer = self._answer(connection, kind, _field({"_message": {}} | request, "_message", dict))
            except _RefusedError as refusal:
                shown = request_id if isinstance(request_id, str) and len(request_id) <= MAX_ID_CHARACTERS else ""
                message = {"error_code": refusal.code.number, "error_str": refusal.text}
                connection._send({"_id": shown, "_result": "failed", "_message": message})
            else:
                connection._send({"_id": request_id, "_result": "success", "_message": answer})
                if connection.session:
                    self._follow_up(connection.session, kind)

    def _answer(self, connection: Connection, kind: str, message: Json) -> Json:
        """Return the answer to a request.

        Raises:
            _RefusedError: the request is refused.
        """
        if kind == "ping":
            return {}
        if kind == "join_v3":
            return self._join(connection, message)
        if kind == "rejoin_v3":
            return self._rejoin(connection, message)
        session = connection.session
        if session is None or session.state == SessionState.OUT:
            if kind == "leave":
                return {}
            raise _RefusedError(NOT_JOINED, "the client is not in a channel. Send join_v3 first.")
        if kind in ("restart_ice", "connect_pc"):
            return {"ortc": session._ortc, "iceParameters": session._ortc["iceParameters"]}
        if kind == "traffic_stats":
            return {"peer_delay": []}
        if kind in _ONLY_CONFIRMED:
            return {}
        handler = self._HANDLERS.get(kind)
        if handler is None:
            raise _RefusedError(NOT_SUPPORTED, "_type: is not a request that this model knows.")
        return handler(self, session, message)

    def _join(self, connection: Connection, message: Json) -> Json:
        if connection.session:
            raise _RefusedError(REPEAT_JOIN_REQUEST, "the connection has joined already. Open another one.")
        key, channel = _field(message, "channel_key", str), _field(message, "channel_name", str)
        app_id, sid = _field(message, "app_id", str), _field(message, "session_id", str)
        uid = _field(_field(message, "ap_response", dict), "uid", int)
        if not 1 <= uid <= UINT32_MAX:
            raise _RefusedError(NOT_SUPPORTED, f"ap_response.uid: must be from 1 to {UINT32_MAX}.")
        account = _field({"details": {}} | message, "details", dict).get("6")
        if account is not None and not isinstance(account, str):
            raise _RefusedError(NOT_SUPPORTED, "details.6: must be a string.")
        live = message.get("mode") == "live"
        role = "audience" if live and message.get("role") != "host" else "host"
        capabilities = _field({"rtpCapabilities": {}} | _field(message, "ortc", dict), "rtpCapabilities", dict)
        session = Session(
            channel=channel,
            uid=uid,
            account=account or None,
            role=role,
            live=live,
            _app_id=app_id,
            _token=None if key == app_id else key,
            _sid=sid,
            _ortc=_transport(capabilities),
        )
        admission = self._check_token(session, session._token)
        if not admission.admitted:
            code = _JOIN_CODES.get(admission.code or 0, NO_AUTHORIZED)
            self._expel_returning(session, admission, code)
            raise _RefusedError(code, admission.text)
        self._note(session, EventKind.JOIN, "", admission.source, admission)
        self._grant(session, session._token)
        self._take_place_of(session)
        self._sessions.append(session)
        self._forget_oldest()
        connection.session, session._connection = session, connection
        return self._entrance(session)

    def _rejoin(self, connection: Connection, message: Json) -> Json:
        if connection.session:
            raise _RefusedError(REPEAT_JOIN_REQUEST, "the connection has joined already. Open another one.")
        rejoin_token = _field(message, "token", str)
        session = next((each for each in self._present() if _same(each._rejoin_token, rejoin_token)), None)
        if session is None:
            raise _RefusedError(REJOIN_NOT_JOINED, "there is no such session any more. Send join_v3.")
        admission = self._check_token(session, session._token)
        if not admission.admitted:
            code = _JOIN_CODES.get(admission.code or 0, NO_AUTHORIZED)
            self._reject_returning(session, EventKind.REJOIN, admission, code)
            raise _RefusedError(code, admission.text)
        if session._connection:
            session._connection.session = None
        connection.session, session._connection = session, connection
        self._note(session, EventKind.REJOIN, "", admission.source, admission)
        return self._entrance(session)

    def _leave(self, session: Session, message: Json) -> Json:
        self._note(session, EventKind.LEAVE, "", sources.OBSERVED)
        self._put_out(session, OutReason.LEFT, "Quit")
        return {}

    def _renew(self, session: Session, message: Json) -> Json:
        key = _field(message, "token", str)
        token = None if key == session._app_id else key
        admission = self._check_token(session, token)
        if not admission.admitted:
            code = _RENEW_CODES.get(admission.code or 0, NO_AUTHORIZED)
            raise self._refuse(session, EventKind.RENEW, code, admission.text, sources.RENEWAL_NUMBER, admission)
        if token == session._token:
            self._note(session, EventKind.SAME_TOKEN, "", sources.SAME_TOKEN, admission)
            return {}
        self._note(session, EventKind.RENEW, "", admission.source, admission)
        session._token = token
        self._grant(session, token)
        return {}

    def _set_role(self, session: Session, message: Json) -> Json:
        role = _field(message, "role", str)
        if role not in ("host", "audience"):
            raise _RefusedError(NOT_SUPPORTED, 'role: must be "host" or "audience".')
        if role == "host" and not (self._may_publish(session, "audio") or self._may_publish(session, "video")):
            text = "the token has no privilege to publish."
            raise self._refuse(session, EventKind.ROLE, ROLE_NO_PERMISSION, text, sources.ROLE_NUMBER)
        self._note(session, EventKind.ROLE, "", sources.CO_HOST)
        if role != session.role:
            session.role = role
            if role == "host":
                self._tell_others(session, "on_user_online", uid=session.uid)
            else:
                session.published.clear()
                self._tell_others(session, "on_user_offline", uid=session.uid, reason="BecomeAudience")
        return {}

    def _publish(self, session: Session, message: Json) -> Json:
        streams = dict(_streams(message))
        refused = [kind for kind in streams if not self._may_publish(session, kind)]
        if refused or session.role == "audience":
            text = f"the token has no privilege to publish {refused[0]}." if refused else "the client is an audience."
            raise self._refuse(session, EventKind.PUBLISH, NO_AUTHORIZED, text, sources.PUBLISH_NUMBER)
        self._note(session, EventKind.PUBLISH, "", sources.CO_HOST)
        session.published |= streams
        self._tell_others(session, *streams)
        return {}

    def _unpublish(self, session: Session, message: Json) -> Json:
        gone = dict(_streams(message)) or session.published
        session.published = {kind: ssrc for kind, ssrc in session.published.items() if kind not in gone}
        self._note(session, EventKind.UNPUBLISH, "", sources.OBSERVED)
        self._tell_others(session, "on_remove_stream", uid=session.uid, uint_id=session.uid)
        self._tell_others(session, *session.published)
        return {}

    _HANDLERS: ClassVar[dict[str, Callable[[MediaServer, Session, Json], Json]]] = {
        "leave": _leave,
        "publish": _publish,
        "renew_token": _renew,
        "set_client_role": _set_role,
        "unpublish": _unpublish,
    }

    # Tokens

    def _check_token(self, session: Session, token: str | None) -> Admission:
        client: Json = {"uid": session.uid} if session.account is None else {"account": session.account}
        return self.project.answer_join(session.channel, app_id=session._app_id, token=token, **client)

    def _grant(self, session: Session, token: str | None) -> None:
        client: Json = {"uid": session.uid} if session.account is None else {"account": session.account}
        session.privileges = self.project.granted_privileges(session.channel, token=token, **client)
        session._warned = False

    def _may_publish(self, session: Session, kind: str) -> bool:
        if not self.project.co_host_authentication:
            return True
        number = RtcPrivilege.PUBLISH_AUDIO if kind == "audio" else RtcPrivilege.PUBLISH_VIDEO
        if number not in session.privileges:
            return False
        end = session.privileges[number]
        return end is None or end > self.project.clock.now()

    # Sessions

    def _present_in(self, channel: str) -> list[Session]:
        return [session for session in self._present() if session.channel == channel]

    def _take_place_of(self, session: Session) -> None:
        """Put out whoever has this uid in the channel: the client itself, with a new connection, or another one."""
        for other in self._present_in(session.channel):
            if other.uid == session.uid and _same(other._sid, session._sid):
                session.recent_events.extendleft(reversed(other.recent_events))
                if other._connection:
                    other._connection.session = None
                self._sessions.remove(other)
            elif other.uid == session.uid:
                self._tell(other, "on_notification", code=REPEAT_JOIN_CHANNEL.number)
                self._note(other, EventKind.CONFLICT, "UID_BANNED", sources.UID_CONFLICT)
                self._put_out(other, OutReason.UID_CONFLICT, "Quit")

    def _expel_returning(self, session: Session, admission: Admission, code: GatewayCode) -> None:
        """End the earlier session of a client that joins again, after its connection was lost, and is refused."""
        for other in self._present_in(session.channel):
            if other.uid == session.uid and _same(other._sid, session._sid):
                self._reject_returning(other, EventKind.JOIN, admission, code)

    def _reject_returning(self, session: Session, kind: EventKind, admission: Admission, code: GatewayCode) -> None:
        shown = "TOKEN_EXPIRE" if code == NO_AUTHORIZED else _error(code, admission.text)
        # after a rejected rejoin_v3 the SDK asks the access point, again and again, and shows nothing
        sdk = shown if kind == EventKind.JOIN else ""
        self._note(session, kind, sdk, sources.REJOIN_NUMBER, admission)
        self._put_out(session, OutReason.REJECTED, "Quit")

    def _put_out(self, session: Session, reason: OutReason, told: str) -> None:
        session.state, session.reason = SessionState.OUT, reason
        session.published.clear()
        if session._visible:
            self._tell_others(session, "on_user_offline", uid=session.uid, reason=told)

    def _close(self, connection: Connection) -> None:
        with self._lock:
            self._links.discard(connection)
            session, connection.session = connection.session, None
            if session:
                session._connection = None
            if session and session.state == SessionState.IN:
                self._note_lost(session)

    # What the media server tells

    def _follow_up(self, session: Session, kind: str) -> None:
        """Tell what follows from a request, after its answer."""
        if kind in ("join_v3", "rejoin_v3"):
            for other in self._present_in(session.channel):
                if other is not session and other._visible:
                    self._tell(session, "on_user_online", uid=other.uid)
                    for stream in other.published:
                        self._tell(session, *_stream_message(other, stream))
        if kind == "join_v3" and session._visible:
            self._tell_others(session, "on_user_online", uid=session.uid)
        if session.state == SessionState.IN:
            self._check_time(session, self.project.clock.now())

    def _tell_others(self, session: Session, *kinds: str, **message: Any) -> None:
        for other in self._present_in(session.channel):
            if other is not session:
                for kind in kinds:
                    if message:
                        self._tell(other, kind, **message)
                    else:
                        self._tell(other, *_stream_message(session, kind))

    def _tell(self, session: Session, kind: str, content: Json | None = None, **message: Any) -> None:
        if session._connection:
            session._connection._send({"_type": kind, "_message": content or message})

    def _refuse(
        self,
        session: Session,
        kind: EventKind,
        code: GatewayCode,
        text: str,
        source: Source,
        admission: Admission | None = None,
    ) -> _RefusedError:
        self._note(session, kind, _error(code, text), source, admission)
        return _RefusedError(code, text)

    def _entrance(self, session: Session) -> Json:
        """Return what a client needs to be in the channel. An SDK without one of these fails silently."""
        return {
            "uid": session.uid,
            "vid": 1,
            "cid": 1,
            "rejoin_token": session._rejoin_token,
            "server_ts": self.project.clock.now() * 1000,
            "attributes": {"userAttributes": {}},
            "ortc": session._ortc,
        }


class _RefusedError(Exception):
    """A request that is refused."""

    def __init__(self, code: GatewayCode, text: str) -> None:
        super().__init__(text)
        self.code, self.text = code, text


def _error(code: GatewayCode, text: str) -> str:
    """Return the error that a promise of the SDK rejects with."""
    return f"UNEXPECTED_RESPONSE: {code.word}: {text}"


def _same(one: str, other: str) -> bool:
    return secrets.compare_digest(one.encode(), other.encode())


def _parse(text: str) -> Json:
    if len(text) > MAX_MESSAGE_CHARACTERS:
        raise _RefusedError(NOT_SUPPORTED, f"message: is longer than {MAX_MESSAGE_CHARACTERS} characters.")
    try:
        request = json.loads(text)
        json.dumps(request, ensure_ascii=False, allow_nan=False).encode()  # parts of it are sent back
    except (ValueError, RecursionError):
        raise _RefusedError(NOT_SUPPORTED, "message: is not JSON.") from None
    if not isinstance(request, dict):
        raise _RefusedError(NOT_SUPPORTED, "message: must be a JSON object.")
    return request


def _read_id(request: Json) -> str:
    request_id = _field(request, "_id", str)
    if len(request_id) > MAX_ID_CHARACTERS:
        raise _RefusedError(NOT_SUPPORTED, f"_id: is longer than {MAX_ID_CHARACTERS} characters.")
    return request_id


_TYPES = {int: "an integer", str: "a string", dict: "an object", list: "an array"}


def _field(message: Json, name: str, kind: type[T]) -> T:
    value = message.get(name)
    if type(value) is not kind:
        problem = f"must be {_TYPES[kind]}" if name in message else "is missing"
        raise _RefusedError(NOT_SUPPORTED, f"{name}: {problem}.")
    return value


def _streams(message: Json) -> Iterable[tuple[str, int]]:
    """Return kind and SSRC of each stream in a request to publish."""
    for stream in _field({"ortc": []} | message, "ortc", list):
        if isinstance(stream, dict):
            kind = "audio" if stream.get("stream_type") == "audio" else "video"
            ssrcs = stream.get("ssrcs")
            first = ssrcs[0] if isinstance(ssrcs, list) and ssrcs else {}
            ssrc = first.get("ssrcId") if isinstance(first, dict) else None
            yield kind, ssrc if isinstance(ssrc, int) else 1


def _stream_message(session: Session, kind: str) -> tuple[str, Json]:
    stream = {"uid": session.uid, "uint_id": session.uid, kind: True, "ssrcId": session.published[kind], "cname": "x"}
    return f"on_add_{kind}_stream", stream


def _transport(capabilities: Json) -> Json:
    """Return parameters of a media connection that never comes about: nobody listens there."""
    candidate = {"foundation": "1", "ip": "127.0.0.1", "port": 9, "priority": 1, "protocol": "udp", "type": "host"}
    fingerprint = ":".join(["00"] * 32)
    return {
        "cname": "practice",
        "iceParameters": {"iceUfrag": "practice", "icePwd": "practice" * 3, "candidates": [candidate]},
        "dtlsParameters": {"role": "server", "fingerprints": [{"algorithm": "sha-256", "fingerprint": fingerprint}]},
        "rtpCapabilities": capabilities,
    }
