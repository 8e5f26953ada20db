"""Reading a token: :func:`decode`. No key is needed for it."""

from __future__ import annotations

import re

from ..constants import MAX_TOKEN_CHARACTERS
from ..errors import ErrorCode, TokenFormatError
from ..validation import plain_str, type_name
from . import v006, v007
from .decoded import DecodedToken
from .recognisers import recognise


def decode(token: str) -> DecodedToken:
    """Return everything that a token says. Needs no key, repairs nothing and verifies nothing.

    Args:
        token: a 006 or 007 token, without anything around it.

    Raises:
        TokenFormatError: the string is not a well-formed token. No other exception is raised, whatever is passed.

    >>> from agora_helpers import decode
    >>> decode("007invalid")
    Traceback (most recent call last):
    agora_helpers.errors.TokenFormatError: base64 (character 10): is not complete base64: ...
    """
    token = plain_str(token)
    if type(token) is not str:
        problem = f"must be a string (str), not {type_name(token)}."
        raise TokenFormatError("token", problem, "Pass the token itself.", code=ErrorCode.WRONG_TYPE)
    if len(token) > MAX_TOKEN_CHARACTERS:
        problem = f"is longer than {MAX_TOKEN_CHARACTERS} characters."
        raise TokenFormatError("token", problem, "Pass the token alone.")
    if token.startswith((v006.VERSION, v007.VERSION)):
        try:
            return v007.decode(token) if token.startswith(v007.VERSION) else v006.decode(token)
        except TokenFormatError as error:
            raise (recognise(token) or error) from None
    raise recognise(token) or _unknown_version(token)


def _unknown_version(token: str) -> TokenFormatError:
    if not token:
        problem, hint = "is missing: the string is empty.", "Pass the token itself."
    else:
        problem, hint = "is not 006 or 007.", "A token starts with one of the two, and has 90 characters or more."
        if re.search("00[67]", token):
            hint = "A token starts with its version: pass it without anything before it, such as quotes or spaces."
        elif re.fullmatch("[0-9A-Za-z+/_-]{60,}=*", token):
            hint = "A token starts with its version: copy it again, whole."
    return TokenFormatError("version", problem, hint, offset=0)
