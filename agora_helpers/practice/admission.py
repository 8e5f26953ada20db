"""The answer of an access point to a client, in Agora's own numbers and words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ..verification.reasons import Reason
from .sources import Source

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
    5: ("-10003", "INVALID_APP_ID, Illegal App ID."),
    7: ("-10005", "INVALID_USER_ID, The user ID to login does not match the token."),
    9: ("-10005", "NO_AUTHORIZED, Signature verification failed."),
    10: ("-10009", "TOKEN_TIMEOUT, Dynamic key expired."),
    11: ("-10003", "APP_ID_NO_ACTIVATED, The vendor is not activated."),
    12: ("-10005", "INVALID_TOKEN_UID, UID in the security key(token) is not valid."),
    13: ("-10009", "TOKEN_EXPIRED, The token has expired."),
    14: ("-10003", "DYNAMIC_KEY_NOT_ENABLED, The vendor did not enable the dynamic key, but uses the dynamic key."),
    15: ("-10005", "DYNAMIC_ENABLED_BUT_STATIC_KEY, The vendor enabled the dynamic key, but uses the static key."),
    20: ("-10015", "NO_ANY_PRIVILEGE, Token does not have any privilege."),
    21: ("-10015", "NO_RTM_PRIVILEGE, Token does not have RTM privilege."),
    23: ("-10016", "The appid is not consistent."),
    26: ("-10015", "NO_ACTIVE_PRODUCT_STATUS, NOT_ENABLE_RTM or service has been stopped."),
}


class Surface(StrEnum):
    """The SDK that shows the answer."""

    RTC = "RTC Web"
    RTM = "RTM 2.x"


@dataclass(frozen=True, slots=True)
class Admission:
    """The answer to a client. Created by :func:`admit`, :func:`reject` and :func:`reject_in_sdk`."""

    surface: Surface
    code: int | None
    """The access point's own number; 0 if admitted. None if the SDK itself failed and sent no request."""
    error: str
    """The error's number or name, such as ``"2010009"``, ``"-10005"`` or ``"INVALID_PARAMS"``; empty if admitted.

    In RTC a number is the gateway's. The Web SDK 4.x shows only the text.
    """
    text: str
    """The text that the SDK shows; empty if admitted."""
    source: Source
    """The evidence for this answer."""
    reasons: tuple[Reason, ...] = ()
    """What the verifier found in the token, if it was checked."""
    may: tuple[tuple[str, int], ...] = ()
    """What the client may do, each with the Unix time until which it may."""

    @property
    def admitted(self) -> bool:
        """Whether the client is admitted."""
        return self.code == 0

    @property
    def documented(self) -> bool:
        """Whether Agora documents this answer for this case."""
        return self.source.documented

    def __str__(self) -> str:
        answer = "admitted" if self.admitted else f"rejected: {self.text} ({self.error})"
        return answer if self.documented else f"{answer} [not documented]"


def admit(
    surface: Surface, source: Source, may: tuple[tuple[str, int], ...], reasons: tuple[Reason, ...] = ()
) -> Admission:
    """Return the answer that admits a client."""
    return Admission(surface, 0, "", "", source, reasons, may)


def reject(surface: Surface, code: int, source: Source, reasons: tuple[Reason, ...] = ()) -> Admission:
    """Return the answer of an access point that rejects a client.

    Args:
        surface: the SDK of the client.
        code: the access point's number, a key of :data:`RTC_TEXTS` or :data:`RTM_ERRORS`.
        source: the evidence for this answer.
        reasons: what is wrong with the token, if it was checked.
    """
    rtc = surface == Surface.RTC
    error, text = (str(2_010_000 + code), RTC_TEXTS[code]) if rtc else RTM_ERRORS[code]
    return Admission(surface, code, error, text, source, reasons)


def reject_in_sdk(surface: Surface, error: str, text: str, source: Source) -> Admission:
    """Return the answer of an SDK that fails before it sends a request."""
    return Admission(surface, None, error, text, source)
