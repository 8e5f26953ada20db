"""The four reports of exercise 07.3: each token has the fault that its fix is for."""

from __future__ import annotations

import ast
from typing import Any

from agora_helpers import decode, verify
from tests.exercises.test_exercises import PLACES, cells_of, exercise_in
from tests.support import DEMO, NOW

REASONS = {"A": [], "B": ["CHANNEL_MISMATCH"], "C": ["WRONG_SIGNATURE"], "D": ["EXPIRED"]}


def test_the_reports_have_the_faults_that_the_fixes_are_for() -> None:
    (cell,) = (cell for cell in cells_of(PLACES["07.3"]) if exercise_in(cell) == "07.3")
    names: dict[str, Any] = {}
    exec(ast.unparse(ast.Module(ast.parse("".join(cell["source"])).body[:2], type_ignores=[])), names)
    reasons = {}
    for report, token in names["reports"].items():
        assert decode(token).version == "007"
        verdict = verify(token, DEMO, channel="standup", uid=7, now=NOW + 120)
        reasons[report] = [reason.code.value for reason in verdict.reasons if reason.severity == "wrong"]
    assert reasons == REASONS
    assert [*names["fixes"]] == [1, 2, 3, 4, 5]
