from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import httpx2
import pytest

from agora_helpers import InputError
from agora_helpers.server import rate_limit
from agora_helpers.server.rate_limit import RateLimit
from agora_helpers.server.requests import RequestError
from tests.support import run


class Clock:
    """Replaces the module ``time``: ``monotonic`` and the wall clock advance independently."""

    def __init__(self) -> None:
        self.seconds, self.wall = 1000.0, 1_700_000_000.0

    def monotonic(self) -> float:
        return self.seconds

    def time(self) -> float:
        return self.wall + self.seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(rate_limit, "time", clock)
    return clock


def seconds(answer: Any) -> int:
    """Return the seconds to wait; 0 for a request within the limit."""
    try:
        run(answer)
    except RequestError as error:
        wait = error.headers["retry-after"]
        hint = "Tokens last for hours: cache them instead of requesting one per call."
        assert error.status == 429
        assert str(error) == f"Rate limit exceeded. Retry in {wait} s. {hint}"
        return int(wait)
    return 0


def spend(limit: RateLimit, caller: str = "alice") -> int:
    return seconds(limit.count(caller))


def test_each_caller_has_a_limit_of_its_own_and_a_window_that_ends(clock: Clock) -> None:
    limit = RateLimit("2/minute")
    assert [spend(limit) for _ in range(3)] == [0, 0, 60]
    assert spend(limit, "bob") == 0
    clock.seconds += 45.5
    assert spend(limit) == 15
    clock.seconds += 14.5
    assert [spend(limit) for _ in range(3)] == [0, 0, 60]


def test_a_clock_that_is_set_back_or_forth_changes_nothing(clock: Clock) -> None:
    limit = RateLimit("1/minute")
    assert spend(limit) == 0
    for jump in (-86_400, 2 * 86_400):
        clock.wall += jump
        assert spend(limit) == 60
    clock.seconds += 60
    assert spend(limit) == 0


def test_callers_are_forgotten_when_their_window_ends_or_there_are_too_many(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limit, "MAX_CALLERS", 10)
    limit = RateLimit("1/minute")
    windows: dict[str, Any] = limit._counter._windows  # type: ignore[attr-defined]
    for number in range(100):
        assert spend(limit, f"caller {number}") == 0
        assert len(windows) <= 10
    assert spend(limit, "caller 99") == 60
    assert spend(limit, "caller 0") == 0
    clock.seconds += 61
    for number in range(1, 10):
        assert spend(limit, f"another {number}") == 0
        assert len(windows) == max(10 - number, number), "two go for each that comes"


def test_no_request_waits_until_thousands_of_callers_are_forgotten(clock: Clock) -> None:
    limit = RateLimit("1/minute")

    async def fill_and_measure() -> float:
        for number in range(60_000):
            await limit.count(f"caller {number}")
        clock.seconds += 61
        slowest = 0.0
        for number in range(1000):
            started = time.perf_counter()
            await limit.count(f"late caller {number}")
            slowest = max(slowest, time.perf_counter() - started)
        return slowest

    assert run(fill_and_measure()) < 0.05


@pytest.mark.parametrize("limit", ["", "2", "2/day", "0/minute", "2/minute\n"])
def test_a_limit_that_is_none(limit: str) -> None:
    with pytest.raises(InputError, match="limit: is not a rate limit"):
        RateLimit(limit)


# A store that several processes share


PASSWORD = "a-password-of-redis"


class Redis:
    """A Redis server on a free port of this machine."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as unused:
            self.port = unused.getsockname()[1]
        self.url = f"redis://:{PASSWORD}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--requirepass", PASSWORD, "--save", ""]
        self.process = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL)
        ends = time.monotonic() + 10
        while time.monotonic() < ends:
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            time.sleep(0.01)
        raise AssertionError("Redis did not start")

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def redis() -> Iterator[Redis]:
    if not shutil.which("redis-server"):
        pytest.skip("needs redis-server")
    server = Redis()
    server.start()
    yield server
    server.stop()


@contextmanager
def token_server(store: str, log: IO[str]) -> Iterator[httpx2.Client]:
    """Run ``agora-helpers serve`` in a process of its own."""
    environment = {"AGORA_RATE_LIMIT": "4/hour", "AGORA_RATE_LIMIT_STORE": store, "AGORA_ACCESS_LOG": "off"}
    command = [sys.executable, "-m", "agora_helpers", "serve", "--demo", "--port", "0", "--json"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=os.environ | environment, stdout=pipe, stderr=log, text=True) as process:
        try:
            assert process.stdout
            url = json.loads(process.stdout.readline())["url"]
            with httpx2.Client(base_url=url, trust_env=False, timeout=10) as client:
                yield client
        finally:
            process.terminate()


def ask(client: httpx2.Client) -> httpx2.Response:
    return client.post("/rtctoken", json={"channel": "lobby"})


def test_two_servers_share_one_count(redis: Redis, tmp_path: Path) -> None:
    with (tmp_path / "log").open("w") as log, token_server(redis.url, log) as one, token_server(redis.url, log) as two:
        answers = [ask(client) for client in (one, two) * 3]
    assert [answer.status_code for answer in answers] == [200] * 4 + [429] * 2
    assert 3500 < int(answers[-1].headers["retry-after"]) <= 3600
    assert (tmp_path / "log").read_text() == ""


def test_without_the_store_no_tokens_and_afterwards_again(redis: Redis, tmp_path: Path) -> None:
    """Closed by default: whoever makes Redis unreachable must not get around the limit."""
    with (tmp_path / "log").open("w") as log, token_server(redis.url, log) as client:
        assert ask(client).status_code == 200
        redis.process.send_signal(signal.SIGSTOP)
        started = time.monotonic()
        hanging = ask(client)
        assert time.monotonic() - started < 5
        redis.stop()
        answers = [hanging, *(ask(client) for _ in range(5))]
        assert client.get("/health").status_code == 200
        redis.start()
        assert ask(client).status_code == 200
    for answer in answers:
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "5"
        message = "The rate limit cannot be checked right now. Retry in 5 s."
        assert answer.json()["error"] == {"code": "SERVICE_UNAVAILABLE", "field": "server", "message": message}
    written = (tmp_path / "log").read_text()
    assert written.count("\n") == 1 and "The store of the rate limit does not answer (TimeoutError)" in written
    assert PASSWORD not in written and str(redis.port) not in written


def test_a_wrong_password_is_reported_once_a_minute_and_not_shown(
    redis: Redis, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    limit = RateLimit("1/minute", redis.url.replace(PASSWORD, "wrong-password"))
    for _ in range(3):
        with pytest.raises(RequestError, match="cannot be checked") as caught:
            run(limit.count("alice"))
        assert caught.value.status == 503
    assert [record.args for record in caplog.records] == [("AuthenticationError",)]
    clock.seconds += 60
    with pytest.raises(RequestError):
        run(limit.count("alice"))
    assert len(caplog.records) == 2
    assert "wrong-password" not in caplog.text


@pytest.mark.parametrize(
    "url",
    [
        "memory://",
        "redis://",
        "redis+cluster://a:1",
        "http://secret@a",
        "redis://:secret word@a",
        "redis://:sec/ret@a:1",
        "redis://:s@ecret@a",
        "redis://a:port/secret",
        "redis://a/0?password=secret",
        "redis://a:123456",
    ],
)
def test_a_store_that_is_none_is_not_shown(url: str) -> None:
    with pytest.raises(InputError, match="store: is not the URL of a Redis database") as caught:
        RateLimit("1/minute", url)
    assert "ecret" not in str(caught.value)


def test_a_store_without_its_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limit, "find_spec", lambda name: None)
    with pytest.raises(InputError, match="store: needs packages that are not installed"):
        RateLimit("1/minute", "redis://a")
