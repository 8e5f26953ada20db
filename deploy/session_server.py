"""The token server behind a team's own sign-in: who asks stands in a signed session cookie.

    pip install itsdangerous ".[server]"
    SESSION_SECRET=… AGORA_APP_ID=… AGORA_APP_CERTIFICATE=… uvicorn --factory session_server:create --app-dir deploy \
      --no-access-log --no-proxy-headers --no-server-header --http h11

It stands on the app's own origin, for instance under a path of the same reverse proxy: a browser sends the cookie
nowhere else.

The app that signs people in shares SESSION_SECRET with this server and sets the cookie with :func:`sign`. The server
then decides who the client is and whether it may publish; the client chooses the channel, and cannot be somebody else.
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
LONGEST = 8 * 3600
"""Seconds for which a session counts."""


def create() -> Starlette:
    """Create the app, configured by the environment."""
    secret = os.environ.get("SESSION_SECRET", "")
    if len(secret) < 32:
        hint = 'Make one with: python -c "import secrets; print(secrets.token_urlsafe(32))"'
        raise InputError("SESSION_SECRET", "is missing, or has fewer than 32 characters.", hint)
    settings = Settings.from_env(default_access="none")
    return create_app(replace(settings, access=signed_in(secret)))


def signed_in(secret: str) -> Access:
    """Create the policy: a caller with a valid session is that user, and publishes only as a host."""

    def policy(headers: Mapping[str, str]) -> Permit | None:
        try:
            cookie = cookie_parser(headers.get("cookie", ""))[COOKIE]
            session = _serializer(secret).loads(cookie, max_age=LONGEST)
            user, is_host = str(session["user"]), session["host"] is True
        except (BadSignature, KeyError, TypeError):
            return None
        return Permit(user, user=user, may_publish=is_host)

    return policy


def sign(secret: str, user: str, *, host: bool) -> str:
    """Return the cookie's value, as the app that signs people in sets it (HttpOnly, Secure, SameSite=Lax)."""
    return _serializer(secret).dumps({"user": user, "host": host})


def _serializer(secret: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt="session")
