"""The services that a 007 token can grant: one small dataclass for each type number.

``parts`` lists what follows the privileges on the wire, in order: attribute, name in the official builders
(and in :meth:`DecodedToken.to_dict`), and kind of value.

``privileges`` is either a mapping of privilege number to seconds from the time of issue (as on the wire, and
as :func:`decode` returns it), or, for building, a plain tuple of privilege numbers that end with the token.

The classes are not frozen, since making a frozen one takes three times as long, and one is made for each token.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar, Literal, get_args

from ..constants import (
    ACCOUNT_MAX_BYTES,
    ENTERED_SERVICES,
    LOGIN,
    PRIVILEGE_NAMES,
    ROLE_PRIVILEGES,
    UINT16_MAX,
    Role,
    ServiceType,
)
from ..errors import InputError
from ..validation import check_account, check_channel, check_expires_in, check_name, check_uid, check_user, plain_str

Privileges = Mapping[int, int] | tuple[int, ...]
Permissions = Mapping[int, Mapping[int, tuple[str, ...]]]
Parts = tuple[tuple[str, str, Literal["text", "int16", "permissions"]], ...]


@dataclass(slots=True)
class RtcService:
    """Real-time audio and video in one channel.

    Args:
        channel: 1 to 63 bytes of Agora's 89 characters.
        uid: an integer 1 to 2**32-1 or a user account; once decoded the signed text (``""``: anyone).
        privileges: see the module; join only unless said otherwise.
    """

    channel: str
    uid: int | str
    privileges: Privileges = ROLE_PRIVILEGES[Role.SUBSCRIBER]
    type: ClassVar[int] = ServiceType.RTC
    name: ClassVar[str] = "rtc"
    parts: ClassVar[Parts] = (("channel", "channel_name", "text"), ("uid", "uid", "text"))


@dataclass(slots=True)
class RtmService:
    """Messaging (RTM, Signaling) for one user id of 1 to 64 bytes."""

    user: str
    privileges: Privileges = (LOGIN,)
    type: ClassVar[int] = ServiceType.RTM
    name: ClassVar[str] = "rtm"
    parts: ClassVar[Parts] = (("user", "user_id", "text"),)


@dataclass(slots=True)
class StreamingService:
    """Streaming of a channel; privilege 1 publishes the mixed stream, 2 the raw stream."""

    channel: str
    account: str
    privileges: Privileges = (1,)
    type: ClassVar[int] = ServiceType.STREAMING
    name: ClassVar[str] = "streaming"
    parts: ClassVar[Parts] = (("channel", "channel_name", "text"), ("account", "account", "text"))


@dataclass(slots=True)
class FpaService:
    """Full-path acceleration; it names nobody."""

    privileges: Privileges = (LOGIN,)
    type: ClassVar[int] = ServiceType.FPA
    name: ClassVar[str] = "fpa"
    parts: ClassVar[Parts] = ()


@dataclass(slots=True)
class ChatService:
    """Chat for one user (privilege 1), or with ``user=""`` for the app itself (privilege 2)."""

    user: str
    privileges: Privileges = (1,)
    type: ClassVar[int] = ServiceType.CHAT
    name: ClassVar[str] = "chat"
    parts: ClassVar[Parts] = (("user", "user_id", "text"),)


@dataclass(slots=True)
class FcdnService:
    """CDN live streaming; privilege 1 publishes, 2 plays."""

    channel: str
    account: str
    privileges: Privileges = (2,)
    type: ClassVar[int] = ServiceType.FCDN
    name: ClassVar[str] = "fcdn"
    parts: ClassVar[Parts] = (("channel", "channel_name", "text"), ("account", "account", "text"))


@dataclass(slots=True)
class ApaasService:
    """Flexible Classroom: a user in a room (privilege 1), a user (2) or the app (3). ``role`` -1 is none."""

    room: str
    user: str
    role: int = -1
    privileges: Privileges = (1,)
    type: ClassVar[int] = ServiceType.APAAS
    name: ClassVar[str] = "apaas"
    parts: ClassVar[Parts] = (
        ("room", "room_uuid", "text"),
        ("user", "user_uuid", "text"),
        ("role", "role", "int16"),
    )


@dataclass(slots=True)
class Rtm2Service:
    """Messaging with permissions: resource type → kind (0 read, 1 write) → resource names.

    Resource types: 0 message channels, 1 stream channels, 2 group channels, 3 server groups, 4 users.
    """

    user: str
    permissions: Permissions = field(default_factory=dict)
    privileges: Privileges = (LOGIN,)
    type: ClassVar[int] = ServiceType.RTM2
    name: ClassVar[str] = "rtm2"
    parts: ClassVar[Parts] = (("user", "user_id", "text"), ("permissions", "permissions", "permissions"))


@dataclass(slots=True)
class ConvoAiService:
    """Conversational AI; it names nobody and its official builder gives it no privileges."""

    privileges: Privileges = ()
    type: ClassVar[int] = ServiceType.CONVOAI
    name: ClassVar[str] = "convoai"
    parts: ClassVar[Parts] = ()


@dataclass(slots=True)
class SttService:
    """Speech to text; it names nobody and its official builder gives it no privileges."""

    privileges: Privileges = ()
    type: ClassVar[int] = ServiceType.STT
    name: ClassVar[str] = "stt"
    parts: ClassVar[Parts] = ()


@dataclass(slots=True)
class UnknownService:
    """A service of a type that nobody here knows, and all bytes after its type number, unread.

    The format has no length for a service, so whatever follows an unknown type cannot be told apart.
    """

    type: int
    data: bytes


@dataclass(slots=True)
class Service006:
    """What a 006 token grants: ``"rtc"`` or ``"rtm"``, and privileges with absolute Unix times.

    Channel and uid are signed but not contained; the token carries only their checksums.
    """

    name: str
    privileges: Mapping[int, int]
    type: ClassVar[None] = None


Service = (
    RtcService
    | RtmService
    | StreamingService
    | FpaService
    | ChatService
    | FcdnService
    | ApaasService
    | Rtm2Service
    | ConvoAiService
    | SttService
)

SERVICE_CLASSES: dict[int, type[Service]] = {service.type: service for service in get_args(Service)}


def privilege_times(service: Service | Service006) -> Mapping[int, int]:
    """The privileges with a time each, as every decoded service has them."""
    if isinstance(service.privileges, tuple):
        raise TypeError("a plain tuple of privileges has no times: the token gives them its own")
    return service.privileges


def check_service(place: str, service: object, expires_in: int) -> Service:
    """The service as it will be signed: every value checked, each privilege with its seconds."""
    if not isinstance(service, Service):
        hint = "Use RtcService, RtmService or another dataclass of agora_helpers.services."
        raise InputError(place, f"is no service but of type {type(service).__name__}.", hint)
    try:
        checked: dict[str, Any] = {"privileges": _check_privileges(service.type, service.privileges, expires_in)}
        for part in fields(service):
            if part.name in _CHECKS and not _stays_empty(service, part.name):
                checked[part.name] = _CHECKS[part.name](getattr(service, part.name))
    except InputError as error:
        raise InputError(f"{place}.{error.field}", error.problem, error.hint) from None
    return replace(service, **checked)


def _stays_empty(service: Service, part: str) -> bool:
    """Chat and APaaS have privileges for the app itself, or for a user in no room: those name nobody."""
    if getattr(service, part) != "":
        return False
    granted = tuple(service.privileges)
    if isinstance(service, ChatService):
        return granted == (2,)
    return isinstance(service, ApaasService) and (granted == (3,) or (part == "room" and granted == (2,)))


def _check_rtc_uid(uid: object) -> str:
    if not isinstance(uid, str):
        return str(check_uid(uid))
    if not plain_str(uid):
        hint = "Name the user, or make such a token with build_rtc_token(…, uid=0, allow_any_uid=True)."
        raise InputError("uid", "is empty: anyone could use the token.", hint)
    return check_name("uid", uid, ACCOUNT_MAX_BYTES)


def _check_room(room: object) -> str:
    return check_name("room", room, ACCOUNT_MAX_BYTES)


def _check_apaas_role(role: object) -> int:
    if type(role) is not int or not -(2**15) <= role < 2**15:
        raise InputError("role", "must be an integer of 16 bits.", "-1 stands for no role.")
    return role


def _check_permissions(permissions: object) -> object:
    checked: dict[int, dict[int, tuple[str, ...]]] = {}
    try:
        for resource, kinds in permissions.items():  # type: ignore[attr-defined]
            checked[resource] = {}
            for kind, names in kinds.items():
                numbers = type(resource) is int and 0 <= resource <= 4 and type(kind) is int and kind in (0, 1)
                if not numbers or not isinstance(names, tuple | list) or len(names) > UINT16_MAX:
                    raise TypeError
                checked[resource][kind] = tuple([str.__str__(name) for name in names])
                if not all(0 < len(name.encode()) <= UINT16_MAX for name in checked[resource][kind]):
                    raise TypeError
    except (AttributeError, TypeError, UnicodeEncodeError):
        hint = "For instance {0: {1: ('news',)}}: resource type 0 to 4, kind 0 (read) or 1 (write), names."
        raise InputError("permissions", "has another shape than it must have.", hint) from None
    return checked


_CHECKS: dict[str, Callable[[object], object]] = {
    "channel": check_channel,
    "uid": _check_rtc_uid,
    "account": check_account,
    "user": check_user,
    "room": _check_room,
    "role": _check_apaas_role,
    "permissions": _check_permissions,
}


def _check_privileges(service_type: int, privileges: Privileges, expires_in: int) -> dict[int, int]:
    known = PRIVILEGE_NAMES[service_type]
    if not isinstance(privileges, Mapping | tuple | list | set | frozenset):
        raise InputError("privileges", "must be a tuple of numbers, or a mapping of numbers to seconds.")
    for number in privileges:
        if isinstance(number, bool) or not isinstance(number, int) or number not in known:
            names = ", ".join(f"{n} ({name})" for n, name in known.items()) or "none"
            raise InputError("privileges", "has one that this service does not know.", f"Known: {names}.")
    if service_type in ENTERED_SERVICES and LOGIN not in privileges:
        hint = f"Privilege 1 ({known[LOGIN]}) must be among them."
        raise InputError("privileges", "do not let anyone in.", hint)
    given = privileges if isinstance(privileges, Mapping) else dict.fromkeys(privileges, expires_in)
    checked = {}
    for number, seconds in given.items():
        field = f"privileges[{int(number)}]"
        checked[int(number)] = check_expires_in(seconds, field)
        if seconds > expires_in:
            hint = "Nothing outlives the token: lengthen expires_in or shorten the privilege."
            raise InputError(field, "ends after the token.", hint)
    if known and not checked:
        raise InputError("privileges", "is empty: the service would grant nothing.", "Name at least one.")
    return checked
