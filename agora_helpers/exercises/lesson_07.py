"""Exercises of lesson 07: what the token server is asked. A real one answers."""

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
    """What the token server says to each request: an answer with a token, or an error."""
    from ..server.app import TokenServer  # only here: it needs the extra "server"

    with TokenServer(Credentials.for_lessons(), now=NOW, salt=SALT) as server:
        return [server.client.post("/rtctoken", json=request).json() for request in requests]


def _body_for_alice(answer: object) -> str | None:
    if not isinstance(answer, dict):
        return 'Write the body as a dict, such as {"channel": "lobby"}.'
    try:
        (said,) = _answers(answer)
    except (TypeError, ValueError, RecursionError):
        return "That cannot be written as JSON: names are texts, values are texts, numbers, True or False."
    if "error" in said:
        return f"The server says: {said['error']['message']}"
    token = said["token"]
    return (
        not_good_for(token, channel="lobby", account="alice")
        or other_privileges(token, ROLE_PRIVILEGES[Role.PUBLISHER])
        or another_lifetime(token, 600)
    )


def _which_get_a_token(answer: object) -> str | None:
    said = dict(zip(REQUESTS, _answers(*REQUESTS.values()), strict=True))
    facts = {name: "token" in body for name, body in said.items()}
    why = {
        name: "The server answers with a token." if "token" in body else f"The server says: {body['error']['message']}"
        for name, body in said.items()
    }
    return not_those(answer, facts, why)


EXERCISES = (
    Exercise(
        id="07.1",
        question="Which body asks for a token with which alice publishes in the lobby for ten minutes?",
        wrong=_body_for_alice,
        right="The server has answered it with such a token.",
        hints=(
            "Four fields: for which channel, for whom, in which role, for how long.",
            "alice is a userAccount; isPublisher is True in Python and true in JSON; expiresIn counts seconds.",
        ),
        solution='answer = {"channel": "lobby", "userAccount": "alice", "isPublisher": True, "expiresIn": 600}',
    ),
    Exercise(
        id="07.2",
        question="Which of these four requests get a token?",
        wrong=_which_get_a_token,
        right="A type is a type: a uid is a number, an account is a text, and true is neither 1 nor a text.",
        hints=(
            "uid is an integer, userAccount a text, isPublisher true or false. How long may a token live?",
            'Send them: server.client.post("/rtctoken", json=requests["A"]).json().',
        ),
        solution='answer = {"B", "C"}',
    ),
)
