"""Who may ask the token server for a token, and whose pages may read the answer.

Whoever gets a token enters the channel, so a server that others can reach must know its callers. A policy is any
function that looks at a request's headers and answers with a :class:`Permit`, or with None. Here: API keys, which the
callers (a team's own backend) send as ``Authorization: Bearer KEY``.
"""

from __future__ import annotations

import hmac
import inspect
import ipaddress
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from ..errors import InputError
from ..validation import check_account, check_uid
from .requests import CLOSE, RequestError

if TYPE_CHECKING:
    from .rate_limit import RateLimit

KEYS_VARIABLE = "AGORA_API_KEYS"
_SHORTEST_KEY = 16
_NEW_KEY = 'Make one with: python -c "import secrets; print(secrets.token_urlsafe(24))"'


@dataclass(frozen=True, slots=True)
class Permit:
    """Who asks, and what the server decides in place of the client.

    What is decided need not be asked for; a request that asks for something else gets no token.

    >>> permit = Permit("alice", user="alice", channels={"lobby"}, may_publish=False)
    """

    caller: str
    """For the log and the rate limit: a short name, never a key."""
    user: str | None = None
    """The user account and RTM user id. None: as the client wishes."""
    uid: int | None = None
    """The uid, in place of a user account. (Its RTM user id is then the number as a text.)"""
    channels: Collection[str] | None = None
    """The only channels that may be joined. None: any."""
    may_publish: bool = True
    """May the client be a publisher?"""

    def __post_init__(self) -> None:
        """What cannot be right is the policy's mistake, and must not look like one of the caller's.

        Raises:
            InputError: a value cannot be used; names it as ``permit.…``.
        """
        for name, given in {"caller": self.caller, "user": self.user}.items():
            if not (isinstance(given, str) and given) and not (name == "user" and given is None):
                raise InputError(f"permit.{name}", f"must be a text (str), not {type(given).__name__}.")
        if type(self.may_publish) is not bool:
            raise InputError("permit.may_publish", f"must be True or False, not {type(self.may_publish).__name__}.")
        if self.channels is not None and (isinstance(self.channels, str) or not isinstance(self.channels, Collection)):
            hint = 'Pass a set of names: {"lobby"}.'
            raise InputError("permit.channels", f"must be a collection, not {type(self.channels).__name__}.", hint)
        if self.user is not None:
            _of_the_permit(lambda: check_account(self.user))
        if self.uid is not None:
            _of_the_permit(lambda: check_uid(self.uid))


def _of_the_permit(check: Callable[[], object]) -> None:
    try:
        check()
    except InputError as error:
        raise InputError(f"permit.{error.field}", error.problem, error.hint) from None


Access = Callable[[Mapping[str, str]], Permit | Awaitable[Permit | None] | None]
"""A policy: from the request's headers (their names in lower case) to a permit; None if the caller is nobody's.

It may be an ``async`` function. One that waits for something else, such as a database, must be.
"""


class ApiKeys:
    """Admits callers that send one of these keys.

    Args:
        keys: one or more, each at least 16 visible ASCII characters.

    Raises:
        InputError: there is no key, or one cannot be used. The message never shows it.

    Callers are named by the place of their key: ``key 1``, ``key 2``.

    >>> keys = ApiKeys(["a-key-of-my-own-backend"])
    >>> keys({"authorization": "Bearer a-key-of-my-own-backend"}).caller
    'key 1'
    >>> keys({"authorization": "Bearer another"}), keys({})
    (None, None)
    """

    def __init__(self, keys: Iterable[str]) -> None:
        given = [] if isinstance(keys, str) or not isinstance(keys, Iterable) else list(keys)
        if not given or not all(isinstance(key, str) for key in given):
            raise InputError(KEYS_VARIABLE, "holds no list of keys.", f"Separate several with commas. {_NEW_KEY}")
        if any(len(key) < _SHORTEST_KEY for key in given):
            problem = f"holds a key of fewer than {_SHORTEST_KEY} characters."
            raise InputError(KEYS_VARIABLE, problem, _NEW_KEY)
        if not all("!" <= character <= "~" for key in given for character in key):
            raise InputError(KEYS_VARIABLE, "holds a key with a space or a character beyond ASCII.", _NEW_KEY)
        self._keys = tuple(key.encode() for key in given)
        self._permits = tuple(Permit(f"key {number}") for number, _ in enumerate(given, 1))

    def __call__(self, headers: Mapping[str, str]) -> Permit | None:
        """Does the ``Authorization`` header hold one of the keys? Takes the same time wherever it differs."""
        scheme, _, shown = headers.get("authorization", "").partition(" ")
        given = shown.strip().encode("utf-8", "surrogatepass")
        fits = [hmac.compare_digest(given, key) for key in self._keys]
        return self._permits[fits.index(True)] if scheme.lower() == "bearer" and any(fits) else None

    def __repr__(self) -> str:
        return f"<ApiKeys: {len(self._keys)} hidden>"


class Gate:
    """Lets callers through, by an access policy and a rate limit.

    Args:
        access: the policy; None lets everybody through.
        limit: None: no limit.
    """

    def __init__(self, access: Access | None, limit: RateLimit | None) -> None:
        self._access, self._limit = access, limit

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
            await self._count(f"unauthenticated: {network_of(address)}")
            hint = "Send what proves who you are, for instance the header Authorization: Bearer KEY."
            proof = {"www-authenticate": "Bearer"} | CLOSE
            raise RequestError(
                "UNAUTHORIZED", "Authorization", "does not say who you are.", hint, status=401, headers=proof
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
