"""The JSON fields of token requests, in one table.

``endpoints`` validates requests against it, ``openapi`` describes it, and ``pages.form`` turns it into the form of
``/try``. Agora's rules for the values themselves live in :mod:`agora_helpers.validation`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..constants import (
    ACCOUNT_MAX_BYTES,
    CHANNEL_MAX_BYTES,
    CHAT_ALPHABET,
    DAY,
    NAME_ALPHABET,
    UINT32_MAX,
    USER_MAX_BYTES,
    TokenVersion,
)
from ..errors import ErrorCode, InputError

VERSIONS: tuple[TokenVersion, ...] = ("007", "006")
MAX_RANDOM_UID = 2**31 - 1
"""Java and Android clients show a larger uid as a negative number."""
DEFAULT_LIFETIME = 3600
"""Seconds. Also the longest lifetime, unless the settings allow more."""
JSON_TYPES: Mapping[type, str] = {
    bool: "true or false",
    dict: "an object",
    float: "a number with a decimal point or exponent",
    int: "an integer",
    list: "an array",
    str: "a string",
    type(None): "null",
}
"""What to call a JSON value in a message, by the Python type that it is read as."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestField:
    """One JSON field of a token request."""

    name: str
    """In JSON."""
    argument: str
    """The package's own name for it, in functions and errors."""
    json_type: type[str] | type[int] | type[bool]
    """As the Python type that it is read as."""
    description: str
    """One sentence, for programs and for the form."""
    max_bytes: int | None = None
    """For a name: the longest, in bytes. The shortest is 1."""
    alphabet: str = NAME_ALPHABET
    """For a name: its characters."""
    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[str, ...] = ()
    """The only valid strings; empty if there are others."""
    default: Any = None
    """None if the server decides, or if the field has no default."""
    sample: str | bool = ""
    """What the form contains at first."""
    form_hint: str = ""
    """Shown below the control."""
    hints: Mapping[str, str] = field(default_factory=dict)
    """What an HTTP client can do about an error, by :class:`ErrorCode`. The error's own hint serves as the default."""
    type_hints: Mapping[type, str] = field(default_factory=dict)
    """What to do about a value of another JSON type, by the Python type that it is read as."""

    def check(self, value: object) -> None:
        """Check a value's JSON type, and that it is one of the choices.

        Raises:
            InputError: it is not; names the argument.
        """
        if type(value) is not self.json_type:
            problem = f"must be {JSON_TYPES[self.json_type]}, not {JSON_TYPES[type(value)]}."
            hint = self.type_hints.get(type(value), "")
            raise InputError(self.argument, problem, hint, code=ErrorCode.WRONG_TYPE)
        if self.choices and value not in self.choices:
            choices = " or ".join(f'"{choice}"' for choice in self.choices)
            raise InputError(self.argument, f"must be {choices}.", code=ErrorCode.UNKNOWN_CHOICE)


_REAL_NAME: Mapping[str, str] = {
    ErrorCode.PLACEHOLDER_NAME: (
        "Find the variable that had no value, and send the name itself. Where users may choose such names, set "
        "AGORA_ALLOW_PLACEHOLDER_NAMES=on on the server."
    )
}
_NO_NULL = {type(None): "Leave it out for the default."}

FIELDS: Mapping[str, RequestField] = {
    request_field.name: request_field
    for request_field in (
        RequestField(
            name="channel",
            argument="channel",
            json_type=str,
            description="The channel that the client will join.",
            max_bytes=CHANNEL_MAX_BYTES,
            sample="lobby",
            hints={
                **_REAL_NAME,
                ErrorCode.MISSING: 'Send the channel that the client will join: {"channel": "lobby"}.',
                ErrorCode.EMPTY: f"Send a name of 1 to {CHANNEL_MAX_BYTES} characters.",
            },
        ),
        RequestField(
            name="user",
            argument="user",
            json_type=str,
            description="The user id that the client will log in to messaging with.",
            max_bytes=USER_MAX_BYTES,
            sample="alice",
            hints={
                **_REAL_NAME,
                ErrorCode.MISSING: 'Send the user id that the client will log in with: {"user": "alice"}.',
                ErrorCode.EMPTY: f"Send an id of 1 to {USER_MAX_BYTES} characters.",
            },
            type_hints=_NO_NULL | {int: "If the number is the user's id, write it in quotes."},
        ),
        RequestField(
            name="isPublisher",
            argument="role",
            json_type=bool,
            description="Whether the client may publish. By default it may only receive.",
            default=False,
            sample=True,
            form_hint="Whether the client may publish.",
            type_hints=_NO_NULL
            | {
                str: 'Write it without quotes: in JavaScript, for example, the string "false" counts as true.',
                int: "Send true or false.",
            },
        ),
        RequestField(
            name="uid",
            argument="uid",
            json_type=int,
            description=f"The client's uid; by default a random one from 1 to {MAX_RANDOM_UID}.",
            minimum=1,
            maximum=UINT32_MAX,
            form_hint="A number. Leave it empty to let the server choose.",
            hints={
                ErrorCode.UID_FOR_ANYONE: (
                    "Leave it out, and the server chooses one: the client then joins with the uid in the answer."
                ),
                ErrorCode.UID_TOO_LARGE: f"Send 1 to {UINT32_MAX}, or a larger id as a string in userAccount.",
            },
            type_hints=_NO_NULL
            | {str: "Write a numeric id without quotes. Send any other id in userAccount.", float: "Send an integer."},
        ),
        RequestField(
            name="userAccount",
            argument="account",
            json_type=str,
            description="The client's user account, in place of a uid.",
            max_bytes=ACCOUNT_MAX_BYTES,
            form_hint="A string, in place of uid.",
            hints={
                **_REAL_NAME,
                ErrorCode.EMPTY: f"Send 1 to {ACCOUNT_MAX_BYTES} characters, or leave it out.",
                ErrorCode.UID_AND_ACCOUNT: "Send one of the two.",
            },
            type_hints=_NO_NULL | {int: "Send an integer id in uid."},
        ),
        RequestField(
            name="expiresIn",
            argument="expires_in",
            json_type=int,
            description="The token's lifetime in seconds.",
            minimum=1,
            maximum=DAY,
            default=DEFAULT_LIFETIME,
            hints={
                ErrorCode.LIFETIME_IS_TIME: (
                    "This looks like a point in time. Send a duration in seconds: 3600 is one hour."
                ),
                ErrorCode.LIFETIME_IS_MILLISECONDS: "This looks like milliseconds. Send seconds: divide by 1000.",
            },
            type_hints=_NO_NULL | {str: "Write it without quotes, in seconds.", float: "Round it to whole seconds."},
        ),
        RequestField(
            name="version",
            argument="version",
            json_type=str,
            description="The version of the token format.",
            choices=VERSIONS,
            hints={ErrorCode.UNKNOWN_CHOICE: "Leave it out for the server's default."},
            type_hints=_NO_NULL | {int: "Write it in quotes."},
        ),
    )
}
"""All of them by name, in the order of the form."""
CHAT_USER = replace(
    FIELDS["user"], description="The user id that the client will log in to Chat with.", alphabet=CHAT_ALPHABET
)
"""``user``, where Chat's rules apply."""


def limit_lifetime(request_field: RequestField, max_expires_in: int) -> RequestField:
    """Return ``expiresIn`` as it is on a server with this limit, and any other field unchanged.

    >>> limit_lifetime(FIELDS["expiresIn"], 600).form_hint
    'Seconds, at most 600. Leave it empty for 600.'
    """
    if request_field.name != "expiresIn":
        return request_field
    default = min(DEFAULT_LIFETIME, max_expires_in)
    form_hint = f"Seconds, at most {max_expires_in}. Leave it empty for {default}."
    return replace(request_field, maximum=max_expires_in, default=default, form_hint=form_hint)
