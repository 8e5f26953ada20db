from __future__ import annotations

import json
import shlex
from typing import Any

import httpx2

from agora_helpers.display.snippets import curl_call, javascript_call, python_call
from agora_helpers.server.app import TokenServer
from tests.support import DEMO, NOW

BODY: dict[str, Any] = {"channel": 'it\'s "mine" $HOME `x`', "isPublisher": True, "expiresIn": 60}


def test_the_body_survives_every_quoting() -> None:
    words = shlex.split(curl_call("/rtctoken", BODY, server="http://localhost:3000"))
    assert words[2] == "http://localhost:3000/rtctoken" and json.loads(words[-1]) == BODY
    written = javascript_call("/rtctoken", BODY).partition("JSON.stringify(")[2].removesuffix(") })).json();")
    assert json.loads(written) == BODY


def test_the_python_line_asks_a_server(monkeypatch: Any) -> None:
    with TokenServer(DEMO, now=NOW) as server:
        line = python_call("/rtmtoken", {"user": "alice"}, server=f"http://127.0.0.1:{server.port}", with_key=True)
        found: dict[str, Any] = {"httpx2": httpx2, "API_KEY": "k"}
        exec(line, found)
    assert found["answer"]["user"] == "alice"


def test_a_key_is_named_and_not_shown() -> None:
    for call in (curl_call, javascript_call, python_call):
        assert "API_KEY" not in call("/rtctoken", BODY)
        assert "Authorization" in (made := call("/rtctoken", BODY, with_key=True)) and "API_KEY" in made


def test_what_javascript_takes_from_the_answer() -> None:
    for path, body, taken in (
        ("/rtctoken", {}, "{ uid, token }"),
        ("/rtctoken", {"userAccount": "alice"}, "{ userAccount, token }"),
        ("/rtmtoken", {"user": "alice"}, "{ token }"),
    ):
        assert javascript_call(path, body).startswith(f"const {taken} = ")
