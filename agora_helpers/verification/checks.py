"""What there is to say about a decoded token: each function yields reasons, with what is so in this very token."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterator
from dataclasses import replace

from ..constants import DAY, PRIVILEGE_NAMES, RTM_LOGIN_006, ServiceType
from ..tokens import v006, v007
from ..tokens.decoded import DecodedToken
from ..tokens.services import RtcService, Rtm2Service, RtmService, Service, Service006, privilege_times
from ..wording import format_relative, format_utc, join_some
from .expected import Expected, addressed, covers, crc_of, entry_privileges, is_for
from .near_miss import differ_slightly, is_number, near_miss
from .reasons import REASONS, Reason, ReasonCode

_GRANT_NOTHING_BY_DESIGN = {ServiceType.CONVOAI, ServiceType.STT}


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
        for number in entry_privileges(service, expected)
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
    if decoded.version == v006.VERSION:
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
    if decoded.version == v007.VERSION and expected.rtc and expected.user is not None:
        doors = [[service for service in services if isinstance(service, RtcService) == rtc] for rtc in (True, False)]
    for door in doors:
        granting = [service for service in door if service.type not in _GRANT_NOTHING_BY_DESIGN]
        if granting and not any(
            set(entry_privileges(service, expected)) & set(privilege_times(service)) for service in granting
        ):
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
    return f"Expected {expected!a}, the token says {join_some(list(map(ascii, found)))}.{hint}"


def privilege_end(decoded: DecodedToken, service: Service | Service006, number: int) -> int:
    """Unix time at which a privilege ends; one of 0 ends with the token, one that is missing has never begun."""
    value = privilege_times(service).get(number)
    if value is None:
        return 0
    return value + (decoded.issued_at or 0) if value else ends_at(decoded)


_CLOCK_SKEW = 60  # seconds; what Agora's servers tolerate is not documented
_ANY_REAL_TIME = 10**9
"""In 2001: no token is older, so a smaller Unix time is a duration."""
_REAL_TIMES = range(_ANY_REAL_TIME, 4 * 10**9)
"""To 2096: what is meant as a Unix time. Larger numbers mean "for ever"."""


def time_findings(decoded: DecodedToken, expected: Expected, now: int) -> Iterator[Reason]:
    """Is it still valid, and is what it grants to the expected client?"""
    ends = ends_at(decoded)
    yield from _lifetime(decoded)
    if decoded.issued_at is not None and decoded.issued_at > now + _CLOCK_SKEW:
        at = decoded.issued_at
        yield reason(ReasonCode.ISSUED_IN_FUTURE, f"Issued {format_utc(at)} ({format_relative(at, now)}).")
    if ends <= now:
        yield reason(ReasonCode.EXPIRED, f"Ended {format_utc(ends)} ({format_relative(ends, now)}).")

    services = addressed(decoded, expected)
    live = {
        service.type
        for service in services
        if any(privilege_end(decoded, service, n) > now for n in entry_privileges(service, expected))
    }
    for service in services:
        if ends > now:
            yield from _unequal_ends(decoded, service, now)
        for number in privilege_times(service):
            at = privilege_end(decoded, service, number)
            if at > now or at >= ends:
                continue  # ends with the token, or has not ended
            code = ReasonCode.OTHER_PRIVILEGE_EXPIRED
            if number == RTM_LOGIN_006 and service.type is None:
                code = ReasonCode.RTM_LIFETIME_IGNORED
            elif service.type not in live and number in entry_privileges(service, expected):
                in_1970 = service.type is None and at < _ANY_REAL_TIME
                code = ReasonCode.DURATION_AS_TIME if in_1970 else ReasonCode.PRIVILEGE_EXPIRED
            name = PRIVILEGE_NAMES[service.type].get(number, "unknown")
            detail = f"{service.name} privilege {number} ({name}) ended {format_utc(at)} ({format_relative(at, now)})."
            yield reason(code, detail)


def _lifetime(decoded: DecodedToken) -> Iterator[Reason]:
    """Is a duration of 007 as long as a duration can be?"""
    lifetime = decoded.expire
    if lifetime is None:
        return
    values = [value for service in decoded.services for value in privilege_times(service).values()]
    if times := [value for value in (lifetime, *values) if value in _REAL_TIMES]:
        detail = f"A duration of {times[0]} seconds, read as Unix time, is {format_utc(times[0])}."
        yield reason(ReasonCode.TIME_AS_DURATION, detail)
    elif lifetime > DAY:
        milliseconds = lifetime % 1000 == 0 and lifetime // 1000 <= DAY
        round_time = (lifetime % DAY == 0 and lifetime <= 366 * DAY) or (lifetime % 3600 == 0 and lifetime < 10 * DAY)
        if milliseconds and not round_time:
            yield reason(ReasonCode.MILLISECONDS, f"{lifetime} is {lifetime // 1000} seconds in milliseconds.")
        else:
            perhaps = f" Or is it {lifetime // 1000} seconds, in milliseconds?" if milliseconds else ""
            detail = f"{lifetime} seconds from its issue; Agora allows {DAY}.{perhaps}"
            yield reason(ReasonCode.LIFETIME_OVER_24_HOURS, detail)


def _unequal_ends(decoded: DecodedToken, service: Service | Service006, now: int) -> Iterator[Reason]:
    """Only for RTC in 007: there an SDK warns before a privilege ends. In 006 the two ends always differ."""
    if not isinstance(service, RtcService):
        return
    times = privilege_times(service)
    if endless := [number for number, value in times.items() if value == 0]:
        yield reason(ReasonCode.PRIVILEGE_WITHOUT_END, f"Privileges {', '.join(map(str, endless))} of {service.name}.")
    ends = {privilege_end(decoded, service, number) for number, value in times.items() if value}
    if any(end > now and end != decoded.expires_at for end in ends) and max(times.values()) < _ANY_REAL_TIME:
        said = ", ".join(format_utc(end) for end in sorted(ends))
        yield reason(ReasonCode.UNEQUAL_ENDS, f"The token ends {format_utc(decoded.expires_at)}, privileges {said}.")


def signature_finding(decoded: DecodedToken, certificates: list[str], expected: Expected) -> Reason | None:
    """Over the bytes as received, compared in constant time. None: signed with the first certificate."""
    if decoded.version == v007.VERSION:
        info = (decoded.issued_at or 0, decoded.salt, decoded.signed)
        made = [[v007.sign(certificate, *info)] for certificate in certificates]
        for_another = False
    else:
        pairs = _signed_for(decoded, expected)
        if not pairs:
            detail = "A 006 token does not contain its channel and uid: pass them to check its signature."
            return reason(ReasonCode.SIGNATURE_NOT_CHECKED, detail)
        made = [[v006.sign(decoded.app_id, key, *pair, decoded.signed) for pair in pairs] for key in certificates]
        checksums = (decoded.crc_channel_name, decoded.crc_uid)
        for_another = all((crc_of(name), crc_of(uid)) != checksums for name, uid in pairs)
    fits = [sum(hmac.compare_digest(decoded.signature, one) for one in signatures) > 0 for signatures in made]
    if fits[0]:
        return None
    if any(fits):
        return reason(ReasonCode.SIGNED_BY_SECONDARY, "Signed with the secondary certificate.")
    if for_another:
        detail = "It is for another channel or user, and which one a 006 token does not say for sure."
        return reason(ReasonCode.SIGNATURE_NOT_CHECKED, detail)
    return reason(ReasonCode.WRONG_SIGNATURE, "Signed with another App Certificate, or changed after it was signed.")


def _signed_for(decoded: DecodedToken, expected: Expected) -> list[tuple[str, str]]:
    """The pairs of channel and uid that a 006 signature may cover, as far as they are known."""
    pairs = [] if expected.user is None else [(expected.user, "")]
    if expected.channel is not None:
        if decoded.crc_uid == 0 and (expected.who is None or crc_of(expected.who) != 0):
            pairs.append((expected.channel, ""))  # for anyone
        elif expected.who is not None:
            pairs.append((expected.channel, expected.who))
    return pairs
