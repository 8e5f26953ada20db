"""Answers to the exercises of lesson 07."""

from __future__ import annotations

WRONG: dict[str, dict[str, str]] = {
    "07.1": {
        "answer = 42": "The checksum of the string '42'",
        "answer = 0": "is 1 to 1000",
        'answer = "421"': "a whole number",
    },
    "07.2": {
        'answer = dict(channel="Room 12", uid=7)': "other kind of user",
        'answer = dict(channel="Room", account="zoe")': "The token is for another channel",
        'answer = dict(channel="Room 12")': "verify compares only what you pass",
        'answer = dict(channel=None, account="zoe")': "verify compares only what you pass",
        'answer = dict(channel="Room 12", uid=None)': "verify compares only what you pass",
        "answer = dict(channel=None, uid=None)": "verify compares only what you pass",
        'answer = dict(channel="Room 12", account="zoe", name="zoe")': "verify does not accept these arguments",
        "answer = logged": "as a dict",
    },
}
"""Wrong answers, each with a part of the feedback."""

GIVEAWAYS: dict[str, set[str]] = {
    "07.1": {"421"},
    "07.2": {"zoe", "Room 12"},
}
"""Parts of right answers, which no feedback on a wrong one contains."""
