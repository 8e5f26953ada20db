from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from agora_helpers import InputError
from agora_helpers.gate import Gate
from agora_helpers.json_requests import RequestError
from agora_helpers.policy import ApiKeys, Permit
from agora_helpers.settings import Settings
from tests.support import DEMO, run

KEY = {"authorization": "Bearer " + "k" * 20}


def gate(**settings: Any) -> Gate:
    return Gate(Settings(credentials=DEMO, **settings))


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
    assert run(keys.admit(KEY, "10.0.0.1")) == Permit("key 1")
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
        limited = gate(rate_limit="2/minute")
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
        limited = gate(access=ApiKeys(["k" * 20]), rate_limit="3/minute")
        said = []
        for headers in ({}, {"authorization": "Bearer " + "x" * 20}, {}, {}, {}):
            try:
                await limited.admit(headers, "10.0.0.1")
            except RequestError as error:
                said.append(error.status)
        assert (await limited.admit(KEY, "10.0.0.1")).caller == "key 1", "behind one address may be many"
        return said

    assert run(guess()) == [401, 401, 401, 429, 429]


def test_a_policy_that_answers_something_else_is_a_mistake_of_ours() -> None:
    with pytest.raises(InputError, match="access: must answer with a Permit or None, not bool"):
        run(gate(access=lambda headers: True).admit({}, "10.0.0.1"))


def test_a_caller_s_name_is_no_stranger_s_address() -> None:
    def access(headers: Mapping[str, str]) -> Permit | None:
        return Permit("strangers from 10.0.0.1") if headers else None

    async def ask() -> None:
        limited = gate(access=access, rate_limit="1/minute")
        with pytest.raises(RequestError, match="who you are"):
            await limited.admit({}, "10.0.0.1")
        await limited.count(await limited.admit({"x": "y"}, "10.0.0.9"))

    run(ask())


def test_a_household_has_one_limit() -> None:
    async def ask() -> None:
        limited = gate(rate_limit="1/minute")
        await limited.count(await limited.admit({}, "2001:db8::1"))
        with pytest.raises(RequestError, match="too often"):
            await limited.count(await limited.admit({}, "2001:db8::2"))
        await limited.count(await limited.admit({}, "2001:db8:0:1::1"))

    run(ask())
