"""Every kind of client in front of a practice project, as data: for the tests, a panel and lesson 01.

A case makes what a client passes to Agora's SDK; :func:`rehearse` asks the model what becomes of it. The browser tests
put the same cases to Agora's own SDKs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .access_point import Project
from .admission import Admission, Surface
from .build import build_rtc_token, build_rtm_token
from .certificates import Mechanism
from .credentials import Credentials

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
    """One client: what it sends, and where one can read what Agora answers."""

    name: str
    """In words, such as ``"an expired token"``; unique within its surface."""
    surface: Surface
    """RTC: the client joins a channel. RTM: it logs in to messaging."""
    token: TokenMaker
    source: str
    """What the expected answer rests on. "Not documented: …" where Agora does not say which code it gives."""
    app_id: str | None = None
    """The App ID that the client passes; None for the project's own."""
    prepare: Callable[[Project], None] = _as_it_is
    """What is done in the console beforehand."""

    def arguments(self, credentials: Credentials, now: int, salt: int) -> dict[str, Any]:
        """What :meth:`Project.join` or :meth:`Project.login` is called with, apart from ``now``."""
        who = {"channel": CHANNEL, "uid": UID} if self.surface == Surface.RTC else {"user": USER}
        return who | {"app_id": self.app_id or credentials.app_id, "token": self.token(credentials, now, salt)}

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


def _nothing(credentials: Credentials, now: int, salt: int) -> None:
    return None


def _no_token_at_all(credentials: Credentials, now: int, salt: int) -> str:
    return "hello"


def _temporary(credentials: Credentials, now: int, salt: int) -> str:
    return Project(credentials).temporary_token(CHANNEL, now=now, salt=salt)


def _add_secondary(project: Project) -> None:
    if project.mechanism != Mechanism.APP_ID:  # there the console adds none
        project.certificates.add_secondary(_OTHER_CERTIFICATE)


def _disable_secondary(project: Project) -> None:
    _add_secondary(project)
    if project.mechanism != Mechanism.APP_ID:
        project.certificates.disable_secondary()


_FAQ = "Agora's FAQ on token errors (docs.agora.io/en/faq/token_error)"
_CONSOLE = "Agora's page on managing projects and certificates"
_SIGNALING = "Agora's error codes of Signaling 2.x"
_GUIDE = "Agora's guides to token authentication; for a project with App ID alone, "
_SDK = "The SDK's own check, before it asks anybody: seen by running agora-rtm-sdk 2.3.0."

CASES: tuple[Case, ...] = (
    Case("no token", Surface.RTC, _nothing, f"{_FAQ}: dynamic use static key."),
    Case("a good token (006)", Surface.RTC, _rtc(version="006"), f"{_GUIDE}{_FAQ}: static use dynamic key."),
    Case("a good token (007)", Surface.RTC, _rtc(), f"{_GUIDE}{_FAQ}: static use dynamic key."),
    Case(
        "a token signed with another certificate",
        Surface.RTC,
        _rtc(_other_certificate),
        f"{_FAQ}: invalid token, authorized failed.",
    ),
    Case("a token for another channel", Surface.RTC, _rtc(channel="stage"), f"{_FAQ}: the channel must be the same."),
    Case(
        "a token for another uid",
        Surface.RTC,
        _rtc(uid=UID + 1),
        f"{_FAQ}: the uid must be the same. Developers report it often, for instance AgoraIO/Tools#320.",
    ),
    Case(
        "an expired token",
        Surface.RTC,
        _rtc(age=2 * HOUR),
        "Not documented: which of 2010010 and 2010013 it is. Both are said of tokens whose time is over.",
    ),
    Case(
        "the App ID of another project",
        Surface.RTC,
        _rtc(),
        "Developers' reports, for instance API-Examples-Web#69: can not find appid.",
        app_id=_OTHER_PROJECT.app_id,
    ),
    Case(
        "a token of another project",
        Surface.RTC,
        _rtc(_other_project),
        "Not documented: for the native SDK such a token is invalid (110); a developer of a Web app saw "
        "can not find appid (Agora-Flutter-SDK#1738).",
    ),
    Case(
        "an RTM token",
        Surface.RTC,
        _rtm(),
        "Not documented: it opens no channel, and is answered like a token for another one.",
    ),
    Case(
        "a token signed with the secondary certificate",
        Surface.RTC,
        _rtc(_other_certificate),
        f"{_CONSOLE}: tokens signed with either certificate are good.",
        prepare=_add_secondary,
    ),
    Case(
        "a token signed with the secondary certificate, which is disabled",
        Surface.RTC,
        _rtc(_other_certificate),
        f"{_CONSOLE}: what was signed with it is invalid once it is deleted. {_FAQ}.",
        prepare=_disable_secondary,
    ),
    Case(
        "a temporary token of the older console",
        Surface.RTC,
        _temporary,
        "Agora's page on temporary tokens; that it fits any uid: Basic-Video-Call#283.",
    ),
    Case("no token", Surface.RTM, _nothing, "The SDK's text (DYNAMIC_ENABLED_BUT_STATIC_KEY), and RTM#182."),
    Case(
        "a good token (006)",
        Surface.RTM,
        _rtm(version="006"),
        "Not documented: Agora's pages on Signaling 2.x teach 007 alone, and nowhere say that 006 is refused.",
    ),
    Case("a good token (007)", Surface.RTM, _rtm(), f"{_GUIDE}the SDK's text (DYNAMIC_KEY_NOT_ENABLED)."),
    Case(
        "a token signed with another certificate",
        Surface.RTM,
        _rtm(_other_certificate),
        f"{_SIGNALING}: -10005; the SDK's text (Signature verification failed).",
    ),
    Case(
        "a token for another user",
        Surface.RTM,
        _rtm(user="bob"),
        f"{_SIGNALING}: -10005; the SDK's text (The user ID to login does not match the token).",
    ),
    Case(
        "an expired token",
        Surface.RTM,
        _rtm(age=2 * HOUR),
        f"{_SIGNALING}: -10009. Not documented: which of the two texts with that number.",
    ),
    Case(
        "an RTC token",
        Surface.RTM,
        _rtc(),
        "Not documented: developers report that the login fails (RTM#135), and the SDK has a text for it "
        "(Token does not have RTM privilege).",
    ),
    Case("a token of another project", Surface.RTM, _rtm(_other_project), f"{_SIGNALING}: -10016. {_SDK}"),
    Case("a text that is no token", Surface.RTM, _no_token_at_all, f"{_SIGNALING}: -10005. {_SDK}"),
)
"""All of them: RTC first, then RTM."""
