from __future__ import annotations

import enum
import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from agora_helpers import (
    ApaasService,
    ChatService,
    ConvoAiService,
    CredentialError,
    Credentials,
    FcdnService,
    InputError,
    RtcService,
    Rtm2Service,
    RtmService,
    Service006,
    StreamingService,
    UnknownService,
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
from agora_helpers.constants import RoleName, TokenVersion
from agora_helpers.errors import ErrorCode
from agora_helpers.secret import Secret
from agora_helpers.tokens.services import privilege_times
from agora_helpers.validation import check_channel
from tests.support import BUILD_INPUTS, DEMO, NOW, VECTORS, Vector, payload
from tests.tokens.samples import EVERY_SERVICE


@pytest.mark.parametrize(("role", "numbers"), [("publisher", [1, 2, 3, 4]), ("subscriber", [1])])
@pytest.mark.parametrize(("version", "ends", "expires_at"), [("006", NOW + 600, NOW + 86_400), ("007", 600, NOW + 600)])
def test_a_publisher_has_four_privileges_and_a_subscriber_one(
    role: RoleName, numbers: list[int], version: TokenVersion, ends: int, expires_at: int
) -> None:
    token = build_rtc_token(DEMO, "lobby", uid=7, role=role, expires_in=600, version=version, now=NOW, salt=5)
    decoded = decode(token)
    assert privilege_times(decoded.services[0]) == dict.fromkeys(numbers, ends)
    assert decoded.salt == 5
    assert decoded.expires_at == expires_at
    assert verify(token, DEMO, channel="lobby", uid=7, now=NOW).ok
    assert not verify(token, DEMO, channel="lobby", uid=7, now=NOW + 600).ok


@pytest.mark.parametrize("version", ["006", "007"])
def test_an_rtm_token_is_for_its_user_and_for_no_channel(version: TokenVersion) -> None:
    token = build_rtm_token(DEMO, "alice", version=version, now=NOW)
    assert verify(token, DEMO, user="alice", now=NOW).ok
    assert not verify(token, DEMO, user="bob", now=NOW).ok
    assert not verify(token, DEMO, channel="alice", uid="", now=NOW).ok


@pytest.mark.parametrize("version", ["006", "007"])
def test_an_account_is_signed_as_it_is_and_a_uid_in_decimal(version: TokenVersion) -> None:
    same = {"version": version, "now": NOW, "salt": 1}
    by_uid = build_rtc_token(DEMO, "lobby", uid=4_294_967_295, **same)  # type: ignore[arg-type]
    by_account = build_rtc_token(DEMO, "lobby", account="4294967295", **same)  # type: ignore[arg-type]
    assert payload(by_uid) == payload(by_account)


@pytest.mark.parametrize("version", ["006", "007"])
def test_a_token_for_anyone_only_when_asked_for(version: TokenVersion) -> None:
    with pytest.raises(InputError, match="allow_any_uid"):
        build_rtc_token(DEMO, "lobby", uid=0, version=version)
    token = build_rtc_token(DEMO, "lobby", uid=0, allow_any_uid=True, version=version)
    verdict = verify(token, DEMO, channel="lobby", uid=99)
    assert verdict.ok
    assert [reason.code for reason in verdict.reasons] == ["ANY_UID"]
    with pytest.raises(InputError, match="32 bits"):
        build_rtc_token(DEMO, "lobby", uid=2**32, allow_any_uid=True, version=version)


@pytest.mark.parametrize(
    ("client", "message", "code"),
    [
        ({}, "uid: is missing, and so is account. Pass exactly one: ", "NO_CLIENT"),
        ({"uid": 7, "account": "alice"}, "uid: and account are both passed. Pass exactly one: ", "UID_AND_ACCOUNT"),
        ({"account": ""}, "account: is empty. ", "EMPTY"),
        (
            {"account": 7},
            "account: must be a string (str), not a number. ",
            "ACCOUNT_IS_NUMBER",
        ),
    ],
)
def test_exactly_one_of_uid_and_account(client: dict[str, Any], message: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        build_rtc_token(DEMO, "lobby", **client)
    assert str(caught.value).startswith(message)
    assert caught.value.code == code


@pytest.mark.parametrize("version", ["006", "007"])
def test_time_and_salt_come_from_the_clock_and_the_system_unless_given(version: TokenVersion) -> None:
    before = int(time.time())
    tokens = [decode(build_rtc_token(DEMO, "lobby", uid=7, version=version)) for _ in range(20)]
    assert len({token.salt for token in tokens}) == 20
    assert all(0 < token.salt < 2**32 for token in tokens)
    lifetime = 86_400 if version == "006" else 3600
    assert all(before <= token.expires_at - lifetime <= before + 5 for token in tokens)
    zero = decode(build_rtm_token(DEMO, "alice", version=version, now=0, salt=0))
    assert zero.salt == 0
    assert zero.expires_at == lifetime


@pytest.mark.parametrize(
    "build", [lambda **o: build_rtc_token(DEMO, "c", uid=1, **o), lambda **o: build_rtm_token(DEMO, "u", **o)]
)
@pytest.mark.parametrize(
    ("option", "code"),
    [
        ({"expires_in": 0}, "LIFETIME_TOO_SHORT"),
        ({"expires_in": 86_401}, "LIFETIME_TOO_LONG"),
        ({"version": "005"}, "UNKNOWN_CHOICE"),
        ({"version": 7}, "WRONG_TYPE"),
        ({"version": None}, "WRONG_TYPE"),
        ({"now": -1}, "OUT_OF_RANGE"),
        ({"now": NOW * 1000}, "OUT_OF_RANGE"),
        ({"salt": 2**32}, "OUT_OF_RANGE"),
        ({"salt": "1"}, "WRONG_TYPE"),
        ({"now": 2**32 - 1, "version": "006"}, "OUT_OF_RANGE"),
    ],
)
def test_wrong_options_are_named(build: Any, option: Vector, code: str) -> None:
    with pytest.raises(InputError) as caught:
        build(**option)
    assert (caught.value.field, caught.value.code) == (next(iter(option)), code)


PAIR: Any = (DEMO.app_id, DEMO.app_certificate)


@pytest.mark.parametrize(
    "build",
    [
        lambda: build_rtc_token(PAIR, "c", uid=1),
        lambda: build_rtm_token(PAIR, "u"),
        lambda: build_token(PAIR, []),
        lambda: build_rtc_rtm_token(PAIR, "c", uid=1),
        lambda: build_chat_token(PAIR, "u"),
        lambda: build_chat_app_token(PAIR),
        lambda: build_convoai_token(PAIR, "c", uid=1),
    ],
)
def test_credentials_must_be_credentials(build: Callable[[], str]) -> None:
    with pytest.raises(InputError, match="credentials: must be Credentials, not tuple") as caught:
        build()
    assert caught.value.code == "WRONG_TYPE"


BUILDERS_007: dict[str, Callable[..., str]] = {
    "rtc_rtm": lambda **options: build_rtc_rtm_token(DEMO, "c", uid=1, **options),
    "chat": lambda **options: build_chat_token(DEMO, "u", **options),
    "chat_app": lambda **options: build_chat_app_token(DEMO, **options),
    "convoai": lambda **options: build_convoai_token(DEMO, "c", uid=1, **options),
}


@pytest.mark.parametrize("name", BUILDERS_007)
@pytest.mark.parametrize(
    ("option", "code"),
    [
        ({"expires_in": 0}, "LIFETIME_TOO_SHORT"),
        ({"expires_in": NOW}, "LIFETIME_IS_TIME"),
        ({"now": -1}, "OUT_OF_RANGE"),
        ({"salt": "1"}, "WRONG_TYPE"),
    ],
)
def test_wrong_options_of_007_builders_are_named(name: str, option: Vector, code: str) -> None:
    with pytest.raises(InputError) as caught:
        BUILDERS_007[name](**option)
    assert (caught.value.field, caught.value.code) == (next(iter(option)), code)


@pytest.mark.parametrize("name", BUILDERS_007)
def test_time_and_salt_of_007_builders_come_from_the_clock_and_the_system(name: str) -> None:
    before = int(time.time())
    tokens = [decode(BUILDERS_007[name]()) for _ in range(5)]
    assert len({token.salt for token in tokens}) == 5
    assert all(before <= token.expires_at - 3600 <= before + 5 for token in tokens)


@pytest.mark.parametrize(
    "vector", [vector for vector in VECTORS if "within our rules" in vector.get("tag", "")], ids=lambda v: v["id"]
)
def test_007_builders_build_what_agoras_build(vector: Vector) -> None:
    values = vector["input"]
    credentials = Credentials(vector["app_id"], vector["app_certificate"])
    times: dict[str, Any] = {"expires_in": vector["expire"], "now": vector["issued_at"], "salt": vector["salt"]}
    match values["builder"]:
        case "chat_user":
            token = build_chat_token(credentials, values["user_id"], **times)
        case "chat_app":
            token = build_chat_app_token(credentials, **times)
        case "convoai":
            uid = int(values["account"])
            token = build_convoai_token(credentials, values["channel_name"], uid=uid, **times)
        case _:
            role: RoleName = "publisher" if values["role"] == 1 else "subscriber"
            who = values["account"]
            token = build_rtc_rtm_token(credentials, values["channel_name"], account=who, role=role, **times)
    assert payload(token) == payload(vector["token"])


def test_one_token_for_a_channel_and_messaging() -> None:
    token = build_rtc_rtm_token(DEMO, "lobby", uid=7, user="alice", role="publisher", now=NOW)
    assert verify(token, DEMO, channel="lobby", uid=7, user="alice", now=NOW + 3599).ok
    assert not verify(token, DEMO, channel="lobby", uid=7, user="7", now=NOW).ok
    assert sorted(privilege_times(decode(token).services[0])) == [1, 2, 3, 4]
    by_default = build_rtc_rtm_token(DEMO, "lobby", account="alice", now=NOW)
    assert verify(by_default, DEMO, channel="lobby", account="alice", user="alice", now=NOW).ok
    assert sorted(privilege_times(decode(by_default).services[0])) == [1], "a subscriber, unless it says more"


def test_an_agent_publishes_and_logs_in_with_one_id() -> None:
    token = build_convoai_token(DEMO, "lobby", account="agent", now=NOW)
    channel, messaging, agent = decode(token).services
    assert (channel, messaging, agent) == (
        RtcService("lobby", "agent", dict.fromkeys((1, 2, 3, 4), 3600)),
        RtmService("agent", {1: 3600}),
        ConvoAiService({}),
    )


def test_a_service_takes_a_user_account_by_the_builders_name() -> None:
    assert RtcService("lobby", account="alice") == RtcService("lobby", "alice")
    assert replace(RtcService("lobby", account="alice"), channel="news") == RtcService("news", "alice")
    for arguments in ({"uid": 7, "account": "alice"}, {"account": 7}, {"account": ""}):
        with pytest.raises(InputError, match=r"^account: "):
            RtcService("lobby", **arguments)


def test_a_chat_token_is_for_a_user_and_an_app_token_for_none() -> None:
    assert decode(build_chat_token(DEMO, "a.b-c_9")).services[0] == ChatService("a.b-c_9", {1: 3600})
    assert decode(build_chat_app_token(DEMO)).services[0] == ChatService("", {2: 3600})


@pytest.mark.parametrize(
    ("build", "field", "code"),
    [
        (lambda: build_chat_token(DEMO, ""), "user", "EMPTY"),
        (lambda: build_chat_token(DEMO, None), "user", "WRONG_TYPE"),  # type: ignore[arg-type]
        (lambda: build_chat_token(DEMO, 7), "user", "USER_IS_NUMBER"),  # type: ignore[arg-type]
        (lambda: build_chat_token(DEMO, "Alice"), "user", "BAD_CHARACTER"),
        (lambda: build_chat_token(DEMO, "al ice"), "user", "BAD_CHARACTER"),
        (lambda: build_chat_token(DEMO, "a" * 65), "user", "TOO_LONG"),
        (lambda: build_token(DEMO, [ChatService("Alice")]), "services[0].user", "BAD_CHARACTER"),
        (lambda: build_rtc_rtm_token(DEMO, "é", uid=7), "channel", "BAD_CHARACTER"),
        (lambda: build_rtc_rtm_token(DEMO, "lobby"), "uid", "NO_CLIENT"),
        (lambda: build_rtc_rtm_token(DEMO, "lobby", uid=7, account="a"), "uid", "UID_AND_ACCOUNT"),
        (lambda: build_rtc_rtm_token(DEMO, "lobby", uid=7, user=""), "user", "EMPTY"),
        (lambda: build_rtc_rtm_token(DEMO, "lobby", account="a" * 65), "user", "TOO_LONG"),
        (lambda: build_rtc_rtm_token(DEMO, "lobby", uid=7, role="host"), "role", "UNKNOWN_CHOICE"),  # type: ignore[arg-type]
        (lambda: build_convoai_token(DEMO, "lobby", uid=2**32), "uid", "UID_TOO_LARGE"),
        (lambda: build_convoai_token(DEMO, "lobby", account="a" * 65), "account", "TOO_LONG"),
        (lambda: build_convoai_token(DEMO, "lobby", account=7), "account", "ACCOUNT_IS_NUMBER"),  # type: ignore[arg-type]
        (lambda: build_convoai_token(DEMO, "", uid=7), "channel", "EMPTY"),
    ],
)
def test_wrong_arguments_of_007_builders_are_named(build: Callable[[], str], field: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        build()
    assert (caught.value.field, caught.value.code) == (field, code)


@pytest.mark.parametrize("build", [build_rtc_rtm_token, build_convoai_token])
def test_no_007_builder_of_two_services_builds_for_anyone(build: Callable[..., str]) -> None:
    """And the hint names no option that they do not have."""
    with pytest.raises(InputError) as caught:
        build(DEMO, "lobby", uid=0)
    assert (caught.value.code, caught.value.hint) == ("UID_FOR_ANYONE", "Pass the client's own uid.")


def test_any_mix_of_services_repeated_ones_included() -> None:
    token = build_token(DEMO, EVERY_SERVICE, expires_in=600, now=NOW, salt=1)
    verdict = verify(token, DEMO, channel="lobby", uid=7, user="alice", now=NOW)
    assert verdict.ok
    assert [reason.code for reason in verdict.reasons] == ["UNEQUAL_ENDS"]  # one privilege ends early
    assert verdict.token is not None
    services = verdict.token.services
    assert [service.type for service in services] == [1, 1, 2, 3, 4, 5, 5, 6, 7, 7, 7, 8, 9, 10]
    assert services[0] == RtcService("lobby", "7", {1: 600, 2: 60})
    assert services[2] == RtmService("alice", {1: 600})
    assert services[11] == Rtm2Service("alice", {0: {0: ("news", "sport"), 1: ()}, 4: {}}, {1: 600})
    again = build_token(DEMO, services, expires_in=600, now=NOW, salt=1)  # type: ignore[arg-type]
    assert payload(again) == payload(token), "what was decoded can be built again"


@pytest.mark.parametrize(
    ("service", "field", "code"),
    [
        (RtcService("é", 7), "channel", "BAD_CHARACTER"),
        (RtcService("lobby", 0), "uid", "UID_FOR_ANYONE"),
        (RtcService("lobby", ""), "uid", "UID_FOR_ANYONE"),
        (RtcService("lobby", True), "uid", "WRONG_TYPE"),
        (RtcService("lobby", 2**32), "uid", "UID_TOO_LARGE"),
        (RtcService("lobby", None), "uid", "WRONG_TYPE"),  # type: ignore[arg-type]
        (RtcService("lobby", 7, ()), "privileges", "MISSING"),
        (RtcService("lobby", 7, (2, 3)), "privileges", "MISSING"),
        (RtcService("lobby", 7, ([1],)), "privileges", "UNKNOWN_CHOICE"),  # type: ignore[arg-type]
        (RtcService("lobby", 7, iter([1])), "privileges", "WRONG_TYPE"),  # type: ignore[arg-type]
        (ApaasService("room", "", privileges=(2,)), "user", "EMPTY"),
        (RtcService("lobby", 7, (5,)), "privileges", "UNKNOWN_CHOICE"),
        (RtcService("lobby", 7, (True,)), "privileges", "UNKNOWN_CHOICE"),
        (RtcService("lobby", 7, "1"), "privileges", "WRONG_TYPE"),  # type: ignore[arg-type]
        (RtcService("lobby", 7, 1), "privileges", "WRONG_TYPE"),  # type: ignore[arg-type]
        (RtcService("lobby", 7, {1: 601}), "privileges[1]", "LIFETIME_TOO_LONG"),
        (RtcService("lobby", 7, {1: 0}), "privileges[1]", "LIFETIME_TOO_SHORT"),
        (RtcService("lobby", 7, {1: "600"}), "privileges[1]", "WRONG_TYPE"),  # type: ignore[dict-item]
        (RtmService(""), "user", "EMPTY"),
        (RtmService(5), "user", "USER_IS_NUMBER"),  # type: ignore[arg-type]
        (ChatService(""), "user", "EMPTY"),
        (ChatService("", (1, 2)), "user", "EMPTY"),
        (StreamingService("lobby", ""), "account", "EMPTY"),
        (FcdnService("", "alice"), "channel", "EMPTY"),
        (ApaasService("", "alice"), "room", "EMPTY"),
        (ApaasService("room", ""), "user", "EMPTY"),
        (ApaasService("room", "alice", 2**15), "role", "OUT_OF_RANGE"),
        (ApaasService("room", "alice", True), "role", "WRONG_TYPE"),
        (Rtm2Service("alice", {0: {0: "news"}}), "permissions", "INVALID"),  # type: ignore[dict-item]
        (Rtm2Service("alice", {9: {0: ("news",)}}), "permissions", "INVALID"),
        (Rtm2Service("alice", {0: {2: ("news",)}}), "permissions", "INVALID"),
        (Rtm2Service("alice", {0: {0: ("",)}}), "permissions", "INVALID"),
        (Rtm2Service("alice", {0: {0: ("\ud800",)}}), "permissions", "INVALID"),
        (Rtm2Service("alice", None), "permissions", "INVALID"),  # type: ignore[arg-type]
        (ConvoAiService((1,)), "privileges", "UNKNOWN_CHOICE"),
    ],
)
def test_a_wrong_service_is_named_with_its_place(service: Any, field: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        build_token(DEMO, [RtmService("bob"), service], expires_in=600)
    assert (caught.value.field, caught.value.code) == (f"services[1].{field}", code)


@pytest.mark.parametrize(
    ("services", "field", "code"),
    [
        ([], "services", "EMPTY"),
        (None, "services", "WRONG_TYPE"),
        (5, "services", "WRONG_TYPE"),
        ("rtc", "services", "WRONG_TYPE"),
        (RtmService("a"), "services", "WRONG_TYPE"),
        (["rtc"], "services[0]", "WRONG_TYPE"),
        ([None], "services[0]", "WRONG_TYPE"),
        ([Service006("rtc", {1: 1})], "services[0]", "WRONG_TYPE"),
        ([UnknownService(99, b"")], "services[0]", "WRONG_TYPE"),
        ([RtmService], "services[0]", "WRONG_TYPE"),
        (itertools.repeat(RtmService("alice")), "services", "TOO_LONG"),
    ],
)
def test_what_is_no_list_of_services_is_rejected(services: Any, field: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        build_token(DEMO, services)
    assert (caught.value.field, caught.value.code) == (field, code)


def spread(value: Any) -> Any:
    return value["repeat"] * value["count"] if isinstance(value, dict) and "repeat" in value else value


@pytest.mark.parametrize("case", BUILD_INPUTS, ids=lambda case: f"{case['id']} {case['why']}")
def test_odd_arguments_never_become_a_token(case: Vector) -> None:
    """The public builders refuse all but one of these, and name the field that is wrong."""
    given = {name: spread(value) for name, value in case["input"].items()}
    if case["why"] == "role: word":  # the numbers' builders take it for a subscriber; here it is the right way
        credentials = Credentials(given["app_id"], given["app_certificate"])
        token = build_rtc_token(credentials, given["channel_name"], uid=given["uid"], role=given["role"])
        assert list(privilege_times(decode(token).services[0])) == [1, 2, 3, 4]
        return
    named = case["why"].split(":")[0]
    field = {
        "app id": "app_id",
        "app certificate": "app_certificate",
        "channel name": "channel",
        "privilege expiry": "expires_in",
        "token expire": "expires_in",
        "RTM user": "user",
    }.get(named, named)
    with pytest.raises(InputError) as caught:
        credentials = Credentials(given["app_id"], given["app_certificate"])
        lifetime = given.get("privilege_expire") if named == "privilege expiry" else given.get("expire")
        if case["version"] == "006":
            expiry = given["privilege_expired_ts"]
            lifetime = expiry if named == "privilege expiry" else 600
        options = {"version": case["version"], "expires_in": lifetime}
        if given["builder"] == "rtm":
            build_rtm_token(credentials, given["user_id"], **options)
        else:
            role: Any = {1: "publisher", 2: "subscriber"}.get(given["role"]) if type(given["role"]) is int else None
            role = role or given["role"]
            build_rtc_token(credentials, given["channel_name"], uid=given["uid"], role=role, **options)
    if case["why"] == "uid: null":
        assert "exactly one" in str(caught.value)
    assert caught.value.field == field
    assert isinstance(caught.value, CredentialError) == field.startswith("app_")
    assert DEMO.app_certificate not in str(caught.value)


def test_vectors_that_break_agoras_rules_are_refused_by_the_public_builders() -> None:
    """And those that keep them come out equal, so that validation changes nothing that is right."""
    built = refused = 0
    for vector in VECTORS:
        given = vector["input"] or {}
        if given.get("builder") not in ("rtc_uid", "rtc_account"):
            continue
        credentials = Credentials(vector["app_id"], vector["app_certificate"])
        role: Any = {1: "publisher", 2: "subscriber"}.get(given["role"], "?")
        now = vector["issued_at"] - (86_400 if vector["version"] == "006" else 0)
        lifetime = given["privilege_expired_ts"] - now if vector["version"] == "006" else vector["expire"]
        who = given.get("uid", given.get("account"))
        try:
            token = build_rtc_token(
                credentials,
                given["channel_name"],
                uid=who if isinstance(who, int) else None,
                account=who if isinstance(who, str) else None,
                role=role,
                expires_in=lifetime,
                version=vector["version"],
                allow_placeholder_names=True,
                now=now,
                salt=vector["salt"],
            )
        except InputError as error:
            refused += 1
            if error.field == "channel":
                with pytest.raises(InputError):
                    check_channel(given["channel_name"])
            continue
        if given.get("privilege_expire", lifetime) == lifetime:
            built += 1
            assert payload(token) == payload(vector["token"])
    assert built > 0
    assert refused > 20


class Named(str, enum.Enum):  # noqa: UP042 - a StrEnum prints as its value; this one does not
    ALICE = "alice"


class Numbered(int, enum.Enum):
    SEVEN = 7


class Hostile(str):
    """A text that says it is empty, and encodes to nothing."""

    def __len__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        raise RuntimeError

    def __hash__(self) -> int:
        return 0

    def encode(self, *_: Any, **__: Any) -> bytes:
        return b""


@pytest.mark.parametrize("version", ["006", "007"])
@pytest.mark.parametrize("name", [Named.ALICE, Hostile("alice")])
def test_a_text_of_another_class_is_signed_as_the_text_that_it_is(version: TokenVersion, name: str) -> None:
    """``str()`` of a (str, Enum) member is its name, and a subclass may say anything about itself."""
    token = build_rtc_token(DEMO, name, account=name, version=version, now=NOW)
    assert verify(token, DEMO, channel="alice", account="alice", now=NOW).ok
    assert verify(build_rtm_token(DEMO, name, version=version, now=NOW), DEMO, user="alice", now=NOW).ok
    mixed = build_token(DEMO, [RtcService(name, name), Rtm2Service(name, {0: {0: (name,)}})], now=NOW)
    assert verify(mixed, DEMO, channel="alice", account="alice", user="alice", now=NOW).ok
    credentials = Credentials(Hostile(DEMO.app_id), Hostile(DEMO.app_certificate))
    assert credentials == DEMO
    assert type(credentials.app_id) is str
    assert type(credentials.app_certificate) is Secret


def test_a_number_of_another_class_is_signed_as_the_number_that_it_is() -> None:
    token = build_rtc_token(DEMO, "lobby", uid=Numbered.SEVEN, now=NOW)
    assert verify(token, DEMO, channel="lobby", uid=7, now=NOW).ok
    assert verify(token, DEMO, channel="lobby", uid=Numbered.SEVEN, now=NOW).ok


@pytest.mark.parametrize(
    "services",
    [[Rtm2Service("alice", {0: {0: ("x" * 65_535, "y" * 65_535)}})], [Rtm2Service("alice", {0: {0: ("x",) * 1025}})]],
    ids=["long names", "many names"],
)
def test_what_no_reader_would_accept_is_not_built(services: Any) -> None:
    message = "services: need more than 131072 bytes, or have more than 1024 privileges and names. Spread"
    with pytest.raises(InputError, match=message) as caught:
        build_token(DEMO, services)
    assert caught.value.code == "TOO_LONG"


def test_as_many_services_are_built_as_are_read() -> None:
    assert len(decode(build_token(DEMO, [RtcService("lobby", 7)] * 64)).services) == 64
    with pytest.raises(InputError, match=r"services: has more than 64 entries\. Spread them over several tokens"):
        build_token(DEMO, [RtcService("lobby", 7)] * 65)


class LyingInt(int):
    """An int that gives any answer about itself but its value."""

    __bool__ = __eq__ = __gt__ = __ge__ = __lt__ = __le__ = lambda *_: True  # type: ignore[assignment]

    def __int__(self) -> int:
        return 1

    def __hash__(self) -> int:
        return 1


@pytest.mark.parametrize("version", ["006", "007"])
def test_a_number_that_lies_is_checked_by_its_value(version: TokenVersion) -> None:
    lifetime = LyingInt(10**6)
    refused: list[Callable[[], str]] = [
        lambda: build_rtc_token(DEMO, "lobby", uid=LyingInt(0), version=version),
        lambda: build_rtc_token(DEMO, "lobby", uid=LyingInt(2**32), version=version),
        lambda: build_rtc_token(DEMO, "lobby", uid=7, expires_in=lifetime, version=version),
        lambda: build_rtm_token(DEMO, "alice", expires_in=lifetime, version=version),
        lambda: build_rtm_token(DEMO, "alice", now=LyingInt(-1), version=version),
        lambda: build_token(DEMO, [RtcService("lobby", LyingInt(0))]),
        lambda: build_token(DEMO, [RtcService("lobby", 7, {1: LyingInt(7200)})], expires_in=3600),
        lambda: build_token(DEMO, [RtcService("lobby", 7, (1, LyingInt(99)))]),
    ]
    for build in refused:
        with pytest.raises(InputError):
            build()
    token = build_rtc_token(DEMO, "lobby", uid=LyingInt(7), expires_in=LyingInt(60), version=version, now=LyingInt(NOW))
    assert verify(token, DEMO, channel="lobby", uid=7, now=NOW).ok
    assert verify(token, DEMO, channel="lobby", uid=7, now=NOW + 61).time.status == "wrong"


def test_a_mapping_of_privileges_is_asked_once() -> None:
    class TwoFaced(dict[int, int]):
        """It lists other privileges than it has."""

        def __iter__(self) -> Iterator[int]:
            return iter((1,))

        def __contains__(self, _: object) -> bool:
            return True

    with pytest.raises(InputError, match="contains one that this service does not have"):
        build_token(DEMO, [RtcService("lobby", 7, TwoFaced({1: 60, 1000: 60}))])
    with pytest.raises(InputError, match="would admit no client"):
        build_token(DEMO, [RtcService("lobby", 7, TwoFaced({2: 60}))])


@pytest.mark.parametrize("option", [{"salt": -1}, {"now": -1}, {"expires_in": 0}])
def test_options_of_a_mixed_token_are_checked_too(option: dict[str, Any]) -> None:
    with pytest.raises(InputError) as caught:
        build_token(DEMO, [RtmService("alice")], **option)
    assert caught.value.field == next(iter(option))


NAMED: list[tuple[str, Callable[..., str]]] = [
    ("channel", lambda **options: build_rtc_token(DEMO, "undefined", uid=7, **options)),
    ("account", lambda **options: build_rtc_token(DEMO, "lobby", account="None", version="006", **options)),
    ("user", lambda **options: build_rtm_token(DEMO, ":userAccount", **options)),
    ("channel", lambda **options: build_rtc_rtm_token(DEMO, "undefined", uid=7, **options)),
    ("user", lambda **options: build_rtc_rtm_token(DEMO, "lobby", uid=7, user="null", **options)),
    ("user", lambda **options: build_chat_token(DEMO, "undefined", **options)),
    ("account", lambda **options: build_convoai_token(DEMO, "lobby", account="undefined", **options)),
    ("services[0].channel", lambda **options: build_token(DEMO, [RtcService("{channel}", 7)], **options)),
    ("services[0].uid", lambda **options: build_token(DEMO, [RtcService("lobby", "NaN")], **options)),
    ("services[1].user", lambda **options: build_token(DEMO, [RtmService("a"), ChatService("null")], **options)),
    ("services[0].room", lambda **options: build_token(DEMO, [ApaasService("%s", "alice")], **options)),
]


@pytest.mark.parametrize(("field", "build"), NAMED, ids=lambda value: str(value)[:20])
def test_a_variable_without_a_value_is_no_name_unless_the_caller_insists(field: str, build: Callable[..., str]) -> None:
    with pytest.raises(InputError) as caught:
        build()
    assert (caught.value.field, caught.value.code) == (field, ErrorCode.PLACEHOLDER_NAME)
    assert "allow_placeholder_names=True" in caught.value.hint
    assert decode(build(allow_placeholder_names=True)).services
