"""Expected and actual, side by side."""

from __future__ import annotations

from dataclasses import dataclass

from . import token007
from .decoded import DecodedToken
from .findings import Expected, crc_of
from .services import RtcService, Rtm2Service, RtmService

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
    rtc = [service for service in decoded.services if isinstance(service, RtcService)]
    rtm = [service.user for service in decoded.services if isinstance(service, RtmService | Rtm2Service)]
    rows = [_compare("App ID", expected.app_id, [decoded.app_id])]
    if decoded.version == token007.VERSION:
        found = (
            ("channel", expected.channel, [service.channel for service in rtc]),
            ("uid or account", expected.who, [str(service.uid) or ANYONE for service in rtc]),
            ("RTM user", expected.user, rtm),
        )
        rows += [_compare(*row) for row in found if row[1] is not None or row[2]]
        return tuple(rows)
    for_rtm = decoded.services[0].name == "rtm"
    checksums = (
        ("RTM user", expected.user, decoded.crc_channel_name if for_rtm else None),
        ("channel", expected.channel, None if for_rtm else decoded.crc_channel_name),
        ("uid or account", expected.who, None if for_rtm else decoded.crc_uid),
    )
    for name, wanted, checksum in checksums:
        if wanted is None and checksum is None:
            continue
        said = "" if checksum is None else ANYONE if checksum == 0 else f"checksum {checksum:#010x}"
        same = wanted is not None and (said == ANYONE or crc_of(wanted) == checksum)
        status = "not compared" if wanted is None else "same" if same else "differs"
        rows.append(Comparison(name, wanted or "", said, status))
    return tuple(rows)


def _compare(name: str, expected: str | None, found: list[str]) -> Comparison:
    same = expected in found or (name != "App ID" and ANYONE in found)
    status = "not compared" if expected is None else "same" if same else "differs"
    return Comparison(name, expected or "", ", ".join(found), status)
