"""Cases from the field as runnable tokens, built anew from Agora's sample pair, with what the package should say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from agora_helpers import RtcService, RtmService, Verdict, verify
from agora_helpers.tokens import v006, v007
from tests.support import DEMO, NOW

PAIR = (DEMO.app_id, DEMO.app_certificate)
JOINS_WITH_0 = {"channel": "studio", "uid": 0}


@dataclass(frozen=True)
class Case:
    """A token or text as somebody reported it, the client it was used by, and the words that the answer must have."""

    id: str
    source: str
    token: str
    client: dict[str, Any]
    code: str
    """The reason that must be among the answers."""
    words: str = ""
    """What the verdict must also contain."""
    without: tuple[str, ...] = ()
    """Codes that would be wrong."""

    @property
    def answer(self) -> Verdict:
        return verify(self.token, DEMO, now=NOW + 1, **self.client)

    @property
    def is_right(self) -> bool:
        answer = self.answer
        codes = {str(reason.code) for reason in answer.reasons}
        return (
            self.code in codes | ({"OK"} if answer.ok else set())
            and self.words in str(answer)
            and not codes & set(self.without)
        )


def rtc(uid: str, channel: str = "studio", expire: int = 86_400) -> str:
    services = [RtcService(channel, uid, {1: expire})]
    return v007.encode(*PAIR, services, issued_at=NOW, expire=expire, salt=1)


def rtm(user: str, expire: int = 3600) -> str:
    return v007.encode(*PAIR, [RtmService(user, {1: expire})], issued_at=NOW, expire=expire, salt=1)


def old(channel: str, uid: str, privileges: dict[int, int], ts: int = NOW + 86_400) -> str:
    return v006.encode(*PAIR, channel, uid, privileges, ts=ts, salt=1)


CASES = (
    Case("C01", "AgoraIO/Tools#322", rtc("0"), JOINS_WITH_0, "UID_MISMATCH", "random uid"),
    Case(
        "C03",
        "AgoraIO-Extensions/Agora-Flutter-SDK#878",
        rtc("1"),
        JOINS_WITH_0,
        "UID_MISMATCH",
        "the token is for '1'",
    ),
    Case(
        "C05",
        "notes of an Android team on 64-bit ids",
        rtc("17600000000123"),
        {"channel": "studio", "uid": 17_600_000_000_123},
        "NAME_NOT_ALLOWED",
        "does not fit into 32 bits",
    ),
    Case("C07", "AgoraIO/RTM#186", rtm("a@example.com"), {"user": "a@example.com"}, "RTM2_NAME"),
    Case("C09", "AgoraIO/Tools#193", old("room", "alice", {1000: NOW + 60}), {"user": "alice"}, "USER_MISMATCH"),
    Case("C11", "AgoraIO/Tools#135", old("alice", "", {1000: NOW + 60}), {"user": "alice"}, "OK"),
    Case(
        "C13",
        "AgoraIO/Basic-Video-Call#127",
        old("studio", "", {1: NOW + 989_999_999}),
        JOINS_WITH_0,
        "LIFETIME_OVER_24_HOURS",
    ),
    Case(
        "C15",
        "AgoraIO/Tools#131",
        old("studio", "0", {1: 1_446_455_471}, ts=1_111_111),
        JOINS_WITH_0,
        "EXPIRED",
        without=("OTHER_PRIVILEGE_EXPIRED", "PRIVILEGE_EXPIRED"),
    ),
    Case(
        "C17", "public code: role in place of the lifetime", rtm("7", 1), {"user": "7"}, "LIFETIME_TOO_SHORT", "a role"
    ),
    Case("C19", "AgoraIO/Tools#232", rtc("42"), JOINS_WITH_0, "UID_MISMATCH", "random uid"),
    Case(
        "C21",
        "public code: a home-made builder in Deno",
        "007970CA35de60c44645bbae8a215061b33AAHiQGoZ9oBqGLMQlr4Kud9OfwCho9G9X1Icls2Bqp04zjKM9QKLY+DY7gA=",
        JOINS_WITH_0,
        "MALFORMED",
        "App ID follows in plain text",
    ),
    Case(
        "C23",
        "public code: a home-made builder in Dart",
        "IuoGN62WbdR5UYBK_PZXDnbsyimKgQSQIJcx-60AxBg=",
        JOINS_WITH_0,
        "MALFORMED",
        "not Agora's",
    ),
    Case(
        "C25",
        "public code: the fallback of a server",
        "mock_token_3f9a0c1d2e4b5a697887766554433221",
        JOINS_WITH_0,
        "MALFORMED",
        "a placeholder",
    ),
    Case("C27", "easemob/web-im#3", "YWMtXo2z" + "Example" * 8, JOINS_WITH_0, "MALFORMED", "the Chat server"),
    Case("C31", "public code: a name that was not set", rtc("7", "undefined"), {}, "PLACEHOLDER_NAME"),
    Case(
        "C33",
        "AgoraIO/RTM#174",
        rtm("Mark\u2019s iPhone"),
        {"user": "Mark\u2019s iPhone"},
        "NAME_NOT_ALLOWED",
        "U+2019",
    ),
    Case(
        "C35",
        "AgoraIO-Community/Agora-RTC-SDK-for-Xamarin#7",
        rtc("7", expire=1),
        {"channel": "studio", "uid": 7},
        "EXPIRED",
        "carries the old token",
    ),
    Case("C37", "AgoraIO-Usecase/eEducation#61", "", JOINS_WITH_0, "MALFORMED", "the string is empty"),
    Case(
        "C39",
        "AgoraIO/Documentation#49",
        rtc("14", "aaa"),
        {"channel": "ddd", "uid": 14},
        "CHANNEL_MISMATCH",
    ),
)
"""C29 is about a path of the server, and C41 about an error text: they are measured elsewhere."""
