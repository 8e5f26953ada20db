"""Signaling's WebSockets: the model of the server behind the access point's endpoint."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from agora_helpers import Project
from agora_helpers.practice.clock import Clock
from agora_helpers.practice.protobuf import Message, encode
from agora_helpers.practice.signaling import SignalingServer, Uri, write_ticket
from agora_helpers.practice_server.access_point import create_access_point
from tests.support import DEMO, NOW, rtm

HOUR = 3600


@pytest.fixture
def app() -> Starlette:
    return create_access_point(Project(DEMO, clock=Clock(NOW)))


@pytest.fixture
def server(app: Starlette) -> SignalingServer:
    server = app.state.signaling_server
    assert isinstance(server, SignalingServer)
    return server


@pytest.fixture
def client(app: Starlette) -> Iterator[TestClient]:
    with TestClient(app, headers={"origin": "http://testserver"}) as client:
        yield client


def log_in(socket: WebSocketTestSession) -> None:
    request = encode([(1, 1), (3, 1), (4, "alice"), (5, write_ticket(rtm()))])
    socket.send_bytes(encode([(1, Uri.LOG_IN), (2, request)]))
    assert kind_of(socket) == Uri.LOGIN_RESULT


def kind_of(socket: WebSocketTestSession) -> int:
    return Message(socket.receive_bytes()).integer(1)


def closed(socket: WebSocketTestSession) -> tuple[int, str]:
    with pytest.raises(WebSocketDisconnect) as info:
        socket.receive_bytes()
    return info.value.code, info.value.reason


def test_the_clock_is_moved_in_another_thread(client: TestClient, server: SignalingServer) -> None:
    with client.websocket_connect("/ws/9591") as first, client.websocket_connect("/ws/9593") as second:
        log_in(first)
        log_in(second)
        server.project.clock.advance(HOUR - 30)
        assert kind_of(first) == kind_of(second) == Uri.WILL_EXPIRE
        server.project.clock.advance(30)
        assert kind_of(first) == kind_of(second) == Uri.DROP
    (session,) = server.sessions
    assert session.reason == "TOKEN_EXPIRED"


def test_time_passes_by_itself(client: TestClient, server: SignalingServer) -> None:
    clock = server.project.clock
    clock.set(NOW + HOUR - 31)
    with client.websocket_connect("/ws/9591") as socket:
        log_in(socket)
        started = time.monotonic()
        clock.resume()
        assert kind_of(socket) == Uri.WILL_EXPIRE
        assert 0.9 < time.monotonic() - started < 5


def test_a_client_that_goes_away(client: TestClient, server: SignalingServer) -> None:
    with client.websocket_connect("/ws/9591") as socket:
        log_in(socket)
        assert server.sessions[0].connected
        socket.close(1001)
    assert not server.sessions[0].connected


def test_a_client_that_logs_out(client: TestClient, server: SignalingServer) -> None:
    with client.websocket_connect("/ws/9591") as socket:
        log_in(socket)
        socket.send_bytes(encode([(1, Uri.LOG_OUT), (2, b"")]))
        assert closed(socket) == (1008, "")
    assert server.sessions[0].reason == "LOGOUT"


def test_an_invalid_frame(client: TestClient) -> None:
    with client.websocket_connect("/ws/9591") as socket:
        socket.send_bytes(b"\xff")
        assert closed(socket) == (1008, "Invalid frame: an integer is cut off or too long.")


def test_text_ends_the_connection(client: TestClient, server: SignalingServer) -> None:
    with client.websocket_connect("/ws/9591") as socket:
        log_in(socket)
        socket.send_text("hello")
        socket.close()
    assert not server.sessions[0].connected


@pytest.mark.parametrize("origin", ["http://example.com", "http://testserver:81", "null", "https://testserver"])
def test_pages_of_other_sites_are_refused(client: TestClient, origin: str) -> None:
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/ws/9591", headers={"origin": origin}):
        raise AssertionError("accepted")
