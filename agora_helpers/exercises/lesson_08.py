"""Exercises of lesson 08: what 006 does not protect, and what 007 can express."""

from __future__ import annotations

import base64
import zlib

from ..credentials import Credentials
from ..tokens.builders import build_rtc_token
from ..tokens.decoder import decode
from ..tokens.services import privilege_times
from ..verification.verifier import verify
from .exercise import Exercise
from .faults import NOW, TokenChecks, not_good_for, not_those


def _forge(token: str, channel: str, uid: int) -> str:
    """Return the 006 token with the checksums of another client, and its own signature."""
    content = bytearray(base64.b64decode(token[35:]))
    content[34:38] = zlib.crc32(channel.encode()).to_bytes(4, "little")
    content[38:42] = zlib.crc32(str(uid).encode()).to_bytes(4, "little")
    return token[:35] + base64.b64encode(content).decode()


def _which_can_be_forged(answer: object) -> str | None:
    credentials = Credentials.for_lessons()
    mine = build_rtc_token(credentials, "team1", uid=234, version="006", now=NOW)
    facts, why = {}, {}
    for channel, uid in (("team12", 34), ("team2", 134), ("team", 1234), ("team123", 40)):
        forged = _forge(mine, channel, uid)
        facts[channel, uid] = verify(forged, credentials, channel=channel, uid=uid, now=NOW).ok
        why[channel, uid] = "The forged token was tried: its signature does not fit."
    return not_those(answer, facts, why)


def _another_hour(token: str) -> str | None:
    expire = decode(token).expire
    return None if expire == 3600 else f"The token itself expires after {expire} s. The exercise asks for one hour."


def _not_ten_minutes_of_publishing(token: str) -> str | None:
    services = decode(token).services
    if len(services) > 1:
        return "It contains more than one service. One for the lobby is enough."
    privileges = {number: end for service in services for number, end in privilege_times(service).items()}
    expected = {1: 3600, 2: 600, 3: 600}
    if set(privileges) != set(expected):
        return f"It grants the privileges {sorted(privileges)}. The exercise asks for joining, audio and video."
    for number, seconds in expected.items():
        if privileges[number] != seconds:
            return f"Privilege {number} lasts {privileges[number]} s. The exercise asks for {seconds} s."
    return None


EXERCISES = (
    Exercise(
        id="08.1",
        question="You have a 006 token for channel team1 and uid 234. For which of these clients can you forge one?",
        wrong=_which_can_be_forged,
        right="Each one was forged and verified just now. If all ids have the same length, no other client fits.",
        hints=(
            "006 signs the channel and the uid, one directly after the other.",
            "Write channel and uid of each client without a space, and compare.",
        ),
        solution='answer = {("team12", 34), ("team", 1234)}',
    ),
    Exercise(
        id="08.2",
        question="Create a token: user 7 may be in the lobby for an hour and publish audio and video for ten minutes.",
        wrong=TokenChecks(
            {
                "names": lambda token: not_good_for(token, channel="lobby", uid=7),
                "lifetime": _another_hour,
                "privileges": _not_ten_minutes_of_publishing,
            },
            version="007",
        ),
        right="Where co-host authentication is enabled, Agora also checks when the right to publish expires.",
        hints=(
            "Use build_token with one RtcService whose privileges are a dict.",
            "Privilege 1 is join, 2 audio, 3 video; the values are seconds. The token itself lasts an hour.",
        ),
        solution=(
            'service = RtcService("lobby", 7, privileges={1: 3600, 2: 600, 3: 600})\n'
            "answer = build_token(credentials, [service], expires_in=3600)"
        ),
    ),
)
