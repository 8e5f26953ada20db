"""Answers to the exercises of lesson 04."""

from __future__ import annotations

WRONG: dict[str, dict[str, str]] = {
    "04.1": {
        "answer = (60, 60)": "006: after 60 s the token is still valid",
        "answer = (24 * 3600, 24 * 3600)": "007: after 86400 s the token is already expired",
        "answer = (NOW + 24 * 3600, NOW + 60)": "from NOW, not from 1970",
        'answer = ("a day", 60)': "yours is a string",
        "answer = 60": "two numbers",
    },
    "04.2": {
        'answer = build_rtm_token(credentials, "bob")': "The token cannot join a channel",
        'answer = build_rtc_token(credentials, "news", account="bob")': "The token cannot log in to RTM",
        'answer = build_token(credentials, [RtcService("news", "bob"), RtmService("bob")])': "It is valid for 3600 s",
        'answer = build_token(credentials, [RtcService("news", 7), RtmService("bob")])': "the other kind of user",
        'answer = build_rtc_token(credentials, "news", account="bob", version="006")': "asks for a 007 token",
        'answer = build_token(credentials, [RtcService("news", "bob", {1: 60}), RtmService("bob")], expires_in=600)': (
            "a privilege expires earlier"
        ),
    },
}
"""Wrong answers, each with a part of the feedback."""

GIVEAWAYS: dict[str, set[str]] = {
    "04.1": {"86400 s the token is still", "24 h", "24 *"},
    "04.2": {"build_token"},
}
"""Parts of right answers, which no feedback on a wrong one contains."""
