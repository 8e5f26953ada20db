"""The classic tutorial's token server, faults and all, as something to audit.

It behaves like the tutorial's program for Node.js and Express. What it does wrong is deliberate: never put it online.
"""

from __future__ import annotations

import json
import time
from html import escape
from secrets import randbelow
from typing import TYPE_CHECKING, Any

from ..constants import RTM_LOGIN_006, Role, RtcPrivilege, TokenVersion
from ..credentials import Credentials, wrong_credentials
from ..errors import ErrorCode, InputError
from ..secret import hide
from ..tokens import v006, v007
from ..tokens.services import RtcService, RtmService

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import Receive, Scope, Send

WARNING = "Agora Auth Token Server, with the faults of the classic tutorial. For audits on this machine only."
_LIFETIME = 3600
_UIDS = 100_000
_LOOPBACK = ("localhost", "127.0.0.1", "::1", "testserver", "testclient")
_STACK = """\
    at Function.from (node:buffer:322:9)
    at buildToken (/srv/token-server/node_modules/agora-access-token/src/AccessToken.js:32:20)
    at /srv/token-server/server.js:31:31
    at Layer.handle [as handle_request] (/srv/token-server/node_modules/express/lib/router/layer.js:95:5)"""


class ClassicServer:
    """An ASGI app with the two endpoints of the classic tutorial, ``POST /rtctoken`` and ``POST /rtmtoken``.

    Its faults: any channel and user is signed, ``isPublisher`` counts by its truth value, a random uid is one of
    100,000 and may be 0, all 006 tokens have the same salt, bad input makes it fail with a stack trace, and nobody is
    asked for a credential. It refuses requests that do not come from this machine. This runs it:
    ``agora-helpers serve --app agora_helpers.audit:ClassicServer``

    Args:
        credentials: the project's; by default Agora's published sample pair, whose tokens no project accepts.
        version: ``"006"``, as in the tutorial, or ``"007"``.

    Raises:
        InputError: an argument has the wrong type or value.
    """

    _version: TokenVersion = "006"  # for __repr__, if an argument is rejected

    def __init__(self, credentials: Credentials | None = None, version: TokenVersion = "006") -> None:
        if credentials is not None and not isinstance(credentials, Credentials):
            raise wrong_credentials(credentials := hide(credentials))
        if version not in ("006", "007"):
            raise InputError("version", "is not a token version.", 'Use "006" or "007".', code=ErrorCode.UNKNOWN_CHOICE)
        self._credentials, self._version = credentials or Credentials.demo(), version
        self._salt = randbelow(2**32)
        """Of all 006 tokens: the npm package ``agora-access-token`` draws one when it is loaded."""

    def __repr__(self) -> str:
        return f"<ClassicServer {self._version}: deliberately faulty, for audits on this machine only>"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        if scope["type"] == "lifespan":
            while (await receive())["type"] != "lifespan.shutdown":
                await send({"type": "lifespan.startup.complete"})
            await send({"type": "lifespan.shutdown.complete"})
            return
        from starlette.requests import Request

        request = Request(scope, receive)
        response = self._answer(
            request.method, request.url.path, request.headers.get("content-type", ""), await request.body()
        )
        if not all(_is_loopback(scope.get(side)) for side in ("server", "client")):
            response = _page(403, WARNING)
        response.headers["x-powered-by"] = "Express"
        await response(scope, receive, send)

    def _answer(self, method: str, path: str, content_type: str, body: bytes) -> Response:
        from starlette.responses import HTMLResponse, JSONResponse

        issue = {"/rtctoken": self._rtc, "/rtmtoken": self._rtm}.get(path)
        if (method, path) == ("GET", "/"):
            return HTMLResponse(WARNING)
        if issue and method == "OPTIONS":
            return HTMLResponse("POST", headers={"allow": "POST"})
        if not issue or method != "POST":
            return _page(404, f"Cannot {method} {path}")
        values: Any = {}
        if body and content_type.partition(";")[0].strip() == "application/json":
            try:
                values = json.loads(body)
                if not isinstance(values, dict | list):
                    raise ValueError
            except ValueError:
                return _page(400, f"SyntaxError: Unexpected token in JSON\n{_STACK}")
        try:
            return JSONResponse(issue(values if isinstance(values, dict) else {}))
        except TypeError:
            return _page(500, f"TypeError [ERR_INVALID_ARG_TYPE]: The first argument must be of type string\n{_STACK}")

    def _rtc(self, body: dict[str, Any]) -> dict[str, Any]:
        uid = randbelow(_UIDS)
        role = Role.PUBLISHER if _is_truthy(body.get("isPublisher")) else Role.SUBSCRIBER
        numbers = [*RtcPrivilege] if role == Role.PUBLISHER else [RtcPrivilege.JOIN_CHANNEL]
        channel = _string(body.get("channel"))
        return {"uid": uid, "token": self._sign(channel, str(uid or ""), [int(number) for number in numbers])}

    def _rtm(self, body: dict[str, Any]) -> dict[str, Any]:
        user = body.get("user")
        if self._version == "007":
            user = user if _is_truthy(user) else ""
        return {"token": self._sign(_string(user), "", [RTM_LOGIN_006])}

    def _sign(self, name: str, uid: str, privileges: list[int]) -> str:
        pair, now = (self._credentials.app_id, self._credentials.app_certificate), int(time.time())
        if self._version == "006":
            ends = dict.fromkeys(privileges, now + _LIFETIME)
            return v006.encode(*pair, name, uid, ends, ts=now + 24 * 3600, salt=self._salt)
        if privileges == [RTM_LOGIN_006]:
            service: RtcService | RtmService = RtmService(name, {1: _LIFETIME})
        else:
            service = RtcService(name, uid, dict.fromkeys(privileges, _LIFETIME))
        return v007.encode(*pair, [service], issued_at=now, expire=_LIFETIME)

    def serve(self, port: int = 3000, host: str = "127.0.0.1") -> None:
        """Listen until interrupted.

        Args:
            port: the TCP port.
            host: an address of this machine that others cannot reach.

        Raises:
            InputError: the address is not a loopback address.

        >>> ClassicServer().serve(host="0.0.0.0")
        Traceback (most recent call last):
        agora_helpers.errors.InputError: host: is not a loopback address. This server is faulty on purpose: keep ...
        """
        if not _is_loopback((host, port)):
            hint = "This server is faulty on purpose: keep it on 127.0.0.1."
            raise InputError("host", "is not a loopback address.", hint, code=ErrorCode.OUT_OF_RANGE)
        import uvicorn

        uvicorn.run(self, host=host, port=port)


def _is_loopback(address: tuple[str, int] | None) -> bool:
    return address is None or address[0] in _LOOPBACK or address[0].startswith("127.")


def _is_truthy(value: object) -> bool:
    """Judge a JSON value as JavaScript does: empty arrays and objects are true."""
    return isinstance(value, dict | list) or bool(value)


def _string(value: object) -> str:
    """Return what Node's Buffer.from accepts; it throws a TypeError for a missing value, a number or a boolean."""
    if not isinstance(value, str):
        raise TypeError
    return value


def _page(status: int, message: str) -> Response:
    """Return one of Express's error pages."""
    from starlette.responses import HTMLResponse

    text = escape(message).replace("\n", "<br>").replace("  ", " &nbsp;")
    page = (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Error</title>\n</head>\n'
        f"<body>\n<pre>{text}</pre>\n</body>\n</html>\n"
    )
    return HTMLResponse(
        page, status, {"content-security-policy": "default-src 'none'", "x-content-type-options": "nosniff"}
    )
