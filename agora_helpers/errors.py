"""The package's errors, as one small tree.

    AgoraHelpersError            everything that this package raises on purpose
    ├── InputError               an argument that must not become part of a token
    │   └── CredentialError      App ID or App Certificate missing or malformed
    └── TokenFormatError         a string that is not a well-formed token

Every error names the ``field``, says what is wrong with it (``problem``) and what to do (``hint``), and has a stable
``code`` for programs. ``hint`` is worded for Python; other front ends choose their own words by ``code``.
No message repeats a certificate, a token or any other value that was passed in.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class ErrorCode(StrEnum):
    """What is wrong with a value, for programs. The names are stable."""

    INVALID = "INVALID"
    """None of the others."""
    MISSING = "MISSING"
    EMPTY = "EMPTY"
    WRONG_TYPE = "WRONG_TYPE"
    BAD_CHARACTER = "BAD_CHARACTER"
    TOO_LONG = "TOO_LONG"
    OUT_OF_RANGE = "OUT_OF_RANGE"
    UNKNOWN_CHOICE = "UNKNOWN_CHOICE"
    """A word that is not one of the allowed ones."""
    PLACEHOLDER_NAME = "PLACEHOLDER_NAME"
    """undefined, null, {channel} and the like: a variable without a value, or a template that was not filled in."""
    UID_IS_STRING = "UID_IS_STRING"
    UID_FOR_ANYONE = "UID_FOR_ANYONE"
    """uid 0, without the explicit wish for a token that any client may use."""
    UID_NEGATIVE = "UID_NEGATIVE"
    UID_TOO_LARGE = "UID_TOO_LARGE"
    ACCOUNT_IS_NUMBER = "ACCOUNT_IS_NUMBER"
    USER_IS_NUMBER = "USER_IS_NUMBER"
    UID_AND_ACCOUNT = "UID_AND_ACCOUNT"
    """Both are given; a client joins with one of them."""
    NO_CLIENT = "NO_CLIENT"
    """Neither uid nor account is given."""
    LIFETIME_TOO_SHORT = "LIFETIME_TOO_SHORT"
    LIFETIME_TOO_LONG = "LIFETIME_TOO_LONG"
    LIFETIME_IS_TIME = "LIFETIME_IS_TIME"
    """A point in time where a duration belongs."""
    LIFETIME_IS_MILLISECONDS = "LIFETIME_IS_MILLISECONDS"
    MALFORMED = "MALFORMED"
    """Not a well-formed token."""
    NOT_A_TOKEN_PLACEHOLDER = "NOT_A_TOKEN_PLACEHOLDER"  # noqa: S105
    """undefined, null, mock_token_… and the like."""
    NOT_A_TOKEN_JWT = "NOT_A_TOKEN_JWT"  # noqa: S105
    NOT_A_TOKEN_CHAT = "NOT_A_TOKEN_CHAT"  # noqa: S105
    NOT_A_TOKEN_WHITEBOARD = "NOT_A_TOKEN_WHITEBOARD"  # noqa: S105
    NOT_A_TOKEN_REST = "NOT_A_TOKEN_REST"  # noqa: S105
    NOT_A_TOKEN_HTML = "NOT_A_TOKEN_HTML"  # noqa: S105
    NOT_A_TOKEN_JSON = "NOT_A_TOKEN_JSON"  # noqa: S105
    NOT_A_TOKEN_URL = "NOT_A_TOKEN_URL"  # noqa: S105
    NOT_A_TOKEN_ERROR = "NOT_A_TOKEN_ERROR"  # noqa: S105
    """An error message in plain text."""
    NOT_A_TOKEN_SEVERAL = "NOT_A_TOKEN_SEVERAL"  # noqa: S105
    """A text that contains several tokens."""
    NOT_A_TOKEN_LEGACY = "NOT_A_TOKEN_LEGACY"  # noqa: S105
    """A dynamic key from before version 006."""
    NOT_A_TOKEN_HEX_32 = "NOT_A_TOKEN_HEX_32"  # noqa: S105
    """An App ID or an App Certificate."""
    NOT_A_TOKEN_NO_APP_ID = "NOT_A_TOKEN_NO_APP_ID"  # noqa: S105
    """A 006 token that was built without an App ID."""
    NOT_A_TOKEN_HOME_MADE = "NOT_A_TOKEN_HOME_MADE"  # noqa: S105
    """A format that Agora does not have."""


class AgoraHelpersError(Exception):
    """Root of the tree.

    Attributes:
        field: the argument, setting or token field that is wrong.
        problem: what is wrong with it.
        hint: what to do about it; may be empty.
        code: the kind of problem, usually an :class:`ErrorCode`.
    """

    def __init__(self, field: str, problem: str, hint: str = "", *, code: str = ErrorCode.INVALID) -> None:
        super().__init__(field, problem, hint)
        self.field = field
        self.problem = problem
        self.hint = hint
        self.code = code

    def __str__(self) -> str:
        return f"{self.field}: {self.problem}" + (f" {self.hint}" if self.hint else "")

    def _render_traceback_(self) -> list[str]:
        """Return what a notebook shows: one line, since the mistake is in the value, and not in this package."""
        return [f"{type(self).__name__}: {self}"]


class InputError(AgoraHelpersError, ValueError):
    """An argument breaks one of Agora's rules; nothing was signed.

    >>> from agora_helpers import Credentials, build_rtc_token
    >>> build_rtc_token(Credentials.demo(), "café", uid=7)
    Traceback (most recent call last):
    agora_helpers.errors.InputError: channel: contains a character that Agora does not allow (U+00E9, position 4). ...
    """

    def within(self, owner: str) -> Self:
        """Return the same error with ``owner`` in front of the field's name.

        >>> str(InputError("uid", "is missing.").within("services[0]"))
        'services[0].uid: is missing.'
        """
        return type(self)(f"{owner}.{self.field}", self.problem, self.hint, code=self.code)


class CredentialError(InputError):
    """App ID or App Certificate is missing or malformed. The message never shows it."""


class TokenFormatError(AgoraHelpersError, ValueError):
    """A string that is not a well-formed token.

    Attributes:
        offset: where in ``where`` the problem starts, counted from 0; None if it has no single position.
        where: ``"token"`` (characters of the string) or ``"payload"`` (bytes after base64 and, in 007, inflating).
    """

    def __init__(
        self,
        field: str,
        problem: str,
        hint: str = "",
        *,
        code: str = ErrorCode.MALFORMED,
        offset: int | None = None,
        where: str = "token",
    ) -> None:
        super().__init__(field, problem, hint, code=code)
        self.offset = offset
        self.where = where

    def __str__(self) -> str:
        unit = "character" if self.where == "token" else "payload byte"
        place = "" if self.offset is None else f" ({unit} {self.offset})"
        return f"{self.field}{place}: {self.problem}" + (f" {self.hint}" if self.hint else "")
