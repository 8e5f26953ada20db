"""What errors have in common: the meaning, the usual causes and what to check.

A row of ``table`` names one of these kinds. Causes come most frequent first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Kind:
    """A meaning that several errors share; the attributes are those of ``ErrorExplanation``."""

    meaning: str
    causes: tuple[str, ...] = ()
    project_checks: tuple[str, ...] = ()
    client_checks: tuple[str, ...] = ()


INFORMATION = Kind("Nothing is wrong.")

APP_ID = Kind(
    "Agora does not accept this App ID.",
    (
        "The App ID is mistyped, cut off or a placeholder.",
        "The project is new: an App ID can need minutes to become active.",
        "It is the App ID of another project.",
    ),
    ("Copy the App ID from the project in the Agora Console again: 32 hexadecimal characters.",),
    (
        "The client uses that App ID, without quotes, spaces or a line break around it.",
        "The token, if there is one, has Agora's format: decode(token) names a home-made one, a JWT or a placeholder.",
    ),
)
VENDOR_KEY = replace(
    APP_ID,
    causes=(
        *APP_ID.causes[:1],
        "The token is not in Agora's format: home-made, a JWT or a placeholder. This has been reported, not confirmed.",
        *APP_ID.causes[1:],
    ),
    client_checks=(*APP_ID.client_checks[1:], *APP_ID.client_checks[:1]),
)
APP_ID_DIFFERS = Kind(
    "The App ID in the token is not the one that the client started with.",
    ("The server signs for another project than the client uses.",),
    ("Server and client use the App ID of the same project.",),
    ("The App ID passed to the SDK equals the one in the token: decode(token).app_id.",),
)
DISABLED = Kind(
    "The project is not active.",
    ("The project is disabled in the console.", "The account is overdue."),
    ("Agora Console: check that the project is enabled and the account's bills are paid.",),
    ("The App ID is that of an active project.",),
)
CHANNEL = Kind(
    "The channel name is not allowed.",
    ("It is empty, longer than 63 bytes, or contains a character that Agora does not allow, such as * / or é.",),
    ("The token server rejects such a name before it builds a token.",),
    ("The name has 1 to 63 bytes: unaccented letters, digits, spaces and some punctuation.",),
)
NO_TOKEN = Kind(
    "The project requires a token, and the client sent none.",
    (
        "The client passed no token, null or an empty string.",
        "The request to the token server failed, and the client went on without a token.",
        'The entry "No certificate" was removed in the console while old clients still send no token.',
    ),
    (
        "Agora Console: the project is in secured mode (App ID + token), so every client needs a token.",
        "The token server returns a token, not an error or an empty string.",
        'Leave "No certificate" enabled until old clients are gone: clients can then join with or without a token.',
    ),
    ("A token arrives and is passed to join or login. Log its first three characters (006 or 007), never more.",),
)
UNWANTED_TOKEN = Kind(
    "The project works with the App ID only, and the client sent a token.",
    ("The project has no App Certificate enabled.", "The client uses the App ID of another project than the server."),
    ("Agora Console: enable the primary certificate, so that the project accepts tokens.",),
    ("For an App-ID-only project pass null, not an empty string.", "The App ID is that of the server's project."),
)
WRONG_TOKEN = Kind(
    "The token does not fit this project, channel or user.",
    (
        "The uid at join is not the one in the token; null or 0 at join becomes a random uid.",
        "The channel name differs in case, in a space or in percent-encoding.",
        "The token was signed with another App Certificate, or with one that has been deleted.",
        "The client joins with an int uid but the token is for a user account, or the reverse.",
        "The token was altered in transit: in a URL, + becomes a space.",
        "The SDK is too old for a 007 token (RTC before native 3.5.2 or Web 4.8.0).",
    ),
    (
        "App ID and App Certificate on the server are those of this project in the Agora Console.",
        "The server builds the token for exactly the channel and uid that the client joins with.",
    ),
    (
        "Join with the channel and the uid that the server returned.",
        "Check the token with verify(): it names what differs.",
    ),
)
INVALID_TOKEN = Kind(
    "The token is wrong, or missing although the project requires one, or sent although the project takes none.",
    (*WRONG_TOKEN.causes, NO_TOKEN.meaning, UNWANTED_TOKEN.meaning),
    (*WRONG_TOKEN.project_checks, "Agora Console: is the project App ID only, or App ID + token?"),
    (*WRONG_TOKEN.client_checks, "A token is passed if, and only if, the project takes tokens."),
)
EXPIRED = Kind(
    "The token has expired.",
    (
        "The client used an old token again after a reconnect or a day later. No token lives longer than 24 hours.",
        "Renewal is missing: the app ignores the SDK's warning that the token is about to expire.",
        "The app renewed with the token that the warning carries, which is the old one.",
        "A role, such as 1 or 2, was passed to the builder in place of the lifetime.",
        "A 006 token was given a duration where it needs a point in time, so it expired in 1970.",
        "The server computes the expiry once at startup instead of for every token.",
    ),
    (
        "For 006 the server passes now + seconds, for 007 seconds.",
        "The server's clock is right. Whether a clock that runs ahead leads to this error is not known.",
    ),
    (
        "Fetch a fresh token before every join or login.",
        "Renew the token when the SDK warns. After it has expired, fetch a new one and join or log in again.",
    ),
)
EXPIRES_SOON = Kind(
    "The token is still valid but expires soon.",
    ("This is the SDK's reminder to renew.",),
    (),
    ("Fetch a new token from your server and pass it to renewToken.",),
)
SIGNALING_WRONG_TOKEN = Kind(
    "The token does not fit this project or this user id.",
    (
        "The token is for RTC. RTM needs one from the RTM builder, made for a user id and not for a channel.",
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
        "Check the token with verify(token, credentials, user=...): it names what differs.",
    ),
)
SIGNALING_INVALID_TOKEN = Kind(
    "The token is wrong, or missing although the project requires one.",
    (*SIGNALING_WRONG_TOKEN.causes, NO_TOKEN.meaning),
    (*SIGNALING_WRONG_TOKEN.project_checks, *NO_TOKEN.project_checks[:1]),
    (*SIGNALING_WRONG_TOKEN.client_checks, *NO_TOKEN.client_checks),
)
SIGNALING_OFF = Kind(
    "The project may not use RTM (Signaling).",
    (
        "Signaling is not enabled for the project.",
        "The account is overdue, or the project or the user is banned.",
    ),
    ("Agora Console: enable Signaling for the project; check its usage and the account's bills.",),
    ("The App ID is that of the project for which Signaling is enabled.",),
)
NO_PRIVILEGE = Kind(
    "The token does not grant a login to RTM.",
    ("It is an RTC token, or one that was built without the RTM service.",),
    ("The server builds the token with the RTM service and its login privilege (build_rtm_token does).",),
    ("The RTM token, not the RTC token, is passed to login.",),
)
LOGIN_FAILED = Kind(
    "The login to RTM (Signaling) failed. This line only reports the new state.",
    ("The token is wrong, missing or expired.", "The App ID or the user id is not accepted.", "No network."),
    ("Agora Console: is the project App ID only, or App ID + token?",),
    ("Look up the error with which login() itself failed: it names the cause.",),
)
USER_ID = Kind(
    "The user id or uid is not allowed.",
    ("It is empty, too long, of the wrong type, or contains a character that Agora does not allow.",),
    ("The token server rejects such an id before it builds a token.",),
    ("An int uid is 1 to 4294967295, a user account has 1 to 255 bytes, an RTM user id 1 to 64 bytes.",),
)
SAME_ID = Kind(
    "Another client is connected with the same id.",
    ("Two clients share one token, and so one id.", "The client did not leave before it came back."),
    ("The server gives every client an id of its own.",),
    ("Leave or log out before joining or logging in again. Keep one client per user.",),
)
BANNED = Kind(
    "The server has banned this client.",
    ("A kicking rule of the channel management API is in force.",),
    ("Look for kicking rules for this project, channel, uid or IP address.",),
)
REJECTED = Kind(
    "The SDK or the server rejected the request to join.",
    (
        "The client is already in the channel and joins again.",
        "A call test is still running.",
        "The engine was created without a valid App ID.",
    ),
    (),
    ("Leave the channel and stop call tests before joining. Create the engine with the App ID first.",),
)
ARGUMENT = Kind(
    "An argument is not valid.",
    ("The token is an empty string, or an id has the wrong type.",),
    ("The token server returns a token. An empty string comes from a malformed App Certificate.",),
    ("Check every argument of the call: token, channel, uid or user id.",),
)
NOT_READY = Kind(
    "The SDK is not ready for this call.",
    ("The call came before the SDK was initialised, or after it was released.",),
    (),
    ("Wait until the SDK is initialised.",),
)
PROXY = Kind(
    "The RTM client is wrapped in a proxy and does not recognise itself. This is not about the token.",
    ("It is kept in Vue's ref() or reactive().",),
    (),
    ("Keep the client in a plain variable, or in Vue's shallowRef() or markRaw().",),
)
NOT_LOGGED_IN = Kind(
    "The client is not logged in.",
    ("The call came before login succeeded, or after a logout or an expired token.", "The login itself failed."),
    (),
    ("Wait for login to succeed. If it fails, look up its error first.",),
)
NOT_JOINED = Kind(
    "The client is not in the channel.",
    ("The call came before join succeeded, or after leave.", "The join itself failed."),
    (),
    ("Wait for join to succeed. If it fails, look up its error first.",),
)
AUDIENCE = Kind(
    "The client is in the audience, so the SDK does not let it publish.",
    ("The client joined in live mode and never became a host. The role in the token plays no part here.",),
    ("With co-host authentication a host also needs a token with the role publisher.",),
    ('Call setClientRole("host") and wait for it before publishing.',),
)
STILL_PUBLISHING = Kind(
    "The client still publishes, so the SDK does not let it switch to the audience.",
    ('The app calls setClientRole("audience") before it has unpublished.',),
    (),
    ("Unpublish first, and wait for it. Then switch the role.",),
)
ROLE = Kind(
    "The client could not switch its role.",
    ("Perhaps co-host authentication is on and the token grants no publishing: the name suggests it.",),
    ("Agora Console: is co-host authentication on? Then a publisher needs a token with the role publisher.",),
    ("Renew with a publisher's token, then switch the role. Agora advises joining again.",),
)
CO_HOST = Kind(
    "A role is only a recipe for privileges. Agora checks the publishing ones only with co-host authentication.",
    ("Co-host authentication is not enabled for the project, so a subscriber's token can publish.",),
    ("Agora Console: enable co-host authentication. It takes effect after some minutes.",),
    ("Set the client role, too: with co-host authentication a host needs a publisher's token.",),
)
TRY_AGAIN = Kind(
    "The request timed out, or came too often.",
    ("The network is slow or blocked.", "The client calls in a loop."),
    (),
    ("Try again after increasing pauses, and never call twice at once.",),
)
SERVER_TROUBLE = Kind(
    "Agora's server could not handle the request.",
    ("The service is busy or has a fault.",),
    ("Ask Agora's support if it lasts, with the request id of the response.",),
    ("Try again after increasing pauses.",),
)
LIMIT = Kind(
    "A limit of the project or the plan has been reached.",
    ("Too many users, tasks or requests at once.",),
    ("Agora Console: check the plan, and ask Agora's support for a larger quota.",),
)
UNKNOWN = Kind(
    "Something failed, and the number does not say what.",
    ("Agora documents no cause.",),
    ("Agora Console: the service is enabled for the project.",),
    ("Look for a more precise message beside it in the SDK's log.",),
)
LOGIN_REJECTED = Kind(
    "The server rejected the login, and the number does not say why.",
    ("Signaling is not enabled for the project.", "The token, the user id or the project is banned."),
    ("Agora Console: Signaling is enabled for the project; check its usage and the account's bills.",),
    ("Look for a more precise message beside it in the SDK's log.",),
)
GATEWAY = Kind(
    "Agora's access point did not admit the client. The end of the message says why.",
    ("The App ID, the token or the channel is rejected.", "The access point cannot be reached."),
    ("Agora Console: is the project App ID only, or App ID + token?",),
    ("Look up the whole message, with the text behind the last colon.",),
)
ENCRYPTION = Kind(
    "The media could not be decrypted. This is channel encryption, not the token.",
    ("The clients of the channel use different encryption keys or modes.",),
    (),
    ("All clients of the channel use the same key, mode and salt.",),
)

# RESTful APIs --------------------------------------------------------------------------------------------------------
BASIC_AUTH = Kind(
    "The RESTful API rejected the Customer ID and Customer Secret. It takes no token and no App Certificate.",
    (
        "The Customer ID or Customer Secret is wrong, deleted or of another account.",
        'The Authorization header is missing or is not "Basic " + base64(Customer ID + ":" + Customer Secret).',
    ),
    (
        "Agora Console, RESTful API: the Customer ID and Secret exist and belong to the account of this App ID.",
        "The App ID in the URL or body is of the same account.",
    ),
    ("Call these APIs from your server only: the Customer Secret must never reach a client.",),
)
REST_APP_ID = Kind(
    "The RESTful API does not accept this App ID.",
    ("The service, such as cloud recording, is not enabled for the project.", "The App ID is wrong or incomplete."),
    ("Agora Console: enable the service for the project, and copy the App ID again.",),
)
REST_ARGUMENT = Kind(
    "A field of the request is missing or wrong.",
    ("A field is misspelt, has the wrong type or is out of range. Names are case-sensitive.",),
    ("Compare the request with the API reference. The reason in the response names the field.",),
)
REST_FORBIDDEN = Kind(
    "The RESTful API does not allow this request.",
    ("The service is not enabled for the project, or the account may not use it.",),
    ("Agora Console: enable the service, and ask Agora's support if it is enabled.",),
)
REST_ROUTE = Kind(
    "The RESTful API has no such route.",
    ("The HTTP method or the URL is wrong.",),
    ("Compare the method and the URL with the API reference.",),
)
RUNNING = Kind(
    "The task is already running.",
    ("The start request was sent twice, or another task uses the same channel and uid.",),
    ("Start once per resource ID. For another task, acquire with another uid.",),
)
RESOURCE = Kind(
    "The resource ID cannot be used.",
    ("It is older than 5 minutes.", "It was acquired for another App ID, channel or uid, or was altered."),
    ("Call acquire again, and start within 5 minutes with the same App ID, channel and uid.",),
)
NO_TASK = Kind(
    "There is no such task.",
    ("It has already ended, or never started.", "During a failover Agora's server may answer so for a minute."),
    ("Check that start succeeded and that the IDs are those of its response.",),
)
NOTHING_RECORDED = Kind(
    "No file was recorded.",
    ("Nobody published in the channel.",),
    ("The recorder is in the same channel as the users, and they publish.",),
)
RECORDER_EXPIRED = replace(
    EXPIRED,
    meaning="The RTC token with which the recorder joins the channel has expired.",
    client_checks=("Send a fresh token in the start request, built for the recorder's own uid.",),
)
RECORDER_TOKEN = replace(
    WRONG_TOKEN,
    meaning="The RTC token with which the recorder joins the channel is wrong.",
    client_checks=("The token in the start request is for the channel and for the recorder's own uid, an integer.",),
)
SIGNALING_HEADER = Kind(
    "Agora's server rejected the RTM token in the request's header.",
    (
        "The token is missing, wrong, expired, or an RTC token.",
        "The header is of the other token version.",
        "The user id in x-agora-uid is not the one in the token.",
    ),
    (
        "A 007 token goes into Authorization: agora token=..., a 006 token into x-agora-token with x-agora-uid.",
        "The server builds an RTM token for the user id of the request.",
    ),
)

# Conversational AI ---------------------------------------------------------------------------------------------------
CONVOAI_OFF = Kind(
    "Conversational AI is not available for this project.",
    (
        "The service is not enabled for the project.",
        "The App ID is of another project or region.",
        "The account is suspended.",
    ),
    ("Agora Console: enable Conversational AI for the project, and check the App ID and the account's bills.",),
)
AGENT_CONFLICT = Kind(
    "An agent with this name, or a conflicting task, is already running.",
    ("The request to start was sent twice.",),
    ("Use the agent of the response, stop it first, or choose another name.",),
)

# Chat ----------------------------------------------------------------------------------------------------------------
CHAT_TOKEN = Kind(
    "The Chat user token is empty or invalid.",
    (
        "It is an RTC or RTM token: Chat needs a token with the Chat service, built for the user id.",
        "It is an app token, or the token of another user or App Key.",
        "No token was passed.",
    ),
    ("The server builds a Chat user token with the project's App ID and App Certificate.",),
    ("Log in with the user id that the token was built for.",),
)
CHAT_EXPIRED = Kind(
    "The Chat token has expired.",
    ("The app did not renew the token in time.",),
    ("The server returns a new Chat user token when the client asks.",),
    ("Fetch a new token, then log in again.",),
)
CHAT_SOON = Kind(
    "Half of the Chat token's life has passed. Nothing has expired yet.",
    ("This is the SDK's reminder to renew.",),
    (),
    ("Fetch a new token now and pass it to renewToken.",),
)
CHAT_USER = Kind(
    "Chat does not know this user.",
    ("The user id is not registered, or is misspelt.",),
    ("Register the user with the Chat RESTful API or in the console first. A token alone registers nobody.",),
    ("The user id is the registered one.",),
)
CHAT_USER_ID = Kind(
    "The Chat user id is not valid.",
    ("It is empty, longer than 64 bytes, or contains a character that Chat does not allow.",),
    (),
    ("Pass the registered user id.",),
)
CHAT_LOGIN = Kind(
    "The Chat client is not logged in.",
    (
        "The call came before login succeeded, or after the connection closed.",
        "The login failed, often because of its token.",
    ),
    (),
    ("Wait for the login to succeed, then call again. If it fails, look up its error first.",),
)
CHAT_OTHER_DEVICE = Kind(
    "Chat ended this session.",
    ("The user logged in elsewhere, was removed from a device, or changed the password.",),
    ("For several devices at once, enable multi-device login in the console.",),
    ("Log in again if the user wants to continue here.",),
)
CHAT_APP_KEY = Kind(
    "The Chat App Key is missing or wrong.",
    ("The App ID was passed instead: the App Key has the form organisation#app.",),
    ("Agora Console, Chat: copy the App Key.",),
    ("Initialise the SDK with the App Key.",),
)
CHAT_OFF = Kind(
    "Chat is not available for this app.",
    ("Chat, or this feature of it, is not enabled, or the app is banned.",),
    ("Agora Console: enable Chat and the feature, or ask Agora's support.",),
)
CHAT_ARGUMENT = Kind(
    "A parameter of the Chat call is not valid.",
    ("A parameter is empty, too long or of the wrong type.",),
    (),
    ("Check every parameter of the call.",),
)
CHAT_APP_TOKEN = Kind(
    "The Chat RESTful API rejected the app token.",
    (
        "The token is missing, expired, malformed, or a user token.",
        "It is an RTC or RTM token.",
        "The header is not Authorization: Bearer <app token>.",
    ),
    ("Your server builds a Chat app token with the project's App ID and App Certificate and sends it as Bearer.",),
)
CHAT_ADDRESS = Kind(
    "The Chat RESTful API does not know this organisation or app.",
    ("The org_name or app_name in the URL is wrong, or the REST host is that of another data centre.",),
    ("Agora Console, Chat: copy the REST host, org_name and app_name.",),
)

# Flexible Classroom --------------------------------------------------------------------------------------------------
CLASSROOM_TOKEN = Kind(
    "Flexible Classroom rejected the token of launch.",
    (
        "The token is wrong or expired.",
        "It does not belong to this App ID, or is for another user id.",
    ),
    ("The server builds the token with App ID and App Certificate of this project, for the user who launches.",),
    ("App ID, user id and token passed to launch belong together.",),
)
CLASSROOM_JOIN = Kind(
    "The client could not join the classroom.",
    (
        "The token is wrong, or does not belong to this App ID.",
        "The region of launch is not that of the project.",
        "The room is full, has expired or does not exist.",
    ),
    ("Agora Console: Flexible Classroom is enabled for the project; check its region.",),
    ("App ID, user id, token and region passed to launch belong together.",),
)

WHITEBOARD = Kind(
    "The whiteboard of the classroom rejected its own token, which is neither an RTC nor an RTM token.",
    ("The whiteboard is not set up for the project, or its credentials are those of another one.",),
    ("Agora Console, Flexible Classroom: set up the whiteboard with the AppIdentifier and token of this project.",),
)
WHITEBOARD_OFF = replace(WHITEBOARD, meaning="The whiteboard of the classroom is not set up for the project.")

# Token servers -------------------------------------------------------------------------------------------------------
NO_CERTIFICATE = Kind(
    "The token server runs without App Certificate or App ID, so it cannot build a token.",
    (
        "The environment variable is missing, or has another name than the code reads.",
        "The .env file is not loaded, or not where the server looks for it.",
    ),
    ("App ID and App Certificate are set in the server's environment, under the names that its code reads.",),
)
NUMBER_TOO_LARGE = Kind(
    "The token server passed a number that does not fit 32 bits, so no token was built.",
    (
        "The expiry is in milliseconds: divide by 1000 and round down.",
        "The uid is negative or larger than 4294967295.",
    ),
    ("Expiry in seconds, uid 1 to 4294967295, both as whole numbers.",),
)
BUILDER_ARGUMENTS = Kind(
    "The token builder was called with other arguments than it takes.",
    (
        "The call is written for another version: 006 builders take a point in time, 007 builders two durations.",
        "An argument is missing or in another place.",
    ),
    ("Compare the call with the builder of the installed package.",),
)
OLD_JAVA = Kind(
    "Agora's Java library for tokens was built for a newer Java than this one.",
    ("The server runs on Java 8.",),
    ("Run the server on a newer Java, or build the library from its source.",),
)
TOKEN_REQUEST = Kind(
    "The token server rejected the request, so no token was built. This is not Agora's answer.",
    (
        "A field or a part of the path is missing, misspelt or not allowed.",
        "A placeholder such as :userAccount was sent instead of a value.",
    ),
    ("Read the server's message: it names the field.",),
    ("Fill in every placeholder of the URL, and send what the server documents.",),
)
TOKEN_REQUEST_UNAUTHORIZED = Kind(
    "The token server does not accept the caller. This is your own server's policy, not Agora's.",
    ("The request has no API key or session, or one that the server does not know.", "Too many requests came."),
    ("The server's access policy knows this caller.",),
    ("Send the key or the session that your server expects.",),
)
CORS = Kind(
    "The browser does not let the page read the response of another server. Agora rejected nothing.",
    ("The token server sends no CORS headers for the page's origin.", "Its response was an error without them."),
    ("Token server: allow the page's exact origin, also for the preflight (OPTIONS), or serve the page from it.",),
    ("Look at the browser's network log: the request goes to your own server, not to Agora.",),
)
