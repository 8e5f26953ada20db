"""Assertions about tokens, whoever created them. A failure shows what :func:`agora_helpers.verify` would."""

from __future__ import annotations

import time
from collections.abc import Iterator

from ..constants import PRIVILEGE_NAMES, ROLE_PRIVILEGES, Role, ServiceType, TokenVersion
from ..credentials import Credentials, wrong_credentials
from ..display.verdict import verdict_text
from ..errors import ErrorCode, InputError
from ..practice.admission import Admission
from ..practice.project import Project
from ..sdk_errors.lookup import explain_error
from ..secret import hide
from ..tokens.decoded import DecodedToken
from ..tokens.services import RtcService, Service006, privilege_times
from ..validation import check_role, check_uint32
from ..verification.checks import good_until
from ..verification.comparison import ANY_UID
from ..verification.expected import Expected, addressed, signed_uid
from ..verification.reasons import ReasonCode
from ..verification.verifier import Verdict, verify

LIFETIME_TOLERANCE_SECONDS = 10
"""How much the lifetime of a token may differ from the expected one: servers take some time, and some read the clock
twice."""


def assert_token(
    token: str,
    *,
    channel: str | None = None,
    uid: int | str | None = None,
    account: str | None = None,
    user: str | None = None,
    role: Role | str | None = None,
    expires_in: int | None = 3600,
    version: TokenVersion | None = None,
    credentials: Credentials | None = None,
    now: int | None = None,
) -> None:
    """Check that a token admits exactly this client, for this long, with this role; any token server may have made it.

    Args:
        token: what the token server returned.
        channel: the channel that the client joins.
        uid: the uid that it joins with. A token for any uid passes only with 0.
        account: the user account that it joins with, instead of ``uid``.
        user: the user id that it logs in with, to messaging (RTM) or to Chat.
        role: ``"publisher"`` or ``"subscriber"``: the privileges in the channel must be exactly those of the role.
            None does not check them.
        expires_in: the expected lifetime in seconds, give or take ``LIFETIME_TOLERANCE_SECONDS``. It counts from the
            token's time of issue; in 006, which has none, from ``now``. None does not check it.
        version: ``"007"`` or ``"006"``; None accepts both.
        credentials: App ID and App Certificate. None does not check the signature, nor the App ID.
        now: Unix time of the check in seconds, such as ``clock.now()``; default: the current time.

    Raises:
        AssertionError: the token is another one. Everything that the token names must be expected, or it fails as well.
        InputError: an argument is invalid; see :func:`agora_helpers.verify`.

    >>> from agora_helpers import build_rtc_token
    >>> credentials = Credentials.demo()
    >>> token = build_rtc_token(credentials, "lobby", uid=7, role="subscriber")
    >>> assert_token(token, channel="lobby", uid=7, role="subscriber", credentials=credentials)
    >>> assert_token(token, channel="lobby", uid=7, role="publisher", credentials=credentials)
    Traceback (most recent call last):
    AssertionError: The token is not the expected one.
    role: expected "publisher", but the token lacks the privileges: publish audio, publish video, publish data.
    ...
    """
    __tracebackhide__ = True
    if not isinstance(credentials, Credentials | None):
        raise wrong_credentials(credentials := hide(credentials))
    if role is not None and channel is None:
        raise InputError("role", "needs a channel.", "Pass the channel, too: roles exist only there.")
    if expires_in is not None:
        check_uint32("expires_in", expires_in)
    now = int(time.time()) if now is None else now
    verdict = verify(token, credentials, channel=channel, uid=uid, account=account, user=user, now=now)
    client = Expected(None, channel, account if uid is None else signed_uid(uid), user)
    unchecked = _unchecked(verdict, with_credentials=credentials is not None)
    problems = [
        f"{check.name}: {check.detail}"
        for check in verdict.checks
        if check.status == "wrong" or (check.status == "not checked" and check.name in unchecked)
    ]
    if verdict.token:
        problems += _version_problems(verdict.token, version)
        problems += _any_uid_problems(verdict, client)
        problems += _role_problems(verdict.token, client, None if role is None else check_role(role))
        problems += _lifetime_problems(verdict, verdict.token, client, expires_in, now)
    if problems:
        raise AssertionError("\n".join(["The token is not the expected one.", *problems, "", verdict_text(verdict)]))


def _unchecked(verdict: Verdict, *, with_credentials: bool) -> set[str]:
    """Return the checks that must not stay undone. Without credentials, nobody can check signature and App ID."""
    if with_credentials or not verdict.token:
        return {"signature", "match"}
    open_rows = [row for row in verdict.compared if row.status != "same" and row.actual != ANY_UID]
    return {"match"} if any(row.name != "App ID" for row in open_rows) else set()


def _version_problems(token: DecodedToken, version: TokenVersion | None) -> Iterator[str]:
    if version not in (None, token.version):
        yield f"version: expected {version}, but the token has {token.version}."


def _any_uid_problems(verdict: Verdict, client: Expected) -> Iterator[str]:
    for reason in verdict.reasons:
        if reason.code == ReasonCode.ANY_UID and client.who:
            yield f"uid: expected {client.who!r}, but any client may use the token. {reason.hint}"


def _role_problems(token: DecodedToken, client: Expected, role: Role | None) -> Iterator[str]:
    services = [service for service in addressed(token, client) if isinstance(service, RtcService | Service006)]
    if role is None or not services:
        return
    names = PRIVILEGE_NAMES[ServiceType.RTC]
    granted, expected = privilege_times(services[0]), ROLE_PRIVILEGES[role]
    for verb, numbers in (
        ("lacks", [number for number in expected if number not in granted]),
        ("also has", [number for number in granted if number not in expected]),
    ):
        if numbers:
            privileges = ", ".join(names.get(number, str(number)) for number in numbers)
            yield f'role: expected "{role}", but the token {verb} the privileges: {privileges}.'


def _lifetime_problems(
    verdict: Verdict, token: DecodedToken, client: Expected, expires_in: int | None, now: int
) -> Iterator[str]:
    if expires_in is None:
        return
    start = now if token.issued_at is None else token.issued_at
    uses = [Expected(None, client.channel, client.who, None)] if client.rtc else []
    uses += [Expected(None, None, None, client.user)] if client.user is not None else []
    lifetimes = [good_until(token, use) - start for use in uses]
    wrong = [lifetime for lifetime in lifetimes if abs(lifetime - expires_in) > LIFETIME_TOLERANCE_SECONDS]
    if wrong:
        causes = [f" {reason.title}. {reason.hint}" for reason in verdict.reasons if reason.check == "time"]
        yield f"expires_in: expected {expires_in} seconds, but the client may stay for {wrong[0]}.{''.join(causes)}"


def assert_admitted(
    project: Project,
    *,
    channel: str | None = None,
    uid: int | None = None,
    account: str | None = None,
    user: str | None = None,
    token: str | None = None,
    app_id: str | None = None,
) -> None:
    """Check that a practice project admits a client, at the time of the project's clock.

    Args:
        project: the project.
        channel: the channel that the client joins with Agora's RTC SDK.
        uid: the uid that it joins with; None or 0 if Agora chooses one.
        account: the user account that it joins with, instead of ``uid``.
        user: the user id that it logs in with, to messaging (RTM). Beside ``channel``, both are checked.
        token: the token; None if the client sends none.
        app_id: the App ID that the client passes; default: the project's own.

    Raises:
        AssertionError: the project rejects the client.
        InputError: an argument is invalid, or neither ``channel`` nor ``user`` is given.

    >>> from agora_helpers import build_rtc_token
    >>> project = Project(Credentials.demo())
    >>> token = build_rtc_token(Credentials.demo(), "lobby", uid=7)
    >>> assert_admitted(project, channel="lobby", uid=7, token=token)
    >>> assert_admitted(project, channel="lobby", uid=8, token=token)
    Traceback (most recent call last):
    AssertionError: RTC Web: rejected: invalid token, authorized failed (2010009)
    <BLANKLINE>
    format     ok           A well-formed 007 token.
    ...
    """
    __tracebackhide__ = True
    if channel is None and user is None:
        problem = "is missing, and so is user."
        raise InputError("channel", problem, "Pass the channel that the client joins.", code=ErrorCode.MISSING)
    if channel is not None:
        admission = project.join(channel, app_id=app_id, uid=uid, account=account, token=token)
        _check_admission(project, admission, token, channel=channel, uid=uid, account=account)
    if user is not None:
        _check_admission(project, project.login(user, app_id=app_id, token=token), token, user=user)


def _check_admission(
    project: Project,
    admission: Admission,
    token: str | None,
    *,
    channel: str | None = None,
    uid: int | None = None,
    account: str | None = None,
    user: str | None = None,
) -> None:
    __tracebackhide__ = True
    if admission.admitted:
        return
    if token and admission.reasons:  # it was checked
        who = uid or 0 if channel is not None and account is None else None
        verdict = project.verify(token, channel=channel, uid=who, account=account, user=user)
        details = [verdict_text(verdict)]
    else:
        details = [each.meaning for each in explain_error(f"{admission.surface} {admission.error} {admission.text}")]
    raise AssertionError("\n\n".join([f"{admission.surface}: {admission}", *details]))
