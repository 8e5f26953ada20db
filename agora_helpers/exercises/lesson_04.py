"""Exercises of lesson 04: RTM tokens."""

from __future__ import annotations

from ..constants import TokenVersion
from ..credentials import Credentials
from ..tokens.builders import build_rtm_token
from ..verification.verifier import verify
from .exercise import Exercise
from .faults import NOW, another_lifetime, another_version, not_a_count, not_a_token, not_good_for


def _seconds_of_life(answer: object) -> str | None:
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        return "Write two numbers in parentheses: the seconds for 006, then those for 007."
    versions: tuple[TokenVersion, ...] = ("006", "007")
    for version, seconds in zip(versions, answer, strict=True):
        if problem := not_a_count(seconds, f"seconds for {version}") or _another_end(version, seconds):
            return problem
    return None


def _another_end(version: TokenVersion, seconds: int) -> str | None:
    """Is the token good a second before that, and no more at that time?"""
    if seconds > 10**9:
        return f"{version}: count the seconds from NOW, not from 1970."
    credentials = Credentials.for_lessons()
    token = build_rtm_token(credentials, "alice", expires_in=60, version=version, now=NOW)
    good = [verify(token, credentials, user="alice", now=max(NOW + at, 0)).ok for at in (seconds - 1, seconds)]
    if good == [True, False]:
        return None
    return (
        f"{version}: after {seconds} s it is {'still good' if good[1] else 'over already'}, and was so a second before."
    )


def _for_both_doors(answer: object) -> str | None:
    return not_a_token(answer) or _opens_both(str(answer))


def _opens_both(token: str) -> str | None:
    return (
        another_version(token, "007")
        or not_good_for(token, channel="news", account="bob")
        or not_good_for(token, user="bob")
        or another_lifetime(token, 600)
    )


EXERCISES = (
    Exercise(
        id="04.1",
        question="An RTM token is made with expires_in=60, in 006 and in 007. After how many seconds is each over?",
        wrong=_seconds_of_life,
        right="007 keeps its word. In 006 the minute stands in the token, and Agora goes by the token's own end.",
        hints=(
            "In 006 two ends stand in the token. For RTM, one of them is ignored.",
            "Make both with now=NOW, and ask verify with now=NOW + 61.",
        ),
        solution="answer = (24 * 3600, 60)",
    ),
    Exercise(
        id="04.2",
        question="One token for bob: he logs in to messaging and joins the stream channel news, for ten minutes.",
        wrong=_for_both_doors,
        right="A stream channel takes both: the login of RTM, and RTC for the channel.",
        hints=(
            "Two services in one token: build_token.",
            'The RTC service is for the channel news and the user account "bob", the RTM service for "bob".',
        ),
        solution=(
            'services = [RtcService("news", "bob"), RtmService("bob")]\n'
            "answer = build_token(credentials, services, expires_in=600)"
        ),
    ),
)
