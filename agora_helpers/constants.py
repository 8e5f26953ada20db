"""Agora's terms and limits, each defined once.

Numbers of services and privileges are those of Agora's official token builders (github.com/AgoraIO/Tools,
``DynamicKey/AgoraDynamicKey``); ConvoAI and STT are those of the npm package ``agora-token`` 2.0.6.
"""

from __future__ import annotations

import string
from enum import IntEnum, StrEnum
from typing import Literal

TokenVersion = Literal["006", "007"]
"""006 is AccessToken, the format of the classic tutorial; 007 is AccessToken2, which Agora recommends."""

RoleName = Literal["publisher", "subscriber"]


class Role(StrEnum):
    """What a client may do in an RTC channel: a recipe for privileges, not a field of the token."""

    PUBLISHER = "publisher"
    """Joins, and publishes audio, video and data."""
    SUBSCRIBER = "subscriber"
    """Joins and receives."""


class ServiceType(IntEnum):
    """Type numbers of the services in a 007 token."""

    RTC = 1
    RTM = 2
    STREAMING = 3
    FPA = 4
    CHAT = 5
    FCDN = 6
    APAAS = 7
    RTM2 = 8
    CONVOAI = 9
    STT = 10


class RtcPrivilege(IntEnum):
    """Privileges of RTC, the same numbers in 006 and 007."""

    JOIN_CHANNEL = 1
    PUBLISH_AUDIO = 2
    PUBLISH_VIDEO = 3
    PUBLISH_DATA = 4


LOGIN = 1
"""The one privilege of RTM, RTM2 and FPA in 007."""

CHAT_APP = 2
"""The privilege of a Chat app token: the RESTful APIs, in place of one user (1)."""

ENTERED_SERVICES = {ServiceType.RTC, ServiceType.RTM, ServiceType.RTM2}
"""The 007 services that a client joins or logs in to. Without privilege 1 (join, login) they admit no client."""

RTM_LOGIN_006 = 1000
"""RTM login in a 006 token; its presence makes the token an RTM token."""

ROLE_PRIVILEGES: dict[Role, tuple[int, ...]] = {
    Role.PUBLISHER: tuple(map(int, RtcPrivilege)),
    Role.SUBSCRIBER: (int(RtcPrivilege.JOIN_CHANNEL),),
}

_RTC_NAMES: dict[int, str] = {
    RtcPrivilege.JOIN_CHANNEL: "join channel",
    RtcPrivilege.PUBLISH_AUDIO: "publish audio",
    RtcPrivilege.PUBLISH_VIDEO: "publish video",
    RtcPrivilege.PUBLISH_DATA: "publish data",
}

PRIVILEGE_NAMES: dict[int | None, dict[int, str]] = {
    None: {**_RTC_NAMES, RTM_LOGIN_006: "RTM login"},
    ServiceType.RTC: _RTC_NAMES,
    ServiceType.RTM: {LOGIN: "login"},
    ServiceType.STREAMING: {1: "publish mixed stream", 2: "publish raw stream"},
    ServiceType.FPA: {LOGIN: "login"},
    ServiceType.CHAT: {1: "user", 2: "app"},
    ServiceType.FCDN: {1: "publish", 2: "play"},
    ServiceType.APAAS: {1: "room user", 2: "user", 3: "app"},
    ServiceType.RTM2: {LOGIN: "login"},
    ServiceType.CONVOAI: {},
    ServiceType.STT: {},
}
"""Name of each privilege, by service type; the key None is for 006, which has no service types."""

DAY = 86_400
"""Seconds. No token lives longer: Agora's servers end every token after 24 hours."""

UINT16_MAX = 2**16 - 1
UINT32_MAX = 2**32 - 1

APP_ID_LENGTH = 32
"""Hexadecimal characters of an App ID, and of an App Certificate."""

NAME_ALPHABET = string.ascii_letters + string.digits + " !#$%&()+-:;<=.>?@[]^_{}|~,"
"""The 89 characters that Agora allows in channel names, user accounts and RTM user ids."""

CHAT_ALPHABET = string.ascii_lowercase + string.digits + "_-."
"""The characters of Chat user ids, without capital letters (Agora's documentation, "User system registration")."""

CHANNEL_MAX_BYTES = 63
"""Agora's pages say both "less than 64" and "up to 64" bytes; 63 is right under either reading."""

ACCOUNT_MAX_BYTES = 255
USER_MAX_BYTES = 64

MAX_PAYLOAD_BYTES = 128 * 1024
"""Inflating a 007 token stops here; a token with a string of the maximum 65,535 bytes fits."""

MAX_SERVICES = 64
"""Services in one 007 token. A token of a few hundred characters can inflate to 32,000 of them; reading stops here."""

MAX_ENTRIES = 1024
"""Entries in all lists of one token together: privileges, and the resources, kinds and names of RTM2 permissions."""

MAX_TOKEN_CHARACTERS = 256 * 1024
"""A longer string cannot be a token with a payload within ``MAX_PAYLOAD_BYTES``, so it is rejected unread."""

SDK_WARNING_SECONDS = 30
"""Agora's SDKs warn so many seconds before the privilege to join or log in expires (documented as about 30)."""
