"""The stage of practice mode: clients of Agora's own SDKs side by side, and what you can do to them.

GET  /stage              the page
GET  /practice/project   the project's mechanism, certificates and co-host authentication
POST /practice/change    {"change": "Swap primary and secondary"}: what you can do in the Agora Console
POST /practice/ban       {"uid": 7} or {"user": "alice"}: puts out whoever is in under this name
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import partial
from html import escape
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from ..constants import UINT32_MAX
from ..errors import InputError
from ..practice.gateway import SessionState
from ..practice.project import Project
from ..practice.session import MediaServer
from ..practice.signaling import SignalingServer
from ..server.pages.routes import ONLY_THIS_SERVER, asset_routes, json_route, page, page_route
from ..server.pages.web_sdk import WebSdk, read_sdk, script_route
from ..server.requests import HEADERS, Body, RequestError

RTM_SDK_VARIABLE = "AGORA_RTM_SDK"
_RTM_ADDRESS = "practice/agora-rtm-sdk.js"
_RTM_HINT = "Use agora-rtm.js of the npm package agora-rtm-sdk."
_FOLDER = files(__package__)


def stage_routes(
    project: Project,
    media_server: MediaServer,
    signaling_server: SignalingServer,
    *,
    sdk: WebSdk,
    no_sdk: str,
    rtm_sdk: str,
) -> list[BaseRoute]:
    """Return the routes of the stage.

    Args:
        project: the practice project.
        media_server: of this project.
        signaling_server: of this project.
        sdk: Agora's Web SDK.
        no_sdk: HTML that says how to get the SDK; empty if it is there.
        rtm_sdk: the file of Agora's Signaling SDK; empty if there is none.

    Raises:
        InputError: ``rtm_sdk`` is not the SDK.
    """
    changes = _changes(project)
    signaling = (
        read_sdk(RTM_SDK_VARIABLE, rtm_sdk, "Agora's Signaling SDK", ("AgoraRTM",), _RTM_HINT) if rtm_sdk else b""
    )

    def describe() -> Body:
        return {
            "mechanism": project.mechanism,
            "certificates": project.certificates.entries,
            "coHostAuthentication": project.co_host_authentication,
        }

    async def show_project(request: Request) -> Response:
        return JSONResponse(describe(), headers=HEADERS)

    def change_project(body: Body) -> Body:
        change = changes.get(name) if isinstance(name := body.get("change"), str) else None
        if change is None:
            raise RequestError("INVALID_FIELD", "change", f"must be one of: {', '.join(changes)}.")
        try:
            change()
        except InputError as error:
            raise RequestError("INVALID_FIELD", "change", f"{error}") from None
        return describe()

    def ban(body: Body) -> Body:
        if "user" in body:
            users = [
                each
                for each in signaling_server.sessions
                if each.user == body["user"] and each.state == SessionState.IN
            ]
            for user in users:
                signaling_server.ban(user)
            return {"banned": len(users)}
        uid = body.get("uid")
        if type(uid) is not int or not 0 < uid <= UINT32_MAX:
            raise RequestError("INVALID_FIELD", "uid", f"must be an integer, 1 to {UINT32_MAX}.")
        present = [each for each in media_server.sessions if each.uid == uid and each.state == SessionState.IN]
        for session in present:
            media_server.ban(session)
        return {"banned": len(present)}

    scripts = ["practice/redirect.js", *([sdk.address] if sdk.content else []), *([_RTM_ADDRESS] if signaling else [])]
    html = page(
        _FOLDER,
        "stage.html",
        app_id=escape(project.app_id),
        scripts="\n".join(f'<script defer src="{address}"></script>' for address in scripts),
        no_sdk=no_sdk,
        no_rtm_sdk="" if signaling else page(_FOLDER, "no_rtm_sdk.html"),
        changes="".join(_button(change) for change in changes),
    )
    policy = ONLY_THIS_SERVER | {"worker-src": "'self' blob:", "media-src": "'self' blob:"}
    return [
        page_route("/stage", html, policy),
        Route("/practice/project", show_project),
        json_route("/practice/change", change_project),
        json_route("/practice/ban", ban),
        *asset_routes(_FOLDER, "/practice", ("stage.js", "stage.css")),
        *([script_route(f"/{_RTM_ADDRESS}", signaling)] if signaling else []),
    ]


def _button(change: str) -> str:
    return f'<button type="button" class="small" data-change="{change}">{change}</button>'


def _changes(project: Project) -> dict[str, Callable[[], None]]:
    """Return what the page can change, by the label of its button. A secondary certificate is a random one."""

    def of(method: str) -> Callable[[], None]:
        # the project may get other certificates meanwhile: look the method up when it is called
        return lambda: getattr(project.certificates, method)()

    return {
        "Turn co-host authentication on": partial(setattr, project, "co_host_authentication", True),
        "Turn co-host authentication off": partial(setattr, project, "co_host_authentication", False),
        "Add a secondary certificate": lambda: project.certificates.add_secondary(secrets.token_hex(16)),
        "Swap primary and secondary": of("swap"),
        "Disable the secondary certificate": of("disable_secondary"),
        "Enable the secondary certificate": of("enable_secondary"),
        "Delete the secondary certificate": of("delete_secondary"),
        "Disable No certificate": of("disable_no_certificate"),
        "Enable No certificate": of("enable_no_certificate"),
        "Delete No certificate": of("delete_no_certificate"),
    }
