"""The client that a token is expected for, and which services of the token that client would use."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from ..constants import ENTERED_SERVICES, LOGIN, RTM_LOGIN_006, RtcPrivilege
from ..tokens import v006
from ..tokens.decoded import DecodedToken
from ..tokens.services import RtcService, Rtm2Service, RtmService, Service, Service006, privilege_times

WILDCARD_MAX = 64
"""Bytes of a name with a wildcard, as Agora documents it."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token is compared with, as the texts that would be signed; None is not compared."""

    app_id: str
    channel: str | None
    who: str | None
    user: str | None

    @property
    def rtc(self) -> bool:
        """Is the token expected to admit to a channel?"""
        return self.channel is not None or self.who is not None

    def in_words(self, decoded: DecodedToken) -> str:
        """What was found as expected, and what of the token was not compared with anything."""
        given = {"channel": self.channel, "uid or account": self.who, "RTM user": self.user}
        same = ["App ID", *(name for name, value in given.items() if value is not None)]
        kinds = {service.name for service in decoded.services}
        about = [*given][:2] * ("rtc" in kinds) + [*given][2:] * bool(kinds & {"rtm", "rtm2"})
        left = [name for name in about if given[name] is None]
        return f"As expected: {', '.join(same)}." + (f" Not compared: {', '.join(left)}." if left else "")


def covers(signed: object, name: str | None) -> bool:
    """Is what was signed this name? In 007 Agora documents * for any characters, in up to 64 bytes."""
    if name is None or signed == name:
        return True
    if not isinstance(signed, str) or "*" not in signed or len(signed) > WILDCARD_MAX:
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
    """May this client use the service? An empty uid is anyone's."""
    return service.uid == "" or covers(service.uid, who)


def addressed(decoded: DecodedToken, expected: Expected) -> list[Service | Service006]:
    """The services that the expected client would use; all of them if no client is named."""
    if decoded.version == v006.VERSION or not (expected.rtc or expected.user is not None):
        return list(decoded.services)
    return [
        service
        for service in decoded.services
        if (
            isinstance(service, RtcService)
            and expected.rtc
            and covers(service.channel, expected.channel)
            and is_for(service, expected.who)
        )
        or (isinstance(service, RtmService | Rtm2Service) and service.user == expected.user)
    ]


def entry_privileges(service: Service | Service006, expected: Expected) -> Iterable[int]:
    """The privileges without which a service is of no use: to join or log in, else any that it has."""
    if isinstance(service, Service006):
        joins = expected.rtc and expected.user is None and RtcPrivilege.JOIN_CHANNEL in service.privileges
        return (RTM_LOGIN_006,) if service.name == "rtm" and not joins else (RtcPrivilege.JOIN_CHANNEL,)
    return (LOGIN,) if service.type in ENTERED_SERVICES else privilege_times(service)


def crc_of(text: str) -> int:
    """The checksum that a 006 token holds of a name."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))
