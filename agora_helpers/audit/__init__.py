"""Find out what is wrong with a token server: :func:`audit` sends it a few requests and judges what comes back.

``target`` turns a URL template into requests, ``client`` sends them, and ``replies`` finds the tokens in what comes
back. ``plan`` lists the requests, ``checks`` judges the replies, and ``rules`` says what each finding means.
``runner`` runs it all, and ``report`` shows the result. ``classic`` is the classic tutorial's server, as a subject.

May import: base, ``tokens``, ``verification``, ``display``.
"""

from .classic import ClassicServer
from .report import AuditReport, Finding
from .rules import CODES, Severity
from .runner import audit

__all__ = ["CODES", "AuditReport", "ClassicServer", "Finding", "Severity", "audit"]
