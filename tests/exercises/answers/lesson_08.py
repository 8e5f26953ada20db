"""Answers to the exercises of lesson 08."""

from __future__ import annotations

WRONG: dict[str, dict[str, str]] = {
    "08.1": {
        "answer = clients": "('team2', 134) is wrong here. The forged token was tried",
        'answer = {("team12", 34)}': "something is missing",
        "answer = set()": "At least one",
    },
    "08.2": {
        'answer = build_rtc_token(credentials, "lobby", uid=7)': "It grants the privileges [1]",
        'answer = build_rtc_token(credentials, "lobby", uid=7, role="publisher")': "asks for joining, audio and video",
        'answer = build_token(credentials, [RtcService("lobby", 7, (1, 2, 3))])': "Privilege 2 lasts 3600 s",
        'answer = build_token(credentials, [RtcService("lobby", 7, (1, 2, 3))], expires_in=600)': "expires after 600 s",
        'answer = build_rtc_token(credentials, "lobby", uid=7, version="006")': "asks for a 007 token",
        'answer = build_token(credentials, [RtcService("lobby", 7), RtmService("7")])': "more than one service",
    },
}
"""Wrong answers, each with a part of the feedback."""

GIVEAWAYS: dict[str, set[str]] = {
    "08.1": {"'team12'", "1234"},
    "08.2": {"(1, 2, 3)", "2 (", "{1:"},
}
"""Parts of right answers, which no feedback on a wrong one contains."""
