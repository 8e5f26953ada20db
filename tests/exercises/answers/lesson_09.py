"""Answers to the exercises of lesson 09."""

from __future__ import annotations

from agora_helpers.exercises.lesson_09 import DELETE, DISABLE, ENABLE, SIGN, SWAP, WAIT

RIGHT = {"loop": "bob", "late": "carol", "guesses": "203.0.113.9"}


def _but(**changes: object) -> str:
    return f"answer = {RIGHT | changes}"


WRONG: dict[str, dict[str, str]] = {
    "09.1": {
        'answer = "enable the old one"': "Write a list of steps",
        'answer = ["add a secondary one"]': "Write a list of steps",
        f"answer = {[ENABLE, SIGN, WAIT, DISABLE, WAIT, DELETE]}": "'wait an hour' occurs twice",
        f"answer = {[SIGN, WAIT, DELETE]}": "After 'sign with the new one' clients with tokens of the old certificate",
        f"answer = {[WAIT, SIGN, DELETE]}": "After 'wait an hour' a client with a fresh token",
        f"answer = {[DELETE]}": "After 'delete the old one' a client with a fresh token",
        f"answer = {[SWAP, ENABLE, SIGN, WAIT, DISABLE, DELETE]}": "allow this. secondary: is disabled.",
        f"answer = {[ENABLE, SWAP, SIGN, WAIT, DISABLE, DELETE]}": "Which services reject that?",
        f"answer = {[ENABLE, SIGN, WAIT, DISABLE, DELETE, SWAP]}": "allow this. secondary: does not exist.",
        f"answer = {[ENABLE, SIGN, DISABLE, WAIT, DELETE]}": "before these expire",
        f"answer = {[ENABLE, WAIT, SIGN, DISABLE, DELETE]}": "before these expire",
        f"answer = {[ENABLE, SIGN, WAIT, DELETE, DISABLE]}": "allow this. secondary: is enabled.",
        f"answer = {[ENABLE, SIGN, WAIT, DISABLE]}": "the old certificate still exists",
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
    "09.1": {"'enable the old one'"},
    "09.2": {"carol", "is 203.0.113.9", "is bob"},
}
"""Parts of right answers, which no feedback on a wrong one contains."""
