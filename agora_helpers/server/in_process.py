"""A client that hands its requests to an ASGI app directly, where there are no sockets and no threads."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from ..errors import AgoraHelpersError

if TYPE_CHECKING:
    import httpx2

HOST = "localhost"


class InProcess:
    """One run of an app without a server; it listens on no port.

    Args:
        app: an ASGI app that waits for nothing but its request: its answer is ready when the call returns.
    """

    port = 0

    def __init__(self, app: Any) -> None:
        import httpx2

        class Transport(httpx2.BaseTransport):
            def handle_request(self, request: httpx2.Request) -> httpx2.Response:
                status, headers, body = call(app, request.method, request.url, request.headers.raw, request.read())
                return httpx2.Response(status, headers=headers, content=body, request=request)

        self.client = httpx2.Client(base_url=f"http://{HOST}", transport=Transport())

    def stop(self) -> None:
        """Nothing runs that would have to be stopped."""
        self.client.close()


def call(app: Any, method: str, url: httpx2.URL, headers: Any, body: bytes) -> tuple[int, Any, bytes]:
    """Status, headers and body of the app's answer to one request.

    Raises:
        AgoraHelpersError: the app waits for something else, or answers nothing.
    """
    path, _, query = url.raw_path.partition(b"?")
    scope = {
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
    answered: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        answered.append(message)

    _finish(app(scope, receive, send))
    if not answered:
        raise AgoraHelpersError("server", "did not answer.", "")
    start, *parts = answered
    return start["status"], start["headers"], b"".join(part.get("body", b"") for part in parts)


def _finish(coroutine: Coroutine[Any, Any, None]) -> None:
    """Run it to its end at once, in the event loop that runs already, or in none."""
    try:
        coroutine.send(None)
    except StopIteration:
        return
    coroutine.close()
    raise AgoraHelpersError("server", "waits for something, which it cannot do here.", "")
