"""The value that :func:`decode` returns: facts of the token, fixed."""

from __future__ import annotations

import copy
import dataclasses
import gc
import json
import pickle
import tracemalloc
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from agora_helpers import (
    Credentials,
    DecodedToken,
    RtcService,
    Rtm2Service,
    RtmService,
    build_rtc_token,
    build_token,
    decode,
    verify,
)
from agora_helpers.secret import Secret
from agora_helpers.tokens import v006, v007
from agora_helpers.tokens.frozen import FrozenDict
from agora_helpers.tokens.services import SERVICE_CLASSES, UnknownService, privilege_times
from tests.support import DEMO, NOW
from tests.tokens.samples import MIXED_007, RTC_006, RTC_007, RTM_006

TOKENS = [RTC_006, RTM_006, RTC_007, MIXED_007]
IDS = ["006", "006 RTM", "007", "007 mixed"]
PAIR = (DEMO.app_id, DEMO.app_certificate)


def encode(*services: Any, expire: int = 600) -> DecodedToken:
    return decode(v007.encode(*PAIR, services, issued_at=NOW, expire=expire, salt=1))


@pytest.mark.parametrize("token", TOKENS, ids=IDS)
def test_nothing_of_a_decoded_token_can_be_changed(token: str) -> None:
    decoded = decode(token)
    for value in (decoded, *decoded.services):
        for field in dataclasses.fields(value):
            with pytest.raises(dataclasses.FrozenInstanceError):
                setattr(value, field.name, "x")
            with pytest.raises(dataclasses.FrozenInstanceError):
                delattr(value, field.name)
        with pytest.raises((AttributeError, TypeError)):
            value.unheard_of = 1  # type: ignore[union-attr]
        assert not hasattr(value, "__dict__")
    assert decoded == decode(token)


CHANGES: list[Callable[[Any], object]] = [
    lambda mapping: mapping.__setitem__(1, 0),
    lambda mapping: mapping.__delitem__(1),
    lambda mapping: mapping.__ior__({1: 0}),
    lambda mapping: mapping.clear(),
    lambda mapping: mapping.pop(1),
    lambda mapping: mapping.popitem(),
    lambda mapping: mapping.setdefault(9, 0),
    lambda mapping: mapping.update({1: 0}),
]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("token", [RTC_006, RTC_007], ids=["006", "007"])
def test_privileges_cannot_be_changed(token: str, change: Callable[[Any], object]) -> None:
    privileges = privilege_times(decode(token).services[0])
    before = dict(privileges)
    with pytest.raises(TypeError, match="cannot be changed"):
        change(privileges)
    assert privileges == before


def test_permissions_cannot_be_changed() -> None:
    (service,) = encode(Rtm2Service("alice", {0: {1: ("news",)}}, {1: 600})).services
    assert isinstance(service, Rtm2Service)
    for mapping in (service.permissions, service.permissions[0]):
        with pytest.raises(TypeError, match="cannot be changed"):
            mapping[0] = {}  # type: ignore[index]


def test_mappings_look_and_compare_like_plain_ones() -> None:
    (service,) = decode(RTC_007).services
    assert repr(service) == "RtcService(channel='lobby', uid='7', privileges={1: 3600, 2: 3600, 3: 3600, 4: 3600})"
    assert service.privileges == {1: 3600, 2: 3600, 3: 3600, 4: 3600}
    assert json.dumps(service.privileges) == '{"1": 3600, "2": 3600, "3": 3600, "4": 3600}'
    assert type(service.privileges) is FrozenDict


@pytest.mark.parametrize("token", TOKENS, ids=IDS)
@pytest.mark.parametrize(
    "duplicate",
    [copy.copy, copy.deepcopy, dataclasses.replace, *(lambda v, p=p: pickle.loads(pickle.dumps(v, p)) for p in (2, 5))],
    ids=["copy", "deepcopy", "replace", "pickle 2", "pickle 5"],
)
def test_a_copy_is_equal_and_just_as_fixed(token: str, duplicate: Callable[[Any], Any]) -> None:
    decoded = decode(token)
    same = duplicate(decoded)
    assert type(same) is DecodedToken
    assert same == decoded
    assert hash(same) == hash(decoded)
    service: Any = same.services[0]
    with pytest.raises(dataclasses.FrozenInstanceError):
        service.privileges = {}
    with pytest.raises(TypeError):
        service.privileges.clear()


def test_one_value_can_be_replaced_in_a_copy() -> None:
    decoded = decode(RTC_007)
    assert dataclasses.replace(decoded, salt=2).salt == 2
    service = decoded.services[0]
    assert isinstance(service, RtcService)
    assert dataclasses.replace(service, channel="stage").channel == "stage"
    assert decode(RTC_007) == decoded


def test_decoded_services_are_of_the_public_classes() -> None:
    assert type(decode(RTC_007).services[0]) is RtcService


@pytest.mark.parametrize("service", SERVICE_CLASSES.values(), ids=lambda service: service.name)
def test_the_fields_of_a_service_are_its_parts_and_its_privileges(service: Any) -> None:
    names = [field.name for field in dataclasses.fields(service)]
    assert names == [*(part.attribute for part in service.parts), "privileges"]


@pytest.mark.parametrize(
    ("expire", "ends_at"), [(0, NOW), (600, NOW + 600), (86_400, NOW + 86_400), (86_401, NOW + 86_400)]
)
def test_a_007_token_ends_after_24_hours_at_the_latest(expire: int, ends_at: int) -> None:
    decoded = encode(RtmService("alice", {1: 60}), expire=expire)
    assert decoded.ends_at == ends_at
    assert decoded.expires_at == NOW + expire


def test_a_006_token_ends_when_it_says() -> None:
    decoded = decode(v006.encode(*PAIR, "lobby", "7", {1: NOW}, ts=NOW + 200_000, salt=1))
    assert decoded.ends_at == decoded.expires_at == NOW + 200_000


@pytest.mark.parametrize(
    ("number", "end"),
    [(1, NOW + 60), (2, NOW + 86_400), (3, 0), (4, NOW + 100_000)],
    ids=["its own", "that of the token, for 0", "none, if it is missing", "later than the token"],
)
def test_the_end_of_a_privilege_in_007(number: int, end: int) -> None:
    decoded = encode(RtcService("lobby", "7", {1: 60, 2: 0, 4: 100_000}), expire=90_000)
    assert decoded.privilege_end(decoded.services[0], number) == end


@pytest.mark.parametrize(("number", "end"), [(1, NOW + 60), (2, NOW + 600), (3, 0)])
def test_the_end_of_a_privilege_in_006(number: int, end: int) -> None:
    decoded = decode(v006.encode(*PAIR, "lobby", "7", {1: NOW + 60, 2: 0}, ts=NOW + 600, salt=1))
    assert decoded.privilege_end(decoded.services[0], number) == end


def repeated(entries: str) -> DecodedToken:
    unknown = UnknownService(1, bytes.fromhex(entries))
    return encode(unknown)


def test_a_repeated_privilege_is_known_from_the_first_read() -> None:
    assert repeated("0200 0100 05000000 0100 07000000 0000 0000").repeats_entry
    assert not repeated("0200 0100 05000000 0200 07000000 0000 0000").repeats_entry


@pytest.mark.parametrize(
    ("permissions", "expected"),
    [
        ("0200 0000 0000 0000 0000", True),  # resource 0 twice
        ("0100 0000 0200 0100 0000 0100 0000", True),  # kind 1 twice
        ("0200 0000 0000 0100 0000", False),
    ],
)
def test_a_repeated_permission_is_known_too(permissions: str, expected: bool) -> None:
    rtm2 = UnknownService(8, bytes.fromhex("0000 0000" + permissions))
    assert encode(rtm2).repeats_entry is expected


def holders_of(secret: str) -> list[object]:
    """Return every object known to the garbage collector that refers to the secret, as a string or as bytes."""
    gc.collect()
    encoded = secret.encode()
    holders = []
    for candidate in gc.get_objects():  # loops, since a comprehension would itself hold the secret in a cell
        items = gc.get_referents(candidate)
        for item in items:
            if type(item) in (tuple, dict) and not gc.is_tracked(item):
                items += gc.get_referents(item)  # such as the keys of a cache, which the collector does not list
            if (type(item) in (str, Secret) and item == secret) or (type(item) is bytes and item == encoded):
                holders.append(candidate)
    return holders


def test_nothing_but_the_credentials_holds_the_certificate() -> None:
    """No cache of this package or of a library."""
    half = "0123456789abcdef"
    credentials = Credentials("a" * 32, half[::-1] + half)
    tokens = [build_rtc_token(credentials, "lobby", uid=7), build_rtc_token(credentials, "lobby", uid=7, version="006")]
    tokens.append(build_token(credentials, [RtmService("alice")]))
    assert [verify(token, credentials, channel="lobby", uid=7).signature.status for token in tokens] == ["ok"] * 3
    holders = holders_of(credentials.app_certificate)
    assert len(holders) == 1
    assert holders[0] is credentials


def test_decoding_large_tokens_keeps_no_memory() -> None:
    tokens = [
        v007.encode(
            *PAIR, [RtmService(Random(salt).randbytes(20_000).hex(), {1: 600})], issued_at=NOW, expire=600, salt=salt
        )
        for salt in range(64)
    ]
    assert min(map(len, tokens)) > 25_000
    decode(tokens[0])
    gc.collect()
    tracemalloc.start()
    for token in tokens:
        assert len(decode(token).fields) == 14
    gc.collect()
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 25_000, "not even one of them"
