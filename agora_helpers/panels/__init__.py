"""The panels of the lessons: build a token, look into it, check it. Made of ipywidgets alone.

Each panel carries its content as ``text/html`` too, so that it can be read where no kernel runs (in a fresh clone, on
a code host), and so that nbval compares it.
"""

from .builder import TokenBuilder
from .inspector import TokenInspector
from .verifier import TokenVerifier

__all__ = ["TokenBuilder", "TokenInspector", "TokenVerifier"]
