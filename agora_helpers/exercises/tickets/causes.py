"""The causes that a ticket can have, as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal

Aspect = Literal[
    "sent", "project", "signature", "format", "service", "channel", "user", "names", "time", "role", "origin"
]
"""The part of a ticket's material that speaks for a cause or against it."""


@dataclass(frozen=True, slots=True)
class Description:
    """What a cause is, and how to recognise it."""

    title: str
    """What is wrong, in one sentence."""
    aspect: Aspect
    """The part of the material in which it shows."""
    sign: str
    """How it shows there, in one sentence."""


class Cause(Enum):
    """What can be wrong in a ticket. The names are stable codes: learners write them, and lessons store them."""

    TOKEN_MISSING = Description(
        "The project requires a token, and the client sends none.",
        "sent",
        "A client that sends no token passes null, an empty string or nothing as the token.",
    )
    TOKEN_NOT_WANTED = Description(
        "The project has no certificate enabled, and the client sends a token.",
        "project",
        'A project without a certificate answers a token with "static use dynamic key", or with 110 in a native SDK.',
    )
    UNKNOWN_APP_ID = Description(
        "The client uses an App ID that Agora does not know.",
        "project",
        'Agora answers an unknown App ID with "can not find appid", 101 or -10003.',
    )
    SIGNALING_NOT_ENABLED = Description(
        "Signaling (RTM) is not enabled for the project.",
        "project",
        "If Signaling is not enabled, only logins to it fail, with -10012 or -10015.",
    )
    CREDENTIALS_NOT_SET = Description(
        "The token server runs without its App ID or App Certificate.",
        "signature",
        "Without App ID and certificate a builder raises an error or returns an empty string.",
    )
    WRONG_CERTIFICATE = Description(
        "The token server signs with a certificate that is not the project's.",
        "signature",
        "verify reports a wrong signature if another certificate was used.",
    )
    HOME_MADE_TOKEN = Description(
        "Home-made code builds the token, in a format that is not Agora's.",
        "format",
        "decode rejects a string that does not have Agora's format.",
    )
    DAMAGED_TOKEN = Description(
        "The token was cut or altered between the server and the client.",
        "format",
        "decode rejects a token that was cut or altered, and repair may restore it.",
    )
    WRONG_SERVICE = Description(
        "The token is for a channel (RTC) instead of Signaling (RTM), or the reverse.",
        "service",
        "decode lists the services of a token, such as rtc and rtm.",
    )
    WRONG_CHANNEL = Description(
        "The token is for another channel than the one that the client joins.",
        "channel",
        "Compare the channel of the token with the one that the client joins.",
    )
    TOKEN_OF_ANOTHER_USER = Description(
        "The client uses a token that was issued to another user.",
        "user",
        "Compare the user who requested the token with the one who uses it.",
    )
    JOINS_WITH_ZERO = Description(
        "The client joins with uid 0 or none, but the token is for one user.",
        "user",
        "Compare the uid at join with the one for which the token was requested.",
    )
    UID_ZERO_AS_STRING = Description(
        'The token is for a user named "0". It was meant to be for any uid.',
        "user",
        'A token for such a user has the uid "0", and not an empty one.',
    )
    UID_OVER_32_BITS = Description(
        "The user's number does not fit into the 32 bits of a uid, so it is cut.",
        "user",
        "A number that needs more than 32 bits is above 4294967295.",
    )
    CHARACTER_NOT_ALLOWED = Description(
        "A channel name or a user id has a character that is not allowed.",
        "names",
        "verify reports a name with a character that Agora or an SDK does not allow.",
    )
    UNSET_VARIABLE = Description(
        'A variable without a value became a name, such as "undefined".',
        "names",
        "Look for undefined, null, NaN or a template's braces where a name should be.",
    )
    EXPIRED_TOKEN = Description(
        "The client joins with an expired token, for instance one from a cache.",
        "time",
        "A cached token is older than its lifetime when the client joins with it.",
    )
    RENEWED_WITH_OLD_TOKEN = Description(
        "The client renews with the token that is about to expire.",
        "time",
        "A faulty renewal shows as a call of renewToken before the failure.",
    )
    DURATION_AS_TIME = Description(
        "A 006 builder received a duration, such as 3600, instead of a Unix time.",
        "time",
        "A 006 token that was built in this way has privileges that expired in 1970.",
    )
    LIFETIME_OF_SECONDS = Description(
        "The token lives for seconds: another value was passed as its lifetime.",
        "time",
        "A token that lives for seconds has a small number as its expire.",
    )
    CLOCK_WRONG = Description(
        "The clock of the token server is wrong.",
        "time",
        "With a wrong clock the time in the token does not fit the time in the client's log.",
    )
    CLIENT_IS_AUDIENCE = Description(
        "The client publishes although its role is audience.",
        "role",
        'A client that publishes as audience gets an error from publish: "audience can not publish stream".',
    )
    WRONG_PATH = Description(
        "The client requests a path that its token server does not have.",
        "origin",
        "A server answers a path that it does not have with 404, often with an HTML page.",
    )
    NOT_AGORA = Description(
        "The message comes from other software. It is not about an Agora token.",
        "origin",
        "Ask whose message it is: explain_error names the SDK, or the program if it is not one of Agora's.",
    )
