from __future__ import annotations

import io
import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from agora_helpers.server.access import ANYONE, ApiKeys
from agora_helpers.server.access_log import JsonLines, LogEntry
from agora_helpers.server.app import create_app
from agora_helpers.server.settings import Settings
from tests.support import DEMO, NOW, run

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


class Stream(io.StringIO):
    writes = 0

    def write(self, text: str) -> int:
        self.writes += 1
        return super().write(text)
