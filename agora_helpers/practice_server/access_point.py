"""An access point that Agora's own Web SDKs can talk to: a practice project as an ASGI app.

    POST /api/v2/transpond/webrtc   agora-rtc-sdk-ng requests to join a channel
    WS   /ws/4000                   and opens a WebSocket to the media server that the answer names
    POST /api/v1                    agora-rtm-sdk requests to log in to messaging
    WS   /ws/9591, /ws/9593         and opens two WebSockets to the Signaling server
    POST /anything/else             statistics and logs: {}

Requests and responses have the shape observed with agora-rtc-sdk-ng 4.24.8 and agora-rtm-sdk 2.3.0. Clients are
admitted by :class:`Project`, a model of Agora's documentation; Agora's servers may respond differently.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from email import message_from_bytes
from typing import Any, TypeVar

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute

from ..constants import UINT32_MAX
from ..errors import ErrorCode, InputError
from ..practice.admission import Admission, Surface
from ..practice.project import Project
from ..practice.session import MediaServer
from ..practice.signaling import SignalingServer, write_ticket
from ..server.endpoints import random_uid
from ..server.fields import JSON_TYPES
from ..server.requests import client_gone, receive_body
from .media import SocketEndpoint, is_allowed, own_origin

MAX_BODY_BYTES = 64 * 1024
"""A request has about a thousand bytes; statistics are not read."""
MAX_EXCHANGES = 1000
"""Length of ``app.state.exchanges``: an SDK that is admitted, and finds no media server, keeps retrying."""

Json = dict[str, Any]
T = TypeVar("T", int, str, dict[str, Any], list[Any])

_HEADERS = {"cache-control": "no-store"}
_JOIN, _LOGIN = 22, 128  # the SDKs' own numbers for the two requests
_ACCOUNT, _APP_ID = "6", "25"  # and for entries in a request's "detail"
_ECHO = {"enter_ts": 1, "leave_ts": 2}
SIGNALING_PORTS = (9591, 9593)
"""In the addresses of the SDK's WebSockets to the Signaling server, whatever the answer says."""
MEDIA_PORT = 4000
"""In the address of the media server, which ``redirect.js`` maps to a path of this server."""
_MEDIA_SERVER = {"ip": "127.0.0.1", "port": MEDIA_PORT, "fingerprint": "none", "ticket": "bm9uZQ=="}


@dataclass(frozen=True, slots=True)
class Exchange:
    """An SDK's request and the response. An SDK sends each request to two to four hosts at once."""

    surface: Surface
    name: str
    """The channel, or the RTM user."""
    uid: int | str | None
    """RTC: the uid, 0 to let Agora choose one, or the user account. RTM: None."""
    with_token: bool
    """Whether the client sent a token."""
    admission: Admission


def create_access_point(project: Project, *, origins: Collection[str] = ()) -> Starlette:
    """Create the access point of one project as an ASGI app.

    Its only state is the project, which may change meanwhile, ``app.state.exchanges``: the last requests and responses
    (:class:`Exchange`), oldest first, without tokens, and ``app.state.media_server``, to which admitted clients are
    sent. A request that no SDK sends gets status 400 and a JSON error. So does a request of a page from another
    address, and its WebSocket gets status 403: otherwise any page in the same browser could try tokens here.

    Args:
        project: admits clients, at the time of its clock.
        origins: of other pages that may send requests and open WebSockets, such as ``"http://localhost:5173"``.

    >>> from starlette.testclient import TestClient
    >>> from agora_helpers import Credentials
    >>> client = TestClient(create_access_point(Project(Credentials.demo())))
    >>> client.post("/api/v1", json={"flag": 128}).json()["error"]["message"]
    'opid: is missing.'
    """
    exchanges: list[Exchange] = []
    media_server = MediaServer(project)
    signaling_server = SignalingServer(project)

    def endpoint(
        read: Callable[[Request, bytes], Json],
        answer: Callable[[Json, Project], tuple[Exchange | None, Json]],
    ) -> Callable[[Request], Awaitable[Response]]:
        async def handle(request: Request) -> Response:
            _check_origin(request, origins)
            body = await receive_body(request.receive, MAX_BODY_BYTES, _too_large)
            exchange, response = answer(read(request, body), project)
            if exchange:
                exchanges.append(exchange)
                del exchanges[:-MAX_EXCHANGES]
            return JSONResponse(response, headers=_HEADERS)

        return handle

    routes = [
        Route("/api/v2/transpond/webrtc", endpoint(_form, _join), methods=["POST"]),
        Route("/api/v1", endpoint(_json, _login), methods=["POST"]),
        WebSocketRoute(f"/ws/{MEDIA_PORT}", SocketEndpoint(media_server, origins)),
        *(WebSocketRoute(f"/ws/{port}", SocketEndpoint(signaling_server, origins)) for port in SIGNALING_PORTS),
        Route("/{path:path}", _statistics, methods=["POST"]),
    ]
    handlers: dict[Any, Any] = {InputError: _rejected, HTTPException: _rejected, ClientDisconnect: client_gone}
    app = Starlette(routes=routes, exception_handlers=handlers)
    app.state.exchanges = exchanges
    app.state.media_server = media_server
    app.state.signaling_server = signaling_server
    return app


def _join(body: Json, project: Project) -> tuple[Exchange, Json]:
    app_id, opid = _field(body, "appid", str), _field(body, "opid", int)
    parts = [part for part in _field(body, "request_bodies", list) if isinstance(part, dict)]
    buffer = _field(next((part for part in parts if part.get("uri") == _JOIN), {}), "buffer", dict)
    channel, key = _field(buffer, "cname", str), _field(buffer, "key", str)
    uid, detail = _field({"uid": 0} | buffer, "uid", int), _field({"detail": {}} | buffer, "detail", dict)
    if not 0 <= uid <= UINT32_MAX:
        raise InputError("uid", f"must be from 0 to {UINT32_MAX}.")
    account = _field(detail, _ACCOUNT, str) if _ACCOUNT in detail else None
    client: Json = {"uid": uid} if account is None else {"account": account}
    token = None if key == app_id else key
    admission = project.answer_join(channel, app_id=app_id, token=token, **client)
    code = 2_010_000 + admission.code if admission.code else 0
    entrance: Json = {"code": code, "flag": 4096, "cname": channel, "detail": {}}
    detour: Json = {"code": code, "flag": 4_194_310}
    if admission.admitted:
        entrance |= {
            "edges_services": [_MEDIA_SERVER],
            "cid": 1,
            "uid": uid or random_uid(),
            "ticket": "none",
            "cert": "none",
        }
        detour |= {"edges_services": []}
    answers = [{"uri": 23, "buffer": buffer} for buffer in (entrance, detour)]
    exchange = Exchange(Surface.RTC, channel, uid if account is None else account, token is not None, admission)
    return exchange, _ECHO | {"code": 0, "opid": opid, "detail": {"502": "127.0.0.1"}, "response_body": answers}


def _login(body: Json, project: Project) -> tuple[Exchange | None, Json]:
    if "string_uid" in body:  # the RTC SDK requests an integer that stands for a user account
        account = _field(body, "string_uid", str)
        return None, {"code": 0, "uid": zlib.crc32(account.encode()) or 1, "string_uid": account}
    if body.get("flag") != _LOGIN:
        return None, {}
    opid, user, key = _field(body, "opid", int), _field(body, "cname", str), _field(body, "key", str)
    app_id = _field(_field(body, "detail", dict), _APP_ID, str)
    token = None if key == app_id else key
    admission = project.answer_login(user, app_id=app_id, token=token)
    answer = {"code": admission.code, "opid": opid, "flag": _LOGIN, "cid": 1, "cname": user, "uid": 0, "server_ts": 1}
    addresses = [_MEDIA_SERVER | {"ticket": write_ticket(key)}] if admission.admitted else []
    exchange = Exchange(Surface.RTM, user, None, token is not None, admission)
    return exchange, _ECHO | answer | {"detail": {}, "addresses": addresses}


def _check_origin(request: Request, origins: Collection[str]) -> None:
    """Check that the request comes from a page that may send it, or from a program that is not a browser."""
    if not is_allowed(request, origins):
        hint = f"Send requests only from pages of {own_origin(request)}."
        raise InputError("Origin", "is the address of another page.", hint)


def _form(request: Request, body: bytes) -> Json:
    """Return the field ``request`` of a browser's FormData, which is encoded like an e-mail with attachments."""
    head = f"content-type: {request.headers.get('content-type', '')}\n\n".encode("latin-1")
    try:
        parts = message_from_bytes(head + body).walk()
        matches = [part for part in parts if part.get_param("name", header="content-disposition") == "request"]
        content = matches[0].get_payload(decode=True)
    except (LookupError, ValueError):  # no such part, or an unknown encoding
        content = None
    if not isinstance(content, bytes):
        raise InputError("request", "is missing.", "Send it as a field of multipart/form-data.", code=ErrorCode.MISSING)
    return _json(request, content)


def _json(request: Request, body: bytes) -> Json:
    """Parse a JSON object."""
    try:
        value = json.loads(body)
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()  # parts of it are sent back in the response
    except (ValueError, RecursionError):
        raise InputError("request", "is not JSON.") from None
    if not isinstance(value, dict):
        raise InputError("request", "must be a JSON object.")
    return value


def _field(body: Json, name: str, kind: type[T]) -> T:
    value = body.get(name)
    if type(value) is not kind:
        if name not in body:
            raise InputError(name, "is missing.", code=ErrorCode.MISSING)
        raise InputError(name, f"must be {JSON_TYPES[kind]}.", code=ErrorCode.WRONG_TYPE)
    return value


def _too_large() -> InputError:
    return InputError("body", f"is larger than {MAX_BODY_BYTES} bytes.", code=ErrorCode.TOO_LONG)


async def _statistics(request: Request) -> Response:
    return JSONResponse({}, headers=_HEADERS)


async def _rejected(request: Request, error: Exception) -> Response:
    method = InputError("method", "is not allowed here.", "Use POST, as the SDKs do.")
    cause = error if isinstance(error, InputError) else method
    body = {"error": {"code": "INVALID_REQUEST", "field": cause.field, "message": str(cause)}}
    return JSONResponse(body, status_code=getattr(error, "status_code", 400), headers=_HEADERS | {"allow": "POST"})
