"""Answers to the exercises of lesson 07."""

from __future__ import annotations

EIGHT = r'payload.replace(b"\x01\x007", b"\x01\x008")'

WRONG: dict[str, dict[str, str]] = {
    "07.1": {
        "answer = token": "the token as it was",
        f"answer = {EIGHT}": "A token is a string",
        f'answer = "007" + base64.b64encode({EIGHT}).decode()': "This is not a token",
        f"answer = base64.b64encode(zlib.compress({EIGHT})).decode()": "Which steps lead from the token",
        f'answer = b"007" + base64.b64encode(zlib.compress({EIGHT}))': "of type bytes",
        'answer = build_rtc_token(credentials, "lobby", uid=8, role="publisher", now=NOW, salt=SALT)': "A forger",
        'answer = "007" + base64.b64encode(zlib.compress(payload.replace(b"7", b"8"))).decode()': "app_id",
        'answer = "007" + base64.b64encode(zlib.compress(payload[:-1] + b"9")).decode()': "decode reads the uid '9'",
    },
    "07.2": {
        'answer = dict(channel="Room 12", uid=7)': "other kind of user",
        'answer = dict(channel="Room 12", uid="zoe")': "A uid is an integer, but yours is a string.",
        'answer = dict(channel="Room 12", uid="7")': "A uid is an integer, but yours is a string.",
        'answer = dict(channel="Room", account="zoe")': "The token is for another channel",
        'answer = dict(channel="Room 12")': "verify compares only what you pass",
        'answer = dict(channel=None, account="zoe")': "verify compares only what you pass",
        'answer = dict(channel="Room 12", uid=None)': "verify compares only what you pass",
        "answer = dict(channel=None, uid=None)": "verify compares only what you pass",
        'answer = dict(channel="Room 12", account="zoe", name="zoe")': "verify does not accept these arguments",
        "answer = logged": "as a dict",
    },
    "07.3": {
        'answer = {"A": 1, "B": 2, "C": 1, "D": 3}': "Report A: its signature is right",
        'answer = {"A": 2, "B": 2, "C": 1, "D": 3}': "Report A: its token is for exactly the channel",
        'answer = {"A": 3, "B": 2, "C": 1, "D": 3}': "Report A: its token had not expired",
        'answer = {"A": 4, "B": 5, "C": 1, "D": 3}': "Report B: decode reads its token",
        'answer = {"A": 4, "B": 2, "C": 4, "D": 3}': "Report C: look at the token first",
        'answer = {"A": 4, "B": 2, "C": 1, "D": "3"}': "Report D: choose a fix by its number",
        'answer = {"A": 4, "B": 2}': "the reports A, B, C and D",
    },
}
"""Wrong answers, each with a part of the feedback."""

GIVEAWAYS: dict[str, set[str]] = {
    "07.1": {"[:-1]", "zlib.compress"},
    "07.2": {"zoe", "Room 12"},
    "07.3": {"log what", "longer lifetime"},
}
"""Parts of right answers, which no feedback on a wrong one contains."""
