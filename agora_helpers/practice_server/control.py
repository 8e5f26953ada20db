"""The practice project as a process for test suites in any language: ``agora-helpers practice``.

    GET  /redirect.js        a script that leads Agora's Web SDKs to this process; runs before the SDK
    POST /ap/HOST/PATH       the SDK's requests to HOST: the access point responds
    WS   /ap/HOST/ws/PORT    the SDK's WebSocket to HOST: the media server, or the Signaling server
    POST /rtctoken …         the endpoints of the token server, by the clock of the practice project
    GET  /sessions …         the control API; see ``_controls`` and ``/openapi.json``

Only programs without an ``Origin`` header, pages of this process and pages of the allowed origins get a response.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from importlib.resources import files
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from ..constants import DAY, UINT32_MAX
from ..credentials import Credentials, check_credential
from ..errors import ErrorCode, InputError
from ..practice.admission import Admission, Surface
from ..practice.certificates import Certificates, Mechanism
from ..practice.clock import Clock
from ..practice.gateway import Event
from ..practice.project import Project
from ..practice.session import MediaServer, Session
from ..practice.signaling import SignalingServer, SignalingSession
from ..secret import hide
from ..server.access import ANYONE
from ..server.endpoints import ENDPOINTS, unknown_field
from ..server.engine import run_in_foreground
from ..server.fields import RequestField
from ..server.hosting import LOOPBACK
from ..server.json_endpoint import JsonEndpoint
from ..server.middleware import HostCheck
from ..server.openapi import ERRORS, describe_api, describe_operation, field_schema, json_content
from ..server.requests import CLOSE, HEADERS, Body, RequestError, constant_route, send_error
from ..server.settings import LATEST_ISSUE, LOOPBACK_HOSTS, Settings
from .access_point import Exchange, create_access_point
from .media import is_allowed

_REDIRECT = (files(__package__) / "static" / "redirect.js").read_text(encoding="utf-8")
_ERRORS = {status: ERRORS[status] for status in ("400", "405", "408", "413", "415", "421")} | {
    "403": "The request comes from a page whose origin is not allowed.",
    "404": "Nobody with this name is in.",
}
_CERTIFICATE_CHANGES = (
    "enable_primary",
    "enable_no_certificate",
    "disable_no_certificate",
    "delete_no_certificate",
    "add_secondary",
    "swap",
    "enable_secondary",
    "disable_secondary",
    "delete_secondary",
)
"""What you can do in the Agora Console: methods of :class:`Certificates`."""


def _field(name: str, json_type: type[str] | type[int] | type[bool], description: str, **rules: Any) -> RequestField:
    return RequestField(name=name, argument=name, json_type=json_type, description=description, **rules)


_TIME: dict[str, int] = {"minimum": 0, "maximum": LATEST_ISSUE}
FIELDS: Mapping[str, RequestField] = {
    field.name: field
    for field in (
        _field("advance", int, "Seconds to move the clock forward.", **_TIME),
        _field("now", int, "The Unix time in seconds to set the clock to, also an earlier one.", **_TIME),
        _field("running", bool, "Whether time passes by itself: false pauses the clock, true resumes it."),
        _field(
            "mechanism",
            str,
            "What a client needs. Enables and disables entries of the certificates accordingly.",
            choices=tuple(map(str, Mechanism)),
        ),
        _field("coHostAuthentication", bool, "Whether hosts need the privilege to publish."),
        _field("change", str, "What to do in the console.", choices=_CERTIFICATE_CHANGES),
        _field("certificate", str, "With add_secondary: the certificate, 32 hexadecimal characters."),
        _field("uid", int, "The uid of a client that is in a channel.", minimum=1, maximum=UINT32_MAX),
        _field("channel", str, "With uid: only in this channel."),
        _field("user", str, "The user id of a client that is logged in to messaging."),
    )
}
"""All fields of the control API, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Control:
    """A path of the control API: ``GET`` shows something, ``POST`` changes it. Both return the same."""

    summary: str
    """What it does."""
    returns: tuple[str, ...]
    """The names in the response."""
    show: Callable[[], Body] | None = None
    """None if there is no GET."""
    change: Callable[[Body], Body] | None = None
    """None if there is no POST. Takes valid fields; raises InputError for a change that is not possible."""
    fields: tuple[str, ...] = ()
    """Those that POST takes, by name. An error that is about none of them names the first one of the request."""
    required: tuple[str, ...] = ()

    def answer(self, body: Body) -> Body:
        """Carry out a change, and return the response.

        Raises:
            RequestError: the request is invalid, or the change is not possible; names the field.
        """
        for name in body:
            if name not in self.fields:
                raise unknown_field(name, self.fields)
        try:
            for name in self.required:
                if name not in body:
                    raise InputError(name, "is missing.", code=ErrorCode.MISSING)
            for name, value in body.items():
                _check(FIELDS[name], value)
            return self.change(body) if self.change else {}
        except RequestError:
            raise
        except InputError as error:
            code = "MISSING_FIELD" if error.code == ErrorCode.MISSING else "INVALID_FIELD"
            if error.field in self.fields:
                raise RequestError(code, error.field, error.problem, error.hint) from None
            raise RequestError(code, next(iter(body)), str(error)) from None


def _check(field: RequestField, value: object) -> None:
    field.check(value)
    low, high = field.minimum, field.maximum
    if isinstance(value, int) and low is not None and high is not None and not low <= value <= high:
        raise InputError(field.name, f"must be from {low} to {high}.", code=ErrorCode.OUT_OF_RANGE)


def create_control_app(
    credentials: Credentials, *, origins: tuple[str, ...] = (), clock: Clock | None = None
) -> Starlette:
    """Create a practice project with its access point, media server, Signaling server, tokens and control API.

    Its state is ``app.state.project``, ``app.state.media_server`` and ``app.state.signaling_server``.

    Args:
        credentials: of the project.
        origins: of the pages under test, such as ``"http://localhost:5173"``.
        clock: of the project; None for one that shows the real time.

    Raises:
        InputError: an argument is invalid.

    >>> from starlette.testclient import TestClient
    >>> app = create_control_app(Credentials.demo(), clock=Clock(1_700_000_000))
    >>> client = TestClient(app, base_url="http://127.0.0.1")
    >>> client.post("/clock", json={"advance": 3570}).json()
    {'now': 1700003570, 'running': False}
    """
    project = Project(credentials, clock=clock)
    settings = Settings(
        credentials=credentials, access=ANYONE, origins=origins, now=project.clock.now, max_expires_in=DAY
    )
    point = create_access_point(project, origins=settings.origins)
    controls = _controls(credentials, project, point)
    routes: list[BaseRoute] = [
        constant_route("/", PlainTextResponse(_welcome(controls), headers=HEADERS)),
        constant_route("/openapi.json", JSONResponse(_describe(settings, controls), headers=HEADERS)),
        Route("/redirect.js", _redirect),
        *(route for path, control in controls.items() for route in _routes(path, control)),
        *(
            Route(path, JsonEndpoint(partial(endpoint.answer, settings)), methods=["POST"])
            for path, endpoint in ENDPOINTS.items()
        ),
        Mount("/ap/{host}", point),
    ]
    app = Starlette(
        routes=routes,
        exception_handlers={HTTPException: _no_such_route},
        middleware=[
            Middleware(HostCheck, hosts=LOOPBACK_HOSTS, advice=""),
            Middleware(_OriginCheck, origins=settings.origins),
            Middleware(
                CORSMiddleware,
                allow_origins=settings.origins,
                allow_methods=["GET", "POST"],
                allow_headers=["*"],
            ),
        ],
    )
    app.router.redirect_slashes = False
    app.state.project = project
    app.state.media_server = point.state.media_server
    app.state.signaling_server = point.state.signaling_server
    return app


def serve_control(
    read_credentials: Callable[[], Credentials],
    origins: tuple[str, ...],
    port: int,
    *,
    announce: Callable[[str, int], object],
) -> None:
    """Run the practice project on this machine in the foreground, until SIGINT, SIGTERM or SIGHUP.

    Args:
        read_credentials: returns the project's credentials. It is called here, and in the worker process.
        origins: of the pages under test.
        port: 0 to 65535; 0 for any free one.
        announce: called in a thread, with host and port, as soon as the server accepts connections.

    Raises:
        InputError: an origin or the credentials are invalid, or the port cannot be used.
    """
    run_in_foreground(partial(_load, read_credentials, origins), LOOPBACK, port, websockets=True, announce=announce)


def _load(read_credentials: Callable[[], Credentials], origins: tuple[str, ...]) -> Starlette:
    return create_control_app(read_credentials(), origins=origins)


# The control API

_PROJECT = ("appId", "mechanism", "certificates", "coHostAuthentication")


def _controls(credentials: Credentials, project: Project, point: Starlette) -> dict[str, _Control]:
    """Return the paths of the control API.

    Args:
        credentials: of the project.
        project: the project.
        point: its access point.
    """
    exchanges: list[Exchange] = point.state.exchanges
    media_server: MediaServer = point.state.media_server
    signaling_server: SignalingServer = point.state.signaling_server
    clock = project.clock

    def show_sessions() -> Body:
        return {
            "sessions": [*map(_session_body, media_server.sessions), *map(_session_body, signaling_server.sessions)],
            "rejected": [_rejection_body(each) for each in dict.fromkeys(exchanges) if not each.admission.admitted],
        }

    def show_clock() -> Body:
        return {"now": clock.now(), "running": clock.running}

    def move_clock(body: Body) -> Body:
        target = body.get("now", clock.now()) + body.get("advance", 0)
        if target > LATEST_ISSUE:
            raise InputError("advance", "moves the clock to a time that tokens cannot hold.", "Send a smaller number.")
        if body.get("running") is False:
            clock.pause()
        if "now" in body:
            clock.set(body["now"])
        if "advance" in body:
            clock.advance(body["advance"])
        if body.get("running"):
            clock.resume()
        return show_clock()

    def show_project() -> Body:
        return {
            "appId": project.app_id,
            "mechanism": project.mechanism,
            "certificates": project.certificates.entries,
            "coHostAuthentication": project.co_host_authentication,
        }

    def change_project(body: Body) -> Body:
        if "mechanism" in body:
            project.certificates.require(Mechanism(body["mechanism"]))
        if "coHostAuthentication" in body:
            project.co_host_authentication = body["coHostAuthentication"]
        return show_project()

    def change_certificates(body: Body) -> Body:
        change = body["change"]
        if change == "add_secondary":
            if "certificate" not in body:
                raise InputError("certificate", "is missing.", "Send 32 hexadecimal digits.", code=ErrorCode.MISSING)
            project.certificates.add_secondary(check_credential("certificate", hide(body["certificate"])))
        elif "certificate" in body:
            raise InputError("certificate", "belongs to add_secondary only.", "Leave it out.")
        else:
            getattr(project.certificates, change)()
        return show_project()

    def ban(body: Body) -> Body:
        if ("uid" in body) == ("user" in body):
            raise InputError("uid", "must be sent, or user, but not both.")
        if "user" in body and "channel" in body:
            raise InputError("channel", "belongs to uid only.", "Leave it out.")
        if "user" in body:
            banned = signaling_server.ban_all(lambda session: session.user == body["user"])
        else:
            banned = media_server.ban_all(
                lambda session: (session.uid, session.channel) == (body["uid"], body.get("channel", session.channel))
            )
        if not banned:
            hint = "GET /sessions lists who is in, and who was rejected."
            raise RequestError(
                "NOT_FOUND", "user" if "user" in body else "uid", "belongs to no client that is in.", hint, status=404
            )
        return {"banned": banned}

    def reset(body: Body) -> Body:
        media_server.reset()
        signaling_server.reset()
        exchanges.clear()
        project.certificates, project.co_host_authentication = Certificates(credentials.app_certificate), False
        clock.reset()
        return show_clock() | show_project()

    return {
        "/sessions": _Control(
            summary="Who is or was in, until when, and what happened; and who was rejected, and why",
            show=show_sessions,
            returns=("sessions", "rejected"),
        ),
        "/clock": _Control(
            summary="The clock of the project, its servers and its tokens",
            show=show_clock,
            change=move_clock,
            fields=("now", "advance", "running"),
            returns=("now", "running"),
        ),
        "/project": _Control(
            summary="What the project requires",
            show=show_project,
            change=change_project,
            fields=("mechanism", "coHostAuthentication"),
            returns=_PROJECT,
        ),
        "/certificates": _Control(
            summary="Change the certificates, as in the Agora Console",
            change=change_certificates,
            fields=("change", "certificate"),
            required=("change",),
            returns=_PROJECT,
        ),
        "/ban": _Control(
            summary="Put a client out",
            change=ban,
            fields=("uid", "channel", "user"),
            returns=("banned",),
        ),
        "/reset": _Control(
            summary="Put everyone out, and start again: the real time, tokens required, one certificate",
            change=reset,
            returns=("now", "running", *_PROJECT),
        ),
    }


def _session_body(session: Session | SignalingSession) -> Body:
    body: Body = {"surface": session.surface}
    if isinstance(session, Session):
        body |= {"channel": session.channel, "uid": session.uid, "account": session.account}
        privileges = {privilege.name.lower(): end for privilege, end in session.privileges.items()}
    else:
        body["user"] = session.user
        privileges = {"login": session.ends_at}
    events = [_event_body(event) for event in session.events]
    return body | {"state": session.state, "reason": session.reason, "privileges": privileges, "events": events}


def _event_body(event: Event) -> Body:
    return {
        "time": event.time,
        "kind": event.kind,
        "sdk": event.sdk,
        "documented": event.source.documented,
        "reasons": _reasons(event.admission),
    }


def _rejection_body(exchange: Exchange) -> Body:
    admission = exchange.admission
    body: Body = {"surface": exchange.surface}
    if exchange.surface == Surface.RTC:
        uid, account = (None, exchange.uid) if isinstance(exchange.uid, str) else (exchange.uid, None)
        body |= {"channel": exchange.name, "uid": uid, "account": account}
    else:
        body["user"] = exchange.name
    body |= {"error": admission.error, "text": admission.text, "documented": admission.documented}
    return body | {"reasons": _reasons(admission)}


def _reasons(admission: Admission | None) -> list[Body]:
    """Return what is wrong with a token, if one was checked."""
    reasons = admission.reasons if admission else ()
    return [{"title": reason.title, "detail": reason.detail, "hint": reason.hint} for reason in reasons]


# What is around it


def _routes(path: str, control: _Control) -> Iterable[Route]:
    show = control.show

    async def get(request: Request) -> Response:
        return JSONResponse(show() if show else {}, headers=HEADERS)

    if show:
        yield Route(path, get, methods=["GET"])
    if control.change:
        yield Route(path, JsonEndpoint(control.answer), methods=["POST"])


async def _redirect(request: Request) -> Response:
    """Send the script of the practice pages, which leads the SDK to the page's own server, with our address instead."""
    script = _REDIRECT.replace("document.baseURI", json.dumps(str(request.base_url)))
    return Response(script, media_type="text/javascript", headers=HEADERS)


class _OriginCheck:
    """ASGI middleware that rejects requests of pages whose origin is not allowed; WebSockets check it themselves.

    CORS alone lets such a page send requests whose response it cannot read.

    Args:
        app: the app.
        origins: those allowed.
    """

    def __init__(self, app: ASGIApp, origins: Collection[str]) -> None:
        self._app, self._origins = app, origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not is_allowed(HTTPConnection(scope), self._origins):
            problem, hint = "is not allowed.", "Start agora-helpers practice with --allow-origin and this origin."
            return await send_error(
                send, RequestError("WRONG_ORIGIN", "Origin", problem, hint, status=403, headers=CLOSE)
            )
        await self._app(scope, receive, send)


async def _no_such_route(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        routes = [route for route in request.app.routes if isinstance(route, Route)]
        methods = [route.methods or set() for route in routes if route.path == request.url.path]
        allowed = sorted(set().union(*methods) - {"HEAD"})
        problem = RequestError("METHOD_NOT_ALLOWED", "method", "is not allowed here.", f"Use {' or '.join(allowed)}.")
        return JSONResponse(problem.to_dict(), status_code=status, headers=HEADERS | {"allow": ", ".join(allowed)})
    problem = RequestError("NOT_FOUND", "path", "does not exist.", "GET / lists the paths.")
    return JSONResponse(problem.to_dict(), status_code=status, headers=HEADERS)


def _welcome(controls: Mapping[str, _Control]) -> str:
    lines = ["Agora practice project", "", "GET /redirect.js: leads Agora's Web SDKs to this process"]
    for path, control in controls.items():
        methods = " or ".join(["GET"] * bool(control.show) + ["POST"] * bool(control.change))
        lines.append(f"{methods} {path}: {control.summary}")
    lines += [f"POST {path}: a token for {endpoint.summary}" for path, endpoint in ENDPOINTS.items()]
    return "\n".join([*lines, "GET /openapi.json: all of it for programs", ""])


def _describe(settings: Settings, controls: Mapping[str, _Control]) -> Body:
    """Return the OpenAPI description."""
    description = describe_api(settings)
    paths = {path: description["paths"][path] for path in ENDPOINTS}
    for path, control in controls.items():
        schema = {"type": "object", "required": [*control.returns]}
        operation = describe_operation(control.summary, json_content(schema), _ERRORS)
        paths[path] = {"get": operation} if control.show else {}
        if control.change:
            fields = {name: field_schema(FIELDS[name]) for name in control.fields}
            body = {"type": "object", "properties": fields, "required": [*control.required]}
            content = json_content(body | {"additionalProperties": False})
            paths[path] |= {"post": operation | {"requestBody": {"required": True, "content": content}}}
    info = {"title": "Agora practice project", "version": "1"}
    return description | {"info": info, "paths": paths}
