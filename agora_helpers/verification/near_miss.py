"""What a name has become on its way from the client to the token, if that can be told."""

from __future__ import annotations

import re
from collections.abc import Callable


def is_number(name: str) -> bool:
    """Is it an integer, as uids are signed? One that is too large to be written out is compared in hexadecimal."""
    return bool(re.fullmatch("-?(0x[0-9a-f]+|[0-9]+)", name))


def differ_slightly(expected: str | None, found: list[str]) -> str:
    """A sentence, with a space before it, if names differ in case and spaces only, or in percent-encoding."""
    from urllib.parse import unquote_plus

    def plain(name: str) -> str:
        return "".join(name.split()).casefold()

    name = expected or ""
    if plain(name) in map(plain, found):
        return " They differ in capital letters or spaces only."
    decoded = plain(unquote_plus(name))
    if decoded and decoded in (plain(unquote_plus(other)) for other in found):
        return " They differ in percent-encoding only."
    return ""


def near_miss(expected: str | None, fits: Callable[[str], bool]) -> str:
    """A sentence, with a space before it, if a known change of ``expected`` fits what was signed; else nothing.

    >>> near_miss("My Room", {"my room"}.__contains__)
    " It fits in lower case: 'my room'."
    >>> near_miss("lobby", {"undefined"}.__contains__)
    " It fits 'undefined': a variable without a value was signed."
    """
    from urllib.parse import quote, unquote  # only here: it would double the time that the package takes to import

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
        variants[str(int(name) - 2**32)] = variants[str(int(name) + 2**32)] = "as signed and unsigned 32-bit numbers"
    for variant, said in variants.items():
        if variant not in ("", name) and fits(variant):
            return f" It fits {said}: {variant!a}."
    for unset in ("undefined", "null", "None", "NaN", "False", "[object Object]"):
        if fits(unset):
            return f" It fits {unset!a}: a variable without a value was signed."
    return ""
