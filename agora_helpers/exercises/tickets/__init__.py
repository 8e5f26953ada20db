"""Ten support tickets: find out what is wrong from what a customer sends.

>>> from agora_helpers.exercises import tickets
>>> print(tickets.show(1).splitlines()[0])
Ticket 1: Nobody gets in since this morning
>>> tickets.check(1, "WRONG_CHANNEL")
✗ Ticket 1 Not yet. Compare the channel of the token with the one that the client joins. Agora
answers a mismatch with "invalid token, authorized failed", and the browser shows another message.
Stuck? tickets.hint(1)
"""

from __future__ import annotations

from ...errors import ErrorCode, InputError
from ..exercise import Feedback, Text, lines, unanswered
from ..faults import a_kind_of
from .causes import Cause
from .desk import TICKETS, Ticket

__all__ = ["causes", "check", "hint", "show", "token"]

_MAX_FAULTS = max(len(ticket.faults) for ticket in TICKETS)


def show(number: int) -> Text:
    """Return a ticket as the customer sent it.

    Args:
        number: 1 to 10, from easy to nasty.

    Raises:
        InputError: there is no such ticket.
    """
    ticket = _find(number)
    how = [f'Your answer: tickets.check({number}, "CODE"). All codes: tickets.causes()']
    if ticket.token:
        how.insert(0, f"The whole token: tickets.token({number}). Verify it with Credentials.demo().")
    return Text("\n".join([f"Ticket {number}: {ticket.subject}", ticket.material, "", *how]))


def token(number: int) -> str:
    """Return the whole token of a ticket, signed for the project of ``Credentials.demo()``.

    Args:
        number: the ticket's number, 1 to 10.

    Raises:
        InputError: there is no such ticket, or it has no token.

    >>> from agora_helpers import decode
    >>> from agora_helpers.exercises import tickets
    >>> decode(tickets.token(2)).services[0].channel
    'standup'
    """
    build = _find(number).token
    if build is None:
        raise InputError("number", "is that of a ticket without a token.", "Read what tickets.show returns.")
    return build()


def causes() -> Text:
    """Return a table of all causes: code and meaning.

    >>> from agora_helpers.exercises import tickets
    >>> print(tickets.causes().splitlines()[0])
    TOKEN_MISSING           The project requires a token, and the client sends none.
    """
    width = max(map(len, Cause.__members__)) + 2
    return Text("\n".join(f"{cause.name:<{width}}{cause.value.title}" for cause in Cause))


def check(number: int, answer: object) -> Feedback:
    """Check which cause a ticket has. If the answer is wrong, the feedback says what speaks against it.

    Args:
        number: the ticket's number, 1 to 10.
        answer: a code of :func:`causes`, or a set of two if the ticket has two faults. ``...`` means that there is no
            answer yet.

    Raises:
        InputError: there is no such ticket.
    """
    ticket = _find(number)
    right: bool | None
    if unanswered(answer):
        right, text = None, "Write a code in place of the three dots, and run the cell again."
    else:
        right, text = _judge(ticket, answer)
    return Feedback(f"Ticket {number}", right, text, f"tickets.hint({number})", hints=(ticket.hint,))


def hint(number: int) -> Text:
    """Return where to look in a ticket.

    Args:
        number: the ticket's number, 1 to 10.

    Raises:
        InputError: there is no such ticket.
    """
    return lines(_find(number).hint)


def _judge(ticket: Ticket, answer: object) -> tuple[bool, str]:
    """Return whether an answer names all faults of a ticket and nothing else, and the feedback on it."""
    guesses = [answer] if isinstance(answer, str) else answer
    if not isinstance(guesses, list | tuple | set | frozenset):
        return False, f"An answer is a code in quotes, or a set of two codes, but yours is {a_kind_of(answer)}."
    if any(not isinstance(guess, str) or guess not in Cause.__members__ for guess in guesses):
        return False, "That is not the code of a cause. tickets.causes() lists all codes."
    named = [cause for cause in Cause if cause.name in guesses]
    if not 1 <= len(named) <= _MAX_FAULTS:
        return False, "Choose the cause that the evidence supports, or the two causes if there are two faults."
    replies = [ticket.faults.get(cause) or _reply(ticket, cause) for cause in named]
    if set(named) == set(ticket.faults):
        return True, " ".join(replies)
    if len(named) > 1:
        return False, " ".join(
            f"{cause.name} {'is right' if cause in ticket.faults else 'is wrong'}: {reply}"
            for cause, reply in zip(named, replies, strict=True)
        )
    if named[0] in ticket.faults:
        return False, f"This is one of two faults. {replies[0]} What else is wrong? Answer with a set of both."
    return False, replies[0]


def _reply(ticket: Ticket, cause: Cause) -> str:
    """Return what speaks against a wrong cause."""
    return ticket.against.get(cause) or f"{cause.value.sign} {ticket.shows[cause.value.aspect]}"


def _find(number: int) -> Ticket:
    if type(number) is int and 1 <= number <= len(TICKETS):
        return TICKETS[number - 1]
    problem = "is not the number of a ticket."
    raise InputError("number", problem, f"Use 1 to {len(TICKETS)}.", code=ErrorCode.OUT_OF_RANGE)
