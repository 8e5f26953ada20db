"""The rules that every argument passes before anything is signed.

Agora's builders sign whatever they are given: ``None`` becomes a user of that name, ``False`` a token for
anyone. Each function here returns the value if it is right, else raises :class:`InputError`, which
names the field, the problem and the hint and never repeats the value.
"""

from __future__ import annotations

import re

from .constants import ACCOUNT_MAX_BYTES, CHANNEL_MAX_BYTES, DAY, NAME_ALPHABET, UINT32_MAX, USER_MAX_BYTES, Role
from .errors import InputError

_is_name = re.compile(f"[{re.escape(NAME_ALPHABET)}]+").fullmatch
_NAME_RULE = "Use a-z A-Z 0-9, space and ! # $ % & ( ) + - : ; < = . > ? @ [ ] ^ _ { } | ~ , only."
_ROLES = {role.value: role for role in Role}


def _type_of(value: object) -> str:
    return "None" if value is None else f"of type {type(value).__name__}"


def plain_str(value: object) -> object:
    """A plain str in place of a subclass's instance: a ``(str, Enum)`` member prints, and signs, as its name."""
    return str.__str__(value) if type(value) is not str and isinstance(value, str) else value


def check_name(field: str, value: object, max_bytes: int) -> str:
    """A text of 1 to ``max_bytes`` of Agora's 89 characters (all ASCII, so characters are bytes)."""
    value = plain_str(value)
    if isinstance(value, str) and len(value) <= max_bytes and _is_name(value):
        return value
    if not isinstance(value, str):
        raise InputError(field, f"must be a text (str), not {_type_of(value)}.", "Pass the name itself.")
    if not value:
        raise InputError(field, "is empty.", f"Give a name of 1 to {max_bytes} characters.")
    for place, character in enumerate(value, 1):
        if character not in NAME_ALPHABET:
            problem = f"character {place} (U+{ord(character):04X}) is not allowed."
            raise InputError(field, problem, _NAME_RULE)
    problem = f"is {len(value)} bytes long, and {max_bytes} is the limit."
    raise InputError(field, problem, "Use a shorter name, for instance an id of yours.")


def check_channel(channel: object) -> str:
    """A channel name: 1 to 63 bytes of Agora's 89 characters."""
    return check_name("channel", channel, CHANNEL_MAX_BYTES)


def check_account(account: object) -> str:
    """A user account: 1 to 255 bytes of Agora's 89 characters."""
    if isinstance(account, int) and not isinstance(account, bool):
        raise InputError("account", "must be a text (str), not a number.", "An integer id goes into uid=….")
    return check_name("account", account, ACCOUNT_MAX_BYTES)


def check_user(user: object) -> str:
    """An RTM user id: 1 to 64 bytes of Agora's 89 characters."""
    if isinstance(user, int) and not isinstance(user, bool):
        hint = "RTM users are texts: write the number in quotes if that is the user's id."
        raise InputError("user", "must be a text (str), not a number.", hint)
    return check_name("user", user, USER_MAX_BYTES)


def check_uid(uid: object, *, allow_any: bool = False) -> int:
    """An integer uid, 1 to 2**32-1; 0 (anyone may use the token) only with ``allow_any``."""
    if type(uid) is int and 0 < uid <= UINT32_MAX:
        return uid
    if isinstance(uid, str):
        hint = "Convert a numeric id with int(…); a user account (any text) goes into account=…."
        raise InputError("uid", "must be an integer, not a text.", hint)
    if isinstance(uid, bool) or not isinstance(uid, int):
        problem = f"must be an integer, not {_type_of(uid)}."
        raise InputError("uid", problem, "Pass the very uid that the client will join with, 1 to 4294967295.")
    if uid == 0:
        if allow_any is True:
            return 0
        hint = "Pass the client's own uid, or allow_any_uid=True if that is what you want."
        raise InputError("uid", "0 makes a token that anyone may use.", hint)
    if uid < 0:
        hint = "Java and Android show a uid above 2147483647 as a negative number: add 4294967296 to it."
        raise InputError("uid", "is negative.", hint)
    if uid > UINT32_MAX:
        hint = "A uid is 1 to 4294967295 (32 bits); use a user account for larger ids."
        raise InputError("uid", "does not fit into 32 bits.", hint)
    return int(uid)  # an int subclass, such as a member of an IntEnum


def check_role(role: object) -> Role:
    """``"publisher"`` or ``"subscriber"``; Agora's builders take anything else for a subscriber."""
    if isinstance(role, str) and (known := _ROLES.get(role)):
        return known
    hint = 'Say "publisher" (sends and receives) or "subscriber" (receives).'
    if isinstance(role, str):
        raise InputError("role", "is not a role that Agora knows.", hint)
    raise InputError("role", f"must be one of two words, not {_type_of(role)}.", hint)


def check_expires_in(expires_in: object, field: str = "expires_in") -> int:
    """A lifetime in seconds, 1 to 86400."""
    if type(expires_in) is int and 0 < expires_in <= DAY:
        return expires_in
    number = _integer(field, expires_in, "a number of seconds")
    if number < 1:
        raise InputError(field, "must be at least 1 second.", "3600 is an hour, 86400 the most that Agora allows.")
    if number <= DAY:
        return number
    if number >= 10**12:
        hint = "It looks like a point in time in milliseconds. Pass a duration in seconds: 3600 is one hour."
    elif number >= 10**9:
        hint = "It looks like a point in time (Unix seconds). Pass a duration: 3600 is one hour from now."
    elif number % 1000 == 0 and number // 1000 <= DAY:
        hint = "It looks like milliseconds. Pass seconds: divide by 1000."
    else:
        hint = "Agora ends every token after 24 hours; renew it before that."
    raise InputError(field, f"is more than {DAY} seconds (24 hours).", hint)


def check_uint32(field: str, value: object) -> int:
    """An integer, 0 to 2**32-1: the salt and the time ``now`` (Unix seconds)."""
    if type(value) is int and 0 <= value <= UINT32_MAX:
        return value
    number = _integer(field, value, "an integer")
    if 0 <= number <= UINT32_MAX:
        return number
    hint = "It must be 0 to 4294967295."
    if field == "now" and number > 10**11:
        hint = "It looks like milliseconds. Pass Unix seconds: divide by 1000."
    raise InputError(field, "does not fit into 32 bits.", hint)


def _integer(field: str, value: object, expected: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return int(value)
    hints: dict[type, str] = {str: "Convert it with int(…) first.", float: "Cut it to whole seconds with int(…) first."}
    hint = "Leave it out for the default." if value is None else hints.get(type(value), "")
    raise InputError(field, f"must be {expected} (int), not {_type_of(value)}.", hint)
