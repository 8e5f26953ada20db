"""Guess how a name was altered between client and token: case, percent-encoding, unset variables."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..constants import ACCOUNT_MAX_BYTES
from ..secret import Secret, hide

UNSET = ("undefined", "null", "None", "NaN", "False", "[object Object]")
"""What the variables of several languages become, as a string, if they were not set."""

_ADDITIONS = {
    "{}\n": "with a line break after it",
    "{}\r\n": "with a line break after it",
    "{} ": "with a space after it",
    " {}": "with a space before it",
    '"{}"': "in quotes",
    "'{}'": "in quotes",
}
"""What files, forms and JSON add to a string, as format strings."""


def is_number(name: str) -> bool:
    """Check whether a name is a whole number, or the hexadecimal form of a very large one."""
    return bool(re.fullmatch(r"-?(0x[0-9a-f]+|[0-9]+(\.0+)?)", name))


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
    if any(_digits(name) == _digits(other) for other in signed if _digits(other)):
        return " They are the same number, written differently."
    if any(_same_32_bits(name, other) for other in signed):
        return " They are the same in their lower 32 bits: the larger number was cut."
    unquoted = plain(unquote_plus(name))
    if unquoted and unquoted in (plain(unquote_plus(other)) for other in signed):
        return " They differ only in percent-encoding."
    return ""


def _digits(name: str) -> str:
    """Return a whole number without a plus sign, zeros before it and decimals after it; empty if it is none."""
    match = re.fullmatch(r"(-?)\+?0*([0-9]+?)(\.0+)?", name) if len(name) <= ACCOUNT_MAX_BYTES else None
    return match[1] + match[2] if match else ""


def _same_32_bits(name: str, other: str) -> bool:
    numbers = [int(text) for text in (name, other) if re.fullmatch("-?[0-9]{1,20}", text)]
    return len(numbers) == 2 and numbers[0] != numbers[1] and (numbers[0] - numbers[1]) % 2**32 == 0


def near_miss(expected: str | None, matches: Callable[[str], bool]) -> str:
    """Return a sentence, with a space before it, if a common change of a name gives the one that was signed.

    Args:
        expected: the name that the client uses; None if there is none.
        matches: returns whether a name is the signed one (or has its checksum).

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
        **{form.format(name): change for form, change in _ADDITIONS.items()},
    }
    if re.fullmatch("-?[0-9]{1,10}", name):
        variants[f"{name}.0"] = "as the same number with a decimal point"
        variants[str(int(name) - 2**32)] = "as a signed 32-bit number"
        variants[str(int(name) + 2**32)] = "as an unsigned 32-bit number"
    for variant, change in variants.items():
        if variant not in ("", name) and matches(variant):
            return f" It matches {change}: {variant!a}."
    for unset in UNSET:
        if matches(unset):
            return f" The token was signed for {unset!a}: a variable was not set."
    return ""


def certificate_near_miss(certificate: str, app_id: str, is_signed_with: Callable[[Secret], bool]) -> str:
    """Return a sentence if a common mistake with the App Certificate explains a signature, else an empty string.

    Args:
        certificate: the project's App Certificate.
        app_id: the App ID in the token.
        is_signed_with: returns whether the signature was made with a certificate.
    """
    for form, change in (("{upper}", "in upper case"), ("{lower}", "in lower case"), *_ADDITIONS.items()):
        if is_signed_with(hide(form.format(certificate, upper=certificate.upper(), lower=certificate.lower()))):
            return f"Signed with the App Certificate {change}: the server must use it exactly as the console shows it."
    if is_signed_with(hide(app_id)):
        return "Signed with the App ID in place of the App Certificate."
    for unset in ("", *UNSET):
        if is_signed_with(hide(unset)):
            return f"Signed with {unset!a} in place of the App Certificate: the server's variable was not set."
    return ""
