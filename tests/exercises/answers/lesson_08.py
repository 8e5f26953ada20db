"""Answers to the exercises of lesson 08."""

from __future__ import annotations

BUILD = "RtcTokenBuilder.buildTokenWithUid(*pair"
BOTH = '("team12", 34), ("team", 1234)'

WRONG: dict[str, dict[str, str]] = {
    "08.1": {
        f'answer = {BUILD}, "lobby", 42, 1, 3600)': "expired in 1970",
        "from agora_token_builder.AccessToken import AccessToken\n"
        'answer = AccessToken(*pair, "lobby", 42).build()': "grants no privilege",
        f'answer = {BUILD}, "lobby", 42, 1, 7200)': "expired long ago",
        f'answer = {BUILD}, "lobby", 42, "publisher", NOW + 3600)': "a subscriber's",
        f'answer = {BUILD}, "lobby", 0, 1, NOW + 3600)': "signed for uid 0",
        f'answer = {BUILD}, "lobby", 42, 1, NOW + 60)': "It is valid for 60 s",
        f'import time\nanswer = {BUILD}, "lobby", 42, 1, int(time.time()) + 3600)': "an hour from the current time",
        f'answer = {BUILD}, "stage", 42, 1, NOW + 3600)': "another channel. Compare the token",
        'answer = build_rtc_token(credentials, "lobby", uid=42, role="publisher")': "asks for a 006 token",
    },
    "08.2": {
        "answer = 42": "The checksum of the string '42'",
        "answer = 0": "one of 1 to 1000",
        'answer = "421"': "a whole number",
        "answer = int.from_bytes(base64.b64decode(found[35:])[38:42], 'little')": "one of 1 to 1000",
    },
    "08.3": {
        "answer = clients": "2 of your 4 choices are wrong",
        'answer = {("team12", 34)}': "something is missing",
        f'answer = {{{BOTH}, ("team123", 40)}}': "not all signatures fit. What does 006 sign",
        'answer = {("team1", 234)}': "is not one of the choices",
        "answer = set()": "At least one",
    },
    "08.4": {
        'answer = lambda body: body.get("isPublisher")': "Without isPublisher, it returns None",
        'answer = lambda body: body["isPublisher"] is True': "raises KeyError",
        'answer = lambda body: bool(body.get("isPublisher"))': 'the string "false", it returns True',
        'answer = lambda body: body.get("isPublisher") is True': 'the string "false", it returns False',
        "def answer(body):\n"
        '    wish = body.get("isPublisher", False)\n'
        "    if wish not in (True, False):\n        raise ValueError\n    return wish": "the number 1, it returns 1",
        "def answer(body):\n"
        '    if not body.get("isPublisher"):\n        raise ValueError\n    return True': "isPublisher, it raises",
        "def answer(body):\n"
        '    wish = body.get("isPublisher") or False\n'
        "    if not isinstance(wish, bool):\n        raise ValueError\n    return wish": "null, it returns False",
        "answer = True": "Write a function of one argument",
    },
}
"""Wrong answers, each with a part of the feedback."""

GIVEAWAYS: dict[str, set[str]] = {
    "08.1": {"NOW + "},
    "08.2": {"421"},
    "08.3": {"'team12'", "1234", "'team2'", "'team123'"},
    "08.4": {"isinstance", "bool)"},
}
"""Parts of right answers, which no feedback on a wrong one contains."""
