"""The panels of the lessons, made of ipywidgets alone.

Each panel carries its content as ``text/html`` too, so that it can be read where no kernel runs (in a fresh clone, on
a code host), and so that nbval compares it.
"""

from __future__ import annotations

from html import escape
from typing import Any

import ipywidgets as widgets

from .credentials import Credentials
from .inspection import decode
from .render import as_html, describe
from .token_form import TokenForm

_LABEL = {"description_width": "8.5em"}

_FIELDS: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "kind": ("Kind", (("RTC: join a channel", "rtc"), ("RTM: log in to messaging", "rtm"))),
    "version": ("Version", (("007 (recommended)", "007"), ("006 (classic)", "006"))),
    "channel": ("Channel", ()),
    "who": ("Client", (("uid, an integer", "uid"), ("user account, a text", "account"))),
    "uid": ("uid", ()),
    "account": ("User account", ()),
    "user": ("RTM user id", ()),
    "role": ("Role", (("publisher: sends and receives", "publisher"), ("subscriber: receives", "subscriber"))),
    "expires_in": ("Lifetime (s)", ()),
}
"""Label of each field, and what there is to choose from; nothing where one types."""


class TokenBuilder(widgets.VBox):  # type: ignore[misc]
    """A form that makes a token while one types, shows what is in it, and the calls that make the same one.

    Args:
        credentials: the project's App ID and App Certificate; only the App ID is shown.
        now: Unix time of issue; the clock's by default, anew at each change.
        salt: uint32; random by default.
        form: what stands in the fields at first, see :class:`agora_helpers.token_form.TokenForm`.

    >>> panel = TokenBuilder(Credentials.demo(), channel="lobby", uid="7")
    >>> panel.token[:3]
    '007'
    >>> panel.controls["uid"].value = "0"
    >>> panel.token, panel.problem("uid")
    ('', "0 makes a token that anyone may use. Pass the client's own uid, or allow_any_uid=True ...")
    """

    def __init__(
        self, credentials: Credentials, *, now: int | None = None, salt: int | None = None, **form: str
    ) -> None:
        self._credentials, self._now, self._salt = credentials, now, salt
        start = TokenForm(**form)
        self.token = ""
        """The token that the form makes now; empty while a field is wrong."""
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
        error = self.form.problems().get(field)
        return f"{error.problem} {error.cure}" if error else ""

    def _update(self, _: object = None) -> None:
        form = self.form
        problems = form.problems()
        for field, control in self.controls.items():
            _show(control, field in form.shown)
            _show(self._errors[field], field in problems)
            self._errors[field].value = _at_field(self.problem(field))
        self.token = "" if problems else form.build(self._credentials, now=self._now, salt=self._salt)
        self._result.value = self._result_html(with_token=True)

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        bundle: dict[str, Any] = super()._repr_mimebundle_(**options)
        return bundle | {"text/plain": repr(self), "text/html": self._static_html()}

    def __repr__(self) -> str:
        return f"<TokenBuilder: {self.form.kind} token, version {self.form.version}>"

    def _static_html(self) -> str:
        """The panel where no kernel runs."""
        form = self.form
        parts = ["<p><strong>Token builder.</strong> Run this cell for the live form.</p>", "<ul>"]
        for field in form.shown:
            control, problem = self.controls[field], self.problem(field)
            wrong = f" <strong>wrong:</strong> {escape(problem)}" if problem else ""
            shown = escape(getattr(control, "label", control.value))
            parts.append(f"<li>{control.description}: <code>{shown}</code>{wrong}</li>")
        # The text of a 007 token differs between zlib builds, and what stands here is compared.
        return "".join([*parts, "</ul>", self._result_html(with_token=form.version == "006")])

    def _result_html(self, *, with_token: bool) -> str:
        if not self.token:
            wrong = len(self.form.problems())
            fields = "one field is" if wrong == 1 else f"{wrong} fields are"
            return f"<p><strong>No token: {fields} wrong.</strong></p>"
        form = self.form
        texts = {"Token": self.token} if with_token else {}
        calls = {"Python": form.python_call(), "curl": form.curl_call(), "JavaScript": form.javascript_call()}
        table = as_html(describe(decode(self.token)), "What the token says (anyone can read it)")
        return "".join([*map(_labelled, texts, texts.values()), table, *map(_labelled, calls, calls.values())])


def _control(field: str, value: str) -> Any:
    label, choices = _FIELDS[field]
    options = {
        "description": label,
        "value": value,
        "style": _LABEL,
        "layout": widgets.Layout(width="auto", max_width="34em"),
    }
    return widgets.Dropdown(options=choices, **options) if choices else widgets.Text(**options)


def _labelled(label: str, text: str) -> str:
    box = "white-space: pre-wrap; word-break: normal; overflow-wrap: anywhere; line-height: 1.4; margin: 0 0 0.6em 0"
    return f'<div><strong>{label}</strong><pre style="{box}">{escape(text)}</pre></div>'


def _at_field(problem: str) -> str:
    mark = "border-left: 3px solid var(--jp-error-color1, #d32f2f); padding-left: 0.5em"
    return f'<div style="{mark}; margin-left: 9em; max-width: 47em; line-height: 1.4">✗ {escape(problem)}</div>'


def _show(widget: Any, visible: bool) -> None:
    widget.layout.display = None if visible else "none"
