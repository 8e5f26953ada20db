"""The gate before the tokens: who asks, and do they ask too often? No web framework."""

from __future__ import annotations

import inspect
import math
import time
from collections.abc import Mapping

from .policy import Permit
from .settings import Settings
from .token_requests import RequestError


class Gate:
    """Lets callers through, by the policy and the rate limit of the settings.

    The count is kept in this process: with several of them a caller has as many times the limit. Where that matters,
    ``limits``, the library that counts, can keep the count in a store that all of them share, such as Redis: the place
    for it is here.
    """

    def __init__(self, settings: Settings) -> None:
        self._access = settings.access
        self._limit = RateLimit(settings.rate_limit) if settings.rate_limit else None

    async def admit(self, headers: Mapping[str, str], address: str) -> Permit:
        """Who asks.

        Args:
            headers: the request's, with names in lower case.
            address: where the request comes from.

        Raises:
            RequestError: the caller is nobody's (401), or has asked too often (429).
        """
        if self._access is None:
            permit = Permit(address)
        else:
            strangers = f"strangers from {address}"
            if self._limit:  # who guesses keys is not told whether the last guess was right
                await self._limit.check(strangers)
            found = self._access(headers)
            permit_or_none = await found if inspect.isawaitable(found) else found
            if permit_or_none is None:
                if self._limit:
                    await self._limit.count(strangers)
                cure = "Send what proves who you are, for instance the header Authorization: Bearer KEY."
                proof = {"www-authenticate": "Bearer"}
                problem = "does not say who you are."
                raise RequestError("UNAUTHORIZED", "Authorization", problem, cure, status=401, headers=proof)
            permit = permit_or_none
        if self._limit:
            await self._limit.count(permit.caller)
        return permit


class RateLimit:
    """So many requests of a caller in a window of time.

    Args:
        limit: such as ``"600/minute"``.
    """

    def __init__(self, limit: str) -> None:
        from limits import parse
        from limits.aio.storage import MemoryStorage
        from limits.aio.strategies import FixedWindowRateLimiter

        self._limit = parse(limit)
        self._counter = FixedWindowRateLimiter(MemoryStorage())

    async def count(self, caller: str) -> None:
        """One request more.

        Raises:
            RequestError: that is one too many (429); says in ``Retry-After`` when to come again.
        """
        if not await self._counter.hit(self._limit, caller):
            await self._refuse(caller)

    async def check(self, caller: str) -> None:
        """The same, and the request does not count."""
        if not await self._counter.test(self._limit, caller):
            await self._refuse(caller)

    async def _refuse(self, caller: str) -> None:
        ends, _ = await self._counter.get_window_stats(self._limit, caller)
        seconds = max(1, math.ceil(ends - time.time()))
        cure = f"Come again in {seconds} s. A token lasts for long: ask for one, not for each call."
        later = {"retry-after": str(seconds)}
        raise RequestError("TOO_MANY_REQUESTS", "caller", "has asked too often.", cure, status=429, headers=later)
