"""Run with pytest and Node; ``assert_token`` checks what the app returns."""

import base64
import hashlib
import hmac
import json
import os
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agora_helpers import Credentials, decode
from agora_helpers.testing import assert_token

CREDENTIALS = Credentials.demo()  # Agora's published sample pair
HERE = Path(__file__).parent
SECRET = "s" * 32
PAIR = {"AGORA_APP_ID": CREDENTIALS.app_id, "AGORA_APP_CERTIFICATE": CREDENTIALS.app_certificate}
ENVIRONMENT = {**os.environ, **PAIR, "SESSION_SECRET": SECRET, "PORT": "0"}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Start the server and return its address."""
    command = ["node", "server.js"]
    with subprocess.Popen(command, cwd=HERE, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield process.stdout.readline().split()[-1]
        finally:
            process.kill()


def cookie(uid: object, secret: str = SECRET) -> str:
    """Return a session as cookie-session signs it."""
    session = "session=" + base64.b64encode(json.dumps({"uid": uid}).encode()).decode()
    signature = base64.urlsafe_b64encode(hmac.digest(secret.encode(), session.encode(), hashlib.sha1)).decode()
    return f"{session}; session.sig={signature.rstrip('=')}"


def ask(url: str, cookie: str, body: bytes, content_type: str = "application/json") -> tuple[int, Any, str | None]:
    """Send a request and return status, body and Cache-Control."""
    headers = {"Cookie": cookie, "Content-Type": content_type}
    request = urllib.request.Request(f"{url}/calls/token", body, headers)
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as response:
            return response.status, json.load(response), response.headers["Cache-Control"]
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error), None


@pytest.mark.parametrize(("uid", "role"), [(1001, "publisher"), (1002, "subscriber")])
def test_the_server_decides_uid_and_role(url: str, uid: int, role: str) -> None:
    status, reply, cache_control = ask(url, cookie(uid), b'{"channel": "blue:standup"}')
    assert (status, cache_control) == (200, "no-store")
    assert (reply["uid"], reply["role"]) == (uid, role)
    assert_token(
        reply["token"],
        channel="blue:standup",
        uid=uid,
        role=role,
        expires_in=reply["expiresIn"],
        version="007",
        credentials=CREDENTIALS,
    )
    decoded: Any = decode(reply["token"])
    durations = {decoded.expire, *decoded.services[0].privileges.values()}  # tokenExpire, privilegeExpire
    assert durations == {reply["expiresIn"]}


@pytest.mark.parametrize(
    "header", ["", "session=e30=", cookie(1001, "x" * 32), cookie(None), cookie("1001"), cookie(0), cookie(1.5)]
)
def test_without_a_session_there_is_no_token(url: str, header: str) -> None:
    status, reply, _ = ask(url, header, b'{"channel": "blue:standup"}')
    assert (status, reply["error"]["field"]) == (401, "session")


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"channel": None},
        {"channel": 7},
        {"channel": "blue:caf\u00e9"},
        {"channel": "blue:standup\n"},
        {"channel": "blue:" + "x" * 63},
        {"channel": "blue:standup", "uid": 1002},
        {"channel": "blue:standup", "role": "publisher"},
    ],
)
def test_an_invalid_request_is_refused_by_field(url: str, body: object) -> None:
    status, reply, _ = ask(url, cookie(1001), json.dumps(body).encode())
    assert (status, reply["error"]["field"]) == (400, "channel")
    assert reply["error"]["message"].startswith("channel: ")


@pytest.mark.parametrize("channel", ["red:standup", "blueish:standup", ":standup", "constructor", "__proto__:x"])
def test_a_channel_of_another_team_is_refused(url: str, channel: str) -> None:
    for uid in (1001, 1003):
        status, reply, _ = ask(url, cookie(uid), json.dumps({"channel": channel}).encode())
        assert (status, reply["error"]["field"]) == (403, "channel")


def test_what_is_not_json_is_refused_in_json(url: str) -> None:
    status, reply, _ = ask(url, cookie(1001), b"{")
    assert (status, reply["error"]["field"]) == (400, "request")
    status, reply, _ = ask(url, cookie(1001), b'{"channel": "blue:standup"}', "text/plain")
    assert (status, reply["error"]["field"]) == (400, "channel")


@pytest.mark.parametrize("length", [0, 31])
@pytest.mark.parametrize("variable", ["AGORA_APP_ID", "AGORA_APP_CERTIFICATE", "SESSION_SECRET"])
def test_wrong_credentials_do_not_start(variable: str, length: int) -> None:
    variables = {**ENVIRONMENT, variable: ENVIRONMENT[variable][:length]}
    result = subprocess.run(
        ["node", "server.js"], cwd=HERE, env=variables, capture_output=True, text=True, timeout=20, check=False
    )
    assert result.returncode == 1
    assert result.stderr.startswith(f"{variable}: ")
    assert CREDENTIALS.app_certificate[:31] not in result.stdout + result.stderr
