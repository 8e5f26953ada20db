from __future__ import annotations

import re
from html import escape, unescape

import pytest

from agora_helpers import Project, build_rtc_token
from agora_helpers.display.admission import MECHANISM_NAMES, Matrix, admission_html, cases_of
from agora_helpers.practice.admission import Surface
from agora_helpers.practice.cases import rehearse
from tests.support import DEMO, NOW, table_cells

TIMES = {"now": NOW, "salt": 1}


def grid(html: str) -> list[list[str]]:
    """Return a table as you see it: a wide or high cell is repeated in each place that it covers."""
    spans = [
        [(int(span("colspan", tag)), int(span("rowspan", tag))) for tag in re.findall("<t[hd][ >][^>]*", row)]
        for row in html.split("<tr>")[1:]
    ]
    seen: dict[tuple[int, int], str] = {}
    for down, (texts, sizes) in enumerate(zip(table_cells(html), spans, strict=True)):
        for text, (wide, high) in zip(texts, sizes, strict=True):
            first = next(column for column in range(9) if (down, column) not in seen)
            seen |= {(down + y, first + x): text for x in range(wide) for y in range(high)}
    return [[seen[down, column] for column in range(4)] for down in range(len(spans))]


def span(name: str, tag: str) -> str:
    match = re.search(f'{name}="([0-9]+)"', tag)
    return match[1] if match else "1"


@pytest.mark.parametrize("surface", Surface)
def test_the_matrix_holds_every_answer(surface: Surface) -> None:
    matrix = Matrix(DEMO, surface, **TIMES)
    html = matrix._repr_html_()
    heads, *rows = grid(html)
    assert heads == ["client", "App ID", "App ID or token", "Token"]
    assert [row[0] for row in rows] == [case.name for case in cases_of(surface)]
    sources = [str(source) for source in matrix.sources]
    for case, (_, *cells) in zip(cases_of(surface), rows, strict=True):
        answers = [rehearse(case, mechanism, DEMO, **TIMES) for mechanism in MECHANISM_NAMES]
        assert matrix.answers[case.name] == answers
        for cell, answer in zip(cells, answers, strict=True):
            shown, _, note = cell.rpartition(" ")
            origin = "" if answer.code is not None else " (from the SDK itself)"
            assert shown == ("✓ admitted" if answer.admitted else f"✗ {answer.text}{origin}")
            assert note.endswith("*") != answer.documented
            assert sources[int(note.rstrip("*")) - 1] == str(answer.source)
    for source in sources:
        assert f"<li>{escape(source)}</li>" in html
    assert "A model of what Agora documents" in html
    assert repr(matrix).startswith("<Matrix: ")


@pytest.fixture
def token() -> str:
    return build_rtc_token(DEMO, "lobby", uid=7, now=NOW)


def test_an_admitted_client_has_privileges(token: str) -> None:
    html = admission_html(Project(DEMO).join("lobby", uid=7, token=token, now=NOW))
    assert "✓ Admitted." in html
    assert ["publish audio", "2023-11-14 23:13:20 UTC"] in table_cells(html)


def test_a_rejection_without_a_token_comes_with_checks() -> None:
    html = admission_html(Project(DEMO).join("lobby", uid=7, now=NOW))
    assert "✗ Rejected." in html
    assert "The SDK shows <code>dynamic use static key</code>." in html
    assert "Agora's own code is <code>2010015</code>; the SDK does not show it." in html
    assert "<li>" in html


def test_a_rejected_token_comes_with_its_reasons(token: str) -> None:
    answer = Project(DEMO).join("lobby", uid=8, token=token, now=NOW)
    (reason,) = answer.reasons
    html = unescape(admission_html(answer))
    for part in (reason.title, reason.detail, reason.hint, f"Source: {answer.source}"):
        assert part in html


def test_a_rejection_by_the_sdk_itself() -> None:
    html = admission_html(Project(DEMO).login("a", token="hello", now=NOW))
    assert "The SDK itself rejects the request before it contacts Agora: " in html
    assert "<code>Invalid token.</code>" in html
    assert "<li>" in html


def test_signaling_shows_code_and_text() -> None:
    html = admission_html(Project(DEMO).login("alice", now=NOW))
    assert "The SDK shows <code>-10005</code>, <code>DYNAMIC_ENABLED_BUT_STATIC_KEY, The vendor" in html


def test_an_answer_that_is_not_documented_is_marked(token: str) -> None:
    html = admission_html(Project(DEMO).join("lobby", uid=7, token=token, now=NOW + 3600))
    assert "Source: Not documented: " in html


@pytest.mark.parametrize("surface", Surface)
def test_every_rejection_comes_with_what_to_do(surface: Surface) -> None:
    for name, answers in Matrix(DEMO, surface, **TIMES).answers.items():
        for answer in answers:
            html = admission_html(answer)
            assert answer.admitted or answer.reasons or "<li>" in html, (name, answer)


def test_names_are_escaped(token: str) -> None:
    html = admission_html(Project(DEMO).join("lobby", account="<b>", token=token, now=NOW))
    assert "<b>" not in html
    assert "&lt;b&gt;" in html
