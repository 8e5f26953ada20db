"""The token server behind a team's own sign-in: a signed session cookie identifies the caller.

    pip install itsdangerous ".[server]"
    SESSION_SECRET=… AGORA_APP_ID=… AGORA_APP_CERTIFICATE=… agora-helpers serve --app deploy.session_server:create

Run it on the app's own origin, for example under a path of the same reverse proxy: browsers send the cookie only there.

The app that signs people in shares SESSION_SECRET with this server and sets the cookie with :func:`sign`. The server
then decides who the client is and whether it may publish. The client chooses the channel, but not its identity.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.applications import Starlette
from starlette.requests import cookie_parser

from agora_helpers import InputError
from agora_helpers.server import Access, Permit, Settings, create_app

COOKIE = "session"
MAX_AGE = 8 * 3600
"""Seconds for which a session is valid."""


def create() -> Starlette:
    """Create the app, configured by the environment.

    Raises:
        InputError: a variable is missing or invalid.
    """
    secret = os.environ.get("SESSION_SECRET", "")
    if len(secret) < 32:
        hint = 'Create one: python -c "import secrets; print(secrets.token_urlsafe(32))"'
        raise InputError("SESSION_SECRET", "is missing, or has fewer than 32 characters.", hint)
    settings = Settings.from_env(default_access="none")
    return create_app(replace(settings, access=signed_in(secret)))


def signed_in(secret: str) -> Access:
    """Return the access policy: a caller with a valid session is its user, and may publish only as a host."""

    def policy(headers: Mapping[str, str]) -> Permit | None:
        try:
            cookie = cookie_parser(headers.get("cookie", ""))[COOKIE]
            session = _serializer(secret).loads(cookie, max_age=MAX_AGE)
            user, is_host = str(session["user"]), session["host"] is True
        except (BadSignature, KeyError, TypeError):
            return None
        return Permit(user, user=user, may_publish=is_host)

    return policy


def sign(secret: str, user: str, *, host: bool) -> str:
    """Return the cookie's value. The app that signs people in sets it as HttpOnly, Secure and SameSite=Lax."""
    return _serializer(secret).dumps({"user": user, "host": host})


def _serializer(secret: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt="session")
