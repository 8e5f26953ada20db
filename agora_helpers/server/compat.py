"""The paths of a common community server, for clients and UI kits that are written for them.

    GET  /rtc/{channel}/{role}/{tokentype}/{uid}/?expiry=            →  {"rtcToken": …}
    GET  /rtm/{uid}/?expiry=                                         →  {"rtmToken": …}
    GET  /rte/{channel}/{role}/{tokentype}/{uid}/?expiry=            →  {"rtcToken": …, "rtmToken": …}
    GET  /rte/{channel}/{role}/{tokentype}/{uid}/{rtmuid}/?expiry=   →  the same, for another RTM user id
    POST /getToken {"tokenType", "channel", "role", "uid", "expire"} →  {"token": …}

The slash at the end is optional. Paths and names are those of ``agora-token-service`` (github.com/AgoraIO-Community),
and nothing else is: access policy, limits and validation are those of the other endpoints. So this server refuses what
that one signs, such as tokens for uid 0, of any lifetime or for the Chat app.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote, unquote_to_bytes

from starlette.routing import Route
from starlette.types import Scope

from ..errors import ErrorCode, InputError
from .access import Gate, Permit
from .endpoints import ENDPOINTS
from .json_endpoint import JsonEndpoint
from .requests import Body, RequestError, route_path
from .settings import Settings

GET_TOKEN = "/getToken"  # noqa: S105
ROLES: Mapping[str, bool] = {"publisher": True, "subscriber": False, "audience": False}
"""Whether the client may publish, by the name of its role."""
_PATHS = {
    "rtc": ("channel", "role", "tokentype", "uid"),
    "rtm": ("uid",),
    "rte": ("channel", "role", "tokentype", "uid", "rtmuid"),
}
"""The names in a path, by its first part. ``rtmuid`` is optional."""
_TOKENS = {
    "rtcToken": ENDPOINTS["/rtctoken"],
    "rtmToken": ENDPOINTS["/rtmtoken"],
    "chatToken": ENDPOINTS["/chattoken"],
}
"""The endpoints that issue the tokens, by the tokens' names in responses."""
_Requests = dict[str, Body]
"""Requests to these endpoints, by the same names."""
_TOKEN_TYPES = {"rtc": "rtcToken", "rtm": "rtmToken", "chat": "chatToken"}
_GET_TOKEN_FIELDS = ("tokenType", "channel", "role", "uid", "expire")
_NAMES = {"isPublisher": "role", "userAccount": "uid", "user": "uid"}
"""What the fields of the endpoints are called here, besides ``expiresIn``."""
_OWN_ID = "Send your own id."
_HINTS: Mapping[tuple[str, str], str] = {
    ("isPublisher", "FORBIDDEN"): "Send subscriber.",
    ("uid", "FORBIDDEN"): _OWN_ID,
    ("userAccount", "FORBIDDEN"): _OWN_ID,
    ("user", "FORBIDDEN"): _OWN_ID,
    ("version", "FORBIDDEN"): "Use POST /rtctoken or POST /rtmtoken, which take a version.",
    ("uid", ErrorCode.UID_FOR_ANYONE): "Send the uid that the client will join with, 1 to 4294967295.",
    ("uid", ErrorCode.UID_TOO_LARGE): "Send 1 to 4294967295.",
    ("userAccount", ErrorCode.EMPTY): "Send 1 to 255 characters.",
}
"""What to do, by the endpoints' field and the error's code, where their own hint does not fit."""


def compat_routes(settings: Settings, gate: Gate) -> list[Route]:
    """Return the routes of these paths.

    Args:
        settings: of the server.
        gate: of the token server. A request counts once, even if it gets two tokens.
    """

    def route(method: str, path: str, form: _Form, read: Callable[[Scope], Body] | None = None) -> Route:
        return Route(path, JsonEndpoint(form.answer, gate=gate, apply=form.apply, read=read), methods=[method])

    def get(first: str, translate: Callable[[Body], _Requests]) -> Route:
        return route("GET", f"/{first}/{{names:path}}", _Form(settings, translate), partial(_read_path, first))

    return [
        get("rtc", _rtc_request),
        get("rtm", _rtm_request),
        get("rte", _rte_requests),
        route("POST", GET_TOKEN, _GetToken(settings, _get_token_request)),
    ]


@dataclass(frozen=True, slots=True)
class _Form:
    """A form of requests that the server's own endpoints answer."""

    settings: Settings
    translate: Callable[[Body], _Requests]
    lifetime: str = "expiry"
    """What ``expiresIn`` is called."""

    def apply(self, permit: Permit, body: Body) -> Body:
        """Translate a request, and fill in what the server decides."""
        with self._own_words():
            requests = self.translate(body)
            return {name: _TOKENS[name].apply(self.settings, permit, request) for name, request in requests.items()}

    def answer(self, requests: Body) -> Body:
        """Return the tokens by their names."""
        with self._own_words():
            return {name: _TOKENS[name].answer(self.settings, request)["token"] for name, request in requests.items()}

    @contextmanager
    def _own_words(self) -> Iterator[None]:
        """Name fields in errors as the request does."""
        try:
            yield
        except RequestError as error:
            cause = error.__cause__
            code = cause.code if isinstance(cause, InputError) else error.code
            hint = _HINTS.get((error.field, code), error.hint)
            field = (_NAMES | {"expiresIn": self.lifetime}).get(error.field, error.field)
            raise RequestError(error.code, field, error.problem, hint, status=error.status) from None


# Paths


def _read_path(first: str, scope: Scope) -> Body:
    """Return the names in a path, each decoded once, and ``expiry``.

    A name may contain an encoded slash, so they are separated before they are decoded.

    Raises:
        RequestError: the path has another number of names (404), or cannot be decoded.
    """
    raw: bytes = scope.get("raw_path") or quote(scope["path"]).encode()  # ASGI servers may leave it out
    mount = scope.get("root_path", "") if route_path(scope) != scope["path"] else ""
    parts = raw.split(b"/")[mount.count("/") + 2 :]
    if parts and not parts[-1]:
        parts.pop()
    names = _PATHS[first]
    if len(parts) not in (len(names), len(names) - names.count("rtmuid")):
        hint = f"Use GET /{first}/{'/'.join(name.upper() for name in names if name != 'rtmuid')}."
        raise RequestError("NOT_FOUND", "path", "does not exist.", hint, status=404)
    body: Body = dict(zip(names, map(_decode, parts), strict=False))
    lifetimes = re.findall("(?:^|&)expiry=([^&]*)", scope.get("query_string", b"").decode("latin-1"))
    if not lifetimes:
        return body
    if len(lifetimes) > 1 or not re.fullmatch("[0-9]{1,20}", lifetimes[0]):
        raise _invalid("expiry", "must be one number of seconds.", "Send 1 to 86400, or leave it out.")
    return body | {"expiresIn": int(lifetimes[0])}


def _decode(part: bytes) -> str:
    if re.search(rb"%(?![0-9A-Fa-f]{2})", part):
        raise _invalid("path", "contains a % that begins no escape.", "Write %25 for a percent sign.")
    try:
        return unquote_to_bytes(part).decode()
    except UnicodeDecodeError:
        hint = "Percent-encode each name: in JavaScript with encodeURIComponent."
        raise _invalid("path", "is not UTF-8.", hint) from None


def _rtc_request(names: Body) -> _Requests:
    return {"rtcToken": {"channel": names["channel"]} | _role(names["role"]) | _client(names) | _lifetime(names)}


def _rtm_request(names: Body) -> _Requests:
    return {"rtmToken": {"user": names["uid"]} | _lifetime(names)}


def _rte_requests(names: Body) -> _Requests:
    user = names.get("rtmuid", names["uid"])
    return _rtc_request(names) | {"rtmToken": {"user": user} | _lifetime(names)}


def _client(names: Body) -> Body:
    if names["tokentype"] == "userAccount":
        return {"userAccount": names["uid"]}
    if names["tokentype"] != "uid":
        raise _invalid("tokentype", 'must be "uid" or "userAccount".', "Send uid for a number.")
    if not re.fullmatch("-?(0|[1-9][0-9]{0,29})", names["uid"]):
        hint = "Send 1 to 4294967295, without leading zeros. Any other id is a user account."
        raise _invalid("uid", "must be a whole number.", hint)
    return {"uid": int(names["uid"])}


def _role(role: object) -> Body:
    if not isinstance(role, str) or role not in ROLES:
        raise _invalid("role", 'must be "publisher" or "subscriber".', "Send publisher for a client that sends audio.")
    return {"isPublisher": ROLES[role]}


def _lifetime(names: Body) -> Body:
    return {"expiresIn": names["expiresIn"]} if "expiresIn" in names else {}


# POST /getToken


@dataclass(frozen=True, slots=True)
class _GetToken(_Form):
    lifetime: str = "expire"

    def answer(self, requests: Body) -> Body:
        """Return the one token."""
        (token,) = _Form.answer(self, requests).values()
        return {"token": token}


def _get_token_request(body: Body) -> _Requests:
    """Translate the body of ``POST /getToken``. A uid of digits is a number, any other a user account.

    Raises:
        RequestError: a field is missing or invalid.
    """
    if not body.keys() <= set(_GET_TOKEN_FIELDS):
        problem, hint = "contains a field that does not belong here.", f"The fields are {', '.join(_GET_TOKEN_FIELDS)}."
        raise RequestError("UNKNOWN_FIELD", "body", problem, hint)
    kind, uid = body.get("tokenType"), body.get("uid")
    if not isinstance(kind, str) or kind not in _TOKEN_TYPES:
        raise _invalid("tokenType", 'must be "rtc", "rtm" or "chat".', "Send rtc to join a channel.")
    if uid is None:
        raise RequestError("MISSING_FIELD", "uid", "is missing.", "Send the id of the client.")
    request: Body = {"expiresIn": body["expire"]} if "expire" in body else {}
    if kind == "rtc":
        request |= {"channel": body.get("channel")} | _role(body.get("role", "subscriber"))
        if not isinstance(uid, str):
            request["uid"] = uid
        else:
            kind_of_id = "uid" if re.fullmatch("-?[0-9]{1,30}", uid) else "userAccount"
            request |= _client({"tokentype": kind_of_id, "uid": uid})
    elif "channel" in body:
        hint = "Leave it out. To join a channel, get a token with tokenType rtc."
        raise _invalid("channel", "does not belong to a token of this type.", hint)
    else:
        request["user"] = uid
    return {_TOKEN_TYPES[kind]: request}


def _invalid(field: str, problem: str, hint: str) -> RequestError:
    return RequestError("INVALID_FIELD", field, problem, hint)
