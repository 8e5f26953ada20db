"""A practice project: a model of an Agora project that lets clients in, or does not, as Agora documents it.

It is a model. What Agora's access point answers is known from its documentation, from its SDKs and from developers'
reports: each answer names its source. Where those leave open what Agora says, :attr:`Admission.documented` is False.
"""

from __future__ import annotations

import time
from typing import Any

from ..constants import CHANNEL_MAX_BYTES, DAY, NAME_ALPHABET, ROLE_PRIVILEGES, Role, RtcPrivilege
from ..credentials import Credentials
from ..errors import InputError
from ..tokens.builders import build_rtc_token, build_token
from ..tokens.services import RtcService, RtmService
from ..validation import check_channel, check_uid, check_uint32
from ..verification.expected import Expected, addressed, signed_uid
from ..verification.reasons import ReasonCode
from ..verification.verifier import Verdict, verify
from . import sources
from .admission import Admission, Surface, admitted, refused, refused_by_sdk
from .certificates import Certificates, Mechanism
from .sdk_checks import rtc_refusal, rtm_refusal
from .sources import Source

_ACTIONS = {
    RtcPrivilege.JOIN_CHANNEL: "stay in the channel",
    RtcPrivilege.PUBLISH_AUDIO: "publish audio",
    RtcPrivilege.PUBLISH_VIDEO: "publish video",
    RtcPrivilege.PUBLISH_DATA: "publish data",
}


class Project:
    """An Agora project as the console shows it, and as clients meet it.

    Args:
        credentials: App ID and primary App Certificate.
        mechanism: ``"app_id"``, ``"token"`` or ``"app_id_or_token"``.
        rtm_enabled: is messaging (Signaling) switched on?
        co_host_authentication: does Agora look at the privileges to publish?
        active: False for a project that is disabled or whose account is overdue.

    Raises:
        InputError: an argument cannot be used.

    >>> from agora_helpers import build_rtc_token
    >>> project = Project(Credentials.demo(), mechanism="token")
    >>> print(project.join("lobby", uid=7))
    refused: dynamic use static key (2010015)
    >>> print(project.join("lobby", uid=7, token=build_rtc_token(Credentials.demo(), "lobby", uid=7)))
    admitted
    """

    def __init__(
        self,
        credentials: Credentials,
        *,
        mechanism: str = Mechanism.TOKEN,
        rtm_enabled: bool = True,
        co_host_authentication: bool = False,
        active: bool = True,
    ) -> None:
        if not isinstance(credentials, Credentials):
            raise InputError("credentials", f"must be Credentials, not {type(credentials).__name__}.")
        self.app_id = credentials.app_id
        self.certificates = Certificates(credentials.app_certificate, mechanism)
        """Enable, add, swap, disable, delete: see :class:`Certificates`."""
        self.rtm_enabled = rtm_enabled
        self.co_host_authentication = co_host_authentication
        self.active = active

    @property
    def mechanism(self) -> Mechanism:
        """What lets a client in; it follows from the certificates."""
        return self.certificates.mechanism

    def __repr__(self) -> str:
        return f"<Project {self.app_id}: {self.mechanism}>"

    def temporary_token(
        self, channel: str, *, uid: int | None = None, now: int | None = None, salt: int | None = None
    ) -> str:
        """A temporary token as the console makes it: good for 24 hours, signed with the primary certificate.

        Args:
            channel: the channel that is typed into the console's form.
            uid: None: as the older console makes it, for RTC alone and for anyone. A uid: as the newest console
                makes it, for that uid, for RTC and RTM. (Which token version each makes is an assumption.)
            now: Unix time of issue; the clock's by default.
            salt: uint32; random by default.

        Raises:
            InputError: the primary certificate is disabled, or an argument cannot be used.
        """
        if self.mechanism == Mechanism.APP_ID:
            raise InputError("primary", "is disabled, and the console signs with it.", "Enable it first.")
        signer = Credentials(self.app_id, self.certificates.accepted[0])
        times: dict[str, Any] = {"expires_in": DAY, "now": now, "salt": salt}
        if uid is None:
            anyone: dict[str, Any] = {"uid": 0, "allow_any_uid": True, "role": Role.PUBLISHER, "version": "006"}
            return build_rtc_token(signer, channel, **anyone, **times)
        both = (RtcService(channel, check_uid(uid), ROLE_PRIVILEGES[Role.PUBLISHER]), RtmService(str(uid)))
        return build_token(signer, both, **times)

    def join(
        self,
        channel: str,
        *,
        app_id: str | None = None,
        uid: int | None = None,
        account: str | None = None,
        token: str | None = None,
        now: int | None = None,
    ) -> Admission:
        """May a client with Agora's RTC SDK for the Web join this channel?

        Args:
            channel: the channel's name, as the client passes it.
            app_id: the App ID that the client passes; the project's own by default.
            uid: the uid that it joins with; None and 0 let Agora choose one, which takes a token for anyone.
            account: the user account, in place of a uid.
            token: its token; None if it sends none. (An empty text is refused by the SDK.)
            now: Unix time; the clock's by default.

        Raises:
            InputError: an argument's type is wrong, or both ``uid`` and ``account`` are given.
        """
        app_id = self._check_texts(app_id, channel=channel, account=account, token=token)
        if uid is not None and account is not None:
            raise InputError("account", "is given, and so is uid.", "A client joins with one of the two.")
        if uid is not None and type(uid) is not int:
            raise InputError("uid", f"must be an integer (int), not of type {type(uid).__name__}.")
        if refusal := rtc_refusal(app_id, channel, account or uid or 0, token):
            return refused_by_sdk(Surface.RTC, *refusal, sources.RTC_SDK)
        return self.answer_join(channel, app_id=app_id, uid=uid, account=account or None, token=token, now=now)

    def login(
        self, user: str, *, app_id: str | None = None, token: str | None = None, now: int | None = None
    ) -> Admission:
        """May a client with Agora's RTM SDK for the Web log in to messaging as this user?

        The arguments are those of :meth:`join`. An empty token is none, as that SDK takes it.

        Raises:
            InputError: an argument's type is wrong.
        """
        app_id = self._check_texts(app_id, user=user, token=token)
        if refusal := rtm_refusal(app_id, user, token):
            return refused_by_sdk(Surface.RTM, *refusal, sources.RTM_SDK)
        return self.answer_login(user, app_id=app_id, token=token or None, now=now)

    def answer_join(
        self,
        channel: str,
        *,
        app_id: str,
        uid: int | None = None,
        account: str | None = None,
        token: str | None = None,
        now: int | None = None,
    ) -> Admission:
        """What the access point answers the request to join, whatever an SDK would have said before."""
        now = _clock(now)
        if app_id != self.app_id:
            return refused(Surface.RTC, 5, sources.RTC_APP_ID)
        problems: list[Problem] = [] if self.active else [(11, sources.INACTIVE)]
        if (rule := _channel_problem(channel)) is not None:
            problems.append((7, rule))
        if self._needs_no_look_at(token):
            problems += self._by_mechanism(token, sources.RTC_NEEDS_TOKEN, sources.RTC_WANTS_NONE)
            until = tuple((action, now + DAY) for action in _ACTIONS.values())
            return first_of(problems, Surface.RTC) or admitted(Surface.RTC, sources.APP_ID_ALONE, until)
        who = signed_uid(uid or 0) if account is None else account
        verdict = self._verify(token or "", now, channel=channel, uid=who)
        problems += rtc_token_problems(verdict, self.mechanism)
        if answer := first_of(problems, Surface.RTC, verdict):
            return answer
        may = self._may(verdict, Expected(self.app_id, channel, who, None), now)
        return admitted(Surface.RTC, rests_on(verdict, Surface.RTC), may, verdict.reasons)

    def answer_login(self, user: str, *, app_id: str, token: str | None = None, now: int | None = None) -> Admission:
        """What the access point answers the request to log in, whatever an SDK would have said before."""
        now = _clock(now)
        if app_id != self.app_id:
            return refused(Surface.RTM, 5, sources.RTM_APP_ID)
        problems: list[Problem] = [] if self.active else [(11, sources.INACTIVE)]
        if not self.rtm_enabled:
            problems.append((26, sources.RTM_OFF))
        if self._needs_no_look_at(token):
            problems += self._by_mechanism(token, sources.RTM_NEEDS_TOKEN, sources.RTM_WANTS_NONE)
            until = (("log in", now + DAY),)
            return first_of(problems, Surface.RTM) or admitted(Surface.RTM, sources.APP_ID_ALONE, until)
        verdict = self._verify(token or "", now, user=user)
        problems += rtm_token_problems(verdict, self.mechanism)
        if answer := first_of(problems, Surface.RTM, verdict):
            return answer
        ends = verdict.token.ends_at if verdict.token else now
        return admitted(Surface.RTM, rests_on(verdict, Surface.RTM), (("log in", ends),), verdict.reasons)

    def _needs_no_look_at(self, token: str | None) -> bool:
        """An SDK sends the App ID in place of a token that it has not; with App ID alone no token can be checked."""
        return token in (None, self.app_id) or self.mechanism == Mechanism.APP_ID

    def _by_mechanism(self, token: str | None, needed: Source, unwanted: Source) -> list[Problem]:
        if token not in (None, self.app_id):
            return [(14, unwanted)]
        return [(15, needed)] if self.mechanism == Mechanism.TOKEN else []

    def _check_texts(self, app_id: str | None, **texts: object) -> str:
        """The App ID that the client passes; an argument of another type is a mistake of the caller's."""
        texts["app_id"] = self.app_id if app_id is None else app_id
        for field, value in texts.items():
            if not isinstance(value, str) and not (value is None and field in ("token", "account")):
                raise InputError(field, f"must be a text (str), not of type {type(value).__name__}.")
        return str(texts["app_id"])

    def _verify(self, token: str, now: int, **expected: Any) -> Verdict:
        primary, *secondary = self.certificates.accepted
        signer = Credentials(self.app_id, primary)
        return verify(token, signer, secondary_certificate=secondary[0] if secondary else None, now=now, **expected)

    def _may(self, verdict: Verdict, client: Expected, now: int) -> tuple[tuple[str, int], ...]:
        """Whoever is in may publish, unless co-host authentication makes Agora look at the privileges for it."""
        token = verdict.token
        if token is None:
            return ()
        service = addressed(token, client)[0]
        ends = {number: token.privilege_end(service, number) for number in _ACTIONS}
        if not self.co_host_authentication:
            ends = dict.fromkeys(_ACTIONS, ends[RtcPrivilege.JOIN_CHANNEL])
        last = token.ends_at
        return tuple((action, min(ends[number], last)) for number, action in _ACTIONS.items() if ends[number] > now)


def _channel_problem(channel: str) -> Source | None:
    try:
        check_channel(channel)
    except InputError:
        in_doubt = len(channel) == CHANNEL_MAX_BYTES + 1 and set(channel) <= set(NAME_ALPHABET)
        return sources.RTC_64_BYTES if in_doubt else sources.RTC_CHANNEL
    return None


def _clock(now: int | None) -> int:
    return int(time.time()) if now is None else check_uint32("now", now)


Problem = tuple[int, Source]
"""A number of the access point's, and what it rests on."""


def rtc_token_problems(verdict: Verdict, mechanism: Mechanism) -> list[Problem]:
    """What is wrong with a token for a channel."""
    found: list[Problem] = []
    if verdict.token is None or verdict.match.status != "ok" or verdict.signature.status != "ok":
        codes = {reason.code for reason in verdict.reasons}
        if codes & {ReasonCode.MALFORMED, ReasonCode.NO_RTC_SERVICE}:
            source = sources.RTC_OTHER_KIND
        elif ReasonCode.APP_ID_MISMATCH in codes:
            source = sources.RTC_OTHER_PROJECT
        elif ReasonCode.GRANTS_NOTHING in codes:
            source = sources.RTC_NO_PRIVILEGE
        else:
            source = _where_needed(sources.RTC_WRONG, mechanism)
        found.append((9, source))
    if verdict.time.status == "wrong":
        found.append((10, sources.RTC_EXPIRED))
    return found


def rtm_token_problems(verdict: Verdict, mechanism: Mechanism) -> list[Problem]:
    """The same for a login to messaging."""
    if verdict.token is None:
        return [(9, sources.RTM_DAMAGED)]
    codes = {reason.code for reason in verdict.reasons}
    wrong = _where_needed(sources.RTM_WRONG, mechanism)
    found: list[Problem] = []
    if verdict.signature.status == "wrong":
        found.append((9, wrong))
    if codes & {ReasonCode.NO_RTM_SERVICE, ReasonCode.GRANTS_NOTHING}:
        found.append((21, sources.RTM_OTHER_KIND))
    if ReasonCode.USER_MISMATCH in codes:
        found.append((7, sources.RTM_006 if verdict.token.version == "006" else wrong))
    if not found and (verdict.signature.status != "ok" or verdict.match.status != "ok"):
        found.append((9, sources.RTM_DAMAGED))
    if verdict.time.status == "wrong":
        found.append((13, sources.RTM_EXPIRED))
    return found


def _where_needed(source: Source, mechanism: Mechanism) -> Source:
    return source if mechanism == Mechanism.TOKEN else sources.EITHER


def first_of(problems: list[Problem], surface: Surface, verdict: Verdict | None = None) -> Admission | None:
    """A refusal with the first problem, if there is any; if others have other numbers, Agora may name one of those."""
    if not problems:
        return None
    code, source = problems[0]
    if len({number for number, _ in problems}) > 1:
        source = sources.SEVERAL
    return refused(surface, code, source, verdict.reasons if verdict else ())


def rests_on(verdict: Verdict, surface: Surface) -> Source:
    """What it rests on that a good token admits: the least certain thing first."""
    codes = {reason.code for reason in verdict.reasons}
    if ReasonCode.ISSUED_IN_FUTURE in codes:
        return sources.IN_FUTURE
    if surface == Surface.RTM and verdict.token and verdict.token.version == "006":
        return sources.RTM_006
    if ReasonCode.SIGNED_BY_SECONDARY in codes:
        return sources.SECONDARY
    if surface == Surface.RTM:
        return sources.RTM_GOOD
    return sources.RTC_ANYONE if ReasonCode.ANY_UID in codes else sources.RTC_GOOD
