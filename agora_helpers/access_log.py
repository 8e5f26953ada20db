"""The access log: an entry for each request, with nothing secret in it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import Any, TextIO

from .settings import LogEntry

Scope = Any
NOTED = "agora_helpers.noted"
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
        noted: dict[str, str] = {}
        scope[NOTED] = noted

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
            channel = noted.get("channel")
            self._sink(
                LogEntry(
                    time=time.time(),
                    method=scope["method"] if scope["method"] in _METHODS else "?",
                    path=scope["path"] if scope["path"] in self._paths else "?",
                    status=status,
                    milliseconds=round((time.perf_counter() - began) * 1000, 3),
                    caller=noted.get("caller") or address_of(scope),
                    channel_length=None if channel is None else len(channel),
                    channel=channel if self._channels else None,
                )
            )


def address_of(scope: Scope) -> str:
    """The address that the request came from."""
    client = scope.get("client")
    return str(client[0]) if client else "unknown"


def json_lines(stream: TextIO) -> Callable[[LogEntry], None]:
    """A sink that writes each entry as a line of JSON, at once.

    >>> import sys
    >>> write = json_lines(sys.stdout)
    >>> write(LogEntry(1_700_000_000.25, "POST", "/rtctoken", 200, 0.4, "key 1", 5))
    {"time": "2023-11-14T22:13:20.250Z", "method": "POST", "path": "/rtctoken", "status": 200, ...}
    """

    def write(entry: LogEntry) -> None:
        at = datetime.fromtimestamp(entry.time, UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
        said = {
            "time": at,
            "method": entry.method,
            "path": entry.path,
            "status": entry.status,
            "milliseconds": entry.milliseconds,
            "caller": entry.caller,
            "channelLength": entry.channel_length,
            "channel": entry.channel,
        }
        stream.write(json.dumps({name: value for name, value in said.items() if value is not None}) + "\n")
        stream.flush()

    return write
