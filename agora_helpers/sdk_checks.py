"""What Agora's RTM SDK for the Web checks by itself, before it asks anybody. Seen by running agora-rtm-sdk 2.3.0."""

from __future__ import annotations

import re
import zlib
from base64 import b64decode

_USER = re.compile(r"(?!_)[a-zA-Z0-9 !#$%&()+,\-:;<=>?@\[\]^_{}|~]{1,64}")


def is_rtm_user(user: str) -> bool:
    """Does the SDK take this user id? It is stricter than the token: no full stop, and no underscore in front."""
    return bool(_USER.fullmatch(user))


def app_id_in(token: str) -> str | None:
    """The App ID that the SDK reads in a token, which it may find in a damaged one, too; None if it finds none.

    >>> app_id_in("006" + "a" * 32 + "and whatever follows")
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'
    """
    if token.startswith("006"):
        return token[3:35]
    if not token.startswith("007"):
        return None
    text = re.sub(r"[\t\n\f\r ]", "", token[3:])  # as a browser reads base64
    text = text if len(text) % 4 else re.sub("={1,2}$", "", text)
    if len(text) % 4 == 1 or not re.fullmatch("[A-Za-z0-9+/]*", text):
        return None
    try:
        stream = b64decode(text + "=" * (-len(text) % 4))[2:]
        payload = zlib.decompressobj(-15).decompress(stream, 128)  # without a look at the checksum
    except zlib.error:
        return None
    start = 2 + int.from_bytes(payload[:2], "little")
    end = start + 2 + int.from_bytes(payload[start : start + 2], "little")
    if len(payload) < start + 2 or end > len(payload):
        return None
    return payload[start + 2 : end].decode("utf-8", "replace")
