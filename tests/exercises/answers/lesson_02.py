"""Answers to the exercises of lesson 02."""

from __future__ import annotations

WRONG: dict[str, dict[str, str]] = {
    "02.1": {
        "answer = token": "The client is admitted",
        'answer = build_rtc_token(credentials, "stage", uid=7, now=NOW - 7200)': "invalid token, authorized failed",
        "answer = None": "A token is a string",
    },
    "02.2": {
        'answer = {"no token"}': "something is missing",
        'answer = {"a good token"}': "something is missing",
        "answer = clients": "'a token for another uid' is wrong here",
        'answer = {"no token", "a good token", "an expired token"}': "must send a valid one",
    },
}
"""Wrong answers, each with a part of the feedback."""

GIVEAWAYS: dict[str, set[str]] = {
    "02.2": {"'no token'", "'a good token'"},
}
"""Parts of right answers, which no feedback on a wrong one contains."""
