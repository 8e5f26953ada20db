from __future__ import annotations

import enum
from collections.abc import Callable

import pytest

from agora_helpers import InputError, Role
from agora_helpers.constants import NAME_ALPHABET
from agora_helpers.validation import (
    check_account,
    check_channel,
    check_expires_in,
    check_role,
    check_uid,
    check_uint32,
    check_user,
)


@pytest.mark.parametrize(("check", "limit"), [(check_channel, 63), (check_account, 255), (check_user, 64)])
def test_names(check: Callable[[object], str], limit: int) -> None:
    for right in ("a", "a" * limit, *NAME_ALPHABET):
        assert check(right) == right
    for wrong in ("", "a" * (limit + 1), *"\"'*/\\`\n\t\0é", "a\n", "\ud800", "\uff11", None, 7, True, ["a"], b"a"):
        with pytest.raises(InputError):
            check(wrong)


@pytest.mark.parametrize(
    ("uid", "says"),
    [
        ("7", r"int\(…\)"),
        ("alice", "account"),
        (None, "None"),
        (True, "bool"),
        (False, "bool"),
        (0.0, "float"),
        (7.0, "float"),
        ([], "list"),
        (0, "allow_any_uid"),
        (-1, "negative"),
        (2**32, "32 bits"),
    ],
)
def test_wrong_uids(uid: object, says: str) -> None:
    with pytest.raises(InputError, match=says):
        check_uid(uid)


def test_right_uids() -> None:
    class Seat(enum.IntEnum):
        FIRST = 1

    assert [check_uid(uid) for uid in (1, 2**31, 2**32 - 1, Seat.FIRST)] == [1, 2**31, 2**32 - 1, 1]
    assert type(check_uid(Seat.FIRST)) is int, "str(uid) is signed, and an enum's may be its name"
    assert check_uid(0, allow_any=True) == 0
    with pytest.raises(InputError):
        check_uid(0, allow_any="yes")  # type: ignore[arg-type]


def test_roles() -> None:
    assert check_role("publisher") is check_role(Role.PUBLISHER) is Role.PUBLISHER
    wrong_ones: list[object] = ["Publisher", "host", "", "1", 1, 2, 0, 101, True, None, [], {}]
    for wrong in wrong_ones:
        with pytest.raises(InputError, match="publisher"):
            check_role(wrong)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (0, "at least 1"),
        (-5, "at least 1"),
        (86_401, "renew"),
        (3_600_000, "milliseconds"),
        (1_700_003_600, "point in time"),
        (1_700_003_600_000, "point in time in milliseconds"),
        ("600", r"int\(…\)"),
        (1.9, "whole seconds"),
        (None, "default"),
        (True, "bool"),
        (10**400, "point in time"),
    ],
)
def test_wrong_lifetimes(value: object, says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        check_expires_in(value)
    assert caught.value.field == "expires_in"


def test_right_lifetimes_and_numbers() -> None:
    assert [check_expires_in(value) for value in (1, 3600, 86_400)] == [1, 3600, 86_400]
    assert [check_uint32("salt", value) for value in (0, 2**32 - 1)] == [0, 2**32 - 1]
    for wrong in (-1, 2**32, 1.0, "1", True):
        with pytest.raises(InputError, match="salt"):
            check_uint32("salt", wrong)
    with pytest.raises(InputError, match="milliseconds"):
        check_uint32("now", 1_700_000_000_000)
