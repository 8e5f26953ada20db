"""The fields with which a person builds a token, each checked on its own, and calls that build the same token.

This is the model of the panel ``TokenBuilder``. It knows no widgets.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, get_args

from ..constants import USER_MAX_BYTES, RoleName, TokenVersion
from ..credentials import Credentials
from ..display.snippets import curl_call, javascript_call
from ..errors import ErrorCode, InputError
from ..server.endpoints import ENDPOINTS
from ..server.fields import DEFAULT_LIFETIME
from ..tokens.builders import (
    build_chat_token,
    build_convoai_token,
    build_rtc_rtm_token,
    build_rtc_token,
    build_rtm_token,
)
from ..validation import (
    check_account,
    check_channel,
    check_chat_user,
    check_expires_in,
    check_name,
    check_uid,
    check_user,
    refuse_placeholder,
)
from .agora_builders import builder_calls

Kind = Literal["rtc", "rtm", "both", "chat", "convoai"]
ClientKind = Literal["uid", "account"]


class _Recipe(NamedTuple):
    """How to build tokens of one kind."""

    build: Callable[..., str]
    fields: tuple[str, ...]
    """In reading order, the builder's first argument first. ``who`` stands for itself and the field that it chooses."""
    path: str = ""
    """Of the token server's endpoint; empty if it has none."""
    versions: bool = False
    """Whether there are tokens of version 006."""


_RECIPES: Mapping[Kind, _Recipe] = {
    "rtc": _Recipe(build_rtc_token, ("channel", "who", "role", "expires_in"), "/rtctoken", versions=True),
    "rtm": _Recipe(build_rtm_token, ("user", "expires_in"), "/rtmtoken", versions=True),
    "both": _Recipe(build_rtc_rtm_token, ("channel", "who", "role", "user", "expires_in"), "/token"),
    "chat": _Recipe(build_chat_token, ("user", "expires_in"), "/chattoken"),
    "convoai": _Recipe(build_convoai_token, ("channel", "who", "expires_in")),
}


@dataclass(frozen=True, slots=True)
class TokenForm:
    """The fields as typed, all of them strings. ``kind`` and ``who`` decide which of the others count.

    Raises:
        InputError: a choice does not exist. Each method but ``problems`` also raises it for a field that is wrong.

    >>> form = TokenForm(channel="lobby", uid="0")
    >>> form.problems()["uid"].hint
    "Type the client's own uid."
    >>> TokenForm(kind="rtm", user="alice").python_call()
    'build_rtm_token(credentials, "alice", expires_in=3600, version="007")'
    """

    kind: Kind = "rtc"
    version: TokenVersion = "007"
    channel: str = "lobby"
    who: ClientKind = "uid"
    """Which of the next two fields names the client."""
    uid: str = "7"
    account: str = "alice"
    role: RoleName = "publisher"
    user: str = "alice"
    expires_in: str = "3600"
    """Seconds."""

    def __post_init__(self) -> None:
        for field, choices in _CHOICES.items():
            if getattr(self, field) not in choices:
                hint = f"Use {' or '.join(choices)}."
                raise InputError(field, "is not one of the choices.", hint, code=ErrorCode.UNKNOWN_CHOICE)

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that count, in reading order."""
        return tuple(self.who if field == "who" else field for field in self._recipe.fields)

    @property
    def shown(self) -> tuple[str, ...]:
        """The fields to show: those that count, and the choices that decide which."""
        shown = ["kind", *(["version"] if self._recipe.versions else [])]
        for field in self._recipe.fields:
            shown += ["who", self.who] if field == "who" else [field]
        return tuple(shown)

    @property
    def effective_version(self) -> TokenVersion:
        """The version of the token: the chosen one, or 007 if there are no others of this kind."""
        return self.version if self._recipe.versions else "007"

    @property
    def _recipe(self) -> _Recipe:
        return _RECIPES[self.kind]

    def problems(self) -> dict[str, InputError]:
        """Return an error for each field that is wrong, worded for the form; empty if a token can be built."""
        errors: dict[str, InputError] = {}
        for field in self.fields:
            try:
                self._value(field)
            except InputError as error:
                errors[field] = in_form_words(error)
        return errors

    def _value(self, field: str) -> Any:
        """Return the value of a field as the builders expect it."""
        text = getattr(self, field)
        if field == "uid":
            hint = 'Type 1 to 4294967295. For any other string choose "user account" above.'
            return check_uid(_integer(field, text, "must be a whole number.", hint))
        if field == "expires_in":
            hint = "Type 1 to 86400; 3600 is one hour."
            return check_expires_in(_integer(field, text, "must be a whole number of seconds.", hint))
        if field == "user" and self.kind == "chat":
            name = check_chat_user(text)
        elif field == "account" and self.kind == "convoai":  # it is the RTM user id, too
            name = check_name("account", text, USER_MAX_BYTES)
        elif field in _CHECKS:
            name = _CHECKS[field](text)
        else:
            return text
        refuse_placeholder(field, name)
        return name

    def build(self, credentials: Credentials, *, now: int | None = None, salt: int | None = None) -> str:
        """Return the token.

        Args:
            credentials: the project's App ID and App Certificate.
            now: Unix time of issue, uint32; the clock's by default.
            salt: uint32; random by default.

        Raises:
            InputError: a field is wrong.
        """
        return self._recipe.build(credentials, self._name, **self._options, now=now, salt=salt)

    @property
    def _name(self) -> str:
        """The builders' first argument after the credentials: channel or user."""
        return str(self._value(self.fields[0]))

    @property
    def _options(self) -> dict[str, Any]:
        """The builders' keyword arguments."""
        options = {field: self._value(field) for field in self.fields[1:]}
        return options | ({"version": self.version} if self._recipe.versions else {})

    def python_call(self) -> str:
        """Return the call of this package's builder."""
        options = ", ".join(f"{name}={_quoted(value)}" for name, value in self._options.items())
        return f"{self._recipe.build.__name__}(credentials, {_quoted(self._name)}, {options})"

    @property
    def has_request(self) -> bool:
        """Whether a token server builds such tokens. If not, there is no request, and no call that sends one."""
        return bool(self._recipe.path)

    def request(self) -> tuple[str, dict[str, Any]]:
        """Return the path and the body of the request that lets a token server build the token."""
        values: dict[str, Any] = {self.fields[0]: self._name} | self._options
        body = {_JSON_NAMES.get(name, name): value for name, value in values.items()}
        if "role" in self.fields:
            body["isPublisher"] = self.role == "publisher"
        return self._recipe.path, body

    @property
    def raised_limit(self) -> int | None:
        """The limit in seconds that a token server needs to answer the request; None if its default is enough.

        Agora's RTM tokens of version 006 need 86400: their lifetime cannot be chosen.

        >>> TokenForm(expires_in="7200").raised_limit, TokenForm(expires_in="60").raised_limit
        (7200, None)
        """
        if not self.has_request:
            return None
        lifetimes = ENDPOINTS[self._recipe.path].fixed_lifetimes
        lifetime: int = lifetimes.get(self.effective_version, self._value("expires_in"))
        return lifetime if lifetime > DEFAULT_LIFETIME else None

    def agora_calls(self) -> dict[str, str]:
        """Return calls of Agora's own builders, by language."""
        values = {self.fields[0]: self._name} | self._options
        return builder_calls(self.kind, self.effective_version, values)

    def curl_call(self) -> str:
        """Return the ``curl`` call; the token server's address is in the variable ``TOKEN_SERVER``."""
        return curl_call(*self.request())

    def javascript_call(self) -> str:
        """Return the JavaScript statement; the token server's address is in the variable ``TOKEN_SERVER``.

        In a browser the server must allow the page's origin.
        """
        return javascript_call(*self.request())


_CHOICES: dict[str, tuple[str, ...]] = {
    "kind": get_args(Kind),
    "version": get_args(TokenVersion),
    "who": get_args(ClientKind),
    "role": get_args(RoleName),
}
_CHECKS: dict[str, Callable[[object], str]] = {
    "channel": check_channel,
    "account": check_account,
    "user": check_user,
}
_JSON_NAMES = {"role": "isPublisher", "account": "userAccount", "expires_in": "expiresIn"}
_HINTS: dict[str, str] = {
    ErrorCode.PLACEHOLDER_NAME: "Type the name itself.",
    ErrorCode.UID_FOR_ANYONE: "Type the client's own uid.",
    ErrorCode.UID_TOO_LARGE: 'A uid is 1 to 4294967295 (32 bits). For a larger id choose "user account" above.',
}
"""What to do by an error's code, where ``hint`` speaks of Python's arguments."""


def in_form_words(error: InputError) -> InputError:
    """Return the same error with a hint for the person at the form.

    >>> in_form_words(InputError("uid", "is zero.", "Pass allow_any_uid=True.", code=ErrorCode.UID_FOR_ANYONE)).hint
    "Type the client's own uid."
    """
    hint = _HINTS.get(error.code, error.hint.replace("Pass ", "Type ", 1))
    return InputError(error.field, error.problem, hint, code=error.code)


def _integer(field: str, text: str, problem: str, hint: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,30}", text.strip()):
        raise InputError(field, problem, hint, code=ErrorCode.WRONG_TYPE)
    return int(text)


def _quoted(value: object) -> str:
    return json.dumps(value)  # numbers and ASCII strings look the same in Python and JSON
