"""What each answer of the practice project rests on: a page of Agora's, developers' reports, or a conclusion."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """Where one can read, or see, that Agora answers so."""

    text: str
    documented: bool = True
    """False: Agora does not say which answer it gives here, and this one is modelled."""

    def __str__(self) -> str:
        return self.text if self.documented else f"Not documented: {self.text}"


_FAQ = "Agora's FAQ on token errors (docs.agora.io/en/faq/token_error)"
_CONSOLE = "Agora's page on managing projects and certificates"
_SIGNALING = "Agora's error codes of Signaling 2.x"


def _open(question: str) -> Source:
    return Source(question, documented=False)


# Seen by running the SDKs.
RTC_SDK = Source("Seen by running agora-rtc-sdk-ng 4.24.8: its own check, before it asks anybody.")
RTM_SDK = Source("Seen by running agora-rtm-sdk 2.3.0: its own check, before it asks anybody.")

# Both doors.
APP_ID_ALONE = Source(f"{_CONSOLE}: as long as the entry No certificate is there, the App ID is enough.")
SECONDARY = Source(f"{_CONSOLE}: tokens signed with either certificate are good.")
IN_FUTURE = _open("how far ahead a token server's clock may be.")
SEVERAL = _open("which one Agora names when several things are wrong.")
EITHER = _open(
    "that a wrong token is refused where none is needed. Agora's list of errors suggests it; no page says it."
)
INACTIVE = _open("when a project is not active. It is concluded from the error's name.")

# RTC: a channel.
RTC_GOOD = Source("Agora's guides to token authentication.")
RTC_ANYONE = Source("Agora's guides to token authentication: a token for uid 0 is anyone's. Basic-Video-Call#283.")
RTC_NEEDS_TOKEN = Source(f"{_FAQ}: dynamic use static key.")
RTC_WANTS_NONE = Source(f"{_FAQ}: static use dynamic key.")
RTC_WRONG = Source(f"{_FAQ}: App ID, certificate, channel and uid must be the same. Often reported: Tools#320.")
RTC_OTHER_PROJECT = _open(
    "which answer it is. For the native SDK such a token is invalid (110); a developer of a Web app saw "
    "can not find appid (Agora-Flutter-SDK#1738)."
)
RTC_OTHER_KIND = _open("what becomes of a token that is none for a channel; here the same as of one for another.")
RTC_NO_PRIVILEGE = _open("what becomes of a token without the privilege to join; here the same as of a wrong one.")
RTC_EXPIRED = _open("which of 2010010 and 2010013 it is. Both are said of tokens whose time is over.")
RTC_APP_ID = Source("Developers' reports, for instance API-Examples-Web#69: can not find appid.")
RTC_CHANNEL = Source("Agora's rules for channel names: fewer than 64 bytes of 89 characters.")
RTC_64_BYTES = _open("whether a channel name may have 64 bytes. Agora's pages differ.")

# RTM: messaging.
RTM_GOOD = Source("Agora's guides to Signaling 2.x.")
RTM_006 = _open("whether Signaling 2.x takes 006. Agora's pages teach 007 alone, and none says that 006 is refused.")
RTM_NEEDS_TOKEN = Source("The text itself says it, and RTM#182.")
RTM_WANTS_NONE = Source("The text itself says it.")
RTM_WRONG = Source(f"{_SIGNALING}: -10005; which of its texts, the text itself says.")
RTM_DAMAGED = _open("what becomes of a damaged token; here the same as of a wrong one.")
RTM_EXPIRED = _open(f"which of the two texts it is. {_SIGNALING}: -10009.")
RTM_OTHER_KIND = _open("which answer it is. Developers report that it fails (RTM#135), and the SDK has a text for it.")
RTM_APP_ID = Source(f"{_SIGNALING}: -10003.")
RTM_OFF = _open("which of the texts it is. For the number -10015 see RTM#153.")
