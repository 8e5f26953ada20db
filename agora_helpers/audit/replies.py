"""What came back: a server's reply, the tokens anywhere in it, and what they grant to whom."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Any

from ..constants import RTM_LOGIN_006, RtcPrivilege
from ..tokens.decoded import DecodedToken
from ..tokens.decoder import decode
from ..tokens.repairs import find_tokens
from ..tokens.services import Service, Service006, privilege_times
from ..verification.expected import crc_of

PUBLISHING = {RtcPrivilege.PUBLISH_AUDIO, RtcPrivilege.PUBLISH_VIDEO, RtcPrivilege.PUBLISH_DATA}
ODD_NAMES = ("NaN", "undefined", "null", "None", "true", "True", "false", "False", "0", "-1", "nan", "[object Object]")
"""What programs sign when a value is not what they expect."""
_MIN_TOKEN, _MAX_NAME = 60, 64


@dataclass(frozen=True)
class Reply:
    """One response, or what there was in its place."""

    status: int
    """0: no response."""
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes = field(repr=False)
    problem: str = ""
    """Why there is no response."""
    at: int = field(default_factory=lambda: int(time.time()))
    """Unix time of its arrival."""

    @classmethod
    def none(cls, problem: str) -> Reply:
        """Return what stands for a response that did not come."""
        return cls(0, {}, b"", problem)

    @cached_property
    def text(self) -> str:
        """The body as text. Bytes that are not UTF-8 are replaced."""
        return self.body.decode("utf-8", "replace")

    @cached_property
    def json(self) -> Any:
        """The body as JSON; None if it is something else."""
        try:
            return json.loads(self.text)
        except (ValueError, RecursionError):
            return None

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """Every token in a successful response, in its order; empty for an error."""
        if not 200 <= self.status < 300:
            return ()
        texts = [text for text in self.scalars if len(text) >= _MIN_TOKEN] if self.is_json else [self.text]
        return tuple(dict.fromkeys(token for text in texts for token in find_tokens(text)))

    @property
    def is_json(self) -> bool:
        """Whether the body is a JSON object or array."""
        return isinstance(self.json, dict | list)

    @cached_property
    def scalars(self) -> tuple[str, ...]:
        """Every string and number in the body: of JSON its values, otherwise the words beside the tokens."""
        if self.json is not None:
            return tuple(_scalars(self.json))
        text = self.text
        for token in find_tokens(text):
            text = text.replace(token, " ")
        return tuple(re.findall(r"[\w.@-]+", text))

    @property
    def date(self) -> int | None:
        """The ``Date`` header as Unix time."""
        try:
            return int(parsedate_to_datetime(self.headers.get("date", "")).timestamp())
        except (ValueError, TypeError, IndexError, OverflowError):
            return None


def _scalars(value: Any) -> Iterable[str]:
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _scalars(part)
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield str(value)


@dataclass(frozen=True, slots=True)
class Grant:
    """What one service of one token grants."""

    text: str = field(repr=False)
    """The token."""
    token: DecodedToken
    kind: str
    """The service: rtc, rtm, chat …"""
    channel: str | None
    """None: the service has no channel, or a 006 token's checksum is of no name that was asked for."""
    who: str | None
    """uid, account or user; empty: any. None: a 006 token's checksum is of no name that was asked for."""
    publishes: bool

    @property
    def is_rtc(self) -> bool:
        """Whether it is for a channel."""
        return self.kind == "rtc"

    @property
    def holder(self) -> str:
        """Who can use it, in words."""
        if self.who is None:
            return "a user whose name it does not show"
        return f"user {show_name(self.who)}" if self.who else "any user" if self.is_rtc else "a user without a name"


def show_name(name: str) -> str:
    """Return a name that a server signed, quoted, for a report: printable and not too long.

    >>> show_name("café"), show_name("x" * 100)[-8:]
    ("'café'", "xxxxxx…'")
    """
    name = name if len(name) <= _MAX_NAME else f"{name[:_MAX_NAME]}…"
    return f"'{name}'" if name.isprintable() else ascii(name)


def grants_of(reply: Reply, names: Iterable[str]) -> list[Grant]:
    """Return what each service of each token in a reply grants.

    Args:
        reply: the response.
        names: what a 006 token may be for. It contains only checksums.
    """
    known = [*names, *reply.scalars, *ODD_NAMES]
    grants = []
    for text in reply.tokens:
        token = decode(text)
        for service in token.services:
            publishes = service.name == "rtc" and bool(PUBLISHING & {*privilege_times(service)})
            grants.append(Grant(text, token, service.name, *_names(token, service, known), publishes=publishes))
    return grants


def _names(token: DecodedToken, service: Service | Service006, known: list[str]) -> tuple[str | None, str | None]:
    """Return the channel and the user of a service."""
    if not isinstance(service, Service006):
        who = next((getattr(service, name) for name in ("uid", "account", "user") if hasattr(service, name)), None)
        return getattr(service, "channel", None), None if who is None else str(who)
    channel = _named(token.crc_channel_name, known)
    if RTM_LOGIN_006 in privilege_times(service):
        return None, channel
    return channel, _named(token.crc_uid, known)


def _named(checksum: int | None, known: list[str]) -> str | None:
    return "" if checksum == 0 else next((name for name in known if crc_of(name) == checksum), None)
