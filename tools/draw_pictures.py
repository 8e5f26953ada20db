"""Draw the SVG pictures of the lessons in the visual language.

python tools/draw_pictures.py

A picture stands in a notebook as an image, and sees neither JupyterLab's theme nor its style sheet. So each is a light
card with a ground of its own, which is readable on a light page, on a dark one and on paper. A picture that moves is
complete when it stands still: no text ever moves or disappears. ``tools/pictures`` has a module for each family.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools.pictures import console, flows, projects, tokens  # noqa: E402

FOLDER: Final = ROOT / "notebooks" / "images"
PICTURES: Final = {
    f"{draw.__name__}.svg": draw
    for draw in (
        console.cohost_authentication,
        console.console_certificates,
        console.console_new_project,
        console.console_projects,
        console.console_temporary_token,
        projects.mechanisms_heat_map,
        projects.mechanisms_migration,
        flows.refused_join,
        flows.renewal,
        flows.request_policy_token,
        projects.rotation,
        tokens.token_anatomy,
        flows.token_flow,
        tokens.token_in_colours,
        flows.two_doors,
        tokens.uid_line,
        tokens.what_is_signed,
        flows.where_joining_fails,
        flows.who_is_who,
    )
}


def main() -> None:
    """Write all pictures."""
    for name, draw in PICTURES.items():
        (FOLDER / name).write_text(draw(), encoding="utf-8")


if __name__ == "__main__":
    main()
