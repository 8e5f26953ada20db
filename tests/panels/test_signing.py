from __future__ import annotations

import pytest

from agora_helpers import InputError, UnknownService, build_token, decode, verify
from agora_helpers.panels.signing import editable, sign_again
from agora_helpers.tokens import v007
from agora_helpers.tokens.services import RtcService, RtmService
from tests.support import DEMO, NOW, rtc


@pytest.mark.parametrize(
    ("field", "value", "attribute"),
    [("expire", "60", "expire"), ("issued_at", "5", "issued_at"), ("salt", "0", "salt")],
)
def test_a_number_of_the_token(field: str, value: str, attribute: str) -> None:
    again = decode(sign_again(decode(rtc()), DEMO, {field: value}))
    assert getattr(again, attribute) == int(value)


def test_nothing_changed_gives_the_same_token() -> None:
    for token in (rtc(), rtc(role="publisher")):
        assert decode(sign_again(decode(token), DEMO, {})).payload == decode(token).payload


def test_names_and_privileges() -> None:
    again = sign_again(decode(rtc()), DEMO, {"channel": "stage", "uid": "8", "privilege 1": "60"})
    verdict = verify(again, DEMO, channel="stage", uid=8, now=NOW)
    assert verdict.ok
    assert decode(again).services[0].privileges == {1: 60}


def test_with_several_services_fields_name_theirs() -> None:
    token = build_token(DEMO, [RtcService("lobby", 7), RtmService("alice")], now=NOW, salt=1)
    assert {"rtc: channel", "rtc: uid", "rtm: user", "rtm: privilege 1", "salt"} <= set(editable(decode(token)))
    again = sign_again(decode(token), DEMO, {"rtm: user": "bob"})
    assert [service.name for service in decode(again).services] == ["rtc", "rtm"]
    assert verify(again, DEMO, channel="lobby", uid=7, user="bob", now=NOW).ok


def test_006_signs_the_names_that_it_does_not_contain() -> None:
    old = decode(rtc(version="006"))
    assert editable(old)["channel"] == ""
    again = sign_again(old, DEMO, {"channel": "stage", "uid": "7", "ts": str(NOW + 60)})
    assert verify(again, DEMO, channel="stage", uid=7, now=NOW).ok
    assert decode(again).ts == NOW + 60


def test_a_service_of_an_unknown_type_is_kept() -> None:
    token = v007.encode(DEMO.app_id, DEMO.app_certificate, [UnknownService(99, b"abc")], issued_at=1, expire=1, salt=1)
    assert decode(sign_again(decode(token), DEMO, {"salt": "2"})).unread == UnknownService(99, b"abc")


@pytest.mark.parametrize("value", ["", "x", "-1", "4294967296", "9" * 5000, "\u0663"])
def test_a_number_that_does_not_fit(value: str) -> None:
    with pytest.raises(InputError, match="expire: must be a whole number, 0 to 4294967295"):
        sign_again(decode(rtc()), DEMO, {"expire": value})


def test_a_string_that_does_not_fit() -> None:
    with pytest.raises(InputError, match="channel: is longer than 65535 bytes"):
        sign_again(decode(rtc()), DEMO, {"channel": "x" * 65_536})
