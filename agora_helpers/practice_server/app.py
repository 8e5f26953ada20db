"""Practice mode: Agora's own Web SDK against a practice project, in a browser, with no account and no network.

    GET  /client             the client page, which sends the SDK's requests to this server
    POST /ap/HOST/PATH       the SDK's requests to HOST: the access point of the practice project responds
    WS   /ap/HOST/ws/PORT    the SDK's WebSocket to HOST: the media server of the practice project
    GET  /practice           the project's mechanism, its last response and the reasons, its clients, and the time
    POST /practice/project   {"mechanism": "token"}: what the project accepts from now on
    POST /practice/clock     {"advance": 600}: moves the clock that project, tokens and clients go by
    POST /practice/client    {"client": "an expired token"}  →  what that client passes to the SDK
    GET  /stage              several clients side by side; see :mod:`.stage`
    everything else          the token server

It is an app of its own, so that a token server in production contains none of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from html import escape
from importlib.resources import files

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from ..constants import DAY
from ..credentials import Credentials, wrong_credentials
from ..display.admission import MECHANISM_NAMES, cases_of
from ..environment import read_environment
from ..errors import ErrorCode, InputError
from ..practice.admission import Surface
from ..practice.certificates import Mechanism
from ..practice.clock import Clock
from ..practice.project import Project
from ..practice.session import MediaServer, Session
from ..practice.signaling import SignalingServer, SignalingSession
from ..secret import hide
from ..server.access import ANYONE
from ..server.app import create_app
from ..server.engine import run_in_foreground
from ..server.hosting import LOOPBACK, BackgroundServer
from ..server.middleware import HostCheck
from ..server.pages.routes import ONLY_THIS_SERVER, asset_routes, client_page, json_route, page, page_route
from ..server.pages.web_sdk import DOWNLOAD, WebSdk
from ..server.requests import HEADERS, Body, RequestError
from ..server.settings import ACCESS_VARIABLE, HOSTS_VARIABLE, LOOPBACK_HOSTS, PROXIES_VARIABLE, SDK_VARIABLE, Settings
from .access_point import Exchange, create_access_point
from .stage import RTM_SDK_VARIABLE, stage_routes

_FOLDER = files(__package__)
PLAYED = (
    "no token",
    "a token for another channel",
    "a token for another uid",
    "an expired token",
    "a token signed with another certificate",
    "a token of another project",
    "the App ID of another project",
    "an RTM token",
)
"""Clients of lesson 02 that the page can play, besides one with a token of the token server."""
_CLIENTS = {case.name: case for case in cases_of(Surface.RTC) if case.name in PLAYED}


def create_practice_app(
    settings: Settings, project: Project | None = None, *, rtm_sdk: str = "", renewal_handler: str = ""
) -> Starlette:
    """Create the token server, the access point of a practice project, and a page that joins it with Agora's SDK.

    Args:
        settings: of the token server: open to everyone, and not behind a reverse proxy. If ``web_sdk`` names no file,
            the page explains where to get one.
        project: admits clients. The page can change its mechanism; other changes to it take effect, too. None: a
            project with the server's credentials that requires a token. The server goes by the project's clock.
        rtm_sdk: the file of Agora's Signaling SDK for the stage; empty for a stage without Signaling.
        renewal_handler: see :class:`PracticeServer`.

    Raises:
        InputError: a setting is for a server that others reach; ``web_sdk`` is an address (nothing leaves the machine);
            ``web_sdk`` or ``rtm_sdk`` is not the SDK; ``renewal_handler`` is not a string.
    """
    _check_only_this_machine(settings)
    if "://" in settings.web_sdk:
        problem = "is an address, but in practice mode nothing leaves this machine."
        raise InputError(SDK_VARIABLE, problem, f"Download {DOWNLOAD} and pass the file.")
    sdk = WebSdk.load(settings.web_sdk)
    project = project or Project(
        settings.credentials, clock=Clock(settings.now if isinstance(settings.now, int) else None)
    )
    settings = replace(settings, now=project.clock.now)
    point = create_access_point(project)
    exchanges: list[Exchange] = point.state.exchanges

    async def state(request: Request) -> Response:
        admission = _admission_body(exchanges[-1]) if exchanges else None
        body = {
            "mechanism": project.mechanism,
            "now": project.clock.now(),
            "admission": admission,
            "sessions": [_session_body(session) for session in point.state.media_server.sessions],
            "signaling": [_session_body(session) for session in point.state.signaling_server.sessions],
        }
        return JSONResponse(body, headers=HEADERS)

    def change_project(body: Body) -> Body:
        project.certificates.require(Mechanism(_choice(body, "mechanism", list(Mechanism))))
        return {"mechanism": project.mechanism}

    def advance_clock(body: Body) -> Body:
        seconds = body.get("advance")
        if type(seconds) is not int or not 0 < seconds <= DAY:
            raise RequestError("INVALID_FIELD", "advance", f"must be a number of seconds, 1 to {DAY}.")
        project.clock.advance(seconds)
        return {"now": project.clock.now()}

    def play_client(body: Body) -> Body:
        case = _CLIENTS[_choice(body, "client", list(_CLIENTS))]
        arguments = case.arguments(settings.credentials, project.clock.now(), settings.salt or 1)
        return {"appId" if name == "app_id" else name: value for name, value in arguments.items()}

    app = Starlette(
        routes=[
            page_route("/client", _page(settings, sdk), ONLY_THIS_SERVER | {"worker-src": "'self' blob:"}),
            Route("/practice", state),
            json_route("/practice/project", change_project),
            json_route("/practice/clock", advance_clock),
            json_route("/practice/client", play_client),
            *asset_routes(_FOLDER, "/practice", ("redirect.js", "practice.js")),
            *sdk.routes(),
            *stage_routes(
                project,
                point.state.media_server,
                point.state.signaling_server,
                sdk=sdk,
                no_sdk="" if sdk.content else _instructions(),
                rtm_sdk=rtm_sdk,
                renewal_handler=renewal_handler,
            ),
            Mount("/ap/{host}", point),
            Mount("/", create_app(replace(settings, pages=True, web_sdk=""))),
        ],
        middleware=[Middleware(HostCheck, hosts=LOOPBACK_HOSTS, advice="")],
    )
    app.state.media_server = point.state.media_server
    app.state.signaling_server = point.state.signaling_server
    return app


def _check_only_this_machine(settings: Settings) -> None:
    """Check that no setting is for a server that others reach: practice mode issues tokens to everyone."""
    others_reach_it = {
        ACCESS_VARIABLE: settings.access is not ANYONE,
        HOSTS_VARIABLE: bool(settings.hosts),
        PROXIES_VARIABLE: bool(settings.trusted_proxies),
    }
    for variable, is_set in others_reach_it.items():
        if is_set:
            problem = "is for a server that others reach, and practice mode issues tokens to everyone."
            raise InputError(variable, problem, "Unset it, or run the token server without practice mode.")


def _choice(body: Body, field: str, choices: Sequence[str]) -> str:
    """Return the field's value if it is one of the choices."""
    if body.get(field) not in choices:
        *others, last = (f'"{choice}"' for choice in choices)
        raise RequestError("INVALID_FIELD", field, f"must be {', '.join(others)} or {last}.")
    return str(body[field])


def _instructions() -> str:
    return page(_FOLDER, "no_sdk.html", download=DOWNLOAD, file=DOWNLOAD.rpartition("/")[2])


def _page(settings: Settings, sdk: WebSdk) -> str:
    address, no_sdk = (sdk.address, "") if sdk.content else ("", _instructions())
    radios = "".join(_radio(mechanism, name) for mechanism, name in MECHANISM_NAMES.items())
    options = "".join(f"<option>{escape(name)}</option>" for name in PLAYED)
    return client_page(
        settings,
        address,
        ["practice/redirect.js", *([address] if address else [])],
        notice=page(_FOLDER, "practice.html", no_sdk=no_sdk),
        project=page(_FOLDER, "project.html", mechanisms=radios) + page(_FOLDER, "clock.html"),
        joins_with=page(_FOLDER, "joins_with.html", clients=options),
    )


def _radio(mechanism: str, name: str) -> str:
    control = f'<input type="radio" name="mechanism" id="mechanism-{mechanism}" value="{mechanism}">'
    return f'<div class="choice">{control}<label for="mechanism-{mechanism}">{escape(name)}</label></div>'


def _admission_body(exchange: Exchange) -> Body:
    admission = exchange.admission
    reasons = [{"title": reason.title, "detail": reason.detail, "hint": reason.hint} for reason in admission.reasons]
    return {"admitted": admission.admitted, "documented": admission.documented, "reasons": reasons}


def _session_body(session: Session | SignalingSession) -> Body:
    events = [{"time": event.time, "kind": event.kind, "text": str(event)} for event in session.events]
    names: Body = (
        {"channel": session.channel, "uid": session.account or session.uid}
        if isinstance(session, Session)
        else {"user": session.user}
    )
    return names | {"state": session.state, "reason": session.reason, "endsAt": session.ends_at, "events": events}


class PracticeServer(BackgroundServer):
    """Practice mode on this machine's loopback interface, in a thread of its own: for notebooks and tests.

    Open ``/client`` on its :attr:`port`. ``start`` and ``stop`` are those of :class:`BackgroundServer`.

    Args:
        credentials: of the practice project; any well-formed ones.
        project: see :func:`create_practice_app`.
        web_sdk: the file of Agora's Web SDK; empty for none, None to read ``AGORA_WEB_SDK``.
        rtm_sdk: the file of Agora's Signaling SDK; empty for none, None to read ``AGORA_RTM_SDK``.
        renewal_handler: JavaScript to try out on the stage; empty for none. Each client of the channel runs it before
            it joins, with three variables: ``client``, the SDK's client; ``token``, which it joins with; and
            ``fetchToken``, a function whose promise resolves with ``{ uid, token }``. It replaces the page's own way
            of renewing.
        port: 0 to 65535; 0 for any free one.

    Raises:
        InputError: an argument is invalid.

    >>> with PracticeServer(Credentials.demo(), web_sdk="", rtm_sdk="") as server:
    ...     server.client.get("/practice").json()
    {'mechanism': 'token', 'now': ..., 'admission': None, 'sessions': [], 'signaling': []}
    """

    def __init__(
        self,
        credentials: Credentials,
        project: Project | None = None,
        *,
        web_sdk: str | None = None,
        rtm_sdk: str | None = None,
        renewal_handler: str = "",
        port: int = 0,
    ) -> None:
        if not isinstance(credentials, Credentials):
            raise wrong_credentials(credentials := hide(credentials))
        web_sdk = _from_environment(SDK_VARIABLE) if web_sdk is None else web_sdk
        rtm_sdk = _from_environment(RTM_SDK_VARIABLE) if rtm_sdk is None else rtm_sdk
        settings = Settings(credentials=credentials, access=ANYONE, pages=True, web_sdk=web_sdk)
        app = create_practice_app(settings, project, rtm_sdk=rtm_sdk, renewal_handler=renewal_handler)
        self.media_server: MediaServer = app.state.media_server
        """Who is in a channel, and until when."""
        self.signaling_server: SignalingServer = app.state.signaling_server
        """Who is logged in, and until when."""
        super().__init__(app, port=port, websockets=True)


def serve_practice(
    read_settings: Callable[[], Settings], host: str, port: int, *, announce: Callable[[str, int], object]
) -> None:
    """Run practice mode in the foreground, until SIGINT, SIGTERM or SIGHUP, in one worker process: it has one project.

    Args:
        read_settings: returns the token server's settings; see :func:`agora_helpers.server.serve`.
        host: ``"127.0.0.1"`` or ``"localhost"``.
        port: 0 to 65535; 0 for any free one.
        announce: called in a thread, with host and port, as soon as the server accepts connections.

    Raises:
        InputError: the host is not this machine's loopback address, or :func:`create_practice_app` rejects a setting.
    """
    if host not in (LOOPBACK, "localhost"):
        problem = "must be this machine only: anyone who reaches a practice project can change it."
        raise InputError("host", problem, f"Leave it out, or use {LOOPBACK}.", code=ErrorCode.UNKNOWN_CHOICE)
    run_in_foreground(partial(_load, read_settings), host, port, websockets=True, announce=announce)


def _load(read_settings: Callable[[], Settings]) -> Starlette:
    return create_practice_app(read_settings(), rtm_sdk=_from_environment(RTM_SDK_VARIABLE))


def _from_environment(variable: str) -> str:
    return read_environment(variable).get(variable, "").strip()
