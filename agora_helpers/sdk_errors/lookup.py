"""Look up what an error of Agora's SDKs means: :func:`explain_error`.

An error is found by its text, by its code, or by both. A text is more specific than a code, since one number means
different things in different SDKs. Among several matches, the SDK that is named and the place of the code decide.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import get_args

from ..errors import ErrorCode, InputError
from ..validation import plain_str, type_name
from .table import ERRORS, ErrorExplanation, Row, Surface

_MAX_CHARACTERS = 10_000  # anything longer is a whole log, and its first error is the one to explain

# The weights of a match. The letters of a matching text are added, so that the longer of two texts wins.
_TEXT, _MAX_LETTERS = 200, 100
_CODE, _OTHER_CODE = 60, 40
_IN_PLACE, _NO_PLACE, _OUT_OF_PLACE = 20, -10, -30
_CLEAR, _WEAK, _MAX_HINTS = 30, 10, 60

# Where a number counts as a code.
_UNMISTAKABLE = 10_000  # a code as large as this needs no word before it
_TOKEN = re.compile(
    r"(?P<number>(?<![0-9a-z_.])-?[0-9]{1,7}(?![0-9a-z_%]|[.:/-][0-9]|,[0-9]{3}))"
    r"|(?P<word>[a-z][a-z0-9_]*)"
    r"|(?P<other>[0-9])"  # of a time, a date, a version, a token
)
_ALONE = re.compile(r"[^0-9a-z]*[0-9]+[^0-9a-z]*")
_GAP = re.compile(r"[^0-9a-z\]\n]{1,5}")  # without "]": what follows "[ERROR]" is a message
_ANNOUNCING = ("error", "err", "code", "reason", "login", "fail", "failed", "failure", "exception", "rejected")
_ANNOUNCING_PART = re.compile(r"joinchannel(?!success)|renew|err_|error_|changed_|reason_|_key_")
_ANNOUNCING_AFTER = {"error", "err", "invalid", "token"}
_PRODUCTS = {"rtm", "rtc", "agora", "web", "native", "signaling", "gateway", "link", "join"}
_BETWEEN = {"is", "was", "with", "no", "nr", "number", "type", "returned", "returns", "token", "value", "the"}
_SOMETHING_ELSE = {
    *("id", "user", "account", "port", "line", "col", "column", "channel", "cname", "room", "version", "state", "sdk"),
    *("attempt", "retry", "retries", "step", "elapsed", "after", "at", "encode", "decode", "unicode", "barcode"),
    *("versioncode", "keycode", "stderr"),
}
_OTHER_PROGRAMS = {"exit", "exited", "npm"}  # "exit code 1" is not an error of Agora's
_COUNTED = {
    *("times", "user", "users", "people", "participants", "attempts", "retries", "connections", "channels", "streams"),
    *("s", "sec", "seconds", "ms", "min", "minutes", "h", "hours", "days", "bytes", "kb", "mb", "fps", "of", "out"),
    *("errors", "warnings", "tests", "files", "items", "rows", "lines", "packets", "frames", "messages"),
    *("more", "passed"),
}
_STATE_AND_REASON = re.compile(r"state[a-z_]{0,20}[^0-9a-z]{1,3}[0-9]{1,2}[^0-9a-z]{1,3}([0-9]{1,2})(?![0-9])")

# Where a code occurs, and which SDK a text names.
_PLACES = {
    "reason": re.compile(r"reason|connection"),
    "link": re.compile(r"link"),
    "renew": re.compile(r"renew"),
}
_BOTH_RTM: tuple[Surface, ...] = ("RTM 2.x", "RTM 1.x")
_SDK_HINTS: tuple[tuple[re.Pattern[str], int, tuple[Surface, ...]], ...] = tuple(
    (re.compile(pattern), weight, surfaces)
    for pattern, weight, surfaces in (
        (r"agorartc(error|exception)(?! ?\()|gateway|agorartc_n|agora-rtc-|\bweb\b", _CLEAR, ("RTC Web",)),
        (r"onerror|agorartcexception ?\(|platformexception|rtcengine|rtckit|joinchannel", _CLEAR, ("RTC native",)),
        (r"(?<!react[ -])\bnative\b", _CLEAR, ("RTC native",)),
        (r"\brtc\b", _CLEAR, ("RTC native", "RTC Web")),
        (r"connection_?changed_|connection_?state_?changed", _WEAK, ("RTC native", "RTM 1.x")),
        (r"rtm_?login|login_?err|(rtm|signaling)[ -]?(sdk[ -])?v?1\b|rtm[ :]error", _CLEAR, ("RTM 1.x",)),
        (r"rtm_error|rtm_link|link ?state|(rtm|signaling)[ -]?(sdk[ -])?v?2\b", _CLEAR, ("RTM 2.x",)),
        (r"(?<![a-z])rtm|agora_?rtm|signaling", _CLEAR, _BOTH_RTM),
        (r"log ?in", _WEAK, _BOTH_RTM),
        (r"browser|javascript|\.js\b|\(in promise\)", _WEAK, ("RTC Web",)),
    )
)


def explain_error(text: str) -> tuple[ErrorExplanation, ...]:
    """Explain an error that one of Agora's SDKs reported.

    Case, spaces and punctuation do not matter. A short number counts as a code only if the text consists of it, or if
    a word such as error, code or reason comes right before it. Only the first 10,000 characters are read.

    Args:
        text: a message, a line of a log, or only a code.

    Returns:
        The possible meanings, the most likely one first; empty if the text contains no known error. They never contain
        a part of the text, which may include a token.

    Raises:
        InputError: ``text`` is not a string.

    >>> from agora_helpers import explain_error
    >>> explain_error("AgoraRTCError CAN_NOT_GET_GATEWAY_SERVER: dynamic use static key")[0].meaning
    'The project requires a token, and the client sent none. The first word is about the project, the second about ...'
    >>> [(meaning.surface, meaning.name) for meaning in explain_error("error 119")]
    [('RTC native', 'ERR_SET_CLIENT_ROLE_NOT_AUTHORIZED'), ('RTC Web', 'STATIC_USE_DYNAMIC_KEY')]
    """
    text = plain_str(text)
    if type(text) is not str:
        problem = f"must be a string (str), not {type_name(text)}."
        raise InputError("text", problem, "Pass what the client printed.", code=ErrorCode.WRONG_TYPE)
    lower = text[:_MAX_CHARACTERS].lower().replace("\N{MINUS SIGN}", "-")
    codes, texts = _codes(lower), _texts(_letters(lower))
    matches = [_Match(error, error.texts & texts, _by_code(error.row, codes)) for error in _ERRORS]
    # A text and a code that one error explains together need no other explanation.
    full = [match for match in matches if match.texts and match.codes]
    explained_texts = {text for match in full for text in match.texts}
    explained_codes = {code for match in full for code in match.codes}
    matches = [
        match
        for match in matches
        if (match.texts and match.codes) or match.texts - explained_texts or match.codes - explained_codes
    ]
    matches = [match for match in matches if not match.error.row.general] or matches
    hints = {surface: _hints_at(surface, lower) for surface in get_args(Surface)}
    matches.sort(key=lambda match: -_weight(match, lower, hints))
    return tuple(match.error.explanation for match in matches)


@dataclass(frozen=True, slots=True)
class _Error:
    """A row of the table, with its texts reduced to letters and digits."""

    explanation: ErrorExplanation
    row: Row
    texts: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Match:
    """The texts and codes of an error that occur in the text; both are empty if it does not match."""

    error: _Error
    texts: frozenset[str]
    codes: frozenset[str]


def _letters(text: str) -> str:
    """Return what is compared: ERR_INVALID_TOKEN, errInvalidToken and "err: invalid token" are the same."""
    return "".join(character for character in text.lower() if character.isalnum())


_ERRORS = tuple(
    _Error(explanation, row, frozenset(map(_letters, (row.name, *row.texts)))) for explanation, row in ERRORS
)
_TEXTS = frozenset[str]().union(*(error.texts for error in _ERRORS))
_CODES = {code for error in _ERRORS for code in (error.row.code, *error.row.other_codes) if code}


def _texts(letters: str) -> frozenset[str]:
    """Return the texts that occur, except those that occur only within a longer one."""
    places = [(match.start(), -len(text)) for text in _TEXTS for match in re.finditer(text, letters)]
    texts: set[str] = set()
    end = 0
    for start, minus_length in sorted(places):
        if start - minus_length > end:
            end = start - minus_length
            texts.add(letters[start:end])
    return frozenset(texts)


def _codes(lower: str) -> dict[str, bool]:
    """Return the codes that occur, each with whether it can only be the reason of a change of state."""
    codes = {match[1]: True for match in _STATE_AND_REASON.finditer(lower)}
    alone = _ALONE.fullmatch(lower)
    tokens = list(_TOKEN.finditer(lower))
    for place, token in enumerate(tokens):
        code = token.group()
        if token.lastgroup != "number" or code not in _CODES:
            continue
        before = _words_before(tokens[max(0, place - 4) : place], token.start(), lower)
        after = _word_after(tokens[place + 1 : place + 2], token.end(), lower)
        if alone:
            codes[code] = False
        elif not _is_something_else(before, code) and after not in _COUNTED:
            size = abs(int(code))
            if size >= _UNMISTAKABLE or _is_announced(before, code) or (size >= 100 and after in _ANNOUNCING_AFTER):
                as_reason = size < _UNMISTAKABLE and any(word.endswith("reason") for word in before)
                codes[code] = as_reason and codes.get(code, True)
    return codes


def _words_before(tokens: list[re.Match[str]], end: int, lower: str) -> list[str]:
    """Return the words right before a number, the nearest first."""
    words: list[str] = []
    for token in reversed(tokens):
        if token.lastgroup != "word" or not _GAP.fullmatch(lower, token.end(), end):
            break
        words.append(token.group())
        end = token.start()
    return words


def _word_after(tokens: list[re.Match[str]], start: int, lower: str) -> str:
    """Return the word after a number, if exactly a space is between them."""
    return next((token.group() for token in tokens if lower[start : token.start()] == " "), "")


def _is_announced(before: list[str], code: str) -> bool:
    """Check whether the words before a number mark it as a code."""
    if code == "0" and not any("renew" in word for word in before):
        return False  # elsewhere 0 means success
    for word in before:
        if word in _PRODUCTS or word.endswith(_ANNOUNCING) or _ANNOUNCING_PART.search(word):
            return True
        if word not in _BETWEEN:
            return False
    return False


def _is_something_else(before: list[str], code: str) -> bool:
    """Check whether the words before a number mark it as something else than a code."""
    nearest = before[0] if before else ""
    return (
        nearest in _SOMETHING_ELSE
        or nearest.endswith(("uid", "userid", "_id"))
        or not _OTHER_PROGRAMS.isdisjoint(before)
        or (nearest in _PRODUCTS and code in ("1", "2", "3", "4"))  # a version: RTM 2
    )


def _by_code(row: Row, codes: dict[str, bool]) -> frozenset[str]:
    """Return the codes that occur and may stand for this error."""
    own = (row.code, *row.other_codes)
    return frozenset(code for code in own if code in codes and (row.place in ("reason", "link") or not codes[code]))


def _hints_at(surface: Surface, lower: str) -> int:
    """Return the weight of the words that point to this SDK."""
    weights = (weight for pattern, weight, surfaces in _SDK_HINTS if surface in surfaces and pattern.search(lower))
    return min(_MAX_HINTS, sum(weights))


def _weight(match: _Match, lower: str, hints: dict[Surface, int]) -> int:
    """Return how well an error matches; a higher number is a better match."""
    row = match.error.row
    weight = hints[match.error.explanation.surface]
    if match.texts:
        weight += _TEXT + min(_MAX_LETTERS, sum(map(len, match.texts)))
    if match.codes:
        weight += _CODE if row.code in match.codes else _OTHER_CODE
    if row.place:
        misplaced = _NO_PLACE if _ALONE.fullmatch(lower) else _OUT_OF_PLACE
        weight += _IN_PLACE if _PLACES[row.place].search(lower) else misplaced
    return weight
