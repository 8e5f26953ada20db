"""The token server side by side with the one that the classic Node tutorial builds, Express in one process.

    python benchmarks/server.py            about 5 minutes; prints a Markdown table of ratios

006 tokens are compared with Express 4 and agora-access-token, 007 tokens with Express 4 and agora-token
(``express/server.js``). A server gets one core for itself, the load generator ``wrk`` the others. Ours runs with the
duties that Express has (no log, no limit, no policy), once more with everything on (API keys, a rate limit that does
not bite, an access log to /dev/null), and as two processes that may use every core. The servers are warmed up, then
they take turns at the same request, ``POST /rtctoken``; each answer has a new uid. Tokens of all, and after the load
once more of ours, are verified, and an answer that is none ends the benchmark. At last ours answers 200,000 requests.

Each ratio is the median over the rounds of ours / theirs. Only the ratio travels. Needs Linux, Node.js, npm and wrk.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import json
import os
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from agora_helpers import Credentials, verify

EXPRESS = Path(__file__).resolve().parent / "express"
PEERS = {"006": "agora-access-token", "007": "agora-token"}
CREDENTIALS = Credentials.demo()
RTC: dict[str, Any] = {"channel": "demo-channel", "isPublisher": True}
RTM: dict[str, Any] = {"user": "alice"}
CONNECTIONS = (1, 32, 128)
WARM_UP, STARTS, SAMPLE = 3, 5, 200
MANY = 200_000
KEY = "a-key-of-the-benchmark"
A_DAY = {"AGORA_MAX_LIFETIME": "86400"}  # as long as 006 tokens for messaging always last
PLAIN = A_DAY | {"AGORA_ACCESS": "none", "AGORA_RATE_LIMIT": "off", "AGORA_ACCESS_LOG": "off"}
EVERYTHING = A_DAY | {
    "AGORA_ACCESS": "keys",
    "AGORA_API_KEYS": KEY,
    "AGORA_RATE_LIMIT": "100000000/minute",
    "AGORA_ACCESS_LOG": "on",
}
ROWS = (
    "requests per second, 1 / 32 / 128 connections (more is better)",
    "median latency, 1 / 32 / 128 connections (less is better)",
    "99th percentile, 1 / 32 / 128 connections (less is better)",
    "everything on: requests per second",
    "everything on: median latency",
    "everything on: 99th percentile",
    "two processes: requests per second",
    "two processes: median latency",
    "two processes: 99th percentile",
    "start to first answer (less is better)",
    "memory after the load (less is better)",
    f"our memory after {MANY:,} more requests / before",
)
Load = tuple[float, float, float]
WRK_SCRIPT = """
wrk.method, wrk.body, wrk.headers["Content-Type"] = "POST", os.getenv("BODY"), "application/json"
wrk.headers["Authorization"] = "Bearer " .. os.getenv("KEY")
function done(seen, latency)
  local wrong = seen.errors
  io.write(string.format('\\n{"requests": %d, "us": %d, "p50": %d, "p99": %d, "not_2xx": %d, "broken": %d}\\n',
    seen.requests, seen.duration, latency:percentile(50), latency:percentile(99),
    wrong.status, wrong.connect + wrong.read + wrong.write + wrong.timeout))
end
"""


class Side(NamedTuple):
    """One of the servers: how it is started, and what its requests have in addition."""

    name: str
    command: list[str]
    extra: dict[str, str]
    environment: dict[str, str]


class Server(NamedTuple):
    """A side that runs; ``start`` is the seconds from its start to its first answer."""

    side: Side
    pid: int
    port: int
    start: float


def main() -> None:
    parser = argparse.ArgumentParser(description="Our token server and the classic Express one, side by side.")
    parser.add_argument("--rounds", type=int, default=3, help="turns of each server at each load (default: 3)")
    parser.add_argument("--seconds", type=int, default=2, help="length of a turn (default: 2)")
    options = parser.parse_args()
    prepare()
    pinned = pin()
    with tempfile.TemporaryDirectory() as scratch:
        os.environ |= {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": scratch}  # compiled, as it usually is
        os.environ |= {"APP_ID": CREDENTIALS.app_id, "APP_CERTIFICATE": CREDENTIALS.app_certificate}  # for Express
        os.environ |= {
            "AGORA_APP_ID": CREDENTIALS.app_id,
            "AGORA_APP_CERTIFICATE": CREDENTIALS.app_certificate,
            "KEY": KEY,
        }
        script = Path(scratch) / "load.lua"
        script.write_text(WRK_SCRIPT, encoding="utf-8")
        columns = [compare(version, pinned, options.rounds, options.seconds, script) for version in PEERS]
    print("| ours / Express 4 |", " | ".join(f"{version}, {peer}" for version, peer in PEERS.items()), "|")
    print("|---|---|---|")
    for row in zip(ROWS, *columns, strict=True):
        print("|", " | ".join(row), "|")
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip("v\n")
    where = "each server on one of them, wrk on the rest" if pinned else "nothing pinned to one of them"
    print(f"\n(CPython {platform.python_version()}, Node.js {node}, {os.cpu_count()} cores, {where}.)")


def prepare() -> None:
    """Names what is missing and cannot be installed from here; installs the npm packages."""
    missing = [tool for tool in ("node", "npm", "wrk") if not shutil.which(tool)]
    if missing or sys.platform != "linux":
        sys.exit(f"This benchmark needs Linux, node, npm and wrk. Missing here: {', '.join(missing) or 'Linux'}.")
    if not (EXPRESS / "node_modules/.package-lock.json").exists():  # npm writes it last
        tell("Installing Express and Agora's npm packages")
        subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=EXPRESS, check=True)


def pin() -> list[str]:
    """Leaves the first core to the servers. Returns what to put before a server's command."""
    if sys.platform != "linux" or not shutil.which("taskset"):
        return []
    first, *others = sorted(os.sched_getaffinity(0))
    if not others:
        return []
    os.sched_setaffinity(0, others)  # this process, and with it wrk
    return ["taskset", "-c", str(first)]


def compare(version: str, pinned: list[str], rounds: int, seconds: int, script: Path) -> list[str]:
    """Return the table's column for one version: ratios, ours / theirs."""
    serve = [*pinned, sys.executable, "-m", "agora_helpers", "serve", "--demo"]
    extra = {} if version == "007" else {"version": version}
    ours = Side("agora_helpers", serve, extra, PLAIN)
    guarded = Side("agora_helpers, everything on", serve, extra, EVERYTHING)
    several = [*unpinned(pinned), *serve[len(pinned) :], "--workers", "2"]
    double = Side("agora_helpers, two processes", several, extra, PLAIN)
    theirs = Side(f"Express + {PEERS[version]}", [*pinned, "node", str(EXPRESS / "server.js"), version], {}, {})
    tell(f"{version}: starts")
    starts = [(start_time(ours), start_time(theirs)) for _ in range(1 + STARTS)][1:]  # the first fills caches
    with ExitStack() as stack:
        servers = [stack.enter_context(running(side)) for side in (theirs, ours, guarded, double)]
        tell(f"{version}: tokens, warm-up")
        for server in servers:
            check_tokens(server, version)
            load(server, 32, WARM_UP, script)
        turns: dict[int, list[list[Load]]] = {connections: [] for connections in CONNECTIONS}
        for number, connections in itertools.product(range(rounds), CONNECTIONS):
            tell(f"{version}: round {number + 1} of {rounds}, {connections} connections")
            turns[connections].append([load(server, connections, seconds, script) for server in servers])
        memories = [(memory(servers[1]), memory(servers[0]))]
        tell(f"{version}: {MANY:,} requests")
        before, answered = memory(servers[1]), 0.0
        while answered < MANY:
            answered += load(servers[1], 32, seconds, script)[0] * seconds
        growth = [(memory(servers[1]), before)]
        for server in servers[1:]:
            check_tokens(server, version)
    by_load = [
        " / ".join(
            ratio((turn[place][what], turn[0][what]) for turn in turns[connections]) for connections in CONNECTIONS
        )
        for place in (1, 2, 3)
        for what in range(3)
    ]
    return [*by_load, ratio(starts), ratio(memories), ratio(growth)]


def unpinned(pinned: list[str]) -> list[str]:
    """Return what to put before the command of a server that may use every core."""
    return [*pinned[:-1], f"0-{(os.cpu_count() or 1) - 1}"] if pinned else []


@contextmanager
def running(side: Side) -> Iterator[Server]:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    environment = os.environ | side.environment | {"PORT": str(port)}
    silent = subprocess.DEVNULL
    began = time.perf_counter()
    with subprocess.Popen(side.command, env=environment, stdout=silent, stderr=silent) as process:
        try:
            while not answers(port):
                if process.poll() is not None or time.perf_counter() - began > 30:
                    sys.exit(f"{side.name} did not start.")
            yield Server(side, process.pid, port, time.perf_counter() - began)
        finally:
            process.terminate()  # and the processes that it started itself
            try:
                process.wait(timeout=20)
            finally:
                process.kill()


def start_time(side: Side) -> float:
    with running(side) as server:
        return server.start


def answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return connection.recv(64).startswith(b"HTTP/1.1 200 ")
    except ConnectionError:
        return False


def check_tokens(server: Server, version: str) -> None:
    """Request tokens from both endpoints, and verify each of them."""
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)) as connection:
        for path, request in [("/rtctoken", RTC), ("/rtmtoken", RTM)] * SAMPLE:
            body = json.dumps(request | server.side.extra)
            headers = {"Content-Type": "application/json", "Authorization": f"Bearer {KEY}"}
            connection.request("POST", path, body, headers)
            answer = json.loads(connection.getresponse().read())
            client = RTM if request is RTM else {"channel": RTC["channel"], "uid": answer.get("uid")}
            verdict = verify(answer.get("token", ""), CREDENTIALS, **client)
            if not verdict.ok or not answer["token"].startswith(version):
                sys.exit(f"{server.side.name} answered on {path}: {answer}\n{verdict}")


def load(server: Server, connections: int, seconds: int, script: Path) -> Load:
    """Measure requests per second, and the median and 99th percentile of the latency in microseconds."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout=10s", f"-s{script}"]
    environment = os.environ | {"BODY": json.dumps(RTC | server.side.extra)}
    url = f"http://127.0.0.1:{server.port}/rtctoken"
    result = subprocess.run([*command, url], env=environment, capture_output=True, text=True, check=True)
    seen = json.loads(result.stdout.splitlines()[-1])
    if seen["not_2xx"] or seen["broken"] or not seen["requests"]:
        sys.exit(f"{server.side.name} failed under {connections} connections: {seen}")
    return seen["requests"] / seen["us"] * 1e6, seen["p50"], seen["p99"]


def memory(server: Server) -> int:
    """Resident, in KiB, of the process and of its workers; pages that they share count for each of them."""
    workers = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text(encoding="ascii").split()
    statuses = [Path(f"/proc/{pid}/status").read_text(encoding="utf-8") for pid in (server.pid, *workers)]
    return sum(int(status.partition("VmRSS:")[2].split()[0]) for status in statuses)


def ratio(pairs: Iterable[tuple[float, float]]) -> str:
    return f"{statistics.median(ours / theirs for ours, theirs in pairs):.2f}"


def tell(progress: str) -> None:
    print(progress, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
