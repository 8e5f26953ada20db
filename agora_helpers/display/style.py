"""The visual language that panels, pages and drawings share: spacing, type, colours, and the parts made of them.

``style.css`` beside this module is its only source. It has values (``--agora-…``) and classes (``agora-…``):

* A live panel holds :func:`sheet` once, and its outermost element has the class ``agora``; ``panels.base.Panel`` does
  both. Its HTML uses the classes: ``agora-box``, ``agora-answer``, ``agora-marks``, ``agora-rows``, ``agora-columns``,
  ``agora-copy``. A second class gives the colour: a :data:`Group` or a :data:`Result`, for instance
  ``agora-box agora-bad``.
* A page has ``<html class="agora">``, links ``pages/language.css``, which has this content, and takes its colours
  from the values, as in ``color: var(--agora-quiet)``.
* Elements inside ``agora-linked`` that share a class ``agora-f1`` to ``agora-f96`` light up together: see
  ``linked.py``.
* A drawing takes :func:`color` for a picture that stands alone, or the values inside a panel.
* A stored output (``text/html``) has no style sheet: code hosts and JupyterLab remove it, and it would be stored again
  with each output. It says everything in words and signs; :func:`tint` adds a colour inline.

Light and dark follow JupyterLab's theme, and on pages the reader's preference. Every colour of text has a contrast of
at least 4.5 to 1. No colour stands alone: a result has its sign (:data:`SIGNS`), a group its name (:data:`GROUPS`).
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Final, Literal

Group = Literal["who", "what", "when", "proof", "technical"]
"""What a field of a token is about."""
Result = Literal["good", "bad", "unknown"]

GROUPS: Final[dict[Group, str]] = {
    "who": "Who",
    "what": "What",
    "when": "Until when",
    "proof": "Proof",
    "technical": "Technical fields",
}
"""The name that stands beside each group's colour."""
SIGNS: Final[dict[Result, str]] = {"good": "✓", "bad": "✗", "unknown": "–"}  # noqa: RUF001
"""The sign that stands beside each result's colour."""
LINKED: Final = 96
"""Fields of a token that can be linked: ``agora-f1`` to ``agora-f96``. A usual token has about 20."""


def _links() -> str:
    """Return the rule that lights up all elements of a link's class while one of them is hovered or focused."""
    names = [*(f"agora-p{number}" for number in range(4)), *(f"agora-f{number}" for number in range(1, LINKED + 1))]
    selectors = ",\n".join(f".agora-linked:has(.{name}:is(:hover, :focus)) .{name}" for name in names)
    return (
        f"{selectors} {{ --agora-lit: var(--agora-hue); --agora-lit-text: var(--agora-ground); --agora-shown: block; "
        "--agora-lit-bar: 0 0 0 2px; --agora-lit-line: 2px solid Highlight; }\n"
    )


@cache
def css() -> str:
    """Return the style sheet, read when it is first needed: the command line has no use for it."""
    return files(__package__).joinpath("style.css").read_text(encoding="utf-8") + _links()


def sheet() -> str:
    """Return the style sheet as an HTML element, for a live panel.

    >>> sheet()[:7]
    '<style>'
    """
    return f"<style>{css()}</style>"


def color(name: Group | Result, *, dark: bool = False) -> str:
    """Return the colour of a group or a result, for a picture that stands alone.

    >>> color("who"), color("who", dark=True)
    ('#0b5cad', '#7cbcf8')
    """
    match = re.search(rf"--agora-{name}: light-dark\((#\w+), (#\w+)\)", css())
    if match is None:
        raise ValueError(f"no colour is named {name}")
    return match[2 if dark else 1]


_TINTS: Final[dict[Group, str]] = {
    "who": "#cfe8ff",
    "what": "#f3d9f7",
    "when": "#ffe2b4",
    "proof": "#cdf1e4",
    "technical": "#e2e2e2",
}


def tint(group: Group) -> str:
    """Return the inline style of a group's values in stored HTML: dark on a light ground, in every theme.

    >>> tint("who")
    'background: #cfe8ff; color: #111; padding: 0 0.3em'
    """
    return f"background: {_TINTS[group]}; color: #111; padding: 0 0.3em"


_EDGES: Final[dict[Result, tuple[str, str]]] = {
    "good": ("#168a6d", "rgba(22, 138, 109, 0.12)"),
    "bad": ("#cf5a22", "rgba(207, 90, 34, 0.12)"),
    "unknown": ("#7b838d", "rgba(123, 131, 141, 0.12)"),
}


def box(result: Result, edge: Literal["left", "top"] = "left") -> str:
    """Return the inline style of a box in stored HTML: an edge and a ground that let the text of each theme stand out.

    >>> box("good")[:30]
    'border: 1px solid #7b838d; bor'
    """
    line, ground = _EDGES[result]
    return f"border: 1px solid #7b838d; border-{edge}: 5px solid {line}; border-radius: 6px; background: {ground}"
