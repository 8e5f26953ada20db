"""The names and groups of a token's fields. Panels, pages and the terminal all take them from here."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from ..tokens.decoded import DecodedToken
from .style import Group


class FieldName(NamedTuple):
    """How a field is called for people, and what it is about."""

    label: str
    group: Group


FIELDS: Final[dict[str, FieldName]] = {
    "app_id": FieldName("App ID", "who"),
    "uid": FieldName("uid", "who"),
    "account": FieldName("account", "who"),
    "user_id": FieldName("user id", "who"),
    "user_uuid": FieldName("user uuid", "who"),
    "crc_uid": FieldName("checksum of the uid", "who"),
    "type": FieldName("service", "what"),
    "channel_name": FieldName("channel", "what"),
    "room_uuid": FieldName("room uuid", "what"),
    "role": FieldName("role", "what"),
    "privilege": FieldName("privilege", "what"),
    "permissions": FieldName("permissions", "what"),
    "resource": FieldName("resource", "what"),
    "kind": FieldName("access", "what"),
    "name": FieldName("resource name", "what"),
    "crc_channel_name": FieldName("checksum of the channel", "what"),
    "issued_at": FieldName("issued", "when"),
    "expire": FieldName("lifetime", "when"),
    "ts": FieldName("token expires", "when"),
    "signature": FieldName("signature", "proof"),
    "salt": FieldName("salt", "technical"),
    "message": FieldName("message", "technical"),
    "unread": FieldName("unknown service", "technical"),
    "trailing": FieldName("extra bytes", "technical"),
}
"""By the field's name in a token. A privilege's time has the name of its privilege."""
CHECKSUM_OF_THE_USER: Final = FieldName("checksum of the user id", "who")
"""``crc_channel_name`` in an RTM token of version 006, which has no channel."""
GROUPS_BY_LABEL: Final[dict[str, Group]] = {
    "version": "technical",
    **{name.label: name.group for name in (*FIELDS.values(), CHECKSUM_OF_THE_USER)},
}
_COUNTED: Final = {"privileges": "number of privileges", "services": "number of services"}


def name_of(path: str, decoded: DecodedToken | None = None) -> FieldName:
    """Return the label and the group of a field.

    Args:
        path: its name in the token, such as ``"services[0].channel_name"``.
        decoded: the token. In one for RTM of version 006, a checksum has another meaning.

    >>> name_of("services[0].channel_name")
    FieldName(label='channel', group='what')
    >>> name_of("services[0].channel_name.length").label, name_of("services[0].privileges[1]").label
    ('length of the channel', 'privilege 1')
    """
    parent, _, last = path.rpartition(".")
    if privilege := re.fullmatch(r"privileges\[(\d+)\]", last):
        return FieldName(f"privilege {privilege[1]}", "when")
    if last == "length":
        return FieldName(f"length of the {name_of(parent, decoded).label}", "technical")
    if last == "count":
        return FieldName(_COUNTED.get(parent.rpartition(".")[2], "number of entries"), "technical")
    if last == "crc_channel_name" and decoded and decoded.services[0].name == "rtm":
        return CHECKSUM_OF_THE_USER
    return FIELDS.get(last) or FieldName(last, "technical")


def short_path(path: str) -> str:
    """Return a field's name in the token without the number of its service.

    >>> short_path("services[0].channel_name")
    'channel_name'
    """
    return re.sub(r"^services\[\d+\]\.", "", path)
