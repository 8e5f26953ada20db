"""What every web app here needs besides its framework: bodies in, JSON out, and who may address it.

Plain ASGI: an endpoint of these is what a token server runs all day.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import re
from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from .errors import InputError
from .json_requests import CLOSE, Body, RequestError, read_body

LARGEST_BODY = 16 * 1024
"""Bytes. A request for a token has a few hundred."""
HEALTH = "/health"
"""Always the same answer, for whatever name a probe uses."""
PATIENCE = 5
"""Seconds for a body to arrive."""
HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}

_write_json = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
_START = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
_START.append((b"content-type", b"application/json"))


def constant_route(path: str, response: Response) -> Route:
    """``GET path``: always this response."""
    return Route(path, response, methods=["GET"])


async def send_json(send: Any, body: Body, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
    """Answer with a JSON object."""
    content = _write_json(body).encode()
    head = [*_START, (b"content-length", str(len(content)).encode())]
    if headers:
        head += [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": content})


async def refuse(send: Any, error: RequestError) -> None:
    """Answer with an error."""
    await send_json(send, error.to_dict(), error.status, error.headers)


async def receive_json(headers: Headers, receive: Any, largest: int = LARGEST_BODY) -> Body:
    """The JSON object that a request consists of.

    Only ``application/json`` is read: that a page of another origin cannot send without asking first.

    Raises:
        RequestError: it is something else, larger than ``largest`` bytes, or not here in time.
        ClientDisconnect: the client hung up.
    """
    if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        cure = "Send JSON, with the header Content-Type: application/json."
        problem = "is not application/json."
        raise RequestError("UNSUPPORTED_MEDIA_TYPE", "Content-Type", problem, cure, status=415, headers=CLOSE)

    def too_large() -> RequestError:
        problem, cure = f"is larger than {largest} bytes.", "Send the few fields that are asked for."
        return RequestError("BODY_TOO_LARGE", "body", problem, cure, status=413, headers=CLOSE)

    task, late = asyncio.current_task(), False

    def give_up() -> None:
        nonlocal late
        late = bool(task and task.cancel())

    timer = asyncio.get_running_loop().call_later(PATIENCE, give_up)  # asyncio.timeout takes three times as long
    try:
        body = await receive_body(receive, largest, too_large)
    except asyncio.CancelledError:
        if not late or not task or task.uncancel():
            raise  # the server stops
        problem = f"has not arrived within {PATIENCE} seconds."
        raise RequestError("REQUEST_TIMEOUT", "body", problem, "Send it whole.", status=408, headers=CLOSE) from None
    finally:
        timer.cancel()
    return read_body(body)


async def receive_body(receive: Any, largest: int, too_large: Callable[[], InputError]) -> bytes:
    """The whole body; raises ``too_large()`` as soon as more than ``largest`` bytes have come, length or no length.

    (Starlette's own limit does not answer in JSON.)
    """
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        if len(body) > largest:
            raise too_large()
        more = message.get("more_body", False)
    return body


async def client_gone(request: Request, error: Exception) -> Response:
    """The client hung up: nobody reads this."""
    return Response(status_code=499)


class HostCheck:
    """ASGI middleware that refuses requests which were meant for another host.

    A page of any origin can give its own name this machine's address; its requests then carry that name. (Starlette's
    own check does not answer in JSON.)

    Args:
        app: the app.
        hosts: the names under which it may be addressed, without port.
    """

    def __init__(self, app: Any, hosts: Collection[str]) -> None:
        self._app, self._hosts = app, frozenset(hosts)
        self._is_ours = lru_cache(maxsize=256)(self._names_us)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] == "http" and scope["path"] != HEALTH:
            named = [value for name, value in scope["headers"] if name == b"host"]
            if len(named) != 1 or not self._is_ours(named[0]):
                cure = f"It answers to {', '.join(sorted(self._hosts))}; AGORA_ALLOWED_HOSTS adds others."
                problem = "is not a name of this server."
                return await refuse(send, RequestError("WRONG_HOST", "Host", problem, cure, status=421, headers=CLOSE))
        await self._app(scope, receive, send)

    def _names_us(self, host: bytes) -> bool:
        return re.sub(":[0-9]*$", "", host.decode("latin-1")).lower() in self._hosts


class AddressCheck:
    """ASGI middleware for what a proxy says of a request's origin: what is no address is not believed."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass the request on."""
        if scope.get("client"):
            try:
                ipaddress.ip_address(scope["client"][0])
            except ValueError:
                scope["client"] = None
        await self._app(scope, receive, send)
