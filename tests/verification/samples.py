"""Tokens for the tests of verification and of the practice project: demo credentials, fixed time and salt."""

from __future__ import annotations

from typing import Any

from agora_helpers import Credentials, RtcService, UnknownService, build_rtc_token, build_rtm_token
from agora_helpers.tokens import v006, v007
from agora_helpers.tokens.services import Service
from tests.support import DEMO, NOW

OTHER_CERTIFICATE = "0123456789abcdef" * 2
OTHER_SIGNER = Credentials(DEMO.app_id, OTHER_CERTIFICATE)
"""The same project with another App Certificate."""
LOBBY: dict[str, Any] = {"channel": "lobby", "uid": 7}
"""The client that most tokens here are for."""


def rtc(signer: Credentials = DEMO, **options: Any) -> str:
    """Build a token for uid 7 in the lobby, with the public builder."""
    return build_rtc_token(signer, "lobby", **{"uid": 7, "now": NOW, "salt": 1, **options})


def rtm(signer: Credentials = DEMO, user: str = "alice", **options: Any) -> str:
    """Build an RTM token for alice, with the public builder."""
    return build_rtm_token(signer, user, **{"now": NOW, "salt": 1, **options})


def lobby(privileges: dict[int, int], uid: str = "7") -> RtcService:
    return RtcService("lobby", uid, privileges)


def sign_007(
    *services: Service | UnknownService, signer: Credentials = DEMO, expire: int = 600, issued_at: int = NOW
) -> str:
    """Sign a 007 token of any content, without validation."""
    pair = (signer.app_id, signer.app_certificate)
    return v007.encode(*pair, services, issued_at=issued_at, expire=expire, salt=1)


def sign_006(channel: str, uid: str, privileges: dict[int, int], ts: int = NOW + 86_400) -> str:
    """Sign a 006 token of any content, without validation."""
    return v006.encode(DEMO.app_id, DEMO.app_certificate, channel, uid, privileges, ts=ts, salt=1)
