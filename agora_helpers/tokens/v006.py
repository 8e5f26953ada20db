"""Version 006 (AccessToken), the format of the classic tutorial: written by ``agora-token-builder``, read here.

    006 ‖ App ID ‖ base64( signature ‖ CRC of channel ‖ CRC of uid ‖ message )
    message   = salt ‖ ts ‖ privileges
    signature = HMAC-SHA256(App Certificate, App ID ‖ channel ‖ uid ‖ message)

Channel and uid are signed but not contained, so whoever verifies must bring them.
"""

from __future__ import annotations

import hmac
import struct
from collections.abc import Mapping

from agora_token_builder.AccessToken import AccessToken

from ..constants import APP_ID_LENGTH, RTM_LOGIN_006
from ..errors import TokenFormatError
from .decoded import DecodedToken
from .services import Service006
from .wire import ENTRY, Layout, Reader, from_base64

VERSION = "006"
CONTENT_START = len(VERSION) + APP_ID_LENGTH
_CHECKSUMS = Layout("II", "crc_channel_name", "crc_uid")
_MESSAGE = Layout("II", "salt", "ts")
_USUAL = struct.Struct("<H32sIIHIIH")  # all before the privileges
_MESSAGE_START = 44


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
    app_id = token[len(VERSION) : CONTENT_START]
    if len(app_id) < APP_ID_LENGTH:
        problem = f"has {len(app_id)} characters of {APP_ID_LENGTH}."
        raise TokenFormatError("app_id", problem, "The token was cut short: copy it again.", offset=len(token))
    content = from_base64(token, CONTENT_START)
    return _read_usual(app_id, content) or read(app_id, Reader(content))


def _read_usual(app_id: str, content: bytes) -> DecodedToken | None:
    """The shape that every builder writes, in one step; None for any other, which :func:`read` takes."""
    if len(content) < _USUAL.size:
        return None
    length, signature, crc_channel_name, crc_uid, size, salt, ts, count = _USUAL.unpack_from(content)
    if length != 32 or size != len(content) - _MESSAGE_START or size != 10 + 6 * count:
        return None
    privileges = dict(ENTRY.iter_unpack(content[_USUAL.size :]))
    service = Service006("rtm" if RTM_LOGIN_006 in privileges else "rtc", privileges)
    contained = (VERSION, app_id, salt, signature, (service,), content, read_again)
    only_006 = (None, None, ts, crc_channel_name, crc_uid, None, b"")
    return tuple.__new__(DecodedToken, contained + only_006)  # DecodedToken(…) in half the time


def read_again(token: DecodedToken) -> Reader:
    """The reader after reading ``token`` field by field."""
    reader = Reader(token.payload)
    read(token.app_id, reader)
    return reader


def read(app_id: str, reader: Reader) -> DecodedToken:
    """Any content, field by field; the reader then holds them with their byte ranges."""
    content = reader.data
    signature = reader.block("signature")
    crc_channel_name, crc_uid = reader.numbers(_CHECKSUMS)
    length = reader.uint16("message.length")
    end = reader.position + length
    if end > len(content):
        reader.cut_off("message", length)
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
        read_again,
        ts=ts,
        crc_channel_name=crc_channel_name,
        crc_uid=crc_uid,
        trailing=trailing,
    )


def sign(app_id: str, app_certificate: str, channel: str, uid: str, message: bytes) -> bytes:
    """The signature that these values call for."""
    return hmac.digest(
        app_certificate.encode(), (app_id + channel + uid).encode("utf-8", "surrogatepass") + message, "sha256"
    )
