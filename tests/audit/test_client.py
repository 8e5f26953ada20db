"""What servers do over a network, and how an audit takes it."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from agora_helpers import AgoraHelpersError, InputError, build_rtc_token, build_rtm_token
from agora_helpers.audit import audit, client
from tests.audit.servers import HEADERS, KEY, NO_UID, TEMPLATE, Server, random_uid
from tests.support import DEMO, run

TOKEN = build_rtc_token(DEMO, "lobby", uid=7)
RTM = build_rtm_token(DEMO, "alice")
Answer = Callable[[socket.socket, bytes], None]


@contextmanager
def listening(answer: Answer) -> Iterator[tuple[str, list[bytes]]]:
    """Run a server that answers by hand. Yield its URL and the requests that arrive."""
    requests: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    request = connection.recv(65536)
                    if request == b"stop":
                        return
                    requests.append(request)
                    try:
                        answer(connection, request)
                    except OSError:
                        continue  # the client hung up

        thread = threading.Thread(target=serve)
        thread.start()
        port = server.getsockname()[1]
        yield f"http://127.0.0.1:{port}", requests
        with socket.create_connection(("127.0.0.1", port)) as last:
            last.sendall(b"stop")
        thread.join()


def saying(status: str, body: bytes, *headers: str) -> Answer:
    head = "\r\n".join([f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "Connection: close", "", ""])
    return lambda connection, request: connection.sendall(head.encode() + body)


def closing(connection: socket.socket, request: bytes) -> None:
    """Hang up without a word."""


def dripping(connection: socket.socket, request: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    for _ in range(30):
        connection.sendall(b"x")
        time.sleep(0.05)


def silent(connection: socket.socket, request: bytes) -> None:
    time.sleep(0.4)


HTML = b"<!doctype html><title>Log in</title>"
WITHOUT_TOKEN: dict[str, tuple[Answer, str]] = {
    "login": (saying("302 Found", b"", "Location: https://login.example/"), "status 302, a redirect. Pass the URL"),
    "redirect with a body": (saying("301 Moved", HTML, "Location: /x/"), "status 301, a redirect. Pass the URL"),
    "page": (saying("200 OK", HTML, "Content-Type: text/html"), "status 200, an HTML page. Check the path"),
    "401": (
        saying("401 Unauthorized", b'{"error": "no"}'),
        "status 401, a JSON object with error. Pass the credential",
    ),
    "404": (saying("404 Not Found", HTML), "status 404, an HTML page. Check the path, and its placeholders"),
    "405": (saying("405 Method Not Allowed", b""), "status 405, an empty body. Check the method"),
    "429": (saying("429 Too Many Requests", b"slow"), "status 429, text. Wait until"),
    "array": (saying("200 OK", b"[1]"), "status 200, a JSON array. Compare the template"),
    "not UTF-8": (saying("200 OK", b"\xff\xfe\x00token"), "status 200, text. Compare the template"),
    "damaged token": (saying("200 OK", TOKEN[:-30].encode()), "damaged: run agora-helpers decode"),
    "closed": (closing, "the connection was closed without a complete response. Start the server"),
    "no HTTP": (lambda connection, request: connection.sendall(b"hello\r\n\r\n"), "the connection was closed"),
    "cut short": (saying("200 OK", b"", "Content-Length: 99"), "."),
    "silent": (silent, "no response within 0.2 s"),
    "dripping": (dripping, "no complete response within 0.2 s"),
}


@pytest.mark.parametrize("name", WITHOUT_TOKEN)
def test_a_reply_without_a_token_is_explained(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "TIMEOUT_SECONDS", 0.2)
    answer, words = WITHOUT_TOKEN[name]
    with listening(answer) as (url, _), pytest.raises(InputError) as error:
        audit(f"{url}/token?channel={{channel}}")
    assert str(error.value).startswith("target: ")
    assert words in str(error.value)
    assert TOKEN[3:-30] not in str(error.value)


WITH_TOKEN = {
    "plain text": TOKEN,
    "token": json.dumps({"token": TOKEN}),
    "two": json.dumps({"rtcToken": TOKEN, "rtmToken": RTM}),
    "key": json.dumps({"key": TOKEN}),
    "nested": json.dumps({"data": [{"auth": {"value": TOKEN}}], "ok": True}),
    "in words": f"Your token is {TOKEN}, alice.",
    "JSON string": json.dumps(TOKEN),
}


@pytest.mark.parametrize("name", WITH_TOKEN)
def test_a_token_is_found_anywhere(name: str) -> None:
    with listening(saying("200 OK", WITH_TOKEN[name].encode())) as (url, requests):
        report = audit(f"{url}/token?channel={{channel}}&uid={{uid}}&user={{user}}")
    codes = {finding.code for finding in report.findings}
    assert {"PLAIN_HTTP", "WRONG_CHANNEL", "WRONG_USER", "SAME_TOKEN_TWICE", "TOKEN_BY_GET"} <= codes
    assert report.requests == len(requests) <= 60
    (wrong,) = (finding for finding in report.findings if finding.code == "WRONG_USER")
    assert ("'alice'" in str(wrong.evidence)) == (name == "two")


def test_a_huge_reply_is_not_read_to_its_end() -> None:
    with listening(saying("200 OK", json.dumps({"token": TOKEN, "more": "x" * 9_000_000}).encode())) as (url, _):
        report = audit(f"{url}/token?channel={{channel}}")
    assert report.requests == 39


def test_no_cookie_is_kept_and_no_redirect_followed() -> None:
    body = json.dumps({"token": TOKEN, "uid": 7}).encode()
    with listening(saying("200 OK", body, "Set-Cookie: session=1")) as (url, requests):
        audit(f"{url}/token?channel={{channel}}", headers=HEADERS)
    assert not any(b"cookie:" in request.lower() for request in requests)
    assert sum(KEY.encode() in request for request in requests) == len(requests) - 2  # one anonymous, one preflight


def test_credentials_of_the_machine_stay_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy from the environment is not used: it would see tokens of a server on this machine."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    with listening(saying("200 OK", TOKEN.encode())) as (url, _):
        assert audit(url).requests


def test_nobody_listens() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(InputError, match="no connection to the server"):
        audit(f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize("host", ["example.com", "192.0.2.1", "localhost.example.com", "[2001:db8::1]", "0.0.0.0"])
def test_servers_elsewhere_need_a_promise(host: str) -> None:
    with pytest.raises(InputError, match="is not on this machine") as error:
        audit(f"https://{host}/token")
    assert error.value.code == "NOT_YOURS"


def test_beyond_this_machine_two_findings_are_graver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agora_helpers.audit.runner.is_local", lambda host: False)
    with listening(saying("200 OK", TOKEN.encode())) as (url, _):
        report = audit(url, this_is_my_server=True)
    severities = {finding.code: finding.severity for finding in report.findings}
    assert severities["PLAIN_HTTP"] == severities["NO_CREDENTIAL_NEEDED"] == "error"


def test_in_a_browser_tab_the_report_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def audited() -> Any:
        report = audit(Server(uid=random_uid), "/rtc", json_body=NO_UID, headers=HEADERS, credentials=DEMO)
        return report.findings, report.passed, report.requests

    elsewhere = audited()
    monkeypatch.setattr("sys.platform", "emscripten")
    monkeypatch.setattr(threading.Thread, "start", lambda thread: pytest.fail("a browser tab has no threads"))
    assert audited() == elsewhere


def test_in_a_notebook_the_event_loop_runs_already() -> None:
    async def cell() -> int:
        return audit(Server(), "/rtc", json_body=TEMPLATE, headers=HEADERS).requests

    assert run(cell()) > 30


def test_an_app_that_waits_in_a_browser_tab(monkeypatch: pytest.MonkeyPatch) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(0)

    monkeypatch.setattr("sys.platform", "emscripten")
    with pytest.raises(AgoraHelpersError, match="not possible in a browser tab"):
        audit(app, "/")


def test_an_app_that_raises_and_one_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    async def failing(scope: Any, receive: Any, send: Any) -> None:
        raise ZeroDivisionError

    async def hanging(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(60)

    with pytest.raises(InputError, match="status 500, an empty body"):
        audit(failing, "/")
    monkeypatch.setattr(client, "TIMEOUT_SECONDS", 0.1)
    with pytest.raises(InputError, match=r"no response within 0\.1 s"):
        audit(hanging, "/")


def test_a_server_that_limits_early_leaves_checks_open() -> None:
    report = audit(Server(limit=5), "/rtc", json_body=TEMPLATE, headers=HEADERS, credentials=DEMO)
    assert report.findings == ()
    assert "rate limit" in report.not_checked["CHANNEL_NOT_CHECKED"]
    assert "CALLER_SETS_LIFETIME" not in report.passed
    assert "SAME_TOKEN_TWICE" in report.not_checked
    assert "NO_RATE_LIMIT_SEEN" in report.passed


def test_the_largest_template_keeps_to_the_limit() -> None:
    body = TEMPLATE[:-1] + ', "account": "{account}", "user": "{user}", "role": "{role}"}'
    labels: list[str] = []
    report = audit(
        Server(limit=99, publisher=bool),
        "/rtc",
        json_body=body,
        headers=HEADERS,
        progress=lambda number, label: labels.append(label),
    )
    assert report.requests == len(labels) == client.MAX_REQUESTS
    assert labels.count("the same again") == 26


def test_a_limit_after_one_request() -> None:
    report = audit(Server(limit=1), "/rtc", json_body=TEMPLATE, headers=HEADERS)
    assert report.findings == ()
    assert "rate limit" in report.not_checked["CRASHES_ON_BAD_INPUT"]
    assert "rate limit" in report.not_checked["ERROR_AS_200"]
