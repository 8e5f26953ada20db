"""Every reason for which :func:`agora_helpers.verify` finds something to say, as data.

A reason of severity ``"wrong"`` makes its check fail, ``"not checked"`` leaves it open; a ``"note"`` is true and worth
knowing, no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Severity = Literal["wrong", "not checked", "note"]
CheckName = Literal["format", "signature", "time", "match"]


class ReasonCode(StrEnum):
    """Stable codes, in order of severity: what makes a token useless comes first."""

    MALFORMED = "MALFORMED"
    APP_ID_MISMATCH = "APP_ID_MISMATCH"
    WRONG_SIGNATURE = "WRONG_SIGNATURE"
    NO_RTC_SERVICE = "NO_RTC_SERVICE"
    NO_RTM_SERVICE = "NO_RTM_SERVICE"
    CHANNEL_MISMATCH = "CHANNEL_MISMATCH"
    UID_MISMATCH = "UID_MISMATCH"
    WRONG_KIND_OF_USER = "WRONG_KIND_OF_USER"
    USER_MISMATCH = "USER_MISMATCH"
    GRANTS_NOTHING = "GRANTS_NOTHING"
    EXPIRED = "EXPIRED"
    PRIVILEGE_EXPIRED = "PRIVILEGE_EXPIRED"
    DURATION_AS_TIME = "DURATION_AS_TIME"
    SIGNATURE_NOT_CHECKED = "SIGNATURE_NOT_CHECKED"
    PART_UNREAD = "PART_UNREAD"
    SIGNED_BY_SECONDARY = "SIGNED_BY_SECONDARY"
    ISSUED_IN_FUTURE = "ISSUED_IN_FUTURE"
    TIME_AS_DURATION = "TIME_AS_DURATION"
    MILLISECONDS = "MILLISECONDS"
    LIFETIME_OVER_24_HOURS = "LIFETIME_OVER_24_HOURS"
    PRIVILEGE_WITHOUT_END = "PRIVILEGE_WITHOUT_END"
    UNEQUAL_ENDS = "UNEQUAL_ENDS"
    OTHER_PRIVILEGE_EXPIRED = "OTHER_PRIVILEGE_EXPIRED"
    RTM_LIFETIME_IGNORED = "RTM_LIFETIME_IGNORED"
    UNKNOWN_SERVICE = "UNKNOWN_SERVICE"
    TRAILING_BYTES = "TRAILING_BYTES"
    REPEATED_ENTRY = "REPEATED_ENTRY"
    ACCOUNT_ZERO = "ACCOUNT_ZERO"
    NEGATIVE_UID = "NEGATIVE_UID"
    WILDCARD = "WILDCARD"
    ANY_UID = "ANY_UID"


@dataclass(frozen=True, slots=True)
class Reason:
    """One finding: ``detail`` says what it is in this very token, the rest what it means in general."""

    code: ReasonCode
    check: CheckName
    severity: Severity
    title: str
    explanation: str
    hint: str
    detail: str = ""


_DATA: tuple[tuple[ReasonCode, CheckName, Severity, str, str, str], ...] = (
    (
        ReasonCode.MALFORMED,
        "format",
        "wrong",
        "This is not a well-formed token",
        "The text cannot be read as a 006 or 007 token, so nothing else can be checked.",
        "Copy the whole token again; send tokens as JSON, so that no + or / is changed on the way.",
    ),
    (
        ReasonCode.WRONG_SIGNATURE,
        "signature",
        "wrong",
        "The signature does not fit",
        "The token was signed with another App Certificate, or was changed after it was signed.",
        "Compare the server's App Certificate with the one in the Agora Console, to the letter: case matters.",
    ),
    (
        ReasonCode.APP_ID_MISMATCH,
        "match",
        "wrong",
        "The token is for another project",
        "It carries another App ID than the one it is checked for.",
        "Use the App ID and the App Certificate of one and the same project, in the client and on the server.",
    ),
    (
        ReasonCode.NO_RTC_SERVICE,
        "match",
        "wrong",
        "The token does not let anyone into a channel",
        "A channel or a uid was expected, but the token grants no RTC service (audio and video).",
        "Make it with build_rtc_token, or put RTC and RTM into one 007 token with build_token.",
    ),
    (
        ReasonCode.NO_RTM_SERVICE,
        "match",
        "wrong",
        "The token does not log in to messaging",
        "An RTM user was expected, but the token grants no RTM service (messaging).",
        "Make it with build_rtm_token, or put RTC and RTM into one 007 token with build_token.",
    ),
    (
        ReasonCode.CHANNEL_MISMATCH,
        "match",
        "wrong",
        "The token is for another channel",
        "Channel names are compared byte for byte: case, spaces and percent-encoding count.",
        "Ask the server for a token with the very channel name that the client joins.",
    ),
    (
        ReasonCode.UID_MISMATCH,
        "match",
        "wrong",
        "The token is for another user",
        "The client must join with the very uid or user account that the token was made for.",
        "Let the server choose the uid, and let the client join with the uid that the server answered.",
    ),
    (
        ReasonCode.WRONG_KIND_OF_USER,
        "match",
        "wrong",
        "The token is for the other kind of user",
        "One side uses an integer uid, the other a user account, which is a text. They do not mix in a channel.",
        "Use one kind in the whole app: uid=… for integers, account=… for texts, on the server and in the client.",
    ),
    (
        ReasonCode.USER_MISMATCH,
        "match",
        "wrong",
        "The token is for another RTM user",
        "The client must log in with the very user id that the token was made for.",
        "Ask the server for a token with the user id that the client logs in with.",
    ),
    (
        ReasonCode.GRANTS_NOTHING,
        "match",
        "wrong",
        "The token grants nothing",
        "It holds no privilege to join or to log in, so it admits to nothing.",
        "Build it with build_rtc_token, build_rtm_token or build_token, which give that privilege.",
    ),
    (
        ReasonCode.EXPIRED,
        "time",
        "wrong",
        "The token has expired",
        "Nobody can join or log in with it any more.",
        "Fetch a fresh token before every join, and renew it before it ends.",
    ),
    (
        ReasonCode.PRIVILEGE_EXPIRED,
        "time",
        "wrong",
        "The privilege to join or log in has expired",
        "The token itself may live on, but it admits to nothing.",
        "In 006 a privilege ends at a point in time (now + seconds); in 007 after a number of seconds.",
    ),
    (
        ReasonCode.DURATION_AS_TIME,
        "time",
        "wrong",
        "A duration stands where 006 wants a point in time",
        "A few thousand seconds, read as Unix time, is a moment in 1970: the privilege has never been valid.",
        "Pass the builder now + 3600, or use build_rtc_token, whose expires_in is a duration in both versions.",
    ),
    (
        ReasonCode.SIGNATURE_NOT_CHECKED,
        "signature",
        "not checked",
        "The signature was not checked",
        "A 006 token signs its channel and uid without containing them, so both must be known to check it.",
        "Pass the token's own channel and uid (or account), or user for an RTM token.",
    ),
    (
        ReasonCode.PART_UNREAD,
        "match",
        "not checked",
        "A part of the token could not be read",
        "The expected service was not found before a service of an unknown type, and nothing after that can be read.",
        "A newer version of this package may know the type.",
    ),
    (
        ReasonCode.SIGNED_BY_SECONDARY,
        "signature",
        "note",
        "Signed with the secondary certificate",
        "The token is good as long as the project's secondary certificate is enabled.",
        "Normal during a rotation; afterwards sign with the primary certificate.",
    ),
    (
        ReasonCode.ISSUED_IN_FUTURE,
        "time",
        "note",
        "The token was issued in the future",
        "Its time of issue is more than a minute ahead: one of the two clocks is wrong.",
        "Set the server's clock by NTP.",
    ),
    (
        ReasonCode.LIFETIME_OVER_24_HOURS,
        "time",
        "note",
        "The lifetime is longer than Agora allows",
        "Agora ends every token 24 hours after it was issued, whatever the token says.",
        "Ask for at most 86400 seconds, and renew the token before it ends.",
    ),
    (
        ReasonCode.TIME_AS_DURATION,
        "time",
        "note",
        "A point in time stands where 007 wants a duration",
        "Read as seconds from issue it is decades. Agora ends the token after 24 hours, not when it was meant to end.",
        "Pass the builder 3600, not now + 3600. In 006 it is the other way round.",
    ),
    (
        ReasonCode.MILLISECONDS,
        "time",
        "note",
        "The lifetime looks like milliseconds",
        "Agora counts seconds, so the token outlives what was meant: 24 hours is where Agora ends it.",
        "Divide by 1000.",
    ),
    (
        ReasonCode.PRIVILEGE_WITHOUT_END,
        "time",
        "note",
        "A privilege has no end of its own",
        "The value 0 means that it ends with the token. Then the SDK does not warn before the end, and a client "
        "that is in the channel stays; its next join fails.",
        "Give all privileges the same end as the token: privilege_expire equal to token_expire in Agora's builders.",
    ),
    (
        ReasonCode.UNEQUAL_ENDS,
        "time",
        "note",
        "Token and privileges end at different times",
        "The SDK warns before the end of a privilege, while the next join fails at the end of the token.",
        "Give all privileges the same end as the token.",
    ),
    (
        ReasonCode.OTHER_PRIVILEGE_EXPIRED,
        "time",
        "note",
        "A privilege has expired",
        "Joining or logging in is still possible. In RTC, a privilege to publish matters only where the project has "
        "co-host authentication on.",
        "Give all privileges the same end as the token.",
    ),
    (
        ReasonCode.RTM_LIFETIME_IGNORED,
        "time",
        "note",
        "A 006 RTM token lives 24 hours",
        "Agora ignores the end of its privilege and goes by the token's own.",
        "Use version 007 for a shorter lifetime.",
    ),
    (
        ReasonCode.UNKNOWN_SERVICE,
        "format",
        "note",
        "The token holds a service of an unknown type",
        "Nothing after it can be read, since the format does not say how long a service is.",
        "The signature covers the unread part too. A newer version of this package may know the type.",
    ),
    (
        ReasonCode.TRAILING_BYTES,
        "format",
        "note",
        "There are bytes left over",
        "They stand behind the last field. Readers of tokens ignore them.",
        "Usually a token of an older layout, or something that was added to it.",
    ),
    (
        ReasonCode.REPEATED_ENTRY,
        "format",
        "note",
        "An entry stands twice",
        "A privilege, or a resource of RTM2 permissions, stands twice. Implementations differ in which of the two "
        "counts; here it is the last.",
        "Build the token with each entry once.",
    ),
    (
        ReasonCode.ACCOUNT_ZERO,
        "match",
        "note",
        "The token is for a user named 0",
        'The text "0" is a user account like any other, and not the uid 0 that stands for anyone.',
        "Pass uids as integers: a 0 out of a URL or a query string is a text.",
    ),
    (
        ReasonCode.NEGATIVE_UID,
        "match",
        "note",
        "The token is for a negative uid",
        "Agora's uids are 1 to 4294967295; Java and Android show those above 2147483647 as negative numbers.",
        "Add 4294967296 before you make the token.",
    ),
    (
        ReasonCode.WILDCARD,
        "match",
        "note",
        "The token is for many names",
        "A * in a channel or a uid of a 007 token stands for any characters. Agora advises it for audiences only.",
        "Make tokens for one channel and one client, unless this is what you want.",
    ),
    (
        ReasonCode.ANY_UID,
        "match",
        "note",
        "Anyone may use this token",
        "It was made for uid 0, which stands for every uid.",
        "Make tokens for the uid of one client, unless this is what you want.",
    ),
)

REASONS: dict[ReasonCode, Reason] = {row[0]: Reason(*row) for row in _DATA}
ORDER: dict[ReasonCode, int] = {code: place for place, code in enumerate(ReasonCode)}
