"""An access point that Agora's own Web SDKs can talk to: a practice project as an ASGI app.

    POST /api/v2/transpond/webrtc   agora-rtc-sdk-ng asks to join a channel
    POST /api/v1                    agora-rtm-sdk asks to log in to messaging
    POST /anything/else             statistics and logs: {}

Requests and answers have the shape that agora-rtc-sdk-ng 4.24.8 and agora-rtm-sdk 2.3.0 were seen to use. Who gets in
says :class:`Project`, a model of Agora's documentation: no promise of what Agora's servers answer.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes
from typing import Any, TypeVar

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..constants import UINT32_MAX
from ..errors import InputError
from ..practice.admission import Admission, Surface
from ..practice.project import Project
from ..server.requests import client_gone, receive_body

MAX_BODY_BYTES = 64 * 1024
"""Bytes. A question has about a thousand; statistics are not read."""
KEPT = 1000
"""Questions in ``app.state.asked``: an SDK that is admitted, and finds no server, asks again and again."""

Json = dict[str, Any]
T = TypeVar("T", int, str, dict[str, Any], list[Any])

_HEADERS = {"access-control-allow-origin": "*", "cache-control": "no-store"}
_METHODS = {"allow": "POST, OPTIONS", "access-control-allow-methods": "POST", "access-control-allow-headers": "*"}
_JOIN, _LOGIN = 22, 128  # the SDKs' own numbers for the two questions
_ACCOUNT, _APP_ID = "6", "25"  # and for what stands in a question's "detail"
_ECHO = {"enter_ts": 1, "leave_ts": 2}
_MEDIA_SERVER = {"ip": "127.0.0.1", "port": 4000, "fingerprint": "none", "ticket": "bm9uZQ=="}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and its answer. An SDK asks two to four hosts at once, so a question comes several times."""

    surface: Surface
    name: str
    """The channel, or the RTM user."""
    uid: int | str | None
    """RTC: the uid, 0 if Agora is to choose one, or the user account. RTM: None."""
    with_token: bool
    admission: Admission


def create_access_point(project: Project, *, now: int | None = None) -> Starlette:
    """The access point of one project as an ASGI app.

    It keeps nothing but the project, which may change meanwhile, and ``app.state.asked``: the last questions and
    answers (:class:`Asked`), oldest first, without tokens. Who is admitted is sent to a media server that does not
    exist: that the SDK opens a WebSocket to it is the sign of admission. A question that no SDK asks is answered
    400, with a JSON error.

    Args:
        project: says who gets in.
        now: Unix time at which tokens are judged; the clock's by default.
    """
    asked: list[Asked] = []

    def endpoint(read: Callable[[Request, bytes], Json], answer: Callable[..., tuple[Asked | None, Json]]) -> Any:
        async def handle(request: Request) -> Response:
            body = await receive_body(request.receive, MAX_BODY_BYTES, _too_large)
            question, answered = answer(read(request, body), project, now)
            asked.extend([question] if question else [])
            del asked[:-KEPT]
            return JSONResponse(answered, headers=_HEADERS)

        return handle

    routes = [
        Route("/{path:path}", _preflight, methods=["OPTIONS"]),
        Route("/api/v2/transpond/webrtc", endpoint(_form, _join), methods=["POST"]),
        Route("/api/v1", endpoint(_json, _login), methods=["POST"]),
        Route("/{path:path}", _statistics, methods=["POST"]),
    ]
    handlers: dict[Any, Any] = {InputError: _refused, HTTPException: _refused, ClientDisconnect: client_gone}
    app = Starlette(routes=routes, exception_handlers=handlers)
    app.state.asked = asked
    return app


def _join(body: Json, project: Project, now: int | None) -> tuple[Asked, Json]:
    app_id, opid = _field(body, "appid", str), _field(body, "opid", int)
    parts = [part for part in _field(body, "request_bodies", list) if isinstance(part, dict)]
    buffer = _field(next((part for part in parts if part.get("uri") == _JOIN), {}), "buffer", dict)
    channel, key = _field(buffer, "cname", str), _field(buffer, "key", str)
    uid, detail = _field({"uid": 0} | buffer, "uid", int), _field({"detail": {}} | buffer, "detail", dict)
    if not 0 <= uid <= UINT32_MAX:
        raise InputError("uid", f"must be from 0 to {UINT32_MAX}.")
    account = _field(detail, _ACCOUNT, str) if _ACCOUNT in detail else None
    who: Json = {"uid": uid} if account is None else {"account": account}
    token = None if key == app_id else key
    admission = project.answer_join(channel, app_id=app_id, token=token, now=now, **who)
    code = 2_010_000 + admission.code if admission.code else 0
    entrance: Json = {"code": code, "flag": 4096, "cname": channel, "detail": {}}
    detour: Json = {"code": code, "flag": 4_194_310}
    if admission.admitted:
        entrance |= {"edges_services": [_MEDIA_SERVER], "cid": 1, "uid": uid or 1, "ticket": "none", "cert": "none"}
        detour |= {"edges_services": []}
    answers = [{"uri": 23, "buffer": buffer} for buffer in (entrance, detour)]
    question = Asked(Surface.RTC, channel, uid if account is None else account, token is not None, admission)
    return question, _ECHO | {"code": 0, "opid": opid, "detail": {"502": "127.0.0.1"}, "response_body": answers}


def _login(body: Json, project: Project, now: int | None) -> tuple[Asked | None, Json]:
    if "string_uid" in body:  # the RTC SDK wants an integer that stands for a user account
        account = _field(body, "string_uid", str)
        return None, {"code": 0, "uid": zlib.crc32(account.encode()) or 1, "string_uid": account}
    if body.get("flag") != _LOGIN:
        return None, {}
    opid, user, key = _field(body, "opid", int), _field(body, "cname", str), _field(body, "key", str)
    app_id = _field(_field(body, "detail", dict), _APP_ID, str)
    token = None if key == app_id else key
    admission = project.answer_login(user, app_id=app_id, token=token, now=now)
    answer = {"code": admission.code, "opid": opid, "flag": _LOGIN, "cid": 1, "cname": user, "uid": 0, "server_ts": 1}
    addresses = [_MEDIA_SERVER] if admission.admitted else []
    question = Asked(Surface.RTM, user, None, token is not None, admission)
    return question, _ECHO | answer | {"detail": {}, "addresses": addresses}


def _form(request: Request, body: bytes) -> Json:
    """The field ``request`` of a browser's FormData, which is written like an e-mail with attachments."""
    head = f"content-type: {request.headers.get('content-type', '')}\n\n".encode("latin-1")
    try:
        parts = message_from_bytes(head + body).walk()
        found = [part for part in parts if part.get_param("name", header="content-disposition") == "request"]
        content = found[0].get_payload(decode=True)
    except (LookupError, ValueError):  # no such part, or an encoding that there is not
        content = None
    if not isinstance(content, bytes):
        raise InputError("request", "is missing: it must be a field of multipart/form-data.")
    return _json(request, content)


def _json(request: Request, body: bytes) -> Json:
    """The JSON object that the bytes hold."""
    try:
        value = json.loads(body)
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()  # parts of it come back in the answer
    except (ValueError, RecursionError):
        raise InputError("request", "is not JSON.") from None
    if not isinstance(value, dict):
        raise InputError("request", "must be a JSON object.")
    return value


def _field(body: Json, name: str, kind: type[T]) -> T:
    value = body.get(name)
    if type(value) is not kind:
        words = {int: "an integer", str: "a string", list: "an array"}.get(kind, "an object")
        raise InputError(name, f"must be {words}." if name in body else "is missing.")
    return value


def _too_large() -> InputError:
    return InputError("body", f"is larger than {MAX_BODY_BYTES} bytes.")


async def _preflight(request: Request) -> Response:
    return Response(status_code=204, headers=_HEADERS | _METHODS)


async def _statistics(request: Request) -> Response:
    return JSONResponse({}, headers=_HEADERS)


async def _refused(request: Request, error: Exception) -> Response:
    said = error if isinstance(error, InputError) else InputError("method", "is not allowed here.", "SDKs use POST.")
    body = {"error": {"code": "INVALID_REQUEST", "field": said.field, "message": str(said)}}
    return JSONResponse(body, status_code=getattr(error, "status_code", 400), headers=_HEADERS | _METHODS)
