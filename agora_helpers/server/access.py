"""Access to tokens: which callers get one, and what the server decides for them.

Anyone holding a token can join the channel, so a server that others can reach must know its callers. An access policy
is a function that maps a request's headers to a :class:`Permit`, or returns None to reject the caller. :class:`ApiKeys`
is such a policy: callers (a team's own backend) send a key as ``Authorization: Bearer KEY``.
"""

from __future__ import annotations

import hmac
import inspect
import ipaddress
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import ErrorCode, InputError
from ..secret import Secret, hide
from ..validation import check_account, check_uid, type_name
from .requests import CLOSE, Body, RequestError

if TYPE_CHECKING:
    from .rate_limit import RateLimit

KEYS_VARIABLE = "AGORA_API_KEYS"
_MIN_KEY_LENGTH = 16
_NEW_KEY = 'Create one: python -c "import secrets; print(secrets.token_urlsafe(24))"'


@dataclass(frozen=True, slots=True)
class Permit:
    """Who the caller is, and what the server decides in place of the client.

    A request may leave out what the server decides. A request for something else is rejected.

    Raises:
        InputError: a value is invalid; names it as ``permit.…``.

    >>> permit = Permit("alice", user="alice", channels={"lobby"}, may_publish=False)
    """

    caller: str
    """A short name for the log and the rate limit, never a key."""
    user: str | None = None
    """The user account and RTM user id. None: the client chooses."""
    uid: int | None = None
    """The uid, in place of a user account. The RTM user id is then the number as a string."""
    channels: Collection[str] | None = None
    """The only channels that the client may join. None: any channel."""
    may_publish: bool = True
    """Whether the client may be a publisher."""

    def __post_init__(self) -> None:
        """Validate here, so that a faulty policy causes a 500 and not a 400."""
        if not isinstance(self.caller, str) or not self.caller:
            raise _invalid("caller", "must be a string that is not empty.", 'Pass a short name: "alice".')
        if self.user is not None and not isinstance(self.user, str):
            raise _invalid("user", f"must be a string (str) or None, not {type_name(self.user)}.")
        if type(self.may_publish) is not bool:
            raise _invalid("may_publish", f"must be True or False, not {type_name(self.may_publish)}.")
        if self.channels is not None and (isinstance(self.channels, str) or not isinstance(self.channels, Collection)):
            problem = f"must be a collection of names, not {type_name(self.channels)}."
            raise _invalid("channels", problem, 'Pass a set: {"lobby"}.')
        try:
            if self.user is not None:
                check_account(self.user)
            if self.uid is not None:
                check_uid(self.uid)
        except InputError as error:
            field = "user" if error.field == "account" else error.field
            raise InputError(f"permit.{field}", error.problem, error.hint, code=error.code) from None


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

    >>> apply_permit(Permit("alice", user="alice"), {"channel": "lobby"}, ("channel", "uid", "userAccount"))
    {'channel': 'lobby', 'userAccount': 'alice'}
    """
    decided: Body = {}
    if permit.uid is not None:
        decided |= {"uid": permit.uid, "user": str(permit.uid)}
    if permit.user is not None:
        decided |= {"user": permit.user} | ({} if permit.uid is not None else {"userAccount": permit.user})
    decided = {name: value for name, value in decided.items() if name in fields}
    for name in ("uid", "userAccount", "user"):
        if decided and name in body and name in fields and body[name] != decided.get(name):
            raise _forbidden(name, "is not yours to choose.", "Leave it out: the server knows who you are.")
    channel = body.get("channel") if "channel" in fields else None
    if permit.channels is not None and isinstance(channel, str) and channel not in permit.channels:
        raise _forbidden("channel", "is not a channel that you may join.", "Send one of yours.")
    if not permit.may_publish and body.get("isPublisher"):
        raise _forbidden("isPublisher", "is not allowed for you: you may join, but not publish.", "Leave it out.")
    return body | decided


def _forbidden(field: str, problem: str, hint: str) -> RequestError:
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
        self._permits = tuple(Permit(f"key {number}") for number, _ in enumerate(keys, 1))

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
        access: the policy; None admits every caller.
        limit: None: no limit.
    """

    def __init__(self, access: Access | None, limit: RateLimit | None) -> None:
        self._access, self._limit = access, limit

    async def admit(self, headers: Mapping[str, str], address: str) -> Permit:
        """Return the permit of the caller.

        Args:
            headers: of the request, with lower-case names.
            address: where the request comes from.

        Raises:
            RequestError: 401 if the policy rejects the caller; 429 if this address has sent too many rejected requests.
            InputError: the policy returned neither a permit nor None.
        """
        permit = Permit(network_of(address)) if self._access is None else self._access(headers)
        if inspect.isawaitable(permit):
            permit = await permit
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


def network_of(address: str) -> str:
    """Return an IPv4 address as it is, and of an IPv6 address the /64 network, which one household has.

    >>> network_of("192.0.2.1"), network_of("2001:db8::1:2:3:4")
    ('192.0.2.1', '2001:db8::/64')
    """
    return str(ipaddress.ip_network(f"{address}/64", strict=False)) if ":" in address else address
