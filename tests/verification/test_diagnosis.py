"""The thirty failures that developers meet most, each answered by one route.

``verify`` says what a token and the expected values show, ``repair`` what happened to the text, ``explain_error`` what
an SDK's message means; ``build`` and ``server`` refuse what must never become a token.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from agora_helpers import (
    Credentials,
    InputError,
    RtcService,
    build_rtc_token,
    build_rtm_token,
    decode,
    explain_error,
    repair,
    verify,
)
from agora_helpers.constants import TokenVersion
from agora_helpers.server.app import create_app
from agora_helpers.server.settings import Settings
from agora_helpers.tokens import v006, v007
from tests.support import DEMO, NOW

PAIR = (DEMO.app_id, DEMO.app_certificate)
OTHER = Credentials(DEMO.app_id, "0123456789abcdef" * 2)


def rtc(**options: Any) -> str:
    return build_rtc_token(DEMO, "lobby", **{"uid": 7, "role": "publisher", "now": NOW, "salt": 1, **options})


def odd_007(privileges: dict[int, int], expire: int = 3600, issued_at: int = NOW, uid: str = "7") -> str:
    service = RtcService("lobby", uid, privileges)
    return v007.encode(*PAIR, [service], issued_at=issued_at, expire=expire, salt=1)


def found(token: str, credentials: Credentials = DEMO, now: int = NOW + 60, **expected: Any) -> list[str]:
    """The route ``verify``."""
    expected = expected or {"channel": "lobby", "uid": 7}
    return [reason.code.value for reason in verify(token, credentials, now=now, **expected).reasons]


def explained(text: str) -> str:
    """The route ``explain_error``: all that its first answer says."""
    first = explain_error(text)[0]
    return " ".join((first.name, first.meaning, *first.causes, *first.project_checks, *first.client_checks))


def refused(**options: Any) -> str:
    """The route ``build``."""
    with pytest.raises(InputError) as caught:
        rtc(**options)
    return str(caught.value)


def answered(path: str, body: dict[str, Any]) -> Any:
    """The route ``server``."""
    return TestClient(create_app(Settings(credentials=DEMO))).post(path, json=body).json()


def _argument_order() -> str:
    with pytest.raises(TypeError) as caught:
        build_rtm_token(DEMO, "lobby", "alice", 3600)  # type: ignore[call-arg, arg-type]
    return str(caught.value)


def _certificate(certificate: str) -> str:
    with pytest.raises(InputError) as caught:
        Credentials(DEMO.app_id, certificate)
    return str(caught.value)


def _leak() -> str:
    shown = f"{DEMO!r} {DEMO} {[DEMO]}" + refused(role="x") + str(answered("/rtctoken", {"channel": 7}))
    with pytest.raises(TypeError):
        pickle.dumps(DEMO)
    return "the certificate is shown" if DEMO.app_certificate in shown else "hidden"


def _two_users() -> str:
    first, second = (answered("/rtmtoken", {"user": user})["token"] for user in ("alice", "bob"))
    answered("/rtmtoken", {"user": 7})  # fails, and must not leave a token behind
    users = [decode(token).services[0].user for token in (first, second)]  # type: ignore[union-attr]
    return "each its own" if users == ["alice", "bob"] else "mixed up"


FAILURES: list[tuple[int, str, str, Callable[[], Any], Any]] = [
    (1, "uid at join differs from the token's", "verify", lambda: found(rtc(), channel="lobby", uid=8), "UID_MISMATCH"),
    (2, "certificate on, no token sent", "explain_error", lambda: explained("dynamic use static key"), "sent none"),
    (3, "App ID wrong or inactive", "explain_error", lambda: explained("can not find appid"), "App ID"),
    (4, "RTC token used for RTM", "verify", lambda: found(rtc(), user="7"), "NO_RTM_SERVICE"),
    (
        5,
        "duration as a time, in 006",
        "verify",
        lambda: found(v006.encode(*PAIR, "lobby", "7", {1: 3600}, ts=NOW + 86_400, salt=1)),
        "DURATION_AS_TIME",
    ),
    (
        5,
        "time as a duration, in 007",
        "verify",
        lambda: found(odd_007({1: NOW + 3600}, expire=NOW + 3600)),
        "TIME_AS_DURATION",
    ),
    (6, "a time in milliseconds", "build", lambda: refused(expires_in=NOW * 1000), "milliseconds"),
    (6, "a duration in milliseconds", "verify", lambda: found(odd_007({1: 3_600_000}, 3_600_000)), "MILLISECONDS"),
    (7, "account for uid", "verify", lambda: found(rtc(uid=None, account="alice")), "WRONG_KIND_OF_USER"),
    (8, "channel differs in case", "verify", lambda: found(rtc(), channel="Lobby", uid=7), "CHANNEL_MISMATCH"),
    (9, "privileges left at 0: no callbacks", "verify", lambda: found(odd_007({1: 0, 2: 0})), "PRIVILEGE_WITHOUT_END"),
    (10, "expired token used again", "verify", lambda: found(rtc(), now=NOW + 3600), "EXPIRED"),
    (11, "longer than 24 hours", "verify", lambda: found(odd_007({1: 90_001}, 90_001)), "LIFETIME_OVER_24_HOURS"),
    (12, "end computed once at start", "build", lambda: refused(expires_in=NOW + 3600), "Pass a duration"),
    (13, "subscriber still publishes", "explain_error", lambda: explained("subscriber can still publish"), "o-host"),
    (14, "role as another text", "build", lambda: refused(role="host"), "is not a role that Agora knows"),
    (
        15,
        'isPublisher "false"',
        "server",
        lambda: answered("/rtctoken", {"channel": "a", "isPublisher": "false"})["error"]["message"],
        "counts as true",
    ),
    (16, "007 with an old SDK", "explain_error", lambda: explained("invalid token, authorized failed"), "007"),
    (17, "arguments in another order", "build", _argument_order, "positional"),
    (18, "certificate with a line break", "build", lambda: _certificate(PAIR[1] + "\n"), "a line break around it"),
    (19, "+ became a space", "repair", lambda: repair(_with_plus().replace("+", " ")).repairs, "spaces in place of +"),
    (20, "blocked by the browser", "explain_error", lambda: explained("blocked by CORS policy"), "origin"),
    (21, 'uid "0" out of a URL', "verify", lambda: found(odd_007({1: 3600}, uid="0"), channel="lobby"), "ACCOUNT_ZERO"),
    (22, "uid beyond 32 bits", "build", lambda: refused(uid=2**32), "does not fit into 32 bits"),
    (22, "negative uid of Java", "server", lambda: str(answered("/rtctoken", {"channel": "a", "uid": -7})), "Java"),
    (23, "time as a float", "build", lambda: refused(now=NOW + 0.5), "whole seconds"),
    (24, "the certificate leaks", "build", _leak, "hidden"),
    (25, "another user's token", "server", _two_users, "each its own"),
    (26, "Signaling not enabled", "explain_error", lambda: explained("RTM login failed -10015"), "Signaling"),
    (27, "an old DynamicKey", "verify", lambda: verify("005abc", DEMO).format.detail, "old DynamicKey"),
    (28, "certificate deleted in a rotation", "verify", lambda: found(rtc(), OTHER), "WRONG_SIGNATURE"),
    (29, "the server's clock is wrong", "verify", lambda: found(rtc(now=NOW + 7200)), "ISSUED_IN_FUTURE"),
    (30, "a recorder with another's token", "verify", lambda: found(rtc(), channel="lobby", uid=99), "UID_MISMATCH"),
]


def _with_plus() -> str:
    return next(token for salt in range(1, 99) if "+" in (token := rtc(version="006", salt=salt)))


@pytest.mark.parametrize(("number", "failure", "route", "answer", "says"), FAILURES, ids=lambda value: str(value)[:30])
def test_each_failure_has_its_answer(number: int, failure: str, route: str, answer: Any, says: str) -> None:
    assert says in answer(), f"{number} {failure}: {route}"


def test_all_thirty_are_there() -> None:
    assert sorted({number for number, *_ in FAILURES}) == list(range(1, 31))
    assert {route for _, _, route, _, _ in FAILURES} == {"verify", "explain_error", "repair", "build", "server"}


def test_verify_finds_just_the_one_fault() -> None:
    for _, failure, route, answer, says in FAILURES:
        codes = answer() if route == "verify" else []
        if isinstance(codes, list) and codes:
            assert codes == [says], failure


@pytest.mark.parametrize("version", ["006", "007"])
def test_a_healthy_token_has_none(version: TokenVersion) -> None:
    assert found(rtc(version=version)) == []
    assert found(rtc(version=version, uid=None, account="alice"), channel="lobby", account="alice") == []
    assert found(build_rtm_token(DEMO, "alice", version=version, now=NOW), user="alice") == []
