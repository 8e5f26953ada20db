from __future__ import annotations

from typing import get_args

import pytest

from agora_helpers.sdk_errors.languages import normalise
from agora_helpers.sdk_errors.lookup import explain_error
from agora_helpers.sdk_errors.origins import AGORA, Words, find_program, hinted_surfaces, named_surfaces
from agora_helpers.sdk_errors.table import Surface


@pytest.mark.parametrize(
    ("text", "surfaces"),
    [
        ("AgoraRTCError X", {"RTC Web"}),
        ("Agora-SDK [ERROR]: x", {"RTC Web"}),
        ("AgoraRtcException(-7, x)", {"RTC native"}),
        ("ErrorCode.InvalidToken", {"RTC native"}),
        ("package:agora_rtm/x.dart", {"RTM 1.x", "RTM 2.x"}),
        ("RTM_ERROR_X", {"RTM 2.x"}),
        ("RTM: error 5", {"RTM 1.x", "RTM 2.x"}),
        ("x-agora-token: 006", {"Signaling REST", "Flexible Classroom"}),
        ("https://api.agora.io/dev/v1/kicking-rule", {"RESTful API"}),
        ("https://api.agora.io/api/conversational-ai-agent/v2", {"Conversational AI"}),
        ("云端录制 报错", {"RESTful API"}),
        ('{"resourceId": "x", "sid": "y"}', {"RESTful API"}),
        ('{"detail": "x", "reason": "y"}', {"Conversational AI"}),
        ('{"errorCode": 401, "reason": "x"}', {"Signaling REST", "RTM 2.x"}),
        ('{"error": {"code": "X", "field": "uid"}}', {"token server"}),
        ("at AccessToken.js:3", {"token server"}),
        ("AgoraEdu-SDK x AgoraRTCError y", {"RTC Web"}),
        ("EMAError: 202", {"Chat"}),
        ("环信: token", {"Chat", "Chat REST"}),
        ("api.agora.io/cn/edu/apps", {"Flexible Classroom"}),
        ("DynamicKey5.py", {"token server"}),
        ("Agora Unity: x", {"RTC native"}),
        ("agora live stream", set(AGORA)),
        ("agora", set(AGORA)),
        ("アゴラ", set(AGORA)),
    ],
)
def test_which_sdk_or_server_a_text_names(text: str, surfaces: set[Surface]) -> None:
    assert set(named_surfaces(Words(normalise(text))) or ()) == surfaces


@pytest.mark.parametrize(
    "text",
    ["", "error 5", "onError 110", "login failed", "programming", '{"reason": 9}', "arm", "login e-mail", "Iris: no"],
)
def test_what_names_nobody(text: str) -> None:
    assert named_surfaces(Words(normalise(text))) is None


@pytest.mark.parametrize(
    "text",
    [
        '{"code":401,"reason":"invalid token"}',
        "java.lang.SecurityException: invalid token",
        "resourceId x: 403 AuthorizationFailed",
        "Iris: invalid token",
        "your chat client: token expired, sorry",
    ],
)
def test_what_any_program_prints_is_no_sign_of_agora(text: str) -> None:
    assert explain_error(text) == ()


def test_general_words_only_narrow() -> None:
    assert hinted_surfaces(Words("web"), AGORA) == {"RTC Web"}
    assert hinted_surfaces(Words("web"), frozenset({"RTM 1.x"})) == {"RTM 1.x"}
    assert hinted_surfaces(Words(""), AGORA) == AGORA == set(get_args(Surface)) - {"not Agora"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("JsonWebTokenError: invalid signature", "JSON Web Token"),
        ("TokenExpiredError: jwt expired", "JSON Web Token"),
        ('Bearer error="invalid_token"', "OAuth"),
        ("FirebaseError: auth/id-token-expired", "Firebase"),
        ("TwilioError 20104: Access Token expired", "Twilio"),
        ("Zoom Video SDK error 5", "Zoom"),
        ("LiveKitError: invalid token", "LiveKit"),
        ("StreamChat: JWTAuth error, token expired", "Stream"),
        ("daily-js: exp-token", "Daily"),
        ("HMSException: invalid token", "100ms"),
        ("Forbidden (CSRF token missing)", "forged"),
        ("npm ERR! code 101", "package manager"),
        ("error CS1519: Invalid token '}'", "compiler"),
        ("Execution failed for task ':app:x', error 110", "compiler"),
        ("remote: Invalid username or token", "git"),
        ("SQLSTATE[HY000] [2002] error 110", "database"),
        ("NotReadableError: Could not start video source", "camera"),
        ("net::ERR_NAME_NOT_RESOLVED", "network"),
        ("WebSocket connection to 'wss://x' failed: code 101", "WebSocket"),
        ("[Errno 110] Connection timed out", "operating system"),
        ("CONNACK return code 5", "MQTT"),
        ("exit code 110", "ended"),
        ("Request failed with status code 401", "HTTP"),
    ],
)
def test_whose_text_it_is_if_not_agoras(text: str, name: str) -> None:
    (answer,) = explain_error(text)
    assert not answer.from_agora and answer.surface == "not Agora" and answer.code == ""
    assert name.lower() in answer.name.lower() + answer.meaning.lower()
    assert answer.meaning.startswith("This text is not Agora's. ") and answer.client_checks and not answer.causes


def test_a_text_that_only_agora_prints_outweighs_every_other_program() -> None:
    for program in ("npm ERR!", "WebSocket is closed", "TypeError: x", "JsonWebTokenError", "[Errno 110]"):
        assert explain_error(f"{program} dynamic use static key")[0].code == "2010015"


def test_a_sign_of_agora_outweighs_faint_signs_only() -> None:
    assert find_program(Words("connection timed out"), faint=False) is None
    assert find_program(Words("npm err"), faint=False) is not None
    assert explain_error("Agora onError 110, connection timed out")[0].code == "110"
    assert not explain_error("npm ERR! 401 Unauthorized agora-token")[0].from_agora
