"""Reading a token: :func:`decode`. No key is needed for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

from ..constants import MAX_TOKEN_CHARACTERS
from ..errors import TokenFormatError
from . import v006, v007
from .decoded import DecodedToken

_DECODERS: dict[str, Callable[[str], DecodedToken]] = {
    v006.VERSION: v006.decode,
    v007.VERSION: v007.decode,
}


def decode(token: str) -> DecodedToken:
    """All that a token says, without a key. Strict: it repairs nothing and verifies nothing.

    Raises:
        TokenFormatError: the text is not a well-formed token; nothing else is ever raised, whatever is passed.

    >>> from agora_helpers import decode
    >>> decode("007invalid")
    Traceback (most recent call last):
    agora_helpers.errors.TokenFormatError: base64 (character 10): is not complete base64: ...
    """
    if type(token) is not str:
        token = _plain_text(token)
    if len(token) <= MAX_TOKEN_CHARACTERS and (decoder := _DECODERS.get(token[:3])):
        return decoder(token)
    return _explain(token)


def _plain_text(token: object) -> str:
    """The text in an instance of a subclass of str, whatever that class does with it."""
    if issubclass(type(token), str):
        return str.__str__(token)
    raise TokenFormatError(
        "token", f"must be a text (str), not of type {type(token).__name__}.", "Pass the token itself."
    )


def _explain(token: str) -> NoReturn:
    """Why this cannot even begin to be a token."""
    if len(token) > MAX_TOKEN_CHARACTERS:
        raise TokenFormatError("token", f"is longer than {MAX_TOKEN_CHARACTERS} characters.", "No token is.")
    if not token:
        raise TokenFormatError("version", "is missing: the text is empty.", "Pass the token itself.", offset=0)
    hint = "A token begins with 006 or 007: copy it again, whole, without quotes or spaces before it."
    if token[:3] in ("001", "002", "003", "004", "005"):
        hint = "It is an old DynamicKey, which Agora has retired: make a 007 token."
    raise TokenFormatError("version", "is not one that can be read.", hint, offset=0)
