"""The token server of the classic tutorial, with its faults taken out.

    GET  /           Agora Auth Token Server
    POST /rtctoken   {"channel": "lobby", "isPublisher": true}  →  {"uid": …, "token": …, …}
    POST /rtmtoken   {"user": "alice"}                          →  {"token": …, …}
    GET  /try, /client   pages that ask for a token in a browser, where the settings allow them

:func:`create_app` makes the app, which any ASGI server can run; :class:`TokenServer` runs it in the background of a
notebook or a test, :func:`serve` in the foreground, for ``agora-helpers serve``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from .credentials import Credentials
from .errors import InputError
from .hosting import BackgroundServer, is_loopback, run_in_foreground
from .pages import page_routes
from .settings import Settings
from .token_requests import Body, RequestError, answer_rtc, answer_rtm, read_body
from .web import client_gone, receive_body

WELCOME = "Agora Auth Token Server"
LARGEST_BODY = 16 * 1024
"""Bytes. A request for a token has a few hundred."""

PATIENCE = 5
"""Seconds for a body to arrive."""

_HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


def create_app(settings: Settings | None = None) -> Starlette:
    """The token server as an ASGI app. It keeps no state, so run as many of it as you like.

    Args:
        settings: None reads the environment: ``AGORA_APP_ID``, ``AGORA_APP_CERTIFICATE``, and ``AGORA_ACCESS``
            (``keys`` or ``none``), which must be there; ``AGORA_API_KEYS``, ``AGORA_ALLOWED_ORIGINS``, ``AGORA_PAGES``
            and ``AGORA_WEB_SDK``.

    Raises:
        InputError: a setting is missing or cannot be used.
    """
    settings = settings or Settings.from_env()
    routes = [
        Route("/", _welcome),
        Route("/rtctoken", _endpoint(settings, answer_rtc), methods=["POST"]),
        Route("/rtmtoken", _endpoint(settings, answer_rtm), methods=["POST"]),
    ]
    if settings.pages:
        routes += page_routes(settings, [route.path for route in routes])
    handlers: dict[Any, Any] = {
        RequestError: _refused,
        HTTPException: _no_such_route,
        ClientDisconnect: client_gone,
        Exception: _failed,
    }
    cors = Middleware(
        CORSMiddleware,
        allow_origins=settings.origins,
        allow_methods=["POST"],
        allow_headers=["Authorization", "Content-Type"],
    )
    app = Starlette(routes=routes, exception_handlers=handlers, middleware=[cors] if settings.origins else [])
    app.router.redirect_slashes = False  # a redirect would lead to whatever the Host header says
    return app


async def _welcome(request: Request) -> Response:
    return PlainTextResponse(WELCOME, headers=_HEADERS)


def _endpoint(settings: Settings, answer: Callable[[Settings, Body], Body]) -> Callable[[Request], Awaitable[Response]]:
    async def handle(request: Request) -> Response:
        if settings.access is not None and not settings.access.admit(request.headers.get("authorization")):
            cure = "Send one of the server's keys in the header Authorization: Bearer KEY."
            raise RequestError("UNAUTHORIZED", "Authorization", "holds no key that is known here.", cure, status=401)
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            cure = "Send JSON, with the header Content-Type: application/json."
            problem = "is not application/json."
            raise RequestError("UNSUPPORTED_MEDIA_TYPE", "Content-Type", problem, cure, status=415)
        return JSONResponse(answer(settings, read_body(await _receive(request))), headers=_HEADERS)

    return handle


async def _receive(request: Request) -> bytes:
    """The body, if it is of a sensible size and arrives in time."""
    problem, cure = f"is larger than {LARGEST_BODY} bytes.", "Send the few fields that are asked for."
    too_large = RequestError("BODY_TOO_LARGE", "body", problem, cure, status=413)
    try:
        async with asyncio.timeout(PATIENCE):
            return await receive_body(request, LARGEST_BODY, too_large)
    except TimeoutError:
        problem = f"has not arrived within {PATIENCE} seconds."
        raise RequestError("REQUEST_TIMEOUT", "body", problem, "Send it whole.", status=408) from None


async def _refused(request: Request, error: RequestError) -> Response:
    half_read = {"connection": "close"}
    extra = {401: {"www-authenticate": "Bearer"}, 408: half_read, 413: half_read}.get(error.status, {})
    return _error(error.status, error.code, error.field, str(error), extra)


async def _no_such_route(request: Request, error: HTTPException) -> Response:
    if error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "")
        cure = f"Use {allowed.replace(', ', ' or ')}."
        cure += " A browser's address bar can only GET." * ("POST" in allowed)
        return _error(405, "METHOD_NOT_ALLOWED", "method", f"method: is not allowed here. {cure}", {"allow": allowed})
    message = "path: is not known here. There are GET /, POST /rtctoken and POST /rtmtoken."
    return _error(error.status_code, "NOT_FOUND", "path", message)


async def _failed(request: Request, error: Exception) -> Response:
    return _error(500, "INTERNAL_ERROR", "server", "server: failed, and it is not your request's fault.")


def _error(status: int, code: str, field: str, message: str, extra: dict[str, str] | None = None) -> Response:
    body = {"error": {"code": code, "field": field, "message": message}}
    return JSONResponse(body, status_code=status, headers=_HEADERS | (extra or {}))


class TokenServer(BackgroundServer):
    """The token server with its pages on this machine's loopback, in a thread of its own: for notebooks and tests.

    Args:
        credentials: the project's App ID and App Certificate.
        port: 0 for any free one.
        now, salt, uid: fixed values, so that answers can be repeated; see :class:`Settings`.

    ``start``, ``stop`` and ``client`` are those of :class:`BackgroundServer`; ``with`` starts and stops it.

    Raises:
        InputError: an argument cannot be used.

    >>> with TokenServer(Credentials.demo()) as server:
    ...     answer = server.client.post("/rtctoken", json={"channel": "lobby", "isPublisher": True})
    >>> answer.status_code, answer.json()["channel"]
    (200, 'lobby')
    """

    def __init__(
        self,
        credentials: Credentials,
        *,
        port: int = 0,
        now: int | None = None,
        salt: int | None = None,
        uid: int | None = None,
    ) -> None:
        app = create_app(Settings(credentials=credentials, now=now, salt=salt, uid=uid, pages=True))
        super().__init__(app, port=port)


def serve(settings: Settings, host: str, port: int, *, announce: Callable[[str, int], object]) -> None:
    """Run the token server in the foreground, until SIGINT or SIGTERM.

    Args:
        settings: see :class:`Settings`.
        host: the address to listen on; other than loopback only with an access policy.
        port: 0 to 65535; 0 for any free one.
        announce: called with host and port when the server listens.

    Raises:
        InputError: the address cannot be used, or others could reach it and nobody said who may have tokens.
    """
    if settings.access is None and host and not is_loopback(host):
        problem = "is open to other machines, and no access policy keeps anyone from a token."
        raise InputError("host", problem, "Set AGORA_ACCESS=keys and AGORA_API_KEYS, or listen on 127.0.0.1.")
    run_in_foreground(create_app(settings), host, port, announce=announce)
