"""A token server's settings from the environment and ``.env``.

AGORA_APP_ID, AGORA_APP_CERTIFICATE   the project
AGORA_ACCESS            keys or none: who may ask
AGORA_API_KEYS          the keys, separated by commas
AGORA_RATE_LIMIT        requests of a caller, such as 600/minute (the default), or off
AGORA_TOKEN_VERSION     007 (the default) or 006, for those who ask for none
AGORA_ALLOWED_ORIGINS   of pages that may ask from a browser, separated by commas
AGORA_ALLOWED_HOSTS     names under which the server is addressed, separated by commas
AGORA_TRUSTED_PROXIES   addresses or networks whose X-Forwarded-For is believed, separated by commas
AGORA_ACCESS_LOG        on (the default), off, or channels: with the channels' names
AGORA_PAGES             on or off: the pages /try and /client
AGORA_WEB_SDK           a file or an https address: Agora's Web SDK for /client
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .access_log import JsonLines
from .credentials import Credentials
from .environment import read_environment
from .errors import InputError
from .policy import ACCESS_VARIABLE, KEYS_VARIABLE, ORIGINS_VARIABLE, between_commas, read_access_policy, read_origins
from .settings import LogEntry, Settings, check_hosts, check_proxies, check_rate_limit, check_version

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


def settings_from_env(
    credentials: Credentials | None = None,
    *,
    default_access: str = "",
    default_pages: bool = False,
) -> Settings:
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
    return Settings(
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


def _word(found: Mapping[str, str], variable: str, default: str, *others: str) -> str:
    said = found.get(variable, default).strip().lower()
    if said not in (default, *others):
        cure = f"Say {' or '.join(dict.fromkeys((default, *others)))}."
        raise InputError(variable, "is a word that is not known here.", cure)
    return said
