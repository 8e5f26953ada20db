"""The life of ``agora-helpers serve``: how it starts, shares the work, and stops."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx2
import pytest

from agora_helpers import InputError
from agora_helpers.server.engine import _SIGNALS, MAX_WORKERS, _watch_files, check_workers, load_app
from tests.support import DEMO, ROOT, leave_early

FEW_FILES = """
import resource
from agora_helpers.cli import main
resource.setrlimit(resource.RLIMIT_NOFILE, (128, 128))
raise SystemExit(main())
"""
pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks at processes as Linux shows them")
SPAWN = """
import multiprocessing, sys
from agora_helpers.cli import main
if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    sys.exit(main(sys.argv[1:]))
"""
Start = Callable[..., "Server"]


class Server:
    """A server in a process group of its own, as a terminal runs it."""

    def __init__(self, *arguments: str, command: tuple[str, ...] = ("-m", "agora_helpers"), **env: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *command, "serve", "--port", "0", *arguments],
            env=os.environ | env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            cwd=ROOT,
        )
        assert self.process.stdout and self.process.stderr
        line = self.process.stdout.readline()
        assert line, self.process.stderr.read()
        self.url = json.loads(line)["url"]
        self.port = int(self.url.rpartition(":")[2])

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii")
        lines = {child: Path(f"/proc/{child}/cmdline").read_text(encoding="utf-8") for child in children.split()}
        return [int(child) for child, line in lines.items() if "resource_tracker" not in line]

    def health(self) -> int:
        return httpx2.get(f"{self.url}/health", trust_env=False).status_code


@pytest.fixture
def start() -> Iterator[Start]:
    started: list[Server] = []

    def start_one(*arguments: str, **options: Any) -> Server:
        started.append(Server(*arguments, "--json", **options))
        return started[-1]

    yield start_one
    for server in started:
        server.process.kill()
        server.process.communicate()


def until(condition: Callable[[], object], seconds: float = 20) -> None:
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.01)


@pytest.mark.parametrize("number", [each for each in _SIGNALS if signal.getsignal(each) is not signal.SIG_IGN])
@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_signal_stops_it_however_early(start: Start, workers: str, number: signal.Signals) -> None:
    server = start("--demo", "--workers", workers)
    began = time.monotonic()
    server.process.send_signal(number)
    assert server.process.wait(timeout=20) == 0
    assert time.monotonic() - began < 5, "Granian kills a worker that missed its signal after 10 seconds"
    assert server.process.communicate() == ("", "")


def test_ctrl_c_in_a_terminal_reaches_the_whole_group(start: Start) -> None:
    for pause in (0, 0.5):
        server = start("--demo", "--workers", "2")
        time.sleep(pause)
        os.killpg(server.process.pid, signal.SIGINT)
        assert server.process.communicate(timeout=20) == ("", "")
        assert server.process.returncode == 0


def test_nohup_keeps_it_running(start: Start) -> None:
    command = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN); from agora_helpers.cli import main; main()"
    server = start("--demo", command=("-c", command))
    os.killpg(server.process.pid, signal.SIGHUP)
    time.sleep(0.5)
    assert server.health() == 200
    assert server.process.poll() is None


def test_a_worker_that_dies_is_replaced_and_a_crash_loop_ends_the_server(start: Start) -> None:
    server = start("--demo", "--workers", "2")
    until(lambda: len(server.workers()) == 2)
    first, second = server.workers()
    os.kill(first, signal.SIGKILL)
    until(lambda: len(set(server.workers()) - {first}) == 2)
    assert server.health() == 200
    (successor,) = set(server.workers()) - {first, second}
    os.kill(successor, signal.SIGKILL)
    _, errors = server.process.communicate(timeout=20)
    assert server.process.returncode == 1
    assert errors.splitlines()[-1] == "agora-helpers: Worker crash loop detected, exiting"


@pytest.mark.parametrize("spawned", [False, True], ids=["default", "spawn"])
def test_workers_stop_when_their_parent_was_killed(start: Start, tmp_path: Path, spawned: bool) -> None:
    script = tmp_path / "spawn.py"
    script.write_text(SPAWN, encoding="utf-8")
    options: dict[str, Any] = {"command": (str(script),)} if spawned else {}
    server = start("--demo", "--workers", "2", **options)
    assert server.health() == 200
    server.process.kill()

    def port_is_free() -> bool:
        try:
            socket.create_server(("127.0.0.1", server.port)).close()
        except OSError:
            return False
        return True

    until(port_is_free)


def test_a_factory_of_ones_own(start: Start) -> None:
    credentials = {"AGORA_APP_ID": DEMO.app_id, "AGORA_APP_CERTIFICATE": DEMO.app_certificate}
    server = start("--app", "deploy.session_server:create", SESSION_SECRET="s" * 32, **credentials)
    answer = httpx2.post(f"{server.url}/rtctoken", json={"channel": "lobby"}, trust_env=False)
    assert answer.status_code == 401, "its own policy decides"


SLOW_POLICY = """
import asyncio
from agora_helpers import Credentials
from agora_helpers.server import ANY, Permit, Settings, create_app
from agora_helpers.server.access_log import log_request

async def slow(headers):
    await asyncio.sleep(0.6)
    return Permit("alice", user=ANY, channels=ANY)

def create():
    return create_app(Settings(credentials=Credentials.demo(), access=slow, log=log_request))
"""


def test_a_caller_who_leaves_while_the_policy_waits_is_logged_as_499(start: Start, tmp_path: Path) -> None:
    (tmp_path / "slow_policy_of_a_team.py").write_text(SLOW_POLICY, encoding="utf-8")
    server = start("--app", "slow_policy_of_a_team:create", PYTHONPATH=str(tmp_path))
    leave_early(server.port)
    answer = httpx2.post(f"{server.url}/rtctoken", json={"channel": "lobby"}, trust_env=False)
    assert answer.status_code == 200
    assert server.process.stdout
    statuses = [json.loads(server.process.stdout.readline())["status"] for _ in range(2)]
    assert statuses == [499, 200]


def test_a_log_that_nobody_reads_does_not_keep_it_from_stopping(start: Start) -> None:
    drains_for_a_second = """
from agora_helpers import cli
from agora_helpers.server import engine
engine.DRAIN_TIMEOUT_SECONDS = 1
raise SystemExit(cli.main())
"""
    server = start("--demo", command=("-c", drains_for_a_second))
    with httpx2.Client(base_url=server.url, timeout=1, trust_env=False) as client, suppress(httpx2.ReadTimeout):
        for _ in range(2_000):
            client.get("/health")
        pytest.fail("The pipe holds the entries of so many requests.")
    server.process.terminate()
    assert server.process.wait(timeout=20) == 0


def test_a_factory_in_the_current_directory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "factory_of_a_team.py").write_text("def create():\n    return 'the app'\n", encoding="utf-8")
    (tmp_path / "faulty_factory.py").write_text("import no_such_module_at_all\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    app: object = load_app("factory_of_a_team:create")
    assert app == "the app"
    with pytest.raises(ModuleNotFoundError, match="no_such_module_at_all"):
        load_app("faulty_factory:create")


def test_more_connections_than_files_wait_their_turn(start: Start) -> None:
    server = start("--demo", command=("-c", FEW_FILES))
    connections = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(150)]
    (worker,) = server.workers()

    def seconds_of_work() -> float:
        ticks = Path(f"/proc/{worker}/stat").read_text(encoding="ascii").split()[13:15]
        return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")

    time.sleep(0.3)
    before = seconds_of_work()
    time.sleep(0.5)
    assert seconds_of_work() - before < 0.1, "it waits, rather than try again without a pause"
    for connection in connections:
        connection.close()
    assert server.health() == 200


def test_clients_that_do_not_read_are_hung_up_on(start: Start) -> None:
    impatient = """
from agora_helpers import cli
from agora_helpers.server import engine
engine.UNREAD_TIMEOUT_SECONDS = 1
raise SystemExit(cli.main())
"""
    server = start("--demo", command=("-c", impatient), AGORA_ACCESS_LOG="off")
    time.sleep(0.3)
    (worker,) = server.workers()

    def files() -> int:
        return len(list(Path(f"/proc/{worker}/fd").iterdir()))

    before, connections = files(), [socket.socket() for _ in range(10)]
    for connection in connections:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        connection.connect(("127.0.0.1", server.port))
        connection.settimeout(0.1)
        with suppress(OSError):
            for _ in range(100):
                connection.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n" * 1000)
    until(lambda: files() <= before)
    for connection in connections:
        connection.close()


def test_too_few_files_are_an_error_and_not_a_busy_loop() -> None:
    command = [sys.executable, "-c", FEW_FILES.replace("128", "63"), "serve", "--demo", "--port", "0"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)
    message = "open files: are limited to 63 on this system. Allow at least 64, better 1024: ulimit -n 1024"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"agora-helpers: {message}\n")


def test_out_of_file_descriptors_is_logged_once_a_minute(
    caplog: pytest.LogCaptureFixture,
) -> None:
    import resource  # Windows has none

    timers: list[float] = []

    class Loop:
        def call_later(self, seconds: float, *_: object) -> None:
            timers.append(seconds)

    loop: Any = Loop()
    _watch_files(loop)
    assert not caplog.messages
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
    try:
        _watch_files(loop)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert caplog.messages == ["Out of file descriptors: connections have to wait. See ulimit -n."]
    assert timers == [1, 60]


@pytest.mark.parametrize("workers", [0, -1, MAX_WORKERS + 1, True, "2", None])
def test_what_is_no_number_of_workers(workers: object) -> None:
    with pytest.raises(InputError, match="workers: is not a number of processes"):
        check_workers(workers)
