"""The token server behind a team's own sign-in: a signed session cookie identifies the caller.

    pip install itsdangerous ".[server]"
    cd deploy
    SESSION_SECRET=… AGORA_APP_ID=… AGORA_APP_CERTIFICATE=… agora-helpers serve --app session_server:create

Run it on the app's own origin, for example under a path of the same reverse proxy: browsers send the cookie only there.

The app that signs people in shares SESSION_SECRET with this server and sets the cookie with :func:`sign`. The server
then decides who the client is and whether it may publish. The client chooses the channel, but not its identity.

SESSION_SECRET is one secret, or several separated by commas. The first one signs, and sessions of all of them are
valid. To replace a secret, put the new one first: here, then in the app. Remove the old one after :data:`MAX_AGE`.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping

from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.applications import Starlette
from starlette.requests import cookie_parser

from agora_helpers import InputError
from agora_helpers.server import ANY, Access, Permit, Settings, create_app

COOKIE = "session"
MAX_AGE = 8 * 3600
"""Seconds for which a session is valid."""


def create() -> Starlette:
    """Create the app, configured by the environment.

    Raises:
        InputError: a variable is missing or invalid.
    """
    if any(len(secret) < 32 for secret in _read_secrets()):  # no variable here: a traceback may show it
        hint = 'Create one: python -c "import secrets; print(secrets.token_urlsafe(32))"'
        raise InputError("SESSION_SECRET", "is missing, or contains a secret of fewer than 32 characters.", hint)
    return create_app(Settings.from_env(access=signed_in(_read_secrets())))


def _read_secrets() -> list[str]:
    return [secret.strip() for secret in os.environ.get("SESSION_SECRET", "").split(",")]


def signed_in(secrets: list[str]) -> Access:
    """Return the access policy: a caller with a valid session is its user, and may publish only as a host."""
    serializer = _serializer(secrets)

    def policy(headers: Mapping[str, str]) -> Permit | None:
        try:
            cookie = cookie_parser(headers.get("cookie", ""))[COOKIE]
            session = serializer.loads(cookie, max_age=MAX_AGE)
            user, is_host = session["user"], session["host"] is True
        except (BadData, KeyError, TypeError):
            return None
        if type(user) is not str:
            return None
        return Permit(user, user=user, channels=ANY, may_publish=is_host)

    return policy


def sign(secrets: list[str], user: str, *, host: bool) -> str:
    """Return the cookie's value. The app that signs people in sets it as HttpOnly, Secure and SameSite=Lax."""
    return _serializer(secrets).dumps({"user": user, "host": host})


def _serializer(secrets: list[str]) -> URLSafeTimedSerializer:
    newest_last = secrets[::-1]  # itsdangerous signs with the last one
    return URLSafeTimedSerializer(newest_last, salt="session", signer_kwargs={"digest_method": hashlib.sha256})
