"""Answers to the exercises of lesson 11."""

from __future__ import annotations

from agora_helpers.exercises.handover import DELETE, DISABLE, ENABLE, RESTART, SWAP, WAIT
from agora_helpers.exercises.lesson_11 import EXERCISES

DESK, CLIENT, ROTATION, EVENING = (exercise.solution for exercise in EXERCISES)
PARTS = EVENING.rpartition("\n")[0]
"""Right parts of the system, under their names."""
ALL = "answer = dict(policy={}, join=join, renew=renew, steps=steps)"


def client(**parts: str) -> str:
    """Return the right client with other expressions as its parts: functions of ``fetch``, ``publish``, ``token``."""
    functions = {"join": "join", "renew": "renew"}
    for name, code in parts.items():
        functions[name] = f"lambda fetch, publish, token=None: {code}"
    return CLIENT.rpartition("\n")[0] + f"\nanswer = ({functions['join']}, {functions['renew']})"


def evening(permit: str, known: str = "MEMBERS.get(headers.get('x-session'))") -> str:
    """Return the right system with another policy, that returns this permit for the uid ``u`` of a known session."""
    policy = f"lambda headers: (u := {known}) and Permit('x', {permit})"
    return f"from agora_helpers.server import ANY\n{PARTS}\n{ALL.format(policy)}"


REQUEST = "fetch(channel='lesson-1', isPublisher=publish)"
ALLOWED = "channels={'lesson-1'}, may_publish=u in TEACHERS"

WRONG: dict[str, dict[str, str]] = {
    "11.1": {
        "answer = 'TOKEN_MISSING'": "Write a dict",
        "answer = {1: 'TOKEN_MISSING', 2: 'JOINS_WITH_ZERO'}": "Tickets 3, 4, 5, 6, 7, 8, 9 and 10 have no answer yet",
        f"{DESK}\ndel answer[7]": "Ticket 7 has no answer yet",
        f"{DESK}\nanswer[4] = 'WRONG_CERTIFICATE'": "Ticket 4 has not got the right answer yet",
        f"{DESK}\nanswer |= {{8: 'WRONG_SERVICE', 1: 'NOT_AGORA'}}": "Tickets 1 and 8 have not got the right answer",
    },
    "11.2": {
        "answer = join": "as a pair",
        "answer = (join, renew)": "The token server returns 403: channel: is not a channel that you may join",
        client(
            join="dict(channel='lesson-1', uid=None, token=fetch(channel='lesson-1', isPublisher=publish)['token'])"
        ): ("kim joins through server A: 'invalid token, authorized failed'"),
        client(join="dict(channel='lesson-1', uid=7, token=fetch(channel='lesson-1')['token'])"): (
            "kim publishes: UNEXPECTED_RESPONSE: ERR_NO_AUTHORIZED"
        ),
        client(join="{'channel': 'lesson-1'} | fetch(channel='lesson-1', isPublisher=True)"): "and nothing else",
        client(
            join="(t := fetch(channel='lesson-1', isPublisher=True)) and {n: t[n] for n in ('channel', 'uid', 'token')}"
        ): "lou's client runs join. The token server returns 403: isPublisher",
        client(join=f"dict(channel='lesson-1', uid=7, token={REQUEST}['token'])"): "lou joins through server A",
        client(
            join=f"dict(channel='lesson-1', uid='7', token={REQUEST}['token'])"
        ): "kim joins: uid: must be an integer",
        client(join="fetch()['token']"): "The token server returns 400",
        client(join="fetch(channel='lesson-1')['id']"): "which raises KeyError: 'id'",
        client(renew=f"{REQUEST}['token']"): "which raises ConnectionError",
        client(renew="token"): "kim is removed: token-privilege-did-expire",
        client(renew="None"): "of type NoneType",
        client(renew="token[:40]"): "kim renews: UNEXPECTED_RESPONSE",
        CLIENT.replace('isPublisher=publish)["token"]', ')["token"]'): "An hour later kim shares her screen",
        "def renew(fetch, publish, token):\n"
        "    while True:\n"
        "        try:\n"
        "            return fetch()['token']\n"
        "        except Exception:\n"
        "            pass\n" + CLIENT.partition("\n\n\n")[0] + "\nanswer = (join, renew)": "tokens without end",
    },
    "11.3": {
        "answer = steps": "Write a list of steps",
        "answer = []": "nothing changes",
        f"answer = {[RESTART, WAIT, DELETE]}": "a person in a call loses the network",
        f"answer = {[SWAP]}": "the console does not allow this now. secondary: is disabled",
        f"answer = {[WAIT, ENABLE, RESTART, DISABLE, DELETE]}": "rejects the tokens that server B issues",
        f"answer = {[ENABLE, RESTART, DISABLE, WAIT, DELETE]}": "has not expired, and is rejected",
        f"answer = {[ENABLE, WAIT, RESTART, DISABLE, DELETE]}": "has not expired, and is rejected",
        f"answer = {[ENABLE, RESTART, WAIT, DELETE, DISABLE]}": "the console does not allow this now",
        f"answer = {[ENABLE, RESTART, SWAP, WAIT, DISABLE, DELETE]}": "rejects the tokens that server A issues",
        f"answer = {[ENABLE, RESTART, WAIT, DISABLE]}": "still has two certificates",
    },
    "11.4": {
        "answer = (policy, join, renew)": "Write a dict with all parts",
        ALL.replace("steps=steps", "steps=[]").format("policy"): "nothing changes",
        "steps = []\n" + ALL.format("{}"): "policy must be a function",
        f"old = policy\n{PARTS}\n{ALL.format('old')}": "kim is in the channel as user ",
        evening(f"uid=u, {ALLOWED}", "MEMBERS[headers['x-session']]"): "policy raises KeyError",
        evening(f"uid=u or 9, {ALLOWED}", "MEMBERS.get(headers.get('x-session'), 9)"): "eve, who has no session, gets",
        evening("uid=u, channels=ANY, may_publish=u in TEACHERS"): "the channel staff-room and gets one, too",
        evening("uid=u, channels={'lesson-1'}, may_publish=True"): "requests a publisher's token and gets one, too",
        evening("uid=u, channels={'lesson-1'}, may_publish=True").replace("isPublisher=publish", "isPublisher=True"): (
            "she should only listen"
        ),
        evening("uid=u, channels={'lesson-1'}"): "The token server returns 403: isPublisher",
        evening("uid=7, channels={'lesson-1'}, may_publish=True"): "lou is in the channel as user 7",
        evening(f"user=ANY, {ALLOWED}"): "kim is in the channel as user ",
        f"{PARTS}\nasync def nobody(headers):\n    return None\n{ALL.format('nobody')}": "The token server returns 401",
        f"{PARTS}\n{ALL.format('lambda headers: True')}": "returns an object of type bool",
        f"{PARTS}\nsteps = {[ENABLE, RESTART, DISABLE, DELETE]}\n{ALL.format('policy')}": "and is rejected",
    },
}
"""Wrong answers, each with a part of the feedback."""

GIVEAWAYS: dict[str, set[str]] = {
    "11.1": {"TOKEN_MISSING", "NOT_AGORA", "LIFETIME_OF_SECONDS", "WRONG_SERVICE"},
    "11.2": {'["uid"]', "isPublisher=", "except"},
    "11.3": {"first enable"},
    "11.4": {"MEMBERS", "Return None", "uid="},
}
"""Parts of right answers, which no feedback on a wrong one contains."""
