"""Answers to the pages' questions, about a request and its token, a pasted text, or an error of Agora's SDK.

No web framework.
"""

from __future__ import annotations

import re
import time
from collections.abc import Collection
from dataclasses import asdict
from typing import TypeVar

from ...display.inspection import inspection_html
from ...display.snippets import curl_call, javascript_call, python_call
from ...display.token import describe
from ...errors import TokenFormatError
from ...sdk_errors.lookup import explain_error
from ...tokens.decoder import decode
from ..fields import JSON_TYPES
from ..requests import Body, RequestError

MAX_PAYLOAD_BYTES = 2 * 1024
"""Limit for a token to explain. Tokens of this server have a few hundred bytes of payload."""
T = TypeVar("T", str, bool, dict[str, object])


def explain_request(question: Body, *, paths: Collection[str], now: int | None = None) -> Body:
    """Return calls in several languages that send the same request, and the fields of its token.

    Args:
        question: ``server``, the server's address as the browser knows it; ``path`` and ``body`` of the request;
            ``withKey``, whether the request had an API key, which is not passed on; ``token``, if there is one.
        paths: those that issue tokens.
        now: Unix time from which the token's remaining lifetime is counted; the clock's by default.

    Raises:
        RequestError: one of the values is missing or invalid; names it.

    >>> question = {"server": "http://localhost:3000", "path": "/rtmtoken", "body": {"user": "alice"}, "withKey": False}
    >>> explain_request(question, paths=("/rtmtoken",))["calls"]["curl"].splitlines()[0]
    'curl -sS http://localhost:3000/rtmtoken ...
    """
    server, path = _read(question, "server", str), _read(question, "path", str)
    if not re.fullmatch(r"https?://[A-Za-z0-9.\-\[\]:]+(/[\w.~%\-]+)*", server, re.ASCII):
        raise _invalid("server", "is not the address of a server.")
    if path not in paths:
        raise _invalid("path", "is not a path that issues tokens.", f"Use {' or '.join(paths)}.")
    body, with_key = _read(question, "body", dict), _read(question, "withKey", bool)
    languages = {"curl": curl_call, "JavaScript": javascript_call, "Python": python_call}
    calls = {name: call(path, body, server=server, with_key=with_key) for name, call in languages.items()}
    if "token" not in question:
        return {"calls": calls}
    try:
        token = decode(_read(question, "token", str))
    except TokenFormatError as error:
        raise _invalid("token", f"cannot be decoded. {error}") from None
    if len(token.payload) > MAX_PAYLOAD_BYTES:
        problem = f"has a payload of more than {MAX_PAYLOAD_BYTES} bytes, which is too much for this page."
        raise _invalid("token", problem, "Use: agora-helpers decode")
    rows = describe(token, int(time.time()) if now is None else now)
    return {"calls": calls, "fields": [list(row) for row in rows]}


def inspect_text(question: Body, *, now: int | None = None) -> Body:
    """Return what a pasted text is, as HTML.

    Args:
        question: ``text``: a token, a line of a log, an error message or a server's reply.
        now: Unix time of the inspection; the clock's by default.

    Raises:
        RequestError: there is no text.

    >>> inspect_text({"text": ""})
    {'html': ''}
    """
    return {"html": inspection_html(_read(question, "text", str), now)}


def explain_sdk_error(question: Body) -> Body:
    """Return the meanings of an error message of Agora's SDK, best first; none if it is unknown.

    For the text of another program there is one explanation, with the surface "not Agora".

    Args:
        question: ``text``, what the SDK printed.

    Raises:
        RequestError: there is no text.

    >>> explain_sdk_error({"text": "dynamic use static key"})["explanations"][0]["code"]
    '2010015'
    """
    return {"explanations": [asdict(explanation) for explanation in explain_error(_read(question, "text", str))]}


def _read(question: Body, name: str, expected: type[T]) -> T:
    value = question.get(name)
    if type(value) is not expected:
        raise _invalid(name, f"must be {JSON_TYPES[expected]}." if name in question else "is missing.")
    return value


def _invalid(field: str, problem: str, hint: str = "") -> RequestError:
    return RequestError("INVALID_FIELD", field, problem, hint)
