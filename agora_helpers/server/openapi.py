"""The description of the token server for programs, in the OpenAPI format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..constants import USER_MAX_BYTES
from .access import ApiKeys
from .compat import GET_TOKEN, ROLES
from .endpoints import ENDPOINTS, Endpoint
from .fields import FIELDS, VERSIONS, RequestField, limit_lifetime
from .requests import Body
from .settings import Settings

_TYPES: dict[type, str] = {str: "string", int: "integer", bool: "boolean"}
ERRORS = {
    "400": "A field is invalid; the error names it.",
    "401": "The server does not know the caller.",
    "403": "The caller may not have this token, or not for so long.",
    "405": "The path exists, but not with this method.",
    "408": "The body did not arrive in time.",
    "413": "The body is too large.",
    "415": "The body is not JSON.",
    "421": "The request was sent to another host name.",
    "429": "The caller has exceeded the rate limit; Retry-After contains the seconds to wait.",
    "503": "The server cannot issue tokens right now; Retry-After contains the seconds to wait.",
}


def describe_api(settings: Settings) -> Body:
    """Return the description of a server with these settings.

    >>> from agora_helpers import Credentials
    >>> from agora_helpers.server import ANYONE
    >>> sorted(describe_api(Settings(credentials=Credentials.demo(), access=ANYONE))["paths"])
    ['/', '/chattoken', '/health', '/rtctoken', '/rtmtoken', '/token']
    """
    paths: Body = {
        "/": {"get": describe_operation("The name of the server", {"text/plain": {"schema": {"type": "string"}}})},
        "/health": {
            "get": describe_operation("Whether it is running", json_content({"type": "object", "required": ["status"]}))
        },
    }
    for path, endpoint in ENDPOINTS.items():
        paths[path] = {"post": _token_operation(endpoint, settings)}
    if settings.compat_paths:
        paths |= _compat_paths(settings)
    description: Body = {
        "openapi": "3.1.0",
        "info": {"title": "Agora Auth Token Server", "version": "1"},
        "paths": paths,
        "components": {"schemas": {"Error": _ERROR, "Token": _TOKEN}},
    }
    if isinstance(settings.access, ApiKeys):
        description["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    return description


def _field_schema(field: RequestField, endpoint: Endpoint, settings: Settings) -> Body:
    field = limit_lifetime(field, settings.max_expires_in)
    lifetimes = endpoint.fixed_lifetimes
    choices = tuple(choice for choice in field.choices if lifetimes.get(choice, 0) <= settings.max_expires_in)
    default = settings.version if settings.version in choices else field.default
    return field_schema(replace(field, choices=choices, default=default))


def field_schema(field: RequestField) -> Body:
    """Return the JSON Schema of a field."""
    keywords: Body = {
        "pattern": f"^[{_escape(field.alphabet)}]{{1,{field.max_bytes}}}$" if field.max_bytes else None,
        "minimum": field.minimum,
        "maximum": field.maximum,
        "enum": list(field.choices) or None,
        "default": field.default,
    }
    schema: Body = {"type": _TYPES[field.json_type], "description": field.description}
    return schema | {keyword: value for keyword, value in keywords.items() if value is not None}


def _escape(alphabet: str) -> str:
    """Escape what has a meaning within the brackets of a regular expression."""
    return "".join(f"\\{character}" if character in "[]^-\\" else character for character in alphabet)


def _token_operation(endpoint: Endpoint, settings: Settings) -> Body:
    schema: Body = {
        "type": "object",
        "properties": {name: _field_schema(field, endpoint, settings) for name, field in endpoint.fields.items()},
        "required": list(endpoint.required),
        "additionalProperties": False,
    }
    if "userAccount" in endpoint.fields:
        schema["not"] = {"required": ["uid", "userAccount"]}
    operation = describe_operation(
        f"A token for {endpoint.summary}", json_content({"$ref": "#/components/schemas/Token"})
    )
    operation["requestBody"] = {"required": True, "content": json_content(schema)}
    return operation | _security(settings)


def _security(settings: Settings) -> Body:
    return {"security": [{"key": []}]} if isinstance(settings.access, ApiKeys) else {}


def _compat_paths(settings: Settings) -> Body:
    """Describe the paths of :mod:`.compat`; the slash at their end, which is optional, is left out."""
    rtc, rtm = ENDPOINTS["/rtctoken"], ENDPOINTS["/rtmtoken"]
    role = {"type": "string", "enum": [*ROLES]}
    channel, uid, account = (_field_schema(FIELDS[name], rtc, settings) for name in ("channel", "uid", "userAccount"))
    user = _field_schema(FIELDS["user"], rtm, settings)
    short = _field_schema(replace(FIELDS["userAccount"], max_bytes=USER_MAX_BYTES), rtc, settings)
    lifetime = _field_schema(FIELDS["expiresIn"], rtc, settings)

    def get(*tokens: str, **names: Body) -> Body:
        parameters = [{"name": name, "in": "path", "required": True, "schema": names[name]} for name in names]
        operation = describe_operation(" and ".join(tokens), _tokens(*tokens))
        operation["responses"]["404"] = _error("The path has another form.")
        operation["parameters"] = [*parameters, {"name": "expiry", "in": "query", "schema": lifetime}]
        return {"get": operation | _security(settings)}

    both = ("rtcToken", "rtmToken")
    member = {"channel": channel, "role": role}
    fields = {
        "tokenType": {"type": "string", "enum": ["rtc", "rtm", "chat"]},
        "channel": channel | {"description": "For rtc."},
        "role": role | {"default": "subscriber", "description": "For rtc."},
        "uid": {
            "type": ["string", "integer"],
            "description": "A number in digits is a uid, any other string an account.",
        },
        "expire": lifetime,
    }
    schema = {"type": "object", "properties": fields, "required": ["tokenType", "uid"], "additionalProperties": False}
    get_token = describe_operation("A token", _tokens("token")) | _security(settings)
    return {
        "/rtc/{channel}/{role}/uid/{uid}": get("rtcToken", **member, uid=uid),
        "/rtc/{channel}/{role}/userAccount/{uid}": get("rtcToken", **member, uid=account),
        "/rtm/{uid}": get("rtmToken", uid=user),
        "/rte/{channel}/{role}/uid/{uid}": get(*both, **member, uid=uid),
        "/rte/{channel}/{role}/userAccount/{uid}": get(*both, **member, uid=short),
        "/rte/{channel}/{role}/uid/{uid}/{rtmuid}": get(*both, **member, uid=uid, rtmuid=user),
        "/rte/{channel}/{role}/userAccount/{uid}/{rtmuid}": get(*both, **member, uid=account, rtmuid=user),
        GET_TOKEN: {"post": get_token | {"requestBody": {"required": True, "content": json_content(schema)}}},
    }


def _tokens(*names: str) -> Body:
    """Return the content of a response that has these tokens and nothing else."""
    properties = dict.fromkeys(names, _TOKEN["properties"]["token"])
    return json_content(
        {"type": "object", "required": [*names], "additionalProperties": False, "properties": properties}
    )


def describe_operation(summary: str, content: Body, errors: Mapping[str, str] = ERRORS) -> Body:
    """Return the description of an operation.

    Args:
        summary: what it does, or what it returns.
        content: of the response if it succeeds.
        errors: the meaning of each other status.
    """
    responses: Body = {"200": {"description": "Success.", "content": content}}
    return {"summary": summary, "responses": responses | {status: _error(text) for status, text in errors.items()}}


def _error(meaning: str) -> Body:
    return {"description": meaning, "content": json_content({"$ref": "#/components/schemas/Error"})}


def json_content(schema: Body) -> Body:
    """Return the content of a request or a response that is JSON."""
    return {"application/json": {"schema": schema}}


_ERROR: Body = {
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
_TOKEN: Body = {
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
