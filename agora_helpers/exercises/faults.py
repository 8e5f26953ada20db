"""What may be wrong with an answer. Each function returns None if nothing is, else a sentence or two.

They are written to stand in a chain, ``not_a_token(answer) or not_good_for(answer, …)``: each may rely on those before.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ..constants import DAY
from ..credentials import Credentials
from ..errors import TokenFormatError
from ..tokens.decoded import DecodedToken
from ..tokens.decoder import decode
from ..tokens.services import privilege_times
from ..verification.reasons import ReasonCode
from ..verification.verifier import Verdict, verify
from ..wording import format_duration

NOW, SALT = 1_700_000_000, 12_345
"""The lessons' time and salt."""


def a_kind_of(answer: object) -> str:
    """What an answer is, in plain words."""
    names: dict[type, str] = {bool: "True or False", int: "a whole number", float: "a number", str: "a text"}
    return names.get(type(answer), f"of type {type(answer).__name__}")


def not_a_token(answer: object) -> str | None:
    """Anything but a well-formed token."""
    if not isinstance(answer, str):
        return f"A token is a text, and the answer is {a_kind_of(answer)}. What a builder returns is a token."
    try:
        decode(answer)
    except TokenFormatError as error:
        return f"This is no token. {error}"
    return None


def another_version(token: str, version: str) -> str | None:
    """A token of the other version."""
    found = decode(token).version
    return None if found == version else f"This is a {found} token. Wanted is {version}."


def not_good_for(token: str, **client: Any) -> str | None:
    """A token that does not admit this client while it lives; and one that admits everyone, if a uid is given."""
    verdict = verify(token, Credentials.for_lessons(), now=_in_its_life(decode(token)), **client)
    if not verdict.ok:
        return _first_reason(verdict)
    if any(reason.code == ReasonCode.ANY_UID for reason in verdict.reasons):
        return "It admits this client, and everyone else: it is signed for uid 0. Make it for this client alone."
    return None


def _first_reason(verdict: Verdict) -> str:
    reason = verdict.reasons[0]
    return f"{reason.title}. {reason.detail} {reason.hint}"


def _in_its_life(decoded: DecodedToken) -> int:
    """A time at which a token that ever was good is good: that of its issue, or in 006 just before its first end."""
    if decoded.issued_at is not None:
        return decoded.issued_at
    return max(min(end for service in decoded.services for end in privilege_times(service).values()) - 1, 0)


def other_privileges(token: str, wanted: Collection[int]) -> str | None:
    """A role that was not asked for. Looks at the first service."""
    found = set(privilege_times(decode(token).services[0]))
    if found == set(wanted):
        return None
    roles = {frozenset({1}): "a subscriber's: join, and no more", frozenset({1, 2, 3, 4}): "a publisher's"}
    role = roles.get(frozenset(found), "neither a publisher's nor a subscriber's")
    return f"Its privileges are {sorted(found)}, {role}."


def another_lifetime(token: str, seconds: int) -> str | None:
    """A token that lives for another time, counted from its issue (or in 006 from the lessons' NOW)."""
    decoded = decode(token)
    ends = {privilege_times(service)[number] for service in decoded.services for number in privilege_times(service)}
    if decoded.issued_at is None:
        return _another_end_006(ends, decoded.expires_at - DAY, seconds)
    if decoded.expire != seconds:
        return _lasts(decoded.expire or 0, seconds)
    if ends - {0, seconds}:
        return "The token lives as long as it should, its privileges do not: let all of them end with the token."
    return None


def _another_end_006(ends: set[int], built_at: int, seconds: int) -> str | None:
    if ends & {seconds, seconds * 1000}:
        return f"Its privileges ended in 1970: in 006 an end is a point in time, such as NOW + {seconds}."
    if max(ends) < NOW or len(ends) > 1:
        return "Its privileges ended long ago, or not together: in 006 an end is a point in time, such as NOW + 60."
    lasts = min((max(ends) - start for start in (NOW, built_at)), key=abs)
    return None if abs(lasts - seconds) <= 5 else _lasts(lasts, seconds)  # the library takes its time from the clock


def _lasts(found: int, wanted: int) -> str:
    minutes = " A lifetime is counted in seconds, not in minutes." if found * 60 == wanted else ""
    lifetimes = f"{found} s ({format_duration(found)}); wanted are {wanted} s ({format_duration(wanted)})"
    return f"It lives for {lifetimes}.{minutes}"


def not_a_count(answer: object, of: str) -> str | None:
    """Anything but a whole number that is not negative."""
    if type(answer) is int and answer >= 0:
        return None
    return f"Wanted is a whole number of {of}, and the answer is {a_kind_of(answer)}."


def not_those(answer: object, facts: Mapping[Any, bool], why: Mapping[Any, str]) -> str | None:
    """Anything but the set of those that ``facts`` calls true; ``why`` says for each what speaks for its fact."""
    names = ", ".join(map(repr, facts))
    if isinstance(answer, str):
        answer = {answer}
    if not isinstance(answer, set | frozenset | list | tuple):
        return f"Write a set of those that fit, or an empty one, set(). To choose from: {names}."
    for name in answer:
        if name not in list(facts):
            return f"{name!r} is not to choose from. There are: {names}."
    for name, fits in facts.items():
        if (name in answer) != fits:
            return f"{name!r} {'is missing' if fits else 'does not belong there'}. {why[name]}"
    return None
