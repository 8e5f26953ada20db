"""The access log: one entry for each request, without secrets.

It goes through :mod:`logging`: each request is a record of the logger ``agora_helpers.access``. If neither this logger
nor one above it has a handler, the entries are written to standard output as lines of JSON.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import sys
import time
from collections import deque
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any, TextIO

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..display.tables import escape_unprintable
from .requests import route_path


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One request in the access log. It contains no token, no key and no header."""

    time: float
    """Unix time of the response, in seconds."""
    method: str
    """``?`` for one that is not common, which may contain anything."""
    path: str
    """One of the server's own; ``?`` for any other, which may contain anything. Of a path with names in it only the
    first part: ``/rtc/*``."""
    status: int
    """HTTP status of the response; 499 if the client hung up before it, 503 if the server stopped before it."""
    milliseconds: float
    """From the request's head to the end of the response."""
    caller: str
    """The name that the access policy gave the caller; without a policy, the address. Escaped if it does not print."""
    channel_length: int | None = None
    """Length of the channel name in characters; None if none was read."""
    channel: str | None = None
    """The channel name, if :attr:`Settings.log_channels` is set; ``?`` if it looks like a token or a certificate.
    Escaped if it does not print."""


LOGGER = "agora_helpers.access"
_logger = logging.getLogger(LOGGER)
_logger.setLevel(logging.INFO)  # Python's default, WARNING, would drop every request
LOG_CONTEXT = "agora_helpers.log_context"
"""Key in a request's scope: a dict in which its endpoint puts ``caller`` and ``channel`` for the log."""
_FIELDS = tuple(field.name for field in fields(LogEntry))
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_CLIENT_GONE = 499
_SERVER_STOPPED = 503
_looks_secret = re.compile("006[0-9a-f]{8}|007eJ|[0-9a-f]{32}", re.IGNORECASE).search


class AccessLog:
    """ASGI middleware that passes a :class:`LogEntry` to ``sink`` after each response.

    Args:
        app: the app.
        sink: is called with each entry, in the event loop.
        paths: the paths that are logged; any other may contain a token. One with ``*`` at its end is logged for all
            paths that begin like it.
        channels: log the names of channels, too.
    """

    def __init__(
        self, app: ASGIApp, sink: Callable[[LogEntry], object], paths: Collection[str], *, channels: bool = False
    ) -> None:
        self._app, self._sink, self._paths, self._channels = app, sink, paths, channels

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and watch the response."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start, status, path = time.perf_counter(), _CLIENT_GONE, route_path(scope)
        log_context: dict[str, str] = {}
        scope[LOG_CONTEXT] = log_context

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except BaseException as error:
            if status == _CLIENT_GONE:
                status = _SERVER_STOPPED if isinstance(error, asyncio.CancelledError) else 500
            raise
        finally:
            channel = log_context.get("channel")
            self._sink(
                LogEntry(
                    time=time.time(),
                    method=scope["method"] if scope["method"] in _METHODS else "?",
                    path=self._known(path),
                    status=status,
                    milliseconds=round((time.perf_counter() - start) * 1000, 3),
                    caller=escape_unprintable(log_context.get("caller") or address_of(scope)),
                    channel_length=None if channel is None else len(channel),
                    channel=_show_channel(channel) if self._channels and channel is not None else None,
                )
            )

    def _known(self, path: str) -> str:
        pattern = path[: path.find("/", 1) + 1] + "*"
        return next((known for known in (path, pattern) if known in self._paths), "?")


def address_of(scope: Scope) -> str:
    """Return the address that a request comes from, or ``"unknown"``."""
    client = scope.get("client")
    return str(client[0]) if client else "unknown"


def _show_channel(channel: str) -> str:
    return "?" if _looks_secret(channel) else escape_unprintable(channel)


class JsonLines:
    """A sink that writes entries as lines of JSON.

    All entries of one turn of the event loop are written at once: a write for each would take a quarter of the time of
    a response. Failures are written immediately, because the event loop may be about to stop. If the stream is closed
    or its disk is full, entries are lost. A pipe that nobody reads blocks the server when it is full, as it would any
    program: were entries dropped instead, anyone could push them out of the log with a flood of requests.

    Args:
        stream: to write to; None for standard output.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream
        self._entries: deque[LogEntry] = deque()

    def __call__(self, entry: LogEntry) -> None:
        """Add an entry. Must be called in the event loop."""
        self._entries.append(entry)
        if entry.status >= _CLIENT_GONE:
            self._write()
        elif len(self._entries) == 1:
            asyncio.get_running_loop().call_soon(self._write)

    def _write(self) -> None:
        lines = "".join(to_json(entry) + "\n" for entry in self._entries)
        self._entries.clear()
        stream = self._stream or sys.stdout
        if lines and stream:  # a process that was started without standard output has none
            with suppress(OSError, ValueError):
                stream.write(lines)
                stream.flush()


_write_to_stdout = JsonLines()


def log_request(entry: LogEntry) -> None:
    """Pass an entry to the logger ``agora_helpers.access``, with its fields as attributes of the record.

    If no handler is configured, write it to standard output: :mod:`logging` itself has such a last resort for warnings.
    """
    if not _logger.hasHandlers():
        _write_to_stdout(entry)
    elif _logger.isEnabledFor(logging.INFO):
        values = {name: getattr(entry, name) for name in _FIELDS}
        _logger.info("%s %s %s %s", entry.method, entry.path, entry.status, entry.caller, extra=values)


class JsonFormatter(logging.Formatter):
    """Formats records as lines of JSON: requests with the fields of :class:`LogEntry`, all others with their message.

    >>> record = logging.LogRecord("a.logger", logging.ERROR, "", 0, "Failed: %s", ("disk full",), None)
    >>> json.loads(JsonFormatter().format(record))["message"]
    'Failed: disk full'
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return one line, without a line break at its end."""
        if record.name == LOGGER:
            return to_json(LogEntry(**{name: getattr(record, name) for name in _FIELDS}))
        message = super().format(record)
        line = {"time": _format_time(record.created), "level": record.levelname, "logger": record.name}
        return json.dumps(line | {"message": message})


def to_json(entry: LogEntry) -> str:
    """Return an entry as one line of JSON, without the values that are None.

    >>> print(to_json(LogEntry(1_700_000_000.25, "POST", "/rtctoken", 200, 0.4, "key 1", 5)))
    {"time": "2023-11-14T22:13:20.250+00:00", "method": "POST", "path": "/rtctoken", "status": 200, ...}
    """
    line: dict[str, Any] = {
        "time": _format_time(entry.time),
        "method": entry.method,
        "path": entry.path,
        "status": entry.status,
        "milliseconds": entry.milliseconds,
        "caller": entry.caller,
    }
    if entry.channel_length is not None:
        line["channelLength"] = entry.channel_length
    if entry.channel is not None:
        line["channel"] = entry.channel
    return json.dumps(line)


def _format_time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
