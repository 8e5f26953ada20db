"""What every web app here needs besides its framework: bodies in, JSON out, and who may address it.

Plain ASGI: an endpoint of these is what a token server runs all day.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from ..errors import InputError

MAX_BODY_BYTES = 16 * 1024
"""Bytes. A request for a token has a few hundred."""
HEALTH = "/health"
"""Always the same answer, for whatever name a probe uses."""
BODY_TIMEOUT_SECONDS = 5
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


async def receive_json(headers: Headers, receive: Any, largest: int = MAX_BODY_BYTES) -> Body:
    """The JSON object that a request consists of.

    Only ``application/json`` is read: that a page of another origin cannot send without asking first.

    Raises:
        RequestError: it is something else, larger than ``largest`` bytes, or not here in time.
        ClientDisconnect: the client hung up.
    """
    if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        hint = "Send JSON, with the header Content-Type: application/json."
        problem = "is not application/json."
        raise RequestError("UNSUPPORTED_MEDIA_TYPE", "Content-Type", problem, hint, status=415, headers=CLOSE)

    def too_large() -> RequestError:
        problem, hint = f"is larger than {largest} bytes.", "Send the few fields that are asked for."
        return RequestError("BODY_TOO_LARGE", "body", problem, hint, status=413, headers=CLOSE)

    task, late = asyncio.current_task(), False

    def give_up() -> None:
        nonlocal late
        late = bool(task and task.cancel())

    timer = asyncio.get_running_loop().call_later(
        BODY_TIMEOUT_SECONDS, give_up
    )  # asyncio.timeout takes three times as long
    try:
        body = await receive_body(receive, largest, too_large)
    except asyncio.CancelledError:
        if not late or not task or task.uncancel():
            raise  # the server stops
        problem = f"has not arrived within {BODY_TIMEOUT_SECONDS} seconds."
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


Body = dict[str, Any]
CLOSE = {"connection": "close"}
"""A header for answers to a body that was not read to its end."""


class RequestError(InputError):
    """A request that gets no token.

    Attributes:
        code: a stable word for programs, such as ``"MISSING_FIELD"``.
        status: the HTTP status.
        headers: of the answer, beside the usual ones.
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
        super().__init__(field, problem, hint)
        self.code = code
        self.status = status
        self.headers = headers or {}

    def to_dict(self) -> Body:
        """What the caller reads."""
        return {"error": {"code": self.code, "field": self.field, "message": str(self)}}


def read_body(body: bytes) -> Body:
    """The JSON object that a request consists of; each name once, no NaN.

    Raises:
        RequestError: it is something else.
    """
    if not body.strip():
        raise RequestError("INVALID_JSON", "body", "is empty.", 'Send for instance {"channel": "lobby"}.')
    try:
        value = _read_json(body.decode().removeprefix("\ufeff"))
    except RequestError:
        raise
    except UnicodeDecodeError:
        raise RequestError("INVALID_JSON", "body", "is not UTF-8 text.", "Send JSON in UTF-8.") from None
    except json.JSONDecodeError as error:
        line, column = _place_of(error)
        problem = f"is not valid JSON at line {line}, column {column}."
        hint = "Names and strings stand in double quotes, true and false in lower case, and no comma follows the last."
        raise RequestError("INVALID_JSON", "body", problem, hint) from None
    except (ValueError, RecursionError):  # an integer of thousands of digits, or brackets within brackets
        raise RequestError("INVALID_JSON", "body", "holds a number or a nesting beyond measure.") from None
    if not isinstance(value, dict):
        problem = "must be a JSON object, with names and values in braces."
        raise RequestError("INVALID_JSON", "body", problem, 'Send for instance {"channel": "lobby"}.')
    return value


def _place_of(error: json.JSONDecodeError) -> tuple[int, int]:
    """Line and column. For a comma too many Python points at it from 3.13 on, at what follows before: here at it."""
    before = error.doc[: error.pos].rstrip()
    closes = error.doc[error.pos : error.pos + 1] in ("}", "]")
    place = len(before) - 1 if closes and before.endswith(",") else error.pos
    return error.doc.count("\n", 0, place) + 1, place - error.doc.rfind("\n", 0, place)


def _once(pairs: list[tuple[str, Any]]) -> Body:
    body = dict(pairs)
    if len(body) < len(pairs):
        raise RequestError("INVALID_JSON", "body", "holds the same name twice.", "Send each field once.")
    return body


def _no_constant(name: str) -> NoReturn:
    raise RequestError("INVALID_JSON", "body", f"holds {name}, which is not JSON.", "Send a number, or leave it out.")


def _finite(number: str) -> float:
    return float(number) if abs(float(number)) < float("inf") else _no_constant(number[:9])


_read_json = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_constant, parse_float=_finite).decode
