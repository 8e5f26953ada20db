"""Renew constraints.txt and deploy/requirements.txt.

python tools/update_constraints.py

The first has the versions of a fresh environment with all extras. The second has those that the image needs, with
hashes, which the tool uv adds. It must run on the oldest Python that pyproject.toml supports. The newest versions for
that one also run on the newer ones; the reverse is not true, since packages drop old Pythons.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NOT_PINNED = ("agora-helpers", "pip", "setuptools", "wheel")
HEAD = """\
# The versions that `make` and the Dockerfile install: those that the notebooks' outputs were stored with.
# To renew them: make update-constraints
"""


IMAGE_HEAD = """\
# What the Dockerfile installs, with the versions of constraints.txt. To renew it: make update-constraints
"""
IMAGE_EXTRAS = ("server", "redis")


def installed_versions(extras: str) -> list[str]:
    """Return ``name==version`` of everything that the project and its extras need, with today's newest versions."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder, "Scripts" if os.name == "nt" else "bin", "python"))
        pip = [python, "-m", "pip", "--disable-pip-version-check"]
        subprocess.run([*pip, "install", "--quiet", f".[{extras}]"], cwd=ROOT, check=True)
        options = ["--format=freeze", *(f"--exclude={name}" for name in NOT_PINNED)]
        listing = subprocess.run([*pip, "list", *options], capture_output=True, text=True, check=True)
    return listing.stdout.split()


def hashed_requirements() -> str:
    """Return the requirements of the image, each with the hashes of its files, for every system and Python."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        scripts = Path(folder, "Scripts" if os.name == "nt" else "bin")
        pip = [str(scripts / "python"), "-m", "pip", "--disable-pip-version-check"]
        subprocess.run([*pip, "install", "--quiet", "uv"], check=True)
        extras = [f"--extra={extra}" for extra in IMAGE_EXTRAS]
        options = ["--constraints=constraints.txt", "--generate-hashes", "--no-header", "--no-annotate", "--universal"]
        command = [str(scripts / "uv"), "pip", "compile", "--quiet", *extras, *options, "pyproject.toml"]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def main() -> None:
    """Write both files, sorted, with normalized names."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    oldest = project["requires-python"].removeprefix(">=")
    if "{}.{}".format(*sys.version_info) != oldest:
        sys.exit(
            f"This needs Python {oldest}, the oldest that is supported: make update-constraints PYTHON=python{oldest}"
        )
    lines = set()
    for line in installed_versions("dev"):
        name, _, version = line.partition("==")
        lines.add(re.sub(r"[-_.]+", "-", name).lower() + f"=={version}")
    (ROOT / "constraints.txt").write_text(HEAD + "\n".join(sorted(lines)) + "\n", encoding="utf-8")
    (ROOT / "deploy/requirements.txt").write_text(IMAGE_HEAD + hashed_requirements(), encoding="utf-8")


if __name__ == "__main__":
    main()
