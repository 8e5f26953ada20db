"""The token server of the classic tutorial, without its faults.

    GET  /           Agora Auth Token Server
    POST /rtctoken   {"channel": "lobby", "isPublisher": true}    →  {"uid": …, "token": …, …}
    POST /rtmtoken   {"user": "alice"}                            →  {"token": …, …}
    POST /token      {"channel": "lobby", "userAccount": "alice"} →  {"token": …, …}, for both
    POST /chattoken  {"user": "alice"}                            →  {"token": …, …}
    GET  /health     {"status": "ok"}
    GET  /openapi.json   a description of all of this, for programs
    GET  /try, /inspect, /client   pages for a browser, if the settings allow them

:func:`create_app` creates the app, which any ASGI server can run. :class:`TokenServer` runs it in the background of a
notebook or a test, :func:`serve` in the foreground, for ``agora-helpers serve``.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Unpack

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from ..credentials import Credentials, wrong_credentials
from ..secret import hide
from .access import ANYONE, Access, Anyone, Gate
from .access_log import AccessLog
from .compat import compat_routes
from .endpoints import ENDPOINTS
from .engine import run_in_foreground
from .hosting import BackgroundServer, is_loopback
from .json_endpoint import JsonEndpoint, internal_error
from .middleware import ClientAddress, HostCheck
from .openapi import describe_api
from .pages.routes import page_routes
from .rate_limit import RateLimit
from .requests import HEADERS, HEALTH, RequestError, constant_route, route_path
from .settings import LOOPBACK_HOSTS, Settings, SettingsOptions, hide_keys

WELCOME = "Agora Auth Token Server"


def create_app(settings: Settings | None = None) -> Starlette:
    """Create the token server as an ASGI app.

    Its only state is the rate limit's, so any number of them can run side by side.

    Args:
        settings: None reads the environment, where ``AGORA_ACCESS`` must name an access policy: see
            :meth:`Settings.from_env`.

    Raises:
        InputError: a setting is missing or invalid.

    >>> from starlette.testclient import TestClient
    >>> client = TestClient(create_app(Settings(credentials=Credentials.demo(), access=ANYONE, now=1_700_000_000)))
    >>> client.post("/rtctoken", json={"channel": "lobby", "uid": 7}).json()["expiresAt"]
    1700003600
    """
    settings = settings or Settings.from_env()
    limit = RateLimit(settings.rate_limit, settings.rate_limit_store) if settings.rate_limit else None
    gate = Gate(settings.access, limit)
    endpoints = {
        path: JsonEndpoint(partial(endpoint.answer, settings), gate=gate, apply=partial(endpoint.apply, settings))
        for path, endpoint in ENDPOINTS.items()
    }
    routes = [
        *(Route(path, endpoint, methods=["POST"]) for path, endpoint in endpoints.items()),
        constant_route("/", PlainTextResponse(WELCOME, headers=HEADERS)),
        constant_route(HEALTH, JSONResponse({"status": "ok"}, headers=HEADERS)),
        constant_route("/openapi.json", JSONResponse(describe_api(settings), headers=HEADERS)),
    ]
    if settings.compat_paths:
        routes += compat_routes(settings, gate)
    if settings.pages:
        routes += page_routes(settings, gate)
    handlers: dict[Any, Any] = {HTTPException: _no_such_route, Exception: _failed}
    middleware = [*_middleware(settings, routes), Middleware(_Shortcut, endpoints=endpoints)]
    app = Starlette(routes=routes, exception_handlers=handlers, middleware=middleware)
    app.router.redirect_slashes = False  # a redirect would lead to whatever host the Host header names
    return app


def _middleware(settings: Settings, routes: list[Route]) -> list[Middleware]:
    """Return the middleware that the settings require, outermost first."""
    middleware = [Middleware(ClientAddress, trusted_proxies=settings.trusted_proxies)]
    if settings.log:
        paths = frozenset(route.path.replace("{names:path}", "*") for route in routes)
        middleware.append(Middleware(AccessLog, sink=settings.log, paths=paths, channels=settings.log_channels))
    if settings.hosts:
        middleware.append(Middleware(HostCheck, hosts=settings.hosts))
    if settings.origins:
        cors = Middleware(
            CORSMiddleware,
            allow_origins=settings.origins,
            allow_methods=["GET", "POST"] if settings.compat_paths else ["POST"],
            allow_headers=["Authorization", "Content-Type"],
            expose_headers=["Retry-After"],
        )
        middleware.append(cors)
    return middleware


class _Shortcut:
    """ASGI middleware that leads token requests past Starlette's router, which takes a tenth of their time.

    Args:
        app: the app, for all other requests.
        endpoints: for POST requests, by path.
    """

    def __init__(self, app: ASGIApp, endpoints: Mapping[str, ASGIApp]) -> None:
        self._app, self._endpoints = app, endpoints

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        endpoint = self._endpoints.get(route_path(scope)) if scope.get("method") == "POST" else None
        await (endpoint or self._app)(scope, receive, send)


async def _no_such_route(request: Request, error: HTTPException) -> Response:
    if error.status_code == 405:
        methods = sorted((error.headers or {}).get("Allow", "").split(", "))
        hint = f"Use {' or '.join(methods)}."
        hint += " A browser's address bar can only send GET." * ("POST" in methods)
        problem, headers = "is not allowed here.", {"allow": ", ".join(methods)}
        return _response(RequestError("METHOD_NOT_ALLOWED", "method", problem, hint, status=405, headers=headers))
    path, problem = route_path(request.scope), "does not exist."
    methods_by_path = {route.path: route.methods for route in request.app.routes if isinstance(route, Route)}
    if path.endswith("/") and (allowed := methods_by_path.get(path.rstrip("/"))):
        problem, hint = "must not end with a slash.", f"Use {min(allowed)} {path.rstrip('/')}."
    elif "rtm" in path:
        hint = 'To get a token for messaging, use POST /rtmtoken with a JSON body such as {"user": "alice"}.'
    elif "chat" in path:
        hint = 'To get a token for a user of Chat, use POST /chattoken with a JSON body such as {"user": "alice"}.'
    elif "rtc" in path or "token" in path.lower():  # paths of other token servers
        hint = 'To get a token for a channel, use POST /rtctoken with a JSON body such as {"channel": "lobby"}.'
    else:
        paths = [f"POST {path}" for path in ENDPOINTS]
        hint = f"Use GET /, {', '.join(paths)}, GET /health or GET /openapi.json."
    return _response(RequestError("NOT_FOUND", "path", problem, hint, status=error.status_code))


async def _failed(request: Request, error: Exception) -> Response:
    return _response(internal_error(error))


def _response(error: RequestError) -> Response:
    return JSONResponse(error.to_dict(), status_code=error.status, headers=HEADERS | dict(error.headers))


class TokenServer(BackgroundServer):
    """The token server with its pages on this machine's loopback interface: for notebooks and tests.

    It runs in a thread of its own. ``start``, ``stop`` and ``client`` are those of :class:`BackgroundServer`; ``with``
    starts and stops it.

    Args:
        credentials: the project's App ID and App Certificate.
        port: 0 to 65535; 0 for any free one.
        settings: other fields of :class:`Settings`, such as ``now``, ``salt``, ``uid``, ``access``, or ``log`` (which
            is called in the server's thread). By default everyone on this machine gets tokens
            and the pages, under the names of this machine.

    Raises:
        InputError: an argument is invalid.

    >>> with TokenServer(Credentials.demo()) as server:
    ...     response = server.client.post("/rtctoken", json={"channel": "lobby", "isPublisher": True})
    >>> response.status_code, response.json()["channel"]
    (200, 'lobby')
    """

    def __init__(
        self,
        credentials: Credentials,
        *,
        port: int = 0,
        access: Access | Anyone = ANYONE,
        rate_limit_store: str = "",
        **settings: Unpack[SettingsOptions],
    ) -> None:
        if not isinstance(credentials, Credentials):
            raise wrong_credentials(credentials := hide(credentials))
        access, rate_limit_store = hide_keys(access), hide(rate_limit_store)
        settings = {"hosts": LOOPBACK_HOSTS, "pages": True, **settings}
        all_settings = Settings(credentials=credentials, access=access, rate_limit_store=rate_limit_store, **settings)
        super().__init__(create_app(all_settings), port=port)


def serve(
    read_settings: Callable[[], Settings],
    host: str,
    port: int,
    *,
    workers: int = 1,
    announce: Callable[[str, int], object],
) -> None:
    """Run the token server in the foreground, until SIGINT, SIGTERM or SIGHUP. Must be called in the main thread.

    Args:
        read_settings: returns the settings, such as :meth:`Settings.from_env`. It is called here, so that errors
            appear once, and in each worker process, so it must be a function of a module, or a ``partial`` of one.
        host: the address to listen on.
        port: 0 to 65535; 0 for any free one.
        workers: the number of processes, 1 to 256. Each counts the rate limit by itself.
        announce: called in a thread, with host and port, as soon as the server accepts connections.

    Raises:
        InputError: a setting is invalid, or the address cannot be used.
    """
    settings = read_settings()
    if settings.access is ANYONE and (not is_loopback(host) or settings.behind_a_proxy):
        logging.getLogger(__name__).warning("There is no access policy: everyone who reaches the server gets tokens.")
    run_in_foreground(partial(_load, read_settings, host), host, port, workers=workers, announce=announce)


def _load(read_settings: Callable[[], Settings], host: str) -> Starlette:
    """Return the app for a host."""
    settings = read_settings()
    if is_loopback(host):
        name = f"[{host}]" if ":" in host else host
        settings = replace(settings, hosts=(*dict.fromkeys((*LOOPBACK_HOSTS, name, *settings.hosts)),))
    return create_app(settings)
