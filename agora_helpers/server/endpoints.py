"""What the token server is asked and what it answers: JSON in, JSON out, and no web framework.

The names are those of the classic tutorial: ``channel`` and ``isPublisher``, or ``user``. Whatever is wrong with a
request is an :class:`InputError` that names the JSON field, in the words of JSON.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from ..constants import DAY, ROLE_PRIVILEGES, Role
from ..errors import InputError
from ..tokens.builders import build_rtc_token, build_rtm_token, build_token
from ..tokens.services import RtcService, RtmService
from ..validation import check_account, check_channel, check_uid, check_user
from .access import Permit
from .requests import Body, RequestError
from .settings import Settings

RTC_FIELDS = ("channel", "isPublisher", "uid", "userAccount", "expiresIn", "version")
RTM_FIELDS = ("user", "expiresIn", "version")
BOTH_FIELDS = ("channel", "user", "isPublisher", "uid", "userAccount", "expiresIn")
LARGEST_RANDOM_UID = 2**31 - 1
"""Above it Java and Android clients see a negative number."""


def answer_rtc(settings: Settings, body: Body) -> Body:
    """The answer to ``POST /rtctoken``: a token to join one channel.

    ``channel`` is needed. ``isPublisher`` (false by default) is a boolean; ``uid`` or ``userAccount`` names the client,
    else the server chooses a uid of 1 to 2**31-1 at random; ``expiresIn`` is in seconds (3600), ``version``
    ``"007"`` or ``"006"``.

    Raises:
        RequestError: the request is wrong; names the field.

    >>> from agora_helpers import Credentials
    >>> settings = Settings(credentials=Credentials.demo(), now=1_700_000_000, salt=1)
    >>> answer = answer_rtc(settings, {"channel": "lobby", "isPublisher": True, "uid": 7})
    >>> answer["uid"], answer["expiresAt"], answer["token"][:3]
    (7, 1700003600, '007')
    """
    _check_names(body, RTC_FIELDS)
    channel = _channel(body)
    who = _client(settings, body)
    signed_for = {"account" if name == "userAccount" else name: value for name, value in who.items()}
    times = _times(settings, body)
    token = _build(lambda: build_rtc_token(settings.credentials, channel, role=_role(body), **signed_for, **times))
    return who | {"token": token, "channel": channel} | _said_of(times, times["expires_in"])


def answer_rtm(settings: Settings, body: Body) -> Body:
    """The answer to ``POST /rtmtoken``: a token to log in to messaging, for ``user``, with no channel.

    ``expiresIn`` has no effect in version 006, where Agora ends every RTM token after 24 hours; the answer says so.

    Raises:
        RequestError: the request is wrong; names the field.
    """
    if "channel" in body:
        problem = "has no place here: an RTM token is made for a user, and opens no channel."
        raise RequestError(
            "UNKNOWN_FIELD", "channel", problem, "Leave it out; tokens for channels come from /rtctoken."
        )
    _check_names(body, RTM_FIELDS)
    user = _needed(body, "user", 'Send the user id that the client will log in with: {"user": "alice"}.')
    times = _times(settings, body)
    token = _build(lambda: build_rtm_token(settings.credentials, user, **times))
    lifetime = DAY if times["version"] == "006" else times["expires_in"]
    return {"user": user, "token": token} | _said_of(times, lifetime)


def answer_both(settings: Settings, body: Body) -> Body:
    """The answer to ``POST /token``: one 007 token that joins a channel and logs in to messaging.

    The fields are those of :func:`answer_rtc`, without ``version``, and ``user``: by default the user account, or the
    uid as a text.

    Raises:
        RequestError: the request is wrong; names the field.
    """
    if "version" in body:
        problem, hint = "has no place here: only a 007 token holds two services.", "Leave it out."
        raise RequestError("UNKNOWN_FIELD", "version", problem, hint)
    _check_names(body, BOTH_FIELDS)
    channel = _channel(body)
    who = _client(settings, body)
    user = _given(body, "user", str(next(iter(who.values()))))
    times = _times(settings, body)
    del times["version"]

    def build() -> str:
        uid = check_uid(who["uid"]) if "uid" in who else check_account(who["userAccount"])
        rtc = RtcService(check_channel(channel), uid, ROLE_PRIVILEGES[_role(body)])
        services = (rtc, RtmService(check_user(user)))
        return build_token(settings.credentials, services, **times)

    said = _said_of(times | {"version": "007"}, times["expires_in"])
    return who | {"token": _build(build), "channel": channel, "user": user} | said


def apply_permit(permit: Permit, body: Body, fields: tuple[str, ...]) -> Body:
    """The request as the permit has it: what the server decides is filled in.

    Args:
        permit: of the caller.
        body: the request.
        fields: those that this kind of request may have.

    Raises:
        RequestError: it asks for something else (403); names the field.

    >>> apply_permit(Permit("alice", user="alice"), {"channel": "lobby"}, RTC_FIELDS)
    {'channel': 'lobby', 'userAccount': 'alice'}
    """
    decided: Body = {}
    if permit.uid is not None:
        decided |= {"uid": permit.uid, "user": str(permit.uid)}
    if permit.user is not None:
        decided |= {"user": permit.user} | ({} if permit.uid is not None else {"userAccount": permit.user})
    decided = {name: value for name, value in decided.items() if name in fields}
    for name in ("uid", "userAccount", "user"):
        if decided and name in body and name in fields and body[name] != decided.get(name):
            raise _not_yours(name, "is not yours to choose.", "Leave it out: the server knows who you are.")
    channel = body.get("channel") if "channel" in fields else None
    if permit.channels is not None and isinstance(channel, str) and channel not in permit.channels:
        raise _not_yours("channel", "is none that you may join.", "Ask for one of yours.")
    if not permit.may_publish and body.get("isPublisher"):
        raise _not_yours("isPublisher", "is not for you: you may join, and not publish.", "Leave it out.")
    return body | decided


def _not_yours(field: str, problem: str, hint: str) -> RequestError:
    return RequestError("FORBIDDEN", field, problem, hint, status=403)


def _channel(body: Body) -> Any:
    return _needed(body, "channel", 'Send the channel that the client will join: {"channel": "lobby"}.')


def _client(settings: Settings, body: Body) -> Body:
    """The uid or the user account; a random uid for those who bring none."""
    if "uid" in body and "userAccount" in body:
        raise RequestError("INVALID_FIELD", "userAccount", "is given, and so is uid.", "Send one of the two.")
    if "userAccount" in body:
        return {"userAccount": _given(body, "userAccount")}
    return {"uid": _given(body, "uid", settings.uid or random_uid())}


def _role(body: Body) -> Role:
    return Role.PUBLISHER if _given(body, "isPublisher", False) else Role.SUBSCRIBER


def random_uid() -> int:
    """A uid of 1 to 2**31-1, never 0, which would be a token for anyone."""
    return secrets.randbelow(LARGEST_RANDOM_UID) + 1


def _times(settings: Settings, body: Body) -> Body:
    return {
        "expires_in": _given(body, "expiresIn", 3600),
        "version": _given(body, "version", settings.version),
        "now": int(time.time()) if settings.now is None else settings.now,
        "salt": settings.salt,
    }


def _said_of(times: Body, lifetime: int) -> Body:
    issued_at = times["now"]
    return {
        "version": times["version"],
        "issuedAt": issued_at,
        "expiresAt": issued_at + lifetime,
        "expiresIn": lifetime,
    }


def _check_names(body: Body, known: tuple[str, ...]) -> None:
    for name in body:
        if name not in known:
            plain = re.fullmatch("[A-Za-z_]{1,20}", name)  # a longer one might be a key or a token
            field, problem = (name, "is") if plain else ("body", "holds a field that is")
            hint = f"The fields are {', '.join(known)}."
            raise RequestError("UNKNOWN_FIELD", field, f"{problem} not known here.", hint)


def _needed(body: Body, field: str, hint: str) -> Any:
    if body.get(field) is None:
        raise RequestError("MISSING_FIELD", field, "is missing.", hint)
    return _given(body, field)


def _given(body: Body, field: str, default: Any = None) -> Any:
    """The field's value if it is of the right JSON type; ``default`` if it is not there."""
    if field not in body:
        return default
    value, wanted = body[field], _TYPES[field]
    if type(value) is wanted:
        return value
    problem = f"must be {_JSON_TYPES[wanted]}, not {_JSON_TYPES[type(value)]}."
    hint = _HINTS.get((field, type(value)), "Leave it out for the default." if value is None else "")
    raise RequestError("INVALID_FIELD", field, problem, hint)


_TYPES = {"uid": int, "expiresIn": int, "isPublisher": bool} | dict.fromkeys(
    ("channel", "userAccount", "user", "version"), str
)
_JSON_TYPES = {
    bool: "true or false",
    dict: "an object",
    float: "a number with a decimal point or exponent",
    int: "an integer",
    list: "an array",
    str: "a string",
    type(None): "null",
}
_HINTS = {
    ("isPublisher", str): 'Write it without quotes: in JavaScript, for one, the text "false" counts as true.',
    ("uid", str): "Write a numeric id without quotes; any other id goes into userAccount.",
    ("userAccount", int): "An integer id goes into uid.",
    ("user", int): "Write the number in quotes, if that is the user's id.",
    ("expiresIn", str): "Write it without quotes, in seconds.",
    ("expiresIn", float): "Round it to whole seconds.",
    ("version", int): 'Write "007" or "006", in quotes.',
}


def _build(build: Callable[[], str]) -> str:
    """The token, or the package's own error under the name of the JSON field."""
    try:
        return build()
    except InputError as error:
        field = {"account": "userAccount", "expires_in": "expiresIn"}.get(error.field, error.field)
        hint = error.hint
        if "allow_any_uid" in hint:
            hint = "Leave it out, and the server chooses one: the client then joins with the uid in the answer."
        raise RequestError("INVALID_FIELD", field, error.problem, hint) from None


class Endpoint(NamedTuple):
    """A path of the token server's that makes tokens."""

    summary: str
    """What the tokens are for."""
    fields: tuple[str, ...]
    """Those that a request may have."""
    required: tuple[str, ...]
    """Those that it must have, unless an access policy decides them."""
    answer: Callable[[Settings, Body], Body]


ENDPOINTS = {
    "/rtctoken": Endpoint("a channel (RTC)", RTC_FIELDS, ("channel",), answer_rtc),
    "/rtmtoken": Endpoint("messaging (RTM)", RTM_FIELDS, ("user",), answer_rtm),
    "/token": Endpoint("both in one token", BOTH_FIELDS, ("channel",), answer_both),
}
"""All of them, by path."""
