from __future__ import annotations

from collections.abc import Iterator

import pytest

from agora_helpers import verify
from agora_helpers.panels import ServerPanel, TokenInspector
from tests.panels.conftest import bundle_of, control, html_of, text, tree, visible
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
    assert heads[:4] == ["status", "request", "caller", "channel length"]
    assert latest[:3] == ["✓ 200", "GET /health", "127.0.0.1"]
    assert first[:4] == ["✓ 200", "POST /rtctoken", "127.0.0.1", "5"]


def test_the_log_s_colour_goes_with_the_status_and_its_filters_choose(panel: ServerPanel) -> None:
    control(panel, "Send").click()
    panel.controls["body"].value = "{}"
    control(panel, "Send").click()
    panel.server.stop()  # it has logged all requests then
    assert "agora-bad" in panel._log.value
    assert "agora-good" in panel._log.value

    control(panel, "Log shows").value = "bad"
    assert [row[0] for row in table_cells(panel._log.value)[1:]] == ["✗ 400"]
    assert "1 of 2 requests" in text(panel)
    assert "agora-good" not in panel._log.value
    control(panel, "Containing").value = "/rtmtoken"
    assert "No such requests." in text(panel)
    control(panel, "Log shows").value = "good"
    control(panel, "Containing").value = "/rtctoken"
    assert [row[0] for row in table_cells(panel._log.value)[1:]] == ["✓ 200"]


def test_a_click_opens_the_token_in_an_inspector_that_follows_later_answers(panel: ServerPanel) -> None:
    def inspectors() -> list[TokenInspector]:
        return [widget for widget in tree(panel) if isinstance(widget, TokenInspector)]

    assert all(widget.description != "Inspect the token" for widget in visible(panel) if hasattr(widget, "description"))
    control(panel, "Send").click()
    control(panel, "Inspect the token").click()
    (inspector,) = inspectors()
    assert inspector.token == panel.token
    panel.controls["body"].value = '{"channel": "stage"}'
    control(panel, "Send").click()
    assert inspectors() == [inspector]
    assert inspector.token == panel.token != ""
    control(panel, "Close the inspector").click()
    assert inspectors() == []
    control(panel, "Inspect the token").click()
    panel.controls["body"].value = "{}"
    control(panel, "Send").click()
    assert inspectors() == [], "there is no token to inspect"


def test_headers_are_sent(panel: ServerPanel) -> None:
    panel.controls["headers"].value = "Content-Type: text/plain\n\nX-Mine : no"
    control(panel, "Send").click()
    assert "Headers:" in text(panel)
    assert "line 3 is not a header. Write a name, a colon and a value." in text(panel)
    assert not panel.entries
    panel.controls["headers"].value = "Content-Type: text/plain"
    control(panel, "Send").click()
    assert "line 3" not in text(panel)
    assert "Answer: 415" in text(panel)
    panel.controls["headers"].value = "Content-Type: application/json\nContent-Length: 1"
    control(panel, "Send").click()
    assert "line 2 sets the request's length. Remove it: the panel sets it." in text(panel)


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
