"""Exercises of lesson 06: what 006 lets through, and what 007 can say."""

from __future__ import annotations

import base64
import zlib

from ..credentials import Credentials
from ..tokens.builders import build_rtc_token
from ..tokens.decoder import decode
from ..tokens.services import privilege_times
from ..verification.verifier import verify
from .exercise import Exercise
from .faults import NOW, another_version, not_a_token, not_good_for, not_those


def _turned(token: str, channel: str, uid: int) -> str:
    """The 006 token with the checksums of another client in it, and the signature that it had."""
    content = bytearray(base64.b64decode(token[35:]))
    content[34:38] = zlib.crc32(channel.encode()).to_bytes(4, "little")
    content[38:42] = zlib.crc32(str(uid).encode()).to_bytes(4, "little")
    return token[:35] + base64.b64encode(content).decode()


def _which_can_be_had(answer: object) -> str | None:
    credentials = Credentials.for_lessons()
    mine = build_rtc_token(credentials, "team1", uid=234, version="006", now=NOW)
    facts, why = {}, {}
    for channel, uid in (("team12", 34), ("team2", 134), ("team", 1234), ("team123", 40)):
        turned = _turned(mine, channel, uid)
        facts[channel, uid] = verify(turned, credentials, channel=channel, uid=uid, now=NOW).ok
        why[channel, uid] = f"What is signed for it is {channel + str(uid)!r}, and for team1 and 234 it is 'team1234'."
    return not_those(answer, facts, why)


def _early_end_of_publishing(answer: object) -> str | None:
    return not_a_token(answer) or _publishes_for_ten_minutes(str(answer))


def _publishes_for_ten_minutes(token: str) -> str | None:
    if problem := another_version(token, "007") or not_good_for(token, channel="lobby", uid=7):
        return problem
    decoded = decode(token)
    if decoded.expire != 3600:
        return f"The token itself lives for {decoded.expire} s; wanted is an hour."
    (service, *more) = decoded.services
    if more:
        return "It grants more than one service; one for the lobby is enough."
    found, wanted = dict(privilege_times(service)), {1: 3600, 2: 600, 3: 600}
    if set(found) != set(wanted):
        return f"It grants the privileges {sorted(found)}. Wanted are 1 (join), 2 (audio) and 3 (video)."
    for number, seconds in wanted.items():
        if found[number] != seconds:
            return f"Privilege {number} lasts {found[number]} s; wanted are {seconds} s."
    return None


EXERCISES = (
    Exercise(
        id="06.1",
        question="You have a 006 token for the channel team1 and uid 234. Into which of these can you turn it?",
        wrong=_which_can_be_had,
        right="Each was forged and verified just now. Ids of one fixed length leave nothing to choose from.",
        hints=(
            "What is signed is the channel and the uid, one right after the other.",
            "Write down channel and uid of each without a space, and compare.",
        ),
        solution='answer = {("team12", 34), ("team", 1234)}',
    ),
    Exercise(
        id="06.2",
        question="User 7 is in the lobby for an hour, and may publish audio and video for the first ten minutes.",
        wrong=_early_end_of_publishing,
        right="Agora looks at the ends of publishing where co-host authentication is on.",
        hints=(
            "build_token, with one RtcService whose privileges are a mapping.",
            "Privilege 1 is to join, 2 audio, 3 video; the values are seconds. The token itself lives for an hour.",
        ),
        solution=(
            'service = RtcService("lobby", 7, privileges={1: 3600, 2: 600, 3: 600})\n'
            "answer = build_token(credentials, [service], expires_in=3600)"
        ),
    ),
)
