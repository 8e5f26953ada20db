from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from agora_helpers import Project
from agora_helpers.practice import Clock, MediaServer
from agora_helpers.practice.gateway import MAX_CONNECTIONS
from agora_helpers.practice.session import MAX_MESSAGE_CHARACTERS
from agora_helpers.practice_server import PracticeServer
from agora_helpers.practice_server.app import create_practice_app
from agora_helpers.server.access import ANYONE
from agora_helpers.server.app import TokenServer
from agora_helpers.server.settings import Settings
from tests.support import DEMO, NOW, rtc

ADDRESS = "/ap/127-0-0-1.edge.agora.io/ws/4000"
ORIGIN = {"origin": "http://127.0.0.1:3000"}
HOUR = 3600


def to_join(token: str | None = None) -> str:
    """Return a request as agora-rtc-sdk-ng 4.24.8 sends it, without what the model ignores."""
    message: dict[str, Any] = {"app_id": DEMO.app_id, "channel_key": token or rtc(), "channel_name": "lobby"}
    message |= {"session_id": "F1", "ap_response": {"uid": 7}, "ortc": {}, "mode": "rtc", "role": "host"}
    return json.dumps({"_id": "5cda6b", "_type": "join_v3", "_message": message})


@pytest.fixture
def project() -> Project:
    return Project(DEMO, clock=Clock(NOW))


@pytest.fixture
def here(project: Project) -> Iterator[TestClient]:
    app = create_practice_app(Settings(credentials=DEMO, access=ANYONE), project)
    with TestClient(app, base_url="http://127.0.0.1:3000") as client:
        yield client


def media_server(here: TestClient) -> MediaServer:
    server: MediaServer = here.app.state.media_server  # type: ignore[attr-defined]
    return server


def connect(here: TestClient, **headers: str) -> WebSocketTestSession:
    return here.websocket_connect(f"ws://127.0.0.1:3000{ADDRESS}", headers=ORIGIN | headers)


def test_a_session_over_a_websocket(here: TestClient, project: Project) -> None:
    with connect(here) as socket:
        socket.send_text(to_join())
        assert socket.receive_json()["_result"] == "success"
        (session,) = media_server(here).sessions
        project.clock.advance(HOUR - 30)
        assert socket.receive_json()["_type"] == "on_token_privilege_will_expire"
        socket.send_text("{")
        assert socket.receive_json()["_result"] == "failed"
        assert session.connected
    assert not session.connected
    assert session.state == "in", "it may come back"


def test_time_that_passes_by_itself(here: TestClient, project: Project) -> None:
    project.clock.set(NOW + HOUR - 31)
    project.clock.resume()
    with connect(here) as socket:
        socket.send_text(to_join())
        assert socket.receive_json()["_result"] == "success"
        assert socket.receive_json()["_type"] == "on_token_privilege_will_expire"
        assert project.clock.now() == NOW + HOUR - 30


def test_a_clock_that_runs_again(here: TestClient, project: Project) -> None:
    """Moving and resuming it says nothing to this client yet, but brings forward what is due."""
    with connect(here) as socket:
        socket.send_text(to_join())
        assert socket.receive_json()["_result"] == "success"
        project.clock.set(NOW + HOUR - 31)
        project.clock.resume()
        assert socket.receive_json()["_type"] == "on_token_privilege_will_expire"


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "http://127.0.0.1:3001"},
        {"origin": "https://127.0.0.1:3000"},
        {"host": "evil.example", "origin": "http://evil.example"},
    ],
)
def test_no_other_page_can_open_it(here: TestClient, headers: dict[str, str]) -> None:
    """A browser opens WebSockets to any address for any page; only the server can refuse (cross-site hijacking)."""
    with pytest.raises(WebSocketDisconnect) as caught, connect(here, **headers):
        pass
    assert caught.value.code == 1008
    assert not media_server(here).sessions


def test_without_an_origin_it_stays_closed(here: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect), here.websocket_connect(f"ws://127.0.0.1:3000{ADDRESS}"):
        pass


def test_a_binary_message_closes_it(here: TestClient) -> None:
    with connect(here) as socket:
        socket.send_bytes(b"x")
        assert socket.receive() == {"type": "websocket.close", "code": 1003, "reason": ""}


def test_a_message_that_is_too_long_gets_an_answer(here: TestClient) -> None:
    with connect(here) as socket:
        socket.send_text(" " * (MAX_MESSAGE_CHARACTERS + 1))
        assert socket.receive_json()["_result"] == "failed"


def test_too_many_connections(here: TestClient) -> None:
    for _ in range(MAX_CONNECTIONS):
        media_server(here).connect()
    with pytest.raises(WebSocketDisconnect) as caught, connect(here):
        pass
    assert caught.value.code == 1013


def test_the_token_server_has_no_websockets() -> None:
    with TokenServer(DEMO) as server:
        headers = {"upgrade": "websocket", "connection": "upgrade", "sec-websocket-version": "13"}
        headers |= {"sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==", "origin": f"http://127.0.0.1:{server.port}"}
        assert server.client.get(ADDRESS, headers=headers).status_code == 404


def test_a_real_socket(project: Project) -> None:
    """The background server's engine switches protocols for pages of its own, and for no others."""
    with PracticeServer(DEMO, project, web_sdk="") as server:
        headers = {"upgrade": "websocket", "connection": "upgrade", "sec-websocket-version": "13"}
        headers |= {"sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ=="}
        url = f"http://127.0.0.1:{server.port}"
        for origin, status in (({"origin": url}, 101), ({"origin": "http://evil.example"}, 403), ({}, 403)):
            # each on a connection of its own: the server closes it
            with httpx2.stream("GET", url + ADDRESS, headers=headers | origin, trust_env=False) as answer:
                assert answer.status_code == status
                accepted = answer.headers.get("sec-websocket-accept") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
                assert accepted == (status == 101)
