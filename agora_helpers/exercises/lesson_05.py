"""Exercises of lesson 05: requests to the token server. A real server answers them."""

from __future__ import annotations

from typing import Any

from ..constants import ROLE_PRIVILEGES, Role
from ..credentials import Credentials
from .exercise import Exercise
from .faults import NOW, SALT, another_lifetime, not_good_for, not_those, other_privileges

REQUESTS: dict[str, dict[str, Any]] = {
    "A": {"channel": "lobby", "uid": "7"},
    "B": {"channel": "lobby", "userAccount": "7"},
    "C": {"channel": "lobby", "expiresIn": 86_400},
    "D": {"channel": "lobby", "isPublisher": 1},
}


def _answers(*requests: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the token server's answer to each request: one with a token, or an error."""
    from ..server.app import TokenServer  # only here: it needs the extra "server"

    with TokenServer(Credentials.for_lessons(), now=NOW, salt=SALT) as server:
        return [server.client.post("/rtctoken", json=request).json() for request in requests]


def _body_for_alice(answer: object) -> str | None:
    if not isinstance(answer, dict):
        return 'Write the body as a dict, such as {"channel": "lobby"}.'
    try:
        (result,) = _answers(answer)
    except (TypeError, ValueError, RecursionError):
        return "This cannot be written as JSON: names are strings; values are strings, numbers, True or False."
    if "error" in result:
        return f"The server answers: {result['error']['message']}"
    token = result["token"]
    return (
        not_good_for(token, channel="lobby", account="alice")
        or other_privileges(token, ROLE_PRIVILEGES[Role.PUBLISHER])
        or another_lifetime(token, 600)
    )


def _which_get_a_token(answer: object) -> str | None:
    results = dict(zip(REQUESTS, _answers(*REQUESTS.values()), strict=True))
    facts = {name: "token" in body for name, body in results.items()}
    why = {name: f"The server answers: {body['error']['message']}" for name, body in results.items() if "error" in body}
    return not_those(answer, facts, why)


EXERCISES = (
    Exercise(
        id="05.1",
        question="Which body requests a token with which alice can publish in the lobby for ten minutes?",
        wrong=_body_for_alice,
        right="The server returned such a token.",
        hints=(
            "You need four fields: channel, client, role and lifetime.",
            "alice is a userAccount. isPublisher is True in Python and true in JSON. expiresIn is in seconds.",
        ),
        solution='answer = {"channel": "lobby", "userAccount": "alice", "isPublisher": True, "expiresIn": 600}',
    ),
    Exercise(
        id="05.2",
        question="Which of these four requests get a token?",
        wrong=_which_get_a_token,
        right=(
            "Types matter: a uid is a number, an account is a string, and true is neither 1 nor a string. "
            "And a day is longer than this server allows."
        ),
        hints=(
            "uid is an integer, userAccount a string, isPublisher true or false. What is the longest lifetime here?",
            'Send one: server.client.post("/rtctoken", json=requests["A"]).json().',
        ),
        solution='answer = {"B"}',
    ),
)
