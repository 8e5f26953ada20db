"""What can go wrong, as one small tree.

    AgoraHelpersError            everything that this package raises on purpose
    ├── InputError               an argument that must not become part of a token
    │   └── CredentialError      App ID or App Certificate missing or misshapen
    └── TokenFormatError         a text that is not a well-formed token

Every error names the ``field``, says what is wrong with it (``problem``) and what to do (``hint``).
No message repeats a certificate, a token or any other value that was passed in.
"""

from __future__ import annotations


class AgoraHelpersError(Exception):
    """Root of the tree.

    Attributes:
        field: the argument, setting or token field that is wrong.
        problem: what is wrong with it.
        hint: what to do about it; may be empty.
    """

    def __init__(self, field: str, problem: str, hint: str = "") -> None:
        super().__init__(field, problem, hint)
        self.field = field
        self.problem = problem
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.field}: {self.problem}" + (f" {self.hint}" if self.hint else "")


class InputError(AgoraHelpersError, ValueError):
    """An argument breaks one of Agora's rules; nothing was signed.

    >>> from agora_helpers import Credentials, build_rtc_token
    >>> build_rtc_token(Credentials.demo(), "café", uid=7)
    Traceback (most recent call last):
    agora_helpers.errors.InputError: channel: character 4 (U+00E9) is not allowed. ...
    """


class CredentialError(InputError):
    """App ID or App Certificate is missing or has the wrong shape. The message never shows it."""


class TokenFormatError(AgoraHelpersError, ValueError):
    """A text that is not a well-formed token.

    Attributes:
        offset: where in ``where`` the trouble starts, counted from 0; None if it has no single place.
        where: ``"token"`` (characters of the text) or ``"payload"`` (bytes after base64 and, in 007, inflating).
    """

    def __init__(
        self, field: str, problem: str, hint: str = "", *, offset: int | None = None, where: str = "token"
    ) -> None:
        super().__init__(field, problem, hint)
        self.offset = offset
        self.where = where

    def __reduce__(self) -> tuple[object, ...]:
        state = {"offset": self.offset, "where": self.where}
        return type(self), (self.field, self.problem, self.hint), state

    def __str__(self) -> str:
        unit = "character" if self.where == "token" else "payload byte"
        place = "" if self.offset is None else f" ({unit} {self.offset})"
        return f"{self.field}{place}: {self.problem}" + (f" {self.hint}" if self.hint else "")
