"""The access log: an entry for each request, with nothing secret in it."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import deque
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TextIO


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One request, for the access log. It holds no token, no key and no header."""

    time: float
    """Unix time of the answer, in seconds."""
    method: str
    path: str
    """One of the server's own; ``?`` for any other, which may hold anything."""
    status: int
    """Of the answer; 499 if the caller left before it."""
    milliseconds: float
    """From the request's head to the answer's end."""
    caller: str
    """Who asked, as the access policy names them; without one, the address."""
    channel_length: int | None = None
    """Of the channel's name, in characters; None if none was read."""
    channel: str | None = None
    """The name itself, if :attr:`Settings.log_channels` asks for it."""


Scope = Any
LOG_CONTEXT = "agora_helpers.noted"
"""In the scope of a request: what its endpoint knows for the log, ``caller`` and ``channel``."""
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_GONE = 499


class AccessLog:
    """ASGI middleware that hands a :class:`LogEntry` to ``sink`` when a request has been answered.

    Args:
        app: the app.
        sink: what is called with each entry.
        paths: the paths that may stand in the log; any other may hold a token.
        channels: put the channels' names into the log.
    """

    def __init__(
        self, app: Any, sink: Callable[[LogEntry], object], paths: Collection[str], *, channels: bool = False
    ) -> None:
        self._app, self._sink, self._paths, self._channels = app, sink, paths, channels

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Pass the request on, and watch the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), _GONE
        log_context: dict[str, str] = {}
        scope[LOG_CONTEXT] = log_context

        async def watch(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except BaseException:
            status = 500 if status == _GONE else status
            raise
        finally:
            channel = log_context.get("channel")
            self._sink(
                LogEntry(
                    time=time.time(),
                    method=scope["method"] if scope["method"] in _METHODS else "?",
                    path=scope["path"] if scope["path"] in self._paths else "?",
                    status=status,
                    milliseconds=round((time.perf_counter() - began) * 1000, 3),
                    caller=log_context.get("caller") or address_of(scope),
                    channel_length=None if channel is None else len(channel),
                    channel=channel if self._channels else None,
                )
            )


def address_of(scope: Scope) -> str:
    """The address that the request came from."""
    client = scope.get("client")
    return str(client[0]) if client else "unknown"


class JsonLines:
    """A sink that writes entries as lines of JSON, those of one turn of the event loop at once.

    (A write for each would take a quarter of the time of an answer.) A stream that is closed is no matter. One that
    nobody reads holds the server up when it is full, as it does every program.

    Args:
        stream: where to; None for standard output.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream
        self._entries: deque[LogEntry] = deque()

    def __call__(self, entry: LogEntry) -> None:
        """Called in the event loop."""
        if not self._entries:
            asyncio.get_running_loop().call_soon(self._write)
        self._entries.append(entry)

    def _write(self) -> None:
        lines = "".join(to_json(entry) + "\n" for entry in self._entries)
        self._entries.clear()
        stream = self._stream or sys.stdout
        with suppress(OSError, ValueError):
            stream.write(lines)
            stream.flush()


def to_json(entry: LogEntry) -> str:
    """One line; what is None is left out.

    >>> print(to_json(LogEntry(1_700_000_000.25, "POST", "/rtctoken", 200, 0.4, "key 1", 5)))
    {"time": "2023-11-14T22:13:20.250+00:00", "method": "POST", "path": "/rtctoken", "status": 200, ...}
    """
    said: dict[str, Any] = {
        "time": datetime.fromtimestamp(entry.time, UTC).isoformat(timespec="milliseconds"),
        "method": entry.method,
        "path": entry.path,
        "status": entry.status,
        "milliseconds": entry.milliseconds,
        "caller": entry.caller,
    }
    if entry.channel_length is not None:
        said["channelLength"] = entry.channel_length
    if entry.channel is not None:
        said["channel"] = entry.channel
    return json.dumps(said)
