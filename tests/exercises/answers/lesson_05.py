"""Answers to the exercises of lesson 05."""

from __future__ import annotations

SCHOOL = (
    "lambda headers, known=TEACHERS | PUPILS, _class={{'class-7'}}: (name := known.get(headers.get('x-session')))"
    " and Permit(name, user=name{})"
)
STRANGERS = (
    "lambda headers, known=TEACHERS | PUPILS: (name := known.get(headers.get('x-session'), 'guest')) and Permit("
    "name, user=name, channels={'class-7'}, may_publish=headers.get('x-session') in TEACHERS)"
)
LOOKUP = "lambda headers: Permit('tom', user='tom') if headers['x-session'] in TEACHERS | PUPILS else None"
KNOWN = (
    "lambda headers: Permit(name, user=name) if headers.get('x-session')"
    " and (name := (TEACHERS | PUPILS)[headers['x-session']]) else None"
)
UPPER_CASE = "lambda headers: Permit('x', user='x') if headers.get('X-Session') in TEACHERS | PUPILS else None"
CLIENT_CHOOSES = (
    "lambda headers: Permit('x', user=ANY, channels={'class-7'}, may_publish=headers.get('x-session') == 't-1')"
)
ANY = "from agora_helpers.server import ANY\n"
AFRESH = "log.clear()\nsend = server.client.post\n"
LOBBY = "send('/rtctoken', json={'channel': 'lobby'}, headers=alice)\n"
STAGE = "send('/rtctoken', json={'channel': 'stage'}, headers=alice)\n"
STRANGER = "send('/rtctoken', json={'channel': 'lobby'})\n"

WRONG: dict[str, dict[str, str]] = {
    "05.1": {
        'answer = {"channel": "lobby", "userAccount": "alice"}': "a subscriber's",
        'answer = {"channel": "lobby", "user": "alice"}': "The server answers: user: ",
        'answer = {"channel": "lobby", "userAccount": "alice", "isPublisher": "true"}': "answers: isPublisher: ",
        'answer = {"channel": "lobby", "userAccount": "alice", "isPublisher": True}': "It is valid for 3600 s",
        'answer = {"channel": "lobby", "isPublisher": True, "expiresIn": 600}': "other kind of user",
        'answer = {"channel": {"lobby"}}': "cannot be written as JSON",
    },
    "05.2": {
        "answer = set()": "At least one",
        'answer = {"A", "B"}': "The server answers: uid: ",
        'answer = {"B", "C"}': "answers: expiresIn: is more than 3600",
        'answer = {"B", "D"}': "answers: isPublisher: ",
    },
    "05.3": {
        "answer = PUPILS": "a function",
        "answer = lambda headers: None": ("gets none (401). What does your policy return for 't-1'?"),
        "answer = lambda headers: 1 / 0": "For ms-lee, your policy raises ZeroDivisionError: division by zero",
        "answer = lambda headers: Permit('anyone')": "raises InputError: permit.user: is missing",
        "answer = lambda headers: TEACHERS.get(headers.get('x-session'))": "a value of type str",
        'answer = lambda headers: TEACHERS[headers["x-session"]]': "a value of type str",
        f"answer = {LOOKUP}": "Not every request has the header",
        "answer = lambda headers: Permit('x', user='x') if headers['authorization'] else None": "Which header is",
        "answer = lambda headers: Permit('x', user='x') and TEACHERS[headers['x-session']] and None": (
            "KeyError: 'p-1'. This session is in one of the two dictionaries."
        ),
        f"answer = {KNOWN}": "KeyError: 'p-3'. This session is in no dictionary.",
        f"answer = {UPPER_CASE}": "For ms-lee, your policy finds no session. How are the names",
        "answer = lambda headers: PUPILS[headers.get('X-Session')]": "For ms-lee, your policy raises KeyError: None",
        "answer = lambda headers: PUPILS[headers['X-Session']]": "raises KeyError: 'X-Session'. How are the names",
        "async def answer(headers): return None": "Write a plain function",
        f"{ANY}answer = lambda headers: Permit('anyone', user=ANY, channels=ANY)": "Which part of the permit",
        f"{ANY}answer = {CLIENT_CHOOSES}": "Which part of the permit",
        f"answer = {SCHOOL.format('')}": "gets none (403). The server answers: channel: is not a channel",
        f"{ANY}answer = {SCHOOL.format(', channels=ANY')}": "Which channels does your permit name?",
        f"answer = {SCHOOL.format(', channels=_class, may_publish=True')}": "tom is a pupil, but can publish",
        f"answer = {SCHOOL.format(', channels=_class')}": "ms-lee is a teacher, but cannot publish",
        f"answer = {STRANGERS}": "A stranger (x-session: None) got status 200",
    },
    "05.4": {
        f"{AFRESH}answer = log": "none of them for a token",
        f"{AFRESH}server.client.get('/')\nanswer = log": "none of them for a token",
        "answer = 'curl'": "the server's log itself",
        f"{AFRESH}server.client.get('/rtctoken')\nanswer = log": "Which method",
        f"{AFRESH}send('/rtctoken', data={{'channel': 'lobby'}}, headers=alice)\nanswer = log": "Which header says",
        f"{AFRESH}send('/rtctoken', json={{'room': 'lobby'}}, headers=alice)\nanswer = log": "it names the field",
        f"{AFRESH}{STRANGER}answer = log": "who is asking",
        f"{AFRESH}{STAGE}answer = log": "something that alice's permit names",
        f"{AFRESH}{LOBBY}answer = log": "no 401 yet",
        f"{AFRESH}{LOBBY}{STRANGER}answer = log": "no 403 yet",
    },
}
"""Wrong answers, each with a part of the feedback."""

GIVEAWAYS: dict[str, set[str]] = {
    "05.2": {"'B'"},
    "05.3": {"user=name", "may_publish=", "Return None"},
    "05.4": {"7f3a", "X-Session"},
}
"""Parts of right answers, which no feedback on a wrong one contains."""
