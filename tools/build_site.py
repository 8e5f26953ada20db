"""The course as a static site: JupyterLite with the Pyodide kernel, our notebooks and every package that they import.

Beside it stands ``inspect.html``, the page that explains a token or an error message, which needs only the runtime.

    python -m tools.build_site            builds it into build/site
    python -m tools.build_site --update   pins the newest versions of the packages in tools/site/requirements.txt

Everything comes from the ordinary registries of Python and npm packages. The versions of JupyterLite and its kernel are
pinned in pyproject.toml (the extra ``site``), the kernel names the version of Python's runtime, and
``tools/site/requirements.txt`` pins what runs in the browser. The site asks no other host for anything.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterable
from email import message_from_string
from importlib.metadata import version
from pathlib import Path
from string import Template
from typing import Any

from jupyterlite_pyodide_kernel.constants import PYODIDE_PYTHON_VERSION, PYODIDE_VERSION
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from agora_helpers.display.inspection import MAX_CHARACTERS, examples_html
from agora_helpers.display.style import css
from tools.open_lab import LESSONS, RECORD, update_copy

ROOT = Path(__file__).resolve().parent.parent
HERE = Path(__file__).resolve().parent / "site"
PINS = HERE / "requirements.txt"
WORK, SITE = ROOT / "build/site-work", ROOT / "build/site"
KERNEL_WHEELS = Path(sys.prefix) / "share/jupyter/labextensions/@jupyterlite/pyodide-kernel-extension/static/pypi"
PAGES = ROOT / "agora_helpers/server/pages"
INSPECT_POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; require-trusted-types-for 'script'; trusted-types agora-inspection agora-worker"
)
RUNTIME = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
AT_START = ("micropip", "piplite", "ipykernel", "comm", "pyodide-kernel", "jedi", "ipython")
"""What the kernel needs before the first cell; the rest is loaded when a cell imports it."""
FROM_KERNEL = {"ipykernel", "piplite", "pyodide-kernel", "widgetsnbextension"}
"""These come with the kernel, made for it."""
FROM_SOURCE = {"agora-token-builder"}
"""The registry has no wheel of it."""
ONLY_IN_A_BROWSER = {"httpx2-jsfetch"}
"""What pip, which looks at this machine's markers, would not find by itself."""
NOT_THERE = {"jupyterlab", "uvicorn", "h11", "wsproto", "granian", "uvloop"}
"""Of our own needs: what takes sockets, threads or a file system of its own."""
BROWSER = {
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_python_implementation": "CPython",
    "platform_system": "Emscripten",
    "python_full_version": f"{PYODIDE_PYTHON_VERSION}.0",
    "python_version": PYODIDE_PYTHON_VERSION,
    "sys_platform": "emscripten",
}
KERNEL_SETTINGS = "@jupyterlite/pyodide-kernel-extension:kernel"
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check")
PURE = ("--only-binary=:all:", "--implementation", "py", "--abi", "none", "--platform", "any")
Json = dict[str, Any]


def main() -> None:
    """Build the site, or pin what is in it."""
    options = argparse.ArgumentParser(description="Build the course as a static site, into build/site.")
    options.add_argument("--update", action="store_true", help="pin the newest packages instead")
    update = options.parse_args().update
    # With the folders goes JupyterLite's memory of what is done: a stale one brings the outside host back.
    for folder in (WORK, SITE):
        shutil.rmtree(folder, ignore_errors=True)
    (WORK / "wheels").mkdir(parents=True)
    if update:
        write_pins()
    else:
        build()
        check()


def build() -> None:
    """Put together the runtime, the notebooks and JupyterLite around them."""
    lite = WORK / "lite"
    write_runtime(lite / "static/pyodide")
    write_config(lite)
    contents = WORK / "contents"
    contents.mkdir()
    update_copy(LESSONS, contents / "notebooks")
    (contents / "notebooks" / RECORD).unlink()
    shutil.copy(ROOT / "README.md", contents)  # the lessons point to it
    run([sys.executable, "-m", "jupyter", "lite", "build"], cwd=lite)
    shutil.copy(HERE / "index.html", SITE)
    write_inspect_page()


def write_inspect_page() -> None:
    """Write the token server's page ``/inspect`` as a page that runs Python itself, and the files that it names."""
    folder = SITE / "pages"
    folder.mkdir()
    for name in ("style.css", "icon.svg", "shared.js", "inspection.js"):
        shutil.copy(PAGES / "static" / name, folder)
    for name in ("inspect_page.js", "inspect_worker.js"):
        shutil.copy(HERE / name, folder)
    (folder / "language.css").write_text(css(), encoding="utf-8")
    values = {
        "title": "Agora authentication, hands on",
        "policy": f'\n<meta http-equiv="Content-Security-Policy" content="{INSPECT_POLICY}">',
        "script": "inspect_page.js",
        "nav": '<a href="index.html">The course</a>',
        "limit": str(MAX_CHARACTERS),
        "promise": "It does not leave this browser: Python runs in it.",
        "key": "",
        "examples": examples_html(),
        "progress": (HERE / "progress.html").read_text(encoding="utf-8").strip(),
    }
    template = (PAGES / "templates/inspect.html").read_text(encoding="utf-8")
    (SITE / "inspect.html").write_text(Template(template).substitute(values), encoding="utf-8")


def run(command: Iterable[str], cwd: Path = ROOT) -> None:
    """Run a command, and show its output only if it fails."""
    words = list(command)
    result = subprocess.run(words, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if result.returncode:
        sys.exit(f"{result.stdout}\n{' '.join(words)} failed.")


def write_runtime(folder: Path) -> None:
    """Write Python for the browser from its npm package, the wheels, and the lock file that names them."""
    folder.mkdir(parents=True)
    run(["npm", "pack", "--silent", f"pyodide@{PYODIDE_VERSION}"], cwd=WORK)
    with tarfile.open(WORK / f"pyodide-{PYODIDE_VERSION}.tgz") as package:
        package.extractall(WORK, filter="data")
    for name in RUNTIME:
        shutil.copy(WORK / "package" / name, folder)
    wheels, pins = WORK / "wheels", PINS.read_text(encoding="utf-8").split()
    own = [pin for pin in pins if pin.partition("==")[0] in FROM_SOURCE]
    run([*PIP, "wheel", "--no-deps", "--wheel-dir", str(wheels), str(ROOT), *own])
    ready = [pin for pin in pins if pin not in own]
    download = ["download", "--no-deps", "--dest", str(wheels), "--python-version", PYODIDE_PYTHON_VERSION]
    run([*PIP, *download, *PURE, *ready])
    entries = {entry["name"]: entry for entry in map(lock_entry, [*from_kernel(), *sorted(wheels.glob("*.whl"))])}
    for entry in entries.values():
        shutil.copy(entry.pop("path"), folder)
        if missing := set(entry["depends"]) - set(entries):
            sys.exit(f"{entry['name']} needs {', '.join(missing)}: run make update-site.")
    lock = json.loads((WORK / "package/pyodide-lock.json").read_text(encoding="utf-8"))
    (folder / "pyodide-lock.json").write_text(json.dumps(lock | {"packages": entries}, indent=1), encoding="utf-8")


def from_kernel() -> list[Path]:
    """Return the kernel's wheels; of two versions of one, the newer."""
    by_name = {path.name.partition("-")[0]: path for path in sorted(KERNEL_WHEELS.glob("*.whl"))}
    return list(by_name.values())


def lock_entry(wheel: Path) -> Json:
    """Return what the runtime needs to know about a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        (member,) = [name for name in names if re.fullmatch(r"[^/]+\.dist-info/METADATA", name)]
        metadata = message_from_string(archive.read(member).decode())
    name = canonicalize_name(metadata["Name"])
    extras = ("", "lab", "server") if name == "agora-helpers" else ("",)
    needs = [Requirement(line) for line in metadata.get_all("Requires-Dist") or []]
    here = [
        need
        for need in needs
        if not need.marker or any(need.marker.evaluate({**BROWSER, "extra": extra}) for extra in extras)
    ]
    depends = {canonicalize_name(need.name) for need in here} - NOT_THERE - {name}
    tops = {part.split("/")[0].removesuffix(".py") for part in names if part.endswith(".py")}
    return {
        "name": name,
        "version": metadata["Version"],
        "file_name": wheel.name,
        "install_dir": "site",
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "package_type": "package",
        "imports": sorted(top for top in tops if top.isidentifier()),
        "depends": sorted(depends),
        "unvendored_tests": False,
        "path": wheel,
    }


def write_config(lite: Path) -> None:
    """Everything from this site, nothing from elsewhere."""
    kernel = {
        "pyodideUrl": "./static/pyodide/pyodide.mjs",
        "disablePyPIFallback": True,
        "loadPyodideOptions": {"packages": AT_START, "lockFileURL": "./static/pyodide/pyodide-lock.json"},
    }
    page: Json = {
        "appName": "Agora authentication, hands on",
        "litePluginSettings": {KERNEL_SETTINGS: kernel},
    }
    config = {"jupyter-lite-schema-version": 0, "jupyter-config-data": page}
    (lite / "jupyter-lite.json").write_text(json.dumps(config), encoding="utf-8")
    shutil.copy(ROOT / "tools/overrides.json", lite)
    how = {
        "contents": [str(WORK / "contents")],
        "output_dir": str(SITE),
        "apps": ["lab"],
        "no_sourcemaps": True,
        "federated_extensions": [str(path) for path in front_ends()],
        "ignore_sys_prefix": ["federated_extensions"],  # whatever else is installed here stays here
    }
    (lite / "jupyter_lite_config.json").write_text(json.dumps({"LiteBuildConfig": how}), encoding="utf-8")


def front_ends() -> list[Path]:
    """Return the wheels with what JupyterLab itself needs: for the kernel, and for the widgets that are pinned."""
    kernel = f"jupyterlite-pyodide-kernel=={version('jupyterlite-pyodide-kernel')}"
    run([*PIP, "download", "--no-deps", "--dest", str(WORK / "front"), kernel])
    return [*(WORK / "front").glob("*.whl"), *(WORK / "wheels").glob("jupyterlab_widgets-*.whl")]


def check() -> None:
    """Fail if the site would load anything from elsewhere."""
    config = json.loads((SITE / "jupyter-lite.json").read_text(encoding="utf-8"))["jupyter-config-data"]
    kernel = config["litePluginSettings"][KERNEL_SETTINGS]
    here = {"pyodideUrl": kernel["pyodideUrl"], "lockFileURL": kernel["loadPyodideOptions"]["lockFileURL"]}
    outside = [name for name, address in here.items() if not address.startswith("./")]
    outside += [address for address in kernel["pipliteUrls"] if not address.startswith("./")]
    outside += [] if kernel["disablePyPIFallback"] else ["disablePyPIFallback"]
    folder = SITE / "static/pyodide"
    lock = json.loads((folder / "pyodide-lock.json").read_text(encoding="utf-8"))["packages"]
    outside += [entry["file_name"] for entry in lock.values() if not (folder / entry["file_name"]).is_file()]
    outside += [str(page) for page in SITE.rglob("*.html") if re.search('(src|href)="(https?:)?//', page.read_text())]
    if outside:
        sys.exit(f"The site would load from elsewhere: {', '.join(outside)}.")
    sizes = [path.stat().st_size for path in SITE.rglob("*") if path.is_file()]
    print(f"build/site: {len(sizes)} files, {sum(sizes) / 1e6:.0f} MB; nothing in it is loaded from elsewhere")


def write_pins() -> None:
    """Pin the newest versions of what the kernel and our package need in the browser, and of what those need."""
    wheels = WORK / "wheels"
    run([*PIP, "wheel", "--no-deps", "--wheel-dir", str(wheels), str(ROOT), *FROM_SOURCE])
    (own,) = wheels.glob("agora_helpers-*.whl")
    roots = [name for name in (*AT_START, *lock_entry(own)["depends"]) if name not in FROM_KERNEL | FROM_SOURCE]
    there = ["--python-version", PYODIDE_PYTHON_VERSION, *PURE]
    run([*PIP, "download", "--dest", str(wheels), *there, *roots, *ONLY_IN_A_BROWSER])
    entries = {entry["name"]: entry for entry in map(lock_entry, wheels.glob("*.whl"))}
    needed, pending = set(FROM_KERNEL), [*roots, *FROM_SOURCE]
    while pending:
        name = pending.pop()
        if name not in needed:
            needed.add(name)
            pending += entries[name]["depends"]
    pins = [f"{name}=={entries[name]['version']}\n" for name in sorted(needed - FROM_KERNEL)]
    PINS.write_text("".join(pins), encoding="utf-8")
    print(f"{PINS.relative_to(ROOT)}: {len(pins)} packages")


if __name__ == "__main__":
    main()
