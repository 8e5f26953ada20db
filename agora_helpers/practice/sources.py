"""The evidence for each answer of the practice project: Agora's pages, developers' reports, or a conclusion."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """The evidence that Agora gives an answer: where to read it, or how it was observed."""

    text: str
    documented: bool = True
    """False if Agora does not document its answer, so that this one is an assumption; ``text`` says which part."""

    def __str__(self) -> str:
        return self.text if self.documented else f"Not documented: {self.text}"


_FAQ = "Agora's FAQ on token errors (docs.agora.io/en/faq/token_error)"
_CONSOLE = "Agora's page on managing projects and certificates"
_SIGNALING = "Agora's error codes of Signaling 2.x"


def _undocumented(question: str) -> Source:
    return Source(question, documented=False)


# The SDKs' own checks.
RTC_SDK = Source("Observed by running agora-rtc-sdk-ng 4.24.8: the SDK fails before it sends a request.")
RTM_SDK = Source("Observed by running agora-rtm-sdk 2.3.0: the SDK fails before it sends a request.")

# RTC and RTM.
APP_ID_ALONE = Source(f"{_CONSOLE}: while the entry No certificate exists, the App ID is enough.")
SECONDARY = Source(f"{_CONSOLE}: tokens signed with either certificate are valid.")
IN_FUTURE = _undocumented("how far ahead the clock of a token server may be.")
SEVERAL = _undocumented("which error Agora reports when several things are wrong.")
EITHER = _undocumented(
    "whether a wrong token is rejected where none is needed. Agora's list of errors suggests it, but no page says so."
)
INACTIVE = _undocumented("when a project is not active. The meaning is inferred from the error's name.")

# RTC: joining a channel.
RTC_GOOD = Source("Agora's guides to token authentication.")
RTC_ANY_UID = Source(
    "Agora's guides to token authentication: any client may use a token for uid 0. Basic-Video-Call#283."
)
RTC_NEEDS_TOKEN = Source(f"{_FAQ}: dynamic use static key.")
RTC_WANTS_NONE = Source(f"{_FAQ}: static use dynamic key.")
RTC_WRONG = Source(f"{_FAQ}: App ID, certificate, channel and uid must match. Often reported: Tools#320.")
RTC_OTHER_PROJECT = _undocumented(
    "which error it is. For the native SDK such a token is invalid (110); the developer of a Web app saw "
    "can not find appid (Agora-Flutter-SDK#1738)."
)
RTC_OTHER_KIND = _undocumented(
    "which error a token for RTM gets here. This model treats it like a token for another channel."
)
RTC_NO_PRIVILEGE = _undocumented(
    "which error a token without the privilege to join gets. This model treats it like a wrong token."
)
RTC_EXPIRED = _undocumented("which of 2010010 and 2010013 it is. Both are described as errors of expired tokens.")
RTC_APP_ID = Source("Developers' reports, for instance API-Examples-Web#69: can not find appid.")
RTC_CHANNEL = Source("Agora's rules for channel names: fewer than 64 bytes of 89 characters.")
RTC_64_BYTES = _undocumented("whether a channel name may have 64 bytes. Agora's pages disagree.")

# RTC: in the channel.
_RUN = "Observed by running agora-rtc-sdk-ng 4.24.8"
_PRIVILEGES = "Agora's page on token authentication (video-calling/token-authentication/deploy-token-server)"
OBSERVED = Source(f"{_RUN}.")
RTC_API = Source("Agora's API reference of the RTC SDK for the Web.")
EXPIRY_WARNING = Source(f"{_PRIVILEGES}: the SDK is told about 30 seconds before the privilege to join ends.")
EXPIRY = Source(
    f"{_PRIVILEGES}: a client is removed when its privilege to join ends. If only the token has expired, it stays."
)
CO_HOST = Source("Agora's page on co-host authentication: only with it the privileges to publish are checked.")
BAN = Source("Agora's REST API: a kicking rule removes a client from its channel.")
UID_CONFLICT = Source(
    f"{_RUN}: it calls a uid conflict UID_BANNED. Agora's documentation says that the earlier client is removed."
)
CONNECTION_LOST = _undocumented("how long Agora waits for a client whose connection is lost. This model waits 20 s.")
RENEWAL_NUMBER = _undocumented(
    "which number a rejected renewal gets. This model uses 109 for an expired token and 110 for one that "
    "does not fit, in the words of developers' reports."
)
SAME_TOKEN = _undocumented(
    "what a renewal with the token that the client has does. Developers report that it succeeds, that no second "
    "warning follows, and that the token ends as before (Agora-RTC-SDK-for-Xamarin#7, rtc-web-archive#9)."
)
REJOIN_NUMBER = _undocumented(
    "which number a rejected client gets when it comes back. This model uses 110. The Web SDK shows it as TOKEN_EXPIRE "
    "if it joined through the access point; otherwise it goes on reconnecting."
)
ROLE_NUMBER = _undocumented(
    "which number it is without a privilege to publish. 2018 stands for no permission; the Web SDK calls it a timeout."
)
PUBLISH_NUMBER = _undocumented("which number it is without a privilege to publish. This model uses 110.")

# RTM: logging in.
RTM_GOOD = Source("Agora's guides to Signaling 2.x.")
RTM_006 = _undocumented(
    "whether Signaling 2.x accepts 006. Agora's pages describe only 007, and none says that 006 is rejected."
)
RTM_NEEDS_TOKEN = Source("The error's own text, and RTM#182.")
RTM_WANTS_NONE = Source("The error's own text.")
RTM_WRONG = Source(f"{_SIGNALING}: -10005. Which of its texts it is follows from their wording.")
RTM_DAMAGED = _undocumented("which error a damaged token gets. This model treats it like a wrong token.")
RTM_EXPIRED = _undocumented(f"which of two texts it is. {_SIGNALING}: -10009.")
RTM_OTHER_KIND = _undocumented(
    "which error it is. Developers report that the login fails (RTM#135), and the SDK has a text for it."
)
RTM_APP_ID = Source(f"{_SIGNALING}: -10003.")
RTM_OFF = _undocumented("which text it is. For the number -10015 see RTM#153.")

# RTM: after the login. When the server speaks is documented; the numbers that it sends are those that the SDK knows.
_RTM_WEB = "Agora's API reference of Signaling 2.x for the Web"
RTM_API = Source(f"{_RTM_WEB}.")
RTM_OBSERVED = Source("Observed by running agora-rtm-sdk 2.3.0.")
RTM_WARNING = Source(f"{_RTM_WEB}: tokenPrivilegeWillExpire, 30 seconds before the privilege to log in ends.")
RTM_EXPIRY = Source(f"{_RTM_WEB}: a client that stays longer than its token is put out.")
RTM_SAME_USER = Source(f"{_RTM_WEB}: a login with the same user id ends the earlier one.")
RTM_BANNED = _undocumented("how the server puts out a client that was banned. The SDK has a reason for it.")
RTM_RETURN_NUMBER = _undocumented("which number a client gets whose token is rejected when it comes back.")

_DOCS = "https://docs.agora.io/en"
_RTM = f"{_DOCS}/realtime-media/rtm"
_GUIDE = f"{_DOCS}/video-calling/token-authentication/deploy-token-server"
_PAGES = {
    "docs.agora.io/en/faq/token_error": f"{_DOCS}/faq/token_error",
    _CONSOLE: f"{_DOCS}/introduction/projects",
    "Agora's guides to token authentication": _GUIDE,
    "video-calling/token-authentication/deploy-token-server": _GUIDE,
    "Agora's page on co-host authentication": f"{_DOCS}/api-reference/faq/integration/token_cohost",
    "Agora's REST API": f"{_DOCS}/api-reference/api-ref/rtc/create-ban-rule",
    _SIGNALING: f"{_DOCS}/signaling/reference/error-codes",
    "Agora's guides to Signaling 2.x": f"{_RTM}/build/connect-and-authenticate/authentication-workflow",
}
"""The address of each page that a source names."""
_OWNERS = {"Agora-Flutter-SDK": "AgoraIO-Extensions", "Agora-RTC-SDK-for-Xamarin": "AgoraIO-Community"}
"""The owners of repositories on GitHub; AgoraIO for all others."""
_LINK = re.compile(rf"{'|'.join(map(re.escape, _PAGES))}|\b(?P<repository>[A-Za-z][\w-]*)#(?P<thread>[0-9]+)")


def links(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the start, the end and the address of each page or thread that the text of a source names.

    >>> list(links("Often reported: Tools#320."))
    [(16, 25, 'https://github.com/AgoraIO/Tools/issues/320')]
    """
    for match in _LINK.finditer(text):
        repository, thread = match["repository"], match["thread"]
        owner = _OWNERS.get(repository, "AgoraIO")
        url = f"https://github.com/{owner}/{repository}/issues/{thread}" if repository else _PAGES[match[0]]
        yield match.start(), match.end(), url
