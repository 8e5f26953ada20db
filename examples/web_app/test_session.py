"""The whole path of the app's authentication, with Agora's own SDK: token, join, renewal. No account, no network."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page, expect
from server import CHANNEL, create_server

from agora_helpers import Credentials
from agora_helpers.practice import Clock
from agora_helpers.testing import PracticeAgora, assert_token


@pytest.fixture
def address(agora_credentials: Credentials, agora_clock: Clock) -> Iterator[str]:
    with create_server(agora_credentials, now=agora_clock.now) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_the_server_issues_the_right_token(address: str, agora_credentials: Credentials, agora_clock: Clock) -> None:
    try:
        with urlopen(Request(f"{address}token", method="POST")) as response:
            answer = json.load(response)
    except HTTPError as error:
        pytest.fail(f"The token server failed: {json.load(error)['error']}")
    client = {"channel": CHANNEL, "uid": answer["uid"]}
    assert_token(
        answer["token"],
        **client,
        role="publisher",
        expires_in=3600,
        credentials=agora_credentials,
        now=agora_clock.now(),
    )


def test_a_client_joins_publishes_renews_and_stays(page: Page, address: str, practice_agora: PracticeAgora) -> None:
    practice_agora.install(page)
    page.goto(address)
    page.get_by_role("button", name="Join").click()
    status = page.get_by_role("status")
    expect(status).to_have_text("joined")
    page.get_by_role("button", name="Publish").click()
    expect(status).to_have_text("published")
    practice_agora.clock.advance(3570)
    expect(status).to_have_text("renewed")
    practice_agora.clock.advance(60)
    (session,) = practice_agora.sessions
    assert session.state == "in"


def test_a_client_that_is_banned_says_so(page: Page, address: str, practice_agora: PracticeAgora) -> None:
    practice_agora.install(page)
    page.goto(address)
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("status")).to_have_text("joined")
    practice_agora.ban(practice_agora.sessions[0])
    expect(page.get_by_role("status")).to_have_text("out: UID_BANNED")
