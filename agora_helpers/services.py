"""The services that a 007 token can grant: one small dataclass for each type number.

``parts`` lists what follows the privileges on the wire, in order: attribute, name in the official builders
(and in :meth:`DecodedToken.to_dict`), and kind of value.

``privileges`` is either a mapping of privilege number to seconds from the time of issue (as on the wire, and
as :func:`decode` returns it), or, for building, a plain tuple of privilege numbers that end with the token.

The classes are not frozen, since making a frozen one takes three times as long, and one is made for each token.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal, get_args

from .vocabulary import LOGIN, ROLE_PRIVILEGES, Role, ServiceType

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
