from __future__ import annotations

import asyncio
import json
import logging
import socket
from collections.abc import Mapping
from typing import Any

import pytest
from starlette.testclient import TestClient

from agora_helpers import Credentials, InputError, verify
from agora_helpers.server.access import ApiKeys, Permit
from agora_helpers.server.access_log import LogEntry
from agora_helpers.server.app import TokenServer, create_app, serve
from agora_helpers.server.requests import MAX_BODY_BYTES
from agora_helpers.server.settings import LOOPBACK_HOSTS, Settings
from tests.support import NOW, run

DEMO = Credentials.demo()
JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(create_app(Settings(credentials=DEMO, now=NOW, salt=1, uid=7)))


def error_of(answer: Any) -> dict[str, str]:
    """The error of an answer, whose shape is always the same."""
    assert answer.headers["content-type"] == "application/json" and answer.headers["cache-control"] == "no-store"
    body = answer.json()
    assert body.keys() == {"error"} and body["error"].keys() == {"code", "field", "message"}
    error: dict[str, str] = body["error"]
    return error


def test_the_welcome_of_the_classic_tutorial(client: TestClient) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer.text) == (200, "Agora Auth Token Server")
    assert answer.headers["content-type"].startswith("text/plain")


def test_a_token_for_a_channel(client: TestClient) -> None:
    answer = client.post("/rtctoken", json={"channel": "lobby", "isPublisher": True})
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    body = answer.json()
    assert body["uid"] == 7 and verify(body["token"], DEMO, channel="lobby", uid=7, now=NOW).ok


def test_a_token_for_messaging(client: TestClient) -> None:
    body = client.post("/rtmtoken", json={"user": "alice"}).json()
    assert verify(body["token"], DEMO, user="alice", now=NOW).ok


def test_a_request_without_channel_names_the_field(client: TestClient) -> None:
    answer = client.post("/rtctoken", json={})
    error = error_of(answer)
    assert (answer.status_code, error["code"], error["field"]) == (400, "MISSING_FIELD", "channel")


def test_no_json_in_the_body(client: TestClient) -> None:
    answer = client.post("/rtctoken", content=b"{channel", headers=JSON)
    assert answer.status_code == 400 and error_of(answer)["code"] == "INVALID_JSON"


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded", "application/jsonp"])
def test_another_content_type(client: TestClient, kind: str | None) -> None:
    answer = client.post("/rtctoken", content=b'{"channel": "a"}', headers={"content-type": kind} if kind else {})
    error = error_of(answer)
    assert answer.status_code == 415 and error["field"] == "Content-Type" and "application/json" in error["message"]


def test_the_content_type_may_have_parameters(client: TestClient) -> None:
    headers = {"content-type": "Application/JSON; charset=utf-8"}
    assert client.post("/rtctoken", content=b'{"channel": "a"}', headers=headers).status_code == 200


def test_a_body_that_is_too_large_with_and_without_its_length(client: TestClient) -> None:
    body = b" " * (MAX_BODY_BYTES - 16) + b'{"channel": "a"}'
    assert client.post("/rtctoken", content=body, headers=JSON).status_code == 200
    for content in (b" " + body, iter([b" ", body])):
        answer = client.post("/rtctoken", content=content, headers=JSON)
        assert answer.status_code == 413 and error_of(answer)["code"] == "BODY_TOO_LARGE"


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS"])
def test_another_method(client: TestClient, method: str) -> None:
    answer = client.request(method, "/rtctoken")
    assert answer.status_code == 405 and answer.headers["allow"] == "POST" and "POST" in error_of(answer)["message"]


def test_posting_to_the_root(client: TestClient) -> None:
    answer = client.post("/", json={})
    assert answer.status_code == 405 and "GET" in error_of(answer)["message"]
    assert "address bar" not in error_of(answer)["message"]


def test_another_path(client: TestClient) -> None:
    answer = client.post("/rtc", json={"channel": "a"})
    assert answer.status_code == 404 and "POST /rtctoken" in error_of(answer)["message"]


def test_a_trailing_slash_is_another_path(client: TestClient) -> None:
    """And no redirect to whatever the Host header says."""
    answer = client.post("/rtctoken/", json={"channel": "a"}, headers={"host": "evil.example"})
    assert answer.status_code == 404 and error_of(answer)["code"] == "NOT_FOUND" and "location" not in answer.headers


def test_a_failure_of_ours_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agora_helpers.server.endpoints.build_rtc_token", lambda *_, **__: 1 / 0)
    broken = TestClient(create_app(Settings(credentials=DEMO)), raise_server_exceptions=False)
    answer = broken.post("/rtctoken", json={"channel": "a"})
    assert answer.status_code == 500 and error_of(answer)["code"] == "INTERNAL_ERROR"
    assert "division" not in answer.text


def test_callers_need_a_key_where_the_policy_asks_for_one() -> None:
    guarded = TestClient(create_app(Settings(credentials=DEMO, access=ApiKeys(["k" * 20]))))
    assert guarded.get("/").status_code == 200
    for path in ("/rtctoken", "/rtmtoken"):
        for headers in ({}, {"authorization": "Bearer " + "x" * 20}):
            answer = guarded.post(path, json={"channel": "a"}, headers=headers)
            assert answer.status_code == 401 and answer.headers["www-authenticate"] == "Bearer"
            assert "token" not in answer.json() and "Bearer KEY" in error_of(answer)["message"]
    headers = {"authorization": "Bearer " + "k" * 20}
    assert guarded.post("/rtctoken", json={"channel": "a"}, headers=headers).status_code == 200


def test_pages_of_allowed_origins_may_ask() -> None:
    page, stranger = "https://app.example.com", "https://evil.example"
    allowing = TestClient(create_app(Settings(credentials=DEMO, access=ApiKeys(["k" * 20]), origins=(page,))))
    ask = {"access-control-request-method": "POST", "access-control-request-headers": "authorization,content-type"}
    preflight = allowing.options("/rtctoken", headers={"origin": page, **ask})
    assert preflight.status_code == 200 and preflight.headers["access-control-allow-origin"] == page
    assert "Authorization" in preflight.headers["access-control-allow-headers"]
    assert "Origin" in preflight.headers["vary"] and "access-control-allow-credentials" not in preflight.headers
    assert allowing.options("/rtctoken", headers={"origin": stranger, **ask}).status_code == 400
    for origin, allowed in ((page, page), (stranger, None)):
        headers = {"origin": origin, "authorization": "Bearer " + "k" * 20}
        answer = allowing.post("/rtctoken", json={"channel": "a"}, headers=headers)
        assert answer.status_code == 200 and answer.headers.get("access-control-allow-origin") == allowed
        refused = allowing.post("/rtctoken", json={}, headers=headers)
        assert refused.status_code == 400 and refused.headers.get("access-control-allow-origin") == allowed


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


@pytest.mark.parametrize("behind", [{"hosts": ("a.example",)}, {"trusted_proxies": ("127.0.0.1",)}])
def test_a_server_behind_a_proxy_of_this_machine_demands_a_policy_too(behind: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=r"host: .*no access policy"):
        serve(Settings(credentials=DEMO, **behind), "127.0.0.1", 0, announce=lambda *_: pytest.fail("it listened"))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "example.com"])
def test_serving_others_demands_an_access_policy(host: str) -> None:
    with pytest.raises(InputError, match=r"host: .*no access policy"):
        serve(Settings(credentials=DEMO), host, 0, announce=lambda *_: pytest.fail("it listened"))


def test_the_notebooks_server_speaks_over_a_real_socket(caplog: pytest.LogCaptureFixture, capfd: Any) -> None:
    caplog.set_level(logging.DEBUG, "uvicorn")
    with TokenServer(DEMO, now=NOW, salt=1, uid=7) as server:
        answers = [server.client.post("/rtctoken", json={"channel": "lobby"}) for _ in range(2)]
        refused = server.client.post("/rtctoken", content=iter([b"x" * 9000, b"x" * 9000]), headers=JSON)
        assert server.client.get("/").text == "Agora Auth Token Server" and repr(server) == "<TokenServer: running>"
    assert answers[0].json() == answers[1].json() and answers[0].json()["issuedAt"] == NOW
    assert refused.status_code == 413
    written = "".join(capfd.readouterr()) + caplog.text
    assert answers[0].json()["token"] not in written and DEMO.app_certificate not in written


def test_a_body_that_never_comes_whole(monkeypatch: pytest.MonkeyPatch, capfd: Any) -> None:
    monkeypatch.setattr("agora_helpers.server.requests.BODY_TIMEOUT_SECONDS", 0.2)
    head = (
        b"POST /rtctoken HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"
    )
    with TokenServer(DEMO) as server:
        with socket.create_connection(("127.0.0.1", server.port)) as slow:
            slow.sendall(head)
            answer = slow.makefile("rb").read().decode()
        assert answer.startswith("HTTP/1.1 408 ") and "REQUEST_TIMEOUT" in answer
        assert "connection: close" in answer.lower() and "server: " not in answer.lower()
        with socket.create_connection(("127.0.0.1", server.port)) as gone:
            gone.sendall(head)
        with socket.create_connection(("127.0.0.1", server.port)) as left_over:
            left_over.sendall(head)
            assert server.client.post("/rtctoken", json={"channel": "a"}).status_code == 200
            server.stop()
    assert "".join(capfd.readouterr()) == "", "a notebook would show it in some cell"


def test_no_answer_repeats_what_was_sent(client: TestClient) -> None:
    secret = DEMO.app_certificate
    for body in (
        {"channel": secret + "é"},
        {"channel": "a", "uid": secret},
        {"channel": "a", "version": secret},
        {secret: 1},
    ):
        answer = client.post("/rtctoken", json=body)
        assert answer.status_code == 400 and secret not in json.loads(answer.text)["error"]["message"]


def test_fixed_values_are_checked_when_the_server_is_made() -> None:
    with pytest.raises(InputError, match="uid: 0 makes"):
        TokenServer(DEMO, uid=0)
    with pytest.raises(InputError, match="port: is not a port"):
        TokenServer(DEMO, port=70_000)


def test_health_and_the_description_for_programs(client: TestClient) -> None:
    assert client.get("/health").json() == {"status": "ok"}
    described = client.get("/openapi.json").json()
    assert described["openapi"].startswith("3.1") and "/token" in described["paths"]
    assert DEMO.app_certificate not in json.dumps(described)


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
    assert (
        answer["userAccount"] == "alice" and verify(answer["token"], DEMO, channel="lobby", account="alice", now=NOW).ok
    )
    assert app.post("/rtmtoken", json={}, headers=alice).json()["user"] == "alice"
    for path, body in (("/rtctoken", {"channel": "stage"}), ("/rtmtoken", {"user": "bob"})):
        answered = app.post(path, json=body, headers=alice)
        assert answered.status_code == 403 and error_of(answered)["code"] == "FORBIDDEN"
    assert app.post("/rtctoken", json={"channel": "lobby"}).status_code == 401


def test_too_many_requests() -> None:
    log: list[LogEntry] = []
    settings = Settings(credentials=DEMO, access=lambda headers: Permit("alice"), rate_limit="2/hour", log=log.append)
    limited = TestClient(create_app(settings))
    answers = [limited.post("/rtctoken", json={"channel": "a"}) for _ in range(3)]
    assert [entry.caller for entry in log] == ["alice"] * 3, "the log says whose client runs wild"
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 3000 < int(answers[2].headers["retry-after"]) <= 3600 and error_of(answers[2])["field"] == "caller"
    assert limited.get("/health").status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "evil.example:3000", "", "[::1]x", "127.0.0.1.x"]
)
def test_on_this_machine_only_its_own_names_count(host: str) -> None:
    here = TestClient(create_app(Settings(credentials=DEMO, hosts=LOOPBACK_HOSTS)))
    answer = here.post("/rtctoken", json={"channel": "a"}, headers={"host": host})
    assert answer.status_code == 421 and error_of(answer)["code"] == "WRONG_HOST"
    assert here.get("/health", headers={"host": host}).status_code == 200, "a probe may use any name"
    for name in ("localhost", "LOCALHOST:3000", "127.0.0.1:80", "[::1]:3000", "[::1]"):
        assert here.get("/", headers={"host": name}).status_code == 200


def test_only_a_proxy_that_is_named_says_where_a_request_comes_from() -> None:
    for trusted, told in (("10.0.0.0/8", "1.2.3.4"), ("192.168.0.1", "10.0.0.1")):
        seen: list[LogEntry] = []
        app = create_app(Settings(credentials=DEMO, trusted_proxies=(trusted,), log=seen.append))
        TestClient(app, client=("10.0.0.1", 5)).get("/", headers={"x-forwarded-for": "6.6.6.6, 1.2.3.4"})
        assert seen[0].caller == told
    app = create_app(Settings(credentials=DEMO, trusted_proxies=("10.0.0.1",), log=seen.append))
    TestClient(app, client=("10.0.0.1", 5)).get("/", headers={"x-forwarded-for": "evil 007token"})
    assert seen.pop().caller == "unknown"
    seen.clear()
    app = create_app(Settings(credentials=DEMO, log=seen.append))
    TestClient(app, client=("10.0.0.1", 5)).get("/", headers={"x-forwarded-for": "1.2.3.4"})
    assert seen[0].caller == "10.0.0.1"


def test_a_server_on_this_machine_goes_by_other_names_too_if_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind a reverse proxy of the same machine."""
    made: list[Any] = []
    monkeypatch.setattr("agora_helpers.server.app.run_in_foreground", lambda app, *_, **__: made.append(app))
    keys = ApiKeys(["k" * 20])
    serve(Settings(credentials=DEMO, access=keys, hosts=("tokens.example.com",)), "127.0.0.1", 0, announce=print)
    serve(Settings(credentials=DEMO, access=keys), "0.0.0.0", 0, announce=print)
    for app, host, status in (
        (made[0], "tokens.example.com", 200),
        (made[0], "localhost:3000", 200),
        (made[0], "127.0.0.1:3000", 200),
        (made[0], "evil.example", 421),
        (made[1], "whatever.example", 200),
    ):
        assert TestClient(app).get("/", headers={"host": host}).status_code == status


def test_a_server_that_stops_is_not_taken_for_a_body_that_is_late() -> None:
    app = create_app(Settings(credentials=DEMO))
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
