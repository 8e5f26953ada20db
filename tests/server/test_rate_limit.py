from __future__ import annotations

from typing import Any

import pytest
from limits.aio.storage import Storage

from agora_helpers.server import rate_limit
from agora_helpers.server.rate_limit import RateLimit
from agora_helpers.server.requests import RequestError
from tests.support import run


class Clock:
    """Replaces the module ``time``: ``monotonic`` and the wall clock advance independently."""

    def __init__(self) -> None:
        self.seconds, self.wall = 1000.0, 1_700_000_000.0

    def monotonic(self) -> float:
        return self.seconds

    def time(self) -> float:
        return self.wall + self.seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(rate_limit, "time", clock)
    return clock


def seconds(answer: Any) -> int:
    """Return the seconds to wait; 0 for a request within the limit."""
    try:
        run(answer)
    except RequestError as error:
        wait = error.headers["retry-after"]
        hint = "Tokens last for hours: cache them instead of requesting one per call."
        assert error.status == 429
        assert str(error) == f"Rate limit exceeded. Retry in {wait} s. {hint}"
        return int(wait)
    return 0


def spend(limit: RateLimit, caller: str = "alice") -> int:
    return seconds(limit.count(caller))


def test_each_caller_has_a_limit_of_its_own_and_a_window_that_ends(clock: Clock) -> None:
    limit = RateLimit("2/minute")
    assert [spend(limit) for _ in range(3)] == [0, 0, 60]
    assert spend(limit, "bob") == 0
    clock.seconds += 45.5
    assert spend(limit) == 15
    clock.seconds += 14.5
    assert [spend(limit) for _ in range(3)] == [0, 0, 60]


def test_a_clock_that_is_set_back_or_forth_changes_nothing(clock: Clock) -> None:
    limit = RateLimit("1/minute")
    assert spend(limit) == 0
    for jump in (-86_400, 2 * 86_400):
        clock.wall += jump
        assert spend(limit) == 60
    clock.seconds += 60
    assert spend(limit) == 0


def test_callers_are_forgotten_when_their_window_ends_or_there_are_too_many(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limit, "MAX_CALLERS", 10)
    limit = RateLimit("1/minute")
    windows: dict[str, Any] = limit._counter.storage._windows  # type: ignore[attr-defined]
    for number in range(100):
        assert spend(limit, f"caller {number}") == 0
        assert len(windows) <= 10
    assert spend(limit, "caller 99") == 60
    assert spend(limit, "caller 0") == 0
    clock.seconds += 61
    assert spend(limit, "another") == 0
    assert len(windows) == 1


def test_a_store_that_is_shared_can_count() -> None:
    """One store for two processes, as with Redis."""
    store: Storage = rate_limit._InThisProcess()
    one, two = RateLimit("2/minute", store), RateLimit("2/minute", store)
    assert [spend(one), spend(two)] == [0, 0]
    assert spend(one) > 0
    assert spend(two) > 0
    run(store.clear(one._limit.key_for("alice")))
    assert run(store.check())
    assert spend(one) == 0
    assert run(store.reset()) == 1
    assert [spend(one), spend(two)] == [0, 0]
