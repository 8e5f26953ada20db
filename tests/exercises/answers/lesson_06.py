"""Answers to the exercises of lesson 06."""

from __future__ import annotations

RIGHT_CAUSES = {"A": "uid", "B": "channel", "C": "renewal", "D": "secret", "E": "shared uid"}
FRESH = """
stage = PracticeServer(credentials, Project(credentials, clock=Clock(NOW)), web_sdk="", rtm_sdk="")
"""
"""A stage that no answer before this one has played on."""

PLAYED = """
server, clock = stage.media_server, stage.media_server.project.clock
token = lambda **others: build_rtc_token(credentials, "lobby", uid=7, now=clock.now(), **others)
first = token()
connection = server.join("lobby", uid=7, token=first)
{}
answer = server.sessions
"""
"""A client in Python, with a line for what it does after joining."""


def played(*steps: str) -> str:
    return FRESH + PLAYED.format("\n".join(steps))


WRONG: dict[str, dict[str, str]] = {
    "06.1": {
        'answer = {"A": "uid"}': "a cause for each of A, B, C, D, E",
        f"answer = {RIGHT_CAUSES | {'C': 'token'}}": "C: 'token' is not one of the causes",
        f"answer = {RIGHT_CAUSES | {'A': 'expired token'}}": "4 of 5 are right. Look at A again. The practice project",
        f"answer = {RIGHT_CAUSES | {'A': 'channel', 'B': 'uid'}}": "3 of 5 are right. Look at A again.",
        f"answer = {RIGHT_CAUSES | {'B': 'nothing'}}": "Look at B again. The practice project rejects it: 'invalid",
        f"answer = {RIGHT_CAUSES | {'C': 'nothing'}}": "Look at C again. It joins, and an hour later",
        f"answer = {RIGHT_CAUSES | {'D': 'nothing'}}": "Look at D again. It joins and stays.",
        f"answer = {RIGHT_CAUSES | {'E': 'expired token'}}": "Look at E again. It joins. Then the user opens",
    },
    "06.2": {
        "answer = stage": "what the media server has seen",
        "answer = handler": "what the media server has seen",
        f"{FRESH}answer = stage.media_server.sessions": "No client has joined yet",
        played("clock.advance(600)"): "has not warned any client yet",
        played("clock.advance(3570)"): "has not renewed yet",
        played("clock.advance(3600)"): "No new token reached the server",
        played("clock.advance(3600)", "connection.renew(token())"): "No new token reached the server",
        played("clock.advance(3570)", "connection.renew(first)", "clock.advance(30)"): "that it already had",
        played(
            "clock.advance(3570)", 'connection.renew(build_rtc_token(credentials, "lobby", uid=8))'
        ): "rejected the renewal: UNEXPECTED_RESPONSE",
        played("clock.advance(3600)", 'server.join("lobby", uid=7, token=token())', "clock.advance(60)"): (
            "Too late: the client was removed first"
        ),
        played("clock.advance(3600)", 'server.join("lobby", uid=7, token=token())', "clock.advance(3600)"): (
            "No new token reached the server"
        ),
    },
    "06.3": {
        'answer = "lobby"': "a set of letters",
        'answer = {"A"}': "2 of 7 turned out otherwise. Two clients",
        'answer = {"A", "B"}': "1 of 7 turned out otherwise. Who checks",
        'answer = {"A", "B", "C", "D"}': "covered by the signature, besides the channel",
        'answer = {"A", "B", "C", "E"}': "covered by the signature, besides the uid",
        'answer = {"A", "B", "C", "F"}': "Which services",
        'answer = {"A", "B", "C", "G"}': "renews with the token that it has",
        "answer = set()": "3 of 7 turned out otherwise. What does a token prove",
    },
    "06.4": {
        'answer = ["https://app.example.com"]': "is a string",
        'answer = "*"': "does not start. AGORA_ALLOWED_ORIGINS contains an invalid origin",
        'answer = "https://app.example.com/,http://localhost:5173/"': "contains an invalid origin",
        'answer = "app.example.com,localhost:5173"': "contains an invalid origin",
        'answer = "https://app.example.com;http://localhost:5173"': "contains an invalid origin",
        'answer = "https://app.example.com,http://localhost"': "A preflight from http://localhost:5173 was rejected",
        'answer = "http://app.example.com,http://localhost:5173"': "from https://app.example.com was rejected",
        'answer = "https://app.example.com,http://localhost:5173,http://app.example.com"': "is not yours",
    },
}
"""Wrong answers, each with a part of the feedback."""

GIVEAWAYS: dict[str, set[str]] = {
    "06.1": {"shared", "secret", "certificate", "null", "Lobby"},
    "06.2": {"will-expire", "fetchToken", "renewToken"},
    "06.3": {"A,", "B,", "{"},
    "06.4": {"https://app.example.com,"},
}
"""Parts of right answers, which no feedback on a wrong one contains."""
