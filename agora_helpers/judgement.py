"""From a verdict on a token to what an access point answers: its number, and what that rests on."""

from __future__ import annotations

from . import sources
from .admission import Admission, Surface, refused
from .certificates import Mechanism
from .reasons import ReasonCode
from .sources import Source
from .verification import Verdict

Problem = tuple[int, Source]
"""A number of the access point's, and what it rests on."""


def rtc_token_problems(verdict: Verdict, mechanism: Mechanism) -> list[Problem]:
    """What is wrong with a token for a channel."""
    found: list[Problem] = []
    if verdict.token is None or verdict.match.status != "ok" or verdict.signature.status != "ok":
        codes = {reason.code for reason in verdict.reasons}
        if codes & {ReasonCode.MALFORMED, ReasonCode.NO_RTC_SERVICE}:
            source = sources.RTC_OTHER_KIND
        elif ReasonCode.APP_ID_MISMATCH in codes:
            source = sources.RTC_OTHER_PROJECT
        elif ReasonCode.GRANTS_NOTHING in codes:
            source = sources.RTC_NO_PRIVILEGE
        else:
            source = _where_needed(sources.RTC_WRONG, mechanism)
        found.append((9, source))
    if verdict.time.status == "wrong":
        found.append((10, sources.RTC_EXPIRED))
    return found


def rtm_token_problems(verdict: Verdict, mechanism: Mechanism) -> list[Problem]:
    """The same for a login to messaging."""
    if verdict.token is None:
        return [(9, sources.RTM_DAMAGED)]
    codes = {reason.code for reason in verdict.reasons}
    wrong = _where_needed(sources.RTM_WRONG, mechanism)
    found: list[Problem] = []
    if verdict.signature.status == "wrong":
        found.append((9, wrong))
    if codes & {ReasonCode.NO_RTM_SERVICE, ReasonCode.GRANTS_NOTHING}:
        found.append((21, sources.RTM_OTHER_KIND))
    if ReasonCode.USER_MISMATCH in codes:
        found.append((7, sources.RTM_006 if verdict.token.version == "006" else wrong))
    if not found and (verdict.signature.status != "ok" or verdict.match.status != "ok"):
        found.append((9, sources.RTM_DAMAGED))
    if verdict.time.status == "wrong":
        found.append((13, sources.RTM_EXPIRED))
    return found


def _where_needed(source: Source, mechanism: Mechanism) -> Source:
    return source if mechanism == Mechanism.TOKEN else sources.EITHER


def first_of(problems: list[Problem], surface: Surface, verdict: Verdict | None = None) -> Admission | None:
    """A refusal with the first problem, if there is any; if others have other numbers, Agora may name one of those."""
    if not problems:
        return None
    code, source = problems[0]
    if len({number for number, _ in problems}) > 1:
        source = sources.SEVERAL
    return refused(surface, code, source, verdict.reasons if verdict else ())


def rests_on(verdict: Verdict, surface: Surface) -> Source:
    """What it rests on that a good token admits: the least certain thing first."""
    codes = {reason.code for reason in verdict.reasons}
    if ReasonCode.ISSUED_IN_FUTURE in codes:
        return sources.IN_FUTURE
    if surface == Surface.RTM and verdict.token and verdict.token.version == "006":
        return sources.RTM_006
    if ReasonCode.SIGNED_BY_SECONDARY in codes:
        return sources.SECONDARY
    if surface == Surface.RTM:
        return sources.RTM_GOOD
    return sources.RTC_ANYONE if ReasonCode.ANY_UID in codes else sources.RTC_GOOD
