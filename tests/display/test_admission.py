from __future__ import annotations

import re
from html import escape

import pytest

from agora_helpers import Project, build_rtc_token
from agora_helpers.display.admission import MECHANISM_NAMES, Matrix, admission_html, cases_of
from agora_helpers.practice.admission import Surface
from agora_helpers.practice.cases import rehearse
from tests.support import DEMO, NOW, table_cells

TIMES = {"now": NOW, "salt": 1}


def grid(html: str) -> list[list[str]]:
    """A table as one sees it: a wide or high cell stands in each place that it covers."""
    spans = [
        [(int(find("colspan", tag)), int(find("rowspan", tag))) for tag in re.findall("<t[hd][ >][^>]*", row)]
        for row in html.split("<tr>")[1:]
    ]
    seen: dict[tuple[int, int], str] = {}
    for down, (texts, sizes) in enumerate(zip(table_cells(html), spans, strict=True)):
        for text, (wide, high) in zip(texts, sizes, strict=True):
            first = next(column for column in range(9) if (down, column) not in seen)
            seen |= {(down + y, first + x): text for x in range(wide) for y in range(high)}
    return [[seen[down, column] for column in range(4)] for down in range(len(spans))]


def find(name: str, tag: str) -> str:
    found = re.search(f'{name}="([0-9]+)"', tag)
    return found[1] if found else "1"


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
            said, _, note = cell.rpartition(" ")
            by_sdk = "" if answer.code is not None else " (the SDK itself)"
            assert said == ("✓ in" if answer.admitted else f"✗ {answer.text}{by_sdk}")
            assert note.endswith("*") != answer.documented
            assert sources[int(note.rstrip("*")) - 1] == str(answer.source)
    assert all(f"<li>{escape(source)}</li>" in html for source in sources)
    assert "A model of what Agora documents" in html and repr(matrix).startswith("<Matrix: ")


def test_what_a_developer_would_do_about_it() -> None:
    project = Project(DEMO)
    token = build_rtc_token(DEMO, "lobby", uid=7, now=NOW)
    admitted = admission_html(project.join("lobby", uid=7, token=token, now=NOW))
    assert "✓ Admitted" in admitted and ["publish audio", "2023-11-14 23:13:20 UTC"] in table_cells(admitted)
    no_token = admission_html(project.join("lobby", uid=7, now=NOW))
    assert "dynamic use static key" in no_token and "2010015" in no_token and "<li>" in no_token
    mismatch = admission_html(project.join("lobby", uid=8, token=token, now=NOW))
    assert "The token is for another user" in mismatch and "Let the server choose the uid" in mismatch
    assert "which the SDK does not show, is <code>2010015</code>" in no_token
    by_sdk = admission_html(project.login("a", token="hello", now=NOW))
    assert "The SDK itself refuses" in by_sdk and "<code>Invalid token.</code>" in by_sdk and "<li>" in by_sdk
    messaging = admission_html(project.login("alice", now=NOW))
    assert "The SDK shows <code>-10005</code>, <code>DYNAMIC_ENABLED_BUT_STATIC_KEY, The vendor" in messaging
    late = admission_html(project.join("lobby", uid=7, token=token, now=NOW + 3600))
    assert "Source: Not documented: which of 2010010" in late and "Source: Agora" in mismatch


def test_every_refusal_comes_with_what_to_do() -> None:
    for surface in Surface:
        for name, answers in Matrix(DEMO, surface, **TIMES).answers.items():
            for answer in answers:
                html = admission_html(answer)
                assert answer.admitted or answer.reasons or "<li>" in html, (surface, name, answer)


def test_names_are_shown_harmless() -> None:
    token = build_rtc_token(DEMO, "lobby", uid=7, now=NOW)
    html = admission_html(Project(DEMO).join("lobby", account="<b>", token=token, now=NOW))
    assert "<b>" not in html and "&lt;b&gt;" in html
