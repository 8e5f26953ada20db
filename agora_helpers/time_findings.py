"""What there is to say about a token's times: is it still valid, and do its ends fit together?"""

from __future__ import annotations

from collections.abc import Iterator

from .decoded import DecodedToken
from .findings import Expected, addressed, ends_at, keys, privilege_end, reason
from .reasons import Reason, ReasonCode
from .services import RtcService, Service, Service006, privilege_times
from .vocabulary import DAY, PRIVILEGE_NAMES, RTM_LOGIN_006
from .wording import distance, moment

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
        yield reason(ReasonCode.ISSUED_IN_FUTURE, f"Issued {moment(at)} ({distance(at, now)}).")
    if ends <= now:
        yield reason(ReasonCode.EXPIRED, f"Ended {moment(ends)} ({distance(ends, now)}).")

    services = addressed(decoded, expected)
    live = {
        service.type
        for service in services
        if any(privilege_end(decoded, service, n) > now for n in keys(service, expected))
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
            elif service.type not in live and number in keys(service, expected):
                in_1970 = service.type is None and at < _ANY_REAL_TIME
                code = ReasonCode.DURATION_AS_TIME if in_1970 else ReasonCode.PRIVILEGE_EXPIRED
            name = PRIVILEGE_NAMES[service.type].get(number, "unknown")
            detail = f"{service.name} privilege {number} ({name}) ended {moment(at)} ({distance(at, now)})."
            yield reason(code, detail)


def _lifetime(decoded: DecodedToken) -> Iterator[Reason]:
    """Is a duration of 007 as long as a duration can be?"""
    lifetime = decoded.expire
    if lifetime is None:
        return
    values = [value for service in decoded.services for value in privilege_times(service).values()]
    if times := [value for value in (lifetime, *values) if value in _REAL_TIMES]:
        detail = f"A duration of {times[0]} seconds, read as Unix time, is {moment(times[0])}."
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
        said = ", ".join(moment(end) for end in sorted(ends))
        yield reason(ReasonCode.UNEQUAL_ENDS, f"The token ends {moment(decoded.expires_at)}, privileges {said}.")
