"""The token server: ``create_app`` creates it, ``serve`` and ``TokenServer`` run it. Needs the extra ``server``.

``settings`` configures it. ``access`` and ``rate_limit`` decide who gets a token, ``fields`` and ``endpoints`` what a
request contains and what is issued, ``openapi`` describes both. ``compat`` takes requests in the form of another
server. ``json_endpoint``, ``requests``, ``middleware`` and ``access_log`` are the HTTP around them. ``pages`` serves
``/try`` and ``/client``; ``hosting`` runs apps.

May import: base, ``tokens``, ``sdk_errors``, ``display``.
"""

from .access import ANY, ANYONE, Access, ApiKeys, Permit
from .access_log import JsonFormatter, LogEntry
from .app import TokenServer, create_app, serve
from .hosting import BackgroundServer
from .rate_limit import RateLimit
from .settings import Settings

__all__ = [
    "ANY",
    "ANYONE",
    "Access",
    "ApiKeys",
    "BackgroundServer",
    "JsonFormatter",
    "LogEntry",
    "Permit",
    "RateLimit",
    "Settings",
    "TokenServer",
    "create_app",
    "serve",
]
