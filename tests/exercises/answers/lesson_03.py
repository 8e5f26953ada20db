"""Answers to the exercises of lesson 03."""

from __future__ import annotations

UNSIGNED = "exercises.sign_unchecked(credentials"
WEBINAR = 'build_token(credentials, [RtcService("webinar", 42, '

WRONG: dict[str, dict[str, str]] = {
    "03.1": {
        'answer = build_rtc_token(credentials, "lobby", uid=7)': "a signed number",
        'answer = build_rtc_token(credentials, "lobby", uid=2**31 + 7)': "a signed number",
        'answer = build_rtc_token(credentials, "lobby", uid=2**31)': "The token is for another user",
        'answer = build_rtc_token(credentials, "lobby", uid=2**31 - 7)': "The token is for another user",
        'answer = build_rtc_token(credentials, "lobby", account="-7")': "The token is for a negative uid",
        'answer = build_rtc_token(credentials, "lobby", uid=2**32 - 7, expires_in=1, now=1000)': "neither at NOW nor",
        f"answer = {UNSIGNED}, issued_at=NOW, expire=3600)": "The token cannot join a channel",
    },
    "03.2": {
        'answer = build_rtc_token(credentials, "webinar", uid=42, role="publisher")': "can still publish",
        'answer = build_rtc_token(credentials, "webinar", uid=42, role="publisher", expires_in=900)': (
            "cannot stay for the whole hour"
        ),
        'answer = build_rtc_token(credentials, "webinar", uid=42)': "cannot publish anything",
        f"answer = {WEBINAR}{{1: 3600, 2: 900}})], expires_in=3600)": "can publish only audio.",
        f"answer = {WEBINAR}{{1: 3600, 2: 900, 3: 900}})], expires_in=3600)": "can publish only audio and video.",
        f"answer = {WEBINAR}{{1: 60, 2: 15, 3: 15, 4: 15}})], expires_in=60)": "In which unit are lifetimes?",
        f"answer = {WEBINAR}{{1: 900, 2: 900, 3: 900, 4: 900}})], expires_in=3600)": "cannot stay for the whole hour",
        f"answer = {WEBINAR}{{1: 3600, 2: 900, 3: 3600, 4: 900}})], expires_in=3600)": "can still publish video.",
        f"answer = {WEBINAR}{{1: 3600, 2: 900, 3: 900, 4: 3600}})], expires_in=3600)": "can still publish data.",
        f"answer = {WEBINAR}{{1: 3600, 2: 900, 3: 900, 4: 60}})], expires_in=3600)": "What has ended?",
        f"answer = {WEBINAR}{{1: 7200, 2: 900, 3: 900, 4: 900}})], expires_in=7200)": "After more than an hour",
        "answer = token": "The token is for another channel.",
        "answer = guest": "A token is a string",
    },
    "03.3": {
        'answer = {"A": 4, "B": 2, "C": 3, "D": 1}': "A: line 4 does not cause this. What does the client pass",
        'answer = {"A": 1, "B": 4, "C": 3, "D": 2}': "B: line 4 does not cause this.",
        'answer = {"A": 1, "B": 2, "C": 4, "D": 3}': "C: line 4 does not cause this.",
        'answer = {"A": 1, "B": 2, "C": 3, "D": 2}': "D: line 2 does not cause this.",
        'answer = {"A": 1, "B": 2, "C": 3, "D": 5}': "D: write the number of a line, 1 to 4.",
        'answer = {"A": 1}': "the letters A to D",
    },
}
"""Wrong answers, each with a part of the feedback."""

GIVEAWAYS: dict[str, set[str]] = {
    "03.1": {"4294967", "2**3"},
    "03.2": {"3600", "900"},
    "03.3": {"A: line 1", "B: line 2", "C: line 3", "D: line 4"},
}
"""Parts of right answers, which no feedback on a wrong one contains."""
