"""Checking a token against what it should be: :func:`verify`. This needs the App Certificate."""

from __future__ import annotations

import hmac
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from . import token006, token007
from .credentials import Credentials, check_credential
from .decoded import DecodedToken
from .errors import InputError, TokenFormatError
from .inspection import decode
from .reasons import ORDER, REASONS, CheckName, Reason, ReasonCode
from .services import RtcService, Rtm2Service, RtmService, Service006, privilege_times
from .validation import check_uint32
from .vocabulary import DAY, PRIVILEGE_NAMES, RTM_LOGIN_006
from .wording import distance, moment

Status = Literal["ok", "wrong", "not checked"]
CHECKS: tuple[CheckName, ...] = ("format", "signature", "time", "match")
_CLOCK_SKEW = 60  # seconds; what Agora's servers tolerate is not documented


@dataclass(frozen=True, slots=True)
class Check:
    """One of the four checks: its status and what was found, in words."""

    name: CheckName
    status: Status
    detail: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of :func:`verify`. Each check stands for itself, so that none hides another."""

    format: Check
    signature: Check
    time: Check
    match: Check
    reasons: tuple[Reason, ...]
    """Everything there is to say, in order of weight."""
    token: DecodedToken | None
    """What was read; None if the text is no token."""

    @property
    def ok(self) -> bool:
        """Format, signature and time are right, and nothing that was expected differs."""
        return all(check.status == "ok" for check in self.checks)

    @property
    def checks(self) -> tuple[Check, ...]:
        """The four, in the order in which they are best read."""
        return (self.format, self.signature, self.time, self.match)

    def __str__(self) -> str:
        """The checks, a line each, then what there is to say and do."""
        lines = [f"{check.name:<10} {check.status:<12} {check.detail}" for check in self.checks]
        for reason in self.reasons:
            lines += ["", f"{reason.title} [{reason.code}]", f"  {reason.explanation}", f"  {reason.cure}"]
        return "\n".join([*lines, "", "The token is good." if self.ok else "The token is not verified."])


def verify(
    token: str,
    credentials: Credentials,
    *,
    secondary_certificate: str | None = None,
    channel: str | None = None,
    uid: int | str | None = None,
    account: str | None = None,
    user: str | None = None,
    now: int | None = None,
) -> Verdict:
    """Would this token admit its client? Four separate checks; a "no" is a value, never an exception.

    Args:
        token: any text.
        credentials: of the project that the token should be for. Its App ID is always compared.
        secondary_certificate: the project's second App Certificate, tried after the primary one.
        channel: the channel that the client joins. Compared only if given, as are the next three.
        uid: the uid that it joins with: an integer, or the literal signed text.
        account: the user account that it joins with, in place of ``uid``.
        user: the RTM user id that it logs in with.
        now: Unix time to check at; the clock's by default.

    Raises:
        InputError: an argument has the wrong type, ``secondary_certificate`` or ``now`` cannot be used, or
            both ``uid`` and ``account`` are given. What the token is compared with may be any text.

    A 006 token contains neither channel nor uid, so its signature can be checked only if they are given.

    >>> from agora_helpers import Credentials, build_rtc_token, verify
    >>> token = build_rtc_token(Credentials.demo(), "lobby", uid=7, now=1_700_000_000, salt=1)
    >>> verdict = verify(token, Credentials.demo(), channel="lobby", uid=8, now=1_700_000_060)
    >>> verdict.signature.status, verdict.match.status, verdict.reasons[0].title
    ('ok', 'wrong', 'The token is for another user')
    """
    if not isinstance(credentials, Credentials):
        raise InputError("credentials", f"must be Credentials, not {type(credentials).__name__}.")
    certificates = [credentials.app_certificate]
    if secondary_certificate is not None:
        certificates.append(check_credential("secondary_certificate", secondary_certificate))
    if uid is not None and account is not None:
        raise InputError("account", "is given, and so is uid.", "A client joins with one of the two.")
    for field, value in {"channel": channel, "account": account, "user": user}.items():
        if value is not None and not isinstance(value, str):
            raise InputError(field, f"must be a text (str), not of type {type(value).__name__}.")
    if uid is not None and (isinstance(uid, bool) or not isinstance(uid, int | str)):
        raise InputError("uid", f"must be an integer or the signed text, not of type {type(uid).__name__}.")
    now = int(time.time()) if now is None else check_uint32("now", now)
    try:
        decoded = decode(token)
    except TokenFormatError as error:
        malformed = replace(REASONS[ReasonCode.MALFORMED], detail=str(error))
        format_check = Check("format", "wrong", str(error))
        signature, time_, match = (Check(name, "not checked", "The token could not be read.") for name in CHECKS[1:])
        return Verdict(format_check, signature, time_, match, reasons=(malformed,), token=None)

    expected = _Expected(credentials.app_id, channel, account if uid is None else _signed_text(uid), user)
    found = [
        _replace(code, detail)
        for code, detail in (
            *_format_findings(decoded),
            *_time_findings(decoded, now),
            *_match_findings(decoded, expected),
        )
    ]
    signature, finding = _check_signature(decoded, certificates, expected)
    if finding:
        found.append(finding)
    found.sort(key=lambda reason: ORDER[reason.code])
    ends = f"Ends {moment(decoded.expires_at)} ({distance(decoded.expires_at, now)})."
    return Verdict(
        _conclude("format", found, f"A well-formed {decoded.version} token."),
        signature,
        _conclude("time", found, ends),
        _conclude("match", found, expected.in_words()),
        reasons=tuple(found),
        token=decoded,
    )


def _signed_text(uid: int | str) -> str:
    """How a uid is signed: in decimal, and 0 (anyone) as an empty text."""
    if isinstance(uid, str):
        return uid
    return str(uid or "") if uid.bit_length() <= 64 else hex(uid)  # Python writes out no number of any length


@dataclass(frozen=True, slots=True)
class _Expected:
    """What the token is compared with, as the texts that would be signed."""

    app_id: str
    channel: str | None
    who: str | None
    user: str | None

    def in_words(self) -> str:
        given = {"channel": self.channel, "uid or account": self.who, "RTM user": self.user}
        same = ["App ID", *(name for name, value in given.items() if value is not None)]
        open_ = [name for name, value in given.items() if value is None]
        return f"As expected: {', '.join(same)}." + (f" Not compared: {', '.join(open_)}." if open_ else "")


Finding = tuple[ReasonCode, str]


def _replace(code: ReasonCode, detail: str) -> Reason:
    return replace(REASONS[code], detail=detail)


def _conclude(name: CheckName, found: list[Reason], otherwise: str) -> Check:
    wrong = [reason.detail for reason in found if reason.check == name and reason.weight == "wrong"]
    return Check(name, "wrong", " ".join(wrong)) if wrong else Check(name, "ok", otherwise)


def _format_findings(decoded: DecodedToken) -> Iterator[Finding]:
    if decoded.unread:
        size = len(decoded.unread.data)
        yield ReasonCode.UNKNOWN_SERVICE, f"Service type {decoded.unread.type}; {size} bytes after it are unread."
    elif not any(service.privileges or service.name in ("convoai", "stt") for service in decoded.services):
        yield ReasonCode.NO_SERVICE, "No service with a privilege in it."
    if decoded.trailing:
        yield ReasonCode.TRAILING_BYTES, f"{len(decoded.trailing)} bytes are left over."
    if decoded.repeats_privilege:
        yield ReasonCode.REPEATED_PRIVILEGE, "The same privilege number stands twice in one service."


def _time_findings(decoded: DecodedToken, now: int) -> Iterator[Finding]:
    ends = decoded.expires_at
    if decoded.issued_at is not None and decoded.expire is not None:
        if decoded.expire > DAY:
            seconds = decoded.expire
            yield ReasonCode.LIFETIME_OVER_24_HOURS, f"{seconds} seconds from its issue; Agora allows {DAY}."
            ends = decoded.issued_at + DAY
        if decoded.issued_at > now + _CLOCK_SKEW:
            at = decoded.issued_at
            yield ReasonCode.ISSUED_IN_FUTURE, f"Issued {moment(at)} ({distance(at, now)})."
    if ends <= now:
        yield ReasonCode.EXPIRED, f"Ended {moment(ends)} ({distance(ends, now)})."
    for service in decoded.services:
        for number, value in privilege_times(service).items():
            at = value + (decoded.issued_at or 0)
            if value == 0 or at > now or (decoded.version == "007" and at >= decoded.expires_at):
                continue  # ends with the token
            name = PRIVILEGE_NAMES[service.type].get(number, "unknown")
            detail = f"{service.name} privilege {number} ({name}) ended {moment(at)} ({distance(at, now)})."
            admits = number == 1 or number == RTM_LOGIN_006
            code = ReasonCode.PRIVILEGE_EXPIRED if admits else ReasonCode.MEDIA_PRIVILEGE_EXPIRED
            yield code, detail


def _match_findings(decoded: DecodedToken, expected: _Expected) -> Iterator[Finding]:
    if not hmac.compare_digest(decoded.app_id.encode(), expected.app_id.encode()):
        yield ReasonCode.APP_ID_MISMATCH, "The App ID in the token is another one."
    if isinstance(first := next(iter(decoded.services), None), Service006):
        yield from _match_006(decoded, first.name, expected)
    else:
        yield from _match_007(decoded, expected)


def _match_006(decoded: DecodedToken, kind: str, expected: _Expected) -> Iterator[Finding]:
    """By the unsigned checksums, which are all that a 006 token holds of channel and uid."""
    crc_channel, crc_uid = decoded.crc_channel_name, decoded.crc_uid
    if kind == "rtc" and expected.user is not None:
        yield ReasonCode.NO_RTM_SERVICE, "It holds no RTM login privilege."
    if kind == "rtm" and (expected.channel is not None or expected.who is not None):
        yield ReasonCode.NO_RTC_SERVICE, "It holds an RTM login privilege only."
    elif expected.channel is not None and _crc(expected.channel) != crc_channel:
        yield ReasonCode.CHANNEL_MISMATCH, "The checksum of the channel name differs."
    if kind == "rtm" and expected.user is not None and _crc(expected.user) != crc_channel:
        yield ReasonCode.USER_MISMATCH, "The checksum of the user id differs."
    if kind == "rtm" and crc_uid != 0:
        yield ReasonCode.USER_MISMATCH, "An RTM token is made without a uid, and this one carries the checksum of one."
    if kind == "rtc" and crc_uid == 0:
        yield ReasonCode.ANY_UID, "The checksum of its uid is 0, that of an empty text."
    elif kind == "rtc" and expected.who is not None and _crc(expected.who) != crc_uid:
        yield ReasonCode.UID_MISMATCH, "The checksum of the uid differs."


def _match_007(decoded: DecodedToken, expected: _Expected) -> Iterator[Finding]:
    rtc = [service for service in decoded.services if isinstance(service, RtcService)]
    rtm = [service.user for service in decoded.services if isinstance(service, RtmService | Rtm2Service)]
    here = [service for service in rtc if expected.channel in (None, service.channel)]
    if not rtc and (expected.channel is not None or expected.who is not None):
        yield ReasonCode.NO_RTC_SERVICE, "It grants no RTC service."
    elif not here:
        if expected.channel is not None:
            names = ", ".join(repr(service.channel) for service in rtc)
            yield ReasonCode.CHANNEL_MISMATCH, f"Expected {expected.channel!r}, the token says {names}."
    elif expected.who is not None and not any(service.uid in ("", expected.who) for service in here):
        names = ", ".join(repr(service.uid) for service in here)
        yield ReasonCode.UID_MISMATCH, f"Expected {expected.who!r}, the token says {names}."
    if any(service.uid == "" for service in here):
        yield ReasonCode.ANY_UID, "The uid in the token is empty."
    if expected.user is not None and not rtm:
        yield ReasonCode.NO_RTM_SERVICE, "It grants no RTM service."
    elif expected.user is not None and expected.user not in rtm:
        names = ", ".join(map(repr, rtm))
        yield ReasonCode.USER_MISMATCH, f"Expected {expected.user!r}, the token says {names}."


def _check_signature(
    decoded: DecodedToken, certificates: list[str], expected: _Expected
) -> tuple[Check, Reason | None]:
    """Over the bytes as received, each certificate tried, in constant time."""
    if decoded.version == token007.VERSION:
        issued_at, salt, info = decoded.issued_at or 0, decoded.salt, decoded.signed
        made = [token007.sign(key, issued_at, salt, info) for key in certificates]
        differs = False
    else:
        signed_for = _signed_for(decoded, expected)
        if signed_for is None:
            detail = "A 006 token does not contain its channel and uid: pass them to check its signature."
            return _not_checked(detail)
        channel, uid = signed_for
        made = [token006.sign(decoded.app_id, key, channel, uid, decoded.signed) for key in certificates]
        differs = (_crc(channel), _crc(uid)) != (decoded.crc_channel_name, decoded.crc_uid)
    fits = [hmac.compare_digest(decoded.signature, signature) for signature in made]
    if fits[0]:
        return Check("signature", "ok", "Signed with the App Certificate."), None
    if any(fits):
        detail = "Signed with the secondary certificate."
        return Check("signature", "ok", detail), _replace(ReasonCode.SIGNED_BY_SECONDARY, detail)
    if differs:
        return _not_checked("The token is for another channel or user, so its signature cannot be checked.")
    detail = "Signed with another App Certificate, or changed after it was signed."
    return Check("signature", "wrong", detail), _replace(ReasonCode.WRONG_SIGNATURE, detail)


def _not_checked(detail: str) -> tuple[Check, Reason]:
    return Check("signature", "not checked", detail), _replace(ReasonCode.SIGNATURE_NOT_CHECKED, detail)


def _signed_for(decoded: DecodedToken, expected: _Expected) -> tuple[str, str] | None:
    """Channel and uid that a 006 signature covers, as far as they are known."""
    (service,) = decoded.services
    if service.name == "rtm":
        return None if expected.user is None else (expected.user, "")
    if expected.channel is None:
        return None
    if decoded.crc_uid == 0 and (expected.who is None or _crc(expected.who) != 0):
        return expected.channel, ""  # for anyone
    return None if expected.who is None else (expected.channel, expected.who)


def _crc(text: str) -> int:
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))
