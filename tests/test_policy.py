from __future__ import annotations

from typing import Any

import pytest

from agora_helpers import InputError
from agora_helpers.policy import ApiKeys, Permit, check_origins, read_access_policy, read_origins

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
