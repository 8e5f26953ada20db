"""Explain the errors that Agora's SDKs report: the data in ``table``, the search in ``lookup``.

May import: base.
"""

from .lookup import explain_error
from .table import ErrorExplanation

__all__ = [
    "ErrorExplanation",
    "explain_error",
]
