"""Every finding of an audit, as data: its code and severity, what can happen because of it, and what to do."""

from __future__ import annotations

from typing import Literal, NamedTuple

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
"""The gravest first."""
_PROJECT, _RTC, _SERVER, _CLIENT, _INSIDE, _CLASSIC, _PRODUCTION = (
    f"notebooks/{name}.ipynb"
    for name in (
        "01_project_and_credentials",
        "03_rtc_tokens",
        "05_token_server",
        "06_the_client",
        "07_inside_a_token",
        "08_the_classic_server",
        "09_production",
    )
)


class Rule(NamedTuple):
    """What there is to say about one code, whichever server it was found in."""

    code: str
    severity: Severity
    title: str
    consequence: str
    remedy: str
    lesson: str
    beyond_loopback: Severity | None = None
    """The severity for a server that is not on this machine, where it differs."""


_DATA: tuple[Rule, ...] = (
    Rule(
        "CERTIFICATE_LEAKED",
        "error",
        "The server reveals the App Certificate",
        "The certificate is the key that signs all tokens. Anyone who reads it can create tokens for every user and "
        "every channel of your project, at your expense, until you replace it.",
        "Replace the certificate in the Agora Console now. Then remove it from the response: only the server needs it.",
        _PROJECT,
    ),
    Rule(
        "NO_CREDENTIAL_NEEDED",
        "warning",
        "Anyone who reaches the server gets tokens",
        "A stranger can request tokens for any channel, join your users' calls, and use minutes that you pay for.",
        "Require a credential that your server checks, such as your app's login session, and issue tokens only for "
        "that user.",
        _SERVER,
        beyond_loopback="error",
    ),
    Rule(
        "ANY_UID",
        "error",
        "A token is not bound to one user",
        "A token for uid 0 admits every client. One leaked token lets many strangers into the channel, under any "
        "name, and you cannot tell them apart.",
        "Reject a missing, empty or zero uid, or choose a random uid of 1 or more on the server and return it.",
        _RTC,
    ),
    Rule(
        "ODD_UID_SIGNED",
        "error",
        "The server signs users that cannot be meant",
        "The value that the client sent was not a valid user, yet it got a token. The token is for someone else or "
        "for nobody: the client is rejected with a message that does not name the cause, or joins as another user.",
        "Accept only whole numbers from 1 to 4294967295 as a uid, and only names that Agora allows. Reject the rest "
        "with 400.",
        _SERVER,
    ),
    Rule(
        "WRONG_USER",
        "error",
        "The token is for another user than requested",
        "Agora rejects the client that requested the token, and the token admits someone else.",
        "Sign the user that was requested, unchanged. If the caller must not have it, reject the request.",
        _RTC,
    ),
    Rule(
        "WRONG_CHANNEL",
        "error",
        "The token is for another channel than requested",
        "Agora rejects the client, since channel names are compared byte for byte.",
        "Sign the channel name exactly as requested: do not trim, encode or change its case.",
        _RTC,
    ),
    Rule(
        "UID_NOT_RETURNED",
        "error",
        "The server chooses a uid and does not return it",
        "The client must join with exactly the uid in the token. It does not know it, so Agora rejects it.",
        'Return the uid beside the token: {"uid": …, "token": …}.',
        _SERVER,
    ),
    Rule(
        "FEW_RANDOM_UIDS",
        "warning",
        "The server chooses uids from too few",
        "Sooner or later two clients in a channel have the same uid, and the second one disconnects the first. If 0 "
        "is among them, that token admits every client.",
        "Choose from 1 to 2147483647, with a cryptographic random generator, or use your own user ids.",
        _CLASSIC,
    ),
    Rule(
        "ALWAYS_PUBLISHER",
        "error",
        "Every token may publish",
        "Every viewer's token has the privileges to send audio, video and data. If co-host authentication is enabled "
        "in the project, the token decides who may go on air: here every viewer may.",
        "Grant the publishing privileges only to those whom your server knows as publishers.",
        _RTC,
    ),
    Rule(
        "PUBLISHER_BY_DEFAULT",
        "warning",
        "A client that names no role may publish",
        "A client that forgets the role gets more privileges than it needs, and nobody notices.",
        "Make subscriber the default, and grant publishing only on request and to those who may.",
        _RTC,
    ),
    Rule(
        "TRUTHY_TEXT_PUBLISHES",
        "error",
        'The string "false" makes a publisher',
        "A client that sends its answer as a string asks for a viewer's token and gets one that may publish. In "
        "JavaScript and Python every non-empty string counts as true.",
        "Compare with the boolean true, and reject strings with 400.",
        _CLASSIC,
    ),
    Rule(
        "NEVER_PUBLISHER",
        "warning",
        "A publisher's token may not publish",
        "With co-host authentication enabled in the project, nobody can send audio or video. Without it the mistake "
        "stays hidden until you enable it.",
        "Pass the builder's own constant for the role: a number, not an object or a word.",
        _RTC,
    ),
    Rule(
        "TIME_AS_DURATION",
        "warning",
        "A point in time was signed where a duration belongs",
        "The token claims to live for decades. Agora ends it after 24 hours, so a token that leaks is valid for a "
        "day instead of the hour that was meant.",
        "Version 007 takes seconds from now: pass 3600 to the builder, not now + 3600.",
        _INSIDE,
    ),
    Rule(
        "DURATION_AS_TIME",
        "error",
        "A duration was signed where a point in time belongs",
        "Read as a time, it is in 1970: the privilege has expired before the client gets it, and Agora rejects the "
        "client.",
        "Version 006 takes a Unix time: pass now + 3600 to the builder, not 3600.",
        _CLASSIC,
    ),
    Rule(
        "EXPIRED_AT_ISSUE",
        "error",
        "The token has expired when it is issued",
        "Agora rejects every client that uses it.",
        "Check the lifetime that the server signs, and its unit: seconds.",
        _RTC,
    ),
    Rule(
        "LIFETIME_OVER_24_HOURS",
        "warning",
        "The lifetime is longer than Agora allows",
        "Agora ends every token after 24 hours. A client that relies on the longer lifetime does not renew and drops "
        "out.",
        "Sign at most 86400 seconds, better 3600, and let clients renew. Check that the value is not in milliseconds.",
        _RTC,
    ),
    Rule(
        "LIFETIME_TOO_SHORT",
        "warning",
        "The lifetime is shorter than a minute",
        "Clients on a slow network cannot join before the token expires, and cannot renew in time.",
        "Sign about 3600 seconds, and check the order of the arguments of the builder.",
        _RTC,
    ),
    Rule(
        "PRIVILEGE_WITHOUT_END",
        "warning",
        "A privilege has no expiry of its own",
        "Agora's SDK does not warn the client before the token expires, and a client that is in the channel stays "
        "there.",
        "Pass the same lifetime for the privileges as for the token.",
        _RTC,
    ),
    Rule(
        "UNEQUAL_ENDS",
        "warning",
        "Token and privileges expire at different times",
        "The SDK warns before the privilege expires. If the token ends earlier, the next join fails without a warning.",
        "Pass the same lifetime for the privileges as for the token.",
        _RTC,
    ),
    Rule(
        "CALLER_SETS_LIFETIME",
        "warning",
        "The caller chooses the lifetime without a limit",
        "Anyone who gets a token can make it last as long as Agora allows, so that removing a user takes effect a "
        "day later.",
        "Limit the lifetime on the server, and reject larger values with 400.",
        _PRODUCTION,
    ),
    Rule(
        "CHANNEL_NOT_CHECKED",
        "error",
        "The server signs channel names that Agora rejects",
        "A client with a mistake in its channel name gets a token that looks good. It fails later, in Agora's SDK, "
        "with a message that does not name the cause. Clients without a name may all meet in one channel called "
        "undefined.",
        "Accept 1 to 63 bytes of the characters that Agora allows. Reject the rest, and a missing name, with 400.",
        _SERVER,
    ),
    Rule(
        "WILDCARD_SIGNED",
        "error",
        "The server signs * for any caller",
        "In a 007 token, * stands for any characters: one request yields a token for every channel, or for every "
        "user. In a 006 token it is a name that no client can use.",
        "Reject * in channels and users.",
        _RTC,
    ),
    Rule(
        "WRONG_SIGNATURE",
        "error",
        "The token is not signed with your App Certificate",
        "Agora rejects every client, if the certificate that you audited with is the project's.",
        "Compare App ID and App Certificate on the server with those in the Agora Console, character by character.",
        _INSIDE,
    ),
    Rule(
        "CLOCK_OFF",
        "error",
        "The time of issue is wrong",
        "Tokens expire too early or too late, and Agora may reject tokens from the future.",
        "Synchronise the server's clock with NTP, and compute with Unix time: it has no time zone.",
        _INSIDE,
    ),
    Rule(
        "RTC_TOKEN_LOGS_IN",
        "warning",
        "A token for a channel also opens messaging",
        "A 006 token for a channel and any uid is also a token for messaging, for a user with the name of the channel.",
        "Sign a uid, or move to version 007, which keeps the two apart.",
        _CLASSIC,
    ),
    Rule(
        "ANY_ORIGIN",
        "warning",
        "Pages of any website may request tokens",
        "A web page of a stranger can fetch tokens from its visitors' browsers, for instance from a server in your "
        "own network.",
        "List the origins of your own pages in Access-Control-Allow-Origin.",
        _CLIENT,
    ),
    Rule(
        "ORIGIN_ECHOED",
        "error",
        "The server allows every website by name",
        "The server copies the caller's origin into its permission. If it also allows credentials, any web page can "
        "fetch tokens in the name of a visitor who is logged in.",
        "Compare the origin with a list of your own pages, and send no permission to others.",
        _CLIENT,
    ),
    Rule(
        "CACHEABLE",
        "warning",
        "Responses with tokens may be stored",
        "A browser, proxy or CDN may keep the response and hand one user's token to another, or an expired one.",
        "Send Cache-Control: no-store with every token.",
        _CLASSIC,
    ),
    Rule(
        "TOKEN_BY_GET",
        "note",
        "Tokens are issued for GET requests",
        "URLs are kept in logs and in browsers' histories, and may be fetched in advance or cached.",
        "Use POST with a JSON body.",
        _SERVER,
    ),
    Rule(
        "CRASHES_ON_BAD_INPUT",
        "error",
        "Bad input makes the server fail",
        "A developer of the app sees an internal error and searches in the wrong place. Some servers stop altogether.",
        "Validate the input first, and answer 400 with a message that names the field.",
        _CLASSIC,
    ),
    Rule(
        "STACK_TRACE_SHOWN",
        "warning",
        "Errors show the server's insides",
        "File names, versions and lines of code help an attacker, and may contain secrets.",
        "Answer errors with a short JSON message. In Express set NODE_ENV=production, elsewhere turn debug mode off.",
        _CLASSIC,
    ),
    Rule(
        "ERROR_AS_200",
        "warning",
        "Errors are reported as success",
        "Clients take the response for a token and fail later, and monitoring does not see the errors.",
        "Answer bad requests with a status of 400 or more.",
        _SERVER,
    ),
    Rule(
        "SAME_TOKEN_TWICE",
        "warning",
        "Two tokens have the same salt",
        "The salt makes each token different. Without it, equal requests get the same token, so a leak cannot be "
        "traced.",
        "Use a builder that draws a random salt, and do not cache its tokens.",
        _INSIDE,
    ),
    Rule(
        "NO_RATE_LIMIT_SEEN",
        "note",
        "No rate limit was seen",
        "A client in a loop, or a stranger, can collect as many tokens as the server can sign.",
        "Limit the requests of each caller, in the server or in a proxy in front of it.",
        _PRODUCTION,
    ),
    Rule(
        "OLD_FORMAT",
        "note",
        "Tokens have the old format 006",
        "Agora recommends 007, which says what it is for, and whose parts cannot be mixed up.",
        "Move to AccessToken2 (007). Its builders take durations where those of 006 take points in time.",
        _CLASSIC,
    ),
    Rule(
        "PLAIN_HTTP",
        "note",
        "Tokens travel unencrypted",
        "Anyone on the network path can read the tokens and the credentials that they are requested with.",
        "Serve it over HTTPS. On your own machine, nothing to do.",
        _PRODUCTION,
        beyond_loopback="error",
    ),
)
RULES: dict[str, Rule] = {rule.code: rule for rule in _DATA}
CODES: tuple[str, ...] = tuple(RULES)
"""All codes. They are stable."""
