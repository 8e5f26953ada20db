"""A verdict as HTML; as text it prints itself."""

from __future__ import annotations

from html import escape

from .tables import printable, table_html
from .verification import Verdict

_MARKS = {"ok": "✓", "wrong": "✗", "not checked": "?", "same": "✓", "differs": "✗", "not compared": "–"}  # noqa: RUF001
_ASKS = {
    "format": "format: is it a token?",
    "signature": "signature: is it genuine?",
    "time": "time: is it valid now?",
    "match": "match: is it yours?",
}


def verdict_html(verdict: Verdict) -> str:
    """The four checks, each for itself and in words; expected and actual; then what there is to say and to do."""
    checks = [(_ASKS[check.name], f"{_MARKS[check.status]} {check.status}", check.detail) for check in verdict.checks]
    parts = [
        f"<p><strong>{escape(verdict.summary)}</strong></p>",
        table_html("Four questions", ("check", "", ""), checks),
    ]
    if verdict.compared:
        rows = [
            (row.name, printable(row.expected), printable(row.found), f"{_MARKS[row.status]} {row.status}")
            for row in verdict.compared
        ]
        parts.append(table_html("Expected and actual", ("what", "expected", "in the token", ""), rows, code=[1, 2]))
    for reason in verdict.reasons:
        detail = f"<br>{escape(reason.detail)}" if reason.weight == "note" else ""
        parts.append(
            f"<p><strong>{escape(reason.title)}</strong> <code>{reason.code}</code>{detail}"
            f"<br>{escape(reason.explanation)}<br><strong>What to do:</strong> {escape(reason.cure)}</p>"
        )
    return "".join(parts)
