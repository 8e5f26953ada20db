"""Exercises of lesson 11: the help desk as a whole, and a system that was handed over half broken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import tickets
from .exercise import Exercise
from .handover import Client, FailureError, check_steps, play_client, play_evening

_PARTS = ("policy", "join", "renew", "steps")


def _desk(answer: object) -> str | None:
    if not isinstance(answer, dict):
        return 'Write a dict with an answer for each ticket, such as {1: "CODE", 2: {"CODE", "CODE"}}.'
    numbers = range(1, len(tickets.desk.TICKETS) + 1)
    if unanswered := [number for number in numbers if number not in answer]:
        return f"{_named(unanswered)} no answer yet."
    if still_open := [number for number in numbers if not tickets.check(number, answer[number]).right]:
        what = "What speaks against your answer? Run the ticket's own cell again."
        return f"{_named(still_open)} not got the right answer yet. {what}"
    return None


def _named(numbers: list[int]) -> str:
    """Return the tickets as a subject, with its verb."""
    *first, last = map(str, numbers)
    return f"Tickets {', '.join(first)} and {last} have" if first else f"Ticket {last} has"


def _first_failure(play: Callable[[], None]) -> str | None:
    try:
        play()
    except FailureError as failure:
        return str(failure)
    return None


def _client(answer: object) -> str | None:
    if not isinstance(answer, list | tuple) or len(answer) != 2 or not all(map(callable, answer)):
        return "Write your two functions as a pair, (join, renew)."
    client = Client(*answer)
    return _first_failure(lambda: play_client(client))


def _rotation(answer: object) -> str | None:
    return _first_failure(lambda: check_steps(answer))


def _evening(answer: object) -> str | None:
    if not isinstance(answer, dict) or set(answer) != set(_PARTS):
        return f"Write a dict with all parts of the system: dict({', '.join(f'{part}=…' for part in _PARTS)})."
    parts: dict[Any, Any] = answer
    if strange := [part for part in _PARTS[:3] if not callable(parts[part])]:
        return f"{strange[0]} must be a function."
    client = Client(parts["join"], parts["renew"])
    return _first_failure(lambda: play_evening(client, parts["policy"], parts["steps"]))


_CLIENT = """\
def join(fetch, publish):
    token = fetch(channel="lesson-1", isPublisher=publish)
    return dict(channel="lesson-1", uid=token["uid"], token=token["token"])


def renew(fetch, publish, token):
    for attempt in range(3):  # in an app, wait a little longer each time
        try:
            return fetch(channel="lesson-1", isPublisher=publish)["token"]
        except ConnectionError:
            continue
    raise ConnectionError("no new token")


"""
_STEPS = """\
["enable the old certificate", "restart server B with the new certificate"]
{0} += ["wait an hour", "disable the old certificate", "delete the old certificate"]"""

EXERCISES = (
    Exercise(
        id="11.1",
        question="What is wrong in each of the ten tickets?",
        wrong=_desk,
        right="The desk is empty. Ten times, the evidence was in what the reporter sent.",
        hints=(
            "Each ticket has a hint of its own, which says where to look: tickets.hint(3).",
            "Seven of the ten tickets have a token. verify it with the values of the client that joins: channel, uid, "
            "time. Two tickets have two faults.",
        ),
        solution=(
            'answer = {1: "TOKEN_MISSING", 2: "JOINS_WITH_ZERO", 3: "CREDENTIALS_NOT_SET", 4: "NOT_AGORA"}\n'
            'answer |= {5: "HOME_MADE_TOKEN", 6: "RENEWED_WITH_OLD_TOKEN", 7: "LIFETIME_OF_SECONDS"}\n'
            'answer |= {8: {"WRONG_SERVICE", "CHARACTER_NOT_ALLOWED"}, 9: "UID_OVER_32_BITS"}\n'
            'answer |= {10: {"DURATION_AS_TIME", "UID_ZERO_AS_STRING"}}'
        ),
    ),
    Exercise(
        id="11.2",
        question="Repair the client: join and renew.",
        wrong=_client,
        right="kim and lou joined, kim published, and both were still there after an hour, with the same rights.",
        hints=(
            "Agora compares channel and uid with the token. What does the token server return besides the token?",
            "In renew: request the same role as in join, and request again after a ConnectionError.",
        ),
        solution=_CLIENT + "answer = (join, renew)",
    ),
    Exercise(
        id="11.3",
        question="Which steps, in which order, end the outage and finish the rotation?",
        wrong=_rotation,
        right="From the first step on no valid token was rejected, and only the new certificate is left.",
        hints=(
            "Two kinds of token are rejected now: those that server B issues, and those that it has issued before.",
            "Make the project accept the old certificate again. Then the usual order continues where it was left.",
        ),
        solution=f"answer = {_STEPS.format('answer')}",
    ),
    Exercise(
        id="11.4",
        question="Repair the policy, and let the whole evening run.",
        wrong=_evening,
        right="kim joined and published, lou listened, both renewed during the rotation, and every outsider was "
        "rejected. You can take over a system like this one.",
        hints=(
            "For whom should a policy return None, and which three things should it decide for everyone else?",
            "Permit(name, uid=…, channels={…}, may_publish=…), with values that come from the session alone.",
        ),
        solution=(
            f"{_CLIENT}def policy(headers):\n"
            '    uid = MEMBERS.get(headers.get("x-session"))\n'
            "    if uid is None:\n"
            "        return None\n"
            '    return Permit(f"user {uid}", uid=uid, channels={"lesson-1"}, may_publish=uid in TEACHERS)\n'
            f"\n\nsteps = {_STEPS.format('steps')}\n"
            "answer = dict(policy=policy, join=join, renew=renew, steps=steps)"
        ),
    ),
)
