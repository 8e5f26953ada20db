"""Mangled text in, token out: undoes what happens to tokens on their way, and says what it undid.

:func:`agora_helpers.decode` and :func:`agora_helpers.verify` never repair: Agora refuses a mangled token.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from ..errors import InputError, TokenFormatError
from .decoder import decode

_QUOTES = "\"'`\u201c\u201d\u2018\u2019\u00ab\u00bb"
_INVISIBLE = re.compile("[\ufeff\u200b\u200c\u200d\u2060\u00ad]")
_LONGEST = 512 * 1024  # characters; twice the longest token that is read


class Repaired(NamedTuple):
    """The token, and what was repaired, in words; nothing if it was right or cannot be made right."""

    token: str
    repairs: tuple[str, ...]


def repair(text: str) -> Repaired:
    r"""The token in ``text``, freed from what copying, URLs, JSON and e-mail do to tokens.

    A text that is a token is returned as it is; one that no repair turns into the beginning of a 006 or 007 token, too.
    What is lost (a token cut short) cannot be repaired: ``decode`` then says so.

    Raises:
        InputError: ``text`` is not a str.

    >>> from agora_helpers import Credentials, build_rtm_token
    >>> token = build_rtm_token(Credentials.demo(), "alice", version="006", now=1_700_000_000, salt=1)
    >>> repair(f'"Bearer {token}",\n').repairs
    ('spaces or line breaks around it', 'quotes or punctuation around it', '"Bearer" before it')
    """
    if not isinstance(text, str):
        raise InputError("text", f"must be a text (str), not of type {type(text).__name__}.", "Pass the token itself.")
    if _is_token(text) or len(text) > _LONGEST:
        return Repaired(text, ())
    token, repairs = text, []
    for said, undo in _STEPS:
        undone = undo(token)
        if undone != token:
            token = undone
            repairs.append(said)
    for said, complete in _LAST_STEPS:
        if not _is_token(token) and _is_token(completed := complete(token, text)):
            token = completed
            repairs.append(said)
    if not _is_token(token) and (inside := _inside(text)):
        return Repaired(inside, ("text around it",))
    return Repaired(token, tuple(repairs)) if token[:3] in ("006", "007") else Repaired(text, ())


def _is_token(text: str) -> bool:
    try:
        decode(text)
    except TokenFormatError:
        return False
    return True


def _inside(text: str) -> str | None:
    """A token in the middle of something else: a sentence, a line of code, a URL."""
    for found in re.finditer("00[67][A-Za-z0-9+/_%=-]{60,}", text):
        for candidate in (found[0], _percent_decoded(found[0]), _standard_alphabet(found[0])):
            if _is_token(candidate):
                return candidate
    return None


def _out_of_json(text: str) -> str:
    """The token in a server's whole answer, such as ``{"uid": 7, "token": "007…"}``."""
    found = re.search(r"""["'](?:\w*token|key)["']\s*:\s*["'](00[67][^"']*)["']""", text, re.IGNORECASE)
    return found[1] if found else text


def _without_bearer(text: str) -> str:
    return re.sub(r"^(?:authorization:\s*)?bearer[\s:]+", "", text, flags=re.IGNORECASE)


def _without_name(text: str) -> str:
    """As in ``token=007…``, or in the header ``agora token=007…`` of Agora's REST interfaces."""
    return re.sub(
        r"^(?:[\w-]+:\s*)?(?:agora\s+)?[\w-]*token[\"']?\s*[=:]\s*[\"']?(?=00[67])", "", text, flags=re.IGNORECASE
    )


def _without_entities(text: str) -> str:
    from html import unescape

    return unescape(text) if "&" in text else text


def _percent_decoded(text: str) -> str:
    from urllib.parse import unquote

    for _ in range(3):  # some clients encode what is encoded already
        if not re.search("%[0-9A-Fa-f]{2}", text):
            break
        text = unquote(text)
    return text


def _unescaped(text: str) -> str:
    text = re.sub(r"\\u([0-9A-Fa-f]{4})", lambda found: chr(int(found[1], 16)), text)
    return re.sub(r"\\[nrt]", "", text).replace("\\", "")


def _joined(text: str) -> str:
    return "".join(part.strip() for part in re.split("[\r\n\t]+", text))


def _standard_alphabet(text: str) -> str:
    return text.replace("-", "+").replace("_", "/")


def _with_plus(token: str, text: str) -> str:
    """A + at the very end, which became a space and was then taken for one around the token."""
    if token.startswith("006"):
        return token  # the last bytes of a 006 token are those of a time: no time before 2037 ends in a +
    return token + "+" * (len(text) - len(text.rstrip(" ")))


def _padded(token: str, _: str) -> str:
    start = 35 if token.startswith("006") else 3
    bare = token.rstrip("=")
    return bare + "=" * (-(len(bare) - start) % 4)


_STEPS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("invisible characters in it", lambda text: _INVISIBLE.sub("", text)),
    ("JSON around it", _out_of_json),
    ("spaces or line breaks around it", str.strip),
    ("HTML entities", _without_entities),
    ("quotes or punctuation around it", lambda text: text.strip(_QUOTES + " \r\n\t,;<>()[]")),
    ('"Bearer" before it', _without_bearer),
    ("a name before it", _without_name),
    ("percent-encoding (%2B, %2F, %3D)", _percent_decoded),
    ("JSON escapes (\\/)", _unescaped),
    ("line breaks in it", _joined),
    ("spaces in place of +", lambda text: text.replace(" ", "+")),
    ("the URL-safe alphabet (- and _ in place of + and /)", _standard_alphabet),
)
_LAST_STEPS: tuple[tuple[str, Callable[[str, str], str]], ...] = (
    ("a space in place of + at its end", _with_plus),
    ("padding (=) at its end", _padded),
)
