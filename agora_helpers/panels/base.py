"""What the panels are made of."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import ipywidgets as widgets
import traitlets

CLIENT_KINDS = (("uid, an integer", "uid"), ("user account, a text", "account"))
"""What names a client, to choose from."""
_LABEL = {"description_width": "8.5em"}


class Panel(widgets.VBox):  # type: ignore[misc]
    """A panel around one token, which other panels can follow."""

    token = traitlets.Unicode("")
    """The token that the panel shows or makes; empty if there is none."""

    def follow(self, token: str | Panel) -> None:
        """Take this token, or whatever token another panel has from now on; whom it followed before, no more."""
        if link := getattr(self, "_link", None):
            link.unlink()
        self._link = traitlets.dlink((token, "token"), (self, "token")) if isinstance(token, Panel) else None
        if isinstance(token, str):
            self.token = token

    def static_html(self) -> str:
        """The panel for readers without a kernel. What stands here is compared: no text of a 007 token."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        bundle: dict[str, Any] = super()._repr_mimebundle_(**options)
        return bundle | {"text/plain": repr(self), "text/html": self.static_html()}


def typed(label: str, value: str = "", **options: Any) -> Any:
    """A field to type in."""
    layout = widgets.Layout(width="auto", max_width="34em")
    return widgets.Text(description=label, value=value, style=_LABEL, layout=layout, **options)


def pasted(label: str, value: str = "") -> Any:
    """A larger field, for a token."""
    layout = widgets.Layout(width="auto", max_width="56em")
    return widgets.Textarea(description=label, value=value, rows=4, style=_LABEL, layout=layout)


def chosen(label: str, choices: Sequence[tuple[str, str]], value: str) -> Any:
    """A list to choose from."""
    layout = widgets.Layout(width="auto", max_width="34em")
    return widgets.Dropdown(description=label, options=choices, value=value, style=_LABEL, layout=layout)


def button(label: str, press: Any) -> Any:
    """A button that calls ``press()``."""
    made = widgets.Button(description=label, layout=widgets.Layout(width="auto"))
    made.on_click(lambda _: press())
    return made


def at_field(problem: str) -> str:
    """What is wrong with the field above."""
    mark = "border-left: 3px solid var(--jp-error-color1, #d32f2f); padding-left: 0.5em"
    return f'<div style="{mark}; margin-left: 9em; max-width: 47em; line-height: 1.4">✗ {escape(problem)}</div>'


def labelled(label: str, text: str) -> str:
    """A text to read or to copy, whole."""
    box = "white-space: pre-wrap; word-break: normal; overflow-wrap: anywhere; line-height: 1.4; margin: 0 0 0.6em 0"
    return f'<div><strong>{label}</strong><pre style="{box}">{escape(text)}</pre></div>'


def values_html(title: str, controls: Sequence[tuple[Any, str]]) -> str:
    """The fields of a form and what is wrong with each."""
    parts = [f"<p><strong>{title}.</strong> Run this cell for the live form.</p>", "<ul>"]
    for control, problem in controls:
        wrong = f" <strong>wrong:</strong> {escape(problem)}" if problem else ""
        value = escape(getattr(control, "label", control.value)) or "–"  # noqa: RUF001
        parts.append(f"<li>{control.description}: <code>{value}</code>{wrong}</li>")
    return "".join([*parts, "</ul>"])


def show(widget: Any, visible: bool) -> None:
    """Hide a widget, or show it."""
    widget.layout.display = None if visible else "none"
