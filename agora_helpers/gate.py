"""The gate before the tokens: who asks, and do they ask too often? No web framework."""

from __future__ import annotations

import inspect
import ipaddress
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from .errors import InputError
from .json_requests import CLOSE, RequestError
from .policy import Permit
from .settings import Settings

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
            RequestError: the caller is nobody's (401), or one of too many such from this address (429).
        """
        permit = _anyone(address) if self._access is None else self._access(headers)
        if inspect.isawaitable(permit):
            permit = await permit
        if permit is None:
            await self._count(f"strangers from {network_of(address)}")
            cure = "Send what proves who you are, for instance the header Authorization: Bearer KEY."
            proof = {"www-authenticate": "Bearer"} | CLOSE
            raise RequestError(
                "UNAUTHORIZED", "Authorization", "does not say who you are.", cure, status=401, headers=proof
            )
        if not isinstance(permit, Permit):
            raise InputError("access", f"must answer with a Permit or None, not {type(permit).__name__}.")
        return permit

    async def count(self, permit: Permit) -> None:
        """One request more of this caller's.

        Raises:
            RequestError: that is one too many (429).
        """
        await self._count(f"caller {permit.caller}")

    async def _count(self, who: str) -> None:
        if self._limit:
            await self._limit.count(who)


@lru_cache(maxsize=1024)
def _anyone(address: str) -> Permit:
    return Permit(network_of(address))


def network_of(address: str) -> str:
    """An IPv4 address as it is; of an IPv6 one the network that one household has.

    >>> network_of("192.0.2.1"), network_of("2001:db8::1:2:3:4")
    ('192.0.2.1', '2001:db8::/64')
    """
    return str(ipaddress.ip_network(f"{address}/64", strict=False)) if ":" in address else address
