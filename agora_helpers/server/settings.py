"""What a token server is told when it starts."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from ..constants import DAY, UINT32_MAX
from ..credentials import Credentials
from ..environment import read_environment
from ..errors import InputError
from ..validation import check_uid, check_uint32
from .access import KEYS_VARIABLE, Access, ApiKeys
from .access_log import JsonLines, LogEntry

LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "[::1]")
"""What a browser on this machine calls this machine."""
VERSIONS = ("007", "006")


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

    @classmethod
    def from_env(
        cls,
        credentials: Credentials | None = None,
        *,
        default_access: str = "",
        default_pages: bool = False,
    ) -> Self:
        """The settings that the environment and ``.env`` ask for.

        Args:
            credentials: None reads them, too.
            default_access: the policy if ``AGORA_ACCESS`` is not set; without this default it must be set.
            default_pages: are the pages served if ``AGORA_PAGES`` is not set, and nothing speaks of a proxy?

        Raises:
            InputError: a variable is missing or cannot be used; names it, and shows no secret.
        """
        found = {ACCESS_VARIABLE: default_access} | read_environment(*VARIABLES)
        log = _word(found, LOG_VARIABLE, "on", "off", "channels")
        rate = found.get(RATE_VARIABLE, _RATE).strip().lower()
        behind_a_proxy = HOSTS_VARIABLE in found or PROXIES_VARIABLE in found
        pages = _word(found, PAGES_VARIABLE, "on" if default_pages and not behind_a_proxy else "off", "on", "off")
        sink: Callable[[LogEntry], object] | None = None if log == "off" else JsonLines()
        return cls(
            credentials=credentials or Credentials.from_env(),
            access=read_access_policy(found),
            rate_limit="" if rate == "off" else check_rate_limit(RATE_VARIABLE, rate),
            version=check_version(VERSION_VARIABLE, found.get(VERSION_VARIABLE, "007").strip()),
            origins=read_origins(found),
            hosts=check_hosts(HOSTS_VARIABLE, between_commas(found, HOSTS_VARIABLE)),
            trusted_proxies=check_proxies(PROXIES_VARIABLE, between_commas(found, PROXIES_VARIABLE)),
            pages=pages == "on",
            web_sdk=found.get(SDK_VARIABLE, "").strip(),
            log=sink,
            log_channels=log == "channels",
        )

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
        hint = "Write tokens.example.com: in lower case, without scheme, port or path."
        raise InputError(field, "holds what is no name of a host.", hint)
    return given


def check_proxies(field: str, proxies: Any) -> tuple[str, ...]:
    """Addresses and networks, such as ``"10.0.0.0/8"``."""
    given = tuple(proxies) if isinstance(proxies, list | tuple) else (None,)
    for proxy in given:
        try:
            ipaddress.ip_network(proxy if isinstance(proxy, str) else "")
        except ValueError:
            hint = "Write 10.0.0.7 or 10.0.0.0/8, several with commas between them."
            raise InputError(field, "holds what is no address and no network.", hint) from None
    return given


ACCESS_VARIABLE = "AGORA_ACCESS"
ORIGINS_VARIABLE = "AGORA_ALLOWED_ORIGINS"
RATE_VARIABLE = "AGORA_RATE_LIMIT"
VERSION_VARIABLE = "AGORA_TOKEN_VERSION"
HOSTS_VARIABLE = "AGORA_ALLOWED_HOSTS"
PROXIES_VARIABLE = "AGORA_TRUSTED_PROXIES"
LOG_VARIABLE = "AGORA_ACCESS_LOG"
PAGES_VARIABLE = "AGORA_PAGES"
SDK_VARIABLE = "AGORA_WEB_SDK"
VARIABLES = (
    *(ACCESS_VARIABLE, KEYS_VARIABLE, RATE_VARIABLE, VERSION_VARIABLE, ORIGINS_VARIABLE, HOSTS_VARIABLE),
    *(PROXIES_VARIABLE, LOG_VARIABLE, PAGES_VARIABLE, SDK_VARIABLE),
)
"""All of them but the project's own."""
_RATE = "600/minute"


def _word(found: Mapping[str, str], variable: str, default: str, *others: str) -> str:
    said = found.get(variable, default).strip().lower()
    if said not in (default, *others):
        hint = f"Say {' or '.join(dict.fromkeys((default, *others)))}."
        raise InputError(variable, "is a word that is not known here.", hint)
    return said


def read_access_policy(found: Mapping[str, str]) -> ApiKeys | None:
    """What ``AGORA_ACCESS`` asks for: ``keys`` (from ``AGORA_API_KEYS``, separated by commas), or ``none``.

    Raises:
        InputError: it is missing or something else. Nobody should run an open token server by an oversight.
    """
    named = found.get(ACCESS_VARIABLE, "").strip().lower()
    if named == "keys":
        return ApiKeys(between_commas(found, KEYS_VARIABLE))
    if named == "none":
        return None
    problem = "names no access policy that is known here." if named else "is not set: no access policy is named."
    hint = f"Say keys (callers then need one of {KEYS_VARIABLE}), or none if all who reach it may have a token."
    raise InputError(ACCESS_VARIABLE, problem, hint)


def check_origins(origins: object) -> tuple[str, ...]:
    """Origins of pages that may ask from a browser, each exactly as the browser sends it.

    Raises:
        InputError: one of them is no origin.

    >>> check_origins(["https://app.example.com"])
    ('https://app.example.com',)
    """
    given = origins if isinstance(origins, list | tuple) else [None]  # a lone text would be taken letter by letter
    for origin in given:
        if not isinstance(origin, str) or not re.fullmatch(r"https?://[a-z0-9.\-\[\]:]+(?<!:)", origin):
            hint = "Write https://app.example.com: scheme and host in lower case, perhaps a port, no path, no *."
            raise InputError(ORIGINS_VARIABLE, "holds what is no origin.", hint)
    return tuple(given)


def read_origins(found: Mapping[str, str]) -> tuple[str, ...]:
    """The origins in ``AGORA_ALLOWED_ORIGINS``, separated by commas; none by default."""
    return check_origins(between_commas(found, ORIGINS_VARIABLE))


def between_commas(found: Mapping[str, str], variable: str) -> list[str]:
    """The parts of a variable that holds a list."""
    return [part.strip() for part in found.get(variable, "").split(",") if part.strip()]
