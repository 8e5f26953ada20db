"""Answers to the exercises of lesson 00."""

from __future__ import annotations

WRONG: dict[str, dict[str, str]] = {
    "00.1": {
        'answer = {"time"}': "something is missing",
        'answer = {"time", "match", "signature"}': "'signature' is wrong here",
        'answer = "format"': "'format' is wrong here",
        'answer = {"certificate"}': "is not one of the choices",
        "answer = 2": "Write a set",
    },
    "00.2": {
        "answer = credentials": "your answer is of type Credentials",
        "answer = token": "The token is for another channel",
        'answer = build_rtc_token(credentials, "stage", uid=7)': "The token is for another user",
        'answer = build_rtc_token(credentials, "stage", uid=0, allow_any_uid=True)': "signed for uid 0",
        'from agora_helpers import build_rtm_token\nanswer = build_rtm_token(credentials, "42")': (
            "The token cannot join a channel"
        ),
        'answer = build_rtc_token(credentials, "stage", uid=42, expires_in=600)': "a subscriber's",
        'answer = build_rtc_token(credentials, "stage", uid=42, role="publisher")': "for 3600 s (60 min)",
        'answer = build_rtc_token(credentials, "stage", uid=42, role="publisher", expires_in=10)': "In which unit",
        'answer = build_rtc_token(credentials, "stage", uid=42, role="publisher", version="006")': "for 3600 s",
        "answer = token[:50]": "This is not a token",
    },
}
"""Wrong answers, each with a part of the feedback."""

GIVEAWAYS: dict[str, set[str]] = {
    "00.1": {"'time'", "'match'"},
    "00.2": {"expires_in=600", "(10 min)", "role="},
}
"""Parts of right answers, which no feedback on a wrong one contains."""
