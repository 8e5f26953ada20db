"""Tables as HTML and as plain text, from the same rows.

The HTML needs no style sheet, and JupyterLab's sanitiser leaves it as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import zip_longest
from textwrap import wrap

CELL_STYLE = "text-align: left; vertical-align: top; padding: 0.1em 0.8em 0.1em 0"


class Html(str):
    """A string that is already HTML and is not escaped again."""

    __slots__ = ()


def escape_unprintable(text: str) -> str:
    r"""Return a string as it is, or as a Python literal if some of its characters do not print.

    Anyone can write anything into a token, terminal escapes included.

    >>> escape_unprintable("caf\u00e9"), escape_unprintable("\u202e")
    ('café', "'\\u202e'")
    """
    return text if text.isprintable() else ascii(text)


def table_html(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], code: Iterable[int] = ()) -> str:
    """Return an HTML table.

    Args:
        caption: the table's title.
        heads: the heading of each column.
        rows: the cells of each row, as many as ``heads``; the first one names the row.
        code: numbers of the columns to show as code, counted from 0.

    >>> table_html("Ends", ["what", "when"], [("token", "<soon>")])[-39:]
    '>&lt;soon&gt;</td></tr></tbody></table>'
    """
    code_columns = set(code)
    body = "".join(
        "<tr>"
        + "".join(_cell(cell, first=column == 0, code=column in code_columns) for column, cell in enumerate(row))
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
    """Return a table of plain text.

    Args:
        rows: the cells of each row.
        heads: the heading of each column; empty for none.
        widest: a longer cell, in characters, does not widen its column.
        width: wrap cells so that lines fit into so many characters, for instance those of a terminal; the last
            column takes the space that the others leave. None does not wrap.

    >>> print(table_text([("token", "soon")], ["what", "expires"]))
    what   expires
    token  soon
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
