"""Where a text comes from: the words by which SDKs, servers and other programs give themselves away.

A sign is a phrase of whole lower-case words, such as ``"cloud recording"``; ``*`` at its end stands for the rest of a
word. A sign with another character in it, such as a quotation mark, is looked for as it stands, in the text without its
spaces: that is for the shape of JSON and of calls, and for languages that write no spaces. Between signs, ``|`` means
"or" and ``&`` means "and".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import get_args

from .table import ErrorExplanation, Surface

AGORA: frozenset[Surface] = frozenset(get_args(Surface)) - {"not Agora"}
CLIENTS: frozenset[Surface] = frozenset(
    ("RTC native", "RTC Web", "RTM 2.x", "RTM 1.x", "Chat", "Flexible Classroom", "legacy Signaling")
)
"""SDKs, which print what a client sees; the others are servers."""
_RTC: tuple[Surface, ...] = ("RTC native", "RTC Web")
_RTM: tuple[Surface, ...] = ("RTM 2.x", "RTM 1.x")

_SIGNS: tuple[tuple[tuple[Surface, ...], str], ...] = (
    (
        ("RTC native",),
        """
        agorartcexception( | io agora rtc* | agora rtc engine* | agorartcengine* | agorartckit* | nodertcengine* |
        stat_code
        """,
    ),
    (
        ("RTC Web",),
        """
        agorartc | agorartcerror | agorartcexception | agorartc n* | agora rtc sdk ng* | agora rtc react* |
        agora sdk error | agora sdk warning | agora sdk debug | agora sdk info | get server node | webrtc2* |
        connection-state-change | can not get gateway server | client-banned
        """,
    ),
    (
        ("Chat REST",),
        """
        chat agora io | chat rest* | chat app token | "error":"auth_
        """,
    ),
    (
        ("Chat",),
        """
        agorachat* | agora chat* | webim* | emerror* | emaerror* | chaterror* | react native agora chat
        """,
    ),
    (("Chat", "Chat REST"), "easemob* | hyphenate* | agora im | 环信"),
    (
        ("Conversational AI",),
        """
        conversational ai* | convoai* | conversationalai* | "detail":&"reason":" | agent exits with reason
        """,
    ),
    (
        ("Flexible Classroom",),
        """
        agoraedu* | agora edu* | agora io cn edu | agora io edu | netless* | flexible classroom | agoraclassroom* |
        fcr* | apaas* | eduerror* | edu err*
        """,
    ),
    (
        ("Signaling REST", "Flexible Classroom"),
        "x agora token | x agora uid | agora token 007* | signaling rest* | rtm rest*",
    ),
    (("legacy Signaling",), "agoraapi* | iagoraapi* | ecode | signaling key | login_e_ | logout_e_"),
    (
        ("Signaling REST", "RTM 2.x"),
        """
        "errorcode":&"reason":
        """,
    ),
    (
        ("RESTful API",),
        """
        cloud record* | cloudrecord* | 云端录制 | 云录制 | kicking rule | api agora io | api sd rtn com |
        customer id&customer secret | rtmp converter* | media push | media gateway | cloud transcod* | real time stt |
        "resourceid":&"sid": | "resourceid":&"cname":
        """,
    ),
    (
        ("token server",),
        """
        token server | tokenserver | io agora media* | io agora chat* | accesstoken js | accesstoken py |
        rtctokenbuilder* | rtmtokenbuilder* | agora token service | agora token builder | agora access token |
        dynamickey* | "error":{"code":&"field":
        """,
    ),
    (
        ("RTM 1.x",),
        """
        agorartmconnectionchangereason* | peer_message_err | channel_message_err | attribute_operation_err |
        leave_channel_err | rtminvalid* | rtminternalerror* | rtmtimeouterror* |
        login_err | join_channel_err | renew_token_err |
        agorartmclient login | agorartmloginerror* | rtm login error* | rtmloginerror* | rtm 1 | rtm v1 |
        rtm sdk 1 | agora rtm sdk 1 | signaling 1 | newstate&login failure | connection change reason*
        """,
    ),
    (
        ("RTM 2.x",),
        """
        rtm_error | rtm link* | link state* | linkstate* | rtm 2 | rtm2 | rtm v2 | rtm sdk 2 | signaling 2 |
        agora rtm sdk 2 | rtm_connection_changed | agorartmerror* | agorartmclientkit* | login operation |
        errorinfo{errorreason | rtmerrorcode*
        """,
    ),
    (
        _RTM,
        """
        rtm | rtmerror | rtmunauthenticatederror | rtmclient* | agorartm* | agora rtm* | signaling | signalling | 信令
        """,
    ),
    (
        ("RTC native",),
        """
        rtcengine* | rtc engine* | iagorartcengine* | onconnectionfailure* | on_connection_failure |
        onerror{"err": | onconnectionstatechanged* | didoccurerror* | errorcode.invalid | errorcode.token |
        errorcode.join | errorcodetype* | error code type | iris_rtc | iris rtc* | iris web rtc* | connectionchanged* |
        agoraconnectionchanged* | connection_changed_ | agoraerrorcode* | joinchannel* |
        agora sdk | react native agora | localvideostream* |
        onjoinchannel* | connection state failed | ontokenprivilegewillexpire | onrequesttoken | vocs | [ap/ |
        agora unity*
        """,
    ),
    (_RTC, "agora rtc*"),
    (tuple(AGORA), "agora* | renewtoken* | sd rtn* | 声网 | shengwang* | 아고라 | アゴラ"),
)
"""What names an SDK or server of Agora, or a token server. From the most to the least decisive: each line narrows what
the lines before it left, and counts for nothing if that would leave nothing."""

_HINTS: tuple[tuple[tuple[Surface, ...], str], ...] = (
    (("RTC native",), "native | android | unity | platformexception"),
    (("Chat", "Chat REST"), "chat | chatclient*"),
    (
        ("RESTful API",),
        """
        "code":&"reason":"
        """,
    ),
    (("RTC Web",), "gateway | web | browser | javascript | in promise"),
    (("RTC native", "Chat"), "onerror*"),
    (
        _RTC,
        """
        agora video* | agora voice* | agora live* | rtc | join | joining |
        加入频道 | 频道 | チャンネル | canal | kanal
        """,
    ),
    (("RESTful API",), "acquire | recording | 录制"),
    (
        ("RESTful API", "Signaling REST", "Conversational AI"),
        """
        {"message":
        """,
    ),
    ((*_RTM, "Chat", "legacy Signaling"), "login | log in | logging in | 登录"),
)
"""What every program may print, but what helps to choose where one code means several things."""


@dataclass(frozen=True, slots=True)
class Program:
    """A program whose messages are not Agora's.

    Attributes:
        name: who writes such texts.
        meaning: what they are about, in one sentence.
        signs: the signs by which they are recognised.
        faint: the signs are so general that any sign of Agora outweighs them.
    """

    name: str
    meaning: str
    signs: str
    faint: bool = False

    def explain(self) -> ErrorExplanation:
        """Return the answer that the text is this program's and not Agora's."""
        return ErrorExplanation(
            "not Agora",
            "",
            self.name,
            f"This text is not Agora's. {self.meaning}",
            client_checks=("Look it up where it comes from. If an error of Agora's SDK follows it, look up that one.",),
            source="The words of the text itself.",
        )


_OWN_LOGIN = "It is about a token of your app's own login, not about an Agora token."
_SOMEBODY = "It is about the account or the token of that service."
_PROGRAMS: tuple[Program, ...] = (
    Program(
        "Google or Firebase",
        _SOMEBODY,
        """
        firebase* | auth id token* | firestore* | googleapis* | google api* | messaging registration token* | fcm* |
        status&"unauthenticated" | apiexception | gms* | expected oauth 2 access token |
        google play* | permission_denied:missing | recaptcha*
        """,
    ),
    Program(
        "Apple's push service or App Store",
        _SOMEBODY,
        """
        apns* | invalidprovidertoken | expiredprovidertoken | baddevicetoken | devicetokennotfortopic |
        skerrordomain | itms*
        """,
    ),
    Program(
        "Twilio",
        _SOMEBODY,
        "twilio*",
    ),
    Program(
        "Zoom",
        _SOMEBODY,
        "zoom* | internalerrorcode",
    ),
    Program(
        "LiveKit",
        _SOMEBODY,
        "livekit* | could not establish signal connection | lkroom",
    ),
    Program(
        "Stream",
        _SOMEBODY,
        "streamchat* | streamvideo* | getstream* | stream video* | stream chat* | jwtauth error",
    ),
    Program(
        "Daily",
        _SOMEBODY,
        "daily js* | dailyjs | daily co | exp token | dailyiframe* | meeting token",
    ),
    Program(
        "100ms",
        _SOMEBODY,
        "100ms* | hmsexception* | live hms* | hmssdk* | hmserror* | hms video*",
    ),
    Program(
        "Jitsi",
        _SOMEBODY,
        "jitsi* | jaas* | 8x8* | lib jitsi meet | prosody",
    ),
    Program(
        "another vendor's video or chat service",
        _SOMEBODY,
        """
        vonage* | opentok* | ot exception* | tokbox* | sendbird* | pubnub* | pusher* | ably* | cometchat* | zego* |
        trtc* | txlivesdk* | tencent* | tim sdk | usersig* | imsdk* | sdkappid* | openim* | applozic* |
        mediasoup* | janus* | videosdk* | dyte* | chime* | amazon chime |
        whereby* | mirrorfly* | quickblox* | millicast* | antmedia* | bandwidth com | infobip* | volcengine* |
        byteplus* | netease* | yunxin* | rongcloud* | discord* | slack* | telegram* | whatsapp* | facebook* |
        wechat* | 微信 | 小程序 |
        oauthexception
        """,
    ),
    Program(
        "a JSON Web Token library",
        _OWN_LOGIN,
        """
        jsonwebtokenerror | jsonwebtoken | tokenexpirederror | notbeforeerror | jwt* | pyjwt* | jose exceptions |
        express jwt | expiredsignatureerror | invalidsignatureerror | invalid claims | signature has expired |
        invalid token specified | nimbusds* | io jsonwebtoken | expiredjwtexception | signatureexception |
        malformedjwt* | idx10* | securitytokenexpired* | securitytokeninvalid* | djangorestframework simplejwt |
        token not valid&user_not_found | given token not valid for any token type | tymon* | lcobucci* |
        invalid signature | firebase jwt | itsdangerous* | token is expired by | could not parse claims |
        invalid audience | invalid issuer | invalid compact jws
        """,
    ),
    Program(
        "OAuth 2.0 or OpenID Connect",
        _OWN_LOGIN,
        """
        error="invalid_token" | "error":"invalid_token" | invalid grant | invalid client | oauth* | openid | auth0* |
        okta* | keycloak* | cognito* | msal* | aadsts* | access denied&oauth | refresh token* | id token |
        access token expired&bearer | clerk* | supabase* | pgrst* | nextauth* | next auth | passport* | authjs*
        """,
    ),
    Program(
        "AWS",
        _SOMEBODY,
        """
        aws* | amazonaws* | expiredtokenexception | botocore* | unrecognizedclientexception | invalidclienttokenid |
        expiredtoken
        """,
    ),
    Program(
        "Stripe or another payment service",
        _SOMEBODY,
        "stripe* | paypal* | razorpay* | braintree* | invalid api key provided",
    ),
    Program(
        "a web framework's protection against forged requests",
        "The form or the request lacks the CSRF token of your own web server.",
        """
        csrf* | xsrf* | invalidauthenticitytoken | authenticity token | tokenmismatchexception | antiforgery*
        """,
    ),
    Program(
        "a package manager",
        "It could not fetch or install a package.",
        """
        npm err* | npm http | npm warn | yarn error | err pnpm* | pnpm* | eresolve | e401 | e404 | pip install |
        could not find a version | no matching distribution found | cocoapods* | pod install | trunk url |
        compatible versions for pod | composer* | packagist* | nuget* | go mod* | go sumdb | cargo* | pub get |
        pub dev | version solving failed | brew* | apt get | dpkg* | err ossl*
        """,
    ),
    Program(
        "a compiler, linker or build tool",
        "The program does not build, so no SDK has run.",
        """
        error cs1* | error cs0* | error cs2* | error cs4* | error cs7* | error cs8* | error ts* | error c2* |
        error c1* | error lnk* | lnk2* | lnk1* | gradle* | execution failed for task | build failed |
        what went wrong | clang* | linker command failed | ld library not found | undefined symbol* |
        undefined reference | framework not found | xcodebuild* | code sign error | swiftcompile* |
        swift compiler error | kotlinc* | ksp* | kapt* | manifest merger* | aapt* | webpack* | module not found |
        vite | rollup* | babel* | esbuild* | eslint* | tsc | cmake* | make error* | gcc* | unexpected token* |
        syntaxerror | parseerror | parse error | unterminated string | typescript* | dart compiler* |
        no module named | modulenotfounderror | importerror | cannot find module | err module not found |
        err require esm | il2cpp* | burst error* | proguard* | nullreferenceexception | classnotfoundexception |
        noclassdeffounderror | unsatisfiedlinkerror | dllnotfoundexception | dlopen* | error e0* | error[e | e0308 |
        program type already present
        """,
    ),
    Program(
        "git or its host",
        _SOMEBODY,
        """
        git | github* | gitlab* | bitbucket* | fatal authentication failed | support for password authentication |
        publickey | personal access token | remote invalid username* | git operations
        """,
    ),
    Program(
        "Docker, Kubernetes or a cloud host",
        _SOMEBODY,
        """
        docker* | response from daemon | kubectl* | kubernetes* | kubelet* | helm* | heroku* | vercel* | netlify* |
        cloudflare* | terraform*
        """,
    ),
    Program(
        "a database",
        "Your own server could not use its database.",
        """
        sqlstate* | sqlite* | mysql* | mariadb* | postgres* | psql* | psycopg* | pg error | ora 0* | mongo* | redis* |
        replyerror | noauth authentication required | wrongpass | sequelize* | prisma* | typeorm* | sqlalchemy* |
        operationalerror | access denied for user | password authentication failed for user | duplicate entry |
        jdbc* | sqlexception | elasticsearch* | cassandra* | dynamodb* | mssql* | error 1045 |
        fatal password authentication
        """,
    ),
    Program(
        "the browser's or the system's camera and microphone",
        "It is about the device or the permission to use it, not about tokens.",
        """
        notreadableerror | notallowederror | notfounderror | overconstrainederror | permissiondeniederror |
        aborterror | invalidstateerror | devicenotfounderror | trackstarterror | getusermedia* | mediadevices* |
        getdisplaymedia* | could not start video source | requested device not found | mediaerror* | demuxer* |
        medium_err | play() failed | play failed because | play request was interrupted | avfoundationerrordomain |
        avaudiosession* | osstatus* | audiorecord* | camera2* | cameradevice* | exoplayer* | hls js | media err* |
        decoding failed | failed to load because no supported source
        """,
    ),
    Program(
        "the browser's network",
        "The request did not get through: name, connection, certificate or a blocker.",
        """
        net err* | err name not resolved | err connection* | err internet disconnected | err cert* |
        err blocked by client | err ssl* | err timed out | err aborted | err failed 200 | mixed content |
        failed to load resource | ns error* | refused to connect because it violates | content security policy |
        failed to fetch | networkerror when attempting
        """,
    ),
    Program(
        "a WebSocket",
        "The connection closed or was refused; the number is a WebSocket or HTTP status.",
        """
        websocket connection to | websocket is closed* | websocket is already* | websocket handshake* | closeevent* |
        websocketexception* | websocket error | websocketerror | unexpected server response | socket io | socketio* |
        engine io | ws error | wss error | connectionclosederror | close code 1* | invalidstatuscode |
        websocket close* | websocketconnectionerror
        """,
        faint=True,
    ),
    Program(
        "the operating system's network or files",
        "The number is an error of the system (errno), not one of Agora's.",
        """
        errno* | connection timed out | connection refused | connection reset* | no such file* | permission denied |
        network is unreachable | no route to host | host is unreachable | broken pipe | address already in use |
        socket | recv | smb | connection timeout |
        file exists | access is denied | access denied | too many open files | operation not permitted |
        no space left* | out of memory | etimedout | econnrefused | econnreset | enotfound | enoent | eacces | epipe |
        ehostunreach | enetunreach | eaddrinuse | eai again | getaddrinfo* | name or service not known |
        could not resolve host | transport endpoint* | nsurlerrordomain | nsposixerrordomain | kcferrordomain* |
        cfnetwork* | nscocoaerrordomain | sigsegv | sigabrt | signal 11 | curl | ssl error* | ssl certificate* |
        certificate verify failed | handshake failed | tls* | sslhandshakeexception | sockettimeoutexception |
        unknownhostexception | connectexception | operation timed out | bad file descriptor | winerror* | kernel* |
        mmc0 | usb* | bluetooth* | mount* | systemd* | no child processes | resource temporarily unavailable |
        invalid argument | illegal seek | input output error
        """,
        faint=True,
    ),
    Program(
        "a web server or proxy",
        "It could not reach or would not answer its own backend.",
        """
        upstream* | nginx* | apache* | bad gateway | 504 gateway time* | haproxy* | traefik* | caddy* | envoy* |
        gunicorn* | iis
        """,
        faint=True,
    ),
    Program(
        "Flutter or React Native",
        "A plugin's native half is missing or did not answer.",
        """
        channel error unable to establish connection* | unable to establish connection on channel |
        missingpluginexception* | renderflex* | setstate() called | turbomodule* | native module cannot be null |
        invariant violation | red box | nativemodule* | null check operator* | type null is not a subtype* |
        lateinitializationerror
        """,
    ),
    Program(
        "a web server, or the HTTP client that called it",
        "It is the HTTP status of some server: its address says which. If it is Agora's API, look the whole text up.",
        """
        axioserror | request failed with status code | dioexception* | dioerror* | httpexception* | clientexception* |
        urlsession* | okhttp* | httperror* | statuscode | http 4* | http 5* | http 1 1 | http 2 | status code |
        unauthorized | 403 forbidden | 404 not found | 500 internal server error | too many requests
        """,
        faint=True,
    ),
    Program(
        "your app's own login",
        _OWN_LOGIN,
        """
        wrong password | incorrect password | invalid password | invalid credentials | invalid username* |
        bad credentials | session expired | please sign in | please login again | please log in again |
        incorrect api key | invalid api key
        """,
        faint=True,
    ),
    Program(
        "a program that ended",
        "The number is its exit status.",
        """
        exit code | exit status | exited with* | exit value | exitcode | command failed* | process finished*
        """,
        faint=True,
    ),
    Program(
        "an MQTT broker or client",
        "The number is a return code of MQTT: 5 says that the broker does not accept the client.",
        "mqtt* | mosquitto* | connack",
    ),
    Program(
        "a mail or file transfer server",
        _SOMEBODY,
        "smtp* | imap* | ftp* | sendgrid* | mailgun* | ses error* | nodemailer* | sftp*",
    ),
    Program(
        "a graphics driver or media tool",
        "It is about pictures or sound, not about tokens.",
        """
        ffmpeg* | ffprobe* | gstreamer* | opengl* | vulkan* | directx* | d3d1* | egl* | webgl* | cuda* | obs studio
        """,
        faint=True,
    ),
)
"""Programs whose messages people take for Agora's. The first that fits is the answer."""


class Words:
    """A text in the two forms in which signs are looked for."""

    def __init__(self, lower: str) -> None:
        self.words = " " + re.sub(r"[\W_]+", " ", lower) + " "
        self.compact = re.sub(r"\s+", "", lower)

    def has_any(self, signs: str) -> bool:
        """Return whether one of the signs occurs."""
        return any(
            all(phrase in (self.words if phrase[0] == " " else self.compact) for phrase in sign)
            for sign in _parse(signs)
        )


@cache
def _parse(signs: str) -> tuple[tuple[str, ...], ...]:
    """Split signs into the phrases to look for: among the words with a space before it, else in the compact text."""
    return tuple(tuple(_phrase(part.strip()) for part in sign.split("&")) for sign in signs.split("|"))


def _phrase(part: str) -> str:
    words = " ".join(part.split())
    if re.fullmatch(r"[a-z0-9 ]+\*?", words):
        return f" {words} ".replace("* ", "")
    return words.replace(" ", "")


def named_surfaces(words: Words) -> frozenset[Surface] | None:
    """Return the SDKs and servers that a text names: all if it only says "Agora", None if it names none."""
    surfaces = None
    for names, signs in _SIGNS:
        if words.has_any(signs):
            surfaces = (surfaces or AGORA) & set(names) or surfaces
    return surfaces


def hinted_surfaces(words: Words, surfaces: frozenset[Surface]) -> frozenset[Surface]:
    """Return those surfaces that general words of the text point to, or all if they point to none."""
    for names, signs in _HINTS:
        if words.has_any(signs):
            surfaces = surfaces & set(names) or surfaces
    return surfaces


def find_program(words: Words, *, faint: bool) -> Program | None:
    """Return the program that is not Agora's and whose text it is, or None. Faint signs count only if asked for."""
    programs = (program for program in _PROGRAMS if faint or not program.faint)
    return next((program for program in programs if words.has_any(program.signs)), None)
