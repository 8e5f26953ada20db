"""HTTP as an attacker writes it, to both engines: uvicorn with h11 (notebooks) and Granian (``agora-helpers serve``).

Each runs in a process of its own, whose memory is measured.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="measures memory as Linux shows it")
BACKGROUND = """
import sys
from agora_helpers import Credentials
from agora_helpers.server import TokenServer
with TokenServer(Credentials.demo()) as server:
    print('{"url": "http://127.0.0.1:%d"}' % server.port, flush=True)
    sys.stdin.read()
"""
ENGINES = {
    "uvicorn": ["-c", BACKGROUND],
    "granian": ["-m", "agora_helpers", "serve", "--demo", "--port", "0", "--json"],
}
HOST = b"Host: localhost\r\n"
POST = b"POST /rtctoken HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"
BODY = b'{"channel": "lobby"}'
HEALTH = b"GET /health HTTP/1.1\r\n" + HOST
MEGABYTE = 1_000_000


class Engine(NamedTuple):
    name: str
    pid: int
    port: int

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=2)

    def answer(self, *parts: bytes) -> bytes:
        """Everything that it sends until it closes the connection, or nothing comes for a while."""
        answer = b""
        with self.connect() as connection, contextlib.suppress(TimeoutError, ConnectionError):
            connection.settimeout(0.5)
            for part in parts:
                connection.sendall(part)
                time.sleep(0.05 * (len(parts) > 1))
            while part := connection.recv(65_536):
                answer += part
        return answer

    def statuses(self, *parts: bytes) -> list[int]:
        return [int(line[:3]) for line in self.answer(*parts).split(b"HTTP/1.1 ")[1:]]

    def memory(self) -> int:
        """Resident, in bytes, of the process and its children."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text(encoding="ascii").split()
        statuses = [Path(f"/proc/{pid}/status").read_text(encoding="utf-8") for pid in (self.pid, *children)]
        return sum(int(status.partition("VmRSS:")[2].split()[0]) for status in statuses) * 1024

    def flood(self, start: bytes, again: bytes) -> int:
        """Send for a second, at most 20 MB, and never read. Return how many bytes of memory it cost."""
        before, sent, ends = self.memory(), 0, time.monotonic() + 1
        with self.connect() as connection, contextlib.suppress(TimeoutError, ConnectionError):
            connection.settimeout(0.3)
            connection.sendall(start)
            while sent < 20 * MEGABYTE and time.monotonic() < ends:
                sent += connection.send(again)
            return self.memory() - before
        return self.memory() - before


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    command = [sys.executable, *ENGINES[request.param]]
    environment = os.environ | {"AGORA_ACCESS_LOG": "off"}  # nobody reads it here
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        url = json.loads(process.stdout.readline())["url"]
        running = Engine(request.param, process.pid, int(url.rpartition(":")[2]))
        assert running.statuses(POST + b"Content-Length: 20\r\n\r\n" + BODY) == [200]
        yield running
        try:
            assert running.statuses(POST + b"Content-Length: 20\r\n\r\n" + BODY) == [200], "as before"
        finally:
            process.kill()


def test_endless_trailers_cost_no_memory(engine: Engine) -> None:
    start = HEALTH + b"Transfer-Encoding: chunked\r\n\r\n0\r\n"
    assert engine.flood(start, b"a:\r\n" * 20_000) < 15 * MEGABYTE


def test_endless_pipelining_costs_no_memory(engine: Engine) -> None:
    request = HEALTH + b"\r\n"
    assert engine.flood(request, request * 2_000) < 15 * MEGABYTE


def test_an_endless_head_costs_no_memory(engine: Engine) -> None:
    for start in (HEALTH + b"X: ", b"GET /"):
        assert engine.flood(start, b"a" * 50_000) < 15 * MEGABYTE


@pytest.mark.parametrize("field", [b"Content-Type: text/plain", b"Host: evil.example", b"X-Forwarded-For: 192.0.2.1"])
def test_trailers_do_not_become_headers(engine: Engine, field: bytes) -> None:
    request = POST + b"Transfer-Encoding: chunked\r\n\r\n14\r\n" + BODY + b"\r\n0\r\n" + field + b"\r\n\r\n"
    assert engine.statuses(request) == [200]


@pytest.mark.parametrize("word", [b"Upgrade", b"upgrade", b"UPgrade", b"UPGRADE"])
def test_a_body_is_never_executed_as_a_request(engine: Engine, word: bytes) -> None:
    body = POST + b"Content-Length: 20\r\n\r\n" + BODY
    head = HEALTH + b"Connection: " + word + b"\r\n" + word + b": h2c\r\nContent-Length: %d\r\n\r\n" % len(body)
    for parts in ([head, body], [head[:60], head[60:], body], [HEALTH + b"\r\n" + head, body]):
        assert b"token" not in engine.answer(*parts)


def test_a_client_that_offers_another_protocol(engine: Engine) -> None:
    """As Java's does."""
    offer = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEA\r\n"
    request = POST + offer + b"Content-Length: 20\r\n\r\n" + BODY
    assert engine.statuses(request) == [200]


def test_the_length_of_a_body_is_never_in_doubt(engine: Engine) -> None:
    end = b"0\r\n\r\n" + POST + b"Content-Length: 20\r\n\r\n" + BODY
    both = POST + b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n" % len(end)
    # For both, the first body is the empty one. Then Granian closes the connection, as RFC 9112, 6.3 demands.
    assert engine.statuses(both, end) == {"uvicorn": [400, 200], "granian": [400]}[engine.name]
    two = POST + b"Content-Length: 20\r\nContent-Length: 21\r\n\r\n" + BODY + b" "
    assert engine.statuses(two) == [400]


@pytest.mark.parametrize(
    "hosts", [HOST + HOST, HOST + b"Host: evil.example\r\n", b"X: y\r\n"], ids=["2", "evil", "none"]
)
def test_a_request_has_one_host(engine: Engine, hosts: bytes) -> None:
    rejected = {"uvicorn": [400], "granian": [421]}  # by h11 itself, or by our HostCheck
    assert engine.statuses(b"GET / HTTP/1.1\r\n" + hosts + b"\r\n") == rejected[engine.name]


@pytest.mark.parametrize(("size", "statuses"), [(32_000, [200]), (140_000, None)])
def test_the_size_of_a_head(engine: Engine, size: int, statuses: list[int] | None) -> None:
    rejected = {"uvicorn": [400], "granian": [431]}
    request = HEALTH + b"X: " + b"a" * (size - len(HEALTH) - 7) + b"\r\n\r\n"
    seen = engine.statuses(request)
    assert seen == statuses if statuses else seen in (rejected[engine.name], [])  # a reset may overtake the answer


@pytest.mark.parametrize(("size", "status"), [(16_384, 200), (16_385, 413)])
def test_the_size_of_a_body(engine: Engine, size: int, status: int) -> None:
    request = POST + b"Content-Length: %d\r\n\r\n" % size + BODY.ljust(size)
    assert engine.statuses(request) == [status]


def test_a_slow_body_is_ended_after_5_seconds(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.settimeout(10)
        began = time.monotonic()
        connection.sendall(POST + b"Content-Length: 20\r\n\r\n{")
        assert connection.recv(1_000).startswith(b"HTTP/1.1 408 ")
    assert 4.5 < time.monotonic() - began < 8
