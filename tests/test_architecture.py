"""The order of the files, enforced: imports only go up the list. And the README names them all."""

from __future__ import annotations

import ast
import re
import subprocess
import sys

from tests.support import ROOT

LAYERS = [
    {"errors", "vocabulary"},
    {
        "environment",
        "validation",
        "wording",
        "wire",
        "services",
        "reasons",
        "near_miss",
        "tables",
        "error_table",
        "in_process",
        "json_requests",
        "sdk_checks",
        "sources",
        "calls",
    },
    {"credentials"},
    {"decoded", "service_validation", "certificates"},
    {"token006", "token007"},
    {"build", "inspection"},
    {"findings", "repair", "error_lookup"},
    {"time_findings", "signatures", "comparison", "admission"},
    {"verification"},
    {"judgement"},
    {"access_point"},
    {"rehearsal"},
    {"render", "anatomy", "timeline", "token_form"},
    {"verdict_view", "admission_view"},
    {"policy"},
    {"settings"},
    {"access_log", "token_requests"},
    {"rate_limit"},
    {"http_protocol"},
    {"gate", "hosting", "openapi", "server_environment", "web"},
    {"pages"},
    {"server", "access_point_app"},
    {"practice_app"},
    {"panels", "exercises"},
    {"agora_helpers", "arguments"},
    {"__main__"},
]
THIRD_PARTY = {
    "token006": {"agora_token_builder"},
    "environment": {"dotenv"},
    "rate_limit": {"limits"},
    "hosting": {"httpx2", "uvicorn"},
    "http_protocol": {"uvicorn"},
    "in_process": {"httpx2"},
    "web": {"starlette"},
    "pages": {"starlette"},
    "server": {"starlette", "uvicorn"},
    "practice_app": {"starlette"},
    "access_point_app": {"starlette"},
    "panels": {"ipywidgets", "traitlets"},
}
PACKAGE = ROOT / "agora_helpers"
MODULES = [*PACKAGE.glob("*.py"), *PACKAGE.glob("*/__init__.py")]


def imports(name: str) -> tuple[set[str], set[str]]:
    """Modules of ours and top-level modules of others that a file imports, inside functions too."""
    ours: set[str] = set()
    others: set[str] = set()
    folder = PACKAGE / name
    file = PACKAGE / ("__init__.py" if name == PACKAGE.name else f"{name}.py")
    files = sorted(folder.glob("*.py")) if folder.is_dir() else [file]
    for node in [node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))]:
        if isinstance(node, ast.ImportFrom) and node.level == 1 + folder.is_dir():
            ours |= {node.module.split(".")[0]} if node.module else {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level:
            continue  # within the folder
        elif isinstance(node, ast.ImportFrom):
            others.add((node.module or "").split(".")[0])
        elif isinstance(node, ast.Import):
            others |= {alias.name.split(".")[0] for alias in node.names}
    return ours, others - set(sys.stdlib_module_names)


def test_every_file_has_its_layer_and_imports_only_from_layers_above() -> None:
    assert {path.parent.name if path.stem == "__init__" else path.stem for path in MODULES} == set().union(*LAYERS)
    allowed: set[str] = set()
    for layer in LAYERS:
        for name in layer:
            ours, others = imports(name)
            assert ours <= allowed, f"{name} imports {ours - allowed}"
            assert others <= THIRD_PARTY.get(name, set()), f"{name} imports {others}"
        allowed |= layer


def test_the_readme_names_every_file() -> None:
    _, _, table = (ROOT / "README.md").read_text(encoding="utf-8").partition("| what | where in `agora_helpers` |")
    named = re.findall(r"`([a-z_0-9]+)/?`", table.partition("\n\n")[0])
    assert sorted(named) == sorted(set().union(*LAYERS) - {PACKAGE.name})


def test_the_import_is_light() -> None:
    heavy = {"ipywidgets", "starlette", "uvicorn", "httpx", "httpx2", "http", "urllib", "asyncio", "dotenv", "IPython"}
    code = "import sys, agora_helpers; print(' '.join({m.split('.')[0] for m in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not heavy & set(done.stdout.split())


def test_no_library_file_prints() -> None:
    for path in PACKAGE.rglob("*.py"):
        if path.stem != "__main__":
            calls = [n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Call)]
            assert not [n for n in calls if isinstance(n.func, ast.Name) and n.func.id in ("print", "input")]
