from __future__ import annotations

import enum
from collections.abc import Callable

import pytest

from agora_helpers import InputError, Role, build_rtc_token
from agora_helpers.constants import NAME_ALPHABET
from agora_helpers.errors import ErrorCode
from agora_helpers.validation import (
    check_account,
    check_channel,
    check_expires_in,
    check_role,
    check_uid,
    check_uint32,
    check_user,
    looks_unset,
    refuse_placeholder,
    type_name,
)
from tests.support import DEMO

NAMES = pytest.mark.parametrize(("check", "limit"), [(check_channel, 63), (check_account, 255), (check_user, 64)])


@NAMES
@pytest.mark.parametrize("name", NAME_ALPHABET)
def test_agoras_characters_are_allowed_in_names(check: Callable[[object], str], limit: int, name: str) -> None:
    assert check(name) == name


@NAMES
def test_the_length_of_a_name(check: Callable[[object], str], limit: int) -> None:
    assert check("a" * limit) == "a" * limit
    with pytest.raises(InputError, match=f"is {limit + 1} bytes long; the limit is {limit}") as caught:
        check("a" * (limit + 1))
    assert caught.value.code == "TOO_LONG"


@NAMES
@pytest.mark.parametrize("name", [*"\"'*/\\`\n\t\0é", "a\n", "\ud800", "\uff11"], ids=ascii)
def test_other_characters_are_not(check: Callable[[object], str], limit: int, name: str) -> None:
    with pytest.raises(InputError) as caught:
        check(name)
    assert caught.value.code == "BAD_CHARACTER"


@NAMES
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("https://example.com/lobby", "URL"),
        ("wss://example.com", "URL"),
        (build_rtc_token(DEMO, "lobby", uid=7), "token"),
        (build_rtc_token(DEMO, "lobby", uid=7, version="006"), "token"),
        ("007eJ" + "a" * 39 + "/" * 9, "token"),
        ("007eJ" + "a" * 45, "token"),
    ],
)
def test_a_url_or_a_token_is_no_name(check: Callable[[object], str], limit: int, name: str, kind: str) -> None:
    with pytest.raises(InputError, match=f"looks like a {kind}") as caught:
        check(name)
    assert name not in str(caught.value)


@NAMES
@pytest.mark.parametrize("name", ["007", "007eJames", "006 agents", "006" + "a" * 32, "a:"])
def test_a_name_that_only_starts_like_a_token_is_one(check: Callable[[object], str], limit: int, name: str) -> None:
    assert check(name) == name


@NAMES
@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("", {"EMPTY"}),
        (None, {"WRONG_TYPE"}),
        (7, {"WRONG_TYPE", "ACCOUNT_IS_NUMBER", "USER_IS_NUMBER"}),
        (True, {"WRONG_TYPE"}),
        (["a"], {"WRONG_TYPE"}),
        (b"a", {"WRONG_TYPE"}),
    ],
)
def test_what_is_no_name(check: Callable[[object], str], limit: int, name: object, codes: set[str]) -> None:
    with pytest.raises(InputError) as caught:
        check(name)
    assert caught.value.code in codes


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


def test_a_type_is_named_whatever_its_class_says() -> None:
    class Meta(type):
        @property
        def __name__(cls) -> str:  # type: ignore[override]
            raise RuntimeError

    class Hostile(metaclass=Meta):
        pass

    assert type_name(Hostile()) == "Hostile"
    with pytest.raises(InputError, match="uid: must be an integer, not Hostile"):
        check_uid(Hostile())


def test_right_uids() -> None:
    class Seat(enum.IntEnum):
        FIRST = 1

    assert [check_uid(uid) for uid in (1, 2**31, 2**32 - 1, Seat.FIRST)] == [1, 2**31, 2**32 - 1, 1]
    assert type(check_uid(Seat.FIRST)) is int, "str(uid) is signed, and an enum's may be its name"
    assert check_uid(0, allow_any=True) == 0
    with pytest.raises(InputError):
        check_uid(0, allow_any="yes")  # type: ignore[arg-type]


@pytest.mark.parametrize("role", ["publisher", Role.PUBLISHER])
def test_a_role_is_a_string_or_a_member_of_the_enum(role: object) -> None:
    assert check_role(role) is Role.PUBLISHER


@pytest.mark.parametrize("role", ["Publisher", "host", "", "1", 1, 2, 0, 101, True, None, [], {}], ids=repr)
def test_wrong_roles(role: object) -> None:
    with pytest.raises(InputError, match=r'Use "publisher" \(sends and receives\)') as caught:
        check_role(role)
    assert caught.value.code == ("UNKNOWN_CHOICE" if isinstance(role, str) else "WRONG_TYPE")


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


@pytest.mark.parametrize("number", [-1, 2**32, 1.0, "1", True])
def test_wrong_numbers(number: object) -> None:
    with pytest.raises(InputError) as caught:
        check_uint32("salt", number)
    assert caught.value.field == "salt"


def test_a_time_in_milliseconds_is_recognised() -> None:
    with pytest.raises(InputError, match=r"looks like milliseconds[.] Pass Unix seconds: divide by 1000"):
        check_uint32("now", 1_700_000_000_000)


PLACEHOLDERS = (
    *("undefined", "NaN", "nan", "None", "none", "null", "NULL", "(null)", "nil", "False", "false", "[object Object]"),
    *("{channel}", "${channel}", "{{ channel }}", "#{channel}", "{}", ":userAccount", "<channel>", "<your channel>"),
    *("%s", "%d", "%(channel)s", "your_channel", "YOUR_CHANNEL_NAME", "your-user-id"),
)


@pytest.mark.parametrize("name", PLACEHOLDERS)
def test_a_name_of_a_variable_without_a_value(name: str) -> None:
    assert looks_unset(name)
    with pytest.raises(InputError) as caught:
        refuse_placeholder("channel", name)
    assert (caught.value.field, caught.value.code) == ("channel", ErrorCode.PLACEHOLDER_NAME)
    assert name not in str(caught.value)


@pytest.mark.parametrize(
    "name",
    [
        *("lobby", "Nan", "Null", "Falsetto", "nullable", "undefined-2", "none of us", "yourself", "your party"),
        *(":D", "100%", "a:b", "<3", "{", "room {1}", "x" * 300, "{" + "x" * 300 + "}"),
    ],
)
def test_a_real_name_is_not_taken_for_one(name: str) -> None:
    assert not looks_unset(name)
    refuse_placeholder("channel", name)
