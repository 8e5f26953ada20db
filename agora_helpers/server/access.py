"""Access to tokens: which callers get one, and what the server decides for them.

Anyone holding a token can join the channel, so a server that others can reach must know its callers. An access policy
is a function that maps a request's headers to a :class:`Permit`, or returns None to reject the caller. :class:`ApiKeys`
is such a policy: callers (a team's own backend) send a key as ``Authorization: Bearer KEY``.
"""

from __future__ import annotations

import asyncio
import hmac
import inspect
import ipaddress
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from ..errors import ErrorCode, InputError
from ..secret import Secret, hide
from ..tokens.frozen import constructor
from ..validation import check_channel, check_expires_in, check_uid, check_user, plain_str, type_name
from .requests import CLOSE, Body, RequestError

if TYPE_CHECKING:
    from .rate_limit import RateLimit

KEYS_VARIABLE = "AGORA_API_KEYS"
POLICY_TIMEOUT_SECONDS = 5
"""Time in which an ``async`` access policy must decide."""
_MIN_KEY_LENGTH = 16
_NEW_KEY = 'Create one: python -c "import secrets; print(secrets.token_urlsafe(24))"'


class Anyone(Enum):
    """The type of :data:`ANYONE`."""

    ANYONE = "anyone"


class AnyValue(Enum):
    """The type of :data:`ANY`."""

    ANY = "any"


ANYONE: Final = Anyone.ANYONE
"""In place of an access policy: everyone who reaches the server gets tokens."""
ANY: Final = AnyValue.ANY
"""In a :class:`Permit`: the client chooses."""


@dataclass(frozen=True, slots=True)
class Permit:
    """Who the caller is, and what the server decides in place of the client.

    A permit allows only what it names. A request may leave out what the server decides. A request for something else is
    rejected, and so is version 006, in which channel and client can be exchanged without the key.

    Raises:
        InputError: a value is invalid; names it as ``permit.…``. The server then responds with status 500.

    >>> permit = Permit("alice", user="alice", channels={"lobby"})
    >>> backend = Permit("my backend", user=ANY, channels=ANY, may_publish=True)
    """

    caller: str
    """A short name for the log and the rate limit, never a key."""
    user: str | AnyValue | None = None
    """The user account and RTM user id, 1 to 64 bytes. :data:`ANY`: the client chooses both, or a uid."""
    uid: int | None = None
    """The uid, in place of a user account. Without ``user`` the RTM user id is the number as a string."""
    channels: Collection[str] | AnyValue = ()
    """The only channels that the client may join; by default none. :data:`ANY`: all channels."""
    may_publish: bool = False
    """Whether the client may be a publisher."""
    max_expires_in: int | None = None
    """The longest lifetime of its tokens in seconds, 1 to 86400, if it is shorter than the server's."""

    def __post_init__(self) -> None:
        """Validate here, so that a faulty policy causes a 500 and not a 400. Keep plain values of enum members."""
        caller = plain_str(self.caller)
        if not isinstance(caller, str) or not caller:
            raise _invalid("caller", "must be a string that is not empty.", 'Pass a short name: "alice".')
        if self.uid is None and self.user is None:
            hint = "Pass user or uid, or user=ANY to let the client choose."
            raise InputError("permit.user", "is missing, and so is uid.", hint, code=ErrorCode.MISSING)
        if self.uid is not None and self.user is ANY:
            raise _invalid("user", "cannot be ANY if uid is given.", "Pass one of the two.")
        if type(self.may_publish) is not bool:
            raise _invalid("may_publish", f"must be True or False, not {type_name(self.may_publish)}.")
        try:
            if self.user is not None and self.user is not ANY:
                object.__setattr__(self, "user", check_user(self.user))
            if self.uid is not None:
                object.__setattr__(self, "uid", check_uid(self.uid))
            if self.max_expires_in is not None:
                object.__setattr__(self, "max_expires_in", check_expires_in(self.max_expires_in, "max_expires_in"))
        except InputError as error:
            raise error.within("permit") from None
        object.__setattr__(self, "caller", caller)
        object.__setattr__(self, "channels", _check_channels(self.channels))

    @property
    def binds(self) -> bool:
        """Whether the permit decides the channel or the client, which a token of version 006 cannot guarantee.

        >>> Permit("alice", user=ANY, channels={"lobby"}).binds, Permit("alice", user=ANY, channels=ANY).binds
        (True, False)
        """
        return self.user is not ANY or self.channels is not ANY


def _check_channels(channels: object) -> frozenset[str] | AnyValue:
    if channels is ANY:
        return ANY
    if isinstance(channels, str | bytes | bytearray | memoryview) or not isinstance(channels, Collection):
        problem = f"must be a collection of names, not {type_name(channels)}."
        raise _invalid("channels", problem, 'Pass a set, such as {"lobby"}, or ANY.')
    try:
        return frozenset(map(check_channel, channels))
    except InputError as error:
        problem = f"contains an invalid name: it {error.problem}"
        raise InputError("permit.channels", problem, error.hint, code=error.code) from None


_valid_permit = constructor(Permit)
"""Creates a permit from valid values, without validation: once for each request to a server without a policy."""


def unrestricted(caller: str) -> Permit:
    """Return a permit for every token that the server issues."""
    return _valid_permit(caller, user=ANY, channels=ANY, may_publish=True)


def _invalid(field: str, problem: str, hint: str = "") -> InputError:
    return InputError(f"permit.{field}", problem, hint, code=ErrorCode.WRONG_TYPE)


Access = Callable[[Mapping[str, str]], Permit | Awaitable[Permit | None] | None]
"""An access policy: maps request headers (lower-case names) to a :class:`Permit`, or returns None to reject the caller.

It may be an ``async`` function, and must be one if it waits for something, such as a database.
"""


def apply_permit(permit: Permit, body: Body, fields: Collection[str]) -> Body:
    """Return the request with what the server decides filled in.

    Args:
        permit: of the caller.
        body: the request.
        fields: the names that a request to this endpoint may have.

    Raises:
        RequestError: the request is for something that the permit does not allow (403); names the field.

    >>> permit = Permit("alice", user="alice", channels=ANY)
    >>> apply_permit(permit, {"channel": "lobby"}, ("channel", "uid", "userAccount"))
    {'channel': 'lobby', 'userAccount': 'alice'}
    """
    decided: Body = {}
    if permit.uid is not None:
        decided |= {"uid": permit.uid, "user": str(permit.uid)}
    if isinstance(permit.user, str):
        decided |= {"user": permit.user} | ({} if permit.uid is not None else {"userAccount": permit.user})
    decided = {name: value for name, value in decided.items() if name in fields}
    for name in ("uid", "userAccount", "user"):
        if decided and name in body and name in fields and body[name] != decided.get(name):
            raise forbidden(name, "is not yours to choose.", "Leave it out: the server knows who you are.")
    channel = body.get("channel") if "channel" in fields else None
    if permit.channels is not ANY and isinstance(channel, str) and channel not in permit.channels:
        raise forbidden("channel", "is not a channel that you may join.", "Send one of yours.")
    if not permit.may_publish and body.get("isPublisher"):
        raise forbidden("isPublisher", "is not allowed for you: you may join, but not publish.", "Leave it out.")
    return body | decided


def forbidden(field: str, problem: str, hint: str) -> RequestError:
    """Return the error for a request that the permit does not allow (403)."""
    return RequestError("FORBIDDEN", field, problem, hint, status=403)


class ApiKeys:
    """An access policy that admits callers with one of these keys.

    Callers are named after the position of their key: ``key 1``, ``key 2``.

    Args:
        keys: one or more, each at least 16 visible ASCII characters.

    Raises:
        InputError: there is no key, or one is invalid. The message never shows it.

    >>> keys = ApiKeys(["a-key-of-my-own-backend"])
    >>> keys({"authorization": "Bearer a-key-of-my-own-backend"}).caller
    'key 1'
    >>> keys({"authorization": "Bearer another"}), keys({})
    (None, None)
    """

    _keys: tuple[Secret, ...] = ()  # for the repr of one whose keys were rejected

    def __init__(self, keys: Iterable[str]) -> None:
        keys = [] if isinstance(keys, str) or not isinstance(keys, Iterable) else list(map(hide, keys))
        if not keys or not all(isinstance(key, str) for key in keys):
            raise InputError(KEYS_VARIABLE, "contains no list of keys.", f"Separate several with commas. {_NEW_KEY}")
        if any(len(key) < _MIN_KEY_LENGTH for key in keys):
            problem = f"contains a key of fewer than {_MIN_KEY_LENGTH} characters."
            raise InputError(KEYS_VARIABLE, problem, _NEW_KEY)
        if not all("!" <= character <= "~" for key in keys for character in key):
            raise InputError(KEYS_VARIABLE, "contains a key with a space or a non-ASCII character.", _NEW_KEY)
        self._keys = tuple(map(hide, keys))
        self._permits = tuple(unrestricted(f"key {number}") for number, _ in enumerate(keys, 1))

    def __call__(self, headers: Mapping[str, str]) -> Permit | None:
        """Return the permit of the key in the ``Authorization`` header, in time independent of where keys differ."""
        scheme, _, credentials = headers.get("authorization", "").partition(" ")
        key = credentials.strip().encode("utf-8", "surrogatepass")
        matches = [hmac.compare_digest(key, known.encode()) for known in self._keys]
        return self._permits[matches.index(True)] if scheme.lower() == "bearer" and any(matches) else None

    def __repr__(self) -> str:
        return f"<ApiKeys: {len(self._keys)} hidden>"


class Gate:
    """Admits callers by an access policy and a rate limit.

    Args:
        access: the policy; :data:`ANYONE` admits every caller.
        limit: None: no limit.
    """

    def __init__(self, access: Access | Anyone, limit: RateLimit | None) -> None:
        self._access, self._limit = access, limit

    async def admit(self, headers: Mapping[str, str], address: str) -> Permit:
        """Return the permit of the caller.

        Args:
            headers: of the request, with lower-case names.
            address: where the request comes from.

        Raises:
            RequestError: 401 if the policy rejects the caller; 429 if this address has sent too many rejected requests;
                503 if the policy does not decide in time.
            InputError: the policy returned neither a permit nor None.
        """
        permit = unrestricted(network_of(address)) if self._access is ANYONE else self._access(headers)
        if inspect.isawaitable(permit):
            permit = await _in_time(permit)
        if permit is None:
            await self._count(f"unauthenticated: {network_of(address)}")
            hint = "Send proof of who you are, for example the header Authorization: Bearer KEY."
            headers = {"www-authenticate": "Bearer"} | CLOSE
            problem = "does not identify the caller."
            raise RequestError("UNAUTHORIZED", "Authorization", problem, hint, status=401, headers=headers)
        if not isinstance(permit, Permit):
            raise InputError("access", f"must return a Permit or None, not {type_name(permit)}.")
        return permit

    async def count(self, permit: Permit) -> None:
        """Count one request of this caller.

        Raises:
            RequestError: the caller has sent too many requests (429).
        """
        await self._count(f"caller {permit.caller}")

    async def _count(self, caller: str) -> None:
        if self._limit:
            await self._limit.count(caller)


async def _in_time(decision: Awaitable[Permit | None]) -> Permit | None:
    try:
        async with asyncio.timeout(POLICY_TIMEOUT_SECONDS) as timeout:
            return await decision
    except TimeoutError:
        if not timeout.expired():
            raise  # the policy's own
        logging.getLogger(__name__).error("The access policy took more than %s seconds.", POLICY_TIMEOUT_SECONDS)
        problem, headers = "Service unavailable.", {"retry-after": str(POLICY_TIMEOUT_SECONDS)} | CLOSE
        hint = f"Retry in {POLICY_TIMEOUT_SECONDS} s."
        raise RequestError("UNAVAILABLE", "server", problem, hint, status=503, headers=headers) from None


def network_of(address: str) -> str:
    """Return an IPv4 address as it is, and of an IPv6 address the /64 network, which one household has.

    >>> network_of("192.0.2.1"), network_of("2001:db8::1:2:3:4")
    ('192.0.2.1', '2001:db8::/64')
    """
    return str(ipaddress.ip_network(f"{address}/64", strict=False)) if ":" in address else address
