"""Check a token against its expected client: :func:`verify`. Only the signature needs the App Certificate."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ..constants import MAX_TOKEN_CHARACTERS, UINT16_MAX
from ..credentials import Credentials, check_credential, wrong_credentials
from ..errors import ErrorCode, InputError, TokenFormatError
from ..secret import Secret, hide
from ..tokens.decoded import DecodedToken
from ..tokens.decoder import decode
from ..tokens.recognisers import bare
from ..tokens.repairs import find_tokens
from ..validation import check_uint32, plain_str, type_name
from ..wording import format_relative, format_utc, join_some
from .causes import cut_uid, in_order, subordinate
from .checks import check_completeness, check_format, check_match, check_names, check_signature, check_time, good_until
from .comparison import Comparison, compare, describe_rows
from .expected import Expected, serves, signed_uid
from .reasons import CheckName, Reason, ReasonCode, reason_for

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
    """All findings: the most severe first, and a cause before the mismatch that follows from it."""
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
    def findings(self) -> tuple[Reason, ...]:
        """The reasons that say something about the token, and not only that something was not checked."""
        return tuple(reason for reason in self.reasons if reason.severity != "not checked")

    @property
    def summary(self) -> str:
        """The result in one sentence."""
        if self.ok:
            notes = {0: "", 1: ", with a note"}.get(len(self.reasons), ", with notes")
            return f"The token is good{notes}."
        wrong, unchecked = (
            ", ".join(check.name for check in self.checks if check.status == status)
            for status in ("wrong", "not checked")
        )
        if not wrong:
            return f"No fault was found, but this was not checked: {unchecked}."
        return f"The token is not good: {wrong}." + (f" Not checked: {unchecked}." if unchecked else "")

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
    token: str | tuple[str, ...],
    credentials: Credentials | None,
    *,
    app_id: str | None = None,
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
        token: any string, or several tokens, such as those of ``find_tokens``. Of several, the one that fits the
            client best is checked, and a note says that there are others. In a string that contains several tokens it
            is checked as well, but the string itself is not a token.
        credentials: App ID and primary App Certificate of the project. None, if you do not have the certificate: the
            signature is then "not checked", and everything else is.
        app_id: the project's App ID, if ``credentials`` is None; the client's own is the right one. None does not
            compare it.
        secondary_certificate: the project's second App Certificate, tried after the primary one.
        disabled_certificates: App Certificates that are disabled; a token signed with one of them is told so.
        channel: the channel that the client joins. Only what is given is compared, here and in the next three.
        uid: the uid that the client joins with: an integer, or the string that was signed.
        account: the user account that the client joins with, instead of ``uid``.
        user: the user id that the client logs in with, to messaging (RTM) or to Chat.
        now: Unix time of the check in seconds; default: the current time.
        partial: be satisfied with the names that are given. By default match is "not checked" unless everything that
            the token names was given: channel and uid (or account) for RTC, user for RTM and Chat.

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
    app_id, secondary_certificate = hide(app_id), hide(secondary_certificate)
    disabled_certificates = [*map(hide, disabled_certificates)]
    if not isinstance(credentials, Credentials | None):
        raise wrong_credentials(credentials := hide(credentials))
    if credentials is None and (secondary_certificate is not None or disabled_certificates):
        hint = "Pass Credentials with the primary certificate."
        raise InputError("credentials", "must not be None beside other certificates.", hint, code=ErrorCode.MISSING)
    certificates, app_id = _project(credentials, app_id)
    _check_types(uid, {"channel": channel, "account": account, "user": user})
    who = account if uid is None else signed_uid(uid)
    for field, name in {"channel": channel, "uid": uid and who, "account": account, "user": user}.items():
        if name and len(name) > UINT16_MAX:
            problem = f"is longer than {UINT16_MAX} characters, the maximum in a token."
            raise InputError(field, problem, "Pass the name itself.", code=ErrorCode.TOO_LONG)
    if uid is not None and account is not None:
        hint = "A client joins with one of the two."
        raise InputError("account", "cannot be combined with uid.", hint, code=ErrorCode.UID_AND_ACCOUNT)
    if secondary_certificate is not None:
        certificates.append(check_credential("secondary_certificate", secondary_certificate))
    disabled = [check_credential("disabled_certificates", certificate) for certificate in disabled_certificates]
    now = int(time.time()) if now is None else check_uint32("now", now)
    expected = Expected(app_id, channel, who, user)
    token, alone = plain_str(token), True
    try:
        tokens = [*map(decode, (token or ("",)) if isinstance(token, tuple) else (token,))]
    except TokenFormatError as error:
        if type(token) is not str:
            return _malformed(error)
        tokens = [*map(decode, find_tokens(token))]
        if len(tokens) < 2:
            return _malformed(_name_credential(token, app_id, [*certificates, *disabled]) or error)
        alone = False
    decoded = tokens[0] if len(tokens) == 1 else _best_fit(tokens, expected, now)
    rows = compare(decoded, expected)
    reasons = [
        *_note_several(tokens, decoded, alone=alone),
        *check_format(decoded),
        *check_signature(decoded, certificates, expected, disabled),
        *check_time(decoded, expected, now),
        *check_names(decoded, expected, uid, rows),
    ]
    rows = cut_uid(rows, uid, reasons)
    rows = subordinate(rows, [*reasons, *(row.reason for row in rows if row.reason)])
    reasons += check_match(decoded, expected, rows)
    if all(reason.check != "match" or reason.severity == "note" for reason in reasons):
        reasons += check_completeness(rows, partial=partial)
    ordered = in_order(rows, reasons)
    ends = good_until(decoded, expected)
    return Verdict(
        _conclude("format", ordered, f"A well-formed {decoded.version} token."),
        _conclude("signature", ordered, _signer(ordered, len(certificates))),
        _conclude("time", ordered, f"Valid until {format_utc(ends)} ({format_relative(ends, now)})."),
        _conclude("match", ordered, describe_rows(rows)),
        reasons=ordered,
        token=decoded,
        compared=rows,
    )


def _project(credentials: Credentials | None, app_id: str | None) -> tuple[list[Secret], str | None]:
    """Return the certificates to verify with, and the App ID to compare; both as far as they are known."""
    if credentials is None:
        return [], None if app_id is None else str(check_credential("app_id", app_id))
    if app_id is not None:
        problem = "cannot be combined with credentials, which contain one."
        raise InputError("app_id", problem, "Pass one of the two.")
    return [credentials.app_certificate], credentials.app_id


def _check_types(uid: object, names: dict[str, object]) -> None:
    """Check the types of the arguments. Names may be any string, since they are only compared."""
    for field, value in names.items():
        if value is not None and not isinstance(value, str):
            problem = f"must be a string (str), not {type_name(value)}."
            raise InputError(field, problem, "Pass the name itself.", code=ErrorCode.WRONG_TYPE)
    if uid is not None and (isinstance(uid, bool) or not isinstance(uid, int | str)):
        problem = f"must be an integer or the signed string, not {type_name(uid)}."
        raise InputError("uid", problem, "Pass the uid that the client joins with.", code=ErrorCode.WRONG_TYPE)


def _best_fit(tokens: list[DecodedToken], expected: Expected, now: int) -> DecodedToken:
    """Return the token that fits the client best; of equals, the first."""

    def fit(token: DecodedToken) -> tuple[int, int, bool, bool]:
        return (*serves(token, expected), token.app_id == expected.app_id, token.ends_at > now)

    return max(tokens, key=fit)


def _note_several(tokens: list[DecodedToken], checked: DecodedToken, *, alone: bool) -> Iterator[Reason]:
    """Yield the reason for several tokens: a note, unless they were passed as one string."""
    if len(tokens) < 2:
        return
    kinds = [*map(kind_of, tokens)]
    place = next(number for number, token in enumerate(tokens) if token is checked)
    others = join_some([kind for number, kind in enumerate(kinds) if number != place])
    detail = f"Checked: token {place + 1} of {len(tokens)} ({kinds[place]}). Not checked: {others}."
    reason = reason_for(ReasonCode.SEVERAL_TOKENS, detail)
    yield reason if alone else replace(reason, severity="wrong")


def kind_of(token: DecodedToken) -> str:
    """Return the version and the services of a token in a few words."""
    services = " and ".join(dict.fromkeys(service.name for service in token.services))
    return f"{token.version} {services or 'without a service'}"


def _name_credential(text: str, app_id: str | None, certificates: Sequence[str]) -> TokenFormatError | None:
    """Return the error that names the project's own App ID or App Certificate in place of a token."""
    text = hide(bare(text) if len(text) <= MAX_TOKEN_CHARACTERS else text)
    if text == app_id:
        problem, hint = "is the App ID of this project.", "Pass the token that your server builds for the client."
    elif text in certificates:
        problem = "is an App Certificate of this project."
        hint = "A client must never have it: replace it in the Agora Console, and pass a token instead."
    else:
        return None
    return TokenFormatError("token", problem, hint, code=ErrorCode.NOT_A_TOKEN_HEX_32)


def _malformed(error: TokenFormatError) -> Verdict:
    """Return the verdict on a string that is not a token."""
    detail = str(error)
    format_check = Check("format", "wrong", detail)
    signature, time_, match = (Check(name, "not checked", "The token could not be read.") for name in CHECKS[1:])
    reason = reason_for(ReasonCode.MALFORMED, detail)
    if error.code != ErrorCode.MALFORMED or error.field == "version":  # never a token: copying it again does not help
        reason = replace(reason, hint=error.hint)
    reasons = (reason,)
    return Verdict(format_check, signature, time_, match, reasons, token=None)


def _conclude(name: CheckName, reasons: Sequence[Reason], passed: str) -> Check:
    """Read a check's result from its reasons; ``passed`` is its detail if none of them is more than a note."""
    own = [reason for reason in reasons if reason.check == name]
    statuses: tuple[Literal["wrong", "not checked"], ...] = ("wrong", "not checked")
    for status in statuses:
        if details := [reason.detail for reason in own if reason.severity == status]:
            return Check(name, status, " ".join(details))
    return Check(name, "ok", passed)


def _signer(reasons: Sequence[Reason], certificates: int) -> str:
    """Return whose signature was found valid."""
    for reason in reasons:
        if reason.code == ReasonCode.SIGNED_BY_SECONDARY:
            return reason.detail
    return f"Signed with the {'primary App Certificate' if certificates > 1 else 'App Certificate'}."
