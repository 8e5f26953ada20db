"""The architecture: which package may import which (import-linter), public import paths, a light import."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

from tests.support import ROOT

PACKAGE = ROOT / "agora_helpers"
PUBLIC = {
    "agora_helpers",
    "agora_helpers.audit",
    "agora_helpers.server",
    "agora_helpers.practice",
    "agora_helpers.practice_server",
    "agora_helpers.display",
    "agora_helpers.testing",
    "agora_helpers.panels",
    "agora_helpers.exercises",
}
SUB_PACKAGES = sorted(file.parent.name for file in PACKAGE.glob("*/__init__.py"))
READERS = [
    ROOT / "README.md",
    *(ROOT / "notebooks").glob("*.ipynb"),
    *(ROOT / "deploy").glob("*.py"),
    *(ROOT / "examples").glob("*/*.py"),
]
HEAVY = {"ipywidgets", "starlette", "uvicorn", "httpx", "httpx2", "http", "urllib", "asyncio", "dotenv", "IPython"}


def test_packages_import_only_those_before_them() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "Contracts: 1 kept, 0 broken." in result.stdout


@pytest.mark.parametrize("package", SUB_PACKAGES)
def test_a_package_imports_what_its_docstring_allows(package: str) -> None:
    """It ends with ``May import: base, `tokens`.``, where base is every module that is not in a sub-package."""
    name = f"agora_helpers.{package}"
    graph = grimp.build_graph("agora_helpers", cache_dir=None)
    modules = {name} | graph.find_descendants(name)
    imported = {
        target.split(".")[1] for module in modules for target in graph.find_modules_directly_imported_by(module)
    }
    docstring = ast.get_docstring(ast.parse((PACKAGE / package / "__init__.py").read_text(encoding="utf-8"))) or ""
    (allowed,) = re.findall(r"^May import: (.+)\.$", docstring, re.M)
    assert (imported & set(SUB_PACKAGES)) - {package} <= set(re.findall(r"\w+", allowed))


@pytest.mark.parametrize("file", READERS, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_readers_import_public_paths_only(file: Path) -> None:
    modules = re.findall(r"\b(?:from|import) (agora_helpers[\w.]*)", file.read_text(encoding="utf-8"))
    assert set(modules) - PUBLIC == set()


@pytest.mark.parametrize("module", sorted(PUBLIC))
def test_a_public_package_says_what_it_holds_and_exports_it(module: str) -> None:
    file = PACKAGE.joinpath(*module.split(".")[1:], "__init__.py")
    tree = ast.parse(file.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    assert any(isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__" for node in tree.body)


def test_the_import_is_light() -> None:
    code = "import sys, agora_helpers; print(' '.join({m.split('.')[0] for m in sys.modules}))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert HEAVY & set(result.stdout.split()) == set()


def test_only_the_command_line_prints() -> None:
    speakers = set()
    for path in PACKAGE.rglob("*.py"):
        calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
        if any(isinstance(call.func, ast.Name) and call.func.id in ("print", "input") for call in calls):
            speakers.add(path.name)
    assert speakers == {"cli.py"}
