"""The server panel: a token server in the notebook, a request to send, and the access log."""

from __future__ import annotations

import json
from collections import deque
from datetime import UTC, datetime
from typing import Any

import ipywidgets as widgets

from ..credentials import Credentials, wrong_credentials
from ..display.tables import table_html
from ..secret import hide
from ..server.access_log import LogEntry
from ..server.app import TokenServer
from .base import Panel, button, dropdown, form_html, text_area, text_html

_SAMPLES = {
    "/rtctoken": {"channel": "lobby", "isPublisher": True},
    "/rtmtoken": {"user": "alice"},
    "/token": {"channel": "lobby", "userAccount": "alice"},
    "/chattoken": {"user": "alice"},
}
_HEADS = ("time (UTC)", "request", "status", "caller", "channel length", "ms")
_SHOWN = 12
"""The number of requests in the log, the latest on top."""


class ServerPanel(Panel):
    """Start and stop a token server, send it a request, and read its access log as it grows.

    A new panel replaces the previous one and stops its server.

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
        self.entries: deque[LogEntry] = deque(maxlen=_SHOWN)
        """The latest requests, oldest first."""
        self._log = widgets.HTML()
        self._state = widgets.HTML()
        self._answer = widgets.HTML()
        self.controls: dict[str, Any] = {
            "path": dropdown("POST", [(path, path) for path in _SAMPLES], "/rtctoken"),
            "body": text_area("JSON", json.dumps(_SAMPLES["/rtctoken"])),
        }
        """The request's fields, by name."""
        buttons = [button("Start", self._start), button("Stop", self._stop), button("Send", self.send)]
        row = widgets.HBox([*buttons[:2], self._state])
        super().__init__([row, *self.controls.values(), widgets.HBox(buttons[2:]), self._answer, self._log])
        self.controls["path"].observe(self._show_sample, names="value")
        self.server = TokenServer(credentials, now=now, salt=salt, uid=uid, log=self._add_to_log)
        self._start()
        self._show_log()

    def _start(self) -> None:
        self.server.start()
        self._show_state()

    def _stop(self) -> None:
        self.server.stop()
        self._show_state()

    def _show_state(self) -> None:
        self._state.value = "running" if self.server.running else "stopped"

    def _show_sample(self, change: Any) -> None:
        self.controls["body"].value = json.dumps(_SAMPLES[change.new])

    def send(self) -> None:
        """Send the request in the form and show the answer."""
        self._show_state()
        if not self.server.running:
            self._answer.value = "<p>The server is stopped. Start it first.</p>"
            return
        body = self.controls["body"].value.encode("utf-8", "replace")
        headers = {"content-type": "application/json"}
        response = self.server.client.post(self.controls["path"].value, content=body, headers=headers)
        answer = response.json()
        self.token = answer.get("token", "")
        text = json.dumps(answer, indent=2, ensure_ascii=False)
        self._answer.value = text_html(f"Answer: {response.status_code}", text)

    def _add_to_log(self, entry: LogEntry) -> None:
        """Add a request to the log. The server calls this in its own thread."""
        self.entries.append(entry)
        self._show_log()

    def _show_log(self) -> None:
        rows = [_row(entry) for entry in reversed(self.entries)]
        self._log.value = table_html("Access log", _HEADS, rows) if rows else "<p>No requests yet.</p>"

    def __repr__(self) -> str:
        return "<ServerPanel>"

    def static_html(self) -> str:
        """Return the form. The log would be different each time."""
        return form_html("Server panel", [(control, "") for control in self.controls.values()])


def _row(entry: LogEntry) -> list[str]:
    length = "" if entry.channel_length is None else str(entry.channel_length)
    at = f"{datetime.fromtimestamp(entry.time, UTC):%H:%M:%S}"
    request = f"{entry.method} {entry.path}"
    return [at, request, str(entry.status), entry.caller, length, f"{entry.milliseconds:.1f}"]
