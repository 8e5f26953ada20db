"""The endpoints that issue tokens: a JSON object in, a JSON object out, and no web framework.

The names are those of the classic tutorial: ``channel`` and ``isPublisher``, or ``user``. Every problem with a request
is a :class:`RequestError` that names the JSON field and words its hint for HTTP clients.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TypedDict

from ..constants import DAY, Role
from ..errors import ErrorCode, InputError
from ..tokens.builders import build_chat_token, build_rtc_rtm_token, build_rtc_token, build_rtm_token
from ..validation import refuse_placeholder
from .access import Permit, apply_permit, forbidden
from .fields import CHAT_USER, DEFAULT_LIFETIME, FIELDS, MAX_RANDOM_UID, RequestField
from .requests import Body, RequestError
from .settings import LATEST_ISSUE, Settings

_BY_ARGUMENT = {request_field.argument: request_field for request_field in FIELDS.values()}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A path of the token server that issues tokens."""

    summary: str
    """What the tokens are for."""
    fields: Mapping[str, RequestField]
    """Those that a request may have, by name."""
    required: tuple[str, ...]
    """Those that it must have, unless an access policy decides them."""
    issue: Callable[[Settings, Body], Body]
    """Builds the token for a body with valid names and JSON types; raises InputError for invalid values."""
    fixed_lifetimes: Mapping[str, int] = field(default_factory=dict)
    """Lifetimes in seconds that a request cannot change, by version."""
    misplaced: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Fields of other endpoints that clients send here by mistake: the problem and the hint."""

    def apply(self, settings: Settings, permit: Permit, body: Body) -> Body:
        """Return a request with everything filled in that the server decides.

        Args:
            settings: of the server.
            permit: of the caller.
            body: the request.

        Raises:
            RequestError: the caller may not have such a token (403); names the field.
            InputError: the permit's user looks like a variable without a value.

        >>> from agora_helpers import Credentials
        >>> from agora_helpers.server import ANYONE
        >>> settings = Settings(credentials=Credentials.demo(), access=ANYONE, max_expires_in=600)
        >>> ENDPOINTS["/rtmtoken"].apply(settings, Permit("alice", user="alice"), {})
        {'user': 'alice', 'expiresIn': 600}
        """
        if isinstance(permit.user, str) and not settings.allow_placeholder_names:
            refuse_placeholder("permit.user", permit.user)  # the policy's fault, so a 500
        body = apply_permit(permit, body, self.fields)
        version = body.get("version", settings.version) if "version" in self.fields else "007"
        if version == "006" and permit.binds and not settings.allow_unbound_006:
            problem = "006 is not allowed: its holder can exchange channel and client, which the server decides."
            raise forbidden("version", problem, 'Send "007".')
        limit = min(settings.max_expires_in, permit.max_expires_in or DAY)
        if version == "006" and self.fixed_lifetimes.get(version, 0) > limit:
            problem = f"006 is not allowed: such a token always lasts 24 hours, and the limit is {limit} seconds."
            raise forbidden("version", problem, 'Send "007".')
        lifetime = body.get("expiresIn", min(DEFAULT_LIFETIME, limit))
        if type(lifetime) is int and limit < lifetime <= DAY:  # a value that is never valid gets a better explanation
            raise forbidden("expiresIn", f"is more than {limit}, the limit in seconds.", "Leave it out, or send less.")
        return body | {"expiresIn": lifetime}

    def answer(self, settings: Settings, body: Body) -> Body:
        """Answer a request with a token and the values that it was issued for.

        Args:
            settings: of the server.
            body: the request, from :meth:`apply`.

        Raises:
            RequestError: the request is wrong; names the field.

        >>> from agora_helpers import Credentials
        >>> from agora_helpers.server import ANYONE
        >>> settings = Settings(credentials=Credentials.demo(), access=ANYONE, now=1_700_000_000, salt=1)
        >>> answer = ENDPOINTS["/rtctoken"].answer(settings, {"channel": "lobby", "isPublisher": True, "uid": 7})
        >>> answer["uid"], answer["expiresAt"], answer["token"][:3]
        (7, 1700003600, '007')
        >>> ENDPOINTS["/rtctoken"].answer(settings, {"channel": "lobby", "uid": 0})
        Traceback (most recent call last):
        agora_helpers.server.requests.RequestError: uid: 0 builds a token that any client may use. Leave it out, ...
        """
        try:
            self._check(settings, body)
            return self.issue(settings, body)
        except RequestError:
            raise
        except InputError as error:
            if error.field not in _BY_ARGUMENT:
                raise  # not a field of the request, so not the client's mistake
            raise _request_error(error) from error

    def _check(self, settings: Settings, body: Body) -> None:
        """Check names and JSON types, that nothing required is missing, and that no name is a placeholder."""
        if not body.keys() <= self.fields.keys():
            raise self._unknown(next(name for name in body if name not in self.fields))
        for name in self.required:
            if body.get(name) is None:
                raise InputError(self.fields[name].argument, "is missing.", code=ErrorCode.MISSING)
        for name, value in body.items():
            expected = self.fields[name]
            expected.check(value)
            if expected.max_bytes and isinstance(value, str) and not settings.allow_placeholder_names:
                refuse_placeholder(expected.argument, value)
        if "uid" in body and "userAccount" in body:
            raise InputError("account", "cannot be sent together with uid.", code=ErrorCode.UID_AND_ACCOUNT)

    def _unknown(self, name: str) -> RequestError:
        if name in self.misplaced:
            return RequestError("UNKNOWN_FIELD", name, *self.misplaced[name])
        return unknown_field(name, self.fields)


def unknown_field(name: str, fields: Collection[str]) -> RequestError:
    """Return the error about a field that an endpoint does not have.

    Args:
        name: of the field.
        fields: the names of those that it has.
    """
    hint = f"The fields are {', '.join(fields)}." if fields else "Send {}."
    if re.fullmatch("[A-Za-z_]{1,20}", name):
        return RequestError("UNKNOWN_FIELD", name, "is not a field of this endpoint.", hint)
    problem = "contains a field that does not belong to this endpoint."  # unnamed: it might be a key or a token
    return RequestError("UNKNOWN_FIELD", "body", problem, hint)


def _request_error(error: InputError) -> RequestError:
    """Name the JSON field, and word the hint for HTTP clients."""
    request_field = _BY_ARGUMENT[error.field]
    code = "MISSING_FIELD" if error.code == ErrorCode.MISSING else "INVALID_FIELD"
    hint = request_field.hints.get(error.code, error.hint)
    return RequestError(code, request_field.name, error.problem, hint)


def random_uid() -> int:
    """Return a uid from 1 to 2**31-1, never 0: with uid 0 any client may use the token."""
    return secrets.randbelow(MAX_RANDOM_UID) + 1


def _issue_time(settings: Settings) -> int:
    now = settings.current_time()
    if not 0 <= now <= LATEST_ISSUE:
        problem = "is wrong: a token cannot hold this time."
        raise InputError("clock", problem, "Set the clock of the server's machine.", code=ErrorCode.OUT_OF_RANGE)
    return now


class _Options(TypedDict):
    expires_in: int
    now: int
    salt: int | None
    allow_placeholder_names: bool


def _options(settings: Settings, body: Body) -> _Options:
    return {
        "expires_in": body.get("expiresIn", DEFAULT_LIFETIME),
        "now": _issue_time(settings),
        "salt": settings.salt,
        "allow_placeholder_names": True,  # checked before, by the names of the JSON fields
    }


def _client(settings: Settings, body: Body) -> Body:
    """Return the user account or the uid that the client joins with, by its JSON name."""
    if "userAccount" in body:
        return {"userAccount": body["userAccount"]}
    return {"uid": body["uid"] if "uid" in body else settings.uid or random_uid()}


def _role(body: Body) -> Role:
    return Role.PUBLISHER if body.get("isPublisher") else Role.SUBSCRIBER


def _validity(version: str, issued_at: int, lifetime: int) -> Body:
    return {"version": version, "issuedAt": issued_at, "expiresAt": issued_at + lifetime, "expiresIn": lifetime}


def _issue_rtc(settings: Settings, body: Body) -> Body:
    channel, client, options = body["channel"], _client(settings, body), _options(settings, body)
    version = body.get("version", settings.version)
    token = build_rtc_token(
        settings.credentials,
        channel,
        uid=client.get("uid"),
        account=client.get("userAccount"),
        role=_role(body),
        version=version,
        **options,
    )
    return client | {"token": token, "channel": channel} | _validity(version, options["now"], options["expires_in"])


_RTM_LIFETIMES = {"006": DAY}
"""Agora ends every RTM token of version 006 after 24 hours."""


def _issue_rtm(settings: Settings, body: Body) -> Body:
    user, options = body["user"], _options(settings, body)
    version = body.get("version", settings.version)
    token = build_rtm_token(settings.credentials, user, version=version, **options)
    lifetime = _RTM_LIFETIMES.get(version, options["expires_in"])
    return {"user": user, "token": token} | _validity(version, options["now"], lifetime)


def _issue_both(settings: Settings, body: Body) -> Body:
    channel, client, options = body["channel"], _client(settings, body), _options(settings, body)
    user = body["user"] if "user" in body else str(next(iter(client.values())))
    token = build_rtc_rtm_token(
        settings.credentials,
        channel,
        uid=client.get("uid"),
        account=client.get("userAccount"),
        user=user,
        role=_role(body),
        **options,
    )
    validity = _validity("007", options["now"], options["expires_in"])
    return client | {"token": token, "channel": channel, "user": user} | validity


def _issue_chat(settings: Settings, body: Body) -> Body:
    user, options = body["user"], _options(settings, body)
    token = build_chat_token(settings.credentials, user, **options)
    return {"user": user, "token": token} | _validity("007", options["now"], options["expires_in"])


def _fields(*names: str) -> dict[str, RequestField]:
    return {name: FIELDS[name] for name in names}


ENDPOINTS = {
    "/rtctoken": Endpoint(
        summary="a channel (RTC)",
        fields=_fields("channel", "isPublisher", "uid", "userAccount", "expiresIn", "version"),
        required=("channel",),
        issue=_issue_rtc,
    ),
    "/rtmtoken": Endpoint(
        summary="messaging (RTM)",
        fields=_fields("user", "expiresIn", "version"),
        required=("user",),
        issue=_issue_rtm,
        fixed_lifetimes=_RTM_LIFETIMES,
        misplaced={
            "channel": (
                "does not belong here: an RTM token is issued for a user and opens no channel.",
                "Leave it out. Get tokens for channels from /rtctoken.",
            )
        },
    ),
    "/token": Endpoint(
        summary="both in one token",
        fields=_fields("channel", "user", "isPublisher", "uid", "userAccount", "expiresIn"),
        required=("channel",),
        issue=_issue_both,
        misplaced={"version": ("does not belong here: only a 007 token holds two services.", "Leave it out.")},
    ),
    "/chattoken": Endpoint(
        summary="Chat",
        fields={"user": CHAT_USER} | _fields("expiresIn"),
        required=("user",),
        issue=_issue_chat,
        misplaced={"version": ("does not belong here: Chat tokens are always 007.", "Leave it out.")},
    ),
}
"""All of them, by path."""
