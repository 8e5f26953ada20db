"""Tokens built on either side are read on the other: Agora's own packages, and those that others publish."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from agora_token_builder import RtcTokenBuilder, RtmTokenBuilder
from hypothesis import given
from hypothesis import strategies as st

from agora_helpers import (
    RtcService,
    RtmService,
    build_chat_app_token,
    build_chat_token,
    build_convoai_token,
    build_rtc_rtm_token,
    build_rtc_token,
    build_rtm_token,
    build_token,
    decode,
    verify,
)
from agora_helpers.constants import NAME_ALPHABET, RoleName, TokenVersion
from agora_helpers.server.app import TokenServer
from tests.support import DEMO, NOW, ROOT, payload

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # agoraiotools imports its own deprecated modules
    from agoraiotools import AccessToken2, RtcTokenBuilder2, ServiceRtc, ServiceRtm

PAIR = (DEMO.app_id, DEMO.app_certificate)
PEERS = ROOT / "tests/peers"
names = st.text(NAME_ALPHABET, min_size=1, max_size=63)
uids = st.integers(1, 2**32 - 1)
uint32 = st.integers(0, 2**32 - 1)


@given(names, uids, st.sampled_from([("publisher", 1), ("subscriber", 2)]), st.integers(60, 86_000))
def test_agora_token_builder_makes_the_same_token(
    channel: str, uid: int, role: tuple[RoleName, int], lifetime: int
) -> None:
    ends = int(time.time()) + lifetime
    theirs = RtcTokenBuilder.buildTokenWithUid(*PAIR, channel, uid, role[1], ends)
    seen = decode(theirs)
    assert seen.ts is not None
    now = seen.ts - 86_400
    options: dict[str, Any] = {"expires_in": ends - now, "version": "006", "now": now, "salt": seen.salt}
    options["allow_placeholder_names"] = True
    assert build_rtc_token(DEMO, channel, uid=uid, role=role[0], **options) == theirs
    assert verify(theirs, DEMO, channel=channel, uid=uid).ok


def test_agora_token_builder_for_rtm() -> None:
    theirs = RtmTokenBuilder.buildToken(*PAIR, "alice", 1, NOW + 3600)
    assert verify(theirs, DEMO, user="alice", now=NOW).ok


@given(names, uids, names, st.integers(1, 86_400), uint32, uint32)
def test_agoraiotools_makes_the_same_payload(
    channel: str, uid: int, user: str, lifetime: int, now: int, salt: int
) -> None:
    theirs = AccessToken2(*PAIR, issue_ts=now or 1, expire=lifetime)
    theirs._AccessToken__salt = salt
    theirs._AccessToken__issue_ts = now
    rtc = ServiceRtc(channel, uid)
    for number in (1, 2, 3, 4):
        rtc.add_privilege(number, lifetime)
    rtm = ServiceRtm(user)
    rtm.add_privilege(1, lifetime)
    theirs.add_service(rtc)
    theirs.add_service(rtm)
    both = (RtcService(channel, uid, (1, 2, 3, 4)), RtmService(user))
    ours = build_token(DEMO, both, expires_in=lifetime, allow_placeholder_names=True, now=now, salt=salt)
    assert payload(ours) == payload(theirs.build())


def test_agoraiotools_reads_ours_and_we_read_theirs() -> None:
    theirs = RtcTokenBuilder2.build_token_with_uid(*PAIR, "lobby", 7, 1, 600, 600)
    assert verify(theirs, DEMO, channel="lobby", uid=7).ok
    seen = AccessToken2()
    assert seen.from_string(build_rtc_token(DEMO, "lobby", uid=7, expires_in=600))
    assert seen._AccessToken__expire == 600


def node(requests: list[dict[str, Any]]) -> list[Any]:
    """The answers of Agora's npm packages."""
    if not shutil.which("node") or not (PEERS / "node_modules/agora-token").is_dir():
        pytest.skip("Agora's npm packages are not installed: install Node.js and npm, then `make test`")
    process = subprocess.run(
        ["node", "peer.js"], cwd=PEERS, input=json.dumps(requests), capture_output=True, text=True, encoding="utf-8"
    )
    assert process.returncode == 0, process.stderr
    answers: list[Any] = json.loads(process.stdout)
    return answers


CASES: list[dict[str, Any]] = [
    {"channel": channel, "uid": uid, "role": role}
    for channel in ("lobby", "a b!#$%&()+-:;<=.>?@[]^_{}|~,z", "x" * 63)
    for uid in ("1", "4294967295", "alice", "0")
    for role in (1, 2)
] + [{"user": user} for user in ("alice", "7", "u" * 64)]


@pytest.mark.parametrize("version", ["006", "007"])
def test_we_verify_what_agoras_npm_packages_build(version: TokenVersion) -> None:
    common = {"version": version, "appId": PAIR[0], "certificate": PAIR[1], "expiresAt": NOW + 600, "lifetime": 600}
    tokens = node([common | case for case in CASES])
    for case, token in zip(CASES, tokens, strict=True):
        now = NOW if version == "006" else decode(token).issued_at
        who = {"user": case["user"]} if "user" in case else {"channel": case["channel"], "account": case["uid"]}
        verdict = verify(token, DEMO, now=now, **who)
        assert verdict.ok and not verdict.reasons, (case, verdict.reasons)
        numbers = sorted(verdict.token.services[0].privileges) if verdict.token else []
        if "role" in case:
            assert numbers == ([1, 2, 3, 4] if case["role"] == 1 else [1])


def test_agoras_npm_package_reads_and_verifies_our_007() -> None:
    tokens = [build_rtc_token(DEMO, case["channel"], account=case["uid"], expires_in=600) for case in CASES[:-3]]
    tokens += [build_rtm_token(DEMO, case["user"], expires_in=600) for case in CASES[-3:]]
    answers = node([{"version": "007", "token": token, "certificate": PAIR[1]} for token in tokens])
    for case, answer in zip(CASES, answers, strict=True):
        assert answer["parsed"] and answer["verified"] and answer["expire"] == 600
        (service,) = answer["services"]
        assert service["privileges"] == {"1": 600}
        assert (service.get("channel"), service.get("uid"), service.get("user")) == (
            case.get("channel"),
            case.get("uid"),
            case.get("user"),
        )
    (wrong,) = node([{"version": "007", "token": tokens[0], "certificate": "0" * 32}])
    assert wrong["parsed"] and not wrong["verified"]


def test_agoras_npm_package_and_we_build_the_same_tokens_of_several_kinds() -> None:
    """The same payload but for salt and time, which Agora's package chooses."""
    kinds: list[tuple[dict[str, Any], Callable[..., str]]] = [
        ({"kind": "chat", "user": "a.b-c_9"}, partial(build_chat_token, DEMO, "a.b-c_9")),
        ({"kind": "chat"}, partial(build_chat_app_token, DEMO)),
        (
            {"kind": "both", "channel": "lobby", "uid": "7", "role": 1},
            partial(build_rtc_rtm_token, DEMO, "lobby", uid=7, role="publisher"),
        ),
        (
            {"kind": "both", "channel": "a b!#$%&()", "uid": "alice", "role": 2},
            partial(build_rtc_rtm_token, DEMO, "a b!#$%&()", account="alice"),
        ),
        ({"kind": "convoai", "channel": "lobby", "uid": "1001"}, partial(build_convoai_token, DEMO, "lobby", uid=1001)),
    ]
    common = {"appId": PAIR[0], "certificate": PAIR[1], "lifetime": 600}
    for (_, build), theirs in zip(kinds, node([common | request for request, _ in kinds]), strict=True):
        seen = decode(theirs)
        assert payload(build(expires_in=600, now=seen.issued_at, salt=seen.salt)) == payload(theirs)
    ours = [build(expires_in=600) for _, build in kinds]
    for answer in node([{"version": "007", "token": token, "certificate": PAIR[1]} for token in ours]):
        assert answer["parsed"] and answer["verified"] and answer["expire"] == 600


def test_agoras_npm_package_reads_our_006_and_makes_it_again() -> None:
    requests = []
    for case in CASES:
        token = (
            build_rtm_token(DEMO, case["user"], version="006", now=NOW)
            if "user" in case
            else build_rtc_token(DEMO, case["channel"], account=case["uid"], version="006", now=NOW)
        )
        channel, uid = case.get("channel", case.get("user")), case.get("uid", "")
        request = {"version": "006", "token": token, "appId": PAIR[0], "certificate": PAIR[1]}
        requests.append(request | {"channel": channel, "uid": uid})
    for case, answer in zip(CASES, node(requests), strict=True):
        assert answer["parsed"] and answer["verified"]
        assert answer["privileges"] == ({"1000": NOW + 3600} if "user" in case else {"1": NOW + 3600})


REQUESTS: list[tuple[str, dict[str, Any], list[int]]] = [
    ("/rtctoken", {"channel": "lobby", "isPublisher": True}, [1, 2, 3, 4]),
    ("/rtctoken", {"channel": "lobby"}, [1]),
    ("/rtctoken", {"channel": "lobby", "userAccount": "alice"}, [1]),
    ("/rtctoken", {"channel": "a b!#$%&()", "uid": 4_294_967_295, "expiresIn": 60}, [1]),
    ("/rtmtoken", {"user": "alice"}, []),
]


@pytest.mark.parametrize("version", ["006", "007"])
def test_agoras_npm_packages_verify_what_the_token_server_answers(version: TokenVersion) -> None:
    """As an app gets them: over HTTP, with the clock's time, a random salt and a random uid."""
    with TokenServer(DEMO, max_expires_in=86_400) as server:
        answers = [server.client.post(path, json=body | {"version": version}).json() for path, body, _ in REQUESTS]
    common = {"version": version, "appId": PAIR[0], "certificate": PAIR[1]}
    requests = [
        common
        | {"token": answer["token"], "channel": answer.get("channel", answer.get("user"))}
        | {"uid": str(answer.get("uid", answer.get("userAccount", "")))}
        for answer in answers
    ]
    login = 1000 if version == "006" else 1
    for (_, _, privileges), answer, request, seen in zip(REQUESTS, answers, requests, node(requests), strict=True):
        assert seen["parsed"] and seen["verified"]
        service = seen if version == "006" else seen["services"][0]
        assert sorted(map(int, service["privileges"])) == (privileges or [login])
        if version == "007":
            named = (service.get("channel"), service.get("uid", ""), service.get("user"))
            assert named == (answer.get("channel"), request["uid"], answer.get("user"))
            assert seen["expire"] == answer["expiresIn"]
    (damaged,) = node([requests[0] | {"certificate": "0" * 32}])
    assert not damaged["verified"]


def test_agoras_npm_package_verifies_the_servers_chat_token() -> None:
    with TokenServer(DEMO) as server:
        answer = server.client.post("/chattoken", json={"user": "alice"}).json()
    (seen,) = node([{"version": "007", "token": answer["token"], "certificate": PAIR[1]}])
    assert seen["parsed"] and seen["verified"]
    assert [(s["type"], s["user"], s["privileges"]) for s in seen["services"]] == [(5, "alice", {"1": 3600})]
