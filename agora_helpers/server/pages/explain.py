"""What the pages ask about: a request and its token, and an error of Agora's SDK. No web framework."""

from __future__ import annotations

import re
import time
from dataclasses import asdict
from typing import Any

from ...display.snippets import curl_call, javascript_call, python_call
from ...display.token import describe
from ...errors import TokenFormatError
from ...sdk_errors.lookup import explain_error
from ...tokens.decoder import decode
from ..requests import Body, RequestError


def explain_try(asked: Body, *, paths: tuple[str, ...], now: int | None = None) -> Body:
    """The calls that make the same request, and what its token says.

    Args:
        asked: ``server``, the server's address as the browser knows it; ``path`` and ``body`` of the request;
            ``withKey``, whether it sent an API key (which does not come along); ``token``, unless it was refused.
        paths: those that can be asked for.
        now: Unix time from which the token's end is told; the clock's by default.

    Raises:
        RequestError: one of them cannot be used.

    >>> asked = {"server": "http://localhost:3000", "path": "/rtmtoken", "body": {"user": "alice"}, "withKey": False}
    >>> explain_try(asked, paths=("/rtmtoken",))["calls"]["Python"]
    "answer = httpx2.post('http://localhost:3000/rtmtoken', json={'user': 'alice'}).json()"
    """
    server, path = _field(asked, "server", str), _field(asked, "path", str)
    if not re.fullmatch(r"https?://[A-Za-z0-9.\-\[\]:]+(/[\w.~%\-]+)*", server, re.ASCII):
        raise _wrong("server", "is no address of a server.")
    if path not in paths:
        raise _wrong("path", "is none that makes tokens.")
    request: dict[str, Any] = {"server": server, "with_key": _field(asked, "withKey", bool)}
    body = _field(asked, "body", dict)
    calls = {"curl": curl_call, "JavaScript": javascript_call, "Python": python_call}
    said: Body = {"calls": {language: call(path, body, **request) for language, call in calls.items()}}
    if "token" in asked:
        try:
            decoded = decode(_field(asked, "token", str))
        except TokenFormatError as error:
            raise _wrong("token", f"cannot be read. {error}") from None
        said["fields"] = [list(row) for row in describe(decoded, int(time.time()) if now is None else now)]
    return said


def explain_sdk_error(asked: Body) -> Body:
    """Explain an error of Agora's SDK: ``text`` in, ``explanations`` out, best first, or none.

    For a text of another program there is one explanation, with the surface "not Agora".

    Raises:
        RequestError: there is no text.

    >>> explain_sdk_error({"text": "dynamic use static key"})["explanations"][0]["code"]
    '2010015'
    """
    return {"explanations": [asdict(found) for found in explain_error(_field(asked, "text", str))]}


def _field(asked: Body, name: str, kind: type[Any]) -> Any:
    value = asked.get(name)
    if type(value) is not kind:
        words = {str: "a string", bool: "true or false"}.get(kind, "an object")
        raise _wrong(name, f"must be {words}." if name in asked else "is missing.")
    return value


def _wrong(field: str, problem: str) -> RequestError:
    return RequestError("INVALID_FIELD", field, problem)
