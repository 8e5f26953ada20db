"""Faulty tokens, which the builders of this package refuse to sign, for lessons that show what goes wrong with them."""

from __future__ import annotations

from ..credentials import Credentials, wrong_credentials
from ..secret import hide
from ..tokens import v007
from ..tokens.services import Service


def sign_unchecked(
    credentials: Credentials, *services: Service, issued_at: int, expire: int, salt: int | None = None
) -> str:
    """Build a 007 token from any values without checking them, as Agora's own builders do.

    Args:
        credentials: the project's App ID and App Certificate.
        services: the token's services; their privileges in seconds from ``issued_at``, uint32.
        issued_at: Unix time of issue, uint32.
        expire: lifetime in seconds, uint32.
        salt: uint32; random by default.

    Returns:
        The token. Nothing guarantees that it admits a client, or that it expires within 24 hours.

    >>> from agora_helpers import Credentials, RtcService, decode, exercises
    >>> service = RtcService("lobby", 7, {1: 1_700_003_600})
    >>> token = exercises.sign_unchecked(Credentials.demo(), service, issued_at=1_700_000_000, expire=1_700_003_600)
    >>> decode(token).expire
    1700003600
    """
    if not isinstance(credentials, Credentials):
        raise wrong_credentials(credentials := hide(credentials))
    pair = (credentials.app_id, credentials.app_certificate)
    return v007.encode(*pair, services, issued_at=issued_at, expire=expire, salt=salt)
