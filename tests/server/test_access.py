from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from agora_helpers import InputError
from agora_helpers.server.access import ApiKeys, Gate, Permit
from agora_helpers.server.rate_limit import RateLimit
from agora_helpers.server.requests import RequestError
from agora_helpers.server.settings import check_origins, read_access_policy, read_origins
from tests.support import run

KEY, OTHER = "k" * 16, "other-key-of-a-backend"


def admit(keys: ApiKeys, authorization: str) -> Permit | None:
    return keys({"authorization": authorization})


def test_callers_are_named_by_the_place_of_their_key() -> None:
    keys = ApiKeys([KEY, OTHER])
    assert admit(keys, f"Bearer {KEY}") == Permit("key 1") and admit(keys, f"Bearer {OTHER}") == Permit("key 2")


def test_each_of_the_keys_is_admitted_and_nothing_else() -> None:
    keys = ApiKeys([KEY, OTHER])
    for right in (f"Bearer {KEY}", f"bearer {OTHER}", f"BEARER  {KEY} "):
        assert admit(keys, right)
    assert keys({}) is None
    for wrong in (
        "",
        "Bearer",
        "Bearer ",
        KEY,
        f"Basic {KEY}",
        f"Bearer {KEY}x",
        f"Bearer {KEY[:-1]}",
        "Bearer é\ud800",
    ):
        assert not admit(keys, wrong)


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ([], "holds no list of keys"),
        ("k" * 20, "holds no list of keys"),
        ([b"k" * 20], "holds no list of keys"),
        (["\udcff" * 20], "ASCII"),
        (["short"], "fewer than 16"),
        ([KEY, "a key with spaces in it"], "a space"),
        (["é" * 16], "ASCII"),
    ],
)
def test_keys_that_cannot_be_used_are_refused_unseen(keys: Any, says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        ApiKeys(keys)
    assert caught.value.field == "AGORA_API_KEYS" and not any(
        str(key) in str(caught.value) for key in keys if len(key) > 1
    )


def test_keys_are_not_shown() -> None:
    assert KEY not in repr(ApiKeys([KEY]))


def test_the_policy_is_read_from_the_environment() -> None:
    keys = read_access_policy({"AGORA_ACCESS": "keys", "AGORA_API_KEYS": f" {KEY}, {OTHER},"})
    assert keys and admit(keys, f"Bearer {KEY}") and admit(keys, f"Bearer {OTHER}")
    assert read_access_policy({"AGORA_ACCESS": "None", "AGORA_API_KEYS": KEY}) is None


@pytest.mark.parametrize(
    ("found", "field", "says"),
    [
        ({}, "AGORA_ACCESS", "no access policy is named"),
        ({"AGORA_ACCESS": "open"}, "AGORA_ACCESS", "names no access policy"),
        ({"AGORA_ACCESS": "keys"}, "AGORA_API_KEYS", "holds no list of keys"),
        ({"AGORA_ACCESS": "keys", "AGORA_API_KEYS": " , "}, "AGORA_API_KEYS", "holds no list of keys"),
    ],
)
def test_a_policy_must_be_named_and_usable(found: dict[str, str], field: str, says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        read_access_policy(found)
    assert caught.value.field == field


def test_origins() -> None:
    assert read_origins({}) == read_origins({"AGORA_ALLOWED_ORIGINS": " , "}) == ()
    both = ("https://app.example.com", "http://localhost:5173")
    assert read_origins({"AGORA_ALLOWED_ORIGINS": f"{both[0]}, {both[1]},"}) == both
    assert check_origins(["http://[::1]:8000"]) == ("http://[::1]:8000",)


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "https://*.example.com",
        "app.example.com",
        "https://App.example.com",
        "https://a.b/",
        "https://a.b/c",
        "null",
        7,
    ],
)
def test_what_is_no_origin(origin: Any) -> None:
    with pytest.raises(InputError, match="AGORA_ALLOWED_ORIGINS: holds what is no origin"):
        check_origins([origin])
    with pytest.raises(InputError, match="AGORA_ALLOWED_ORIGINS: holds what is no origin"):
        check_origins("*")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("caller", ""),
        ("caller", None),
        ("user", 5),
        ("user", "Jürgen"),
        ("uid", "7"),
        ("uid", 0),
        ("channels", "lobby-vip"),
        ("channels", 5),
        ("may_publish", "false"),
    ],
)
def test_a_permit_that_cannot_be_right_is_the_policy_s_mistake(field: str, value: Any) -> None:
    with pytest.raises(InputError, match=r"^permit\.") as caught:
        Permit(**({"caller": "alice"} | {field: value}))
    assert caught.value.field in (f"permit.{field}", "permit.account")


BEARER = {"authorization": "Bearer " + "k" * 20}


def gate(*, access: Any = None, limit: str = "") -> Gate:
    return Gate(access, RateLimit(limit) if limit else None)


async def through(gate: Gate, headers: Mapping[str, str], address: str) -> Permit:
    permit = await gate.admit(headers, address)
    await gate.count(permit)
    return permit


def refused(gate: Gate, headers: Mapping[str, str], address: str = "10.0.0.1") -> RequestError:
    with pytest.raises(RequestError) as caught:
        run(through(gate, headers, address))
    return caught.value


def test_without_a_policy_a_caller_is_an_address() -> None:
    assert run(gate().admit({}, "10.0.0.1")) == Permit("10.0.0.1")


def test_keys() -> None:
    keys = gate(access=ApiKeys(["k" * 20]))
    assert run(keys.admit(BEARER, "10.0.0.1")) == Permit("key 1")
    error = refused(keys, {"authorization": "Bearer " + "x" * 20})
    assert (error.status, error.code, error.headers) == (
        401,
        "UNAUTHORIZED",
        {"www-authenticate": "Bearer", "connection": "close"},
    )


def test_a_function_and_an_async_function_are_policies() -> None:
    def by_name(headers: Mapping[str, str]) -> Permit | None:
        return Permit(headers["x-user"]) if "x-user" in headers else None

    async def by_name_later(headers: Mapping[str, str]) -> Permit | None:
        return by_name(headers)

    for access in (by_name, by_name_later):
        assert run(gate(access=access).admit({"x-user": "alice"}, "10.0.0.1")).caller == "alice"
        assert refused(gate(access=access), {}).status == 401


def test_each_caller_has_a_limit_of_its_own() -> None:
    async def ask() -> list[str]:
        limited = gate(limit="2/minute")
        said = []
        for address in ("a", "a", "a", "b"):
            try:
                said.append((await through(limited, {}, address)).caller)
            except RequestError as error:
                assert (error.status, error.code) == (429, "TOO_MANY_REQUESTS")
                assert 1 <= int(error.headers["retry-after"]) <= 60 and "Come again in" in str(error)
                said.append("too often")
        return said

    assert run(ask()) == ["a", "a", "too often", "b"]


def test_who_guesses_keys_is_stopped_and_locks_nobody_out() -> None:
    async def guess() -> list[int]:
        limited = gate(access=ApiKeys(["k" * 20]), limit="3/minute")
        said = []
        for headers in ({}, {"authorization": "Bearer " + "x" * 20}, {}, {}, {}):
            try:
                await limited.admit(headers, "10.0.0.1")
            except RequestError as error:
                said.append(error.status)
        assert (await limited.admit(BEARER, "10.0.0.1")).caller == "key 1", "behind one address may be many"
        return said

    assert run(guess()) == [401, 401, 401, 429, 429]


def test_a_policy_that_answers_something_else_is_a_mistake_of_ours() -> None:
    with pytest.raises(InputError, match="access: must answer with a Permit or None, not bool"):
        run(gate(access=lambda headers: True).admit({}, "10.0.0.1"))


def test_a_caller_s_name_is_no_stranger_s_address() -> None:
    def access(headers: Mapping[str, str]) -> Permit | None:
        return Permit("unauthenticated: 10.0.0.1") if headers else None

    async def ask() -> None:
        limited = gate(access=access, limit="1/minute")
        with pytest.raises(RequestError, match="who you are"):
            await limited.admit({}, "10.0.0.1")
        await limited.count(await limited.admit({"x": "y"}, "10.0.0.9"))

    run(ask())


def test_a_household_has_one_limit() -> None:
    async def ask() -> None:
        limited = gate(limit="1/minute")
        await limited.count(await limited.admit({}, "2001:db8::1"))
        with pytest.raises(RequestError, match="too often"):
            await limited.count(await limited.admit({}, "2001:db8::2"))
        await limited.count(await limited.admit({}, "2001:db8:0:1::1"))

    run(ask())
