"""Which clients a project admits, as HTML: one answer and what to do about it, or a matrix of all answers."""

from __future__ import annotations

from html import escape

from ..credentials import Credentials, wrong_credentials
from ..practice.admission import Admission, Surface
from ..practice.cases import CASES, Case, rehearse
from ..practice.certificates import Mechanism
from ..sdk_errors.lookup import explain_error
from ..secret import hide
from ..wording import format_utc
from .tables import CELL_STYLE, table_html

MODEL = (
    "A model of what Agora documents, with the messages of its SDKs. The number of each answer refers to its source "
    "below; * marks answers that Agora does not document."
)
MECHANISM_NAMES = {
    Mechanism.APP_ID: "App ID",
    Mechanism.APP_ID_OR_TOKEN: "App ID or token",
    Mechanism.TOKEN: "Token",
}
"""Names for people, in the order of a migration."""
_TINTS = {True: "rgba(46, 160, 67, 0.2)", False: "rgba(218, 54, 51, 0.12)"}
"""Background of an answer, by whether it admits the client; for dark and light pages."""


def cases_of(surface: Surface) -> list[Case]:
    """Return the cases of clients that use this surface."""
    return [case for case in CASES if case.surface == surface]


class Matrix:
    """The answers to every kind of client under every mechanism of a project, as a table in a notebook.

    Args:
        credentials: App ID and App Certificate of the practice project.
        surface: RTC or RTM.
        now: Unix time of the attempts.
        salt: uint32, in the tokens that the clients send.

    >>> matrix = Matrix(Credentials.demo(), Surface.RTC, now=1_700_000_000, salt=1)
    >>> print(*matrix.answers["no token"], sep="; ")
    admitted; admitted; rejected: dynamic use static key (2010015)
    """

    def __init__(self, credentials: Credentials, surface: Surface, *, now: int, salt: int) -> None:
        if not isinstance(credentials, Credentials):
            raise wrong_credentials(credentials := hide(credentials))
        self._surface = surface
        self.answers = {
            case.name: [rehearse(case, mechanism, credentials, now=now, salt=salt) for mechanism in MECHANISM_NAMES]
            for case in cases_of(surface)
        }
        """The answers by the client's name, in the order of :data:`MECHANISM_NAMES`."""
        sources = dict.fromkeys(answer.source for answers in self.answers.values() for answer in answers)
        self.sources = {source: number for number, source in enumerate(sources, 1)}
        """The sources of the answers, with their numbers in the table."""

    def _repr_html_(self) -> str:
        heads = ["client", *MECHANISM_NAMES.values()]
        head = "".join(f'<th scope="col" style="{CELL_STYLE}">{escape(text)}</th>' for text in heads)
        body = "".join(
            f'<tr><th scope="row" style="{CELL_STYLE}; min-width: 10em">{escape(name)}</th>{self._cells(row)}</tr>'
            for row, name in enumerate(self.answers)
        )
        notes = "".join(f"<li>{escape(str(source))}</li>" for source in self.sources)
        return (
            f'<table style="line-height: 1.4"><caption style="text-align: left">Who gets in ({self._surface})</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table><p>{escape(MODEL)}</p><ol>{notes}</ol>"
        )

    def _cells(self, row: int) -> str:
        """Return a row's cells: a wide one if the mechanism makes no difference, a high one for equal rows below."""
        rows = list(self.answers.values())
        answers = rows[row]
        if _alike(answers):
            return self._cell(answers[0], f' colspan="{len(answers)}"')
        cells = ""
        for column, answer in enumerate(answers):
            same = [not _alike(others) and _alike([others[column], answer]) for others in rows]
            if row == 0 or not same[row - 1]:
                height = [*same[row:], False].index(False)
                cells += self._cell(answer, f' rowspan="{height}"' if height > 1 else "")
        return cells

    def _cell(self, answer: Admission, span: str) -> str:
        mark = f"<sup>{self.sources[answer.source]}{'' if answer.documented else '*'}</sup>"
        origin = "" if answer.code is not None else " (from the SDK itself)"
        text = "✓ admitted" if answer.admitted else f"✗ {escape(answer.text)}{origin}"
        style = f"{CELL_STYLE}; overflow-wrap: anywhere; background-color: {_TINTS[answer.admitted]}"
        return f'<td{span} style="{style}">{text} {mark}</td>'

    def __repr__(self) -> str:
        if not hasattr(self, "answers"):
            return "<Matrix>"  # an argument was rejected
        return f"<Matrix: {len(self.answers)} clients, {len(MECHANISM_NAMES)} mechanisms, {self._surface}>"


def _alike(answers: list[Admission]) -> bool:
    return len({(answer.text, answer.source) for answer in answers}) == 1


def admission_html(answer: Admission) -> str:
    """Return one answer: what the SDK shows, why, what to do about it, and the source."""
    if answer.admitted:
        rows = [(action, format_utc(until)) for action, until in answer.may]
        parts = ["<p><strong>✓ Admitted.</strong></p>", table_html("The client may", ("privilege", "until"), rows)]
    else:
        parts = [f"<p><strong>✗ Rejected.</strong> {_sdk_output(answer)}</p>"]
    for reason in answer.reasons:
        parts.append(
            f"<p><strong>{escape(reason.title)}</strong><br>{escape(reason.detail)}<br>{escape(reason.hint)}</p>"
        )
    if not answer.admitted and not answer.reasons:
        parts.append(_explanation(answer))
    return "".join([*parts, f"<p>Source: {escape(str(answer.source))}</p>"])


def _sdk_output(answer: Admission) -> str:
    text, error = (f"<code>{escape(shown)}</code>" for shown in (answer.text, answer.error))
    if answer.code is None:
        return f"The SDK itself rejects the request before it contacts Agora: {error}, {text}"
    if answer.surface == Surface.RTC:
        return f"The SDK shows {text}. Agora's own code is {error}; the SDK does not show it."
    return f"The SDK shows {error}, {text}"


def _explanation(answer: Admission) -> str:
    """Return what to do about a message, if no token was verified."""
    explanation = next(iter(explain_error(f"{answer.surface} {answer.error} {answer.text}")), None)
    if explanation is None:
        return ""
    checks = "".join(f"<li>{escape(check)}</li>" for check in explanation.project_checks + explanation.client_checks)
    return f"<p>{escape(explanation.meaning)}</p><ul>{checks}</ul>"
