"""Answers to the exercises of lesson 01."""

from __future__ import annotations

WRONG: dict[str, dict[str, str]] = {
    "01.1": {
        'answer = {"B"}': "something is missing",
        'answer = {"A", "B", "C"}': "'A' is wrong here. Can a client join without this value",
        'answer = {"B", "C", "D"}': "for whom was it built",
        'answer = {"B", "C", "E"}': "Which row of the table",
        'answer = "F"': "is not one of the choices",
        "answer = set()": "At least one",
    },
    "01.2": {
        "answer = 2": "on a 24-hour clock",
        "answer = 11": "Which one, and until when?",
        "answer = 12": "Which server issued that token?",
        "answer = 13": "invalid token, authorized failed",
        "answer = 36": "longer than necessary",
        "answer = 14.5": "a whole number",
    },
    "01.3": {
        'answer = {"now": {"ann", "ben", "cleo", "dan", "eve"}, "rotate": set()}': "Under 'now', ann is not rejected",
        'answer = {"now": {"ben", "cleo", "dan", "eve"}, "rotate": set()}': "Agora look at a token again",
        'answer = {"now": {"eve"}, "rotate": set()}': "Someone is missing",
        'answer = {"now": {"ben", "cleo", "eve"}, "rotate": {"eve"}}': "Under 'rotate', eve is not rejected",
        'answer = {"now": {"eve", "fred"}, "rotate": set()}': "'fred' is not one of the five",
        'answer = {"now": "eve", "rotate": set()}': "write a set of names",
        'answer = "rotate"': "Write a dict",
    },
}
"""Wrong answers, each with a part of the feedback."""

GIVEAWAYS: dict[str, set[str]] = {
    "01.1": {"'B'", "'C'"},
    "01.2": {"14"},
    "01.3": {"ben", "cleo", "Under 'now', eve"},
}
"""Parts of right answers, which no feedback on a wrong one contains."""
