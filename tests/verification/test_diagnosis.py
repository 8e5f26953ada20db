"""The thirty failures that developers meet most, each answered by one route with exactly one diagnosis.

``verify`` reports what a token and the expected values show, ``repair`` what happened to the string, and
``explain_error`` what an SDK's message means. ``build`` and ``server`` reject what must never become a token.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from starlette.testclient import TestClient

from agora_helpers import Credentials, InputError, build_rtm_token, decode, explain_error, repair, verify
from agora_helpers.server.access import ANYONE
from agora_helpers.server.app import create_app
from agora_helpers.server.settings import Settings
from tests.support import DEMO, NOW
from tests.verification.samples import LOBBY, OTHER_SIGNER, lobby, rtc, rtm, sign_006, sign_007


class Failure(NamedTuple):
    number: int
    name: str
    route: str
    diagnose: Callable[[], object]
    diagnosis: object


def codes(token: str, signer: Credentials = DEMO, now: int = NOW + 60, **client: Any) -> list[str]:
    """The route ``verify``: the codes of all reasons, by default for uid 7 in the lobby."""
    return [reason.code.value for reason in verify(token, signer, now=now, **(client or LOBBY)).reasons]


def first_sentence(text: str) -> str:
    return text.partition(". ")[0].removesuffix(".") + "."


def meaning(text: str) -> str:
    """The route ``explain_error``: the first sentence of its best answer."""
    return first_sentence(explain_error(text)[0].meaning)


def build_error(**options: Any) -> str:
    """The route ``build``: the whole message."""
    with pytest.raises(InputError) as caught:
        rtc(**options)
    return str(caught.value)


def post(path: str, body: dict[str, Any]) -> Any:
    """The route ``server``."""
    return TestClient(create_app(Settings(credentials=DEMO, access=ANYONE))).post(path, json=body).json()


def server_error(body: dict[str, Any]) -> str:
    return first_sentence(post("/rtctoken", body)["error"]["message"])


def positional_arguments() -> str:
    with pytest.raises(TypeError) as caught:
        build_rtm_token(DEMO, "lobby", "alice", 3600)  # type: ignore[call-arg, arg-type]
    return str(caught.value)


def certificate_error(certificate: str) -> str:
    with pytest.raises(InputError) as caught:
        Credentials(DEMO.app_id, certificate)
    return first_sentence(str(caught.value))


def certificate_is_shown() -> bool:
    with pytest.raises(TypeError):
        pickle.dumps(DEMO)
    output = f"{DEMO!r} {DEMO} {[DEMO]}" + build_error(role="x") + str(post("/rtctoken", {"channel": 7}))
    return DEMO.app_certificate in output


def users_of_two_requests() -> list[str]:
    tokens = [post("/rtmtoken", {"user": user})["token"] for user in ("alice", "bob")]
    post("/rtmtoken", {"user": 7})  # fails, and must not leave a token behind
    return [decode(token).services[0].user for token in tokens]  # type: ignore[union-attr]


def is_repaired(token: str, damaged: str) -> bool:
    repaired = repair(damaged)
    return repaired.token == token and len(repaired.repairs) == 1


def with_plus() -> str:
    return next(token for salt in range(1, 99) if "+" in (token := rtc(version="006", salt=salt)))


FAILURES = [
    Failure(1, "another uid at join", "verify", lambda: codes(rtc(), channel="lobby", uid=8), ["UID_MISMATCH"]),
    Failure(
        2,
        "certificate enabled, no token sent",
        "explain_error",
        lambda: meaning("dynamic use static key"),
        "The project requires a token, and the client sent none.",
    ),
    Failure(
        3,
        "App ID wrong or inactive",
        "explain_error",
        lambda: meaning("can not find appid"),
        "Agora does not accept this App ID.",
    ),
    Failure(4, "RTC token used for RTM", "verify", lambda: codes(rtc(), user="7"), ["NO_RTM_SERVICE"]),
    Failure(
        5,
        "duration as a time, in 006",
        "verify",
        lambda: codes(sign_006("lobby", "7", {1: 3600})),
        ["DURATION_AS_TIME"],
    ),
    Failure(
        5,
        "time as a duration, in 007",
        "verify",
        lambda: codes(sign_007(lobby({1: NOW + 3600}), expire=NOW + 3600)),
        ["TIME_AS_DURATION"],
    ),
    Failure(
        6,
        "a time in milliseconds",
        "build",
        lambda: build_error(expires_in=NOW * 1000),
        "expires_in: is more than 86400 seconds (24 hours). This looks like a point in time in milliseconds. "
        "Pass a duration in seconds: 3600 is one hour.",
    ),
    Failure(
        6,
        "a duration in milliseconds",
        "verify",
        lambda: codes(sign_007(lobby({1: 3_600_000}), expire=3_600_000)),
        ["MILLISECONDS"],
    ),
    Failure(7, "account for uid", "verify", lambda: codes(rtc(uid=None, account="alice")), ["WRONG_KIND_OF_USER"]),
    Failure(8, "channel differs in case", "verify", lambda: codes(rtc(), channel="Lobby", uid=7), ["CHANNEL_MISMATCH"]),
    Failure(
        9,
        "privileges left at 0: no callbacks",
        "verify",
        lambda: codes(sign_007(lobby({1: 0, 2: 0}), expire=3600)),
        ["PRIVILEGE_WITHOUT_END"],
    ),
    Failure(10, "expired token used again", "verify", lambda: codes(rtc(), now=NOW + 3600), ["EXPIRED"]),
    Failure(
        11,
        "longer than 24 hours",
        "verify",
        lambda: codes(sign_007(lobby({1: 90_001}), expire=90_001)),
        ["LIFETIME_OVER_24_HOURS"],
    ),
    Failure(
        12,
        "expiry computed once at startup",
        "build",
        lambda: build_error(expires_in=NOW + 3600),
        "expires_in: is more than 86400 seconds (24 hours). This looks like a point in time (Unix seconds). "
        "Pass a duration: 3600 is one hour from now.",
    ),
    Failure(
        13,
        "subscriber still publishes",
        "explain_error",
        lambda: explain_error("subscriber can still publish")[0].causes,
        ("Co-host authentication is not enabled for the project, so a subscriber's token can publish.",),
    ),
    Failure(
        14,
        "unknown role",
        "build",
        lambda: build_error(role="host"),
        'role: is not a role that Agora knows. Use "publisher" (sends and receives) or "subscriber" (receives).',
    ),
    Failure(
        15,
        'isPublisher "false"',
        "server",
        lambda: server_error({"channel": "a", "isPublisher": "false"}),
        "isPublisher: must be true or false, not a string.",
    ),
    Failure(
        16,
        "007 with an old SDK",
        "explain_error",
        lambda: explain_error("invalid token, authorized failed")[0].causes[-1],
        "The SDK is too old for a 007 token (RTC before native 3.5.2 or Web 4.8.0).",
    ),
    Failure(
        17,
        "arguments in another order",
        "build",
        positional_arguments,
        "build_rtm_token() takes 2 positional arguments but 4 were given",
    ),
    Failure(
        18,
        "certificate with a line break",
        "build",
        lambda: certificate_error(DEMO.app_certificate + "\n"),
        "app_certificate: has spaces or a line break around it.",
    ),
    Failure(19, "+ became a space", "repair", lambda: is_repaired(with_plus(), with_plus().replace("+", " ")), True),
    Failure(
        20,
        "blocked by the browser",
        "explain_error",
        lambda: meaning("blocked by CORS policy"),
        "The browser does not let the page read the response of another server.",
    ),
    Failure(
        21,
        'uid "0" from a URL',
        "verify",
        lambda: codes(sign_007(lobby({1: 600}, uid="0"))),
        ["ACCOUNT_ZERO", "UID_MISMATCH"],
    ),
    Failure(
        22,
        "uid of more than 32 bits",
        "build",
        lambda: build_error(uid=2**32),
        "uid: does not fit into 32 bits. A uid is 1 to 4294967295 (32 bits); use a user account for larger ids.",
    ),
    Failure(
        22, "negative uid from Java", "server", lambda: server_error({"channel": "a", "uid": -7}), "uid: is negative."
    ),
    Failure(
        23,
        "time as a float",
        "build",
        lambda: first_sentence(build_error(now=NOW + 0.5)),
        "now: must be an integer (int), not float.",
    ),
    Failure(24, "the certificate leaks", "build", certificate_is_shown, False),
    Failure(25, "another user's token", "server", users_of_two_requests, ["alice", "bob"]),
    Failure(
        26,
        "Signaling not enabled",
        "explain_error",
        lambda: meaning("RTM login failed -10015"),
        "The project may not use RTM (Signaling).",
    ),
    Failure(27, "an old DynamicKey", "verify", lambda: codes("005abc"), ["MALFORMED"]),
    Failure(28, "certificate deleted in a rotation", "verify", lambda: codes(rtc(), OTHER_SIGNER), ["WRONG_SIGNATURE"]),
    Failure(29, "the server's clock is wrong", "verify", lambda: codes(rtc(now=NOW + 7200)), ["ISSUED_IN_FUTURE"]),
    Failure(
        30, "a recorder with another's token", "verify", lambda: codes(rtc(), channel="lobby", uid=99), ["UID_MISMATCH"]
    ),
]


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: f"{failure.number} {failure.name}")
def test_each_failure_has_exactly_its_diagnosis(failure: Failure) -> None:
    assert failure.diagnose() == failure.diagnosis


def test_an_old_dynamic_key_is_called_by_its_name() -> None:
    assert "DynamicKey" in verify("005abc", DEMO).format.detail


def test_all_thirty_failures_are_there() -> None:
    assert sorted({failure.number for failure in FAILURES}) == list(range(1, 31))


def test_every_route_is_taken() -> None:
    assert {failure.route for failure in FAILURES} == {"verify", "explain_error", "repair", "build", "server"}


@pytest.mark.parametrize("version", ["006", "007"])
@pytest.mark.parametrize("client", [{"uid": 7}, {"uid": None, "account": "alice"}])
def test_a_healthy_rtc_token_has_no_diagnosis(client: dict[str, Any], version: str) -> None:
    assert codes(rtc(version=version, **client), channel="lobby", **client) == []


@pytest.mark.parametrize("version", ["006", "007"])
def test_a_healthy_rtm_token_has_no_diagnosis(version: str) -> None:
    assert codes(rtm(version=version), user="alice") == []
