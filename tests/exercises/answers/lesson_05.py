"""Answers to the exercises of lesson 05."""

from __future__ import annotations

WRONG: dict[str, dict[str, str]] = {
    "05.1": {
        'answer = {"channel": "lobby", "userAccount": "alice"}': "a subscriber's",
        'answer = {"channel": "lobby", "user": "alice"}': "The server answers: user: ",
        'answer = {"channel": "lobby", "userAccount": "alice", "isPublisher": "true"}': "answers: isPublisher: ",
        'answer = {"channel": "lobby", "userAccount": "alice", "isPublisher": True}': "It is valid for 3600 s",
        'answer = {"channel": "lobby", "isPublisher": True, "expiresIn": 600}': "other kind of user",
        'answer = {"channel": {"lobby"}}': "cannot be written as JSON",
    },
    "05.2": {
        "answer = set()": "At least one",
        'answer = {"A", "B"}': "The server answers: uid: ",
        'answer = {"B", "C"}': "answers: expiresIn: is more than 3600",
        'answer = {"B", "D"}': "answers: isPublisher: ",
    },
}
"""Wrong answers, each with a part of the feedback."""

GIVEAWAYS: dict[str, set[str]] = {
    "05.2": {"'B'"},
}
"""Parts of right answers, which no feedback on a wrong one contains."""
