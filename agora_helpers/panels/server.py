"""The server panel: a token server in the notebook, a request to send, and the access log."""

from __future__ import annotations

import json
import re
from collections import deque
from datetime import UTC, datetime
from html import escape
from typing import Any

import ipywidgets as widgets

from ..credentials import Credentials, wrong_credentials
from ..display.style import SIGNS, Result
from ..errors import InputError
from ..secret import hide
from ..server.access_log import LogEntry
from ..server.app import TokenServer
from .base import Panel, button, copy_html, dropdown, form_html, problem_html, show, text_area, text_field
from .inspector import TokenInspector

_SAMPLES = {
    "/rtctoken": {"channel": "lobby", "isPublisher": True},
    "/rtmtoken": {"user": "alice"},
    "/token": {"channel": "lobby", "userAccount": "alice"},
    "/chattoken": {"user": "alice"},
}
_HEADERS = "Content-Type: application/json"
_HEADS = ("status", "request", "caller", "channel length", "ms", "time (UTC)")
_FILTERS = (("all requests", "all"), ("answered (2xx)", "good"), ("rejected or failed (4xx, 5xx)", "bad"))
_KEPT = 200
"""The number of requests that the log remembers."""
_SHOWN = 12
"""The number of requests in the log's table, the latest on top."""


class ServerPanel(Panel):
    """Start and stop a token server, send it a request, and read its access log as it grows.

    A click opens the answer's token in a :class:`TokenInspector`. A new panel replaces the previous one and stops its
    server.

    Args:
        credentials: the project's App ID and App Certificate.
        now, salt, uid: fixed values for answers that can be repeated; see :class:`TokenServer`.

    >>> from agora_helpers.panels import ServerPanel
    >>> panel = ServerPanel(Credentials.demo(), now=1_700_000_000, salt=1, uid=7)
    >>> panel.send()
    >>> panel.server.stop()
    >>> panel.server, panel.entries[0].path, panel.entries[0].status
    (<TokenServer: stopped>, '/rtctoken', 200)
    """

    server: TokenServer
    """The server that it runs."""
    _latest: ServerPanel | None = None

    def __init__(
        self, credentials: Credentials, *, now: int | None = None, salt: int | None = None, uid: int | None = None
    ) -> None:
        if not isinstance(credentials, Credentials):
            raise wrong_credentials(credentials := hide(credentials))
        if ServerPanel._latest:
            ServerPanel._latest.server.stop()
        ServerPanel._latest = self
        self.entries: deque[LogEntry] = deque(maxlen=_KEPT)
        """The latest requests, oldest first."""
        self._now = now
        self._state = widgets.HTML()
        self._answer = widgets.HTML()
        self._problem = widgets.HTML()
        self._log = widgets.HTML()
        self._inspector = widgets.VBox()
        self.controls: dict[str, Any] = {
            "path": dropdown("POST", [(path, path) for path in _SAMPLES], "/rtctoken"),
            "body": text_area("JSON", json.dumps(_SAMPLES["/rtctoken"])),
            "headers": text_area("Headers", _HEADERS),
        }
        """The request's fields, by name."""
        self.filters: dict[str, Any] = {
            "status": dropdown("Log shows", _FILTERS, "all"),
            "text": text_field("Containing", placeholder="a path, a caller"),
        }
        """The log's filters, by name."""
        self._inspect = button("Inspect the token", self._toggle_inspector)
        tabs = widgets.Tab([self.controls["body"], self.controls["headers"]], titles=("Body", "Headers"))
        request = [self.controls["path"], tabs, self._problem, button("Send", self.send)]
        columns = widgets.Box([widgets.VBox(request), widgets.VBox([self._answer, self._inspect])])
        columns.add_class("agora-columns")
        buttons = widgets.HBox([button("Start", self._start), button("Stop", self._stop), self._state])
        filters = widgets.Box(list(self.filters.values()), layout=widgets.Layout(flex_flow="row wrap"))
        super().__init__([buttons, columns, self._inspector, filters, self._log])
        self.controls["path"].observe(self._show_sample, names="value")
        for control in self.filters.values():
            control.observe(lambda _: self._show_log(), names="value")
        self.server = TokenServer(credentials, now=now, salt=salt, uid=uid, log=self._add_to_log)
        self._start()
        self._show_answer("", "")
        self._show_log()

    def _start(self) -> None:
        self.server.start()
        self._show_state()

    def _stop(self) -> None:
        self.server.stop()
        self._show_state()

    def _show_state(self) -> None:
        result, state = ("good", "running") if self.server.running else ("unknown", "stopped")
        self._state.value = f'<span class="agora-state agora-{result}">{state}</span>'

    def _show_sample(self, change: Any) -> None:
        self.controls["body"].value = json.dumps(_SAMPLES[change.new])

    def send(self) -> None:
        """Send the request in the form and show the answer."""
        self._show_state()
        self._problem.value = ""
        if not self.server.running:
            self._show_answer(
                '<p class="agora-answer agora-unknown" role="status">The server is stopped. Start it first.</p>', ""
            )
            return
        body = self.controls["body"].value.encode("utf-8", "replace")
        try:
            headers = _read_headers(self.controls["headers"].value)
            response = self.server.client.post(self.controls["path"].value, content=body, headers=headers)
        except InputError as error:
            self._problem.value = problem_html(f"{error.problem} {error.hint}", "Headers")
            return
        try:
            answer = response.json()
        except ValueError:
            answer = response.text
        token = answer.get("token", "") if isinstance(answer, dict) else ""
        result = _result(response.status_code)
        status = f"{SIGNS[result]} Answer: {response.status_code} {response.reason_phrase}"
        text = json.dumps(answer, indent=2, ensure_ascii=False)
        self._show_answer(f'<p class="agora-answer agora-{result}" role="status">{status}</p>{copy_html(text)}', token)

    def _show_answer(self, html: str, token: str) -> None:
        self._answer.value = html or '<p class="agora-quiet">The server has not answered yet.</p>'
        self.token = token
        show(self._inspect, bool(token))
        if not token:
            self._inspector.children = ()
        self._name_inspect_button()

    def _toggle_inspector(self) -> None:
        self._inspector.children = () if self._inspector.children else (TokenInspector(self, now=self._now),)
        self._name_inspect_button()

    def _name_inspect_button(self) -> None:
        self._inspect.description = "Close the inspector" if self._inspector.children else "Inspect the token"

    def _add_to_log(self, entry: LogEntry) -> None:
        """Add a request to the log. The server calls this in its own thread."""
        self.entries.append(entry)
        self._show_log()

    def _show_log(self) -> None:
        status, text = self.filters["status"].value, self.filters["text"].value.strip()
        entries = [
            entry
            for entry in reversed(self.entries.copy())
            if status in ("all", _result(entry.status)) and text in f"{entry.method} {entry.path} {entry.caller}"
        ]
        if entries:
            rows = "".join(map(_row_html, entries[:_SHOWN]))
            heads = "".join(f'<th scope="col">{head}</th>' for head in _HEADS)
            caption = f"Access log: {len(entries)} of {len(self.entries)} requests"
            self._log.value = (
                f'<table class="agora-rows"><caption>{caption}</caption>'
                f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
            )
        else:
            self._log.value = f"<p>{'No such requests.' if self.entries else 'No requests yet.'}</p>"

    def __repr__(self) -> str:
        return "<ServerPanel>"

    def static_html(self) -> str:
        """Return the form. The log would be different each time."""
        return form_html("Server panel", [(control, "") for control in self.controls.values()])


def _row_html(entry: LogEntry) -> str:
    result = _result(entry.status)
    cells = [
        f"<code>{escape(f'{entry.method} {entry.path}')}</code>",
        escape(entry.caller),
        "" if entry.channel_length is None else str(entry.channel_length),
        f"{entry.milliseconds:.1f}",
        f"{datetime.fromtimestamp(entry.time, UTC):%H:%M:%S}",
    ]
    status = f'<th scope="row"><span class="agora-status agora-{result}">{SIGNS[result]} {entry.status}</span></th>'
    return f"<tr>{status}{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _result(status: int) -> Result:
    return "good" if status < 400 else "bad"


def _read_headers(text: str) -> list[tuple[str, str]]:
    """Return the headers of a request, one a line.

    >>> _read_headers("Content-Type: application/json")
    [('Content-Type', 'application/json')]
    >>> _read_headers("Authorization")
    Traceback (most recent call last):
    agora_helpers.errors.InputError: headers: line 1 is not a header. Write a name, a colon and a value.
    """
    headers = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        match = re.fullmatch(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):\s*([\x20-\x7e]*?)\s*", line.strip())
        if match is None:
            raise InputError("headers", f"line {number} is not a header.", "Write a name, a colon and a value.")
        if match[1].lower() in ("content-length", "transfer-encoding"):
            raise InputError("headers", f"line {number} sets the request's length.", "Remove it: the panel sets it.")
        headers.append((match[1], match[2]))
    return headers
