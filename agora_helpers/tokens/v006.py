"""Version 006 (AccessToken), the format of the classic tutorial: written by ``agora-token-builder``, read here.

    006 ‖ App ID ‖ base64( signature ‖ CRC of channel ‖ CRC of uid ‖ message )
    message   = salt ‖ ts ‖ privileges
    signature = HMAC-SHA256(App Certificate, App ID ‖ channel ‖ uid ‖ message)

Channel and uid are signed but not contained, so both are needed to verify a token.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Final

from agora_token_builder.AccessToken import AccessToken

from ..constants import APP_ID_LENGTH, RTM_LOGIN_006
from ..errors import TokenFormatError
from .decoded import LAYOUTS, DecodedToken
from .frozen import constructor
from .services import Service006
from .wire import Layout, Reader, from_base64, parse

VERSION: Final = "006"
CONTENT_START = len(VERSION) + APP_ID_LENGTH
_CHECKSUMS = Layout("II", "crc_channel_name", "crc_uid")
_MESSAGE = Layout("II", "salt", "ts")
_decoded, _service = constructor(DecodedToken), constructor(Service006)


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
    """Build a 006 token from exactly these values, without validation.

    Args:
        app_id: the project's App ID.
        app_certificate: the project's App Certificate.
        channel: the channel name; in an RTM token the user id.
        uid: the uid as a string; empty for any client, and in an RTM token.
        privileges: privilege number to Unix time at which it ends.
        ts: Unix time at which the token ends.
        salt: uint32; random by default.
    """
    token = AccessToken(app_id, app_certificate, channel, uid)
    token.ts = ts
    if salt is not None:
        token.salt = salt
    for number, expiry in privileges.items():
        token.addPrivilege(number, expiry)
    return str(token.build())


def decode(token: str) -> DecodedToken:
    """Read a string that starts with 006. See :func:`agora_helpers.decode`."""
    app_id = token[len(VERSION) : CONTENT_START]
    if len(app_id) < APP_ID_LENGTH:
        problem = f"has {len(app_id)} characters of {APP_ID_LENGTH}."
        raise TokenFormatError("app_id", problem, "The token was cut short: copy it again, whole.", offset=len(token))
    return parse(lambda reader: read(reader, app_id), from_base64(token, CONTENT_START))


def read(reader: Reader, app_id: str) -> DecodedToken:
    """Read a payload: the one definition of its layout. The App ID stands before the payload."""
    payload = reader.data
    signature = reader.block("signature")
    crc_channel_name, crc_uid = reader.numbers(_CHECKSUMS)
    reader.narrow("message")
    salt, ts = reader.numbers(_MESSAGE)
    privileges = reader.privileges()
    trailing = reader.rest("message.trailing")
    reader.widen()
    trailing += reader.rest("trailing")
    service = _service("rtm" if RTM_LOGIN_006 in privileges else "rtc", privileges)
    return _decoded(
        VERSION,
        app_id,
        salt,
        signature,
        (service,),
        payload,
        trailing,
        reader.repeats_entry,
        ts=ts,
        crc_channel_name=crc_channel_name,
        crc_uid=crc_uid,
    )


LAYOUTS[VERSION] = read


def sign(app_id: str, app_certificate: str, channel: str, uid: str, message: bytes) -> bytes:
    """Compute the signature over these values."""
    signed = (app_id + channel + uid).encode("utf-8", "surrogatepass") + message
    return hmac.digest(app_certificate.encode(), signed, "sha256")
