"""The stage of practice mode: clients of Agora's own SDKs side by side, and what you can do to them.

GET  /stage              the page
GET  /practice/project   the project's mechanism, certificates and co-host authentication, who signs, possible changes
GET  /practice/meanings  what the SDKs' events mean
GET  /practice/renewal.js  the renewal handler to try out, if the server was started with one
POST /practice/change    {"change": "Swap primary and secondary"}: what you can do in the Agora Console
POST /practice/signer    {"certificate": "secondary"}: what the stage's token server signs with from now on
POST /practice/token     {"lasts": "1 hour", "uid": 7, "isPublisher": true} or {"lasts": "1 hour", "user": "alice"}
POST /practice/ban       {"uid": 7} or {"user": "alice"}: puts out whoever is in under this name
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from functools import partial
from html import escape
from importlib.resources import files
from typing import Literal

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from ..constants import DAY, ROLE_PRIVILEGES, UINT32_MAX, Role
from ..credentials import Credentials
from ..errors import ErrorCode, InputError
from ..practice.project import Project
from ..practice.sdk_events import MEANINGS
from ..practice.session import MediaServer
from ..practice.signaling import SignalingServer
from ..server.pages.routes import ONLY_THIS_SERVER, asset_routes, json_route, page, page_route
from ..server.pages.web_sdk import WebSdk, read_sdk, script_route
from ..server.requests import HEADERS, Body, RequestError
from ..tokens import v007
from ..tokens.builders import build_rtm_token
from ..tokens.services import RtcService
from ..validation import type_name

RTM_SDK_VARIABLE = "AGORA_RTM_SDK"
_RTM_ADDRESS = "practice/agora-rtm-sdk.js"
_RENEWAL_ADDRESS = "practice/renewal.js"
_RTM_HINT = "Use agora-rtm.js of the npm package agora-rtm-sdk."
_FOLDER = files(__package__)
CHANNEL = "lobby"
HOUR = 3600
LIFETIMES = {
    "1 minute": (60, 60),
    "10 minutes": (600, 600),
    "1 hour": (HOUR, HOUR),
    "24 hours": (DAY, DAY),
    "1 hour, the privileges 10 minutes": (HOUR, 600),
    "10 minutes, the privileges without an end": (600, 0),
}
"""How long a token of the stage lasts, and its privileges, in seconds. The last two are for RTC only."""
_MEANINGS = {
    surface: {
        words: {"text": meaning.text, "source": f"{meaning.source}", "outcome": meaning.outcome}
        for words, meaning in meanings.items()
    }
    for surface, meanings in MEANINGS.items()
}


def stage_routes(
    project: Project,
    media_server: MediaServer,
    signaling_server: SignalingServer,
    *,
    sdk: WebSdk,
    no_sdk: str,
    rtm_sdk: str,
    renewal_handler: str,
) -> list[BaseRoute]:
    """Return the routes of the stage.

    Args:
        project: the practice project.
        media_server: of this project.
        signaling_server: of this project.
        sdk: Agora's Web SDK.
        no_sdk: HTML that says how to get the SDK; empty if it is there.
        rtm_sdk: the file of Agora's Signaling SDK; empty if there is none.
        renewal_handler: JavaScript that the channel's clients run before they join; empty for none.

    Raises:
        InputError: ``rtm_sdk`` is not the SDK, or ``renewal_handler`` is not a string.
    """
    if not isinstance(renewal_handler, str):
        problem = f"must be a string of JavaScript (str), not {type_name(renewal_handler)}."
        raise InputError("renewal_handler", problem, "Leave it out for none.", code=ErrorCode.WRONG_TYPE)
    changes, token_server = _changes(project), _TokenServer(project)
    signaling = (
        read_sdk(RTM_SDK_VARIABLE, rtm_sdk, "Agora's Signaling SDK", ("AgoraRTM",), _RTM_HINT) if rtm_sdk else b""
    )

    def describe() -> Body:
        return {
            "mechanism": project.mechanism,
            "certificates": project.certificates.entries,
            "coHostAuthentication": project.co_host_authentication,
            "signer": token_server.signer,
            "changes": _possible_changes(project),
        }

    async def show_project(request: Request) -> Response:
        return JSONResponse(describe(), headers=HEADERS)

    async def show_meanings(request: Request) -> Response:
        return JSONResponse(_MEANINGS, headers=HEADERS)

    def change_project(body: Body) -> Body:
        change = changes.get(name) if isinstance(name := body.get("change"), str) else None
        if change is None:
            raise RequestError("INVALID_FIELD", "change", f"must be one of: {', '.join(changes)}.")
        try:
            change()
        except InputError as error:
            raise RequestError("INVALID_FIELD", "change", f"{error}") from None
        return describe()

    def change_signer(body: Body) -> Body:
        certificate = body.get("certificate")
        if certificate not in ("primary", "secondary"):
            raise RequestError("INVALID_FIELD", "certificate", 'must be "primary" or "secondary".')
        try:
            token_server.sign_with(certificate)
        except InputError as error:
            raise RequestError("INVALID_FIELD", "certificate", f"{error}") from None
        return describe()

    def ban(body: Body) -> Body:
        if "user" in body:
            return {"banned": signaling_server.ban_all(lambda session: session.user == body["user"])}
        uid = _uid(body)
        return {"banned": media_server.ban_all(lambda session: session.uid == uid)}

    scripts = ["practice/redirect.js", *([sdk.address] if sdk.content else []), *([_RTM_ADDRESS] if signaling else [])]
    html = page(
        _FOLDER,
        "stage.html",
        app_id=escape(project.app_id),
        scripts="\n".join(f'<script defer src="{address}"></script>' for address in scripts),
        no_sdk=no_sdk,
        no_rtm_sdk="" if signaling else page(_FOLDER, "no_rtm_sdk.html"),
        renewal=_RENEWAL_ADDRESS if renewal_handler else "",
        changes="".join(_button(change) for change in changes),
        lifetimes="".join(_option(name, *ends) for name, ends in LIFETIMES.items()),
    )
    policy = ONLY_THIS_SERVER | {"worker-src": "'self' blob:", "media-src": "'self' blob:"}
    return [
        page_route("/stage", html, policy),
        Route("/practice/project", show_project),
        Route("/practice/meanings", show_meanings),
        json_route("/practice/change", change_project),
        json_route("/practice/signer", change_signer),
        json_route("/practice/token", token_server.issue),
        json_route("/practice/ban", ban),
        *asset_routes(_FOLDER, "/practice", ("stage.js", "stage.css")),
        *([script_route(f"/{_RTM_ADDRESS}", signaling)] if signaling else []),
        *([script_route(f"/{_RENEWAL_ADDRESS}", _renewal_module(renewal_handler))] if renewal_handler else []),
    ]


class _TokenServer:
    """Signs the stage's tokens: with the same certificate until somebody changes it, whatever the console says."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._certificate = project.certificates.value("primary")

    @property
    def signer(self) -> str:
        """Which of the project's certificates it signs with: ``"primary"``, ``"secondary"`` or ``"deleted"``."""
        certificates = self._project.certificates
        if hmac.compare_digest(self._certificate, certificates.value("primary")):
            return "primary"
        return "secondary" if "secondary" in certificates.entries else "deleted"

    def sign_with(self, entry: Literal["primary", "secondary"]) -> None:
        """Sign with another certificate from now on.

        Raises:
            InputError: there is no such certificate.
        """
        self._certificate = self._project.certificates.value(entry)

    def issue(self, body: Body) -> Body:
        """Issue a token for the lobby, or for Signaling.

        Raises:
            RequestError: a field is invalid.
        """
        lifetime = LIFETIMES.get(lasts) if isinstance(lasts := body.get("lasts"), str) else None
        if lifetime is None:
            raise RequestError("INVALID_FIELD", "lasts", f"must be one of: {'; '.join(LIFETIMES)}.")
        expires_in, privileges_end = lifetime
        credentials, now = Credentials(self._project.app_id, self._certificate), self._project.clock.now()
        if "user" in body:
            try:
                return {"token": build_rtm_token(credentials, body["user"], expires_in=expires_in, now=now)}
            except InputError as error:
                raise RequestError("INVALID_FIELD", "user", error.problem, error.hint) from None
        role = Role.PUBLISHER if body.get("isPublisher") is True else Role.SUBSCRIBER
        service = RtcService(CHANNEL, _uid(body), dict.fromkeys(ROLE_PRIVILEGES[role], privileges_end))
        # not by the builder, which refuses privileges without an end
        token = v007.encode(self._project.app_id, self._certificate, [service], issued_at=now, expire=expires_in)
        return {"token": token}


def _renewal_module(handler: str) -> bytes:
    """Return a JavaScript module that runs the handler for one client. The page imports it from this server."""
    return f"export default async (client, token, fetchToken) => {{\n{handler}\n}};\n".encode(errors="replace")


def _uid(body: Body) -> int:
    uid = body.get("uid")
    if type(uid) is not int or not 0 < uid <= UINT32_MAX:
        raise RequestError("INVALID_FIELD", "uid", f"must be an integer, 1 to {UINT32_MAX}.")
    return uid


def _option(name: str, expires_in: int, privileges_end: int) -> str:
    selected = " selected" if expires_in == privileges_end == HOUR else ""
    apart = "" if expires_in == privileges_end else " data-apart"
    return f"<option{selected}{apart}>{name}</option>"


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


def _possible_changes(project: Project) -> list[str]:
    """Return the changes that the project would not refuse and that change something: the buttons to show."""
    entries, co_host_authentication = project.certificates.entries, project.co_host_authentication
    primary, secondary, without = (entries.get(name) for name in ("primary", "secondary", "no certificate"))
    possible = {
        "Turn co-host authentication on": not co_host_authentication,
        "Turn co-host authentication off": co_host_authentication,
        "Add a secondary certificate": primary == "enabled" and secondary is None,
        "Swap primary and secondary": secondary == "enabled",
        "Disable the secondary certificate": secondary == "enabled",
        "Enable the secondary certificate": secondary == "disabled",
        "Delete the secondary certificate": secondary == "disabled",
        "Disable No certificate": primary == without == "enabled",
        "Enable No certificate": without == "disabled",
        "Delete No certificate": without == "disabled",
    }
    return [change for change, is_possible in possible.items() if is_possible]
