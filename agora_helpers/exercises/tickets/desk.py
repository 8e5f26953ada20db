"""The ten tickets, as data, from easy to nasty.

They follow what developers reported in public, with other names. Their tokens are signed for Agora's sample project.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ...constants import DAY
from ...credentials import Credentials
from ...practice.project import Project
from ...tokens import v006
from ...tokens.builders import build_rtc_token
from ...tokens.services import RtcService, RtmService
from ..faults import NOW, SALT
from ..unchecked import sign_unchecked
from .causes import Aspect, Cause

_HOME_MADE = "007970CA35de60c44645bbae8a215061b33AAHiQGoZ9oBqGLMQlr4Kud9OfwCho9G9X1Icls2Bqp04zjKM9QKLY+DY7gA="
_BIG_ID = 17_600_000_000_123


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One ticket: what the customer sent, what is wrong, and what the material says about everything else."""

    subject: str
    material: str
    """Lines of at most 100 characters. ``007…`` stands for the token, whose text differs between builds of zlib."""
    faults: Mapping[Cause, str]
    """The right causes, each with the evidence for it."""
    shows: Mapping[Aspect, str]
    """What the material says about each aspect. It follows the sign of a wrong cause."""
    against: Mapping[Cause, str] = field(default_factory=dict)
    """What speaks against a wrong cause, where that takes more than its sign and the aspect."""
    hint: str
    token: Callable[[], str] | None = None
    """Builds the token; None if the customer sent none."""


def _with_uid_1() -> str:
    return build_rtc_token(Credentials.demo(), "standup", uid=1, role="publisher", now=NOW, salt=SALT)


def _for_ten_minutes() -> str:
    return build_rtc_token(Credentials.demo(), "standup", uid=7, role="publisher", expires_in=600, now=NOW, salt=SALT)


def _for_one_second() -> str:
    return sign_unchecked(Credentials.demo(), RtmService("alice", {1: 1}), issued_at=NOW, expire=1, salt=SALT)


def _from_the_console() -> str:
    return Project(Credentials.demo()).temporary_token("support", now=NOW, salt=SALT)


def _for_a_big_id() -> str:
    service = RtcService("standup", str(_BIG_ID), dict.fromkeys((1, 2, 3, 4), 3600))
    return sign_unchecked(Credentials.demo(), service, issued_at=NOW, expire=3600, salt=SALT)


def _for_guests() -> str:
    """Build what agora-token-builder returns for the arguments in the ticket."""
    credentials = Credentials.demo()
    pair = (credentials.app_id, credentials.app_certificate)
    return v006.encode(*pair, "lobby", "0", dict.fromkeys((1, 2, 3, 4), 3600), ts=NOW + DAY, salt=SALT)


_NO_ENTRY = Ticket(
    subject="Nobody gets in since this morning",
    material="""\
From a web developer, in a hurry

"Nobody can join since this morning, and we have a demo at noon! We changed nothing in the app.
A colleague tidied up our project in the Agora Console yesterday."

Browser console
  AgoraRTCError CAN_NOT_GET_GATEWAY_SERVER: dynamic use static key

Code
  await client.join(APP_ID, "standup", null, 7);""",
    faults={
        Cause.TOKEN_MISSING: 'The first word of "dynamic use static key" is about the project, which requires a '
        "token; the second is about the client, which sent none. The third argument of join is null. Tidying up "
        'probably removed the entry "No certificate".',
    },
    shows={
        "project": 'The browser shows "dynamic use static key" here.',
        "signature": 'The client would then show "invalid token", and not "dynamic use static key".',
        "format": 'Agora answers with "dynamic use static key", which is about a kind of key, and not about how it is '
        "written.",
        "service": "This client joins a channel and does not log in to Signaling, and no service is mentioned.",
        "channel": 'Agora answers a mismatch with "invalid token, authorized failed", and the browser shows another '
        "message.",
        "user": 'Agora answers a mismatch with "invalid token, authorized failed", and the browser shows another '
        "message.",
        "names": '"standup" and 7 are valid.',
        "time": 'Agora answers a token that has expired with "dynamic key expired" or "dynamic key or token timeout".',
        "role": "Here the error comes from join.",
        "origin": "CAN_NOT_GET_GATEWAY_SERVER is an error of Agora's Web SDK, and what follows it is Agora's answer.",
    },
    hint='Pass the line from the browser console to explain_error. What does "dynamic" refer to, and what "static"?',
)

_STILL_INVALID = Ticket(
    subject="Invalid token, although it is one minute old",
    material="""\
From a mobile developer, angry

"Your tokens are broken. Same App ID, same channel, fresh token, and still INVALID. Our web app
uses the same server and has no problem. I have lost a whole day with this."

Token server, 2023-11-14
  22:13:20Z GET /rtc/standup/publisher/uid/1/?expiry=3600
  22:13:20Z 200 {"rtcToken": "007…"}

Flutter app, 2023-11-14
  22:14:20Z await engine.joinChannel(
              token: rtcToken, channelId: "standup", uid: 0, options: options);
  22:14:21Z onError: ErrorCodeType.errInvalidToken""",
    faults={
        Cause.JOINS_WITH_ZERO: 'The path of the request has uid 1, and decode shows uid "1" in the token. '
        "joinChannel has uid: 0, so Agora gives the client a random uid, which the token does not admit.",
    },
    shows={
        "sent": "The app passes on the token from the server's answer.",
        "project": "Here the web app joins the same project with tokens of the same server.",
        "signature": "The server returned a token, and verify finds its signature valid.",
        "format": "decode reads this one to the end.",
        "service": "This one has rtc, and joining a channel needs rtc.",
        "channel": 'The request, the token and the app all have "standup".',
        "user": "The token was requested by this app for itself, and every number in the ticket is small.",
        "names": "The names in this ticket are valid.",
        "time": "This one has version 007, was issued at 22:13:20 for an hour, and was used once, a minute later.",
        "role": "The app joins with a publisher's token, and fails before it publishes.",
        "origin": "The token server answered 200, and errInvalidToken is an error code of Agora's Flutter SDK.",
    },
    against={
        Cause.UID_ZERO_AS_STRING: 'The uid in this token is "1", as decode shows, and the server was not asked for '
        "any uid.",
    },
    hint="Decode tickets.token(2), and compare each of its fields with an argument of joinChannel.",
    token=_with_uid_1,
)

_IN_THE_CONTAINER = Ticket(
    subject="Status 500, but only in the container",
    material="""\
From a backend developer, polite

"Good morning! Our token server has been running on my laptop for weeks. In the container, every
request ends as below, with the same code and the same request. Thank you for any idea."

Request
  POST /token {"channel": "standup", "account": "alice"}

Log of the token server
  TypeError [ERR_INVALID_ARG_TYPE]: The first argument must be of type string or an instance of
  Buffer, ArrayBuffer, or Array or an Array-like Object. Received undefined
      at AccessToken.build (/app/node_modules/agora-access-token/src/AccessToken.js:31:21)
      at Function.buildTokenWithAccount
        (/app/node_modules/agora-access-token/src/RtcTokenBuilder.js:70:25)

Code
  const { APP_ID, APP_CERTIFICATE } = process.env;
  const token = RtcTokenBuilder.buildTokenWithAccount(
    APP_ID, APP_CERTIFICATE, req.body.channel, req.body.account, RtcRole.PUBLISHER, expiresAt);""",
    faults={
        Cause.CREDENTIALS_NOT_SET: "AccessToken.build received undefined. Channel and account are in the request, "
        "so the value that is missing comes from process.env, and the container has another environment than the "
        "laptop.",
    },
    shows={
        "sent": "This log is that of the token server, which failed before it answered.",
        "project": "Nothing was sent to Agora: the token server failed.",
        "signature": "No token was signed: the builder itself failed.",
        "format": "No token left this server: the builder failed.",
        "service": "No token was built, for neither of the two services.",
        "channel": "No token was built, and no client has joined a channel.",
        "user": "No token was built, and no client has joined with a uid.",
        "names": 'The request has both names, "standup" and "alice", and both are valid.',
        "time": "No token was built, so none has a time.",
        "role": "No client has joined yet.",
        "origin": "The stack trace names agora-access-token, which ran for this request.",
    },
    hint="Pass the log to explain_error. Which arguments of the builder come from the request, and which do not?",
)

_OUR_CERTIFICATE_IS_RIGHT = Ticket(
    subject='Agora says "invalid token"',
    material="""\
From a full-stack developer, quite sure

"Agora has rejected our tokens since we deployed. We have checked the App Certificate three times,
so it's on your side. Please escalate."

Log of the app, 2023-11-14
  22:13:20Z GET /api/rtc-token?channel=standup 401
  22:13:20Z JsonWebTokenError: invalid token
    at module.exports [as verify] (/app/node_modules/jsonwebtoken/verify.js:75:17)
    at requireLogin (/app/src/middleware/login.js:12:9)
  22:13:21Z browser: no RTC token (status 401), not joining""",
    faults={
        Cause.NOT_AGORA: "The stack trace names jsonwebtoken, called by the app's own login middleware. It "
        "rejected the user's session with 401, so no Agora token was built, and the browser did not join.",
    },
    shows={
        "sent": 'The browser stopped by itself: "not joining".',
        "project": "The browser did not join, so no answer of Agora's is in this log.",
        "signature": "The stack trace names no builder of tokens, and no certificate.",
        "format": "No token is in the log: the browser received a status 401.",
        "service": "The request was for an RTC token, and the browser wanted to join a channel.",
        "channel": "No token was returned for this channel, so there is nothing to compare.",
        "user": "No token was returned for any user, so there is nothing to compare.",
        "names": '"standup" is valid.',
        "time": "The message is not about a time, and the log shows no token with a time.",
        "role": "Here nobody has joined.",
        "origin": "This path answers 401, after a middleware ran for it.",
    },
    hint="Read the stack trace from below: which function called, and in which package was the error raised?",
)

_APP_ID_IS_RIGHT = Ticket(
    subject="Has our free tier ended?",
    material=f"""\
From a founder, worried

"Agora says that it can't find our App ID. I compared it character by character, and with a
temporary token from the console the same app gets in. Is our free tier over? Nobody answers."

Browser console
  AgoraRTCError CAN_NOT_GET_GATEWAY_SERVER: invalid vendor key, can not find appid

Token, the same in the log of our edge function and in the browser
  {_HOME_MADE[:52]}
  {_HOME_MADE[52:]}""",
    faults={
        Cause.HOME_MADE_TOKEN: "The App ID follows 007 in plain text. A 007 token is compressed, and starts with "
        "007eJ. No builder of Agora's creates such a string. A wrong token has been reported to lead to this message.",
    },
    shows={
        "sent": "The browser has a string that it passes as its token.",
        "project": "Here the same app is admitted with a temporary token from the console.",
        "signature": "The function returned a string, and verify objects to it before it comes to a signature.",
        "service": "Agora's answer is about an App ID that it did not find, and not about a service.",
        "channel": 'Agora answers a mismatch with "invalid token, authorized failed", and not with "can not find '
        'appid".',
        "user": 'Agora answers a mismatch with "invalid token, authorized failed", and not with "can not find appid".',
        "names": "With a temporary token the same client is admitted, under the same names.",
        "time": 'Agora answers a token that has expired with "dynamic key expired" or "dynamic key or token timeout", '
        'and not with "can not find appid".',
        "role": "Here the error comes from join.",
        "origin": "The function returned something, and CAN_NOT_GET_GATEWAY_SERVER is an error of Agora's Web SDK.",
    },
    against={
        Cause.UNKNOWN_APP_ID: "The message reads like that, but with a temporary token from the console the same "
        "app, with the same App ID, is admitted.",
        Cause.DAMAGED_TOKEN: "The function's log and the browser show the same string, and repair finds nothing to "
        "repair in it.",
    },
    hint="Decode tickets.token(5). What does the error say about the characters after 007?",
    token=lambda: _HOME_MADE,
)

_RENEWED_IN_TIME = Ticket(
    subject="Disconnected after ten minutes, renewal works",
    material="""\
From a mobile developer, brief

"See log. Renewal is implemented and returns 0. Still kicked."

Token server, 2023-11-14
  22:13:20Z token for standup, uid 7: 007…

App (C#), 2023-11-14
  22:13:21Z JoinChannel standup, uid 7: joined
  22:22:50Z OnTokenPrivilegeWillExpire
  22:22:50Z RenewToken returned 0
  22:23:20Z OnConnectionStateChanged: CONNECTION_CHANGED_TOKEN_EXPIRED (9)

Code
  public override void OnTokenPrivilegeWillExpire(string token)
  {
      engine.RenewToken(token);
  }""",
    faults={
        Cause.RENEWED_WITH_OLD_TOKEN: "The event carries the token that is about to expire, and the code passes "
        "exactly this one to RenewToken. The server's log shows that no second token was requested. 0 means only that "
        "the SDK accepted the call.",
    },
    shows={
        "sent": "The client joined with a token, and stayed for ten minutes.",
        "project": "Here the client was in the channel for ten minutes.",
        "signature": "The server returned a token, and Agora admitted the client with it.",
        "format": "decode reads this one to the end, and Agora admitted the client with it.",
        "service": "This one has rtc, and the client was in the channel with it.",
        "channel": 'Both are "standup", and the client was in it.',
        "user": "The token was requested for uid 7, and the client was in the channel with uid 7.",
        "names": '"standup" and 7 are valid, and the client was in the channel.',
        "time": "This one has version 007, was issued at 22:13:20 for 600 s, as intended, and admitted the client.",
        "role": "Here the connection ends, while nothing is published.",
        "origin": "CONNECTION_CHANGED_TOKEN_EXPIRED is a reason of Agora's native SDKs, and the server returned a "
        "token.",
    },
    against={
        Cause.EXPIRED_TOKEN: "It did expire, but the client joined with it when it was new, and reacted 30 seconds "
        "before its end. Ask why that did not help.",
    },
    hint="Count the tokens that the server issued. Then follow the argument of the event through the code.",
    token=_for_ten_minutes,
)

_ALWAYS_EXPIRED = Ticket(
    subject="Every new token has already expired",
    material="""\
From a backend developer, puzzled

"We moved from agora-access-token to agora-token, and now each login fails with an expired token,
even if the token is two seconds old. expiresAt is an hour ahead, we log it. Is your clock off?"

Token server, 2023-11-14
  22:13:20Z token for alice, expiresAt 2023-11-14 23:13:20Z: 007…

Web client (Signaling 2.x), 2023-11-14
  22:13:22Z login as alice failed: -10009 TOKEN_EXPIRED, The token has expired.

Code
  const { RtmTokenBuilder } = require("agora-token");
  const token = RtmTokenBuilder.buildToken(
    APP_ID, APP_CERTIFICATE, userId, 1 /* Rtm_User */, expiresAt);""",
    faults={
        Cause.LIFETIME_OF_SECONDS: "decode shows a lifetime (expire) of 1 s. The fourth argument of this package's "
        "buildToken is the lifetime, and the code passes a role there, as the older package expected it. expiresAt is "
        "never used.",
    },
    shows={
        "sent": "Agora read the token of this client: it says that it has expired.",
        "project": "Here the login fails with -10009.",
        "signature": "The server returned a token, and verify finds its signature valid.",
        "format": "decode reads this one to the end.",
        "service": "This one has rtm, and a login to Signaling needs rtm.",
        "channel": "A login names no channel, and neither does this token.",
        "user": "The token is for alice, and alice logs in. A login has no uid.",
        "names": '"alice" is valid.',
        "time": "This one has version 007. It was issued at 22:13:20, and used once, two seconds later.",
        "role": "Here the error comes from login.",
        "origin": "The token server issued a token, and -10009 is an error of Agora's Signaling SDK.",
    },
    against={
        Cause.CLOCK_WRONG: "The time of issue in the token, the server's log and the client's log agree: all three "
        "are between 22:13:20 and 22:13:22.",
    },
    hint="Decode tickets.token(7), and compare its expire with expiresAt. Which argument of the builder is which?",
    token=_for_one_second,
)

_FIRST_STEPS = Ticket(
    subject="My first login to Signaling",
    material="""\
From a beginner, friendly

"Hi! I'm trying out chat between support and customers. I created a temporary token in the console
for the channel support, just as for video, and log in with my e-mail address. It doesn't work :("

Code (Signaling 2.x, Web)
  const rtm = new AgoraRTM.RTM(APP_ID, "support.desk@example.com");
  await rtm.login({ token: TEMPORARY_TOKEN });

Browser console, a minute after the token was created (2023-11-14 22:13:20Z)
  -10006: Invalid user id. illegal symbol or too long.

TEMPORARY_TOKEN
  006…""",
    faults={
        Cause.WRONG_SERVICE: "decode shows rtc in the token, and no rtm: the console's form asked for a channel. "
        "A login to Signaling needs a token for Signaling, built for the user id.",
        Cause.CHARACTER_NOT_ALLOWED: "-10006 is about the user id. In Signaling 2.x it must not contain a dot, and "
        "this e-mail address has two.",
    },
    shows={
        "sent": "The code passes a token to login.",
        "project": "Here the SDK shows -10006.",
        "signature": "The console created a token. Its signature is valid for the channel in its form.",
        "format": "decode reads this one to the end.",
        "channel": "A login names no channel, so there is nothing to compare.",
        "user": "The console created the token for any uid, and the client logs in with a user id, not with a uid.",
        "names": 'The names are "support" and an e-mail address.',
        "time": "This one is valid for 24 hours, and was a minute old.",
        "role": "Here the error comes from login.",
        "origin": "The token is from the Agora Console, and -10006 is an error of Agora's Signaling SDK.",
    },
    hint="Start with the code: explain_error. Then decode tickets.token(8), and ask whether it is good for a login.",
    token=_from_the_console,
)

_TESTS_PASS = Ticket(
    subject="Error 110 for customers, never for testers",
    material="""\
From a mobile team, methodical

"Error 110 in production for every customer. Our test accounts (ids 1 to 50) always get in, on the
same server, project, channel and version of the app. We compared both logs line by line."

Token server (PHP), 2023-11-14
  RtcTokenBuilder2::buildTokenWithUid($appId, $certificate, "standup", $user->id,
    RtcTokenBuilder2::ROLE_PUBLISHER, 3600);
  22:13:20Z user 17600000000123: 007…

Android app (Kotlin), 2023-11-14
  engine.joinChannel(token, "standup", user.id.toInt(), options)
  22:13:22Z user 17600000000123: onError 110""",
    faults={
        Cause.UID_OVER_32_BITS: 'The token is for "17600000000123", and a uid is at most 4294967295. toInt() keeps '
        "the lower 32 bits, so the client joins with -775978885, which the token does not admit. Ids up to 50 stay as "
        "they are.",
    },
    shows={
        "sent": "The app passes a token to joinChannel.",
        "project": "Here the test accounts are admitted to the same project, with tokens of the same server.",
        "signature": "The server returned a token, and verify finds its signature valid.",
        "format": "decode reads this one to the end.",
        "service": "This one has rtc, and joining a channel needs rtc.",
        "channel": 'The token, the server and the app all have "standup".',
        "user": "Both sides start from the id of the same user, and nothing in this ticket is 0. Compare what each of "
        "them makes of it.",
        "names": 'The channel is "standup", and the user is a number with nothing but digits.',
        "time": "This one has version 007, was issued at 22:13:20 for an hour, and was used two seconds later.",
        "role": "Here the error comes from joinChannel.",
        "origin": "The server issued a token, and onError 110 comes from Agora's native SDK.",
    },
    hint="What sets customers apart from testers? Follow user.id from the database into the token and into the app.",
    token=_for_a_big_id,
)

_ONE_FOR_ALL = Ticket(
    subject="One token for all guests",
    material="""\
From an architect, confident

"By design, all guests share one token: uid 0 admits any uid, that's documented. No guest gets in.
A temporary token from the console works in the same page, so it is not the project."

Token server (Python, agora_token_builder), 2023-11-14
  @app.get("/token/<channel>/<uid>")
  def token(channel, uid):
      return RtcTokenBuilder.buildTokenWithUid(
          APP_ID, APP_CERTIFICATE, channel, uid, Role_Publisher, 3600)

  22:13:20Z GET /token/lobby/0 200 006…

Browser, 2023-11-14
  await client.join(APP_ID, "lobby", token, null);
  22:13:23Z AgoraRTCError CAN_NOT_GET_GATEWAY_SERVER: invalid token, authorized failed""",
    faults={
        Cause.DURATION_AS_TIME: "The token has version 006, and its privileges expired on 1970-01-01 at 01:00:00 "
        "UTC: the code passes 3600, where this builder takes now + 3600.",
        Cause.UID_ZERO_AS_STRING: 'The uid comes from the path, so the builder received the string "0" and signed '
        'it as a name: the token has the checksum of "0", and not 0. Only the integer 0 stands for any uid.',
    },
    shows={
        "sent": "The page passes on the token from the server's answer.",
        "project": "Here a temporary token from the console works in the same page.",
        "signature": "The builder returned a token, and its signature is valid for the names that were signed.",
        "format": "decode reads this one to the end.",
        "service": "This one has rtc, and joining a channel needs rtc.",
        "channel": 'The token has the checksum of "lobby", and the page joins "lobby".',
        "user": "The only uid in the whole ticket is 0.",
        "names": '"lobby" and 0 are what the developers wanted to send, and both are valid.',
        "time": "This one was used once, three seconds after the request, and its own end (ts) is 24 hours after it.",
        "role": "Here the error comes from join.",
        "origin": "The server answered 200 with a token, and the error is one of Agora's Web SDK.",
    },
    against={
        Cause.TOKEN_OF_ANOTHER_USER: "It is shared on purpose, and Agora allows a token for any uid. Check whether "
        "this is one.",
        Cause.JOINS_WITH_ZERO: "It does join with none, and by design: a token for any uid would admit it. Check "
        "whether this is one.",
    },
    hint="Call verify(tickets.token(10), …, now=1_700_000_003) with what the client sends. Then read the server's "
    "code. Which type and which unit does each argument of the builder have?",
    token=_for_guests,
)

TICKETS: tuple[Ticket, ...] = (
    _NO_ENTRY,
    _STILL_INVALID,
    _IN_THE_CONTAINER,
    _OUR_CERTIFICATE_IS_RIGHT,
    _APP_ID_IS_RIGHT,
    _RENEWED_IN_TIME,
    _ALWAYS_EXPIRED,
    _FIRST_STEPS,
    _TESTS_PASS,
    _ONE_FOR_ALL,
)
"""The tickets, in order: number 1 comes first."""
