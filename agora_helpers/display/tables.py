"""Tables as HTML and as plain text, from the same rows. They need no style sheet; JupyterLab's sanitiser keeps them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import zip_longest
from textwrap import wrap

CELL_STYLE = "text-align: left; vertical-align: top; padding: 0.1em 0.8em 0.1em 0"


class Html(str):
    """A text that is HTML already, and stays as it is."""

    __slots__ = ()


def escape_unprintable(text: str) -> str:
    """As it is, or escaped if there is more in it than meets the eye: anyone can write a token."""
    return text if text.isprintable() else ascii(text)


def table_html(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], code: Iterable[int] = ()) -> str:
    """An HTML table whose first column names the row; the columns ``code`` are set as code.

    >>> table_html("Ends", ["what", "when"], [("token", "<soon>")])[-39:]
    '>&lt;soon&gt;</td></tr></tbody></table>'
    """
    as_code = set(code)
    body = "".join(
        "<tr>"
        + "".join(_cell(cell, first=place == 0, code=place in as_code) for place, cell in enumerate(row))
        + "</tr>"
        for row in rows
    )
    head = "".join(f'<th scope="col" style="{CELL_STYLE}">{escape(text)}</th>' for text in heads)
    title = f'<caption style="text-align: left">{escape(caption)}</caption>'
    return f'<table style="line-height: 1.4">{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _cell(text: str, *, first: bool, code: bool) -> str:
    shown = text if isinstance(text, Html) else escape(text)
    style = CELL_STYLE
    if code and shown:
        shown = f"<code>{shown}</code>"
        style += "; overflow-wrap: anywhere" * (len(text) > 24)
    return f'<th scope="row" style="{style}">{shown}</th>' if first else f'<td style="{style}">{shown}</td>'


def table_text(
    rows: Iterable[Sequence[str]], heads: Sequence[str] = (), widest: int = 40, width: int | None = None
) -> str:
    """The rows in columns of plain text; a cell of more than ``widest`` characters does not widen its column.

    With ``width``, as of a terminal, cells are wrapped within their columns, the last of which takes what is left.
    """
    lines = [*([heads] if heads else []), *rows]
    if not lines:
        return ""
    widths = [max((len(line[n]) for line in lines if len(line[n]) <= widest), default=0) for n in range(len(lines[0]))]
    if width is not None:
        widths = [min(widest, max(len(line[n]) for line in lines)) for n in range(len(widths))]
        widths[-1] = max(20, width - sum(widths[:-1]) - 2 * (len(widths) - 1))
        lines = [wrapped for line in lines for wrapped in _wrap(line, widths)]
    return "\n".join(
        "  ".join(f"{cell:<{columns}}" for cell, columns in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def _wrap(line: Sequence[str], widths: list[int]) -> list[tuple[str, ...]]:
    parts = [wrap(cell, max(columns, 1), break_on_hyphens=False) for cell, columns in zip(line, widths, strict=True)]
    return list(zip_longest(*parts, fillvalue=""))
