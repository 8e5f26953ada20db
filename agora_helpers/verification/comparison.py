"""Expected and actual, side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..constants import RTM_LOGIN_006
from ..tokens import v006
from ..tokens.decoded import DecodedToken
from ..tokens.services import RtcService, Rtm2Service, RtmService, privilege_times
from ..wording import join_some
from .expected import Expected, covers, crc_of, is_for

ANYONE = "anyone"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One thing that was compared: what was expected, what the token says, and whether that is the same."""

    name: str
    expected: str
    """Empty if nothing was expected."""
    found: str
    """Empty if the token says nothing about it."""
    status: str
    """``"same"``, ``"differs"`` or ``"not compared"``."""


def compare(decoded: DecodedToken, expected: Expected) -> tuple[Comparison, ...]:
    """Expected and actual, side by side: App ID, and whatever was expected or stands in the token."""
    rows = [_row("App ID", expected.app_id, decoded.app_id, decoded.app_id == expected.app_id)]
    by_version = _compare_006 if decoded.version == v006.VERSION else _compare_007
    return (*rows, *by_version(decoded, expected))


def _compare_007(decoded: DecodedToken, expected: Expected) -> Iterator[Comparison]:
    rtc = [service for service in decoded.services if isinstance(service, RtcService)]
    here = [service for service in rtc if covers(service.channel, expected.channel)]
    users = [service.user for service in decoded.services if isinstance(service, RtmService | Rtm2Service)]
    if rtc or expected.channel is not None:
        yield _row("channel", expected.channel, join_some([service.channel for service in rtc]), bool(here))
    if rtc or expected.who is not None:
        names = [ANYONE if service.uid == "" else str(service.uid) for service in here or rtc]
        same = any(is_for(service, expected.who) for service in here)
        yield _row("uid or account", expected.who, join_some(names), same)
    if users or expected.user is not None:
        yield _row("RTM user", expected.user, join_some(users), expected.user in users)


def _compare_006(decoded: DecodedToken, expected: Expected) -> Iterator[Comparison]:
    granted = privilege_times(decoded.services[0])
    for_rtm = RTM_LOGIN_006 in granted
    for_rtc = set(granted) != {RTM_LOGIN_006}
    name, uid = decoded.crc_channel_name or 0, decoded.crc_uid or 0
    if expected.user is not None or (for_rtm and not expected.rtc):
        said = _checksum(name) if for_rtm else ""
        yield _row("RTM user", expected.user, said, for_rtm and uid == 0 and crc_of(expected.user or "") == name)
    if expected.channel is not None or (for_rtc and expected.user is None):
        said = _checksum(name) if for_rtc else ""
        yield _row("channel", expected.channel, said, for_rtc and crc_of(expected.channel or "") == name)
    if expected.who is not None or (for_rtc and expected.user is None):
        said = "" if not for_rtc else ANYONE if uid == 0 else _checksum(uid)
        yield _row("uid or account", expected.who, said, for_rtc and uid in (0, crc_of(expected.who or "")))


def _row(name: str, expected: str | None, found: str, same: bool) -> Comparison:
    status = "not compared" if expected is None else "same" if same else "differs"
    return Comparison(name, expected or "", found, status)


def _checksum(crc: int) -> str:
    return f"checksum {crc:#010x}"
