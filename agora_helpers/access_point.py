"""A practice project: a model of an Agora project that lets clients in, or does not, as Agora documents it.

It is a model. What Agora's access point answers is known from its documentation, from its SDKs and from developers'
reports. Where those leave open which code it chooses, :attr:`Admission.documented` is False.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from .admission import Admission, Surface
from .build import build_rtc_token, build_token
from .certificates import Certificates, Mechanism
from .credentials import Credentials
from .decoded import DecodedToken
from .errors import InputError
from .findings import Expected, addressed, ends_at, privilege_end
from .reasons import ReasonCode
from .sdk_checks import app_id_in, is_rtm_user
from .services import RtcService, RtmService
from .validation import check_channel, check_uid, check_uint32
from .verification import Verdict, signed_text, verify
from .vocabulary import DAY, ROLE_PRIVILEGES, Role, RtcPrivilege

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
        """May a client join this channel?

        Args:
            channel: the channel's name, as the client passes it.
            app_id: the App ID that the client passes; the project's own by default.
            uid: the uid that it joins with; None and 0 let Agora choose one, which takes a token for anyone.
            account: the user account, in place of a uid.
            token: its token; None if it sends none.
            now: Unix time; the clock's by default.

        Raises:
            InputError: the token is an empty text, which Agora's Web SDK refuses too, or an argument's type is wrong.

        (Most channel names and uids that Agora does not allow are refused by its Web SDK itself, in words of its own.)
        """
        now = _checked(token, now)
        if token == "":
            cure = "A client without a token passes None (in JavaScript null)."
            raise InputError("token", "is an empty text.", cure)
        if token == (app_id or self.app_id):
            token = None  # the SDK sends the App ID in place of a token that it has not
        answer = partial(Admission, Surface.RTC)
        if app_id not in (None, self.app_id):
            return answer(5)
        if not self.active:
            return answer(11, documented=False)
        if not _fits(check_channel, channel):
            return answer(7)
        if token is None:
            if self.mechanism == Mechanism.TOKEN:
                return answer(15)
            return answer(0, may=tuple((action, now + DAY) for action in _ACTIONS.values()))
        if self.mechanism == Mechanism.APP_ID:
            return answer(14)
        verdict = self._verify(token, now, channel=channel, uid=uid or 0 if account is None else None, account=account)
        if not verdict.token or verdict.match.status != "ok" or verdict.signature.status != "ok":
            another_kind = {ReasonCode.MALFORMED, ReasonCode.APP_ID_MISMATCH, ReasonCode.NO_RTC_SERVICE}
            plain = not another_kind & {reason.code for reason in verdict.reasons}
            return answer(9, verdict.reasons, documented=plain and self.mechanism == Mechanism.TOKEN)
        if verdict.time.status != "ok":
            return answer(10, verdict.reasons, documented=False)  # 10 or 13: both are said of tokens that are over
        who = signed_text(uid or 0) if account is None else account
        return answer(0, verdict.reasons, self._may(verdict.token, Expected(self.app_id, channel, who, None)))

    def login(
        self, user: str, *, app_id: str | None = None, token: str | None = None, now: int | None = None
    ) -> Admission:
        """May a client log in to messaging as this user? The arguments are those of :meth:`join`.

        An empty token is none, as Agora's RTM SDK takes it. That SDK also reads a token, and looks at the user id,
        before it asks anybody.

        Raises:
            InputError: an argument's type is wrong.
        """
        now = _checked(token, now)
        answer = partial(Admission, Surface.RTM)
        own_app_id = app_id or self.app_id
        if not is_rtm_user(user):
            return answer(102)
        if token in ("", own_app_id):
            token = None  # as the SDK takes it
        if token is not None and (read := app_id_in(token)) != own_app_id:
            return answer(23 if read and re.fullmatch("[0-9A-Za-z]{32}", read) else 101)
        if own_app_id != self.app_id:
            return answer(5)
        if not self.rtm_enabled or not self.active:
            return answer(21, documented=False)
        if token is None:
            return answer(15) if self.mechanism == Mechanism.TOKEN else answer(0, may=(("log in", now + DAY),))
        if self.mechanism == Mechanism.APP_ID:
            return answer(14)
        verdict = self._verify(token, now, user=user)
        if verdict.token is None:
            return answer(9, verdict.reasons, documented=False)
        codes = {reason.code for reason in verdict.reasons}
        documented = self.mechanism == Mechanism.TOKEN
        if verdict.signature.status == "wrong":
            return answer(9, verdict.reasons, documented=documented)
        if codes & {ReasonCode.NO_RTM_SERVICE, ReasonCode.GRANTS_NOTHING}:
            return answer(21, verdict.reasons, documented=False)
        if ReasonCode.USER_MISMATCH in codes:
            return answer(7, verdict.reasons, documented=documented and verdict.token.version == "007")
        if verdict.signature.status != "ok":
            return answer(9, verdict.reasons, documented=documented)
        if verdict.time.status != "ok":
            return answer(13, verdict.reasons, documented=False)  # 10 or 13
        new = verdict.token.version == "007"  # whether Signaling 2.x takes 006 is said nowhere
        return answer(0, verdict.reasons, (("log in", ends_at(verdict.token)),), documented=new)

    def _verify(self, token: str, now: int, **expected: Any) -> Verdict:
        primary, *secondary = self.certificates.accepted
        signer = Credentials(self.app_id, primary)
        return verify(token, signer, secondary_certificate=secondary[0] if secondary else None, now=now, **expected)

    def _may(self, token: DecodedToken, client: Expected) -> tuple[tuple[str, int], ...]:
        """Whoever is in may publish, unless co-host authentication makes Agora look at the privileges for it."""
        service = addressed(token, client)[0]
        ends = {number: privilege_end(token, service, number) for number in _ACTIONS}
        if not self.co_host_authentication:
            ends = dict.fromkeys(_ACTIONS, ends[RtcPrivilege.JOIN_CHANNEL])
        last = ends_at(token)
        return tuple((action, min(ends[number], last)) for number, action in _ACTIONS.items() if ends[number])


def _checked(token: object, now: int | None) -> int:
    if token is not None and not isinstance(token, str):
        raise InputError("token", f"must be a text (str) or None, not of type {type(token).__name__}.")
    return int(time.time()) if now is None else check_uint32("now", now)


def _fits(check: Callable[[object], object], name: str) -> bool:
    try:
        check(name)
    except InputError:
        return False
    return True
