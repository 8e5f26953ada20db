"""What Agora's SDKs and servers report about access, as data: the table behind :func:`agora_helpers.explain_error`.

A section is one list of codes of one SDK or server; a row is one error. Names, codes and texts come from the
documentation that the section names, and from ``agora-rtc-sdk-ng`` 4.24.8 and ``agora-rtm-sdk`` 2.3.0, which were run
for it. Which error Agora's servers choose in which situation is documented only in part: causes are what is known to
lead there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from . import kinds
from .kinds import Kind

Surface = Literal[
    "RTC native",
    "RTC Web",
    "RTM 2.x",
    "RTM 1.x",
    "RESTful API",
    "Signaling REST",
    "Chat",
    "Chat REST",
    "Conversational AI",
    "Flexible Classroom",
    "legacy Signaling",
    "token server",
    "not Agora",
]
"""Who reports an error. The last one stands for everybody but Agora and the token server."""

Place = Literal["", "reason", "renew", "join", "access point"]
"""What a code belongs to, where one SDK has several lists: a state's reason, renewing, joining a channel, or the
answer of Agora's access point, which native SDKs write to their log as it comes."""


@dataclass(frozen=True, slots=True)
class ErrorExplanation:
    """One meaning of an error. It is a constant: nothing of the text that was looked up appears in it.

    Attributes:
        surface: the SDK or server that reports it; RTM is also called Signaling. "not Agora" for a text of somebody
            else, who then stands in ``name``.
        code: as Agora prints it, such as ``"2010015"`` or ``"-10005"``; empty if there is only a text.
        name: Agora's own name or text for it.
        meaning: the same in plain words.
        causes: what leads there, most frequent first.
        project_checks: what to check in the Agora Console and on the server.
        client_checks: what to check in the client.
        documented: False if the meaning is only inferred from the name or from developers' reports.
        source: the page of Agora's documentation, or what else the meaning rests on.
    """

    surface: Surface
    code: str
    name: str
    meaning: str
    causes: tuple[str, ...] = ()
    project_checks: tuple[str, ...] = ()
    client_checks: tuple[str, ...] = ()
    documented: bool = True
    source: str = ""

    @property
    def from_agora(self) -> bool:
        """False for a text that is somebody else's, so that Agora's documentation does not help."""
        return self.surface != "not Agora"


@dataclass(frozen=True, slots=True)
class Row:
    """One error, and how it is found.

    Attributes:
        code: as in its explanation.
        name: as in its explanation.
        kind: what it has in common with other errors.
        note: follows the meaning of its kind.
        texts: what is printed besides the name.
        other_codes: weaker signs than the code: the server's number before the SDK translates it, or the sign reversed,
            since native methods return -110 for what callbacks report as 110.
        documented: as in its explanation.
        general: says no more than that something failed, and is left out beside anything more precise.
    """

    code: str
    name: str
    kind: Kind
    note: str = ""
    texts: tuple[str, ...] = ()
    other_codes: tuple[str, ...] = ()
    documented: bool = True
    general: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One list of errors of one SDK or server, the likelier ones first.

    Attributes:
        surface: whose list it is.
        source: where it is documented.
        rows: the errors.
        place: what the codes belong to, if the SDK has several lists.
    """

    surface: Surface
    source: str
    rows: tuple[Row, ...]
    place: Place = ""

    def explain(self, row: Row) -> ErrorExplanation:
        """Return the explanation of a row."""
        kind = row.kind
        return ErrorExplanation(
            self.surface,
            row.code,
            row.name,
            f"{kind.meaning} {row.note}".rstrip(),
            kind.causes,
            kind.project_checks,
            kind.client_checks,
            documented=row.documented,
            source=self.source if row.documented else "Developers' reports, or the name alone.",
        )


_MEMORY_AID = "The first word is about the project, the second about what the client did."
_WEB_3 = "Web SDK 3.x, or the media server of 4.x."
_RENEWED_LATE = "It had expired before it was renewed."

# What several SDKs print.
_INVALID = (
    "invalid token",
    "token value is invalid",
    "token is invalid",
    "token invalid",
    "token not valid",
    "token is not valid",
    "bad token",
)
_EXPIRED = ("token expired", "token has expired", "token is expired", "expired token")
_APP_ID = (
    *("invalid app id", "app id is invalid", "app id invalid", "app id 无效", "无效的 app id", "app id 错误"),
    *("app id が無効", "無効な app id", "app id inválido", "app id invalide", "app id ungültig", "ungültige app id"),
)
_SIGNATURE = ("Signature verification failed",)
_VENDOR_NEEDS = ("The vendor enabled the dynamic key, but uses the static key",)
_NOT_INITIALIZED = ("not initialized", "not initialised", "not been initialized", "not been initialised")
_NOT_LOGGED_IN = ("user not login", "user not logged in", "client is not logged in", "not logged in to rtm")

# What token servers say that run without their settings, each in its own words.
_CREDENTIALS = (
    *("APP_CERTIFICATE", "Agora credentials", "Agora configuration", "Agora App ID", "AGORA_APP_ID"),
    *(f"App ID {word} {certificate}" for word in ("or", "and") for certificate in ("Certificate", "App Certificate")),
)
_MISSING = tuple(
    f"{verb}{word}"
    for verb in ("", "is ", "are ")
    for word in ("not configured", "not set", "not defined", "not found", "missing", "required", "undefined")
)

# What the languages of token servers say of other arguments, of a number beyond 32 bits, and of no value.
_ARGUMENTS = (
    *(f"Expected {count} arguments, but got" for count in range(2, 9)),
    *("cannot be applied to given types", "wrong number of arguments", "not enough arguments in call to"),
    *("too many arguments in call to", "Too few arguments to function", "No overload for method"),
)
_TOO_LARGE = (
    *("too large or too small for a UInt32", "overflows uint32", "argument out of range", "int too large to convert"),
    *("integer number too large", "format requires 0 <= number"),
)

_JSON_TYPE = "json.exception.type_error"  # of a C++ library
_NO_VALUE = ("'NoneType' object has no attribute 'encode'", "of type string, null given", "must be str, not NoneType")

LANGUAGE_TEXTS = frozenset((*_ARGUMENTS, *_TOO_LARGE, *_NO_VALUE, _JSON_TYPE, "NoSuchMethodError"))
"""Texts of programming languages, which say nothing by themselves."""
SHARED_TEXTS = LANGUAGE_TEXTS.union(_INVALID, _EXPIRED, _APP_ID)
"""Texts of several SDKs, which other programs print, too."""

SECTIONS: tuple[Section, ...] = (
    Section(
        "RTC native",
        "docs.agora.io/en/video-calling/troubleshooting/error-codes",
        (
            Row("110", "ERR_INVALID_TOKEN", kinds.INVALID_TOKEN, texts=_INVALID, other_codes=("-110",)),
            Row("109", "ERR_TOKEN_EXPIRED", kinds.EXPIRED, "Newer SDKs report reason 9.", _EXPIRED, ("-109",)),
            Row("101", "ERR_INVALID_APP_ID", kinds.APP_ID, texts=_APP_ID, other_codes=("-101",)),
            Row("102", "ERR_INVALID_CHANNEL_NAME", kinds.CHANNEL, texts=("InvalidChannelId",), other_codes=("-102",)),
            Row(
                "-17",
                "ERR_JOIN_CHANNEL_REJECTED",
                kinds.REJECTED,
                texts=("request to join channel is rejected", "JoinChannelRejected"),
                other_codes=("17",),
            ),
            Row("-18", "ERR_LEAVE_CHANNEL_REJECTED", kinds.NOT_JOINED, other_codes=("18",)),
            Row("113", "ERR_NOT_IN_CHANNEL", kinds.NOT_JOINED, other_codes=("-113",)),
            Row("119", "ERR_SET_CLIENT_ROLE_NOT_AUTHORIZED", kinds.ROLE, other_codes=("-119",)),
            Row("120", "ERR_DECRYPTION_FAILED", kinds.ENCRYPTION, other_codes=("-120",)),
            Row("121", "ERR_INVALID_USER_ID", kinds.USER_ID, other_codes=("-121",)),
            Row(
                "123",
                "ERR_CLIENT_IS_BANNED_BY_SERVER",
                kinds.BANNED,
                texts=("banned by server", "banned by the server"),
                other_codes=("-123",),
            ),
            Row("134", "ERR_INVALID_USER_ACCOUNT", kinds.USER_ID, other_codes=("-134",)),
            Row("-2", "ERR_INVALID_ARGUMENT", kinds.ARGUMENT, other_codes=("2",)),
            Row("-3", "ERR_NOT_READY", kinds.NOT_READY, other_codes=("3",)),
            Row(
                "-5",
                "ERR_REFUSED",
                kinds.REJECTED,
                "The channel name may be empty, or the channel joined already.",
                ("ErrorCode.refused",),
                other_codes=("5",),
            ),
            Row(
                "-7",
                "ERR_NOT_INITIALIZED",
                kinds.NOT_READY,
                texts=("SDK is not initialized", *_NOT_INITIALIZED, "Please initialize RtcEngine first"),
                other_codes=("7",),
            ),
            Row("-8", "ERR_INVALID_STATE", kinds.REJECTED, other_codes=("8",)),
            Row(
                "",
                "IAgoraRtcEngine_wrapper: json.exception.type_error",
                kinds.ARGUMENT,
                "Its type is wrong: a uid must be a number.",
                (_JSON_TYPE,),
                documented=False,
            ),
            Row(
                "",
                "NodeRtcEngine: this is an error thrown by c++ addon layer",
                kinds.ARGUMENT,
                "Agora's Electron SDK refused the call.",
                ("thrown by c++ addon layer",),
            ),
            Row(
                "",
                "onTokenPrivilegeWillExpire",
                kinds.EXPIRES_SOON,
                "The callback comes 30 seconds before.",
                ("tokenPrivilegeWillExpire",),
            ),
            Row(
                "",
                "onRequestToken",
                kinds.EXPIRED,
                "The client has been removed from the channel.",
                ("rtcEngineRequestToken",),
            ),
        ),
    ),
    Section(
        "RTC native",
        "docs.agora.io: on-premise recording, recording status issues",
        (
            Row(
                "",
                "Error: 3, with stat_code:16",
                kinds.INFORMATION,
                'The recording ended. The code of "leave channel" says why: it contains 4 if the channel was empty.',
            ),
        ),
    ),
    Section(
        "RTC native",
        "api-ref.agora.io: connection state change reasons",
        (
            Row("8", "CONNECTION_CHANGED_INVALID_TOKEN", kinds.INVALID_TOKEN),
            Row("9", "CONNECTION_CHANGED_TOKEN_EXPIRED", kinds.EXPIRED),
            Row("6", "CONNECTION_CHANGED_INVALID_APP_ID", kinds.APP_ID),
            Row("7", "CONNECTION_CHANGED_INVALID_CHANNEL_NAME", kinds.CHANNEL),
            Row("3", "CONNECTION_CHANGED_BANNED_BY_SERVER", kinds.BANNED, texts=("BannedByServer",)),
            Row("4", "CONNECTION_CHANGED_JOIN_FAILED", kinds.UNKNOWN, "The SDK gave up after 20 minutes of trying."),
            Row("10", "CONNECTION_CHANGED_REJECTED_BY_SERVER", kinds.REJECTED, texts=("REJECTED_BY_SERVER",)),
            Row("12", "CONNECTION_CHANGED_RENEW_TOKEN", kinds.INFORMATION, "The token was renewed."),
            Row("19", "CONNECTION_CHANGED_SAME_UID_LOGIN", kinds.SAME_ID, "The uid joined elsewhere."),
            Row("20", "CONNECTION_CHANGED_TOO_MANY_BROADCASTERS", kinds.LIMIT, "The channel has too many hosts."),
        ),
        "reason",
    ),
    Section(
        "RTC native",
        "api-ref.agora.io: RenewTokenErrorCode",
        (
            Row("0", "RENEW_TOKEN_SUCCESS", kinds.INFORMATION, "The token was renewed."),
            Row("1", "RENEW_TOKEN_FAILURE", kinds.UNKNOWN, "The token was not renewed."),
            Row("2", "RENEW_TOKEN_TOKEN_EXPIRED", kinds.EXPIRED, _RENEWED_LATE),
            Row("3", "RENEW_TOKEN_INVALID_TOKEN", kinds.WRONG_TOKEN, "It cannot replace the one in use."),
            Row("4", "RENEW_TOKEN_INVALID_CHANNEL_NAME", kinds.WRONG_TOKEN, "It is for another channel."),
            Row("5", "RENEW_TOKEN_INCONSISTENT_APPID", kinds.APP_ID_DIFFERS),
            Row(
                "6",
                "RENEW_TOKEN_CANCELED_BY_NEW_REQUEST",
                kinds.INFORMATION,
                "A newer request to renew replaced this one.",
            ),
        ),
        "renew",
    ),
    Section(
        "RTC native",
        "",
        tuple(
            Row(code, f"access point: {answer}", kind, documented=False)
            for code, answer, kind in (
                ("15", "dynamic use static key", kinds.NO_TOKEN),
                ("14", "static use dynamic key", kinds.UNWANTED_TOKEN),
                ("9", "invalid token, authorized failed", kinds.WRONG_TOKEN),
                ("10", "dynamic key or token timeout", kinds.EXPIRED),
                ("13", "dynamic key expired", kinds.EXPIRED),
                ("5", "invalid vendor key, can not find appid", kinds.VENDOR_KEY),
                ("7", "invalid channel name", kinds.CHANNEL),
                ("11", "no active status", kinds.DISABLED),
            )
        ),
        "access point",
    ),
    Section(
        "RTC Web",
        "docs.agora.io/en/video-calling/troubleshooting/error-codes, and agora-rtc-sdk-ng 4.24.8",
        (
            Row("2010015", "dynamic use static key", kinds.NO_TOKEN, _MEMORY_AID, other_codes=("15",)),
            Row("2010014", "static use dynamic key", kinds.UNWANTED_TOKEN, _MEMORY_AID, other_codes=("14",)),
            Row("2010009", "invalid token, authorized failed", kinds.WRONG_TOKEN, "", _INVALID, ("9",)),
            Row("2010010", "dynamic key or token timeout", kinds.EXPIRED, texts=_EXPIRED, other_codes=("10",)),
            Row("2010013", "dynamic key expired", kinds.EXPIRED, texts=_EXPIRED, other_codes=("13",)),
            Row(
                "2010005",
                "invalid vendor key, can not find appid",
                kinds.VENDOR_KEY,
                '"Vendor key" is an old name of the App ID.',
                ("invalid vendor key", "can not find appid", *_APP_ID),
                ("5",),
            ),
            Row("2010007", "invalid channel name", kinds.CHANNEL, other_codes=("7",)),
            Row("2010011", "no active status", kinds.DISABLED, other_codes=("11", "116")),
            Row("2010016", "amount of users over load", kinds.LIMIT, other_codes=("16",), documented=False),
            Row(
                "2010018",
                "the request is forbidden in this area",
                kinds.LIMIT,
                "The project may not be used in this region.",
                ("unable to allocate services in this area",),
                ("18",),
                documented=False,
            ),
            Row(
                "",
                "subscriber can still publish",
                kinds.CO_HOST,
                "",
                ("subscriber can publish", "audience can publish"),
            ),
            Row(
                "",
                "INVALID_PARAMS: Invalid token: .",
                kinds.ARGUMENT,
                "The token is an empty string; without a token the SDK wants null.",
                ("If you don not use token, set it to null", "if you do not use token, set it to null"),
            ),
            Row(
                "",
                "INVALID_PARAMS: The length must be within 64 bytes",
                kinds.CHANNEL,
                "The SDK itself checks the channel name.",
                ("The length must be within 64 bytes",),
            ),
            Row(
                "",
                "INVALID_PARAMS: [String uid] Length of the string",
                kinds.USER_ID,
                "The SDK itself checks the uid.",
                ("[String uid] Length of the string",),
            ),
            Row(
                "",
                "INVALID_OPERATION: audience can not publish stream",
                kinds.AUDIENCE,
                "",
                ("audience can not publish",),
            ),
            Row(
                "",
                "INVALID_OPERATION: Can't publish stream, haven't joined yet!",
                kinds.NOT_JOINED,
                "",
                (
                    *("can't publish stream, haven't joined yet", "renewToken should not be called before user join"),
                    *(f"can not {call} when connection state is" for call in ("publish", "subscribe", "presubscribe")),
                    *("client, please join channel first", "can not publish stream in"),
                    *("recover, no join info", "join message, no join info"),
                    *(
                        "haven't joined yet",
                        "can't publish stream, no join info",
                        "User is not in the session",
                        "Cannot read property 'stringuid' of undefined",
                    ),
                ),
            ),
            Row(
                "",
                "INVALID_OPERATION: Client already in connecting/connected state",
                kinds.REJECTED,
                "The SDK itself refuses a second join.",
                ("Client already in connecting connected state",),
            ),
            Row(
                "",
                "INVALID_OPERATION: can not set client role to audience when publishing stream",
                kinds.STILL_PUBLISHING,
                "",
                ("set client role to audience when publishing",),
            ),
            Row("", "CAN_NOT_GET_GATEWAY_SERVER", kinds.GATEWAY, general=True),
            Row(
                "",
                "INVALID_GATEWAYCLIENT",
                kinds.NOT_JOINED,
                "Web SDK 2.x and 3.x.",
                ("Client Already in DISCONNECTED status",),
                documented=False,
            ),
            Row("", "UID_CONFLICT", kinds.SAME_ID, "Another client is in the channel with this uid."),
            Row("", "TOKEN_EXPIRE", kinds.EXPIRED, "The client has left the channel."),
            Row("", "UID_BANNED", kinds.BANNED),
            Row("", "IP_BANNED", kinds.BANNED, "The rule is for its IP address."),
            Row("", "CHANNEL_BANNED", kinds.BANNED, "The rule is for the channel."),
            Row("", "client-banned", kinds.BANNED, "Web SDK 3.x."),
            Row("", "token-privilege-will-expire", kinds.EXPIRES_SOON, "The event comes 30 seconds before."),
            Row("", "token-privilege-did-expire", kinds.EXPIRED, "The client has left the channel: join again."),
        ),
    ),
    Section(
        "RTC Web",
        "docs.agora.io/en/api-reference/faq/integration/console_error_web, and agora-rtc-sdk-ng 4.24.8",
        (
            Row("120", "DYNAMIC_USE_STATIC_KEY", kinds.NO_TOKEN, f"{_MEMORY_AID} {_WEB_3}", ("DYNAMIC_USE_STATIC_KE",)),
            Row(
                "119",
                "STATIC_USE_DYNAMIC_KEY",
                kinds.UNWANTED_TOKEN,
                f"{_MEMORY_AID} {_WEB_3}",
                ("STATIC_USE_DYANMIC_KE", "STATIC_USE_DYNAMIC_KE"),
            ),
            Row("110", "NO_AUTHORIZED", kinds.INVALID_TOKEN, _WEB_3, ("INVALID_DYNAMIC_KEY", *_INVALID)),
            Row(
                "",
                "UNEXPECTED_RESPONSE: ERR_NO_AUTHORIZED",
                kinds.WRONG_TOKEN,
                "Reported for renewToken: the new token must be for the channel and the uid in use.",
                ("error to verify token permission",),
                ("110",),
                documented=False,
            ),
            Row("109", "DYNAMIC_KEY_TIMEOUT", kinds.EXPIRED, _WEB_3, ("ERR_DYNAMIC_KEY_TIMEOUT", *_EXPIRED)),
            Row("118", "DYNAMIC_KEY_EXPIRED", kinds.EXPIRED, _WEB_3),
            Row("2", "K_TIMESTAMP_EXPIRED", kinds.EXPIRED, _WEB_3),
            Row(
                "101",
                "INVALID_VENDOR_KEY",
                kinds.VENDOR_KEY,
                f"{_WEB_3} It calls the App ID a vendor key.",
                ("get server node failed [invalid key]",),
                ("2013",),
            ),
            Row("112", "NO_CHANNEL_AVAILABLE", kinds.SERVER_TROUBLE, _WEB_3, ("NO_CHANNEL_AVAILABLE_CODE",)),
            Row("115", "ERR_INTERNAL_ERROR", kinds.SERVER_TROUBLE, _WEB_3),
            Row("117", "ERR_INVALID_UID", kinds.USER_ID, _WEB_3),
            Row("2011", "ERR_NOT_JOINED", kinds.NOT_JOINED, _WEB_3),
            Row("2014", "ERR_INVALID_CHANNEL_NAME", kinds.CHANNEL, _WEB_3),
            Row("2015", "ERR_INVALID_STRINGUID", kinds.USER_ID, _WEB_3, ("INVALID_UINT_UID_FROM_STRING_UID",)),
            Row("2016", "ERR_TOO_MANY_USERS", kinds.LIMIT, _WEB_3),
            Row(
                "2018",
                "ERR_SET_CLIENT_ROLE_NO_PERMISSION",
                kinds.ROLE,
                _WEB_3,
                ("ERR_SET_CLIENT_ROLE_TIMEOUT",),
                ("2017",),
            ),
            Row("2019", "ERR_SET_CLIENT_ROLE_ALREADY_IN_USE", kinds.INFORMATION, "The client has this role already."),
            Row("2020", "ERR_PUBLISH_REQUEST_INVALID", kinds.NOT_JOINED, _WEB_3),
            Row("2024", "ERR_REJOIN_TOKEN_INVALID", kinds.EXPIRED, "The SDK could not rejoin by itself: join again."),
            Row("2031", "ERR_TOO_MANY_BROADCASTERS", kinds.LIMIT, "The channel has too many hosts."),
            Row(
                "2003",
                "ERR_REPEAT_JOIN_CHANNEL",
                kinds.SAME_ID,
                "The uid joined the channel twice.",
                ("ERR_REPEAT_JOIN_REQUEST", "ERR_JOIN_BY_MULTI_IP"),
                ("2004", "2012"),
            ),
        ),
    ),
    Section(
        "RTM 2.x",
        "docs.agora.io/en/signaling/reference/error-codes, and agora-rtm-sdk 2.3.0",
        (
            Row("-10005", "RTM_ERROR_INVALID_TOKEN", kinds.SIGNALING_INVALID_TOKEN, texts=_INVALID),
            Row(
                "-10006",
                "RTM_ERROR_INVALID_USER_ID",
                kinds.USER_ID,
                "In RTM 2.x it may not begin with _ nor contain a dot.",
                ("Invalid user id. illegal symbol or too long",),
            ),
            Row("-10005", "NO_AUTHORIZED", kinds.SIGNALING_WRONG_TOKEN, "The signature differs.", _SIGNATURE, ("9",)),
            Row("-10005", "DYNAMIC_ENABLED_BUT_STATIC_KEY", kinds.NO_TOKEN, "", _VENDOR_NEEDS, ("15",)),
            Row(
                "-10005",
                "INVALID_USER_ID",
                kinds.SIGNALING_WRONG_TOKEN,
                "It is for another user id.",
                ("The user ID to login does not match the token",),
                ("7",),
            ),
            Row(
                "-10005",
                "INVALID_TOKEN_UID",
                kinds.SIGNALING_WRONG_TOKEN,
                texts=("UID in the security key(token) is not valid",),
                other_codes=("12",),
            ),
            Row("-10009", "RTM_ERROR_TOKEN_EXPIRED", kinds.EXPIRED, texts=_EXPIRED),
            Row("-10009", "TOKEN_EXPIRED", kinds.EXPIRED, "", ("TOKEN_EXPIRED, The token has expired",), ("13",)),
            Row("-10009", "TOKEN_TIMEOUT", kinds.EXPIRED, "", ("TOKEN_TIMEOUT, Dynamic key expired",), ("10",)),
            Row(
                "-10003",
                "RTM_ERROR_INVALID_APP_ID",
                kinds.APP_ID,
                texts=(*_APP_ID, "Invalid App id. illegal symbol or too long"),
            ),
            Row("-10003", "INVALID_APP_ID", kinds.APP_ID, texts=("Illegal App ID",), other_codes=("5",)),
            Row(
                "-10003",
                "DYNAMIC_KEY_NOT_ENABLED",
                kinds.UNWANTED_TOKEN,
                texts=("The vendor did not enable the dynamic key, but uses the dynamic key",),
                other_codes=("14",),
            ),
            Row("-10003", "APP_ID_NO_ACTIVATED", kinds.DISABLED, "", ("The vendor is not activated",), ("11",), False),
            Row(
                "-10015",
                "RTM_ERROR_LOGIN_NOT_AUTHORIZED",
                kinds.SIGNALING_OFF,
                "",
                (
                    *("The RTM service is not enabled or has been stopped", "RTM service is not enabled"),
                    *("LOGIN_NOT_AUTHORIZED", "signaling is not enabled", "signaling service is not enabled"),
                ),
            ),
            Row(
                "-10015",
                "NO_ACTIVE_PRODUCT_STATUS",
                kinds.SIGNALING_OFF,
                texts=("NOT_ENABLE_RTM or service has been stopped",),
                other_codes=("26",),
            ),
            Row("-10015", "NO_RTM_PRIVILEGE", kinds.NO_PRIVILEGE, "", ("Token does not have RTM privilege",), ("21",)),
            Row(
                "-10015",
                "NO_ANY_PRIVILEGE",
                kinds.NO_PRIVILEGE,
                "It holds no privilege at all.",
                ("Token does not have any privilege",),
                ("20",),
            ),
            Row(
                "-10012",
                "RTM_ERROR_LOGIN_REJECTED",
                kinds.SIGNALING_OFF,
                "The token or the user id may be banned, too.",
                ("RTM service was rejected due to server error", "LOGIN_REJECTED"),
            ),
            Row(
                "-10013",
                "RTM_ERROR_LOGIN_ABORTED",
                kinds.UNKNOWN,
                "The login was broken off.",
                ("RTM service was aborted due to unrecoverable error",),
            ),
            Row(
                "-10016",
                "RTM_ERROR_INCONSISTENT_APPID",
                kinds.APP_ID_DIFFERS,
                texts=(
                    "appid is not consistent",
                    "INIT_APPID_MISMATCH",
                    "INCONSISTENT_APP_ID",
                    "LoginInconsistentAppId",
                ),
                other_codes=("23",),
            ),
            Row(
                "-10002",
                "RTM_ERROR_NOT_LOGIN",
                kinds.NOT_LOGGED_IN,
                "",
                ("operation without login RTM service", *_NOT_LOGGED_IN),
            ),
            Row("-10025", "RTM_ERROR_NOT_CONNECTED", kinds.NOT_LOGGED_IN, "", ("RTM service is not connected",)),
            Row(
                "-10001",
                "RTM_ERROR_NOT_INITIALIZED",
                kinds.NOT_READY,
                "",
                ("operation without initialize", *_NOT_INITIALIZED),
            ),
            Row("-10007", "RTM_ERROR_INIT_SERVICE_FAILED", kinds.NOT_READY),
            Row(
                "-10008", "RTM_ERROR_INVALID_CHANNEL_NAME", kinds.CHANNEL, "", ("Invalid channel name. illegal symbol",)
            ),
            Row("-10010", "RTM_ERROR_LOGIN_NO_SERVER_RESOURCES", kinds.SERVER_TROUBLE, "Log in again."),
            Row("-10011", "RTM_ERROR_LOGIN_TIMEOUT", kinds.TRY_AGAIN, "", ("Login RTM service timeout",)),
            Row("-10014", "RTM_ERROR_INVALID_PARAMETER", kinds.ARGUMENT),
            Row("-10017", "RTM_ERROR_DUPLICATE_OPERATION", kinds.TRY_AGAIN, "The same call is still running."),
            Row("-10018", "RTM_ERROR_INSTANCE_ALREADY_RELEASED", kinds.NOT_READY),
            Row(
                "",
                "RtmInternalError: Cannot get illegal sid",
                kinds.PROXY,
                texts=("Cannot get illegal sid",),
                documented=False,
            ),
            Row(
                "-10023", "RTM_ERROR_LOGIN_CANCELED", kinds.TRY_AGAIN, "A second login or a logout broke off the first."
            ),
            Row("-10026", "RTM_ERROR_RENEW_TOKEN_TIMEOUT", kinds.TRY_AGAIN, texts=("RenewToken operation timeout",)),
            Row(
                "-10027",
                "RTM_ERROR_DUPLICATE_USER_ID",
                kinds.SAME_ID,
                "One page may hold one RTM client per App ID and user id.",
                ("The user ID is already in use by another active RTM instance",),
            ),
            Row("-11001", "RTM_ERROR_CHANNEL_NOT_JOINED", kinds.NOT_JOINED, "", ("without join stream channel",)),
            Row(
                "-11007",
                "RTM_ERROR_CHANNEL_JOIN_FAILED",
                kinds.UNKNOWN,
                "A stream channel also needs an RTC token for the channel and the uid.",
            ),
            Row("-11027", "RTM_ERROR_CHANNEL_NOT_CONNECTED", kinds.NOT_LOGGED_IN),
        ),
    ),
    Section(
        "RTM 2.x",
        "docs.agora.io/en/signaling: link state change reasons",
        (
            Row("16", "RTM_LINK_STATE_CHANGE_REASON_INVALID_TOKEN", kinds.SIGNALING_INVALID_TOKEN),
            Row("17", "RTM_LINK_STATE_CHANGE_REASON_TOKEN_EXPIRED", kinds.EXPIRED),
            Row("20", "RTM_LINK_STATE_CHANGE_REASON_INVALID_USER_ID", kinds.USER_ID),
            Row("18", "RTM_LINK_STATE_CHANGE_REASON_INCONSISTENT_APP_ID", kinds.APP_ID_DIFFERS),
            Row("4", "RTM_LINK_STATE_CHANGE_REASON_LOGIN_NOT_AUTHORIZED", kinds.SIGNALING_OFF),
            Row("5", "RTM_LINK_STATE_CHANGE_REASON_LOGIN_REJECTED", kinds.SIGNALING_OFF),
            Row("3", "RTM_LINK_STATE_CHANGE_REASON_LOGIN_TIMEOUT", kinds.TRY_AGAIN),
            Row("19", "RTM_LINK_STATE_CHANGE_REASON_INVALID_CHANNEL_NAME", kinds.CHANNEL),
            Row("27", "RTM_LINK_STATE_CHANGE_REASON_SAME_UID_LOGIN", kinds.SAME_ID, texts=("SAME_UID_LOGIN",)),
            Row("28", "RTM_LINK_STATE_CHANGE_REASON_KICKED_OUT_BY_SERVER", kinds.BANNED, "", ("KICKED_OUT_BY_SERVER",)),
        ),
        "reason",
    ),
    Section(
        "RTM 1.x",
        "api-ref.agora.io/en/signaling-sdk: LoginErrorCode",
        (
            Row("5", "LOGIN_ERR_INVALID_TOKEN", kinds.SIGNALING_INVALID_TOKEN, texts=_INVALID),
            Row("5", "Signature verification failed", kinds.SIGNALING_WRONG_TOKEN, "The signature differs."),
            Row("5", "The vendor enabled the dynamic key, but uses the static key", kinds.NO_TOKEN),
            Row("6", "LOGIN_ERR_TOKEN_EXPIRED", kinds.EXPIRED, texts=_EXPIRED),
            Row("4", "LOGIN_ERR_INVALID_APP_ID", kinds.APP_ID, texts=(*_APP_ID, "Illegal App ID")),
            Row("1", "LOGIN_ERR_UNKNOWN", kinds.UNKNOWN),
            Row("2", "LOGIN_ERR_REJECTED", kinds.LOGIN_REJECTED),
            Row("3", "LOGIN_ERR_INVALID_ARGUMENT", kinds.ARGUMENT, texts=("INVALID_ARGUMENT",)),
            Row(
                "7",
                "LOGIN_ERR_NOT_AUTHORIZED",
                kinds.SIGNALING_INVALID_TOKEN,
                "Agora's references disagree on it.",
                documented=False,
            ),
            Row(
                "8",
                "LOGIN_ERR_ALREADY_LOGGED_IN",
                kinds.SAME_ID,
                "Or this client itself.",
                ("LOGIN_ERR_ALREADY_LOGIN", "already been logged in", "already logged in"),
            ),
            Row("9", "LOGIN_ERR_TIMEOUT", kinds.TRY_AGAIN, "", ("RtmTimeoutError", "login timeout", "login timed out")),
            Row("10", "LOGIN_ERR_TOO_OFTEN", kinds.TRY_AGAIN, texts=("LoginTooOften",)),
            Row("101", "LOGIN_ERR_NOT_INITIALIZED", kinds.NOT_READY),
            Row("102", "USER_NOT_LOGGED_IN", kinds.NOT_LOGGED_IN, texts=_NOT_LOGGED_IN),
            Row("", "LOGIN_FAILURE", kinds.LOGIN_FAILED, general=True),
        ),
    ),
    Section(
        "RTM 1.x",
        "api-ref.agora.io/en/signaling-sdk: ConnectionChangeReason",
        (
            Row("9", "CONNECTION_CHANGE_REASON_TOKEN_EXPIRED", kinds.EXPIRED, "Log in again with a new one."),
            Row("3", "CONNECTION_CHANGE_REASON_LOGIN_FAILURE", kinds.LOGIN_FAILED, general=True),
            Row("4", "CONNECTION_CHANGE_REASON_LOGIN_TIMEOUT", kinds.TRY_AGAIN),
            Row("7", "CONNECTION_CHANGE_REASON_BANNED_BY_SERVER", kinds.BANNED, texts=("BANNED_BY_SERVER",)),
            Row("8", "CONNECTION_CHANGE_REASON_REMOTE_LOGIN", kinds.SAME_ID, texts=("REMOTE_LOGIN",)),
        ),
        "reason",
    ),
    Section(
        "RTM 1.x",
        "api-ref.agora.io/en/signaling-sdk: RenewTokenErrorCode",
        (
            Row("5", "RENEW_TOKEN_ERR_TOKEN_EXPIRED", kinds.EXPIRED, _RENEWED_LATE),
            Row("6", "RENEW_TOKEN_ERR_INVALID_TOKEN", kinds.SIGNALING_WRONG_TOKEN, "It cannot replace the one in use."),
            Row("1", "RENEW_TOKEN_ERR_FAILURE", kinds.UNKNOWN, "The token was not renewed."),
            Row("2", "RENEW_TOKEN_ERR_INVALID_ARGUMENT", kinds.ARGUMENT),
            Row("4", "RENEW_TOKEN_ERR_TOO_OFTEN", kinds.TRY_AGAIN),
            Row("101", "RENEW_TOKEN_ERR_NOT_INITIALIZED", kinds.NOT_READY),
            Row("102", "RENEW_TOKEN_ERR_USER_NOT_LOGGED_IN", kinds.NOT_LOGGED_IN),
        ),
        "renew",
    ),
    Section(
        "RTM 1.x",
        "api-ref.agora.io/en/signaling-sdk: JoinChannelErrorCode",
        (
            Row(
                "102",
                "JOIN_CHANNEL_ERR_USER_NOT_LOGGED_IN",
                kinds.NOT_LOGGED_IN,
                texts=("JoinChannelErrorNotLoggedIn",),
            ),
            Row("101", "JOIN_CHANNEL_ERR_NOT_INITIALIZED", kinds.NOT_READY),
            Row("6", "JOIN_CHANNEL_ERR_ALREADY_JOINED", kinds.REJECTED),
            Row("5", "JOIN_CHANNEL_ERR_EXCEED_LIMIT", kinds.LIMIT, "A client may be in 20 channels."),
            Row("4", "JOIN_CHANNEL_ERR_TIMEOUT", kinds.TRY_AGAIN),
            Row("3", "JOIN_CHANNEL_ERR_INVALID_ARGUMENT", kinds.ARGUMENT),
            Row("7", "JOIN_CHANNEL_ERR_TOO_OFTEN", kinds.TRY_AGAIN),
            Row("1", "JOIN_CHANNEL_ERR_FAILURE", kinds.UNKNOWN),
        ),
        "join",
    ),
    Section(
        "RESTful API",
        "docs.agora.io/en/cloud-recording/rest-api/status-codes, docs.agora.io/cn/cloud-recording/common_errors",
        (
            Row(
                "401",
                "Invalid authentication credentials",
                kinds.BASIC_AUTH,
                "",
                ("401 Unauthorized", "status code 401", "HTTP 401", "Unauthorized", "customer id and customer secret"),
            ),
            Row(
                "400",
                "appid is invalid",
                kinds.REST_APP_ID,
                "",
                (
                    "invalid appid",
                    "invalid_appid",
                    "appid invalid",
                    "App ID is not enabled",
                    "service is not enabled for your app",
                ),
            ),
            Row(
                "2",
                "invalid parameter",
                kinds.REST_ARGUMENT,
                "",
                ("body schema check fail", "invalid resourceExpiredHour value"),
            ),
            Row("8", "error in the HTTP request header", kinds.REST_ARGUMENT, "Content-Type must be application/json."),
            Row(
                "7",
                "already started",
                kinds.RUNNING,
                "",
                ("recording already running", "recording is already running", "The task has been started"),
            ),
            Row("53", "task conflict", kinds.RUNNING, "", ("录制已经在进行中",)),
            Row("49", "invalid operation", kinds.NO_TASK, "It is stopping already: stop was called twice."),
            Row(
                "433",
                "resource id expired",
                kinds.RESOURCE,
                "",
                (
                    "resource is expired",
                    "resource expired",
                    "resource id 过期",
                    "reaches out the limited time interval",
                ),
            ),
            Row("432", "request does not match the resource id", kinds.RESOURCE, "", ("resource id mismatch",)),
            Row("1001", "failed to parse the resource id", kinds.RESOURCE, "", ("resource id 解密失败",)),
            Row(
                "1003",
                "App ID or recording id does not match the resource id",
                kinds.RESOURCE,
                "",
                ("does not match with builderToken", "do not match builderToken"),
            ),
            Row(
                "1013", "invalid channel name", kinds.CHANNEL, texts=("invalid_channel_name", "channel name is invalid")
            ),
            Row(
                "109",
                "the recorder's token has expired",
                kinds.RECORDER_EXPIRED,
                texts=("鉴权 token 过期", "token for joining the RTC channel has expired"),
            ),
            Row(
                "110",
                "the recorder's token is wrong",
                kinds.RECORDER_TOKEN,
                texts=("鉴权 token 错误", "token for joining the RTC channel is wrong", *_INVALID),
            ),
            Row("404", "failed to find worker", kinds.NO_TASK, "", ("The task is not found", "task does not exist")),
            Row("435", "no recorded data", kinds.NOTHING_RECORDED, "", ("no recorded files",)),
            Row(
                "65",
                "request not completed",
                kinds.SERVER_TROUBLE,
                "Send the same request again.",
                ("request timed out",),
            ),
            Row(
                "62",
                "request timeout",
                kinds.REST_APP_ID,
                "That holds for acquire; for start the recorder could not be reached: try again.",
            ),
            Row("405", "no_active_status", kinds.DISABLED),
            Row("406", "vendor_over_load", kinds.LIMIT),
            Row("500", "internal_error", kinds.SERVER_TROUBLE, other_codes=("1", "6", "20", "23")),
            Row("501", "no_worker_manager_available", kinds.SERVER_TROUBLE, "Or the recorder is just leaving."),
            Row("502", "Failed to allocate worker", kinds.SERVER_TROUBLE, "Acquire and start again."),
            Row("504", "allocate_timeout", kinds.SERVER_TROUBLE),
            Row("15", "start failed, status 500", kinds.SERVER_TROUBLE, documented=False),
        ),
    ),
    Section(
        "RESTful API",
        "docs.agora.io/en/video-calling/channel-management-api/response-status-code, and of Media Gateway",
        (
            Row(
                "403",
                "HTTP 403 Forbidden",
                kinds.REST_FORBIDDEN,
                "",
                (
                    "403 Forbidden",
                    "status code 403",
                    "is not enabled for this project",
                    "does not belong to this app ID",
                ),
            ),
            Row("", "no Route matched with those values", kinds.REST_ROUTE),
            Row("415", "Unsupported Media Type", kinds.REST_ARGUMENT, "Content-Type must be application/json."),
            Row(
                "429",
                "API rate limit exceeded",
                kinds.LIMIT,
                "",
                ("Too Many Requests", "request rate limit exceeded", "quota limit exceeded"),
            ),
            Row("503", "Service Unavailable", kinds.SERVER_TROUBLE),
            Row("409", "Resource with the same name already exists", kinds.RUNNING),
        ),
    ),
    Section(
        "Signaling REST",
        "docs.agora.io/en/signaling/reference/error-codes",
        (
            Row(
                "401",
                "User authentication error",
                kinds.SIGNALING_HEADER,
                "",
                (*_INVALID, "401 Unauthorized", "status code 401"),
            ),
            Row(
                "403",
                "Unauthorized or feature not enabled",
                kinds.SIGNALING_OFF,
                "Message history is enabled by itself.",
                ("feature not enabled", "403 Forbidden"),
            ),
            Row("400", "Invalid request", kinds.REST_ARGUMENT),
            Row("408", "No response from the server", kinds.TRY_AGAIN),
            Row("415", "Unsupported media type", kinds.REST_ARGUMENT, "Content-Type must be application/json."),
            Row("429", "Rate limit exceeded", kinds.LIMIT),
            Row("435", "Invalid payload", kinds.REST_ARGUMENT),
        ),
    ),
    Section(
        "Chat",
        "docs.agora.io/en/agora-chat/reference/error-codes",
        (
            Row("104", "INVALID_TOKEN", kinds.CHAT_TOKEN, texts=_INVALID),
            Row("108", "TOKEN_EXPIRED", kinds.CHAT_EXPIRED, texts=("ChatErrorTokenExpire", *_EXPIRED)),
            Row("109", "TOKEN_WILL_EXPIRE", kinds.CHAT_SOON, texts=("ChatErrorTokeWillExpire",)),
            Row(
                "202",
                "USER_AUTHENTICATION_FAILED",
                kinds.CHAT_TOKEN,
                "It may have expired.",
                ("UserAuthenticationFailed",),
            ),
            Row("201", "USER_NOT_LOGIN", kinds.CHAT_LOGIN),
            Row(
                "200",
                "USER_ALREADY_LOGIN",
                kinds.INFORMATION,
                "The user is already logged in.",
                ("UserAlreadyLoginSame",),
            ),
            Row("204", "USER_NOT_FOUND", kinds.CHAT_USER, texts=("user does not exist",)),
            Row("101", "INVALID_USER_NAME", kinds.CHAT_USER_ID, texts=("ChatErrorInvalidUsername",)),
            Row("105", "USER_NAME_TOO_LONG", kinds.CHAT_USER_ID),
            Row("100", "INVALID_APP_KEY", kinds.CHAT_APP_KEY, texts=("app key is invalid",)),
            Row(
                "102", "INVALID_PASSWORD", kinds.CHAT_ARGUMENT, "A token is not a password: log in with the token call."
            ),
            Row("110", "INVALID_PARAM", kinds.CHAT_ARGUMENT),
            Row("203", "USER_ALREADY_EXIST", kinds.CHAT_USER_ID, "This one is taken: the user exists already."),
            Row("206", "USER_LOGIN_ANOTHER_DEVICE", kinds.CHAT_OTHER_DEVICE, texts=("UserLoginOnAnotherDevice",)),
            Row("207", "USER_REMOVED", kinds.CHAT_USER, "The user was deleted."),
            Row("213", "USER_BIND_ANOTHER_DEVICE", kinds.CHAT_OTHER_DEVICE),
            Row("214", "USER_LOGIN_TOO_MANY_DEVICES", kinds.CHAT_OTHER_DEVICE, "The user has too many devices."),
            Row("216", "USER_KICKED_BY_CHANGE_PASSWORD", kinds.CHAT_OTHER_DEVICE),
            Row("217", "USER_KICKED_BY_OTHER_DEVICE", kinds.CHAT_OTHER_DEVICE),
            Row(
                "218",
                "USER_ALREADY_LOGIN_ANOTHER",
                kinds.CHAT_OTHER_DEVICE,
                "Another user is logged in here: log out first.",
            ),
            Row("220", "USER_DEVICE_CHANGED", kinds.CHAT_OTHER_DEVICE),
            Row("305", "SERVER_SERVICE_RESTRICTED", kinds.CHAT_OFF, texts=("ServerServingForbidden",)),
            Row("505", "SERVICE_NOT_ENABLED", kinds.CHAT_OFF),
            Row("4", "EXCEED_SERVICE_LIMIT", kinds.LIMIT),
            Row("8", "APP_ACTIVE_NUMBER_REACH_LIMITATION", kinds.LIMIT, "It is that of daily or monthly users."),
        ),
    ),
    Section(
        "Chat",
        "docs.agora.io/en/agora-chat/reference/error-codes?platform=web",
        (
            Row("39", "WEBIM_CONNECTION_CLOSED", kinds.CHAT_LOGIN, texts=_NOT_LOGGED_IN),
            Row(
                "28",
                "WEBIM_CONNCTION_TOKEN_NOT_ASSIGN_ERROR",
                kinds.CHAT_TOKEN,
                "None was passed.",
                ("token not assign error",),
            ),
            Row("2", "WEBIM_CONNCTION_AUTH_ERROR", kinds.CHAT_APP_KEY, "Or the token of the login is wrong."),
            Row(
                "1",
                "WEBIM_CONNCTION_OPEN_ERROR",
                kinds.CHAT_TOKEN,
                "The SDK could not get one for this user and password.",
            ),
            Row("27", "WEBIM_CONNCTION_APPKEY_NOT_ASSIGN_ERROR", kinds.CHAT_APP_KEY, "", ("appkey not assign error",)),
            Row(
                "12",
                "WEBIM_CONNCTION_GETROSTER_ERROR",
                kinds.CHAT_TOKEN,
                "The SDK could not exchange it for a Chat session.",
            ),
            Row("40", "WEBIM_CONNECTION_ERROR", kinds.CHAT_TOKEN, "The authentication failed."),
            Row("700", "REST_PARAMS_STATUS", kinds.CHAT_APP_KEY, "Or the token is missing or wrong."),
            Row("206", "WEBIM_CONNCTION_USER_LOGIN_ANOTHER_DEVICE", kinds.CHAT_OTHER_DEVICE),
            Row("207", "WEBIM_CONNCTION_USER_REMOVED", kinds.CHAT_USER, "The user was deleted."),
            Row("208", "WEBIM_USER_ALREADY_LOGIN", kinds.INFORMATION, "The user is already logged in."),
            Row("216", "WEBIM_CONNCTION_USER_KICKED_BY_CHANGE_PASSWORD", kinds.CHAT_OTHER_DEVICE),
            Row("217", "WEBIM_CONNCTION_USER_KICKED_BY_OTHER_DEVICE", kinds.CHAT_OTHER_DEVICE),
            Row("102", "WEBIM_UPLOADFILE_NO_LOGIN", kinds.CHAT_LOGIN),
        ),
    ),
    Section(
        "Chat REST",
        "docs.agora.io/en/agora-chat/reference/http-status-codes",
        (
            Row(
                "401",
                "auth_bad_access_token",
                kinds.CHAT_APP_TOKEN,
                "It is malformed, or of another server.",
                (
                    "Unable to authenticate due to corrupt access token",
                    "Unable to authenticate",
                    "EMUnauthorizedException",
                ),
            ),
            Row(
                "401",
                "Unable to authenticate due to expired access token",
                kinds.CHAT_APP_TOKEN,
                "It is missing or has expired.",
                ("401 Unauthorized", "status code 401"),
            ),
            Row("401", "Registration is not open", kinds.CHAT_APP_TOKEN, "To register users, the app token is needed."),
            Row(
                "404", "organization_application_not_found", kinds.CHAT_ADDRESS, "", ("Could not find application for",)
            ),
            Row("404", "service_resource_not_found", kinds.CHAT_USER, "Or there is no such group or chat room."),
            Row(
                "400",
                "duplicate_unique_property_exists",
                kinds.CHAT_USER_ID,
                "This one is taken: the user exists already.",
            ),
            Row("429", "reach_limit", kinds.LIMIT, "", ("This request has reached API limit", "resource_limited")),
        ),
    ),
    Section(
        "Conversational AI",
        "docs.agora.io/en/conversational-ai/rest-api/reference",
        (
            Row("", "ServiceNotEnabled", kinds.CONVOAI_OFF, "", ("service is not enabled for the current project",)),
            Row("403", "InvalidPermission", kinds.CONVOAI_OFF),
            Row("", "AccountSuspended", kinds.CONVOAI_OFF),
            Row(
                "",
                "agent exits with reason: RTC connection failed",
                kinds.INVALID_TOKEN,
                "The agent could not join the channel with the token in the request.",
                documented=False,
            ),
            Row(
                "",
                "allocate failed: please check if the appid is valid",
                kinds.CONVOAI_OFF,
                texts=("please check if the appid is valid",),
                documented=False,
            ),
            Row("401", "Authentication failed", kinds.BASIC_AUTH, "", ("401 Unauthorized", "Unauthorized")),
            Row("409", "TaskConflict", kinds.AGENT_CONFLICT),
            Row("404", "TaskNotFound", kinds.NO_TASK),
            Row(
                "400",
                "InvalidRequest",
                kinds.REST_ARGUMENT,
                "",
                ("InvalidRequestBody", "MissingRequiredField", "InvalidFieldValue", "create agent failed"),
            ),
            Row("422", "ResourceQuotaLimitExceeded", kinds.LIMIT, "", ("ConcurrencyLimitExceeded",), ("429",)),
            Row("503", "ResourceAllocationFailed", kinds.SERVER_TROUBLE, "", ("ServiceUnavailable",)),
            Row("504", "TaskOperationTimeout", kinds.SERVER_TROUBLE),
        ),
    ),
    Section(
        "Flexible Classroom",
        "docs.agora.io/en/api-reference/faq/integration/common_mistakes_flexible_classroom",
        (
            Row("600001-1", "join room failed", kinds.CLASSROOM_TOKEN),
            Row("600001", "EDU_ERR_JOIN_CLASSROOM_FAIL", kinds.CLASSROOM_JOIN, "", ("Failed to join the classroom",)),
            Row("", "last launch not finished", kinds.CLASSROOM_TOKEN),
            Row(
                "401",
                "HTTP 401 Unauthorized",
                kinds.SIGNALING_HEADER,
                "",
                (*_INVALID, "401 Unauthorized", "status code 401"),
            ),
            Row("", "x-agora token is required", kinds.SIGNALING_HEADER, documented=False),
            Row("", "this room is full", kinds.CLASSROOM_JOIN, documented=False),
            Row(
                "",
                "Please setting Netless token in the Console",
                kinds.WHITEBOARD_OFF,
                documented=False,
            ),
            Row(
                "",
                "token access room forbidden",
                kinds.WHITEBOARD,
                documented=False,
            ),
            Row("20404100", "The classroom does not exist", kinds.CLASSROOM_JOIN),
            Row("20404200", "The user does not exist", kinds.CLASSROOM_JOIN),
            Row(
                "30409104", "roomType conflict", kinds.CLASSROOM_JOIN, "The room ID is taken by a room of another type."
            ),
        ),
    ),
    Section(
        "legacy Signaling",
        "docs.agora.io/cn: FAQ of the Signaling SDK, which RTM replaced",
        (
            Row("206", "LOGIN_E_TOKENWRONG", kinds.SIGNALING_INVALID_TOKEN, "It is called Signaling Key there."),
            Row("204", "LOGIN_E_TOKENEXPIRED", kinds.EXPIRED, "It is called Signaling Key there."),
            Row("201", "LOGIN_E_NET", kinds.TRY_AGAIN, "An empty App ID or token leads here, too."),
            Row("202", "LOGIN_E_FAILED", kinds.LOGIN_REJECTED),
            Row("203", "LOGIN_E_CANCEL", kinds.INFORMATION, "The login was cancelled."),
            Row("207", "LOGIN_E_TOKEN_KICKED", kinds.SAME_ID, "It logged in with a newer key."),
            Row("208", "LOGIN_E_ALREADY_LOGIN", kinds.INFORMATION, "The user is already logged in."),
            Row("209", "LOGIN_E_INVALID_USER", kinds.USER_ID),
            Row("200", "LOGIN_E_OTHER", kinds.UNKNOWN),
            Row("103", "LOGOUT_E_KICKED", kinds.SAME_ID),
            Row("105", "LOGOUT_E_TOKENEXPIRED", kinds.EXPIRED),
            Row("107", "LOGOUT_E_TOKENWRONG", kinds.SIGNALING_INVALID_TOKEN),
            Row("1003", "GENERAL_E_NOT_LOGIN", kinds.NOT_LOGGED_IN, "The key may have expired or be wrong."),
        ),
    ),
    Section(
        "token server",
        "The public token builders (github.com/AgoraIO/Tools) and token servers (github.com/AgoraIO-Community)",
        (
            Row(
                "",
                "Received undefined at AccessToken.build",
                kinds.NO_CERTIFICATE,
                "",
                (
                    *("at AccessToken.build", "at AccessToken2.build", "in AccessToken.build"),
                    *("APP_ID and APP_CERTIFICATE must be", "APP_CERTIFICATE environment variable"),
                    *("Need to set environment variable AGORA_APP", "ENV not properly configured, check .env file"),
                    *("app certificate is empty", "Agora is not configured", *_NO_VALUE),
                    *(f"{what} {how}" for what in _CREDENTIALS for how in _MISSING),
                    *(f"missing {what}" for what in _CREDENTIALS),
                ),
            ),
            Row(
                "",
                "struct.error in packUint32",
                kinds.NUMBER_TOO_LARGE,
                "",
                (
                    *("in packUint32", "in pack_uint32", "in packUint16", "ByteBuf.putUint32", "at putUint32"),
                    *("in packInt32", "in packInt16", "in packUint64", *_TOO_LARGE),
                    *("'I' format requires 0 <= number", "'H' format requires 0 <= number"),
                    *("It must be >= 0 and <= 4294967295", "It must be >= 0 and <= 4_294_967_295"),
                ),
            ),
            Row(
                "",
                "NoSuchMethodError in AccessToken2",
                kinds.OLD_JAVA,
                texts=("NoSuchMethodError",),
                documented=False,
            ),
            Row(
                "",
                "buildTokenWithUid: wrong arguments",
                kinds.BUILDER_ARGUMENTS,
                "",
                (
                    *("buildTokenWithUid is not a function", "buildTokenWithAccount is not a function"),
                    *("buildTokenWithUid missing", "build_token_with_uid missing", "buildTokenWithUid takes"),
                    *("build_token_with_uid takes", "buildTokenWithUserAccount is not a function"),
                    *(
                        "build_token_with_user_account missing",
                        "buildTokenWithAccount missing",
                        "has no attribute buildToken",
                        "undefined method build_token_with",
                    ),
                    *_ARGUMENTS,
                    *("ByteBuf.putString", "ByteBuf.that.putString"),
                    *("argument for privilege_expire was not provided", "argument for token_expire was not provided"),
                    *("call to undefined method RtcTokenBuilder", "call to undefined method RtcTokenBuilder2"),
                ),
            ),
            Row(
                "",
                "Error Generating RTC token",
                kinds.TOKEN_REQUEST,
                "",
                (
                    *(
                        "failed to generate Agora token",
                        "error generating Agora token",
                        "Agora token generation failed",
                    ),
                    *("failed to get Agora token", "failed to fetch Agora token"),
                    *("failed to generate RTC token", "Unknown Tokentype", "Error Generating RTM token"),
                    *(
                        "Error Generating Chat token",
                        "invalid: missing channel name",
                        "invalid: missing user ID or account",
                    ),
                    *("Unsupported tokenType", "failed to parse expireTime", "failed to parse rtm user ID"),
                    *("channel is required", "channelName is required", "channelName and uid are required"),
                    *("role is incorrect", "token type is invalid"),
                ),
            ),
            Row("", "blocked by CORS policy", kinds.CORS, "", ("No Access-Control-Allow-Origin header is present",)),
        ),
    ),
    Section(
        "token server",
        "agora_helpers.server",
        (
            Row(
                "",
                "INVALID_FIELD",
                kinds.TOKEN_REQUEST,
                "",
                (
                    "MISSING_FIELD",
                    "UNKNOWN_FIELD",
                    "INVALID_JSON",
                    "UNSUPPORTED_MEDIA_TYPE",
                    "BODY_TOO_LARGE",
                    "WRONG_HOST",
                ),
            ),
            Row("", "TOO_MANY_REQUESTS", kinds.TOKEN_REQUEST_UNAUTHORIZED),
        ),
    ),
)
"""Every error that can be looked up. Where two fit equally well, the first is the likelier one."""
