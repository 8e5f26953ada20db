from __future__ import annotations

import time
from typing import Any, get_args
from unittest.mock import Mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agora_helpers import Credentials, InputError, build_rtc_token
from agora_helpers.constants import TokenVersion
from agora_helpers.sdk_errors import kinds
from agora_helpers.sdk_errors.lookup import explain_error
from agora_helpers.sdk_errors.table import SECTIONS, ErrorExplanation, Row, Surface
from tests.support import NOW

DEMO = Credentials.demo()
ERRORS = [(section.explain(row), row) for section in SECTIONS for row in section.rows]
EXPLANATIONS = [explanation for explanation, _ in ERRORS]

LISTED: dict[str, str] = {
    "RTC native": "101 6 102 7 109 9 110 8 10 12 19 -17 113 119 120 121 123 134 -2 -3 -5 -7 3",
    "RTC Web": "2010005 2010007 2010009 2010010 2010011 2010013 2010014 2010015 2010016 2010018 "
    "101 109 110 112 115 117 118 119 120 2 2011 2014 2015 2016 2018 2019 2020 2024 2031",
    "RTM 1.x": "1 2 3 4 5 6 7 8 9 10 101 102",
    "RTM 2.x": "-10001 -10002 -10003 -10005 -10006 -10008 -10009 -10010 -10011 -10012 -10013 -10015 -10016 -10025 "
    "-10026 -10027 -11001 3 4 5 16 17 18 20 27 28",
    "RESTful API": "2 7 8 49 53 62 65 109 110 432 433 435 1001 1003 1013 400 401 403 404 405 406 429 500 501 502 504",
    "Signaling REST": "400 401 403 408 415 429 435",
    "Chat": "1 2 4 8 27 28 39 40 100 101 104 105 108 109 110 200 201 202 203 204 206 207 208 213 214 216 217 218 220 "
    "305 700",
    "Chat REST": "400 401 404 429",
    "Conversational AI": "400 401 403 404 409 422 503 504",
    "Flexible Classroom": "600001 600001-1 401 20404100 20404200 30409104",
    "legacy Signaling": "103 105 107 200 201 202 203 204 206 207 208 209 1003",
}
"""The codes that Agora's documentation and its SDKs give for access, by SDK or server."""

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


def found(text: str) -> list[tuple[str, str]]:
    return [(explanation.surface, explanation.code) for explanation in explain_error(text)]


def names(text: str) -> list[str]:
    return [explanation.name for explanation in explain_error(text)]


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).lower().removeprefix("err")


NAMED = {
    "RTC native": "RtcEngine",
    "RTC Web": "AgoraRTC",
    "RESTful API": "cloud recording",
    "Chat": "Agora Chat",
    "Chat REST": "Chat REST",
    "Conversational AI": "ConvoAI",
    "Flexible Classroom": "Flexible Classroom",
    "legacy Signaling": "AgoraAPI",
}
"""How a text names whose error it is; the others have tests of their own."""


@pytest.mark.parametrize(("surface", "code"), [(s, code) for s, codes in LISTED.items() for code in codes.split()])
def test_every_listed_code_is_in_the_table_and_found(surface: Surface, code: str) -> None:
    assert (surface, code) in {(explanation.surface, explanation.code) for explanation in EXPLANATIONS}
    assert (surface, code) in found(code), "a bare number gives all meanings"
    texts = [f"{NAMED[surface]}: error {code}", f"{NAMED[surface]} failed (code {code})"] if surface in NAMED else []
    for text in texts:
        answers = explain_error(text)
        places = {
            section.place
            for section in SECTIONS
            for row in section.rows
            if row.code == code and section.surface == surface
        }
        assert {answer.surface for answer in answers} <= {surface} or code == "600001-1"
        assert "" not in places or answers[0].code == code


@pytest.mark.parametrize("number", WEB_TEXTS)
def test_every_text_of_the_web_sdk(number: int) -> None:
    code = str(2_010_000 + number)
    text = f"AgoraRTCError CAN_NOT_GET_GATEWAY_SERVER: flag: 4096, message: {WEB_TEXTS[number]}"
    assert found(text)[0] == ("RTC Web", code) and ("RTC Web", code) in found(WEB_TEXTS[number])
    assert found(f"{text}, code {code}") == [("RTC Web", code)]
    assert ("RTC Web", code) in found(f"gateway: code {number}")
    assert "2010012" not in {explanation.code for explanation in EXPLANATIONS}, "no such text in the SDK"


@pytest.mark.parametrize(
    "call",
    [
        "renewToken should not be called before user join",
        'can not subscribe when connection state is "DISCONNECTED"',
        'can not presubscribe when connection state is "CONNECTING"',
        "can not publish stream in DISCONNECTED state",
        "can not create live streaming client, please join channel first",
        "Can't unsubscribe stream, haven't joined yet!",
    ],
)
def test_what_the_web_sdk_says_to_a_call_outside_a_channel(call: str) -> None:
    best = explain_error(f"AgoraRTCException: AgoraRTCError INVALID_OPERATION: {call}")[0]
    assert best.surface == "RTC Web"
    assert best.meaning.startswith(kinds.NOT_JOINED.meaning)


@pytest.mark.parametrize("number", RTM_TEXTS)
def test_every_text_of_the_rtm_sdk(number: int) -> None:
    code, text = RTM_TEXTS[number]
    name = text.partition(",")[0]
    best = explain_error(f"RtmUnauthenticatedError: Error Code {code}, server Code {number} - detail: {text}")[0]
    assert (best.surface, best.code, best.name) == ("RTM 2.x", code, name)
    assert ("RTM 2.x", code) in found(code) and ("RTM 2.x", code) in found(f"RTM server code {number}")
    assert (best.surface, best.code) in found(text)


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
def test_what_the_rtm_sdk_says_by_itself(text: str, code: str, name: str) -> None:
    best = explain_error(f"AgoraRTM: Error Code {code} - {text}")[0]
    assert (best.surface, best.code, best.name) == ("RTM 2.x", code, name)
    assert explain_error(f"AgoraRTM: {text}")[0] == best


@pytest.mark.parametrize("number", range(len(RENEWAL)))
def test_every_result_of_renewing_an_rtc_token(number: int) -> None:
    best = explain_error(f"onRenewTokenResult: code {number}")[0]
    assert (best.surface, best.code, best.name) == ("RTC native", str(number), f"RENEW_TOKEN_{RENEWAL[number]}")
    assert explain_error(best.name) == (best,)


@pytest.mark.parametrize(("explanation", "row"), ERRORS, ids=lambda value: f"{value.code} {value.name[:40]}")
def test_every_error_is_found_by_its_texts(explanation: ErrorExplanation, row: Row) -> None:
    rows = dict(ERRORS)
    for text in (row.name, *row.texts):
        for pasted in (text.upper(), text.lower().replace(" ", "\n ").replace("_", " ")):
            answers = explain_error(f'Agora {explanation.surface}: "{pasted}"!')
            texts = {letters(known) for answer in answers for known in (rows[answer].name, *rows[answer].texts)}
            assert letters(text) in texts or not text.isascii(), "this error, or one with the same text"
            assert text.isascii() or explanation in answers


@pytest.mark.parametrize("explanation", EXPLANATIONS, ids=lambda e: f"{e.surface} {e.code} {e.name[:40]}")
def test_every_explanation_helps(explanation: ErrorExplanation) -> None:
    checks = (explanation.project_checks, explanation.client_checks)
    assert (
        explanation.surface in get_args(Surface) and explanation.from_agora and explanation.name and explanation.source
    )
    nothing_wrong = explanation.meaning.startswith("Nothing is wrong.")
    assert nothing_wrong != any(checks), "who has an error gets something to check, and nobody else"
    for text in (explanation.meaning, *explanation.causes, *checks[0], *checks[1]):
        assert text[0].isupper() and text[-1] in ".?" and "  " not in text


def test_no_error_stands_twice() -> None:
    assert len({(e.surface, e.code, e.name) for e in EXPLANATIONS}) == len(EXPLANATIONS)


def test_what_is_only_concluded_is_marked() -> None:
    concluded = {(e.surface, e.code) for e in EXPLANATIONS if not e.documented}
    assert concluded == {
        *(("RTC Web", code) for code in ("2010016", "2010018", "")),
        *(("RTC native", code) for code in ("5", "7", "9", "10", "11", "13", "14", "15", "")),
        *(
            ("RTM 2.x", "-10003"),
            ("RTM 2.x", ""),
            ("token server", ""),
            ("RTM 1.x", "7"),
            ("RESTful API", "15"),
            ("Conversational AI", ""),
        ),
        ("Flexible Classroom", ""),
    }


def test_the_first_word_is_the_project() -> None:
    """Public explanations often have it the wrong way round."""
    required, unwanted = explain_error("dynamic use static key")[0], explain_error("static use dynamic key")[0]
    assert required.meaning.startswith("The project requires a token, and the client sent none.")
    assert unwanted.meaning.startswith("The project works with the App ID only, and the client sent a token.")
    for explanation in (required, unwanted, explain_error("web error 119")[0], explain_error("web error 120")[0]):
        assert "The first word is about the project, the second about what the client did." in explanation.meaning


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
        ('onError {"err":110,"msg":""}', "RTC native", "110", "ERR_INVALID_TOKEN"),
        ("onConnectionFailure reason 8", "RTC native", "8", "CONNECTION_CHANGED_INVALID_TOKEN"),
        ("RTM_CONNECTION_CHANGED_TOKEN_EXPIRED", "RTM 2.x", "17", "RTM_LINK_STATE_CHANGE_REASON_TOKEN_EXPIRED"),
        (
            "AgoraRtmConnectionChangeReason(rawValue: 9)",
            "RTM 1.x",
            "9",
            "CONNECTION_CHANGE_REASON_TOKEN_EXPIRED",
        ),
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
        (
            "ErrorInfo{errorReason=x, errorCode=NOT_LOGIN, operation=PUBLISH_OPERATION}",
            "RTM 2.x",
            "-10002",
            "RTM_ERROR_NOT_LOGIN",
        ),
        ("AgoraRtmErrorLoginTimeout", "RTM 2.x", "-10011", "RTM_ERROR_LOGIN_TIMEOUT"),
        ("joinChannel return -17", "RTC native", "-17", "ERR_JOIN_CHANNEL_REJECTED"),
        ("POST https://api.agora.io/v1/apps/x 403", "RESTful API", "403", "HTTP 403 Forbidden"),
        (
            "The Flutter app uses Firebase. RtcEngine: onError: ErrorCode.InvalidToken",
            "RTC native",
            "110",
            "ERR_INVALID_TOKEN",
        ),
        ("RTM 2 login failed: The appid is not consistent.", "RTM 2.x", "-10016", "RTM_ERROR_INCONSISTENT_APPID"),
    ],
    ids=lambda value: value[:30],
)
def test_what_people_paste(text: str, surface: str, code: str, name: str) -> None:
    best = explain_error(text)[0]
    assert (best.surface, best.code, best.name) == (surface, code, name)
    assert explain_error(text.upper()) == explain_error(text.lower()) == explain_error(f"\t«{text}»\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("110", [("RTC native", "110"), ("RTC Web", "110"), ("RESTful API", "110"), ("Chat", "110")]),
        ("error 119", [("RTC native", "119"), ("RTC Web", "119")]),
        ("error 120", [("RTC native", "120"), ("RTC Web", "120")]),
        ("error 109", [("RTC native", "109"), ("RTC Web", "109"), ("RESTful API", "109"), ("Chat", "109")]),
        ("invalid token", [("RTC native", "110"), ("RTC Web", "2010009"), ("RTC Web", "110")]),
        ("reason: 9", [("RTC native", "9"), ("RTM 1.x", "9")]),
        ("16", [("RTC Web", "2010016"), ("RTM 2.x", "16")]),
        ("it gave us 2010014 again", [("RTC Web", "2010014")]),
    ],
)
def test_all_meanings_are_given_the_likeliest_first(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text)[: len(expected)] == expected
    if text != "invalid token":
        assert len(found(text)) == len(expected)


@pytest.mark.parametrize(
    ("sdk", "surfaces"),
    [
        ("RTM", {"RTM 1.x", "RTM 2.x"}),
        ("signaling", {"RTM 1.x", "RTM 2.x"}),
        ("AgoraRTM", {"RTM 1.x", "RTM 2.x"}),
        ("RTM_ERROR", {"RTM 2.x"}),
        ("AgoraRTCError", {"RTC Web"}),
        ("CAN_NOT_GET_GATEWAY_SERVER", {"RTC Web"}),
        ("joinChannel", {"RTC native"}),
        ("onConnectionStateChanged", {"RTC native"}),
        ("AgoraChat", {"Chat"}),
        ("", {"RTC native", "RTC Web", "RTM 1.x", "RTM 2.x", "Chat"}),
    ],
)
@pytest.mark.parametrize("text", ["{}: token has expired", "token is expired ({})"])
def test_the_sdk_that_the_text_names_decides_between_meanings_of_a_text(
    sdk: str, surfaces: set[str], text: str
) -> None:
    assert {surface for surface, _ in found(text.format(sdk))} == surfaces


@pytest.mark.parametrize(
    ("sdk", "surfaces"),
    [
        ("Agora RTC", {"RTC Web", "RTC native"}),
        ("RTC native SDK", {"RTC native"}),
        ("web", {"RTC Web"}),
        ("RTM", {"RTM 1.x", "RTM 2.x"}),
        ("RTM web", {"RTM 1.x", "RTM 2.x"}),
        ("RTM 2", {"RTM 2.x"}),
        ("cloud recording", set()),
    ],
)
def test_the_sdk_that_the_text_names_decides_between_meanings_of_a_number(sdk: str, surfaces: set[str]) -> None:
    assert {surface for surface, _ in found(f"{sdk}: error 5")} == surfaces


@pytest.mark.parametrize(
    ("text", "first"),
    [
        (
            "login error\nRTMError: 5\n\njoin error\nRTMError: 102",
            ["LOGIN_ERR_INVALID_TOKEN", "JOIN_CHANNEL_ERR_USER_NOT_LOGGED_IN"],
        ),
        ("RTM join channel failed, error 5", ["JOIN_CHANNEL_ERR_EXCEED_LIMIT"]),
        ("RTM renewToken failed, error 5", ["RENEW_TOKEN_ERR_TOKEN_EXPIRED"]),
        ("RTM 1 connection state changed, reason: 8", ["CONNECTION_CHANGE_REASON_REMOTE_LOGIN"]),
        ('{"code": 7, "reason": "something"}', ["already started"]),
        ('{"errorCode": 403, "reason": "x"}', ["Unauthorized or feature not enabled"]),
    ],
)
def test_what_a_code_belongs_to_stands_before_it(text: str, first: list[str]) -> None:
    assert [name for name in names(text) if name in first] == first


def test_a_text_says_more_than_a_code() -> None:
    assert found("onError 110: dynamic use static key")[0] == ("RTC Web", "2010015")
    assert ("RTC native", "110") in found("onError 110: dynamic use static key")
    assert found("RTM login error 5: no active status")[0] == ("RTC Web", "2010011")
    assert found("onError code: 104, error: INVALID_TOKEN") == [("Chat", "104")]


def test_what_text_and_code_explain_together_needs_no_other_explanation() -> None:
    assert found("error 110 Invalid token") == [("RTC native", "110"), ("RTC Web", "110"), ("RESTful API", "110")]
    assert found("RTM ERROR 5 LOGIN_ERR_INVALID_TOKEN") == [("RTM 1.x", "5")]


def test_a_longer_name_is_not_taken_for_the_shorter_one_in_it() -> None:
    assert names("LOGIN_ERR_INVALID_TOKEN") == ["LOGIN_ERR_INVALID_TOKEN"]
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
        "something failed: invalid token",
        "our shop says: your token has expired",
        "onWarning: 107",
        "Warning code 110",
        "AgoraRTCError OPERATION_ABORT: subscribe abort",
        "error 20101",
        "error 99",
        "10005",
        "code 007",
        "x" * 20_000,
    ],
    ids=lambda text: text[:30],
)
def test_what_is_no_error_gives_nothing(text: str) -> None:
    assert explain_error(text) == ()


@pytest.mark.parametrize("wrong", [None, 110, -10005, b"110", ["110"], 110.0, True])
def test_only_a_text_can_be_looked_up(wrong: Any) -> None:
    with pytest.raises(InputError) as caught:
        explain_error(wrong)
    assert caught.value.field == "text" and "110" not in str(caught.value)


@pytest.mark.parametrize("version", ["006", "007"])
def test_nothing_of_a_pasted_secret_comes_back(version: TokenVersion) -> None:
    token = build_rtc_token(DEMO, "lobby", uid=7, version=version, now=NOW)
    for secret in (token, DEMO.app_certificate, DEMO.app_id):
        answers = explain_error(f"join({secret!r}, 'lobby') failed: dynamic use static key, code 2010015")
        assert answers == explain_error("join('', 'lobby') failed: dynamic use static key, code 2010015")
        assert secret not in repr(answers) and secret[:8] not in repr(answers)
        assert explain_error(secret) == ()


EXPIRED = (
    *(
        "token 已过期",
        "token 过期",
        "dynamic key 失效",
        *("token đã hết hạn", "token süresi doldu", "token kedaluwarsa", "انتهت صلاحية الرمز، رمز انتهت صلاحيته"),
        "已过期的 token",
        "令牌过期",
        "トークンの有効期限が切れました",
        "期限切れのトークン",
        "토큰이 만료되었습니다",
    ),
    *("el token ha caducado", "el token expiró", "token expirado", "o token está vencido", "le jeton a expiré"),
    *("der Token ist abgelaufen", "abgelaufenes Token", "токен истек"),
)
INVALID = (
    *(
        "token 无效",
        "无效的 token",
        "token 错误",
        "トークンが無効です",
        "無効なトークン",
        "토큰이 유효하지 않습니다",
        "잘못된 토큰",
    ),
    *(
        "token inválido",
        "el token no es válido",
        "jeton invalide",
        "ungültiges Token",
        "der Token ist ungültig",
        "неверный токен",
        *("token không hợp lệ", "token geçersiz", "token tidak valid", "رمز غير صالح"),
    ),
)


@pytest.mark.parametrize(("texts", "code"), [(EXPIRED, "109"), (INVALID, "110")])
def test_what_is_said_in_other_languages(texts: tuple[str, ...], code: str) -> None:
    for text in texts:
        assert found(f"Agora: {text}")[0] == ("RTC native", code), text
        assert found(f"RtcEngine: {text}") == [("RTC native", code)]
        assert not any(answer.from_agora for answer in explain_error(f"Firebase: {text}"))
    assert found("Agora: 错误码 110, token 已过期")[0] == ("RTC native", "109"), "a code is no invalid token"


def test_json_of_some_server_needs_a_sign_of_agora_or_a_long_text() -> None:
    assert found('{"error": "Token has expired"}') == []
    assert found('{"message": "Unauthorized"}') == [("not Agora", "")]
    assert found('{"message": "Invalid authentication credentials"}') == [("RESTful API", "401")]


def test_only_the_beginning_of_a_long_text_is_looked_at() -> None:
    error = "dynamic use static key, code 2010015 "
    assert found(error + "- " * 1_000_000) == [("RTC Web", "2010015")]
    assert found("- " * 5_000 + error) == []
    assert found("- " * 4_900 + error) == [("RTC Web", "2010015")]


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
    "part",
    [
        *(
            "invalid token ",
            "error 110 ",
            "error_",
            "state",
            "9 ",
            "-",
            "1-",
            "code is ",
            "[a",
            "AgoraRTM 5 ",
            "login ",
        ),
        *(
            "renew 5 code 5 ",
            "错误码110",
            '{"code":15,"reason":"x"} ',
            "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}",
        ),
    ],
)
def test_no_text_takes_long(part: str) -> None:
    times = []
    for _ in range(5):
        start = time.process_time()
        explain_error(part * 10_000)
        times.append(time.process_time() - start)
    assert min(times) < 0.05, "seconds"


PIECES = st.sampled_from(
    [
        *(
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
            "npm",
            "110",
            "-10005",
            "5",
            "0",
            "0x5",
            "\0",
        )
    ]
    + [row.name for _, row in ERRORS]
)


@given(st.one_of(st.text(), st.lists(st.one_of(PIECES, st.integers().map(str), st.text(max_size=3))).map(" ".join)))
def test_any_text_gives_constants_of_the_table(text: str) -> None:
    answers = explain_error(text)
    assert isinstance(answers, tuple) and len(set(answers)) == len(answers)
    assert set(answers) <= set(EXPLANATIONS) or (len(answers) == 1 and not answers[0].from_agora)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Token server\nAndroid app: onError 110", ["110"]),
        ("Our token server answers 200.\n\niOS: rtcEngine:didOccurError: 109", ["109"]),
        ("Our token server is in Go. The Android app prints onError 110.", ["110"]),
        ("Token server runs; iOS gets didOccurError 109", ["109"]),
        ("Token server: Received undefined at AccessToken.build\nAndroid: RtcEngine onError 110", ["", "110"]),
        ("RTM login failed -10005\nRtcEngine onError 110", ["-10005", "110"]),
        ("Agora RTC on Android: error 110. Agora is down.", ["110"]),
        ("Token server\nwebpack compiled with 2 errors", []),
        ("Our token server is fine. npm ERR! code 110", []),
        ("iOS: didOccurError 101\nWeb page: AgoraRTCError: dynamic use static key", ["101", "2010015"]),
        ("Android: ERR_TOKEN_EXPIRED(109). Web: AgoraRTC. Signaling: -10009", ["109", "-10009"]),
        ("Android: RtcEngine onError 101。Web: AgoraRTCError 2010010", ["101", "2010010"]),
        (
            "Token server: Received undefined at AccessToken.build\nAndroid app: onError 110\nweb page: error 2010010",
            ["", "110", "2010010"],
        ),
        ("Agora-SDK [ERROR]: iris-web-rtc\nAgoraRTCException: dynamic key expired\n at iris-web-rtc.js:2", ["2010013"]),
        ("{\ncode: INVALID_OPERATION,\nmessage: AgoraRTCError INVALID_OPERATION: anything else\n}", []),
    ],
)
def test_each_line_and_sentence_of_a_report_has_its_own_origin(text: str, codes: list[str]) -> None:
    assert [found.code for found in explain_error(text) if found.from_agora] == codes


def test_a_common_text_is_not_explained_as_another_programs_than_the_one_that_is_named() -> None:
    assert explain_error("AgoraRTCError INVALID_OPERATION: anything else") == ()
    assert [found.surface for found in explain_error("cloud recording: invalid operation")] == ["RESTful API"]
    assert [found.surface for found in explain_error("RTM: invalid argument")] == ["RTM 1.x"]


def test_the_state_after_a_failed_login_is_left_out_beside_its_cause() -> None:
    state = "CONNECTION_CHANGE_REASON_LOGIN_FAILURE"
    assert [found.name for found in explain_error(state)] == [state]
    assert [found.name for found in explain_error(f"{state}: LOGIN_ERR_INVALID_APP_ID")] == ["LOGIN_ERR_INVALID_APP_ID"]


def test_an_http_status_beside_a_known_reason_is_no_code() -> None:
    (found,) = explain_error('cloud_recording/acquire 400 {"code": 405, "reason": "no_active_status"}')
    assert found.name == "no_active_status"


@pytest.mark.parametrize("text", ["RenewToken returned 0", "RenewToken -> 0", "renewToken(token) returns 0"])
def test_what_a_method_returns_does_not_say_that_the_token_was_renewed(text: str) -> None:
    assert explain_error(text) == ()
    (first, *_) = explain_error(f"{text}; shortly after: token expired")
    assert first.meaning.startswith("The token has expired.")
    assert any("the old one" in cause for cause in first.causes)


@pytest.mark.parametrize(
    "text", ["CAN_NOT_GET_GATEWAY_SERVER: dynamic use static key", "RTM login failed: -10009 TOKEN_EXPIRED"]
)
def test_one_cause_is_explained_once(text: str) -> None:
    found = explain_error(text)
    assert len({(each.surface, each.causes) for each in found}) == len(found) == 1


@pytest.mark.parametrize(
    "text",
    [
        "AgoraRTCError CAN_NOT_GET_GATEWAY_SERVER: invalid vendor key, can not find appid",
        "AgoraRTCError: code 2010005",
        "AgoraRTC 3.x: INVALID_VENDOR_KEY",
    ],
)
def test_an_app_id_that_is_not_found_may_mean_a_token_of_another_format(text: str) -> None:
    (found,) = explain_error(text)
    assert any("not in Agora's format" in cause for cause in found.causes)
    assert "decode(token)" in found.client_checks[0]


@pytest.mark.parametrize(
    ("code", "row"),
    [
        *(("15", kinds.NO_TOKEN), ("14", kinds.UNWANTED_TOKEN), ("9", kinds.WRONG_TOKEN), ("10", kinds.EXPIRED)),
        *(("13", kinds.EXPIRED), ("5", kinds.VENDOR_KEY), ("7", kinds.CHANNEL), ("11", kinds.DISABLED)),
    ],
)
def test_what_native_sdks_log_of_the_access_point(code: str, row: kinds.Kind) -> None:
    for text in (f"[vocs/u] … with error: {code}", f"E/AGORA_SDK: [vocs/t] responsed with error: {code}, elapsed: 454"):
        (answer,) = explain_error(text)
        assert (answer.surface, answer.code) == ("RTC native", code) and answer.meaning == row.meaning
        assert not answer.documented
    assert not any("access point" in name for name in names(code)), "a bare number is not of a log"


def test_a_login_that_the_server_rejects_is_explained_as_such() -> None:
    assert explain_error("LOGIN_ERR_REJECTED")[0].meaning.startswith("The server rejected the login")


@pytest.mark.parametrize(
    "text",
    [
        *("the camera returns error 100", "Camera error 2", "System error 5 has occurred.", "printer error 109"),
        *("Connecting to MQTT Broker failed (error 5)", "[MQTT WARN] Connection refuse, reason code: 5"),
        *("[Error: Error= 5 (unknown), internalErrorCode=124]", "微信 错误码 2"),
        *('{"success":false,"error":{"code":110,"message":"Token expired"}}', '{"api": "rtc.x", "errorCode": 11}'),
        *("Expected 2 arguments, but got 1", "wrong number of arguments", "argument out of range"),
        *(
            "the request timed out while we prayed",
            "A user does not exist on this wiki",
            "Missing field name of a form",
        ),
        *("The camera is not initialized yet", "Printer: device not connected", "Duplicate operation on the queue"),
    ],
)
def test_what_names_nobody_and_speaks_of_nothing_of_agoras_is_not_explained(text: str) -> None:
    assert not any(answer.from_agora for answer in explain_error(text))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Agora App Certificate not found", "Received undefined at AccessToken.build"),
        ("Agora App ID and App Certificate are not set", "Received undefined at AccessToken.build"),
        ("missing Agora configuration", "Received undefined at AccessToken.build"),
        ("RtcTokenBuilder: Expected 7 arguments, but got 6", "buildTokenWithUid: wrong arguments"),
        ("agora token server: wrong number of arguments (given 6, expected 7)", "buildTokenWithUid: wrong arguments"),
        ("at ByteBuf.that.putString\nat ServiceRtc.pack\nat AccessToken2.build", "buildTokenWithUid: wrong arguments"),
        ("RtcTokenBuilder: Value was either too large or too small for a UInt32", "struct.error in packUint32"),
        ("failed to fetch Agora token", "Error Generating RTC token"),
        (
            "agora_token_builder/AccessToken.py: 'NoneType' object has no attribute 'encode'",
            "Received undefined at AccessToken.build",
        ),
    ],
)
def test_what_token_servers_say_in_their_language(text: str, name: str) -> None:
    answer = explain_error(text)[0]
    assert (answer.surface, answer.name) == ("token server", name)


def test_who_names_a_token_server_may_have_the_error_of_an_sdk() -> None:
    assert explain_error("agora-access-token: all my tokens are 109 (expired)")[0].name == "ERR_TOKEN_EXPIRED"


def test_a_sentence_of_common_words_is_agoras() -> None:
    assert explain_error("a warning: request to join channel is rejected, twice")[0].code == "-17"


def test_prose_about_a_live_stream_does_not_name_the_sdk() -> None:
    text = "I make an agora live stream\nlogin failed errorCode:5\nAgoraRtmClient.login (package:agora_rtm/x.dart)"
    assert explain_error(text)[0].name == "LOGIN_ERR_INVALID_TOKEN"


def camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.lower().split("_"))


FORMS: dict[tuple[Surface, str], tuple[str, ...]] = {
    ("RTC native", "ERR_"): ("ErrorCodeType.err{0}", "ErrorCode.{0}", "AgoraErrorCode.{0}", "ERROR_CODE_TYPE.ERR_{1}"),
    ("RTC native", "CONNECTION_CHANGED_"): (
        "ConnectionChangedReasonType.connectionChanged{0}",
        "AgoraConnectionChangedReason{0}",
    ),
    ("RTC native", "RENEW_TOKEN_"): ("RenewTokenErrorCode.renewToken{0}",),
    ("RTM 2.x", "RTM_ERROR_"): ("AgoraRtmErrorCode.{0}", "AgoraRtmError{0}", "RtmErrorCode.{1}"),
    ("RTM 1.x", "LOGIN_ERR_"): ("LOGIN_ERR_{1}", "AgoraRtmLoginError{0}"),
    ("RTM 1.x", "JOIN_CHANNEL_ERR_"): ("JOIN_CHANNEL_ERR_{1}", "AgoraRtmJoinChannelError{0}"),
}
"""How the platforms spell what an error is called: {0} in camel case, {1} as it is."""


@pytest.mark.parametrize(
    ("text", "explanation"),
    [
        (form.format(camel(row.name.removeprefix(prefix)), row.name.removeprefix(prefix)), explanation)
        for (surface, prefix), forms in FORMS.items()
        for explanation, row in ERRORS
        if explanation.surface == surface and row.name.startswith(prefix)
        for form in forms
    ],
    ids=lambda value: value if isinstance(value, str) else value.code,
)
def test_every_name_is_known_as_each_platform_spells_it(text: str, explanation: ErrorExplanation) -> None:
    (first, *_) = explain_error(text)
    assert first.surface == explanation.surface and first.causes == explanation.causes


def test_a_text_that_only_hints_at_an_sdk_may_be_another_ones() -> None:
    assert [answer.name for answer in explain_error("join channel: user not login")][:1] == ["RTM_ERROR_NOT_LOGIN"]
