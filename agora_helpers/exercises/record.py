"""Which exercises are solved: remembered until the kernel stops, and in a file if the learner wants it.

The file is plain text in the working folder, with the id of an exercise on each line. Notebooks only add lines to it,
so those that run at the same time do not undo each other's. Each adds again what it has solved and does not find there.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Final

FILE: Final = "my-progress.txt"
"""The file's name."""
_HEAD: Final = "# Solved exercises of the course on Agora authentication. Delete this file to forget them.\n"
_ID = re.compile(r"\d\d\.\d{1,3}", re.ASCII)
_MAX_CHARACTERS = 20_000
_ASIDE = "It stays as it is. Move it to another folder, then run exercises.progress(remember=True)."

_solved: set[str] = set()
"""The ids of what this kernel has solved."""


def add(exercise: str) -> str:
    """Remember that an exercise is solved, in the file only if there is one. Return the problem, or an empty string."""
    _solved.add(exercise)
    return save()


def load() -> set[str]:
    """Return the ids of all solved exercises. Nothing is taken from a file that this course did not write."""
    try:
        return _solved | _ids(_read() or "")
    except (OSError, ValueError):
        return set(_solved)


def save(*, create: bool = False) -> str:
    """Add to the file what it lacks. Return why it could not be done, or an empty string.

    Args:
        create: write a new file if there is none.
    """
    try:
        text = _read()
        if text is None and not create:
            return ""
        missing = sorted(_solved - _ids(text or ""))
        if missing or text is None:
            head = _HEAD if text is None else "" if text.endswith("\n") else "\n"
            with Path(FILE).open("a", encoding="utf-8", newline="\n") as file:  # one write: lines stay whole
                file.write(head + "".join(f"{exercise}\n" for exercise in missing))
    except OSError as error:
        return f"{FILE}: cannot be read or written ({error.strerror}). Make the file and its folder writable for you."
    except ValueError as error:
        return f"{FILE}: {error} {_ASIDE}"
    return ""


def is_kept() -> bool:
    """Return whether there is a file with a record. Call it only if :func:`save` had no problem."""
    return _read() is not None


def outlives_the_kernel() -> bool:
    """Return whether files do. In a browser tab only those in its storage do, which is mounted at /drive."""
    return sys.platform != "emscripten" or Path.cwd().is_relative_to("/drive")


def _read() -> str | None:
    """Return the file's text; None if there is none."""
    try:
        with Path(FILE).open(encoding="utf-8") as file:
            text = file.read(_MAX_CHARACTERS + 1)
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        raise ValueError("was not written by this course.") from None
    return text or None  # another notebook has created it, and not yet written to it


def _ids(text: str) -> set[str]:
    """Return the ids in the file's text, or raise ValueError. The message repeats nothing of it."""
    if not text:
        return set()
    first, *rest = text.splitlines()
    if first != _HEAD.rstrip() or len(text) > _MAX_CHARACTERS:
        raise ValueError("was not written by this course.")
    for number, line in enumerate(rest, 2):
        if line.strip() and line.rstrip() != first and not _ID.fullmatch(line.strip()):
            raise ValueError(f"line {number} is not the id of an exercise.")
    return set(map(str.strip, rest)) - {"", first}
