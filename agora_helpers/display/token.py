"""The contents of a decoded token, row by row: as an HTML table and as text. Nothing is verified here."""

from __future__ import annotations

from typing import NamedTuple

from ..constants import PRIVILEGE_NAMES, RTM_LOGIN_006, Role
from ..tokens.decoded import DecodedToken
from ..tokens.services import Service, Service006, is_rtc, privilege_times, role_of
from ..wording import format_duration, format_relative, format_utc
from .fields import CHECKSUM_OF_THE_USER, FIELDS
from .tables import escape_unprintable, table_html, table_text

_FORMATS = {"006": "AccessToken, the format of the classic tutorial", "007": "AccessToken2, which Agora recommends"}


class Row(NamedTuple):
    """One value in a token: its name, the value itself, and its meaning."""

    name: str
    value: str
    meaning: str = ""


def describe(decoded: DecodedToken, now: int | None = None) -> list[Row]:
    """Return everything in a token, for people to read.

    Args:
        decoded: the token.
        now: Unix time; if given, the row with the token's end also tells how far away it is.

    >>> from agora_helpers import Credentials, build_rtc_token, decode
    >>> decoded = decode(build_rtc_token(Credentials.demo(), "lobby", uid=7, now=1_700_000_000))
    >>> describe(decoded)[4]
    Row(name='lifetime', value='3600', meaning='60 min from issue, until 2023-11-14 23:13:20 UTC')
    """
    distance = "" if now is None else f" ({format_relative(decoded.expires_at, now)})"
    expiry = f"{format_utc(decoded.expires_at)}{distance}"
    rows = [
        Row("version", decoded.version, _FORMATS[decoded.version]),
        Row(FIELDS["app_id"].label, escape_unprintable(decoded.app_id), "the project"),
        Row(FIELDS["salt"].label, str(decoded.salt), "random; makes each token different"),
    ]
    if decoded.issued_at is not None and decoded.expire is not None:
        rows.append(Row(FIELDS["issued_at"].label, str(decoded.issued_at), format_utc(decoded.issued_at)))
        lifetime = f"{format_duration(decoded.expire)} from issue, until {expiry}"
        rows.append(Row(FIELDS["expire"].label, str(decoded.expire), lifetime))
    else:
        rows.append(Row(FIELDS["ts"].label, str(decoded.ts), f"{expiry}; builders set this 24 hours ahead"))
    for service in decoded.services:
        rows += _describe_service(decoded, service)
    if decoded.unread:
        size = len(decoded.unread.data)
        rows.append(Row("service", f"type {decoded.unread.type}", f"unknown: {size} bytes from here are not decoded"))
    if decoded.crc_channel_name is not None:
        named = "user id" if decoded.services[0].name == "rtm" else "channel"
        meaning = f"CRC-32; the {named} itself is not in the token"
        checksum = CHECKSUM_OF_THE_USER if named == "user id" else FIELDS["crc_channel_name"]
        rows.append(Row(checksum.label, f"{decoded.crc_channel_name:#010x}", meaning))
        no_uid = "no uid: any client may use the token" if named == "channel" else "no uid"
        meaning = f"CRC-32; {'the uid itself is not in the token' if decoded.crc_uid else no_uid}"
        rows.append(Row(FIELDS["crc_uid"].label, f"{decoded.crc_uid:#010x}", meaning))
    if decoded.trailing:
        start, size = decoded.trailing[:32].hex(" "), len(decoded.trailing)
        rows.append(Row(FIELDS["trailing"].label, start, f"{size} bytes after the last field, without a meaning"))
    unverified = "not verified here: that takes the App Certificate"
    rows.append(Row(FIELDS["signature"].label, decoded.signature.hex(), unverified))
    return rows


def _describe_service(decoded: DecodedToken, service: Service | Service006) -> list[Row]:
    rows = [Row("service", service.name, "" if service.type is None else f"type {int(service.type)}")]
    if not isinstance(service, Service006):
        for attribute, wire_name, *_ in service.parts:
            value = getattr(service, attribute)
            meaning = "empty: any client may use it" if wire_name == "uid" and value == "" else ""
            shown = escape_unprintable(value) if isinstance(value, str) else str(value)
            rows.append(Row(FIELDS[wire_name].label, shown, meaning))
    return rows + describe_privileges(decoded, service)


def describe_privileges(decoded: DecodedToken, service: Service | Service006) -> list[Row]:
    """Return a row for each privilege of a service: its value, and when it expires. For RTC, the last is the role."""
    rows = []
    for number, value in privilege_times(service).items():
        name = PRIVILEGE_NAMES[service.type].get(number, "unknown")
        lasts = privilege_lasts(number, value, decoded.issued_at)
        rows.append(Row(f"privilege {number}, {name}", str(value), lasts))
    return [*rows, Row("role", *describe_role(service))] if is_rtc(service) else rows


def describe_role(service: Service | Service006) -> tuple[str, str]:
    """Return the role that the privileges of an RTC service amount to, and what a client with it may do.

    >>> from agora_helpers import RtcService
    >>> describe_role(RtcService("lobby", "7", {1: 3600}))
    ('subscriber', 'joins and receives')
    """
    role = role_of(service)
    return (role.value, _ROLES[role]) if role else ("neither", "not the privileges of a publisher or of a subscriber")


_ROLES = {
    Role.PUBLISHER: "joins, and publishes audio, video and data",
    Role.SUBSCRIBER: "joins and receives",
}


def as_text(rows: list[Row], width: int | None = None) -> str:
    """Return the rows as a table of plain text, wrapped to ``width`` characters unless that is None."""
    return table_text(rows, width=width)


def as_html(rows: list[Row], caption: str) -> str:
    """Return the rows as an HTML table."""
    return table_html(caption, ("field", "value", "meaning"), rows, code=[1])


def privilege_lasts(number: int, value: int, issued_at: int | None) -> str:
    """Return in words when a privilege expires.

    Args:
        number: the privilege's number.
        value: in 007 a duration in seconds from ``issued_at``, in 006 a Unix time.
        issued_at: Unix time of issue; None in 006, which does not contain it.

    >>> privilege_lasts(1, 3600, 1_700_000_000), privilege_lasts(1, 0, None)
    ('until 2023-11-14 23:13:20 UTC', 'expires with the token')
    """
    if value == 0:
        return "expires with the token"
    if issued_at is None:
        return "ignored: lasts 24 hours" if number == RTM_LOGIN_006 else f"until {format_utc(value)}"
    return f"until {format_utc(value + issued_at)}"
