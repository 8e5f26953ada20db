"""The endpoint to audit: a URL template with placeholders, and what else belongs to each request."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal, NamedTuple
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from ..display.tables import escape_unprintable
from ..errors import ErrorCode, InputError
from ..secret import Secret

PLACEHOLDERS = ("channel", "uid", "account", "user", "role", "publisher", "expires_in")
USERS = ("uid", "account", "user")
"""The placeholders that name who the token is for."""
_ANY = re.compile(r"\{([A-Za-z_]\w*)\}")
_LONG = 6
"""Characters. A shorter literal value of the template is no key, and hiding it would garble the report."""


class Missing:
    """The value of a placeholder that is left out, with its field."""

    def __repr__(self) -> str:
        return "missing"


MISSING: Final = Missing()
Value = str | int | float | bool | Missing
Values = Mapping[str, Value]


class Request(NamedTuple):
    """One HTTP request."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


class Target:
    r"""What is audited.

    Args:
        url: absolute, ``http`` or ``https``, with placeholders in the path or the query.
        method: HTTP method; None: POST with a body, else GET.
        json_body: JSON with placeholders, in strings or, for values of their own type, without quotes.
        form: ``name={placeholder}&…``, sent as an HTML form does.
        headers: sent with every request, for instance an API key. They are never shown.

    Raises:
        InputError: one of them is malformed. The message shows no header.

    >>> target = Target("http://localhost:3000/token", json_body='{"channel": "{channel}", "isPublisher": {publisher}}')
    >>> target.request({"channel": 'a"b', "publisher": True}).body
    b'{"channel": "a\\"b", "isPublisher": true}'
    """

    def __init__(
        self,
        url: str,
        *,
        method: str | None = None,
        json_body: str | None = None,
        form: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        if json_body is not None and form is not None:
            raise InputError("form", "cannot be combined with json_body.", "Pass the one that the server reads.")
        self.url = _check_url(url)
        parts = urlsplit(self.url)
        self.origin, self._path = f"{parts.scheme}://{parts.netloc}", parts.path or "/"
        self.host, self.scheme = parts.hostname or "", parts.scheme
        self._query = parse_qsl(parts.query, keep_blank_values=True)
        self._form = None if form is None else _read_form(form)
        self._json = None if json_body is None else _read_json(json_body)
        has_body = json_body is not None or form is not None
        self.method = (method or ("POST" if has_body else "GET")).upper()
        if not re.fullmatch("[A-Z]{1,20}", self.method):
            raise InputError("method", "is not an HTTP method.", "Use, for example, POST.")
        self.body_kind: Literal["json", "form"] | None = "json" if json_body else "form" if has_body else None
        self._headers = {name: Secret(value) for name, value in (headers or {}).items()}
        for name, value in self._headers.items():
            if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name) or not re.fullmatch(r"[\t\x20-\x7e]*", value):
                raise InputError("header", "is not a valid HTTP header.", 'Write "Name: value", in ASCII.')
        self.placeholders = frozenset(self._used())
        if unknown := sorted(self.placeholders - {*PLACEHOLDERS}):
            hint = f"Use {', '.join(f'{{{name}}}' for name in PLACEHOLDERS)}."
            raise InputError("target", f"has an unknown placeholder: {{{unknown[0]}}}.", hint)

    @property
    def has_credentials(self) -> bool:
        """Whether requests carry headers of the caller's."""
        return bool(self._headers)

    @property
    def shown(self) -> str:
        """Method and URL template for reports. Values in its query that are no placeholders are hidden."""
        pairs = [f"{name}={value if _ANY.search(value) else '…'}" for name, value in self._query]
        return escape_unprintable(f"{self.method} {self.origin}{self._path}" + ("?" * bool(pairs)) + "&".join(pairs))

    @property
    def secrets(self) -> list[Secret]:
        """What no report may contain: header values and the template's own values, which may be keys."""
        literals = [*(value for _, value in [*self._query, *(self._form or [])]), *_strings(self._json)]
        hidden = [*self._headers.values(), *(part for value in self._headers.values() for part in value.split()[1:])]
        hidden += [value for value in literals if not _ANY.search(value)]
        return [Secret(value) for value in hidden if len(value) >= _LONG]

    def is_text(self, name: str) -> bool:
        """Check whether a placeholder's value always arrives as a string: everywhere but as a JSON value."""
        return f"\0{name}" not in _strings(self._json)

    def _used(self) -> Iterator[str]:
        texts = [self._path, *(value for _, value in [*self._query, *(self._form or [])]), *_strings(self._json)]
        for text in texts:
            yield from [text[1:]] if text[:1] == "\0" else _ANY.findall(text)

    def request(self, values: Values, *, headers: Mapping[str, str] | None = None, anonymous: bool = False) -> Request:
        """Fill in the template.

        Args:
            values: of the placeholders. A field whose value is :data:`MISSING` is left out; in a path it is empty.
            headers: further headers.
            anonymous: leave out the caller's own headers.
        """
        path = _ANY.sub(lambda match: quote(_text(values[match[1]]), safe=""), self._path)
        query = urlencode(_filled(self._query, values), quote_via=quote)
        body, kind = b"", {}
        if self._form is not None:
            body = urlencode(_filled(self._form, values)).encode()
            kind = {"content-type": "application/x-www-form-urlencoded"}
        elif self._json is not None:
            body = json.dumps(_fill_json(self._json, values), ensure_ascii=False).encode()
            kind = {"content-type": "application/json"}
        own: Mapping[str, str] = {} if anonymous else self._headers
        return Request(
            self.method,
            f"{self.origin}{path}" + ("?" * bool(query)) + query,
            kind | dict(own) | dict(headers or {}),
            body,
        )


def _check_url(url: str) -> str:
    hint = "Pass, for example, http://localhost:3000/token?channel={channel}&uid={uid}."
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid or re.search(r"[\s\x00-\x1f\x7f]", url):
        raise InputError("target", "is not an http or https URL.", hint)
    if parts.username is not None:
        raise InputError("target", "contains a user name or password.", "Pass it as a header: Authorization: Basic ….")
    if _ANY.search(parts.netloc):
        raise InputError("target", "has a placeholder in its host.", hint)
    return url.partition("#")[0]


def _read_form(form: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(form, keep_blank_values=True, strict_parsing=True)
    except ValueError:
        raise InputError("form", "is not a form.", "Write, for example, channel={channel}&uid={uid}.") from None


def _read_json(text: str) -> Any:
    r"""Parse JSON with placeholders. One without quotes becomes the string of its name after ``\0``."""
    pattern = re.compile(r'("(?:[^"\\]|\\.)*")|\{([A-Za-z_]\w*)\}', re.DOTALL)
    marked = pattern.sub(lambda match: match[1] or f'"\\u0000{match[2]}"', text)
    try:
        body = json.loads(marked)
    except (ValueError, RecursionError):
        hint = 'Write, for example, {"channel": "{channel}", "isPublisher": {publisher}}.'
        raise InputError("json_body", "is not valid JSON.", hint, code=ErrorCode.MALFORMED) from None
    if not isinstance(body, dict | list):
        raise InputError("json_body", "must be a JSON object or array.", 'For example {"channel": "{channel}"}.')
    return body


def _strings(body: Any) -> list[str]:
    if isinstance(body, dict | list):
        return [text for part in (body.values() if isinstance(body, dict) else body) for text in _strings(part)]
    return [body] if isinstance(body, str) else []


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if isinstance(value, Missing) else str(value)


def _filled(pairs: list[tuple[str, str]], values: Values) -> list[tuple[str, str]]:
    return [
        (name, _ANY.sub(lambda match: _text(values[match[1]]), value))
        for name, value in pairs
        if not any(isinstance(values[used], Missing) for used in _ANY.findall(value))
    ]


def _fill_json(body: Any, values: Values) -> Any:
    if isinstance(body, dict):
        filled = {name: _fill_json(part, values) for name, part in body.items()}
        return {name: part for name, part in filled.items() if not isinstance(part, Missing)}
    if isinstance(body, list):
        return [part for part in (_fill_json(part, values) for part in body) if not isinstance(part, Missing)]
    if not isinstance(body, str):
        return body
    if body[:1] == "\0":
        return values[body[1:]]
    if any(isinstance(values[used], Missing) for used in _ANY.findall(body)):
        return MISSING
    return _ANY.sub(lambda match: _text(values[match[1]]), body)
