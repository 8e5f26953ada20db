"""Version 007 (AccessToken2), the format that Agora recommends: written and read here.

    007 ‖ base64( zlib( signature ‖ signing info ) )
    signing info = App ID ‖ issued_at ‖ expire ‖ salt ‖ number of services ‖ services
    service      = type ‖ privileges ‖ what the type calls for
    key          = HMAC(salt, HMAC(issued_at, App Certificate)),   signature = HMAC(key, signing info)

Compression is not signed and differs between zlib builds, so equal payloads may make unequal texts.
"""

from __future__ import annotations

import struct
import zlib
from binascii import a2b_base64, b2a_base64
from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import sha256
from os import urandom
from typing import Any
from zlib import DEFLATED, adler32, compressobj, decompressobj

from ..constants import APP_ID_LENGTH, MAX_PAYLOAD_BYTES
from ..errors import TokenFormatError
from .decoded import DecodedToken
from .services import SERVICE_CLASSES, Permissions, RtcService, RtmService, Service, UnknownService
from .wire import ENTRY, U16, U32, Layout, Reader, from_base64, pack_privileges, pack_text, to_base64

VERSION = "007"
_HEAD = Layout("IIIH", "issued_at", "expire", "salt", "services.count")
_INT16 = Layout("h", "role")
_USUAL = struct.Struct("<H32sH32sIIIHHH")  # all before the privileges of the first service
_RTC, _RTM = int(RtcService.type), int(RtmService.type)
_UNUSED = tuple(DecodedToken._field_defaults[name] for name in DecodedToken._fields[9:])
_unpack_usual = _USUAL.unpack_from


def encode(
    app_id: str,
    app_certificate: str,
    services: Iterable[Service | UnknownService],
    *,
    issued_at: int,
    expire: int,
    salt: int | None = None,
) -> str:
    """A 007 token of exactly these values, unvalidated; services in ascending order of type.

    Privileges that are a plain tuple of numbers end with the token. Without ``salt`` a random one.
    """
    if salt is None:
        salt = int.from_bytes(urandom(4), "big") or 1
    ordered = list(services)
    if len(ordered) > 1:
        ordered.sort(key=_type_of)
    head = pack_text(app_id) + _HEAD.pack(issued_at, expire, salt, len(ordered))
    info = head + b"".join([_write_service(service, expire) for service in ordered])
    return VERSION + to_base64(_compress(b" \0" + sign(app_certificate, issued_at, salt, info) + info))


def _compress(payload: bytes) -> bytes:
    """A zlib stream as ``zlib.compress`` makes it, from a tenth of the memory.

    ``zlib.compress`` takes 268 KiB for each call, and where the allocator gives that back to the system each
    time, it costs more than all the rest of a token.
    """
    deflater = compressobj(6, DEFLATED, -10, 4)
    return b"\x78\x9c" + deflater.compress(payload) + deflater.flush() + adler32(payload).to_bytes(4, "big")


def decode(token: str) -> DecodedToken:
    """Read a text that begins with 007. See :func:`agora_helpers.decode`."""
    return _decode_usual(token) or read(Reader(inflate(token)))


def _decode_usual(token: str) -> DecodedToken | None:
    """A flawless token with one RTC or RTM service, as nearly all are, read in few steps.

    None for any other: :func:`inflate` and :func:`read` then take it, or say what is wrong with it.
    """
    try:
        text = token.encode("ascii")[3:]
        stream = a2b_base64(text)
        inflater = decompressobj()
        payload = inflater.decompress(stream, MAX_PAYLOAD_BYTES)
        if not inflater.eof or inflater.unused_data or b2a_base64(stream, newline=False) != text:
            return None
        length, signature, id_length, app_id, issued_at, expire, salt, count, number, granted = _unpack_usual(payload)
        if length != 32 or id_length != APP_ID_LENGTH or count != 1:
            return None
        end = _USUAL.size + ENTRY.size * granted
        privileges = _read_grants(payload[_USUAL.size : end]).copy()
        start = end + 2
        end = start + payload[end] + (payload[end + 1] << 8)
        name = payload[start:end].decode()
        service: Service
        if number == _RTC:
            start = end + 2
            end = start + payload[end] + (payload[end + 1] << 8)
            service = RtcService(name, payload[start:end].decode(), privileges)
        elif number == _RTM:
            service = RtmService(name, privileges)
        else:
            return None
        if end != len(payload):
            return None
        values = (VERSION, app_id.decode(), salt, signature, (service,), payload, read_again, issued_at, expire)
        return tuple.__new__(DecodedToken, values + _UNUSED)  # DecodedToken(*values) in half the time
    except (ValueError, IndexError, struct.error, zlib.error):
        return None


@lru_cache(maxsize=64)  # the same few roles and lifetimes again and again
def _read_grants(entries: bytes) -> dict[int, int]:
    return dict(ENTRY.iter_unpack(entries))


def read_again(token: DecodedToken) -> Reader:
    """The reader after reading ``token`` field by field."""
    reader = Reader(token.payload)
    read(reader)
    return reader


def read(reader: Reader) -> DecodedToken:
    """Any payload, field by field; the reader then holds them with their byte ranges."""
    payload = reader.data
    signature = reader.block("signature")
    app_id = reader.text("app_id")
    issued_at, expire, salt, count = reader.numbers(_HEAD)
    services: list[Service] = []
    unread = None
    for index in range(count):
        reader.scope = f"services[{index}]."
        number = reader.uint16("type")
        if number not in SERVICE_CLASSES:
            unread = UnknownService(number, reader.rest("unread"))
            break
        services.append(_read_service(reader, SERVICE_CLASSES[number]))
    reader.scope = ""
    return DecodedToken(
        VERSION,
        app_id,
        salt,
        signature,
        tuple(services),
        payload,
        read_again,
        issued_at=issued_at,
        expire=expire,
        unread=unread,
        trailing=reader.rest("trailing"),
    )


def sign(app_certificate: str, issued_at: int, salt: int, info: bytes) -> bytes:
    """The signature that these values call for. The time and the salt are HMAC *keys* on the way to it."""
    return _hmac(_hmac(U32.pack(salt), _key_of_second(app_certificate, issued_at)), info)


@lru_cache(maxsize=4)  # a server makes many tokens in the same second
def _key_of_second(app_certificate: str, issued_at: int) -> bytes:
    return _hmac(U32.pack(issued_at), app_certificate.encode())


_INNER, _OUTER = (bytes(byte ^ pad for byte in range(256)) for pad in (0x36, 0x5C))


def _hmac(key: bytes, message: bytes) -> bytes:
    """HMAC-SHA-256 (RFC 2104) for keys of at most 64 bytes: what ``hmac.digest`` returns, in 2/3 of its time."""
    inner, outer = key.translate(_INNER).ljust(64, b"\x36"), key.translate(_OUTER).ljust(64, b"\x5c")
    return sha256(outer + sha256(inner + message).digest()).digest()


def inflate(token: str) -> bytes:
    """The payload of a 007 token: one complete zlib stream of at most 128 KiB and nothing after it."""
    start = len(VERSION)
    stream = from_base64(token, start)
    inflater = decompressobj()
    try:
        payload = inflater.decompress(stream, MAX_PAYLOAD_BYTES + 1)
    except zlib.error:
        problem = "is not a zlib stream, or is damaged."
        raise TokenFormatError("zlib", problem, "Copy the token again, whole.", offset=start) from None
    if inflater.eof and not inflater.unused_data and len(payload) <= MAX_PAYLOAD_BYTES:
        return payload
    if len(payload) > MAX_PAYLOAD_BYTES:
        problem, hint = f"inflates to more than {MAX_PAYLOAD_BYTES} bytes.", "No token is that large."
    elif inflater.unused_data:
        problem, hint = "has bytes after its end.", "Something was added to the token: copy it again."
    else:
        problem, hint = "ends too early.", "The token was cut short: copy it again, whole."
    raise TokenFormatError("zlib", problem, hint, offset=start)


def _type_of(service: Service | UnknownService) -> int:
    return service.type


def _write_service(service: Service | UnknownService, expire: int) -> bytes:
    if isinstance(service, UnknownService):
        return U16.pack(service.type) + service.data
    privileges = service.privileges
    if isinstance(privileges, tuple):
        written = _write_grants(service.type, privileges, expire)
    else:
        written = U16.pack(service.type) + pack_privileges(privileges)
    if isinstance(service, RtcService):  # the most frequent one by far
        return written + pack_text(service.channel) + pack_text(str(service.uid))
    for attribute, _, kind in service.parts:
        value = getattr(service, attribute)
        written += pack_text(value) if kind == "text" else _WRITE[kind](value)
    return written


@lru_cache(maxsize=64)  # the same few roles and lifetimes again and again
def _write_grants(service_type: int, privileges: tuple[int, ...], expire: int) -> bytes:
    return U16.pack(service_type) + pack_privileges(dict.fromkeys(privileges, expire))


def _read_service(reader: Reader, service: type[Service]) -> Service:
    privileges = reader.privileges()
    read: dict[str, Any] = {}
    for attribute, wire_name, kind in service.parts:
        read[attribute] = reader.text(wire_name) if kind == "text" else _READ[kind](reader)
    return service(privileges=privileges, **read)


def _write_permissions(permissions: Permissions) -> bytes:
    written = U16.pack(len(permissions))
    for resource, kinds in sorted(permissions.items()):
        written += U16.pack(resource) + U16.pack(len(kinds))
        for kind, names in sorted(kinds.items()):
            written += U16.pack(kind) + U16.pack(len(names)) + b"".join(map(pack_text, names))
    return written


def _read_permissions(reader: Reader) -> Mapping[int, Mapping[int, tuple[str, ...]]]:
    scope = reader.scope
    permissions: dict[int, dict[int, tuple[str, ...]]] = {}
    for _ in range(reader.uint16("permissions.count")):
        resource = reader.uint16("permissions.resource")
        reader.repeats_entry |= resource in permissions
        kinds = permissions[resource] = {}
        for _ in range(reader.uint16(f"permissions[{resource}].count")):
            kind = reader.uint16(f"permissions[{resource}].kind")
            reader.repeats_entry |= kind in kinds
            reader.scope = f"{scope}permissions[{resource}][{kind}]."
            kinds[kind] = tuple([reader.text("name") for _ in range(reader.uint16("count"))])
            reader.scope = scope
    return permissions


_WRITE = {"int16": _INT16.pack, "permissions": _write_permissions}
_READ = {"int16": lambda reader: reader.numbers(_INT16)[0], "permissions": _read_permissions}
