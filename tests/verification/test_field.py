"""Cases from the field: the verdict names the true cause."""

from __future__ import annotations

import pytest

from tests.field.cases import CASES, Case


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_true_cause_is_named(case: Case) -> None:
    assert case.is_right, str(case.answer)
