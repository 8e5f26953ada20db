"""A verdict and the values behind it, as HTML and as text."""

from __future__ import annotations

from html import escape

from ..verification.reasons import Reason
from ..verification.verifier import Verdict
from .tables import escape_unprintable, table_html, table_text
from .token import Row, describe_privileges

_MARKS = {"ok": "✓", "wrong": "✗", "not checked": "?", "same": "✓", "differs": "✗", "not compared": "–"}  # noqa: RUF001
_QUESTIONS = {
    "format": "format: is it a token?",
    "signature": "signature: is it genuine?",
    "time": "time: is it valid now?",
    "match": "match: is it yours?",
}


def _marked(status: str) -> str:
    return f"{_MARKS[status]} {status}"


def verdict_html(verdict: Verdict) -> str:
    """Return the four checks, expected and actual values, the privileges, and for each reason what to do."""
    checks = [
        (_QUESTIONS[check.name], f"{_MARKS[check.status]} {check.status}", check.detail) for check in verdict.checks
    ]
    parts = [
        f"<p><strong>{escape(verdict.summary)}</strong></p>",
        table_html("Four questions", ("check", "answer", "why"), checks),
    ]
    if verdict.compared:
        parts.append(table_html("Expected and actual", _HEADS, _rows(verdict), code=[1, 2]))
    if privileges := _privileges(verdict):
        parts.append(table_html("Privileges", _PRIVILEGE_HEADS, privileges, code=[2]))
    # the others have their detail in the table of checks
    parts += [_reason_html(reason, with_detail=reason.severity == "note") for reason in verdict.reasons]
    return "".join(parts)


def _reason_html(reason: Reason, *, with_detail: bool) -> str:
    detail = f"<br>{escape(reason.detail)}" if with_detail else ""
    return (
        f"<p><strong>{escape(reason.title)}</strong> <code>{reason.code}</code>{detail}"
        f"<br>{escape(reason.explanation)}<br><strong>What to do:</strong> {escape(reason.hint)}</p>"
    )


NO_FINDINGS = "Nothing is wrong or unusual, as far as the token alone shows."
NOT_CHECKED = "The signature and the client were not checked."


def findings_html(verdict: Verdict) -> str:
    """Return what is wrong with a token or unusual about it, for a verdict without certificate and client."""
    parts = [_reason_html(reason, with_detail=True) for reason in verdict.findings]
    return "".join([*(parts or [f"<p>{NO_FINDINGS}</p>"]), f"<p>{NOT_CHECKED}</p>"])


_HEADS = ("field", "expected", "in the token", "result")


def _rows(verdict: Verdict) -> list[tuple[str, str, str, str]]:
    return [
        (
            row.name,
            escape_unprintable(row.expected),
            escape_unprintable(row.actual),
            _marked(row.status),
        )
        for row in verdict.compared
    ]


_PRIVILEGE_HEADS = ("service", "privilege", "value", "meaning")


def _privileges(verdict: Verdict) -> list[tuple[str, str, str, str]]:
    if not verdict.token:
        return []
    return [
        (service.name, row.name.removeprefix("privilege "), row.value, row.meaning)
        for service in verdict.token.services
        for row in describe_privileges(verdict.token, service) or [Row("none", "")]
    ]


def verdict_text(verdict: Verdict, width: int | None = None) -> str:
    """Return the verdict as text: its own string, expected and actual values, and the privileges.

    Args:
        verdict: what :func:`agora_helpers.verify` returned.
        width: wrap tables to so many characters; None does not wrap.
    """
    if not verdict.compared:
        return str(verdict)
    rows = [(*row[:3], row[3].split(" ", 1)[1]) for row in _rows(verdict)]
    parts = [str(verdict), table_text(rows, _HEADS, width=width)]
    if privileges := _privileges(verdict):
        parts.append(table_text(privileges, _PRIVILEGE_HEADS, width=width))
    return "\n\n".join(parts)
