"""Answers to the exercises of lesson 04."""

from __future__ import annotations

WRONG: dict[str, dict[str, str]] = {
    "04.1": {
        "answer = (3570, 3600)": "if the lifetime began at the login",
        "answer = (600, 570)": "The warning comes first",
        "answer = (0, 30)": "she is still logged in",
        "answer = (6570, 6600)": "she is logged out already",
        "answer = (540, 600)": "How long before the end",
        "answer = (599, 600)": "How long before the end",
        'answer = ("ten minutes", 600)': "yours is a string",
        "answer = (570.0, 600.0)": "but yours is a float. Write it without the decimal point.",
        "answer = 600": "two numbers",
    },
    "04.2": {
        'answer = {"A", "C"}': "Which of Agora's SDKs fires this one?",
        'answer = {"B"}': "When was it issued?",
        'answer = {"C", "D"}': "before or after she is logged out",
        "answer = set()": "At least one",
        'answer = "E"': "not one of the choices",
    },
    "04.3": {
        'answer = build_rtm_token(credentials, "bob")': "The token cannot join a channel",
        'answer = build_rtc_token(credentials, "news", account="bob")': "The token cannot log in to RTM",
        'answer = build_rtc_rtm_token(credentials, "news", account="bob")': "It is valid for 3600 s",
        'answer = build_rtc_rtm_token(credentials, "news", account="bob", expires_in=10)': "In which unit are",
        'answer = build_rtc_rtm_token(credentials, "news", uid=7, user="bob")': "the other kind of user",
        'answer = build_token(credentials, [RtcService("news", "bob"), RtmService("bob")])': "It is valid for 3600 s",
        'answer = build_rtc_token(credentials, "news", account="bob", version="006")': "asks for a 007 token",
        'answer = build_token(credentials, [RtcService("news", "bob", {1: 60}), RtmService("bob")], expires_in=600)': (
            "a privilege expires earlier"
        ),
    },
}
"""Wrong answers, each with a part of the feedback."""

GIVEAWAYS: dict[str, set[str]] = {
    "04.1": {"570", "600"},
    "04.2": {"'C'", "half hour"},
    "04.3": {"build_"},
}
"""Parts of right answers, which no feedback on a wrong one contains."""
