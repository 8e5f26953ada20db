"""The token verifier: whether a token admits its client, and if not, why."""

from __future__ import annotations

import re
import time
from html import escape
from typing import Any

import ipywidgets as widgets

from ..constants import UINT32_MAX
from ..credentials import Credentials, check_credential, wrong_credentials
from ..display.report import redacted_report
from ..display.timeline import state, timeline_html
from ..display.verdict import answer_html, details_html, verdict_html
from ..errors import ErrorCode, InputError
from ..secret import hide
from ..tokens.repairs import find_tokens, repair
from ..verification.verifier import Verdict, verify
from ..wording import format_utc
from .base import CLIENT_KINDS, Panel, button, dropdown, form_html, problem_html, show, text_area, text_field
from .timeline import Timeline


class TokenVerifier(Panel):
    """The four checks of a token, expected and actual values, and a timeline. You can move the time.

    Args:
        credentials: those of the token's project; None without its certificate: the signature is then not checked.
            The certificate is not shown, and there is no field for it.
        token: a token, a string that contains one, or another panel, whose token the verifier then follows.
        secondary_certificate: the project's second App Certificate, tried after the first.
        app_id: the project's App ID, if ``credentials`` is None.
        channel, uid, account, user: what the client joins or logs in with; an empty value is not compared. The token
            is good only if all names in it were compared.
        now: Unix time to check at; the clock's by default.

    Raises:
        InputError: both uid and account are given, or a credential is invalid.

    >>> from agora_helpers import build_rtc_token
    >>> from agora_helpers.panels import TokenVerifier
    >>> credentials = Credentials.demo()
    >>> token = build_rtc_token(credentials, "lobby", uid=7, now=1_700_000_000)
    >>> panel = TokenVerifier(credentials, token, channel="lobby", uid="8", now=1_700_000_060)
    >>> panel.verdict.summary
    'The token is not good: match.'
    """

    def __init__(
        self,
        credentials: Credentials | None,
        token: str | Panel = "",
        *,
        app_id: str | None = None,
        secondary_certificate: str | None = None,
        channel: str = "",
        uid: int | str | None = "",
        account: str = "",
        user: str = "",
        now: int | None = None,
    ) -> None:
        app_id, secondary_certificate = hide(app_id), hide(secondary_certificate)
        if secondary_certificate is not None:
            check_credential("secondary_certificate", secondary_certificate)
        if not isinstance(credentials, Credentials | None):
            raise wrong_credentials(credentials := hide(credentials))
        if uid not in ("", None) and account:
            hint = "Pass one of them: a client joins with either."
            raise InputError("account", "is given, and so is uid.", hint, code=ErrorCode.UID_AND_ACCOUNT)
        self._credentials, self._app_id, self._secondary = credentials, app_id, secondary_certificate
        self.controls: dict[str, Any] = {
            "channel": text_field("Channel", channel, placeholder="not compared"),
            "who": dropdown("Client", CLIENT_KINDS, "account" if account else "uid"),
            "uid": text_field("uid", "" if uid is None else str(uid), placeholder="not compared"),
            "account": text_field("User account", account, placeholder="not compared"),
            "user": text_field("RTM/Chat user", user, placeholder="not compared"),
            "now": text_field("Time", "" if now is None else str(now), placeholder="now"),
        }
        """The form's controls, by field."""
        self._input = text_area("Token")
        self._errors = {field: widgets.HTML() for field in ("uid", "now")}
        self._timeline = Timeline(self.move, self.move_to)
        self._answer, self._result = widgets.HTML(), widgets.HTML()
        rows = [part for field, control in self.controls.items() for part in (control, self._errors.get(field)) if part]
        wrapped = widgets.Layout(flex_flow="row wrap", margin="0 0 0 9em")
        self._names = widgets.Checkbox(description="with the names", value=False, indent=False)
        self._report = widgets.HTML(layout=widgets.Layout(display="none"))
        reporting = widgets.HBox([button("Redacted report", self.report), self._names], layout=wrapped)
        for part in (self._timeline, self._result):  # side by side where there is room
            part.layout.flex, part.layout.min_width = "1 1 28em", "0"
        details = widgets.HBox(
            [self._timeline, self._result], layout=widgets.Layout(flex_flow="row wrap", grid_gap="1.5em")
        )
        super().__init__([self._answer, self._input, *rows, details, reporting, self._report])
        self._input.observe(lambda change: setattr(self, "token", change.new), names="value")
        for control in (*self.controls.values(), self._names):
            control.observe(self._update, names="value")
        self.observe(self._update, names="token")
        self.follow(token)
        self._update()

    def move(self, seconds: int) -> None:
        """Move the time of the check, forward or, with a negative number of seconds, back."""
        if "now" not in self._problems():
            self.move_to(self._now + seconds)

    def move_to(self, now: int | None) -> None:
        """Check at a Unix time; None stands for the current time."""
        self.controls["now"].value = "" if now is None else str(min(max(now, 0), UINT32_MAX))
        if now is None:
            self._update()

    def report(self) -> None:
        """Show a report for a bug tracker, without the token and its signature, or hide it again."""
        show(self._report, self._report.layout.display == "none")

    @property
    def _now(self) -> int:
        return int(self.controls["now"].value or time.time())

    def _problems(self) -> dict[str, str]:
        problems = {}
        uid, now = self.controls["uid"].value, self.controls["now"].value
        if self.controls["who"].value == "uid" and not re.fullmatch("(-?[0-9]{1,30})?", uid):
            problems["uid"] = 'must be a whole number. For any other string choose "user account" above.'
        if not re.fullmatch("([0-9]{1,10})?", now) or int(now or 0) > UINT32_MAX:
            problems["now"] = "must be in Unix seconds, 0 to 4294967295. Leave it empty to check at the current time."
        return problems

    @property
    def verdict(self) -> Verdict | None:
        """The verdict on the repaired token; None while there is no token, or a field is wrong."""
        return self._check()[0]

    def _check(self) -> tuple[Verdict | None, int]:
        """Return the verdict, and the Unix time that it is for."""
        if not self.token or self._problems():
            return None, 0
        now = self._now
        return self._verify(now), now

    def _verify(self, now: int) -> Verdict:
        values = {field: control.value or None for field, control in self.controls.items()}
        uid = int(values["uid"]) if values["uid"] and values["who"] == "uid" else None
        return verify(
            find_tokens(self.token) or repair(self.token).token,
            self._credentials,
            app_id=self._app_id,
            secondary_certificate=self._secondary,
            channel=values["channel"],
            uid=uid,
            account=values["account"] if values["who"] == "account" else None,
            user=values["user"],
            now=now,
        )

    def _update(self, _: Any = None) -> None:
        self._input.value = self.token
        problems = self._problems()
        for field in ("uid", "account"):
            show(self.controls[field], self.controls["who"].value == field)
        for field, error in self._errors.items():
            error.value = problem_html(problems.get(field, ""))
            show(error, field in problems)
        verdict, now = self._check()
        self._result.value = self._result_html(verdict, now, live=True)
        token = verdict.token if verdict else None
        self._timeline.draw(token, now)
        renew = token is not None and state(token, now).name == "valid, renew it"
        self._answer.value = answer_html(verdict, renew=renew) if verdict else ""
        show(self._answer, verdict is not None)
        report = redacted_report(verdict, names=self._names.value) if verdict else "No token yet."
        self._report.value = f'<pre class="agora-copy">{escape(report)}</pre>'

    def _result_html(self, verdict: Verdict | None, now: int, *, live: bool) -> str:
        if verdict is None:
            wrong = "<p><strong>A field is wrong.</strong></p>"
            return wrong if self._problems() else "<p>No token yet. Paste one above.</p>"
        repairs = repair(self.token).repairs
        parts = [] if live and verdict.token else [f"<p>Checked at {format_utc(now)}.</p>"]
        if repairs:
            parts.append(f"<p><strong>Repaired:</strong> {escape('; '.join(repairs))}.</p>")
        parts.append(details_html(verdict) if live else verdict_html(verdict))
        if verdict.token and not live:
            parts.append(f"<p>{escape(state(verdict.token, now).sentence)}</p>{timeline_html(verdict.token, now)}")
        return "".join(parts)

    def __repr__(self) -> str:
        return "<TokenVerifier>"

    def static_html(self) -> str:
        """Return the expected values and the verdict."""
        hidden = "account" if self.controls["who"].value == "uid" else "uid"
        shown = [field for field in self.controls if field != hidden]
        problems = self._problems()
        verdict, now = self._check()
        controls = [(self.controls[field], problems.get(field, "")) for field in shown]
        return form_html("Token verifier", controls) + self._result_html(verdict, now, live=False)
