"""An HTTP client that calls an ASGI app directly, for browser tabs, which have no sockets and no threads."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from typing import TYPE_CHECKING, Any

from ..errors import AgoraHelpersError

if TYPE_CHECKING:
    import httpx2
    from starlette.types import ASGIApp, Message, Scope

HOST = "localhost"
Headers = Sequence[tuple[bytes, bytes]]


class InProcess:
    """Runs an app without a server. It listens on no port.

    Args:
        app: an ASGI app that awaits nothing but its request, so that its response is ready when the call returns.
    """

    port = 0

    def __init__(self, app: ASGIApp) -> None:
        import httpx2

        class Transport(httpx2.BaseTransport):
            def handle_request(self, request: httpx2.Request) -> httpx2.Response:
                status, headers, body = call(app, request.method, request.url, request.headers.raw, request.read())
                return httpx2.Response(status, headers=headers, content=body, request=request)

        self.client = httpx2.Client(base_url=f"http://{HOST}", transport=Transport())

    def stop(self) -> None:
        """Close the client. Nothing else runs."""
        self.client.close()


def call(app: ASGIApp, method: str, url: httpx2.URL, headers: Headers, body: bytes) -> tuple[int, Headers, bytes]:
    """Call the app with one request.

    Returns:
        Status, headers and body of its response.

    Raises:
        AgoraHelpersError: the app awaits something else, or does not respond.
    """
    path, _, query = url.raw_path.partition(b"?")
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": url.path,
        "raw_path": path,
        "query_string": query,
        "root_path": "",
        "headers": [(name.lower(), value) for name, value in headers],
        "client": ("127.0.0.1", 0),
        "server": (HOST, 80),
    }
    messages: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        messages.append(message)

    async def run() -> None:
        await app(scope, receive, send)

    _finish(run())
    if not messages:
        raise AgoraHelpersError("server", "did not respond.")
    start, *parts = messages
    return start["status"], start["headers"], b"".join(part.get("body", b"") for part in parts)


def _finish(coroutine: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine to its end at once, within the running event loop or without one."""
    try:
        coroutine.send(None)
    except StopIteration:
        return
    coroutine.close()
    raise AgoraHelpersError("server", "awaits something, which is not possible in a browser tab.", "")
