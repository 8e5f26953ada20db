"""Reads settings from the process environment and the nearest ``.env`` file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress

from .errors import CredentialError
from .secret import Secret


def read_environment(*names: str) -> dict[str, Secret]:
    """Return the variables that are set and not blank.

    Args:
        names: of the variables.

    Returns:
        Name to value, all of them hidden: some are certificates or keys. The environment takes precedence over the
        nearest ``.env`` file in this folder or above.

    Raises:
        CredentialError: ``.env`` cannot be read. The message shows nothing of it.
    """
    from dotenv import dotenv_values, find_dotenv

    file = find_dotenv(usecwd=True)
    from_file: Mapping[str, str | None] | None = None
    with suppress(OSError, UnicodeDecodeError):  # such an error would contain the bytes, certificate included
        from_file = dotenv_values(file, interpolate=False, encoding="utf-8-sig") if file else {}
    if from_file is None:
        raise CredentialError(".env", "cannot be read as UTF-8.", "Save it as UTF-8, and make it readable for you.")
    return _present(from_file, names) | _present(os.environ, names)


def _present(settings: Mapping[str, str | None], names: tuple[str, ...]) -> dict[str, Secret]:
    return {name: Secret(value) for name in names if (value := settings.get(name)) and value.strip()}
