"""The parts of which pictures are made: the card, text, boxes, arrows, signs, and the controls of a form."""

from __future__ import annotations

from html import escape
from typing import Final

from agora_helpers.display.style import Group, Result, color

WIDTH: Final = 760
_STYLE: Final = """\
text { font: 14px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; fill: #1c1f23 }
.name { font-weight: 600 }
.quiet { font-size: 13px; fill: #565e68 }
.code { font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace }
.string { font: 600 16px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace }
.card { fill: #f5f6f8; stroke: #c8cdd4 }
.box { fill: #fff; stroke: #c8cdd4 }
.control { fill: #f5f6f8; stroke: #7b838d }
.on { fill: #0b57a4 }
.off { fill: #7b838d }
.line { fill: none; stroke: #7b838d; stroke-width: 1.5 }
.arrow { fill: none; stroke: #565e68; stroke-width: 2; marker-end: url(#tip) }
.sign { fill: none; stroke-width: 2.5 }
.icon { fill: #fff; stroke: #0b57a4; stroke-width: 1.5 }
.sketch { fill: none; stroke: #0b57a4; stroke-width: 1.5 }
.light { font-size: 13px; font-weight: 600; fill: #fff }
"""
_TIP: Final = (
    '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" markerHeight="9" '
    'markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0 10 5 0 10z" fill="#565e68"/></marker></defs>\n'
)


def picture(title: str, description: str, height: int, *parts: str, motion: str = "") -> str:
    """Return an SVG document: a card with its title, its description (the lesson's alt text) and its parts.

    ``motion`` holds style rules for screens, unless the reader prefers reduced motion.
    """
    body = "\n".join(parts)
    if motion:
        motion = f"@media screen and (prefers-reduced-motion: no-preference) {{\n{motion}}}\n"
    used = [
        rule
        for rule in _STYLE.splitlines()
        if not rule.startswith(".") or rule[1 : rule.index(" ")] in {*body.replace('"', " ").split(), "card"}
    ]
    style = "\n".join(used) + "\n" + motion
    tip = _TIP if 'class="arrow"' in body else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'role="img" aria-labelledby="title" aria-describedby="desc">\n'
        "<!-- drawn by tools/draw_pictures.py -->\n"
        f'<title id="title">{escape(title, quote=False)}</title>\n'
        f'<desc id="desc">{escape(description, quote=False)}</desc>\n'
        f"<style>\n{style}</style>\n{tip}"
        f'<rect class="card" x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1}" rx="10"/>\n{body}\n</svg>\n'
    )


def text(x: float, y: float, content: str, kind: str = "", *, anchor: str = "start") -> str:
    """Return one line of text; ``kind`` is ``name``, ``quiet``, ``code`` or several of them."""
    kind = f' class="{kind}"' if kind else ""
    place = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text x="{x:g}" y="{y:g}"{kind}{place}>{escape(content, quote=False)}</text>'


def about_no_certificate(x: float, y: float, before: str, after: str = "") -> str:
    """Return a line of text about the entry *No certificate* of the console."""
    return f'<text x="{x:g}" y="{y:g}">{before} <tspan class="name">No certificate</tspan>{after}</text>'


def lines(x: float, y: float, *contents: str, kind: str = "", step: int = 20) -> str:
    """Return lines of text, one below the other."""
    return "\n".join(text(x, y + step * row, content, kind) for row, content in enumerate(contents))


def box(
    x: float, y: float, width: float, height: float, hue: Group | Result | None = None, *, dashed: bool = False
) -> str:
    """Return a box; one that has a colour has it as a bar at its left."""
    dashes = f' stroke-dasharray="5 4" style="stroke: {color(hue)}"' if dashed and hue else ""
    bar = (
        f'\n<path d="M{x + 5:g} {y:g}h-1a4 4 0 0 0-4 4v{height - 8:g}a4 4 0 0 0 4 4h1z" fill="{color(hue)}"/>'
        if hue
        else ""
    )
    return f'<rect class="box" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="4"{dashes}/>{bar}'


def arrow(*points: tuple[float, float]) -> str:
    """Return an arrow along the points."""
    path = " ".join(f"{x:g} {y:g}" for x, y in points)
    return f'<path class="arrow" d="M{path}"/>'


def line(path: str, *, dashed: bool = False) -> str:
    """Return a thin line."""
    dashes = ' stroke-dasharray="2 4"' if dashed else ""
    return f'<path class="line" d="{path}"{dashes}/>'


def sign(x: float, y: float, result: Result) -> str:
    """Return a tick or a cross around a point, as a drawing: not every font has the characters."""
    shape = "m-6 0 4 5 8-11" if result == "good" else "m-5-5 10 10m0-10-10 10"
    return f'<path class="sign" d="M{x:g} {y:g}{shape}" stroke="{color(result)}"/>'


def field(x: int, y: int, width: int, content: str) -> str:
    """Return a field of a form."""
    shape = f'<rect class="box control" x="{x}" y="{y}" width="{width}" height="28" rx="4"/>'
    return f"{shape}\n{text(x + 12, y + 19, content)}"


def button(x: int, y: int, width: int, content: str, *, dashed: bool = False) -> str:
    """Return a button; a dashed one is not always there."""
    dashes = ' stroke-dasharray="4 3"' if dashed else ""
    shape = f'<rect class="box control" x="{x}" y="{y}" width="{width}" height="28" rx="14"{dashes}/>'
    return f"{shape}\n{text(x + width / 2, y + 19, content, 'quiet' if dashed else '', anchor='middle')}"


def eye(x: int, y: int) -> str:
    """Return the icon that shows what is hidden."""
    return f'<path class="icon" d="M{x - 9} {y}q9-10 18 0q-9 10-18 0z"/><circle class="on" cx="{x}" cy="{y}" r="2.5"/>'


def copy_icon(x: int, y: int) -> str:
    """Return the icon that copies."""
    return f'<path class="icon" d="M{x - 7} {y - 8}h10v11h-10zM{x - 3} {y - 4}h10v11h-10z"/>'


def switch(x: float, y: float, *, on: bool = True) -> str:
    """Return a switch."""
    kind, knob = ("on", 22) if on else ("off", 8)
    shape = f'<rect class="{kind}" x="{x:g}" y="{y - 8:g}" width="30" height="16" rx="8"/>'
    return f'{shape}<circle cx="{x + knob:g}" cy="{y:g}" r="5.5" fill="#fff"/>'


def ground(x: float, y: float, width: float, height: float, hue: Group | Result) -> str:
    """Return an area with a light tint of a colour."""
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="4" fill="{color(hue)}" '
        'fill-opacity="0.15"/>'
    )


def mark(x: float, y: float, number: int, hue: Group | Result) -> str:
    """Return a numbered disc around a point."""
    disc = f'<circle cx="{x:g}" cy="{y:g}" r="11" fill="{color(hue)}"/>'
    return f"{disc}\n{text(x, y + 5, str(number), 'light', anchor='middle')}"


def person(x: float, y: float, *, speaks: bool) -> str:
    """Return a person around a point: with a microphone, or with headphones."""
    shape = (
        f'<path class="icon" d="M{x - 16:g} {y + 30:g}a16 18 0 0 1 32 0z"/>'
        f'<circle class="icon" cx="{x:g}" cy="{y:g}" r="9"/>'
    )
    if speaks:
        held = (
            f'<rect class="on" x="{x + 20:g}" y="{y - 12:g}" width="9" height="16" rx="4.5"/>'
            f'<path class="sketch" d="M{x + 17:g} {y - 2:g}a7.5 8 0 0 0 15 0m-7.5 8v6m-5 0h10"/>'
        )
    else:
        held = (
            f'<path class="sketch" d="M{x - 12:g} {y + 1:g}a12 13 0 0 1 24 0"/>'
            f'<path class="on" d="M{x - 15:g} {y - 2:g}h6v9h-6zM{x + 9:g} {y - 2:g}h6v9h-6z"/>'
        )
    return shape + held


def bubble(x: float, y: float, width: float, content: str) -> str:
    """Return a speech bubble; one with a negative width extends to the left of ``x``."""
    side, sweep = (1, 1) if width > 0 else (-1, 0)
    corner = f"a8 8 0 0 {sweep}"
    path = (
        f"M{x + 8 * side:g} {y:g}h{width - 16 * side:g}{corner} {8 * side} 8v16{corner} {-8 * side} 8"
        f"H{x + 22 * side:g}l{-12 * side} 10v-10h{-2 * side}{corner} {-8 * side}-8v-16{corner} {8 * side}-8z"
    )
    shape = f'<path class="icon" d="{path}"/>'
    return f"{shape}\n{text(x + width / 2, y + 21, content, anchor='middle')}"
