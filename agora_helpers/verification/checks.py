"""The four checks of a verdict, in their order: format, signature, time and match.

Each check takes a decoded token and yields the :class:`Reason` objects that apply, with the details of this token.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Any

from ..constants import DAY, PRIVILEGE_NAMES, RTM_LOGIN_006, UINT32_MAX, RtcPrivilege, ServiceType
from ..errors import ErrorCode, InputError
from ..tokens import v006, v007
from ..tokens.decoded import DecodedToken
from ..tokens.services import ChatService, RtcService, Rtm2Service, RtmService, Service, Service006, privilege_times
from ..validation import check_account, check_channel, check_uid, check_user, looks_unset
from ..wording import format_relative, format_utc, join_some
from .comparison import ANY_UID, SAMPLE_APP_ID, Comparison, describe_rows, user_row
from .expected import Expected, addressed, covers, crc_of, entry_privileges
from .near_miss import UNSET, certificate_near_miss
from .reasons import RENEW_WITH_NEW_ONE, Reason, ReasonCode, RowName, reason_for

_CLOCK_SKEW = 60
"""Seconds by which two clocks may differ unnoticed. What Agora's servers tolerate is not documented."""
_FIRST_REAL_TIME = 10**9
"""Unix time in 2001. No token is that old, so a smaller number is a duration."""
_REAL_TIMES = range(_FIRST_REAL_TIME, 4 * 10**9)
"""2001 to 2096: numbers that were meant as a Unix time. Larger ones mean "for ever"."""
_BESIDE_EXPIRED = {ReasonCode.DURATION_AS_TIME, ReasonCode.RTM_LIFETIME_IGNORED}
"""Of what can be wrong with privileges, what is still worth knowing once the token has expired."""
_SHORT_LIFETIME = 60
"""Seconds. With less, an SDK may warn of the expiry once or never."""
_GRANT_NOTHING_BY_DESIGN = {ServiceType.CONVOAI, ServiceType.STT}


# Format: what is unusual about a token that can be read.


def check_format(decoded: DecodedToken) -> Iterator[Reason]:
    """Yield notes on a token that is readable, but has parts that readers skip or treat differently."""
    if decoded.unread:
        detail = f"Service type {decoded.unread.type}, followed by {len(decoded.unread.data)} unread bytes."
        yield reason_for(ReasonCode.UNKNOWN_SERVICE, detail)
    if decoded.trailing:
        yield reason_for(ReasonCode.TRAILING_BYTES, f"There are {len(decoded.trailing)} extra bytes.")
    if decoded.repeats_entry:
        yield reason_for(ReasonCode.REPEATED_ENTRY, "A list contains the same number twice.")


# Signature: was it made with one of the project's certificates?


def check_signature(
    decoded: DecodedToken, certificates: Sequence[str], expected: Expected, disabled: Sequence[str] = ()
) -> Iterator[Reason]:
    """Verify the signature over the bytes as received; yield nothing if it was made with the first certificate.

    Without a certificate, the reason says that nothing was checked.

    Args:
        decoded: the token.
        certificates: the project's App Certificates, the primary one first; may be empty.
        expected: the client. A 006 signature covers its channel and uid, which the token does not contain.
        disabled: certificates that the project no longer accepts.
    """
    if not certificates:
        yield reason_for(ReasonCode.NO_CERTIFICATE, "There is no App Certificate to check it with.")
        return
    pairs = _signed_names(decoded, expected)
    if decoded.version == v006.VERSION and not pairs:
        reason = reason_for(ReasonCode.SIGNATURE_NOT_CHECKED, "A 006 token does not contain the names that it signs.")
        yield replace(reason, hint=f"Pass the token's own {_missing_names(decoded, expected)}.")
        return
    genuine = [_is_signed_with(certificate, decoded, pairs) for certificate in certificates]
    if genuine[0]:
        return
    checksums = (decoded.crc_channel_name, decoded.crc_uid)
    if any(genuine):
        yield reason_for(ReasonCode.SIGNED_BY_SECONDARY, "Signed with the secondary App Certificate.")
    elif any(_is_signed_with(certificate, decoded, pairs) for certificate in disabled):
        yield reason_for(ReasonCode.SIGNED_BY_DISABLED, "Signed with an App Certificate that is disabled.")
    elif pairs and all((crc_of(name), crc_of(uid)) != checksums for name, uid in pairs):
        whose = "another channel or user"
        if not expected.rtc and RTM_LOGIN_006 not in privilege_times(decoded.services[0]):
            whose = "a channel, not for a login"
        elif any(crc_of(name) == checksums[0] for name, _ in pairs):
            whose = "another user"
        detail = f"The token is for {whose}, and a 006 token does not contain which."
        yield reason_for(ReasonCode.SIGNATURE_NOT_CHECKED, detail)
    else:
        if decoded.app_id in certificates:
            detail = "The server swapped App ID and App Certificate, so its tokens show the certificate."
            hint = "Swap the two on the server, and replace the App Certificate in the Agora Console."
            yield replace(reason_for(ReasonCode.WRONG_SIGNATURE, detail, "App ID"), hint=hint)
        else:
            is_signed_with = partial(_is_signed_with, decoded=decoded, pairs=pairs)
            guesses = (certificate_near_miss(each, decoded.app_id, is_signed_with) for each in certificates)
            detail = next(filter(None, guesses), "Signed with another App Certificate, or changed after it was signed.")
            yield reason_for(ReasonCode.WRONG_SIGNATURE, detail)


def _signed_names(decoded: DecodedToken, expected: Expected) -> list[tuple[str, str]]:
    """Return the pairs of channel and uid that a 006 signature may cover, as far as they are known."""
    if decoded.version != v006.VERSION:
        return []
    pairs = [] if expected.user is None else [(expected.user, "")]
    if expected.channel is not None:
        if decoded.crc_uid == 0 and (expected.who is None or crc_of(expected.who) != 0):
            pairs.append((expected.channel, ""))  # a token for any uid
        elif expected.who is not None:
            pairs.append((expected.channel, expected.who))
    return pairs


def _missing_names(decoded: DecodedToken, expected: Expected) -> str:
    """Return the names that the signature of a 006 token takes and that were not given."""
    if RTM_LOGIN_006 in privilege_times(decoded.services[0]) and not expected.rtc:
        return "user"
    who = ["uid (or account)"] if expected.who is None and decoded.crc_uid != 0 else []
    return " and ".join([*(["channel"] if expected.channel is None else []), *who])


def _is_signed_with(certificate: str, decoded: DecodedToken, pairs: list[tuple[str, str]]) -> bool:
    """Compare in constant time, and compare all pairs."""
    if decoded.version == v006.VERSION:
        signatures = [v006.sign(decoded.app_id, certificate, *pair, decoded.signed) for pair in pairs]
    else:
        signatures = [v007.sign(certificate, decoded.issued_at or 0, decoded.salt, decoded.signed)]
    return sum(hmac.compare_digest(decoded.signature, signature) for signature in signatures) > 0


# Time: is the token valid now, with what it grants to the expected client?


def check_time(decoded: DecodedToken, expected: Expected, now: int) -> Iterator[Reason]:
    """Yield what is wrong or unusual about the token's times at the Unix time ``now``."""
    lifetime = list(_check_lifetime(decoded))
    yield from lifetime
    if decoded.issued_at is not None and decoded.issued_at > now + _CLOCK_SKEW:
        at = decoded.issued_at
        yield reason_for(ReasonCode.ISSUED_IN_FUTURE, f"Issued {format_utc(at)} ({format_relative(at, now)}).")
    services = addressed(decoded, expected)
    for service in services:
        if decoded.ends_at > now:
            yield from _check_equal_ends(decoded, service, now)
    expired = _expired_privileges(decoded, services, expected, now)
    ends = _last_entry(decoded, expected) if decoded.version == v006.VERSION else decoded.ends_at
    if ends <= now:
        reason = reason_for(ReasonCode.EXPIRED, f"Expired {format_utc(ends)} ({format_relative(ends, now)}).")
        for cause in lifetime:
            if cause.code == ReasonCode.LIFETIME_TOO_SHORT:  # a new token would not help
                hint = f"Give tokens a longer lifetime: a new one expires as soon. {RENEW_WITH_NEW_ONE}"
                reason = replace(reason, detail=f"{reason.detail} {cause.detail}", hint=hint)
        yield reason
        expired = {code: details for code, details in expired.items() if code in _BESIDE_EXPIRED}
    elif ReasonCode.PRIVILEGE_EXPIRED in expired or ReasonCode.DURATION_AS_TIME in expired:
        expired.pop(ReasonCode.OTHER_PRIVILEGE_EXPIRED, None)  # the client cannot use those either
    for code, details in expired.items():
        yield reason_for(code, " ".join(details))


def _expired_privileges(
    decoded: DecodedToken, services: Sequence[Service | Service006], expected: Expected, now: int
) -> dict[ReasonCode, list[str]]:
    """Return the details of the privileges that expired before the token, by reason."""
    expired: dict[ReasonCode, list[str]] = {}
    open_types = {
        service.type
        for service in services
        if any(decoded.privilege_end(service, number) > now for number in entry_privileges(service, expected))
    }
    for service in services:
        for number in privilege_times(service):
            if decoded.privilege_end(service, number) > now:
                continue
            if decoded.privilege_end(service, number) >= decoded.ends_at:
                continue  # expired with the token, which has its own reason
            is_entry = number in entry_privileges(service, expected)
            closes = is_entry and service.type not in open_types
            code, detail = _expired_privilege(decoded, service, number, now, closes=closes)
            expired.setdefault(code, []).append(detail)
    return expired


def _last_entry(decoded: DecodedToken, expected: Expected) -> int:
    """Return when a 006 token expires for its client: with its privilege to join, if that has a real time."""
    ends = good_until(decoded, expected)
    return ends if ends >= _FIRST_REAL_TIME else decoded.ends_at


def good_until(decoded: DecodedToken, expected: Expected) -> int:
    """Return the Unix time until which the expected client can join or log in.

    In a 006 token that may be earlier than the end of the token itself.
    """
    entries = [
        decoded.privilege_end(service, number)
        for service in addressed(decoded, expected)
        for number in entry_privileges(service, expected)
        if number in privilege_times(service) and number != RTM_LOGIN_006
    ]
    return min(decoded.ends_at, max(entries, default=decoded.ends_at))


def _expired_privilege(
    decoded: DecodedToken, service: Service | Service006, number: int, now: int, *, closes: bool
) -> tuple[ReasonCode, str]:
    """Explain a privilege that expired before its token; ``closes``: without it the client cannot enter."""
    at = decoded.privilege_end(service, number)
    code, guess = ReasonCode.OTHER_PRIVILEGE_EXPIRED, ""
    if service.type is None and number == RTM_LOGIN_006:
        code = ReasonCode.RTM_LIFETIME_IGNORED
    elif closes:
        code = ReasonCode.PRIVILEGE_EXPIRED
        if service.type is None and _is_cut_from_milliseconds(decoded, at):
            guess = " It looks like a time in milliseconds, of which 32 bits were kept."
        elif service.type is None and at < _FIRST_REAL_TIME:
            code = ReasonCode.DURATION_AS_TIME
    name = PRIVILEGE_NAMES[service.type].get(number, "unknown")
    expiry = f"{format_utc(at)} ({format_relative(at, now)})"
    return code, f"{service.name} privilege {number} ({name}) expired {expiry}.{guess}"


def _is_cut_from_milliseconds(decoded: DecodedToken, at: int) -> bool:
    """Check whether a 006 privilege is a time of the token's 24 hours in milliseconds, without the upper bits.

    A number of up to a year is rather a duration, and one after 2001 a time.
    """
    return 366 * DAY < at < _FIRST_REAL_TIME and (at - (decoded.ends_at - DAY) * 1000) % 2**32 <= DAY * 1000


def _check_lifetime(decoded: DecodedToken) -> Iterator[Reason]:
    """Check the durations of a token: Agora allows at most 24 hours."""
    lifetime = decoded.expire
    if lifetime is None:
        yield from _check_lifetime_006(decoded)
        return
    if lifetime < _SHORT_LIFETIME:
        yield _too_short(lifetime)
    durations = [lifetime, *(value for service in decoded.services for value in privilege_times(service).values())]
    if times := [value for value in durations if value in _REAL_TIMES]:
        detail = f"A duration of {times[0]} seconds. Read as a Unix time, it is {format_utc(times[0])}."
        if decoded.issued_at and 0 <= times[0] - 2 * decoded.issued_at <= DAY:
            detail = f"A duration of {times[0]} seconds: the current time was added twice."
        yield reason_for(ReasonCode.TIME_AS_DURATION, detail)
    elif lifetime > DAY:
        milliseconds = lifetime % 1000 == 0 and lifetime // 1000 <= DAY
        round_time = (lifetime % DAY == 0 and lifetime <= 366 * DAY) or (lifetime % 3600 == 0 and lifetime < 10 * DAY)
        if milliseconds and not round_time:
            detail = f"{lifetime} looks like {lifetime // 1000} seconds in milliseconds."
            yield reason_for(ReasonCode.MILLISECONDS, detail)
        else:
            guess = f" Or is it {lifetime // 1000} seconds in milliseconds?" if milliseconds else ""
            detail = f"The lifetime is {lifetime} seconds; Agora allows {DAY}.{guess}"
            yield reason_for(ReasonCode.LIFETIME_OVER_24_HOURS, detail)


def _too_short(lifetime: int) -> Reason:
    role = f" {lifetime} looks like a role in place of the lifetime." if lifetime in (1, 2) else ""
    return reason_for(ReasonCode.LIFETIME_TOO_SHORT, f"The lifetime is {lifetime} s.{role}")


def _check_lifetime_006(decoded: DecodedToken) -> Iterator[Reason]:
    """Check that the privileges of a 006 token end with it or before, and not at once.

    Builders set the token's end 24 hours after its issue.
    """
    join = privilege_times(decoded.services[0]).get(RtcPrivilege.JOIN_CHANNEL, 0)
    if 0 < (lifetime := join - (decoded.ends_at - DAY)) < _SHORT_LIFETIME:
        yield _too_short(lifetime)
    end = max(privilege_times(decoded.services[0]).values(), default=0)
    if end <= decoded.ends_at + _CLOCK_SKEW:
        return
    detail = f"A privilege is to expire {format_utc(end)}, but the token expires {format_utc(decoded.ends_at)}."
    issued = decoded.ends_at - DAY
    if issued >= _FIRST_REAL_TIME and 0 <= end - 2 * issued <= DAY + _CLOCK_SKEW:
        detail += " The current time was added twice."
    yield reason_for(ReasonCode.LIFETIME_OVER_24_HOURS, detail)


def _check_equal_ends(decoded: DecodedToken, service: Service | Service006, now: int) -> Iterator[Reason]:
    """Check that the privileges of a 007 RTC service expire with the token.

    Only there does an SDK warn before a privilege expires. In 006 the two always differ.
    """
    if not isinstance(service, RtcService):
        return
    times = privilege_times(service)
    if endless := [number for number, value in times.items() if value == 0]:
        detail = f"{service.name} privileges without an expiry: {', '.join(map(str, endless))}."
        yield reason_for(ReasonCode.PRIVILEGE_WITHOUT_END, detail)
    ends = {decoded.privilege_end(service, number) for number, value in times.items() if value}
    if any(end > now and end != decoded.expires_at for end in ends) and max(times.values()) < _FIRST_REAL_TIME:
        privileges = ", ".join(format_utc(end) for end in sorted(ends))
        detail = f"The token expires {format_utc(decoded.expires_at)}, its privileges {privileges}."
        yield reason_for(ReasonCode.UNEQUAL_ENDS, detail)


# Match: is the token for this project, this channel and this client?


def check_match(decoded: DecodedToken, expected: Expected, rows: Sequence[Comparison]) -> Iterator[Reason]:
    """Yield the reasons of the comparison's rows, then whether the token grants anything.

    Args:
        decoded: the token.
        expected: the client.
        rows: the comparison of the two. It alone decides about App ID, channel, uid and user.
    """
    yield from (row.reason for row in rows if row.reason)
    yield from _check_grants(decoded, expected)


def check_names(
    decoded: DecodedToken, expected: Expected, uid: int | str | None, rows: Sequence[Comparison]
) -> Iterator[Reason]:
    """Yield what is wrong or unusual about the names themselves, the client's and those in a 007 token.

    Where a name of the client is known, a mismatch says what there is to say about the one in the token.

    Args:
        decoded: the token.
        expected: the client.
        uid: the uid as it was passed: an integer must fit into 32 bits.
        rows: the comparison.
    """
    cannot_log_in = any(row.reason and row.reason.code == ReasonCode.NO_RTM_SERVICE for row in rows)
    if expected.rtc or not cannot_log_in:  # else the token is of another kind, whatever its channel and uid
        by_version = _note_names_006 if decoded.version == v006.VERSION else _note_names_007
        yield from by_version(decoded, expected)
    if expected.app_id is None and decoded.app_id == SAMPLE_APP_ID:
        yield reason_for(ReasonCode.SAMPLE_APP_ID, f"The App ID is {SAMPLE_APP_ID}.")
    channels = [service.channel for service in decoded.services if isinstance(service, RtcService)]
    whose = [str(service.uid) for service in decoded.services if isinstance(service, RtcService)]
    users = [service.user for service in decoded.services if isinstance(service, RtmService | Rtm2Service)]
    if decoded.version == v006.VERSION:
        named = users if set(privilege_times(decoded.services[0])) == {RTM_LOGIN_006} else channels
        named += [name for name in UNSET if crc_of(name) == decoded.crc_channel_name]
        whose += [name for name in UNSET if crc_of(name) == decoded.crc_uid]
    numbers = [uid] if isinstance(uid, str) else []
    if expected.who is None or (isinstance(uid, int) and uid <= UINT32_MAX):
        numbers = whose
    if any(re.fullmatch("[0-9]{10,}", number) and int(number[:11]) > UINT32_MAX for number in numbers):
        yield reason_for(ReasonCode.UID_TOO_LARGE, "The uid is a number above 4294967295.", "uid or account")
        uid = "" if isinstance(uid, int) else uid  # if it is negative, that is what a client made of that number
    yield from _check_alphabet_and_length(decoded, expected, uid, channels, whose, users)
    others = [service.user for service in decoded.services if isinstance(service, ChatService)]
    names: dict[RowName, list[str | None]] = {
        "channel": [expected.channel, *channels],
        "uid or account": [expected.who, *whose],
        user_row(decoded): [expected.user, *users, *others],
    }
    unset = {row: [ascii(name) for name in names[row] if name and looks_unset(name)] for row in names}
    if found := list(dict.fromkeys(chain(*unset.values()))):
        detail = f"Not a real name: {join_some(found)}."
        yield reason_for(ReasonCode.PLACEHOLDER_NAME, detail, *[row for row in unset if unset[row]])
    if user_row(decoded) == "RTM user":
        yield from _check_rtm2_names(decoded, expected, users)


def _check_rtm2_names(decoded: DecodedToken, expected: Expected, users: list[str]) -> Iterator[Reason]:
    """Yield the reason for user ids that RTM 2.x rejects: a note for a client that only joins a channel.

    It is a note for a 006 token, too: RTM 1.x accepts such ids, and Agora's documentation of 2.x has 007 tokens only.
    """
    users = list(dict.fromkeys([*([expected.user] if expected.user else []), *users]))
    if refused := [ascii(user) for user in users if "." in user or user.startswith("_")]:
        reason = reason_for(ReasonCode.RTM2_NAME, f"The user id is {join_some(refused)}.", "RTM user")
        only_joins = expected.rtc and expected.user is None
        if only_joins or decoded.version == v006.VERSION:
            reason = replace(reason, severity="note", explains=())
        yield reason


def _check_alphabet_and_length(
    decoded: DecodedToken,
    expected: Expected,
    uid: int | str | None,
    channels: list[str],
    whose: list[str],
    users: list[str],
) -> Iterator[Reason]:
    """Yield the reason for names that no client can use: the client's own, else those in the token."""
    rules: tuple[tuple[RowName, Callable[[Any], object], Sequence[Any]], ...] = (
        ("channel", check_channel, _to_check(expected.channel, channels)),
        ("uid or account", partial(check_uid, allow_any=True), [uid] if isinstance(uid, int) else []),
        ("uid or account", check_account, [] if isinstance(uid, int) or uid == "" else _to_check(expected.who, whose)),
        (user_row(decoded), check_user, users if expected.user is None else [expected.user]),
    )
    problems: dict[str, str] = {}
    explains: dict[RowName, None] = {}
    for row, check, values in rules:
        for value in values:
            try:
                check(value)
            except InputError as error:
                explain = _OTHER_NUMBER.get(error.code)
                problems[f"{error.field}: {error.problem}{explain(value) if explain else ''}"] = error.hint
                explains[row] = None
    if problems:
        reason = reason_for(ReasonCode.NAME_NOT_ALLOWED, " ".join([*problems][:3]), *explains)
        yield replace(reason, hint=" ".join(dict.fromkeys([*problems.values()][:3])))


def _cut_to_32_bits(uid: int) -> str:
    rest = uid & UINT32_MAX
    signed = f", or {rest - UINT32_MAX - 1} on Android" if rest > UINT32_MAX // 2 else ""
    return f" A client that cuts it joins as {rest}{signed}."


def _as_unsigned(uid: int) -> str:
    return f" As an unsigned integer it is {uid + UINT32_MAX + 1}." if uid >= -(2**31) else ""


_OTHER_NUMBER: dict[str, Callable[[Any], str]] = {
    ErrorCode.UID_TOO_LARGE: _cut_to_32_bits,
    ErrorCode.UID_NEGATIVE: _as_unsigned,
}
"""What a uid becomes elsewhere, by what is wrong with it."""


def _to_check(expected: str | None, signed: list[str]) -> list[str]:
    """Return the client's name; else those in the token, without wildcards and empty names, which have other rules."""
    return [name for name in signed if name and "*" not in name] if expected is None else [expected]


def check_completeness(rows: Sequence[Comparison], *, partial: bool) -> Iterator[Reason]:
    """Yield the reason for names in the token that nothing was expected of. A token for any uid needs no uid.

    Args:
        rows: the comparison.
        partial: be satisfied if at least one row was compared.
    """
    missing = [row.name for row in rows if row.status == "not compared" and row.actual != ANY_UID]
    if missing and not (partial and any(row.status == "same" for row in rows)):
        reason = reason_for(ReasonCode.NOT_COMPARED, describe_rows(rows))
        yield replace(reason, hint=f"Give what is missing: {', '.join(missing)}.")


def _note_names_006(decoded: DecodedToken, expected: Expected) -> Iterator[Reason]:
    privileges = set(privilege_times(decoded.services[0]))
    if decoded.crc_channel_name == 0 and privileges != {RTM_LOGIN_006} and expected.user is None:
        yield reason_for(
            ReasonCode.EMPTY_CHANNEL, "The checksum of its channel is 0, as for an empty string.", "channel"
        )
    if decoded.crc_uid == 0 and privileges != {RTM_LOGIN_006}:
        detail = "The checksum of its uid is 0, as for an empty string. It is not signed."
        yield reason_for(ReasonCode.ANY_UID, detail)
    who = expected.who or ""
    if re.fullmatch("[0-9]{10}", who) and decoded.crc_uid == crc_of(signed := str(int(who) - 2**32)):
        yield reason_for(ReasonCode.NEGATIVE_UID, f"The checksum of the uid is that of {signed}.", "uid or account")
    if expected.who != "0" and decoded.crc_uid == crc_of("0") and RTM_LOGIN_006 not in privileges:
        yield reason_for(
            ReasonCode.ACCOUNT_ZERO, 'The checksum of the uid is that of the string "0".', "uid or account"
        )


def _note_names_007(decoded: DecodedToken, expected: Expected) -> Iterator[Reason]:
    rtc = [service for service in decoded.services if isinstance(service, RtcService)]
    services = [service for service in rtc if covers(service.channel, expected.channel)] or rtc
    if any(service.channel == "" for service in rtc):
        yield reason_for(ReasonCode.EMPTY_CHANNEL, "The channel in the token is an empty string.", "channel")
    uids = {str(service.uid) for service in services}
    if patterns := sorted(name for name in uids | {service.channel for service in services} if "*" in name):
        yield reason_for(ReasonCode.WILDCARD, f"The token is signed for {', '.join(map(ascii, patterns))}.")
    if any(re.fullmatch("-[0-9]+", uid) for uid in uids):
        yield reason_for(ReasonCode.NEGATIVE_UID, "The uid in the token is a negative number.", "uid or account")
    if expected.who != "0" and "0" in uids:
        yield reason_for(ReasonCode.ACCOUNT_ZERO, 'The uid in the token is the string "0".', "uid or account")
    if "" in uids:
        yield reason_for(ReasonCode.ANY_UID, "The uid in the token is an empty string.")


def _check_grants(decoded: DecodedToken, expected: Expected) -> Iterator[Reason]:
    """Check that the services for joining, and those for logging in, have the privilege to do so."""
    if not decoded.services and not decoded.unread:
        yield reason_for(ReasonCode.GRANTS_NOTHING, "The token has no service.")
    services = addressed(decoded, expected)
    groups = [services]
    if decoded.version == v007.VERSION and expected.rtc and expected.user is not None:
        groups = [[service for service in services if isinstance(service, RtcService) == rtc] for rtc in (True, False)]
    for group in groups:
        granting = [service for service in group if service.type not in _GRANT_NOTHING_BY_DESIGN]
        if granting and not any(
            set(entry_privileges(service, expected)) & set(privilege_times(service)) for service in granting
        ):
            names = ", ".join(dict.fromkeys(service.name for service in granting))
            yield reason_for(ReasonCode.GRANTS_NOTHING, f"No privilege to join or log in: {names}.")
