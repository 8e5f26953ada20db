"""Tokens with the client that uses them, and what a helpful answer says first: what ``verify`` is measured on.

Each has a kind of mistake that Agora's documentation or developers' reports describe.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from agora_helpers import (
    Credentials,
    FcdnService,
    RtcService,
    Rtm2Service,
    RtmService,
    Verdict,
    build_chat_app_token,
    build_chat_token,
    build_rtc_token,
    verify,
)
from agora_helpers.tokens import v006, v007
from agora_helpers.tokens.services import Service
from tests.field.cases import PAIR
from tests.support import DEMO, NOW

OK, SIGNATURE, TIME, MATCH, FORMAT = (
    ("ok", "ok", "ok", "ok"),
    ("ok", "wrong", "ok", "ok"),
    ("ok", "ok", "wrong", "ok"),
    ("ok", "ok", "ok", "wrong"),
    ("wrong", "not checked", "not checked", "not checked"),
)
UNSIGNED_MATCH = ("ok", "not checked", "ok", "wrong")
"""Of a 006 token, whose signature covers names that the client does not have."""
LOBBY = {"channel": "lobby", "uid": 7}


@dataclass(frozen=True)
class Client:
    """A token, the client that uses it a minute after its issue, and the right answer."""

    mistake: str
    token: str
    names: dict[str, Any]
    statuses: tuple[str, ...]
    first: str
    """The code of the first reason; empty if there is none."""
    words: str = ""
    """What the first reason's detail contains."""
    hint: str = ""
    """What the first reason's hint contains."""
    without: tuple[str, ...] = ()
    """Codes that would mislead."""
    age: int = 60

    @property
    def now(self) -> int:
        return NOW + self.age

    @property
    def answer(self) -> Verdict:
        return verify(self.token, DEMO, now=self.now, **self.names)

    @property
    def is_right(self) -> bool:
        answer = self.answer
        codes = [str(reason.code) for reason in answer.reasons]
        first = answer.reasons[0] if answer.reasons else None
        return (
            tuple(check.status for check in answer.checks) == self.statuses
            and (codes[0] if codes else "") == self.first
            and (first is None or (self.words in first.detail and self.hint in first.hint))
            and not set(codes) & set(self.without)
        )

    @property
    def exit_status(self) -> int:
        """What ``agora-helpers verify`` should exit with."""
        return 0 if self.statuses == OK else 1

    @property
    def arguments(self) -> list[str]:
        """The words of ``agora-helpers verify`` for the same question."""
        names = [f"--{name}={value}" for name, value in self.names.items()]
        return ["verify", "--demo", "--now", str(self.now), *names, "--", self.token]


def sign(*services: Service, expire: int = 3600, issued_at: int = NOW, certificate: str = PAIR[1]) -> str:
    return v007.encode(PAIR[0], certificate, services, issued_at=issued_at, expire=expire, salt=1)


def rtc(channel: str = "lobby", uid: str = "7", *, expire: int = 3600, **options: Any) -> str:
    return sign(RtcService(channel, uid, {1: expire}), expire=expire, **options)


def old(channel: str, uid: str, privileges: dict[int, int], certificate: str = PAIR[1]) -> str:
    return v006.encode(PAIR[0], certificate, channel, uid, privileges, ts=NOW + 86_400, salt=1)


UPPER = Credentials(DEMO.app_id.upper(), DEMO.app_certificate)

CLIENTS = (
    Client(
        "Android shows a uid above 2147483647 as a negative number",
        rtc(uid="3518988411"),
        {"channel": "lobby", "uid": -775978885},
        MATCH,
        "NAME_NOT_ALLOWED",
        "As an unsigned integer it is 3518988411",
    ),
    Client(
        "the server cut 2**32 to 0 and built a token for any uid",
        rtc(uid=""),
        {"channel": "lobby", "uid": 4_294_967_296},
        MATCH,
        "NAME_NOT_ALLOWED",
        "joins as 0",
    ),
    Client(
        "the channel was signed as it stands in a URL",
        rtc("my%20room"),
        {"channel": "my room", "uid": 7},
        MATCH,
        "CHANNEL_MISMATCH",
        "percent-encod",
    ),
    Client(
        "the channel was signed as it stands in a form",
        rtc("my+room"),
        {"channel": "my room", "uid": 7},
        MATCH,
        "CHANNEL_MISMATCH",
        "percent-encoding",
    ),
    Client(
        "a browser cut the channel at its #",
        rtc("room"),
        {"channel": "room#1", "uid": 7},
        MATCH,
        "CHANNEL_MISMATCH",
        "up to the #",
    ),
    Client(
        "a client with a registered account joins with the uid that the SDK gave it",
        rtc(uid="alice"),
        {"channel": "lobby", "uid": 4021},
        MATCH,
        "WRONG_KIND_OF_USER",
        "'alice'",
        "Use one kind",
    ),
    Client(
        "the certificate was read from a file, with its line break",
        old("lobby", "7", {1: NOW + 3600}, PAIR[1] + "\n"),
        LOBBY,
        SIGNATURE,
        "WRONG_SIGNATURE",
        "line break",
    ),
    Client(
        "the certificate was typed in capital letters",
        rtc(certificate=PAIR[1].upper()),
        LOBBY,
        SIGNATURE,
        "WRONG_SIGNATURE",
        "in upper case",
    ),
    Client(
        "one process still signs with a certificate that was deleted",
        rtc(certificate="0123456789abcdef" * 2),
        LOBBY,
        SIGNATURE,
        "WRONG_SIGNATURE",
        "another App Certificate",
        "deleted",
    ),
    Client(
        "the App ID was typed in capital letters",
        build_rtc_token(UPPER, "lobby", uid=7, now=NOW, salt=1),
        LOBBY,
        MATCH,
        "APP_ID_MISMATCH",
        "case",
    ),
    Client("a uid became a float", rtc(uid="7.0"), LOBBY, MATCH, "UID_MISMATCH", "the same number"),
    Client("a uid was padded with zeros", rtc(uid="0007"), LOBBY, MATCH, "UID_MISMATCH", "the same number"),
    Client(
        "a comparison in place of the uid",
        rtc(uid="True"),
        {"channel": "lobby", "uid": 1},
        MATCH,
        "WRONG_KIND_OF_USER",
        "True",
        without=("NAME_NOT_ALLOWED",),
    ),
    Client(
        "now + 3600 as the lifetime of a 007 RTM token",
        sign(RtmService("alice", {1: NOW + 3600}), expire=NOW + 3600),
        {"user": "alice"},
        OK,
        "TIME_AS_DURATION",
        "",
        "Pass 3600",
        without=("LIFETIME_OVER_24_HOURS", "UNEQUAL_ENDS"),
    ),
    Client(
        "a lifetime of 0, meant as no limit",
        rtc(expire=0),
        LOBBY,
        TIME,
        "EXPIRED",
        "lifetime is 0 s",
        "longer lifetime",
        without=("PRIVILEGE_WITHOUT_END",),
    ),
    Client(
        "the server's clock is an hour ahead",
        rtc(issued_at=NOW + 3600),
        LOBBY,
        OK,
        "ISSUED_IN_FUTURE",
        "in 59 min",
        "NTP",
    ),
    Client(
        "the privileges to publish expire before the one to join",
        sign(RtcService("lobby", "7", {1: 3600, 2: 600, 3: 600, 4: 600})),
        LOBBY,
        OK,
        "OTHER_PRIVILEGE_EXPIRED",
        "publish audio",
        "renew",
        without=("PRIVILEGE_EXPIRED",),
        age=700,
    ),
    Client(
        "a publisher without the privilege to join",
        sign(RtcService("lobby", "7", {2: 3600, 3: 3600, 4: 3600})),
        LOBBY,
        MATCH,
        "GRANTS_NOTHING",
        "No privilege to join",
        "build_rtc_token",
    ),
    Client(
        "an app token of Chat in place of a user's",
        build_chat_app_token(DEMO, now=NOW, salt=1),
        {"user": "alice"},
        MATCH,
        "NO_RTM_SERVICE",
        "app token",
        "build_chat_token",
    ),
    Client(
        "a Chat token to join a channel",
        build_chat_token(DEMO, "alice", now=NOW, salt=1),
        LOBBY,
        MATCH,
        "NO_RTC_SERVICE",
        "chat",
        "build_rtc_token",
    ),
    Client(
        "a token of the console for RTC to log in to RTM",
        rtc("alice", ""),
        {"user": "alice"},
        MATCH,
        "NO_RTM_SERVICE",
        "rtc",
        "build_rtm_token",
        without=("ANY_UID",),
    ),
    Client(
        "a user id in another case",
        old("alice", "", {1000: NOW + 3600}),
        {"user": "Alice"},
        UNSIGNED_MATCH,
        "USER_MISMATCH",
        "in lower case",
    ),
    Client(
        "blanks in place of plus signs",
        old("lobby-1", "7", {1: NOW + 3600}).replace("+", " "),
        LOBBY,
        FORMAT,
        "MALFORMED",
        "",
        "JSON",
    ),
    Client(
        "one token for all lessons of a class, for the audience",
        rtc("class*"),
        {"channel": "class-7", "uid": 7},
        OK,
        "WILDCARD",
        "'class*'",
        "unless you want this",
    ),
    Client(
        "a token for the CDN to join a channel",
        sign(FcdnService("lobby", "7", {1: 3600})),
        LOBBY,
        MATCH,
        "NO_RTC_SERVICE",
        "only fcdn",
    ),
    Client(
        "a token for Signaling to join a stream channel",
        sign(Rtm2Service("alice", {}, {1: 3600})),
        {"channel": "lobby", "account": "alice"},
        MATCH,
        "NO_RTC_SERVICE",
        "only rtm2",
    ),
    Client(
        "server and client both use the negative number that Android shows",
        rtc(uid="-775978885"),
        {"channel": "lobby", "uid": -775978885},
        MATCH,
        "NAME_NOT_ALLOWED",
        "3518988411",
    ),
    Client(
        "privileges for an hour in a token for a day",
        sign(RtcService("lobby", "7", {1: 3600}), expire=86_400),
        LOBBY,
        OK,
        "UNEQUAL_ENDS",
        "",
        "expire with the token",
    ),
    Client(
        "the channel is the result of a calculation that failed",
        rtc("NaN"),
        LOBBY,
        MATCH,
        "PLACEHOLDER_NAME",
        "'NaN'",
    ),
    Client(
        "the client pads its uid with zeros and joins with an account",
        rtc(),
        {"channel": "lobby", "account": "0007"},
        MATCH,
        "UID_MISMATCH",
        "the same number",
    ),
    Client(
        "the user id was signed with a line break",
        sign(RtmService("alice\n", {1: 3600})),
        {"user": "alice"},
        MATCH,
        "USER_MISMATCH",
        "with a line break after it",
    ),
    Client(
        "the channel of a 006 token was signed with a space",
        old("lobby ", "7", {1: NOW + 3600}),
        LOBBY,
        UNSIGNED_MATCH,
        "CHANNEL_MISMATCH",
        "with a space after it",
    ),
    Client(
        "the channel was signed as JSON",
        old('"lobby"', "7", {1: NOW + 3600}),
        LOBBY,
        UNSIGNED_MATCH,
        "CHANNEL_MISMATCH",
        "in quotes",
    ),
    Client("a number as the account is the same as the uid", rtc(), {"channel": "lobby", "account": "7"}, OK, ""),
)
