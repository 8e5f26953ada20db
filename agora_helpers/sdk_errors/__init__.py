"""Explain the errors that Agora's SDKs report. ``table`` has the data, ``lookup`` finds an error in a text.

May import: base.
"""

from .lookup import explain_error
from .table import ErrorExplanation

__all__ = [
    "ErrorExplanation",
    "explain_error",
]
