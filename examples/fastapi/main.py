"""Agora tokens inside a FastAPI app.

    POST /calls/token      an endpoint of your own: user and channel decide the role
    POST /agora/rtmtoken   and the token server's other endpoints, behind the same sign-in

Your app's sign-in sets the cookie ``session`` to ``sessions().dumps({"uid": …})``: HttpOnly, Secure, SameSite=Lax.
"""

import os
from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse
from itsdangerous import BadData, URLSafeTimedSerializer
from pydantic import BaseModel, ConfigDict
from starlette.requests import cookie_parser

from agora_helpers import Credentials, InputError, Role, build_rtc_token
from agora_helpers.server import Permit, Settings, create_app

LIFETIME = 3600  # seconds, not a point in time
TEAMS = {1001: {"blue": Role.PUBLISHER}, 1002: {"blue": Role.SUBSCRIBER}}  # by uid; in your app, the database


def role_in(channel: str, uid: int) -> Role | None:
    """Return a user's role in a channel, or None: members of a team may join its channels, named ``team:topic``."""
    return TEAMS.get(uid, {}).get(channel.partition(":")[0])


def sessions() -> URLSafeTimedSerializer:
    """Return what signs and reads sessions."""
    if len(os.environ.get("SESSION_SECRET", "")) < 32:
        hint = 'Create one: python -c "import secrets; print(secrets.token_urlsafe(32))"'
        raise InputError("SESSION_SECRET", "is missing, or has fewer than 32 characters.", hint)
    return URLSafeTimedSerializer(os.environ["SESSION_SECRET"], salt="session")


def uid_of(headers: Mapping[str, str]) -> int | None:
    """Return the uid of the user who is signed in, from a request's headers, or None."""
    try:
        uid: int = sessions().loads(cookie_parser(headers.get("cookie", ""))["session"], max_age=8 * 3600)["uid"]
    except (BadData, KeyError, TypeError):
        return None
    return uid


def current_user(request: Request) -> int:
    """Return the uid of the user who is signed in: a dependency."""
    if (uid := uid_of(request.headers)) is None:
        raise HTTPException(401, "Sign in first.")
    return uid


def access(headers: Mapping[str, str]) -> Permit | None:
    """Map a request to the token server to what its user may have: messaging, and listening in the teams' lobbies."""
    uid = uid_of(headers)
    return None if uid is None else Permit(str(uid), uid=uid, channels={f"{team}:lobby" for team in TEAMS.get(uid, {})})


class Call(BaseModel):
    """A request for a token. The server knows the user, so there is no field for a uid."""

    model_config = ConfigDict(extra="forbid")
    channel: str


def create() -> FastAPI:
    """Create the app. Raises InputError if a variable of the environment is missing or wrong."""
    credentials = Credentials.from_env()
    sessions()
    app = FastAPI()
    app.mount("/agora", create_app(Settings.from_env(credentials, access=access)))

    @app.exception_handler(InputError)
    async def invalid(request: Request, error: InputError) -> JSONResponse:
        detail = {"type": error.code, "loc": ["body", error.field], "msg": str(error)}  # as FastAPI's own
        return JSONResponse({"detail": [detail]}, 422)

    @app.post("/calls/token")
    def call_token(call: Call, uid: Annotated[int, Depends(current_user)]) -> JSONResponse:
        """Return a token with which the signed-in user can join a channel."""
        if (role := role_in(call.channel, uid)) is None:
            raise HTTPException(403, "channel: is not one that you may join.")
        token = build_rtc_token(credentials, call.channel, uid=uid, role=role, expires_in=LIFETIME)
        reply = {"channel": call.channel, "uid": uid, "role": role, "token": token, "expiresIn": LIFETIME}
        return JSONResponse({"appId": credentials.app_id, **reply}, headers={"Cache-Control": "no-store"})

    return app
