"""The gate before the tokens: who asks, and do they ask too often? No web framework."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import TYPE_CHECKING

from .errors import InputError
from .policy import Permit
from .settings import Settings
from .token_requests import RequestError

if TYPE_CHECKING:
    from .rate_limit import RateLimit


class Gate:
    """Lets callers through, by the policy and the rate limit of the settings."""

    def __init__(self, settings: Settings) -> None:
        self._access = settings.access
        self._limit: RateLimit | None = None
        if settings.rate_limit:
            from .rate_limit import RateLimit  # only here: its library takes as long to import as the web framework

            self._limit = RateLimit(settings.rate_limit)

    async def admit(self, headers: Mapping[str, str], address: str) -> Permit:
        """Who asks.

        Args:
            headers: the request's, with names in lower case.
            address: where the request comes from.

        Raises:
            RequestError: the caller is nobody's (401), or guesses too often (429).
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
        if not isinstance(permit, Permit):
            raise InputError("access", f"must answer with a Permit or None, not {type(permit).__name__}.")
        return permit

    async def count(self, permit: Permit) -> None:
        """One request more of this caller's.

        Raises:
            RequestError: that is one too many (429).
        """
        if self._limit:
            await self._limit.count(permit.caller)
