"""What the token server answers, for programs: a description in the OpenAPI format."""

from __future__ import annotations

from typing import Any

from ..constants import ACCOUNT_MAX_BYTES, CHANNEL_MAX_BYTES, DAY, NAME_ALPHABET, UINT32_MAX, USER_MAX_BYTES
from .access import ApiKeys
from .endpoints import ENDPOINTS, LARGEST_RANDOM_UID, Endpoint
from .settings import VERSIONS, Settings

Json = dict[str, Any]

_LETTERS = "".join(f"\\{character}" if character in "[]^-\\" else character for character in NAME_ALPHABET)
_ERRORS = {
    "400": "A field is wrong; the error names it.",
    "401": "The server does not know who asks.",
    "403": "The server decides otherwise.",
    "405": "Another method is allowed here.",
    "408": "The body did not arrive in time.",
    "413": "The body is too large.",
    "415": "The body is not JSON.",
    "421": "The request was meant for another host.",
    "429": "The caller has asked too often; Retry-After says when to come again.",
}


def describe_api(settings: Settings) -> Json:
    """The description of a server with these settings.

    >>> from agora_helpers import Credentials
    >>> sorted(describe_api(Settings(credentials=Credentials.demo()))["paths"])
    ['/', '/health', '/rtctoken', '/rtmtoken', '/token']
    """
    paths: Json = {
        "/": {"get": _get("Is anybody there?", {"text/plain": {"schema": {"type": "string"}}})},
        "/health": {"get": _get("Does it run?", _json({"type": "object", "required": ["status"]}))},
    }
    for path, endpoint in ENDPOINTS.items():
        paths[path] = {"post": _post(endpoint, settings)}
    described: Json = {
        "openapi": "3.1.0",
        "info": {"title": "Agora Auth Token Server", "version": "1"},
        "paths": paths,
        "components": {"schemas": {"Error": _ERROR, "Token": _TOKEN}},
    }
    if isinstance(settings.access, ApiKeys):
        described["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    return described


def _fields(settings: Settings, names: tuple[str, ...]) -> Json:
    known: Json = {
        "channel": _name(CHANNEL_MAX_BYTES, "The channel that the client will join."),
        "user": _name(USER_MAX_BYTES, "The user id that the client logs in with."),
        "isPublisher": {"type": "boolean", "default": False, "description": "May it send, or only receive?"},
        "uid": {
            "type": "integer",
            "minimum": 1,
            "maximum": UINT32_MAX,
            "description": f"The client's uid; by default a random one of 1 to {LARGEST_RANDOM_UID}.",
        },
        "userAccount": _name(ACCOUNT_MAX_BYTES, "The client's user account, in place of a uid."),
        "expiresIn": {"type": "integer", "minimum": 1, "maximum": DAY, "default": 3600, "description": "In seconds."},
        "version": {"type": "string", "enum": list(VERSIONS), "default": settings.version},
    }
    return {name: known[name] for name in names}


def _name(longest: int, said: str) -> Json:
    return {"type": "string", "pattern": f"^[{_LETTERS}]{{1,{longest}}}$", "description": said}


def _post(endpoint: Endpoint, settings: Settings) -> Json:
    fields, needed = _fields(settings, endpoint.fields), list(endpoint.required)
    schema: Json = {"type": "object", "properties": fields, "required": needed, "additionalProperties": False}
    if "userAccount" in fields:
        schema["not"] = {"required": ["uid", "userAccount"]}
    operation = _get(f"A token for {endpoint.summary}", _json({"$ref": "#/components/schemas/Token"}))
    operation["requestBody"] = {"required": True, "content": _json(schema)}
    return operation | ({"security": [{"key": []}]} if isinstance(settings.access, ApiKeys) else {})


def _get(summary: str, content: Json) -> Json:
    error = _json({"$ref": "#/components/schemas/Error"})
    errors = {status: {"description": said, "content": error} for status, said in _ERRORS.items()}
    return {"summary": summary, "responses": {"200": {"description": "As asked.", "content": content}} | errors}


def _json(schema: Json) -> Json:
    return {"application/json": {"schema": schema}}


_ERROR: Json = {
    "type": "object",
    "required": ["error"],
    "additionalProperties": False,
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "field", "message"],
            "additionalProperties": False,
            "properties": {name: {"type": "string"} for name in ("code", "field", "message")},
        }
    },
}
_TOKEN: Json = {
    "type": "object",
    "required": ["token", "version", "issuedAt", "expiresAt", "expiresIn"],
    "additionalProperties": False,
    "properties": {
        "token": {"type": "string", "pattern": "^00[67]"},
        "version": {"enum": list(VERSIONS)},
        **{name: {"type": "integer"} for name in ("uid", "issuedAt", "expiresAt", "expiresIn")},
        **{name: {"type": "string"} for name in ("userAccount", "channel", "user")},
    },
}
