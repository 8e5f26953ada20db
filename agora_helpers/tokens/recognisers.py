"""Strings that are no Agora tokens although people pass them as tokens: what each kind is, and what to do.

Every expression is matched at the beginning of a string and takes linear time.
"""

from __future__ import annotations

import re
from binascii import Error as BinasciiError
from binascii import a2b_base64
from typing import NamedTuple

from ..constants import APP_ID_LENGTH
from ..errors import ErrorCode, TokenFormatError
from ..validation import looks_unset

_HEAD = 4096
"""Characters that are read: what a string is shows at its beginning."""
_ID = rf"[0-9a-f]{{{APP_ID_LENGTH}}}"
"""An App ID, App Certificate, Customer ID or Customer Secret."""


class _Kind(NamedTuple):
    code: ErrorCode
    looks_like: re.Pattern[str]
    problem: str
    hint: str


def _kind(code: ErrorCode, pattern: str, problem: str, hint: str) -> _Kind:
    return _Kind(code, re.compile(pattern, re.IGNORECASE), problem, hint)


_BUILD = "Build the token with build_rtc_token or build_rtm_token, or with one of Agora's builders."
_PLACEHOLDER = _kind(
    ErrorCode.NOT_A_TOKEN_PLACEHOLDER,
    # no value, as languages print it; an object in place of the string in it; a name of a variable; a dummy
    r"(undefined|null|none|nil|nan|true|false|\(null\)|<nil>|_no_need_token)+\Z|0\Z"
    r"|(promise|future|observable|instance of|task|closure)\b ?[({<'\[:]|(async )?function\b[ \w*]{0,80}\("
    r"|[a-z_][\w.]{0,80} ?(\(.*\)|\{.*\}|\[.*\])\Z"
    r"|<(response|coroutine|function|promise|future|[\w.]+ object)\b.*>\Z|(\(.{0,40}\)|\w+) ?=>"
    r"|[\w.$]+@[0-9a-f]{5,8}\Z|system\.threading\.|kotlin\.unit\Z"
    r"|[$#%]?\{+[^{}]{0,80}\}+\Z|<[#!-]*[^<>]{1,80}>\Z|%[sd@]\Z|[$%:][a-z_]\w*%?\Z|(process\.env|import\.meta|os\.environ)\b"
    r"|(your|insert|paste|enter|replace|fill)\b[\w .'-]{0,60}\btoken\b[\w .'-]{0,40}\Z"
    r"|[x*.?_-]+\Z"
    r"|(?=[\w.:-]{1,100}\Z)([\w.:-]*?(token|placeholder)|([\w.:-]*?[_.:-])?(mock|fake|dummy|stub|sample|example|changeme"
    r"|todo|fallback|bypass|test|temp|tmp|demo|dev|local|debug|your|my)([_.:-]|\Z))",
    "is a placeholder, or a variable without a value.",
    "Find where the client sets the token: it uses the value before the server has answered, or a fallback.",
)
_REST = _kind(
    ErrorCode.NOT_A_TOKEN_REST,
    rf"basic\s|{_ID}:{_ID}\Z",
    "is a credential for Agora's RESTful APIs, such as Customer ID and Customer Secret. It does not join a channel.",
    "Keep the secret on your server. " + _BUILD,
)
_HOME_MADE = _kind(
    ErrorCode.NOT_A_TOKEN_HOME_MADE,
    # a digest or a random id alone, fields joined by separators, and base64 that starts unlike that of a real token
    rf"(?!00[67]){_ID}([:|.,/&#~-]|(?!IA[A-D])[\w+/=-]{{8}})"
    r"|[\w.@-]{1,64}([:|])[\w.@-]{1,64}(\2[\w.@+/=-]{1,128}){1,8}\Z|[\w@-]{1,64}[:|.~][0-9a-z+/_-]{20,128}=*\Z"
    r"|(?!00[67])([0-9a-z+/_-]{43}=?|[0-9a-z+/_-]{27}=|[0-9a-z+/_-]{86}(==)?)\Z"
    r"|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z",
    "has a format that is not Agora's, such as a signature alone, a random id, or fields joined by colons.",
    "A token is more than a signature over the names. " + _BUILD,
)
_KINDS = (
    _kind(
        ErrorCode.NOT_A_TOKEN_HTML,
        r"<(!doctype|html|head|body|\?xml|pre|h1|title|center|error)\b",
        "is an HTML page: the client did not reach the token server, or the server failed.",
        "Open the address in a browser, and correct the path or the server.",
    ),
    _kind(
        ErrorCode.NOT_A_TOKEN_JSON,
        r"\{\s*(\}|[\"'])|\[\s*(\]|[{\"'])",
        "is JSON without a token: probably an error of the token server.",
        "Read the message in it, and let the client check the HTTP status before it uses the answer.",
    ),
    _kind(
        ErrorCode.NOT_A_TOKEN_URL,
        r"(https?|wss?)://",
        "is a URL.",
        "Send a request to it, and pass the token from the answer.",
    ),
    _kind(
        ErrorCode.NOT_A_TOKEN_ERROR,
        r"(HTTP\S* )?[45]\d\d:? [a-z]|cannot (get|post|put) /|(internal server error|bad (request|gateway)|"
        r"gateway time-?out|service unavailable|(page )?not found|unauthori[sz]ed|forbidden|method not allowed|"
        r"too many requests)\b|"
        r"([\w.]*(error|exception)|traceback \(most recent call last\)):|(error|failed|failure|unable|could not)\b",
        "is an error message: the token server failed, or the client did not reach it.",
        "Read the message, and let the client check the HTTP status before it uses the answer.",
    ),
    _kind(
        ErrorCode.NOT_A_TOKEN_JWT,
        r"eyJ[\w-]+\.[\w-]+(\.[\w-]*)*\Z",
        "is a JWT (JSON Web Token), which Agora does not accept.",
        _BUILD,
    ),
    _kind(
        ErrorCode.NOT_A_TOKEN_CHAT,
        r"YWMt",
        "is an access token of the Chat server (YWMt…). It does not join a channel.",
        _BUILD,
    ),
    _kind(
        ErrorCode.NOT_A_TOKEN_WHITEBOARD,
        r"NETLESS[A-Z]+_|WHITE(?=[A-Za-z0-9+/]{40})",
        "is a token of Interactive Whiteboard (NETLESS…). It does not join a channel.",
        _BUILD,
    ),
    _REST,
    _kind(
        ErrorCode.NOT_A_TOKEN_HEX_32,
        rf"{_ID}\Z",
        "is 32 hexadecimal characters: an App ID or an App Certificate.",
        "Never send the App Certificate to a client. " + _BUILD,
    ),
    _kind(
        ErrorCode.NOT_A_TOKEN_LEGACY,
        rf"00[1-5]|1:{_ID}:\d+:{_ID}\Z|[0-9a-f]{{40}}{_ID}\d{{10}}",
        "is an old DynamicKey, a format that Agora has retired.",
        "Build a 007 token.",
    ),
    _kind(
        ErrorCode.NOT_A_TOKEN_NO_APP_ID,
        rf"006(?!{_ID})(?=.{{0,64}}?IA[A-D][0-9a-z+/_-]{{40}})(?![0-9a-f]{{16}})",
        "is 006, but no App ID follows (32 hexadecimal characters): the builder got an empty one or a placeholder.",
        "Set the App ID of your project on the server, and build the token again.",
    ),
    _kind(
        ErrorCode.NOT_A_TOKEN_HOME_MADE,
        rf"007[:|._-]?{_ID}",
        "is 007, but an App ID follows in plain text: Agora's builders do not create such a token.",
        "A 007 token is compressed, and starts with 007eJ. " + _BUILD,
    ),
    _kind(
        ErrorCode.NOT_A_TOKEN_HOME_MADE,
        rf"007(?!e[a-z0-9])[\w:.|+/=-]{{20}}|007eyJ|006{_ID}(?!IA[A-D])[\w:.|+/=-]{{20}}",
        "has a version, but what follows is not what Agora's builders create.",
        "After 007 follows a compressed block (eJ…), after 006 the App ID and a signature of 32 bytes (IA…). " + _BUILD,
    ),
    _PLACEHOLDER,
    _HOME_MADE,
    _kind(
        ErrorCode.NOT_A_TOKEN_ERROR,
        r"(?!00[67])([^\W\d_][\w'\u2019-]{0,40}[,.:;]? \S{1,40} \S|.{0,40}[^\W\d_a-z]{2})",
        "is a message in words: the token server failed, for example.",
        "Read the message, and let the client check the HTTP status before it uses the answer.",
    ),
)
_TOKEN_INSIDE = re.compile(rf"(?<![0-9A-Za-z+/_-])(?:007e|006{_ID})[0-9A-Za-z+/%_\\-]{{16,60}}", re.IGNORECASE)
"""The beginning of a token, whole or cut. Tokens differ in it: it contains a part of the signature."""
_WRAPPING = "\"'`\u201c\u201d\u2018\u2019 \t\r\n,;"
_NAME_BEFORE = re.compile(
    r"(?:authorization[\"']?\s*[:=]\s*[\"']?)?(?:(?:bearer|agora)\s+)?(?:[\w-]*token[\"']?\s*[:=]\s*)?", re.IGNORECASE
)
_JSON_TOKEN = re.compile(r"[\"'](?:\w*token|key)[\"']\s*:\s*[\"']([^\"']+)[\"']", re.IGNORECASE)


def recognise(text: str) -> TokenFormatError | None:
    """Return the error that says what a string is, if it is a known kind of string that is no token; else None.

    >>> str(recognise("undefined")).partition(".")[0]
    'token: is a placeholder, or a variable without a value'
    """
    head = bare(text[:_HEAD])
    kind = _kind_of(head)
    if kind and kind.code == ErrorCode.NOT_A_TOKEN_JSON and (match := _JSON_TOKEN.search(head)):
        kind = _kind_of(match[1]) or kind
        head = match[1] if kind.code != ErrorCode.NOT_A_TOKEN_JSON else head
    if kind and not _TOKEN_INSIDE.search(head, 1):
        return TokenFormatError("token", kind.problem, kind.hint, code=kind.code)
    if sum(len(token) >= 64 for token in set(_TOKEN_INSIDE.findall(head))) > 1:
        problem, hint = "is a text with several tokens in it.", "Pass one of them: find_tokens returns them all."
        return TokenFormatError("token", problem, hint, code=ErrorCode.NOT_A_TOKEN_SEVERAL)
    return None


def bare(text: str) -> str:
    """Return a string without the quotes, ``Bearer`` or name around it.

    >>> bare(' Authorization: Bearer "undefined"')
    'undefined'
    """
    text = text.strip(_WRAPPING)
    return _NAME_BEFORE.sub("", text, count=1).strip(_WRAPPING)


def _kind_of(text: str) -> _Kind | None:
    if not text:
        return None
    for kind in _KINDS:
        if kind.looks_like.match(text):
            return kind
    if looks_unset(text):
        return _PLACEHOLDER
    plain = _plain_text(text)
    if plain is None:
        return None
    return _REST if _REST.looks_like.match(plain) else _HOME_MADE


def _plain_text(text: str) -> str | None:
    """Return what is printable text in base64. A token's bytes never are: its signature is random."""
    if not re.fullmatch("(?!00[67])[0-9A-Za-z+/_-]{20,}={0,2}", text):
        return None
    try:
        data = a2b_base64(text.replace("-", "+").replace("_", "/").rstrip("=") + "==")
    except BinasciiError:
        return None
    return data.decode() if data.isascii() and data.decode().isprintable() else None
