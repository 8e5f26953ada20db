"""The table of expected and actual values. Its rows decide whether a token matches: reasons are read from them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ..constants import RTM_LOGIN_006
from ..credentials import Credentials
from ..tokens import v006
from ..tokens.decoded import DecodedToken
from ..tokens.services import RtcService, privilege_times
from ..wording import join_some
from .expected import Expected, covers, crc_of, is_for, logins
from .near_miss import differ_slightly, is_number, near_miss
from .reasons import Reason, ReasonCode, RowName, reason_for

RowStatus = Literal["same", "differs", "not checked", "not compared"]
SAMPLE_APP_ID = Credentials.demo().app_id
ANY_UID = "any uid"
"""Shown for a token without a uid of its own, which any client may use."""

JOINS_WITH_0 = "0 or none"
"""Shown for a client without a uid of its own, which Agora gives a random one."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One row of the table of expected and actual values."""

    name: RowName
    expected: str
    """Empty if nothing was expected."""
    actual: str
    """What the token contains, in a 006 token a checksum; empty if it contains nothing of the kind."""
    status: RowStatus
    """``"not compared"``: nothing was expected. ``"not checked"``: that part of the token cannot be read."""
    reason: Reason | None = None
    """Why the row differs or was not checked; None for the other two."""


def compare(decoded: DecodedToken, expected: Expected) -> tuple[Comparison, ...]:
    """Compare a token with its expected client.

    Args:
        decoded: the token.
        expected: the client.

    Returns:
        A row for the App ID, and one for each name that was expected or that the token contains.
    """
    app_id_reason = None
    if expected.app_id is not None and decoded.app_id != expected.app_id:
        app_id_reason = reason_for(ReasonCode.APP_ID_MISMATCH, _which_app_id(decoded.app_id, expected.app_id))
    by_version = _compare_006 if decoded.version == v006.VERSION else _compare_007
    return (
        _row("App ID", expected.app_id, decoded.app_id, app_id_reason),
        *by_version(decoded, expected),
    )


def _which_app_id(actual: str, expected: str) -> str:
    if actual.lower() == expected.lower():
        return "The App ID in the token differs only in case."
    if actual == SAMPLE_APP_ID:
        return "The token contains the sample App ID that Agora publishes: it was left in the server's code."
    if expected == SAMPLE_APP_ID:
        return "The token contains a different App ID. It was checked for the sample App ID that Agora publishes."
    return "The token contains a different App ID."


def describe_rows(rows: Sequence[Comparison]) -> str:
    """Return in a sentence or two which rows are the same, and which were not compared."""
    same = [row.name for row in rows if row.status == "same"]
    rest = [row.name for row in rows if row.status == "not compared"]
    parts = [f"As expected: {', '.join(same)}."] if same else []
    return " ".join([*parts, *([f"Not compared: {', '.join(rest)}."] if rest else [])])


def looks_like_token(name: str) -> bool:
    """Check whether a name is a token: then no message may repeat it."""
    return re.match("00[67][0-9A-Za-z+/]{60}", name) is not None


def _row(name: RowName, expected: str | None, actual: str, reason: Reason | None) -> Comparison:
    """Judge one value: the reason alone decides the status."""
    if expected is None:
        return Comparison(name, "", actual, "not compared")
    expected = "a token" if looks_like_token(expected) else expected
    if reason is None:
        return Comparison(name, expected, actual, "same")
    status: RowStatus = "differs" if reason.severity == "wrong" else "not checked"
    return Comparison(name, expected, actual, status, reason)


def _compare_007(decoded: DecodedToken, expected: Expected) -> Iterator[Comparison]:
    rtc = [service for service in decoded.services if isinstance(service, RtcService)]
    row = user_row(decoded)
    users = [service.user for service in logins(decoded)]
    in_channel = [service for service in rtc if covers(service.channel, expected.channel)]
    no_rtc = None if rtc else _missing(decoded, ReasonCode.NO_RTC_SERVICE, "RTC")
    if rtc or expected.channel is not None:
        channels = [service.channel for service in rtc]
        reason = no_rtc
        if rtc and not in_channel:
            reason = _mismatch(ReasonCode.CHANNEL_MISMATCH, expected.channel, channels, other=expected.who)
        yield _row("channel", expected.channel, join_some(channels), reason)
    if rtc or expected.who is not None:
        candidates = in_channel or rtc
        names = [ANY_UID if service.uid == "" else str(service.uid) for service in candidates]
        reason = no_rtc
        if rtc and not any(is_for(service, expected.who) for service in candidates):
            numeric = [is_number(name.replace("*", "0")) for name in names]
            other_kind = expected.who and is_number(expected.who) not in numeric
            code = ReasonCode.WRONG_KIND_OF_USER if other_kind else ReasonCode.UID_MISMATCH
            reason = _mismatch(code, expected.who, names) if expected.who else _random_uid(list(map(ascii, names)))
        yield _row("uid or account", JOINS_WITH_0 if expected.who == "" else expected.who, join_some(names), reason)
    if users or expected.user is not None:
        reason = None
        if not users:
            reason = _missing(decoded, ReasonCode.NO_RTM_SERVICE, "RTM")
            if row == "Chat user" and not decoded.unread:
                title, detail = "The token cannot log in to Chat", "The token has no Chat user: it is an app token."
                hint = "Build it with build_chat_token. Only servers use app tokens, for Chat's RESTful APIs."
                reason = replace(reason, title=title, detail=detail, hint=hint)
        elif expected.user is not None and expected.user not in users:
            reason = _mismatch(ReasonCode.USER_MISMATCH, expected.user, users)
            if row == "Chat user":
                reason = replace(reason, title="The token is for another Chat user")
        yield _row(row, expected.user, join_some(users), reason)


def user_row(decoded: DecodedToken) -> RowName:
    """Return the name of the row with the user who logs in."""
    others = {service.name for service in decoded.services}
    return "Chat user" if "chat" in others and others.isdisjoint({"rtm", "rtm2"}) else "RTM user"


def _missing(decoded: DecodedToken, code: ReasonCode, service: str) -> Reason:
    """Explain that a service is not there, and which are, unless it may be in the part that cannot be read."""
    if decoded.unread:
        return reason_for(ReasonCode.PART_UNREAD, "The expected service may be in the part that cannot be read.")
    others = join_some(list(dict.fromkeys(service.name for service in decoded.services)))
    return reason_for(code, f"The token has no {service} service{f', only {others}' if others else ''}.")


def _mismatch(code: ReasonCode, expected: str | None, signed: list[str], *, other: str | None = None) -> Reason:
    names = join_some(list(map(ascii, signed)))
    if expected and looks_like_token(expected):
        return reason_for(code, f"The client passes a token in place of a name; this token has {names}.")
    detail = f"Expected {expected!a}, but the token has {names}."
    if other and other != expected and other in signed:
        return _swapped(code, detail, other)
    hint = near_miss(expected, signed.__contains__) or differ_slightly(expected, signed)
    return reason_for(code, detail + hint)


def _swapped(code: ReasonCode, detail: str, other: str) -> Reason:
    """Explain a channel and a uid that were signed in place of each other; the row of the uid differs for it, too."""
    detail += f" It has {other!a} there: channel and uid were swapped in the call of the builder."
    reason = reason_for(code, detail, "uid or account")
    return replace(reason, hint="Swap the two arguments. Agora's builders take the channel first.")


def _random_uid(signed: list[str]) -> Reason:
    """Explain that a client without a uid of its own cannot use a token for one uid or account."""
    whose = join_some(signed) or "another uid, of which a 006 token contains only a checksum"
    detail = (
        f"The client joins with 0 (or none), so Agora gives it a random uid; the token is for {whose}. "
        "Only a token with an empty uid admits such a client."
    )
    return reason_for(ReasonCode.UID_MISMATCH, detail)


def _compare_006(decoded: DecodedToken, expected: Expected) -> Iterator[Comparison]:
    """Compare unsigned checksums, which are all that a 006 token contains of channel and uid."""
    privileges = privilege_times(decoded.services[0])
    for_rtm = RTM_LOGIN_006 in privileges
    for_rtc = set(privileges) != {RTM_LOGIN_006}
    name, uid = decoded.crc_channel_name or 0, decoded.crc_uid or 0
    no_rtc = None
    if not for_rtc:
        no_rtc = reason_for(ReasonCode.NO_RTC_SERVICE, "The token has an RTM login privilege only.")

    if expected.channel is not None or (for_rtc and expected.user is None):
        reason: Reason | None = no_rtc or _checksum_mismatch(
            ReasonCode.CHANNEL_MISMATCH, "channel name", expected.channel, name, other=expected.who
        )
        yield _row("channel", expected.channel, _checksum(name) if for_rtc else "", reason)
    if expected.who is not None or (for_rtc and expected.user is None):
        reason = no_rtc
        if for_rtc and uid != 0:
            reason = _checksum_mismatch(ReasonCode.UID_MISMATCH, "uid", expected.who, uid)
            if reason and not expected.who:
                reason = _random_uid(["'0'"] if uid == crc_of("0") else [])
        actual = "" if not for_rtc else ANY_UID if uid == 0 else _checksum(uid)
        yield _row("uid or account", JOINS_WITH_0 if expected.who == "" else expected.who, actual, reason)
    if expected.user is not None or (for_rtm and not expected.rtc):
        if not for_rtm:
            detail = "The token has no RTM login privilege: it is for a channel (RTC)."
            reason = reason_for(ReasonCode.NO_RTM_SERVICE, detail)
        elif uid != 0:
            detail = "An RTM token has no uid, but this one contains the checksum of a uid."
            if expected.user is not None and uid == crc_of(expected.user):
                detail += " It is that of the user id, which belongs in the place of the channel."
            reason = reason_for(ReasonCode.USER_MISMATCH, detail)
        else:
            reason = _checksum_mismatch(ReasonCode.USER_MISMATCH, "user id", expected.user, name)
        yield _row("RTM user", expected.user, _checksum(name) if for_rtm else "", reason)


def _checksum_mismatch(
    code: ReasonCode, what: str, expected: str | None, signed: int, *, other: str | None = None
) -> Reason | None:
    if expected is None or crc_of(expected) == signed:
        return None
    detail = f"The checksum of the {what} differs."
    if other and other != expected and crc_of(other) == signed:
        return _swapped(code, detail, other)
    return reason_for(code, detail + near_miss(expected, lambda name: crc_of(name) == signed))


def _checksum(crc: int) -> str:
    return f"checksum {crc:#010x}"
