"""The practice project as a web app that Agora's own SDKs can talk to. Needs the extra ``server``,
``PracticeServer`` the extra ``practice``.

``access_point`` responds to the SDKs' requests, ``media`` to their WebSockets, and ``app`` adds the token server and a
page that joins with the SDK.

May import: base, ``tokens``, ``practice``, ``display``, ``server``.
"""

from .access_point import create_access_point
from .app import PracticeServer, create_practice_app

__all__ = [
    "PracticeServer",
    "create_access_point",
    "create_practice_app",
]
