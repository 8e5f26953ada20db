"""The panels of the lessons: who gets in; build a token, look into it, check it; run a token server. Of ipywidgets.

Each panel carries its content as ``text/html`` too, so that it can be read where no kernel runs (in a fresh clone, on
a code host), and so that nbval compares it.

May import: base, ``tokens``, ``verification``, ``practice``, ``display``, ``server``.
"""

from .builder import TokenBuilder
from .explorer import MechanismExplorer
from .inspector import TokenInspector
from .server import ServerPanel
from .verifier import TokenVerifier

__all__ = ["MechanismExplorer", "ServerPanel", "TokenBuilder", "TokenInspector", "TokenVerifier"]
