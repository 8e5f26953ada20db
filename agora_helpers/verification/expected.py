"""The client that a token is expected for, and which services of the token that client would use."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from ..constants import ENTERED_SERVICES, LOGIN, RTM_LOGIN_006, RtcPrivilege
from ..tokens import v006
from ..tokens.decoded import DecodedToken
from ..tokens.services import ChatService, RtcService, Rtm2Service, RtmService, Service, Service006, privilege_times

WILDCARD_MAX_BYTES = 64
"""Longest name with a wildcard, according to Agora's documentation."""


@dataclass(frozen=True, slots=True)
class Expected:
    """The client that a token should admit. Names are the strings that would be signed; None is not compared."""

    app_id: str | None
    channel: str | None
    who: str | None
    """The uid, in decimal, or the user account."""
    user: str | None
    """The id of the user that logs in to messaging (RTM) or to Chat."""

    @property
    def rtc(self) -> bool:
        """Whether the client joins a channel."""
        return self.channel is not None or self.who is not None


def signed_uid(uid: int | str) -> str:
    """Return a uid as it is signed: in decimal, and 0 (any uid) as an empty string.

    >>> signed_uid(7), signed_uid(0), signed_uid("alice")
    ('7', '', 'alice')
    """
    if isinstance(uid, str):
        return uid
    return str(int(uid) or "") if uid.bit_length() <= 64 else hex(uid)  # Python limits the digits of str(int)


def covers(signed: object, name: str | None) -> bool:
    """Check whether a 007 token that was signed for one name covers another.

    Agora documents ``*`` for any characters, in names of up to 64 bytes.

    Args:
        signed: a name in the token.
        name: the name that the client uses; None is covered by all.

    >>> covers("lobby", "lobby"), covers("lob*", "lobby"), covers("lob*", "hall")
    (True, True, False)
    """
    if name is None or signed == name:
        return True
    if not isinstance(signed, str) or "*" not in signed:
        return False
    if len(signed.encode("utf-8", "surrogatepass")) > WILDCARD_MAX_BYTES:
        return False
    first, *between, last = signed.split("*")
    if len(name) < len(first) + len(last) or not (name.startswith(first) and name.endswith(last)):
        return False
    place, end = len(first), len(name) - len(last)
    for part in between:
        place = name.find(part, place, end)
        if place < 0:
            return False
        place += len(part)
    return True


def is_for(service: RtcService, who: str | None) -> bool:
    """Check whether a client may use a service. Any client may if the signed uid is empty."""
    return service.uid == "" or covers(service.uid, who)


def addressed(decoded: DecodedToken, expected: Expected) -> list[Service | Service006]:
    """Return the services that the expected client would use; all of them if no client is named."""
    if decoded.version == v006.VERSION or not (expected.rtc or expected.user is not None):
        return list(decoded.services)
    messaging = logins(decoded)
    return [
        service
        for service in decoded.services
        if (
            isinstance(service, RtcService)
            and expected.rtc
            and covers(service.channel, expected.channel)
            and is_for(service, expected.who)
        )
        or (service in messaging and service.user == expected.user)
    ]


def logins(decoded: DecodedToken) -> list[RtmService | Rtm2Service | ChatService]:
    """Return the services of a 007 token with which a user logs in to messaging (RTM), or, if it has none, to Chat."""
    rtm = [service for service in decoded.services if isinstance(service, RtmService | Rtm2Service)]
    return [*rtm] or [service for service in decoded.services if isinstance(service, ChatService) and service.user]


_LOGINS = {"rtm", "rtm2", "chat"}


def serves(decoded: DecodedToken, expected: Expected) -> tuple[int, int]:
    """Return what a token serves of the two things a client may want, to join a channel and to log in (RTM or Chat).

    Returns:
        How many of the two for exactly this client, and how many for any client.
    """

    def count(services: Iterable[Service | Service006]) -> int:
        names = {service.name for service in services}
        return (expected.rtc and "rtc" in names) + (expected.user is not None and not names.isdisjoint(_LOGINS))

    fits = decoded.version != v006.VERSION or _has_checksums(decoded, expected)
    return count(addressed(decoded, expected)) if fits else 0, count(decoded.services)


def _has_checksums(decoded: DecodedToken, expected: Expected) -> bool:
    names = {crc_of(name) for name in (expected.channel, expected.user) if name is not None}
    uids = {0, decoded.crc_uid if expected.who is None else crc_of(expected.who)}
    return decoded.crc_channel_name in names and decoded.crc_uid in uids


def entry_privileges(service: Service | Service006, expected: Expected) -> Iterable[int]:
    """Return the privileges of which a service needs at least one: to join or log in, else any that it has."""
    if isinstance(service, Service006):
        joins = expected.rtc and expected.user is None and RtcPrivilege.JOIN_CHANNEL in service.privileges
        return (RTM_LOGIN_006,) if service.name == "rtm" and not joins else (RtcPrivilege.JOIN_CHANNEL,)
    return (LOGIN,) if service.type in ENTERED_SERVICES else privilege_times(service)


def crc_of(name: str) -> int:
    """Return the CRC-32 of a name, which a 006 token contains in place of the name itself."""
    return zlib.crc32(name.encode("utf-8", "surrogatepass"))
