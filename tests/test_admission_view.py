from __future__ import annotations

import pytest

from agora_helpers import Project, build_rtc_token
from agora_helpers.admission import Surface
from agora_helpers.admission_view import (
    MECHANISM_NAMES,
    admission_html,
    cases_of,
    matrix_html,
    matrix_rows,
    matrix_text,
)
from agora_helpers.rehearsal import rehearse
from tests.support import DEMO, NOW, table_cells

TIMES = {"now": NOW, "salt": 1}


@pytest.mark.parametrize("surface", Surface)
def test_the_matrix_holds_every_answer(surface: Surface) -> None:
    rows = matrix_rows(DEMO, cases_of(surface), **TIMES)
    assert [row[0] for row in rows] == [case.name for case in cases_of(surface)]
    for case, row in zip(cases_of(surface), rows, strict=True):
        for mechanism, cell in zip(MECHANISM_NAMES, row[1:], strict=True):
            answer = rehearse(case, mechanism, DEMO, **TIMES)
            assert cell.startswith("✓ in" if answer.admitted else f"✗ {answer.text}")
            assert cell.endswith("*") != answer.documented
    html, text = matrix_html(DEMO, surface, **TIMES), matrix_text(DEMO, surface, **TIMES)
    assert table_cells(html) == [["client", "App ID", "App ID or token", "Token"], *rows]
    assert all(cell in text for row in rows for cell in row) and "not documented" in html and "not documented" in text


def test_what_a_developer_would_do_about_it() -> None:
    project = Project(DEMO)
    token = build_rtc_token(DEMO, "lobby", uid=7, now=NOW)
    admitted = admission_html(project.join("lobby", uid=7, token=token, now=NOW))
    assert "✓ Admitted" in admitted and ["publish audio", "2023-11-14 23:13:20 UTC"] in table_cells(admitted)
    no_token = admission_html(project.join("lobby", uid=7, now=NOW))
    assert "dynamic use static key" in no_token and "2010015" in no_token and "<li>" in no_token
    mismatch = admission_html(project.join("lobby", uid=8, token=token, now=NOW))
    assert "The token is for another user" in mismatch and "Let the server choose the uid" in mismatch
    assert "The SDK itself refuses" in admission_html(project.login("a", token="hello", now=NOW))
    late = admission_html(project.join("lobby", uid=7, token=token, now=NOW + 3600))
    assert "is not documented: this one is modelled" in late and "modelled" not in mismatch


def test_names_are_shown_harmless() -> None:
    token = build_rtc_token(DEMO, "lobby", uid=7, now=NOW)
    html = admission_html(Project(DEMO).join("lobby", account="<b>", token=token, now=NOW))
    assert "<b>" not in html and "&lt;b&gt;" in html
