from __future__ import annotations

import asyncio
from typing import Any

import pytest

from agora_helpers import AgoraHelpersError, verify
from agora_helpers.server.app import TokenServer
from agora_helpers.server.hosting import BackgroundServer
from agora_helpers.server.in_process import InProcess
from tests.support import DEMO, NOW, run


def test_a_server_in_a_browser_tab_answers_as_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a notebook a cell runs in a task of the event loop, there as here."""

    async def cell(server: TokenServer) -> list[Any]:
        posts: list[dict[str, Any]] = [
            {"json": {"channel": "lobby"}},
            {"json": {}},
            {"content": b"{", "headers": {"content-type": "application/json"}},
            {"data": {"channel": "lobby"}},
            {"content": iter([b" " * 9000, b" " * 9000]), "headers": {"content-type": "application/json"}},
        ]
        answers = [server.client.get("/"), server.client.get("/try"), server.client.get("/nothing?x=1")]
        answers += [server.client.post("/rtctoken", **post) for post in posts]
        return [(answer.status_code, answer.text, answer.headers.get("content-type")) for answer in answers]

    def answers(server: TokenServer) -> list[Any]:
        with server:
            return run(cell(server))

    over_a_socket = answers(TokenServer(DEMO, now=NOW, salt=1, uid=7))
    monkeypatch.setattr("sys.platform", "emscripten")
    log: list[Any] = []
    in_process = TokenServer(DEMO, now=NOW, salt=1, uid=7, log=log.append)
    assert answers(in_process) == over_a_socket
    assert [status for status, *_ in over_a_socket][3:5] == [200, 400]
    assert [entry.status for entry in log] == [status for status, *_ in over_a_socket]
    assert not in_process.running


def test_it_starts_again_and_has_no_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "emscripten")
    server = TokenServer(DEMO, now=NOW).start()
    assert server.start().running
    assert server.port == 0
    assert repr(server) == "<TokenServer: running in this browser tab, without a socket>"

    async def cell() -> Any:
        return server.client.post("/rtmtoken", json={"user": "alice"}).json()

    assert verify(run(cell())["token"], DEMO, user="alice", now=NOW).ok
    server.stop()


def test_a_slow_policy_in_a_browser_tab(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "emscripten")
    monkeypatch.setattr("agora_helpers.server.json_endpoint._LONG_WAIT_SECONDS", -1)
    statuses: list[int] = []

    def outside_of_a_task(server: TokenServer) -> None:
        statuses.append(server.client.post("/rtmtoken", json={"user": "alice"}).status_code)

    async def cell() -> None:
        asyncio.get_running_loop().call_soon(outside_of_a_task, server)
        await asyncio.sleep(0)
        outside_of_a_task(server)

    with TokenServer(DEMO) as server:
        run(cell())
    assert statuses == [200, 200]


def test_two_servers_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "emscripten")
    with TokenServer(DEMO) as first, TokenServer(DEMO) as second:
        assert first.running
        assert second.running


def test_an_app_that_waits_says_so() -> None:
    async def waits(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(0)

    async def does_not_respond(scope: Any, receive: Any, send: Any) -> None:
        pass

    for app, problem in ((waits, "awaits something"), (does_not_respond, "did not respond")):
        with pytest.raises(AgoraHelpersError, match=f"server: {problem}"):
            InProcess(app).client.get("/")


def test_elsewhere_there_are_sockets() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    with BackgroundServer(app) as server:
        assert server.port > 0
        assert server.client.get("/").status_code == 204
