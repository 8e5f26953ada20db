"""Texts as people paste them. A table of what is confused with what says more than a list of failures."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.field.errors import Report, first_answer, read_reports

REPORTS = read_reports()


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.id)
def test_the_first_answer_is_right(report: Report) -> None:
    assert report.is_right, (report.meaning, first_answer(report.text))


def test_no_surface_is_taken_for_another() -> None:
    confusion = Counter(
        (report.right["surface"], answer.surface)
        for report in REPORTS
        if (answer := first_answer(report.text)) and answer.surface != report.right["surface"]
    )
    assert not confusion, "right surface, surface of the answer: how often"


def test_the_reports_cover_every_surface() -> None:
    surfaces = Counter(report.right["surface"] for report in REPORTS)
    assert len(REPORTS) == len({report.id for report in REPORTS}) and min(surfaces.values()) >= 2
    assert len(surfaces) == 13


def test_a_wrong_answer_is_noticed() -> None:
    right = {"surface": "RTC native", "code": "110", "name": "ERR_INVALID_TOKEN"}
    assert Report("x", "", "onError 110", "", right).is_right
    assert not Report("x", "", "onError 109", "", right).is_right
    assert not Report("x", "", "hello", "", right).is_right
    assert not Report("x", "", "onError 110", "", {"surface": "not Agora"}).is_right
