"""Which clients a project admits, as HTML: one answer and what to do about it, or a matrix of all answers."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import product
from typing import NamedTuple

from ..credentials import Credentials, wrong_credentials
from ..practice.admission import Admission, Surface
from ..practice.cases import CASES, Case, rehearse
from ..practice.certificates import Mechanism
from ..practice.sources import links
from ..sdk_errors.lookup import explain_error
from ..secret import hide
from ..wording import format_utc
from .style import SIGNS, Result
from .tables import table_html

MODEL = "A model of what Agora documents, with the messages of its SDKs. * marks answers that Agora does not document."
MECHANISM_NAMES = {
    Mechanism.APP_ID: "App ID",
    Mechanism.APP_ID_OR_TOKEN: "App ID or token",
    Mechanism.TOKEN: "Token",
}
"""Names for people, in the order of a migration."""
_TINTS: dict[Result, str] = {"good": "rgba(0, 158, 115, 0.2)", "bad": "rgba(213, 94, 0, 0.16)"}
"""Backgrounds in stored HTML, for dark and light pages; after Okabe and Ito."""
_STYLE = "text-align: left; vertical-align: top; padding: 0.1em 0.4em"
_CHOSEN, _CURRENT = "▸ ", ' aria-current="true"'


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
        texts = dict.fromkeys(_note(answer) for answers in self.answers.values() for answer in answers)
        self.notes = {text: number for number, text in enumerate(texts, 1)}
        """Each answer in full, with its source, and its number in the table."""

    def _repr_html_(self) -> str:
        notes = "".join(f"<li>{_linked(text)}</li>" for text in self.notes)
        clients = "".join(
            f"<li><strong>{escape(case.short)}</strong>: {escape(case.name)}</li>" for case in cases_of(self._surface)
        )
        return (
            f"{self._table()}<p>{escape(MODEL)} The numbers refer to the list of answers.</p>"
            "<details><summary>The answers in full, with their sources; the clients in full</summary>"
            f"<ol>{notes}</ol><ul>{clients}</ul></details>"
        )

    def place_html(self, client: str, mechanism: Mechanism) -> str:
        """Return the table for a stored output, without notes, with one answer marked.

        Args:
            client: a key of :attr:`answers`.
            mechanism: the column.
        """
        return f"{self._table((client, mechanism))}<p>{escape(MODEL)}</p>"

    def panel_html(self, client: str, mechanism: Mechanism) -> str:
        """Return the table for a live panel, with one answer marked. A note appears for the part that is pointed at.

        Args:
            client: a key of :attr:`answers`.
            mechanism: the column.
        """
        table = self._table((client, mechanism), live=True)
        return f'{table}<p class="agora-quiet">Point at a cell or a client for details. {escape(MODEL)}</p>'

    def _table(self, chosen: tuple[str, Mechanism] | None = None, *, live: bool = False) -> str:
        heads = _head("col", "client", live=live) + "".join(
            _head("col", name, current=mechanism in (chosen or ()), live=live)
            for mechanism, name in MECHANISM_NAMES.items()
        )
        body = "".join(
            f"<tr>{_head('row', case.short, case.name, current=case.name in (chosen or ()), live=live)}"
            f"{''.join(self._cell(place, chosen, live=live) for place in self._places(row))}</tr>"
            for row, case in enumerate(cases_of(self._surface))
        )
        style = 'class="agora-matrix"' if live else 'style="line-height: 1.3"'
        return (
            f'<table {style}><caption style="text-align: left">Who gets in ({self._surface})</caption>'
            f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
        )

    def _places(self, row: int) -> Iterator[_Place]:
        """Yield a row's cells: a wide one if the mechanism makes no difference, a high one for equal rows below."""
        rows = list(self.answers.values())
        answers = rows[row]
        if _alike(answers):
            yield _Place(answers[0], row, 0, wide=len(answers))
            return
        for column, answer in enumerate(answers):
            same = [not _alike(others) and _alike([others[column], answer]) for others in rows]
            if row == 0 or not same[row - 1]:
                yield _Place(answer, row, column, high=[*same[row:], False].index(False))

    def _cell(self, place: _Place, chosen: tuple[str, Mechanism] | None, *, live: bool) -> str:
        answer, note = place.answer, _note(place.answer)
        clients = list(self.answers)[place.row : place.row + place.high]
        current = chosen in set(product(clients, list(MECHANISM_NAMES)[place.column : place.column + place.wide]))
        result: Result = "good" if answer.admitted else "bad"
        text = f"{_CHOSEN * current}{SIGNS[result]} {escape(_brief(answer)).replace('_', '_<wbr>')}"
        text += "" if answer.documented else "*"
        tag = f'<td colspan="{place.wide}" rowspan="{place.high}"{_CURRENT * current}'
        if live:
            return (
                f'{tag} class="agora-{result}" tabindex="-1">{text}<span class="agora-note">{escape(note)}</span></td>'
            )
        text = f"<strong>{text}</strong>" if current else text
        number = "" if chosen else f" <sup>{self.notes[note]}</sup>"
        style = f"{_STYLE}; overflow-wrap: anywhere; background-color: {_TINTS[result]}"
        return f'{tag} title="{escape(note)}" style="{style}">{text}{number}</td>'

    def __repr__(self) -> str:
        if not hasattr(self, "answers"):
            return "<Matrix>"  # an argument was rejected
        return f"<Matrix: {len(self.answers)} clients, {len(MECHANISM_NAMES)} mechanisms, {self._surface}>"


class _Place(NamedTuple):
    """A cell of the table: the answer, where it begins, and how many columns and rows it covers."""

    answer: Admission
    row: int
    column: int
    wide: int = 1
    high: int = 1


def _head(scope: str, text: str, note: str = "", *, current: bool = False, live: bool) -> str:
    tag = f'<th scope="{scope}"{_CURRENT * current}'
    note = "" if note == text else note
    text = f"{_CHOSEN * current}{escape(text)}"
    if live:
        text += f'<span class="agora-note">{escape(note)}</span>' * bool(note)
        return f'{tag} tabindex="-1">{text}</th>'
    title = f' title="{escape(note)}"' * bool(note)
    narrow = "; width: 7em" * (scope == "col" and text.endswith("App ID"))  # its answers are the same in most rows
    return f'{tag}{title} style="{_STYLE}{narrow}">{text}</th>'


def _alike(answers: list[Admission]) -> bool:
    return len({_note(answer) for answer in answers}) == 1


def _note(answer: Admission) -> str:
    """Return an answer in full and its source."""
    shown = "admitted" if answer.admitted else f"rejected: {answer.text} ({answer.error})"
    return f"{shown}. {answer.source}"


def _linked(text: str) -> str:
    """Return a text with sources as HTML, with a link for each page and thread that it names."""
    parts, done = [], 0
    for start, end, url in links(text):
        parts += [escape(text[done:start]), f'<a href="{url}">{escape(text[start:end])}</a>']
        done = end
    return "".join([*parts, escape(text[done:])])


def _brief(answer: Admission) -> str:
    """Return an answer for a narrow column: of messages in several parts the first."""
    if answer.admitted:
        return "admitted"
    if answer.code is None:
        text = answer.error if answer.surface == Surface.RTC else answer.text.partition(".")[0]
        return f"{text} (the SDK itself)"
    return answer.text if answer.surface == Surface.RTC else answer.text.partition(",")[0]


def admission_html(answer: Admission) -> str:
    """Return one answer: what the SDK shows, why, what to do about it, and the source."""
    if answer.admitted:
        parts = ["<p><strong>✓ Admitted.</strong></p>", _may_html(answer)]
    else:
        parts = [f"<p><strong>✗ Rejected.</strong> {_sdk_output(answer)}</p>"]
    for reason in answer.reasons:
        parts.append(
            f"<p><strong>{escape(reason.title)}</strong><br>{escape(reason.detail)}<br>{escape(reason.hint)}</p>"
        )
    if not answer.admitted and not answer.reasons:
        parts.append(_explanation(answer))
    return "".join([*parts, f"<p>Source: {_linked(str(answer.source))}</p>"])


def admission_panel_html(answer: Admission) -> str:
    """Return the same for a live panel: the answer in one sentence first, what to do as text that can be copied."""
    result: Result = "good" if answer.admitted else "bad"
    head = "Admitted." if answer.admitted else f"Rejected: {_brief(answer)}"
    parts = [
        f'<p class="agora-answer agora-{result}" role="status"><span>{SIGNS[result]}</span> '
        f"<span>{escape(head)}</span></p>",
    ]
    if answer.admitted:
        parts.append(_may_html(answer))
    else:
        parts.append(f"<p>{_sdk_output(answer)}</p>")
    parts += [
        f'<div class="agora-box agora-{result}"><p class="agora-title">{escape(reason.title)}</p>'
        f'<p>{escape(reason.detail)}</p><p class="agora-copy">{escape(reason.hint)}</p></div>'
        for reason in answer.reasons
    ]
    if not answer.admitted and not answer.reasons:
        parts.append(f'<div class="agora-box">{_explanation(answer)}</div>')
    return "".join([*parts, f'<p class="agora-quiet">Source: {_linked(str(answer.source))}</p>'])


def _may_html(answer: Admission) -> str:
    rows = [(action, format_utc(until)) for action, until in answer.may]
    return table_html("The client may", ("privilege", "until"), rows)


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
