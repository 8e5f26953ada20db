"""What a token server is told when it starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .credentials import Credentials
from .environment import read_environment
from .errors import InputError
from .policy import ACCESS_VARIABLE, ACCESS_VARIABLES, ApiKeys, check_origins, read_access_policy, read_origins
from .validation import check_uid, check_uint32
from .vocabulary import DAY, UINT32_MAX

PAGES_VARIABLE = "AGORA_PAGES"
SDK_VARIABLE = "AGORA_WEB_SDK"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Whose tokens the server makes, for whom, and what is fixed so that its answers can be repeated.

    Args:
        credentials: the project's App ID and App Certificate.
        access: which callers get a token; None: all who reach the server.
        now: Unix time of issue of every token, at most 2**32-1-86400; the clock's by default.
        salt: uint32, the same in every token; random by default.
        uid: the uid for those who bring none, 1 to 2**32-1; random by default.
        origins: of pages that may ask from a browser, such as ``"https://app.example.com"``; none by default.
        pages: serve the pages ``/try`` and ``/client``, too.
        web_sdk: where ``/client`` gets Agora's Web SDK from, a file or an ``https`` address; Agora's own by default.

    Raises:
        InputError: one of them cannot be used.
    """

    credentials: Credentials
    access: ApiKeys | None = None
    now: int | None = None
    salt: int | None = None
    uid: int | None = None
    origins: tuple[str, ...] = ()
    pages: bool = False
    web_sdk: str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.credentials, Credentials):
            problem = f"must be Credentials, not {type(self.credentials).__name__}."
            raise InputError("credentials", problem, "Pass Credentials.from_env() or Credentials.demo().")
        if self.access is not None and not isinstance(self.access, ApiKeys):
            problem = f"must be ApiKeys or None, not {type(self.access).__name__}."
            raise InputError("access", problem, "Pass ApiKeys([…]).")
        for field, value in {"now": self.now, "salt": self.salt}.items():
            if value is not None:
                check_uint32(field, value)
        if self.now is not None and self.now > UINT32_MAX - DAY:
            raise InputError("now", "is too large: a token ends up to a day later, in 32 bits.")
        if self.uid is not None:
            check_uid(self.uid)
        check_origins(self.origins)
        for name, kind in {"pages": bool, "web_sdk": str}.items():
            if type(value := getattr(self, name)) is not kind:
                raise InputError(name, f"must be {kind.__name__}, not {type(value).__name__}.")

    @classmethod
    def from_env(
        cls, credentials: Credentials | None = None, *, default_access: str = "", default_pages: bool = False
    ) -> Settings:
        """From the environment and ``.env``: credentials, unless they are given, and the access policy.

        Args:
            credentials: None reads them.
            default_access: the policy if ``AGORA_ACCESS`` is not set; without this default it must be set.
            default_pages: are the pages served if ``AGORA_PAGES`` is not set?

        Raises:
            InputError: ``AGORA_ACCESS`` or one of the credentials is missing or cannot be used.
        """
        found = {ACCESS_VARIABLE: default_access} | read_environment(*ACCESS_VARIABLES, PAGES_VARIABLE, SDK_VARIABLE)
        access, origins = read_access_policy(found), read_origins(found)
        pages: dict[str, Any] = {
            "pages": _switch(found, PAGES_VARIABLE, default_pages),
            "web_sdk": found.get(SDK_VARIABLE, "").strip(),
        }
        return cls(credentials=credentials or Credentials.from_env(), access=access, origins=origins, **pages)


def _switch(found: Mapping[str, str], variable: str, default: bool) -> bool:
    said = found.get(variable, "").strip().lower()
    if said in ("", "on", "off"):
        return said == "on" if said else default
    raise InputError(variable, "is neither on nor off.", "Say one of the two.")
