"""Checks on an answer. Each function returns None if the answer passes, else one or two sentences for the learner.

Use them in a chain, ``not_a_token(answer) or not_good_for(answer, …)``: each may rely on those before it.
The sentences say what is wrong with an answer. They never say what is right: that is what hints are for.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from ..constants import DAY
from ..credentials import Credentials
from ..display.style import Result
from ..errors import TokenFormatError
from ..tokens.decoded import DecodedToken
from ..tokens.decoder import decode
from ..tokens.services import privilege_times
from ..verification.reasons import ReasonCode
from ..verification.verifier import verify
from ..wording import format_duration
from .exercise import Mark, Nudge

NOW, SALT = 1_700_000_000, 12_345
"""The lessons' time and salt."""


def a_kind_of(answer: object) -> str:
    """Return the type of an answer in plain words."""
    names: dict[type, str] = {bool: "True or False", int: "a whole number", float: "a number", str: "a string"}
    return names.get(str if isinstance(answer, str) else type(answer), f"of type {type(answer).__name__}")


def not_a_token(answer: object) -> str | None:
    """Check that the answer is a well-formed token."""
    if not isinstance(answer, str):
        return f"A token is a string, but your answer is {a_kind_of(answer)}. Use the return value of a builder."
    try:
        decode(answer)
    except TokenFormatError as error:
        return f"This is not a token. {error}"
    return None


def another_version(token: str, expected: Literal["006", "007"]) -> str | None:
    """Check that the token has the expected version."""
    version = decode(token).version
    return None if version == expected else f"This is a {version} token. The exercise asks for a {expected} token."


def not_good_for(token: str, **client: Any) -> str | None:
    """Check that the token admits this client at some time, and is not for any client.

    Args:
        token: a well-formed token.
        client: the client as keyword arguments of :func:`agora_helpers.verify`.
    """
    verdict = verify(token, Credentials.for_lessons(), now=_within_its_life(decode(token)), partial=True, **client)
    if not verdict.ok:
        # With another channel or user, the signature of a 006 token does not fit, either.
        names_006 = decode(token).version == "006" and verdict.match.status == "wrong"
        genuine = verdict.signature.status == "ok" or names_006
        step = "Compare the token with the client in the question." if genuine else "Pass credentials to the builder."
        return f"{verdict.reasons[0].title}. {step}"
    if any(reason.code == ReasonCode.ANY_UID for reason in verdict.reasons):
        return "It admits this client, but also every other one: it is signed for uid 0. Whose token should it be?"
    return None


def _within_its_life(decoded: DecodedToken) -> int:
    """Return a time at which the token is valid if it ever is: its issue, or in 006 just before its first expiry."""
    if decoded.issued_at is not None:
        return decoded.issued_at
    ends = [end for service in decoded.services for end in privilege_times(service).values()]
    return max(min(ends, default=NOW) - 1, 0)


def other_privileges(token: str, expected: Collection[int]) -> str | None:
    """Check that the token's first service has exactly the expected privileges."""
    privileges = {number for service in decode(token).services[:1] for number in privilege_times(service)}
    if privileges == set(expected):
        return None
    roles = {frozenset({1}): "a subscriber's, who may join but not publish", frozenset({1, 2, 3, 4}): "a publisher's"}
    role = roles.get(frozenset(privileges), "neither a publisher's nor a subscriber's")
    return f"Its privileges are {sorted(privileges)}, {role}."


def another_lifetime(token: str, seconds: int) -> str | None:
    """Check that the token is valid for so many seconds from its issue (in 006, from the lessons' NOW)."""
    decoded = decode(token)
    ends = {privilege_times(service)[number] for service in decoded.services for number in privilege_times(service)}
    if not ends:
        return "It grants no privilege, so nothing in it can expire."
    if decoded.issued_at is None:
        return _another_end_006(ends, decoded.expires_at - DAY, seconds)
    if decoded.expire != seconds:
        return _wrong_lifetime(decoded.expire or 0, seconds)
    if ends - {0, seconds}:
        return (
            "The token's own lifetime is right, but a privilege expires earlier. Compare the times of its privileges."
        )
    return None


def _another_end_006(ends: set[int], built_at: int, seconds: int) -> str | None:
    if ends & {seconds, seconds * 1000}:
        return "Its privileges expired in 1970. Is an expiry in 006 a point in time or a duration?"
    if max(ends) < NOW or len(ends) > 1:
        return (
            "Its privileges expired long ago, or at different times. Is an expiry in 006 a point in time or a duration?"
        )
    lifetime = min((max(ends) - start for start in (NOW, built_at)), key=abs)
    # The library reads the clock itself, so allow for a few seconds.
    return None if abs(lifetime - seconds) <= 5 else _wrong_lifetime(lifetime, seconds)


def _wrong_lifetime(lifetime: int, expected: int) -> str:
    readable = format_duration(lifetime)
    also = "" if readable == f"{lifetime} s" else f" ({readable})"
    unit = "In which unit are lifetimes" if lifetime * 60 == expected else "How many seconds does the exercise ask for"
    return f"It is valid for {lifetime} s{also}. {unit}?"


def not_a_count(answer: object, of: str = "") -> str | None:
    """Check that the answer is a whole number (of ``of``, such as hours), and not negative."""
    number = f"a whole number of {of}" if of else "a whole number"
    if type(answer) is float and answer.is_integer():
        return f"The answer must be {number}, but yours is a float. Write it without the decimal point."
    if type(answer) is not int:
        return f"The answer must be {number}, but yours is {a_kind_of(answer)}."
    return None if answer >= 0 else f"The answer must be {number}, and must not be negative."


def not_those(answer: object, facts: Mapping[Any, bool], why: Mapping[Any, str] | str) -> str | None:
    """Check that the answer is the set of names whose fact is true; ``why`` explains each of the others.

    A first miss learns how many choices are wrong, a later one which is, and why. A missing one is never named. With
    few choices, to name the wrong one would leave only the right ones: then ``why`` is one text for all.
    """
    names = ", ".join(map(repr, facts))
    if isinstance(answer, str):
        answer = {answer}
    if not isinstance(answer, set | frozenset | list | tuple):
        return f"Write a set of the right ones, or an empty set, set(). Choose from {names}."
    for name in answer:
        if name not in list(facts):
            return f"{name!r} is not one of the choices. Choose from {names}."
    chosen = [name for name in facts if name in answer]
    wrong = [name for name in chosen if not facts[name]]
    missing = any(fits for name, fits in facts.items() if name not in chosen)
    if wrong:
        text = f"{_so_many(len(wrong), len(chosen))} wrong{', and something is missing' if missing else ''}."
        text += " Which choice can you not give a reason for?"
        return Nudge(text, more=why if isinstance(why, str) else f"{wrong[0]!r} is wrong here. {why[wrong[0]]}")
    if not missing:
        return None
    return "What you chose is right, but something is missing." if answer else "At least one of the choices is right."


def _so_many(count: int, of: int) -> str:
    """Return subject and verb for ``count`` of the learner's choices."""
    if count == of:
        return "Your choice is" if of == 1 else f"All {of} of your choices are"
    return f"{count} of your {of} choices {'is' if count == 1 else 'are'}"


@dataclass(frozen=True, slots=True)
class TokenChecks:
    """Checks on an answer that must be a token, by mark. A call returns the first problem, in the order of ``parts``.

    Each part takes a well-formed token, and returns None if the token passes, else a problem.
    """

    parts: Mapping[Mark, Callable[[str], str | None]]
    version: Literal["006", "007"] | None = None

    def __call__(self, answer: object) -> str | None:
        """Return what is wrong with an answer, or None."""
        return not_a_token(answer) or self._first_problem(str(answer))

    def _first_problem(self, token: str) -> str | None:
        if self.version and (problem := another_version(token, self.version)):
            return problem
        return next((problem for part in self.parts.values() if (problem := part(token))), None)

    def marks(self, answer: object) -> dict[Mark, Result]:
        """Return the result for each mark; none if the answer is not a token."""
        if not_a_token(answer):
            return {}
        token = str(answer)
        status = verify(token, Credentials.for_lessons(), now=NOW).signature.status
        results: dict[Mark, Result] = dict.fromkeys(get_args(Mark), "unknown")
        if status != "not checked":  # the signature of a 006 token cannot be checked without its channel and user
            results["signature"] = "good" if status == "ok" else "bad"
        if status != "wrong":
            results |= {mark: "bad" if part(token) else "good" for mark, part in self.parts.items()}
        return results
