"""The building blocks of the panels: a base class, and the widgets and HTML that they share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import ipywidgets as widgets
import traitlets

from ..display.style import sheet

CLIENT_KINDS = (("uid, an integer", "uid"), ("user account, a string", "account"))
"""The choices of how a client is named: labels and values."""
_LABEL = {"description_width": "8.5em"}


class Panel(widgets.VBox):  # type: ignore[misc]
    """A panel with a token, which other panels can follow. It holds the style sheet of the visual language once."""

    token = traitlets.Unicode("")
    """The token that the panel shows or builds; empty if there is none."""
    _followed = "token"
    """The trait with the token that other panels follow."""

    def __init__(self, children: Sequence[Any] = (), **options: Any) -> None:
        style = widgets.HTML(sheet(), layout=widgets.Layout(display="none"))  # not shown, and applies all the same
        super().__init__([style, *children], **options)
        self.add_class("agora")

    def follow(self, token: str | Panel) -> None:
        """Show this token, or from now on the token of another panel. This ends an earlier ``follow``."""
        if link := getattr(self, "_link", None):
            link.unlink()
        source = (token, token._followed) if isinstance(token, Panel) else None
        self._link = traitlets.dlink(source, (self, "token")) if source else None
        if isinstance(token, str):
            self.token = token

    def static_html(self) -> str:
        """Return the panel for readers without a kernel.

        Stored outputs are compared, so it must not contain the string of a 007 token: zlib builds differ.
        """
        raise NotImplementedError

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        bundle: dict[str, Any] = super()._repr_mimebundle_(**options)
        return bundle | {"text/plain": repr(self), "text/html": self.static_html()}


def text_field(label: str, value: str = "", *, placeholder: str = "") -> Any:
    """Return a field for one line of text."""
    layout = widgets.Layout(width="auto", max_width="34em")
    return widgets.Text(description=label, value=value, style=_LABEL, layout=layout, placeholder=placeholder)


def text_area(label: str, value: str = "") -> Any:
    """Return a field for several lines, such as a token."""
    layout = widgets.Layout(width="auto", max_width="56em")
    return widgets.Textarea(description=label, value=value, rows=4, style=_LABEL, layout=layout)


def dropdown(label: str, choices: Sequence[tuple[str, str]], value: str) -> Any:
    """Return a list to choose from; ``choices`` are pairs of label and value."""
    layout = widgets.Layout(width="auto", max_width="34em")
    return widgets.Dropdown(description=label, options=choices, value=value, style=_LABEL, layout=layout)


class OrderedButton(widgets.Button):  # type: ignore[misc]
    """A button whose click comes after what was typed before it.

    While the kernel is busy, the browser holds back what a field sends, but not a click. So a click asks the browser
    for a reply first, which is sent after everything that was held back. (JupyterLab can have messages handled in two
    threads of the kernel, out of order. ``make lab`` turns that off, in ``tools/overrides.json``.)
    """

    asked = traitlets.Int(0).tag(sync=True)
    """The number of clicks."""
    replied = traitlets.Int(0).tag(sync=True)
    """The number of clicks that the browser has replied to."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._reply = widgets.jsdlink((self, "asked"), (self, "replied"))

    def _handle_button_msg(self, _: object, content: dict[str, Any], buffers: object) -> None:
        if content.get("event") == "click":
            self.asked += 1

    @traitlets.observe("replied")
    def _click_now(self, _: object) -> None:
        self.click()


def button(label: str, press: Callable[[], object]) -> Any:
    """Return a button that calls ``press()``."""
    widget = OrderedButton(description=label, layout=widgets.Layout(width="auto", align_self="flex-start"))
    widget.on_click(lambda _: press())
    return widget


def problem_html(problem: str, label: str = "") -> str:
    """Return the HTML for what is wrong with the field above it, which a screen reader announces; empty if nothing is.

    Args:
        problem: the message.
        label: the field's, for those who hear the message and do not see where it stands.
    """
    if not problem:
        return ""
    name = f"<strong>{escape(label)}:</strong> " if label else ""
    return f'<div class="agora-problem agora-bad" role="alert">✗ {name}{escape(problem)}</div>'


def copy_html(text: str, label: str = "") -> str:
    """Return the HTML for a text to copy: a click selects all of it.

    The browser alone can write to the clipboard, and only JavaScript can tell it to, so there is no button.
    """
    head = f'<p class="agora-title">{escape(label)}</p>' if label else ""
    return f'{head}<pre class="agora-copy">{escape(text)}</pre>'


def text_html(label: str, text: str) -> str:
    """Return the HTML for a text to read or to copy as a whole."""
    box = "white-space: pre-wrap; word-break: normal; overflow-wrap: anywhere; line-height: 1.4; margin: 0 0 0.6em 0"
    return f'<div><strong>{label}</strong><pre style="{box}">{escape(text)}</pre></div>'


def form_html(title: str, controls: Sequence[tuple[Any, str]]) -> str:
    """Return the HTML for a form; ``controls`` are pairs of a widget and what is wrong with it, if anything."""
    parts = [f"<p><strong>{title}.</strong> Run this cell for the live form.</p>", "<ul>"]
    for control, problem in controls:
        mark = f" <strong>✗</strong> {escape(problem)}" if problem else ""
        value = escape(getattr(control, "label", control.value)) or "–"  # noqa: RUF001
        parts.append(f"<li>{control.description}: <code>{value}</code>{mark}</li>")
    return "".join([*parts, "</ul>"])


def show(widget: Any, visible: bool) -> None:
    """Show or hide a widget."""
    widget.layout.display = None if visible else "none"
