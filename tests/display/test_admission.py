from __future__ import annotations

import re
from html import escape, unescape

import pytest

from agora_helpers import Project, build_rtc_token
from agora_helpers.display.admission import MECHANISM_NAMES, Matrix, admission_html, admission_panel_html, cases_of
from agora_helpers.practice.admission import Surface
from agora_helpers.practice.cases import rehearse
from agora_helpers.practice.certificates import Mechanism
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


def without_links(html: str) -> str:
    return re.sub("</?a[^>]*>", "", html)


def span(name: str, tag: str) -> str:
    match = re.search(f'{name}="([0-9]+)"', tag)
    return match[1] if match else "1"


@pytest.mark.parametrize("surface", Surface)
def test_the_matrix_holds_every_answer(surface: Surface) -> None:
    matrix = Matrix(DEMO, surface, **TIMES)
    html = matrix._repr_html_()
    heads, *rows = grid(html)
    assert heads == ["client", "App ID", "App ID or token", "Token"]
    assert [row[0] for row in rows] == [case.short for case in cases_of(surface)]
    for case, (_, *cells) in zip(cases_of(surface), rows, strict=True):
        answers = [rehearse(case, mechanism, DEMO, **TIMES) for mechanism in MECHANISM_NAMES]
        assert matrix.answers[case.name] == answers
        assert f"<li><strong>{escape(case.short)}</strong>: {escape(case.name)}</li>" in html
        for cell, answer in zip(cells, answers, strict=True):
            shown, _, number = cell.rpartition(" ")
            sign, _, words = shown.partition(" ")
            assert sign == ("✓" if answer.admitted else "✗")
            assert words.endswith("*") != answer.documented
            words = words.rstrip("*").removesuffix(" (the SDK itself)")
            assert words == "admitted" if answer.admitted else words in f"{answer.text} {answer.error}"
            assert ("the SDK itself" in shown) == (answer.code is None)
            note = list(matrix.notes)[int(number) - 1]
            assert note.startswith("admitted. " if answer.admitted else f"rejected: {answer.text} ({answer.error}). ")
            assert note.endswith(str(answer.source))
    for note in matrix.notes:
        assert f"<li>{escape(note)}</li>" in without_links(html)
        assert f'title="{escape(note)}"' in html
    assert "A model of what Agora documents" in html
    assert repr(matrix).startswith("<Matrix: ")


@pytest.mark.parametrize("surface", Surface)
def test_one_answer_is_marked(surface: Surface) -> None:
    matrix = Matrix(DEMO, surface, **TIMES)
    for case in cases_of(surface):
        for column, (mechanism, name) in enumerate(MECHANISM_NAMES.items(), 1):
            html = matrix.place_html(case.name, mechanism)
            heads, *rows = grid(html)
            assert [head for head in heads if head.startswith("▸")] == [f"▸ {name}"]
            (row,) = [row for row in rows if row[0].startswith("▸")]
            assert row[0] == f"▸ {case.short}"
            assert row[column].startswith("▸")
            assert html.count("▸") == html.count('aria-current="true"') == 3
            assert "<li>" not in html
            assert "<sup>" not in html


def test_in_a_panel_the_notes_are_in_the_cells() -> None:
    matrix = Matrix(DEMO, Surface.RTC, **TIMES)
    html = matrix.panel_html("an expired token", Mechanism.TOKEN)
    for note in matrix.notes:
        assert f'<span class="agora-note">{escape(note)}</span></td>' in html
    assert '>▸ expired<span class="agora-note">an expired token</span></th>' in html
    assert html.count('aria-current="true"') == 3
    assert "title=" not in html


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
    html = unescape(without_links(admission_html(answer)))
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


@pytest.mark.parametrize("surface", Surface)
def test_in_a_panel_the_answer_comes_first(surface: Surface) -> None:
    for answers in Matrix(DEMO, surface, **TIMES).answers.values():
        for answer in answers:
            html = unescape(without_links(admission_panel_html(answer)))
            verdict = "<span>✓</span> <span>Admitted." if answer.admitted else "<span>✗</span> <span>Rejected: "
            assert verdict in html.partition("</p>")[0]
            assert all(f'<p class="agora-copy">{reason.hint}</p>' in html for reason in answer.reasons)
            assert answer.admitted or answer.reasons or "<li>" in html
            assert f"Source: {answer.source}" in html


@pytest.mark.parametrize("surface", Surface)
def test_every_thread_and_page_is_a_link(surface: Surface) -> None:
    html = Matrix(DEMO, surface, **TIMES)._repr_html_().partition("<ol>")[2]
    texts = re.sub("<a [^>]*>[^<]*</a>", "", html)
    assert not re.search(r"#[0-9]|docs\.agora\.io|Agora's (page|guides|error codes)", texts)
    assert all(url.startswith("https://") for url in re.findall('href="([^"]*)"', html))
    assert ("https://github.com/AgoraIO/Tools/issues/320" in html) == (surface == Surface.RTC)


def test_names_are_escaped(token: str) -> None:
    html = admission_html(Project(DEMO).join("lobby", account="<b>", token=token, now=NOW))
    assert "<b>" not in html
    assert "&lt;b&gt;" in html
