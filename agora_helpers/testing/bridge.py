"""Lead what Agora's SDKs send from Playwright's pages to a model: HTTP requests and WebSockets. No sockets are needed.

Playwright's event loop runs only while a test is inside one of its calls, or awaits. So a test that moves the clock
puts the model's frames into that loop, and the page gets them with the test's next call.
"""

from __future__ import annotations

import asyncio
import math
import re
import threading
import weakref
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ..errors import InputError
from ..practice.session import Connection
from ..practice.signaling import SignalingLink
from ..practice_server.access_point import MEDIA_PORT, SIGNALING_PORTS
from ..server.in_process import call

if TYPE_CHECKING:
    from playwright.async_api import Request as AsyncRequest
    from playwright.async_api import Route as AsyncRoute
    from playwright.async_api import WebSocketRoute as AsyncWebSocketRoute
    from playwright.sync_api import Request, Route, WebSocketRoute
    from starlette.applications import Starlette

_HOST = r"([\w-]+\.)*(agora\.io|sd-rtn\.com)(:\d+)?(?=[/?#]|$)"  # JavaScript reads it, too
REQUESTS = re.compile(rf"^https?://{_HOST}", re.IGNORECASE)
WEB_SOCKETS = re.compile(rf"^wss?://{_HOST}", re.IGNORECASE)
_BY_SCRIPTS = {"xhr", "fetch", "ping", "beacon"}
"""Playwright's types of requests that an SDK sends. Others load the SDK itself from Agora's hosts, or a page."""
_GOING_AWAY, _UNSUPPORTED_DATA, _POLICY_VIOLATION, _TRY_AGAIN_LATER = 1001, 1003, 1008, 1013


class Bridge:
    """Answers the requests of Agora's SDKs with an access point, and connects their WebSockets to its servers.

    Args:
        access_point: from :func:`agora_helpers.practice_server.create_access_point`.
    """

    def __init__(self, access_point: Starlette) -> None:
        self._app = access_point
        self._servers: dict[int | None, Any] = dict.fromkeys(SIGNALING_PORTS, access_point.state.signaling_server)
        self._servers[MEDIA_PORT] = access_point.state.media_server
        self._sockets: weakref.WeakSet[_Socket] = weakref.WeakSet()  # Playwright refers to those that are open

    def answer(self, route: Route) -> None:
        """Answer a request; Playwright's sync API."""
        if route.request.resource_type in _BY_SCRIPTS:
            route.fulfill(**self._respond(route.request))
        else:
            route.fallback()

    async def answer_async(self, route: AsyncRoute) -> None:
        """Answer a request; Playwright's async API."""
        if route.request.resource_type in _BY_SCRIPTS:
            await route.fulfill(**self._respond(route.request))
        else:
            await route.fallback()

    def connect(self, route: WebSocketRoute | AsyncWebSocketRoute) -> None:
        """Connect a WebSocket; both of Playwright's APIs."""
        server = self._servers.get(urlsplit(route.url).port)
        if server is None:
            return _close(route, asyncio.get_running_loop(), _POLICY_VIOLATION, "No such server in a practice project.")
        try:
            self._sockets.add(_Socket(route, server))
        except InputError:
            _close(route, asyncio.get_running_loop(), _TRY_AGAIN_LATER, "There are too many connections.")

    def close(self) -> None:
        """Close all WebSockets."""
        for socket in list(self._sockets):
            socket.end(_GOING_AWAY, "")

    def _respond(self, request: Request | AsyncRequest) -> dict[str, Any]:
        """Return the arguments of Playwright's ``fulfill``."""
        import httpx2

        content_type = request.headers.get("content-type", "")
        headers = [(b"content-type", content_type.encode("latin-1"))]
        body = request.post_data_buffer or b""
        status, response_headers, content = call(self._app, request.method, httpx2.URL(request.url), headers, body)
        shown = {name.decode("latin-1"): value.decode("latin-1") for name, value in response_headers}
        return {"status": status, "headers": shown | {"access-control-allow-origin": "*"}, "body": content}


class _Socket:
    """One WebSocket of a page, and its connection to a model's server. Frames are sent from any thread.

    Args:
        route: Playwright's end of it, sync or async.
        server: a media server or a Signaling server.

    Raises:
        InputError: the server has too many connections.
    """

    def __init__(self, route: Any, server: Any) -> None:
        self._route, self._server = route, server
        self._loop, self._thread = asyncio.get_running_loop(), threading.get_ident()
        self._timer: asyncio.TimerHandle | None = None
        self._open = True
        self._link: Connection | SignalingLink = server.connect(self._wake)
        self._unsubscribe = server.project.clock.subscribe(self._wake)  # what is due may be due at another time now
        route.on_message(self._receive)
        route.on_close(self.end)

    def end(self, code: int | None, reason: str | None) -> None:
        """Close it. Does nothing if it is closed."""
        if self._open:
            self._open = False
            self._unsubscribe()
            if self._timer:
                self._timer.cancel()
            if self._loop.is_closed():
                return self._link.close()
            self._loop.call_soon_threadsafe(self._link.close)  # not while the server goes through its connections
            _close(self._route, self._loop, code, reason)

    def _receive(self, frame: str | bytes) -> None:
        match self._link, frame:
            case (Connection() as link, str()):
                link.receive(frame)
            case (SignalingLink() as link, bytes()):
                link.receive(frame)
            case _:
                return self.end(_UNSUPPORTED_DATA, "")
        self._flush()

    def _wake(self) -> None:
        """Send what there is, and plan for what is due."""
        if threading.get_ident() == self._thread:
            self._flush()
        else:
            with suppress(RuntimeError):  # the loop is closed
                self._loop.call_soon_threadsafe(self._flush)

    def _flush(self) -> None:
        if not self._open or self._loop.is_closed():
            return
        for frame in self._link.take():
            self._route.send(frame)
        if self._link.closed:
            return self.end(_POLICY_VIOLATION, self._link.problem)
        if self._timer:
            self._timer.cancel()
        due = self._server.seconds_until_due()
        self._timer = None if math.isinf(due) else self._loop.call_later(due, self._pass_time)

    def _pass_time(self) -> None:
        self._server.tick()
        self._flush()


_closing: set[asyncio.Future[None]] = set()
"""Keeps tasks alive until they are done."""


def _close(route: Any, loop: asyncio.AbstractEventLoop, code: int | None, reason: str | None) -> None:
    """Close a page's WebSocket soon. Playwright's sync API waits for that, in a greenlet of its own."""
    from greenlet import greenlet

    def close() -> None:
        closing = route.close(code=code, reason=reason)
        if asyncio.iscoroutine(closing):
            task = asyncio.ensure_future(closing)
            _closing.add(task)
            task.add_done_callback(_closing.discard)

    loop.call_soon_threadsafe(lambda: greenlet(close).switch())
