"""Exercises of lesson 04: RTM tokens."""

from __future__ import annotations

from ..constants import TokenVersion
from ..credentials import Credentials
from ..tokens.builders import build_rtm_token
from ..verification.verifier import verify
from .exercise import Exercise
from .faults import NOW, TokenChecks, another_lifetime, not_a_count, not_good_for


def _seconds_of_life(answer: object) -> str | None:
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        return "Write two numbers in parentheses: the seconds for 006, then the seconds for 007."
    versions: tuple[TokenVersion, ...] = ("006", "007")
    for version, seconds in zip(versions, answer, strict=True):
        if problem := not_a_count(seconds, f"seconds for {version}") or _another_end(version, seconds):
            return problem
    return None


def _another_end(version: TokenVersion, seconds: int) -> str | None:
    """Check that the token is valid one second before ``seconds`` and not at ``seconds``."""
    if seconds > 10**9:
        return f"{version}: count the seconds from NOW, not from 1970."
    credentials = Credentials.for_lessons()
    token = build_rtm_token(credentials, "alice", expires_in=60, version=version, now=NOW)
    before, after = (verify(token, credentials, user="alice", now=max(NOW + at, 0)).ok for at in (seconds - 1, seconds))
    if before and not after:
        return None
    state = "still valid" if after else "already expired"
    return f"{version}: after {seconds} s the token is {state}, and the same is true one second earlier."


def _not_for_both_services(token: str) -> str | None:
    return not_good_for(token, channel="news", account="bob") or not_good_for(token, user="bob")


EXERCISES = (
    Exercise(
        id="04.1",
        question="You create RTM tokens with expires_in=60, in 006 and in 007. After how many seconds do they expire?",
        wrong=_seconds_of_life,
        right="007 expires after the minute. 006 contains the minute too, but Agora uses the token's own expiry.",
        hints=(
            "A 006 token contains two expiries. For RTM, Agora ignores one of them.",
            "Create both with now=NOW, then call verify with now=NOW + 61.",
        ),
        solution="answer = (24 * 3600, 60)",
    ),
    Exercise(
        id="04.2",
        question="Create one token for bob: he logs in to messaging and joins the stream channel news for ten minutes.",
        wrong=TokenChecks(
            {"names": _not_for_both_services, "lifetime": lambda token: another_lifetime(token, 600)}, version="007"
        ),
        right="A stream channel needs both services: RTM for the login, RTC for the channel.",
        hints=(
            "build_token puts two services into one token.",
            'The RTC service is for the channel news and the user account "bob", the RTM service for "bob".',
        ),
        solution=(
            'services = [RtcService("news", "bob"), RtmService("bob")]\n'
            "answer = build_token(credentials, services, expires_in=600)"
        ),
    ),
)
