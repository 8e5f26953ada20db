"""The result of an audit, as text, JSON, Markdown and HTML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from html import escape
from textwrap import fill
from typing import Any

from ..display.tables import table_html
from .rules import RULES, SEVERITIES, Severity

_INTRODUCTION = (
    "A token lets a client join a channel of your Agora project, or log in to messaging. The server that issues tokens "
    "decides who may. Each request of the audit was a good one with one change; Seen says which, and what came back.",
    "Errors: fix them before anyone relies on the server. Warnings: fix them soon. Notes: worth knowing.",
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of a server."""

    code: str
    """For programs; stable. One of :data:`agora_helpers.audit.CODES`."""
    severity: Severity
    title: str
    """The fault in a few words."""
    evidence: tuple[str, ...]
    """What was requested and what came back."""
    consequence: str
    """What can happen because of it."""
    remedy: str
    """What to do."""
    lesson: str
    """The notebook that explains it."""


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What an audit found out. It contains no token, no certificate and no header value."""

    target: str
    """Method and URL template."""
    requests: int
    """How many were sent."""
    findings: tuple[Finding, ...]
    """The gravest first."""
    passed: tuple[str, ...]
    """Codes that were checked and not found."""
    not_checked: Mapping[str, str]
    """Codes that could not be checked, and why."""

    def has(self, severity: Severity) -> bool:
        """Check whether there is a finding of this severity or a graver one.

        >>> AuditReport("GET http://localhost/", 60, (), (), {}).has("error")
        False
        """
        graver = SEVERITIES[: SEVERITIES.index(severity) + 1]
        return any(finding.severity in graver for finding in self.findings)

    @property
    def summary(self) -> str:
        """The result in one sentence."""
        if not self.findings:
            return f"No fault was found with {self.requests} requests."
        counts = {severity: [one.severity for one in self.findings].count(severity) for severity in SEVERITIES}
        parts = [f"{count} {severity}{'s' * (count > 1)}" for severity, count in counts.items() if count]
        return f"{', '.join(parts)}, found with {self.requests} requests."

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        findings = [asdict(finding) for finding in self.findings]
        return {"target": self.target, "requests": self.requests, "findings": findings, "passed": list(self.passed)}

    def __str__(self) -> str:
        """Return the report as text."""
        return self.to_text()

    def to_text(self, width: int = 100) -> str:
        """Return the report as text, for a terminal.

        Args:
            width: characters in a line; only what has no space in it is longer.

        >>> AuditReport("GET http://localhost/", 60, (), (), {}).to_text(40).splitlines()[3]
        'A token lets a client join a channel of'
        """
        lines = [f"Audit of {self.target}", self.summary, "", *(_wrapped(text, width) for text in _INTRODUCTION)]
        for finding in self.findings:
            lines += ["", f"{finding.severity.upper()}  {finding.title}  [{finding.code}]"]
            for label, texts in _parts(finding):
                if len(texts) > 1:
                    lines += [f"  {label}:", *(_wrapped(text, width, "    - ") for text in texts)]
                else:
                    lines.append(_wrapped(f"{label}: {texts[0]}", width, "  "))
        if self.passed:
            codes = (_wrapped(f"{RULES[code].title} [{code}]", width, "  - ") for code in self.passed)
            lines += ["", "Checked, and not found:", *codes]
        if self.not_checked:
            reasons = (_wrapped(f"{code}: {reason}", width, "  - ") for code, reason in self.not_checked.items())
            lines += ["", "Not checked:", *reasons]
        return "\n".join(lines)

    def to_markdown(self) -> str:
        """Return the report as Markdown, for a file or a ticket."""
        lines = [f"# Audit of `{self.target}`", "", self.summary, "", "\n\n".join(_INTRODUCTION)]
        if self.findings:
            lines += ["", "| severity | finding | code |", "|---|---|---|"]
            lines += [f"| {one.severity} | {one.title} | `{one.code}` |" for one in self.findings]
        for finding in self.findings:
            lines += ["", f"## {finding.title}", "", f"`{finding.code}`, {finding.severity}", ""]
            for label, texts in _parts(finding):
                bullets = [f"  - {_literal(text)}" for text in texts] if len(texts) > 1 else []
                lines += [f"- **{label}:**" + ("" if bullets else f" {_literal(texts[0])}"), *bullets]
        if self.passed:
            lines += ["", "## Checked, and not found", ""]
            lines += [f"- {RULES[code].title} (`{code}`)" for code in self.passed]
        if self.not_checked:
            lines += ["", "## Not checked", ""]
            lines += [f"- `{code}`: {_literal(reason)}" for code, reason in self.not_checked.items()]
        return "\n".join(lines) + "\n"

    def _repr_html_(self) -> str:
        """Return the report as HTML. Jupyter shows it."""
        parts = [f"<p><strong>Audit of <code>{escape(self.target)}</code></strong><br>{escape(self.summary)}</p>"]
        if self.findings:
            parts.append(f"<p>{escape(' '.join(_INTRODUCTION))}</p>")
            rows = [(one.severity, one.title, one.code) for one in self.findings]
            parts.append(table_html("Findings", ("severity", "finding", "code"), rows, code=[2]))
        for finding in self.findings:
            details = ""
            for label, texts in _parts(finding):
                between = "<br>– " if len(texts) > 1 else " "  # noqa: RUF001
                details += f"<br><strong>{label}:</strong>" + "".join(between + escape(text) for text in texts)
            title = f"{finding.severity.upper()}: {finding.title}"
            parts.append(f"<p><strong>{escape(title)}</strong> <code>{finding.code}</code>{details}</p>")
        if self.passed:
            table = table_html(
                "Not found", ("fault", "code"), [(RULES[code].title, code) for code in self.passed], code=[1]
            )
            parts.append(f"<details><summary>Checked, and not found: {len(self.passed)}</summary>{table}</details>")
        if self.not_checked:
            table = table_html("Not checked", ("code", "why"), [*self.not_checked.items()])
            parts.append(f"<details><summary>Not checked: {len(self.not_checked)}</summary>{table}</details>")
        return "".join(parts)


def _parts(finding: Finding) -> list[tuple[str, tuple[str, ...]]]:
    """Return what there is to say about a finding, each with its label."""
    return [
        ("Seen", finding.evidence),
        ("What can happen", (finding.consequence,)),
        ("What to do", (finding.remedy,)),
        ("Explained in", (finding.lesson,)),
    ]


def _wrapped(text: str, width: int, start: str = "") -> str:
    following = " " * len(start) + "  " * (start == "  ")
    return fill(
        text, width, initial_indent=start, subsequent_indent=following, break_on_hyphens=False, break_long_words=False
    )


def _literal(text: str) -> str:
    """Return a text of which Markdown takes nothing as markup."""
    return "".join(f"\\{character}" if character in r"\`*_[]<>|#" else character for character in text)
