"""A verdict as a report for bug trackers, which reveals neither the token nor, unless asked to, any name."""

from __future__ import annotations

from ..tokens.services import privilege_times
from ..verification.verifier import Verdict
from ..wording import format_duration, format_utc
from .tables import escape_unprintable


def redacted_report(verdict: Verdict, *, names: bool = False) -> str:
    """Return a verdict as text that can be published: which checks failed, and the token's times and privileges.

    It never contains the token, its signature, its salt or a certificate. Only fixed sentences are taken from the
    findings, since their details quote names.

    Args:
        verdict: what :func:`agora_helpers.verify` returned.
        names: also show the App ID, channel, uid and users, expected and actual. In a 006 token these are checksums,
            from which short names can be guessed.

    >>> from agora_helpers import Credentials, build_rtc_token, verify
    >>> token = build_rtc_token(Credentials.demo(), "secret-launch", uid=7, now=1_700_000_000)
    >>> report = redacted_report(verify(token, Credentials.demo(), channel="lobby", uid=7, now=1_700_000_060))
    >>> print(report.splitlines()[1], "secret-launch" in report)
    checks: format ok, signature ok, time ok, match wrong False
    """
    lines = ["Agora token report", f"checks: {', '.join(f'{check.name} {check.status}' for check in verdict.checks)}"]
    lines += [f"finding: {reason.code} ({reason.severity}): {reason.title}" for reason in verdict.reasons]
    if token := verdict.token:
        lines.append(f"version: {token.version}")
        if token.issued_at is not None and token.expire is not None:
            lines.append(f"issued: {format_utc(token.issued_at)}, lifetime {format_duration(token.expire)}")
        lines.append(f"token expires: {format_utc(token.expires_at)}")
        for service in token.services:
            times = ", ".join(f"{number} ({value})" for number, value in privilege_times(service).items())
            lines.append(f"service: {service.name}, privileges {times or 'none'}")
        if token.unread:
            lines.append(f"service: type {token.unread.type}, unknown")
    for row in verdict.compared:
        values = ""
        if names:
            expected, actual = escape_unprintable(row.expected), escape_unprintable(row.actual)
            values = f": expected {expected or 'nothing'}, in the token {actual or 'nothing'}"
        lines.append(f"{row.name}: {row.status}{values}")
    hidden = "token, signature, salt" + ("" if names else ", App ID, channel, uid, users")
    return "\n".join([*lines, f"left out: {hidden}"])
