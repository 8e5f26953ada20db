"""Requests and responses of the web apps: bodies in, JSON and errors out.

Plain ASGI: the endpoints that a token server runs all day are made of these.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from ..errors import InputError

Body = dict[str, Any]
"""A JSON object."""
MAX_BODY_BYTES = 16 * 1024
"""A request for a token has a few hundred bytes."""
BODY_TIMEOUT_SECONDS = 5
"""Time in which a body must arrive completely."""
_DISCONNECT_SECONDS = 0.01
HEALTH = "/health"
"""The path for probes. It is answered under any host name."""
HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}
"""Headers of every response."""
CLOSE = {"connection": "close"}
"""A header for responses to a request whose body was not read to its end."""


_WHOLE_SENTENCES = {"caller", "server"}
"""Fields of errors that are not about a part of the request. Their messages do not repeat the field."""


class RequestError(InputError):
    """A request that is rejected, with everything that the response needs.

    Attributes:
        code: a stable word for programs, such as ``"MISSING_FIELD"``.
        status: the HTTP status.
        headers: of the response, besides :data:`HEADERS`.
    """

    def __init__(
        self,
        code: str,
        field: str,
        problem: str,
        hint: str = "",
        *,
        status: int = 400,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(field, problem, hint, code=code)
        self.status = status
        self.headers = headers or {}

    def __str__(self) -> str:
        message = super().__str__()
        return message.removeprefix(f"{self.field}: ") if self.field in _WHOLE_SENTENCES else message

    def to_dict(self) -> Body:
        """Return the body of the response.

        >>> RequestError("MISSING_FIELD", "channel", "is missing.").to_dict()
        {'error': {'code': 'MISSING_FIELD', 'field': 'channel', 'message': 'channel: is missing.'}}
        """
        return {"error": {"code": self.code, "field": self.field, "message": str(self)}}


# Bodies in


async def receive_json(headers: Headers, receive: Receive, max_bytes: int = MAX_BODY_BYTES) -> Body:
    """Receive the JSON object that a request consists of.

    Only ``application/json`` is accepted: a page of another origin cannot send it without a preflight request.

    Args:
        headers: of the request.
        receive: ASGI's callable.
        max_bytes: the largest body.

    Raises:
        RequestError: the body is not a JSON object (400), too late (408), too large (413) or of another type (415).
        ClientDisconnect: the client hung up.
    """
    if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        hint = "Send JSON, with the header Content-Type: application/json."
        problem = "is not application/json."
        raise RequestError("UNSUPPORTED_MEDIA_TYPE", "Content-Type", problem, hint, status=415, headers=CLOSE)

    def too_large() -> RequestError:
        problem, hint = f"is larger than {max_bytes} bytes.", "Send only the fields of this endpoint."
        return RequestError("BODY_TOO_LARGE", "body", problem, hint, status=413, headers=CLOSE)

    task = asyncio.current_task()
    _deadlines.add(task)
    try:
        body = await receive_body(receive, max_bytes, too_large)
    except asyncio.CancelledError:
        if not _deadlines.missed(task) or not task or task.uncancel():
            raise  # the server stops
        problem, hint = f"did not arrive within {BODY_TIMEOUT_SECONDS} seconds.", "Send the whole body at once."
        raise RequestError("REQUEST_TIMEOUT", "body", problem, hint, status=408, headers=CLOSE) from None
    finally:
        _deadlines.remove(task)
    return read_body(body)


class _Deadlines(threading.local):
    """Cancels tasks that wait too long for a body.

    One timer serves all tasks of an event loop, of which a thread runs one at a time. A timer for each task, or
    ``asyncio.timeout``, would take a tenth of a request's time.
    """

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._times: dict[asyncio.Task[Any] | None, float] = {}
        """By the loop's clock, earliest first, of the tasks that wait."""

    def add(self, task: asyncio.Task[Any] | None) -> None:
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop, self._timer, self._times = loop, None, {}
        self._times[task] = time = loop.time() + BODY_TIMEOUT_SECONDS
        self._timer = self._timer or loop.call_at(time, self._cancel_late, loop)

    def missed(self, task: asyncio.Task[Any] | None) -> bool:
        return task not in self._times

    def remove(self, task: asyncio.Task[Any] | None) -> None:
        self._times.pop(task, None)

    def _cancel_late(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer, now = None, loop.time()
        for task in [task for task, time in self._times.items() if time <= now]:
            del self._times[task]
            if task:
                task.cancel()
        if self._times:
            self._timer = loop.call_at(next(iter(self._times.values())), self._cancel_late, loop)


_deadlines = _Deadlines()


async def receive_body(receive: Receive, max_bytes: int, too_large: Callable[[], InputError]) -> bytes:
    """Receive a whole body, whether the request states its length or not.

    Starlette has a limit of its own, but does not respond with JSON.

    Args:
        receive: ASGI's callable.
        max_bytes: the largest body.
        too_large: creates the error to raise as soon as more bytes have arrived.

    Raises:
        InputError: the body is too large.
        ClientDisconnect: the client hung up.
    """
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        if len(body) > max_bytes:
            raise too_large()
        more = message.get("more_body", False)
    return body


async def has_left(receive: Receive) -> bool:
    """Return whether the client has hung up, after its whole body was received. If not, that takes 10 ms.

    Args:
        receive: ASGI's callable, which then waits for nothing but that.
    """
    if not asyncio.current_task():
        return False  # in a browser tab the client is in this process
    try:
        async with asyncio.timeout(_DISCONNECT_SECONDS):
            message = await receive()
    except TimeoutError:
        return False
    return bool(message["type"] == "http.disconnect")


def read_body(body: bytes) -> Body:
    """Parse a JSON object strictly: each name once, no NaN, no infinity.

    Raises:
        RequestError: the body is something else.

    >>> read_body(b'{"channel": "lobby"}')
    {'channel': 'lobby'}
    >>> read_body(b"[]")
    Traceback (most recent call last):
    agora_helpers.server.requests.RequestError: body: must be a JSON object. Send, for example, {"channel": "lobby"}.
    """
    if not body.strip():
        raise _invalid_json("is empty.", _EXAMPLE)
    try:
        value = _parse(body.decode().removeprefix("\ufeff"))
    except RequestError:
        raise
    except UnicodeDecodeError:
        raise _invalid_json("is not UTF-8.", "Send JSON in UTF-8.") from None
    except json.JSONDecodeError as error:
        line, column = _position(error)
        hint = "Put names and strings in double quotes, write true and false in lower case, and use no trailing comma."
        raise _invalid_json(f"is not valid JSON at line {line}, column {column}.", hint) from None
    except (ValueError, RecursionError):  # an integer of thousands of digits, or brackets within brackets
        raise _invalid_json("contains a number that is too long, or too many nested brackets.") from None
    if not isinstance(value, dict):
        raise _invalid_json("must be a JSON object.", _EXAMPLE)
    return value


_EXAMPLE = 'Send, for example, {"channel": "lobby"}.'


def _invalid_json(problem: str, hint: str = "") -> RequestError:
    return RequestError("INVALID_JSON", "body", problem, hint)


def _position(error: json.JSONDecodeError) -> tuple[int, int]:
    """Return line and column. Python 3.13 points at a trailing comma, earlier versions behind it: always at it here."""
    before = error.doc[: error.pos].rstrip()
    closes = error.doc[error.pos : error.pos + 1] in ("}", "]")
    position = len(before) - 1 if closes and before.endswith(",") else error.pos
    return error.doc.count("\n", 0, position) + 1, position - error.doc.rfind("\n", 0, position)


def _unique(pairs: list[tuple[str, Any]]) -> Body:
    body = dict(pairs)
    if len(body) < len(pairs):
        raise _invalid_json("contains the same name twice.", "Send each field once.")
    return body


def _reject_constant(name: str) -> NoReturn:
    raise _invalid_json(f"contains {name}, which is not JSON.", "Send a number, or leave it out.")


def _finite(number: str) -> float:
    return float(number) if abs(float(number)) < float("inf") else _reject_constant(number[:9])


_parse = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_reject_constant, parse_float=_finite).decode


# JSON and errors out

_write_json = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
_START = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
_START.append((b"content-type", b"application/json"))


async def send_json(send: Send, body: Body, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
    """Respond with a JSON object.

    Args:
        send: ASGI's callable.
        body: the object.
        status: the HTTP status.
        headers: besides :data:`HEADERS`.
    """
    content = _write_json(body).encode()
    head = [*_START, (b"content-length", str(len(content)).encode())]
    if headers:
        head += [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": content})


async def send_error(send: Send, error: RequestError) -> None:
    """Respond with an error."""
    await send_json(send, error.to_dict(), error.status, error.headers)


def route_path(scope: Scope) -> str:
    """Return the path of a request without the prefix under which the app is mounted.

    >>> route_path({"path": "/api/health", "root_path": "/api"}), route_path({"path": "/health"})
    ('/health', '/health')
    """
    path: str = scope["path"]
    prefix: str = scope.get("root_path", "")
    return path.removeprefix(prefix) if path.startswith(f"{prefix}/") else path


def constant_route(path: str, response: Response) -> Route:
    """Return the route ``GET path``, which always sends the same response."""
    return Route(path, response, methods=["GET"])


async def client_gone(request: Request, error: Exception) -> Response:
    """Handle Starlette's ClientDisconnect. The response reaches no one."""
    return Response(status_code=499)
