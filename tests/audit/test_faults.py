"""Each fault of a server is found by its code, and nothing else is."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

import pytest

from agora_helpers.audit import CODES, audit
from agora_helpers.tokens import v006, v007
from agora_helpers.tokens.services import RtcService
from tests.audit.servers import (
    ALL,
    HEADERS,
    JOIN,
    KEY,
    LIFETIME,
    NO_UID,
    PAIR,
    TEMPLATE,
    USER,
    Server,
    random_uid,
    rtc_006,
    rtm_006,
    rtm_007,
    strict_channel,
    strict_lifetime,
    strict_publisher,
    strict_uid,
    strict_user,
)
from tests.support import DEMO


@dataclass
class Fault:
    """A server with one fault, and the codes to find."""

    codes: set[str]
    server: Callable[[], Server]
    json_body: str | None = TEMPLATE
    path: str = "/rtc"
    options: dict[str, Any] = field(default_factory=dict)


def sign(times: Callable[[int], tuple[int, int, int]]) -> Callable[[str, str, bool, int], str]:
    """A 007 signer with its own times: of issue, of the token, and of the privileges."""

    def rtc(channel: str, uid: str, publish: bool, lifetime: int) -> str:
        issued_at, expire, privileges = times(lifetime)
        service = RtcService(channel, uid, dict.fromkeys(ALL if publish else JOIN, privileges))
        return v007.encode(*PAIR, [service], issued_at=issued_at, expire=expire)

    return rtc


def sign_006(end: Callable[[int], int], ts: Callable[[], int] = lambda: now() + 86400) -> Callable[..., str]:
    def rtc(channel: str, uid: str, publish: bool, lifetime: int) -> str:
        ends = dict.fromkeys(ALL if publish else JOIN, end(lifetime))
        return v006.encode(*PAIR, channel, uid, ends, ts=ts())

    return rtc


def now() -> int:
    return int(time.time())


def lenient(value: Any) -> str:
    """A uid as parseInt and a template string leave it."""
    try:
        number = int(float(value))
    except (TypeError, ValueError):
        return "NaN"
    if not number:
        raise ValueError("uid is falsy")
    return str(number)


def odd(value: Any) -> str:
    if value in (None, "", 0, "*"):
        raise ValueError("uid is missing")
    return lenient(value)


def any_channel(value: Any) -> str:
    channel = str(value)
    if "*" in channel:
        raise ValueError("no wildcards")
    return channel


def with_star(check: Callable[[Any], str]) -> Callable[[Any], str]:
    return lambda value: "*" if value == "*" else check(value)


def zero_or_strict(value: Any) -> str:
    return "" if value in (None, 0, "") else strict_uid(value)


def cycling(*values: str) -> Callable[[Any], str]:
    sequence: Iterator[str] = cycle(values)
    return lambda value: next(sequence)


def ignore_limits(value: Any) -> int:
    return LIFETIME if value is None else int(value)


def from_get(**habits: Any) -> Server:
    """A server for GET, where everything arrives as a string."""
    return Server(
        uid=lambda value: strict_uid(int(value)),
        lifetime=lambda value: strict_lifetime(int(value)),
        **{"publisher": lambda value: value == "true", **habits},
    )


GET = "/rtc?channel={channel}&uid={uid}&isPublisher={publisher}&expiresIn={expires_in}"
TRACE = b"Traceback (most recent call last):\n  File \"app.py\", line 7, in token\nKeyError: 'channel'"
NODE_TRACE = b"<pre>TypeError: no<br> &nbsp; &nbsp;at /srv/app/server.js:31:31</pre>"
BLANK_TRACE = b"<pre>TypeError: no<br> &nbsp; &nbsp;at build (/srv/my app (2)/token.js:31:31)</pre>"

FAULTS: dict[str, Fault] = {
    "honest": Fault(set(), Server),
    "honest, chooses uids": Fault(set(), lambda: Server(uid=random_uid), NO_UID),
    "honest, messaging": Fault(set(), Server, USER, "/rtm"),
    "honest, uid for the account": Fault(set(), Server, '{"channel": "{channel}", "uid": {uid}}'),
    "no key": Fault({"NO_CREDENTIAL_NEEDED"}, lambda: Server(key="")),
    "no key, no headers": Fault({"NO_CREDENTIAL_NEEDED"}, lambda: Server(key=""), options={"headers": None}),
    "uid 0": Fault({"ANY_UID"}, lambda: Server(uid=zero_or_strict)),
    "always uid 0": Fault({"ANY_UID"}, lambda: Server(uid=lambda value: ""), NO_UID),
    "parseInt": Fault({"ODD_UID_SIGNED"}, lambda: Server(uid=odd)),
    "odd RTM user": Fault(
        {"ODD_UID_SIGNED"}, lambda: Server(user=lambda value: str(value or "").strip("*")), USER, "/rtm"
    ),
    "another user": Fault({"WRONG_USER"}, lambda: Server(uid=lambda value: str(int(strict_uid(value)) + 1))),
    "another user, 006": Fault(
        {"WRONG_USER", "OLD_FORMAT"}, lambda: Server(rtc=lambda channel, uid, *rest: rtc_006(channel, uid + "1", *rest))
    ),
    "another RTM user": Fault({"WRONG_USER"}, lambda: Server(rtm=lambda user: rtm_007(user.upper())), USER, "/rtm"),
    "another channel": Fault({"WRONG_CHANNEL"}, lambda: Server(channel=lambda value: strict_channel(value).upper())),
    "another channel, 006": Fault(
        {"WRONG_CHANNEL", "OLD_FORMAT"}, lambda: Server(rtc=lambda channel, *rest: rtc_006(channel + "x", *rest))
    ),
    "uid not returned": Fault(
        {"UID_NOT_RETURNED"},
        lambda: Server(uid=random_uid, reply=lambda values: json.dumps({"token": values["token"]}).encode()),
        NO_UID,
    ),
    "uid not returned, plain text": Fault(
        {"UID_NOT_RETURNED"}, lambda: Server(uid=random_uid, reply=lambda values: values["token"].encode()), NO_UID
    ),
    "uid not returned, 006": Fault(
        {"UID_NOT_RETURNED", "OLD_FORMAT"},
        lambda: Server(uid=random_uid, rtc=rtc_006, reply=lambda values: values["token"].encode()),
        NO_UID,
    ),
    "few uids": Fault({"FEW_RANDOM_UIDS"}, lambda: Server(uid=cycling(*map(str, range(1, 999)))), NO_UID),
    "0 among the uids": Fault(
        {"FEW_RANDOM_UIDS"}, lambda: Server(uid=cycling("1234567890", "", "2034567890", "1734567890")), NO_UID
    ),
    "one uid for all": Fault(
        {"FEW_RANDOM_UIDS", "NO_CREDENTIAL_NEEDED"},
        lambda: Server(key="", uid=lambda value: "7"),
        NO_UID,
        options={"headers": None},
    ),
    "always publisher": Fault({"ALWAYS_PUBLISHER"}, lambda: Server(publisher=lambda value: True)),
    "publisher by default": Fault(
        {"PUBLISHER_BY_DEFAULT"},
        lambda: Server(publisher=lambda value: True if value is None else strict_publisher(value)),
    ),
    "publisher without a role": Fault(
        {"PUBLISHER_BY_DEFAULT"},
        lambda: Server(publisher=lambda value: True),
        '{"channel": "{channel}", "uid": {uid}}',
    ),
    "truthy": Fault({"TRUTHY_TEXT_PUBLISHES"}, lambda: Server(publisher=bool)),
    "truthy, by GET": Fault({"TRUTHY_TEXT_PUBLISHES", "TOKEN_BY_GET"}, lambda: from_get(publisher=bool), None, GET),
    "never publisher": Fault({"NEVER_PUBLISHER"}, lambda: Server(publisher=lambda value: False)),
    "time as duration": Fault(
        {"TIME_AS_DURATION"}, lambda: Server(rtc=sign(lambda lifetime: (now(), now() + lifetime, now() + lifetime)))
    ),
    "duration as time": Fault(
        {"DURATION_AS_TIME", "OLD_FORMAT"}, lambda: Server(rtc=sign_006(lambda lifetime: lifetime))
    ),
    "expired at issue": Fault(
        {"EXPIRED_AT_ISSUE", "OLD_FORMAT"}, lambda: Server(rtc=sign_006(lambda lifetime: now() - lifetime))
    ),
    "a week": Fault({"LIFETIME_OVER_24_HOURS"}, lambda: Server(lifetime=lambda value: 604_800)),
    "milliseconds": Fault({"LIFETIME_OVER_24_HOURS"}, lambda: Server(lifetime=lambda value: 600_000)),
    "a week, 006": Fault(
        {"LIFETIME_OVER_24_HOURS", "OLD_FORMAT"}, lambda: Server(rtc=sign_006(lambda lifetime: now() + 604_800))
    ),
    "half a minute": Fault({"LIFETIME_TOO_SHORT"}, lambda: Server(lifetime=lambda value: 30)),
    "privileges without end": Fault(
        {"PRIVILEGE_WITHOUT_END"}, lambda: Server(rtc=sign(lambda lifetime: (now(), lifetime, 0)))
    ),
    "unequal ends": Fault(
        {"UNEQUAL_ENDS"}, lambda: Server(rtc=sign(lambda lifetime: (now(), lifetime, lifetime // 2)))
    ),
    "caller sets lifetime": Fault({"CALLER_SETS_LIFETIME"}, lambda: Server(lifetime=ignore_limits)),
    "caller sets lifetime, 006": Fault(
        {"CALLER_SETS_LIFETIME", "OLD_FORMAT"}, lambda: Server(rtc=rtc_006, lifetime=ignore_limits)
    ),
    "any channel": Fault({"CHANNEL_NOT_CHECKED"}, lambda: Server(channel=any_channel)),
    "channel *": Fault({"WILDCARD_SIGNED"}, lambda: Server(channel=with_star(strict_channel))),
    "channel *, 006": Fault(
        {"WILDCARD_SIGNED", "OLD_FORMAT"}, lambda: Server(channel=with_star(strict_channel), rtc=rtc_006)
    ),
    "uid *": Fault({"WILDCARD_SIGNED"}, lambda: Server(uid=with_star(strict_uid))),
    "user *": Fault({"WILDCARD_SIGNED"}, lambda: Server(user=with_star(strict_user)), USER, "/rtm"),
    "another certificate": Fault(
        {"WRONG_SIGNATURE"},
        lambda: Server(
            rtc=lambda channel, uid, publish, lifetime: v007.encode(
                DEMO.app_id,
                "0" * 32,
                [RtcService(channel, uid, dict.fromkeys(ALL if publish else JOIN, lifetime))],
                issued_at=now(),
                expire=lifetime,
            )
        ),
    ),
    "another project": Fault(
        {"WRONG_SIGNATURE"},
        lambda: Server(
            rtc=lambda channel, uid, publish, lifetime: v007.encode(
                "0" * 32,
                DEMO.app_certificate,
                [RtcService(channel, uid, dict.fromkeys(ALL if publish else JOIN, lifetime))],
                issued_at=now(),
                expire=lifetime,
            )
        ),
    ),
    "clock ahead": Fault({"CLOCK_OFF"}, lambda: Server(rtc=sign(lambda lifetime: (now() + 7200, lifetime, lifetime)))),
    "clock behind": Fault({"CLOCK_OFF"}, lambda: Server(rtc=sign(lambda lifetime: (now() - 7200, lifetime, lifetime)))),
    "clock behind, 006": Fault(
        {"CLOCK_OFF", "OLD_FORMAT"},
        lambda: Server(rtc=sign_006(lambda lifetime: now() - 7200 + lifetime, lambda: now() - 7200 + 86400)),
    ),
    "006 for any uid": Fault(
        {"ANY_UID", "RTC_TOKEN_LOGS_IN", "OLD_FORMAT"}, lambda: Server(uid=zero_or_strict, rtc=rtc_006)
    ),
    "certificate in the body": Fault(
        {"CERTIFICATE_LEAKED"},
        lambda: Server(reply=lambda values: json.dumps({**values, "debug": [DEMO.app_certificate]}).encode()),
    ),
    "certificate in a header": Fault(
        {"CERTIFICATE_LEAKED"},
        lambda: Server(headers={"cache-control": "no-store", "x-debug": DEMO.app_certificate.upper()}),
    ),
    "certificate in base64": Fault(
        {"CERTIFICATE_LEAKED"},
        lambda: Server(error=(400, b"Basic " + base64.b64encode(DEMO.app_certificate.encode()))),
    ),
    "certificate in an error": Fault(
        {"CERTIFICATE_LEAKED"}, lambda: Server(error=(400, f"secret={DEMO.app_certificate}".encode()))
    ),
    "any origin": Fault({"ANY_ORIGIN"}, lambda: Server(cors=lambda origin: "*")),
    "origin echoed": Fault({"ORIGIN_ECHOED"}, lambda: Server(cors=lambda origin: origin)),
    "one origin": Fault(set(), lambda: Server(cors=lambda origin: "https://app.example")),
    "cacheable": Fault({"CACHEABLE"}, lambda: Server(headers={})),
    "cacheable for a minute": Fault({"CACHEABLE"}, lambda: Server(headers={"cache-control": "max-age=60"})),
    "by GET": Fault({"TOKEN_BY_GET"}, from_get, None, GET),
    "crashes": Fault({"CRASHES_ON_BAD_INPUT"}, lambda: Server(error=(500, b"Internal Server Error"))),
    "stack trace": Fault({"STACK_TRACE_SHOWN"}, lambda: Server(error=(400, TRACE))),
    "stack trace of Express": Fault({"STACK_TRACE_SHOWN"}, lambda: Server(error=(400, NODE_TRACE))),
    "stack trace in a folder with a blank": Fault({"STACK_TRACE_SHOWN"}, lambda: Server(error=(400, BLANK_TRACE))),
    "errors as 200": Fault({"ERROR_AS_200"}, lambda: Server(error=(200, b'{"error": "bad request"}'))),
    "same salt": Fault(
        {"SAME_TOKEN_TWICE"},
        lambda: Server(
            rtc=lambda channel, uid, publish, lifetime: v007.encode(
                *PAIR,
                [RtcService(channel, uid, dict.fromkeys(ALL if publish else JOIN, lifetime))],
                issued_at=now(),
                expire=lifetime,
                salt=1,
            )
        ),
    ),
    "no rate limit": Fault({"NO_RATE_LIMIT_SEEN"}, lambda: Server(limit=1000)),
    "old format": Fault({"OLD_FORMAT"}, lambda: Server(rtc=rtc_006)),
    "old format, messaging": Fault({"OLD_FORMAT"}, lambda: Server(rtm=rtm_006), USER, "/rtm"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_and_nothing_else(name: str) -> None:
    fault = FAULTS[name]
    options = {"headers": HEADERS, "credentials": DEMO, **fault.options}
    report = audit(fault.server(), fault.path, json_body=fault.json_body, **options)
    assert {finding.code: finding.evidence for finding in report.findings}.keys() == fault.codes, str(report)
    assert report.requests <= 60
    assert {*report.passed} | fault.codes | {*report.not_checked} == {*CODES}
    shown = f"{report}{report.to_markdown()}{report._repr_html_()}{report!r}{json.dumps(report.to_dict())}".lower()
    assert KEY.lower() not in shown
    assert DEMO.app_certificate.lower() not in shown
    assert DEMO.app_id[3:].lower() not in shown


def test_every_code_is_provoked() -> None:
    """``PLAIN_HTTP`` takes a network: see ``test_client``."""
    assert set().union(*(fault.codes for fault in FAULTS.values())) | {"PLAIN_HTTP"} == {*CODES}
