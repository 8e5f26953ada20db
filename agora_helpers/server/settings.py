"""Configuration of the token server: :class:`Settings`, from arguments or from the environment."""

from __future__ import annotations

import ipaddress
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Self, TypedDict, Unpack

from ..constants import DAY, UINT32_MAX, TokenVersion
from ..credentials import Credentials, wrong_credentials
from ..environment import read_environment
from ..errors import ErrorCode, InputError
from ..secret import hide
from ..validation import check_expires_in, check_uid, check_uint32, type_name
from .access import ANYONE, KEYS_VARIABLE, Access, Anyone, ApiKeys
from .access_log import LogEntry, log_request
from .fields import DEFAULT_LIFETIME, VERSIONS
from .middleware import parse_address
from .rate_limit import check_limit, check_store

ACCESS_VARIABLE = "AGORA_ACCESS"
VERSION_VARIABLE = "AGORA_TOKEN_VERSION"
UNBOUND_VARIABLE = "AGORA_ALLOW_UNBOUND_006"
PLACEHOLDER_VARIABLE = "AGORA_ALLOW_PLACEHOLDER_NAMES"
LIFETIME_VARIABLE = "AGORA_MAX_LIFETIME"
RATE_VARIABLE = "AGORA_RATE_LIMIT"
STORE_VARIABLE = "AGORA_RATE_LIMIT_STORE"
ORIGINS_VARIABLE = "AGORA_ALLOWED_ORIGINS"
HOSTS_VARIABLE = "AGORA_ALLOWED_HOSTS"
PROXIES_VARIABLE = "AGORA_TRUSTED_PROXIES"
LOG_VARIABLE = "AGORA_ACCESS_LOG"
PAGES_VARIABLE = "AGORA_PAGES"
SDK_VARIABLE = "AGORA_WEB_SDK"
COMPAT_VARIABLE = "AGORA_COMPAT_PATHS"
VARIABLES: Mapping[str, str] = {
    ACCESS_VARIABLE: "",  # must be set: nobody should run an open token server by accident
    KEYS_VARIABLE: "",
    VERSION_VARIABLE: "007",
    UNBOUND_VARIABLE: "off",
    PLACEHOLDER_VARIABLE: "off",
    LIFETIME_VARIABLE: str(DEFAULT_LIFETIME),
    RATE_VARIABLE: "600/minute",
    STORE_VARIABLE: "",
    ORIGINS_VARIABLE: "",
    HOSTS_VARIABLE: "",
    PROXIES_VARIABLE: "",
    LOG_VARIABLE: "on",
    PAGES_VARIABLE: "off",
    SDK_VARIABLE: "",
    COMPAT_VARIABLE: "off",
}
"""The server's environment variables and their defaults. Those of the project are in :class:`Credentials`."""
LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "[::1]")
"""The names under which a browser on this machine addresses it."""
LATEST_ISSUE = UINT32_MAX - DAY
"""Unix time. Tokens that are issued later may expire at a time of more than 32 bits."""


class SettingsOptions(TypedDict, total=False):
    """The fields of :class:`Settings` that contain no secret, as keyword arguments."""

    rate_limit: str
    version: TokenVersion
    allow_unbound_006: bool
    allow_placeholder_names: bool
    max_expires_in: int
    now: int | Callable[[], int] | None
    salt: int | None
    uid: int | None
    origins: tuple[str, ...]
    hosts: tuple[str, ...]
    trusted_proxies: tuple[str, ...]
    pages: bool
    web_sdk: str
    compat_paths: bool
    log: Callable[[LogEntry], object] | None
    log_channels: bool


@dataclass(frozen=True, slots=True, kw_only=True, init=False)
class Settings:
    """Configuration of the token server.

    Args:
        credentials: the project's App ID and App Certificate.
        access: the access policy; ``ANYONE`` issues tokens to everyone who reaches the server.
        rate_limit: requests of one caller per ``second``, ``minute`` or ``hour``, such as ``"600/minute"``; empty for
            no limit.
        rate_limit_store: URL of the Redis database that counts for all processes of the server, such as
            ``"redis://10.0.0.9:6379/0"``; empty if each process counts by itself.
        version: of the tokens if a request names none, ``"007"`` or ``"006"``.
        allow_unbound_006: issue tokens of version 006 although the permit decides channel or client. Anyone with
            such a token can exchange both without the key.
        allow_placeholder_names: issue tokens for names that look like a variable without a value, such as
            ``"undefined"``, where users may choose such names.
        max_expires_in: the longest lifetime of a token in seconds, 1 to 86400. Tokens for messaging of version 006 need
            86400: Agora ignores their lifetime.
        now: Unix time at which every token is issued, at most 2**32-1-86400; a function that returns the time, such as
            the ``now`` of a practice project's clock; None for the real time.
        salt: uint32, the same in every token; None for a random one.
        uid: the uid if a request names no client, 1 to 2**32-1; None for a random one.
        origins: of pages that may call the server from a browser, such as ``"https://app.example.com"``.
        hosts: the names of the server, without port; empty for any. On loopback the names of this machine are added.
        trusted_proxies: addresses or networks of the reverse proxies whose ``X-Forwarded-For`` is trusted.
        pages: serve the pages ``/try``, ``/inspect`` and ``/client``.
        web_sdk: where ``/client`` loads Agora's Web SDK from, a file or an ``https`` address; empty for Agora's own.
        compat_paths: also serve the paths of the community's server ``agora-token-service``, such as
            ``GET /rtc/{channel}/{role}/{tokentype}/{uid}/``.
        log: is called with the :class:`LogEntry` of each request; None for no log.
        log_channels: log the names of channels, not only their lengths.

    Raises:
        InputError: a value is invalid.

    >>> Settings(credentials=Credentials.demo(), access=ANYONE, rate_limit="60/minute").version
    '007'
    >>> Settings(credentials=Credentials.demo(), access=ANYONE, hosts=("https://tokens.example.com",))
    Traceback (most recent call last):
    agora_helpers.errors.InputError: hosts: contains an invalid host name. Write tokens.example.com: in lower case, ...
    """

    credentials: Credentials
    access: Access | Anyone
    rate_limit: str = ""
    rate_limit_store: str = field(default="", repr=False)  # may contain a password
    version: TokenVersion = "007"
    allow_unbound_006: bool = False
    allow_placeholder_names: bool = False
    max_expires_in: int = DEFAULT_LIFETIME
    now: int | Callable[[], int] | None = None
    salt: int | None = None
    uid: int | None = None
    origins: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    pages: bool = False
    web_sdk: str = ""
    compat_paths: bool = False
    log: Callable[[LogEntry], object] | None = None
    log_channels: bool = False

    @classmethod
    def from_env(
        cls,
        credentials: Credentials | None = None,
        *,
        access: Access | Anyone | None = None,
        local: bool = False,
    ) -> Self:
        """Read the settings from the environment and the nearest ``.env``.

        Args:
            credentials: None reads them, too.
            access: the access policy, in place of ``AGORA_ACCESS``.
            local: the server listens on this machine only. Unless a variable names a reverse proxy, ``AGORA_ACCESS``
                then defaults to ``none`` and ``AGORA_PAGES`` to ``on``.

        Raises:
            InputError: a variable is missing or invalid; names it, and shows no secret.
        """
        access = access and hide_keys(access)
        if credentials is not None and not isinstance(credentials, Credentials):
            raise wrong_credentials(credentials := hide(credentials))
        present = read_environment(*VARIABLES)
        behind_a_proxy = HOSTS_VARIABLE in present or PROXIES_VARIABLE in present
        local_values = {ACCESS_VARIABLE: "none", PAGES_VARIABLE: "on"} if local and not behind_a_proxy else {}
        values = {**VARIABLES, **local_values, **present}
        log = _read_choice(values, LOG_VARIABLE, "on", "off", "channels")
        return cls(
            credentials=credentials or Credentials.from_env(),
            access=_read_access(values) if access is None else access,
            rate_limit=_read_rate_limit(values),
            rate_limit_store=check_store(STORE_VARIABLE, values[STORE_VARIABLE].strip()),
            version=_check_version(VERSION_VARIABLE, values[VERSION_VARIABLE].strip()),
            allow_unbound_006=_read_choice(values, UNBOUND_VARIABLE, "on", "off") == "on",
            allow_placeholder_names=_read_choice(values, PLACEHOLDER_VARIABLE, "on", "off") == "on",
            max_expires_in=_read_lifetime(values),
            origins=_check_origins(ORIGINS_VARIABLE, _read_list(values, ORIGINS_VARIABLE)),
            hosts=_check_hosts(HOSTS_VARIABLE, _read_list(values, HOSTS_VARIABLE)),
            trusted_proxies=_check_proxies(PROXIES_VARIABLE, _read_list(values, PROXIES_VARIABLE)),
            pages=_read_choice(values, PAGES_VARIABLE, "on", "off") == "on",
            web_sdk=values[SDK_VARIABLE].strip(),
            compat_paths=_read_choice(values, COMPAT_VARIABLE, "on", "off") == "on",
            log=None if log == "off" else log_request,
            log_channels=log == "channels",
        )

    @property
    def behind_a_proxy(self) -> bool:
        """Whether the settings name a reverse proxy, through which others reach even a server on loopback."""
        return bool(self.hosts or self.trusted_proxies)

    def current_time(self) -> int:
        """Return the Unix time at which a token is issued now."""
        if callable(self.now):
            return self.now()
        return int(time.time()) if self.now is None else self.now

    def __init__(
        self,
        *,
        credentials: Credentials,
        access: Access | Anyone,
        rate_limit_store: str = "",
        **others: Unpack[SettingsOptions],
    ) -> None:
        """Hide secrets first. A traceback with local variables would show the arguments of a generated ``__init__``."""
        access, rate_limit_store = hide_keys(access), hide(rate_limit_store)
        if not isinstance(credentials, Credentials):
            credentials = hide(credentials)
        values = {"credentials": credentials, "access": access, "rate_limit_store": rate_limit_store, **others}
        for setting in fields(self):
            object.__setattr__(self, setting.name, values.pop(setting.name, setting.default))
        if values:
            raise TypeError(f"Settings has no field named {next(iter(values))!r}.")
        self._check()

    def _check(self) -> None:
        if not isinstance(self.credentials, Credentials):
            raise wrong_credentials(self.credentials)
        if self.access is not ANYONE and not callable(self.access):
            problem = f"must be a function or ANYONE, not {type_name(self.access)}."
            raise InputError("access", problem, "Pass ApiKeys([…]) or a function.", code=ErrorCode.WRONG_TYPE)
        if self.log is not None and not callable(self.log):
            problem = f"must be a function or None, not {type_name(self.log)}."
            raise InputError("log", problem, "Pass a function.", code=ErrorCode.WRONG_TYPE)
        flags = ("pages", "log_channels", "allow_unbound_006", "allow_placeholder_names", "compat_paths")
        kinds: dict[str, type] = dict.fromkeys(flags, bool)
        kinds |= dict.fromkeys(("web_sdk", "rate_limit"), str)
        for name, kind in kinds.items():
            if type(value := getattr(self, name)) is not kind:
                problem = f"must be {'True or False' if kind is bool else 'a string (str)'}, not {type_name(value)}."
                raise InputError(name, problem, code=ErrorCode.WRONG_TYPE)
        if self.now is not None and not callable(self.now) and check_uint32("now", self.now) > LATEST_ISSUE:
            problem = "is too large: a token expires up to a day later, which must fit into 32 bits."
            raise InputError("now", problem, code=ErrorCode.OUT_OF_RANGE)
        if self.salt is not None:
            check_uint32("salt", self.salt)
        if self.uid is not None:
            check_uid(self.uid)
        check_expires_in(self.max_expires_in, "max_expires_in")
        _check_version("version", self.version)
        if self.rate_limit:
            check_limit("rate_limit", self.rate_limit)
        check_store("rate_limit_store", self.rate_limit_store)
        _check_origins("origins", self.origins)
        _check_hosts("hosts", self.hosts)
        _check_proxies("trusted_proxies", self.trusted_proxies)


def hide_keys(access: Access | Anyone) -> Access | Anyone:
    """Return an access policy as it is, and anything else hidden: it may be a list of keys."""
    return access if access is ANYONE or callable(access) else hide(access)


# Values of the environment


def _read_access(values: Mapping[str, str]) -> ApiKeys | Anyone:
    choice = values[ACCESS_VARIABLE].strip().lower()
    if choice == "keys":
        return ApiKeys(_read_list(values, KEYS_VARIABLE))
    if choice == "none":
        return ANYONE
    problem = "names an unknown access policy." if choice else "is not set, so there is no access policy."
    hint = f'Use "keys" (callers need one of {KEYS_VARIABLE}) or "none" (everyone who reaches the server gets tokens).'
    raise InputError(ACCESS_VARIABLE, problem, hint, code=ErrorCode.UNKNOWN_CHOICE if choice else ErrorCode.MISSING)


def _read_rate_limit(values: Mapping[str, str]) -> str:
    limit = values[RATE_VARIABLE].strip().lower()
    return "" if limit == "off" else check_limit(RATE_VARIABLE, limit)


def _read_lifetime(values: Mapping[str, str]) -> int:
    lifetime = values[LIFETIME_VARIABLE].strip()
    if not re.fullmatch("[0-9]{1,5}", lifetime) or not 1 <= int(lifetime) <= DAY:
        problem = "is not a lifetime in seconds."
        raise InputError(LIFETIME_VARIABLE, problem, f"Write 1 to {DAY}.", code=ErrorCode.OUT_OF_RANGE)
    return int(lifetime)


def _read_choice(values: Mapping[str, str], variable: str, *choices: str) -> str:
    choice = values[variable].strip().lower()
    if choice not in choices:
        *others, last = (f'"{word}"' for word in choices)
        hint = f"Use {', '.join(others)} or {last}."
        raise InputError(variable, "has an invalid value.", hint, code=ErrorCode.UNKNOWN_CHOICE)
    return choice


def _read_list(values: Mapping[str, str], variable: str) -> list[str]:
    return [part.strip() for part in values[variable].split(",") if part.strip()]


# Rules. ``field`` is the name of the setting or of the variable.


def _check_version(field: str, version: object) -> TokenVersion:
    for known in VERSIONS:
        if version == known:
            return known
    raise InputError(field, "is not a token version.", 'Use "007" or "006".', code=ErrorCode.UNKNOWN_CHOICE)


def _check_origins(field: str, origins: object) -> tuple[str, ...]:
    values = _strings(origins)
    if not all(re.fullmatch(r"https?://[a-z0-9.\-\[\]:]+(?<!:)", origin) for origin in values):
        hint = "Write https://app.example.com: scheme and host in lower case, an optional port, no path, no *."
        raise InputError(field, "contains an invalid origin.", hint)
    return values


def _check_hosts(field: str, hosts: object) -> tuple[str, ...]:
    values = _strings(hosts)
    if not all(re.fullmatch(r"[a-z0-9.\-]+|\[[0-9a-f:.]+\]", host) for host in values):
        hint = "Write tokens.example.com: in lower case, without scheme, port or path."
        raise InputError(field, "contains an invalid host name.", hint)
    return values


_SHORTEST_PREFIX = 7
"""That of fc00::/7, the largest private network."""


def _check_proxies(field: str, proxies: object) -> tuple[str, ...]:
    values = _strings(proxies)
    hint = "Write 10.0.0.7 or 10.0.0.0/8. Separate several with commas."
    try:
        networks = [ipaddress.ip_network(proxy) for proxy in values]
    except ValueError:
        raise InputError(field, "contains an invalid address or network.", hint) from None
    if any(network.prefixlen < _SHORTEST_PREFIX for network in networks):
        problem = "contains a network that is too large: its clients could choose their own address."
        raise InputError(field, problem, "Name the proxies only, such as 10.0.0.7.")
    if any(parse_address(str(network.network_address)) != network.network_address for network in networks):
        raise InputError(field, "contains an IPv4 address in IPv6 notation.", hint)
    return values


def _strings(values: object) -> tuple[str, ...]:
    """Return the strings of a list. Anything else becomes ``""``, which no rule accepts, a lone string included."""
    values = values if isinstance(values, list | tuple) else ("",)
    return tuple(value if isinstance(value, str) else "" for value in values)
