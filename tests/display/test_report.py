from __future__ import annotations

import pytest

from agora_helpers import build_token, verify
from agora_helpers.display.report import redacted_report
from agora_helpers.tokens.services import ApaasService, ChatService, RtcService, RtmService, Service
from tests.support import DEMO, NEGATIVES, NOW, Vector, rtc

NAMES = ("launch-party", "al1ce-account", "b0b-user")


@pytest.mark.parametrize("version", ["006", "007"])
@pytest.mark.parametrize("names", [False, True])
def test_neither_token_nor_signature_nor_certificate_is_in_it(version: str, names: bool) -> None:
    token = rtc("launch-party", version=version)
    verdict = verify(token, DEMO, channel="Launch-Party", uid=8, now=NOW)
    report = redacted_report(verdict, names=names)
    assert verdict.token
    for secret in (token, token[35:60], verdict.token.signature.hex(), DEMO.app_certificate):
        assert secret not in report
    assert ("Launch-Party" in report) is names
    assert (DEMO.app_id in report) is names


def test_no_name_is_in_it_unless_asked_for() -> None:
    services: list[Service] = [RtcService(NAMES[0], NAMES[1]), RtmService(NAMES[2]), ChatService("b0b-user")]
    token = build_token(DEMO, services, now=NOW)
    expected = ("LAUNCH-PARTY", "Al1ce-Account", "B0b-User")
    verdict = verify(token, DEMO, channel=expected[0], account=expected[1], user=expected[2], now=NOW)
    report = redacted_report(verdict).lower()
    assert "finding: channel_mismatch" in report
    assert not [name for name in NAMES if name in report]
    assert DEMO.app_id.lower() not in report
    shown = redacted_report(verdict, names=True)
    assert all(name in shown for name in (*NAMES[:2], *expected))


def test_the_room_of_a_classroom_is_not_in_it() -> None:
    token = build_token(DEMO, [ApaasService("r00m-12", "b0b-user", 1)], now=NOW)
    report = redacted_report(verify(token, DEMO, now=NOW), names=False)
    assert "r00m-12" not in report
    assert "service: apaas" in report


@pytest.mark.parametrize("case", NEGATIVES[::3], ids=lambda case: case["id"])
def test_what_is_no_token_is_not_quoted(case: Vector) -> None:
    verdict = verify(case["token"], DEMO, now=NOW)
    report = redacted_report(verdict)
    assert f"format {verdict.format.status}" in report
    assert len(case["token"]) < 8 or case["token"][:60] not in report


def test_a_certificate_in_place_of_a_token_is_not_quoted() -> None:
    report = redacted_report(verify(str(DEMO.app_certificate), DEMO, now=NOW), names=True)
    assert DEMO.app_certificate not in report
