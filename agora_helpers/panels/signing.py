"""Change one value of a token and sign it again, so that one sees which bytes change. It knows no widgets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..constants import UINT16_MAX, UINT32_MAX
from ..credentials import Credentials
from ..errors import ErrorCode, InputError
from ..tokens import v006, v007
from ..tokens.decoded import DecodedToken
from ..tokens.services import Service, Service006, privilege_times

NAMES_006 = ("channel", "uid")
"""What a 006 token signs without containing it."""


def editable(decoded: DecodedToken) -> dict[str, str]:
    """Return the values that can be changed, by field.

    A 006 token contains only checksums of its names, so they are empty.

    >>> from agora_helpers import Credentials, build_rtc_token, decode
    >>> editable(decode(build_rtc_token(Credentials.demo(), "lobby", uid=7, now=1_700_000_000, salt=1)))["uid"]
    '7'
    """
    if decoded.version == "006":
        values = dict.fromkeys(NAMES_006, "") | {"ts": str(decoded.ts), "salt": str(decoded.salt)}
        return values | _privileges("", decoded.services[0])
    values = {}
    for number, service in enumerate(decoded.services):
        prefix = _prefix(decoded, number)
        if not isinstance(service, Service006):
            for part in service.parts:
                if part.kind == "string":
                    values[prefix + part.attribute] = str(getattr(service, part.attribute))
        values |= _privileges(prefix, service)
    return values | {"issued_at": str(decoded.issued_at), "expire": str(decoded.expire), "salt": str(decoded.salt)}


def sign_again(decoded: DecodedToken, credentials: Credentials, values: Mapping[str, str]) -> str:
    """Return the token with other values, signed with this certificate. Their meaning is not checked.

    Args:
        decoded: the token.
        credentials: the App Certificate to sign with. The App ID stays that of the token.
        values: the fields to change, of those that :func:`editable` returns. In 006 the names that are left out are
            signed as empty strings.

    Raises:
        InputError: a number is not one of 0 to 4294967295, or a string is longer than 65535 bytes.
    """
    certificate = credentials.app_certificate
    for field, value in values.items():
        if len(value.encode()) > UINT16_MAX:
            raise InputError(field, "is longer than 65535 bytes.", "Type a shorter value.", code=ErrorCode.TOO_LONG)

    def number(field: str, old: int | None) -> int:
        text = values.get(field, str(old))
        if not (text.isascii() and text.isdigit() and int(text[:11]) <= UINT32_MAX):
            hint = "Type the number in digits."
            raise InputError(field, "must be a whole number, 0 to 4294967295.", hint, code=ErrorCode.OUT_OF_RANGE)
        return int(text)

    def times(prefix: str, service: Service | Service006) -> dict[int, int]:
        return {key: number(f"{prefix}privilege {key}", old) for key, old in privilege_times(service).items()}

    salt = number("salt", decoded.salt)
    if decoded.version == "006":
        channel, uid = values.get("channel", ""), values.get("uid", "")
        privileges = times("", decoded.services[0])
        return v006.encode(
            decoded.app_id, certificate, channel, uid, privileges, ts=number("ts", decoded.ts), salt=salt
        )
    services = []
    for place, service in enumerate(decoded.services):
        if isinstance(service, Service006):
            continue
        prefix = _prefix(decoded, place)
        strings = {
            part.attribute: values.get(prefix + part.attribute, getattr(service, part.attribute))
            for part in service.parts
            if part.kind == "string"
        }
        services.append(replace(service, **strings, privileges=times(prefix, service)))
    return v007.encode(
        decoded.app_id,
        certificate,
        [*services, *([decoded.unread] if decoded.unread else [])],
        issued_at=number("issued_at", decoded.issued_at),
        expire=number("expire", decoded.expire),
        salt=salt,
    )


def _prefix(decoded: DecodedToken, number: int) -> str:
    return f"{decoded.services[number].name}: " if len(decoded.services) > 1 else ""


def _privileges(prefix: str, service: Service | Service006) -> dict[str, str]:
    return {f"{prefix}privilege {number}": str(value) for number, value in privilege_times(service).items()}
