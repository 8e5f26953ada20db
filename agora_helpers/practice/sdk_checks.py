"""What Agora's Web SDKs check by themselves, before they ask anybody.

Seen by running agora-rtc-sdk-ng 4.24.8 and agora-rtm-sdk 2.3.0.
"""

from __future__ import annotations

import re
import zlib
from base64 import b64decode

Refusal = tuple[str, str]
"""The SDK's error and its words."""

_INVALID = "INVALID_PARAMS"
_CHANNEL = re.compile(r"[a-zA-Z0-9 !#$%&()+\-:;<=.>?@\[\]^_{}|~,]{1,64}")
_CHANNEL_RULE = (
    "The length must be within 64 bytes. The supported characters: a-z,A-Z,0-9,space,!, #, $, %, &, (, ), +, -, :, ;, "
    "<, =, ., >, ?, @, [, ], ^, _,  {, }, |, ~, ,"
)
_UID_RULE = (
    "[String uid] Length of the string: [1,255]. ASCII characters only. [Number uid] The value range is [0,10000]"
)
_APP_ID = re.compile("[0-9A-Za-z]{32}")
_USER = re.compile(r"(?!_)[a-zA-Z0-9 !#$%&()+,\-:;<=>?@\[\]^_{}|~]{1,64}")


def rtc_refusal(app_id: str, channel: str, who: int | str, token: str | None) -> Refusal | None:
    """What ``join`` of the RTC SDK refuses by itself; ``who`` is the uid or the user account.

    >>> rtc_refusal("a" * 32, "lobby", 7, "")
    ('INVALID_PARAMS', 'Invalid token: . If you don not use token, set it to null')
    """
    if token == "":
        return _INVALID, "Invalid token: . If you don not use token, set it to null"
    for name, value in {"token": token, "appid": app_id}.items():
        if value is not None and not _is_latin(value, 2047):
            return _INVALID, f"Invalid {name}: Length of the string: [1,2047]. ASCII characters only."
    if not _CHANNEL.fullmatch(channel):
        return _INVALID, _CHANNEL_RULE
    if who and not (0 < who < 2**32 if isinstance(who, int) else _is_latin(who, 255)):
        return _INVALID, _UID_RULE  # 0 and an empty text are as good as none
    return None


def rtm_refusal(app_id: str, user: str, token: str | None) -> Refusal | None:
    """What the RTM SDK refuses by itself. It is stricter than the token: no full stop, and no underscore in front.

    >>> rtm_refusal("a" * 32, "alice", "hello")
    ('-10005', 'Invalid token.')
    """
    if not _APP_ID.fullmatch(app_id):
        return "-10003", "Invalid App id. illegal symbol or too long."
    if not _USER.fullmatch(user):
        return "-10006", "Invalid user id. illegal symbol or too long."
    if token and token != app_id and (read := app_id_in(token)) != app_id:
        if read and _APP_ID.fullmatch(read):
            return "-10016", "The appid is not consistent."
        return "-10005", "Invalid token."
    return None


def _is_latin(text: str, longest: int) -> bool:
    """What the SDK calls ASCII."""
    return 1 <= len(text) <= longest and all(character <= "\xff" for character in text)


def app_id_in(token: str) -> str | None:
    """The App ID that the RTM SDK reads in a token, which it may find in a damaged one, too; None if it finds none.

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
