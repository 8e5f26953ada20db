from __future__ import annotations

import asyncio
import json
import logging
import os
import selectors
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from agora_helpers import InputError, verify
from agora_helpers.server.access import ANY, ANYONE, ApiKeys, Permit
from agora_helpers.server.access_log import LogEntry
from agora_helpers.server.app import TokenServer, create_app, serve
from agora_helpers.server.settings import LOOPBACK_HOSTS, Settings
from tests.support import DEMO, NOW, ROOT, run

JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(create_app(Settings(credentials=DEMO, access=ANYONE, now=NOW, salt=1, uid=7)))


def error_of(answer: Any) -> dict[str, str]:
    """Return the error of a response, whose shape is always the same."""
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    assert body.keys() == {"error"}
    assert body["error"].keys() == {"code", "field", "message"}
    error: dict[str, str] = body["error"]
    return error


def test_the_welcome_of_the_classic_tutorial(client: TestClient) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer.text) == (200, "Agora Auth Token Server")
    assert answer.headers["content-type"].startswith("text/plain")


def test_a_token_for_a_channel(client: TestClient) -> None:
    answer = client.post("/rtctoken", json={"channel": "lobby", "isPublisher": True})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    body = answer.json()
    assert body["uid"] == 7
    assert verify(body["token"], DEMO, channel="lobby", uid=7, now=NOW).ok


def test_a_token_for_messaging(client: TestClient) -> None:
    body = client.post("/rtmtoken", json={"user": "alice"}).json()
    assert verify(body["token"], DEMO, user="alice", now=NOW).ok


def test_a_request_without_channel_names_the_field(client: TestClient) -> None:
    answer = client.post("/rtctoken", json={})
    error = error_of(answer)
    assert (answer.status_code, error["code"], error["field"]) == (400, "MISSING_FIELD", "channel")


def test_no_json_in_the_body(client: TestClient) -> None:
    answer = client.post("/rtctoken", content=b"{channel", headers=JSON)
    assert answer.status_code == 400
    assert error_of(answer)["code"] == "INVALID_JSON"


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded", "application/jsonp"])
def test_another_content_type(client: TestClient, kind: str | None) -> None:
    answer = client.post("/rtctoken", content=b'{"channel": "a"}', headers={"content-type": kind} if kind else {})
    assert answer.status_code == 415
    assert error_of(answer) == {
        "code": "UNSUPPORTED_MEDIA_TYPE",
        "field": "Content-Type",
        "message": "Content-Type: is not application/json. Send JSON, with the header Content-Type: application/json.",
    }


def test_the_content_type_may_have_parameters(client: TestClient) -> None:
    headers = {"content-type": "Application/JSON; charset=utf-8"}
    assert client.post("/rtctoken", content=b'{"channel": "a"}', headers=headers).status_code == 200


LARGEST_BODY = b" " * (16_384 - 16) + b'{"channel": "a"}'
"""16 KiB, as the README promises."""


def test_a_body_of_16_kib(client: TestClient) -> None:
    assert len(LARGEST_BODY) == 16_384
    assert client.post("/rtctoken", content=LARGEST_BODY, headers=JSON).status_code == 200


@pytest.mark.parametrize("chunks", [[b" " + LARGEST_BODY], [b" ", LARGEST_BODY]], ids=["length", "no length"])
def test_a_body_that_is_too_large_with_and_without_its_length(client: TestClient, chunks: list[bytes]) -> None:
    content = chunks[0] if len(chunks) == 1 else iter(chunks)
    answer = client.post("/rtctoken", content=content, headers=JSON)
    assert answer.status_code == 413
    message = "body: is larger than 16384 bytes. Send only the fields of this endpoint."
    assert error_of(answer) == {"code": "BODY_TOO_LARGE", "field": "body", "message": message}


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS"])
def test_another_method(client: TestClient, method: str) -> None:
    answer = client.request(method, "/rtctoken")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"
    message = "method: is not allowed here. Use POST. A browser's address bar can only send GET."
    assert error_of(answer)["message"] == message


def test_posting_to_the_root(client: TestClient) -> None:
    answer = client.post("/", json={})
    assert answer.status_code == 405
    assert error_of(answer)["message"] == "method: is not allowed here. Use GET or HEAD."


def test_another_path(client: TestClient) -> None:
    answer = client.post("/channel", json={"channel": "a"})
    assert answer.status_code == 404
    paths = "GET /, POST /rtctoken, POST /rtmtoken, POST /token, POST /chattoken, GET /health or GET /openapi.json"
    assert error_of(answer)["message"] == f"path: does not exist. Use {paths}."


@pytest.mark.parametrize(
    ("path", "use"),
    [
        ("/rtc/lobby/publisher/uid/7/", 'POST /rtctoken with a JSON body such as {"channel": "lobby"}'),
        ("/rtm/alice/", 'POST /rtmtoken with a JSON body such as {"user": "alice"}'),
        ("/getToken", "POST /rtctoken"),
        ("/access_token", "POST /rtctoken"),
        ("/fetch_rtm_token", "POST /rtmtoken"),
        ("/chat/userAccount/alice/", 'POST /chattoken with a JSON body such as {"user": "alice"}'),
    ],
)
def test_a_path_of_other_token_servers_leads_to_its_counterpart(client: TestClient, path: str, use: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert use in error_of(answer)["message"]


@pytest.mark.parametrize(
    ("method", "path", "use"),
    [
        ("POST", "/rtctoken/", "POST /rtctoken"),
        ("POST", "/rtmtoken//", "POST /rtmtoken"),
        ("GET", "/rtctoken/", "POST /rtctoken"),
        ("GET", "/health/", "GET /health"),
    ],
)
def test_a_trailing_slash_is_named(client: TestClient, method: str, path: str, use: str) -> None:
    """There is no redirect, which would lead to whatever host the Host header names."""
    answer = client.request(method, path, json={"channel": "a"}, headers={"host": "evil.example"})
    assert answer.status_code == 404
    assert error_of(answer)["code"] == "NOT_FOUND"
    assert error_of(answer)["message"] == f"path: must not end with a slash. Use {use}."
    assert "location" not in answer.headers


def test_a_failure_of_ours_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agora_helpers.server.endpoints.build_rtc_token", lambda *_, **__: 1 / 0)
    broken = TestClient(create_app(Settings(credentials=DEMO, access=ANYONE)), raise_server_exceptions=False)
    answer = broken.post("/rtctoken", json={"channel": "a"})
    assert answer.status_code == 500
    assert error_of(answer) == {"code": "INTERNAL_ERROR", "field": "server", "message": "Internal server error."}


def test_callers_need_a_key_where_the_policy_asks_for_one() -> None:
    guarded = TestClient(create_app(Settings(credentials=DEMO, access=ApiKeys(["k" * 20]))))
    assert guarded.get("/").status_code == 200
    for path in ("/rtctoken", "/rtmtoken"):
        for headers in ({}, {"authorization": "Bearer " + "x" * 20}):
            answer = guarded.post(path, json={"channel": "a"}, headers=headers)
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"] == "Bearer"
            assert error_of(answer)["message"].startswith("Authorization: does not identify the caller. Send proof")
    headers = {"authorization": "Bearer " + "k" * 20}
    assert guarded.post("/rtctoken", json={"channel": "a"}, headers=headers).status_code == 200


def test_pages_of_allowed_origins_may_ask() -> None:
    page, stranger = "https://app.example.com", "https://evil.example"
    allowing = TestClient(create_app(Settings(credentials=DEMO, access=ApiKeys(["k" * 20]), origins=(page,))))
    ask = {"access-control-request-method": "POST", "access-control-request-headers": "authorization,content-type"}
    preflight = allowing.options("/rtctoken", headers={"origin": page, **ask})
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == page
    assert "Authorization" in preflight.headers["access-control-allow-headers"]
    assert "Origin" in preflight.headers["vary"]
    assert "access-control-allow-credentials" not in preflight.headers
    assert allowing.options("/rtctoken", headers={"origin": stranger, **ask}).status_code == 400
    for origin, allowed in ((page, page), (stranger, None)):
        headers = {"origin": origin, "authorization": "Bearer " + "k" * 20}
        answer = allowing.post("/rtctoken", json={"channel": "a"}, headers=headers)
        assert answer.status_code == 200
        assert answer.headers.get("access-control-allow-origin") == allowed
        rejected = allowing.post("/rtctoken", json={}, headers=headers)
        assert rejected.status_code == 400
        assert rejected.headers.get("access-control-allow-origin") == allowed


def test_by_default_no_page_may_ask(client: TestClient) -> None:
    answer = client.post("/rtctoken", json={"channel": "a"}, headers={"origin": "https://app.example.com"})
    assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_create_app_demands_an_access_policy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGORA_APP_ID", DEMO.app_id)
    monkeypatch.setenv("AGORA_APP_CERTIFICATE", DEMO.app_certificate)
    monkeypatch.setenv("AGORA_ACCESS", " ")
    with pytest.raises(InputError, match="access policy"):
        create_app()
    monkeypatch.setenv("AGORA_ACCESS", "none")
    assert TestClient(create_app()).post("/rtctoken", json={"channel": "a"}).status_code == 200


@pytest.mark.parametrize(
    ("host", "others", "warned"),
    [
        ("127.0.0.1", {}, False),
        ("0.0.0.0", {}, True),
        ("127.0.0.1", {"hosts": ("a.example",)}, True),
        ("127.0.0.1", {"trusted_proxies": ("127.0.0.1",)}, True),
        ("0.0.0.0", {"access": ApiKeys(["k" * 20])}, False),
    ],
)
def test_a_server_that_is_open_to_others_says_so_at_start(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    host: str,
    others: dict[str, Any],
    warned: bool,
) -> None:
    apps: list[Any] = []
    monkeypatch.setattr("agora_helpers.server.app.run_in_foreground", lambda load, *_, **__: apps.append(load()))
    values: dict[str, Any] = {"credentials": DEMO, "access": ANYONE}
    serve(lambda: Settings(**values | others), host, 0, announce=print)
    assert len(apps) == 1
    assert ("everyone who reaches the server gets tokens" in caplog.text) is warned


def test_the_notebooks_server_speaks_over_a_real_socket(caplog: pytest.LogCaptureFixture, capfd: Any) -> None:
    caplog.set_level(logging.DEBUG, "uvicorn")
    with TokenServer(DEMO, now=NOW, salt=1, uid=7) as server:
        answers = [server.client.post("/rtctoken", json={"channel": "lobby"}) for _ in range(2)]
        too_large = server.client.post("/rtctoken", content=iter([b"x" * 9000, b"x" * 9000]), headers=JSON)
        assert server.client.get("/").text == "Agora Auth Token Server"
        assert repr(server) == "<TokenServer: running>"
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["issuedAt"] == NOW
    assert too_large.status_code == 413
    output = "".join(capfd.readouterr()) + caplog.text
    assert answers[0].json()["token"] not in output
    assert DEMO.app_certificate not in output


class ImpatientSelector(selectors.DefaultSelector):
    """Does not wait: it moves the clock of its event loop on instead."""

    skipped = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.skipped += max(timeout or 0, 0)
        return super().select(0)


class ImpatientLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self.selector = ImpatientSelector()
        super().__init__(self.selector)

    def time(self) -> float:
        return super().time() + self.selector.skipped


def test_each_body_has_5_seconds_to_arrive() -> None:
    app = create_app(Settings(credentials=DEMO, access=ANYONE))
    scope = {"type": "http", "method": "POST", "path": "/rtctoken", "headers": [(b"content-type", b"application/json")]}

    async def request(begin: float, arrive: float) -> tuple[int, Any, float]:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(begin)
        start, messages = loop.time(), []

        async def receive() -> Any:
            await asyncio.sleep(arrive)
            return {"type": "http.request", "body": b'{"channel": "lobby"}'}

        async def send(message: Any) -> None:
            messages.append(message)

        await app(dict(scope), receive, send)
        return messages[0]["status"], json.loads(messages[1]["body"]), loop.time() - start

    async def requests() -> list[tuple[int, Any, float]]:
        times = [(0, 99), (1, 0), (2, 4.9), (3, 99), (6, 99), (60, 99)]
        return await asyncio.gather(*(request(*each) for each in times))

    with asyncio.Runner(loop_factory=ImpatientLoop) as runner:
        for _ in range(2):  # the second time, the loop has had a pause
            answers = runner.run(requests())
            assert [status for status, _, _ in answers] == [408, 200, 200, 408, 408, 408]
            assert [seconds for _, _, seconds in answers] == pytest.approx([5, 0, 4.9, 5, 5, 5], abs=0.1)
            assert answers[0][1]["error"] == {
                "code": "REQUEST_TIMEOUT",
                "field": "body",
                "message": "body: did not arrive within 5 seconds. Send the whole body at once.",
            }
    with asyncio.Runner(loop_factory=ImpatientLoop) as runner:  # another loop in the same thread
        assert runner.run(request(0, 99))[0] == 408


def test_a_body_that_never_comes_whole(monkeypatch: pytest.MonkeyPatch, capfd: Any) -> None:
    monkeypatch.setattr("agora_helpers.server.requests.BODY_TIMEOUT_SECONDS", 0.2)
    head = (
        b"POST /rtctoken HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"
    )
    with TokenServer(DEMO) as server:
        with socket.create_connection(("127.0.0.1", server.port)) as slow:
            slow.sendall(head)
            answer = slow.makefile("rb").read().decode()
        assert answer.startswith("HTTP/1.1 408 ")
        assert "REQUEST_TIMEOUT" in answer
        assert "connection: close" in answer.lower()
        assert "server: " not in answer.lower()
        with socket.create_connection(("127.0.0.1", server.port)) as gone:
            gone.sendall(head)
        with socket.create_connection(("127.0.0.1", server.port)) as left_over:
            left_over.sendall(head)
            assert server.client.post("/rtctoken", json={"channel": "a"}).status_code == 200
            server.stop()
    assert "".join(capfd.readouterr()) == "", "a notebook would show it in some cell"


SECRET = DEMO.app_certificate


@pytest.mark.parametrize(
    "body",
    [{"channel": SECRET + "é"}, {"channel": "a", "uid": SECRET}, {"channel": "a", "version": SECRET}, {SECRET: 1}],
)
def test_no_response_repeats_the_request(client: TestClient, body: dict[str, Any]) -> None:
    answer = client.post("/rtctoken", json=body)
    assert answer.status_code == 400
    assert SECRET not in answer.text


def test_fixed_values_are_checked_when_the_server_is_made() -> None:
    with pytest.raises(InputError, match="uid: 0 builds a token that any client may use"):
        TokenServer(DEMO, uid=0)
    with pytest.raises(InputError, match="port: is not a port"):
        TokenServer(DEMO, port=70_000)


def test_health_and_the_description_for_programs(client: TestClient) -> None:
    assert client.get("/health").json() == {"status": "ok"}
    description = client.get("/openapi.json").json()
    assert description["openapi"].startswith("3.1")
    assert "/token" in description["paths"]
    assert DEMO.app_certificate not in json.dumps(description)


def test_one_token_for_both(client: TestClient) -> None:
    body = client.post("/token", json={"channel": "lobby", "userAccount": "alice"}).json()
    assert verify(body["token"], DEMO, channel="lobby", account="alice", user="alice", now=NOW).ok


def test_the_server_decides_who_the_client_is() -> None:
    def access(headers: Mapping[str, str]) -> Permit | None:
        name = headers.get("x-session")
        return Permit(name, user=name, channels={"lobby"}, may_publish=False) if name else None

    app = TestClient(create_app(Settings(credentials=DEMO, now=NOW, access=access)))
    alice = {"x-session": "alice"}
    answer = app.post("/rtctoken", json={"channel": "lobby"}, headers=alice).json()
    assert answer["userAccount"] == "alice"
    assert verify(answer["token"], DEMO, channel="lobby", account="alice", now=NOW).ok
    assert app.post("/rtmtoken", json={}, headers=alice).json()["user"] == "alice"
    for path, body in (("/rtctoken", {"channel": "stage"}), ("/rtmtoken", {"user": "bob"})):
        rejected = app.post(path, json=body, headers=alice)
        assert rejected.status_code == 403
        assert error_of(rejected)["code"] == "FORBIDDEN"
    assert app.post("/rtctoken", json={"channel": "lobby"}).status_code == 401


def test_too_many_requests() -> None:
    log: list[LogEntry] = []
    settings = Settings(
        credentials=DEMO,
        access=lambda headers: Permit("alice", user=ANY, channels=ANY),
        rate_limit="2/hour",
        log=log.append,
    )
    limited = TestClient(create_app(settings))
    answers = [limited.post("/rtctoken", json={"channel": "a"}) for _ in range(3)]
    assert [entry.caller for entry in log] == ["alice"] * 3, "the log names the caller that exceeds the limit"
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 3000 < int(answers[2].headers["retry-after"]) <= 3600
    error = error_of(answers[2])
    assert (error["code"], error["field"]) == ("TOO_MANY_REQUESTS", "caller")
    assert error["message"].startswith("Rate limit exceeded. Retry in 3")
    assert limited.get("/health").status_code == 200


def test_by_default_a_caller_has_600_requests_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agora_helpers.server.endpoints.build_rtm_token", lambda *_, **__: "token")
    monkeypatch.setenv("AGORA_ACCESS", "none")
    monkeypatch.setenv("AGORA_ACCESS_LOG", "off")
    limited = TestClient(create_app(Settings.from_env(DEMO)))
    statuses = [limited.post("/rtmtoken", json={"user": "a"}).status_code for _ in range(600)]
    assert set(statuses) == {200}
    exceeded = limited.post("/rtmtoken", json={"user": "a"})
    assert exceeded.status_code == 429
    assert 1 <= int(exceeded.headers["retry-after"]) <= 60


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "evil.example:3000", "", "[::1]x", "127.0.0.1.x"]
)
def test_on_this_machine_only_its_own_names_count(host: str) -> None:
    here = TestClient(create_app(Settings(credentials=DEMO, access=ANYONE, hosts=LOOPBACK_HOSTS)))
    answer = here.post("/rtctoken", json={"channel": "a"}, headers={"host": host})
    assert answer.status_code == 421
    assert error_of(answer)["code"] == "WRONG_HOST"
    assert error_of(answer)["message"].startswith("Host: is not a name of this server. Its names are 127.0.0.1, ")
    assert here.get("/health", headers={"host": host}).status_code == 200, "a probe may use any name"
    for name in ("localhost", "LOCALHOST:3000", "127.0.0.1:80", "[::1]:3000", "[::1]"):
        assert here.get("/", headers={"host": name}).status_code == 200


def test_a_request_with_two_hosts_is_rejected() -> None:
    here = TestClient(create_app(Settings(credentials=DEMO, access=ANYONE, hosts=LOOPBACK_HOSTS)))
    headers = [("host", "localhost"), ("host", "localhost")]
    answer = here.post("/rtctoken", json={"channel": "a"}, headers=headers)
    assert answer.status_code == 421
    assert error_of(answer)["code"] == "WRONG_HOST"


def test_a_real_server_ignores_x_forwarded_for() -> None:
    """Anyone can send it, and so take another address to escape the rate limit."""
    log: list[LogEntry] = []
    with TokenServer(DEMO, rate_limit="2/hour", log=log.append) as server:
        answers = [
            server.client.post("/rtctoken", json={"channel": "a"}, headers={"x-forwarded-for": f"203.0.113.{number}"})
            for number in range(3)
        ]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [entry.caller for entry in log] == ["127.0.0.1"] * 3


def test_agora_helpers_serve_ignores_x_forwarded_for(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "agora_helpers", "serve", "--demo", "--port", "0", "--json"]
    (tmp_path / ".env").write_text("", encoding="utf-8")
    environment = os.environ | {"AGORA_RATE_LIMIT": "1/hour", "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=environment, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            url = json.loads(process.stdout.readline())["url"]
            answers = [
                httpx2.post(
                    f"{url}/rtctoken",
                    json={"channel": "a"},
                    headers={"x-forwarded-for": f"203.0.113.{number}"},
                    trust_env=False,
                )
                for number in range(2)
            ]
            entry = json.loads(process.stdout.readline())
        finally:
            process.kill()
    assert [answer.status_code for answer in answers] == [200, 429]
    assert entry["caller"] == "127.0.0.1"


def test_agora_helpers_serve_warns_on_stderr_if_others_get_tokens(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "agora_helpers", "serve", "--demo", "--port", "0"]
    (tmp_path / ".env").write_text("", encoding="utf-8")
    variables = {"AGORA_ACCESS": "none", "AGORA_ALLOWED_HOSTS": "tokens.example.com", "PYTHONPATH": str(ROOT)}
    environment, nowhere = os.environ | variables, subprocess.DEVNULL
    with subprocess.Popen(
        command, env=environment, cwd=tmp_path, stdout=nowhere, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stderr
            line = process.stderr.readline()
        finally:
            process.kill()
    assert line == "There is no access policy: everyone who reaches the server gets tokens.\n"


def test_only_a_trusted_proxy_tells_where_a_request_comes_from() -> None:
    for trusted, caller in (("10.0.0.0/8", "1.2.3.4"), ("192.168.0.1", "10.0.0.1")):
        seen: list[LogEntry] = []
        app = create_app(Settings(credentials=DEMO, access=ANYONE, trusted_proxies=(trusted,), log=seen.append))
        TestClient(app, client=("10.0.0.1", 5)).get("/", headers={"x-forwarded-for": "6.6.6.6, 1.2.3.4"})
        assert seen[0].caller == caller
    app = create_app(Settings(credentials=DEMO, access=ANYONE, trusted_proxies=("10.0.0.1",), log=seen.append))
    TestClient(app, client=("10.0.0.1", 5)).get("/", headers={"x-forwarded-for": "evil 007token"})
    assert seen.pop().caller == "unknown"
    seen.clear()
    app = create_app(Settings(credentials=DEMO, access=ANYONE, log=seen.append))
    TestClient(app, client=("10.0.0.1", 5)).get("/", headers={"x-forwarded-for": "1.2.3.4"})
    assert seen[0].caller == "10.0.0.1"


def test_a_server_on_this_machine_can_have_other_names_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind a reverse proxy of the same machine."""
    apps: list[Any] = []
    monkeypatch.setattr("agora_helpers.server.app.run_in_foreground", lambda load, *_, **__: apps.append(load()))
    keys = ApiKeys(["k" * 20])
    settings = Settings(credentials=DEMO, access=keys)
    serve(lambda: replace(settings, hosts=("tokens.example.com",)), "127.0.0.1", 0, announce=print)
    serve(lambda: settings, "0.0.0.0", 0, announce=print)
    serve(lambda: settings, "::1", 0, announce=print)
    for app, host, status in (
        (apps[0], "tokens.example.com", 200),
        (apps[0], "localhost:3000", 200),
        (apps[0], "127.0.0.1:3000", 200),
        (apps[0], "evil.example", 421),
        (apps[1], "whatever.example", 200),
        (apps[2], "[::1]:3000", 200),
    ):
        assert TestClient(app).get("/", headers={"host": host}).status_code == status


def test_a_server_that_stops_is_not_taken_for_a_body_that_is_late() -> None:
    app = create_app(Settings(credentials=DEMO, access=ANYONE))
    scope = {"type": "http", "method": "POST", "path": "/rtctoken", "headers": [(b"content-type", b"application/json")]}
    sent: list[Any] = []

    async def never() -> Any:
        await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message)

    async def stop() -> None:
        task = asyncio.ensure_future(app(scope, never, send))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run(stop())
    assert sent == []
