"""The panels of the lessons, made of ipywidgets: tokens, a token server and a practice project to try out.

Each panel also has its content as ``text/html``. So it can be read where no kernel runs (in a fresh clone, on a code
host), and nbval compares it.

May import: base, ``tokens``, ``verification``, ``practice``, ``display``, ``server``.
"""

from .builder import TokenBuilder
from .explorer import MechanismExplorer
from .inspector import TokenInspector
from .server import ServerPanel
from .verifier import TokenVerifier

__all__ = ["MechanismExplorer", "ServerPanel", "TokenBuilder", "TokenInspector", "TokenVerifier"]
