"""Tokens whose lives are hard to draw, each with the time to look at it."""

from __future__ import annotations

from agora_helpers import DecodedToken, RtcService, RtmService, build_rtc_token, decode
from agora_helpers.tokens import v006, v007
from tests.support import DEMO, NOW

_PAIR = (DEMO.app_id, DEMO.app_certificate)
_YEAR = 365 * 86_400


def _rtc(privileges: dict[int, int], expire: int) -> DecodedToken:
    return decode(v007.encode(*_PAIR, [RtcService("lobby", "7", privileges)], issued_at=NOW, expire=expire, salt=1))


_TWO: list[RtcService | RtmService] = [
    RtcService("lobby", "7", {1: 600, 2: 60, 3: 61, 4: 62}),
    RtmService("alice", {1: 605}),
]
LIVES: dict[str, tuple[DecodedToken, int]] = {
    "1 s": (_rtc({1: 1}, 1), NOW),
    "1 h": (_rtc({1: 3600, 2: 3600, 3: 3600, 4: 3600}, 3600), NOW + 60),
    "1 h of 24 h": (decode(build_rtc_token(DEMO, "lobby", uid=7, version="006", now=NOW, salt=1)), NOW + 60),
    "24 h": (_rtc({1: 86_400, 2: 600}, 86_400), NOW + 86_395),
    "56 years": (decode(v006.encode(*_PAIR, "lobby", "7", {1: 600, 2: NOW}, ts=56 * _YEAR, salt=1)), 56 * _YEAR - 10),
    "all equal": (_rtc({1: 0}, 0), NOW),
    "expired long ago": (_rtc({1: 600}, 600), NOW + 56 * _YEAR),
    "clock skew": (_rtc({1: 600}, 600), NOW - 400),
    "no end": (_rtc({1: 0, 2: 0}, 3600), NOW + 1800),
    "later than the token": (_rtc({1: 7200, 2: 600}, 3600), NOW + 700),
    "two services": (decode(v007.encode(*_PAIR, _TWO, issued_at=NOW, expire=900, salt=1)), NOW + 571),
}
