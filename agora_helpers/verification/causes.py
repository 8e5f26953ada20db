"""The one rule on order: a cause comes before the mismatch that follows from it, and only the cause says what to do.

A reason names the rows that differ because of it (``Reason.explains``), such as the channel for a client that joins
``undefined``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..constants import UINT32_MAX
from .comparison import Comparison
from .reasons import ORDER, Reason, ReasonCode

_MISMATCHES = {
    ReasonCode.APP_ID_MISMATCH,
    ReasonCode.CHANNEL_MISMATCH,
    ReasonCode.UID_MISMATCH,
    ReasonCode.WRONG_KIND_OF_USER,
    ReasonCode.USER_MISMATCH,
}
"""What follows from a cause: two values differ. A service that is missing does not."""


def subordinate(rows: Sequence[Comparison], reasons: Sequence[Reason]) -> tuple[Comparison, ...]:
    """Return the rows, in which a mismatch that follows from one of the reasons refers to that instead of a hint."""
    result = []
    for row in rows:
        causes = _causes(row, reasons)
        if row.reason and causes:
            row = replace(
                row, reason=replace(row.reason, hint=f"Fix {' and '.join(causes)} first: this follows from it.")
            )
        result.append(row)
    return tuple(result)


def in_order(rows: Sequence[Comparison], reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """Return the reasons by severity, each cause before its mismatch and as severe, without repetitions."""
    place: dict[ReasonCode, float] = {**ORDER}
    causes: set[ReasonCode] = set()
    for row in rows:
        for code in _causes(row, reasons):
            causes.add(code)
            place[code] = min(place[code], ORDER[row.reason.code] - 0.5) if row.reason else place[code]
    severe = [replace(reason, severity="wrong") if reason.code in causes else reason for reason in reasons]
    return tuple(sorted(dict.fromkeys(severe), key=lambda reason: (reason.severity == "note", place[reason.code])))


def _causes(row: Comparison, reasons: Sequence[Reason]) -> list[ReasonCode]:
    if row.reason is None or row.reason.code not in _MISMATCHES:
        return []
    return [reason.code for reason in reasons if row.name in reason.explains]


def cut_uid(rows: Sequence[Comparison], uid: int | str | None, reasons: Sequence[Reason]) -> tuple[Comparison, ...]:
    """Return the rows, in which an integer uid that does not fit into 32 bits is what a client makes of it."""
    if not isinstance(uid, int) or 0 <= uid <= UINT32_MAX:
        return tuple(rows)
    cause = next((reason for reason in reasons if reason.code == ReasonCode.NAME_NOT_ALLOWED), None)
    shown = f"{uid & UINT32_MAX} ({{}} in 32 bits)"
    return tuple(
        replace(row, expected=shown.format(row.expected), status="differs", reason=cause)
        if row.name == "uid or account" and row.status == "same"
        else row
        for row in rows
    )
