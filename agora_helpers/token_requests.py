"""What the token server is asked and what it answers: JSON in, JSON out, and no web framework.

The names are those of the classic tutorial: ``channel`` and ``isPublisher``, or ``user``. Whatever is wrong with a
request is an :class:`InputError` that names the JSON field, in the words of JSON.
"""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Callable
from typing import Any

from .build import build_rtc_token, build_rtm_token
from .errors import InputError
from .settings import Settings
from .vocabulary import DAY, Role

RTC_FIELDS = ("channel", "isPublisher", "uid", "userAccount", "expiresIn", "version")
RTM_FIELDS = ("user", "expiresIn", "version")
LARGEST_RANDOM_UID = 2**31 - 1
"""Above it Java and Android clients see a negative number."""

Body = dict[str, Any]


class RequestError(InputError):
    """A request that gets no token.

    Attributes:
        code: a stable word for programs, such as ``"MISSING_FIELD"``.
        status: the HTTP status.
    """

    def __init__(self, code: str, field: str, problem: str, cure: str = "", *, status: int = 400) -> None:
        super().__init__(field, problem, cure)
        self.code = code
        self.status = status


def read_body(body: bytes) -> Body:
    """The JSON object that a request consists of; each name once, no NaN.

    Raises:
        RequestError: it is something else.
    """
    if not body.strip():
        raise RequestError("INVALID_JSON", "body", "is empty.", 'Send for instance {"channel": "lobby"}.')
    try:
        value = _read_json(body.decode("utf-8-sig"))
    except RequestError:
        raise
    except UnicodeDecodeError:
        raise RequestError("INVALID_JSON", "body", "is not UTF-8 text.", "Send JSON in UTF-8.") from None
    except json.JSONDecodeError as error:
        problem = f"is not valid JSON at line {error.lineno}, column {error.colno}."
        cure = "Names and strings stand in double quotes, true and false in lower case, and no comma follows the last."
        raise RequestError("INVALID_JSON", "body", problem, cure) from None
    except (ValueError, RecursionError):  # an integer of thousands of digits, or brackets within brackets
        raise RequestError("INVALID_JSON", "body", "holds a number or a nesting beyond measure.") from None
    if not isinstance(value, dict):
        problem = "must be a JSON object, with names and values in braces."
        raise RequestError("INVALID_JSON", "body", problem, 'Send for instance {"channel": "lobby"}.')
    return value


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
    channel = _needed(body, "channel", 'Send the channel that the client will join: {"channel": "lobby"}.')
    is_publisher = _given(body, "isPublisher", False)
    if "uid" in body and "userAccount" in body:
        raise RequestError("INVALID_FIELD", "userAccount", "is given, and so is uid.", "Send one of the two.")
    if "userAccount" in body:
        who = {"userAccount": _given(body, "userAccount")}
        signed_for = {"account": who["userAccount"]}
    else:
        who = signed_for = {"uid": _given(body, "uid", settings.uid or random_uid())}
    role = Role.PUBLISHER if is_publisher else Role.SUBSCRIBER
    times = _times(settings, body)
    token = _build(lambda: build_rtc_token(settings.credentials, channel, role=role, **signed_for, **times))
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


def random_uid() -> int:
    """A uid of 1 to 2**31-1, never 0, which would be a token for anyone."""
    return secrets.randbelow(LARGEST_RANDOM_UID) + 1


def _times(settings: Settings, body: Body) -> Body:
    return {
        "expires_in": _given(body, "expiresIn", 3600),
        "version": _given(body, "version", "007"),
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
    if unknown := [name for name in body if name not in known]:
        plain = re.fullmatch("[A-Za-z_]{1,20}", unknown[0])  # a longer one might be a key or a token
        field, problem = (unknown[0], "is") if plain else ("body", "holds a field that is")
        cure = f"The fields are {', '.join(known)}."
        raise RequestError("UNKNOWN_FIELD", field, f"{problem} not known here.", cure)


def _needed(body: Body, field: str, cure: str) -> Any:
    if body.get(field) is None:
        raise RequestError("MISSING_FIELD", field, "is missing.", cure)
    return _given(body, field)


def _given(body: Body, field: str, default: Any = None) -> Any:
    """The field's value if it is of the right JSON type; ``default`` if it is not there."""
    if field not in body:
        return default
    value, wanted = body[field], _TYPES[field]
    if type(value) is wanted:
        return value
    problem = f"must be {_JSON_TYPES[wanted]}, not {_JSON_TYPES[type(value)]}."
    cure = _CURES.get((field, type(value)), "Leave it out for the default." if value is None else "")
    raise RequestError("INVALID_FIELD", field, problem, cure)


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
_CURES = {
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
        cure = error.cure
        if "allow_any_uid" in cure:
            cure = "Leave it out, and the server chooses one: the client then joins with the uid in the answer."
        raise RequestError("INVALID_FIELD", field, error.problem, cure) from None


def _once(pairs: list[tuple[str, Any]]) -> Body:
    body = dict(pairs)
    if len(body) < len(pairs):
        raise RequestError("INVALID_JSON", "body", "holds the same name twice.", "Send each field once.")
    return body


def _no_constant(name: str) -> None:
    raise RequestError("INVALID_JSON", "body", f"holds {name}, which is not JSON.", "Send a number, or leave it out.")


_read_json = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_constant).decode
