"""App ID and App Certificate: what a token is built from.

The App ID is an identifier that every client has. The App Certificate is the signing key: anyone who has it can
build tokens for the whole project. So it is a :class:`Secret` from the first line of each function that takes it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import NoReturn

from .constants import APP_ID_LENGTH
from .environment import read_environment
from .errors import CredentialError, ErrorCode, InputError
from .secret import Secret, hide
from .validation import type_name

APP_ID_VARIABLE = "AGORA_APP_ID"
APP_CERTIFICATE_VARIABLE = "AGORA_APP_CERTIFICATE"
SECONDARY_VARIABLE = "AGORA_SECONDARY_CERTIFICATE"
DISABLED_VARIABLE = "AGORA_DISABLED_CERTIFICATES"
DEMO_VARIABLE = "AGORA_HELPERS_DEMO"
_VARIABLES = (APP_ID_VARIABLE, APP_CERTIFICATE_VARIABLE)

# The sample pair that Agora publishes in its token builders' own tests. No project accepts it.
_DEMO_APP_ID = "970CA35de60c44645bbae8a215061b33"
_DEMO_APP_CERTIFICATE = "5CFd2fd1755d40ecb72977518be15d3b"

_is_hex = re.compile(f"[0-9A-Fa-f]{{{APP_ID_LENGTH}}}").fullmatch


def check_credential(field: str, value: object) -> Secret:
    """Check an App ID or App Certificate: 32 hexadecimal ASCII characters.

    Args:
        field: the name for errors.
        value: what was passed.

    Returns:
        The value as a hidden string.

    Raises:
        CredentialError: it has another shape. The message never shows it.
    """
    value = hide(value)
    if isinstance(value, Secret) and _is_hex(value):
        return value
    copy = "Copy it again from the project's page in the Agora Console."
    keep = f"Keep only the {APP_ID_LENGTH} characters."
    if not isinstance(value, Secret):
        problem = f"must be a string (str), not {type_name(value)}."
        raise CredentialError(field, problem, copy, code=ErrorCode.WRONG_TYPE)
    if not value:
        raise CredentialError(field, "is empty.", copy, code=ErrorCode.EMPTY)
    bare = hide(value.strip().strip("\"'`\u201c\u201d\u2018\u2019").strip())
    if bare != value and _is_hex(bare):
        around = "spaces or a line break" if value.strip() == bare else "quotes"
        raise CredentialError(field, f"has {around} around it.", keep, code=ErrorCode.BAD_CHARACTER)
    if _is_hex(value.replace("-", "")):
        raise CredentialError(field, "has dashes in it.", keep, code=ErrorCode.BAD_CHARACTER)
    if len(value) != APP_ID_LENGTH:
        problem = f"has {len(value)} characters; it must have {APP_ID_LENGTH}."
        code = ErrorCode.TOO_LONG if len(value) > APP_ID_LENGTH else ErrorCode.INVALID
        raise CredentialError(field, problem, copy, code=code)
    position = next(n for n, character in enumerate(value, 1) if character not in "0123456789abcdefABCDEF")
    problem = f"character {position} is not a hexadecimal digit (0-9, a-f, A-F)."
    raise CredentialError(field, problem, copy, code=ErrorCode.BAD_CHARACTER)


def secondary_from_env() -> Secret | None:
    """Return the project's second App Certificate, or None.

    Reads ``AGORA_SECONDARY_CERTIFICATE`` from the environment or the nearest ``.env`` file.

    Raises:
        CredentialError: it is malformed. The message never shows it.
    """
    certificate = read_environment(SECONDARY_VARIABLE).get(SECONDARY_VARIABLE)
    return None if certificate is None else check_credential(SECONDARY_VARIABLE, certificate)


def disabled_from_env() -> list[Secret]:
    """Return the project's disabled App Certificates.

    Reads ``AGORA_DISABLED_CERTIFICATES``, separated by commas, from the environment or the nearest ``.env`` file.

    Raises:
        CredentialError: one of them is malformed. The message never shows it.
    """
    certificates = read_environment(DISABLED_VARIABLE).get(DISABLED_VARIABLE, Secret())
    parts = map(hide, certificates.split(","))
    return [check_credential(DISABLED_VARIABLE, hide(part.strip())) for part in parts if part.strip()]


def project_from_env() -> tuple[Credentials | None, str | None]:
    """Return what is known of the project: its credentials, or without the App Certificate its App ID, or neither.

    Reads ``AGORA_APP_ID`` and ``AGORA_APP_CERTIFICATE`` from the environment or the nearest ``.env`` file. Developers
    of clients often know the App ID alone.

    Raises:
        CredentialError: a value is malformed, or only the App Certificate is set. The message never shows it.
    """
    values = read_environment(*_VARIABLES)
    if APP_CERTIFICATE_VARIABLE in values:
        return Credentials.from_env(), None
    app_id = values.get(APP_ID_VARIABLE)
    return None, None if app_id is None else str(check_credential(APP_ID_VARIABLE, app_id))


def wrong_credentials(value: object) -> InputError:
    """Return the error for a value that should be :class:`Credentials`. Pass it hidden: it may be a certificate."""
    problem = f"must be Credentials, not {type_name(value)}."
    hint = "Pass Credentials(app_id, app_certificate) or Credentials.from_env()."
    return InputError("credentials", problem, hint, code=ErrorCode.WRONG_TYPE)


class Credentials:
    """One project's App ID and App Certificate, checked and immutable.

    Args:
        app_id: 32 hexadecimal characters; case matters.
        app_certificate: 32 hexadecimal characters; used as this string, never decoded; case matters.

    Raises:
        CredentialError: one of them is malformed. The message never shows it.

    >>> Credentials.demo()
    Credentials(app_id='970CA35de60c44645bbae8a215061b33', app_certificate=<hidden>)
    """

    __slots__ = ("app_certificate", "app_id")

    app_id: str
    app_certificate: Secret
    """A string whose ``repr`` hides it."""

    def __init__(self, app_id: str, app_certificate: str) -> None:
        app_id, app_certificate = hide(app_id), hide(app_certificate)  # in case they are swapped
        object.__setattr__(self, "app_id", str(check_credential("app_id", app_id)))
        object.__setattr__(self, "app_certificate", check_credential("app_certificate", app_certificate))

    @classmethod
    def demo(cls) -> Credentials:
        """Return the sample pair of Agora's own tests. Its tokens are well-formed, and no project accepts them."""
        return cls(_DEMO_APP_ID, _DEMO_APP_CERTIFICATE)

    @classmethod
    def from_env(cls) -> Credentials:
        """Return your own pair, from the environment or the nearest ``.env`` or ``.env.local`` in this folder or above.

        Reads ``AGORA_APP_ID`` and ``AGORA_APP_CERTIFICATE``. For each of the two the environment takes precedence over
        ``.env.local``, and that over ``.env``.

        Raises:
            CredentialError: one of them is missing or malformed, or ``.env`` cannot be read.
        """
        return cls._from(read_environment(*_VARIABLES))

    @classmethod
    def for_lessons(cls) -> Credentials:
        """Return your own pair if there is one (see :meth:`from_env`), else the demo pair.

        With ``AGORA_HELPERS_DEMO=1`` in the environment, as in every test, it is always the demo pair.

        Raises:
            CredentialError: only one of the two is set, one is malformed, or ``.env`` cannot be read.
        """
        if os.environ.get(DEMO_VARIABLE) == "1":
            return cls.demo()
        values = read_environment(*_VARIABLES)
        return cls._from(values) if values else cls.demo()

    @classmethod
    def _from(cls, values: Mapping[str, Secret]) -> Credentials:
        for variable in _VARIABLES:
            if variable not in values:
                hint = "Set it in the environment, or copy .env.example to .env and fill it in."
                raise CredentialError(variable, "is not set.", hint, code=ErrorCode.MISSING)
            check_credential(variable, values[variable])
        return cls(values[APP_ID_VARIABLE], values[APP_CERTIFICATE_VARIABLE])

    @property
    def is_demo(self) -> bool:
        """True for the published sample pair."""
        return self == Credentials.demo()

    def __repr__(self) -> str:
        app_id = getattr(self, "app_id", None)  # unset if it was rejected
        return f"Credentials({app_id=}, app_certificate=<hidden>)"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Credentials):
            return NotImplemented
        return (self.app_id, self.app_certificate) == (other.app_id, other.app_certificate)

    def __hash__(self) -> int:
        return hash((self.app_id, self.app_certificate))

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("Credentials cannot be changed. Create new ones.")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("Credentials cannot be changed. Create new ones.")

    def __copy__(self) -> Credentials:
        return self

    def __deepcopy__(self, memo: object) -> Credentials:
        return self
