"""What every web app here needs besides its framework."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from .errors import InputError


async def receive_body(request: Request, largest: int, too_large: InputError) -> bytes:
    """The whole body; raises ``too_large`` as soon as more than ``largest`` bytes have come, with a length or without.

    (Starlette's own limit does not answer in JSON.)
    """
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > largest:
            raise too_large
    return body


async def client_gone(request: Request, error: Exception) -> Response:
    """The client hung up: nobody reads this."""
    return Response(status_code=400)
