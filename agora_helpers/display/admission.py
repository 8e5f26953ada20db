"""Who gets into a project, as pictures: one answer with what to do about it, and the whole matrix."""

from __future__ import annotations

from html import escape

from ..credentials import Credentials
from ..practice.admission import Admission, Surface
from ..practice.cases import CASES, Case, rehearse
from ..practice.certificates import Mechanism
from ..sdk_errors.lookup import explain_error
from ..wording import format_utc
from .tables import CELL_STYLE, table_html

MODEL = (
    "A model of what Agora documents, in the words of its SDKs. Each answer has the number of what it rests on; "
    "* marks those that Agora does not document."
)
MECHANISM_NAMES = {
    Mechanism.APP_ID: "App ID",
    Mechanism.APP_ID_OR_TOKEN: "App ID or token",
    Mechanism.TOKEN: "Token",
}
"""In the order of a migration."""
_TINTS = {True: "rgba(46, 160, 67, 0.2)", False: "rgba(218, 54, 51, 0.12)"}
"""Behind "in" and "refused"; for dark pages and for light ones."""


def cases_of(surface: Surface) -> list[Case]:
    """The clients that try to get in through this door."""
    return [case for case in CASES if case.surface == surface]


class Matrix:
    """Every kind of client against every mechanism, one door at a time, as one picture in a notebook.

    Args:
        credentials: of the practice project.
        surface: which door: RTC or RTM.
        now: Unix time of the attempts.
        salt: uint32, in the tokens that the clients bring.

    >>> matrix = Matrix(Credentials.demo(), Surface.RTC, now=1_700_000_000, salt=1)
    >>> print(*matrix.answers["no token"], sep="; ")
    admitted; admitted; rejected: dynamic use static key (2010015)
    """

    def __init__(self, credentials: Credentials, surface: Surface, *, now: int, salt: int) -> None:
        self._surface = surface
        self.answers = {
            case.name: [rehearse(case, how, credentials, now=now, salt=salt) for how in MECHANISM_NAMES]
            for case in cases_of(surface)
        }
        """By the client's name, in the order of :data:`MECHANISM_NAMES`."""
        found = dict.fromkeys(answer.source for answers in self.answers.values() for answer in answers)
        self.sources = {source: number for number, source in enumerate(found, 1)}
        """What the answers rest on, with the numbers in the picture."""

    def _repr_html_(self) -> str:
        heads = ["client", *MECHANISM_NAMES.values()]
        head = "".join(f'<th scope="col" style="{CELL_STYLE}">{escape(text)}</th>' for text in heads)
        body = "".join(
            f'<tr><th scope="row" style="{CELL_STYLE}; min-width: 10em">{escape(name)}</th>{self._cells(place)}</tr>'
            for place, name in enumerate(self.answers)
        )
        notes = "".join(f"<li>{escape(str(source))}</li>" for source in self.sources)
        return (
            f'<table style="line-height: 1.4"><caption style="text-align: left">Who gets in ({self._surface})</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table><p>{escape(MODEL)}</p><ol>{notes}</ol>"
        )

    def _cells(self, place: int) -> str:
        """A wide cell if the mechanism makes no difference, a high one if the next clients get the same answer."""
        rows = list(self.answers.values())
        answers = rows[place]
        if _alike(answers):
            return self._cell(answers[0], f' colspan="{len(answers)}"')
        cells = ""
        for column, answer in enumerate(answers):
            same = [not _alike(row) and _alike([row[column], answer]) for row in rows]
            if place == 0 or not same[place - 1]:
                high = [*same[place:], False].index(False)
                cells += self._cell(answer, f' rowspan="{high}"' if high > 1 else "")
        return cells

    def _cell(self, answer: Admission, span: str) -> str:
        mark = f"<sup>{self.sources[answer.source]}{'' if answer.documented else '*'}</sup>"
        by_sdk = "" if answer.code is not None else " (the SDK itself)"
        said = "✓ in" if answer.admitted else f"✗ {escape(answer.text)}{by_sdk}"
        style = f"{CELL_STYLE}; overflow-wrap: anywhere; background-color: {_TINTS[answer.admitted]}"
        return f'<td{span} style="{style}">{said} {mark}</td>'

    def __repr__(self) -> str:
        return f"<Matrix: {len(self.answers)} clients, {len(MECHANISM_NAMES)} mechanisms, {self._surface}>"


def _alike(answers: list[Admission]) -> bool:
    return len({(answer.text, answer.source) for answer in answers}) == 1


def admission_html(answer: Admission) -> str:
    """One answer: what the SDK shows, why, what a developer would do about it, and what it rests on."""
    if answer.admitted:
        rows = [(action, format_utc(until)) for action, until in answer.may]
        parts = ["<p><strong>✓ Admitted.</strong></p>", table_html("The client may", ("what", "until"), rows)]
    else:
        parts = [f"<p><strong>✗ Refused.</strong> {_shown(answer)}</p>"]
    for reason in answer.reasons:
        parts.append(
            f"<p><strong>{escape(reason.title)}</strong><br>{escape(reason.detail)}<br>{escape(reason.hint)}</p>"
        )
    if not answer.admitted and not answer.reasons:
        parts.append(_looked_up(answer))
    return "".join([*parts, f"<p>Source: {escape(str(answer.source))}</p>"])


def _shown(answer: Admission) -> str:
    text, error = (f"<code>{escape(shown)}</code>" for shown in (answer.text, answer.error))
    if answer.code is None:
        return f"The SDK itself refuses, before it asks Agora: {error}, {text}"
    if answer.surface == Surface.RTC:
        return f"The SDK shows {text}. (Agora's number for it, which the SDK does not show, is {error}.)"
    return f"The SDK shows {error}, {text}"


def _looked_up(answer: Admission) -> str:
    """What to do about a message, where no token was looked at."""
    found = next(iter(explain_error(f"{answer.surface} {answer.error} {answer.text}")), None)
    if found is None:
        return ""
    checks = "".join(f"<li>{escape(check)}</li>" for check in found.project_checks + found.client_checks)
    return f"<p>{escape(found.meaning)}</p><ul>{checks}</ul>"
