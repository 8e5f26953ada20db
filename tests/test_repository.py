"""What the repository promises about itself."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.support import ROOT

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def tracked_files() -> list[Path]:
    result = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in result.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_environment_yml_names_no_package_of_its_own() -> None:
    """pyproject.toml is the only list of dependencies, constraints.txt of versions. Read by a pattern: it is short."""
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    shape = re.fullmatch(
        r"name: [\w-]+\nchannels:\n  - conda-forge\ndependencies:\n  - python=3\.(\d+)\n  - pip\n"
        r"  - pip:\n      - -c constraints\.txt\n      - -e \.\[([\w,]+)\]\n",
        text,
    )
    assert shape, "environment.yml holds only name, channel, python, pip, the constraints and -e .[…]"
    minimum = int(PYPROJECT["project"]["requires-python"].removeprefix(">=3."))
    assert int(shape[1]) >= minimum
    assert f"Programming Language :: Python :: 3.{shape[1]}" in PYPROJECT["project"]["classifiers"]
    assert set(shape[2].split(",")) <= set(PYPROJECT["project"]["optional-dependencies"])


CONSTRAINTS = [line for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if line[:1] != "#"]
PINS = dict(line.split("==") for line in CONSTRAINTS)
REQUIREMENTS = [*PYPROJECT["project"]["dependencies"], *chain(*PYPROJECT["project"]["optional-dependencies"].values())]


def test_the_constraints_are_names_and_versions_and_sorted() -> None:
    assert [line for line in CONSTRAINTS if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*==\d[\w.]*", line)] == []
    assert sorted(CONSTRAINTS) == CONSTRAINTS


@pytest.mark.parametrize(
    "requirement", [text for text in map(Requirement, REQUIREMENTS) if text.name != "agora-helpers"], ids=str
)
def test_the_constraints_satisfy_every_requirement(requirement: Requirement) -> None:
    assert requirement.specifier.contains(PINS[requirement.name])


@pytest.mark.parametrize(("name", "count"), [("Makefile", 2), ("README.md", 3), ("environment.yml", 1)])
def test_every_installation_keeps_to_the_constraints(name: str, count: int) -> None:
    """But for the README's extra ``server``, which goes into an environment with the reader's own versions."""
    text = (ROOT / name).read_text(encoding="utf-8")
    installations = re.findall(r'^.*(?:pip install .*"|- -c .*)$', text, re.M)
    assert len(installations) == count
    assert all(re.search(r"(-c|--constraint) constraints\.txt", line) for line in installations)


def test_a_change_of_the_constraints_or_settings_installs_anew() -> None:
    (rule,) = re.findall(r"^\$\(VENV\)/\.stamp-lab .*$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    assert rule.endswith("pyproject.toml constraints.txt tools/overrides.json")


def test_no_binder_folder_hides_environment_yml() -> None:
    assert [name for name in ("binder", ".binder", "Dockerfile") if (ROOT / name).exists()] == []


def test_no_file_names_a_registry_host() -> None:
    hosts = re.compile("|".join(("pypi" + r"\.org", "python" + "hosted", "npm" + "js", "deb" + r"\.debian")))
    for path in tracked_files():
        if path.suffix not in (".png",):
            assert not hosts.search(path.read_text(encoding="utf-8")), path


def test_env_is_ignored_and_its_example_committed_empty() -> None:
    ignored = subprocess.run(["git", "check-ignore", "-q", ".env"], cwd=ROOT)
    assert ignored.returncode == 0
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert re.findall(r"^(\w+)=(.*)$", example, re.M) == [("AGORA_APP_ID", ""), ("AGORA_APP_CERTIFICATE", "")]


EXAMPLES = [path.relative_to(ROOT).as_posix() for path in (ROOT / "examples").glob("*/README.md")]


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", *EXAMPLES])
def test_relative_links_resolve(name: str) -> None:
    file = ROOT / name
    text = file.read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)]+)", text) if "://" not in link]
    assert links
    for link in links:
        path, _, anchor = link.partition("#")
        target = file.parent / path if path else file
        assert target.exists(), link
        titles = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.M) if anchor else []
        assert not anchor or anchor in [re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in titles], (
            link
        )


@pytest.mark.skipif(not shutil.which("sh"), reason="a POSIX shell")
def test_what_is_no_python_is_named(tmp_path: Path) -> None:
    def make(python: str) -> subprocess.CompletedProcess[str]:
        command = ["sh", str(ROOT / "tools/make_venv.sh"), python, ".venv", "lab"]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)

    old = tmp_path / "old python"
    old.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    old.chmod(0o755)
    for python, problem in ((str(old), "is older than Python 3.11"), ("/nowhere", "There is no '/nowhere'")):
        result = make(python)
        assert result.returncode == 1
        assert problem in result.stderr
        assert "make lab PYTHON=" in result.stderr
    assert not (tmp_path / ".venv").exists()


@pytest.mark.skipif(not shutil.which("make"), reason="make")
@pytest.mark.parametrize(
    "goal", ["lab", "test", "check", "notebooks", "run-notebooks", "bench", "update-constraints", "clean"]
)
def test_the_makefile_knows_its_goals(goal: str) -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    result = subprocess.run(["make", "-n", goal], cwd=ROOT, env=env, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert "warning" not in result.stderr, "such as a target that is defined twice"


def test_ci_runs_make_check_on_every_python() -> None:
    assert "make check" in (ROOT / ".ci/run").read_text(encoding="utf-8")
    workflow = (ROOT / ".github/workflows/check.yml").read_text(encoding="utf-8")
    assert "- run: make check" in workflow
    (pythons,) = re.findall(r"python: \[(.+)\]", workflow)
    classified = [
        line.removeprefix("Programming Language :: Python :: ") for line in PYPROJECT["project"]["classifiers"]
    ]
    assert re.findall(r'"([\d.]+)"', pythons) == [version for version in classified if version.startswith("3.")]
