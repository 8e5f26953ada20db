"""Text, HTML and SVG for tokens, verdicts and admissions. No widgets, no web framework, no kernel needed.

May import: base, ``tokens``, ``verification``, ``sdk_errors``, ``practice``.
"""

from ..constants import SDK_WARNING_SECONDS
from .admission import Matrix
from .timeline import timeline_text
from .token import as_html, as_text, describe

__all__ = [
    "SDK_WARNING_SECONDS",
    "Matrix",
    "as_html",
    "as_text",
    "describe",
    "timeline_text",
]
