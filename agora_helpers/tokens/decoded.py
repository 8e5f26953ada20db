"""What a token says: the result of :func:`agora_helpers.decode`, for both versions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..constants import DAY, TokenVersion
from .services import Service, Service006, UnknownService, is_rtc, privilege_times, role_of
from .wire import Field, FieldReader, Reader

LAYOUTS: dict[TokenVersion, Callable[[Reader, str], object]] = {}
"""How to read the payload of each version, given the App ID. ``v006`` and ``v007`` enter their functions."""


@dataclass(frozen=True, slots=True, repr=False)
class DecodedToken:
    """Everything that a token contains. Nothing here was verified, and nothing can be changed.

    >>> from agora_helpers import Credentials, build_rtc_token, decode
    >>> decoded = decode(build_rtc_token(Credentials.demo(), "lobby", uid=7, now=1_700_000_000, salt=1))
    >>> decoded.services[0].channel, decoded.expires_at
    ('lobby', 1700003600)
    """

    version: TokenVersion
    """``"006"`` or ``"007"``."""
    app_id: str
    salt: int
    """A random number, 0 to 2**32-1, that makes equal tokens differ."""
    signature: bytes
    services: tuple[Service | Service006, ...]
    payload: bytes
    """The bytes after base64 and, in 007, inflating; the fields' byte ranges count in here."""
    trailing: bytes = b""
    """Bytes after the last field; usually none."""
    repeats_entry: bool = False
    """True if a privilege, or a resource of RTM2 permissions, occurs twice in one list. Readers then differ."""
    issued_at: int | None = None
    """007: Unix time of issue. A 006 token has none."""
    expire: int | None = None
    """007: lifetime in seconds from ``issued_at``."""
    unread: UnknownService | None = None
    """007: the first service of an unknown type, with everything after it."""
    ts: int | None = None
    """006: the token's own expiry as Unix time (builders set it 24 hours ahead)."""
    crc_channel_name: int | None = None
    """006: CRC-32 of the channel name (in an RTM token: of the user id). Not signed."""
    crc_uid: int | None = None
    """006: CRC-32 of the uid as a string; 0 for a token that any client may use. Not signed."""

    @property
    def expires_at(self) -> int:
        """Unix time at which the token itself ends, as it says. Agora ends it after 24 hours: see ``ends_at``."""
        if self.ts is not None:
            return self.ts
        return (self.issued_at or 0) + (self.expire or 0)

    @property
    def ends_at(self) -> int:
        """Unix time at which Agora ends the token: ``expires_at``, or 24 hours after its issue if that is sooner.

        >>> from agora_helpers import Credentials, RtmService, decode, exercises
        >>> week = exercises.sign_unchecked(Credentials.demo(), RtmService("alice"), issued_at=0, expire=604_800)
        >>> decode(week).expires_at, decode(week).ends_at
        (604800, 86400)
        """
        if self.issued_at is None:
            return self.expires_at
        return min(self.expires_at, self.issued_at + DAY)

    def privilege_end(self, service: Service | Service006, number: int) -> int:
        """Return the Unix time at which a privilege ends.

        Args:
            service: one of ``services``.
            number: of the privilege.

        Returns:
            The Unix time. A privilege with the value 0 ends with the token (``ends_at``). 0 if the service does not
            have this privilege.

        >>> from agora_helpers import Credentials, build_rtc_token, decode
        >>> decoded = decode(build_rtc_token(Credentials.demo(), "lobby", uid=7, now=1_700_000_000))
        >>> decoded.privilege_end(decoded.services[0], 1), decoded.privilege_end(decoded.services[0], 2)
        (1700003600, 0)
        """
        value = privilege_times(service).get(number)
        if value is None:
            return 0
        return value + (self.issued_at or 0) if value else self.ends_at

    @property
    def signed(self) -> bytes:
        """The part of the payload that the signature covers, as received (in 006 together with channel and uid)."""
        start = 2 + len(self.signature)
        if self.version == "007":
            return self.payload[start:]
        start += 10
        return self.payload[start : start + int.from_bytes(self.payload[start - 2 : start], "little")]

    @property
    def fields(self) -> tuple[Field, ...]:
        """Every field with its bytes and their range; together they cover the whole payload. Read again on each use."""
        reader = FieldReader(self.payload)
        LAYOUTS[self.version](reader, self.app_id)
        return tuple(reader.fields)

    def __repr__(self) -> str:
        names = ", ".join(service.name for service in self.services)
        return f"<DecodedToken {self.version}: {names or 'no service'}, App ID {self.app_id!r}>"

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON; ``unread`` and ``trailing`` only if they are not empty.

        An RTC service has a ``role``: ``"publisher"``, ``"subscriber"``, or None if its privileges are neither's.

        >>> from agora_helpers import Credentials, build_rtm_token, decode
        >>> decode(build_rtm_token(Credentials.demo(), "alice")).to_dict()["services"]
        [{'type': 2, 'name': 'rtm', 'user_id': 'alice', 'privileges': {'1': 3600}}]
        """
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
        for part in service.parts:
            value = getattr(service, part.attribute)
            if part.kind == "permissions":
                value = {
                    str(resource): {str(kind): list(names) for kind, names in kinds.items()}
                    for resource, kinds in value.items()
                }
            body[part.wire_name] = value
    body["privileges"] = {str(number): value for number, value in privilege_times(service).items()}
    if is_rtc(service):
        role = role_of(service)
        body["role"] = role and role.value
    return body
