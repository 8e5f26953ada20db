"""The server panel: a token server in the notebook, a request to try, and what came in."""

from __future__ import annotations

import json
from collections import deque
from datetime import UTC, datetime
from typing import Any

import ipywidgets as widgets

from ..credentials import Credentials
from ..display.tables import table_html
from ..server.access_log import LogEntry
from ..server.app import TokenServer
from .base import Panel, button, chosen, labelled, pasted, values_html

_SAMPLES = {
    "/rtctoken": {"channel": "lobby", "isPublisher": True},
    "/rtmtoken": {"user": "alice"},
    "/token": {"channel": "lobby", "userAccount": "alice"},
}
_HEADS = ("time (UTC)", "request", "status", "caller", "channel's length", "ms")
_SHOWN = 12
"""Requests in the log, the latest on top."""


class ServerPanel(Panel):
    """Start and stop a token server, send it a request, and read its access log as it grows.

    A new panel takes the place of the one before: its server stops.

    Args:
        credentials: the project's App ID and App Certificate.
        now, salt, uid: fixed values, so that answers can be repeated; see :class:`TokenServer`.

    >>> from agora_helpers.panels import ServerPanel
    >>> panel = ServerPanel(Credentials.demo(), now=1_700_000_000, salt=1, uid=7)
    >>> panel.send()
    >>> panel.server.stop()
    >>> panel.server, panel.entries[0].path, panel.entries[0].status
    (<TokenServer: stopped>, '/rtctoken', 200)
    """

    server: TokenServer
    """What it runs."""
    _latest: ServerPanel | None = None

    def __init__(
        self, credentials: Credentials, *, now: int | None = None, salt: int | None = None, uid: int | None = None
    ) -> None:
        if ServerPanel._latest:
            ServerPanel._latest.server.stop()
        ServerPanel._latest = self
        self.entries: deque[LogEntry] = deque(maxlen=_SHOWN)
        """The latest requests, oldest first."""
        self._log = widgets.HTML()
        self._state = widgets.HTML()
        self._reply = widgets.HTML()
        self.controls: dict[str, Any] = {
            "path": chosen("POST", [(path, path) for path in _SAMPLES], "/rtctoken"),
            "body": pasted("JSON", json.dumps(_SAMPLES["/rtctoken"])),
        }
        """The request's fields, by name."""
        buttons = [button("Start", self._start), button("Stop", self._stop), button("Send", self.send)]
        row = widgets.HBox([*buttons[:2], self._state])
        super().__init__([row, *self.controls.values(), widgets.HBox(buttons[2:]), self._reply, self._log])
        self.controls["path"].observe(self._offer, names="value")
        self.server = TokenServer(credentials, now=now, salt=salt, uid=uid, log=self._came)
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

    def _offer(self, change: Any) -> None:
        self.controls["body"].value = json.dumps(_SAMPLES[change.new])

    def send(self) -> None:
        """Send the request in the form, and show what is answered."""
        self._show_state()
        if not self.server.running:
            self._reply.value = "<p>The server is stopped: start it first.</p>"
            return
        kind = {"content-type": "application/json"}
        asked, body = self.controls["path"].value, self.controls["body"].value
        answer = self.server.client.post(asked, content=body.encode("utf-8", "replace"), headers=kind)
        said = answer.json()
        self.token = said.get("token", "")
        self._reply.value = labelled(f"Answer: {answer.status_code}", json.dumps(said, indent=2, ensure_ascii=False))

    def _came(self, entry: LogEntry) -> None:
        """In the server's thread."""
        self.entries.append(entry)
        self._show_log()

    def _show_log(self) -> None:
        rows = [_row(entry) for entry in reversed(self.entries)]
        self._log.value = table_html("What came in", _HEADS, rows) if rows else "<p>Nothing has come in yet.</p>"

    def __repr__(self) -> str:
        return "<ServerPanel>"

    def static_html(self) -> str:
        """The form. What came in is different each time."""
        return values_html("Server panel", [(control, "") for control in self.controls.values()])


def _row(entry: LogEntry) -> list[str]:
    length = "" if entry.channel_length is None else str(entry.channel_length)
    at = f"{datetime.fromtimestamp(entry.time, UTC):%H:%M:%S}"
    request = f"{entry.method} {entry.path}"
    return [at, request, str(entry.status), entry.caller, length, f"{entry.milliseconds:.1f}"]
