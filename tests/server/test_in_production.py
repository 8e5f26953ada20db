"""The server as it runs in production: in two processes, under load, and what it writes meanwhile."""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import httpx2
import pytest

from agora_helpers import verify
from agora_helpers.server.access import ApiKeys
from agora_helpers.server.access_log import JsonLines
from agora_helpers.server.app import create_app
from agora_helpers.server.hosting import BackgroundServer
from agora_helpers.server.settings import Settings
from tests.support import DEMO, ROOT

KEY, WRONG_KEY = "a-key-for-this-very-test", "a-wrong-key-for-this-test"
JSON = {"content-type": "application/json"}
BEARER = {"authorization": f"Bearer {KEY}"}
ENVIRONMENT = {
    "AGORA_APP_ID": DEMO.app_id,
    "AGORA_APP_CERTIFICATE": DEMO.app_certificate,
    "AGORA_ACCESS": "keys",
    "AGORA_API_KEYS": KEY,
    "AGORA_RATE_LIMIT": "100000/minute",
    "PYTHONUNBUFFERED": "1",
}


def ask_all_kinds_of_things(client: httpx2.Client) -> set[str]:
    """Right and wrong requests; the tokens that came back, each verified."""
    tokens = set()
    for version in ("006", "007"):
        body: dict[str, Any] = {"channel": "lobby", "version": version}
        answer = client.post("/rtctoken", json=body, headers=BEARER).json()
        assert verify(answer["token"], DEMO, channel="lobby", uid=answer["uid"]).ok
        tokens.add(answer["token"])
    secrets = (KEY, DEMO.app_certificate, answer["token"])
    wrong = [
        client.post("/rtctoken", json={"channel": "lobby"}, headers={"authorization": f"Bearer {WRONG_KEY}"}),
        client.post(f"/{KEY}", json={}),
        client.post("/rtmtoken", json={"channel": answer["token"]}, headers=BEARER),
        client.request(KEY.replace("-", "").upper(), "/"),
    ]
    for secret in secrets:
        wrong += [
            client.post("/rtctoken", json=sent, headers=BEARER)
            for sent in ({"channel": secret + "é"}, {secret: 1}, {"channel": "a", "uid": secret}, [secret])
        ]
        wrong.append(client.post("/rtctoken", content=f'{{"channel": "{secret}', headers=BEARER | JSON))
    assert all(400 <= answer.status_code < 500 for answer in wrong)
    assert not [answer.text for answer in wrong if any(secret in answer.text for secret in (*secrets, WRONG_KEY))]
    return tokens


def secrets_in(written: str, tokens: set[str]) -> list[str]:
    forbidden = {"certificate": DEMO.app_certificate, "key": KEY, "shouted key": KEY.replace("-", "").upper()}
    found = [name for name, secret in (forbidden | {"wrong key": WRONG_KEY}).items() if secret in written]
    return found + [token for token in tokens if token in written]


def test_nothing_secret_is_written_at_any_level(
    caplog: pytest.LogCaptureFixture, capfd: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = JsonLines(sys.stderr)
    settings = Settings(credentials=DEMO, access=ApiKeys([KEY]), log=log, rate_limit="10000/minute")
    with BackgroundServer(create_app(settings)) as server:
        for name in ("", *logging.Logger.manager.loggerDict):
            is_the_client = name.startswith("http")
            caplog.set_level(logging.WARNING if is_the_client else logging.DEBUG, name)
        tokens = set()
        for _ in range(20):
            tokens |= ask_all_kinds_of_things(server.client)
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.sendall(f"{KEY} {KEY} {KEY}\r\n\r\n".encode())
            connection.makefile("rb").read()

        def fail(*_: object, **__: object) -> None:
            raise ValueError(DEMO.app_certificate, KEY)

        monkeypatch.setattr("agora_helpers.server.endpoints.build_rtc_token", fail)
        failed = server.client.post("/rtctoken", json={"channel": "lobby"}, headers=BEARER)
        assert failed.status_code == 500 and not secrets_in(failed.text, tokens)
    out, err = capfd.readouterr()
    logged = caplog.text + "".join(repr(vars(record)) for record in caplog.records)
    assert out == "" and len(err.splitlines()) > 400 and "ValueError" in logged
    assert secrets_in(err + logged, tokens) == []
    assert json.loads(err.splitlines()[0]).keys() == {
        "time",
        "method",
        "path",
        "status",
        "caller",
        "channelLength",
        "milliseconds",
    }


README_COMMAND = ("serve", "--host", "0.0.0.0", "--port", "3000", "--workers", "2")


class Running(NamedTuple):
    process: subprocess.Popen[str]
    url: str
    written: list[str]


@pytest.fixture
def two_workers() -> Iterator[Running]:
    options = [{"0.0.0.0": "127.0.0.1", "3000": "0"}.get(word, word) for word in README_COMMAND]
    process = subprocess.Popen(
        [sys.executable, "-m", "agora_helpers", *options, "--json"],
        env=os.environ | ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout
    url = json.loads(process.stdout.readline())["url"]
    written: list[str] = []
    reader = threading.Thread(target=lambda: written.extend(process.stdout or ()))
    reader.start()
    yield Running(process, url, written)
    process.terminate()
    try:
        process.wait(timeout=20)
    finally:
        process.kill()
        reader.join()
        process.stdout.close()


def workers_of(process: subprocess.Popen[str]) -> list[int]:
    """Those children that listen; Python's resource tracker does not."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii").split()
    lines = {child: Path(f"/proc/{child}/cmdline").read_text(encoding="utf-8") for child in children}
    return [int(child) for child, line in lines.items() if "resource_tracker" not in line]


def sockets_of(pid: int) -> int:
    number = 0
    for file in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed meanwhile
            number += str(file.readlink()).startswith("socket:")
    return number


def test_the_readme_recommends_what_is_tested_here() -> None:
    assert " ".join(("agora-helpers", *README_COMMAND)) in " ".join(
        (ROOT / "README.md").read_text(encoding="utf-8").split()
    )


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks at processes as Linux shows them")
def test_two_workers_share_the_work_and_write_nothing_secret(two_workers: Running) -> None:
    process, url, written = two_workers
    workers = workers_of(process)
    assert len(workers) == 2
    clients = [httpx2.Client(base_url=url, trust_env=False) for _ in range(40)]
    with ThreadPoolExecutor(8) as pool:
        tokens = set().union(*pool.map(ask_all_kinds_of_things, clients))
    assert len(tokens) == 80, "each is another one, whichever process made it"
    connected = [sockets_of(worker) for worker in workers]
    for client in clients:
        client.close()
    ends = time.monotonic() + 20
    while sum(connected) - sum(map(sockets_of, workers)) < 40:
        assert time.monotonic() < ends
        time.sleep(0.01)
    assert all(sockets_of(worker) < number for worker, number in zip(workers, connected, strict=True)), "both work"
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0
    entries = [json.loads(line) for line in written if line.startswith("{")]
    assert {entry["caller"] for entry in entries} == {"key 1", "127.0.0.1"}
    assert {entry["status"] for entry in entries} >= {200, 400, 401, 404}
    assert secrets_in("".join(written), tokens) == []
