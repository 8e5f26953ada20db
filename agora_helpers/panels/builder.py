"""The token builder: a form that builds a token as you type."""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets

from ..credentials import Credentials, wrong_credentials
from ..display.token import as_html, describe
from ..errors import InputError
from ..secret import hide
from ..tokens.decoder import decode
from .base import CLIENT_KINDS, Panel, dropdown, form_html, problem_html, show, text_field, text_html
from .form import TokenForm, in_form_words

_FIELDS: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "kind": (
        "Kind",
        (
            ("RTC: join a channel", "rtc"),
            ("RTM: log in to messaging", "rtm"),
            ("RTC and RTM in one token", "both"),
            ("Chat: log in to Chat", "chat"),
            ("Conversational AI: an agent joins a channel", "convoai"),
        ),
    ),
    "version": ("Version", (("007 (recommended)", "007"), ("006 (classic)", "006"))),
    "channel": ("Channel", ()),
    "who": ("Client", CLIENT_KINDS),
    "uid": ("uid", ()),
    "account": ("User account", ()),
    "role": ("Role", (("publisher: sends and receives", "publisher"), ("subscriber: receives", "subscriber"))),
    "user": ("RTM user id", ()),
    "expires_in": ("Lifetime (s)", ()),
}
"""The label of each field and its choices; no choices for a text field."""


class TokenBuilder(Panel):
    """A form that builds a token as you type. It shows the token's contents, and calls that build the same token.

    Args:
        credentials: the project's App ID and App Certificate; only the App ID is shown.
        now: Unix time of issue; the clock's by default, read again at each change.
        salt: uint32; random by default.
        form: the initial values of the fields, see :class:`agora_helpers.panels.form.TokenForm`.

    Raises:
        InputError: ``form`` contains a choice that does not exist.

    >>> from agora_helpers.panels import TokenBuilder
    >>> panel = TokenBuilder(Credentials.demo(), channel="lobby", uid="7")
    >>> panel.token[:3]
    '007'
    >>> panel.controls["uid"].value = "0"
    >>> panel.token, panel.problem("uid")
    ('', "0 builds a token that any client may use. Type the client's own uid.")
    """

    def __init__(
        self, credentials: Credentials, *, now: int | None = None, salt: int | None = None, **form: str | int
    ) -> None:
        if not isinstance(credentials, Credentials):
            raise wrong_credentials(credentials := hide(credentials))
        self._credentials, self._now, self._salt = credentials, now, salt
        self._problems: dict[str, InputError] = {}
        values: dict[str, Any] = {field: str(value) for field, value in form.items()}
        initial = TokenForm(**values)
        self.controls: dict[str, Any] = {field: _control(field, getattr(initial, field)) for field in _FIELDS}
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
        """The values of the fields."""
        return TokenForm(**{field: control.value for field, control in self.controls.items()})

    def problem(self, field: str) -> str:
        """Return the message shown at a field; empty if the field is right."""
        error = self._problems.get(field)
        return f"{error.problem} {error.hint}".rstrip() if error else ""

    def _update(self, _: object = None) -> None:
        form = self.form
        self._problems = form.problems()
        self.controls["user"].description = "Chat user id" if form.kind == "chat" else "RTM user id"
        token = ""
        if not self._problems:
            try:
                token = form.build(self._credentials, now=self._now, salt=self._salt)
            except InputError as error:  # a fixed time or salt that this version cannot hold
                self._problems = {"version": in_form_words(error)}
        for field, control in self.controls.items():
            show(control, field in form.shown)
            show(self._errors[field], field in self._problems)
            self._errors[field].value = problem_html(self.problem(field))
        self.token = token
        self._result.value = self._result_html(form, with_token=True)

    def __repr__(self) -> str:
        if not hasattr(self, "controls"):
            return "<TokenBuilder>"  # an argument was rejected
        return f"<TokenBuilder: {self.form.kind} token, version {self.form.effective_version}>"

    def static_html(self) -> str:
        """Return the form and its result."""
        form = self.form
        controls = [(self.controls[field], self.problem(field)) for field in form.shown]
        return form_html("Token builder", controls) + self._result_html(
            form, with_token=form.effective_version == "006"
        )

    def _result_html(self, form: TokenForm, *, with_token: bool) -> str:
        if not self.token:
            count = len(self._problems)
            fields = "one field is" if count == 1 else f"{count} fields are"
            return f"<p><strong>No token: {fields} wrong.</strong></p>"
        texts = {"Token": self.token} if with_token else {}
        calls = {"Python": form.python_call()}
        if form.has_request:
            calls |= {"curl": form.curl_call(), "JavaScript": form.javascript_call()}
        table = as_html(describe(decode(self.token)), "Contents of the token (anyone can read them)")
        return "".join([*map(text_html, texts, texts.values()), table, *map(text_html, calls, calls.values())])


def _control(field: str, value: str) -> Any:
    label, choices = _FIELDS[field]
    return dropdown(label, choices, value) if choices else text_field(label, value)
