"""The token builder: a form that builds a token as you type."""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets
import traitlets

from ..credentials import Credentials, wrong_credentials
from ..display.token import as_html, describe
from ..errors import InputError
from ..secret import hide
from ..server.settings import LIFETIME_VARIABLE
from ..tokens.decoder import decode
from .base import CLIENT_KINDS, Panel, copy_html, dropdown, form_html, problem_html, show, text_field, text_html
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
_TABS = ("Python", "curl", "JavaScript", "Other languages")
_NO_REQUEST = "No token server issues such tokens: build them where you start the agent."
_AGORA = "Agora's own builders. appId and appCertificate come from your server's environment."


class TokenBuilder(Panel):
    """A form that builds a token as you type. It shows the token's contents, and calls that build the same token.

    Args:
        credentials: the project's App ID and App Certificate; only the App ID is shown.
        now: Unix time of issue; the clock's by default, read again at each change.
        salt: uint32; random by default.
        form: the initial values of the fields, see :class:`agora_helpers.panels.form.TokenForm`.

    Raises:
        InputError: ``form`` contains a choice that does not exist. :attr:`token` raises it while a field is wrong.

    >>> from agora_helpers.panels import TokenBuilder
    >>> panel = TokenBuilder(Credentials.demo(), channel="lobby", uid="7")
    >>> panel.token[:3]
    '007'
    >>> panel.controls["uid"].value = "0"
    >>> panel.problem("uid")
    "0 builds a token that any client may use. Type the client's own uid."
    >>> panel.token
    Traceback (most recent call last):
    agora_helpers.errors.InputError: token: not built, since one field is wrong (uid). Correct it in the panel.
    """

    _built = traitlets.Unicode("")
    """The token; empty while a field is wrong. Panels that follow this one show that there is none."""
    _followed = "_built"

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
        self._token = widgets.HTML()
        self._calls = {tab: widgets.HTML() for tab in _TABS}
        self._tabs = widgets.Tab(list(self._calls.values()), titles=_TABS)
        self._contents = widgets.HTML()
        rows = [part for field in _FIELDS for part in (self.controls[field], self._errors[field])]
        columns = widgets.Box([widgets.VBox(rows), widgets.VBox([self._token, self._tabs])])
        columns.add_class("agora-columns")
        super().__init__([columns, self._contents])
        for control in self.controls.values():
            control.observe(self._update, names="value")
        self._update()

    @property
    def token(self) -> str:  # type: ignore[override]
        """The token.

        Raises:
            InputError: a field is wrong, so there is none.
        """
        if self._problems:
            labels = ", ".join(self.controls[field].description for field in self._problems)
            problem = f"not built, since {self._wrong_fields} wrong ({labels})."
            raise InputError("token", problem, f"Correct {'it' if len(self._problems) == 1 else 'them'} in the panel.")
        return str(self._built)

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
            wrong = field in self._problems
            show(control, field in form.shown)
            show(self._errors[field], wrong)
            self._errors[field].value = problem_html(self.problem(field), control.description)
            (control.add_class if wrong else control.remove_class)("agora-wrong")
        self._built = token
        self._show_result(form, token)

    def _show_result(self, form: TokenForm, token: str) -> None:
        self._contents.value = f'<div class="agora-contents">{_contents_html(token)}</div>' if token else ""
        show(self._tabs, bool(token))
        if not token:
            answer = f"✗ No token: {self._wrong_fields} wrong."
            self._token.value = f'<p class="agora-answer agora-bad">{answer}</p>'
            return
        head = f'<p class="agora-answer agora-good">✓ A token of version {form.effective_version}</p>'
        hint = '<p class="agora-quiet">A click selects the whole text. Copy it with Ctrl+C or ⌘C.</p>'
        self._token.value = head + copy_html(token) + hint
        note = f'<p class="agora-box agora-warning">{_limit_note(form)}</p>' if _limit_note(form) else ""
        agora = "".join(copy_html(call, language) for language, call in form.agora_calls().items())
        self._calls["Python"].value = copy_html(form.python_call())
        self._calls["Other languages"].value = f'<p class="agora-quiet">{_AGORA}</p>{agora}'
        for tab, call in _server_calls(form).items():
            self._calls[tab].value = note + copy_html(call) if call else f"<p>{_NO_REQUEST}</p>"

    @property
    def _wrong_fields(self) -> str:
        count = len(self._problems)
        return "one field is" if count == 1 else f"{count} fields are"

    def __repr__(self) -> str:
        if not hasattr(self, "controls"):
            return "<TokenBuilder>"  # an argument was rejected
        return f"<TokenBuilder: {self.form.kind} token, version {self.form.effective_version}>"

    def static_html(self) -> str:
        """Return the form and its result."""
        form = self.form
        head = form_html("Token builder", [(self.controls[field], self.problem(field)) for field in form.shown])
        if self._problems:
            return f"{head}<p><strong>✗ No token: {self._wrong_fields} wrong.</strong></p>"
        token = text_html("Token", self._built) if form.effective_version == "006" else ""
        calls = {"Python": form.python_call()} | {tab: call for tab, call in _server_calls(form).items() if call}
        calls |= form.agora_calls()
        note = f"<p>{_limit_note(form)}</p>" if _limit_note(form) else ""
        return "".join([head, token, _contents_html(self._built), note, *map(text_html, calls, calls.values())])


def _contents_html(token: str) -> str:
    return as_html(describe(decode(token)), "Contents of the token (anyone can read them)")


def _server_calls(form: TokenForm) -> dict[str, str]:
    """Return the calls that request the token from a token server, by tab; empty ones if no server issues it."""
    if not form.has_request:
        return {"curl": "", "JavaScript": ""}
    return {"curl": form.curl_call(), "JavaScript": form.javascript_call()}


def _limit_note(form: TokenForm) -> str:
    """Return what a token server needs to answer the request, as HTML; empty if it needs nothing."""
    if form.raised_limit is None:
        return ""
    return (
        f"By default a token server refuses this request: the token lasts {form.raised_limit} s, more than its limit. "
        f"Start it with <code>{LIFETIME_VARIABLE}={form.raised_limit}</code>."
    )


def _control(field: str, value: str) -> Any:
    label, choices = _FIELDS[field]
    return dropdown(label, choices, value) if choices else text_field(label, value)
