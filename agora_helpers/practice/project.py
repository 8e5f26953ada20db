"""A practice project: a model of an Agora project that admits or rejects clients as Agora documents it.

The answers of Agora's access point are known from its documentation, from its SDKs and from developers' reports. Each
answer names its source. Where the sources leave open what Agora answers, :attr:`Admission.documented` is False.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ..constants import CHANNEL_MAX_BYTES, DAY, NAME_ALPHABET, ROLE_PRIVILEGES, Role, RtcPrivilege
from ..credentials import Credentials, wrong_credentials
from ..errors import ErrorCode, InputError
from ..secret import hide
from ..tokens.builders import build_rtc_token, build_token
from ..tokens.decoder import decode
from ..tokens.services import RtcService, RtmService, privilege_times
from ..validation import check_channel, check_uid, check_uint32, type_name
from ..verification.checks import good_until
from ..verification.expected import Expected, addressed, signed_uid
from ..verification.reasons import ReasonCode
from ..verification.verifier import Verdict, verify
from . import sources
from .admission import Admission, Surface, admit, reject, reject_in_sdk
from .certificates import Certificates, Mechanism, MechanismLike
from .clock import Clock
from .sdk_checks import rtc_sdk_error, rtm_sdk_error
from .sources import Source

_ACTIONS = {
    RtcPrivilege.JOIN_CHANNEL: "stay in the channel",
    RtcPrivilege.PUBLISH_AUDIO: "publish audio",
    RtcPrivilege.PUBLISH_VIDEO: "publish video",
    RtcPrivilege.PUBLISH_DATA: "publish data",
}


class _Problem(NamedTuple):
    """Something for which the access point rejects a client."""

    code: int
    """The access point's number for it."""
    source: Source


class Project:
    """An Agora project, with the settings that the console offers and the answers that clients get.

    Args:
        credentials: App ID and primary App Certificate.
        mechanism: ``"app_id"``, ``"token"`` or ``"app_id_or_token"``.
        rtm_enabled: whether Signaling (RTM) is enabled.
        co_host_authentication: whether Agora enforces the privileges to publish.
        active: False for a project that is disabled or whose account is overdue.
        clock: which time it is wherever a method is not passed one; default: the real time.

    Raises:
        InputError: an argument is invalid.

    >>> from agora_helpers import build_rtc_token
    >>> project = Project(Credentials.demo(), mechanism="token")
    >>> print(project.join("lobby", uid=7))
    rejected: dynamic use static key (2010015)
    >>> print(project.join("lobby", uid=7, token=build_rtc_token(Credentials.demo(), "lobby", uid=7)))
    admitted
    """

    def __init__(
        self,
        credentials: Credentials,
        *,
        mechanism: MechanismLike = Mechanism.TOKEN,
        rtm_enabled: bool = True,
        co_host_authentication: bool = False,
        active: bool = True,
        clock: Clock | None = None,
    ) -> None:
        if not isinstance(credentials, Credentials):
            raise wrong_credentials(credentials := hide(credentials))
        if not isinstance(clock, Clock | None):
            problem = f"must be a Clock, not {type_name(clock)}."
            raise InputError("clock", problem, "Pass practice.Clock(time).", code=ErrorCode.WRONG_TYPE)
        self.app_id = credentials.app_id
        self.certificates = Certificates(credentials.app_certificate, mechanism)
        """Enable, add, swap, disable or delete certificates here."""
        self.rtm_enabled = rtm_enabled
        self.co_host_authentication = co_host_authentication
        self.active = active
        self.clock = clock or Clock()
        """The access point, the media server and the practice page go by it, too."""

    @property
    def mechanism(self) -> Mechanism:
        """What a client needs to be admitted. It follows from the enabled certificates."""
        return self.certificates.mechanism

    def __repr__(self) -> str:
        if not hasattr(self, "certificates"):
            return "<Project>"  # an argument was rejected
        return f"<Project {self.app_id}: {self.mechanism}>"

    def temporary_token(
        self, channel: str, *, uid: int | None = None, now: int | None = None, salt: int | None = None
    ) -> str:
        """Build a temporary token as the console does: valid for 24 hours, signed with the primary certificate.

        Args:
            channel: the channel name in the console's form.
            uid: None for a token from the older console: for any uid, and for RTC only. A uid for a token from the
                newest console: for this uid, and for RTC and RTM. The token version of each is an assumption.
            now: Unix time of issue in seconds; default: the clock's.
            salt: uint32; random by default.

        Raises:
            InputError: the primary certificate is disabled, or an argument is invalid.
        """
        if self.mechanism == Mechanism.APP_ID:
            raise InputError("primary", "is disabled, and the console signs with it.", "Enable it first.")
        signer = Credentials(self.app_id, self.certificates.accepted[0])
        times: dict[str, Any] = {"expires_in": DAY, "now": self._time(now), "salt": salt}
        if uid is None:
            any_uid: dict[str, Any] = {"uid": 0, "allow_any_uid": True, "role": Role.PUBLISHER, "version": "006"}
            return build_rtc_token(signer, channel, **any_uid, **times)
        services = (RtcService(channel, check_uid(uid), ROLE_PRIVILEGES[Role.PUBLISHER]), RtmService(str(uid)))
        return build_token(signer, services, **times)

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
        """Return the answer to a client that joins a channel with Agora's RTC SDK for the Web.

        Args:
            channel: the channel name that the client passes.
            app_id: the App ID that the client passes; default: the project's own.
            uid: the uid that it joins with. With None or 0 Agora chooses one, which needs a token for any uid.
            account: the user account, instead of a uid.
            token: the token; None if the client sends none. The SDK rejects an empty string.
            now: Unix time in seconds; default: the clock's.

        Raises:
            InputError: an argument has the wrong type, or both ``uid`` and ``account`` are given.
        """
        app_id = self._check_types(app_id, channel=channel, account=account, token=token)
        if uid is not None and account is not None:
            hint = "A client joins with one of the two."
            raise InputError("account", "cannot be combined with uid.", hint, code=ErrorCode.UID_AND_ACCOUNT)
        if uid is not None and type(uid) is not int:
            problem = f"must be an integer, not {type_name(uid)}."
            raise InputError("uid", problem, "Pass the uid that the client joins with.", code=ErrorCode.WRONG_TYPE)
        if error := rtc_sdk_error(app_id, channel, account or uid or 0, token):
            return reject_in_sdk(Surface.RTC, *error, sources.RTC_SDK)
        return self.answer_join(channel, app_id=app_id, uid=uid, account=account or None, token=token, now=now)

    def login(
        self, user: str, *, app_id: str | None = None, token: str | None = None, now: int | None = None
    ) -> Admission:
        """Return the answer to a client that logs in with Agora's RTM SDK for the Web.

        Args:
            user: the RTM user id that the client passes.
            app_id: the App ID that the client passes; default: the project's own.
            token: the token; None if the client sends none. The SDK treats an empty string like None.
            now: Unix time in seconds; default: the clock's.

        Raises:
            InputError: an argument has the wrong type.
        """
        app_id = self._check_types(app_id, user=user, token=token)
        if error := rtm_sdk_error(app_id, user, token):
            return reject_in_sdk(Surface.RTM, *error, sources.RTM_SDK)
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
        """Return the access point's answer to a request to join, without the SDK's own checks.

        The arguments are those of :meth:`join`.
        """
        now = self._time(now)
        if app_id != self.app_id:
            return reject(Surface.RTC, 5, sources.RTC_APP_ID)
        problems = [] if self.active else [_Problem(11, sources.INACTIVE)]
        if (source := _channel_problem(channel)) is not None:
            problems.append(_Problem(7, source))
        if self._skips_token(token):
            problems += self._mechanism_problems(token, sources.RTC_NEEDS_TOKEN, sources.RTC_WANTS_NONE)
            may = tuple((action, now + DAY) for action in _ACTIONS.values())
            return _reject_first(problems, Surface.RTC) or admit(Surface.RTC, sources.APP_ID_ALONE, may)
        who = signed_uid(uid or 0) if account is None else account
        verdict = self.verify(token or "", channel=channel, uid=who, now=now)
        problems += _rtc_token_problems(verdict, self.mechanism)
        may = self._permitted_actions(verdict, Expected(self.app_id, channel, who, None), now)
        return _reject_first(problems, Surface.RTC, verdict) or _admit_with(verdict, Surface.RTC, may)

    def granted_privileges(
        self, channel: str, *, uid: int | None = None, account: str | None = None, token: str | None = None
    ) -> dict[RtcPrivilege, int | None]:
        """Return the privileges that a client has in a channel, whether or not the token itself has expired.

        A client that is in the channel stays there until its privilege to join ends. The token's own end counts only
        when it joins again.

        Args:
            channel: the channel name.
            uid: the uid that the client joined with.
            account: the user account, instead of a uid.
            token: the accepted token; None if the project needs none.

        Returns:
            the end of each privilege as Unix time. None: it does not end by itself.
        """
        if self._skips_token(token):
            return dict.fromkeys(_ACTIONS)
        decoded = decode(token or "")
        who = signed_uid(uid or 0) if account is None else account
        service = addressed(decoded, Expected(self.app_id, channel, who, None))[0]
        return {
            number: decoded.privilege_end(service, number) if value else None
            for number in _ACTIONS
            if (value := privilege_times(service).get(number)) is not None
        }

    def answer_login(self, user: str, *, app_id: str, token: str | None = None, now: int | None = None) -> Admission:
        """Return the access point's answer to a request to log in, without the SDK's own checks.

        The arguments are those of :meth:`login`.
        """
        now = self._time(now)
        if app_id != self.app_id:
            return reject(Surface.RTM, 5, sources.RTM_APP_ID)
        problems = [] if self.active else [_Problem(11, sources.INACTIVE)]
        if not self.rtm_enabled:
            problems.append(_Problem(26, sources.RTM_OFF))
        if self._skips_token(token):
            problems += self._mechanism_problems(token, sources.RTM_NEEDS_TOKEN, sources.RTM_WANTS_NONE)
            may = (("log in", now + DAY),)
            return _reject_first(problems, Surface.RTM) or admit(Surface.RTM, sources.APP_ID_ALONE, may)
        verdict = self.verify(token or "", user=user, now=now)
        problems += _rtm_token_problems(verdict, self.mechanism)
        client = Expected(self.app_id, None, None, user)
        may = (("log in", good_until(verdict.token, client) if verdict.token else now),)
        return _reject_first(problems, Surface.RTM, verdict) or _admit_with(verdict, Surface.RTM, may)

    def verify(
        self,
        token: str,
        *,
        channel: str | None = None,
        uid: int | str | None = None,
        account: str | None = None,
        user: str | None = None,
        now: int | None = None,
    ) -> Verdict:
        """Return what the project finds in a token: :func:`agora_helpers.verify` with the project's certificates.

        Args:
            token: the token.
            channel: the channel that the client joins. Only what is given is compared, here and in the next three.
            uid: the uid that it joins with; 0 if Agora chooses one.
            account: the user account, instead of a uid.
            user: the user id that it logs in with.
            now: Unix time in seconds; default: the clock's.

        Raises:
            InputError: an argument is invalid, or the project has no certificate to verify with.

        >>> Project(Credentials.demo()).verify("hello").format.status
        'wrong'
        """
        if not self.certificates.accepted:
            raise InputError("certificates", "are disabled, so no token can be verified.", "Enable one first.")
        primary, *secondary = self.certificates.accepted
        return verify(
            token,
            Credentials(self.app_id, primary),
            secondary_certificate=secondary[0] if secondary else None,
            disabled_certificates=self.certificates.disabled,
            channel=channel,
            uid=uid,
            account=account,
            user=user,
            now=self._time(now),
            partial=True,
        )

    def _time(self, now: int | None) -> int:
        return self.clock.now() if now is None else check_uint32("now", now)

    def _check_types(self, app_id: str | None, **names: object) -> str:
        """Check that names are strings, and return the App ID that the client passes."""
        names["app_id"] = self.app_id if app_id is None else app_id
        for field, value in names.items():
            if not isinstance(value, str) and not (value is None and field in ("token", "account")):
                problem = f"must be a string (str), not {type_name(value)}."
                raise InputError(field, problem, "Pass it as the client does.", code=ErrorCode.WRONG_TYPE)
        return str(names["app_id"])

    def _skips_token(self, token: str | None) -> bool:
        """Check whether there is no token to verify.

        An SDK without a token sends the App ID in its place. A project without a certificate cannot verify any.
        """
        return token in (None, self.app_id) or self.mechanism == Mechanism.APP_ID

    def _mechanism_problems(self, token: str | None, needed: Source, unwanted: Source) -> list[_Problem]:
        """Check that a client sends a token if, and only if, the project takes one."""
        if token not in (None, self.app_id):
            return [_Problem(14, unwanted)]
        return [_Problem(15, needed)] if self.mechanism == Mechanism.TOKEN else []

    def _permitted_actions(self, verdict: Verdict, client: Expected, now: int) -> tuple[tuple[str, int], ...]:
        """Return what the client may do in the channel, each with its end as Unix time.

        A client that may join may also publish, unless co-host authentication enforces the privileges to publish.
        """
        services = addressed(verdict.token, client) if verdict.token else []
        if not verdict.token or not services:
            return ()
        token, service = verdict.token, services[0]
        ends = {number: token.privilege_end(service, number) for number in _ACTIONS}
        if not self.co_host_authentication:
            ends = dict.fromkeys(_ACTIONS, ends[RtcPrivilege.JOIN_CHANNEL])
        return tuple(
            (action, min(ends[number], token.ends_at)) for number, action in _ACTIONS.items() if ends[number] > now
        )


def _channel_problem(channel: str) -> Source | None:
    """Return the rule that a channel name breaks; None if it is valid."""
    try:
        check_channel(channel)
    except InputError:
        in_doubt = len(channel) == CHANNEL_MAX_BYTES + 1 and set(channel) <= set(NAME_ALPHABET)
        return sources.RTC_64_BYTES if in_doubt else sources.RTC_CHANNEL
    return None


def _rtc_token_problems(verdict: Verdict, mechanism: Mechanism) -> list[_Problem]:
    """Return what is wrong with a token for joining a channel."""
    problems = []
    if verdict.token is None or verdict.match.status != "ok" or verdict.signature.status != "ok":
        codes = {reason.code for reason in verdict.reasons}
        if codes & {ReasonCode.MALFORMED, ReasonCode.NO_RTC_SERVICE}:
            source = sources.RTC_OTHER_KIND
        elif ReasonCode.APP_ID_MISMATCH in codes:
            source = sources.RTC_OTHER_PROJECT
        elif ReasonCode.GRANTS_NOTHING in codes:
            source = sources.RTC_NO_PRIVILEGE
        else:
            source = _if_required(sources.RTC_WRONG, mechanism)
        problems.append(_Problem(9, source))
    if verdict.time.status == "wrong":
        problems.append(_Problem(10, sources.RTC_EXPIRED))
    return problems


def _rtm_token_problems(verdict: Verdict, mechanism: Mechanism) -> list[_Problem]:
    """Return what is wrong with a token for logging in."""
    if verdict.token is None:
        return [_Problem(9, sources.RTM_DAMAGED)]
    codes = {reason.code for reason in verdict.reasons}
    wrong = _if_required(sources.RTM_WRONG, mechanism)
    problems = []
    if verdict.signature.status == "wrong":
        problems.append(_Problem(9, wrong))
    if codes & {ReasonCode.NO_RTM_SERVICE, ReasonCode.GRANTS_NOTHING}:
        problems.append(_Problem(21, sources.RTM_OTHER_KIND))
    if ReasonCode.USER_MISMATCH in codes:
        problems.append(_Problem(7, sources.RTM_006 if verdict.token.version == "006" else wrong))
    if not problems and (verdict.signature.status != "ok" or verdict.match.status != "ok"):
        problems.append(_Problem(9, sources.RTM_DAMAGED))
    if verdict.time.status == "wrong":
        problems.append(_Problem(13, sources.RTM_EXPIRED))
    return problems


def _if_required(source: Source, mechanism: Mechanism) -> Source:
    """Return the source for a wrong token, which is not documented where a client may also send none."""
    return source if mechanism == Mechanism.TOKEN else sources.EITHER


def _reject_first(problems: list[_Problem], surface: Surface, verdict: Verdict | None = None) -> Admission | None:
    """Reject a client for its first problem; None if there is none.

    If the problems have different codes, it is not documented which of them Agora reports.
    """
    if not problems:
        return None
    code, source = problems[0]
    if len({problem.code for problem in problems}) > 1:
        source = sources.SEVERAL
    return reject(surface, code, source, verdict.reasons if verdict else ())


def _admit_with(verdict: Verdict, surface: Surface, may: tuple[tuple[str, int], ...]) -> Admission:
    """Admit a client with a valid token. The source is that of the least certain fact about the token."""
    codes = {reason.code for reason in verdict.reasons}
    if ReasonCode.ISSUED_IN_FUTURE in codes:
        source = sources.IN_FUTURE
    elif surface == Surface.RTM and verdict.token and verdict.token.version == "006":
        source = sources.RTM_006
    elif ReasonCode.SIGNED_BY_SECONDARY in codes:
        source = sources.SECONDARY
    elif surface == Surface.RTM:
        source = sources.RTM_GOOD
    else:
        source = sources.RTC_ANY_UID if ReasonCode.ANY_UID in codes else sources.RTC_GOOD
    return admit(surface, source, may, verdict.reasons)
