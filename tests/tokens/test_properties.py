"""What holds for every token, and for every string."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agora_helpers import (
    Rtm2Service,
    TokenFormatError,
    UnknownService,
    decode,
    verify,
)
from agora_helpers.tokens import v006, v007
from agora_helpers.tokens.services import SERVICE_CLASSES
from agora_helpers.tokens.wire import FieldReader, to_base64
from tests.support import DEMO, NOW, payload, wrap
from tests.tokens.samples import MIXED_007, RTC_006, RTC_007, RTM_006

uint16, uint32 = st.integers(0, 2**16 - 1), st.integers(0, 2**32 - 1)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
privileges = st.dictionaries(uint16, uint32, max_size=4)
permissions = st.dictionaries(
    uint16, st.dictionaries(uint16, st.lists(texts, max_size=3).map(tuple), max_size=3), max_size=3
)
kinds = {"string": texts, "int16": st.integers(-(2**15), 2**15 - 1), "permissions": permissions}
services = st.one_of(
    [
        st.builds(service, privileges=privileges, **{part.attribute: kinds[part.kind] for part in service.parts})
        for service in SERVICE_CLASSES.values()
    ]
)
times = {"issued_at": uint32, "expire": uint32, "salt": uint32}


@given(st.lists(services, max_size=5), st.fixed_dictionaries(times))
def test_007_round_trip(mixed: list[Any], numbers: dict[str, int]) -> None:
    token = v007.encode(DEMO.app_id, DEMO.app_certificate, mixed, **numbers)
    decoded = decode(token)
    assert list(decoded.services) == sorted(mixed, key=lambda service: service.type)
    assert {name: getattr(decoded, name) for name in numbers} == numbers
    assert verify(token, DEMO).signature.status == "ok"
    assert b"".join(field.raw for field in decoded.fields) == decoded.payload == payload(token)
    assert v007.read(FieldReader(decoded.payload)) == decoded


@given(st.lists(services, max_size=2), st.integers(11, 2**16 - 1), st.binary(max_size=20))
def test_an_unknown_service_keeps_what_came_before_and_the_rest(mixed: list[Any], number: int, data: bytes) -> None:
    unknown = UnknownService(number, data)
    token = v007.encode(DEMO.app_id, DEMO.app_certificate, [*mixed, unknown], issued_at=1, expire=1, salt=1)
    decoded = decode(token)
    assert decoded.unread == unknown and len(decoded.services) == len(mixed)
    assert verify(token, DEMO).signature.status == "ok"


@given(texts, texts, privileges, uint32, uint32)
def test_006_round_trip(channel: str, uid: str, granted: dict[int, int], ts: int, salt: int) -> None:
    token = v006.encode(DEMO.app_id, DEMO.app_certificate, channel, uid, granted, ts=ts, salt=salt)
    decoded = decode(token)
    assert (decoded.ts, decoded.salt, decoded.services[0].privileges) == (ts, salt, granted)
    who: dict[str, str] = {"user": channel} if 1000 in granted else {"channel": channel, "uid": uid}
    if "user" not in who or not uid:
        assert verify(token, DEMO, **who).signature.status == "ok"  # type: ignore[arg-type]
    assert v006.read(FieldReader(decoded.payload), decoded.app_id) == decoded


def verified(token: str) -> bool:
    if RTM_006.startswith(token[:35]) and len(token) == len(RTM_006):
        return verify(token, DEMO, user="alice", now=NOW).ok
    return verify(token, DEMO, channel="lobby", uid=7, now=NOW, partial=True).ok


@pytest.mark.parametrize("token", [RTC_006, RTM_006, RTC_007, MIXED_007], ids=["006", "006 RTM", "007", "007 mixed"])
def test_no_byte_can_be_flipped(token: str) -> None:
    assert verified(token)
    head = token[:35] if token.startswith("006") else "007"
    data = payload(token)
    for place in range(len(data)):
        for bit in (1, 0x80):
            flipped = bytearray(data)
            flipped[place] ^= bit
            assert not verified(wrap(head, bytes(flipped))), place


@pytest.mark.parametrize("token", [RTC_006, RTC_007], ids=["006", "007"])
def test_a_changed_character_is_refused_or_not_verified_or_changes_nothing(token: str) -> None:
    for place in range(len(token)):
        for character in "0Aa+/= \n-é":
            changed = token[:place] + character + token[place + 1 :]
            if verified(changed):
                assert decode(changed).payload == decode(token).payload
                assert changed == token or token.startswith("007")


@pytest.mark.parametrize("token", [RTC_006, RTC_007, MIXED_007], ids=["006", "007", "007 mixed"])
def test_a_token_cut_short_anywhere_is_no_token(token: str) -> None:
    for end in range(len(token)):
        with pytest.raises(TokenFormatError):
            decode(token[:end])
    head = token[:35] if token.startswith("006") else "007"
    data = payload(token)
    for end in range(len(data)):
        with pytest.raises(TokenFormatError) as caught:
            decode(wrap(head, data[:end]))
        assert caught.value.offset is not None and caught.value.offset <= end and caught.value.where == "payload"


def value_or_format_error(text: Any) -> None:
    try:
        decoded = decode(text)
    except TokenFormatError:
        return
    decoded.to_dict()
    assert decoded.fields is not None


@given(st.one_of(st.text(), st.text().map("006".__add__), st.text().map("007".__add__), st.integers(), st.binary()))
def test_any_text_at_all_is_a_value_or_a_format_error(text: Any) -> None:
    value_or_format_error(text)


@given(st.binary(max_size=200), st.sampled_from(["007", "006" + DEMO.app_id]))
def test_any_bytes_well_wrapped_are_a_value_or_a_format_error(data: bytes, head: str) -> None:
    value_or_format_error(wrap(head, data))
    value_or_format_error(head + to_base64(data))


@given(st.data())
def test_a_token_with_some_bytes_replaced_is_a_value_or_a_format_error(data: st.DataObject) -> None:
    token = data.draw(st.sampled_from([RTC_006, RTC_007, MIXED_007]))
    content = bytearray(payload(token))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    value_or_format_error(wrap(token[:35] if token.startswith("006") else "007", bytes(content)))


def test_empty_permissions_survive() -> None:
    service = Rtm2Service("alice", {0: {}}, {1: 600})
    token = v007.encode(DEMO.app_id, DEMO.app_certificate, [service], issued_at=1, expire=600, salt=1)
    assert decode(token).services == (service,)
