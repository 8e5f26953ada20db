"""Check whether a token admits its client, and explain why not.

``verifier`` runs the four checks (format, signature, time, match), which ``checks`` implements. ``expected`` describes
the client, and ``comparison`` judges expected and actual values. ``reasons`` lists every finding, and ``near_miss``
guesses how a name was altered.

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
