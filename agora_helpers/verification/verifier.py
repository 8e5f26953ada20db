"""Check a token against its expected client: :func:`verify`. This needs the App Certificate."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ..constants import UINT16_MAX
from ..credentials import Credentials, check_credential, wrong_credentials
from ..errors import ErrorCode, InputError, TokenFormatError
from ..secret import hide
from ..tokens.decoded import DecodedToken
from ..tokens.decoder import decode
from ..validation import check_uint32, type_name
from ..wording import format_relative, format_utc
from .checks import check_completeness, check_format, check_match, check_names, check_signature, check_time, good_until
from .comparison import Comparison, compare, describe_rows
from .expected import Expected, signed_uid
from .reasons import ORDER, CheckName, Reason, ReasonCode, reason_for

Status = Literal["ok", "wrong", "not checked"]
CHECKS: tuple[CheckName, ...] = ("format", "signature", "time", "match")


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one of the four checks."""

    name: CheckName
    status: Status
    detail: str
    """What was found, in one or more sentences."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of :func:`verify`. The four checks are independent, so no failure hides another."""

    format: Check
    signature: Check
    time: Check
    match: Check
    reasons: tuple[Reason, ...]
    """All findings, the most severe first."""
    token: DecodedToken | None
    """The decoded token; None if the string is not a token."""
    compared: tuple[Comparison, ...] = ()
    """Expected and actual values, side by side; empty if the string is not a token."""

    @property
    def ok(self) -> bool:
        """Whether all four checks passed: the token admits its client."""
        return all(check.status == "ok" for check in self.checks)

    @property
    def checks(self) -> tuple[Check, ...]:
        """The four checks, in their order."""
        return (self.format, self.signature, self.time, self.match)

    @property
    def summary(self) -> str:
        """The result in one sentence."""
        if self.ok:
            notes = {0: "", 1: ", with a note"}.get(len(self.reasons), ", with notes")
            return f"The token is good{notes}."
        return f"The token is not good: {', '.join(check.name for check in self.checks if check.status != 'ok')}."

    def __str__(self) -> str:
        """Return a line for each check, then each finding with what to do about it."""
        lines = [f"{check.name:<10} {check.status:<12} {check.detail}" for check in self.checks]
        for reason in self.reasons:
            lines += ["", f"{reason.title} [{reason.code}]"]
            if reason.severity == "note":  # the others have their detail in the line of their check
                lines.append(f"  {reason.detail}")
            lines += [f"  {reason.explanation}", f"  {reason.hint}"]
        return "\n".join([*lines, "", self.summary])


def verify(
    token: str,
    credentials: Credentials,
    *,
    secondary_certificate: str | None = None,
    disabled_certificates: Sequence[str] = (),
    channel: str | None = None,
    uid: int | str | None = None,
    account: str | None = None,
    user: str | None = None,
    now: int | None = None,
    partial: bool = False,
) -> Verdict:
    """Check whether a token admits its client, and report why not.

    Four independent checks are made. A token that fails them is a result, never an exception.

    Args:
        token: any string.
        credentials: App ID and primary App Certificate of the project. The App ID is always compared.
        secondary_certificate: the project's second App Certificate, tried after the primary one.
        disabled_certificates: App Certificates that are disabled; a token signed with one of them is told so.
        channel: the channel that the client joins. Only what is given is compared, here and in the next three.
        uid: the uid that the client joins with: an integer, or the string that was signed.
        account: the user account that the client joins with, instead of ``uid``.
        user: the RTM user id that the client logs in with.
        now: Unix time of the check in seconds; default: the current time.
        partial: be satisfied with the names that are given. By default match is "not checked" unless everything that
            the token names was given: channel and uid (or account) for RTC, user for RTM.

    Returns:
        The :class:`Verdict`.

    Raises:
        InputError: an argument has the wrong type, a certificate or ``now`` is invalid, or both ``uid``
            and ``account`` are given. The names to compare with are not validated, except that none may be longer
            than 65535 characters.

    A 006 token contains neither channel nor uid, so its signature is checked only if they are given. It signs them
    without a separator: a 006 token for channel ``room1`` and uid 23, with its unsigned checksums replaced, also
    passes for channel ``room12`` and uid 3. A 007 token cannot be changed in this way.

    >>> from agora_helpers import Credentials, build_rtc_token, verify
    >>> token = build_rtc_token(Credentials.demo(), "lobby", uid=7, now=1_700_000_000, salt=1)
    >>> verdict = verify(token, Credentials.demo(), channel="lobby", uid=8, now=1_700_000_060)
    >>> verdict.signature.status, verdict.match.status, verdict.reasons[0].title
    ('ok', 'wrong', 'The token is for another user')
    """
    secondary_certificate = hide(secondary_certificate)
    disabled_certificates = [*map(hide, disabled_certificates)]
    if not isinstance(credentials, Credentials):
        raise wrong_credentials(credentials := hide(credentials))
    _check_types(uid, {"channel": channel, "account": account, "user": user})
    who = account if uid is None else signed_uid(uid)
    for field, name in {"channel": channel, "uid": uid and who, "account": account, "user": user}.items():
        if name and len(name) > UINT16_MAX:
            problem = f"is longer than {UINT16_MAX} characters, the maximum in a token."
            raise InputError(field, problem, "Pass the name itself.", code=ErrorCode.TOO_LONG)
    if uid is not None and account is not None:
        hint = "A client joins with one of the two."
        raise InputError("account", "cannot be combined with uid.", hint, code=ErrorCode.UID_AND_ACCOUNT)
    certificates = [credentials.app_certificate]
    if secondary_certificate is not None:
        certificates.append(check_credential("secondary_certificate", secondary_certificate))
    disabled = [check_credential("disabled_certificates", certificate) for certificate in disabled_certificates]
    now = int(time.time()) if now is None else check_uint32("now", now)
    try:
        decoded = decode(token)
    except TokenFormatError as error:
        return _malformed(error)

    expected = Expected(credentials.app_id, channel, who, user)
    rows = compare(decoded, expected)
    reasons = [
        *check_format(decoded),
        *check_signature(decoded, certificates, expected, disabled),
        *check_time(decoded, expected, now),
        *check_match(decoded, expected, rows),
        *check_names(decoded, expected, uid),
    ]
    if not partial and all(reason.check != "match" or reason.severity == "note" for reason in reasons):
        reasons += check_completeness(rows)
    reasons.sort(key=lambda reason: ORDER[reason.code])
    ends = good_until(decoded, expected)
    return Verdict(
        _conclude("format", reasons, f"A well-formed {decoded.version} token."),
        _conclude("signature", reasons, _signer(reasons, len(certificates))),
        _conclude("time", reasons, f"Valid until {format_utc(ends)} ({format_relative(ends, now)})."),
        _conclude("match", reasons, describe_rows(rows)),
        reasons=tuple(reasons),
        token=decoded,
        compared=rows,
    )


def _check_types(uid: object, names: dict[str, object]) -> None:
    """Check the types of the arguments. Names may be any string, since they are only compared."""
    for field, value in names.items():
        if value is not None and not isinstance(value, str):
            problem = f"must be a string (str), not {type_name(value)}."
            raise InputError(field, problem, "Pass the name itself.", code=ErrorCode.WRONG_TYPE)
    if uid is not None and (isinstance(uid, bool) or not isinstance(uid, int | str)):
        problem = f"must be an integer or the signed string, not {type_name(uid)}."
        raise InputError("uid", problem, "Pass the uid that the client joins with.", code=ErrorCode.WRONG_TYPE)


def _malformed(error: TokenFormatError) -> Verdict:
    """Return the verdict on a string that is not a token."""
    detail = str(error)
    format_check = Check("format", "wrong", detail)
    signature, time_, match = (Check(name, "not checked", "The token could not be read.") for name in CHECKS[1:])
    reason = reason_for(ReasonCode.MALFORMED, detail)
    if error.code != ErrorCode.MALFORMED:  # another kind of text: to copy it again would not help
        reason = replace(reason, hint=error.hint)
    reasons = (reason,)
    return Verdict(format_check, signature, time_, match, reasons, token=None)


def _conclude(name: CheckName, reasons: list[Reason], passed: str) -> Check:
    """Read a check's result from its reasons; ``passed`` is its detail if none of them is more than a note."""
    own = [reason for reason in reasons if reason.check == name]
    statuses: tuple[Literal["wrong", "not checked"], ...] = ("wrong", "not checked")
    for status in statuses:
        if details := [reason.detail for reason in own if reason.severity == status]:
            return Check(name, status, " ".join(details))
    return Check(name, "ok", passed)


def _signer(reasons: list[Reason], certificates: int) -> str:
    """Return whose signature was found valid."""
    for reason in reasons:
        if reason.code == ReasonCode.SIGNED_BY_SECONDARY:
            return reason.detail
    return f"Signed with the {'primary App Certificate' if certificates > 1 else 'App Certificate'}."
