from __future__ import annotations

import copy
import math
import threading
import time
from typing import Any

import pytest

from agora_helpers import InputError, Project
from agora_helpers.practice import Clock
from tests.support import DEMO, NOW, rtc


@pytest.fixture
def real(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The machine's time; change its only element to let time pass."""
    moment = [NOW + 0.25]
    monkeypatch.setattr(time, "time", lambda: moment[0])
    return moment


def test_it_shows_the_real_time_until_it_is_moved(real: list[float]) -> None:
    clock = Clock()
    assert clock.now() == NOW
    real[0] += 1
    assert clock.now() == NOW + 1
    clock.advance(3570)
    real[0] += 1
    assert clock.now() == NOW + 3572
    clock.set(NOW)
    assert clock.now() == NOW
    real[0] += 10
    assert clock.now() == NOW + 10


def test_a_clock_with_a_start_stands_still(real: list[float]) -> None:
    clock = Clock(NOW)
    real[0] += 100
    assert (clock.now(), clock.running) == (NOW, False)
    clock.advance(60)
    assert clock.now() == NOW + 60
    clock.resume()
    clock.resume()
    real[0] += 1
    assert (clock.now(), clock.running) == (NOW + 61, True)
    clock.pause()
    clock.pause()
    real[0] += 100
    assert clock.now() == NOW + 61


def test_how_long_to_wait(real: list[float]) -> None:
    clock = Clock()
    assert clock.seconds_until(NOW + 30) == 29.75
    assert clock.seconds_until(NOW) == 0
    clock.advance(20)
    assert clock.seconds_until(NOW + 30) == 9.75
    clock.pause()
    assert clock.seconds_until(NOW + 30) == math.inf
    clock.set(NOW + 30)
    assert clock.seconds_until(NOW + 30) == 0


def test_whoever_listens_is_told_of_each_move() -> None:
    clock, times = Clock(NOW), list[int]()
    unsubscribe = clock.subscribe(lambda: times.append(clock.now()))
    clock.advance(1)
    clock.set(NOW + 5)
    clock.pause()
    unsubscribe()
    unsubscribe()
    clock.advance(1)
    assert times == [NOW + 1, NOW + 5, NOW + 5]


def test_several_threads_move_it() -> None:
    clock = Clock(NOW)

    def advance_often() -> None:
        for _ in range(500):
            clock.advance(1)

    threads = [threading.Thread(target=advance_often) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert clock.now() == NOW + 2000


@pytest.mark.parametrize("value", [-1, 1.5, "60", None, True, 2**32])
def test_what_is_no_time(value: Any) -> None:
    clock = Clock(NOW)
    for field, move in (("seconds", clock.advance), ("time", clock.set)):
        with pytest.raises(InputError) as caught:
            move(value)
        assert caught.value.field == field
    if value is not None:
        with pytest.raises(InputError, match=r"^start: "):
            Clock(value)
    assert clock.now() == NOW


def test_it_does_not_leave_32_bits() -> None:
    clock = Clock(2**32 - 10)
    with pytest.raises(InputError, match=r"time: does not fit into 32 bits\."):
        clock.advance(10)
    assert clock.now() == 2**32 - 10


def test_it_shows_the_real_time_again() -> None:
    clock, states = Clock(NOW), list[bool]()
    clock.subscribe(lambda: states.append(clock.running))
    clock.advance(60)
    clock.reset()
    assert states == [False, True]
    assert abs(clock.now() - time.time()) < 5


def test_a_copy_is_a_clock_of_its_own() -> None:
    clock, times = Clock(NOW), list[int]()
    clock.subscribe(lambda: times.append(clock.now()))
    twin = copy.deepcopy(clock)
    twin.advance(60)
    assert (clock.now(), twin.now(), times) == (NOW, NOW + 60, [])


def test_the_project_goes_by_it() -> None:
    project = Project(DEMO, clock=Clock(NOW))
    token = rtc()
    assert project.join("lobby", uid=7, token=token).admitted
    project.clock.advance(3600)
    assert project.join("lobby", uid=7, token=token).text == "dynamic key or token timeout"
    assert project.join("lobby", uid=7, token=token, now=NOW).admitted
    fresh = project.temporary_token("lobby")
    assert project.join("lobby", uid=7, token=fresh).may[0][1] == NOW + 3600 + 86_400
