"""The stage of practice mode: clients of Agora's own SDKs, and a clock that the page moves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from agora_helpers import Project
from agora_helpers.practice import Clock
from agora_helpers.practice_server import PracticeServer
from tests.browser.conftest import look
from tests.browser.test_pages import accessible
from tests.support import DEMO, NOW, ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser
SDKS = ROOT / "tests/browser/sdk/node_modules"
SDK = SDKS / "agora-rtc-sdk-ng/AgoraRTC_N-production.js"
RTM_SDK = SDKS / "agora-rtm-sdk/agora-rtm.js"
WARNED = "token-privilege-will-expire"


@pytest.fixture
def project() -> Project:
    return Project(DEMO, clock=Clock(NOW))


@pytest.fixture
def stage(page: Page, project: Project) -> Iterator[Page]:
    if not SDK.is_file():
        pytest.skip("Agora's SDKs are not installed: cd tests/browser/sdk && npm ci")
    page.set_default_timeout(20_000)
    with PracticeServer(DEMO, project, web_sdk=str(SDK), rtm_sdk=str(RTM_SDK)) as running:
        page.goto(f"http://127.0.0.1:{running.port}/stage")
        yield page


def press(page: Page, label: str) -> None:
    """Press a button by keyboard alone."""
    page.get_by_role("button", name=label).focus()
    page.keyboard.press("Enter")


def said(page: Page, uid: int, words: str) -> Locator:
    """A line of the log: a client, and the SDK's words."""
    return page.get_by_role("log").get_by_role("listitem").filter(has_text=f"Client {uid} {words}")


def join(page: Page, uid: int) -> None:
    press(page, f"Join: Client {uid}")
    said(page, uid, "connection-state-change: CONNECTED").first.wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_one_renews_and_one_forgets(stage: Page, project: Project, scheme: Any) -> None:
    """The SDK itself warns and puts out; everything is done by keyboard."""
    stage.emulate_media(color_scheme=scheme)
    stage.set_viewport_size({"width": 1280, "height": 1400})
    join(stage, 7)
    join(stage, 8)
    said(stage, 7, "user-joined: 8").wait_for()
    stage.get_by_label("Client 8 renews").select_option("never")
    press(stage, "To 35 s before the end")
    stage.get_by_role("button", name="To 35 s before the end").and_(stage.locator(":disabled")).wait_for()
    assert project.clock.now() == NOW + 3600 - 35
    assert said(stage, 7, WARNED).count() == 0
    stage.get_by_text("end at").first.wait_for()
    look(stage, f"stage-before-{scheme}")
    project.clock.advance(5)
    said(stage, 7, f"{WARNED}Its privilege to join ends within 30 seconds. It renews now").wait_for()
    said(stage, 7, "renewToken").wait_for()
    said(stage, 8, f"{WARNED}Its privilege to join ends within 30 seconds. It ignores this.").wait_for()
    press(stage, "Let it end")
    said(stage, 8, "token-privilege-did-expire").wait_for()
    said(stage, 8, "connection-state-change: DISCONNECTED, TOKEN_EXPIREIts privilege to join ended").wait_for()
    said(stage, 7, "user-left: 8").wait_for()
    stage.get_by_role("region", name="Client 8").get_by_text("Out: TOKEN_EXPIRE.").wait_for()
    stage.get_by_role("region", name="Client 7").get_by_text("In the channel.").wait_for()
    accessible(stage)
    look(stage, f"stage-{scheme}")
    stage.set_viewport_size({"width": 600, "height": 2400})
    assert stage.evaluate("document.documentElement.scrollWidth") <= 600, "nothing sticks out"
    look(stage, f"stage-{scheme}-600")


def test_the_old_token_again_changes_nothing(stage: Page, project: Project) -> None:
    stage.get_by_label("Client 7 renews").select_option("with the old token")
    join(stage, 7)
    project.clock.advance(3570)
    said(stage, 7, "renewToken").wait_for()
    project.clock.advance(30)
    said(stage, 7, "connection-state-change: DISCONNECTED, TOKEN_EXPIRE").wait_for()


def test_the_clock_stops_at_each_warning(stage: Page, project: Project) -> None:
    join(stage, 7)
    join(stage, 8)
    stage.get_by_label("Client 8 renews").select_option("never")
    press(stage, "Let it end")
    said(stage, 8, "connection-state-change: DISCONNECTED, TOKEN_EXPIRE").wait_for()
    said(stage, 7, "renewToken").wait_for()
    stage.get_by_role("region", name="Client 7").get_by_text("In the channel.").wait_for()
    assert project.clock.now() == NOW + 3600


def test_a_signaling_client(stage: Page, project: Project) -> None:
    log, card = stage.get_by_role("log"), stage.get_by_role("region", name="Signaling client alice")
    press(stage, "Log in: Signaling client alice")
    log.get_by_text("linkState: CONNECTED, LOGIN_SUCCESS").wait_for()
    card.get_by_text("Logged in.").wait_for()
    project.clock.advance(3570)
    log.get_by_text("tokenPrivilegeWillExpire").wait_for()
    log.get_by_text("renewToken").wait_for()
    project.clock.advance(60)
    card.get_by_text("Logged in.").wait_for()
    press(stage, "Ban: Signaling client alice")
    card.get_by_text("Out: KICKED_OUT_BY_SERVER.").wait_for()
    log.get_by_text("KICKED_OUT_BY_SERVER").first.wait_for()
    press(stage, "Log in: Signaling client alice")
    log.get_by_text("linkState: CONNECTED, LOGIN_SUCCESS").nth(1).wait_for()
    stage.get_by_label("Signaling client alice renews").select_option("never")
    project.clock.advance(3600)
    log.get_by_text("TOKEN_EXPIRED").first.wait_for()
    card.get_by_text("Out: TOKEN_EXPIRED.").wait_for()


def test_a_banned_client_is_out(stage: Page) -> None:
    join(stage, 7)
    press(stage, "Ban: Client 7")
    said(stage, 7, "connection-state-change: DISCONNECTED, UID_BANNED").wait_for()
    stage.get_by_text("Out: UID_BANNED.").wait_for()


def test_a_disabled_certificate_and_the_privilege_to_publish(stage: Page) -> None:
    """The token server goes on signing with a certificate that is disabled, and the SDK reports what comes of it."""
    stage.get_by_label("Its tokens allow it to publish").first.uncheck()
    join(stage, 7)
    press(stage, "Publish: Client 7")
    said(stage, 7, "publish").wait_for()
    for change in ("Add a secondary certificate", "Swap primary and secondary", "Disable the secondary certificate"):
        press(stage, change)
    stage.get_by_role("definition").filter(has_text="disabled").wait_for()
    press(stage, "Join: Client 8")
    said(stage, 8, "AgoraRTCError CAN_NOT_GET_GATEWAY_SERVER").wait_for()
    stage.get_by_role("log").get_by_text("The project's reason: Signed with a disabled certificate.").wait_for()
    press(stage, "Delete No certificate")
    stage.get_by_role("alert").filter(has_text="does not exist").wait_for()


def test_co_host_authentication(stage: Page) -> None:
    press(stage, "Turn co-host authentication on")
    stage.get_by_label("Its tokens allow it to publish").first.uncheck()
    join(stage, 7)
    press(stage, "Publish: Client 7")
    said(stage, 7, "AgoraRTCError UNEXPECTED_RESPONSE: ERR_NO_AUTHORIZED").wait_for()


def test_without_the_sdk_the_page_says_what_to_do(page: Page) -> None:
    with PracticeServer(DEMO, web_sdk="", rtm_sdk="") as running:
        page.goto(f"http://127.0.0.1:{running.port}/stage")
        page.get_by_text("A copy of Agora's Web SDK is missing.").wait_for()
        page.get_by_text("For a third client, of Signaling").wait_for()
        press(page, "Join: Client 7")
        page.get_by_role("log").get_by_text("Agora's SDK is missing.").wait_for()
        accessible(page)
