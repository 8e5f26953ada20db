"""Decide whether a token admits its client and, if not, why.

``verifier`` runs the four checks (format, signature, time, match), which ``checks`` implements. ``expected`` describes
the client, ``comparison`` the table of expected and actual values, ``reasons`` every finding, and ``near_miss`` guesses
how a name was altered.

May import: base, ``tokens``.
"""

from .comparison import Comparison
from .reasons import Reason, ReasonCode
from .verifier import Check, Verdict, verify

__all__ = [
    "Check",
    "Comparison",
    "Reason",
    "ReasonCode",
    "Verdict",
    "verify",
]
