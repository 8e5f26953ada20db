"""Answers to the exercises of lesson 09."""

from __future__ import annotations

from agora_helpers.exercises.lesson_09 import ADD, DELETE, DISABLE, SIGN, SWAP, WAIT

RIGHT = {"loop": "bob", "late": "carol", "guesses": "203.0.113.9"}


def _but(**changes: object) -> str:
    return f"answer = {RIGHT | changes}"


WRONG: dict[str, dict[str, str]] = {
    "09.1": {
        "answer = steps": "a list of all six",
        "answer = sorted(steps)[:5]": "a list of all six",
        'answer = [*sorted(steps)[:5], "disable the old one"]': "occurs twice",
        f"answer = {[SIGN, ADD, SWAP, WAIT, DISABLE, DELETE]}": "a certificate that is not enabled",
        f"answer = {[ADD, SIGN, SWAP, WAIT, DISABLE, DELETE]}": "Which of Agora's services reject such a token?",
        f"answer = {[ADD, SWAP, SIGN, DISABLE, WAIT, DELETE]}": "before these expire",
        f"answer = {[ADD, SWAP, WAIT, SIGN, DISABLE, DELETE]}": "before these expire",
        f"answer = {[ADD, SIGN, WAIT, DISABLE, SWAP, DELETE]}": "signs with the secondary certificate",
        f"answer = {[ADD, SWAP, SIGN, WAIT, DELETE, DISABLE]}": "allow this. secondary: is enabled.",
        f"answer = {[SWAP, ADD, SIGN, WAIT, DISABLE, DELETE]}": "the console does not allow this",
    },
    "09.2": {
        'answer = ["bob", "carol", "203.0.113.9"]': "a dictionary with three keys",
        'answer = {"loop": "bob"}': "a dictionary with three keys",
        _but(loop="key 1"): "How many users may one backend serve?",
        _but(loop="203.0.113.9"): "before the first 429",
        _but(loop="alice"): "far more tokens in a minute",
        _but(late="alice"): "Has her token expired by then?",
        _but(late="bob"): "is another thing",
        _but(late="erin"): "nothing of the kind",
        _but(guesses="198.51.100.4"): "the minute after that",
        _but(guesses="stranger"): "is not a caller in this log",
        _but(guesses=401): "is not a caller in this log",
    },
}
"""Wrong answers, each with a part of the feedback."""

GIVEAWAYS: dict[str, set[str]] = {
    "09.1": {"swap before", "before you sign"},
    "09.2": {"carol", "is 203.0.113.9", "is bob"},
}
"""Parts of right answers, which no feedback on a wrong one contains."""
