from __future__ import annotations

import asyncio
from collections.abc import Mapping
from enum import IntEnum, StrEnum
from typing import Any

import pytest
from starlette.testclient import TestClient

from agora_helpers import InputError
from agora_helpers.server.access import (
    ANY,
    ANYONE,
    POLICY_TIMEOUT_SECONDS,
    ApiKeys,
    Gate,
    Permit,
    apply_permit,
    unrestricted,
)
from agora_helpers.server.app import create_app
from agora_helpers.server.endpoints import ENDPOINTS
from agora_helpers.server.rate_limit import RateLimit
from agora_helpers.server.requests import RequestError
from agora_helpers.server.settings import Settings
from tests.support import DEMO, run

KEY, OTHER = "k" * 16, "other-key-of-a-backend"


def admit(keys: ApiKeys, authorization: str) -> Permit | None:
    return keys({"authorization": authorization})


def test_callers_are_named_by_the_place_of_their_key() -> None:
    keys = ApiKeys([KEY, OTHER])
    assert admit(keys, f"Bearer {KEY}") == unrestricted("key 1")
    assert admit(keys, f"Bearer {OTHER}") == unrestricted("key 2")


@pytest.mark.parametrize("authorization", [f"Bearer {KEY}", f"bearer {OTHER}", f"BEARER  {KEY} "])
def test_each_of_the_keys_is_admitted(authorization: str) -> None:
    assert admit(ApiKeys([KEY, OTHER]), authorization)


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer ", KEY, f"Basic {KEY}", f"Bearer {KEY}x", f"Bearer {KEY[:-1]}", "Bearer é\ud800"],
)
def test_nothing_else_is_admitted(authorization: str) -> None:
    assert admit(ApiKeys([KEY, OTHER]), authorization) is None


def test_a_request_without_the_header_is_rejected() -> None:
    assert ApiKeys([KEY])({}) is None


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ([], "contains no list of keys"),
        ("k" * 20, "contains no list of keys"),
        ([b"k" * 20], "contains no list of keys"),
        (["\udcff" * 20], "non-ASCII character"),
        (["short"], "fewer than 16"),
        ([KEY, "a key with spaces in it"], "a key with a space"),
        (["é" * 16], "non-ASCII character"),
    ],
)
def test_keys_that_cannot_be_used_are_rejected_and_not_shown(keys: Any, says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        ApiKeys(keys)
    assert caught.value.field == "AGORA_API_KEYS"
    assert not [key for key in keys if len(key) > 1 and str(key) in str(caught.value)]


def test_keys_are_not_shown() -> None:
    assert KEY not in repr(ApiKeys([KEY]))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("caller", ""),
        ("caller", None),
        ("user", 5),
        ("user", "Jürgen"),
        ("user", "x" * 65),
        ("user", b"alice"),
        ("user", None),
        ("uid", "7"),
        ("uid", 0),
        ("channels", "lobby-vip"),
        ("channels", 5),
        ("channels", b"lobby"),
        ("channels", {b"lobby"}),
        ("channels", {"café"}),
        ("channels", None),
        ("max_expires_in", 0),
        ("max_expires_in", 86_401),
        ("max_expires_in", "60"),
        ("caller", b"alice"),
        ("may_publish", "false"),
    ],
)
def test_a_permit_that_cannot_be_right_is_the_policy_s_mistake(field: str, value: Any) -> None:
    with pytest.raises(InputError) as caught:
        Permit(**({"caller": "alice", "user": "alice"} | {field: value}))
    assert caught.value.field == f"permit.{field}"


def test_a_permit_allows_only_what_it_names() -> None:
    permit = Permit("alice", user="alice")
    assert (permit.channels, permit.may_publish) == (frozenset(), False)
    with pytest.raises(InputError, match="is missing, and so is uid"):
        Permit("alice")
    with pytest.raises(InputError, match="cannot be ANY if uid is given"):
        Permit("alice", uid=7, user=ANY)


class Name(StrEnum):
    ALICE = "alice"


class Number(IntEnum):
    SEVEN = 7


def test_a_permit_holds_the_plain_values_of_enum_members() -> None:
    permit = Permit(Name.ALICE, user=Name.ALICE, uid=Number.SEVEN, channels=[Name.ALICE], max_expires_in=Number.SEVEN)
    assert isinstance(permit.channels, frozenset)
    values = (permit.caller, permit.user, permit.uid, permit.max_expires_in, *permit.channels)
    assert [type(value) for value in values] == [str, str, int, int, str]
    settings = Settings(credentials=DEMO, access=lambda headers: permit)
    for path in ENDPOINTS:
        body = {"channel": "alice"} if "channel" in ENDPOINTS[path].fields else {}
        assert TestClient(create_app(settings)).post(path, json=body).status_code == 200


BEARER = {"authorization": "Bearer " + "k" * 20}


def gate(*, access: Any = ANYONE, limit: str = "") -> Gate:
    return Gate(access, RateLimit(limit) if limit else None)


async def through(gate: Gate, headers: Mapping[str, str], address: str) -> Permit:
    permit = await gate.admit(headers, address)
    await gate.count(permit)
    return permit


def rejected(gate: Gate, headers: Mapping[str, str], address: str = "10.0.0.1") -> RequestError:
    with pytest.raises(RequestError) as caught:
        run(through(gate, headers, address))
    return caught.value


def test_without_a_policy_a_caller_is_an_address() -> None:
    assert run(gate().admit({}, "10.0.0.1")) == unrestricted("10.0.0.1")


def test_keys() -> None:
    keys = gate(access=ApiKeys(["k" * 20]))
    assert run(keys.admit(BEARER, "10.0.0.1")) == unrestricted("key 1")
    error = rejected(keys, {"authorization": "Bearer " + "x" * 20})
    assert (error.status, error.code) == (401, "UNAUTHORIZED")
    assert error.headers == {"www-authenticate": "Bearer", "connection": "close"}


def test_a_function_and_an_async_function_are_policies() -> None:
    def by_name(headers: Mapping[str, str]) -> Permit | None:
        return Permit(headers["x-user"], user=headers["x-user"]) if "x-user" in headers else None

    async def by_name_later(headers: Mapping[str, str]) -> Permit | None:
        return by_name(headers)

    for access in (by_name, by_name_later):
        assert run(gate(access=access).admit({"x-user": "alice"}, "10.0.0.1")).caller == "alice"
        assert rejected(gate(access=access), {}).status == 401


def test_each_caller_has_a_limit_of_its_own() -> None:
    async def ask() -> list[str]:
        limited = gate(limit="2/minute")
        outcomes = []
        for address in ("a", "a", "a", "b"):
            try:
                outcomes.append((await through(limited, {}, address)).caller)
            except RequestError as error:
                assert (error.status, error.code) == (429, "TOO_MANY_REQUESTS")
                assert 1 <= int(error.headers["retry-after"]) <= 60
                assert str(error).startswith("Rate limit exceeded. Retry in ")
                outcomes.append("limit exceeded")
        return outcomes

    assert run(ask()) == ["a", "a", "limit exceeded", "b"]


def test_who_guesses_keys_is_stopped_and_locks_nobody_out() -> None:
    async def guess() -> list[int]:
        limited = gate(access=ApiKeys(["k" * 20]), limit="3/minute")
        statuses = []
        for headers in ({}, {"authorization": "Bearer " + "x" * 20}, {}, {}, {}):
            try:
                await limited.admit(headers, "10.0.0.1")
            except RequestError as error:
                statuses.append(error.status)
        assert (await limited.admit(BEARER, "10.0.0.1")).caller == "key 1", "behind one address may be many"
        return statuses

    assert run(guess()) == [401, 401, 401, 429, 429]


def test_a_policy_that_answers_something_else_is_a_mistake_of_ours() -> None:
    with pytest.raises(InputError, match="access: must return a Permit or None, not bool"):
        run(gate(access=lambda headers: True).admit({}, "10.0.0.1"))


def sent(access: Any, path: str = "/rtctoken") -> Any:
    app = create_app(Settings(credentials=DEMO, access=access))
    return TestClient(app).post(path, json={"channel": "lobby"})


def late(headers: object) -> Any:
    return asyncio.sleep(60)


async def impatient(headers: object) -> Permit:
    raise TimeoutError


@pytest.mark.parametrize(
    "access",
    [
        lambda headers: 1 / 0,
        lambda headers: "alice",
        lambda headers: True,
        lambda headers: ANY,
        lambda headers: Permit("alice"),
        lambda headers: Permit("alice", user="x" * 100, channels=ANY),
        lambda headers: Permit("alice", user="alice", channels="lobby"),
        impatient,
    ],
)
def test_a_policy_s_mistake_is_not_the_client_s(access: Any, caplog: pytest.LogCaptureFixture) -> None:
    for path in ENDPOINTS:
        answer = sent(access, path)
        assert answer.status_code == 500
        assert answer.json()["error"]["message"] == "Internal server error."
    assert len(caplog.records) == len(ENDPOINTS)


def test_a_policy_has_5_seconds(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    assert POLICY_TIMEOUT_SECONDS == 5
    monkeypatch.setattr("agora_helpers.server.access.POLICY_TIMEOUT_SECONDS", 0.01)
    answer = sent(late)
    assert (answer.status_code, answer.headers["connection"]) == (503, "close")
    error = answer.json()["error"]
    assert (error["code"], error["field"]) == ("UNAVAILABLE", "server")
    assert error["message"].startswith("Service unavailable. Retry in ")
    assert "The access policy took more than" in caplog.text


def test_a_caller_s_name_is_no_stranger_s_address() -> None:
    def access(headers: Mapping[str, str]) -> Permit | None:
        return Permit("unauthenticated: 10.0.0.1", uid=7) if headers else None

    async def ask() -> None:
        limited = gate(access=access, limit="1/minute")
        with pytest.raises(RequestError, match="does not identify the caller"):
            await limited.admit({}, "10.0.0.1")
        await limited.count(await limited.admit({"x": "y"}, "10.0.0.9"))

    run(ask())


def test_a_household_has_one_limit() -> None:
    async def ask() -> None:
        limited = gate(limit="1/minute")
        await limited.count(await limited.admit({}, "2001:db8::1"))
        with pytest.raises(RequestError, match="Rate limit exceeded"):
            await limited.count(await limited.admit({}, "2001:db8::2"))
        await limited.count(await limited.admit({}, "2001:db8:0:1::1"))

    run(ask())


RTC, RTM, BOTH = (ENDPOINTS[path].fields for path in ("/rtctoken", "/rtmtoken", "/token"))
ALICE = Permit("a", user="alice", channels=ANY)
SEVEN = Permit("a", uid=7, channels=ANY)
LOBBY = Permit("a", user=ANY, channels={"lobby"})


@pytest.mark.parametrize(
    ("permit", "fields", "body", "expected"),
    [
        (unrestricted("a"), RTC, {"channel": "lobby", "uid": 7}, {"channel": "lobby", "uid": 7}),
        (ALICE, RTC, {"channel": "lobby"}, {"channel": "lobby", "userAccount": "alice"}),
        (ALICE, RTC, {"userAccount": "alice"}, {"userAccount": "alice"}),
        (ALICE, RTM, {}, {"user": "alice"}),
        (SEVEN, RTC, {"channel": "lobby"}, {"channel": "lobby", "uid": 7}),
        (SEVEN, RTM, {}, {"user": "7"}),
        (Permit("a", uid=7, user="alice"), BOTH, {}, {"uid": 7, "user": "alice"}),
        (ALICE, BOTH, {}, {"userAccount": "alice", "user": "alice"}),
        (LOBBY, RTC, {"channel": "lobby"}, {"channel": "lobby"}),
        (LOBBY, RTC, {"isPublisher": False}, {"isPublisher": False}),
    ],
)
def test_what_the_server_decides(permit: Permit, fields: Any, body: Any, expected: Any) -> None:
    assert apply_permit(permit, body, fields) == expected


@pytest.mark.parametrize(
    ("permit", "fields", "body", "field"),
    [
        (ALICE, RTC, {"userAccount": "bob"}, "userAccount"),
        (ALICE, RTC, {"uid": 7}, "uid"),
        (ALICE, RTM, {"user": "bob"}, "user"),
        (SEVEN, RTC, {"uid": 8}, "uid"),
        (SEVEN, RTC, {"userAccount": "7"}, "userAccount"),
        (SEVEN, BOTH, {"user": "8"}, "user"),
        (LOBBY, RTC, {"channel": "stage"}, "channel"),
        (Permit("a", user=ANY), BOTH, {"channel": "lobby"}, "channel"),
        (LOBBY, RTC, {"isPublisher": True}, "isPublisher"),
        (LOBBY, RTC, {"isPublisher": "true"}, "isPublisher"),
    ],
)
def test_what_the_client_cannot_choose(permit: Permit, fields: Any, body: Any, field: str) -> None:
    with pytest.raises(RequestError) as caught:
        apply_permit(permit, body, fields)
    assert (caught.value.status, caught.value.code, caught.value.field) == (403, "FORBIDDEN", field)
