"""The token builder: a form that makes a token while one types."""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets

from ..credentials import Credentials
from ..display.token import as_html, describe
from ..errors import InputError
from ..tokens.decoder import decode
from .base import CLIENT_KINDS, Panel, at_field, chosen, labelled, show, typed, values_html
from .form import TokenForm

_FIELDS: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "kind": ("Kind", (("RTC: join a channel", "rtc"), ("RTM: log in to messaging", "rtm"))),
    "version": ("Version", (("007 (recommended)", "007"), ("006 (classic)", "006"))),
    "channel": ("Channel", ()),
    "who": ("Client", CLIENT_KINDS),
    "uid": ("uid", ()),
    "account": ("User account", ()),
    "user": ("RTM user id", ()),
    "role": ("Role", (("publisher: sends and receives", "publisher"), ("subscriber: receives", "subscriber"))),
    "expires_in": ("Lifetime (s)", ()),
}
"""Label of each field, and what there is to choose from; nothing where one types."""


class TokenBuilder(Panel):
    """A form that makes a token while one types, shows what is in it, and the calls that make the same one.

    Args:
        credentials: the project's App ID and App Certificate; only the App ID is shown.
        now: Unix time of issue; the clock's by default, anew at each change.
        salt: uint32; random by default.
        form: what stands in the fields at first, all of them texts; see
            :class:`agora_helpers.panels.form.TokenForm`.

    Raises:
        InputError: ``form`` chooses something that there is not.

    >>> from agora_helpers.panels import TokenBuilder
    >>> panel = TokenBuilder(Credentials.demo(), channel="lobby", uid="7")
    >>> panel.token[:3]
    '007'
    >>> panel.controls["uid"].value = "0"
    >>> panel.token, panel.problem("uid")
    ('', "0 makes a token that anyone may use. Pass the client's own uid, or allow_any_uid=True ...")
    """

    def __init__(
        self, credentials: Credentials, *, now: int | None = None, salt: int | None = None, **form: str | int
    ) -> None:
        self._credentials, self._now, self._salt = credentials, now, salt
        self._problems: dict[str, InputError] = {}
        start = TokenForm(**{field: str(value) for field, value in form.items()})
        self.controls: dict[str, Any] = {field: _control(field, getattr(start, field)) for field in _FIELDS}
        """The form's controls, by field."""
        self._errors = {field: widgets.HTML() for field in _FIELDS}
        self._result = widgets.HTML()
        rows = [part for field in _FIELDS for part in (self.controls[field], self._errors[field])]
        super().__init__([*rows, self._result])
        for control in self.controls.values():
            control.observe(self._update, names="value")
        self._update()

    @property
    def form(self) -> TokenForm:
        """What stands in the fields."""
        return TokenForm(**{field: control.value for field, control in self.controls.items()})

    def problem(self, field: str) -> str:
        """The text that stands at a field that is wrong; empty at one that is right."""
        error = self._problems.get(field)
        return f"{error.problem} {error.hint}" if error else ""

    def _update(self, _: object = None) -> None:
        form = self.form
        self._problems = form.problems()
        token = ""
        if not self._problems:
            try:
                token = form.build(self._credentials, now=self._now, salt=self._salt)
            except InputError as error:  # a fixed time or salt that this version cannot hold
                self._problems = {"version": error}
        for field, control in self.controls.items():
            show(control, field in form.shown)
            show(self._errors[field], field in self._problems)
            self._errors[field].value = at_field(self.problem(field))
        self.token = token
        self._result.value = self._result_html(form, with_token=True)

    def __repr__(self) -> str:
        return f"<TokenBuilder: {self.form.kind} token, version {self.form.version}>"

    def static_html(self) -> str:
        """The form, and what it makes."""
        form = self.form
        controls = [(self.controls[field], self.problem(field)) for field in form.shown]
        return values_html("Token builder", controls) + self._result_html(form, with_token=form.version == "006")

    def _result_html(self, form: TokenForm, *, with_token: bool) -> str:
        if not self.token:
            wrong = len(self._problems)
            fields = "one field is" if wrong == 1 else f"{wrong} fields are"
            return f"<p><strong>No token: {fields} wrong.</strong></p>"
        texts = {"Token": self.token} if with_token else {}
        calls = {"Python": form.python_call(), "curl": form.curl_call(), "JavaScript": form.javascript_call()}
        table = as_html(describe(decode(self.token)), "What the token says (anyone can read it)")
        return "".join([*map(labelled, texts, texts.values()), table, *map(labelled, calls, calls.values())])


def _control(field: str, value: str) -> Any:
    label, choices = _FIELDS[field]
    return chosen(label, choices, value) if choices else typed(label, value)
