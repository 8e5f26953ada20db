"""Every kind of client in front of a practice project, as data: for the tests, a panel and lesson 01.

A case makes what a client passes to Agora's SDK; :func:`rehearse` asks the model what becomes of it. The browser tests
put the same cases to Agora's own SDKs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..credentials import Credentials
from ..tokens import v007
from ..tokens.builders import build_rtc_token, build_rtm_token
from ..tokens.services import RtcService, RtmService, Service
from .admission import Admission, Surface
from .certificates import Mechanism
from .project import Project

CHANNEL, UID, USER = "lobby", 7, "alice"
HOUR = 3600
TokenMaker = Callable[[Credentials, int, int], str | None]
"""From a project's credentials, Unix time and salt to the token that the client sends, if any."""

_OTHER_CERTIFICATE = "0123456789abcdef" * 2
_OTHER_PROJECT = Credentials("fedcba9876543210" * 2, _OTHER_CERTIFICATE)


def _as_it_is(project: Project) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Case:
    """One client, and what was done in the console before it came."""

    name: str
    """In words, such as ``"an expired token"``; unique within its surface."""
    surface: Surface
    """RTC: the client joins a channel. RTM: it logs in to messaging."""
    token: TokenMaker
    client: Mapping[str, Any] = field(default_factory=dict)
    """What else it passes to the SDK that differs from the usual: ``app_id``, ``channel``, ``uid`` or ``user``."""
    prepare: Callable[[Project], None] = _as_it_is
    """What is done in the console beforehand."""

    def arguments(self, credentials: Credentials, now: int, salt: int) -> dict[str, Any]:
        """What :meth:`Project.join` or :meth:`Project.login` is called with, apart from ``now``."""
        usual: dict[str, Any] = {"channel": CHANNEL, "uid": UID} if self.surface == Surface.RTC else {"user": USER}
        return usual | {"app_id": credentials.app_id, "token": self.token(credentials, now, salt)} | {**self.client}

    def project(self, mechanism: str, credentials: Credentials) -> Project:
        """A fresh project with that mechanism, as this case needs it."""
        project = Project(credentials, mechanism=mechanism)
        self.prepare(project)
        return project


def rehearse(case: Case, mechanism: str, credentials: Credentials, *, now: int, salt: int) -> Admission:
    """What becomes of this client, in a fresh project.

    Args:
        case: one of :data:`CASES`.
        mechanism: ``"app_id"``, ``"token"`` or ``"app_id_or_token"``.
        credentials: the project's App ID and primary App Certificate.
        now: Unix time, for the tokens and for the project; at least two hours.
        salt: uint32, for the tokens.

    Raises:
        InputError: an argument cannot be used.

    >>> print(rehearse(CASES[0], "token", Credentials.demo(), now=1_700_000_000, salt=1))
    refused: dynamic use static key (2010015)
    """
    project = case.project(mechanism, credentials)
    ask = project.join if case.surface == Surface.RTC else project.login
    return ask(**case.arguments(credentials, now, salt), now=now)


def _own(credentials: Credentials) -> Credentials:
    return credentials


def _other_certificate(credentials: Credentials) -> Credentials:
    return Credentials(credentials.app_id, _OTHER_CERTIFICATE)


def _other_project(credentials: Credentials) -> Credentials:
    return _OTHER_PROJECT


def _rtc(signer: Callable[[Credentials], Credentials] = _own, *, age: int = 0, **options: Any) -> TokenMaker:
    """A token for the case's channel and uid if ``options`` name no other; made ``age`` seconds ago.

    It is good for an hour, as the builders make it.
    """

    def make(credentials: Credentials, now: int, salt: int) -> str:
        given: dict[str, Any] = {"channel": CHANNEL, "uid": UID} | options
        return build_rtc_token(signer(credentials), **given, role="publisher", now=now - age, salt=salt)

    return make


def _rtm(signer: Callable[[Credentials], Credentials] = _own, *, age: int = 0, **options: Any) -> TokenMaker:
    def make(credentials: Credentials, now: int, salt: int) -> str:
        given: dict[str, Any] = {"user": USER} | options
        return build_rtm_token(signer(credentials), **given, now=now - age, salt=salt)

    return make


def _encoded(service: Service) -> TokenMaker:
    """A token that the builders refuse to make."""

    def make(credentials: Credentials, now: int, salt: int) -> str:
        keys = (credentials.app_id, credentials.app_certificate)
        return v007.encode(*keys, [service], issued_at=now, expire=HOUR, salt=salt)

    return make


def _text(token: str | None) -> TokenMaker:
    return lambda credentials, now, salt: token


def _damaged(credentials: Credentials, now: int, salt: int) -> str:
    return f"006{credentials.app_id}!"


def _temporary(credentials: Credentials, now: int, salt: int) -> str:
    return Project(credentials).temporary_token(CHANNEL, now=now, salt=salt)


def _add_secondary(project: Project) -> None:
    if project.mechanism != Mechanism.APP_ID:  # there the console adds none
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
    Case("no token", Surface.RTC, _text(None)),
    Case("a good token (006)", Surface.RTC, _rtc(version="006")),
    Case("a good token (007)", Surface.RTC, _rtc()),
    Case("a temporary token of the older console", Surface.RTC, _temporary),
    Case(
        "a token signed with the secondary certificate", Surface.RTC, _rtc(_other_certificate), prepare=_add_secondary
    ),
    Case(
        "a token signed with the secondary certificate, which is disabled",
        Surface.RTC,
        _rtc(_other_certificate),
        prepare=_disable_secondary,
    ),
    Case("a token signed with another certificate", Surface.RTC, _rtc(_other_certificate)),
    Case("a token for another channel", Surface.RTC, _rtc(channel="stage")),
    Case("a token for another uid", Surface.RTC, _rtc(uid=UID + 1)),
    Case("an expired token", Surface.RTC, _rtc(age=2 * HOUR)),
    Case("an expired token for another channel", Surface.RTC, _rtc(channel="stage", age=2 * HOUR)),
    Case("a token of a server whose clock is an hour ahead", Surface.RTC, _rtc(age=-HOUR)),
    Case("a token without the privilege to join", Surface.RTC, _encoded(RtcService(CHANNEL, UID, {2: HOUR}))),
    Case("a token of another project", Surface.RTC, _rtc(_other_project)),
    Case("an RTM token", Surface.RTC, _rtm()),
    Case("the App ID of another project", Surface.RTC, _rtc(), _OTHER_APP_ID),
    Case("a project that is not active", Surface.RTC, _rtc(), prepare=_deactivate),
    Case("a channel name of 64 bytes", Surface.RTC, _encoded(RtcService(_LONG, UID)), {"channel": _LONG}),
    Case("a channel name with an accent", Surface.RTC, _rtc(), {"channel": "caf\u00e9"}),
    Case("a uid beyond 32 bits", Surface.RTC, _rtc(), {"uid": 2**32}),
    Case("an empty text for a token", Surface.RTC, _text("")),
    Case("no token", Surface.RTM, _text(None)),
    Case("a good token (006)", Surface.RTM, _rtm(version="006")),
    Case("a good token (007)", Surface.RTM, _rtm()),
    Case(
        "a token signed with the secondary certificate", Surface.RTM, _rtm(_other_certificate), prepare=_add_secondary
    ),
    Case("a token signed with another certificate", Surface.RTM, _rtm(_other_certificate)),
    Case("a token for another user", Surface.RTM, _rtm(user="bob")),
    Case("an expired token", Surface.RTM, _rtm(age=2 * HOUR)),
    Case("a token of a server whose clock is an hour ahead", Surface.RTM, _rtm(age=-HOUR)),
    Case("a token without the privilege to log in", Surface.RTM, _encoded(RtmService(USER, {}))),
    Case("an RTC token", Surface.RTM, _rtc()),
    Case("a damaged token", Surface.RTM, _damaged),
    Case("the App ID of another project, with a token of that one", Surface.RTM, _rtm(_other_project), _OTHER_APP_ID),
    Case("a project that is not active", Surface.RTM, _rtm(), prepare=_deactivate),
    Case("a project without messaging", Surface.RTM, _rtm(), prepare=_switch_off_messaging),
    Case("a token of another project", Surface.RTM, _rtm(_other_project)),
    Case("a text that is no token", Surface.RTM, _text("hello")),
    Case("an empty text for a token", Surface.RTM, _text("")),
    Case("a user id with a full stop", Surface.RTM, _rtm(), {"user": "a.b"}),
)
"""All of them: RTC first, then RTM."""
