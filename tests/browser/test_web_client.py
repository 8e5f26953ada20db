"""``examples/web_client``, the client of lesson 06, with Agora's own SDK and a practice project: joining to leaving."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from agora_helpers import Project
from agora_helpers.practice import Clock, Session
from agora_helpers.practice_server import PracticeServer
from tests.browser.conftest import SDK_TIMEOUT
from tests.support import DEMO, NOW, ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = pytest.mark.browser
SDK = ROOT / "tests/browser/sdk/node_modules/agora-rtc-sdk-ng/AgoraRTC_N-production.js"
CLIENT = (ROOT / "examples/web_client/client.js").read_text(encoding="utf-8")


def test_the_client_of_the_lesson(page: Page) -> None:
    """It joins, publishes, renews although the token server fails at first, comes back after the end, and leaves."""
    if not SDK.is_file():
        pytest.skip("Agora's SDKs are not installed: cd tests/browser/sdk && npm ci")
    page.set_default_timeout(SDK_TIMEOUT)
    project = Project(DEMO, clock=Clock(NOW))
    with PracticeServer(DEMO, project, web_sdk=str(SDK), rtm_sdk="") as server:
        address = f"http://127.0.0.1:{server.port}"
        page.goto(f"{address}/stage")
        source = CLIENT.replace('"your App ID"', json.dumps(DEMO.app_id)).replace('"http://localhost:3000"', '""')
        names = "client, join, publish, leave, tracksOf: () => tracks"
        page.evaluate(f"{source}; Object.assign(globalThis, {{ {names} }})")

        def sessions() -> list[Session]:
            return [*server.media_server.sessions]

        page.evaluate("join()")
        page.evaluate("publish()")
        (first,) = sessions()
        assert first.uid == page.evaluate("client.uid")
        assert set(first.published) == {"audio", "video"}

        answered: list[int] = []

        def fail_twice(route: Route) -> None:
            answered.append(0)
            if len(answered) == 1:
                route.abort()
            elif len(answered) == 2:
                route.fulfill(status=503, json={"error": {"message": "busy"}})
            else:
                route.continue_()

        page.route("**/rtctoken", fail_twice)
        with page.expect_response(lambda response: response.url.endswith("/rtctoken") and response.ok):
            project.clock.advance(3570)
        page.unroute("**/rtctoken")
        page.wait_for_timeout(500)
        assert [event.kind for event in first.events if event.kind == "renew token"] == ["renew token"]
        assert len(answered) == 3

        project.clock.advance(3600)  # past warning and end at once: the laptop was closed
        page.wait_for_function("() => client.connectionState === 'CONNECTED' && client.localTracks.length === 2")
        _, second = sessions()
        assert first.reason == "TOKEN_EXPIRE"
        assert (second.uid, second.state, set(second.published)) == (first.uid, "in", {"audio", "video"})

        page.evaluate("leave()")
        assert second.reason == "LEAVE"
        assert page.evaluate("tracksOf()") == []
