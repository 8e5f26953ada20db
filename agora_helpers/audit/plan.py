"""The requests of an audit, as data: what each one changes about a good request, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum, auto

from ..constants import DAY
from .target import MISSING, USERS, Missing, Target, Value

ORIGIN = "https://audit.example"
"""Of a web page that is not the owner's (a domain name reserved for examples)."""
ENDLESS = 99_999_999
"""Seconds: three years."""
BURST = 30
"""Good requests one after the other, which a rate limit may stop."""
LIFETIME = 600
"""Seconds, in good requests."""


class Purpose(StrEnum):
    """What a request is to find out."""

    GOOD = auto()
    ANONYMOUS = auto()
    ANY_USER = auto()
    ODD_USER = auto()
    SUBSCRIBER = auto()
    NO_ROLE = auto()
    FALSE_TEXT = auto()
    LIFETIME = auto()
    CHANNEL = auto()
    WILDCARD = auto()
    ORIGIN = auto()
    MALFORMED = auto()
    AGAIN = auto()


@dataclass(frozen=True, slots=True)
class Probe:
    """One request of the plan."""

    purpose: Purpose
    label: str
    """What it asks for, in words."""
    values: Mapping[str, Value] = field(default_factory=dict)
    """Placeholders that differ from the good request."""
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str | None = None
    body: bytes | None = None
    anonymous: bool = False
    """Whether the caller's own headers are left out."""


def role(publish: bool, roles: Sequence[str]) -> dict[str, Value]:
    """Return the placeholders for a role.

    Args:
        publish: whether the client is to publish.
        roles: the server's words for the two.
    """
    return {"role": roles[0] if publish else roles[1], "publisher": publish}


def probes(target: Target, roles: Sequence[str]) -> Iterator[Probe]:
    """Yield all requests between the first good one and the burst: at most 33."""
    used = target.placeholders
    if target.has_credentials:
        yield Probe(Purpose.ANONYMOUS, "the same without your headers", anonymous=True)
    if "uid" in used:
        yield from (_with(Purpose.ANY_USER, "uid", value) for value in (MISSING, 0, ""))
        yield from (_with(Purpose.ODD_USER, "uid", value) for value in ("abc", "NaN", -1, 2**32, True, 7.5))
    for name in ("account", "user"):
        if name in used:
            yield _with(Purpose.ANY_USER, name, MISSING)
            yield _with(Purpose.ANY_USER, name, "")
            yield _with(Purpose.ODD_USER, name, "undefined")
    if {"role", "publisher"} & used:
        yield Probe(Purpose.SUBSCRIBER, f"role: {roles[1]}", role(False, roles))
        yield Probe(Purpose.NO_ROLE, "no role", {"role": MISSING, "publisher": MISSING})
    if "publisher" in used and not target.is_text("publisher"):
        yield Probe(Purpose.FALSE_TEXT, 'publisher: the string "false"', {**role(False, roles), "publisher": "false"})
    if "expires_in" in used:
        yield _with(Purpose.LIFETIME, "expires_in", ENDLESS)
        yield _with(Purpose.LIFETIME, "expires_in", DAY + 1)
    if "channel" in used:
        for value in (MISSING, "", "undefined", "a" * 64, "café"):
            yield _with(Purpose.CHANNEL, "channel", value)
        yield _with(Purpose.WILDCARD, "channel", "*")
    for name in [name for name in USERS if name in used][:1]:
        yield _with(Purpose.WILDCARD, name, "*")
    yield Probe(Purpose.ORIGIN, f"from a page of {ORIGIN}", headers={"origin": ORIGIN})
    asks = {"origin": ORIGIN, "access-control-request-method": target.method}
    if target.body_kind == "json":
        asks["access-control-request-headers"] = "content-type"
    yield Probe(Purpose.ORIGIN, f"preflight of {ORIGIN}", headers=asks, method="OPTIONS", body=b"", anonymous=True)
    if target.body_kind == "json":
        for label, body in (("half a JSON object", b'{"channel":'), ("an empty JSON array", b"[]"), ("no body", b"")):
            yield Probe(Purpose.MALFORMED, label, body=body)


def _with(purpose: Purpose, name: str, value: Value) -> Probe:
    shown = "missing" if isinstance(value, Missing) else {"": "empty", "a" * 64: "64 bytes long"}.get(str(value), value)
    return Probe(purpose, f"{name}: {str(shown).lower() if value is True else shown}", {name: value})
