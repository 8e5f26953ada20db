"""App ID and App Certificate: what a token is made from.

The App ID is an identifier that every client carries. The App Certificate is the key that signs: whoever
has it can make tokens for the whole project, so it shows up in no ``repr``, format, error or pickle of ours.
"""

from __future__ import annotations

import os
import re
from typing import NoReturn

from .constants import APP_ID_LENGTH
from .environment import read_environment
from .errors import CredentialError
from .validation import plain_str

APP_ID_VARIABLE = "AGORA_APP_ID"
APP_CERTIFICATE_VARIABLE = "AGORA_APP_CERTIFICATE"
SECONDARY_VARIABLE = "AGORA_SECONDARY_CERTIFICATE"
DEMO_VARIABLE = "AGORA_HELPERS_DEMO"
_VARIABLES = (APP_ID_VARIABLE, APP_CERTIFICATE_VARIABLE)

# The sample pair that Agora publishes in its token builders' own tests. No project accepts it.
_DEMO_APP_ID = "970CA35de60c44645bbae8a215061b33"
_DEMO_APP_CERTIFICATE = "5CFd2fd1755d40ecb72977518be15d3b"

_is_hex = re.compile(f"[0-9A-Fa-f]{{{APP_ID_LENGTH}}}").fullmatch


def check_credential(field: str, value: object) -> str:
    """32 hexadecimal ASCII characters, else :class:`CredentialError` that names ``field`` and shows nothing."""
    value = plain_str(value)
    if isinstance(value, str) and _is_hex(value):
        return value
    copy = "Copy it again from the project's page in the Agora Console."
    if not isinstance(value, str):
        raise CredentialError(field, f"must be a text (str), not of type {type(value).__name__}.", copy)
    if not value:
        raise CredentialError(field, "is empty.", copy)
    bare = value.strip().strip("\"'`\u201c\u201d\u2018\u2019").strip()
    if bare != value and _is_hex(bare):
        around = "spaces or a line break" if value.strip() == bare else "quotes"
        raise CredentialError(field, f"has {around} around it.", f"Keep only the {APP_ID_LENGTH} characters.")
    if _is_hex(value.replace("-", "")):
        raise CredentialError(field, "has dashes in it.", f"Keep only the {APP_ID_LENGTH} characters.")
    if len(value) != APP_ID_LENGTH:
        problem = f"has {len(value)} characters; it must have {APP_ID_LENGTH}."
        raise CredentialError(field, problem, copy)
    place = next(n for n, c in enumerate(value, 1) if c not in "0123456789abcdefABCDEF")
    raise CredentialError(field, f"character {place} is not a hexadecimal digit (0-9, a-f, A-F).", copy)


def secondary_from_env() -> str | None:
    """The project's second App Certificate, if ``AGORA_SECONDARY_CERTIFICATE`` is set in the environment or ``.env``.

    Raises:
        CredentialError: it is misshapen. The message never shows it.
    """
    found = read_environment(SECONDARY_VARIABLE).get(SECONDARY_VARIABLE)
    return None if found is None else check_credential(SECONDARY_VARIABLE, found)


class Credentials:
    """One project's App ID and App Certificate, checked and unchangeable.

    Args:
        app_id: 32 hexadecimal characters; case matters.
        app_certificate: 32 hexadecimal characters; used as this text, never decoded; case matters.

    Raises:
        CredentialError: one of them has another shape. The message never shows it.

    >>> Credentials.demo()
    Credentials(app_id='970CA35de60c44645bbae8a215061b33', app_certificate=<hidden>)
    """

    __slots__ = ("app_certificate", "app_id")

    app_id: str
    app_certificate: str

    def __init__(self, app_id: str, app_certificate: str) -> None:
        object.__setattr__(self, "app_id", check_credential("app_id", app_id))
        object.__setattr__(self, "app_certificate", check_credential("app_certificate", app_certificate))

    @classmethod
    def demo(cls) -> Credentials:
        """The sample pair that Agora publishes in its own tests: it makes well-formed tokens and opens no channel."""
        return cls(_DEMO_APP_ID, _DEMO_APP_CERTIFICATE)

    @classmethod
    def from_env(cls) -> Credentials:
        """The reader's own pair, from the environment, else from the nearest ``.env`` file upwards.

        Reads ``AGORA_APP_ID`` and ``AGORA_APP_CERTIFICATE``; for each of the two the environment comes first.

        Raises:
            CredentialError: one of them is missing or misshapen, or ``.env`` cannot be read.
        """
        return cls._from(read_environment(*_VARIABLES))

    @classmethod
    def for_lessons(cls) -> Credentials:
        """The reader's own pair if there is one (see :meth:`from_env`), else the demo pair.

        With ``AGORA_HELPERS_DEMO=1`` in the environment, as in every test, always the demo pair.
        One of the two alone is an error, not a reason to fall back.
        """
        if os.environ.get(DEMO_VARIABLE) == "1":
            return cls.demo()
        found = read_environment(*_VARIABLES)
        return cls._from(found) if found else cls.demo()

    @classmethod
    def _from(cls, found: dict[str, str]) -> Credentials:
        for variable in _VARIABLES:
            if variable not in found:
                hint = "Set it in the environment, or copy .env.example to .env and fill it in."
                raise CredentialError(variable, "is not set.", hint)
            check_credential(variable, found[variable])
        return cls(found[APP_ID_VARIABLE], found[APP_CERTIFICATE_VARIABLE])

    @property
    def is_demo(self) -> bool:
        """Is this the published sample pair?"""
        return self == Credentials.demo()

    def __repr__(self) -> str:
        return f"Credentials(app_id={self.app_id!r}, app_certificate=<hidden>)"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Credentials):
            return NotImplemented
        return (self.app_id, self.app_certificate) == (other.app_id, other.app_certificate)

    def __hash__(self) -> int:
        return hash((self.app_id, self.app_certificate))

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("Credentials cannot be changed: make new ones.")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("Credentials cannot be changed: make new ones.")

    def __copy__(self) -> Credentials:
        return self

    def __deepcopy__(self, memo: object) -> Credentials:
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("Credentials are not pickled: a pickle would hold the App Certificate in clear.")

    def __getstate__(self) -> NoReturn:
        self.__reduce_ex__(None)
