"""What the events of Agora's Web SDKs mean for a client and its token, with the evidence for it.

Errors are the business of :mod:`agora_helpers.sdk_errors`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from . import sources
from .admission import Surface
from .sources import Source

_RTC = sources.RTC_API
_RTM = sources.RTM_API


class Meaning(NamedTuple):
    """What an event means, or a promise that resolves."""

    text: str
    source: Source
    outcome: Literal["", "right", "wrong"] = ""
    """Whether it is good or bad news for the client; empty for neither."""


MEANINGS: Mapping[Surface, Mapping[str, Meaning]] = {
    Surface.RTC: {
        "connection-state-change": Meaning("The state of its connection changed.", _RTC),
        "connection-state-change: CONNECTING": Meaning(
            "The SDK asks the access point, and opens a WebSocket to the media server.", sources.OBSERVED
        ),
        "connection-state-change: CONNECTED": Meaning("It is in the channel.", _RTC, "right"),
        "connection-state-change: RECONNECTING": Meaning(
            "The SDK comes back by itself, with the token that it has.", sources.OBSERVED
        ),
        "connection-state-change: DISCONNECTING": Meaning("It is about to leave.", _RTC),
        "connection-state-change: DISCONNECTED": Meaning("It is not in the channel.", _RTC, "wrong"),
        "connection-state-change: DISCONNECTED, LEAVE": Meaning("It left by itself.", _RTC),
        "connection-state-change: DISCONNECTED, TOKEN_EXPIRE": Meaning(
            "Its privilege to join ended, or its token was rejected. It must join again with a new token.",
            sources.EXPIRY,
            "wrong",
        ),
        "connection-state-change: DISCONNECTED, UID_BANNED": Meaning(
            "It was banned, or another client joined with its uid. A new token does not undo a ban.",
            sources.UID_CONFLICT,
            "wrong",
        ),
        "connection-state-change: DISCONNECTED, NETWORK_ERROR": Meaning(
            "The connection was lost, and the SDK gave up.", _RTC, "wrong"
        ),
        "token-privilege-will-expire": Meaning(
            "Its privilege to join ends within 30 seconds. Fetch a new token and pass it to renewToken.",
            sources.EXPIRY_WARNING,
        ),
        "token-privilege-did-expire": Meaning(
            "Its privilege to join has ended. The media server puts it out.", sources.EXPIRY, "wrong"
        ),
        "user-joined": Meaning("It sees that another host came into the channel.", _RTC),
        "user-left": Meaning("It sees that another client is gone, or became audience.", _RTC),
        "user-published": Meaning("It sees that another client publishes.", _RTC),
        "user-unpublished": Meaning("It sees that another client publishes no longer.", _RTC),
        "user-info-updated": Meaning("Another client muted or unmuted what it publishes.", _RTC),
        "peerconnection-state-change": Meaning("The browser's media connection changed. No media flows here.", _RTC),
        "media-reconnect-start": Meaning("It publishes, and its media connection is being restored.", _RTC),
        "media-reconnect-end": Meaning("Its media connection is restored.", _RTC),
        "network-quality": Meaning("How good the connection is. The SDK says so every two seconds.", _RTC),
        "exception": Meaning("Something about its media is unusual, which is no wonder: none flows here.", _RTC),
        "publish": Meaning("It publishes its microphone.", _RTC, "right"),
        "renewToken": Meaning("The media server accepted the token. From now on its end counts.", _RTC, "right"),
        "renewToken: the same token": Meaning(
            "The media server accepts the token, but it is the one that the client has. The end stays where it is.",
            sources.SAME_TOKEN,
            "wrong",
        ),
        "setClientRole: audience": Meaning("It only receives, and the others do not see it.", _RTC),
        "setClientRole: host": Meaning("It may publish now.", sources.CO_HOST, "right"),
    },
    Surface.RTM: {
        "linkState": Meaning("The state of its connection changed.", _RTM),
        "linkState: CONNECTING, LOGIN": Meaning(
            "The SDK asks the access point, and opens two WebSockets to Signaling.", sources.RTM_OBSERVED
        ),
        "linkState: CONNECTING, RELOGIN": Meaning("It logs in once more.", sources.RTM_OBSERVED),
        "linkState: CONNECTING, AUTO_RECONNECT": Meaning(
            "The SDK comes back by itself, with the token that it has.", sources.RTM_OBSERVED
        ),
        "linkState: CONNECTED, LOGIN_SUCCESS": Meaning("It is logged in.", _RTM, "right"),
        "linkState: CONNECTED, RECONNECT_SUCCESS": Meaning("It is logged in again.", _RTM, "right"),
        "linkState: DISCONNECTED, KEEP_ALIVE_TIMEOUT": Meaning("The connection was lost.", _RTM, "wrong"),
        "linkState: IDLE, LOGOUT": Meaning("It logged out by itself.", _RTM),
        "linkState: FAILED, TOKEN_EXPIRED": Meaning(
            "Its privilege to log in ended. It must log in again with a new token.", sources.RTM_EXPIRY, "wrong"
        ),
        "linkState: FAILED, KICKED_OUT_BY_SERVER": Meaning(
            "It was banned. A new token does not undo a ban.", sources.RTM_BANNED, "wrong"
        ),
        "linkState: FAILED, SAME_UID_LOGIN": Meaning(
            "Another client logged in with its user id.", sources.RTM_SAME_USER, "wrong"
        ),
        "linkState: FAILED, UNKNOWN": Meaning(
            "The server rejected its token when it came back.", sources.RTM_RETURN_NUMBER, "wrong"
        ),
        "tokenPrivilegeWillExpire": Meaning(
            "Its privilege to log in ends within 30 seconds. Fetch a new token and pass it to renewToken.",
            sources.RTM_WARNING,
        ),
        "token: WILL_EXPIRE": Meaning("The same as tokenPrivilegeWillExpire.", _RTM),
        "renewToken": Meaning("Signaling accepted the token. From now on its end counts.", _RTM, "right"),
        "renewToken: the same token": Meaning(
            "The SDK compares the two and sends nothing. The end stays where it is.", sources.RTM_OBSERVED, "wrong"
        ),
    },
}
"""By SDK: an event's name, or the name of a method whose promise resolves; then, where it matters, ``: `` and what the
event contains. What has no entry of its own counts as the bare name."""
