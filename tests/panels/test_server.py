from __future__ import annotations

from collections.abc import Iterator

import pytest

from agora_helpers import verify
from agora_helpers.panels import ServerPanel
from tests.panels.conftest import bundle_of, control, html_of, text
from tests.support import DEMO, NOW, table_cells


@pytest.fixture
def panel() -> Iterator[ServerPanel]:
    panel = ServerPanel(DEMO, now=NOW, salt=1, uid=7)
    yield panel
    panel.server.stop()


def test_a_request_with_a_token_for_an_answer(panel: ServerPanel) -> None:
    control(panel, "Send").click()
    assert "Answer: 200" in text(panel)
    assert '"uid": 7' in text(panel)
    assert verify(panel.token, DEMO, channel="lobby", uid=7, now=NOW).ok


def test_a_request_with_an_error_for_an_answer(panel: ServerPanel) -> None:
    control(panel, "Send").click()
    panel.controls["path"].value = "/rtmtoken"
    panel.controls["body"].value = '{"user": 7}'
    control(panel, "Send").click()
    assert "Answer: 400" in text(panel)
    assert '"field": "user"' in text(panel)
    assert panel.token == ""


def test_each_path_has_a_sample_body(panel: ServerPanel) -> None:
    for path in ("/rtmtoken", "/token", "/chattoken", "/rtctoken"):
        panel.controls["path"].value = path
        control(panel, "Send").click()
        assert "Answer: 200" in text(panel)


def test_the_log_shows_the_latest_request_first(panel: ServerPanel) -> None:
    assert "No requests yet." in text(panel)
    control(panel, "Send").click()
    panel.server.client.get("/health")
    panel.server.stop()
    assert [(entry.path, entry.status) for entry in panel.entries] == [("/rtctoken", 200), ("/health", 200)]
    heads, latest, first = table_cells(panel._log.value)
    assert heads[1:4] == ["request", "status", "caller"]
    assert latest[1:4] == ["GET /health", "200", "127.0.0.1"]
    assert first[1:5] == ["POST /rtctoken", "200", "127.0.0.1", "5"]


def test_it_starts_and_stops(panel: ServerPanel) -> None:
    assert "running" in text(panel)
    control(panel, "Stop").click()
    assert "stopped" in text(panel)
    assert not panel.server.running
    control(panel, "Send").click()
    assert "Start it first." in text(panel)
    control(panel, "Start").click()
    control(panel, "Send").click()
    assert "Answer: 200" in text(panel)


def test_a_new_panel_stops_the_server_of_the_previous_one(panel: ServerPanel) -> None:
    newer = ServerPanel(DEMO)
    assert newer.server.running
    assert not panel.server.running
    newer.server.stop()


def test_the_log_is_not_stored(panel: ServerPanel) -> None:
    control(panel, "Send").click()
    assert "/rtctoken" in html_of(panel)
    assert "200" not in html_of(panel)
    assert bundle_of(panel)["text/plain"] == "<ServerPanel>"
