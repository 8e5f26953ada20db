"""Version 007 (AccessToken2), the format that Agora recommends: written and read here.

    007 ‖ base64( zlib( signature ‖ signing info ) )
    signing info = App ID ‖ issued_at ‖ expire ‖ salt ‖ number of services ‖ services
    service      = type ‖ privileges ‖ the values that belong to the type
    key          = HMAC(salt, HMAC(issued_at, App Certificate)),   signature = HMAC(key, signing info)

Compression is not signed and differs between zlib builds, so the same payload may be two different strings.
"""

from __future__ import annotations

import hmac
import zlib
from collections.abc import Callable, Iterable
from os import urandom
from typing import Any, Final

from ..constants import MAX_PAYLOAD_BYTES, MAX_SERVICES
from ..errors import TokenFormatError
from .decoded import LAYOUTS, DecodedToken
from .frozen import FrozenDict, constructor
from .services import SERVICE_CLASSES, Kind, Permissions, Service, UnknownService
from .wire import (
    U16,
    U32,
    Layout,
    Reader,
    from_base64,
    pack_privileges,
    pack_string,
    parse,
    to_base64,
)

VERSION: Final = "007"
_HEAD = Layout("IIIH", "issued_at", "expire", "salt", "services.count")
_INT16 = Layout("h", "role")
_decoded = constructor(DecodedToken)
_CONSTRUCTORS: dict[int, Callable[..., Service]] = {number: constructor(cls) for number, cls in SERVICE_CLASSES.items()}


def encode(
    app_id: str,
    app_certificate: str,
    services: Iterable[Service | UnknownService],
    *,
    issued_at: int,
    expire: int,
    salt: int | None = None,
) -> str:
    """Build a 007 token from exactly these values, without validation.

    Args:
        app_id: the project's App ID.
        app_certificate: the project's App Certificate.
        services: what the token grants; written in ascending order of type. Privileges that are a plain tuple of
            numbers end with the token.
        issued_at: Unix time of issue, uint32.
        expire: lifetime in seconds, uint32.
        salt: uint32; random by default.
    """
    if salt is None:
        salt = int.from_bytes(urandom(4), "big") or 1
    parts = [_write_service(service, expire) for service in sorted(services, key=_type_of)]
    info = pack_string(app_id) + _HEAD.pack(issued_at, expire, salt, len(parts)) + b"".join(parts)
    signature = sign(app_certificate, issued_at, salt, info)
    return VERSION + to_base64(compress(U16.pack(len(signature)) + signature + info))


def sign(app_certificate: str, issued_at: int, salt: int, info: bytes) -> bytes:
    """Compute the signature. ``issued_at`` and ``salt`` serve as HMAC keys for deriving the signing key."""
    issue_key, salt_key = U32.pack(issued_at), U32.pack(salt)
    signing_key = hmac.digest(salt_key, hmac.digest(issue_key, app_certificate.encode(), "sha256"), "sha256")
    return hmac.digest(signing_key, info, "sha256")


def compress(payload: bytes) -> bytes:
    """Return a zlib stream with the content and header of ``zlib.compress``, from a tenth of the memory.

    ``zlib.compress`` allocates 268 KiB for each call. If the allocator returns them to the system each time, the page
    faults take 50 µs, more than all the rest of a token. Whether it does depends on what else the process has
    allocated. Otherwise both functions take the same time (``benchmarks/compression.py``).
    """
    deflater = zlib.compressobj(6, zlib.DEFLATED, -10, 4)
    return b"\x78\x9c" + deflater.compress(payload) + deflater.flush() + zlib.adler32(payload).to_bytes(4, "big")


def inflate(token: str) -> bytes:
    """Return the payload of a string that starts with 007.

    Raises:
        TokenFormatError: it is not base64 of exactly one complete zlib stream with at most 128 KiB in it.
    """
    start = len(VERSION)
    stream = from_base64(token, start)
    inflater = zlib.decompressobj()
    try:
        payload = inflater.decompress(stream, MAX_PAYLOAD_BYTES + 1)
    except zlib.error:
        problem = "is not a zlib stream, or is damaged."
        raise TokenFormatError("zlib", problem, "Copy the token again, whole.", offset=start) from None
    if inflater.eof and not inflater.unused_data and len(payload) <= MAX_PAYLOAD_BYTES:
        return payload
    if len(payload) > MAX_PAYLOAD_BYTES:
        problem, hint = f"inflates to more than {MAX_PAYLOAD_BYTES} bytes.", "Agora's tokens are much smaller."
    elif inflater.unused_data:
        problem, hint = "has bytes after its end.", "Something was added to the token: copy it again."
    else:
        problem, hint = "ends too early.", "The token was cut short: copy it again, whole."
    raise TokenFormatError("zlib", problem, hint, offset=start)


def decode(token: str) -> DecodedToken:
    """Read a string that starts with 007. See :func:`agora_helpers.decode`."""
    return parse(read, inflate(token))


def read(reader: Reader) -> DecodedToken:
    """Read a payload: the one definition of its layout."""
    signature = reader.block("signature")
    app_id = reader.string("app_id")
    issued_at, expire, salt, count = reader.numbers(_HEAD)
    if count > MAX_SERVICES:
        raise reader.too_many("services.count", f"is larger than {MAX_SERVICES}.")
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
    return _decoded(
        VERSION,
        app_id,
        salt,
        signature,
        tuple(services),
        reader.data,
        reader.rest("trailing"),
        reader.repeats_entry,
        issued_at,
        expire,
        unread,
    )


LAYOUTS[VERSION] = lambda reader, _: read(reader)


def _type_of(service: Service | UnknownService) -> int:
    return service.type


def _write_service(service: Service | UnknownService, expire: int) -> bytes:
    if isinstance(service, UnknownService):
        return U16.pack(service.type) + service.data
    privileges = service.privileges
    if isinstance(privileges, tuple):
        privileges = dict.fromkeys(privileges, expire)
    written = U16.pack(service.type) + pack_privileges(privileges)
    for part in service.parts:
        value = getattr(service, part.attribute)
        written += pack_string(str(value)) if part.kind == "string" else _WRITE[part.kind](value)  # a uid may be an int
    return written


def _read_service(reader: Reader, service: type[Service]) -> Service:
    privileges = reader.privileges()
    values = [
        reader.string(part.wire_name) if part.kind == "string" else _READ[part.kind](reader, part.wire_name)
        for part in service.parts
    ]
    return _CONSTRUCTORS[service.type](*values, privileges)  # the order of the class's fields


def _write_permissions(permissions: Permissions) -> bytes:
    written = U16.pack(len(permissions))
    for resource, kinds in sorted(permissions.items()):
        written += U16.pack(resource) + U16.pack(len(kinds))
        for kind, names in sorted(kinds.items()):
            written += U16.pack(kind) + U16.pack(len(names)) + b"".join(map(pack_string, names))
    return written


def _read_int16(reader: Reader, name: str) -> int:
    (value,) = reader.numbers(_INT16)
    return int(value)


def _read_permissions(reader: Reader, name: str) -> Permissions:
    scope = reader.scope
    permissions: dict[int, FrozenDict[int, tuple[str, ...]]] = {}
    for _ in range(reader.count(f"{name}.count")):
        resource = reader.uint16(f"{name}.resource")
        reader.repeats_entry |= resource in permissions
        kinds: dict[int, tuple[str, ...]] = {}
        for _ in range(reader.count(f"{name}[{resource}].count")):
            kind = reader.uint16(f"{name}[{resource}].kind")
            reader.repeats_entry |= kind in kinds
            reader.scope = f"{scope}{name}[{resource}][{kind}]."
            kinds[kind] = tuple([reader.string("name") for _ in range(reader.count("count"))])
            reader.scope = scope
        permissions[resource] = FrozenDict(kinds)
    return FrozenDict(permissions)


_WRITE: dict[Kind, Callable[[Any], bytes]] = {
    "int16": _INT16.pack,
    "permissions": _write_permissions,
}
_READ: dict[Kind, Callable[[Reader, str], object]] = {
    "int16": _read_int16,
    "permissions": _read_permissions,
}
