"""The architecture: which package may import which (import-linter), public import paths, a light import."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import ROOT

PACKAGE = ROOT / "agora_helpers"
PUBLIC = {
    "agora_helpers",
    "agora_helpers.server",
    "agora_helpers.practice",
    "agora_helpers.practice_server",
    "agora_helpers.display",
    "agora_helpers.panels",
    "agora_helpers.exercises",
}
READERS = [ROOT / "README.md", *(ROOT / "notebooks").glob("*.ipynb"), *(ROOT / "deploy").glob("*.py")]
HEAVY = {"ipywidgets", "starlette", "uvicorn", "httpx", "httpx2", "http", "urllib", "asyncio", "dotenv", "IPython"}


def test_packages_import_only_those_before_them() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "Contracts: 1 kept, 0 broken." in result.stdout


@pytest.mark.parametrize("file", READERS, ids=lambda file: file.name)
def test_readers_import_public_paths_only(file: Path) -> None:
    modules = re.findall(r"(?:from|import) (agora_helpers[\w.]*)", file.read_text(encoding="utf-8"))
    assert set(modules) <= PUBLIC


@pytest.mark.parametrize("module", sorted(PUBLIC))
def test_a_public_package_says_what_it_holds_and_exports_it(module: str) -> None:
    file = PACKAGE.joinpath(*module.split(".")[1:], "__init__.py")
    tree = ast.parse(file.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    assert any(isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__" for node in tree.body)


def test_the_import_is_light() -> None:
    code = "import sys, agora_helpers; print(' '.join({m.split('.')[0] for m in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not HEAVY & set(done.stdout.split())


def test_only_the_command_line_prints() -> None:
    for path in PACKAGE.rglob("*.py"):
        if path.name != "cli.py":
            calls = [n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Call)]
            assert not [n for n in calls if isinstance(n.func, ast.Name) and n.func.id in ("print", "input")]
