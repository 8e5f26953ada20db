from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from agora_helpers.display.snippets import curl_call, javascript_call, python_call
from agora_helpers.server.app import TokenServer
from tests.support import DEMO, NOW

BODY: dict[str, Any] = {"channel": 'it\'s "mine" $HOME `x`', "isPublisher": True, "expiresIn": 60}


def test_the_body_survives_every_quoting() -> None:
    words = shlex.split(curl_call("/rtctoken", BODY, server="http://localhost:3000"))
    assert words[2] == "http://localhost:3000/rtctoken"
    assert json.loads(words[-1]) == BODY
    argument = javascript_call("/rtctoken", BODY).partition("JSON.stringify(")[2].removesuffix(") })).json();")
    assert json.loads(argument) == BODY


def test_the_python_line_sends_a_request() -> None:
    with TokenServer(DEMO, now=NOW) as server:
        line = python_call("/rtmtoken", {"user": "alice"}, server=f"http://127.0.0.1:{server.port}", with_key=True)
        names: dict[str, Any] = {"httpx2": httpx2, "API_KEY": "k"}
        exec(line, names)
    assert names["answer"]["user"] == "alice"


@pytest.mark.parametrize("call", [curl_call, javascript_call, python_call])
def test_a_key_is_named_and_not_shown(call: Callable[..., str]) -> None:
    assert "API_KEY" not in call("/rtctoken", BODY)
    with_key = call("/rtctoken", BODY, with_key=True)
    assert "Authorization" in with_key
    assert "API_KEY" in with_key


@pytest.mark.parametrize(
    ("path", "body", "names"),
    [
        ("/rtctoken", {}, "{ uid, token }"),
        ("/rtctoken", {"userAccount": "alice"}, "{ userAccount, token }"),
        ("/rtmtoken", {"user": "alice"}, "{ token }"),
        ("/chattoken", {"user": "alice"}, "{ token }"),
        ("/token", {"channel": "lobby"}, "{ uid, token }"),
    ],
)
def test_what_javascript_takes_from_the_answer(path: str, body: dict[str, Any], names: str) -> None:
    assert javascript_call(path, body).startswith(f"const {names} = ")
