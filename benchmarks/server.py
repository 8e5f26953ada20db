"""The token server side by side with the one that the classic Node tutorial builds, Express in one process.

    python benchmarks/server.py            about 100 s; prints a Markdown table of ratios

006 tokens are compared with Express 4 and agora-access-token, 007 tokens with Express 4 and agora-token
(``express/server.js``). A server gets one core for itself, the load generator ``wrk`` the others. Both servers are
warmed up, then they take turns at the same request, ``POST /rtctoken``; a new uid and salt is in each token. Tokens of
both are verified, and an answer that is none ends the benchmark.

Each ratio is the median over the rounds of ours / theirs. Only the ratio travels. Needs Linux, Node.js, npm and wrk.
"""

from __future__ import annotations

import argparse
import http.client
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
from contextlib import closing, contextmanager
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

WRK_SCRIPT = """
wrk.method, wrk.body, wrk.headers["Content-Type"] = "POST", os.getenv("BODY"), "application/json"
function done(seen, latency)
  local wrong = seen.errors
  io.write(string.format('\\n{"requests": %d, "us": %d, "p50": %d, "p99": %d, "not_2xx": %d, "broken": %d}\\n',
    seen.requests, seen.duration, latency:percentile(50), latency:percentile(99),
    wrong.status, wrong.connect + wrong.read + wrong.write + wrong.timeout))
end
"""


class Side(NamedTuple):
    """One of the two: how its server is started, and what is added to each request."""

    name: str
    version: str
    command: list[str]
    environment: dict[str, str]
    extra: dict[str, str]


class Server(NamedTuple):
    """A server that runs."""

    side: Side
    pid: int
    port: int
    start: float
    """Seconds from its start to its first answer."""


class Load(NamedTuple):
    """What wrk saw: answers a second, and microseconds until half and 99 % of them were there."""

    rate: float
    p50: float
    p99: float


def main() -> None:
    options = argparse.ArgumentParser(description="Our token server and the classic Express one, side by side.")
    options.add_argument("--rounds", type=int, default=3, help="turns of each server at each load (default: 3)")
    options.add_argument("--seconds", type=int, default=2, help="length of a turn (default: 2)")
    given = options.parse_args()
    prepare()
    pinned = pin()
    with tempfile.TemporaryDirectory() as scratch:
        columns = [
            compare(*sides(version, pinned, Path(scratch)), given.rounds, given.seconds, Path(scratch))
            for version in PEERS
        ]
    loads = ", ".join(map(str, CONNECTIONS))
    print(f"| ours / Express 4 | {' | '.join(f'{version}, {peer}' for version, peer in PEERS.items())} |")
    print("|---" * (1 + len(columns)) + "|")
    for name, *cells in zip(
        (
            f"requests a second, {loads} connections (above 1 is better)",
            f"median latency, {loads} connections (below 1 is better)",
            f"99th percentile, {loads} connections (below 1 is better)",
            "start to first answer (below 1 is better)",
            "memory after the load (below 1 is better)",
        ),
        *columns,
        strict=True,
    ):
        print(f"| {name} | {' | '.join(cells)} |")
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip("v\n")
    where = "a server on one core, wrk on the others" if pinned else "nothing pinned to a core"
    print(f"\n(CPython {platform.python_version()}, Node.js {node}, {os.cpu_count()} cores, {where}.)")


def prepare() -> None:
    """What cannot be installed from here is named; the npm packages are installed."""
    missing = [tool for tool in ("node", "npm", "wrk") if not shutil.which(tool)]
    if missing or not Path("/proc/self/status").exists():
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


def sides(version: str, pinned: list[str], scratch: Path) -> tuple[Side, Side]:
    ours = [*pinned, sys.executable, "-m", "agora_helpers", "serve", "--demo"]
    compiled = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(scratch)}  # as after a usual installation
    theirs = [*pinned, "node", str(EXPRESS / "server.js"), version]
    pair = {"APP_ID": CREDENTIALS.app_id, "APP_CERTIFICATE": CREDENTIALS.app_certificate}
    return (
        Side("agora_helpers", version, ours, {"AGORA_ACCESS": "none", **compiled}, {"version": version}),
        Side(f"Express + {PEERS[version]}", version, theirs, pair, {}),
    )


def compare(ours: Side, theirs: Side, rounds: int, seconds: int, scratch: Path) -> list[str]:
    """The table's column for one version."""
    script = scratch / "load.lua"
    script.write_text(WRK_SCRIPT, encoding="utf-8")
    tell(f"{ours.version}: starts")
    starts = [(start_time(ours), start_time(theirs)) for _ in range(1 + STARTS)][1:]  # the first fills caches
    with running(ours) as our_server, running(theirs) as their_server:
        for server in (our_server, their_server):
            tell(f"{ours.version}: {server.side.name}: tokens, warm-up")
            check_tokens(server)
            load(server, 32, WARM_UP, script)
        turns: dict[int, list[tuple[Load, Load]]] = {connections: [] for connections in CONNECTIONS}
        for number in range(1, rounds + 1):
            for connections in CONNECTIONS:
                turn = (
                    load(our_server, connections, seconds, script),
                    load(their_server, connections, seconds, script),
                )
                rates = f"{turn[0].rate:.0f} and {turn[1].rate:.0f} requests a second"
                tell(f"{ours.version}: round {number} of {rounds}, {connections} connections: {rates}")
                turns[connections].append(turn)
        memories = [(memory(our_server), memory(their_server))]
    measured = [
        ", ".join(ratio((mine[place], other[place]) for mine, other in turns[n]) for n in CONNECTIONS)
        for place in range(len(Load._fields))
    ]
    return [*measured, ratio(starts), ratio(memories)]


@contextmanager
def running(side: Side) -> Iterator[Server]:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    environment = os.environ | side.environment | {"PORT": str(port)}
    began = time.perf_counter()
    process = subprocess.Popen(side.command, env=environment, stdout=subprocess.DEVNULL)
    try:
        while not answers(port):
            if process.poll() is not None or time.perf_counter() - began > 30:
                sys.exit(f"{side.name} did not start.")
        yield Server(side, process.pid, port, time.perf_counter() - began)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return connection.recv(64).startswith(b"HTTP/1.1 200 ")
    except ConnectionError:
        return False


def start_time(side: Side) -> float:
    with running(side) as server:
        return server.start


def load(server: Server, connections: int, seconds: int, script: Path) -> Load:
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout=10s", f"-s{script}"]
    environment = os.environ | {"BODY": json.dumps(RTC | server.side.extra)}
    url = f"http://127.0.0.1:{server.port}/rtctoken"
    done = subprocess.run([*command, url], env=environment, capture_output=True, text=True, check=True)
    seen = json.loads(done.stdout.splitlines()[-1])
    if seen["not_2xx"] or seen["broken"] or not seen["requests"]:
        sys.exit(f"{server.side.name} failed under {connections} connections: {seen}")
    return Load(seen["requests"] / seen["us"] * 1e6, seen["p50"], seen["p99"])


def check_tokens(server: Server) -> None:
    """Asks both endpoints, and verifies each token."""
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)) as connection:
        for path, asked in [("/rtctoken", RTC), ("/rtmtoken", RTM)] * SAMPLE:
            body = json.dumps(asked | server.side.extra)
            connection.request("POST", path, body, {"Content-Type": "application/json"})
            answer = json.loads(connection.getresponse().read())
            client = RTM if asked is RTM else {"channel": RTC["channel"], "uid": answer["uid"]}
            verdict = verify(answer["token"], CREDENTIALS, **client)
            if not verdict.ok or verdict.token is None or verdict.token.version != server.side.version:
                sys.exit(f"{server.side.name} answered on {path}: {answer}\n{verdict}")


def memory(server: Server) -> int:
    """Resident memory in KiB."""
    status = Path(f"/proc/{server.pid}/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0])


def ratio(pairs: Iterable[tuple[float, float]]) -> str:
    return f"{statistics.median(ours / theirs for ours, theirs in pairs):.2f}"


def tell(progress: str) -> None:
    print(progress, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
