"""Answers to the exercises of lesson 01."""

from __future__ import annotations

WRONG: dict[str, dict[str, str]] = {
    "01.1": {
        "answer = certificate": "yours is a string",
        "answer = Credentials(certificate, app_id)": "are swapped",
        "answer = Credentials(app_id, certificate[::-1])": "not the ones that were copied",
    },
    "01.2": {
        "answer = 11": "still signs",
        "answer = 13": "invalid token, authorized failed",
        "answer = 36": "longer than necessary",
        "answer = 14.5": "a whole number",
    },
}
"""Wrong answers, each with a part of the feedback."""

GIVEAWAYS: dict[str, set[str]] = {
    "01.2": {"14"},
}
"""Parts of right answers, which no feedback on a wrong one contains."""
