"""No token outside a permit: every kind of permit with every kind of request, and the forgeries of version 006."""

from __future__ import annotations

import base64
import struct
import zlib
from collections import Counter
from itertools import product
from typing import Any

import pytest
from starlette.testclient import TestClient

from agora_helpers import ChatService, RtcService, RtmService, decode, verify
from agora_helpers.server.access import ANY, Permit
from agora_helpers.server.app import create_app
from agora_helpers.server.endpoints import ENDPOINTS
from agora_helpers.server.requests import Body, RequestError
from agora_helpers.server.settings import Settings
from agora_helpers.tokens.services import Service006
from tests.support import DEMO, NOW

IDENTITIES: tuple[dict[str, Any], ...] = (
    {"user": ANY},
    {"user": "alice"},
    {"uid": 7},
    {"uid": 7, "user": "alice"},
)
PERMITS = [
    Permit("caller", **identity, channels=channels, may_publish=may_publish, max_expires_in=limit)
    for identity, channels, may_publish, limit in product(
        IDENTITIES,
        (ANY, {"lobby"}, ()),
        (True, False),
        (None, 60),
    )
]
CLIENTS: tuple[Body, ...] = ({}, {"uid": 7}, {"uid": 8}, {"userAccount": "alice"}, {"userAccount": "bob"})
USERS: tuple[Body, ...] = ({}, {"user": "alice"}, {"user": "bob"})
CHANNELS: tuple[Body, ...] = ({"channel": "lobby"}, {"channel": "stage"})
ROLES: tuple[Body, ...] = ({}, {"isPublisher": True})
VERSIONS: tuple[Body, ...] = ({}, {"version": "006"}, {"version": "007"})
LIFETIMES: tuple[Body, ...] = ({}, {"expiresIn": 61}, {"expiresIn": 3601})
REQUESTS = {
    "/rtctoken": [CHANNELS, CLIENTS, ROLES, LIFETIMES, VERSIONS],
    "/rtmtoken": [USERS, LIFETIMES, VERSIONS],
    "/token": [CHANNELS, CLIENTS, USERS, ROLES, LIFETIMES],
    "/chattoken": [USERS, LIFETIMES],
}
PRIVILEGES = {1, 2, 3, 4}


def bodies(path: str) -> list[Body]:
    return [{name: value for part in parts for name, value in part.items()} for parts in product(*REQUESTS[path])]


def outside(permit: Permit, token: str) -> list[str]:
    """Return what a token allows and the permit does not, by the token alone."""
    decoded = decode(token)
    bound = permit.user is not ANY or permit.channels is not ANY
    if decoded.version == "006":
        return ["006"] if bound or any(service.name == "rtm" for service in decoded.services) else []
    problems = ["lifetime"] if decoded.expires_at - NOW > (permit.max_expires_in or 3600) else []
    client = permit.uid or permit.user
    user = permit.user or str(permit.uid)
    for service in decoded.services:
        assert not isinstance(service, Service006)
        if isinstance(service, RtcService):
            problems += ["channel"] if permit.channels is not ANY and service.channel not in permit.channels else []
            problems += ["client"] if client is not ANY and service.uid != str(client) else []
            problems += ["role"] if not permit.may_publish and set(service.privileges) & PRIVILEGES != {1} else []
        elif isinstance(service, RtmService | ChatService):
            problems += ["user"] if user is not ANY and service.user != user else []
            problems += ["app token"] if set(service.privileges) != {1} else []
        else:
            problems.append(service.name)
    return problems


@pytest.mark.parametrize("path", ENDPOINTS)
@pytest.mark.parametrize("default", ["007", "006"])
def test_no_token_is_outside_the_permit(path: str, default: Any) -> None:
    endpoint, issued = ENDPOINTS[path], Counter[Permit]()
    for permit in PERMITS:
        settings = Settings(credentials=DEMO, access=lambda headers: None, version=default, now=NOW, salt=1, uid=5)
        for body in bodies(path):
            try:
                answer = endpoint.answer(settings, endpoint.apply(settings, permit, body))
            except RequestError as error:
                assert error.status == 403 or error.code == "MISSING_FIELD"
            else:
                assert outside(permit, answer["token"]) == [], (permit, body)
                issued[permit] += 1
    without = [permit for permit in PERMITS if permit not in issued]
    assert without == (
        [] if "channel" not in endpoint.fields else [permit for permit in PERMITS if permit.channels == frozenset()]
    )


ALICE = Permit("alice", user="alice", channels=ANY, may_publish=True)
ROOM_1 = Permit("caller", user=ANY, channels={"room1"})
FORGERIES: list[tuple[Permit, Body, str, str, Body]] = [
    (Permit("a", user="alice", channels={"lobby"}), {"channel": "lobby"}, "lobbyalice", "", {"uid": 12_345}),
    (ROOM_1, {"channel": "room1", "uid": 23}, "room123", "", {"uid": 9}),
    (ROOM_1, {"channel": "room1", "uid": 23}, "room12", "3", {"uid": 3}),
    (ROOM_1, {"channel": "room1", "userAccount": "-secretbob"}, "room1-secret", "bob", {"account": "bob"}),
    (ALICE, {"channel": "x"}, "xalice", "", {"uid": 9}),
    (ALICE, {"channel": "roombob"}, "room", "bobalice", {"account": "bobalice"}),
    (Permit("a", uid=17, channels=ANY), {"channel": "room"}, "room1", "7", {"uid": 7}),
    (Permit("a", uid=17, channels={"room"}), {"channel": "room"}, "room17", "", {"account": "anyone"}),
]
"""A permit, a request that it allows, and the channel and client for which anyone can use a 006 token instead."""


def ask(permit: Permit, body: Body, **settings: Any) -> Any:
    return TestClient(create_app(Settings(credentials=DEMO, access=lambda headers: permit, now=NOW, **settings))).post(
        "/rtctoken", json=body
    )


@pytest.mark.parametrize(("permit", "body", "channel", "uid", "client"), FORGERIES)
def test_006_is_refused_where_a_permit_decides(
    permit: Permit, body: Body, channel: str, uid: str, client: Body
) -> None:
    for answer in (ask(permit, body | {"version": "006"}), ask(permit, body, version="006")):
        assert answer.status_code == 403
        error = answer.json()["error"]
        assert (error["code"], error["field"]) == ("FORBIDDEN", "version")
        assert "can exchange channel and client" in error["message"]
    assert ask(permit, body | {"version": "007"}, version="006").json()["token"].startswith("007")
    token = ask(permit, body | {"version": "006"}, allow_unbound_006=True).json()["token"]
    content = bytearray(base64.b64decode(token[35:]))
    content[34:42] = struct.pack("<II", zlib.crc32(channel.encode()), zlib.crc32(uid.encode()))
    forged = token[:35] + base64.b64encode(content).decode()
    assert verify(forged, DEMO, channel=channel, **client, now=NOW).ok, "which is why it is refused"


def test_a_policy_whose_user_has_no_value_is_not_the_clients_fault() -> None:
    permit = Permit("caller", user=str(None), channels=ANY)
    answer = ask(permit, {"channel": "lobby"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "INTERNAL_ERROR")
    assert ask(permit, {"channel": "lobby"}, allow_placeholder_names=True).status_code == 200


def test_006_is_issued_where_the_client_chooses_everything() -> None:
    anything = Permit("backend", user=ANY, channels=ANY)
    assert ask(anything, {"channel": "lobby", "version": "006"}).json()["token"].startswith("006")


@pytest.mark.parametrize(
    ("limits", "of_permit", "longest", "default"),
    [
        ({}, None, 3600, 3600),
        ({"max_expires_in": 600}, None, 600, 600),
        ({"max_expires_in": 86_400}, None, 86_400, 3600),
        ({"max_expires_in": 86_400}, 60, 60, 60),
        ({"max_expires_in": 60}, 600, 60, 60),
    ],
)
def test_lifetimes_are_limited(limits: Body, of_permit: int | None, longest: int, default: int) -> None:
    permit = Permit("caller", user=ANY, channels=ANY, max_expires_in=of_permit)
    assert ask(permit, {"channel": "lobby"}, **limits).json()["expiresIn"] == default
    assert ask(permit, {"channel": "lobby", "expiresIn": longest}, **limits).json()["expiresIn"] == longest
    if longest < 86_400:
        answer = ask(permit, {"channel": "lobby", "expiresIn": longest + 1}, **limits)
        assert answer.status_code == 403
        message = f"expiresIn: is more than {longest}, the limit in seconds. Leave it out, or send less."
        assert answer.json()["error"] == {"code": "FORBIDDEN", "field": "expiresIn", "message": message}
    point_in_time = ask(permit, {"channel": "lobby", "expiresIn": NOW}, **limits)
    assert point_in_time.status_code == 400
    assert "looks like a point in time" in point_in_time.json()["error"]["message"]


@pytest.mark.parametrize(("limit", "status"), [(86_399, 403), (86_400, 200)])
def test_a_006_token_for_messaging_needs_24_hours(limit: int, status: int) -> None:
    permit = Permit("caller", user=ANY, channels=ANY)
    settings = Settings(credentials=DEMO, access=lambda headers: permit, max_expires_in=limit)
    answer = TestClient(create_app(settings)).post("/rtmtoken", json={"user": "alice", "version": "006"})
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["error"]["message"] == (
            "version: 006 is not allowed: such a token always lasts 24 hours, and the limit is 86399 seconds. "
            'Send "007".'
        )
