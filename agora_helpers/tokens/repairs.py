"""Extracts a token from text that was altered by copying, URLs, JSON or e-mail, and lists what it repaired.

:func:`agora_helpers.decode` and :func:`agora_helpers.verify` never repair: Agora rejects an altered token.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from itertools import islice
from typing import NamedTuple

from ..errors import ErrorCode, InputError, TokenFormatError
from ..validation import plain_str, type_name
from .decoder import decode
from .recognisers import recognise

_QUOTES = "\"'`\u201c\u201d\u2018\u2019\u00ab\u00bb"
_INVISIBLE = re.compile("[\ufeff\u200b\u200c\u200d\u2060\u00ad]")
_MAX_CHARACTERS = 64 * 1024
"""A text is searched up to this length, which keeps the time under 50 ms. Real tokens have a few hundred characters."""
_MAX_CANDIDATES = 8
"""Different strings within a text that are tried as its token: each may cost as much as the largest token."""


class Repaired(NamedTuple):
    """A token and what was repaired.

    Attributes:
        token: the token, or the text unchanged if there is no token in it.
        repairs: a description of each repair; empty if nothing was repaired.
    """

    token: str
    repairs: tuple[str, ...]


def repair(text: str) -> Repaired:
    r"""Return the token in ``text``, without what copying, URLs, JSON and e-mail did to it.

    Args:
        text: anything that may contain a token. More than 64 Ki characters are left alone.

    Returns:
        The token and the repairs. A text that is a token, or that no repair turns into a string that starts with 006
        or 007, is returned unchanged, and so is what never was a token. A token that was cut short cannot be repaired;
        ``decode`` reports that. Of several tokens, it returns the first; :func:`find_tokens` returns them all.

    Raises:
        InputError: ``text`` is not a str.

    >>> from agora_helpers import Credentials, build_rtm_token
    >>> token = build_rtm_token(Credentials.demo(), "alice", version="006", now=1_700_000_000, salt=1)
    >>> repair(f'"Bearer {token}",\n').repairs
    ('spaces or line breaks around it', 'quotes or punctuation around it', '"Bearer" before it')
    """
    return _search(text)[0]


def find_tokens(text: str) -> tuple[str, ...]:
    """Return every token in a text, in its order: in a server's reply, a log or a message.

    Args:
        text: any string. More than 64 Ki characters are left alone, and at most 8 strings are tried.

    Returns:
        Different tokens, each as ``decode`` reads it; empty if there is none. For a text with one token, that of
        :func:`repair`.

    Raises:
        InputError: ``text`` is not a str.

    >>> from agora_helpers import Credentials, build_rtm_token, decode
    >>> tokens = [build_rtm_token(Credentials.demo(), user) for user in ("alice", "bob")]
    >>> [decode(token).services[0].user for token in find_tokens(f"alice: {tokens[0]}, bob: {tokens[1]}")]
    ['alice', 'bob']
    """
    return _search(text)[1]


def _search(text: str) -> tuple[Repaired, tuple[str, ...]]:
    """Return the first token of a text with its repairs, and all its tokens."""
    text = plain_str(text)
    if type(text) is not str:
        problem = f"must be a string (str), not {type_name(text)}."
        raise InputError("text", problem, "Pass the token itself.", code=ErrorCode.WRONG_TYPE)
    is_token = cache(_is_token)  # the steps often lead to the same string again
    if is_token(text):
        return Repaired(text, ()), (text,)
    if len(text) > _MAX_CHARACTERS:
        return Repaired(text, ()), ()
    tokens = _inside(text, is_token)
    if len(tokens) > 1:
        return Repaired(tokens[0], (f"text around it (one of {len(tokens)} tokens)",)), tokens
    token, repairs = text, []
    for description, undo in _STEPS:
        before, token = token, undo(token)
        if token != before:
            repairs.append(description)
    for description, complete in _LAST_STEPS:
        if not is_token(token) and is_token(candidate := complete(token, text)):
            token = candidate
            repairs.append(description)
    if is_token(token):
        return Repaired(token, tuple(repairs)), (token,)
    if tokens:
        return Repaired(tokens[0], ("text around it",)), tokens
    if token[:3] in ("006", "007") and not recognise(token):
        return Repaired(token, tuple(repairs)), ()  # without what was around it, its damage shows
    return Repaired(text, ()), ()


def _is_token(text: str) -> bool:
    try:
        decode(text)
    except TokenFormatError:
        return False
    return True


def _inside(text: str, is_token: Callable[[str], bool]) -> tuple[str, ...]:
    """Return the tokens that have something around them: in a sentence, a line of code, a URL, JSON."""
    strings: dict[str, None] = {}
    for plain in dict.fromkeys((text, _percent_decoded(text))):
        strings |= dict.fromkeys(re.findall("00[67][A-Za-z0-9+/_%=-]{60,}", plain.replace("\\/", "/")))
    tokens: dict[str, None] = {}
    for string in islice(strings, _MAX_CANDIDATES):
        candidates = (string, _percent_decoded(string), _standard_alphabet(string))
        tokens |= dict.fromkeys(islice(filter(is_token, candidates), 1))
    return tuple(tokens)


def _out_of_json(text: str) -> str:
    """Return the token in a server's whole response, such as ``{"uid": 7, "token": "007…"}``."""
    match = re.search(r"""["'](?:\w*token|key)["']\s*:\s*["'](00[67][^"']*)["']""", text, re.IGNORECASE)
    return match[1] if match else text


def _without_bearer(text: str) -> str:
    return re.sub(r"^(?:authorization:\s*)?bearer[\s:]+", "", text, flags=re.IGNORECASE)


def _without_name(text: str) -> str:
    """Remove a name as in ``token=007…``, or in the header ``agora token=007…`` of Agora's REST interfaces."""
    return re.sub(
        r"^(?:[\w-]+:\s*)?(?:agora\s+)?[\w-]*token[\"']?\s*[=:]\s*[\"']?(?=00[67])", "", text, flags=re.IGNORECASE
    )


def _without_entities(text: str) -> str:
    from html import unescape

    if "&" not in text or re.search("&#[0-9]{8}", text):  # unescape() fails on very long numbers
        return text
    return unescape(text)


def _percent_decoded(text: str) -> str:
    from urllib.parse import unquote

    for _ in range(3):  # some clients encode a string that is already encoded
        if not re.search("%[0-9A-Fa-f]{2}", text):
            break
        text = unquote(text)
    return text


def _unescaped(text: str) -> str:
    text = re.sub(r"\\u([0-9A-Fa-f]{4})", lambda match: chr(int(match[1], 16)), text)
    return re.sub(r"\\[nrt]", "", text).replace("\\", "")


def _joined(text: str) -> str:
    return "".join(part.strip() for part in re.split("[\r\n\t]+", text))


def _standard_alphabet(text: str) -> str:
    return text.replace("-", "+").replace("_", "/")


def _with_plus(token: str, text: str) -> str:
    """Restore each + at the end that became a space and was then removed as a space around the token."""
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
