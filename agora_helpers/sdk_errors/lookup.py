"""From what a client or a server printed to what it means: :func:`explain_error`.

Whose text it is decides first (``origins``). Then texts are matched, and then codes, among the SDKs and servers that
the text names. Phrases such as "invalid token", which every program prints, count only beside a sign of Agora's, beside
a code that means the same, or if they are the whole text.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass

from ..errors import ErrorCode, InputError
from ..validation import plain_str, type_name
from .codes import Code, find_codes
from .languages import normalise, translate
from .origins import AGORA, CLIENTS, Words, find_program, hinted_surfaces, named_surfaces
from .table import LANGUAGE_TEXTS, SECTIONS, SHARED_TEXTS, ErrorExplanation, Place, Row, Surface


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MAX_CHARACTERS = 10_000
"""What is longer is a whole log: its first error is the one to look at."""

_MAX_PARTS = 50
"""A text with more lines and sentences is looked at only as a whole."""
_SHORT = 200  # characters of a text that may consist of nothing but a common phrase
_SENTENCE = 6  # words of a text that nobody else prints, however common they are
_LONG = 20  # letters of a phrase that stands for itself even in the JSON of some server
_FEW_WORDS = 30  # in a text that names no program, a number below 100 is a code only among so few words
_OTHER_JSON = re.compile(r"\{[^{}]{0,200}\"(?:(?:err)?(?:msg|message)|api)\"")
"""What many programs print; Agora's servers call the text of an error its reason."""
_BUILDERS: frozenset[Surface] = frozenset(("token server",))
"""Whoever names only these may well have the error of an SDK that got the token."""
_SUBJECTS = ("token", "channel", "join", "login", "sdk", "state changed")
"""What a text is about, if a number in it may be a code of Agora's and nothing else says so."""

_HTTP: frozenset[Surface] = frozenset(
    ("RESTful API", "Signaling REST", "Chat REST", "Conversational AI", "Flexible Classroom")
)
"""Servers whose codes are HTTP statuses, too."""
_COMMON = _words(
    """
    already another api app argument auth authenticate authentication authorized bad banned body by channel client
    code completed conflict connected credentials data device does duplicate empty enabled err error exceeded exist
    expire expired expires fail failed failure feature field forbidden found from has header http id in incorrect
    initialised initialized internal invalid ip is join joined json key large limit limited logged login long many
    media message missing name no not of on open operation out overload param parameter password payload permission
    quota rate ready rejected remote removed request requests required response role room sdk server service set
    signature started state status task the this timed timeout to token too type unable unauthorized unavailable
    unknown unsupported user users verification was will with your
    """
)
"""Words that every program prints. A text of the table that has no other is common, and needs a sign of Agora's."""
_FILLER = (_COMMON - {"signature"}) | _words(
    """
    a an and android at be but das de der die ein el erreur erro es está est fehler il ist la le un une です 了 已
    에러 오류 エラー 错误 错误码 报错 by e eh er errcode errorcode errorinfo flutter from get getting got i ios it
    javascript js me msg my null onerror reason result says sdk this uncaught undefined unity w web what when
    why desc description errmsg
    """
)
"""Words that may stand beside a common text in a message that says nothing else."""


def explain_error(text: str) -> tuple[ErrorExplanation, ...]:
    """Return what an error of Agora's SDKs and servers means, best answer first.

    Case, spaces and punctuation do not matter. A short number counts as a code only if it is the whole text, or if a
    word such as error, code or reason stands right before it. One number means different things to different SDKs: the
    words of the text decide, and a bare number gives all meanings, each with its ``surface``.

    A text that is recognisably another program's, such as a JSON Web Token library's, gives one explanation with the
    surface "not Agora". Nothing of the text, which may hold a token, appears in the answer.

    Args:
        text: a pasted message, a line of a log, or a bare code. Only the first 10,000 characters are looked at.

    Returns:
        The meanings. Empty if nothing in the text is known.

    Raises:
        InputError: ``text`` is not a string.

    >>> from agora_helpers import explain_error
    >>> explain_error("AgoraRTCError CAN_NOT_GET_GATEWAY_SERVER: dynamic use static key")[0].meaning
    'The project requires a token, and the client sent none. The first word is about the project, the second about ...'
    >>> [(found.surface, found.name) for found in explain_error("error 119")]
    [('RTC native', 'ERR_SET_CLIENT_ROLE_NOT_AUTHORIZED'), ('RTC Web', 'STATIC_USE_DYNAMIC_KEY')]
    >>> [(found.from_agora, found.name) for found in explain_error("JsonWebTokenError: invalid token")]
    [(False, 'a JSON Web Token library')]
    """
    text = plain_str(text)
    if type(text) is not str:
        problem = f"must be a string (str), not {type_name(text)}."
        raise InputError("text", problem, "Pass what the client or the server printed.", code=ErrorCode.WRONG_TYPE)
    lower = normalise(text[:MAX_CHARACTERS])[:MAX_CHARACTERS]
    answers: dict[object, ErrorExplanation] = {}
    for each in _explain_report(lower):
        answers.setdefault((each.surface, each.causes or each.meaning), each)  # one cause, one answer
    return tuple(answers.values())


def _explain_report(lower: str) -> tuple[ErrorExplanation, ...]:
    """Explain a text passage by passage if several programs of Agora's printed it, otherwise as a whole."""
    whole = _explain(lower)
    if not all(each.from_agora for each in whole):
        return whole
    parts = [part for part in re.split(r"\n+|(?<=[.!?;])\s+|(?<=。)", lower) if part.strip()]
    if not 1 < len(parts) <= _MAX_PARTS or named_surfaces(Words(lower)) is None:
        return whole
    passages = _passages(parts)
    found = [each for passage in passages for each in _explain(passage)] if len(passages) > 1 else []
    return tuple(dict.fromkeys(each for each in found if each.from_agora)) or whole


def _passages(parts: Iterable[str]) -> list[str]:
    """Join the lines and sentences that one program may have printed.

    A part that names nobody belongs to the one before, unless it hints at a client after a server was named.
    """
    passages: list[list[str]] = []
    origin: frozenset[Surface] = AGORA
    for part in parts:
        words = Words(part)
        named = named_surfaces(words) or AGORA
        if named == AGORA and origin.isdisjoint(CLIENTS):
            named = hinted_surfaces(words, CLIENTS)
            named = AGORA if named == CLIENTS else named
        if passages and origin & named:
            passages[-1].append(part)
            origin &= named
        else:
            passages.append([part])
            origin = named
    return ["\n".join(passage) for passage in passages]


def _explain(lower: str) -> tuple[ErrorExplanation, ...]:
    words = Words(lower)
    named = named_surfaces(words)
    english = translate(lower)
    matches = _match_texts(english)
    specific = not all(map(_is_common, matches))
    codes = [
        code
        for code in find_codes(
            lower, _CODES, statuses=named is not None and not named.isdisjoint(_HTTP) and named != AGORA
        )
        if named is not None or specific or _is_likely(code, words, lower)
    ]
    if not specific and not _is_of(matches, codes, named or AGORA):
        program = find_program(words, faint=named is None)
        if program:
            return (program.explain(),)
    surfaces = hinted_surfaces(words, AGORA if named is None else named)
    trusted = named is not None or _is_bare(english, matches) or bool(surfaces != AGORA and _OWN_NAMES.search(lower))
    by_text = _choose_texts(matches, codes, surfaces, trusted=trusted, strict=named not in {None, AGORA})
    explained = {code for match in by_text for code in _codes_of(match.error.row)}
    rest = [code for code in codes if code.text not in explained and not (by_text and code.is_status)]
    found = [match.error for match in by_text]
    found += _choose_codes(rest, surfaces, strict=named is not None and named != _BUILDERS)
    precise = [error for error in found if not error.row.general]
    return tuple(dict.fromkeys(error.explanation for error in precise or found))


def _is_of(matches: list[_Match], codes: list[Code], surfaces: frozenset[Surface]) -> bool:
    """Return whether one of the SDKs that a text names has an error with a common text or a code of it."""
    numbers = {code.text for code in codes}
    errors = [match.error for match in matches] + [e for e in _ERRORS if not numbers.isdisjoint(_codes_of(e.row))]
    return surfaces != AGORA and any(error.explanation.surface in surfaces for error in errors)


def _is_likely(code: Code, words: Words, lower: str) -> bool:
    """Return whether a code in a text that names nobody may be one of Agora's."""
    if code.is_status:
        return not re.search(r"[^\W\d_]", lower)  # beside words it may be any server's HTTP status
    if code.unique:
        return True
    if _OTHER_JSON.search(lower):
        return False
    if hinted_surfaces(words, AGORA) == AGORA and not any(subject in lower for subject in _SUBJECTS):
        return not any(word.isascii() for word in _words_of(lower) - _FILLER)
    return not code.is_small or len(lower.split()) <= _FEW_WORDS


@dataclass(frozen=True, slots=True)
class _Error:
    """A row of the table with its texts reduced to letters and digits."""

    explanation: ErrorExplanation
    row: Row
    place: Place
    texts: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Match:
    """An error, and by which of its texts it was found."""

    error: _Error
    texts: frozenset[str]


def _letters(lower: str) -> str:
    """Return only what is compared: ERR_INVALID_TOKEN, errInvalidToken and "Error: invalid token" are one text."""
    return "".join(filter(str.isalnum, lower)).replace("error", "err")


def _codes_of(row: Row) -> frozenset[str]:
    return frozenset((row.code, *row.other_codes)) - {""}


def _key(text: str) -> str:
    """Return the letters of a text of the table, without "ERR" before a name of several words."""
    letters = _letters(translate(normalise(text)))
    return letters.removeprefix("err") if re.match(r"ERR_[A-Z]+_[A-Z]", text) else letters


def _words_of(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W\d_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).lower()))


_PREFIXES = {
    "RTM_ERROR_": "",
    "RTM_LINK_STATE_CHANGE_REASON_": "RTM_CONNECTION_CHANGED_",
    "CONNECTION_CHANGED_": "CONNECTION_CHANGED_REASON_",
}
"""What other platforms print in place of the beginning of a name."""


def _texts_of(row: Row) -> tuple[str, ...]:
    """Return what is printed for an error: its name, also in the form of other platforms, and its texts."""
    variants = (f"{new}{row.name.removeprefix(old)}" for old, new in _PREFIXES.items() if row.name.startswith(old))
    return (row.name, *row.texts, *variants)


_ERRORS = tuple(
    _Error(section.explain(row), row, section.place, frozenset(map(_key, _texts_of(row))))
    for section in SECTIONS
    for row in section.rows
)
_OWN_ENGLISH = {_key("NO_AUTHORIZED")}  # common words, in an order in which nobody else puts them
_SPECIFIC = _OWN_ENGLISH.union(
    _key(text)
    for section in SECTIONS
    for row in section.rows
    for text in _texts_of(row)
    if text not in SHARED_TEXTS and (not _words_of(text) <= _COMMON or len(text.split()) >= _SENTENCE)
)
"""The texts of the table, as letters, that only Agora's programs print."""
_OWN_NAMES = re.compile(r"\berr_(invalid_token|token_expired|invalid_app_id)\b")
"""Names that others might use, too, but hardly in a text that hints at an SDK of Agora."""
_OF_LANGUAGES = frozenset(map(_key, LANGUAGE_TEXTS))
_TEXTS = frozenset[str]().union(*(error.texts for error in _ERRORS))
_CODES = frozenset[str]().union(*(_codes_of(error.row) for error in _ERRORS))


def _is_common(match: _Match) -> bool:
    """Return whether an error was found only by texts that every program prints."""
    return match.texts.isdisjoint(_SPECIFIC)


def _match_texts(lower: str) -> list[_Match]:
    """Return the errors whose texts occur, without texts that are nothing but a part of a longer one."""
    letters = _letters(lower)
    spans = sorted(
        (match.start(), -len(text)) for text in _TEXTS if text in letters for match in re.finditer(text, letters)
    )
    texts: set[str] = set()
    end = 0
    for start, minus_length in spans:
        if start - minus_length > end:
            end = start - minus_length
            texts.add(letters[start:end])
    return [_Match(error, error.texts & texts) for error in _ERRORS if error.texts & texts]


def _is_bare(lower: str, matches: Iterable[_Match]) -> bool:
    """Return whether a text says nothing but the texts that were matched, and words that fill a message."""
    texts = {text for match in matches for text in match.texts}
    is_json = lower.lstrip().startswith(("{", "["))
    if (
        len(lower) > _SHORT
        or texts <= _OF_LANGUAGES
        or (is_json and max(map(len, texts), default=0) < _LONG)
        or any(number not in _CODES for number in re.findall(r"\d{4,}", lower))
    ):
        return False
    rest = re.sub(r"[\d_]+", " ", lower)
    return all(
        word in _FILLER
        or _letters(word) in _FILLER
        or any(_letters(word) in text or text in _letters(word) for text in texts)
        for word in re.findall(r"[^\W\d_]+", rest)
    )


def _choose_texts(
    matches: list[_Match], codes: list[Code], surfaces: frozenset[Surface], *, trusted: bool, strict: bool
) -> list[_Match]:
    """Return the matches that hold, best first: specific texts, then those with their code, then by origin."""
    numbers = {code.text for code in codes}

    def has_code(match: _Match) -> int:
        return len(numbers & _codes_of(match.error.row))

    def rank(match: _Match) -> tuple[bool, bool, bool, int, int]:
        return (
            _is_common(match),
            match.error.explanation.surface not in surfaces,
            not has_code(match),
            -max(map(len, match.texts)),
            -has_code(match),
        )

    held = [m for m in matches if trusted or has_code(m) or not _is_common(m)]
    held.sort(key=rank)
    # What one error explains by text and by code needs no other explanation, and the text's origin settles the rest.
    if any(not _is_common(match) and not match.error.row.general for match in held):
        held = [match for match in held if has_code(match) or not _is_common(match)]
    full = [match for match in held if has_code(match)]
    explained = {text for match in full for text in match.texts}
    held = [match for match in held if has_code(match) or match.texts - explained]
    inside = [match for match in held if match.error.explanation.surface in surfaces]
    return inside or [match for match in held if not strict or has_code(match) or not _is_common(match)]


def _choose_codes(codes: list[Code], surfaces: frozenset[Surface], *, strict: bool) -> list[_Error]:
    """Return the errors that the codes stand for: for each code one of every list of codes in question."""
    found: list[_Error] = []
    for code in codes:
        errors = [error for error in _ERRORS if code.text in _codes_of(error.row)]
        errors.sort(key=lambda error: (error.place != code.place, error.row.code.strip("-") != code.text.strip("-")))
        inside = errors if code.unique else [error for error in errors if error.explanation.surface in surfaces]
        if not inside and not strict:
            inside = errors
        lists = {(error.explanation.surface, error.place): error for error in reversed(inside)}
        found += [
            error
            for error in inside
            if lists[error.explanation.surface, error.place] is error
            and _is_in_place(error, code, lists, bare=surfaces == AGORA)
        ]
    return found


def _is_in_place(error: _Error, code: Code, lists: Container[tuple[Surface, Place]], *, bare: bool) -> bool:
    """Return whether an error's list of codes is the one that a code belongs to, or may be if nothing says which."""
    if not code.place:
        return not error.place or (bare and error.place != "access point")
    if (error.explanation.surface, code.place) in lists:
        return error.place == code.place
    return not error.place and code.place != "reason"
