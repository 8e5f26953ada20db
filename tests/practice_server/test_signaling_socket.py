from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from agora_helpers import Project
from agora_helpers.practice.clock import Clock
from agora_helpers.practice.protobuf import Message, encode
from agora_helpers.practice.signaling import SignalingServer, Uri, write_ticket
from agora_helpers.practice_server.signaling_socket import signaling_socket
from tests.support import DEMO, NOW, rtm

HOUR = 3600


@pytest.fixture
def server() -> SignalingServer:
    return SignalingServer(Project(DEMO, clock=Clock(NOW)))


@pytest.fixture
def client(server: SignalingServer) -> Iterator[TestClient]:
    with TestClient(Starlette(routes=[WebSocketRoute("/", signaling_socket(server))])) as client:
        yield client


def log_in(socket: WebSocketTestSession, token: str | None = None) -> None:
    ticket = write_ticket(token or rtm())
    socket.send_bytes(encode([(1, Uri.LOG_IN), (2, encode([(1, 1), (3, 1), (4, "alice"), (5, ticket)]))]))
    assert kind_of(socket) == Uri.LOGIN_RESULT


def kind_of(socket: WebSocketTestSession) -> int:
    return Message(socket.receive_bytes()).integer(1)


def closed(socket: WebSocketTestSession) -> tuple[int, str]:
    with pytest.raises(WebSocketDisconnect) as info:
        socket.receive_bytes()
    return info.value.code, info.value.reason


def test_the_clock_is_moved_from_another_thread(client: TestClient, server: SignalingServer) -> None:
    with client.websocket_connect("/") as socket:
        log_in(socket)
        server.project.clock.advance(HOUR - 30)
        assert kind_of(socket) == Uri.WILL_EXPIRE
        server.project.clock.advance(30)
        assert kind_of(socket) == Uri.DROP
    assert server.sessions[0].reason == "TOKEN_EXPIRED"


def test_time_passes_by_itself(client: TestClient, server: SignalingServer) -> None:
    clock = server.project.clock
    clock.set(NOW + HOUR - 31)
    clock.resume()
    with client.websocket_connect("/") as socket:
        log_in(socket)
        started = time.monotonic()
        assert kind_of(socket) == Uri.WILL_EXPIRE
        assert time.monotonic() - started < 5
        assert clock.now() == NOW + HOUR - 30


def test_a_ban_from_another_thread(client: TestClient, server: SignalingServer) -> None:
    with client.websocket_connect("/") as socket:
        log_in(socket)
        server.sessions[0].ban()
        assert kind_of(socket) == Uri.DROP


def test_a_client_that_goes_away(client: TestClient, server: SignalingServer) -> None:
    with client.websocket_connect("/") as socket:
        log_in(socket)
        socket.close(1001)
    assert (server.sessions[0].state, server.sessions[0].reason) == ("out", "KEEP_ALIVE_TIMEOUT")
    server.project.clock.advance(HOUR)  # nobody listens any more


def test_logged_out(client: TestClient, server: SignalingServer) -> None:
    with client.websocket_connect("/") as socket:
        log_in(socket)
        socket.send_bytes(encode([(1, Uri.LOG_OUT), (2, b"")]))
        assert closed(socket) == (1000, "")
    assert server.sessions[0].reason == "LOGOUT"


def test_what_is_no_frame_ends_the_connection(client: TestClient) -> None:
    with client.websocket_connect("/") as socket:
        socket.send_text("hello")
        assert closed(socket) == (1003, "The SDK sends binary frames.")
    with client.websocket_connect("/") as socket:
        socket.send_bytes(b"\xff")
        assert closed(socket) == (1002, "Malformed frame: an integer is cut off or too long.")


@pytest.mark.parametrize("origin", ["http://example.com", "http://testserver:81", "null", "https://testserver"])
def test_pages_of_other_sites_are_refused(client: TestClient, origin: str) -> None:
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/", headers={"origin": origin}):
        raise AssertionError("accepted")


def test_own_pages_are_served(client: TestClient) -> None:
    with client.websocket_connect("/", headers={"origin": "http://testserver"}) as socket:
        log_in(socket)
