"""Agora tokens inside a Django project: ``POST /calls/token`` with ``{"channel": "blue:standup"}``."""

import json

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from agora_helpers import InputError, Role, build_rtc_token

LIFETIME = 3600  # seconds, not a point in time


def role_in(channel: str, user: User) -> Role | None:
    """Return a user's role in a channel, or None.

    Channels are named ``team:topic``. The members of the group ``team`` may join them, those of ``team:hosts`` publish.
    """
    team = channel.partition(":")[0]
    groups = set(user.groups.values_list("name", flat=True))
    if f"{team}:hosts" in groups:
        return Role.PUBLISHER
    return Role.SUBSCRIBER if team in groups else None


@require_POST
@never_cache
def call_token(request: HttpRequest) -> JsonResponse:
    """Return a token with which the signed-in user can join a channel. CsrfViewMiddleware has checked X-CSRFToken."""
    if not request.user.is_authenticated:  # login_required would redirect a program to a page
        return refusal(401, "session", "session: is missing. Sign in first.")
    try:
        channel = read_channel(request.body)
        if (role := role_in(channel, request.user)) is None:
            return refusal(403, "channel", "channel: is not one that you may join.")
        token = build_rtc_token(settings.AGORA, channel, uid=request.user.pk, role=role, expires_in=LIFETIME)
    except InputError as error:
        return refusal(400, error.field, str(error))
    reply = {"channel": channel, "uid": request.user.pk, "role": role, "token": token, "expiresIn": LIFETIME}
    return JsonResponse({"appId": settings.AGORA.app_id, **reply})


def read_channel(body: bytes) -> str:
    """Return the channel of a request. Raises InputError if the request contains anything else."""
    try:
        match json.loads(body):
            case {"channel": str(channel), **others} if not others:
                return channel
    except (ValueError, RecursionError):
        raise InputError("body", "is not valid JSON.", 'Send {"channel": "blue:standup"}.') from None
    problem = "must be a string, and the only field: the server knows who you are."
    raise InputError("channel", problem, 'Send {"channel": "blue:standup"}.')


def csrf_failure(request: HttpRequest, reason: str) -> JsonResponse:
    """Return what Django sends where the CSRF token is missing or wrong."""
    message = "X-CSRFToken: is missing or wrong. Send the value of the cookie csrftoken in this header."
    return refusal(403, "X-CSRFToken", message)


def refusal(status: int, field: str, message: str) -> JsonResponse:
    """Return a response that says which field is wrong."""
    return JsonResponse({"error": {"field": field, "message": message}}, status=status)
