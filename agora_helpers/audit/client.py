"""Sends the requests of an audit: one after the other, each bounded in time and size, no redirect followed."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Coroutine
from threading import Thread
from typing import TYPE_CHECKING, Any

from ..errors import AgoraHelpersError, ErrorCode, InputError
from .replies import Reply
from .target import Request

if TYPE_CHECKING:
    import httpx2
    from starlette.types import ASGIApp

MAX_REQUESTS = 60
MAX_REPLY_BYTES = 64 * 1024
"""More of a reply is not read."""
TIMEOUT_SECONDS = 10.0
"""For a whole reply."""


Sender = Callable[[Request], Reply]
"""Sends one request. It never raises because of what the server does."""


def network_sender() -> Sender:
    """Return the function that sends requests over the network, without cookies and without a proxy.

    Raises:
        InputError: the package that it needs is not installed.
    """
    httpx2 = _import_httpx2()
    options = {"timeout": TIMEOUT_SECONDS, "trust_env": False, "verify": httpx2.create_ssl_context(trust_env=False)}

    def send(request: Request) -> Reply:
        content: dict[str, Any] = {
            "headers": {"accept-encoding": "identity", **request.headers},
            "content": request.body,
        }
        deadline = time.monotonic() + TIMEOUT_SECONDS
        body, complete = b"", True
        try:
            with (
                httpx2.Client(**options) as client,
                client.stream(request.method, request.url, **content) as response,
            ):
                for chunk in response.iter_bytes():
                    body += chunk
                    if len(body) > MAX_REPLY_BYTES or time.monotonic() > deadline:
                        complete = False
                        break
        except httpx2.ConnectError:
            return Reply.none("no connection to the server")
        except httpx2.TimeoutException:
            return Reply.none(f"no response within {TIMEOUT_SECONDS:g} s")
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError):
            return Reply.none("the connection was closed without a complete response")
        if not complete and len(body) <= MAX_REPLY_BYTES:
            return Reply.none(f"no complete response within {TIMEOUT_SECONDS:g} s")
        return Reply(response.status_code, _headers(response), body[:MAX_REPLY_BYTES])

    return send


def in_process_sender(app: ASGIApp) -> Sender:
    """Return the function that calls an ASGI app directly, without a socket. It works in a browser tab, too.

    Raises:
        InputError: the package that it needs is not installed.
    """
    httpx2 = _import_httpx2()
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)

    async def call(request: Request) -> Reply:
        message = httpx2.Request(request.method, request.url, headers=dict(request.headers), content=request.body)
        response = await transport.handle_async_request(message)
        return Reply(response.status_code, _headers(response), (await response.aread())[:MAX_REPLY_BYTES])

    def send(request: Request) -> Reply:
        replies: list[Reply] = []

        async def run() -> None:
            try:
                replies.append(await asyncio.wait_for(call(request), TIMEOUT_SECONDS))
            except TimeoutError:
                replies.append(Reply.none(f"no response within {TIMEOUT_SECONDS:g} s"))

        async def run_at_once() -> None:
            replies.append(await call(request))

        if sys.platform == "emscripten":
            _finish(run_at_once())
        else:
            thread = Thread(
                target=asyncio.run, args=(run(),)
            )  # this thread may have an event loop that runs: Jupyter's
            thread.start()
            thread.join()
        return replies[0] if replies else Reply.none("the app failed")

    return send


def _headers(response: httpx2.Response) -> dict[str, str]:
    return {name.lower(): value for name, value in response.headers.items()}


def _finish(coroutine: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine to its end at once: a browser tab has no threads."""
    try:
        coroutine.send(None)
    except StopIteration:
        return
    coroutine.close()
    raise AgoraHelpersError("target", "awaits something, which is not possible in a browser tab.")


def _import_httpx2() -> Any:
    try:
        import httpx2
    except ModuleNotFoundError:
        hint = 'Install the extra "server": pip install -e ".[server]"'
        raise InputError("audit", "needs the package httpx2.", hint, code=ErrorCode.MISSING) from None
    return httpx2
