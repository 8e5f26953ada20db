"""Explain the errors that Agora's SDKs and servers report.

``table`` and ``kinds`` hold the errors as data, and ``origins`` the words by which a text shows whose it is.
``languages`` brings texts into one form, ``codes`` finds numbers that are error codes, and ``lookup`` puts everything
together.

May import: base.
"""

from .lookup import explain_error
from .table import ErrorExplanation

__all__ = [
    "ErrorExplanation",
    "explain_error",
]
