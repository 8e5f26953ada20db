"""Open JupyterLab at the first lesson, in a working copy of the course. Arguments go to JupyterLab.

    python tools/open_lab.py --no-browser --port 8889

The working copy is the folder ``my-lessons``: the lessons without outputs, so that nothing is answered before its cell
runs. A lesson that the reader has not edited follows updates of the course. An edited one is kept, and named.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LESSONS = ROOT / "notebooks"
COPY = ROOT / "my-lessons"
RECORD = ".copied.json"
"""Beside the copies: which version of each lesson was copied."""


def without_outputs(text: str) -> str:
    """Return a notebook's text without what its code cells printed."""
    notebook: dict[str, Any] = json.loads(text)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell.update(outputs=[], execution_count=None)
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def version_of(text: str) -> str:
    """Return what changes when somebody edits a lesson, and not when they only run it or look at it."""
    cells = json.loads(text)["cells"]
    sources = [(cell["cell_type"], "".join(cell["source"])) for cell in cells]
    return hashlib.sha256(json.dumps(sources).encode()).hexdigest()


def update_copy(lessons: Path, copy: Path) -> list[str]:
    """Write the lessons into the working copy, with the pictures and the glossary.

    Args:
        lessons: the folder of the committed lessons.
        copy: the folder of the working copy, created if needed.

    Returns:
        The names of the edited lessons of which there is a newer version. They stay as they are.
    """
    copy.mkdir(exist_ok=True)
    record = copy / RECORD
    copied: dict[str, str] = {}
    with contextlib.suppress(FileNotFoundError, ValueError):  # then what is there is compared with the newest
        copied = json.loads(record.read_text(encoding="utf-8"))
    kept = []
    for lesson in sorted(lessons.glob("*.ipynb")):
        text, mine = without_outputs(lesson.read_text(encoding="utf-8")), copy / lesson.name
        newest = version_of(text)
        before = copied.get(lesson.name, newest)
        if mine.is_file() and not is_unedited(mine, before):
            kept += [lesson.name] if before != newest or lesson.name not in copied else []
            continue
        if not mine.is_file() or before != newest:
            mine.write_text(text, encoding="utf-8", newline="\n")
        copied[lesson.name] = newest
    record.write_text(json.dumps(copied, indent=1) + "\n", encoding="utf-8")
    shutil.copytree(lessons / "images", copy / "images", dirs_exist_ok=True)
    for page in lessons.glob("*.md"):
        shutil.copy(page, copy)
    return kept


def is_unedited(lesson: Path, version: str) -> bool:
    """Return whether a lesson of the working copy is as it was copied. One that cannot be read is not."""
    try:
        return version_of(lesson.read_text(encoding="utf-8")) == version
    except (ValueError, KeyError, TypeError):
        return False


def main() -> int:
    """Update the working copy, then run JupyterLab. Return its exit status."""
    for name in update_copy(LESSONS, COPY):
        print(f"Kept your {name}, which you have edited. For the new version, rename yours and start again.")
    print(f"Opening JupyterLab with your copy of the lessons, in {COPY.name}/; stop it with Ctrl-C.", flush=True)
    commands = Path(sys.executable).parent  # agora-helpers in JupyterLab's terminals
    env = os.environ | {"PATH": os.pathsep.join((str(commands), os.environ.get("PATH", os.defpath)))}
    options = ["--ServerApp.root_dir=.", "--ContentsManager.allow_hidden=True"]
    if os.name == "posix":  # without this it would be a login shell if there is no terminal here, which resets PATH
        options.append(f"--ServerApp.terminado_settings={{'shell_command': [{os.environ.get('SHELL', '/bin/sh')!r}]}}")
    lab = [sys.executable, "-m", "jupyterlab", *options, *sys.argv[1:], f"{COPY.name}/00_start_here.ipynb"]
    try:
        return subprocess.run(lab, cwd=ROOT, env=env, check=False).returncode
    except KeyboardInterrupt:  # JupyterLab got it as well, and has stopped
        return 0


if __name__ == "__main__":
    sys.exit(main())
