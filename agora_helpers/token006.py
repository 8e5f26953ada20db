"""Version 006 (AccessToken), the format of the classic tutorial: written by ``agora-token-builder``, read here.

    006 ‖ App ID ‖ base64( signature ‖ CRC of channel ‖ CRC of uid ‖ message )
    message   = salt ‖ ts ‖ privileges
    signature = HMAC-SHA256(App Certificate, App ID ‖ channel ‖ uid ‖ message)

Channel and uid are signed but not contained, so whoever verifies must bring them.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping

from agora_token_builder.AccessToken import AccessToken

from .decoded import DecodedToken
from .errors import TokenFormatError
from .services import Service006
from .vocabulary import APP_ID_LENGTH, RTM_LOGIN_006
from .wire import Layout, Reader, from_base64

VERSION = "006"
_CONTENT_START = len(VERSION) + APP_ID_LENGTH
_CHECKSUMS = Layout("IIH", "crc_channel_name", "crc_uid", "message.length")
_MESSAGE = Layout("II", "salt", "ts")


def encode(
    app_id: str,
    app_certificate: str,
    channel: str,
    uid: str,
    privileges: Mapping[int, int],
    *,
    ts: int,
    salt: int | None = None,
) -> str:
    """A 006 token of exactly these values, unvalidated. Times are absolute; without ``salt`` a random one."""
    token = AccessToken(app_id, app_certificate, channel, uid)
    token.ts = ts
    if salt is not None:
        token.salt = salt
    for number, expiry in privileges.items():
        token.addPrivilege(number, expiry)
    return str(token.build())


def decode(token: str) -> DecodedToken:
    """Read a text that begins with 006. See :func:`agora_helpers.decode`."""
    app_id = token[len(VERSION) : _CONTENT_START]
    if len(app_id) < APP_ID_LENGTH:
        problem = f"has {len(app_id)} characters of {APP_ID_LENGTH}."
        raise TokenFormatError("app_id", problem, "The token was cut short: copy it again.", offset=len(token))
    content = from_base64(token[_CONTENT_START:], _CONTENT_START)

    reader = Reader(content)
    signature = reader.block("signature")
    crc_channel_name, crc_uid, length = reader.numbers(_CHECKSUMS)
    start, end = reader.position, reader.position + length
    if end > len(content):
        reader.cut_off("message", start, length)
    reader.data = content[:end]  # nothing in the message may reach beyond it
    salt, ts = reader.numbers(_MESSAGE)
    privileges = reader.privileges()
    trailing = reader.rest("message.trailing")
    reader.data = content
    trailing += reader.rest("trailing")
    return DecodedToken(
        VERSION,
        app_id,
        salt,
        signature,
        (Service006("rtm" if RTM_LOGIN_006 in privileges else "rtc", privileges),),
        content,
        content[start:end],
        ts=ts,
        crc_channel_name=crc_channel_name,
        crc_uid=crc_uid,
        trailing=trailing,
        notes=reader.notes,
    )


def sign(app_id: str, app_certificate: str, channel: str, uid: str, message: bytes) -> bytes:
    """The signature that these values call for."""
    return hmac.digest(app_certificate.encode(), (app_id + channel + uid).encode() + message, "sha256")
