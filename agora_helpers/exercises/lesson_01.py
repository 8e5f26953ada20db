"""Exercises of lesson 01: credentials, and when to disable a certificate."""

from __future__ import annotations

from ..credentials import Credentials
from ..practice.project import Project
from ..tokens.builders import build_rtc_token
from .exercise import Exercise
from .faults import NOW, a_kind_of, not_a_count

_NOON, _LIFETIME = 12, 2
_NEW_CERTIFICATE = "0123456789abcdef" * 2


def _clean_credentials(answer: object) -> str | None:
    if not isinstance(answer, Credentials):
        return f"The answer must be Credentials(app_id, app_certificate), but yours is {a_kind_of(answer)}."
    right = Credentials.for_lessons()
    if answer == right:
        return None
    if answer == Credentials(right.app_certificate, right.app_id):
        return "App ID and certificate are swapped. They look alike; the App ID comes first."
    return "They are well formed, but not the ones that were copied. Remove only the characters around them."


def _when_to_disable(answer: object) -> str | None:
    if problem := not_a_count(answer, "hours, such as 18 for six in the evening"):
        return problem
    hour = min(int(str(answer)), 48)
    if hour < _NOON:
        return "Before noon the server still signs with the old certificate."
    old, new = Credentials.for_lessons(), _NEW_CERTIFICATE
    noon = NOW + _NOON * 3600
    last = build_rtc_token(old, "lobby", uid=7, expires_in=_LIFETIME * 3600, now=noon)
    project = Project(old)
    project.certificates.add_secondary(new)
    project.certificates.swap()
    at = NOW + hour * 3600
    if project.join("lobby", uid=7, token=last, now=at).admitted:
        project.certificates.disable_secondary()
        error = project.join("lobby", uid=7, token=last, now=at).text
        return f"At {hour}:00 the last token, issued at noon, is still valid, but its client would get {error!r}."
    if project.join("lobby", uid=7, token=last, now=at - 3600).admitted:
        return None
    return (
        "No client is rejected, but the old certificate stays enabled for longer than necessary: tokens live 2 hours."
    )


EXERCISES = (
    Exercise(
        id="01.1",
        question="Create Credentials from the two copied strings.",
        wrong=_clean_credentials,
        right="Each has 32 characters, and nothing around them.",
        hints=(
            "Pass the strings to Credentials as they are. The error message names what is around them.",
            "str.strip() removes spaces and line breaks; str.strip('\",') removes quotes and commas.",
        ),
        solution='answer = Credentials(copied["App ID"].strip(), copied["certificate"].strip(\'",\'))',
    ),
    Exercise(
        id="01.2",
        question="From which hour on can you disable the old certificate so that no client is rejected?",
        wrong=_when_to_disable,
        right="The last old token is issued at noon and expires after two hours. Short lifetimes make rotations quick.",
        hints=(
            "When does the last token expire that was signed with the old certificate?",
            "It was issued at noon, and has the same lifetime as every token of this server.",
        ),
        solution="answer = 12 + 2",
    ),
)
