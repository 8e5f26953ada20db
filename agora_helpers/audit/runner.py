"""Runs an audit: sends the requests of the plan, and turns what the checks find into a report."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from ipaddress import ip_address
from secrets import randbelow, token_hex
from typing import TYPE_CHECKING, Any

from ..credentials import Credentials, check_credential, wrong_credentials
from ..errors import ErrorCode, InputError
from ..secret import Secret, hide
from .checks import CHECKS, Exchange, NotCheckedError, Transcript, exchange_of
from .client import MAX_REQUESTS, Sender, in_process_sender, network_sender
from .plan import BURST, LIFETIME, Probe, Purpose, probes, role
from .replies import Reply
from .report import AuditReport, Finding
from .rules import RULES, SEVERITIES
from .target import Target, Value

if TYPE_CHECKING:
    from starlette.types import ASGIApp

Progress = Callable[[int, str], None]


def audit(
    target: str | ASGIApp,
    path: str | None = None,
    *,
    method: str | None = None,
    json_body: str | None = None,
    form: str | None = None,
    headers: Mapping[str, str] | None = None,
    roles: tuple[str, str] = ("publisher", "audience"),
    credentials: Credentials | None = None,
    secondary_certificate: str | None = None,
    this_is_my_server: bool = False,
    progress: Progress | None = None,
) -> AuditReport:
    """Find out what is wrong with a token server, whoever wrote it.

    At most 60 requests are sent, one after the other. The placeholders ``{channel}``, ``{uid}``, ``{account}``,
    ``{user}``, ``{role}``, ``{publisher}`` (true or false) and ``{expires_in}`` (seconds) stand for a client's values.

    Args:
        target: the endpoint's URL with placeholders, or an ASGI app, which is called in this process.
        path: for an app, the endpoint's path with placeholders, for instance ``"/token?channel={channel}"``.
        method: HTTP method; by default POST with a body, else GET.
        json_body: the body, JSON with placeholders. Without quotes, a placeholder keeps its own JSON type.
        form: the body, ``name={placeholder}&…``, as an HTML form sends it.
        headers: sent with every request but one, for instance an API key. No report shows them.
        roles: the server's words for publisher and subscriber, for ``{role}``.
        credentials: the project's. Without them, signatures are not checked and replies not searched for the
            certificate.
        secondary_certificate: the project's second App Certificate, which may have signed, too.
        this_is_my_server: required for a host other than this machine. Do not audit servers of others.
        progress: called before each request, with its number and what it asks for.

    Returns:
        The report.

    Raises:
        InputError: an argument is invalid, or the server issued no token for a good request. The message explains
            what came back.

    >>> from agora_helpers.audit import ClassicServer, audit
    >>> report = audit(ClassicServer(), "/rtmtoken", json_body='{"user": "{user}"}')
    >>> [finding.code for finding in report.findings if finding.severity == "error"]
    ['ODD_UID_SIGNED', 'WILDCARD_SIGNED', 'CRASHES_ON_BAD_INPUT']
    """
    headers = {name: Secret(value) for name, value in (headers or {}).items()}
    secondary_certificate = hide(secondary_certificate)
    if credentials is not None and not isinstance(credentials, Credentials):
        raise wrong_credentials(credentials := hide(credentials))
    certificates = [credentials.app_certificate] if credentials else []
    if secondary_certificate is not None:
        certificates.append(check_credential("secondary_certificate", secondary_certificate))
    in_process = not isinstance(target, str)
    if in_process and (not path or not path.startswith("/")):
        raise InputError("path", "is missing, or does not start with /.", 'Pass the path of the endpoint: "/rtctoken".')
    if isinstance(target, str) and path is not None:
        raise InputError("path", "cannot be combined with a URL.", "Write it into the URL.")
    url = target if isinstance(target, str) else f"http://localhost{path}"
    endpoint = Target(url, method=method, json_body=json_body, form=form, headers=headers)
    local = is_local(endpoint.host)
    if not local and not this_is_my_server:
        problem = "is not on this machine, and an audit sends malformed requests and collects tokens."
        hint = "Audit only your own servers. If this is yours, pass this_is_my_server=True."
        raise InputError("target", problem, hint, code="NOT_YOURS")
    sender = network_sender() if isinstance(target, str) else in_process_sender(target)
    exchanges = _Conversation(endpoint, sender, roles, progress).run()
    transcript = Transcript(endpoint, exchanges, credentials, certificates, in_process, local)
    return _judge(transcript)


def is_local(host: str) -> bool:
    """Check whether a host is this machine.

    >>> is_local("localhost"), is_local("127.0.0.2"), is_local("::1"), is_local("example.com")
    (True, True, True, False)
    """
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


class _Conversation:
    """Sends the requests. Most of them are a good request with one change."""

    def __init__(self, target: Target, send: Sender, roles: Sequence[str], progress: Progress | None) -> None:
        self._target, self._send, self._roles, self._progress = target, send, roles, progress
        self._sent: list[Exchange] = []
        self._values: dict[str, Value] = {
            "channel": f"audit-{token_hex(4)}",
            "uid": 1_000_000 + randbelow(2**30),
            "account": "audit-account",
            "user": "audit-user",
            "expires_in": LIFETIME,
            **role(True, roles),
        }

    def run(self) -> list[Exchange]:
        """Send all requests and return what came back.

        Raises:
            InputError: no good request got a token.
        """
        first = self._ask(Probe(Purpose.GOOD, "a good request"))
        if not first.grants and first.reply.status and {"role", "publisher"} & self._target.placeholders:
            self._values |= role(False, self._roles)  # perhaps this caller may not publish
            first = self._ask(Probe(Purpose.GOOD, "a good request of a subscriber"))
        if not first.grants:
            raise _no_token(first.reply, self._target)
        for probe in probes(self._target, self._roles):
            self._ask(probe)
        for _ in range(min(BURST, MAX_REQUESTS - len(self._sent))):
            if self._ask(Probe(Purpose.AGAIN, "the same again")).limited:
                break
        return self._sent

    def _ask(self, probe: Probe) -> Exchange:
        if self._progress:
            self._progress(len(self._sent) + 1, probe.label)
        values = {**self._values, **probe.values}
        request = self._target.request(values, headers=probe.headers, anonymous=probe.anonymous)
        changes: dict[str, Any] = {"method": probe.method, "body": probe.body}
        request = request._replace(**{name: value for name, value in changes.items() if value is not None})
        exchange = exchange_of(probe, values, self._send(request))
        self._sent.append(exchange)
        return exchange


def _judge(transcript: Transcript) -> AuditReport:
    findings, passed, not_checked = [], [], {}
    hidden = [*transcript.certificates, *transcript.target.secrets]
    for code, check in CHECKS.items():
        rule = RULES[code]
        try:
            evidence = check(transcript)
        except NotCheckedError as reason:
            not_checked[code] = str(reason)
            continue
        if not evidence:
            passed.append(code)
            continue
        severity = rule.severity if transcript.local or not rule.beyond_loopback else rule.beyond_loopback
        shown = tuple(_redact(text, hidden) for text in evidence)
        findings.append(Finding(code, severity, rule.title, shown, rule.consequence, rule.remedy, rule.lesson))
    findings.sort(key=lambda finding: SEVERITIES.index(finding.severity))
    shown_target = _redact(transcript.target.shown, hidden)
    return AuditReport(shown_target, len(transcript.exchanges), tuple(findings), tuple(passed), not_checked)


def _redact(text: str, hidden: Sequence[Secret]) -> str:
    """Replace secrets and tokens. Of a token its version and length stay."""
    for secret in hidden:
        text = re.sub(re.escape(secret), "…", text, flags=re.IGNORECASE)
    return re.sub(r"(00[67])[A-Za-z0-9+/=]{60,}", lambda match: f"{match[1]}… ({len(match[0])} characters)", text)


_STATUS_HINTS = {
    401: "Pass the credential that it requires: --header 'Authorization: Bearer …'.",
    403: "Pass the credential of a caller who may get tokens: --header 'Authorization: Bearer …'.",
    404: "Check the path, and its placeholders.",
    405: "Check the method. It is POST with --json-body or --form.",
    413: "Shorten the body.",
    415: "Pass the body as the server expects it: --json-body or --form.",
    429: "Wait until its rate limit allows requests again.",
}


def _no_token(reply: Reply, target: Target) -> InputError:
    """Return the error that explains a reply without a token: its status and shape, and nothing of its content."""
    kind = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not reply.status:
        problem, hint = f"{reply.problem}.", "Start the server, and check host and port."
        return InputError("target", problem, hint, code="NO_RESPONSE")
    if 300 <= reply.status < 400:
        shape, hint = (
            "a redirect",
            "Pass the URL that it leads to. If that is a login page, pass your session in a header.",
        )
    elif isinstance(reply.json, dict):
        names = [name for name in reply.json if re.fullmatch(r"[A-Za-z_][\w-]{0,30}", name)][:8]
        shape, hint = (
            f"a JSON object with {', '.join(names) or 'no fields'}",
            "Compare the template with the server's API.",
        )
    elif reply.is_json:
        shape, hint = "a JSON array", "Compare the template with the server's API."
    elif "html" in kind or re.match(r"\s*<(!doctype|html)", reply.text, re.IGNORECASE):
        shape, hint = "an HTML page", "Check the path: this may be a page of the app, or its login."
    else:
        shape, hint = ("text" if reply.body else "an empty body"), "Compare the template with the server's API."
    hint = _STATUS_HINTS.get(reply.status, hint)
    if 200 <= reply.status < 300 and re.search("00[67][A-Za-z0-9+/]{20}", reply.text):
        hint = "It contains something that starts like a token but is damaged: run agora-helpers decode on it."
    problem = f"no token in the response to a good request: status {reply.status}, {shape}."
    return InputError("target", problem, hint, code=ErrorCode.MISSING)
