from __future__ import annotations

import enum
import itertools
import time
from collections.abc import Callable
from typing import Any

import pytest

from agora_helpers import (
    ApaasService,
    ChatService,
    ConvoAiService,
    CredentialError,
    Credentials,
    FcdnService,
    FpaService,
    InputError,
    RtcService,
    Rtm2Service,
    RtmService,
    Service006,
    StreamingService,
    SttService,
    UnknownService,
    build_rtc_token,
    build_rtm_token,
    build_token,
    decode,
    verify,
)
from agora_helpers.tokens.services import Service, privilege_times
from agora_helpers.validation import check_channel
from tests.support import BUILD_INPUTS, NOW, VECTORS, Vector, payload

DEMO = Credentials.demo()


@pytest.mark.parametrize("version", ["006", "007"])
def test_a_publisher_has_four_privileges_and_a_subscriber_one(version: str) -> None:
    for role, numbers in (("publisher", [1, 2, 3, 4]), ("subscriber", [1])):
        token = build_rtc_token(DEMO, "lobby", uid=7, role=role, expires_in=600, version=version, now=NOW, salt=5)
        decoded = decode(token)
        ends = NOW + 600 if version == "006" else 600
        assert privilege_times(decoded.services[0]) == dict.fromkeys(numbers, ends)
        assert decoded.salt == 5 and decoded.expires_at == NOW + (86_400 if version == "006" else 600)
        assert verify(token, DEMO, channel="lobby", uid=7, now=NOW).ok
        assert not verify(token, DEMO, channel="lobby", uid=7, now=NOW + 600).ok


@pytest.mark.parametrize("version", ["006", "007"])
def test_rtm(version: str) -> None:
    token = build_rtm_token(DEMO, "alice", version=version, now=NOW)
    assert verify(token, DEMO, user="alice", now=NOW).ok
    assert not verify(token, DEMO, user="bob", now=NOW).ok
    assert not verify(token, DEMO, channel="alice", uid="", now=NOW).ok


@pytest.mark.parametrize("version", ["006", "007"])
def test_an_account_is_signed_as_it_is_and_a_uid_in_decimal(version: str) -> None:
    same = {"version": version, "now": NOW, "salt": 1}
    by_uid = build_rtc_token(DEMO, "lobby", uid=4_294_967_295, **same)  # type: ignore[arg-type]
    by_account = build_rtc_token(DEMO, "lobby", account="4294967295", **same)  # type: ignore[arg-type]
    assert payload(by_uid) == payload(by_account)


@pytest.mark.parametrize("version", ["006", "007"])
def test_a_token_for_anyone_only_when_asked_for(version: str) -> None:
    with pytest.raises(InputError, match="allow_any_uid"):
        build_rtc_token(DEMO, "lobby", uid=0, version=version)
    token = build_rtc_token(DEMO, "lobby", uid=0, allow_any_uid=True, version=version)
    verdict = verify(token, DEMO, channel="lobby", uid=99)
    assert verdict.ok and [reason.code for reason in verdict.reasons] == ["ANY_UID"]
    with pytest.raises(InputError, match="32 bits"):
        build_rtc_token(DEMO, "lobby", uid=2**32, allow_any_uid=True, version=version)


def test_exactly_one_of_uid_and_account() -> None:
    for who in ({}, {"uid": 7, "account": "alice"}):
        with pytest.raises(InputError, match="exactly one"):
            build_rtc_token(DEMO, "lobby", **who)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="account: is empty"):
        build_rtc_token(DEMO, "lobby", account="")
    with pytest.raises(InputError, match="uid=…"):
        build_rtc_token(DEMO, "lobby", account=7)  # type: ignore[arg-type]


@pytest.mark.parametrize("version", ["006", "007"])
def test_time_and_salt_come_from_the_clock_and_the_system_unless_given(version: str) -> None:
    before = int(time.time())
    tokens = [decode(build_rtc_token(DEMO, "lobby", uid=7, version=version)) for _ in range(20)]
    assert len({token.salt for token in tokens}) == 20 and all(0 < token.salt < 2**32 for token in tokens)
    lifetime = 86_400 if version == "006" else 3600
    assert all(before <= token.expires_at - lifetime <= before + 5 for token in tokens)
    zero = decode(build_rtm_token(DEMO, "alice", version=version, now=0, salt=0))
    assert zero.salt == 0 and zero.expires_at == lifetime


@pytest.mark.parametrize(
    "build", [lambda **o: build_rtc_token(DEMO, "c", uid=1, **o), lambda **o: build_rtm_token(DEMO, "u", **o)]
)
@pytest.mark.parametrize(
    "option",
    [
        {"expires_in": 0},
        {"expires_in": 86_401},
        {"version": "005"},
        {"version": 7},
        {"version": None},
        {"now": -1},
        {"now": NOW * 1000},
        {"salt": 2**32},
        {"salt": "1"},
        {"now": 2**32 - 1, "version": "006"},
    ],
)
def test_wrong_options_are_named(build: Any, option: Vector) -> None:
    with pytest.raises(InputError) as caught:
        build(**option)
    assert caught.value.field == next(iter(option))


def test_credentials_must_be_credentials() -> None:
    pair: Any = (DEMO.app_id, DEMO.app_certificate)
    builds: list[Callable[[], str]] = [
        lambda: build_rtc_token(pair, "c", uid=1),
        lambda: build_rtm_token(pair, "u"),
        lambda: build_token(pair, []),
    ]
    for build in builds:
        with pytest.raises(InputError, match="credentials: must be Credentials, not tuple"):
            build()


EVERY_SERVICE: list[Service] = [
    RtcService("lobby", 7, {1: 600, 2: 60}),
    RtcService("lobby", "alice", (1, 2, 3, 4)),
    RtmService("alice"),
    StreamingService("lobby", "alice", (1, 2)),
    FpaService(),
    ChatService("alice"),
    ChatService("", (2,)),
    FcdnService("lobby", "alice"),
    ApaasService("room", "alice", 2),
    ApaasService("", "alice", privileges=(2,)),
    ApaasService("", "", privileges=(3,)),
    Rtm2Service("alice", {0: {0: ("news", "sport"), 1: ()}, 4: {}}),
    ConvoAiService(),
    SttService(),
]


def test_any_mix_of_services_repeated_ones_included() -> None:
    token = build_token(DEMO, EVERY_SERVICE, expires_in=600, now=NOW, salt=1)
    verdict = verify(token, DEMO, channel="lobby", uid=7, user="alice", now=NOW)
    assert verdict.ok and [reason.code for reason in verdict.reasons] == ["UNEQUAL_ENDS"]  # one privilege ends early
    assert verdict.token is not None
    services = verdict.token.services
    assert [service.type for service in services] == [1, 1, 2, 3, 4, 5, 5, 6, 7, 7, 7, 8, 9, 10]
    assert services[0] == RtcService("lobby", "7", {1: 600, 2: 60})
    assert services[2] == RtmService("alice", {1: 600})
    assert services[11] == Rtm2Service("alice", {0: {0: ("news", "sport"), 1: ()}, 4: {}}, {1: 600})
    again = build_token(DEMO, services, expires_in=600, now=NOW, salt=1)  # type: ignore[arg-type]
    assert payload(again) == payload(token), "what was decoded can be built again"


@pytest.mark.parametrize(
    ("service", "field"),
    [
        (RtcService("é", 7), "channel"),
        (RtcService("lobby", 0), "uid"),
        (RtcService("lobby", ""), "uid"),
        (RtcService("lobby", True), "uid"),
        (RtcService("lobby", 2**32), "uid"),
        (RtcService("lobby", None), "uid"),  # type: ignore[arg-type]
        (RtcService("lobby", 7, ()), "privileges"),
        (RtcService("lobby", 7, (2, 3)), "privileges"),
        (RtcService("lobby", 7, ([1],)), "privileges"),  # type: ignore[arg-type]
        (RtcService("lobby", 7, iter([1])), "privileges"),  # type: ignore[arg-type]
        (ApaasService("room", "", privileges=(2,)), "user"),
        (RtcService("lobby", 7, (5,)), "privileges"),
        (RtcService("lobby", 7, (True,)), "privileges"),
        (RtcService("lobby", 7, "1"), "privileges"),  # type: ignore[arg-type]
        (RtcService("lobby", 7, 1), "privileges"),  # type: ignore[arg-type]
        (RtcService("lobby", 7, {1: 601}), "privileges[1]"),
        (RtcService("lobby", 7, {1: 0}), "privileges[1]"),
        (RtcService("lobby", 7, {1: "600"}), "privileges[1]"),  # type: ignore[dict-item]
        (RtmService(""), "user"),
        (RtmService(5), "user"),  # type: ignore[arg-type]
        (ChatService(""), "user"),
        (ChatService("", (1, 2)), "user"),
        (StreamingService("lobby", ""), "account"),
        (FcdnService("", "alice"), "channel"),
        (ApaasService("", "alice"), "room"),
        (ApaasService("room", ""), "user"),
        (ApaasService("room", "alice", 2**15), "role"),
        (ApaasService("room", "alice", True), "role"),
        (Rtm2Service("alice", {0: {0: "news"}}), "permissions"),  # type: ignore[dict-item]
        (Rtm2Service("alice", {9: {0: ("news",)}}), "permissions"),
        (Rtm2Service("alice", {0: {2: ("news",)}}), "permissions"),
        (Rtm2Service("alice", {0: {0: ("",)}}), "permissions"),
        (Rtm2Service("alice", {0: {0: ("\ud800",)}}), "permissions"),
        (Rtm2Service("alice", None), "permissions"),  # type: ignore[arg-type]
        (ConvoAiService((1,)), "privileges"),
    ],
)
def test_a_wrong_service_is_named_with_its_place(service: Any, field: str) -> None:
    with pytest.raises(InputError) as caught:
        build_token(DEMO, [RtmService("bob"), service], expires_in=600)
    assert caught.value.field == f"services[1].{field}"


@pytest.mark.parametrize(
    "services",
    [
        [],
        None,
        5,
        "rtc",
        RtmService("a"),
        ["rtc"],
        [None],
        [Service006("rtc", {1: 1})],
        [UnknownService(99, b"")],
        [RtmService],
    ],
)
def test_what_is_no_list_of_services_is_refused(services: Any) -> None:
    with pytest.raises(InputError, match="services"):
        build_token(DEMO, services)


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
            role = {1: "publisher", 2: "subscriber"}.get(given["role"]) if type(given["role"]) is int else None
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
        role = {1: "publisher", 2: "subscriber"}.get(given["role"])
        now = vector["issued_at"] - (86_400 if vector["version"] == "006" else 0)
        lifetime = given["privilege_expired_ts"] - now if vector["version"] == "006" else vector["expire"]
        who = given.get("uid", given.get("account"))
        try:
            token = build_rtc_token(
                credentials,
                given["channel_name"],
                uid=who if isinstance(who, int) else None,
                account=who if isinstance(who, str) else None,
                role=role or "?",
                expires_in=lifetime,
                version=vector["version"],
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
    assert built and refused > 20


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
def test_a_text_of_another_class_is_signed_as_the_text_that_it_is(version: str, name: str) -> None:
    """``str()`` of a (str, Enum) member is its name, and a subclass may say anything about itself."""
    token = build_rtc_token(DEMO, name, account=name, version=version, now=NOW)
    assert verify(token, DEMO, channel="alice", account="alice", now=NOW).ok
    assert verify(build_rtm_token(DEMO, name, version=version, now=NOW), DEMO, user="alice", now=NOW).ok
    mixed = build_token(DEMO, [RtcService(name, name), Rtm2Service(name, {0: {0: (name,)}})], now=NOW)
    assert verify(mixed, DEMO, channel="alice", account="alice", user="alice", now=NOW).ok
    credentials = Credentials(Hostile(DEMO.app_id), Hostile(DEMO.app_certificate))
    assert credentials == DEMO and type(credentials.app_certificate) is str


def test_a_number_of_another_class_is_signed_as_the_number_that_it_is() -> None:
    token = build_rtc_token(DEMO, "lobby", uid=Numbered.SEVEN, now=NOW)
    assert verify(token, DEMO, channel="lobby", uid=7, now=NOW).ok
    assert verify(token, DEMO, channel="lobby", uid=Numbered.SEVEN, now=NOW).ok


def test_what_no_reader_would_take_is_not_built() -> None:
    names = ("x" * 65_535, "y" * 65_535)
    for services in ([Rtm2Service("alice", {0: {0: names}})], [RtcService("lobby", 7)] * 20_000):
        with pytest.raises(InputError, match="more than 131072 bytes"):
            build_token(DEMO, services)
    with pytest.raises(InputError, match="more than 65535 entries"):
        build_token(DEMO, itertools.repeat(RtmService("alice")))
    for option in ({"salt": -1}, {"now": -1}, {"expires_in": 0}):
        with pytest.raises(InputError, match=next(iter(option))):
            build_token(DEMO, [RtmService("alice")], **option)
