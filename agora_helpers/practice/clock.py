"""A clock that can be moved: the project and everything around it go by one."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable

from ..constants import UINT32_MAX
from ..errors import ErrorCode, InputError
from ..validation import check_uint32

Listener = Callable[[], object]


class Clock:
    """The time in a practice project: the real one, until somebody moves the clock. Safe to use from several threads.

    Args:
        start: None for a clock that shows the real time. A Unix time in seconds for one that stands still there.

    Raises:
        InputError: ``start`` is not a Unix time of 32 bits.

    >>> clock = Clock(1_700_000_000)
    >>> clock.advance(3570)
    >>> clock.now()
    1700003570
    """

    def __init__(self, start: int | None = None) -> None:
        self._lock = threading.Lock()
        self._listeners: list[Listener] = []
        self._offset = 0.0
        """What the clock is ahead of the real time, while it runs."""
        self._stopped_at: float | None = None if start is None else check_uint32("start", start)

    def now(self) -> int:
        """Return the Unix time in whole seconds."""
        with self._lock:
            return math.floor(self._time())

    @property
    def running(self) -> bool:
        """Whether time passes by itself."""
        return self._stopped_at is None

    def advance(self, seconds: int) -> None:
        """Move the clock forward.

        Args:
            seconds: 0 or more.

        Raises:
            InputError: ``seconds`` is negative or not an integer, or the time would not fit into 32 bits.
        """
        check_uint32("seconds", seconds)
        self._move(lambda now: now + seconds)

    def set(self, time: int) -> None:
        """Move the clock to a Unix time in seconds, also to an earlier one.

        Raises:
            InputError: ``time`` is not a Unix time of 32 bits.
        """
        moment = check_uint32("time", time)
        self._move(lambda now: moment)

    def pause(self) -> None:
        """Stop the clock. It can still be moved."""
        with self._lock:
            self._stopped_at = self._time()
        self._notify()

    def resume(self) -> None:
        """Let time pass by itself again, from where the clock stands."""
        with self._lock:
            if self._stopped_at is not None:
                self._offset, self._stopped_at = self._stopped_at - time.time(), None
        self._notify()

    def reset(self) -> None:
        """Let the clock show the real time again.

        >>> clock = Clock(1_700_000_000)
        >>> clock.reset()
        >>> clock.running, abs(clock.now() - time.time()) < 2
        (True, True)
        """
        with self._lock:
            self._offset, self._stopped_at = 0.0, None
        self._notify()

    def seconds_until(self, moment: int) -> float:
        """Return how many real seconds pass until a Unix time, unless somebody moves the clock.

        Returns:
            0 if that time has come; infinity if the clock is paused before it.
        """
        with self._lock:
            remaining = max(0.0, moment - self._time())
            return remaining if self._stopped_at is None or not remaining else math.inf

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call a function whenever the clock is moved, paused or resumed, in the thread that does it.

        Returns:
            a function that ends the subscription.
        """
        with self._lock:
            self._listeners.append(listener)

        def unsubscribe() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return unsubscribe

    def __getstate__(self) -> tuple[float, float | None]:
        """Return the time only: a copy of a project has a clock of its own, to which nobody listens yet."""
        with self._lock:
            return self._offset, self._stopped_at

    def __setstate__(self, state: tuple[float, float | None]) -> None:
        """Restore a copy."""
        self._lock, self._listeners = threading.Lock(), []
        self._offset, self._stopped_at = state

    def _time(self) -> float:
        return time.time() + self._offset if self._stopped_at is None else self._stopped_at

    def _move(self, target: Callable[[float], float]) -> None:
        with self._lock:
            now = self._time()
            moment = target(now)
            if moment > UINT32_MAX:
                raise InputError("time", "does not fit into 32 bits.", code=ErrorCode.OUT_OF_RANGE)
            if self._stopped_at is None:
                self._offset += moment - now
            else:
                self._stopped_at = moment
        self._notify()

    def _notify(self) -> None:
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            listener()

    def __repr__(self) -> str:
        return f"<Clock: {self.now()}, {'running' if self.running else 'paused'}>"
