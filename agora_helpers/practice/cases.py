"""Every kind of client that may try to enter a practice project, as data: for the tests, a panel and lesson 02.

A case creates what a client passes to Agora's SDK, and :func:`rehearse` returns the model's answer. The browser tests
run the same cases with Agora's own SDKs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..credentials import Credentials, wrong_credentials
from ..secret import hide
from ..tokens import v007
from ..tokens.builders import build_rtc_token, build_rtm_token
from ..tokens.services import RtcService, RtmService, Service
from .admission import Admission, Surface
from .certificates import Mechanism, MechanismLike
from .project import Project

CHANNEL, UID, USER = "lobby", 7, "alice"
HOUR = 3600
TokenFactory = Callable[[Credentials, int, int], str | None]
"""Create the token that a client sends, if any, from the project's credentials, a Unix time and a salt."""

_OTHER_CERTIFICATE = "0123456789abcdef" * 2
_OTHER_PROJECT = Credentials("fedcba9876543210" * 2, _OTHER_CERTIFICATE)


def _leave_unchanged(project: Project) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Case:
    """One client, and the state of the project that it meets."""

    name: str
    """A description such as ``"an expired token"``; unique within its surface."""
    short: str
    """The same for a narrow column, such as ``"expired"``; unique within its surface."""
    surface: Surface
    """RTC: the client joins a channel. RTM: it logs in."""
    token: TokenFactory
    client: Mapping[str, Any] = field(default_factory=dict)
    """Arguments of the SDK that differ from the usual ones: ``app_id``, ``channel``, ``uid`` or ``user``."""
    prepare: Callable[[Project], None] = _leave_unchanged
    """Changes the project first, as you would in the console."""

    def arguments(self, credentials: Credentials, now: int, salt: int) -> dict[str, Any]:
        """Return the arguments of :meth:`Project.join` or :meth:`Project.login`, without ``now``."""
        if not isinstance(credentials, Credentials):
            raise wrong_credentials(credentials := hide(credentials))
        usual: dict[str, Any] = {"channel": CHANNEL, "uid": UID} if self.surface == Surface.RTC else {"user": USER}
        return usual | {"app_id": credentials.app_id, "token": self.token(credentials, now, salt)} | {**self.client}

    def project(self, mechanism: MechanismLike, credentials: Credentials) -> Project:
        """Return a new project with this mechanism, prepared for this case."""
        if not isinstance(credentials, Credentials):
            raise wrong_credentials(credentials := hide(credentials))
        project = Project(credentials, mechanism=mechanism)
        self.prepare(project)
        return project


def rehearse(case: Case, mechanism: MechanismLike, credentials: Credentials, *, now: int, salt: int) -> Admission:
    """Return the answer that this client gets from a new project.

    Args:
        case: one of :data:`CASES`.
        mechanism: ``"app_id"``, ``"token"`` or ``"app_id_or_token"``.
        credentials: the project's App ID and primary App Certificate.
        now: Unix time in seconds of the attempt; at least 7200, as some tokens are two hours old.
        salt: uint32, used in the tokens.

    Raises:
        InputError: an argument is invalid.

    >>> print(rehearse(CASES[0], "token", Credentials.demo(), now=1_700_000_000, salt=1))
    rejected: dynamic use static key (2010015)
    """
    if not isinstance(credentials, Credentials):
        raise wrong_credentials(credentials := hide(credentials))
    project = case.project(mechanism, credentials)
    enter = project.join if case.surface == Surface.RTC else project.login
    return enter(**case.arguments(credentials, now, salt), now=now)


def _own(credentials: Credentials) -> Credentials:
    return credentials


def _other_certificate(credentials: Credentials) -> Credentials:
    return Credentials(credentials.app_id, _OTHER_CERTIFICATE)


def _other_project(credentials: Credentials) -> Credentials:
    return _OTHER_PROJECT


def _rtc(signer: Callable[[Credentials], Credentials] = _own, *, age: int = 0, **options: Any) -> TokenFactory:
    """Create a token that was issued ``age`` seconds ago, for the usual channel and uid unless ``options`` differ."""

    def build(credentials: Credentials, now: int, salt: int) -> str:
        values: dict[str, Any] = {"channel": CHANNEL, "uid": UID} | options
        return build_rtc_token(signer(credentials), **values, role="publisher", now=now - age, salt=salt)

    return build


def _rtm(signer: Callable[[Credentials], Credentials] = _own, *, age: int = 0, **options: Any) -> TokenFactory:
    def build(credentials: Credentials, now: int, salt: int) -> str:
        values: dict[str, Any] = {"user": USER} | options
        return build_rtm_token(signer(credentials), **values, now=now - age, salt=salt)

    return build


def _encoded(service: Service) -> TokenFactory:
    """Create a token that the builders would reject."""

    def build(credentials: Credentials, now: int, salt: int) -> str:
        keys = (credentials.app_id, credentials.app_certificate)
        return v007.encode(*keys, [service], issued_at=now, expire=HOUR, salt=salt)

    return build


def _literal(token: str | None) -> TokenFactory:
    return lambda credentials, now, salt: token


def _damaged(credentials: Credentials, now: int, salt: int) -> str:
    return f"006{credentials.app_id}!"


def _temporary(credentials: Credentials, now: int, salt: int) -> str:
    return Project(credentials).temporary_token(CHANNEL, now=now, salt=salt)


def _add_secondary(project: Project) -> None:
    if project.mechanism != Mechanism.APP_ID:  # with the App ID alone, the console adds no certificate
        project.certificates.add_secondary(_OTHER_CERTIFICATE)


def _disable_secondary(project: Project) -> None:
    _add_secondary(project)
    if project.mechanism != Mechanism.APP_ID:
        project.certificates.disable_secondary()


def _deactivate(project: Project) -> None:
    project.active = False


def _switch_off_messaging(project: Project) -> None:
    project.rtm_enabled = False


_OTHER_APP_ID = {"app_id": _OTHER_PROJECT.app_id}
_LONG = "x" * 64

CASES: tuple[Case, ...] = (
    Case("no token", "no token", Surface.RTC, _literal(None)),
    Case("a good token (006)", "good token (006)", Surface.RTC, _rtc(version="006")),
    Case("a good token (007)", "good token (007)", Surface.RTC, _rtc()),
    Case("a temporary token from the older console", "temporary token", Surface.RTC, _temporary),
    Case(
        "a token signed with the secondary certificate",
        "secondary certificate",
        Surface.RTC,
        _rtc(_other_certificate),
        prepare=_add_secondary,
    ),
    Case(
        "a token signed with the secondary certificate, which is disabled",
        "disabled secondary",
        Surface.RTC,
        _rtc(_other_certificate),
        prepare=_disable_secondary,
    ),
    Case("a token signed with another certificate", "another certificate", Surface.RTC, _rtc(_other_certificate)),
    Case("a token for another channel", "another channel", Surface.RTC, _rtc(channel="stage")),
    Case("a token for another uid", "another uid", Surface.RTC, _rtc(uid=UID + 1)),
    Case("an expired token", "expired", Surface.RTC, _rtc(age=2 * HOUR)),
    Case(
        "an expired token for another channel",
        "expired, another channel",
        Surface.RTC,
        _rtc(channel="stage", age=2 * HOUR),
    ),
    Case("a token from a server whose clock is an hour ahead", "clock an hour ahead", Surface.RTC, _rtc(age=-HOUR)),
    Case(
        "a token without the privilege to join",
        "no privilege to join",
        Surface.RTC,
        _encoded(RtcService(CHANNEL, UID, {2: HOUR})),
    ),
    Case("a token of another project", "another project's token", Surface.RTC, _rtc(_other_project)),
    Case("an RTM token", "RTM token", Surface.RTC, _rtm()),
    Case("the App ID of another project", "another App ID", Surface.RTC, _rtc(), _OTHER_APP_ID),
    Case("a project that is not active", "inactive project", Surface.RTC, _rtc(), prepare=_deactivate),
    Case(
        "a channel name of 64 bytes",
        "channel of 64 bytes",
        Surface.RTC,
        _encoded(RtcService(_LONG, UID)),
        {"channel": _LONG},
    ),
    Case("a channel name with an accent", "channel with an accent", Surface.RTC, _rtc(), {"channel": "caf\u00e9"}),
    Case("a uid of more than 32 bits", "uid above 32 bits", Surface.RTC, _rtc(), {"uid": 2**32}),
    Case("an empty string as a token", "empty string", Surface.RTC, _literal("")),
    Case("no token", "no token", Surface.RTM, _literal(None)),
    Case("a good token (006)", "good token (006)", Surface.RTM, _rtm(version="006")),
    Case("a good token (007)", "good token (007)", Surface.RTM, _rtm()),
    Case(
        "a token signed with the secondary certificate",
        "secondary certificate",
        Surface.RTM,
        _rtm(_other_certificate),
        prepare=_add_secondary,
    ),
    Case("a token signed with another certificate", "another certificate", Surface.RTM, _rtm(_other_certificate)),
    Case("a token for another user", "another user", Surface.RTM, _rtm(user="bob")),
    Case("an expired token", "expired", Surface.RTM, _rtm(age=2 * HOUR)),
    Case("a token from a server whose clock is an hour ahead", "clock an hour ahead", Surface.RTM, _rtm(age=-HOUR)),
    Case(
        "a token without the privilege to log in", "no privilege to log in", Surface.RTM, _encoded(RtmService(USER, {}))
    ),
    Case("an RTC token", "RTC token", Surface.RTM, _rtc()),
    Case("a damaged token", "damaged token", Surface.RTM, _damaged),
    Case(
        "the App ID of another project, with a token for it",
        "another App ID and token",
        Surface.RTM,
        _rtm(_other_project),
        _OTHER_APP_ID,
    ),
    Case("a project that is not active", "inactive project", Surface.RTM, _rtm(), prepare=_deactivate),
    Case("a project without messaging", "messaging disabled", Surface.RTM, _rtm(), prepare=_switch_off_messaging),
    Case("a token of another project", "another project's token", Surface.RTM, _rtm(_other_project)),
    Case("a string that is not a token", "not a token", Surface.RTM, _literal("hello")),
    Case("an empty string as a token", "empty string", Surface.RTM, _literal("")),
    Case("a user id with a full stop", "user id with a dot", Surface.RTM, _rtm(), {"user": "a.b"}),
)
"""All cases, RTC first."""
