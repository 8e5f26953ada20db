"""Who may ask the token server for a token, and whose pages may read the answer.

Whoever gets a token enters the channel, so a server that others can reach must know its callers. Here: API keys,
which the callers (a team's own backend) send as ``Authorization: Bearer KEY``.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable, Mapping

from .errors import InputError

ACCESS_VARIABLE = "AGORA_ACCESS"
KEYS_VARIABLE = "AGORA_API_KEYS"
ORIGINS_VARIABLE = "AGORA_ALLOWED_ORIGINS"
ACCESS_VARIABLES = (ACCESS_VARIABLE, KEYS_VARIABLE, ORIGINS_VARIABLE)
_SHORTEST_KEY = 16
_NEW_KEY = 'Make one with: python -c "import secrets; print(secrets.token_urlsafe(24))"'


class ApiKeys:
    """Admits callers that send one of these keys.

    Args:
        keys: one or more, each at least 16 visible ASCII characters.

    Raises:
        InputError: there is no key, or one cannot be used. The message never shows it.

    >>> keys = ApiKeys(["a-key-of-my-own-backend"])
    >>> keys.admit("Bearer a-key-of-my-own-backend"), keys.admit("Bearer another"), keys.admit(None)
    (True, False, False)
    """

    def __init__(self, keys: Iterable[str]) -> None:
        given = [] if isinstance(keys, str) or not isinstance(keys, Iterable) else list(keys)
        if not given or not all(isinstance(key, str) for key in given):
            raise InputError(KEYS_VARIABLE, "holds no list of keys.", f"Separate several with commas. {_NEW_KEY}")
        if any(len(key) < _SHORTEST_KEY for key in given):
            problem = f"holds a key of fewer than {_SHORTEST_KEY} characters."
            raise InputError(KEYS_VARIABLE, problem, _NEW_KEY)
        if not all("!" <= character <= "~" for key in given for character in key):
            raise InputError(KEYS_VARIABLE, "holds a key with a space or a character beyond ASCII.", _NEW_KEY)
        self._keys = tuple(key.encode() for key in given)

    def admit(self, authorization: str | None) -> bool:
        """Does this ``Authorization`` header hold one of the keys? Takes the same time wherever it differs."""
        scheme, _, shown = (authorization or "").partition(" ")
        given = shown.strip().encode("utf-8", "surrogatepass")
        fits = [hmac.compare_digest(given, key) for key in self._keys]
        return scheme.lower() == "bearer" and any(fits)

    def __repr__(self) -> str:
        return f"<ApiKeys: {len(self._keys)} hidden>"


def read_access_policy(found: Mapping[str, str]) -> ApiKeys | None:
    """What ``AGORA_ACCESS`` asks for: ``keys`` (from ``AGORA_API_KEYS``, separated by commas), or ``none``.

    Raises:
        InputError: it is missing or something else. Nobody should run an open token server by an oversight.
    """
    named = found.get(ACCESS_VARIABLE, "").strip().lower()
    if named == "keys":
        return ApiKeys(_between_commas(found, KEYS_VARIABLE))
    if named == "none":
        return None
    problem = "names no access policy that is known here." if named else "is not set: no access policy is named."
    cure = f"Say keys (callers then need one of {KEYS_VARIABLE}), or none if all who reach it may have a token."
    raise InputError(ACCESS_VARIABLE, problem, cure)


def check_origins(origins: object) -> tuple[str, ...]:
    """Origins of pages that may ask from a browser, each exactly as the browser sends it.

    Raises:
        InputError: one of them is no origin.

    >>> check_origins(["https://app.example.com"])
    ('https://app.example.com',)
    """
    given = origins if isinstance(origins, list | tuple) else [origins]
    for origin in given:
        if not isinstance(origin, str) or not re.fullmatch(r"https?://[a-z0-9.\-\[\]:]+(?<!:)", origin):
            cure = "Write https://app.example.com: scheme and host in lower case, perhaps a port, no path, no *."
            raise InputError(ORIGINS_VARIABLE, "holds what is no origin.", cure)
    return tuple(given)


def read_origins(found: Mapping[str, str]) -> tuple[str, ...]:
    """The origins in ``AGORA_ALLOWED_ORIGINS``, separated by commas; none by default."""
    return check_origins(_between_commas(found, ORIGINS_VARIABLE))


def _between_commas(found: Mapping[str, str], variable: str) -> list[str]:
    return [part.strip() for part in found.get(variable, "").split(",") if part.strip()]
