"""What a token server is told when it starts."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .credentials import Credentials
from .errors import InputError
from .policy import Access, check_origins
from .validation import check_uid, check_uint32
from .vocabulary import DAY, UINT32_MAX

LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "[::1]")
"""What a browser on this machine calls this machine."""
VERSIONS = ("007", "006")


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One request, for the access log. It holds no token, no key and no header."""

    time: float
    """Unix time of the answer, in seconds."""
    method: str
    path: str
    """One of the server's own; ``?`` for any other, which may hold anything."""
    status: int
    """Of the answer; 499 if the caller left before it."""
    milliseconds: float
    """From the request's head to the answer's end."""
    caller: str
    """Who asked, as the access policy names them; without one, the address."""
    channel_length: int | None = None
    """Of the channel's name, in characters; None if none was read."""
    channel: str | None = None
    """The name itself, if :attr:`Settings.log_channels` asks for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Whose tokens the server makes, for whom, and what is fixed so that its answers can be repeated.

    Args:
        credentials: the project's App ID and App Certificate.
        access: the policy that says which callers get a token, and what the server decides for them; None: all who
            reach the server.
        rate_limit: how many requests a caller has, such as ``"600/minute"`` (or ``/second``, ``/hour``); empty: any.
        version: of the tokens for those who ask for none, ``"007"`` or ``"006"``.
        now: Unix time of issue of every token, at most 2**32-1-86400; the clock's by default.
        salt: uint32, the same in every token; random by default.
        uid: the uid for those who bring none, 1 to 2**32-1; random by default.
        origins: of pages that may ask from a browser, such as ``"https://app.example.com"``; none by default.
        hosts: the names under which the server may be addressed, without port; empty: any. (On loopback the names of
            this machine always count; a reverse proxy there may pass on others.)
        trusted_proxies: addresses or networks of the reverse proxies whose ``X-Forwarded-For`` is believed.
        pages: serve the pages ``/try`` and ``/client``, too.
        web_sdk: where ``/client`` gets Agora's Web SDK from, a file or an ``https`` address; Agora's own by default.
        log: is called with each request's :class:`LogEntry`; None: nothing is logged.
        log_channels: put the channels' names into the log, too, not only their lengths.

    Raises:
        InputError: one of them cannot be used.
    """

    credentials: Credentials
    access: Access | None = None
    rate_limit: str = ""
    version: str = "007"
    now: int | None = None
    salt: int | None = None
    uid: int | None = None
    origins: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    pages: bool = False
    web_sdk: str = ""
    log: Callable[[LogEntry], object] | None = None
    log_channels: bool = False

    @property
    def behind_a_proxy(self) -> bool:
        """Do the settings speak of a reverse proxy, through which others come even to a server on loopback?"""
        return bool(self.hosts or self.trusted_proxies)

    def __post_init__(self) -> None:
        if not isinstance(self.credentials, Credentials):
            problem = f"must be Credentials, not {type(self.credentials).__name__}."
            raise InputError("credentials", problem, "Pass Credentials.from_env() or Credentials.demo().")
        for name in ("access", "log"):
            if not (getattr(self, name) is None or callable(getattr(self, name))):
                problem = f"must be a function or None, not {type(getattr(self, name)).__name__}."
                raise InputError(name, problem, "Pass ApiKeys([…]), or a function of yours." * (name == "access"))
        for field, value in {"now": self.now, "salt": self.salt}.items():
            if value is not None:
                check_uint32(field, value)
        if self.now is not None and self.now > UINT32_MAX - DAY:
            raise InputError("now", "is too large: a token ends up to a day later, in 32 bits.")
        if self.uid is not None:
            check_uid(self.uid)
        for name, kind in {"pages": bool, "web_sdk": str, "rate_limit": str, "log_channels": bool}.items():
            if type(value := getattr(self, name)) is not kind:
                raise InputError(name, f"must be {kind.__name__}, not {type(value).__name__}.")
        check_version("version", self.version)
        check_rate_limit("rate_limit", self.rate_limit)
        check_origins(self.origins)
        check_hosts("hosts", self.hosts)
        check_proxies("trusted_proxies", self.trusted_proxies)


def check_version(field: str, version: object) -> str:
    """A token version, ``"007"`` or ``"006"``."""
    if version in VERSIONS:
        return str(version)
    raise InputError(field, "is no version of tokens.", "Say 007, or 006.")


def check_rate_limit(field: str, limit: str) -> str:
    """So many requests in a unit of time; an empty text for any number.

    >>> check_rate_limit("AGORA_RATE_LIMIT", "600/minute")
    '600/minute'
    """
    if limit and not re.fullmatch("[1-9][0-9]{0,8}/(second|minute|hour)", limit):
        raise InputError(field, "is no limit.", "Write for instance 600/minute, or 10/second.")
    return limit


def check_hosts(field: str, hosts: Any) -> tuple[str, ...]:
    """Names of a server, such as ``"tokens.example.com"``."""
    given = tuple(hosts) if isinstance(hosts, list | tuple) else (None,)  # a lone text would be taken letter by letter
    if not all(isinstance(host, str) and re.fullmatch(r"[a-z0-9.\-]+|\[[0-9a-f:.]+\]", host) for host in given):
        cure = "Write tokens.example.com: in lower case, without scheme, port or path."
        raise InputError(field, "holds what is no name of a host.", cure)
    return given


def check_proxies(field: str, proxies: Any) -> tuple[str, ...]:
    """Addresses and networks, such as ``"10.0.0.0/8"``."""
    given = tuple(proxies) if isinstance(proxies, list | tuple) else (None,)
    for proxy in given:
        try:
            ipaddress.ip_network(proxy if isinstance(proxy, str) else "")
        except ValueError:
            cure = "Write 10.0.0.7 or 10.0.0.0/8, several with commas between them."
            raise InputError(field, "holds what is no address and no network.", cure) from None
    return given
