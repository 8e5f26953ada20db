"""Checks that Agora's Web SDKs make themselves, before they send a request.

Observed by running agora-rtc-sdk-ng 4.24.8 and agora-rtm-sdk 2.3.0. The texts are theirs, to the letter.
"""

from __future__ import annotations

import re
import zlib
from base64 import b64decode

SdkError = tuple[str, str]
"""The SDK's error, and the text that it shows."""

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


def rtc_sdk_error(app_id: str, channel: str, who: int | str, token: str | None) -> SdkError | None:
    """Return the error with which ``join`` of the RTC SDK fails at once; None if it sends its request.

    Args:
        app_id: as the client passes it, like the others.
        channel: the channel's name.
        who: the uid or the user account; 0 or an empty string lets Agora choose a uid.
        token: None if the client sends none.

    >>> rtc_sdk_error("a" * 32, "lobby", 7, "")
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
        return _INVALID, _UID_RULE  # 0 and an empty string count as no uid
    return None


def rtm_sdk_error(app_id: str, user: str, token: str | None) -> SdkError | None:
    """Return the error with which the RTM SDK fails before it sends a request; None if it sends one.

    It is stricter than the token format: a user id must not contain a full stop or start with an underscore.

    Args:
        app_id: as the client passes it, like the others.
        user: the RTM user id.
        token: None or an empty string if the client sends none.

    >>> rtm_sdk_error("a" * 32, "alice", "hello")
    ('-10005', 'Invalid token.')
    """
    if not _APP_ID.fullmatch(app_id):
        return "-10003", "Invalid App id. illegal symbol or too long."
    if not _USER.fullmatch(user):
        return "-10006", "Invalid user id. illegal symbol or too long."
    if token and token != app_id and (token_app_id := read_app_id(token)) != app_id:
        if token_app_id and _APP_ID.fullmatch(token_app_id):
            return "-10016", "The appid is not consistent."
        return "-10005", "Invalid token."
    return None


def _is_latin(text: str, max_length: int) -> bool:
    """Check for what the SDK calls ASCII: characters up to U+00FF."""
    return 1 <= len(text) <= max_length and all(character <= "\xff" for character in text)


def read_app_id(token: str) -> str | None:
    """Return the App ID that the RTM SDK reads from a token, perhaps from a damaged one; None if it finds none.

    >>> read_app_id("006" + "a" * 32 + "and whatever follows")
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'
    """
    if token.startswith("006"):
        return token[3:35]
    if not token.startswith("007"):
        return None
    text = re.sub(r"[\t\n\f\r ]", "", token[3:])  # as browsers decode base64
    text = text if len(text) % 4 else re.sub("={1,2}$", "", text)
    if len(text) % 4 == 1 or not re.fullmatch("[A-Za-z0-9+/]*", text):
        return None
    try:
        stream = b64decode(text + "=" * (-len(text) % 4))[2:]
        payload = zlib.decompressobj(-15).decompress(stream, 128)  # the SDK does not verify the checksum
    except zlib.error:
        return None
    start = 2 + int.from_bytes(payload[:2], "little")
    end = start + 2 + int.from_bytes(payload[start : start + 2], "little")
    if len(payload) < start + 2 or end > len(payload):
        return None
    return payload[start + 2 : end].decode("utf-8", "replace")
