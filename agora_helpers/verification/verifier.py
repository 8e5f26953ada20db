"""Checking a token against what it should be: :func:`verify`. This needs the App Certificate."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Literal

from ..credentials import Credentials, check_credential
from ..errors import InputError, TokenFormatError
from ..tokens.decoded import DecodedToken
from ..tokens.decoder import decode
from ..validation import check_uint32
from ..wording import format_relative, format_utc
from .checks import format_findings, good_until, match_findings, reason, signature_finding, time_findings
from .comparison import Comparison, compare
from .expected import Expected
from .reasons import ORDER, CheckName, Reason, ReasonCode

Status = Literal["ok", "wrong", "not checked"]
CHECKS: tuple[CheckName, ...] = ("format", "signature", "time", "match")


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
    """Everything there is to say, in order of severity."""
    token: DecodedToken | None
    """What was read; None if the text is no token."""
    compared: tuple[Comparison, ...] = ()
    """Expected and actual values, side by side."""

    @property
    def ok(self) -> bool:
        """Format, signature and time are right, and nothing that was expected differs."""
        return all(check.status == "ok" for check in self.checks)

    @property
    def checks(self) -> tuple[Check, ...]:
        """The four, in the order in which they are best read."""
        return (self.format, self.signature, self.time, self.match)

    @property
    def summary(self) -> str:
        """All of it in one sentence."""
        if self.ok:
            notes = {0: "", 1: ", with a note"}.get(len(self.reasons), ", with notes")
            return f"The token is good{notes}."
        return f"The token is not good: {', '.join(check.name for check in self.checks if check.status != 'ok')}."

    def __str__(self) -> str:
        """The checks, a line each, then what there is to say and do."""
        lines = [f"{check.name:<10} {check.status:<12} {check.detail}" for check in self.checks]
        for found in self.reasons:
            lines += ["", f"{found.title} [{found.code}]"]
            lines += [f"  {found.detail}"] if found.severity == "note" else []  # else it stands in its check's line
            lines += [f"  {found.explanation}", f"  {found.hint}"]
        return "\n".join([*lines, "", self.summary])


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

    A 006 token contains neither channel nor uid, so its signature can be checked only if they are given. They are
    signed without anything between them: a 006 token for channel ``room1`` and uid 23, its unsigned checksums
    exchanged, passes for channel ``room12`` and uid 3. A 007 token cannot be turned in this way.

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
        malformed = reason(ReasonCode.MALFORMED, str(error))
        format_check = Check("format", "wrong", str(error))
        signature, time_, match = (Check(name, "not checked", "The token could not be read.") for name in CHECKS[1:])
        return Verdict(format_check, signature, time_, match, reasons=(malformed,), token=None)

    expected = Expected(credentials.app_id, channel, account if uid is None else signed_text(uid), user)
    found = [
        *format_findings(decoded),
        *time_findings(decoded, expected, now),
        *match_findings(decoded, expected),
    ]
    if unsigned := signature_finding(decoded, certificates, expected):
        found.append(unsigned)
    found.sort(key=lambda reason: ORDER[reason.code])
    ends = good_until(decoded, expected)
    which = "primary App Certificate" if secondary_certificate else "App Certificate"
    signed = unsigned.detail if unsigned else f"Signed with the {which}."
    return Verdict(
        _conclude("format", found, f"A well-formed {decoded.version} token."),
        _conclude("signature", found, signed),
        _conclude("time", found, f"Good until {format_utc(ends)} ({format_relative(ends, now)})."),
        _conclude("match", found, expected.in_words(decoded)),
        reasons=tuple(found),
        token=decoded,
        compared=compare(decoded, expected),
    )


def _conclude(name: CheckName, found: list[Reason], otherwise: str) -> Check:
    """The check's status: wrong if one of its reasons is, else not checked if one says so, else ok."""
    mine = [reason for reason in found if reason.check == name]
    for status in ("wrong", "not checked"):
        if details := [reason.detail for reason in mine if reason.severity == status]:
            return Check(name, status, " ".join(details))
    return Check(name, "ok", otherwise)


def signed_text(uid: int | str) -> str:
    """How a uid is signed: in decimal, and 0 (anyone) as an empty text."""
    if isinstance(uid, str):
        return uid
    return str(int(uid) or "") if uid.bit_length() <= 64 else hex(uid)  # Python writes out no number of any length
