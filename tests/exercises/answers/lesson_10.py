"""Answers to the exercises of lesson 10."""

from __future__ import annotations

RIGHT = """\
def endpoint(uid, body):
    if uid is None:
        return 401, {"error": "Sign in first."}
    if not isinstance(body, dict) or not isinstance(channel := body.get("channel"), str):
        return 400, {"error": "channel"}
    role = role_in(channel, uid)
    if role is None:
        return 403, {"error": "channel"}
    try:
        token = build_rtc_token(credentials, channel, uid=uid, role=role, expires_in=3600)
    except ValueError as error:
        return 400, {"error": str(error)}
    return 200, {"uid": uid, "token": token}


answer = endpoint"""


def _but(old: str, new: str) -> str:
    assert old in RIGHT
    return RIGHT.replace(old, new)


PAIRS = {"A": 4, "B": 3, "C": 5, "D": 6}

WRONG: dict[str, dict[str, str]] = {
    "10.1": {
        "answer = endpoint": "raised KeyError: 'uid'. What does it expect of the body",
        "answer = endpoint(1001, {'channel': 'blue:standup', 'uid': 1001})": "the function itself",
        "answer = lambda uid, body: {}": "Return a status and a dictionary",
        "answer = lambda uid, body: (403, {})": "may join blue:standup, but a request for it got status 403",
        _but('"uid": uid, ', ""): "The reply has no 'uid'",
        _but("uid=uid, role", 'uid=body.get("uid", uid), role'): "Whose decision is the uid?",
        _but('"uid": uid, "token"', '"uid": str(uid), "token"'): "the reply says uid '1001'",
        _but("uid=uid, role", "uid=0, allow_any_uid=True, role"): "admits any uid",
        _but("role=role", 'role="publisher"'): "User 1002 only listens in team blue",
        _but("role=role", 'role="subscriber"'): "User 1001 is a publisher in team blue",
        _but("role=role", 'role=body.get("role", role)'): "Whose decision is the role?",
        _but("role=role", 'role="publisher" if body.get("isPublisher") else role'): "Whose decision is the role?",
        _but("=3600", "=86400"): "The token lasts",
        _but("=3600", '=body.get("expiresIn", 3600)'): "Whose decision is the lifetime?",
        _but("=3600", "=3600, now=1_700_000_000"): "The token has expired",
        _but("=3600", '=3600, version="006"'): "This is a 006 token",
        _but("credentials, channel", "Credentials('0123456789abcdef' * 2, 'f' * 32), channel"): "the practice project",
        _but('"token": token}', '"token": token, "debug": credentials.app_certificate}'): "Who may see it?",
        _but("if uid is None:", "if uid == 0:"): "the status is 403. Which of 400, 401 and 403 fits?",
        _but("if role is None:", "if False:"): "the status is 400",
        _but("return 403,", "return 401,"): "the status is 401",
        _but("except ValueError as error", "except ZeroDivisionError as error"): "raised InputError",
        _but(
            'if not isinstance(body, dict) or not isinstance(channel := body.get("channel"), str)',
            "channel = body['channel']\n    if False",
        ): ("the body is {}. endpoint raised KeyError: 'channel'"),
        _but('401, {"error"', '401, {"token": "", "error"'): "a token all the same",
    },
    "10.2": {
        'answer = ["4", "3", "5", "6"]': 'a dictionary with the keys "A" to "D"',
        f"answer = {PAIRS | {'A': '4'}}": "A: '4' is not the number of a test",
        f"answer = {PAIRS | {'D': 7}}": "D: 7 is not the number of a test",
        f"answer = {PAIRS | {'A': 2}}": "A: test 2 passes in spite of this mistake",
        f"answer = {PAIRS | {'B': 2}}": "Would the token of a correct endpoint be any different?",
        f"answer = {PAIRS | {'C': 3}}": "Does this mistake change the role?",
        f"answer = {PAIRS | {'D': 5}}": "Does this mistake change who signs?",
        f"answer = {PAIRS | {'D': 1}}": "No token is involved",
        f"answer = {PAIRS | {'B': 6}}": "when a client leaves",
    },
}
"""Wrong answers, each with a part of the feedback."""

GIVEAWAYS: dict[str, set[str]] = {
    "10.1": {"uid=uid", "role=role", "role_in(", "InputError as"},
    "10.2": {"test 4 catches", '"A": 4', "Use test"},
}
"""Parts of right answers, which no feedback on a wrong one contains."""
