"""Tokens, verdicts and explanations as text for a terminal, in the visual language of ``style.py``.

Each function yields :class:`Span` objects: a piece of text and its style. Only :func:`render` turns them into a string.
So it is the one place that writes escape sequences, and the one that makes those of others harmless. With and without
colour the text is the same. Where it goes to a file or another program, ``width`` is None, and nothing is wrapped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Final, Literal, NamedTuple

from ..sdk_errors.table import ErrorExplanation
from ..tokens.decoded import DecodedToken
from ..verification.comparison import Comparison
from ..verification.reasons import Reason
from ..verification.verifier import Verdict
from ..wording import format_relative, join_some
from .anatomy import anatomy_text
from .fields import GROUPS_BY_LABEL
from .style import GROUPS, SIGNS, Group, Result
from .tables import BETWEEN, escape_unprintable, table_lines, table_text
from .timeline import timeline_text
from .token import describe, describe_privileges
from .verdict import NO_FINDINGS, NOT_CHECKED, RESULTS, SEVERITIES, answer, result_of

Style = Group | Result | Literal["warning"]

COLORS: Final[dict[Style, int]] = {
    "who": 27,
    "what": 163,
    "when": 130,
    "proof": 29,
    "technical": 243,
    "good": 29,
    "bad": 196,
    "unknown": 243,
    "warning": 130,
}
"""Numbers in the palette of 256 colours: those of ``style.css``, as far as they can be read on black and on white."""
PLAIN_SIGNS: Final = {"✓": "+", "✗": "x", "–": "-", "▌": "|", "…": "...", "→": "->"}  # noqa: RUF001
"""What replaces a character on a terminal that does not have it, such as one whose encoding is ASCII."""
_EDGE: Final = "▌ "
"""The edge of a group's lines; spaces where there is no colour to show."""
_LONGEST: Final = 600
"""Characters of a value that are shown. Longer ones are cut: anyone can write anything into a token."""
_WIDEST_PROSE: Final = 100
"""Characters in a line of sentences, however wide the terminal is."""


class Span(NamedTuple):
    """A piece of text, which may contain line breaks, and its style."""

    text: str
    style: Style | None = None
    bold: bool = False


def render(spans: Iterable[Span], *, color: bool) -> str:
    r"""Return the text, with colours if wanted. Control characters in it are escaped, markup means nothing.

    >>> render([Span("lobby\x1b[2J"), Span("!", "bad")], color=False)
    'lobby\\x1b[2J!'
    >>> render([Span("!", "bad", bold=True)], color=True)
    '\x1b[1;38;5;196m!\x1b[0m'
    """
    result = []
    for text, style, bold in spans:
        text = text if color or text != _EDGE else " " * len(_EDGE)
        codes = ["1"] * bold + ([f"38;5;{COLORS[style]}"] if style else [])
        start, end = (f"\x1b[{';'.join(codes)}m", "\x1b[0m") if color and codes else ("", "")
        # each line by itself: pagers start anew with every line
        lines = (_harmless(line) for line in text.split("\n"))
        result.append("\n".join(f"{start}{line}{end}" if line else "" for line in lines))
    return "".join(result)


def replace_unencodable(error: UnicodeError) -> tuple[str, int]:
    r"""Replace what a terminal's encoding does not have: signs by similar ones, the rest by its escape. For ``codecs``.

    >>> replace_unencodable(UnicodeEncodeError("ascii", "✗ wrong", 0, 1, "not in range"))
    ('x', 1)
    """
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = "".join(
        PLAIN_SIGNS.get(character) or character.encode("ascii", "backslashreplace").decode()
        for character in error.object[error.start : error.end]
    )
    return text, error.end


def _harmless(line: str) -> str:
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in line)


# Tokens

_PRIVILEGE_NUMBER: Final = re.compile("^privilege [0-9]+, ")


def token_spans(decoded: DecodedToken, now: int, width: int | None = None) -> Iterator[Span]:
    """Yield what a token contains: in a sentence, and then by group.

    Args:
        decoded: the token.
        now: Unix time.
        width: wrap lines to so many characters; None does not wrap.

    >>> from agora_helpers import Credentials, build_rtc_token, decode
    >>> decoded = decode(build_rtc_token(Credentials.demo(), "lobby", uid=7, now=1_700_000_000))
    >>> print(render(token_spans(decoded, 1_700_000_060), color=False).splitlines()[0])
    A 007 token for rtc that expires in 59 min.
    """
    services = list(dict.fromkeys(service.name for service in decoded.services))
    expired = decoded.ends_at <= now
    headline = (
        f"A {decoded.version} token for {join_some(services) or 'nothing'} that "
        f"{'expired' if expired else 'expires'} {format_relative(decoded.ends_at, now)}."
    )
    yield from _answer("bad", headline, width) if expired else _prose(headline, width, bold=True)
    rows: list[tuple[Group, str, str]] = []
    service = ""
    for name, value, meaning in describe(decoded, now):
        group: Group = "when" if name.startswith("privilege ") else GROUPS_BY_LABEL.get(name, "what")
        if name == "service":
            service = f"{value}: " if len(decoded.services) > 1 else ""
        elif group in ("who", "what", "when"):
            name = service + _PRIVILEGE_NUMBER.sub("", name)
        value = "" if group == "when" else _cut(value)  # a number, which stands among the bytes
        rows.append((group, name, BETWEEN.join(filter(None, (value, meaning)))))
    yield from _groups(rows, width)


def bytes_spans(token: str, decoded: DecodedToken, width: int | None = None) -> Iterator[Span]:
    """Yield a token byte by byte: its string, and the same token, decoded."""
    yield from _block("technical", "Byte by byte", anatomy_text(token, decoded, width=_inside(width)), quiet=True)


def notes_spans(verdict: Verdict, width: int | None = None) -> Iterator[Span]:
    """Yield what is wrong with a token or unusual about it, for a verdict without certificate and client."""
    yield Span("\n\nNotes", bold=True)
    for reason in verdict.findings:
        yield from _reason(reason, width, with_detail=True)
    for sentence in (NOT_CHECKED,) if verdict.findings else (NO_FINDINGS, NOT_CHECKED):
        yield Span("\n\n")
        yield from _prose(sentence, width)


def _groups(rows: Sequence[tuple[Group, str, str]], width: int | None) -> Iterator[Span]:
    """Yield the rows of each group, in columns that all groups share."""
    table = table_lines([row[1:] for row in rows], width=_inside(width))
    for group, title in GROUPS.items():
        lines = [line for row, lines in zip(rows, table, strict=True) if row[0] == group for line in lines]
        if lines:
            yield Span(f"\n\n{title}", group, bold=True)
        for name, *rest in lines:
            yield from _edge(group)
            yield Span(name if rest else name.rstrip(), group)
            yield Span("".join(BETWEEN + cell for cell in rest).rstrip(), group if group == "technical" else None)


# Verdicts


def verdict_spans(verdict: Verdict, now: int, width: int | None = None) -> Iterator[Span]:
    """Yield a verdict: the answer in a sentence, four marks, what differs, causes and fixes, and last all the rest.

    Args:
        verdict: what :func:`agora_helpers.verify` returned.
        now: Unix time of the check.
        width: wrap lines to so many characters; None does not wrap.

    >>> from agora_helpers import Credentials, build_rtc_token, verify
    >>> token = build_rtc_token(Credentials.demo(), "lobby", uid=7, now=1_700_000_000)
    >>> verdict = verify(token, Credentials.demo(), channel="lobby", uid=8, now=1_700_000_060)
    >>> lines = render(verdict_spans(verdict, 1_700_000_060), color=False).splitlines()
    >>> lines[0], lines[5]
    ('✗ The token is for another user.', "✗ match      wrong  Expected '8', but the token has '7'.")
    """
    yield from _answer(result_of(verdict), answer(verdict), width)
    yield Span("\n")
    checks = [
        (f"{SIGNS[RESULTS[check.status]]} {check.name}", check.status, _cut(check.detail)) for check in verdict.checks
    ]
    for check, lines in zip(verdict.checks, table_lines(checks, width=width), strict=True):
        style = RESULTS[check.status]
        for line in lines:
            yield Span(f"\n{BETWEEN.join(line[:2])}", style, bold=style == "bad")
            yield Span("".join(BETWEEN + cell for cell in line[2:]).rstrip())
    differing = [row for row in verdict.compared if row.status == "differs"]
    if differing:
        yield Span("\n\nExpected and actual: the differences", "bad", bold=True)
    for row in differing:
        yield from _difference(row, width)
    for reason in verdict.reasons:
        yield from _reason(reason, width, with_detail=reason.severity == "note")
    if verdict.token:
        yield from _groups(_privileges(verdict.token), width)
        timeline = timeline_text(verdict.token, now, width=_inside(width))
        yield from _block("when", "Timeline", timeline, strong="now ")
    if verdict.compared:
        rows = [(row.name, *_values(row), row.status) for row in verdict.compared]
        heads = ("field", "expected", "in the token", "result")
        text = table_text(rows, heads, width=_inside(width))
        yield from _block("technical", "Expected and actual: everything", text, quiet=True)


def _reason(reason: Reason, width: int | None, *, with_detail: bool) -> Iterator[Span]:
    style, sign = SEVERITIES[reason.severity]
    yield Span("\n\n")
    yield from _prose(f"{sign} {reason.title} [{reason.code}]", width, style, rest=BETWEEN, bold=True)
    texts = [reason.detail] if with_detail and reason.detail else []
    for text in (*texts, reason.explanation):
        yield Span("\n")
        yield from _prose(_cut(text), width, first=BETWEEN)
    yield Span("\n")
    yield from _prose(f"What to do: {reason.hint}", width, first=BETWEEN, bold=True)


def _difference(row: Comparison, width: int | None) -> Iterator[Span]:
    """Yield two values below each other, so that the place where they differ can be seen."""
    expected, actual = _values(row)
    yield Span(f"\n{SIGNS['bad']} {row.name}", "bad")
    for label, value in (("expected", expected), ("in the token", actual)):
        start = f"{BETWEEN}{label:<12}{BETWEEN}"
        yield Span("\n")
        yield from _prose(start + (value or "nothing"), width, rest=" " * len(start))


def _values(row: Comparison) -> tuple[str, str]:
    return _cut(escape_unprintable(row.expected)), _cut(escape_unprintable(row.actual))


def _privileges(decoded: DecodedToken) -> list[tuple[Group, str, str]]:
    rows: list[tuple[Group, str, str]] = []
    for service in decoded.services:
        rows.append(("what", "service", service.name))
        for name, value, meaning in describe_privileges(decoded, service):
            shown = f"{value}{BETWEEN}{meaning}" if name == "role" else meaning
            rows.append(("what", _PRIVILEGE_NUMBER.sub("", name), shown))
    return rows


# Errors and audits


def explanation_spans(explanations: Sequence[ErrorExplanation], width: int | None = None) -> Iterator[Span]:
    """Yield what an error can mean, and what to check. Explanations with the same causes share them."""
    surfaces = list(dict.fromkeys(each.surface for each in explanations))
    if len(surfaces) > 1:
        names = f"{', '.join(surfaces[:-1])} and {surfaces[-1]}"
        advice = "If only one of them is yours, add its name to the text."
        yield from _prose(f"Explanations for {names} follow. {advice}", width)
        yield Span("\n\n")
    groups: dict[object, list[ErrorExplanation]] = {}
    for each in explanations:
        checks = (each.causes, each.project_checks, each.client_checks)
        groups.setdefault(checks if any(checks) else each, []).append(each)
    for place, group in enumerate(groups.values()):
        yield Span("\n\n" if place else "")
        yield from _explanation(group, width)


_NOT_DOCUMENTED: Final = "Not documented: inferred from its name or from developers' reports."


def _explanation(group: Sequence[ErrorExplanation], width: int | None) -> Iterator[Span]:
    for place, each in enumerate(group):
        yield Span("\n" if place else "")
        yield from _prose(
            BETWEEN.join(filter(None, (each.surface, each.code, each.name))), width, rest=BETWEEN, bold=True
        )
    for meaning in dict.fromkeys(each.meaning + f" ({_NOT_DOCUMENTED})" * (not each.documented) for each in group):
        yield Span("\n")
        yield from _prose(meaning, width, first=BETWEEN)
    lists: Mapping[str, Sequence[str]] = {
        "Usual causes": group[0].causes,
        "In the project": group[0].project_checks,
        "In the client": group[0].client_checks,
    }
    for title, entries in lists.items():
        if entries:
            yield Span(f"\n{BETWEEN}{title}:", bold=True)
        for entry in entries:
            yield Span("\n")
            yield from _prose(entry, width, first="  - ", rest="    ")
    for source in dict.fromkeys(each.source for each in group):
        yield Span("\n")
        yield from _prose(f"Source: {source}", width, "technical", first=BETWEEN)


def audit_spans(report: str) -> Iterator[Span]:
    """Yield the text of an audit's report, with its severities in colour."""
    styles: Mapping[str, Style] = {"ERROR": "bad", "WARNING": "warning", "NOTE": "unknown"}
    for number, line in enumerate(report.split("\n")):
        style = styles.get(line.partition("  ")[0])
        yield Span("\n" * (number > 0) + line, style, bold=style is not None or number < 2)


# Parts


def _answer(result: Result, sentence: str, width: int | None) -> Iterator[Span]:
    yield from _prose(f"{SIGNS[result]} {sentence}", width, result, rest=BETWEEN, bold=True)


def _block(group: Group, title: str, text: str, *, quiet: bool = False, strong: str = "\n") -> Iterator[Span]:
    """Yield a text with its title; a line that begins with ``strong`` is bold."""
    yield Span(f"\n\n{title}", group, bold=True)
    for line in text.split("\n"):
        if line:
            yield from _edge(group)
            yield Span(line, group if quiet else None, bold=line.startswith(strong))
        else:
            yield Span("\n")


def _edge(group: Group) -> Iterator[Span]:
    yield Span("\n")
    yield Span(_EDGE, group)


def _inside(width: int | None) -> int | None:
    return None if width is None else width - len(_EDGE)


def _prose(
    text: str,
    width: int | None,
    style: Style | None = None,
    *,
    first: str = "",
    rest: str | None = None,
    bold: bool = False,
) -> Iterator[Span]:
    """Yield sentences, wrapped: ``first`` begins the first line, and ``rest`` the others (default: the same)."""
    if width is not None:
        rest = first if rest is None else rest
        lines = wrap(
            text,
            min(width, _WIDEST_PROSE),
            initial_indent=first,
            subsequent_indent=rest,
            break_on_hyphens=False,
        )
        yield Span("\n".join(lines), style, bold)
    else:
        yield Span(first + text, style, bold)


def shorten_tokens(text: str) -> str:
    """Return a text in which tokens are cut.

    >>> shorten_tokens("is 007eJx" + 100 * "A")
    'is 007…'
    """
    return re.sub("(00[67])[0-9A-Za-z+/=]{60,}", r"\1…", text)


def _cut(text: str) -> str:
    text = shorten_tokens(text)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text)} characters)"
