"""The rules that every argument must pass before anything is signed.

Agora's builders sign whatever they are given: ``None`` becomes a user of that name, ``False`` a token that any client
may use. Each function here returns the value if it is valid. Otherwise it raises :class:`InputError`, which names the
field, the problem and the remedy, and never repeats the value.
"""

from __future__ import annotations

import re
from typing import TypeVar

from .constants import (
    ACCOUNT_MAX_BYTES,
    CHANNEL_MAX_BYTES,
    CHAT_ALPHABET,
    DAY,
    NAME_ALPHABET,
    UINT32_MAX,
    USER_MAX_BYTES,
    Role,
)
from .errors import ErrorCode, InputError
from .secret import Hidden, Secret

T = TypeVar("T")

_is_name = re.compile(f"[{re.escape(NAME_ALPHABET)}]+").fullmatch
_NAME_RULE = "Allowed: a-z A-Z 0-9, space and ! # $ % & ( ) + - : ; < = . > ? @ [ ] ^ _ { } | ~ ,"
_ROLES = {role.value: role for role in Role}
_name_of = type.__dict__["__name__"].__get__


def type_name(value: object) -> str:
    """Return the name of a value's type for a message, even if the type has an attribute ``__name__`` of its own.

    >>> type_name(None), type_name(7)
    ('None', 'int')
    """
    kind = value.kind if isinstance(value, Secret | Hidden) else type(value)
    return "None" if value is None else str(_name_of(kind))


def plain_str(value: T) -> T:
    """Return a plain str for an instance of a subclass, and any other value as it is.

    A ``(str, Enum)`` member formats, and signs, as its name, and a subclass may define any method. ``isinstance``
    would also believe an object that only claims to be a str.
    """
    if type(value) is not str and issubclass(type(value), str):
        return str.__str__(value)  # type: ignore[return-value]
    return value


def plain_int(value: object) -> int | None:
    """Return a plain int for an integer of any class but bool, and None for any other value.

    A subclass may define its own comparisons: compare only the plain int.
    """
    if type(value) is bool or not issubclass(type(value), int):
        return None
    return int.__int__(value)  # type: ignore[arg-type]


_is_token_or_url = re.compile(r"\s*(007eJ[0-9A-Za-z+/]{40}|006[0-9A-Fa-f]{32}IA[A-D]|[a-z]+://)").match
_is_placeholder = re.compile(
    r"undefined|null|NULL|\(null\)|[Nn]one|nil|NaN|nan|[Ff]alse|\[object \w+\]|[Ii]nstance of .*|"
    r"[$#]?\{\{?[\w .]*\}?\}|:[A-Za-z_]\w+|<[A-Za-z_][\w -]*>|%(\(\w+\))?[sd@]|"
    r"(?i:your[ _-]?(channel|user|uid|account|app|token|name|id)[\w -]*)"
).fullmatch


def looks_unset(name: str) -> bool:
    """Check whether a name looks like a variable without a value, or a template that was not filled in.

    >>> looks_unset("undefined"), looks_unset("{channel}"), looks_unset(":userAccount"), looks_unset("lobby")
    (True, True, True, False)
    """
    return len(name) <= CHANNEL_MAX_BYTES and _is_placeholder(name) is not None


def refuse_placeholder(field: str, name: str) -> None:
    """Raise :class:`InputError` for a name that looks like a variable without a value."""
    if looks_unset(name):
        problem = "looks like a variable without a value, or a template that was not filled in."
        hint = "Pass the name itself. If this really is the name, pass allow_placeholder_names=True."
        raise InputError(field, problem, hint, code=ErrorCode.PLACEHOLDER_NAME)


def check_name(field: str, value: object, max_bytes: int) -> str:
    """Check that a value is a string of 1 to ``max_bytes`` of Agora's 89 characters (all ASCII: one byte each)."""
    value = plain_str(value)
    if type(value) is str and len(value) <= max_bytes and _is_name(value) and not _is_token_or_url(value):
        return value
    if type(value) is not str:
        problem = f"must be a string (str), not {type_name(value)}."
        raise InputError(field, problem, "Pass the name itself.", code=ErrorCode.WRONG_TYPE)
    if not value:
        hint = f"Pass a name of 1 to {max_bytes} characters."
        raise InputError(field, "is empty.", hint, code=ErrorCode.EMPTY)
    if match := _is_token_or_url(value):
        problem = f"looks like a {'URL' if match[1].endswith('://') else 'token'}."
        raise InputError(field, problem, "Pass the name itself.")
    for position, character in enumerate(value, 1):
        if character not in NAME_ALPHABET:
            where = f"U+{ord(character):04X}, position {position}"
            problem = f"contains a character that Agora does not allow ({where})."
            raise InputError(field, problem, _NAME_RULE, code=ErrorCode.BAD_CHARACTER)
    problem = f"is {len(value)} bytes long; the limit is {max_bytes}."
    raise InputError(field, problem, "Use a shorter name, for example an id of yours.", code=ErrorCode.TOO_LONG)


def check_channel(channel: object) -> str:
    """Check a channel name: 1 to 63 bytes of Agora's 89 characters."""
    return check_name("channel", channel, CHANNEL_MAX_BYTES)


def check_account(account: object) -> str:
    """Check a user account: 1 to 255 bytes of Agora's 89 characters."""
    if isinstance(account, int) and not isinstance(account, bool):
        problem, hint = "must be a string (str), not a number.", "Pass an integer id as uid=…."
        raise InputError("account", problem, hint, code=ErrorCode.ACCOUNT_IS_NUMBER)
    return check_name("account", account, ACCOUNT_MAX_BYTES)


def check_user(user: object) -> str:
    """Check an RTM user id: 1 to 64 bytes of Agora's 89 characters."""
    if isinstance(user, int) and not isinstance(user, bool):
        hint = "User ids are strings. If the number is the user's id, pass it as str(…)."
        raise InputError("user", "must be a string (str), not a number.", hint, code=ErrorCode.USER_IS_NUMBER)
    return check_name("user", user, USER_MAX_BYTES)


def check_chat_user(user: object) -> str:
    """Check a Chat user id: 1 to 64 of the characters a-z, 0-9, ``_``, ``-`` and ``.``."""
    user = plain_str(user)
    for position, character in enumerate(user if type(user) is str else "", 1):
        if character not in CHAT_ALPHABET:
            where = f"U+{ord(character):04X}, position {position}"
            problem = f"contains a character that Chat does not allow ({where})."
            hint = "Allowed: a-z 0-9 _ - . Chat user ids have no capital letters."
            raise InputError("user", problem, hint, code=ErrorCode.BAD_CHARACTER)
    return check_user(user)


def check_uid(uid: object, *, allow_any: bool = False) -> int:
    """Check an integer uid: 1 to 2**32-1, or with ``allow_any`` also 0 (any client may use the token)."""
    if type(uid) is int and 0 < uid <= UINT32_MAX:
        return uid
    if isinstance(uid, str):
        hint = "Convert a numeric id with int(…). Pass a user account (any string) as account=…."
        raise InputError("uid", "must be an integer, not a string.", hint, code=ErrorCode.UID_IS_STRING)
    number = plain_int(uid)
    if number is None:
        problem = f"must be an integer, not {type_name(uid)}."
        hint = "Pass the uid that the client will join with, 1 to 4294967295."
        raise InputError("uid", problem, hint, code=ErrorCode.WRONG_TYPE)
    if number == 0:
        if allow_any is True:
            return 0
        hint = "Pass the client's own uid. If you really want a token for any client, pass allow_any_uid=True."
        raise InputError("uid", "0 builds a token that any client may use.", hint, code=ErrorCode.UID_FOR_ANYONE)
    if number < 0:
        hint = "Java and Android show a uid above 2147483647 as a negative number: add 4294967296 to it."
        raise InputError("uid", "is negative.", hint, code=ErrorCode.UID_NEGATIVE)
    if number > UINT32_MAX:
        hint = "A uid is 1 to 4294967295 (32 bits); use a user account for larger ids."
        raise InputError("uid", "does not fit into 32 bits.", hint, code=ErrorCode.UID_TOO_LARGE)
    return number  # of an int subclass, such as a member of an IntEnum


def check_role(role: object) -> Role:
    """Check a role: ``"publisher"`` or ``"subscriber"``. Agora's builders treat anything else as a subscriber."""
    role = plain_str(role)
    if type(role) is str and (known := _ROLES.get(role)):
        return known
    hint = 'Use "publisher" (sends and receives) or "subscriber" (receives).'
    if isinstance(role, str):
        raise InputError("role", "is not a role that Agora knows.", hint, code=ErrorCode.UNKNOWN_CHOICE)
    raise InputError("role", f"must be a string (str), not {type_name(role)}.", hint, code=ErrorCode.WRONG_TYPE)


def check_expires_in(expires_in: object, field: str = "expires_in") -> int:
    """Check a lifetime in seconds: 1 to 86400."""
    if type(expires_in) is int and 0 < expires_in <= DAY:
        return expires_in
    number = _integer(field, expires_in, "a number of seconds")
    if number < 1:
        problem, hint = "must be at least 1 second.", "3600 is one hour; Agora allows up to 86400."
        raise InputError(field, problem, hint, code=ErrorCode.LIFETIME_TOO_SHORT)
    if number <= DAY:
        return number
    code = ErrorCode.LIFETIME_IS_TIME
    if number >= 10**12:
        hint = "This looks like a point in time in milliseconds. Pass a duration in seconds: 3600 is one hour."
    elif number >= 10**9:
        hint = "This looks like a point in time (Unix seconds). Pass a duration: 3600 is one hour from now."
    elif number % 1000 == 0 and number // 1000 <= DAY:
        code, hint = ErrorCode.LIFETIME_IS_MILLISECONDS, "This looks like milliseconds. Pass seconds: divide by 1000."
    else:
        code, hint = ErrorCode.LIFETIME_TOO_LONG, "Agora ends every token after 24 hours; renew it before that."
    raise InputError(field, f"is more than {DAY} seconds (24 hours).", hint, code=code)


def check_uint32(field: str, value: object) -> int:
    """Check an integer, 0 to 2**32-1: the salt and the time ``now`` (Unix seconds)."""
    if type(value) is int and 0 <= value <= UINT32_MAX:
        return value
    number = _integer(field, value, "an integer")
    if 0 <= number <= UINT32_MAX:
        return number
    hint = "It must be 0 to 4294967295."
    if field == "now" and number > 10**11:
        hint = "This looks like milliseconds. Pass Unix seconds: divide by 1000."
    raise InputError(field, "does not fit into 32 bits.", hint, code=ErrorCode.OUT_OF_RANGE)


def _integer(field: str, value: object, expected: str) -> int:
    number = plain_int(value)
    if number is not None:
        return number
    hints: dict[type, str] = {str: "Convert it with int(…) first.", float: "Cut it to whole seconds with int(…) first."}
    hint = "Leave it out for the default." if value is None else hints.get(type(value), "")
    problem = f"must be {expected} (int), not {type_name(value)}."
    raise InputError(field, problem, hint, code=ErrorCode.WRONG_TYPE)
