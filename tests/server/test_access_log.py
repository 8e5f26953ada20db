from __future__ import annotations

import asyncio
import io
import json
import logging
import shlex
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from agora_helpers import InputError
from agora_helpers.server.access import ANY, ANYONE, ApiKeys, Permit
from agora_helpers.server.access_log import JsonFormatter, JsonLines, LogEntry, log_request
from agora_helpers.server.app import create_app
from agora_helpers.server.hosting import BackgroundServer
from agora_helpers.server.settings import Settings
from tests.support import DEMO, NOW, ROOT, leave_early, rtc, rtm, run

KEY = "k" * 20


def logged(entries: list[LogEntry], **settings: Any) -> TestClient:
    values: dict[str, Any] = {"credentials": DEMO, "access": ANYONE, "log": entries.append}
    app = create_app(Settings(**values | settings))
    return TestClient(app, raise_server_exceptions=False, client=("10.0.0.1", 1))


def test_a_request_is_an_entry() -> None:
    entries: list[LogEntry] = []
    client = logged(entries, access=ApiKeys([KEY]))
    client.post("/rtctoken", json={"channel": "lobby"}, headers={"authorization": f"Bearer {KEY}"})
    client.post("/rtctoken", json={"channel": "lobby"})
    client.post("/rtmtoken", json={"user": 7}, headers={"authorization": f"Bearer {KEY}"})
    client.get("/health")
    seen = [(entry.method, entry.path, entry.status, entry.caller, entry.channel_length) for entry in entries]
    assert seen == [
        ("POST", "/rtctoken", 200, "key 1", 5),
        ("POST", "/rtctoken", 401, "10.0.0.1", None),
        ("POST", "/rtmtoken", 400, "key 1", None),
        ("GET", "/health", 200, "10.0.0.1", None),
    ]
    assert all(entry.time > NOW and 0 < entry.milliseconds < 5000 and entry.channel is None for entry in entries)


def test_names_of_channels_only_if_asked_for() -> None:
    entries: list[LogEntry] = []
    logged(entries, log_channels=True).post("/token", json={"channel": "lobby"})
    assert (entries[0].channel, entries[0].channel_length) == ("lobby", 5)


def test_what_anyone_can_write_is_not_logged() -> None:
    entries: list[LogEntry] = []
    client = logged(entries)
    client.get(f"/{DEMO.app_certificate}")
    client.request("SECRET", "/rtctoken?token=007secret")
    assert [(entry.method, entry.path, entry.status) for entry in entries] == [
        ("GET", "?", 404),
        ("?", "/rtctoken", 405),
    ]


def test_a_failure_is_logged_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    entries: list[LogEntry] = []
    monkeypatch.setattr("agora_helpers.server.endpoints.build_rtc_token", lambda *_, **__: 1 / 0)
    assert logged(entries).post("/rtctoken", json={"channel": "lobby"}).status_code == 500
    assert entries[0].status == 500


def written(stream: Any, *entries: LogEntry) -> None:
    async def write() -> None:
        log = JsonLines(stream)
        for entry in entries:
            log(entry)

    run(write())


def test_lines_of_json() -> None:
    stream = Stream()
    written(stream, LogEntry(NOW + 0.25, "POST", "/rtctoken", 200, 0.4, 'a "caller"\n', 5, "lobby"))
    assert json.loads(stream.getvalue()) == {
        "time": "2023-11-14T22:13:20.250+00:00",
        "method": "POST",
        "path": "/rtctoken",
        "status": 200,
        "milliseconds": 0.4,
        "caller": 'a "caller"\n',
        "channelLength": 5,
        "channel": "lobby",
    }


def test_one_write_for_all_of_one_turn() -> None:
    stream = Stream()
    written(stream, *[LogEntry(NOW, "GET", "/", 200, 0.4, "a")] * 3)
    assert stream.writes == 1
    assert len(stream.getvalue().splitlines()) == 3


def test_a_log_that_nobody_reads_stops_nothing() -> None:
    stream = Stream()
    stream.close()
    written(stream, LogEntry(NOW, "GET", "/", 200, 0.4, "a"))
    assert stream.writes == 1


def test_a_full_disk_stops_nothing() -> None:
    full = open("/dev/full", "w", encoding="utf-8")  # noqa: PTH123, SIM115
    settings = Settings(credentials=DEMO, access=ANYONE, log=JsonLines(full))
    with BackgroundServer(create_app(settings)) as server:
        assert {ask(server.client).status_code for _ in range(50)} == {200}
    with suppress(OSError):
        full.close()


def test_without_standard_output_the_server_runs_and_complains_to_nobody() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    serve = f"exec {shlex.quote(sys.executable)} -m agora_helpers serve --demo --port {port} >&-"
    with subprocess.Popen(["sh", "-c", serve], stderr=subprocess.PIPE, text=True) as process:
        try:
            with httpx2.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
                ends = time.monotonic() + 20
                while time.monotonic() < ends:
                    with suppress(httpx2.ConnectError):
                        assert [ask(client).status_code for _ in range(5)] == [200] * 5
                        break
                    time.sleep(0.05)
                else:
                    pytest.fail("The server did not start.")
        finally:
            process.terminate()
        assert process.stderr and process.stderr.read() == ""


def test_a_request_is_a_record_that_deployments_can_configure(caplog: pytest.LogCaptureFixture) -> None:
    client = TestClient(create_app(Settings(credentials=DEMO, access=ANYONE, log=log_request)), client=("10.0.0.1", 1))
    ask(client)
    (record,) = [record for record in caplog.records if record.name == "agora_helpers.access"]
    assert record.getMessage() == "POST /rtctoken 200 10.0.0.1"
    fields = vars(record)
    assert (fields["path"], fields["status"], fields["caller"]) == ("/rtctoken", 200, "10.0.0.1")
    assert (fields["channel_length"], fields["channel"]) == (5, None)
    line = json.loads(JsonFormatter().format(record))
    assert line.keys() == {"time", "method", "path", "status", "milliseconds", "caller", "channelLength"}
    logging.getLogger("agora_helpers.access").setLevel(logging.WARNING)
    try:
        ask(client)
    finally:
        logging.getLogger("agora_helpers.access").setLevel(logging.INFO)
    assert len(caplog.records) == 1


def test_the_configuration_in_the_readme_sends_requests_and_errors_to_standard_error() -> None:
    blocks = (ROOT / "README.md").read_text(encoding="utf-8").split("```python\n")
    (configuration,) = [block.partition("```")[0] for block in blocks if "dictConfig" in block]
    program = f"""
from starlette.testclient import TestClient
from agora_helpers import Credentials
from agora_helpers.server import Settings, create_app
from agora_helpers.server.access_log import log_request
{configuration}
app = create_app(Settings(credentials=Credentials.demo(), access=lambda headers: True, log=log_request))
TestClient(app).post("/rtctoken", json={{}})
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    error, request = map(json.loads, done.stderr.splitlines())
    assert (error["level"], error["logger"]) == ("ERROR", "agora_helpers.server.json_endpoint")
    assert (request["path"], request["status"]) == ("/rtctoken", 500)
    assert done.stdout == ""


def test_what_goes_wrong_is_json_too() -> None:
    try:
        raise ValueError("two\nlines")
    except ValueError:
        error = sys.exc_info()
    record = logging.LogRecord("agora_helpers.server", logging.ERROR, "", 0, "Failed: %s", ("\x1b[31m",), error)
    line = JsonFormatter().format(record)
    assert line.isprintable()
    assert json.loads(line)["level"] == "ERROR"
    assert json.loads(line)["message"].startswith("Failed: \x1b[31m\nTraceback")


def raising(error: BaseException) -> Any:
    def access(headers: Any) -> None:
        raise error

    return access


@pytest.mark.parametrize(
    "error",
    [
        InputError("a\nfield", "\x1b[31m a-secret", "of a policy"),
        ValueError("a-secret\n"),
        SystemExit("a-secret"),
        KeyboardInterrupt("a-secret"),
        asyncio.CancelledError("a-secret"),
    ],
)
def test_what_a_policy_raises_is_a_500_and_logged_without_its_message(
    error: BaseException, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    entries: list[LogEntry] = []
    settings = Settings(credentials=DEMO, access=raising(error), log=entries.append)
    with BackgroundServer(create_app(settings)) as server:
        answers = [ask(server.client) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [500, 500]
    assert answers[0].json()["error"]["message"] == "Internal server error."
    assert [entry.status for entry in entries] == [500, 500]
    messages = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert len(messages) == 2
    assert messages[0].startswith(f"{type(error).__name__} (test_access_log.py, line ")
    assert messages[0].isprintable() and "secret" not in caplog.text
    assert capfd.readouterr().err == ""


def test_a_mistake_of_ours_is_logged_with_its_message(caplog: pytest.LogCaptureFixture) -> None:
    entries: list[LogEntry] = []
    assert ask(logged(entries, access=lambda headers: True)).status_code == 500
    assert "access: must return a Permit or None, not bool." in caplog.text


def test_requests_that_are_cancelled_when_the_server_stops_are_logged() -> None:
    started = threading.Semaphore(0)

    async def never(headers: Any) -> None:
        started.release()
        await asyncio.Event().wait()

    stream = Stream()
    settings = Settings(credentials=DEMO, access=never, log=JsonLines(stream))
    with ThreadPoolExecutor(3) as pool, BackgroundServer(create_app(settings)) as server:
        requests = [pool.submit(ask, server.client) for _ in range(3)]
        for _ in requests:
            started.acquire(timeout=10)
        server.stop()
    assert [json.loads(line)["status"] for line in stream.getvalue().splitlines()] == [503] * 3


def test_a_caller_who_leaves_is_logged_as_499() -> None:
    entries: list[LogEntry] = []
    with BackgroundServer(create_app(Settings(credentials=DEMO, access=ANYONE, log=entries.append))) as server:
        head = b"POST /rtctoken HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.sendall(head)
            time.sleep(0.1)
        ends = time.monotonic() + 5
        while not entries and time.monotonic() < ends:
            time.sleep(0.01)
    assert [entry.status for entry in entries] == [499]


def test_a_caller_who_leaves_while_the_policy_waits_is_logged_as_499() -> None:
    entries: list[LogEntry] = []

    async def slow(headers: Any) -> Permit:
        await asyncio.sleep(0.6)
        return Permit("alice", user=ANY, channels=ANY)

    with BackgroundServer(create_app(Settings(credentials=DEMO, access=slow, log=entries.append))) as server:
        leave_early(server.port)
        assert ask(server.client).status_code == 200
    assert sorted(entry.status for entry in entries) == [200, 499]


TOKENS = [rtc(), rtc(version="006"), rtm()]


@pytest.mark.parametrize(
    ("channel", "shown"),
    [
        ("lobby", "lobby"),
        ("007", "007"),
        ("006-lobby", "006-lobby"),
        ("caf\u00e9", "caf\u00e9"),
        *((token, "?") for token in TOKENS),
        *((token[:20], "?") for token in TOKENS),
        *((f" Bearer {token}", "?") for token in TOKENS),
        (DEMO.app_certificate, "?"),
        (DEMO.app_certificate.upper(), "?"),
        (f"lobby-{DEMO.app_certificate}", "?"),
        ("two\nlines", r"'two\nlines'"),
        ("\x1b]0;title\x07", r"'\x1b]0;title\x07'"),
        ("\u202e", r"'\u202e'"),
    ],
)
def test_a_channel_is_shown_unless_it_is_a_secret_or_does_not_print(channel: str, shown: str) -> None:
    entries: list[LogEntry] = []
    logged(entries, log_channels=True).post("/rtctoken", json={"channel": channel})
    assert (entries[0].channel, entries[0].channel_length) == (shown, len(channel))


def test_a_caller_s_name_is_escaped_if_it_does_not_print() -> None:
    entries: list[LogEntry] = []
    ask(logged(entries, access=lambda headers: Permit("alice\n\x1b[31m", user=ANY, channels=ANY)))
    assert entries[0].caller == r"'alice\n\x1b[31m'"


def ask(client: Any) -> Any:
    return client.post("/rtctoken", json={"channel": "lobby"})


class Stream(io.StringIO):
    writes = 0

    def write(self, text: str) -> int:
        self.writes += 1
        return super().write(text)
