"""How often one caller may ask.

The library ``limits`` counts. Its counters live in this process, so a server of two processes grants twice the limit.
Where that is too much, give :class:`RateLimit` a store that all processes share, one of ``limits.aio.storage``, or let
the reverse proxy count.
"""

from __future__ import annotations

import math
import time

from limits import parse
from limits.aio.storage import Storage
from limits.aio.strategies import FixedWindowRateLimiter

from .requests import CLOSE, RequestError

MAX_CALLERS = 100_000
"""Callers that are counted at a time; beyond that the one whose window ends first is forgotten."""


class RateLimit:
    """At most so many requests of one caller in a window of time, which begins with the caller's first.

    Args:
        limit: such as ``"600/minute"``, see :func:`agora_helpers.server.settings.check_rate_limit`.
        store: where to count; by default in this process.

    >>> import asyncio
    >>> async def three_times() -> None:
    ...     limit = RateLimit("2/minute")
    ...     for _ in range(3):
    ...         await limit.count("alice")
    >>> asyncio.run(three_times())
    Traceback (most recent call last):
    agora_helpers.server.requests.RequestError: caller: has asked too often. Come again in 60 s. ...
    """

    def __init__(self, limit: str, store: Storage | None = None) -> None:
        self._limit = parse(limit)
        self._counter = FixedWindowRateLimiter(store or _InThisProcess())

    async def count(self, caller: str) -> None:
        """One request more.

        Raises:
            RequestError: that is one too many (429); says in ``Retry-After`` when to come again.
        """
        if not await self._counter.hit(self._limit, caller):
            await self._refuse(caller)

    async def _refuse(self, caller: str) -> None:
        ends = (await self._counter.get_window_stats(self._limit, caller)).reset_time
        seconds = max(1, math.ceil(ends - time.time()))
        hint = f"Come again in {seconds} s. A token lasts for long: ask for one, not for each call."
        later = {"retry-after": str(seconds)} | CLOSE
        raise RequestError("TOO_MANY_REQUESTS", "caller", "has asked too often.", hint, status=429, headers=later)


class _InThisProcess(Storage):
    """Counters in a dict, in the order in which their windows end.

    Not the library's own: that goes by a clock that can be set back, and looks at all callers with each request.
    """

    STORAGE_SCHEME = None
    base_exceptions = ()

    def __init__(self) -> None:
        super().__init__()
        self._windows: dict[str, tuple[float, int]] = {}

    async def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        now = time.monotonic()
        ends, count = self._windows.get(key, (0.0, 0))
        if ends <= now:
            self._windows.pop(key, None)  # the new window belongs to the end of the dict
            ends, count = now + expiry, 0
            self._forget(now)
        self._windows[key] = ends, count + amount
        return count + amount

    def _forget(self, now: float) -> None:
        while self._windows:
            first = next(iter(self._windows))
            if self._windows[first][0] > now and len(self._windows) < MAX_CALLERS:
                return
            del self._windows[first]

    async def get(self, key: str) -> int:
        ends, count = self._windows.get(key, (0.0, 0))
        return count if ends > time.monotonic() else 0

    async def get_expiry(self, key: str) -> float:
        return time.time() + self._windows.get(key, (0.0, 0))[0] - time.monotonic()

    async def check(self) -> bool:
        return True

    async def reset(self) -> int:
        number = len(self._windows)
        self._windows.clear()
        return number

    async def clear(self, key: str) -> None:
        self._windows.pop(key, None)
