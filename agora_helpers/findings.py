"""What there is to say about a decoded token: each function yields reasons, with what is so in this very token."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from . import token006, token007
from .decoded import DecodedToken
from .near_miss import differ_slightly, is_number, near_miss
from .reasons import REASONS, Reason, ReasonCode
from .services import RtcService, Rtm2Service, RtmService, Service, Service006, privilege_times
from .vocabulary import DAY, ENTERED_SERVICES, LOGIN, RTM_LOGIN_006, RtcPrivilege, ServiceType
from .wording import listed

WILDCARD_MAX = 64
"""Bytes of a name with a wildcard, as Agora documents it."""
_GRANT_NOTHING_BY_DESIGN = {ServiceType.CONVOAI, ServiceType.STT}


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


def reason(code: ReasonCode, detail: str) -> Reason:
    """A reason with what is so in this very token."""
    return replace(REASONS[code], detail=detail)


def ends_at(decoded: DecodedToken) -> int:
    """Unix time at which the token ends: what it says, or 24 hours after its issue if that is sooner."""
    if decoded.issued_at is None:
        return decoded.expires_at
    return min(decoded.expires_at, decoded.issued_at + DAY)


def good_until(decoded: DecodedToken, expected: Expected) -> int:
    """Unix time until which the expected client can join or log in: in 006 that may be before the token's own end."""
    ends = ends_at(decoded)
    entries = [
        privilege_end(decoded, service, number)
        for service in addressed(decoded, expected)
        for number in keys(service, expected)
        if number in privilege_times(service) and number != RTM_LOGIN_006
    ]
    return min(ends, max(entries, default=ends))


def format_findings(decoded: DecodedToken) -> Iterator[Reason]:
    """Readable, yet odd."""
    if decoded.unread:
        size = len(decoded.unread.data)
        detail = f"Service type {decoded.unread.type}; {size} bytes after it are unread."
        yield reason(ReasonCode.UNKNOWN_SERVICE, detail)
    if decoded.trailing:
        yield reason(ReasonCode.TRAILING_BYTES, f"{len(decoded.trailing)} bytes are left over.")
    if decoded.repeats_entry:
        yield reason(ReasonCode.REPEATED_ENTRY, "The same number stands twice in one list.")


def match_findings(decoded: DecodedToken, expected: Expected) -> Iterator[Reason]:
    """Is it for this project, this channel, this client?"""
    if decoded.app_id != expected.app_id:
        yield reason(ReasonCode.APP_ID_MISMATCH, "The App ID in the token is another one.")
    if decoded.version == token006.VERSION:
        yield from _match_006(decoded, expected)
    else:
        yield from _match_007(decoded, expected)
    yield from _grants_nothing(decoded, expected)


def _grants_nothing(decoded: DecodedToken, expected: Expected) -> Iterator[Reason]:
    """For each door that the client goes through: does any service for it hold the privilege to enter?"""
    if not decoded.services and not decoded.unread:
        yield reason(ReasonCode.GRANTS_NOTHING, "There is no service in it.")
    services = addressed(decoded, expected)
    doors: list[list[Service | Service006]] = [services]
    if decoded.version == token007.VERSION and expected.rtc and expected.user is not None:
        doors = [[service for service in services if isinstance(service, RtcService) == rtc] for rtc in (True, False)]
    for door in doors:
        granting = [service for service in door if service.type not in _GRANT_NOTHING_BY_DESIGN]
        if granting and not any(set(keys(service, expected)) & set(privilege_times(service)) for service in granting):
            names = ", ".join(dict.fromkeys(service.name for service in granting))
            yield reason(ReasonCode.GRANTS_NOTHING, f"No privilege to join or log in: {names}.")


def _match_006(decoded: DecodedToken, expected: Expected) -> Iterator[Reason]:
    """By the unsigned checksums, which are all that a 006 token holds of channel and uid."""
    granted = set(privilege_times(decoded.services[0]))
    crc_name, crc_uid = decoded.crc_channel_name, decoded.crc_uid
    if expected.user is not None:
        if RTM_LOGIN_006 not in granted:
            yield reason(ReasonCode.NO_RTM_SERVICE, "It holds no RTM login privilege.")
        elif crc_uid != 0:
            detail = "An RTM token is made without a uid, and this one carries the checksum of one."
            yield reason(ReasonCode.USER_MISMATCH, detail)
        elif crc_of(expected.user) != crc_name:
            hint = near_miss(expected.user, lambda name: crc_of(name) == crc_name)
            yield reason(ReasonCode.USER_MISMATCH, f"The checksum of the user id differs.{hint}")
    if expected.rtc and granted == {RTM_LOGIN_006}:
        yield reason(ReasonCode.NO_RTC_SERVICE, "It holds an RTM login privilege only.")
        return
    if expected.channel is not None and crc_of(expected.channel) != crc_name:
        hint = near_miss(expected.channel, lambda name: crc_of(name) == crc_name)
        yield reason(ReasonCode.CHANNEL_MISMATCH, f"The checksum of the channel name differs.{hint}")
    if crc_uid == 0 and granted != {RTM_LOGIN_006}:
        detail = "The checksum of its uid, which is not signed, is 0: that of an empty text."
        yield reason(ReasonCode.ANY_UID, detail)
    elif expected.who is not None and crc_of(expected.who) != crc_uid:
        hint = near_miss(expected.who, lambda name: crc_of(name) == crc_uid)
        yield reason(ReasonCode.UID_MISMATCH, f"The checksum of the uid differs.{hint}")
    if expected.who != "0" and crc_uid == crc_of("0") and RTM_LOGIN_006 not in granted:
        yield reason(ReasonCode.ACCOUNT_ZERO, "The checksum of the uid is that of the text 0.")


def _match_007(decoded: DecodedToken, expected: Expected) -> Iterator[Reason]:
    rtc = [service for service in decoded.services if isinstance(service, RtcService)]
    rtm = [service.user for service in decoded.services if isinstance(service, RtmService | Rtm2Service)]
    here = [service for service in rtc if covers(service.channel, expected.channel)]
    missing_rtc = expected.rtc and not rtc
    missing_rtm = expected.user is not None and not rtm
    if decoded.unread and (missing_rtc or missing_rtm):
        yield reason(ReasonCode.PART_UNREAD, "What was expected may stand in the part that cannot be read.")
        return
    if missing_rtc:
        yield reason(ReasonCode.NO_RTC_SERVICE, "It grants no RTC service.")
    elif rtc and not here:
        channels = [service.channel for service in rtc]
        yield reason(ReasonCode.CHANNEL_MISMATCH, _differs(expected.channel, channels))
    elif here and not any(is_for(service, expected.who) for service in here):
        names = [str(service.uid) for service in here]
        other_kind = all(is_number(name) != is_number(expected.who or "") for name in names)
        code = ReasonCode.WRONG_KIND_OF_USER if other_kind and expected.who else ReasonCode.UID_MISMATCH
        yield reason(code, _differs(expected.who, names))
    if patterns := sorted(
        {str(name) for service in here for name in (service.channel, service.uid) if "*" in str(name)}
    ):
        yield reason(ReasonCode.WILDCARD, f"It is signed for {', '.join(map(ascii, patterns))}.")
    if any(re.fullmatch("-[0-9]+", str(service.uid)) for service in here):
        yield reason(ReasonCode.NEGATIVE_UID, "The uid in the token is a negative number.")
    if expected.who != "0" and any(service.uid == "0" for service in here):
        yield reason(ReasonCode.ACCOUNT_ZERO, "The uid in the token is the text 0.")
    if any(service.uid == "" for service in here):
        yield reason(ReasonCode.ANY_UID, "The uid in the token is empty.")
    if missing_rtm:
        yield reason(ReasonCode.NO_RTM_SERVICE, "It grants no RTM service.")
    elif expected.user is not None and expected.user not in rtm:
        yield reason(ReasonCode.USER_MISMATCH, _differs(expected.user, rtm))


def _differs(expected: str | None, found: list[str]) -> str:
    hint = near_miss(expected, found.__contains__) or differ_slightly(expected, found)
    return f"Expected {expected!a}, the token says {listed(list(map(ascii, found)))}.{hint}"


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
    if decoded.version == token006.VERSION or not (expected.rtc or expected.user is not None):
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


def keys(service: Service | Service006, expected: Expected) -> Iterable[int]:
    """The privileges without which a service is of no use: to join or log in, else any that it has."""
    if isinstance(service, Service006):
        joins = expected.rtc and expected.user is None and RtcPrivilege.JOIN_CHANNEL in service.privileges
        return (RTM_LOGIN_006,) if service.name == "rtm" and not joins else (RtcPrivilege.JOIN_CHANNEL,)
    return (LOGIN,) if service.type in ENTERED_SERVICES else privilege_times(service)


def privilege_end(decoded: DecodedToken, service: Service | Service006, number: int) -> int:
    """Unix time at which a privilege ends; one of 0 ends with the token, one that is missing has never begun."""
    value = privilege_times(service).get(number)
    if value is None:
        return 0
    return value + (decoded.issued_at or 0) if value else ends_at(decoded)


def crc_of(text: str) -> int:
    """The checksum that a 006 token holds of a name."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))
