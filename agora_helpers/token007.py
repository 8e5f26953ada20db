"""Version 007 (AccessToken2), the format that Agora recommends: written and read here.

    007 ‖ base64( zlib( signature ‖ signing info ) )
    signing info = App ID ‖ issued_at ‖ expire ‖ salt ‖ number of services ‖ services
    service      = type ‖ privileges ‖ what the type calls for
    key          = HMAC(salt, HMAC(issued_at, App Certificate)),   signature = HMAC(key, signing info)

Compression is not signed and differs between zlib builds, so equal payloads may make unequal texts.
"""

from __future__ import annotations

import hmac
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

from .decoded import DecodedToken
from .errors import TokenFormatError
from .services import SERVICE_CLASSES, Permissions, Service, UnknownService
from .vocabulary import MAX_PAYLOAD_BYTES
from .wire import U16, U32, Layout, Reader, from_base64, pack_block, pack_privileges, pack_text, to_base64

VERSION = "007"
_HEAD = Layout("IIIH", "issued_at", "expire", "salt", "services.count")
_TYPE = Layout("H", "type")
_INT16 = Layout("h", "role")
_COUNT = Layout("HH", "number", "count")


def encode(
    app_id: str,
    app_certificate: str,
    services: Iterable[Service | UnknownService],
    *,
    issued_at: int,
    expire: int,
    salt: int,
) -> str:
    """A 007 token of exactly these values, unvalidated; services in ascending order of type."""
    written = [_write_service(service) for service in sorted(services, key=_type_of)]
    head = _HEAD.struct.pack(issued_at, expire, salt, len(written))
    info = pack_text(app_id) + head + b"".join(written)
    payload = pack_block(sign(app_certificate, issued_at, salt, info)) + info
    return VERSION + to_base64(zlib.compress(payload))


def decode(token: str) -> DecodedToken:
    """Read a text that begins with 007. See :func:`agora_helpers.decode`."""
    payload = inflate(token)
    reader = Reader(payload)
    signature = reader.block("signature")
    signed = payload[reader.position :]
    app_id = reader.text("app_id")
    issued_at, expire, salt, count = reader.numbers(_HEAD)
    services: list[Service] = []
    unread = None
    for index in range(count):
        reader.scope = f"services[{index}]."
        (number,) = reader.numbers(_TYPE)
        if number not in SERVICE_CLASSES:
            unread = UnknownService(number, reader.rest("unread"))
            break
        services.append(_read_service(reader, SERVICE_CLASSES[number]))
    reader.scope = ""
    trailing = reader.rest("trailing")
    return DecodedToken(
        VERSION,
        app_id,
        salt,
        signature,
        tuple(services),
        payload,
        signed,
        issued_at=issued_at,
        expire=expire,
        unread=unread,
        trailing=trailing,
        notes=reader.notes,
    )


def sign(app_certificate: str, issued_at: int, salt: int, info: bytes) -> bytes:
    """The signature that these values call for. The time and the salt are HMAC *keys* on the way to it."""
    key = hmac.digest(U32.pack(issued_at), app_certificate.encode(), "sha256")
    return hmac.digest(hmac.digest(U32.pack(salt), key, "sha256"), info, "sha256")


def inflate(token: str) -> bytes:
    """The payload of a 007 token: one complete zlib stream of at most 128 KiB and nothing after it."""
    start = len(VERSION)
    stream = from_base64(token[start:], start)
    inflater = zlib.decompressobj()
    try:
        payload = inflater.decompress(stream, MAX_PAYLOAD_BYTES + 1)
    except zlib.error:
        problem = "is not a zlib stream, or is damaged."
        raise TokenFormatError("zlib", problem, "Copy the token again, whole.", offset=start) from None
    if len(payload) > MAX_PAYLOAD_BYTES:
        problem, cure = f"inflates to more than {MAX_PAYLOAD_BYTES} bytes.", "No token is that large."
    elif inflater.unused_data:
        problem, cure = "has bytes after its end.", "Something was added to the token: copy it again."
    elif inflater.eof:
        return payload
    else:
        problem, cure = "ends too early.", "The token was cut short: copy it again, whole."
    raise TokenFormatError("zlib", problem, cure, offset=start)


def _type_of(service: Service | UnknownService) -> int:
    return service.type


def _write_service(service: Service | UnknownService) -> bytes:
    if isinstance(service, UnknownService):
        return U16.pack(service.type) + service.data
    assert not isinstance(service.privileges, tuple), "privileges need a time each"
    written = U16.pack(service.type) + pack_privileges(service.privileges)
    for attribute, _, kind in service.parts:
        written += _WRITE[kind](getattr(service, attribute))
    return written


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


_RESOURCE_TYPES = Layout("H", "permissions.count")


def _read_permissions(reader: Reader) -> Mapping[int, Mapping[int, tuple[str, ...]]]:
    scope = reader.scope
    permissions: dict[int, dict[int, tuple[str, ...]]] = {}
    (resource_types,) = reader.numbers(_RESOURCE_TYPES)
    for _ in range(resource_types):
        reader.scope = f"{scope}permissions."
        resource, kinds = reader.numbers(_COUNT)
        permissions[resource] = {}
        for _ in range(kinds):
            reader.scope = f"{scope}permissions[{resource}]."
            kind, count = reader.numbers(_COUNT)
            reader.scope = f"{scope}permissions[{resource}][{kind}]."
            permissions[resource][kind] = tuple([reader.text("name") for _ in range(count)])
    reader.scope = scope
    return permissions


_WRITE = {"text": pack_text, "int16": _INT16.struct.pack, "permissions": _write_permissions}
_READ = {"int16": lambda reader: reader.numbers(_INT16)[0], "permissions": _read_permissions}
