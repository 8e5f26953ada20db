"""Judges the replies: one function for each code, or for codes that are found together.

Each takes the :class:`Transcript` and returns the evidence, one sentence for each observation; none if the check was
passed. It raises :class:`NotCheckedError` if it cannot tell.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial

from ..constants import DAY, UINT32_MAX
from ..credentials import Credentials
from ..errors import InputError
from ..secret import Secret
from ..tokens.decoded import DecodedToken
from ..tokens.services import privilege_times
from ..verification.reasons import Reason, ReasonCode
from ..verification.verifier import verify
from ..wording import format_duration
from .plan import BURST, LIFETIME, ORIGIN, Probe, Purpose
from .replies import Grant, Reply, grants_of, show_name
from .target import USERS, Target, Value

_CLOCK_SKEW = 60
_FEW_UIDS = 1_000_000
"""A server whose random uids are all below this chooses from too few."""
_MIN_SAMPLES = 10
_LIMITED = "The server's rate limit stopped these requests. Audit again with a higher limit."
_CRASHES = {500, 502, 504}
_TRACES = re.compile(
    r"Traceback \(most recent call last\)"  # Python
    r"|\bat [^\n]{1,300}?\w\.[A-Za-z]\w*:\d+:\d+"  # Node.js
    r"|\bat [\w$.]+\([\w$]+\.java:\d+\)|goroutine \d+ \[|Stack trace:\s*#0|\.cs:line \d+"  # Java, Go, PHP, C#
)
Evidence = Sequence[str]


class NotCheckedError(Exception):
    """A check cannot tell. The message says why."""


@dataclass(frozen=True)
class Exchange:
    """One request and its reply."""

    probe: Probe
    values: Mapping[str, Value] = field(repr=False)
    reply: Reply
    grants: list[Grant] = field(repr=False)

    @property
    def outcome(self) -> str:
        """The request and what came back, in words, without the token."""
        reply = self.reply
        if not reply.status:
            return f"{self.probe.label} → {reply.problem}"
        result = f"status {reply.status}"
        if self.grants:
            holders = dict.fromkeys(_describe(grant) for grant in self.grants)
            result = "a token " + " and one ".join(holders)
        return f"{self.probe.label} → {result}"

    @property
    def limited(self) -> bool:
        """Whether the server refused it because there were too many."""
        return self.reply.status == 429


def _describe(grant: Grant) -> str:
    if grant.is_rtc:
        channel = "another channel" if grant.channel is None else f"channel {show_name(grant.channel)}"
        return f"for {channel} and {grant.holder}"
    return f"for {grant.holder} in {grant.kind.upper()}"


@dataclass(frozen=True)
class Transcript:
    """Everything that was sent and received."""

    target: Target
    exchanges: list[Exchange]
    credentials: Credentials | None
    certificates: Sequence[Secret]
    """All that are known, the primary one first."""
    in_process: bool
    local: bool
    """Whether the server is on this machine."""

    def of(self, purpose: Purpose) -> list[Exchange]:
        """Return the exchanges of one purpose. Raise NotCheckedError if the server's limit left none."""
        exchanges = [exchange for exchange in self.exchanges if exchange.probe.purpose == purpose]
        answered = [exchange for exchange in exchanges if not exchange.limited]
        if exchanges and len(answered) < len(exchanges) and not any(exchange.grants for exchange in answered):
            raise NotCheckedError(_LIMITED)
        return answered

    def need(self, purpose: Purpose, *placeholders: str) -> list[Exchange]:
        """Return the same. Raise NotCheckedError if the template has none of the placeholders."""
        if not self.target.placeholders & {*placeholders}:
            names = " or ".join(f"{{{name}}}" for name in placeholders)
            raise NotCheckedError(f"The template has no {names}.")
        return self.of(purpose)

    @cached_property
    def good(self) -> list[Exchange]:
        """The good requests that got a token; never empty."""
        return [one for one in self.exchanges if one.probe.purpose in (Purpose.GOOD, Purpose.AGAIN) and one.grants]

    @property
    def first(self) -> Exchange:
        """The first of them."""
        return self.good[0]

    @cached_property
    def rtc(self) -> list[Grant]:
        """What the first reply grants in channels. Raise NotCheckedError if that is nothing."""
        if grants := [grant for grant in self.first.grants if grant.is_rtc]:
            return grants
        raise NotCheckedError("The server issues no tokens for channels here.")

    @property
    def chooses_user(self) -> bool:
        """Whether good requests leave the user to the server."""
        return not self.target.placeholders & {*USERS}

    @cached_property
    def chosen(self) -> list[tuple[Exchange, Grant]]:
        """Tokens for channels whose user the server chose."""
        exchanges = self.good if self.chooses_user else []
        return [(one, grant) for one in exchanges for grant in one.grants if grant.is_rtc]

    @cached_property
    def reasons(self) -> list[Reason]:
        """What ``verify`` finds out about the times of the first tokens, as of their issue."""
        reasons: list[Reason] = []
        for text in dict.fromkeys(grant.text for grant in self.first.grants):
            token = next(grant.token for grant in self.first.grants if grant.text == text)
            reasons += verify(text, None, now=_issue_time(token, self.first.reply)).reasons
        return reasons


def _issue_time(token: DecodedToken, reply: Reply) -> int:
    """Return when a token was issued by the clock that it was issued by. A 006 token shows it only by its end."""
    issued = token.issued_at if token.issued_at is not None else token.ends_at - DAY
    if token.version == "006" and not _skewed(issued, reply):
        return reply.at
    return min(max(issued, 0), UINT32_MAX)


def _skewed(issued: int, reply: Reply) -> bool:
    return abs(issued - reply.at) > _CLOCK_SKEW


def _tokens(exchanges: Sequence[Exchange]) -> list[Grant]:
    return [grant for exchange in exchanges for grant in exchange.grants]


def _outcomes(exchanges: Sequence[Exchange], wrong: Callable[[Grant], bool] = lambda grant: True) -> Evidence:
    return [exchange.outcome for exchange in exchanges if any(map(wrong, exchange.grants))]


# Who may ask


def _no_credential_needed(transcript: Transcript) -> Evidence:
    if not transcript.target.has_credentials:
        return ["A request without any credential got a token."]
    return _outcomes(transcript.of(Purpose.ANONYMOUS))


def _certificate_leaked(transcript: Transcript) -> Evidence:
    if not transcript.certificates:
        raise NotCheckedError("Set AGORA_APP_CERTIFICATE (with AGORA_APP_ID) to search the replies for it.")
    needles = [form for certificate in transcript.certificates for form in _forms(certificate)]

    def leaks(reply: Reply) -> bool:
        text = "\n".join([*reply.headers.values(), reply.text]).lower()
        return any(needle in text for needle in needles)

    leaking = [exchange for exchange in transcript.exchanges if leaks(exchange.reply)]
    return [f"{exchange.probe.label} → the reply contains the certificate" for exchange in leaking]


def _forms(certificate: str) -> list[Secret]:
    """Return how a certificate may be written, in lower case: as it is, with dashes, and in base64."""
    parts = [Secret(certificate[start:end]) for start, end in ((0, 8), (8, 12), (12, 16), (16, 20), (20, 32))]
    encoded = Secret(base64.b64encode(certificate.encode()).decode().rstrip("="))
    return [Secret(form.lower()) for form in (certificate, Secret("-".join(parts)), encoded)]


# For whom


def _any_uid(transcript: Transcript) -> Evidence:
    def for_anyone(grant: Grant) -> bool:
        return grant.is_rtc and grant.who == ""

    evidence = [*_outcomes(transcript.of(Purpose.ANY_USER), for_anyone)]
    zeros = [grant for _, grant in transcript.chosen if for_anyone(grant)]
    some_named = len(zeros) < len(transcript.chosen)
    if not (zeros and some_named):  # 0 among other uids is for FEW_RANDOM_UIDS
        evidence = [*_outcomes([transcript.first], for_anyone), *evidence]
    if not evidence and not any(grant.is_rtc for grant in transcript.first.grants):
        raise NotCheckedError("The server issues no tokens for channels here.")
    return evidence


def _odd_uid(transcript: Transcript) -> Evidence:
    exchanges = transcript.need(Purpose.ODD_USER, *USERS)
    zero = [*_outcomes(transcript.of(Purpose.ANY_USER), lambda grant: grant.who in ("0", "NaN", "undefined", "null"))]
    nobody = _outcomes(transcript.of(Purpose.ANY_USER), lambda grant: grant.kind == "rtm" and grant.who == "")
    return [*zero, *nobody, *_outcomes(exchanges)]


def _requested(transcript: Transcript) -> set[str]:
    values = transcript.first.values
    return {str(values[name]) for name in USERS if name in transcript.target.placeholders}


def _wrong_user(transcript: Transcript) -> Evidence:
    if transcript.chooses_user:
        raise NotCheckedError("The template has no {uid}, {account} or {user}.")
    requested = _requested(transcript)

    def wrong(grant: Grant) -> bool:
        if grant.who is None:  # no name matches a 006 token's checksum, or the service has no user
            return grant.token.version == "006"
        return grant.who != "" and "*" not in grant.who and grant.who not in requested

    return _outcomes([transcript.first], wrong)


def _wrong_channel(transcript: Transcript) -> Evidence:
    if "channel" not in transcript.target.placeholders:
        raise NotCheckedError("The template has no {channel}.")
    channel = transcript.first.values["channel"]
    if any(grant.channel != channel for grant in transcript.rtc):
        return [f"{transcript.first.outcome}. Requested: {show_name(str(channel))}."]
    return []


def _uid_not_returned(transcript: Transcript) -> Evidence:
    _ = transcript.rtc
    chosen = transcript.chosen or [
        (one, grant)
        for one in transcript.of(Purpose.ANY_USER)
        for grant in one.grants
        if grant.is_rtc and grant.who not in _requested(transcript)
    ]
    if not chosen:
        return []

    def unknown(exchange: Exchange, grant: Grant) -> bool:
        return grant.who is None or (grant.who not in ("", "0") and grant.who not in exchange.reply.scalars)

    missing = [exchange for exchange, grant in chosen if unknown(exchange, grant)]
    return ["The reply contains no name or number that matches the user in the token."] if missing else []


def _few_random_uids(transcript: Transcript) -> Evidence:
    _ = transcript.rtc
    if not transcript.chooses_user:
        return []
    names = [grant.who for _, grant in transcript.chosen if grant.who is not None]
    zeros = names.count("")
    uids = [int(name) for name in names if re.fullmatch("[1-9][0-9]{0,9}", name)]
    if zeros and uids:
        return [f"{zeros} of {len(names)} tokens were for uid 0, which admits every client."]
    if len(uids) < _MIN_SAMPLES:
        if uids:
            raise NotCheckedError(f"That takes {_MIN_SAMPLES} tokens, and the server issued {len(uids)}.")
        return []
    if len({*uids}) == 1:
        shared = not transcript.target.has_credentials
        return [f"All of {len(uids)} tokens were for the same uid."] if shared else []
    if max(uids) < _FEW_UIDS:
        return [f"The uids of {len(uids)} tokens were all between {min(uids)} and {max(uids)}."]
    return []


# With which privileges


def _publish(exchanges: Sequence[Exchange]) -> bool:
    return any(grant.publishes for grant in _tokens(exchanges))


def _roles(code: str, transcript: Transcript) -> Evidence:
    _ = transcript.rtc
    published = _publish([transcript.first])
    if not transcript.target.placeholders & {"role", "publisher"}:
        if code != "PUBLISHER_BY_DEFAULT":
            raise NotCheckedError("The template has no {role} or {publisher}.")
        return [f"{transcript.first.outcome}. It may publish, and no role was requested."] if published else []
    if code == "NEVER_PUBLISHER":
        if transcript.first.values["publisher"] is False:
            raise NotCheckedError("The server refuses tokens for publishers.")
        return [] if published else ["role: publisher → a token without the privileges to publish"]
    if code == "TRUTHY_TEXT_PUBLISHES" and "publisher" not in transcript.target.placeholders:
        raise NotCheckedError("The template has no {publisher}.")
    subscriber, default = transcript.of(Purpose.SUBSCRIBER), transcript.of(Purpose.NO_ROLE)
    if not _tokens(subscriber):
        raise NotCheckedError("The server refuses tokens for subscribers. Name its roles: --roles publisher,audience.")
    # Where everything arrives as a string, a default that does not publish shows that "false" does
    text = transcript.target.is_text("publisher") and _publish(subscriber) and not _publish(default)
    always = _publish(subscriber) and not (text and _tokens(default))
    suffix = "a token with the privileges to publish"
    if code == "ALWAYS_PUBLISHER":
        return [f"{subscriber[0].probe.label} → {suffix}"] if always else []
    if code == "PUBLISHER_BY_DEFAULT":
        return [f"no role → {suffix}"] if _publish(default) and not always else []
    if text and _tokens(default):
        return [f'publisher: the string "false" → {suffix}']
    false_text = [exchange for exchange in transcript.of(Purpose.FALSE_TEXT) if _publish([exchange])]
    return [f"{exchange.probe.label} → {suffix}" for exchange in false_text if not always]


# Until when

_TIME_REASONS: Mapping[ReasonCode, str] = {
    ReasonCode.TIME_AS_DURATION: "TIME_AS_DURATION",
    ReasonCode.DURATION_AS_TIME: "DURATION_AS_TIME",
    ReasonCode.EXPIRED: "EXPIRED_AT_ISSUE",
    ReasonCode.PRIVILEGE_EXPIRED: "EXPIRED_AT_ISSUE",
    ReasonCode.LIFETIME_OVER_24_HOURS: "LIFETIME_OVER_24_HOURS",
    ReasonCode.MILLISECONDS: "LIFETIME_OVER_24_HOURS",
    ReasonCode.LIFETIME_TOO_SHORT: "LIFETIME_TOO_SHORT",
    ReasonCode.PRIVILEGE_WITHOUT_END: "PRIVILEGE_WITHOUT_END",
    ReasonCode.UNEQUAL_ENDS: "UNEQUAL_ENDS",
}


def _times(code: str, transcript: Transcript) -> Evidence:
    return [*dict.fromkeys(one.detail for one in transcript.reasons if _TIME_REASONS.get(one.code) == code)]


def _caller_sets_lifetime(transcript: Transcript) -> Evidence:
    exchanges = transcript.need(Purpose.LIFETIME, "expires_in")
    usual = max((_lifetime(grant, transcript.first.reply) for grant in transcript.first.grants), default=0)

    def too_long(exchange: Exchange) -> Iterator[int]:
        for grant in exchange.grants:
            lifetime = _lifetime(grant, exchange.reply)
            if lifetime > DAY and lifetime > usual + LIFETIME:
                yield lifetime

    return [
        f"{exchange.probe.label} → a token that claims to last {format_duration(max(lifetimes))}"
        for exchange in exchanges
        if (lifetimes := [*too_long(exchange)])
    ]


def _lifetime(grant: Grant, reply: Reply) -> int:
    """Return how long a token or its privileges claim to last, in seconds."""
    token = grant.token
    if token.expire is not None:
        values = [value for service in token.services for value in privilege_times(service).values()]
        return max([token.expire, *values])
    return max([value for service in token.services for value in privilege_times(service).values()]) - reply.at


def _clock_off(transcript: Transcript) -> Evidence:
    reply = transcript.first.reply
    for grant in transcript.first.grants:
        token = grant.token
        issued = token.issued_at if token.issued_at is not None else token.ends_at - DAY
        date_is_right = reply.date is not None and not _skewed(reply.date, reply)
        if not _skewed(issued, reply) or (token.version == "006" and date_is_right):
            continue  # a 006 token does not contain its time of issue
        off = issued - reply.at
        side = "ahead of" if off > 0 else "behind"
        evidence = f"The time of issue is {format_duration(abs(off))} {side} the clock of this machine."
        if reply.date is None:
            return [evidence]
        if date_is_right:
            return [f"{evidence} The server's Date header is right, so it computes the time wrongly."]
        return [f"{evidence} The server's Date header is off, too."]
    return []


# For what


def _channel_not_checked(transcript: Transcript) -> Evidence:
    exchanges = transcript.need(Purpose.CHANNEL, "channel")
    _ = transcript.rtc
    return _outcomes(exchanges, lambda grant: grant.is_rtc)


def _wildcard(transcript: Transcript) -> Evidence:
    exchanges = transcript.need(Purpose.WILDCARD, "channel", *USERS)
    return _outcomes(exchanges, lambda grant: "*" in (grant.channel or "") + (grant.who or ""))


def _wrong_signature(transcript: Transcript) -> Evidence:
    if not transcript.credentials:
        raise NotCheckedError("Set AGORA_APP_ID and AGORA_APP_CERTIFICATE to check signatures.")
    app_id = transcript.credentials.app_id
    for grant in transcript.first.grants:
        if grant.token.app_id != app_id:
            return ["The token is for another App ID than AGORA_APP_ID."]
        names = {"channel": grant.channel, "uid": grant.who or None} if grant.is_rtc else {"user": grant.who}
        statuses = {_signature(grant.text, app_id, certificate, names) for certificate in transcript.certificates}
        if "ok" not in statuses and "wrong" in statuses:
            return ["The signature does not match the App Certificate."]
        if statuses == {"not checked"}:
            raise NotCheckedError(
                "A 006 token does not contain its channel and user, and they are not those requested."
            )
    return []


def _signature(text: str, app_id: str, certificate: str, names: Mapping[str, str | None]) -> str:
    try:
        verdict = verify(text, Credentials(app_id, certificate), partial=True, **names)  # type: ignore[arg-type]
    except InputError:
        return "not checked"
    return verdict.signature.status


def _rtc_token_logs_in(transcript: Transcript) -> Evidence:
    _ = transcript.rtc
    exchanges = [transcript.first, *transcript.of(Purpose.ANY_USER)]
    return _outcomes(exchanges, lambda grant: grant.is_rtc and grant.token.version == "006" and grant.who == "")[:1]


def _same_token_twice(transcript: Transcript) -> Evidence:
    if len(transcript.good) < 2:
        raise NotCheckedError("That takes two tokens, and the server issued one.")
    first, second = (exchange.grants[0].token.salt for exchange in transcript.good[:2])
    return ["Two requests got tokens with the same salt."] if first == second else []


def _old_format(transcript: Transcript) -> Evidence:
    return ["The token starts with 006."] if any(one.token.version == "006" for one in transcript.first.grants) else []


# Over HTTP


def _origins(code: str, transcript: Transcript) -> Evidence:
    allowed = {"ANY_ORIGIN": "*", "ORIGIN_ECHOED": ORIGIN}[code]
    return [
        f"{exchange.probe.label} → Access-Control-Allow-Origin: {allowed}"
        for exchange in transcript.of(Purpose.ORIGIN)
        if exchange.reply.headers.get("access-control-allow-origin", "").strip() == allowed
    ]


def _cacheable(transcript: Transcript) -> Evidence:
    header = transcript.first.reply.headers.get("cache-control")
    if "no-store" in (header or "").lower():
        return []
    return [
        "The reply with the token has no Cache-Control header." if header is None else "Cache-Control lacks no-store."
    ]


def _token_by_get(transcript: Transcript) -> Evidence:
    return ["The server issues tokens for GET."] if transcript.target.method == "GET" else []


_BAD_INPUT = {Purpose.ANY_USER, Purpose.ODD_USER, Purpose.NO_ROLE, Purpose.FALSE_TEXT, Purpose.LIFETIME}
_BAD_INPUT |= {Purpose.CHANNEL, Purpose.WILDCARD, Purpose.MALFORMED}


def _bad_input(transcript: Transcript) -> list[Exchange]:
    exchanges = [one for one in transcript.exchanges if one.probe.purpose in _BAD_INPUT]
    if not exchanges:
        raise NotCheckedError("The template has no placeholder and no JSON body.")
    answered = [one for one in exchanges if not one.limited]
    if not answered:
        raise NotCheckedError(_LIMITED)
    return answered


def _crashes(transcript: Transcript) -> Evidence:
    crashed = [one for one in _bad_input(transcript) if one.reply.status in _CRASHES or not one.reply.status]
    return [exchange.outcome for exchange in crashed]


def _stack_trace(transcript: Transcript) -> Evidence:
    errors = [one for one in transcript.exchanges if one.reply.status >= 400]

    def plain(reply: Reply) -> str:
        return re.sub("<br ?/?>", "\n", reply.text).replace("&nbsp;", " ")

    shown = [exchange for exchange in errors if _TRACES.search(plain(exchange.reply))]
    return [
        f"{exchange.probe.label} → status {exchange.reply.status} with lines of the server's code" for exchange in shown
    ]


def _error_as_200(transcript: Transcript) -> Evidence:
    exchanges = [*transcript.of(Purpose.ANONYMOUS), *_bad_input(transcript)]
    return [
        f"{exchange.probe.label} → status {exchange.reply.status} without a token"
        for exchange in exchanges
        if 200 <= exchange.reply.status < 300 and not exchange.grants
    ]


def _no_rate_limit_seen(transcript: Transcript) -> Evidence:
    if any(exchange.limited for exchange in transcript.exchanges):
        return []
    burst = [exchange for exchange in transcript.exchanges if exchange.probe.purpose == Purpose.AGAIN]
    total = len(transcript.exchanges)
    if total < BURST:
        raise NotCheckedError(f"That takes {BURST} requests.")
    return [f"{total} requests one after the other, {len(burst)} of them equal, and none was refused with status 429."]


def _plain_http(transcript: Transcript) -> Evidence:
    if transcript.in_process:
        raise NotCheckedError("The app was called in this process, without a network.")
    return ["The URL starts with http:."] if transcript.target.scheme == "http" else []


CHECKS: Mapping[str, Callable[[Transcript], Evidence]] = {
    "CERTIFICATE_LEAKED": _certificate_leaked,
    "NO_CREDENTIAL_NEEDED": _no_credential_needed,
    "ANY_UID": _any_uid,
    "ODD_UID_SIGNED": _odd_uid,
    "WRONG_USER": _wrong_user,
    "WRONG_CHANNEL": _wrong_channel,
    "UID_NOT_RETURNED": _uid_not_returned,
    "FEW_RANDOM_UIDS": _few_random_uids,
    **{
        code: partial(_roles, code)
        for code in ("ALWAYS_PUBLISHER", "PUBLISHER_BY_DEFAULT", "TRUTHY_TEXT_PUBLISHES", "NEVER_PUBLISHER")
    },
    **{code: partial(_times, code) for code in dict.fromkeys(_TIME_REASONS.values())},
    "CALLER_SETS_LIFETIME": _caller_sets_lifetime,
    "CHANNEL_NOT_CHECKED": _channel_not_checked,
    "WILDCARD_SIGNED": _wildcard,
    "WRONG_SIGNATURE": _wrong_signature,
    "CLOCK_OFF": _clock_off,
    "RTC_TOKEN_LOGS_IN": _rtc_token_logs_in,
    "ANY_ORIGIN": partial(_origins, "ANY_ORIGIN"),
    "ORIGIN_ECHOED": partial(_origins, "ORIGIN_ECHOED"),
    "CACHEABLE": _cacheable,
    "TOKEN_BY_GET": _token_by_get,
    "CRASHES_ON_BAD_INPUT": _crashes,
    "STACK_TRACE_SHOWN": _stack_trace,
    "ERROR_AS_200": _error_as_200,
    "SAME_TOKEN_TWICE": _same_token_twice,
    "NO_RATE_LIMIT_SEEN": _no_rate_limit_seen,
    "OLD_FORMAT": _old_format,
    "PLAIN_HTTP": _plain_http,
}


def exchange_of(probe: Probe, values: Mapping[str, Value], reply: Reply) -> Exchange:
    """Return an exchange with what its tokens grant."""
    names = [str(value) for value in values.values()]
    return Exchange(probe, values, reply, grants_of(reply, names))
