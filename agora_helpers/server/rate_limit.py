"""The rate limit: how many requests one caller may send.

The library ``limits`` counts. Its counters live in this process, so a server of two processes grants twice the limit.
If that is too much, give :class:`RateLimit` a store that all processes share (one of ``limits.aio.storage``), or let
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
"""Callers that are counted at a time. Beyond that, the one whose window ends first is forgotten."""


class RateLimit:
    """Limits the requests of each caller in a window of time, which begins with the caller's first request.

    Args:
        limit: requests per second, minute or hour, such as ``"600/minute"``.
        store: where to count; by default in this process.

    >>> import asyncio
    >>> async def three_times() -> None:
    ...     limit = RateLimit("2/minute")
    ...     for _ in range(3):
    ...         await limit.count("alice")
    >>> asyncio.run(three_times())
    Traceback (most recent call last):
    agora_helpers.server.requests.RequestError: Rate limit exceeded. Retry in 60 s. Tokens last for hours: cache ...
    """

    def __init__(self, limit: str, store: Storage | None = None) -> None:
        self._limit = parse(limit)
        self._counter = FixedWindowRateLimiter(store or _InThisProcess())

    async def count(self, caller: str) -> None:
        """Count one request.

        Args:
            caller: any string that identifies the caller.

        Raises:
            RequestError: the caller has exceeded the limit (429). ``Retry-After`` contains the seconds to wait.
        """
        if not await self._counter.hit(self._limit, caller):
            raise await self._exceeded(caller)

    async def _exceeded(self, caller: str) -> RequestError:
        ends = (await self._counter.get_window_stats(self._limit, caller)).reset_time
        seconds = max(1, math.ceil(ends - time.time()))
        hint = f"Retry in {seconds} s. Tokens last for hours: cache them instead of requesting one per call."
        headers = {"retry-after": str(seconds)} | CLOSE
        return RequestError("TOO_MANY_REQUESTS", "caller", "Rate limit exceeded.", hint, status=429, headers=headers)


class _InThisProcess(Storage):
    """Counters in a dict, in the order in which their windows end.

    The library's own store uses a clock that can be set back, and iterates over all callers with each request.
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
            self._windows.pop(key, None)  # so that the new window goes to the end of the dict
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
