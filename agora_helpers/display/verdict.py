"""A verdict and the values behind it, as HTML and as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final, Literal

from ..verification.comparison import RowStatus
from ..verification.reasons import Reason, Severity
from ..verification.verifier import Check, Status, Verdict
from .style import SIGNS, Result
from .tables import escape_unprintable, table_html, table_text
from .token import Row, describe_privileges

RESULTS: dict[Status | RowStatus, Result] = {
    "ok": "good",
    "same": "good",
    "wrong": "bad",
    "differs": "bad",
    "not checked": "unknown",
    "not compared": "unknown",
}
SEVERITIES: Final[dict[Severity, tuple[Result | Literal["warning"], str]]] = {
    "wrong": ("bad", SIGNS["bad"]),
    "not checked": ("unknown", SIGNS["unknown"]),
    "note": ("warning", "!"),
}
"""The colour and the sign of a reason."""
_QUESTIONS = {
    "format": "format: is it a token?",
    "signature": "signature: is it genuine?",
    "time": "time: is it valid now?",
    "match": "match: is it yours?",
}


def _marked(status: Status | RowStatus) -> str:
    return f"{SIGNS[RESULTS[status]]} {status}"


def verdict_html(verdict: Verdict) -> str:
    """Return the four checks, expected and actual values, the privileges, and for each reason what to do."""
    checks = [(_QUESTIONS[check.name], _marked(check.status), check.detail) for check in verdict.checks]
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


def answer_html(verdict: Verdict, *, renew: bool = False) -> str:
    """Return the answer in one sentence and the four checks as a row of marks, for a live panel.

    Args:
        verdict: the verdict.
        renew: whether the SDK has warned, so that a token without a fault is to be renewed now.
    """
    result: str = result_of(verdict)
    sign, sentence = SIGNS[result_of(verdict)], answer(verdict)
    if renew and result != "bad":
        sentence += " Renew it now."
        result, sign = "warning", "!"
    marks = "".join(
        f'<li class="agora-{RESULTS[check.status]}"><strong>{_marked(check.status)}</strong> {_QUESTIONS[check.name]}'
        f"{_mark_details(verdict, check)}</li>"
        for check in verdict.checks
    )
    return f'{_answer_line(result, sign, sentence)}<ul class="agora-marks">{marks}</ul>'


def answer_about_token_html(verdict: Verdict) -> str:
    """Return the answer in one sentence for a live panel that compares no names: faults, or whether it is genuine."""
    if result_of(verdict) == "bad":
        return _answer_line("bad", SIGNS["bad"], answer(verdict))
    if verdict.signature.status == "ok":
        return _answer_line("good", SIGNS["good"], "No fault was found, and the signature is valid.")
    return _answer_line("unknown", SIGNS["unknown"], "No fault was found, but the signature was not checked.")


def _answer_line(result: str, sign: str, sentence: str) -> str:
    return (
        f'<p class="agora-answer agora-{result}" role="status"><span>{sign}</span><span>{escape(sentence)}</span></p>'
    )


def _mark_details(verdict: Verdict, check: Check) -> str:
    """Return a check's detail. If several values differ, each is named, on a line of its own."""
    wrong = [reason for reason in verdict.reasons if (reason.check, reason.severity) == (check.name, "wrong")]
    if len(wrong) < 2:
        return f"<span>{escape(check.detail)}</span>"
    rows = {row.reason.code: f"{row.name}: " for row in verdict.compared if row.reason}
    return "".join(f"<span>{escape(rows.get(reason.code, '') + reason.detail)}</span>" for reason in wrong)


def details_html(verdict: Verdict) -> str:
    """Return what differs and what to do, for a live panel; all other values are folded."""
    rows = _rows(verdict)
    parts = []
    if differing := [row for row, compared in zip(rows, verdict.compared, strict=True) if compared.status == "differs"]:
        parts.append(_rows_html("Expected and actual: the differences", _HEADS, differing))
    # the others have their detail in the mark of their check
    parts += [_cause_html(reason, with_detail=reason.severity == "note") for reason in verdict.reasons]
    folded = _rows_html("Expected and actual", _HEADS, rows) if rows else ""
    if privileges := _privileges(verdict):
        folded += _rows_html("Privileges", _PRIVILEGE_HEADS, privileges)
    if folded:
        parts.append(f"<details><summary>All values and privileges</summary>{folded}</details>")
    return "".join(parts)


def result_of(verdict: Verdict) -> Result:
    """Return the verdict's colour and sign: bad if a check failed, unknown if one was not made."""
    statuses = {RESULTS[check.status] for check in verdict.checks}
    return "bad" if "bad" in statuses else "unknown" if "unknown" in statuses else "good"


def answer(verdict: Verdict) -> str:
    """Return the most severe fault in a sentence, and how many others there are; the verdict's summary if nothing is.

    >>> from agora_helpers import Credentials, build_rtc_token, verify
    >>> token = build_rtc_token(Credentials.demo(), "lobby", uid=7, now=1_700_000_000)
    >>> answer(verify(token, Credentials.demo(), channel="lobby", uid=8, now=1_700_000_060))
    'The token is for another user.'
    """
    wrong = [reason.title for reason in verdict.reasons if reason.severity == "wrong"]
    if not wrong:
        return verdict.summary
    more = {1: "", 2: " One more fault is below."}.get(len(wrong), f" {len(wrong) - 1} more faults are below.")
    return f"{wrong[0]}.{more}"


def _cause_html(reason: Reason, *, with_detail: bool) -> str:
    kind, sign = SEVERITIES[reason.severity]
    detail = f"<p>{escape(reason.detail)}</p>" if with_detail and reason.detail else ""
    return (
        f'<div class="agora-box agora-{kind}"><p class="agora-title">{sign} {escape(reason.title)} '
        f"<code>{reason.code}</code></p>{detail}<p>{escape(reason.explanation)}</p>"
        f'<p><strong>What to do</strong></p><p class="agora-copy">{escape(reason.hint)}</p></div>'
    )


def _rows_html(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in row[1:])}</tr>'
        for row in rows
    )
    table = f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
    return f'<table class="agora-rows"><caption>{escape(caption)}</caption>{table}</table>'


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


def findings_panel_html(verdict: Verdict, *, about_signature: bool) -> str:
    """Return the same for a live panel; ``about_signature`` tells that the signature was not checked."""
    unchecked = NOT_CHECKED if about_signature else "The client was not checked."
    parts = [_cause_html(reason, with_detail=True) for reason in verdict.findings]
    return "".join([*(parts or [f"<p>{NO_FINDINGS}</p>"]), f'<p class="agora-quiet">{unchecked}</p>'])


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
