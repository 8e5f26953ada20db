"""Reads settings from the process environment and the nearest ``.env`` and ``.env.local`` files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from .errors import CredentialError
from .secret import Secret

if TYPE_CHECKING:
    from pathlib import Path

FILES = (".env", ".env.local")
"""Names of the files, the one that takes precedence last."""


def read_environment(*names: str) -> dict[str, Secret]:
    """Return the variables that are set and not blank.

    Args:
        names: of the variables.

    Returns:
        Name to value, all of them hidden: some are certificates or keys. The environment takes precedence over
        ``.env.local``, and that over ``.env``, in this folder or the nearest one above that has one of the files.

    Raises:
        CredentialError: a file cannot be read. The message shows nothing of it.
    """
    settings: dict[str, Secret] = {}
    for file in _nearest_files():
        settings |= _present(_read(file), names)
    return settings | _present(os.environ, names)


def _nearest_files() -> list[Path]:
    """Return the files of the nearest folder that has any."""
    from pathlib import Path

    from dotenv import find_dotenv

    found = [Path(file) for name in FILES if (file := find_dotenv(name, usecwd=True))]
    depth = max((len(file.parts) for file in found), default=0)
    return [file for file in found if len(file.parts) == depth]


def _read(file: Path) -> Mapping[str, str | None]:
    from dotenv import dotenv_values

    with suppress(OSError, UnicodeDecodeError):  # such an error would contain the bytes, certificate included
        return dotenv_values(file, interpolate=False, encoding="utf-8-sig")
    problem, hint = "cannot be read as UTF-8.", "Save it as UTF-8, and make it readable for you."
    raise CredentialError(file.name, problem, hint)


def _present(settings: Mapping[str, str | None], names: tuple[str, ...]) -> dict[str, Secret]:
    return {name: Secret(value) for name in names if (value := settings.get(name)) and value.strip()}
