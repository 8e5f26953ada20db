"""Agora tokens inside a Flask app: ``POST /calls/token`` with ``{"channel": "blue:standup"}``.

Your app's sign-in sets ``session["uid"]``.
"""

import os

from flask import Flask, request, session
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from agora_helpers import Credentials, InputError, Role, build_rtc_token

LIFETIME = 3600  # seconds, not a point in time
TEAMS = {1001: {"blue": Role.PUBLISHER}, 1002: {"blue": Role.SUBSCRIBER}}  # by uid; in your app, the database


def role_in(channel: str, uid: int) -> Role | None:
    """Return a user's role in a channel, or None: members of a team may join its channels, named ``team:topic``."""
    return TEAMS.get(uid, {}).get(channel.partition(":")[0])


def create_app() -> Flask:
    """Create the app. Raises InputError if a variable of the environment is missing or wrong."""
    credentials = Credentials.from_env()
    if len(os.environ.get("SESSION_SECRET", "")) < 32:
        hint = 'Create one: python -c "import secrets; print(secrets.token_urlsafe(32))"'
        raise InputError("SESSION_SECRET", "is missing, or has fewer than 32 characters.", hint)
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=os.environ["SESSION_SECRET"],
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=16 * 1024,
    )

    @app.errorhandler(InputError)
    def invalid(error: InputError) -> ResponseReturnValue:
        return refusal(400, error.field, str(error))

    @app.errorhandler(HTTPException)
    def failed(error: HTTPException) -> ResponseReturnValue:
        response = error.get_response()  # with headers such as Allow
        response.data = app.json.dumps({"error": {"field": "request", "message": f"request: {error.description}"}})
        response.content_type = "application/json"
        return response

    @app.post("/calls/token")
    def call_token() -> ResponseReturnValue:
        """Return a token with which the signed-in user can join a channel."""
        if (uid := session.get("uid")) is None:
            return refusal(401, "session", "session: is missing. Sign in first.")
        match request.get_json():  # only application/json, which a page of another origin cannot send
            case {"channel": str(channel), **others} if not others:
                role = role_in(channel, uid)
            case _:
                problem = "must be a string, and the only field: the server knows who you are."
                raise InputError("channel", problem, 'Send {"channel": "blue:standup"}.')
        if role is None:
            return refusal(403, "channel", "channel: is not one that you may join.")
        token = build_rtc_token(credentials, channel, uid=uid, role=role, expires_in=LIFETIME)
        reply = {"channel": channel, "uid": uid, "role": role, "token": token, "expiresIn": LIFETIME}
        return {"appId": credentials.app_id, **reply}, {"Cache-Control": "no-store"}

    return app


def refusal(status: int, field: str, message: str) -> ResponseReturnValue:
    """Return a response that says which field is wrong."""
    return {"error": {"field": field, "message": message}}, status
