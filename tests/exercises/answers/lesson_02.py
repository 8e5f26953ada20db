"""Answers to the exercises of lesson 02."""

from __future__ import annotations

OLD, NEW = '"old app, no token"', '"new app, good token"'
NULL, EXPIRED = '"new app, null"', '"new app, expired token"'

WRONG: dict[str, dict[str, str]] = {
    "02.1": {
        "answer = token": "still valid for 60 min. When was it issued?",
        'answer = build_rtc_token(credentials, "lobby", uid=7, expires_in=1)': "You left out now",
        'answer = build_rtc_token(credentials, "lobby", uid=7, now=NOW + 3660)': "The token is issued after NOW",
        'answer = build_rtc_token(credentials, "stage", uid=7, now=NOW - 7200)': "invalid token, authorized failed",
        'answer = build_rtc_token(credentials, "lobby", uid=8, now=NOW - 7200)': "The token is for another user.",
        "answer = forged": "The signature is wrong.",
        "answer = None": "A token is a string",
    },
    "02.2": {
        'answer = {1: ("token", "good token"), 2: ("token", "nothing"), 3: ("token", "forged token")}': (
            "Line 1: with your pair the log has no error: the client is admitted. What does line 1 say"
        ),
        'answer = {1: ("App ID", "good token"), 2: ("App ID", "good token"), 3: ("token", "forged token")}': (
            "Line 2: with your pair the log has 2010014 static use dynamic key."
        ),
        'answer = {1: ("App ID", "nothing"), 2: ("token", "nothing"), 3: ("token", "forged token")}': "Line 1: with",
        'answer = {1: ("App ID", "good token"), 2: ("token", "nothing"), 3: ("token", "nothing")}': (
            "Line 3: with your pair the log has -10005 DYNAMIC_ENABLED_BUT_STATIC_KEY"
        ),
        'answer = {1: ("App ID", "good token"), 2: ("token", "nothing"), 3: ("token", "good token")}': (
            "What does line 3 say about the client?"
        ),
        'answer = {1: "App ID", 2: ("token", "nothing"), 3: ("token", "nothing")}': "Line 1: write a pair",
        'answer = {1: ("good token", "App ID"), 2: ("token", "nothing"), 3: ("token", "nothing")}': "not a choice",
        'answer = {1: ("App ID", "good token")}': "1 to 3, as its keys",
    },
    "02.3": {
        f"answer = {{{OLD}}}": "Someone is missing.",
        f"answer = {{{OLD}, {NULL}, {EXPIRED}}}": "could not join before the change, either",
        f"answer = {{{OLD}, {NEW}}}": "still joins after the change",
        "answer = clients": "still joins after the change",
        "answer = set()": "Someone is missing.",
        'answer = {"old app"}': "Write a set of names from clients.",
        "answer = 2": "Write a set of names from clients.",
    },
}
"""Wrong answers, each with a part of the feedback."""

GIVEAWAYS: dict[str, set[str]] = {
    "02.1": {"NOW - "},
    "02.2": {"'App ID', 'good token'", "'token', 'nothing'", "'token', 'forged token'"},
    "02.3": {"old app", "null"},
}
"""Parts of right answers, which no feedback on a wrong one contains."""
