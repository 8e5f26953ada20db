"""Answers to the exercises of lesson 09."""

from __future__ import annotations

from agora_helpers.exercises.lesson_09 import ADD, DELETE, DISABLE, SIGN, SWAP, WAIT

SCHOOL = (
    "lambda headers, known=TEACHERS | PUPILS, _class={{'class-7'}}: (name := known.get(headers.get('x-session')))"
    " and Permit(name, user=name{})"
)
STRANGERS = (
    "lambda headers, known=TEACHERS | PUPILS: (name := known.get(headers.get('x-session'), 'guest')) and Permit("
    "name, user=name, channels={'class-7'}, may_publish=headers.get('x-session') in TEACHERS)"
)
ANY = "from agora_helpers.server import ANY\n"

WRONG: dict[str, dict[str, str]] = {
    "09.1": {
        "answer = steps": "a list of all six",
        "answer = sorted(steps)[:5]": "a list of all six",
        'answer = [*sorted(steps)[:5], "disable the old one"]': "occurs twice",
        f"answer = {[SIGN, ADD, SWAP, WAIT, DISABLE, DELETE]}": "a key that is not enabled",
        f"answer = {[ADD, SIGN, SWAP, DISABLE, WAIT, DELETE]}": "have not expired",
        f"answer = {[ADD, SWAP, WAIT, SIGN, DISABLE, DELETE]}": "have not expired",
        f"answer = {[ADD, SIGN, WAIT, DISABLE, SWAP, DELETE]}": "a key that is not enabled",
        f"answer = {[ADD, SIGN, SWAP, WAIT, DELETE, DISABLE]}": "allow this. secondary: is enabled.",
        f"answer = {[SWAP, ADD, SIGN, WAIT, DISABLE, DELETE]}": "the console does not allow this",
    },
    "09.2": {
        "answer = PUPILS": "a function",
        "answer = lambda headers: None": "ms-lee requests a token for class-7 and gets none (401)",
        "answer = lambda headers: 1 / 0": "ms-lee requests a token for class-7 and gets none (500)",
        "answer = lambda headers: Permit('anyone')": "ms-lee requests a token for class-7 and gets none (500)",
        f"{ANY}answer = lambda headers: Permit('anyone', user=ANY, channels=ANY)": "and the token is not for ms-lee",
        f"answer = {SCHOOL.format('')}": "gets none (403): channel: is not a channel that you may join",
        f"{ANY}answer = {SCHOOL.format(', channels=ANY')}": "requested a token for staff-room",
        f"answer = {SCHOOL.format(', channels=_class, may_publish=True')}": "tom is a pupil, but can publish",
        f"answer = {SCHOOL.format(', channels=_class')}": "ms-lee is a teacher, but cannot publish",
        "answer = lambda headers: Permit('tom', user='tom', channels={'class-7'})": "and the token is not for ms-lee",
        f"answer = {STRANGERS}": "A stranger (x-session: None) got status 200",
    },
}
"""Wrong answers, each with a part of the feedback."""

GIVEAWAYS: dict[str, set[str]] = {
    "09.2": {"in the permit", "Return None"},
}
"""Parts of right answers, which no feedback on a wrong one contains."""
