"""The rules for the services of a 007 token: what :func:`agora_helpers.build_token` checks before it signs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any

from .errors import InputError
from .services import ApaasService, ChatService, Privileges, Service
from .validation import check_account, check_channel, check_expires_in, check_name, check_uid, check_user, exact
from .vocabulary import ACCOUNT_MAX_BYTES, ENTERED_SERVICES, LOGIN, PRIVILEGE_NAMES, UINT16_MAX


def check_service(place: str, service: object, expires_in: int) -> Service:
    """The service as it will be signed: every value checked, each privilege with its seconds."""
    if not isinstance(service, Service):
        cure = "Use RtcService, RtmService or another dataclass of agora_helpers.services."
        raise InputError(place, f"is no service but of type {type(service).__name__}.", cure)
    try:
        checked: dict[str, Any] = {"privileges": _check_privileges(service.type, service.privileges, expires_in)}
        for part in fields(service):
            if part.name in _CHECKS and not _stays_empty(service, part.name):
                checked[part.name] = _CHECKS[part.name](getattr(service, part.name))
    except InputError as error:
        raise InputError(f"{place}.{error.field}", error.problem, error.cure) from None
    return replace(service, **checked)


def _stays_empty(service: Service, part: str) -> bool:
    """Chat and APaaS have privileges for the app itself, or for a user in no room: those name nobody."""
    if getattr(service, part) != "":
        return False
    granted = tuple(service.privileges)
    if isinstance(service, ChatService):
        return granted == (2,)
    return isinstance(service, ApaasService) and (granted == (3,) or (part == "room" and granted == (2,)))


def _check_rtc_uid(uid: object) -> str:
    if not isinstance(uid, str):
        return str(check_uid(uid))
    if not exact(uid):
        cure = "Name the user, or make such a token with build_rtc_token(…, uid=0, allow_any_uid=True)."
        raise InputError("uid", "is empty: anyone could use the token.", cure)
    return check_name("uid", uid, ACCOUNT_MAX_BYTES)


def _check_room(room: object) -> str:
    return check_name("room", room, ACCOUNT_MAX_BYTES)


def _check_apaas_role(role: object) -> int:
    if type(role) is not int or not -(2**15) <= role < 2**15:
        raise InputError("role", "must be an integer of 16 bits.", "-1 stands for no role.")
    return role


def _check_permissions(permissions: object) -> object:
    checked: dict[int, dict[int, tuple[str, ...]]] = {}
    try:
        for resource, kinds in permissions.items():  # type: ignore[attr-defined]
            checked[resource] = {}
            for kind, names in kinds.items():
                numbers = type(resource) is int and 0 <= resource <= 4 and type(kind) is int and kind in (0, 1)
                if not numbers or not isinstance(names, tuple | list) or len(names) > UINT16_MAX:
                    raise TypeError
                checked[resource][kind] = tuple([str.__str__(name) for name in names])
                if not all(0 < len(name.encode()) <= UINT16_MAX for name in checked[resource][kind]):
                    raise TypeError
    except (AttributeError, TypeError, UnicodeEncodeError):
        cure = "For instance {0: {1: ('news',)}}: resource type 0 to 4, kind 0 (read) or 1 (write), names."
        raise InputError("permissions", "has another shape than it must have.", cure) from None
    return checked


_CHECKS: dict[str, Callable[[object], object]] = {
    "channel": check_channel,
    "uid": _check_rtc_uid,
    "account": check_account,
    "user": check_user,
    "room": _check_room,
    "role": _check_apaas_role,
    "permissions": _check_permissions,
}


def _check_privileges(service_type: int, privileges: Privileges, expires_in: int) -> dict[int, int]:
    known = PRIVILEGE_NAMES[service_type]
    if not isinstance(privileges, Mapping | tuple | list | set | frozenset):
        raise InputError("privileges", "must be a tuple of numbers, or a mapping of numbers to seconds.")
    for number in privileges:
        if isinstance(number, bool) or not isinstance(number, int) or number not in known:
            names = ", ".join(f"{n} ({name})" for n, name in known.items()) or "none"
            raise InputError("privileges", "has one that this service does not know.", f"Known: {names}.")
    if service_type in ENTERED_SERVICES and LOGIN not in privileges:
        cure = f"Privilege 1 ({known[LOGIN]}) must be among them."
        raise InputError("privileges", "do not let anyone in.", cure)
    given = privileges if isinstance(privileges, Mapping) else dict.fromkeys(privileges, expires_in)
    checked = {}
    for number, seconds in given.items():
        field = f"privileges[{int(number)}]"
        checked[int(number)] = check_expires_in(seconds, field)
        if seconds > expires_in:
            cure = "Nothing outlives the token: lengthen expires_in or shorten the privilege."
            raise InputError(field, "ends after the token.", cure)
    if known and not checked:
        raise InputError("privileges", "is empty: the service would grant nothing.", "Name at least one.")
    return checked
