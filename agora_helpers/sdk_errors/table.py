"""What Agora's SDKs report when they refuse a client, as data: the table behind :func:`agora_helpers.explain_error`.

Names, codes and texts are those of Agora's API references, of developers' reports, and of ``agora-rtc-sdk-ng`` 4.24.8
and ``agora-rtm-sdk`` 2.3.0, which were run for it. Which error Agora's servers choose in which situation is documented
only in part, so causes are what is known to lead there, the most frequent first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Surface = Literal["RTC native", "RTC Web", "RTM 1.x", "RTM 2.x"]
Place = Literal["", "reason", "link", "renew"]


@dataclass(frozen=True, slots=True)
class ErrorExplanation:
    """One meaning of an error: a constant, in which nothing of the text that was looked up appears.

    Attributes:
        surface: the SDK that reports it; RTM is also called Signaling.
        code: as Agora prints it, such as ``"2010015"`` or ``"-10005"``; empty if there is only a text.
        name: Agora's own name or text for it.
        meaning: the same in plain words.
        causes: what leads there, most frequent first.
        project_checks: what to look at in the Agora Console and on the token server.
        client_checks: what to look at in the client.
        documented: False where the meaning is only concluded from the name or from developers' reports.
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
    """What several errors have in common."""

    meaning: str
    causes: tuple[str, ...] = ()
    project_checks: tuple[str, ...] = ()
    client_checks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One error of one SDK, and how it is found.

    Attributes:
        code: as in its explanation.
        name: as in its explanation.
        kind: what it has in common with other errors.
        note: follows the meaning of its kind.
        texts: what the SDK prints besides the name.
        other_codes: weaker signs than the code: the server's number before the SDK translates it, or the sign reversed,
            since native methods return -110 for what callbacks report as 110.
        place: where its code stands, if it is so short that another error has the same in another place.
        documented: as in its explanation.
        general: says no more than that something failed, and is left out beside anything more precise.
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
        """The answer to whoever meets this error."""
        kind = self.kind
        meaning = f"{kind.meaning} {self.note}".rstrip()
        lists = (kind.causes, kind.project_checks, kind.client_checks)
        return ErrorExplanation(surface, self.code, self.name, meaning, *lists, documented=self.documented)


_APP_ID = _Kind(
    "Agora does not accept this App ID.",
    (
        "The App ID is mistyped, cut off or a placeholder.",
        "The project is new: an App ID can need minutes to become active.",
        "It is the App ID of another project.",
    ),
    ("Copy the App ID from the project in the Agora Console again: 32 hexadecimal characters.",),
    ("The client uses that App ID, without quotes, spaces or a line break around it.",),
)
_CHANNEL = _Kind(
    "The channel name is not allowed.",
    ("It is empty, longer than 63 bytes, or has a character that Agora does not allow, such as * / or é.",),
    ("The server refuses such a name before it makes a token.",),
    ("The name has 1 to 63 bytes: letters without accents, digits, spaces and some punctuation.",),
)
_NO_TOKEN = _Kind(
    "The project requires a token, and the client sent none.",
    (
        "The client passed no token, null or an empty text.",
        "The request to the token server failed, and the client went on without a token.",
        'The entry "No certificate" was removed in the console while old clients still send no token.',
    ),
    (
        "Agora Console: the project is in secured mode (App ID + token), so every client needs a token.",
        "The token server answers with a token, not with an error or an empty text.",
        'While old clients are about, leave "No certificate" enabled: then a client may come with or without a token.',
    ),
    ("A token arrives (log its first three characters, 006 or 007, never more) and is passed to join or login.",),
)
_UNWANTED = _Kind(
    "The project works with the App ID only, and the client sent a token.",
    ("The project has no App Certificate enabled.", "The client uses the App ID of another project than the server."),
    ("Agora Console: enable the primary certificate, so that the project accepts tokens.",),
    ("For an App-ID-only project pass null, not an empty text.", "The App ID is that of the server's project."),
)
_WRONG = _Kind(
    "The token does not fit this project, channel or user.",
    (
        "The uid at join is not the one in the token; null or 0 at join becomes a random uid.",
        "The channel name differs, if only in case, in a space or in percent-encoding.",
        "The token was signed with another App Certificate, or one that has been deleted.",
        "An int uid meets a token for a user account, or the reverse.",
        "The token was changed on its way: in a URL a + becomes a space.",
        "A 007 token meets an SDK that is too old for it (RTC before native 3.5.2 or Web 4.8.0).",
    ),
    (
        "App ID and App Certificate on the server are those of this project in the Agora Console.",
        "The server makes the token for the very channel and uid that the client joins with.",
    ),
    (
        "Join with the channel and the uid that the server answered.",
        "Check the token with verify(): it names what differs.",
    ),
)
_REFUSED = _Kind(
    "The token is wrong, or missing although the project requires one, or sent although the project takes none.",
    (*_WRONG.causes, _NO_TOKEN.meaning, _UNWANTED.meaning),
    (*_WRONG.project_checks, "Agora Console: is the project App ID only, or App ID + token?"),
    (*_WRONG.client_checks, "A token is passed if, and only if, the project takes tokens."),
)
_EXPIRED = _Kind(
    "The token's time is over.",
    (
        "The token was used again after a reconnect or a day later; none lives longer than 24 hours.",
        "Renewal is missing: nothing happens when the SDK announces the end of the token.",
        "A 006 token got a duration where it needs a point in time, so that it ended in 1970.",
        "The server computes the time of expiry once, at its start, and not for every token.",
    ),
    (
        "For 006 the server passes now + seconds, for 007 seconds.",
        "The server's clock is right (whether a clock that runs ahead leads to this error is not known).",
    ),
    (
        "Fetch a fresh token before every join or login.",
        "Renew the token when the SDK announces its end; after its end, fetch a new one and join or log in again.",
    ),
)
_RTM_WRONG = _Kind(
    "The token does not fit this project or this user id.",
    (
        "The token is for RTC: one for RTM comes from the RTM builder and is made for a user id, not for a channel.",
        "It is a temporary token from an older console, which covers RTC only.",
        "The user id at login is not the one in the token.",
        "The token was signed with another App Certificate, or one that has been deleted.",
    ),
    (
        "The server builds an RTM token for the user id, or one 007 token for RTC and RTM.",
        "App ID and App Certificate on the server are those of this project in the Agora Console.",
    ),
    (
        "Log in with the very user id, a text, that the token was made for.",
        "Check the token with verify(token, credentials, user=...): it names what differs.",
    ),
)
_RTM_REFUSED = _Kind(
    "The token is wrong, or missing although the project requires one.",
    (*_RTM_WRONG.causes, _NO_TOKEN.meaning),
    (*_RTM_WRONG.project_checks, *_NO_TOKEN.project_checks[:1]),
    (*_RTM_WRONG.client_checks, *_NO_TOKEN.client_checks),
)
_RTM_SERVICE = _Kind(
    "The project may not use RTM (Signaling).",
    (
        "Signaling is not enabled for the project.",
        "The account is overdue, or the project or the user is banned.",
    ),
    ("Agora Console: enable Signaling for the project; look at its usage and at the account's bills.",),
    ("The App ID is that of the project for which Signaling is enabled.",),
)
_NO_PRIVILEGE = _Kind(
    "The token does not allow a login to RTM.",
    ("It is an RTC token, or one that was built without the RTM service.",),
    ("The server builds the token with the RTM service and its login privilege (build_rtm_token does).",),
    ("The RTM token, not the RTC token, is passed to login.",),
)
_APP_ID_DIFFERS = _Kind(
    "The App ID in the token is not the one that the client started with.",
    ("The server signs for another project than the client uses.",),
    ("Server and client use the App ID of one and the same project.",),
    ("The App ID that the SDK was created with is the one in the token: decode(token).app_id.",),
)
_USER_ID = _Kind(
    "The user id or uid is not allowed.",
    ("It is empty, too long, of the wrong type, or has a character that Agora does not allow.",),
    ("The server refuses such an id before it makes a token.",),
    ("An int uid is 1 to 4294967295, a user account has 1 to 255 bytes, an RTM user id 1 to 64 bytes.",),
)
_SAME_ID = _Kind(
    "Somebody else is there with the same id.",
    ("Two clients use one token, and so one id.", "The client did not leave before it came back."),
    ("The server gives every client an id of its own.",),
    ("Leave or log out before joining or logging in again; keep one client per user.",),
)
_BANNED = _Kind(
    "The server has banned this client.",
    ("A kicking rule of the channel management API is in force.",),
    ("Look for kicking rules for this project, channel, uid or IP address.",),
)
_REJECTED = _Kind(
    "The server turned the request away.",
    ("The client is in the channel already and joins again.", "A test before the call is still running."),
    (),
    ("Leave the channel, and stop tests, before joining.",),
)
_ARGUMENT = _Kind(
    "An argument is not valid.",
    ("The token is an empty text, or an id is of the wrong type.",),
    ("The token server answers with a token, not with an empty text: that comes from a wrong App Certificate.",),
    ("Look at every argument of the call: token, channel, uid or user id.",),
)
_NOT_READY = _Kind(
    "The SDK is not ready for this call.",
    ("The call came before the SDK was initialised or logged in, or after it was released.",),
    (),
    ("Wait until the SDK is initialised and logged in.",),
)
_LOAD = _Kind(
    "The request was not answered, or came too often.",
    ("The network is slow or blocked.", "The client calls in a loop."),
    (),
    ("Try again after a pause that grows; do not call twice at once.",),
)
_UNKNOWN = _Kind(
    "It failed, and the SDK does not say why.",
    (),
    ("Make a new token for the same id and try once more.",),
    ("Look for a more precise message beside it in the SDK's log.",),
)
_DISABLED = _Kind(
    "Agora calls the project not active; by that name, it is disabled or its account is overdue.",
    ("Not documented.",),
    ("Agora Console: is the project enabled, and are the account's bills paid?",),
    ("The App ID is that of an active project.",),
)
_LIMIT = _Kind(
    "Agora does not serve this request; the SDK's text is all that is known about it.",
    ("Not documented.",),
    ("Ask Agora's support about the limits of the project.",),
)
_ROLE = _Kind(
    "The client could not switch its role.",
    ("Perhaps co-host authentication is on and the token grants no publishing: the name suggests it.",),
    ("Agora Console: is co-host authentication on? Then a publisher needs a token with the role publisher.",),
    ("Renew with a publisher's token, then switch the role; Agora's advice is to join again.",),
)
_HTTP = _Kind(
    "A server refused an HTTP request, perhaps Agora's Signaling REST API; your own token server may answer so, too.",
    ("The header that proves who calls is missing, expired or of the other token version.",),
    ("Signaling REST takes a 007 token as Authorization: agora token=..., a 006 token as x-agora-token, x-agora-uid.",),
    ("Find out which server answered: Agora's, or your own.",),
)
_GATEWAY = _Kind(
    "Agora's access point did not admit the client; the end of the message says why.",
    ("The App ID, the token or the channel is refused.", "The access point cannot be reached."),
    ("Agora Console: is the project App ID only, or App ID + token?",),
    ("Look up the whole message, with the text behind the last colon.",),
)
_INFORMATION = _Kind("Nothing is wrong.")
_MEMORY_AID = "The first word is about the project, the second about what the client did."

_INVALID = ("invalid token", "token is invalid")
_OVER = ("token expired", "token has expired", "token is expired")
_SIGNATURE = ("Signature verification failed",)
_VENDOR_NEEDS = ("The vendor enabled the dynamic key, but uses the static key",)

_CORS = _Kind(
    "The browser does not let the page read the answer of another server: this is not Agora's refusal.",
    ("The token server sends no CORS headers for the page's origin.", "Its answer was an error that carries none."),
    ("Token server: allow the page's exact origin, also for the preflight (OPTIONS), or serve the page from it.",),
    ("Look at the browser's network log: the request goes to your own server, not to Agora.",),
)
_CO_HOST = _Kind(
    "A role is only a recipe for privileges, and Agora looks at those to publish only with co-host authentication.",
    ("Co-host authentication is not enabled for the project, so a subscriber's token can publish.",),
    ("Agora Console: enable co-host authentication; it takes effect after some minutes.",),
    ("Set the client role, too: with co-host authentication a publisher's token is needed to be a broadcaster.",),
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
        Row("2", "RENEW_TOKEN_TOKEN_EXPIRED", _EXPIRED, "It was over when it came to renewing.", place="renew"),
        Row("3", "RENEW_TOKEN_INVALID_TOKEN", _WRONG, "It cannot replace the one in use.", place="renew"),
        Row("4", "RENEW_TOKEN_INVALID_CHANNEL_NAME", _WRONG, "It is for another channel.", place="renew"),
        Row("5", "RENEW_TOKEN_INCONSISTENT_APPID", _APP_ID_DIFFERS, place="renew"),
        Row(
            "6",
            "RENEW_TOKEN_CANCELED_BY_NEW_REQUEST",
            _INFORMATION,
            "A newer request to renew took the place of this one.",
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
            '"Vendor key" is an old name of the App ID. A wrong token has been reported to lead here, too.',
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
            "The token is an empty text; without a token the SDK wants null.",
            ("If you don not use token, set it to null",),
        ),
        Row(
            "",
            "INVALID_PARAMS: The length must be within 64 bytes",
            _CHANNEL,
            "The SDK itself looks at the channel name.",
        ),
        Row("", "INVALID_PARAMS: [String uid] Length of the string", _USER_ID, "The SDK itself looks at the uid."),
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
        Row("-10005", "NO_AUTHORIZED", _RTM_WRONG, "The signature differs.", _SIGNATURE, ("9",)),
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
            "In RTM 2.x it may not begin with _ nor contain a dot.",
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
            "It holds no privilege at all.",
            ("Token does not have any privilege",),
            ("20",),
        ),
        Row(
            "-10012",
            "RTM_ERROR_LOGIN_REJECTED",
            _RTM_SERVICE,
            "That is what developers found behind this rejection.",
            ("RTM service was rejected due to server error", "LOGIN_REJECTED"),
            documented=False,
        ),
        Row(
            "-10013",
            "RTM_ERROR_LOGIN_ABORTED",
            _UNKNOWN,
            "The login was broken off.",
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
            "One page may hold one RTM client per App ID and user id.",
            ("The user ID is already in use by another active RTM instance",),
        ),
        Row("401", "HTTP 401 Unauthorized", _HTTP, texts=("401 Unauthorized",), documented=False),
        Row("403", "HTTP 403 Forbidden", _HTTP, texts=("403 Forbidden",), documented=False),
    ),
    "RTM 1.x": (
        Row("5", "LOGIN_ERR_INVALID_TOKEN", _RTM_REFUSED, texts=_INVALID),
        Row("5", "Signature verification failed", _RTM_WRONG, "The signature differs."),
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
        Row("9", "CONNECTION_CHANGE_REASON_TOKEN_EXPIRED", _EXPIRED, "Log in again with a new one.", place="reason"),
        Row("5", "RENEW_TOKEN_ERR_TOKEN_EXPIRED", _EXPIRED, "It was over when it came to renewing.", place="renew"),
        Row("6", "RENEW_TOKEN_ERR_INVALID_TOKEN", _RTM_WRONG, "It cannot replace the one in use.", place="renew"),
        Row("1", "RENEW_TOKEN_ERR_FAILURE", _UNKNOWN, "The token was not renewed.", place="renew"),
        Row("2", "RENEW_TOKEN_ERR_INVALID_ARGUMENT", _ARGUMENT, place="renew"),
        Row("4", "RENEW_TOKEN_ERR_TOO_OFTEN", _LOAD, place="renew"),
    ),
}

ERRORS: tuple[tuple[ErrorExplanation, Row], ...] = tuple(
    (row.explain(surface), row) for surface, rows in _ROWS.items() for row in rows
)
"""Every error that can be looked up. Where two fit equally well, the first is the likelier one."""
