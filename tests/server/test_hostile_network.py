"""What a server on the open network meets. After each fault it answers as before, and nothing of it is left."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import random
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from agora_helpers import verify
from agora_helpers.server.access import ANYONE
from agora_helpers.server.access_log import LogEntry
from agora_helpers.server.app import TokenServer, create_app
from agora_helpers.server.settings import Settings
from tests.support import DEMO, NOW

BODY = b'{"channel": "lobby", "isPublisher": true, "uid": 7, "expiresIn": 600, "version": "007"}'
HEAD = b"POST /rtctoken HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
REQUEST = HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY
BODY_TIMEOUT_SECONDS = 0.3
GIVE_UP_SECONDS = 2  # a request whose head has no end is given up by the client
IDLE, DROPPED, MALFORMED = 500, 200, 10_000


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").exists() else 0


def until(condition: Any, what: str) -> None:
    ends = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < ends, f"not within a minute: {what}"
        time.sleep(0.005)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[TokenServer]:
    """A server that answers the same before and after the test, with as many files open, and says nothing."""
    monkeypatch.setattr("agora_helpers.server.requests.BODY_TIMEOUT_SECONDS", BODY_TIMEOUT_SECONDS)
    with TokenServer(DEMO, now=NOW, salt=1) as running:

        def answer() -> Any:
            return running.client.post("/rtctoken", content=BODY, headers={"content-type": "application/json"}).json()

        before, files, threads = answer(), open_files(), threading.active_count()
        assert verify(before["token"], DEMO, channel="lobby", uid=7, now=NOW).ok
        yield running
        assert answer() == before
        assert threading.active_count() == threads
        until(lambda: gc.collect() >= 0 and open_files() <= files, "all connections closed")
    assert "".join(capfd.readouterr()) == ""


def connect(server: TokenServer, sent: bytes = b"") -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=10)
    connection.sendall(sent)
    return connection


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def test_slow_requests_hold_up_nobody_and_are_ended(server: TokenServer) -> None:
    half_head, half_body = connect(server, HEAD), connect(server, REQUEST[:-10])
    for byte in REQUEST[-10:-6]:  # before the server hangs up, however slow this machine is
        half_body.sendall(bytes([byte]))
    for _ in range(4):
        assert server.client.post("/rtmtoken", json={"user": "alice"}).status_code == 200
    answer = half_body.makefile("rb").read()
    assert status_of(answer) == 408
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["error"]["code"] == "REQUEST_TIMEOUT"
    half_head.sendall(REQUEST[len(HEAD) :])
    assert status_of(half_head.recv(1000)) == 200, "a head may take its time; the reverse proxy limits that"
    half_head.close()
    half_body.close()


def test_a_body_byte_by_byte(server: TokenServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agora_helpers.server.requests.BODY_TIMEOUT_SECONDS", 60)  # on a busy machine it takes its time
    connection = connect(server, REQUEST[: -len(BODY)])
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for byte in BODY:
        connection.sendall(bytes([byte]))
    assert status_of(connection.recv(1000)) == 200
    connection.close()


def test_connections_that_are_dropped_in_the_middle(server: TokenServer) -> None:
    for number in range(DROPPED):
        connection = connect(server, REQUEST[: 20 + number])
        if number % 2:  # a reset rather than a good-bye
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()


def test_answers_that_nobody_waits_for(server: TokenServer) -> None:
    for _ in range(DROPPED):
        connection = connect(server, REQUEST * 3)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()


def test_idle_connections(server: TokenServer) -> None:
    if os.name == "posix":
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft < 3 * IDLE:
            resource.setrlimit(resource.RLIMIT_NOFILE, (min(3 * IDLE, hard), hard))
    idle = [connect(server, HEAD[: number % 60]) for number in range(IDLE)]
    began = time.monotonic()
    for _ in range(50):
        assert server.client.post("/rtmtoken", json={"user": "alice"}).status_code == 200
    assert time.monotonic() - began < 5
    idle[0].sendall(REQUEST)
    assert status_of(idle[0].recv(1000)) == 200, "an idle connection can still be used"
    for connection in idle:
        connection.close()


@pytest.mark.parametrize("clock", [-1.0, -1e11, 2**32 - 3600, 2.0**32])
@pytest.mark.parametrize("version", ["006", "007"])
def test_a_clock_that_no_token_can_hold(
    clock: float, version: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    entries: list[LogEntry] = []
    client = TestClient(create_app(Settings(credentials=DEMO, access=ANYONE, log=entries.append)))
    monkeypatch.setattr("time.time", lambda: clock)
    answer = client.post("/rtctoken", json={"channel": "lobby", "version": version})
    assert answer.status_code == 500
    assert answer.json()["error"]["message"] == "Internal server error."
    assert [entry.status for entry in entries] == [500]
    assert "clock: is wrong: a token cannot hold this time. Set the clock of the server's machine." in caplog.text


def test_a_clock_that_jumps_back(monkeypatch: pytest.MonkeyPatch) -> None:
    client = TestClient(create_app(Settings(credentials=DEMO, access=ANYONE, rate_limit="4/minute")))
    times = [NOW, NOW - 86_400, NOW + 86_400, NOW - 1]
    for now in times:
        monkeypatch.setattr("time.time", lambda now=now: now + 0.5)
        answer = client.post("/rtctoken", json={"channel": "lobby", "uid": 7}).json()
        assert (answer["issuedAt"], answer["expiresAt"]) == (now, now + 3600)
        assert verify(answer["token"], DEMO, channel="lobby", uid=7, now=now).ok
    exceeded = client.post("/rtctoken", json={"channel": "lobby"})
    assert exceeded.status_code == 429
    assert 1 <= int(exceeded.headers["retry-after"]) <= 60


def malformed(chance: random.Random) -> bytes:
    """A request with something wrong in it, or several things: mutated bytes, a lie about the length, strange JSON."""
    body = bytearray(BODY)
    junk = (
        b"NaN",
        b"\xff",
        b"\x00",
        b"{",
        b"[" * 99,
        b"9" * 5000,
        b'"uid": 1, ',
        b"1e999",
        b"null",
        b'"\\ud800"',
        b"\r\n",
    )
    for _ in range(chance.randrange(4)):
        place = chance.randrange(len(body) + 1)
        body[place : place + chance.randrange(6)] = chance.choice(junk)
    length = len(body) if chance.random() < 0.8 else chance.choice((0, 1, len(body) - 1, len(body) + 9, 10**30, -1))
    head = bytearray(HEAD + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % length)
    if chance.random() < 0.5:
        place = chance.randrange(len(head))
        head[place : place + chance.randrange(4)] = chance.randbytes(chance.randrange(3))
    if chance.random() < 0.1:
        head[:] = HEAD + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n" % chance.randrange(200)
    return bytes(head + body)


def test_ten_thousand_malformed_requests(server: TokenServer) -> None:
    chance = random.Random(7)
    requests = [malformed(chance) for _ in range(MALFORMED)]
    seen: Counter[int] = Counter()

    async def ask(pending: Iterator[bytes]) -> None:
        for request in pending:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(request)
            answer = b""
            try:
                async with asyncio.timeout(GIVE_UP_SECONDS):
                    answer = await reader.read()
            except (TimeoutError, ConnectionError):
                pass
            writer.transport.abort()
            seen[status_of(answer) if answer.startswith(b"HTTP/1.1 ") else 0] += 1

    async def ask_all() -> None:
        pending = iter(requests)
        await asyncio.gather(*(ask(pending) for _ in range(100)))

    asyncio.run(ask_all())
    assert sum(seen.values()) == MALFORMED
    assert set(seen) - {0} <= {200, 400, 404, 405, 408, 413, 415, 421}, seen
    assert min(seen[status] for status in (200, 400, 408, 415, 421)) > 50, f"a bit of everything: {seen}"
