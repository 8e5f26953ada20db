"""The practice project as a web app that Agora's own SDKs can talk to. Needs the extra ``server``,
``PracticeServer`` the extra ``practice``.

``access_point`` responds to the SDKs' requests, and ``media`` to their WebSockets. Around them, ``app`` puts the token
server and a page that joins with the SDK, and ``control`` an API for test suites in any language.

May import: base, ``tokens``, ``practice``, ``display``, ``server``.
"""

from .access_point import create_access_point
from .app import PracticeServer, create_practice_app

__all__ = [
    "PracticeServer",
    "create_access_point",
    "create_practice_app",
]
