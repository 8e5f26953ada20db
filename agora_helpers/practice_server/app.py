"""Practice mode: Agora's own Web SDK against a practice project, in a browser, with no account and no network.

    GET  /client             the client page, which sends what the SDK asks to this server
    POST /ap/HOST/PATH       what the SDK would ask HOST: the access point of the practice project answers
    GET  /practice           what the project accepts, what it answered last, and why
    POST /practice/project   {"mechanism": "token"}: what it accepts from now on
    POST /practice/client    {"client": "an expired token"}  →  what that client passes to the SDK
    everything else          the token server

It is an app of its own, so that a token server in production holds nothing of it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from html import escape
from importlib.resources import files

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from ..credentials import Credentials
from ..display.admission import MECHANISM_NAMES, cases_of
from ..environment import read_environment
from ..errors import InputError
from ..practice.admission import Surface
from ..practice.certificates import Certificates, Mechanism
from ..practice.project import Project
from ..server.app import create_app
from ..server.hosting import LOOPBACK, BackgroundServer, run_in_foreground
from ..server.middleware import HostCheck
from ..server.pages.routes import ONLY_THIS_SERVER, asset_routes, client_page, json_route, page, page_route
from ..server.pages.web_sdk import DOWNLOAD, WebSdk
from ..server.requests import HEADERS, Body, RequestError
from ..server.settings import LOOPBACK_HOSTS, SDK_VARIABLE, Settings
from .access_point import Asked, create_access_point

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
"""Clients of lesson 01 that the page can play, beside one with a token of the token server."""
_CLIENTS = {case.name: case for case in cases_of(Surface.RTC) if case.name in PLAYED}


def create_practice_app(settings: Settings, project: Project | None = None) -> Starlette:
    """The token server, the access point of a practice project, and a client page that joins it with Agora's SDK.

    Args:
        settings: of the token server. Without ``web_sdk``, a file, the page says where to get one.
        project: says who gets in. The page changes its mechanism; what else is done to it counts, too. None: a project
            with the server's credentials that demands a token.

    Raises:
        InputError: ``web_sdk`` is an address (nothing is to leave the machine) or not the SDK.
    """
    if "://" in settings.web_sdk:
        problem = "is an address, and in practice mode nothing leaves this machine."
        raise InputError(SDK_VARIABLE, problem, f"Download {DOWNLOAD} and name the file.")
    sdk = WebSdk.load(settings.web_sdk)
    project = project or Project(settings.credentials)
    point = create_access_point(project, now=settings.now)
    asked: list[Asked] = point.state.asked

    async def state(request: Request) -> Response:
        said = {"mechanism": project.mechanism, "answer": _said_of(asked[-1]) if asked else None}
        return JSONResponse(said, headers=HEADERS)

    def change_project(said: Body) -> Body:
        if said.get("mechanism") not in list(Mechanism):
            raise RequestError("INVALID_FIELD", "mechanism", "is none that a project has.")
        project.certificates = Certificates(settings.credentials.app_certificate, said["mechanism"])
        return {"mechanism": project.mechanism}

    def play_client(said: Body) -> Body:
        if said.get("client") not in list(_CLIENTS):
            raise RequestError("INVALID_FIELD", "client", "is none that can be played.")
        now = int(time.time()) if settings.now is None else settings.now
        passed = _CLIENTS[said["client"]].arguments(settings.credentials, now, settings.salt or 1)
        return {"appId" if name == "app_id" else name: value for name, value in passed.items()}

    return Starlette(
        routes=[
            page_route("/client", _page(settings, sdk), ONLY_THIS_SERVER | {"worker-src": "'self' blob:"}),
            Route("/practice", state),
            json_route("/practice/project", change_project),
            json_route("/practice/client", play_client),
            *asset_routes(_FOLDER, "/practice", ("redirect.js", "practice.js")),
            *sdk.routes(),
            Mount("/ap/{host}", point),
            Mount("/", create_app(replace(settings, pages=True, hosts=(), web_sdk=""))),
        ],
        middleware=[Middleware(HostCheck, hosts=LOOPBACK_HOSTS)],
    )


def _page(settings: Settings, sdk: WebSdk) -> str:
    missing = page(_FOLDER, "no_sdk.html", download=DOWNLOAD, file=DOWNLOAD.rpartition("/")[2])
    address, missing = (sdk.address, "") if sdk.content else ("", missing)
    radios = "".join(_radio(how, name) for how, name in MECHANISM_NAMES.items())
    options = "".join(f"<option>{escape(name)}</option>" for name in PLAYED)
    return client_page(
        settings,
        address,
        ["practice/redirect.js", *([address] if address else [])],
        notice=page(_FOLDER, "practice.html", no_sdk=missing),
        project=page(_FOLDER, "project.html", mechanisms=radios),
        brings=page(_FOLDER, "brings.html", clients=options),
    )


def _radio(how: str, name: str) -> str:
    control = f'<input type="radio" name="mechanism" id="mechanism-{how}" value="{how}">'
    return f'<div class="choice">{control}<label for="mechanism-{how}">{escape(name)}</label></div>'


def _said_of(question: Asked) -> Body:
    answer = question.admission
    reasons = [{"title": found.title, "detail": found.detail, "hint": found.hint} for found in answer.reasons]
    return {"admitted": answer.admitted, "documented": answer.documented, "reasons": reasons}


class PracticeServer(BackgroundServer):
    """Practice mode on this machine's loopback, in a thread of its own: for notebooks and tests.

    Args:
        credentials: of the practice project; any will do.
        project: see :func:`create_practice_app`.
        web_sdk: the file of Agora's Web SDK; None takes it from ``AGORA_WEB_SDK``.
        port: 0 for any free one.

    Open ``/client`` on its :attr:`port`; ``start`` and ``stop`` are those of :class:`BackgroundServer`.

    Raises:
        InputError: an argument cannot be used.

    >>> with PracticeServer(Credentials.demo(), web_sdk="") as server:
    ...     server.client.get("/practice").json()
    {'mechanism': 'token', 'answer': None}
    """

    def __init__(
        self,
        credentials: Credentials,
        project: Project | None = None,
        *,
        web_sdk: str | None = None,
        port: int = 0,
    ) -> None:
        if web_sdk is None:
            web_sdk = read_environment(SDK_VARIABLE).get(SDK_VARIABLE, "")
        settings = Settings(credentials=credentials, pages=True, web_sdk=web_sdk)
        super().__init__(create_practice_app(settings, project), port=port)


def serve_practice(settings: Settings, host: str, port: int, *, announce: Callable[[str, int], object]) -> None:
    """Run practice mode in the foreground, until SIGINT or SIGTERM; the arguments are those of :func:`serve`.

    Raises:
        InputError: the host is another than this machine's loopback, or a setting cannot be used.
    """
    if host not in (LOOPBACK, "localhost"):
        problem = "must be this machine alone: anyone who reaches a practice project can change it."
        raise InputError("host", problem, f"Leave it out, or say {LOOPBACK}.")
    run_in_foreground(create_practice_app(settings), host, port, announce=announce)
