"""A question that a page asks its own server: JSON in, JSON out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..token_requests import Body, RequestError, read_body
from ..web import receive_body

HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}
_LARGEST_BODY = 32 * 1024
_PATIENCE = 5  # seconds


def json_route(path: str, answer: Callable[[Body], Body]) -> Route:
    """``POST path``: what ``answer`` makes of the JSON object that was sent.

    Only ``application/json`` is read: that a page of another origin cannot send without asking first.
    """

    async def post(request: Request) -> Response:
        try:
            return JSONResponse(answer(await _read(request)), headers=HEADERS)
        except RequestError as error:
            body = {"error": {"code": error.code, "field": error.field, "message": str(error)}}
            return JSONResponse(body, status_code=error.status, headers=HEADERS)

    return Route(path, post, methods=["POST"])


async def _read(request: Request) -> Body:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise RequestError("UNSUPPORTED_MEDIA_TYPE", "Content-Type", "is not application/json.", status=415)
    too_large = RequestError("BODY_TOO_LARGE", "body", f"is larger than {_LARGEST_BODY} bytes.", status=413)
    try:
        async with asyncio.timeout(_PATIENCE):
            return read_body(await receive_body(request, _LARGEST_BODY, too_large))
    except TimeoutError:
        problem = f"has not arrived within {_PATIENCE} seconds."
        raise RequestError("REQUEST_TIMEOUT", "body", problem, status=408) from None
