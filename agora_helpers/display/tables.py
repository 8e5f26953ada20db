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
    """Return a table of plain text. The arguments are those of :func:`table_lines`.

    >>> print(table_text([("token", "soon")], ["what", "expires"]))
    what   expires
    token  soon
    """
    return "\n".join(BETWEEN.join(line).rstrip() for lines in table_lines(rows, heads, widest, width) for line in lines)


BETWEEN = "  "
"""What separates the columns of a table of text."""


def table_lines(
    rows: Iterable[Sequence[str]], heads: Sequence[str] = (), widest: int = 40, width: int | None = None
) -> list[list[tuple[str, ...]]]:
    """Return a table of plain text: for the headings and for each row its lines, as cells padded to their columns.

    Args:
        rows: the cells of each row.
        heads: the heading of each column; empty for none.
        widest: without ``width``, a longer cell, in characters, does not widen its column.
        width: wrap cells so that lines fit into so many characters, for instance those of a terminal. Where not even
            narrow columns fit, a row's cells stand below each other. None does not wrap.

    >>> table_lines([("token", "in 10 minutes")], width=19)
    [[('token', 'in 10       '), ('     ', 'minutes     ')]]
    """
    lines = [*([heads] if heads else []), *rows]
    if not lines:
        return []
    columns = range(len(lines[0]))
    if width is None:
        widths = [max((len(line[n]) for line in lines if len(line[n]) <= widest), default=0) for n in columns]
        return [[_pad(line, widths)] for line in lines]
    fitting = _fit(lines, width - len(BETWEEN) * (len(columns) - 1))
    if fitting is None:
        return _below_each_other(lines[1:] if heads else lines, heads, width)
    return [_wrap(line, fitting) for line in lines]


_NARROWEST = 12
"""Characters of a column whose cells are wrapped; in a narrower one nobody can read."""
_LONGEST_WORD = 34
"""Longer words are broken even if there is space for them, or one would take it from the other columns."""


def _fit(lines: Sequence[Sequence[str]], room: int) -> list[int] | None:
    """Return the columns' widths, of which only the widest are narrowed, and words are broken only if they must be."""
    cells = [*zip(*lines, strict=True)]
    widths = [max(map(len, column)) for column in cells]
    words = [max(len(word) for cell in column for word in (cell.split() or [""])) for column in cells]
    for shortest in ([min(word, _LONGEST_WORD) for word in words], [_NARROWEST] * len(widths)):
        for level in range(min(max(widths), room), _NARROWEST - 1, -1):
            narrowed = [min(wide, max(least, level)) for wide, least in zip(widths, shortest, strict=True)]
            if sum(narrowed) <= room:
                return narrowed
    return None


def _below_each_other(rows: Iterable[Sequence[str]], heads: Sequence[str], width: int) -> list[list[tuple[str, ...]]]:
    """Return each row's cells as lines: beside their headings, or indented below the first one."""
    margin = max(map(len, heads), default=0)
    space = max(width - margin - len(BETWEEN), _NARROWEST)
    result: list[list[tuple[str, ...]]] = []
    for row in rows:
        lines: list[tuple[str, ...]] = [()] if result and heads else []
        if not heads:
            lines += [(part,) for part in _words(row[0], width)]
        labels = heads or [""] * (len(row) - 1)
        for label, cell in zip(labels, row[-len(labels) :], strict=True):
            lines += [(f"{'' if n else label:<{margin}}", part) for n, part in enumerate(_words(cell, space))]
        result.append(lines)
    return result


def _pad(line: Sequence[str], widths: Sequence[int]) -> tuple[str, ...]:
    return tuple(f"{cell:<{columns}}" for cell, columns in zip(line, widths, strict=True))


def _wrap(line: Sequence[str], widths: Sequence[int]) -> list[tuple[str, ...]]:
    parts = [_words(cell, max(columns, 1)) for cell, columns in zip(line, widths, strict=True)]
    return [_pad(cells, widths) for cells in zip_longest(*parts, fillvalue="")]


def _words(text: str, width: int) -> list[str]:
    return wrap(text, width, break_on_hyphens=False)
