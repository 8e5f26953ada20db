"""Exercises of lesson 02: credentials, and the end of a certificate."""

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
        return f"Wanted are Credentials(app_id, app_certificate), and the answer is {a_kind_of(answer)}."
    right = Credentials.for_lessons()
    if answer == right:
        return None
    if answer == Credentials(right.app_certificate, right.app_id):
        return "App ID and certificate have changed places. They look alike; the App ID comes first."
    return "They are well formed, and not those that were copied. Take away what is around them, and nothing else."


def _when_to_disable(answer: object) -> str | None:
    if problem := not_a_count(answer, "hours, such as 18 for six in the evening"):
        return problem
    hour = min(int(str(answer)), 48)
    if hour < _NOON:
        return "Before noon the server itself still signs with the old certificate."
    old, new = Credentials.for_lessons(), _NEW_CERTIFICATE
    noon = NOW + _NOON * 3600
    last = build_rtc_token(old, "lobby", uid=7, expires_in=_LIFETIME * 3600, now=noon)
    project = Project(old)
    project.certificates.add_secondary(new)
    project.certificates.swap()
    at = NOW + hour * 3600
    if project.join("lobby", uid=7, token=last, now=at).admitted:
        project.certificates.disable_secondary()
        said = project.join("lobby", uid=7, token=last, now=at).text
        return f"At {hour}:00 the token that was made at noon is still good, and its client would be told {said!r}."
    if project.join("lobby", uid=7, token=last, now=at - 3600).admitted:
        return None
    return (
        "By then nobody is locked out, and the old certificate is good for longer than it need be: tokens live 2 hours."
    )


EXERCISES = (
    Exercise(
        id="02.1",
        question="Make Credentials from the two copied texts.",
        wrong=_clean_credentials,
        right="32 characters each, and nothing around them.",
        hints=(
            "Credentials says what is around a value. Make them from the texts as they are, and read the message.",
            "str.strip() takes away spaces and line breaks; str.strip('\",') takes away quotes and commas.",
        ),
        solution='answer = Credentials(copied["App ID"].strip(), copied["certificate"].strip(\'",\'))',
    ),
    Exercise(
        id="02.2",
        question="From which hour on may the old certificate be disabled, so that nobody is refused for it?",
        wrong=_when_to_disable,
        right="The last old token was made at noon and lives for two hours: short lives make quick rotations.",
        hints=(
            "Until when is the last token good that was signed with the old certificate?",
            "It was made at noon, and lives as long as every token of this server.",
        ),
        solution="answer = 12 + 2",
    ),
)
