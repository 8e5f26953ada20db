"""The rate limit: how many requests one caller may send.

By default the counters live in this process, so a server of two processes grants twice the limit. With a store, a
Redis database, all processes share one count; there the library ``limits`` counts.
"""

from __future__ import annotations

import logging
import math
import re
import time
from collections import OrderedDict
from importlib.util import find_spec
from typing import Protocol

from ..errors import ErrorCode, InputError
from ..secret import Secret, hide
from ..validation import type_name
from .requests import CLOSE, RequestError

MAX_CALLERS = 100_000
"""Callers that are counted at a time in this process. Beyond that, the one whose window ends first is forgotten."""
STORE_TIMEOUT_SECONDS = 1
"""Time in which the store must accept a connection, and answer."""
_MAX_CONNECTIONS = 50
"""Connections of one process to the store. More requests than that wait for one."""
_RETRY_SECONDS = 5
_SECONDS_BETWEEN_REPORTS = 60
_UNITS = {"second": 1, "minute": 60, "hour": 3600}
_logger = logging.getLogger(__name__)


class RateLimit:
    """Limits the requests of each caller in a window of time, which begins with the caller's first request.

    Args:
        limit: requests per second, minute or hour, such as ``"600/minute"``.
        store: URL of the Redis database to count in, such as ``"redis://10.0.0.9:6379/0"``; empty for this process.

    Raises:
        InputError: an argument is invalid, or the extra ``redis`` is not installed. The message never shows the URL.

    >>> import asyncio
    >>> async def three_times() -> None:
    ...     limit = RateLimit("2/minute")
    ...     for _ in range(3):
    ...         await limit.count("alice")
    >>> asyncio.run(three_times())
    Traceback (most recent call last):
    agora_helpers.server.requests.RequestError: Rate limit exceeded. Retry in 60 s. Tokens last for hours: cache ...
    """

    def __init__(self, limit: str, store: str = "") -> None:
        store = hide(store)
        check_limit("limit", limit)
        check_store("store", store)
        self._counter: _Counter = _SharedCounter(limit, store) if store else _LocalCounter(limit)

    async def count(self, caller: str) -> None:
        """Count one request.

        Args:
            caller: any string that identifies the caller.

        Raises:
            RequestError: the caller has exceeded the limit (429), or the store does not answer (503). ``Retry-After``
                contains the seconds to wait.
        """
        if seconds := await self._counter.hit(caller):
            hint = f"Retry in {seconds} s. Tokens last for hours: cache them instead of requesting one per call."
            headers = {"retry-after": str(seconds)} | CLOSE
            raise RequestError("TOO_MANY_REQUESTS", "caller", "Rate limit exceeded.", hint, status=429, headers=headers)


def check_limit(field: str, limit: str) -> str:
    """Check a rate limit, such as ``"600/minute"``.

    Raises:
        InputError: it is something else; names ``field``.
    """
    if not re.fullmatch(f"[1-9][0-9]{{0,8}}/({'|'.join(_UNITS)})", limit):
        raise InputError(field, "is not a rate limit.", "Write, for example, 600/minute or 10/second.")
    return limit


def check_store(field: str, url: object) -> str:
    """Check the URL of a store; empty for none. It may contain a password, so it is returned hidden.

    Raises:
        InputError: it is not the URL of a Redis database, or the extra ``redis`` is not installed; names ``field``.
    """
    url = hide(url)
    if not isinstance(url, Secret):
        raise InputError(field, f"must be a string (str), not {type_name(url)}.", code=ErrorCode.WRONG_TYPE)
    if not url:
        return url
    if not re.fullmatch(r"rediss?://([^\s/@]*@)?([^\s/@:\[\]]+|\[[0-9a-f:]+\])(:[0-9]{1,5})?(/[0-9]*)?", url):
        hint = "Write redis://host:6379/0, or rediss:// for TLS. Percent-encode /, @ and spaces in a password."
        raise InputError(field, "is not the URL of a Redis database.", hint)
    if not (find_spec("limits") and find_spec("redis")):
        hint = 'Install the extra: pip install "agora-helpers[server,redis]".'
        raise InputError(field, "needs packages that are not installed.", hint, code=ErrorCode.MISSING)
    return url


class _Counter(Protocol):
    async def hit(self, caller: str) -> int:
        """Count one request. Return 0 if it is within the limit, otherwise the seconds until the window ends."""


class _LocalCounter:
    """Counts in this process, in constant time. The windows are in the order in which they end.

    An ordered dict and not a dict, whose first entry is found by walking over all those deleted before it.
    """

    def __init__(self, limit: str) -> None:
        requests, _, unit = limit.partition("/")
        self._requests, self._seconds = int(requests), _UNITS[unit]
        self._windows: OrderedDict[str, tuple[float, int]] = OrderedDict()

    async def hit(self, caller: str) -> int:
        now = time.monotonic()
        ends, count = self._windows.get(caller, (0.0, 0))
        if ends <= now:
            self._windows.pop(caller, None)  # so that the new window goes to the end
            self._forget(now)
            ends, count = now + self._seconds, 0
        self._windows[caller] = ends, count + 1
        return 0 if count < self._requests else max(1, math.ceil(ends - now))

    def _forget(self, now: float) -> None:
        """Forget up to two callers for each new one: enough to shrink, and no request waits for all of them to go."""
        for _ in range(2):
            if not self._windows:
                return
            ends, _count = self._windows[next(iter(self._windows))]
            if ends > now and len(self._windows) < MAX_CALLERS:
                return
            self._windows.popitem(last=False)


class _SharedCounter:
    """Counts in Redis. Without an answer, no request is within the limit: an attacker may be why there is none."""

    def __init__(self, limit: str, url: str) -> None:
        from limits import parse  # here, because few servers have a store
        from limits.aio.storage import RedisStorage
        from limits.aio.strategies import FixedWindowRateLimiter
        from limits.errors import StorageError
        from redis.asyncio import BlockingConnectionPool
        from redis.asyncio.retry import Retry
        from redis.backoff import NoBackoff

        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=_MAX_CONNECTIONS,
            timeout=STORE_TIMEOUT_SECONDS,
            socket_connect_timeout=STORE_TIMEOUT_SECONDS,
            socket_timeout=STORE_TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 1),  # once, for a connection that Redis has closed
        )
        storage = RedisStorage(
            url,
            wrap_exceptions=True,
            implementation="redispy",
            key_prefix="agora_helpers",
            connection_pool=pool,  # type: ignore[arg-type]
        )
        self._limit, self._counter, self._error = parse(limit), FixedWindowRateLimiter(storage), StorageError
        self._next_report = 0.0

    async def hit(self, caller: str) -> int:
        try:
            if await self._counter.hit(self._limit, caller):
                return 0
            ends = (await self._counter.get_window_stats(self._limit, caller)).reset_time
        except self._error as error:
            self._report(error)
            headers = {"retry-after": str(_RETRY_SECONDS)} | CLOSE
            problem, hint = "The rate limit cannot be checked right now.", f"Retry in {_RETRY_SECONDS} s."
            raise RequestError("SERVICE_UNAVAILABLE", "server", problem, hint, status=503, headers=headers) from None
        return max(1, math.ceil(ends - time.time()))

    def _report(self, error: Exception) -> None:
        """Log the kind of the error once a minute. Its message may contain the URL."""
        if (now := time.monotonic()) >= self._next_report:
            self._next_report = now + _SECONDS_BETWEEN_REPORTS
            cause = type(error.__cause__ or error).__name__
            _logger.error("The store of the rate limit does not answer (%s). Token requests get status 503.", cause)
