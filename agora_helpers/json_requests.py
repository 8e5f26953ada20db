"""What a server is sent: one JSON object; and what is wrong with it. No web framework."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from .errors import InputError

Body = dict[str, Any]
CLOSE = {"connection": "close"}
"""A header for answers to a body that was not read to its end."""


class RequestError(InputError):
    """A request that gets no token.

    Attributes:
        code: a stable word for programs, such as ``"MISSING_FIELD"``.
        status: the HTTP status.
        headers: of the answer, beside the usual ones.
    """

    def __init__(
        self,
        code: str,
        field: str,
        problem: str,
        cure: str = "",
        *,
        status: int = 400,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(field, problem, cure)
        self.code = code
        self.status = status
        self.headers = headers or {}

    def to_dict(self) -> Body:
        """What the caller reads."""
        return {"error": {"code": self.code, "field": self.field, "message": str(self)}}


def read_body(body: bytes) -> Body:
    """The JSON object that a request consists of; each name once, no NaN.

    Raises:
        RequestError: it is something else.
    """
    if not body.strip():
        raise RequestError("INVALID_JSON", "body", "is empty.", 'Send for instance {"channel": "lobby"}.')
    try:
        value = _read_json(body.decode().removeprefix("\ufeff"))
    except RequestError:
        raise
    except UnicodeDecodeError:
        raise RequestError("INVALID_JSON", "body", "is not UTF-8 text.", "Send JSON in UTF-8.") from None
    except json.JSONDecodeError as error:
        line, column = _place_of(error)
        problem = f"is not valid JSON at line {line}, column {column}."
        cure = "Names and strings stand in double quotes, true and false in lower case, and no comma follows the last."
        raise RequestError("INVALID_JSON", "body", problem, cure) from None
    except (ValueError, RecursionError):  # an integer of thousands of digits, or brackets within brackets
        raise RequestError("INVALID_JSON", "body", "holds a number or a nesting beyond measure.") from None
    if not isinstance(value, dict):
        problem = "must be a JSON object, with names and values in braces."
        raise RequestError("INVALID_JSON", "body", problem, 'Send for instance {"channel": "lobby"}.')
    return value


def _place_of(error: json.JSONDecodeError) -> tuple[int, int]:
    """Line and column. For a comma too many Python points at it from 3.13 on, at what follows before: here at it."""
    before = error.doc[: error.pos].rstrip()
    closes = error.doc[error.pos : error.pos + 1] in ("}", "]")
    place = len(before) - 1 if closes and before.endswith(",") else error.pos
    return error.doc.count("\n", 0, place) + 1, place - error.doc.rfind("\n", 0, place)


def _once(pairs: list[tuple[str, Any]]) -> Body:
    body = dict(pairs)
    if len(body) < len(pairs):
        raise RequestError("INVALID_JSON", "body", "holds the same name twice.", "Send each field once.")
    return body


def _no_constant(name: str) -> NoReturn:
    raise RequestError("INVALID_JSON", "body", f"holds {name}, which is not JSON.", "Send a number, or leave it out.")


def _finite(number: str) -> float:
    return float(number) if abs(float(number)) < float("inf") else _no_constant(number[:9])


_read_json = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_constant, parse_float=_finite).decode
