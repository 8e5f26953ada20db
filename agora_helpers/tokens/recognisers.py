"""Texts that are no Agora tokens although people pass them as tokens: what each kind is, and what to do.

Every expression starts at the beginning and never backtracks over what it has read, so recognising takes linear time.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ..constants import APP_ID_LENGTH
from ..errors import ErrorCode, TokenFormatError

_HEAD = 4096
"""Characters that are looked at: what a text is shows at its beginning."""


class _Kind(NamedTuple):
    code: ErrorCode
    looks_like: re.Pattern[str]
    problem: str
    hint: str


def _kind(code: ErrorCode, pattern: str, problem: str, hint: str) -> _Kind:
    return _Kind(code, re.compile(pattern, re.IGNORECASE), problem, hint)


_BUILD = "Build the token with build_rtc_token or build_rtm_token, or with one of Agora's builders."
_KINDS = (
    _kind(
        ErrorCode.NOT_A_TOKEN_PLACEHOLDER,
        r"(undefined|null|none|nil|nan|true|false|0|\[object \w+\]|instance of .*|\{\{?\w+\}?\}|\$\{\w+\}|<[\w -]+>"
        r"|(mock|fake|dummy|test|temp|your|my|sample|example|placeholder)[ _-].*|(your|temp|test)?token)\Z",
        "is a placeholder, or a variable without a value.",
        "Find where the client sets the token: it uses the value before the server has answered, or a fallback.",
    ),
    _kind(
        ErrorCode.NOT_A_TOKEN_JWT,
        r"eyJ[\w-]+\.[\w-]+(\.[\w-]*)?\Z",
        "is that of a JWT (JSON Web Token), which Agora does not accept.",
        _BUILD,
    ),
    _kind(
        ErrorCode.NOT_A_TOKEN_CHAT,
        r"YWMt",
        "is that of an access token of the Chat server (YWMt…). It does not join a channel.",
        _BUILD,
    ),
    _kind(
        ErrorCode.NOT_A_TOKEN_WHITEBOARD,
        r"NETLESS(SDK|ROOM|TASK|TEAM)_",
        "is that of a token of Interactive Whiteboard (NETLESS…). It does not join a channel.",
        _BUILD,
    ),
    _kind(
        ErrorCode.NOT_A_TOKEN_REST,
        r"(authorization:\s*)?basic\s",
        "is that of a credential for Agora's RESTful APIs (HTTP Basic). It does not join a channel.",
        _BUILD,
    ),
    _kind(
        ErrorCode.NOT_A_TOKEN_HTML,
        r"\s*<(!doctype|html|head|body)\b",
        "is that of an HTML page: the client did not reach the token server, or the server failed.",
        "Open the address in a browser, and correct the path or the server.",
    ),
    _kind(
        ErrorCode.NOT_A_TOKEN_JSON,
        r"\s*[{\[](?![\s\S]*00[67][0-9a-z+/]{60})",
        "is that of a JSON object without a token: probably an error of the token server.",
        "Read the message in it, and let the client check the HTTP status before it uses the answer.",
    ),
    _kind(
        ErrorCode.NOT_A_TOKEN_URL,
        r"\s*(https?|wss?)://(?![\s\S]*00[67][0-9a-z+/%_-]{60})",
        "is that of a URL.",
        "Send a request to it, and pass the token from the answer.",
    ),
    _kind(
        ErrorCode.NOT_A_TOKEN_HEX_32,
        rf"[0-9a-f]{{{APP_ID_LENGTH}}}\Z",
        "is that of an App ID or an App Certificate: the string has 32 hexadecimal characters.",
        "Never send the App Certificate to a client. " + _BUILD,
    ),
    _kind(
        ErrorCode.NOT_A_TOKEN_HOME_MADE,
        rf"007[0-9a-f]{{{APP_ID_LENGTH}}}",
        "is 007, but an App ID follows in plain text: Agora's builders do not create such a token.",
        "A 007 token is compressed, and starts with 007eJ. " + _BUILD,
    ),
    _kind(
        ErrorCode.NOT_A_TOKEN_NO_APP_ID,
        rf"006(?![0-9a-f]{{{APP_ID_LENGTH}}}).{{{APP_ID_LENGTH + 40}}}",
        "is 006, but no App ID follows (32 hexadecimal characters): the builder got an empty one or a placeholder.",
        "Set the App ID of your project on the server, and build the token again.",
    ),
    _kind(
        ErrorCode.NOT_A_TOKEN_HOME_MADE,
        r"[0-9a-f]{32}:|(?!00[67])[0-9a-z_-]{43}=?\Z|[0-9a-f]{40}\Z|[0-9a-f]{64}\Z",
        "is that of a format that is not Agora's: a signature alone, or fields joined by colons.",
        "A token is no HMAC of the names alone. " + _BUILD,
    ),
)


def recognise(text: str) -> TokenFormatError | None:
    """Return the error that says what a text is, if it is a known kind of text that is no token; else None.

    >>> str(recognise("undefined")).partition(".")[0]
    'version (character 0): is a placeholder, or a variable without a value'
    """
    head = text[:_HEAD].strip()
    for code, looks_like, problem, hint in _KINDS:
        if looks_like.match(head):
            return TokenFormatError("version", problem, hint, code=code, offset=0)
    return None
