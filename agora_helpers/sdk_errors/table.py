"""The errors that Agora's SDKs report when a client is rejected, as data for :func:`agora_helpers.explain_error`.

Names, codes and texts come from Agora's API references, from developers' reports, and from running
``agora-rtc-sdk-ng`` 4.24.8 and ``agora-rtm-sdk`` 2.3.0. Agora documents only in part which error its servers return in
which situation. So the causes are those that are known to lead to the error, the most frequent first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Surface = Literal["RTC native", "RTC Web", "RTM 1.x", "RTM 2.x"]
Place = Literal["", "reason", "link", "renew"]


@dataclass(frozen=True, slots=True)
class ErrorExplanation:
    """One meaning of an error. It is a constant: no part of the text that was looked up appears in it.

    Attributes:
        surface: the SDK that reports it. RTM is also called Signaling.
        code: as Agora prints it, such as ``"2010015"`` or ``"-10005"``; empty if the error has only a text.
        name: Agora's own name or text for it.
        meaning: what it means, in one or more sentences.
        causes: what leads to it, most frequent first.
        project_checks: what to check in the Agora Console and on the token server.
        client_checks: what to check in the client.
        documented: False if the meaning is inferred from the name or from developers' reports.
    """

    surface: Surface
    code: str
    name: str
    meaning: str
    causes: tuple[str, ...]
    project_checks: tuple[str, ...]
    client_checks: tuple[str, ...]
    documented: bool = True


@dataclass(frozen=True, slots=True)
class _Kind:
    """The explanation that several errors share."""

    meaning: str
    causes: tuple[str, ...] = ()
    project_checks: tuple[str, ...] = ()
    client_checks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One error of one SDK, and how to find it.

    Attributes:
        code: as in its explanation.
        name: as in its explanation.
        kind: the explanation that it shares with other errors.
        note: appended to the meaning of its kind.
        texts: other texts that the SDK prints for it.
        other_codes: codes that point to it less clearly: the server's number before the SDK translates it, or the code
            with the opposite sign (native methods return -110 where callbacks report 110).
        place: where its code occurs, if another error has the same short code in another place.
        documented: as in its explanation.
        general: says only that something failed. It is left out if a more precise error is found.
    """

    code: str
    name: str
    kind: _Kind
    note: str = ""
    texts: tuple[str, ...] = ()
    other_codes: tuple[str, ...] = ()
    place: Place = ""
    documented: bool = True
    general: bool = False

    def explain(self, surface: Surface) -> ErrorExplanation:
        """Return the explanation of this error in one SDK."""
        kind = self.kind
        meaning = f"{kind.meaning} {self.note}".rstrip()
        lists = (kind.causes, kind.project_checks, kind.client_checks)
        return ErrorExplanation(surface, self.code, self.name, meaning, *lists, documented=self.documented)


_APP_ID = _Kind(
    "Agora does not accept this App ID.",
    (
        "The App ID is mistyped, cut off or a placeholder.",
        "The project is new: an App ID can take minutes to become active.",
        "The App ID belongs to another project.",
    ),
    ("Copy the App ID from the project in the Agora Console again: 32 hexadecimal characters.",),
    ("The client uses that App ID, without quotes, spaces or a line break around it.",),
)
_CHANNEL = _Kind(
    "The channel name is not allowed.",
    ("It is empty, longer than 63 bytes, or contains a character that Agora does not allow, such as * / or é.",),
    ("The server rejects such a name before it builds a token.",),
    ("The name has 1 to 63 bytes: letters without accents, digits, spaces and some punctuation.",),
)
_NO_TOKEN = _Kind(
    "The project requires a token, and the client sent none.",
    (
        "The client passed no token, null or an empty string.",
        "The request to the token server failed, and the client continued without a token.",
        'The entry "No certificate" was removed in the console while old clients still send no token.',
    ),
    (
        "Agora Console: the project is in secured mode (App ID + token), so every client needs a token.",
        "The token server returns a token, not an error or an empty string.",
        'While old clients are in use, leave "No certificate" enabled: then a token is optional.',
    ),
    ("A token arrives and is passed to join or login. To check, log only its first three characters: 006 or 007.",),
)
_UNWANTED = _Kind(
    "The project uses only the App ID, and the client sent a token.",
    ("The project has no App Certificate enabled.", "The client and the server use App IDs of different projects."),
    ("Agora Console: enable the primary certificate, so that the project accepts tokens.",),
    (
        "If the project uses only the App ID, pass null as the token, not an empty string.",
        "The App ID is the one that the server uses.",
    ),
)
_WRONG = _Kind(
    "The token is not valid for this project, channel or user.",
    (
        "The uid at join is not the one in the token. With null or 0 at join, Agora chooses a random uid.",
        "The channel name differs, perhaps only in case, in a space or in percent-encoding.",
        "The token was signed with another App Certificate, or with one that has been deleted.",
        "The client joins with an integer uid and the token is for a user account, or the other way round.",
        "The token was changed in transit: in a URL, a + becomes a space.",
        "The SDK is too old for 007 tokens (RTC before native 3.5.2 or Web 4.8.0).",
    ),
    (
        "App ID and App Certificate on the server are those of this project in the Agora Console.",
        "The server builds the token for exactly the channel and uid that the client joins with.",
    ),
    (
        "Join with the channel and the uid that the server returned.",
        "Check the token with verify(): it reports what differs.",
    ),
)
_REFUSED = _Kind(
    "The token is wrong, or it is missing and the project requires one, or the project does not accept tokens.",
    (*_WRONG.causes, _NO_TOKEN.meaning, _UNWANTED.meaning),
    (*_WRONG.project_checks, "Agora Console: does the project use App ID only, or App ID + token?"),
    (*_WRONG.client_checks, "The client passes a token if, and only if, the project accepts tokens."),
)
_EXPIRED = _Kind(
    "The token has expired.",
    (
        "The client reused a token after a reconnect or a day later. No token lives longer than 24 hours.",
        "The client does not renew the token when the SDK warns that it will expire.",
        "A 006 token was given a duration instead of a Unix time, so it expired in 1970.",
        "The server computes the time of expiry once at startup, not for every token.",
    ),
    (
        "The server passes now + seconds for a 006 token, and seconds for a 007 token.",
        "The server's clock is right. It is not known whether a clock that is fast leads to this error.",
    ),
    (
        "Request a new token before every join or login.",
        "Renew the token when the SDK warns. If it has expired, request a new one and join or log in again.",
    ),
)
_RTM_WRONG = _Kind(
    "The token is not valid for this project or this user id.",
    (
        "The token is for RTC. A token for RTM is built with the RTM builder, for a user id and not for a channel.",
        "It is a temporary token from an older console, which covers RTC only.",
        "The user id at login is not the one in the token.",
        "The token was signed with another App Certificate, or with one that has been deleted.",
    ),
    (
        "The server builds an RTM token for the user id, or one 007 token for RTC and RTM.",
        "App ID and App Certificate on the server are those of this project in the Agora Console.",
    ),
    (
        "Log in with exactly the user id, a string, that the token was built for.",
        "Check the token with verify(token, credentials, user=...): it reports what differs.",
    ),
)
_RTM_REFUSED = _Kind(
    "The token is wrong, or it is missing and the project requires one.",
    (*_RTM_WRONG.causes, _NO_TOKEN.meaning),
    (*_RTM_WRONG.project_checks, *_NO_TOKEN.project_checks[:1]),
    (*_RTM_WRONG.client_checks, *_NO_TOKEN.client_checks),
)
_RTM_SERVICE = _Kind(
    "The project cannot use RTM (Signaling).",
    (
        "Signaling is not enabled for the project.",
        "The account is overdue, or the project or the user is banned.",
    ),
    ("Agora Console: enable Signaling for the project. Check its usage and the account's bills.",),
    ("The App ID is the one of the project in which Signaling is enabled.",),
)
_NO_PRIVILEGE = _Kind(
    "The token does not allow a login to RTM.",
    ("It is an RTC token, or it was built without the RTM service.",),
    ("The server builds the token with the RTM service and its login privilege (build_rtm_token does).",),
    ("The RTM token, not the RTC token, is passed to login.",),
)
_APP_ID_DIFFERS = _Kind(
    "The App ID in the token is not the one that the client uses.",
    ("The server signs tokens for another project than the client uses.",),
    ("Server and client use the App ID of the same project.",),
    ("The App ID that is passed to the SDK is the one in the token: decode(token).app_id.",),
)
_USER_ID = _Kind(
    "The user id or uid is not allowed.",
    ("It is empty, too long, of the wrong type, or contains a character that Agora does not allow.",),
    ("The server rejects such an id before it builds a token.",),
    ("An integer uid is 1 to 4294967295. A user account has 1 to 255 bytes, an RTM user id 1 to 64 bytes.",),
)
_SAME_ID = _Kind(
    "Another client is connected with the same id.",
    ("Two clients use the same token, and so the same id.", "The client did not leave before it joined again."),
    ("The server gives every client an id of its own.",),
    ("Leave or log out before you join or log in again. Keep one client per user.",),
)
_BANNED = _Kind(
    "The server has banned this client.",
    ("A kicking rule of the channel management API is in effect.",),
    ("Check the kicking rules for this project, channel, uid and IP address.",),
)
_REJECTED = _Kind(
    "The server rejected the request.",
    ("The client is in the channel already and joins again.", "A test before the call is still running."),
    (),
    ("Leave the channel and stop tests before you join.",),
)
_ARGUMENT = _Kind(
    "An argument is invalid.",
    ("The token is an empty string, or an id is of the wrong type.",),
    ("The token server returns a token. An empty string is a sign of a malformed App Certificate.",),
    ("Check every argument of the call: token, channel, uid or user id.",),
)
_NOT_READY = _Kind(
    "The SDK is not ready for this call.",
    ("The client called it before the SDK was initialised or logged in, or after it was released.",),
    (),
    ("Wait until the SDK is initialised and logged in.",),
)
_LOAD = _Kind(
    "The request timed out, or the client sent too many requests.",
    ("The network is slow or blocked.", "The client sends requests in a loop."),
    (),
    ("Retry after an increasing delay. Do not send two requests at the same time.",),
)
_UNKNOWN = _Kind(
    "The call failed, and the SDK does not report why.",
    (),
    ("Build a new token for the same id and try again.",),
    ("Look for a more precise message in the SDK's log.",),
)
_DISABLED = _Kind(
    "Agora reports that the project is not active. Probably it is disabled or its account is overdue.",
    ("Not documented.",),
    ("Agora Console: is the project enabled, and are the account's bills paid?",),
    ("The App ID is the one of an active project.",),
)
_LIMIT = _Kind(
    "Agora rejected this request. Only the SDK's text is known about it.",
    ("Not documented.",),
    ("Ask Agora's support for the limits of the project.",),
)
_ROLE = _Kind(
    "The client could not switch its role.",
    ("The name suggests that co-host authentication is enabled and that the token has no privilege to publish.",),
    ("Agora Console: is co-host authentication enabled? Then a host needs a token with the role publisher.",),
    ("Renew with a publisher's token, then switch the role. Agora recommends joining again.",),
)
_HTTP = _Kind(
    "A server rejected an HTTP request: Agora's Signaling REST API, or your own token server.",
    ("The authorization header is missing, its token has expired, or it is the header of the other token version.",),
    (
        "For Signaling REST, send a 007 token as Authorization: agora token=..., or a 006 token as x-agora-token and "
        "x-agora-uid.",
    ),
    ("Find out which server sent the response: Agora's or your own.",),
)
_GATEWAY = _Kind(
    "Agora's access point rejected the client. The end of the message says why.",
    ("Agora rejects the App ID, the token or the channel.", "The client cannot reach the access point."),
    ("Agora Console: does the project use App ID only, or App ID + token?",),
    ("Look up the whole message, including the text after the last colon.",),
)
_INFORMATION = _Kind("Nothing is wrong.")
_MEMORY_AID = "The first word is about the project, the second about what the client did."

_INVALID = ("invalid token", "token is invalid")
_OVER = ("token expired", "token has expired", "token is expired")
_SIGNATURE = ("Signature verification failed",)
_VENDOR_NEEDS = ("The vendor enabled the dynamic key, but uses the static key",)

_CORS = _Kind(
    "The browser does not let the page read the response of another server. Agora did not reject the client.",
    (
        "The token server sends no CORS headers for the page's origin.",
        "Its response was an error without CORS headers.",
    ),
    ("Allow the page's exact origin on the token server, also for preflight requests, or serve the page from there.",),
    ("Check the browser's network log: the request goes to your own server, not to Agora.",),
)
_CO_HOST = _Kind(
    "A role only selects privileges. Agora enforces those to publish only with co-host authentication.",
    ("Co-host authentication is not enabled for the project, so a subscriber's token can publish.",),
    ("Agora Console: enable co-host authentication. It takes effect after some minutes.",),
    ("Set the client role too. With co-host authentication, a broadcaster needs a publisher's token.",),
)

_ROWS: dict[Surface, tuple[Row, ...]] = {
    "RTC native": (
        Row("110", "ERR_INVALID_TOKEN", _REFUSED, texts=_INVALID, other_codes=("-110",)),
        Row("8", "CONNECTION_CHANGED_INVALID_TOKEN", _REFUSED, place="reason"),
        Row("109", "ERR_TOKEN_EXPIRED", _EXPIRED, "Newer SDKs report reason 9 instead.", _OVER, ("-109",)),
        Row("9", "CONNECTION_CHANGED_TOKEN_EXPIRED", _EXPIRED, place="reason"),
        Row("101", "ERR_INVALID_APP_ID", _APP_ID, texts=("invalid app id",), other_codes=("-101",)),
        Row("6", "CONNECTION_CHANGED_INVALID_APP_ID", _APP_ID, place="reason"),
        Row("102", "ERR_INVALID_CHANNEL_NAME", _CHANNEL, other_codes=("-102",)),
        Row("7", "CONNECTION_CHANGED_INVALID_CHANNEL_NAME", _CHANNEL, place="reason"),
        Row("10", "CONNECTION_CHANGED_REJECTED_BY_SERVER", _REJECTED, place="reason"),
        Row("12", "CONNECTION_CHANGED_RENEW_TOKEN", _INFORMATION, "The token was renewed.", place="reason"),
        Row("19", "CONNECTION_CHANGED_SAME_UID_LOGIN", _SAME_ID, "The uid joined elsewhere.", place="reason"),
        Row(
            "-17",
            "ERR_JOIN_CHANNEL_REJECTED",
            _REJECTED,
            texts=("request to join channel is rejected", "JoinChannelRejected"),
            other_codes=("17",),
        ),
        Row("119", "ERR_SET_CLIENT_ROLE_NOT_AUTHORIZED", _ROLE, other_codes=("-119",)),
        Row("121", "ERR_INVALID_USER_ID", _USER_ID, other_codes=("-121",)),
        Row("123", "ERR_CLIENT_IS_BANNED_BY_SERVER", _BANNED, other_codes=("-123",)),
        Row("134", "ERR_INVALID_USER_ACCOUNT", _USER_ID, other_codes=("-134",)),
        Row("-2", "ERR_INVALID_ARGUMENT", _ARGUMENT, other_codes=("2",)),
        Row("-7", "ERR_NOT_INITIALIZED", _NOT_READY, other_codes=("7",)),
        Row("0", "RENEW_TOKEN_SUCCESS", _INFORMATION, "The token was renewed.", place="renew"),
        Row("1", "RENEW_TOKEN_FAILURE", _UNKNOWN, "The token was not renewed.", place="renew"),
        Row("2", "RENEW_TOKEN_TOKEN_EXPIRED", _EXPIRED, "The new token had expired already.", place="renew"),
        Row("3", "RENEW_TOKEN_INVALID_TOKEN", _WRONG, "It cannot replace the one in use.", place="renew"),
        Row("4", "RENEW_TOKEN_INVALID_CHANNEL_NAME", _WRONG, "It is for another channel.", place="renew"),
        Row("5", "RENEW_TOKEN_INCONSISTENT_APPID", _APP_ID_DIFFERS, place="renew"),
        Row(
            "6",
            "RENEW_TOKEN_CANCELED_BY_NEW_REQUEST",
            _INFORMATION,
            "A newer request to renew replaced this one.",
            place="renew",
        ),
    ),
    "RTC Web": (
        Row("", "blocked by CORS policy", _CORS, texts=("No Access-Control-Allow-Origin header is present",)),
        Row("", "subscriber can still publish", _CO_HOST, texts=("subscriber can publish", "audience can publish")),
        Row("2010015", "dynamic use static key", _NO_TOKEN, _MEMORY_AID, other_codes=("15",)),
        Row("2010014", "static use dynamic key", _UNWANTED, _MEMORY_AID, other_codes=("14",)),
        Row("2010009", "invalid token, authorized failed", _WRONG, texts=_INVALID, other_codes=("9",)),
        Row("2010010", "dynamic key or token timeout", _EXPIRED, texts=_OVER, other_codes=("10",)),
        Row("2010013", "dynamic key expired", _EXPIRED, texts=_OVER, other_codes=("13",)),
        Row(
            "2010005",
            "invalid vendor key, can not find appid",
            _APP_ID,
            '"Vendor key" is an old name of the App ID. Developers report this error for wrong tokens too.',
            ("invalid vendor key", "can not find appid"),
            ("5",),
        ),
        Row("2010007", "invalid channel name", _CHANNEL, other_codes=("7",)),
        Row("2010011", "no active status", _DISABLED, other_codes=("11",), documented=False),
        Row("2010016", "amount of users over load", _LIMIT, other_codes=("16",), documented=False),
        Row("2010018", "the request is forbidden in this area", _LIMIT, other_codes=("18",), documented=False),
        Row(
            "",
            "INVALID_PARAMS: Invalid token: .",
            _ARGUMENT,
            "The token is an empty string. Pass null if there is no token.",
            ("If you don not use token, set it to null",),
        ),
        Row(
            "",
            "INVALID_PARAMS: The length must be within 64 bytes",
            _CHANNEL,
            "The SDK itself checks the channel name.",
        ),
        Row("", "INVALID_PARAMS: [String uid] Length of the string", _USER_ID, "The SDK itself checks the uid."),
        Row(
            "",
            "UNEXPECTED_RESPONSE: ERR_NO_AUTHORIZED",
            _WRONG,
            "Reported for renewToken: the new token must be for the channel and the uid in use.",
            ("ERR_NO_AUTHORIZED", "error to verify token permission"),
            ("110",),
            documented=False,
        ),
        Row("", "CAN_NOT_GET_GATEWAY_SERVER", _GATEWAY, general=True),
        Row("", "UID_CONFLICT", _SAME_ID, "Another client is in the channel with this uid."),
        Row("120", "DYNAMIC_USE_STATIC_KEY", _NO_TOKEN, f"{_MEMORY_AID} Web SDK 3.x."),
        Row("119", "STATIC_USE_DYNAMIC_KEY", _UNWANTED, f"{_MEMORY_AID} Web SDK 3.x."),
        Row("110", "NO_AUTHORIZED", _REFUSED, "Web SDK 3.x.", (*_INVALID, "ERR_NO_AUTHORIZED")),
        Row("109", "DYNAMIC_KEY_TIMEOUT", _EXPIRED, "Web SDK 3.x."),
        Row("118", "DYNAMIC_KEY_EXPIRED", _EXPIRED, "Web SDK 3.x."),
        Row("2", "K_TIMESTAMP_EXPIRED", _EXPIRED, "Web SDK 3.x."),
        Row("101", "INVALID_VENDOR_KEY", _APP_ID, "Web SDK 3.x, which calls the App ID a vendor key."),
    ),
    "RTM 2.x": (
        Row("-10005", "RTM_ERROR_INVALID_TOKEN", _RTM_REFUSED, texts=_INVALID),
        Row("-10005", "NO_AUTHORIZED", _RTM_WRONG, "The signature is wrong.", _SIGNATURE, ("9",)),
        Row("-10005", "DYNAMIC_ENABLED_BUT_STATIC_KEY", _NO_TOKEN, "", _VENDOR_NEEDS, ("15",)),
        Row(
            "-10005",
            "INVALID_USER_ID",
            _RTM_WRONG,
            "It is for another user id.",
            ("The user ID to login does not match the token",),
            ("7",),
        ),
        Row(
            "-10005",
            "INVALID_TOKEN_UID",
            _RTM_WRONG,
            texts=("UID in the security key(token) is not valid",),
            other_codes=("12",),
        ),
        Row("16", "RTM_LINK_STATE_CHANGE_REASON_INVALID_TOKEN", _RTM_REFUSED, place="link"),
        Row("-10009", "RTM_ERROR_TOKEN_EXPIRED", _EXPIRED, texts=_OVER),
        Row("-10009", "TOKEN_EXPIRED", _EXPIRED, texts=("TOKEN_EXPIRED, The token has expired",), other_codes=("13",)),
        Row("-10009", "TOKEN_TIMEOUT", _EXPIRED, texts=("TOKEN_TIMEOUT, Dynamic key expired",), other_codes=("10",)),
        Row("17", "RTM_LINK_STATE_CHANGE_REASON_TOKEN_EXPIRED", _EXPIRED, place="link"),
        Row(
            "-10003",
            "RTM_ERROR_INVALID_APP_ID",
            _APP_ID,
            texts=("invalid app id", "Invalid App id. illegal symbol or too long"),
        ),
        Row("-10003", "INVALID_APP_ID", _APP_ID, texts=("Illegal App ID",), other_codes=("5",)),
        Row(
            "-10003",
            "DYNAMIC_KEY_NOT_ENABLED",
            _UNWANTED,
            texts=("The vendor did not enable the dynamic key, but uses the dynamic key",),
            other_codes=("14",),
        ),
        Row(
            "-10003",
            "APP_ID_NO_ACTIVATED",
            _DISABLED,
            texts=("The vendor is not activated",),
            other_codes=("11",),
            documented=False,
        ),
        Row(
            "-10006",
            "RTM_ERROR_INVALID_USER_ID",
            _USER_ID,
            "In RTM 2.x it must not start with _ or contain a dot.",
            ("Invalid user id. illegal symbol or too long",),
        ),
        Row("20", "RTM_LINK_STATE_CHANGE_REASON_INVALID_USER_ID", _USER_ID, place="link"),
        Row(
            "-10015",
            "RTM_ERROR_LOGIN_NOT_AUTHORIZED",
            _RTM_SERVICE,
            texts=("The RTM service is not enabled or has been stopped", "LOGIN_NOT_AUTHORIZED"),
        ),
        Row(
            "-10015",
            "NO_ACTIVE_PRODUCT_STATUS",
            _RTM_SERVICE,
            texts=("NOT_ENABLE_RTM or service has been stopped",),
            other_codes=("26",),
        ),
        Row(
            "-10015",
            "NO_RTM_PRIVILEGE",
            _NO_PRIVILEGE,
            texts=("Token does not have RTM privilege",),
            other_codes=("21",),
        ),
        Row(
            "-10015",
            "NO_ANY_PRIVILEGE",
            _NO_PRIVILEGE,
            "It has no privilege at all.",
            ("Token does not have any privilege",),
            ("20",),
        ),
        Row(
            "-10012",
            "RTM_ERROR_LOGIN_REJECTED",
            _RTM_SERVICE,
            "Developers report this cause.",
            ("RTM service was rejected due to server error", "LOGIN_REJECTED"),
            documented=False,
        ),
        Row(
            "-10013",
            "RTM_ERROR_LOGIN_ABORTED",
            _UNKNOWN,
            "The login was aborted.",
            ("RTM service was aborted due to unrecoverable error",),
        ),
        Row(
            "-10016",
            "RTM_ERROR_INCONSISTENT_APPID",
            _APP_ID_DIFFERS,
            texts=("appid is not consistent", "INIT_APPID_MISMATCH", "INCONSISTENT_APP_ID"),
            other_codes=("23",),
        ),
        Row("-10026", "RTM_ERROR_RENEW_TOKEN_TIMEOUT", _LOAD, texts=("RenewToken operation timeout",)),
        Row(
            "-10027",
            "RTM_ERROR_DUPLICATE_USER_ID",
            _SAME_ID,
            "A page may have one RTM client per App ID and user id.",
            ("The user ID is already in use by another active RTM instance",),
        ),
        Row("401", "HTTP 401 Unauthorized", _HTTP, texts=("401 Unauthorized",), documented=False),
        Row("403", "HTTP 403 Forbidden", _HTTP, texts=("403 Forbidden",), documented=False),
    ),
    "RTM 1.x": (
        Row("5", "LOGIN_ERR_INVALID_TOKEN", _RTM_REFUSED, texts=_INVALID),
        Row("5", "Signature verification failed", _RTM_WRONG, "The signature is wrong."),
        Row("5", "The vendor enabled the dynamic key, but uses the static key", _NO_TOKEN),
        Row("6", "LOGIN_ERR_TOKEN_EXPIRED", _EXPIRED, texts=_OVER),
        Row("4", "LOGIN_ERR_INVALID_APP_ID", _APP_ID, texts=("invalid app id",)),
        Row("1", "LOGIN_ERR_UNKNOWN", _UNKNOWN),
        Row("2", "LOGIN_ERR_REJECTED", _UNKNOWN, "The server rejected the login."),
        Row("3", "LOGIN_ERR_INVALID_ARGUMENT", _ARGUMENT),
        Row("7", "LOGIN_ERR_NOT_AUTHORIZED", _RTM_REFUSED, "Agora's references disagree on it.", documented=False),
        Row("8", "LOGIN_ERR_ALREADY_LOGGED_IN", _SAME_ID, "Or this client itself.", ("LOGIN_ERR_ALREADY_LOGIN",)),
        Row("9", "LOGIN_ERR_TIMEOUT", _LOAD),
        Row("10", "LOGIN_ERR_TOO_OFTEN", _LOAD),
        Row("101", "LOGIN_ERR_NOT_INITIALIZED", _NOT_READY),
        Row("9", "CONNECTION_CHANGE_REASON_TOKEN_EXPIRED", _EXPIRED, "Log in again with a new token.", place="reason"),
        Row("5", "RENEW_TOKEN_ERR_TOKEN_EXPIRED", _EXPIRED, "The new token had expired already.", place="renew"),
        Row("6", "RENEW_TOKEN_ERR_INVALID_TOKEN", _RTM_WRONG, "It cannot replace the one in use.", place="renew"),
        Row("1", "RENEW_TOKEN_ERR_FAILURE", _UNKNOWN, "The token was not renewed.", place="renew"),
        Row("2", "RENEW_TOKEN_ERR_INVALID_ARGUMENT", _ARGUMENT, place="renew"),
        Row("4", "RENEW_TOKEN_ERR_TOO_OFTEN", _LOAD, place="renew"),
    ),
}

ERRORS: tuple[tuple[ErrorExplanation, Row], ...] = tuple(
    (row.explain(surface), row) for surface, rows in _ROWS.items() for row in rows
)
"""Every error that can be looked up. If two match equally well, the first is the more likely one."""
