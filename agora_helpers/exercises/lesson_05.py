"""Exercises of lesson 05: requests, a policy, and calls from outside. A real token server answers them."""

from __future__ import annotations

import inspect
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ..constants import ROLE_PRIVILEGES, Role
from ..credentials import Credentials
from ..tokens.decoder import decode
from .exercise import Exercise
from .faults import NOW, SALT, another_lifetime, not_good_for, not_those, other_privileges

if TYPE_CHECKING:
    from ..server.access_log import LogEntry

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


_CLASS = "class-7"
_MEMBERS = (("t-1", "ms-lee", True), ("p-1", "tom", False), ("p-2", "mia", False))
"""The school's sessions: the user, and whether he or she teaches."""
_STRANGERS = (None, "", "p-3", "tom")
_LOWER_CASE = "How are the names of headers written when they reach a policy?"


def _policy(answer: object) -> str | None:
    if not callable(answer):
        return "A policy is a function that takes the headers and returns a Permit or None."
    if problem := _faults_of_the_function(answer):
        return problem
    from ..server.app import TokenServer  # only here: it needs the extra "server"

    with TokenServer(Credentials.for_lessons(), access=answer, now=NOW, salt=SALT) as server:

        def post(session: str | None, path: str = "/rtctoken", **body: Any) -> Any:
            return server.client.post(path, json=body, headers=_headers(session))

        for session, user, teaches in _MEMBERS:
            if problem := _wrong_with(post, session, user, teaches):
                return problem
        for stranger in _STRANGERS:
            if (status := post(stranger, channel=_CLASS).status_code) != 401:
                return f"A stranger (x-session: {stranger!r}) got status {status}, and should be rejected."
    return None


def _headers(session: str | None) -> dict[str, str]:
    return {} if session is None else {"x-session": session}


def _faults_of_the_function(policy: Any) -> str | None:
    """Call the policy as the server does. The server would hide these faults behind status 500."""
    from ..server.access import Permit

    for session, who in [*((session, user) for session, user, _ in _MEMBERS), *((each, None) for each in _STRANGERS)]:
        whose = f"For {who}" if who else f"For a stranger (x-session: {session!r})"
        try:
            permit = policy(_headers(session))
        except Exception as error:
            hint = f" {_about_the_key(error, session, who)}" if isinstance(error, KeyError) else ""
            raised = f"{type(error).__name__}: {error}".rstrip(".")
            return f"{whose}, your policy raises {raised}.{hint}"
        if inspect.isawaitable(permit):
            getattr(permit, "close", lambda: None)()
            return "Write a plain function. This policy waits for nothing, so it need not be async."
        if not (permit is None or isinstance(permit, Permit)):
            return f"{whose}, your policy returns a value of type {type(permit).__name__}. Return a Permit or None."
        if who and permit is None and _reads_another_case(policy, session):
            return f"{whose}, your policy finds no session. {_LOWER_CASE}"
    return None


def _about_the_key(error: KeyError, session: str | None, who: str | None) -> str:
    """Return what to look at if the policy looks up a key that is not there: a header's name, or a session."""
    key = next(iter(error.args), None)
    if key == "x-session":
        return "Not every request has the header."
    if who and (key is None or str(key).lower() == "x-session"):
        return _LOWER_CASE
    if who and key != session:
        return "Which header is the session in?"
    if who:
        return "This session is in one of the two dictionaries. Where does your policy look?"
    return "This session is in no dictionary. Look it up without an error, and decide what a stranger gets."


def _reads_another_case(policy: Any, session: str | None) -> bool:
    """Return whether the policy would know this session if the header's name were not in lower case."""
    with suppress(Exception):
        return policy({"X-Session": session}) is not None
    return False


def _wrong_with(post: Any, session: str, user: str, teaches: bool) -> str | None:
    """Check what the server returns to this member of the school."""
    answer = post(session, channel=_CLASS)
    if answer.status_code == 401:
        return f"{user} requests a token and gets none (401). What does your policy return for {session!r}?"
    if answer.status_code != 200:
        message = answer.json()["error"]["message"]
        return (
            f"{user} requests a token for {_CLASS} and gets none ({answer.status_code}). The server answers: {message}"
        )
    (service,) = decode(answer.json()["token"]).services
    if getattr(service, "uid", None) != user:
        return f"{user} sends no name, and the token is for someone else. Which part of the permit decides the user?"
    if post(session, channel=_CLASS, userAccount="head").status_code != 403:
        return f"{user} requests a token in the name of head, and gets one. Who chooses the user, client or server?"
    if post(session, channel="staff-room").status_code != 403:
        return f"{user} requests a token for the staff-room, and gets one. Which channels does your permit name?"
    if (post(session, channel=_CLASS, isPublisher=True).status_code == 200) != teaches:
        who = "teacher, but cannot" if teaches else "pupil, but can"
        return f"{user} is a {who} publish. Which part of the permit decides that?"
    return None


_TOKEN_PATHS = ("/rtctoken", "/rtmtoken", "/token", "/chattoken")
_LATE = {
    400: "Read the error in the response: it names the field.",
    401: "How does this server's policy know who is asking?",
    403: "Ask for something that alice's permit names.",
    404: "Compare the path.",
    405: "Which method does a request for a token have?",
    415: "Which header says that the body is JSON?",
}
"""What to look at after a request that got no token."""


def _calls_in_the_log(answer: object) -> str | None:
    from ..server.access_log import LogEntry

    if not isinstance(answer, list) or not all(isinstance(entry, LogEntry) for entry in answer):
        return "The answer is the server's log itself, a list of entries: answer = log."
    for _ in range(15):  # the server writes an entry right after its response
        if not (problem := _missing_in_the_log(answer)):
            return None
        time.sleep(0.02)
    return problem


def _missing_in_the_log(log: list[LogEntry]) -> str | None:
    statuses = [entry.status for entry in log if entry.path in _TOKEN_PATHS]
    if not statuses:
        return f"The log has {len(log)} entries, none of them for a token. Compare address, port and path."
    if 200 not in statuses:
        hint = _LATE.get(statuses[-1], "Read the response.")
        return f"No token has been issued yet. Your last request got status {statuses[-1]}. {hint}"
    if 401 not in statuses:
        return "There is a token, but no 401 yet. Which caller does the server not know?"
    if 403 not in statuses:
        return "There is a token and a 401, but no 403 yet. What may alice not have?"
    return None


EXERCISES = (
    Exercise(
        id="05.1",
        question="Which body requests a token with which alice can publish in the channel lobby for ten minutes?",
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
    Exercise(
        id="05.3",
        question=(
            "Write a policy for a school: teachers may publish in their class, pupils may only listen there, "
            "and each of them joins under their own name."
        ),
        wrong=_policy,
        right="A token server called it for a teacher, for pupils and for strangers.",
        hints=(
            "Look up the session among the teachers, then among the pupils. If it is unknown, return None.",
            'Permit(name, user=name, channels={"class-7"}, may_publish=…).',
        ),
        solution=(
            "def school(headers):\n"
            '    session = headers.get("x-session")\n'
            "    name = TEACHERS.get(session) or PUPILS.get(session)\n"
            "    if name is None:\n"
            "        return None\n"
            '    return Permit(name, user=name, channels={"class-7"}, may_publish=session in TEACHERS)\n'
            "\n"
            "\n"
            "answer = school"
        ),
    ),
    Exercise(
        id="05.4",
        question=(
            "Send HTTP requests to this server until its log shows a token that was issued, "
            "a request with status 401 and one with status 403."
        ),
        wrong=_calls_in_the_log,
        right="The log shows all three. You can tell them apart without seeing a single token.",
        hints=(
            "The server's policy is by_session. It reads the header X-Session, and knows one session.",
            "Ask for the channel lobby with X-Session: 7f3a, then without it, then for the channel stage with it.",
        ),
        solution=(
            'for channel, headers in (("lobby", alice), ("lobby", {}), ("stage", alice)):\n'
            '    server.client.post("/rtctoken", json={"channel": channel}, headers=headers)\n'
            "\n"
            "answer = log"
        ),
    ),
)
