"""A question that a page asks its own server: JSON in, JSON out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.routing import Route

from ..json_requests import Body, RequestError
from ..web import receive_json, refuse, send_json

_LARGEST_BODY = 32 * 1024


def json_route(path: str, answer: Callable[[Body], Body]) -> Route:
    """``POST path``: what ``answer`` makes of the JSON object that was sent."""
    return Route(path, _Endpoint(answer), methods=["POST"])


class _Endpoint:
    def __init__(self, answer: Callable[[Body], Body]) -> None:
        self._answer = answer

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            answered = self._answer(await receive_json(Headers(scope=scope), receive, _LARGEST_BODY))
        except RequestError as error:
            await refuse(send, error)
        except ClientDisconnect:
            pass  # nobody reads an answer
        else:
            await send_json(send, answered)
