"""What a token says: the result of :func:`agora_helpers.decode`, for both versions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from ..constants import DAY
from .services import Service, Service006, UnknownService, privilege_times
from .wire import Field, Reader


class DecodedToken(NamedTuple):
    """All that a token contains, in the order of its bytes. Nothing here was verified.

    >>> from agora_helpers import Credentials, build_rtc_token, decode
    >>> decoded = decode(build_rtc_token(Credentials.demo(), "lobby", uid=7, now=1_700_000_000, salt=1))
    >>> decoded.services[0].channel, decoded.expires_at
    ('lobby', 1700003600)
    """

    version: str
    """``"006"`` or ``"007"``."""
    app_id: str
    salt: int
    """A random number, 0 to 2**32-1, that makes equal tokens differ."""
    signature: bytes
    services: tuple[Service | Service006, ...]
    payload: bytes
    """The bytes after base64 and, in 007, inflating; the fields' byte ranges count in here."""
    read_again: Callable[[DecodedToken], Reader]
    """Reads the payload once more, with byte ranges; decoding itself keeps none, to be quick."""
    issued_at: int | None = None
    """007: Unix time of issue. A 006 token has none."""
    expire: int | None = None
    """007: lifetime in seconds from ``issued_at``."""
    ts: int | None = None
    """006: the token's own expiry as Unix time (builders set it 24 hours ahead)."""
    crc_channel_name: int | None = None
    """006: CRC-32 of the channel name (in an RTM token: of the user id). Not signed."""
    crc_uid: int | None = None
    """006: CRC-32 of the uid's text; 0 for a token that anyone may use. Not signed."""
    unread: UnknownService | None = None
    """007: the first service of an unknown type, with everything after it."""
    trailing: bytes = b""
    """Left-over bytes behind the last field; usually none."""

    @property
    def expires_at(self) -> int:
        """Unix time at which the token itself ends, as it says; Agora cuts that to 24 hours."""
        if self.ts is not None:
            return self.ts
        return (self.issued_at or 0) + (self.expire or 0)

    @property
    def ends_at(self) -> int:
        """Unix time at which Agora ends the token: as it says, but at most 24 hours after its issue."""
        return self.expires_at if self.issued_at is None else min(self.expires_at, self.issued_at + DAY)

    def privilege_end(self, service: Service | Service006, number: int) -> int:
        """Return the Unix time at which a privilege ends: one of 0 ends with the token; 0 if there is none."""
        value = privilege_times(service).get(number)
        if value is None:
            return 0
        return value + (self.issued_at or 0) if value else self.ends_at

    @property
    def signed(self) -> bytes:
        """The part of the payload that the signature covers, as received (in 006 with channel and uid)."""
        start = 2 + len(self.signature)
        if self.version == "007":
            return self.payload[start:]
        start += 10
        return self.payload[start : start + int.from_bytes(self.payload[start - 2 : start], "little")]

    @property
    def fields(self) -> tuple[Field, ...]:
        """Every field with its bytes and their range; together they cover the whole payload."""
        return tuple(self.read_again(self).fields)

    @property
    def repeats_entry(self) -> bool:
        """Does a privilege, or a resource of RTM2 permissions, stand twice? Implementations then differ."""
        return self.read_again(self).repeats_entry

    def __repr__(self) -> str:
        names = ", ".join(service.name for service in self.services)
        return f"<DecodedToken {self.version}: {names or 'no service'}, App ID {self.app_id!r}>"

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON; ``unread`` and ``trailing`` only where there is such a thing."""
        head: dict[str, Any] = {"version": self.version, "app_id": self.app_id, "salt": self.salt}
        if self.version == "006":
            head |= {"ts": self.ts, "crc_channel_name": self.crc_channel_name, "crc_uid": self.crc_uid}
        else:
            head |= {"issued_at": self.issued_at, "expire": self.expire}
        head["services"] = [_service_dict(service) for service in self.services]
        head["signature"] = self.signature.hex()
        if self.unread:
            head["unread"] = {"type": self.unread.type, "data": self.unread.data.hex()}
        if self.trailing:
            head["trailing"] = self.trailing.hex()
        return head


def _service_dict(service: Service | Service006) -> dict[str, Any]:
    body: dict[str, Any] = {"type": service.type and int(service.type), "name": service.name}
    if not isinstance(service, Service006):
        for attribute, wire_name, kind in service.parts:
            value = getattr(service, attribute)
            if kind == "permissions":
                value = {
                    str(resource): {str(kind): list(names) for kind, names in kinds.items()}
                    for resource, kinds in value.items()
                }
            body[wire_name] = value
    body["privileges"] = {str(number): value for number, value in privilege_times(service).items()}
    return body
