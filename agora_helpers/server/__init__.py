"""The token server: ``create_app`` builds it, ``serve`` and ``TokenServer`` run it. Needs the extra ``server``.

``settings`` configures it, ``access`` and ``rate_limit`` decide who gets a token, ``endpoints`` answers requests,
``requests`` and ``middleware`` are the HTTP around it, ``pages`` serves ``/try`` and
``/client``, ``hosting`` runs apps.

May import: base, ``tokens``, ``sdk_errors``, ``display``.
"""

from .access import Access, ApiKeys, Permit
from .access_log import LogEntry
from .app import TokenServer, create_app, serve
from .rate_limit import RateLimit
from .settings import Settings

__all__ = [
    "Access",
    "ApiKeys",
    "LogEntry",
    "Permit",
    "RateLimit",
    "Settings",
    "TokenServer",
    "create_app",
    "serve",
]
