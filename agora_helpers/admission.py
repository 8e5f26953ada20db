"""What an access point answers a client, in Agora's own numbers and words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .reasons import Reason

# As shown by agora-rtc-sdk-ng 4.24.8 and agora-rtm-sdk 2.3.0, by the access point's number.
RTC_TEXTS = {
    5: "invalid vendor key, can not find appid",
    7: "invalid channel name",
    9: "invalid token, authorized failed",
    10: "dynamic key or token timeout",
    11: "no active status",
    13: "dynamic key expired",
    14: "static use dynamic key",
    15: "dynamic use static key",
}
RTM_ERRORS = {
    5: ("-10003", "INVALID_APP_ID"),
    7: ("-10005", "INVALID_USER_ID"),
    9: ("-10005", "NO_AUTHORIZED"),
    10: ("-10009", "TOKEN_TIMEOUT"),
    12: ("-10005", "INVALID_TOKEN_UID"),
    13: ("-10009", "TOKEN_EXPIRED"),
    14: ("-10003", "DYNAMIC_KEY_NOT_ENABLED"),
    15: ("-10005", "DYNAMIC_ENABLED_BUT_STATIC_KEY"),
    20: ("-10015", "NO_ANY_PRIVILEGE"),
    21: ("-10015", "NO_RTM_PRIVILEGE"),
    23: ("-10016", "The appid is not consistent"),
    101: ("-10005", "Invalid token"),
    102: ("-10006", "Invalid user id"),
}
"""The SDK's own answers are the last three, see :data:`SDK_REFUSES`."""
SDK_REFUSES = (23, 101, 102)
"""In RTM the SDK reads a token, and looks at the user id, before it asks anybody. 101 and 102 are numbers of ours."""


class Surface(StrEnum):
    """Whose numbers and words they are."""

    RTC = "RTC Web"
    RTM = "RTM 2.x"


@dataclass(frozen=True, slots=True)
class Admission:
    """The answer to a client that wants in."""

    surface: Surface
    code: int
    """The access point's own number; 0 admits."""
    reasons: tuple[Reason, ...] = ()
    """What the verifier found in the token, if it was looked at."""
    may: tuple[tuple[str, int], ...] = ()
    """What the client may do, and until when (Unix time)."""
    documented: bool = True
    """Is it documented that Agora answers this case with this code?"""

    @property
    def admitted(self) -> bool:
        """Is the client in?"""
        return self.code == 0

    @property
    def error(self) -> str:
        """The error's number, such as ``"2010009"`` or ``"-10005"``; empty if admitted.

        In RTC it is that of the gateway: the Web SDK 4.x shows the words alone.
        """
        if self.admitted:
            return ""
        return str(2_010_000 + self.code) if self.surface == Surface.RTC else RTM_ERRORS[self.code][0]

    @property
    def text(self) -> str:
        """The words that the SDK shows; empty if admitted."""
        if self.admitted:
            return ""
        return RTC_TEXTS[self.code] if self.surface == Surface.RTC else RTM_ERRORS[self.code][1]

    def __str__(self) -> str:
        return "admitted" if self.admitted else f"refused: {self.text} ({self.error})"
