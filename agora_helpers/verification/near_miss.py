"""Guess how a name was altered between client and token: case, percent-encoding, unset variables."""

from __future__ import annotations

import re
from collections.abc import Callable


def is_number(name: str) -> bool:
    """Check whether a name is an integer, as uids are signed, or the hexadecimal form of a very large one."""
    return bool(re.fullmatch("-?(0x[0-9a-f]+|[0-9]+)", name))


def differ_slightly(expected: str | None, signed: list[str]) -> str:
    """Return a sentence, with a space before it, if two names differ only in case, spaces or percent-encoding.

    >>> differ_slightly("my room", ["MyRoom"])
    ' They differ only in case or spaces.'
    """
    from urllib.parse import unquote_plus

    def plain(name: str) -> str:
        return "".join(name.split()).casefold()

    name = expected or ""
    if plain(name) in map(plain, signed):
        return " They differ only in case or spaces."
    if any(_same_32_bits(name, other) for other in signed):
        return " They are the same in their lower 32 bits: the larger number was cut."
    unquoted = plain(unquote_plus(name))
    if unquoted and unquoted in (plain(unquote_plus(other)) for other in signed):
        return " They differ only in percent-encoding."
    return ""


def _same_32_bits(name: str, other: str) -> bool:
    numbers = [int(text) for text in (name, other) if re.fullmatch("-?[0-9]{1,20}", text)]
    return len(numbers) == 2 and numbers[0] != numbers[1] and (numbers[0] - numbers[1]) % 2**32 == 0


def near_miss(expected: str | None, matches: Callable[[str], bool], *, other: str | None = None) -> str:
    """Return a sentence, with a space before it, if a common change of a name gives the one that was signed.

    Args:
        expected: the name that the client uses; None if there is none.
        matches: returns whether a name is the signed one (or has its checksum).
        other: of channel and uid, the one that was signed in the other's place if the builder's arguments were swapped.

    Returns:
        The sentence, or an empty string if none of the changes does.

    >>> near_miss("My Room", {"my room"}.__contains__)
    " It matches in lower case: 'my room'."
    >>> near_miss("lobby", {"undefined"}.__contains__)
    " The token was signed for 'undefined': a variable was not set."
    """
    from urllib.parse import quote, unquote  # imported here because it doubles the time to import the package

    name = expected or ""
    variants = {
        name.strip(): "without the spaces around it",
        name.lower(): "in lower case",
        name.upper(): "in upper case",
        name.capitalize(): "with a capital letter",
        unquote(name): "percent-decoded",
        quote(name, safe="", errors="surrogatepass"): "percent-encoded",
        name.partition("#")[0]: "up to the #",
    }
    if re.fullmatch("-?[0-9]{1,10}", name):
        variants[str(int(name) - 2**32)] = "as a signed 32-bit number"
        variants[str(int(name) + 2**32)] = "as an unsigned 32-bit number"
    if other and other != name and matches(other):
        return f" It has {other!a} there: channel and uid were swapped in the call of the builder."
    for variant, change in variants.items():
        if variant not in ("", name) and matches(variant):
            return f" It matches {change}: {variant!a}."
    for unset in ("undefined", "null", "None", "NaN", "False", "[object Object]"):
        if matches(unset):
            return f" The token was signed for {unset!a}: a variable was not set."
    return ""
