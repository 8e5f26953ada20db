"""One ASGI app for every endpoint that takes a JSON object and responds with one."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from pathlib import Path

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from ..errors import AgoraHelpersError
from .access import Gate, Permit
from .access_log import LOG_CONTEXT, address_of
from .requests import MAX_BODY_BYTES, Body, RequestError, has_left, receive_json, send_error, send_json

_PACKAGE = Path(__file__).parents[1]
_LONG_WAIT_SECONDS = 0.5
"""After this time for policy, rate limit and body, a client may be gone. An engine does not say so on its own."""


class JsonEndpoint:
    """ASGI app: receives a JSON object, and responds with a JSON object or an error.

    Plain ASGI, without a framework's request and response: token requests are what the server does all day.

    Args:
        answer: maps the body of a request to that of the response; raises RequestError to reject it.
        gate: admits callers and counts their requests; None admits all and counts nothing.
        apply: with a gate: returns the request with what the caller's permit decides filled in; raises RequestError to
            reject it.
        read: returns the object that the path and the query of a request stand for, where there is no body; raises
            RequestError to reject it.
        max_body_bytes: the largest body.
    """

    def __init__(
        self,
        answer: Callable[[Body], Body],
        *,
        gate: Gate | None = None,
        apply: Callable[[Permit, Body], Body] | None = None,
        read: Callable[[Scope], Body] | None = None,
        max_body_bytes: int = MAX_BODY_BYTES,
    ) -> None:
        self._answer, self._gate, self._apply, self._read = answer, gate, apply, read
        self._max_body_bytes = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        headers, permit, began = Headers(scope=scope), None, time.monotonic()
        log_context = scope.get(LOG_CONTEXT, {})
        try:
            if self._gate:
                permit = await self._gate.admit(headers, address_of(scope))
                log_context["caller"] = permit.caller
                await self._gate.count(permit)
            body = self._read(scope) if self._read else await receive_json(headers, receive, self._max_body_bytes)
            if time.monotonic() - began > _LONG_WAIT_SECONDS and await has_left(receive):
                raise ClientDisconnect
            if isinstance(channel := body.get("channel"), str):
                log_context["channel"] = channel
            response = self._answer(self._apply(permit, body) if permit and self._apply else body)
        except RequestError as error:
            await send_error(send, error)
        except ClientDisconnect:
            pass  # nobody reads a response
        except (Exception, SystemExit, KeyboardInterrupt, asyncio.CancelledError) as error:
            if isinstance(error, asyncio.CancelledError) and _is_cancelled():
                raise  # the server stops
            await send_error(send, internal_error(error))
        else:
            await send_json(send, response)


def _is_cancelled() -> bool:
    """Return whether something cancelled this request. A policy can also raise the exception on its own."""
    task = asyncio.current_task()
    return task is None or task.cancelling() > 0


def internal_error(error: BaseException) -> RequestError:
    """Log where the server failed, and return the error for the client, which shows nothing of it.

    Only messages of this package are logged. Those of other code, such as an access policy, may contain anything.
    """
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    file, line = (Path(trace.tb_frame.f_code.co_filename), trace.tb_lineno) if trace else (Path("?"), 0)
    is_ours = isinstance(error, AgoraHelpersError) and file.is_relative_to(_PACKAGE)
    description = str(error) if is_ours else type(error).__name__
    logging.getLogger(__name__).error("%s (%s, line %s)", description, file.name, line)
    return RequestError("INTERNAL_ERROR", "server", "Internal server error.", status=500)
