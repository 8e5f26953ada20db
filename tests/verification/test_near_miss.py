from __future__ import annotations

import time
from typing import Any

import pytest

from agora_helpers import Credentials, build_rtc_token, verify
from agora_helpers.tokens import v006, v007
from agora_helpers.verification.near_miss import differ_slightly, is_number, near_miss
from tests.support import DEMO, NOW
from tests.verification.samples import OTHER_CERTIFICATE, OTHER_SIGNER, lobby, rtc


def hint(token: str, *, channel: str = "lobby", uid: int = 7) -> str:
    """Return what the first mismatch adds about a near miss; empty if it adds nothing."""
    rows = verify(token, DEMO, channel=channel, uid=uid, now=NOW).compared
    return next(row.reason.detail for row in rows if row.reason).partition(". ")[2]


def rtc_in(channel: str, **options: Any) -> str:
    return build_rtc_token(DEMO, channel, uid=7, allow_placeholder_names=True, now=NOW, salt=1, **options)


@pytest.mark.parametrize("version", ["006", "007"])
@pytest.mark.parametrize(
    ("signed", "joined", "sentence"),
    [
        ("lobby", "Lobby", "It matches in lower case: 'lobby'."),
        ("LOBBY", "lobby", "It matches in upper case: 'LOBBY'."),
        ("Lobby", "lobby", "It matches with a capital letter: 'Lobby'."),
        ("lobby", " lobby", "It matches without the spaces around it: 'lobby'."),
        ("a room", "a%20room", "It matches percent-decoded: 'a room'."),
        ("room", "room#1", "It matches up to the #: 'room'."),
        ("lobby ", "lobby", "It matches with a space after it: 'lobby '."),
        (" lobby", "lobby", "It matches with a space before it: ' lobby'."),
        ("undefined", "lobby", "The token was signed for 'undefined': a variable was not set."),
        ("other", "lobby", ""),
    ],
)
def test_a_channel_name_that_was_altered(version: str, signed: str, joined: str, sentence: str) -> None:
    assert hint(rtc_in(signed, version=version), channel=joined) == sentence


@pytest.mark.parametrize(
    ("signed", "joined", "sentence"),
    [
        ("a+room", "a room", "They differ only in percent-encoding."),
        ("myRoom", "MYroom", "They differ only in case or spaces."),
        ("0042", "42", "They are the same number, written differently."),
    ],
)
def test_names_that_differ_slightly(signed: str, joined: str, sentence: str) -> None:
    assert hint(rtc_in(signed, version="007"), channel=joined) == sentence
    assert hint(rtc_in(signed, version="006"), channel=joined) == "", "a checksum cannot be turned back into a name"


@pytest.mark.parametrize(
    ("signed", "sentence"),
    [
        ("lobby\n", r" It matches with a line break after it: 'lobby\n'."),
        ("lobby\r\n", r" It matches with a line break after it: 'lobby\r\n'."),
        ('"lobby"', " It matches in quotes: '\"lobby\"'."),
        ("'lobby'", """ It matches in quotes: "'lobby'"."""),
    ],
)
def test_a_name_with_something_around_it(signed: str, sentence: str) -> None:
    assert near_miss("lobby", {signed}.__contains__) == sentence


@pytest.mark.parametrize("version", ["006", "007"])
def test_a_uid_as_java_shows_it(version: str) -> None:
    token = rtc(uid=4_294_967_289, version=version)
    assert hint(token, uid=-7) == "It matches as an unsigned 32-bit number: '4294967289'."


@pytest.mark.parametrize("version", ["006", "007"])
def test_a_uid_that_was_signed_as_java_shows_it(version: str) -> None:
    token = rtc(uid=None, account="-7", version=version)
    assert hint(token, uid=4_294_967_289) == "It matches as a signed 32-bit number: '-7'."


def test_a_user_account_that_was_never_set() -> None:
    token = rtc(uid=None, account="None", version="006", allow_placeholder_names=True)
    assert hint(token) == "The token was signed for 'None': a variable was not set."


@pytest.mark.parametrize("version", ["006", "007"])
def test_a_uid_that_became_a_float(version: str) -> None:
    verdict = verify(rtc(uid=None, account="7.0", version=version), DEMO, channel="lobby", uid=7, now=NOW)
    assert verdict.reasons[0].code == "UID_MISMATCH"
    assert verdict.reasons[0].detail.endswith("It matches as the same number with a decimal point: '7.0'.")


@pytest.mark.parametrize("version", ["006", "007"])
@pytest.mark.parametrize(
    ("certificate", "detail"),
    [
        (DEMO.app_certificate.upper(), "App Certificate in upper case: the server"),
        (f"{DEMO.app_certificate}\n", "App Certificate with a line break after it: the server"),
        (f"{DEMO.app_certificate}\r\n", "App Certificate with a line break after it: the server"),
        (f"{DEMO.app_certificate} ", "App Certificate with a space after it: the server"),
        (f" {DEMO.app_certificate}", "App Certificate with a space before it: the server"),
        (f'"{DEMO.app_certificate}"', "App Certificate in quotes: the server"),
        (f"'{DEMO.app_certificate}'", "App Certificate in quotes: the server"),
        (DEMO.app_id, "App ID in place of the App Certificate."),
        ("", "'' in place of the App Certificate: the server's variable was not set."),
        ("undefined", "'undefined' in place of the App Certificate: the server's variable was not set."),
        ("0" * 32, "another App Certificate, or changed after it was signed."),
    ],
)
def test_a_certificate_that_was_altered(version: str, certificate: str, detail: str) -> None:
    token = v006.encode(DEMO.app_id, certificate, "lobby", "7", {1: NOW + 600}, ts=NOW + 86_400, salt=1)
    if version == "007":
        token = v007.encode(DEMO.app_id, certificate, [lobby({1: 600})], issued_at=NOW, expire=600, salt=1)
    verdict = verify(token, DEMO, channel="lobby", uid=7, now=NOW)
    assert [reason.code for reason in verdict.reasons] == ["WRONG_SIGNATURE"]
    assert verdict.signature.detail.startswith(f"Signed with {'the ' if detail.startswith('App') else ''}{detail}")
    assert DEMO.app_certificate.lower() not in str(verdict).lower()


def test_the_certificate_of_this_side_may_be_the_one_in_capitals() -> None:
    verifier = Credentials(DEMO.app_id, OTHER_CERTIFICATE.upper())
    detail = verify(rtc(OTHER_SIGNER), verifier, channel="lobby", uid=7, now=NOW).signature.detail
    assert detail.startswith("Signed with the App Certificate in lower case: ")


def test_app_ids_that_differ_only_in_case() -> None:
    token = rtc(Credentials(DEMO.app_id.swapcase(), DEMO.app_certificate))
    assert hint(token) == ""
    assert verify(token, DEMO, now=NOW).reasons[0].detail == "The App ID in the token differs only in case."


@pytest.mark.parametrize("odd", [None, "", "\ud800", "%", "#", "\0" * 9])
def test_any_string_may_be_expected(odd: str | None) -> None:
    assert near_miss(odd, lambda _: False) == ""


def test_a_long_name_of_zeros_takes_no_time() -> None:
    started = time.process_time()
    assert differ_slightly("0" * 65_534 + "x", ["7"]) == ""
    assert time.process_time() - started < 1


@pytest.mark.parametrize("name", ["0", "7", "-7", "0x1f", "7.0"])
def test_a_number(name: str) -> None:
    assert is_number(name)


@pytest.mark.parametrize("name", ["", "7a", "\u0667", "-", "1.5"])
def test_a_name_that_is_not_a_number(name: str) -> None:
    assert not is_number(name)


@pytest.mark.parametrize("version", ["006", "007"])
def test_channel_and_uid_swapped_in_the_call_of_the_builder(version: Any) -> None:
    token = build_rtc_token(DEMO, "7", account="lobby", version=version, now=NOW)
    verdict = verify(token, DEMO, channel="lobby", uid=7, now=NOW)
    assert "It has '7' there: channel and uid were swapped" in verdict.reasons[0].detail
    verdict = verify(token, DEMO, channel="lobby", uid=8, now=NOW)
    assert "swapped" not in str(verdict)
