"""The panels of the lessons: who gets in; build a token, look into it, check it. Made of ipywidgets alone.

Each panel carries its content as ``text/html`` too, so that it can be read where no kernel runs (in a fresh clone, on
a code host), and so that nbval compares it.
"""

from .builder import TokenBuilder
from .explorer import MechanismExplorer
from .inspector import TokenInspector
from .verifier import TokenVerifier

__all__ = ["MechanismExplorer", "TokenBuilder", "TokenInspector", "TokenVerifier"]
