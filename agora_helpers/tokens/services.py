"""The services that a token can grant: one small frozen dataclass for each type number of 007, and one for 006.

``parts`` lists the values that follow the privileges on the wire, in order. Each :class:`Part` has everything that
there is to know about one of them: attribute, name, kind, and the rule that a builder applies. The fields of each
dataclass are its parts, in the same order, and then ``privileges``.

``privileges`` is either a mapping of privilege number to seconds from the time of issue (as on the wire, and
as :func:`decode` returns it), or, for building, a plain tuple of privilege numbers that end with the token.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import InitVar, dataclass, field, replace
from typing import Any, ClassVar, Literal, NamedTuple, get_args

from ..constants import (
    ACCOUNT_MAX_BYTES,
    ENTERED_SERVICES,
    LOGIN,
    PRIVILEGE_NAMES,
    ROLE_PRIVILEGES,
    UINT16_MAX,
    Role,
    RtcPrivilege,
    ServiceType,
)
from ..errors import ErrorCode, InputError
from ..validation import (
    check_account,
    check_channel,
    check_chat_user,
    check_expires_in,
    check_name,
    check_uid,
    check_user,
    plain_int,
    plain_str,
    refuse_placeholder,
    type_name,
)
from .frozen import FrozenDict

Privileges = Mapping[int, int] | tuple[int, ...]
Permissions = Mapping[int, Mapping[int, tuple[str, ...]]]
Kind = Literal["string", "int16", "permissions"]


class Part(NamedTuple):
    """One value of a service.

    Attributes:
        attribute: its name in the dataclass.
        wire_name: its name in the official builders, in ``Field.name`` and in :meth:`DecodedToken.to_dict`.
        kind: how it is written.
        check: returns the value as it is signed, or raises :class:`InputError`.
        empty_with: privileges for the app or for a user in no room. A service with one of these, and no other, may
            leave the value empty.
    """

    attribute: str
    wire_name: str
    kind: Kind
    check: Callable[[object], object]
    empty_with: tuple[int, ...] = ()


def _check_rtc_uid(uid: object) -> str:
    if not isinstance(uid, str):
        return str(check_uid(uid))
    if not plain_str(uid):
        hint = "Name the user, or build such a token with build_rtc_token(…, uid=0, allow_any_uid=True)."
        raise InputError("uid", "is empty: any client could use the token.", hint, code=ErrorCode.UID_FOR_ANYONE)
    return check_name("uid", uid, ACCOUNT_MAX_BYTES)


def _check_room(room: object) -> str:
    return check_name("room", room, ACCOUNT_MAX_BYTES)


def _check_classroom_role(role: object) -> int:
    if type(role) is int and -(2**15) <= role < 2**15:
        return role
    code = ErrorCode.OUT_OF_RANGE if type(role) is int else ErrorCode.WRONG_TYPE
    raise InputError("role", "must be an integer of 16 bits, -32768 to 32767.", "-1 stands for no role.", code=code)


def _check_permissions(permissions: object) -> Permissions:
    """Return plain copies, in which every name is a plain, non-empty string that can be encoded."""
    checked: dict[int, dict[int, tuple[str, ...]]] = {}
    try:
        for resource, kinds in permissions.items():  # type: ignore[attr-defined]
            checked[resource] = {}
            for kind, names in kinds.items():
                numbers = type(resource) is int and 0 <= resource <= 4 and type(kind) is int and kind in (0, 1)
                if not numbers or not isinstance(names, tuple | list):
                    raise TypeError
                checked[resource][kind] = plain = tuple([str.__str__(name) for name in names])
                if len(plain) > UINT16_MAX or not all(0 < len(name.encode()) <= UINT16_MAX for name in plain):
                    raise TypeError
    except (AttributeError, TypeError, UnicodeEncodeError):
        problem = "must map resource types (0 to 4) to kinds (0 read, 1 write), and those to tuples of names."
        raise InputError("permissions", problem, "For instance {0: {1: ('news',)}}.") from None
    return checked


_CHANNEL = Part("channel", "channel_name", "string", check_channel)
_ACCOUNT = Part("account", "account", "string", check_account)
_USER = Part("user", "user_id", "string", check_user)


@dataclass(frozen=True, slots=True)
class RtcService:
    """Real-time audio and video in one channel.

    Args:
        channel: 1 to 63 bytes of Agora's 89 characters.
        uid: an integer 1 to 2**32-1 or a user account; once decoded the signed string (``""``: any client).
        privileges: numbers, or numbers mapped to seconds (see the module); by default join only.
        account: the user account, instead of ``uid``, as for the builders. It is stored as ``uid``.

    Raises:
        InputError: both ``uid`` and ``account`` are given, or ``account`` breaks one of Agora's rules.

    >>> RtcService("lobby", account="alice") == RtcService("lobby", "alice")
    True
    """

    channel: str
    uid: int | str = ""
    privileges: Privileges = ROLE_PRIVILEGES[Role.SUBSCRIBER]
    account: InitVar[str | None] = field(default=None, kw_only=True)
    type: ClassVar[int] = ServiceType.RTC
    name: ClassVar[str] = "rtc"
    parts: ClassVar[tuple[Part, ...]] = (_CHANNEL, Part("uid", "uid", "string", _check_rtc_uid))

    def __post_init__(self, account: str | None) -> None:
        """Store the user account as ``uid``, which is how a token contains it."""
        if account is None:
            return
        if self.uid != "":
            problem, hint = "cannot be passed together with uid.", "Pass one of the two."
            raise InputError("account", problem, hint, code=ErrorCode.UID_AND_ACCOUNT)
        object.__setattr__(self, "uid", check_account(account))


@dataclass(frozen=True, slots=True)
class RtmService:
    """Messaging (RTM, Signaling) for one user id of 1 to 64 bytes."""

    user: str
    privileges: Privileges = (LOGIN,)
    type: ClassVar[int] = ServiceType.RTM
    name: ClassVar[str] = "rtm"
    parts: ClassVar[tuple[Part, ...]] = (_USER,)


@dataclass(frozen=True, slots=True)
class StreamingService:
    """Streaming of a channel; privilege 1 publishes the mixed stream, 2 the raw stream."""

    channel: str
    account: str
    privileges: Privileges = (1,)
    type: ClassVar[int] = ServiceType.STREAMING
    name: ClassVar[str] = "streaming"
    parts: ClassVar[tuple[Part, ...]] = (_CHANNEL, _ACCOUNT)


@dataclass(frozen=True, slots=True)
class FpaService:
    """Full-path acceleration; it names no user."""

    privileges: Privileges = (LOGIN,)
    type: ClassVar[int] = ServiceType.FPA
    name: ClassVar[str] = "fpa"
    parts: ClassVar[tuple[Part, ...]] = ()


@dataclass(frozen=True, slots=True)
class ChatService:
    """Chat for one user (privilege 1), or with ``user=""`` for the app itself (privilege 2).

    Chat user ids have 1 to 64 of the characters a-z, 0-9, ``_``, ``-`` and ``.``.
    """

    user: str
    privileges: Privileges = (1,)
    type: ClassVar[int] = ServiceType.CHAT
    name: ClassVar[str] = "chat"
    parts: ClassVar[tuple[Part, ...]] = (_USER._replace(check=check_chat_user, empty_with=(2,)),)


@dataclass(frozen=True, slots=True)
class FcdnService:
    """CDN live streaming; privilege 1 publishes, 2 plays."""

    channel: str
    account: str
    privileges: Privileges = (2,)
    type: ClassVar[int] = ServiceType.FCDN
    name: ClassVar[str] = "fcdn"
    parts: ClassVar[tuple[Part, ...]] = (_CHANNEL, _ACCOUNT)


@dataclass(frozen=True, slots=True)
class ApaasService:
    """Flexible Classroom: a user in a room (privilege 1), a user (2) or the app (3). ``role`` -1 is none."""

    room: str
    user: str
    role: int = -1
    privileges: Privileges = (1,)
    type: ClassVar[int] = ServiceType.APAAS
    name: ClassVar[str] = "apaas"
    parts: ClassVar[tuple[Part, ...]] = (
        Part("room", "room_uuid", "string", _check_room, empty_with=(2, 3)),
        Part("user", "user_uuid", "string", check_user, empty_with=(3,)),
        Part("role", "role", "int16", _check_classroom_role),
    )


@dataclass(frozen=True, slots=True)
class Rtm2Service:
    """Messaging with permissions: resource type → kind (0 read, 1 write) → resource names.

    Resource types: 0 message channels, 1 stream channels, 2 group channels, 3 server groups, 4 users.
    """

    user: str
    permissions: Permissions = field(default_factory=FrozenDict)
    privileges: Privileges = (LOGIN,)
    type: ClassVar[int] = ServiceType.RTM2
    name: ClassVar[str] = "rtm2"
    parts: ClassVar[tuple[Part, ...]] = (
        _USER,
        Part("permissions", "permissions", "permissions", _check_permissions),
    )


@dataclass(frozen=True, slots=True)
class ConvoAiService:
    """Conversational AI; it names no user, and its official builder gives it no privileges."""

    privileges: Privileges = ()
    type: ClassVar[int] = ServiceType.CONVOAI
    name: ClassVar[str] = "convoai"
    parts: ClassVar[tuple[Part, ...]] = ()


@dataclass(frozen=True, slots=True)
class SttService:
    """Speech to text; it names no user, and its official builder gives it no privileges."""

    privileges: Privileges = ()
    type: ClassVar[int] = ServiceType.STT
    name: ClassVar[str] = "stt"
    parts: ClassVar[tuple[Part, ...]] = ()


@dataclass(frozen=True, slots=True)
class UnknownService:
    """A service of a type that this package does not know, and all bytes after its type number, unread.

    The format has no length for a service, so what follows an unknown type cannot be separated into fields.
    """

    type: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Service006:
    """What a 006 token grants: ``"rtc"`` or ``"rtm"``, and privileges with absolute Unix times.

    Channel and uid are signed but not contained; the token contains only their checksums.
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
    """Return the privileges with a time each, as every decoded service has them.

    Raises:
        TypeError: the service was made for building, with privileges that have no times of their own.
    """
    if isinstance(service.privileges, tuple):
        raise TypeError("a plain tuple of privileges has no times: the token gives them its own")
    return service.privileges


def is_rtc(service: Service | Service006) -> bool:
    """Check whether a decoded service is for joining a channel. A 006 token may be for that and for RTM at once."""
    of_both = isinstance(service, Service006) and not set(RtcPrivilege).isdisjoint(service.privileges)
    return service.name == RtcService.name or of_both


def role_of(service: Service | Service006) -> Role | None:
    """Return the role to which the privileges of a decoded RTC service amount.

    Args:
        service: a service of a decoded token.

    Returns:
        The role whose privileges it has, all of them and no others of RTC; None if there is no such role.

    >>> role_of(RtcService("lobby", "7", {1: 3600}))
    <Role.SUBSCRIBER: 'subscriber'>
    >>> role_of(RtcService("lobby", "7", {2: 3600})) is None
    True
    """
    granted = set(privilege_times(service)) & set(RtcPrivilege)
    return next((role for role, numbers in ROLE_PRIVILEGES.items() if is_rtc(service) and granted == {*numbers}), None)


def check_service(place: str, service: object, expires_in: int, *, allow_placeholder_names: bool = False) -> Service:
    """Return the service as it will be signed: every value checked, each privilege with its seconds.

    Args:
        place: where the service stands, such as ``"services[0]"``, for errors.
        service: what the caller passed.
        expires_in: lifetime of the token in seconds; no privilege may last longer.
        allow_placeholder_names: accept names that look like a variable without a value.

    Raises:
        InputError: a value breaks one of Agora's rules.
    """
    if not isinstance(service, Service):
        hint = "Use RtcService, RtmService or another service class of agora_helpers."
        raise InputError(place, f"must be a service, not {type_name(service)}.", hint, code=ErrorCode.WRONG_TYPE)
    try:
        values: dict[str, Any] = {"privileges": _check_privileges(service.type, service.privileges, expires_in)}
        numbers = tuple(values["privileges"])
        for part in service.parts:
            value = getattr(service, part.attribute)
            may_be_empty = len(numbers) == 1 and numbers[0] in part.empty_with
            values[part.attribute] = "" if may_be_empty and plain_str(value) == "" else part.check(value)
            if part.kind == "string" and not allow_placeholder_names:
                refuse_placeholder(part.attribute, values[part.attribute])
    except InputError as error:
        raise error.within(place) from None
    return replace(service, **values)


def _check_privileges(service_type: int, privileges: Privileges, expires_in: int) -> dict[int, int]:
    known = PRIVILEGE_NAMES[service_type]
    if not isinstance(privileges, Mapping | tuple | list | set | frozenset):
        problem = f"must be a tuple of numbers or a mapping of numbers to seconds, not {type_name(privileges)}."
        raise InputError("privileges", problem, "For instance (1, 2) or {1: 600}.", code=ErrorCode.WRONG_TYPE)
    if isinstance(privileges, Mapping):
        entries = list(privileges.items())  # asked once: a class of the caller's may give another answer next time
    else:
        entries = [(number, expires_in) for number in privileges]
    checked: dict[int, int] = {}
    for key, value in entries:
        number = plain_int(key)
        if number is None or number not in known:
            names = ", ".join(f"{n} ({name})" for n, name in known.items()) or "none"
            problem = "contains one that this service does not have."
            raise InputError("privileges", problem, f"Allowed: {names}.", code=ErrorCode.UNKNOWN_CHOICE)
        field = f"privileges[{number}]"
        checked[number] = check_expires_in(value, field)
        if checked[number] > expires_in:
            problem = "ends after the token."
            hint = "Increase expires_in or shorten the privilege."
            raise InputError(field, problem, hint, code=ErrorCode.LIFETIME_TOO_LONG)
    if service_type in ENTERED_SERVICES and LOGIN not in checked:
        problem, hint = "would admit no client.", f"Add privilege 1 ({known[LOGIN]})."
        raise InputError("privileges", problem, hint, code=ErrorCode.MISSING)
    if known and not checked:
        problem = "is empty: the service would grant nothing."
        raise InputError("privileges", problem, "Pass at least one.", code=ErrorCode.EMPTY)
    return checked
