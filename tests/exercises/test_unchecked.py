from __future__ import annotations

from typing import Any

import pytest

from agora_helpers import InputError, RtcService, RtmService, build_rtc_token, build_token, decode, verify
from agora_helpers.exercises import sign_unchecked
from agora_helpers.tokens.services import Service
from tests.support import DEMO, NOW

TIMES: dict[str, Any] = {"issued_at": NOW, "expire": 3600, "salt": 1}


def test_values_that_are_right_give_the_builders_token() -> None:
    service = RtcService("lobby", "7", {1: 3600})
    assert sign_unchecked(DEMO, service, **TIMES) == build_rtc_token(DEMO, "lobby", uid=7, now=NOW, salt=1)


def test_several_services_are_in_one_token() -> None:
    token = sign_unchecked(DEMO, RtcService("news", "bob", {1: 3600}), RtmService("bob", {1: 3600}), **TIMES)
    assert [service.name for service in decode(token).services] == ["rtc", "rtm"]
    assert verify(token, DEMO, channel="news", account="bob", user="bob", now=NOW).ok


@pytest.mark.parametrize(
    ("service", "expire"),
    [
        (RtcService("x" * 64, "7", {1: 3600}), 3600),
        (RtcService("caf\u00e9", "7", {1: 3600}), 3600),
        (RtcService("lobby", "7", {1: NOW + 3600}), NOW + 3600),
        (RtcService("lobby", "7", {}), 3600),
        (RtmService("", {1: 3600}), 3600),
    ],
    ids=["long name", "other character", "time for a duration", "no privilege", "no user"],
)
def test_values_that_the_builders_reject_are_signed(service: Service, expire: int) -> None:
    with pytest.raises(InputError):
        build_token(DEMO, [service], expires_in=expire, now=NOW)
    token = sign_unchecked(DEMO, service, issued_at=NOW, expire=expire)
    decoded = decode(token)
    assert [*decoded.services] == [service]
    assert decoded.expire == expire
    assert verify(token, DEMO, now=NOW).signature.status == "ok"


def test_by_default_each_token_has_another_salt() -> None:
    service = RtcService("lobby", "7", {1: 3600})
    first, second = (sign_unchecked(DEMO, service, issued_at=NOW, expire=3600) for _ in range(2))
    assert decode(first).salt != decode(second).salt
