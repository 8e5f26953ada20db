"""The token server of the classic tutorial, with its faults taken out.

    GET  /           Agora Auth Token Server
    POST /rtctoken   {"channel": "lobby", "isPublisher": true}    →  {"uid": …, "token": …, …}
    POST /rtmtoken   {"user": "alice"}                            →  {"token": …, …}
    POST /token      {"channel": "lobby", "userAccount": "alice"} →  {"token": …, …}, for both
    GET  /health     {"status": "ok"}
    GET  /openapi.json   all of this, for programs
    GET  /try, /client   pages that ask for a token in a browser, where the settings allow them

:func:`create_app` makes the app, which any ASGI server can run; :class:`TokenServer` runs it in the background of a
notebook or a test, :func:`serve` in the foreground, for ``agora-helpers serve``.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from ..credentials import Credentials
from ..errors import AgoraHelpersError, InputError
from .access import Gate
from .access_log import LOG_CONTEXT, AccessLog, address_of
from .endpoints import ENDPOINTS, Endpoint, apply_permit
from .hosting import BackgroundServer, is_loopback, run_in_foreground
from .middleware import AddressCheck, HostCheck
from .openapi import describe_api
from .pages.routes import page_routes
from .rate_limit import RateLimit
from .requests import HEADERS, HEALTH, RequestError, constant_route, receive_json, refuse, send_json
from .settings import LOOPBACK_HOSTS, Settings

WELCOME = "Agora Auth Token Server"


def create_app(settings: Settings | None = None) -> Starlette:
    """The token server as an ASGI app. It keeps no state but the rate limit's, so run as many of it as you like.

    Args:
        settings: None reads the environment, where an access policy must be named: see
            :mod:`agora_helpers.server.settings`.

    Raises:
        InputError: a setting is missing or cannot be used.
    """
    settings = settings or Settings.from_env()
    gate = Gate(settings.access, RateLimit(settings.rate_limit) if settings.rate_limit else None)
    endpoints = {path: _TokenEndpoint(settings, gate, endpoint) for path, endpoint in ENDPOINTS.items()}
    routes = [
        *(Route(path, endpoint, methods=["POST"]) for path, endpoint in endpoints.items()),
        constant_route("/", PlainTextResponse(WELCOME, headers=HEADERS)),
        constant_route(HEALTH, JSONResponse({"status": "ok"}, headers=HEADERS)),
        constant_route("/openapi.json", JSONResponse(describe_api(settings), headers=HEADERS)),
    ]
    if settings.pages:
        routes += page_routes(settings)
    handlers: dict[Any, Any] = {HTTPException: _no_such_route, Exception: _failed}
    middleware = [*_middleware(settings, routes), Middleware(_Shortcut, endpoints=endpoints)]
    app = Starlette(routes=routes, exception_handlers=handlers, middleware=middleware)
    app.router.redirect_slashes = False  # a redirect would lead to whatever the Host header says
    return app


def _middleware(settings: Settings, routes: list[Route]) -> list[Middleware]:
    """What every request passes, outermost first: only what the settings ask for."""
    found: list[Middleware] = []
    if settings.trusted_proxies:
        from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

        found.append(Middleware(ProxyHeadersMiddleware, trusted_hosts=list(settings.trusted_proxies)))
        found.append(Middleware(AddressCheck))
    if settings.log:
        paths = frozenset(route.path for route in routes)
        found.append(Middleware(AccessLog, sink=settings.log, paths=paths, channels=settings.log_channels))
    if settings.hosts:
        found.append(Middleware(HostCheck, hosts=settings.hosts))
    if settings.origins:
        allowed: dict[str, Any] = {"allow_methods": ["POST"], "allow_headers": ["Authorization", "Content-Type"]}
        found.append(
            Middleware(CORSMiddleware, allow_origins=settings.origins, expose_headers=["Retry-After"], **allowed)
        )
    return found


class _TokenEndpoint:
    """``POST`` of a JSON object, answered with a token. Plain ASGI: this is what the server does all day."""

    def __init__(self, settings: Settings, gate: Gate, endpoint: Endpoint) -> None:
        self._settings, self._gate, self._endpoint = settings, gate, endpoint

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        headers, log_context = Headers(scope=scope), scope.get(LOG_CONTEXT, {})
        try:
            permit = await self._gate.admit(headers, address_of(scope))
            log_context["caller"] = permit.caller
            await self._gate.count(permit)
            body = await receive_json(headers, receive)
            if isinstance(channel := body.get("channel"), str):
                log_context["channel"] = channel
            answered = self._endpoint.answer(self._settings, apply_permit(permit, body, self._endpoint.fields))
        except RequestError as error:
            await refuse(send, error)
        except ClientDisconnect:
            pass  # nobody reads an answer
        except Exception as error:
            await refuse(send, _failure(error))
        else:
            await send_json(send, answered)


class _Shortcut:
    """ASGI middleware that leads requests for tokens past the framework's router, which takes a tenth of their time."""

    def __init__(self, app: Any, endpoints: Mapping[str, Any]) -> None:
        self._app, self._endpoints = app, endpoints

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        endpoint = self._endpoints.get(scope["path"]) if scope.get("method") == "POST" else None
        await (endpoint or self._app)(scope, receive, send)


async def _no_such_route(request: Request, error: HTTPException) -> Response:
    if error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "")
        hint = f"Use {allowed.replace(', ', ' or ')}."
        hint += " A browser's address bar can only GET." * ("POST" in allowed)
        problem, headers = "is not allowed here.", {"allow": allowed}
        return _error(RequestError("METHOD_NOT_ALLOWED", "method", problem, hint, status=405, headers=headers))
    paths = [f"POST {path}" for path in ENDPOINTS]
    hint = f"There are GET /, {', '.join(paths)}, GET /health and GET /openapi.json."
    return _error(RequestError("NOT_FOUND", "path", "is not known here.", hint, status=error.status_code))


async def _failed(request: Request, error: Exception) -> Response:
    return _error(_failure(error))


def _failure(error: Exception) -> RequestError:
    """A failure of ours. Where it happened is logged, and not its message, which may hold anything."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f"{Path(trace.tb_frame.f_code.co_filename).name}, line {trace.tb_lineno}" if trace else "?"
    what = str(error) if isinstance(error, AgoraHelpersError) else type(error).__name__
    logging.getLogger(__name__).error("%s (%s)", what, place)
    return RequestError("INTERNAL_ERROR", "server", "failed, and it is not your request's fault.", status=500)


def _error(error: RequestError) -> Response:
    return JSONResponse(error.to_dict(), status_code=error.status, headers=HEADERS | dict(error.headers))


class TokenServer(BackgroundServer):
    """The token server with its pages on this machine's loopback, in a thread of its own: for notebooks and tests.

    Args:
        credentials: the project's App ID and App Certificate.
        port: 0 for any free one.
        settings: others of :class:`Settings` by name, such as ``now``, ``salt``, ``uid``, ``access``, or ``log``
            (which is called in the server's thread).

    ``start``, ``stop`` and ``client`` are those of :class:`BackgroundServer`; ``with`` starts and stops it.

    Raises:
        InputError: an argument cannot be used.

    >>> with TokenServer(Credentials.demo()) as server:
    ...     answer = server.client.post("/rtctoken", json={"channel": "lobby", "isPublisher": True})
    >>> answer.status_code, answer.json()["channel"]
    (200, 'lobby')
    """

    def __init__(self, credentials: Credentials, *, port: int = 0, **settings: Any) -> None:
        usual: dict[str, Any] = {"hosts": LOOPBACK_HOSTS, "pages": True}
        super().__init__(create_app(Settings(credentials=credentials, **usual | settings)), port=port)


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
    if settings.access is None and host and (not is_loopback(host) or settings.behind_a_proxy):
        problem = "is open to other machines, and no access policy keeps anyone from a token."
        hint = "Set AGORA_ACCESS=keys and AGORA_API_KEYS, or listen on 127.0.0.1, with no proxy before it."
        raise InputError("host", problem, hint)
    if is_loopback(host):
        settings = replace(settings, hosts=(*dict.fromkeys((*LOOPBACK_HOSTS, host.strip("[]"), *settings.hosts)),))
    run_in_foreground(create_app(settings), host, port, announce=announce)
