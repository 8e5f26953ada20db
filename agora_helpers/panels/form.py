"""What a person types to get a token: each field checked for itself, and the calls that make the same token.

This is the model of the panel ``TokenBuilder``; it knows no widgets.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..credentials import Credentials
from ..display.snippets import curl_call, javascript_call
from ..errors import InputError
from ..tokens.builders import build_rtc_token, build_rtm_token
from ..validation import check_account, check_channel, check_expires_in, check_uid, check_user


@dataclass(frozen=True, slots=True)
class TokenForm:
    """The fields as typed. Which of them count depends on ``kind`` and ``who``.

    Raises:
        InputError: a choice that there is not; and from each method but ``problems``, a field that is wrong.

    >>> form = TokenForm(channel="lobby", uid="0")
    >>> form.problems()["uid"].problem
    '0 makes a token that anyone may use.'
    >>> TokenForm(kind="rtm", user="alice").python_call()
    'build_rtm_token(credentials, "alice", expires_in=3600, version="007")'
    """

    kind: str = "rtc"
    """``"rtc"`` or ``"rtm"``."""
    version: str = "007"
    channel: str = "lobby"
    who: str = "uid"
    """``"uid"`` or ``"account"``: which of the next two names the client."""
    uid: str = "7"
    account: str = "alice"
    role: str = "publisher"
    user: str = "alice"
    expires_in: str = "3600"
    """Seconds."""

    def __post_init__(self) -> None:
        for field, known in _CHOICES.items():
            if getattr(self, field) not in known:
                raise InputError(field, "is nothing that can be chosen.", f"Say {' or '.join(known)}.")

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that count, in reading order."""
        return ("user", "expires_in") if self.kind == "rtm" else ("channel", self.who, "role", "expires_in")

    @property
    def shown(self) -> tuple[str, ...]:
        """The fields to show: those that count, and the choices that say which."""
        if self.kind == "rtm":
            return ("kind", "version", *self.fields)
        return ("kind", "version", "channel", "who", *self.fields[1:])

    def problems(self) -> dict[str, InputError]:
        """What is wrong, by field; empty if a token can be made."""
        found: dict[str, InputError] = {}
        for field in self.fields:
            try:
                self._value(field)
            except InputError as error:
                found[field] = error
        return found

    def _value(self, field: str) -> Any:
        typed = getattr(self, field)
        if field == "uid":
            hint = "Any other text is a user account: choose that above."
            typed = _whole_number(field, typed, "must be an integer, 1 to 4294967295.", hint)
        elif field == "expires_in":
            typed = _whole_number(field, typed, "must be a whole number of seconds.", "3600 is one hour.")
        return _CHECKS.get(field, lambda value: value)(typed)

    def build(self, credentials: Credentials, *, now: int | None = None, salt: int | None = None) -> str:
        """The token.

        Raises:
            InputError: a field is wrong.
        """
        build = build_rtm_token if self.kind == "rtm" else build_rtc_token
        return build(credentials, *self._first, **self._named, now=now, salt=salt)

    @property
    def _first(self) -> list[str]:
        return [self._value("user" if self.kind == "rtm" else "channel")]

    @property
    def _named(self) -> dict[str, Any]:
        return {field: self._value(field) for field in self.fields[1:]} | {"version": self.version}

    def python_call(self) -> str:
        """The Python line."""
        named = ", ".join(f"{name}={_quoted(value)}" for name, value in self._named.items())
        return f"build_{self.kind}_token(credentials, {_quoted(self._first[0])}, {named})"

    def request(self) -> tuple[str, dict[str, Any]]:
        """Path and body with which the token server makes it."""
        given: dict[str, Any] = {self.fields[0]: self._first[0]} | self._named
        body: dict[str, Any] = {_JSON_NAMES.get(name, name): value for name, value in given.items()}
        if self.kind == "rtc":
            body["isPublisher"] = body["isPublisher"] == "publisher"
        return f"/{self.kind}token", body

    def curl_call(self) -> str:
        """The ``curl`` call that asks the token server, whose address is in the variable ``TOKEN_SERVER``."""
        return curl_call(*self.request())

    def javascript_call(self) -> str:
        """The JavaScript statement that asks the token server, whose address is in ``TOKEN_SERVER``.

        In a browser the page's origin must be one that the server allows.
        """
        return javascript_call(*self.request())


_CHOICES = {
    "kind": ("rtc", "rtm"),
    "version": ("007", "006"),
    "who": ("uid", "account"),
    "role": ("publisher", "subscriber"),
}
_CHECKS: dict[str, Callable[[Any], Any]] = {
    "channel": check_channel,
    "uid": check_uid,
    "account": check_account,
    "user": check_user,
    "expires_in": check_expires_in,
}
_JSON_NAMES = {"role": "isPublisher", "account": "userAccount", "expires_in": "expiresIn"}


def _whole_number(field: str, typed: str, problem: str, hint: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,30}", typed.strip()):
        raise InputError(field, problem, hint)
    return int(typed)


def _quoted(value: object) -> str:
    return json.dumps(value)  # numbers and ASCII texts look the same in Python and JSON
