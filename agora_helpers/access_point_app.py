"""An access point that Agora's own Web SDKs can talk to: a practice project as an ASGI app.

    POST /api/v2/transpond/webrtc   agora-rtc-sdk-ng asks to join a channel
    POST /api/v1                    agora-rtm-sdk asks to log in to messaging
    POST /anything/else             statistics and logs: {}

Requests and answers have the shape that agora-rtc-sdk-ng 4.24.8 and agora-rtm-sdk 2.3.0 were seen to use. What is
answered comes from :class:`Project`, a model of Agora's documentation; it promises nothing about Agora's servers.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .access_point import Project
from .admission import Admission, Surface
from .errors import InputError
from .vocabulary import UINT32_MAX

LARGEST_BODY = 64 * 1024
"""Bytes. An SDK's question has less than a thousand; its statistics are not read."""
KEPT = 1000
"""Questions that ``app.state.asked`` keeps: an SDK that is let in, and finds no server, asks again and again."""

Json = dict[str, Any]
T = TypeVar("T", int, str, dict[str, Any], list[Any])

_HEADERS = {"access-control-allow-origin": "*", "cache-control": "no-store"}
_PREFLIGHT = {"access-control-allow-methods": "POST", "access-control-allow-headers": "*"}
_JOIN, _LOGIN = 22, 128  # the SDKs' own numbers of the two questions
_MEDIA_SERVER = {"ip": "127.0.0.1", "port": 4000, "fingerprint": "none", "ticket": "bm9uZQ=="}
_NOT_A_TOKEN, _INVALID = 101, 9


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of an SDK, and the answer. An SDK asks several hosts at once, so most questions come repeatedly."""

    surface: Surface
    name: str
    """The channel, or the RTM user."""
    uid: int | str | None
    """RTC: the uid, 0 if the client leaves it to Agora, or the user account. RTM: None."""
    with_token: bool
    admission: Admission


def create_access_point(project: Project, *, now: int | None = None) -> Starlette:
    """The project's access point as an ASGI app.

    It keeps nothing but the project, which may change meanwhile, and ``app.state.asked``: the last questions and
    answers (:class:`Asked`), oldest first, without tokens. Whoever is admitted is sent to a media server that does not
    exist: the SDK's attempt to open a WebSocket to it is the sign of admission.

    Args:
        project: answers who gets in.
        now: Unix time at which tokens are judged; the clock's by default.

    A question that no SDK would ask is answered 400, with a JSON error.
    """
    asked: list[Asked] = []

    def note(question: Asked) -> None:
        asked.append(question)
        del asked[:-KEPT]

    async def rtc(request: Request) -> Json:
        form = await request.form(max_files=0, max_fields=8, max_part_size=LARGEST_BODY)
        return _join(project, now, _read("request", form.get("request")), note)

    async def rtm(request: Request) -> Json:
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > LARGEST_BODY:
                raise InputError("body", f"is larger than {LARGEST_BODY} bytes.")
        return _login(project, now, _read("body", body), note)

    routes = [
        Route("/{path:path}", _preflight, methods=["OPTIONS"]),
        Route("/api/v2/transpond/webrtc", _endpoint(rtc), methods=["POST"]),
        Route("/api/v1", _endpoint(rtm), methods=["POST"]),
        Route("/{path:path}", _endpoint(_statistics), methods=["POST"]),
    ]
    handlers: dict[Any, Any] = {InputError: _malformed, HTTPException: _refused, ClientDisconnect: _gone}
    app = Starlette(routes=routes, exception_handlers=handlers)
    app.router.redirect_slashes = False
    app.state.asked = asked
    return app


def _join(project: Project, now: int | None, body: Json, note: Callable[[Asked], None]) -> Json:
    app_id, opid = _field(body, "appid", str), _field(body, "opid", int)
    bodies = [part for part in _field(body, "request_bodies", list) if isinstance(part, dict)]
    wanted = next((part for part in bodies if part.get("uri") == _JOIN), {})
    buffer = _field(wanted, "buffer", dict)
    channel, key = _field(buffer, "cname", str), _field(buffer, "key", str)
    uid = _field({"uid": 0} | buffer, "uid", int)
    if not 0 <= uid <= UINT32_MAX:
        raise InputError("uid", f"must be from 0 to {UINT32_MAX}.")
    details = _field({"detail": {}} | buffer, "detail", dict)
    account = _field(details, "6", str) if "6" in details else None
    token = None if key == app_id else key
    who: Json = {"uid": uid} if account is None else {"account": account}
    admission = project.join(channel, app_id=app_id, token=token, now=now, **who)
    note(Asked(Surface.RTC, channel, uid if account is None else account, token is not None, admission))
    code = 0 if admission.admitted else 2_010_000 + admission.code
    entrance: Json = {"uri": 23, "buffer": {"code": code, "flag": 4096, "cname": channel, "detail": {}}}
    proxies: Json = {"uri": 23, "buffer": {"code": code, "flag": 4_194_310}}
    if admission.admitted:
        entrance["buffer"] |= {"cid": 1, "uid": uid or 1, "ticket": "none", "cert": "none"}
        entrance["buffer"]["edges_services"] = [_MEDIA_SERVER]
        proxies["buffer"]["edges_services"] = []
    echo = {"code": 0, "opid": opid, "enter_ts": 1, "leave_ts": 2, "detail": {"502": "127.0.0.1"}}
    return echo | {"response_body": [entrance, proxies]}


def _login(project: Project, now: int | None, body: Json, note: Callable[[Asked], None]) -> Json:
    if "string_uid" in body:  # the RTC SDK wants an integer for a user account
        account = _field(body, "string_uid", str)
        return {"code": 0, "uid": zlib.crc32(account.encode()) or 1, "string_uid": account}
    if body.get("flag") != _LOGIN:
        return {}
    opid, user, key = _field(body, "opid", int), _field(body, "cname", str), _field(body, "key", str)
    app_id = _field(_field(body, "detail", dict), "25", str)
    token = None if key == app_id else key
    admission = project.login(user, app_id=app_id, token=token, now=now)
    if admission.code == _NOT_A_TOKEN:  # says the SDK by itself; what it lets through is not good for all that
        admission = replace(admission, code=_INVALID, documented=False)
    note(Asked(Surface.RTM, user, None, token is not None, admission))
    echo = {"code": admission.code, "opid": opid, "flag": _LOGIN, "enter_ts": 1, "leave_ts": 2, "server_ts": 1}
    addresses = [_MEDIA_SERVER] if admission.admitted else []
    return echo | {"cid": 1, "cname": user, "uid": 0, "detail": {}, "addresses": addresses}


async def _statistics(request: Request) -> Json:
    return {}


def _read(field: str, content: object) -> Json:
    """The JSON object in a text or in bytes."""
    if not isinstance(content, str | bytes):
        raise InputError(field, "is missing.")
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):  # UnicodeDecodeError is a ValueError, too
        raise InputError(field, "is not JSON.") from None
    if not isinstance(value, dict):
        raise InputError(field, "must be a JSON object.")
    return value


def _field(body: Json, name: str, kind: type[T]) -> T:
    value = body.get(name)
    if type(value) is not kind:
        raise InputError(name, "is missing." if name not in body else f"must be of JSON's type for {kind.__name__}.")
    if isinstance(value, str) and not value.isascii():
        value.encode()
    return value


def _endpoint(answer: Callable[[Request], Awaitable[Json]]) -> Callable[[Request], Awaitable[Response]]:
    async def handle(request: Request) -> Response:
        return JSONResponse(await answer(request), headers=_HEADERS)

    return handle


async def _preflight(request: Request) -> Response:
    return Response(status_code=204, headers=_HEADERS | _PREFLIGHT)


async def _malformed(request: Request, error: InputError) -> Response:
    return _error(400, "INVALID_REQUEST", error.field, str(error))


async def _refused(request: Request, error: HTTPException) -> Response:
    return _error(error.status_code, "INVALID_REQUEST", "request", f"request: {error.detail}")


async def _gone(request: Request, error: Exception) -> Response:
    return Response(status_code=400)  # the client hung up: nobody reads this


def _error(status: int, code: str, field: str, message: str) -> Response:
    body = {"error": {"code": code, "field": field, "message": message}}
    return JSONResponse(body, status_code=status, headers=_HEADERS)
