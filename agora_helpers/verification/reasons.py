"""Every finding that :func:`agora_helpers.verify` can report, as data.

A reason of severity ``"wrong"`` makes its check fail; ``"not checked"`` leaves it undecided. A ``"note"`` is worth
knowing and changes no result, unless it explains why a row of the comparison differs: see ``causes``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

Severity = Literal["wrong", "not checked", "note"]
CheckName = Literal["format", "signature", "time", "match"]
RowName = Literal["App ID", "channel", "uid or account", "RTM user", "Chat user"]
"""The rows of the table of expected and actual values."""


class ReasonCode(StrEnum):
    """What was found, for programs. The codes are stable, and ordered by severity."""

    MALFORMED = "MALFORMED"
    APP_ID_MISMATCH = "APP_ID_MISMATCH"
    WRONG_SIGNATURE = "WRONG_SIGNATURE"
    SIGNED_BY_DISABLED = "SIGNED_BY_DISABLED"
    NO_RTC_SERVICE = "NO_RTC_SERVICE"
    NO_RTM_SERVICE = "NO_RTM_SERVICE"
    CHANNEL_MISMATCH = "CHANNEL_MISMATCH"
    UID_MISMATCH = "UID_MISMATCH"
    WRONG_KIND_OF_USER = "WRONG_KIND_OF_USER"
    USER_MISMATCH = "USER_MISMATCH"
    NAME_NOT_ALLOWED = "NAME_NOT_ALLOWED"
    RTM2_NAME = "RTM2_NAME"
    GRANTS_NOTHING = "GRANTS_NOTHING"
    EXPIRED = "EXPIRED"
    PRIVILEGE_EXPIRED = "PRIVILEGE_EXPIRED"
    DURATION_AS_TIME = "DURATION_AS_TIME"
    NO_CERTIFICATE = "NO_CERTIFICATE"
    SIGNATURE_NOT_CHECKED = "SIGNATURE_NOT_CHECKED"
    PART_UNREAD = "PART_UNREAD"
    NOT_COMPARED = "NOT_COMPARED"
    SIGNED_BY_SECONDARY = "SIGNED_BY_SECONDARY"
    ISSUED_IN_FUTURE = "ISSUED_IN_FUTURE"
    TIME_AS_DURATION = "TIME_AS_DURATION"
    MILLISECONDS = "MILLISECONDS"
    LIFETIME_OVER_24_HOURS = "LIFETIME_OVER_24_HOURS"
    LIFETIME_TOO_SHORT = "LIFETIME_TOO_SHORT"
    PRIVILEGE_WITHOUT_END = "PRIVILEGE_WITHOUT_END"
    UNEQUAL_ENDS = "UNEQUAL_ENDS"
    OTHER_PRIVILEGE_EXPIRED = "OTHER_PRIVILEGE_EXPIRED"
    RTM_LIFETIME_IGNORED = "RTM_LIFETIME_IGNORED"
    SEVERAL_TOKENS = "SEVERAL_TOKENS"
    UNKNOWN_SERVICE = "UNKNOWN_SERVICE"
    TRAILING_BYTES = "TRAILING_BYTES"
    REPEATED_ENTRY = "REPEATED_ENTRY"
    SAMPLE_APP_ID = "SAMPLE_APP_ID"
    PLACEHOLDER_NAME = "PLACEHOLDER_NAME"
    EMPTY_CHANNEL = "EMPTY_CHANNEL"
    ACCOUNT_ZERO = "ACCOUNT_ZERO"
    UID_TOO_LARGE = "UID_TOO_LARGE"
    NEGATIVE_UID = "NEGATIVE_UID"
    WILDCARD = "WILDCARD"
    ANY_UID = "ANY_UID"


@dataclass(frozen=True, slots=True)
class Reason:
    """One finding about a token."""

    code: ReasonCode
    check: CheckName
    """The check that it belongs to."""
    severity: Severity
    title: str
    """What was found, in a few words."""
    explanation: str
    """What that means, for every token."""
    hint: str
    """What to do about it."""
    detail: str = ""
    """What was found in this token."""
    explains: tuple[RowName, ...] = ()
    """The rows of the comparison that differ because of it, if they differ."""


RENEW_WITH_NEW_ONE = (
    "The event that warns of the expiry carries the old token: do not renew with that, fetch a new one."
)
"""What to do against a cause of expired tokens that has nothing to do with their lifetime."""

_DATA: tuple[tuple[ReasonCode, CheckName, Severity, str, str, str], ...] = (
    (
        ReasonCode.MALFORMED,
        "format",
        "wrong",
        "This is not a well-formed token",
        "The string cannot be read as a 006 or 007 token, so nothing else can be checked.",
        "Copy the whole token again. Send tokens as JSON, so that + and / arrive unchanged.",
    ),
    (
        ReasonCode.WRONG_SIGNATURE,
        "signature",
        "wrong",
        "The signature is wrong",
        "The token was signed with another App Certificate, or was changed after it was signed.",
        "Compare the server's App Certificate with the one in the Agora Console, character by character. If one was "
        "deleted or replaced, restart every process that signs.",
    ),
    (
        ReasonCode.SIGNED_BY_DISABLED,
        "signature",
        "wrong",
        "Signed with a disabled certificate",
        "The token is genuine, but Agora rejects tokens that were signed with a disabled certificate.",
        "Let the server sign with the primary certificate, and restart every process that still uses the old one.",
    ),
    (
        ReasonCode.APP_ID_MISMATCH,
        "match",
        "wrong",
        "The token is for another project",
        "The App ID in the token is not the one that it was checked for.",
        "Use the App ID and the App Certificate of the same project in the client and on the server.",
    ),
    (
        ReasonCode.NO_RTC_SERVICE,
        "match",
        "wrong",
        "The token cannot join a channel",
        "A channel or a uid was expected, but the token has no RTC service (audio and video).",
        "Build it with build_rtc_token, or build one 007 token for RTC and RTM with build_token.",
    ),
    (
        ReasonCode.NO_RTM_SERVICE,
        "match",
        "wrong",
        "The token cannot log in to RTM",
        "A user was expected to log in, but the token has neither an RTM service (messaging) nor a Chat user.",
        "Build it with build_rtm_token, or build one 007 token for RTC and RTM with build_token.",
    ),
    (
        ReasonCode.CHANNEL_MISMATCH,
        "match",
        "wrong",
        "The token is for another channel",
        "Channel names are compared byte for byte: case, spaces and percent-encoding count.",
        "Request a token for exactly the channel name that the client joins.",
    ),
    (
        ReasonCode.UID_MISMATCH,
        "match",
        "wrong",
        "The token is for another user",
        "The client must join with exactly the uid or user account that the token was built for.",
        "Let the server choose the uid, and join with the uid that the server returned.",
    ),
    (
        ReasonCode.WRONG_KIND_OF_USER,
        "match",
        "wrong",
        "The token is for the other kind of user",
        "One side uses an integer uid, the other a user account (a string). A channel cannot mix the two.",
        "Use one kind in the whole app, on the server and in the client: uid=… for integers, account=… for strings.",
    ),
    (
        ReasonCode.USER_MISMATCH,
        "match",
        "wrong",
        "The token is for another RTM user",
        "The client must log in with exactly the user id that the token was built for.",
        "Request a token for the user id that the client logs in with.",
    ),
    (
        ReasonCode.NAME_NOT_ALLOWED,
        "match",
        "wrong",
        "No client can join or log in with this name",
        "Agora rejects a channel, uid, user account or RTM user id that breaks its rules, whatever the token contains.",
        "Use a uid of 1 to 4294967295, and names of Agora's 89 characters: up to 63 bytes for a channel, 255 for an "
        "account, 64 for an RTM user.",
    ),
    (
        ReasonCode.RTM2_NAME,
        "match",
        "wrong",
        "RTM 2.x refuses this user id",
        "In Signaling (RTM 2.x) a user id contains no dot and does not start with an underscore. RTM 1.x accepts both.",
        "Use another id, for example the number or UUID of the account in place of an e-mail address.",
    ),
    (
        ReasonCode.GRANTS_NOTHING,
        "match",
        "wrong",
        "The token grants nothing",
        "It has no privilege to join or to log in, so no client is admitted with it.",
        "Build it with build_rtc_token, build_rtm_token or build_token, which add that privilege.",
    ),
    (
        ReasonCode.EXPIRED,
        "time",
        "wrong",
        "The token has expired",
        "No client can join or log in with it any more.",
        f"Request a new token before every join, and renew it before it expires. {RENEW_WITH_NEW_ONE}",
    ),
    (
        ReasonCode.PRIVILEGE_EXPIRED,
        "time",
        "wrong",
        "The privilege to join or log in has expired",
        "Even if the token itself has not expired, no client is admitted with it.",
        "Set the expiry of a privilege to a Unix time (now + seconds) in 006, and to a number of seconds in 007.",
    ),
    (
        ReasonCode.DURATION_AS_TIME,
        "time",
        "wrong",
        "A 006 privilege has a duration instead of a Unix time",
        "Read as a Unix time, a few thousand seconds is a moment in 1970, so the privilege was never valid.",
        "Pass now + 3600 to Agora's builder, or use build_rtc_token: its expires_in is a duration in both versions.",
    ),
    (
        ReasonCode.NO_CERTIFICATE,
        "signature",
        "not checked",
        "The signature was not checked",
        "That takes the project's App Certificate, which only the token server has. The other checks do not need it.",
        "Verify the token where the certificate is: on the token server. Never put the certificate into a client.",
    ),
    (
        ReasonCode.SIGNATURE_NOT_CHECKED,
        "signature",
        "not checked",
        "The signature was not checked",
        "A 006 token signs its channel and uid, or its RTM user, but does not contain them, so the check needs them.",
        "Check the token with the names that it was built for, if you know them.",
    ),
    (
        ReasonCode.PART_UNREAD,
        "match",
        "not checked",
        "Part of the token could not be read",
        "A service of an unknown type comes before the expected one, and nothing after it can be read.",
        "Update this package: a newer version may know the type.",
    ),
    (
        ReasonCode.NOT_COMPARED,
        "match",
        "not checked",
        "Not everything in the token was compared",
        "The token admits only the client that it was built for, and not all of that client's names were given.",
        "Give what is missing of App ID, channel, uid or account, and RTM or Chat user.",
    ),
    (
        ReasonCode.SIGNED_BY_SECONDARY,
        "signature",
        "note",
        "Signed with the secondary certificate",
        "The token is valid as long as the project's secondary certificate is enabled.",
        "Nothing to do during a rotation. Afterwards, sign with the primary certificate.",
    ),
    (
        ReasonCode.ISSUED_IN_FUTURE,
        "time",
        "note",
        "The token was issued in the future",
        "Its time of issue is more than a minute ahead, so one of the two clocks is wrong.",
        "Synchronise the server's clock with NTP.",
    ),
    (
        ReasonCode.LIFETIME_OVER_24_HOURS,
        "time",
        "note",
        "The lifetime is longer than Agora allows",
        "Agora lets every token expire 24 hours after its issue, even if the token claims more.",
        "Set a lifetime of at most 86400 seconds, and renew the token before it expires.",
    ),
    (
        ReasonCode.LIFETIME_TOO_SHORT,
        "time",
        "note",
        "The lifetime is shorter than a minute",
        "A client can hardly join before the token expires, and cannot renew in time. A new token has the same fault.",
        "Pass a lifetime in seconds, such as 3600, and check the order of the arguments to Agora's builder: the 007 "
        "RTM builder has no role before the lifetime.",
    ),
    (
        ReasonCode.TIME_AS_DURATION,
        "time",
        "note",
        "A 007 token has a Unix time instead of a duration",
        "Read as seconds from its issue, that is decades. Agora lets it expire after 24 hours, not when you intended.",
        "Pass 3600 to Agora's builder, not now + 3600. In 006 it is the other way round.",
    ),
    (
        ReasonCode.MILLISECONDS,
        "time",
        "note",
        "The lifetime looks like milliseconds",
        "Agora counts in seconds, so the token lives longer than you intended, up to Agora's limit of 24 hours.",
        "Divide the lifetime by 1000.",
    ),
    (
        ReasonCode.PRIVILEGE_WITHOUT_END,
        "time",
        "note",
        "A privilege has no expiry of its own",
        "The value 0 means that it expires with the token. The SDK then does not warn before the expiry, and a client "
        "that is in the channel stays there. Its next join fails.",
        "Let all privileges expire with the token: pass Agora's builders the same value as privilege_expire and "
        "token_expire.",
    ),
    (
        ReasonCode.UNEQUAL_ENDS,
        "time",
        "note",
        "Token and privileges expire at different times",
        "The SDK warns before a privilege expires, but the next join fails once the token has expired.",
        "Let all privileges expire with the token.",
    ),
    (
        ReasonCode.OTHER_PRIVILEGE_EXPIRED,
        "time",
        "note",
        "A privilege has expired",
        "The client can still join or log in. In RTC, the privileges to publish matter only if the project has co-host "
        "authentication enabled.",
        "If the client needs that privilege, renew with a token that grants it.",
    ),
    (
        ReasonCode.RTM_LIFETIME_IGNORED,
        "time",
        "note",
        "A 006 RTM token lives for 24 hours",
        "Agora ignores the expiry of its privilege and uses that of the token.",
        "Use version 007 for a shorter lifetime.",
    ),
    (
        ReasonCode.SEVERAL_TOKENS,
        "format",
        "note",
        "The text contains several tokens",
        "A client passes one token. The one that fits best is checked here.",
        "Pass that token alone to the SDK: one service takes the token for RTC, another that for RTM.",
    ),
    (
        ReasonCode.UNKNOWN_SERVICE,
        "format",
        "note",
        "The token has a service of an unknown type",
        "Nothing after it can be read, because the format does not contain the length of a service. The signature "
        "covers the unread part too.",
        "Update this package: a newer version may know the type.",
    ),
    (
        ReasonCode.TRAILING_BYTES,
        "format",
        "note",
        "The token has extra bytes",
        "They come after the last field. Programs that read tokens ignore them.",
        "Check which program built the token: it uses an older layout, or appended something.",
    ),
    (
        ReasonCode.REPEATED_ENTRY,
        "format",
        "note",
        "The token has a duplicate entry",
        "A privilege, or a resource of RTM2 permissions, occurs twice. Implementations differ in which of the two "
        "counts; here it is the last.",
        "Build the token with each entry once.",
    ),
    (
        ReasonCode.SAMPLE_APP_ID,
        "match",
        "note",
        "The token is for Agora's sample App ID",
        "Agora publishes this App ID in the tests of its token builders. It belongs to no project of yours.",
        "Set your own App ID and App Certificate on the token server. For the lessons and for tests, nothing to do.",
    ),
    (
        ReasonCode.PLACEHOLDER_NAME,
        "match",
        "note",
        "A name looks like a variable without a value",
        "Names such as undefined, null or {channel} come from a variable that was not set, or a template that was not "
        "filled in.",
        "Find where the name comes from, in the client and on the server, and pass its real value.",
    ),
    (
        ReasonCode.EMPTY_CHANNEL,
        "match",
        "note",
        "The channel in the token is empty",
        "Channel names have 1 to 63 bytes, so a variable was probably not set. Agora's documentation does not agree on "
        "whether an empty name stands for every channel.",
        "Pass the name of the channel that the client joins to the builder.",
    ),
    (
        ReasonCode.ACCOUNT_ZERO,
        "match",
        "note",
        'The token is for a user account named "0"',
        'The string "0" is a user account like any other. It is not the uid 0, which stands for any uid.',
        "Pass uids as integers: convert a uid from a URL or a query string with int(…). Better still, build the token "
        "for the client's own uid.",
    ),
    (
        ReasonCode.UID_TOO_LARGE,
        "match",
        "note",
        "The uid in the token does not fit into 32 bits",
        "Agora's uids are 1 to 4294967295, so no client can join with this integer. A client with a user account of "
        "these digits can.",
        "Use a user account for larger ids, on the server and in the client.",
    ),
    (
        ReasonCode.NEGATIVE_UID,
        "match",
        "note",
        "The token is for a negative uid",
        "Agora's uids are 1 to 4294967295. Java and Android show uids above 2147483647 as negative numbers.",
        "Add 4294967296 to a negative uid before you build the token.",
    ),
    (
        ReasonCode.WILDCARD,
        "match",
        "note",
        "The token is for many names",
        "In a channel or a uid of a 007 token, * stands for any characters. Agora recommends it for audiences only.",
        "Build tokens for one channel and one client, unless you want this.",
    ),
    (
        ReasonCode.ANY_UID,
        "match",
        "note",
        "Any client may use this token",
        "It was built for uid 0, which stands for any uid.",
        "Build tokens for the uid of one client, unless you want this.",
    ),
)

REASONS: dict[ReasonCode, Reason] = {row[0]: Reason(*row) for row in _DATA}
ORDER: dict[ReasonCode, int] = {code: place for place, code in enumerate(ReasonCode)}


def reason_for(code: ReasonCode, detail: str, *explains: RowName) -> Reason:
    """Return the reason of this code, with what was found in one token and which rows differ because of it.

    >>> print(reason_for(ReasonCode.TRAILING_BYTES, "There is 1 extra byte.").title)
    The token has extra bytes
    """
    return replace(REASONS[code], detail=detail, explains=explains)
