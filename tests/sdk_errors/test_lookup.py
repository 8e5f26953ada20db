from __future__ import annotations

import time
from typing import Any, get_args
from unittest.mock import Mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agora_helpers import InputError, build_rtc_token
from agora_helpers.errors import ErrorCode
from agora_helpers.sdk_errors.lookup import explain_error
from agora_helpers.sdk_errors.table import ERRORS, ErrorExplanation, Row, Surface
from tests.support import DEMO, NOW

EXPLANATIONS = [explanation for explanation, _ in ERRORS]

LISTED: dict[str, str] = {
    "RTC native": "101 6 102 7 109 9 110 8 10 12 19 -17 119 121 123 134 -2 -7",
    "RTC Web": "2010005 2010007 2010009 2010010 2010011 2010013 2010014 2010015 2010016 2010018 "
    "101 109 110 118 119 120 2",
    "RTM 1.x": "1 2 3 4 5 6 7 8 9 10 101",
    "RTM 2.x": "-10003 -10005 -10006 -10009 -10012 -10013 -10015 -10016 -10026 -10027 16 17 20 401 403",
}
"""The codes that Agora's documentation and its SDKs give for a refused client, by SDK."""

# The texts of agora-rtc-sdk-ng 4.24.8 and agora-rtm-sdk 2.3.0, and the access point's number for each.
WEB_TEXTS = {
    5: "invalid vendor key, can not find appid",
    7: "invalid channel name",
    9: "invalid token, authorized failed",
    10: "dynamic key or token timeout",
    11: "no active status",
    13: "dynamic key expired",
    14: "static use dynamic key",
    15: "dynamic use static key",
}
RTM_TEXTS = {
    5: ("-10003", "INVALID_APP_ID, Illegal App ID"),
    7: ("-10005", "INVALID_USER_ID, The user ID to login does not match the token"),
    9: ("-10005", "NO_AUTHORIZED, Signature verification failed"),
    10: ("-10009", "TOKEN_TIMEOUT, Dynamic key expired"),
    11: ("-10003", "APP_ID_NO_ACTIVATED, The vendor is not activated"),
    12: ("-10005", "INVALID_TOKEN_UID, UID in the security key(token) is not valid"),
    13: ("-10009", "TOKEN_EXPIRED, The token has expired"),
    14: ("-10003", "DYNAMIC_KEY_NOT_ENABLED, The vendor did not enable the dynamic key, but uses the dynamic key"),
    15: (
        "-10005",
        "DYNAMIC_ENABLED_BUT_STATIC_KEY, The vendor enabled the dynamic key, but uses the static key",
    ),
    20: ("-10015", "NO_ANY_PRIVILEGE, Token does not have any privilege"),
    21: ("-10015", "NO_RTM_PRIVILEGE, Token does not have RTM privilege"),
    26: ("-10015", "NO_ACTIVE_PRODUCT_STATUS, NOT_ENABLE_RTM or service has been stopped."),
}
RENEWAL = (
    *("SUCCESS", "FAILURE", "TOKEN_EXPIRED", "INVALID_TOKEN", "INVALID_CHANNEL_NAME", "INCONSISTENT_APPID"),
    "CANCELED_BY_NEW_REQUEST",
)


def errors(text: str) -> list[tuple[str, str]]:
    """Return the surface and the code of each answer."""
    return [(explanation.surface, explanation.code) for explanation in explain_error(text)]


def names(text: str) -> list[str]:
    return [explanation.name for explanation in explain_error(text)]


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).lower()


@pytest.mark.parametrize(("surface", "code"), [(s, code) for s, codes in LISTED.items() for code in codes.split()])
@pytest.mark.parametrize("text", ["{}", " '{}'. ", "error {}", "ErrorCode: {}", "onError({}, null)"])
def test_every_listed_code_is_in_the_table_and_found(surface: str, code: str, text: str) -> None:
    assert (surface, code) in {(explanation.surface, explanation.code) for explanation in EXPLANATIONS}
    assert (surface, code) in errors(text.format(code))


@pytest.mark.parametrize("number", WEB_TEXTS)
def test_every_text_of_the_web_sdk(number: int) -> None:
    code = str(2_010_000 + number)
    text = f"AgoraRTCError CAN_NOT_GET_GATEWAY_SERVER: flag: 4096, message: {WEB_TEXTS[number]}"
    assert errors(text)[0] == errors(WEB_TEXTS[number])[0] == ("RTC Web", code)
    assert errors(f"{text}, code {code}") == [("RTC Web", code)]
    assert ("RTC Web", code) in errors(f"access point: code {number}")


def test_a_number_without_a_text_in_the_sdk_is_not_in_the_table() -> None:
    assert "2010012" not in {explanation.code for explanation in EXPLANATIONS}


@pytest.mark.parametrize("number", RTM_TEXTS)
def test_every_text_of_the_rtm_sdk(number: int) -> None:
    code, text = RTM_TEXTS[number]
    name = text.partition(",")[0]
    best = explain_error(f"RtmUnauthenticatedError: Error Code {code}, server Code {number} - detail: {text}")[0]
    assert (best.surface, best.code, best.name) == ("RTM 2.x", code, name)
    assert name in names(code)
    assert name in names(f"server code {number}")
    assert (best.surface, best.code) in errors(text)


@pytest.mark.parametrize(
    ("text", "code", "name"),
    [
        ("Invalid token.", "-10005", "RTM_ERROR_INVALID_TOKEN"),
        ("Invalid user id. illegal symbol or too long.", "-10006", "RTM_ERROR_INVALID_USER_ID"),
        ("Invalid App id. illegal symbol or too long.", "-10003", "RTM_ERROR_INVALID_APP_ID"),
        ("The appid is not consistent.", "-10016", "RTM_ERROR_INCONSISTENT_APPID"),
        ("The RTM service is not enabled or has been stopped.", "-10015", "RTM_ERROR_LOGIN_NOT_AUTHORIZED"),
        ("Login RTM service was rejected due to server error.", "-10012", "RTM_ERROR_LOGIN_REJECTED"),
        ("Login RTM service was aborted due to unrecoverable error.", "-10013", "RTM_ERROR_LOGIN_ABORTED"),
        ("RenewToken operation timeout.", "-10026", "RTM_ERROR_RENEW_TOKEN_TIMEOUT"),
        (
            "The user ID is already in use by another active RTM instance with the same app ID.",
            "-10027",
            "RTM_ERROR_DUPLICATE_USER_ID",
        ),
    ],
)
def test_an_error_of_the_rtm_sdk_itself(text: str, code: str, name: str) -> None:
    best = explain_error(f"AgoraRTM: Error Code {code} - {text}")[0]
    assert (best.surface, best.code, best.name) == ("RTM 2.x", code, name)
    assert explain_error(f"AgoraRTM: {text}")[0] == best


@pytest.mark.parametrize("number", range(len(RENEWAL)))
def test_every_result_of_renewing_an_rtc_token(number: int) -> None:
    best = explain_error(f"onRenewTokenResult: code {number}")[0]
    assert (best.surface, best.code, best.name) == ("RTC native", str(number), f"RENEW_TOKEN_{RENEWAL[number]}")
    assert explain_error(best.name) == (best,)


@pytest.mark.parametrize("row", [row for _, row in ERRORS], ids=lambda row: f"{row.code} {row.name[:40]}")
def test_every_error_is_found_by_its_texts_and_its_code(row: Row) -> None:
    (explanation,) = [explanation for explanation, other in ERRORS if other is row]
    by_explanation = dict(ERRORS)
    for text in (row.name, *row.texts):
        best = by_explanation[explain_error(text)[0]]
        assert letters(text) in map(letters, (best.name, *best.texts)), "this one, or one with the same text"
        assert explanation in explain_error(text)
        assert explanation in explain_error(f'E/app (42): "{text.upper()}"!')
        assert explanation in explain_error(text.lower().replace(" ", "\n ").replace("_", " "))
    for code in (row.code, *row.other_codes):
        if code:
            assert explanation in explain_error(code)


@pytest.mark.parametrize("explanation", EXPLANATIONS, ids=lambda e: f"{e.surface} {e.code} {e.name[:40]}")
def test_every_explanation_helps(explanation: ErrorExplanation) -> None:
    checks = (explanation.project_checks, explanation.client_checks)
    assert explanation.surface in get_args(Surface)
    assert explanation.name
    nothing_wrong = explanation.meaning.startswith("Nothing is wrong.")
    assert nothing_wrong != any(checks), "an error has something to check, and nothing else has"
    for text in (explanation.meaning, *explanation.causes, *checks[0], *checks[1]):
        assert text[0].isupper()
        assert text[-1] in ".?"
        assert "  " not in text


def test_every_error_is_in_the_table_once() -> None:
    assert len({(e.surface, e.code, e.name) for e in EXPLANATIONS}) == len(EXPLANATIONS)


def test_what_is_not_documented() -> None:
    undocumented = {(e.surface, e.code) for e in EXPLANATIONS if not e.documented}
    assert undocumented == {
        *(("RTC Web", code) for code in ("2010011", "2010016", "2010018", "")),
        *(("RTM 2.x", code) for code in ("-10003", "-10012", "401", "403")),
        ("RTM 1.x", "7"),
    }


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("dynamic use static key", "The project requires a token, and the client sent none."),
        ("error 120", "The project requires a token, and the client sent none."),
        ("static use dynamic key", "The project uses only the App ID, and the client sent a token."),
        ("error 119", "The project uses only the App ID, and the client sent a token."),
    ],
)
def test_the_first_word_is_the_project(text: str, meaning: str) -> None:
    """Public explanations often have it the wrong way round."""
    best = next(explanation for explanation in explain_error(text) if explanation.surface == "RTC Web")
    memory_aid = "The first word is about the project, the second about what the client did."
    assert best.meaning.startswith(f"{meaning} {memory_aid}")


@pytest.mark.parametrize(
    ("text", "surface", "code", "name"),
    [
        (
            "AgoraRTCError CAN_NOT_GET_GATEWAY_SERVER: AgoraRTCError CAN_NOT_GET_GATEWAY_SERVER: "
            "dynamic use static key, code 2010015",
            "RTC Web",
            "2010015",
            "dynamic use static key",
        ),
        ("onError(110)", "RTC native", "110", "ERR_INVALID_TOKEN"),
        ("RtmLoginErrorCode 5", "RTM 1.x", "5", "LOGIN_ERR_INVALID_TOKEN"),
        ("-10005", "RTM 2.x", "-10005", "RTM_ERROR_INVALID_TOKEN"),
        ("\N{MINUS SIGN}10005", "RTM 2.x", "-10005", "RTM_ERROR_INVALID_TOKEN"),
        ("ErrorCode: -10009, TOKEN_EXPIRED", "RTM 2.x", "-10009", "RTM_ERROR_TOKEN_EXPIRED"),
        ("join failed 110", "RTC native", "110", "ERR_INVALID_TOKEN"),
        (
            "Uncaught (in promise) AgoraRTCException: AgoraRTCError CAN_NOT_GET_GATEWAY_SERVER: flag: 4096, message: "
            "AgoraRTCError CAN_NOT_GET_GATEWAY_SERVER: invalid token, authorized failed\n"
            "    at cA (https://download.agora.io/sdk/release/AgoraRTC_N.js:6:19351)",
            "RTC Web",
            "2010009",
            "invalid token, authorized failed",
        ),
        (
            "10:22:21:680 Agora-SDK [ERROR]: [4A5DB] Get server node failed [DYNAMIC_USE_STATIC_KEY] "
            "https://webrtc2-ap-web-1.agora.io/api/v1",
            "RTC Web",
            "2010015",
            "dynamic use static key",
        ),
        (
            'Agora-SDK [ERROR]: data: {"code":110,"data":{"error_code":110,"error_str":"error to verify token '
            'permission"}} AgoraRTCException: AgoraRTCError UNEXPECTED_RESPONSE: ERR_NO_AUTHORIZED: error to verify',
            "RTC Web",
            "",
            "UNEXPECTED_RESPONSE: ERR_NO_AUTHORIZED",
        ),
        (
            "AgoraRTCError INVALID_PARAMS: Invalid token: . If you don not use token, set it to null",
            "RTC Web",
            "",
            "INVALID_PARAMS: Invalid token: .",
        ),
        ("AgoraRTCException: AgoraRTCError UID_CONFLICT", "RTC Web", "", "UID_CONFLICT"),
        ('code: "CAN_NOT_GET_GATEWAY_SERVER"', "RTC Web", "", "CAN_NOT_GET_GATEWAY_SERVER"),
        ("web 110", "RTC Web", "110", "NO_AUTHORIZED"),
        ("ERR_STATIC_USE_DYNAMIC_KEY(119)", "RTC Web", "119", "STATIC_USE_DYNAMIC_KEY"),
        (
            "[ERROR:flutter/lib/ui/ui_dart_state.cc(177)] Unhandled Exception: login failed errorCode:5\n"
            "#0      AgoraRtmClient.login (package:agora_rtm/src/agora_rtm_client.dart:228:7)",
            "RTM 1.x",
            "5",
            "LOGIN_ERR_INVALID_TOKEN",
        ),
        ('ErrorInfo object : "RTM ERROR 5 LOGIN_ERR_INVALID_TOKEN".', "RTM 1.x", "5", "LOGIN_ERR_INVALID_TOKEN"),
        (
            "agora-rtm-sdk-1.2.2.js:7 RTM:ERROR Error Code 5. The vendor enabled the dynamic key, but uses the static "
            "key.",
            "RTM 1.x",
            "5",
            "The vendor enabled the dynamic key, but uses the static key",
        ),
        (
            "RtmUnauthenticatedError: Error Code 5. Signature verification failed.",
            "RTM 1.x",
            "5",
            "Signature verification failed",
        ),
        ("AgoraRtmLoginErrorTokenExpired", "RTM 1.x", "6", "LOGIN_ERR_TOKEN_EXPIRED"),
        ("onLoginFailure(6)", "RTM 1.x", "6", "LOGIN_ERR_TOKEN_EXPIRED"),
        ("RTM onRenewTokenResult error 6", "RTM 1.x", "6", "RENEW_TOKEN_ERR_INVALID_TOKEN"),
        ("onConnectionStateChanged(5, 8)", "RTC native", "8", "CONNECTION_CHANGED_INVALID_TOKEN"),
        ("connection state changed: state=5, reason=9", "RTC native", "9", "CONNECTION_CHANGED_TOKEN_EXPIRED"),
        ("RTM 1 connection state changed, reason: 9", "RTM 1.x", "9", "CONNECTION_CHANGE_REASON_TOKEN_EXPIRED"),
        ("connectionChangedInvalidToken", "RTC native", "8", "CONNECTION_CHANGED_INVALID_TOKEN"),
        ("ErrorCodeType.errInvalidToken", "RTC native", "110", "ERR_INVALID_TOKEN"),
        ("error message: onError code 110 message The Token is invalid", "RTC native", "110", "ERR_INVALID_TOKEN"),
        ("110 error on Android", "RTC native", "110", "ERR_INVALID_TOKEN"),
        ("join 报错, onError\N{FULLWIDTH COLON}110", "RTC native", "110", "ERR_INVALID_TOKEN"),
        ("AgoraRtcException(-17, null)", "RTC native", "-17", "ERR_JOIN_CHANNEL_REJECTED"),
        (
            "PlatformException(17, request to join channel is rejected)",
            "RTC native",
            "-17",
            "ERR_JOIN_CHANNEL_REJECTED",
        ),
        ("PlatformException(7, not initialized, null, null)", "RTC native", "-7", "ERR_NOT_INITIALIZED"),
        ("joinChannel returned -102", "RTC native", "102", "ERR_INVALID_CHANNEL_NAME"),
        ("renewToken returned -2", "RTC native", "-2", "ERR_INVALID_ARGUMENT"),
        (
            "error : RTM service was rejected due to server error., error code: -10012 Rtm : 2.2.2 Flutter 3.29.2",
            "RTM 2.x",
            "-10012",
            "RTM_ERROR_LOGIN_REJECTED",
        ),
        ("Signaling login -10015", "RTM 2.x", "-10015", "RTM_ERROR_LOGIN_NOT_AUTHORIZED"),
        ("linkState FAILED, reason 17", "RTM 2.x", "17", "RTM_LINK_STATE_CHANGE_REASON_TOKEN_EXPIRED"),
        ("RTM link 16", "RTM 2.x", "16", "RTM_LINK_STATE_CHANGE_REASON_INVALID_TOKEN"),
        ("RTM 2 login failed: The appid is not consistent.", "RTM 2.x", "-10016", "RTM_ERROR_INCONSISTENT_APPID"),
    ],
    ids=lambda value: value[:30],
)
def test_what_people_paste(text: str, surface: str, code: str, name: str) -> None:
    best = explain_error(text)[0]
    assert (best.surface, best.code, best.name) == (surface, code, name)
    assert explain_error(text.upper()) == explain_error(text.lower())
    assert explain_error(text.lower()) == explain_error(f"\t«{text}»\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("110", [("RTC native", "110"), ("RTC Web", "110"), ("RTC Web", "")]),
        ("error 119", [("RTC native", "119"), ("RTC Web", "119")]),
        ("error 101", [("RTC native", "101"), ("RTC Web", "101"), ("RTM 1.x", "101")]),
        ("error 109", [("RTC native", "109"), ("RTC Web", "109")]),
        ("reason: 9", [("RTC native", "9"), ("RTM 1.x", "9")]),
        ("16", [("RTM 2.x", "16"), ("RTC Web", "2010016")]),
        ("it gave us 2010014 again", [("RTC Web", "2010014")]),
    ],
)
def test_all_meanings_of_a_code_the_likeliest_first(text: str, expected: list[tuple[str, str]]) -> None:
    assert errors(text) == expected


def test_all_meanings_of_a_text_the_likeliest_first() -> None:
    expected = [("RTC native", "110"), ("RTC Web", "2010009"), ("RTC Web", "110"), ("RTM 2.x", "-10005")]
    assert errors("invalid token")[:4] == expected


@pytest.mark.parametrize(
    ("sdk", "surfaces"),
    [
        ("RTM", {"RTM 1.x", "RTM 2.x"}),
        ("signaling", {"RTM 1.x", "RTM 2.x"}),
        ("login", {"RTM 1.x", "RTM 2.x"}),
        ("AgoraRTM", {"RTM 1.x", "RTM 2.x"}),
        ("RTM_ERROR", {"RTM 2.x"}),
        ("AgoraRTCError", {"RTC Web"}),
        ("web", {"RTC Web"}),
        ("Uncaught (in promise)", {"RTC Web"}),
        ("CAN_NOT_GET_GATEWAY_SERVER", {"RTC Web"}),
        ("joinChannel", {"RTC native"}),
        ("onConnectionStateChanged", {"RTC native", "RTM 1.x"}),
        ("", {"RTC native"}),
    ],
)
@pytest.mark.parametrize("text", ["{}: token has expired", "token is expired ({})"])
def test_the_sdk_that_the_text_names_comes_first(sdk: str, surfaces: set[str], text: str) -> None:
    answers = errors(text.format(sdk))
    assert {surface for surface, _ in answers[: len(surfaces)]} == surfaces
    assert {surface for surface, _ in answers} == set(get_args(Surface)), "and the others after it"


@pytest.mark.parametrize(
    ("sdk", "surfaces"),
    [
        ("RTC", ["RTC Web", "RTC native"]),
        ("RTC native SDK", ["RTC native"]),
        ("web", ["RTC Web"]),
        ("RTM", ["RTM 1.x"]),
        ("RTM web", ["RTM 1.x"]),
        ("RTM 2", ["RTM 2.x"]),
    ],
)
def test_the_sdk_that_the_text_names_decides_between_meanings_of_a_number(sdk: str, surfaces: list[str]) -> None:
    assert [surface for surface, _ in errors(f"{sdk}: error 5")][: len(surfaces)] == surfaces
    assert {surface for surface, _ in errors(f"{sdk}: error 5")} == set(get_args(Surface))


def test_a_text_is_more_specific_than_a_code() -> None:
    assert errors("onError 110: dynamic use static key")[0] == ("RTC Web", "2010015")
    assert ("RTC native", "110") in errors("onError 110: dynamic use static key")
    assert errors("RTM login error 5: no active status")[0] == ("RTC Web", "2010011")


def test_what_text_and_code_explain_together_needs_no_other_explanation() -> None:
    assert errors("error 110 Invalid token") == [("RTC native", "110"), ("RTC Web", "110")]
    assert errors("RTM ERROR 5 LOGIN_ERR_INVALID_TOKEN") == [("RTM 1.x", "5")]
    two = errors("onError 110 ERR_INVALID_TOKEN\nAgoraRTM: login failed, error -10016")
    assert two == [("RTC native", "110"), ("RTM 2.x", "-10016")]


def test_a_longer_name_is_not_taken_for_the_shorter_one_in_it() -> None:
    assert names("LOGIN_ERR_INVALID_TOKEN") == ["LOGIN_ERR_INVALID_TOKEN"]
    assert "ERR_INVALID_TOKEN" in names("LOGIN_ERR_INVALID_TOKEN, then ERR_INVALID_TOKEN")
    assert "CAN_NOT_GET_GATEWAY_SERVER" not in names("CAN_NOT_GET_GATEWAY_SERVER: no active status")


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "hello",
        "everything is fine",
        "1700000000",
        "uid 110",
        "uid: 2010015",
        "user_id=-10005",
        "joined channel 5 as user 110 on port 8080",
        "2024-05-06 10:05:08.110 INFO joined, elapsed 110 ms",
        "error at 10:05:06",
        "[2020-07-17] error",
        "TypeError at app.js:110:15",
        "error on line 110",
        "Traceback: File 'app.py', line 5, in login",
        "[ERROR] 10 connections open",
        "[ERROR] 110 is my favourite number",
        "error while loading 110",
        "error 17:20",
        "error 2020-07-17",
        "error: 5 users are waiting",
        "login failed 3 times",
        "3 failed, 12 passed in 7 s",
        "exit code 1",
        "Process finished with exit code 110",
        "npm ERR! code 1",
        "error code 0",
        "error 1.10.5, version 2.0",
        "RTM 2 and Web 4",
        "versionCode 12",
        "error 5%",
        "error 5/10",
        "error 1,110",
        "connection state changed: 2, reason: 1",
        "joinChannelSuccess 110",
        "192.168.0.110:8080",
        "POST /rtctoken HTTP/1.1 401",
        "error 20101",
        "error 99",
        "10005",
        "code 007",
        "x" * 20_000,
    ],
    ids=lambda text: text[:30],
)
def test_what_is_not_an_error_gives_nothing(text: str) -> None:
    assert explain_error(text) == ()


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, "None"),
        (110, "int"),
        (-10005, "int"),
        (b"110", "bytes"),
        (["110"], "list"),
        (110.0, "float"),
        (True, "bool"),
    ],
)
def test_only_a_string_can_be_looked_up(value: Any, kind: str) -> None:
    with pytest.raises(InputError) as caught:
        explain_error(value)
    assert str(caught.value) == f"text: must be a string (str), not {kind}. Pass what the client printed."
    assert caught.value.code == ErrorCode.WRONG_TYPE


class Hostile(str):
    """A str whose methods cannot be used."""

    def __len__(self) -> int:
        raise RuntimeError

    __hash__ = __iter__ = __getitem__ = __contains__ = lower = replace = __len__  # type: ignore[assignment]


def test_a_text_of_another_class_is_read_as_the_text_that_it_is() -> None:
    assert explain_error(Hostile("error 110")) == explain_error("error 110") != ()
    with pytest.raises(InputError, match="text: must be a string"):
        explain_error(Mock(spec=str))


@pytest.mark.parametrize(
    "secret",
    [
        build_rtc_token(DEMO, "lobby", uid=7, version="006", now=NOW, salt=1),
        build_rtc_token(DEMO, "lobby", uid=7, version="007", now=NOW, salt=1),
        DEMO.app_certificate,
        DEMO.app_id,
    ],
    ids=["006 token", "007 token", "certificate", "App ID"],
)
def test_nothing_of_a_pasted_secret_comes_back(secret: str) -> None:
    answers = explain_error(f"join({secret!r}, 'lobby') failed: dynamic use static key, code 2010015")
    assert answers == explain_error("join('', 'lobby') failed: dynamic use static key, code 2010015")
    assert secret[:8] not in repr(answers)
    assert explain_error(secret) == ()


def test_only_the_first_10_000_characters_are_read() -> None:
    error = "dynamic use static key, code 2010015 "
    assert errors(error + "- " * 1_000_000) == [("RTC Web", "2010015")]
    assert errors("- " * 5_000 + error) == []
    assert errors("- " * 4_900 + error) == [("RTC Web", "2010015")]


@pytest.mark.parametrize("part", ["invalid token ", "error 110 ", "error_", "state", "9 ", "-", "1-", "code is ", "[a"])
def test_no_text_takes_two_seconds(part: str) -> None:
    start = time.perf_counter()
    explain_error(part * 100_000)
    assert time.perf_counter() - start < 2, "seconds; usually it takes some milliseconds"


WORDS = (
    "error",
    "code",
    "reason",
    "RTM",
    "login",
    ":",
    "(",
    ")",
    " ",
    "\n",
    "-",
    "110",
    "-10005",
    "5",
    "0",
    "0x5",
    "\0",
)
PIECES = st.sampled_from([*WORDS, *(row.name for _, row in ERRORS)])


@given(st.one_of(st.text(), st.lists(st.one_of(PIECES, st.integers().map(str), st.text(max_size=3))).map(" ".join)))
def test_any_text_gives_constants_of_the_table(text: str) -> None:
    answers = explain_error(text)
    assert isinstance(answers, tuple)
    assert len(set(answers)) == len(answers)
    assert set(answers) <= set(EXPLANATIONS)
