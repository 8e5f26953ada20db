"""Who gets into a project, as tables: one answer with what to do about it, and the whole matrix."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from .admission import SDK_REFUSES, Admission, Surface
from .certificates import Mechanism
from .credentials import Credentials
from .error_lookup import explain_error
from .rehearsal import CASES, Case, rehearse
from .tables import table_html, table_text
from .wording import moment

MODEL = "A model of what Agora documents. * marks answers whose code is not documented for this case."
MECHANISM_NAMES = {
    Mechanism.APP_ID: "App ID",
    Mechanism.APP_ID_OR_TOKEN: "App ID or token",
    Mechanism.TOKEN: "Token",
}
"""In the order of a migration."""


def cases_of(surface: Surface) -> list[Case]:
    """The clients that try to get in through this door."""
    return [case for case in CASES if case.surface == surface]


def matrix_rows(credentials: Credentials, cases: Iterable[Case], *, now: int, salt: int) -> list[list[str]]:
    """A row for each client: its name, and the answer under each mechanism."""
    return [
        [case.name, *(_cell(rehearse(case, how, credentials, now=now, salt=salt)) for how in MECHANISM_NAMES)]
        for case in cases
    ]


def _cell(answer: Admission) -> str:
    mark = "" if answer.documented else " *"
    return f"✓ in{mark}" if answer.admitted else f"✗ {answer.text}{mark}"


def matrix_html(credentials: Credentials, surface: Surface, *, now: int, salt: int) -> str:
    """The whole matrix of clients and mechanisms, one door at a time."""
    heads = ["client", *MECHANISM_NAMES.values()]
    rows = matrix_rows(credentials, cases_of(surface), now=now, salt=salt)
    return table_html(f"Who gets in ({surface})", heads, rows) + f"<p>{escape(MODEL)}</p>"


def matrix_text(credentials: Credentials, surface: Surface, *, now: int, salt: int) -> str:
    """The same as plain text."""
    rows = matrix_rows(credentials, cases_of(surface), now=now, salt=salt)
    return table_text(rows, ["client", *MECHANISM_NAMES.values()], widest=64) + f"\n\n{MODEL}"


def admission_html(answer: Admission) -> str:
    """One answer: what the SDK shows, why, and what a developer would do about it."""
    if answer.admitted:
        rows = [(action, moment(until)) for action, until in answer.may]
        parts = ["<p><strong>✓ Admitted.</strong></p>", table_html("The client may", ("what", "until"), rows)]
    else:
        who = "The SDK itself refuses, before it asks Agora" if answer.code in SDK_REFUSES else "The SDK shows"
        shown = f"<code>{escape(answer.text)}</code>, code <code>{answer.error}</code>"
        parts = [f"<p><strong>✗ Refused.</strong> {who}: {shown}</p>"]
    for reason in answer.reasons:
        parts.append(
            f"<p><strong>{escape(reason.title)}</strong><br>{escape(reason.detail)}<br>{escape(reason.cure)}</p>"
        )
    if not answer.admitted and not answer.reasons:
        (found, *_) = explain_error(f"{answer.surface} {answer.text}")
        checks = "".join(f"<li>{escape(check)}</li>" for check in found.project_checks + found.client_checks)
        parts.append(f"<p>{escape(found.meaning)}</p><ul>{checks}</ul>")
    if not answer.documented:
        parts.append("<p>Which code Agora chooses here is not documented: this one is modelled.</p>")
    return "".join(parts)
