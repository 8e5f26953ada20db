"""Run the notebooks from top to bottom.

python tools/run_notebooks.py            with the reader's own credentials; compares and writes nothing
python tools/run_notebooks.py --write    store the outputs, cleaned so that files hold no path and do not churn
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
CELL_TIMEOUT = 120  # seconds
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def clean(notebook: nbformat.NotebookNode) -> None:
    """Drop what differs from run to run or from machine to machine, and what only a live kernel can show."""
    notebook.metadata.pop("widgets", None)
    notebook.metadata.get("language_info", {}).pop("version", None)
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        cell.metadata.pop("execution", None)
        if "nbval-ignore-output" in cell.metadata.get("tags", []):
            cell.outputs = []
        for output in cell.outputs:
            output.get("data", {}).pop(WIDGET_VIEW, None)


def main() -> int:
    """Run all; the exit status is 1 if a notebook failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="store the outputs")
    write = parser.parse_args().write
    failed = False
    for path in sorted(FOLDER.glob("*.ipynb")):
        start = time.monotonic()
        notebook = nbformat.read(path, as_version=4)
        client = NotebookClient(
            notebook,
            timeout=CELL_TIMEOUT,
            kernel_name="python3",
            record_timing=False,
            coalesce_streams=True,
            resources={"metadata": {"path": str(FOLDER)}},
        )
        try:
            client.execute()
        except CellExecutionError as error:
            print(f"{path.name}: failed: {error.ename}: {error.evalue}", file=sys.stderr)
            failed = True
            continue
        if write:
            clean(notebook)
            path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8", newline="\n")
        print(f"{path.name}: {'stored' if write else 'ran'} in {time.monotonic() - start:.1f} s")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
