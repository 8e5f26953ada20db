"""The stage of practice mode: clients of Agora's own SDKs, and a clock that the page moves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from agora_helpers import Project, exercises
from agora_helpers.practice import Clock
from agora_helpers.practice_server import PracticeServer
from tests.browser.conftest import SDK_TIMEOUT, look
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
def patient(page: Page) -> Page:
    """A tab with the patience that Agora's SDKs need."""
    if not SDK.is_file():
        pytest.skip("Agora's SDKs are not installed: cd tests/browser/sdk && npm ci")
    page.set_default_timeout(SDK_TIMEOUT)
    return page


@pytest.fixture
def stage(patient: Page, project: Project) -> Iterator[Page]:
    with PracticeServer(DEMO, project, web_sdk=str(SDK), rtm_sdk=str(RTM_SDK)) as running:
        patient.goto(f"http://127.0.0.1:{running.port}/stage")
        yield patient


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


def renewal(page: Page, client: str) -> Locator:
    """The control that decides what a client does about the warning."""
    return page.get_by_role("region", name=client).get_by_label("It renews")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_one_renews_and_one_forgets(stage: Page, project: Project, scheme: Any) -> None:
    """The SDK itself warns and puts out; everything is done by keyboard."""
    stage.emulate_media(color_scheme=scheme)
    stage.set_viewport_size({"width": 1280, "height": 1400})
    join(stage, 7)
    join(stage, 8)
    said(stage, 7, "user-joined: 8").wait_for()
    renewal(stage, "Client 8").select_option("never")
    press(stage, "To 35 s before the end")
    stage.get_by_role("button", name="To 35 s before the end").and_(stage.locator(":disabled")).wait_for()
    assert project.clock.now() == NOW + 3600 - 35
    assert said(stage, 7, WARNED).count() == 0
    stage.get_by_text("end at").first.wait_for()
    look(stage, f"stage-before-{scheme}")
    project.clock.advance(5)
    said(stage, 7, WARNED).filter(has_text="It renews now, with a new token.").wait_for()
    said(stage, 7, "renewToken").wait_for()
    said(stage, 8, WARNED).filter(has_text="It ignores this.").wait_for()
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


def test_the_same_token_again_changes_nothing(stage: Page, project: Project) -> None:
    """The page says so at once, and the client's card still says so when the client is out."""
    renewal(stage, "Client 7").select_option("with the old token")
    join(stage, 7)
    project.clock.advance(3570)
    said(stage, 7, "renewToken: the same token").filter(has_text="The end stays where it is.").wait_for()
    project.clock.advance(30)
    said(stage, 7, "connection-state-change: DISCONNECTED, TOKEN_EXPIRE").wait_for()
    assert said(stage, 7, WARNED).count() == 1
    stage.get_by_role("region", name="Client 7").get_by_text("renew with the same token [not documented]").wait_for()


def test_the_clock_stops_at_each_warning(stage: Page, project: Project) -> None:
    join(stage, 7)
    join(stage, 8)
    renewal(stage, "Client 8").select_option("never")
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
    log.get_by_text("tokenPrivilegeWillExpire", exact=True).wait_for()
    log.get_by_text("renewToken", exact=True).wait_for()
    project.clock.advance(60)
    card.get_by_text("Logged in.").wait_for()
    press(stage, "Ban: Signaling client alice")
    card.get_by_text("Out: KICKED_OUT_BY_SERVER.").wait_for()
    log.get_by_text("KICKED_OUT_BY_SERVER").first.wait_for()
    press(stage, "Log in: Signaling client alice")
    log.get_by_text("linkState: CONNECTED, LOGIN_SUCCESS").nth(1).wait_for()
    renewal(stage, "Signaling client alice").select_option("never")
    project.clock.advance(3600)
    log.get_by_text("TOKEN_EXPIRED").first.wait_for()
    card.get_by_text("Out: TOKEN_EXPIRED.").wait_for()


def test_a_banned_client_is_out(stage: Page) -> None:
    join(stage, 7)
    press(stage, "Ban: Client 7")
    said(stage, 7, "connection-state-change: DISCONNECTED, UID_BANNED").wait_for()
    stage.get_by_text("Out: UID_BANNED.").wait_for()


def test_a_certificate_is_replaced(stage: Page, project: Project) -> None:
    """Nobody is lost if the token server changes its certificate before the old one is disabled."""
    signer = stage.get_by_label("The token server signs with")
    press(stage, "Renew: Client 7")
    stage.get_by_role("log").get_by_text("It is not connected.").wait_for()
    join(stage, 7)
    press(stage, "Add a secondary certificate")
    press(stage, "Swap primary and secondary")
    selected = signer.locator("option:checked")
    selected.filter(has_text="the secondary certificate").wait_for(state="attached")
    signer.select_option("the primary certificate")
    press(stage, "Renew: Client 7")
    said(stage, 7, "renewToken").wait_for()
    press(stage, "Disable the secondary certificate")
    stage.get_by_role("definition").filter(has_text="disabled").wait_for()
    join(stage, 8)
    press(stage, "Delete the secondary certificate")
    signer.filter(has_not=stage.get_by_text("disabled")).wait_for()
    project.clock.advance(3570)
    said(stage, 7, "renewToken").nth(1).wait_for()
    said(stage, 8, "renewToken").wait_for()


def test_a_certificate_is_disabled_too_early(stage: Page) -> None:
    """The token server goes on signing with it, and the SDK reports what comes of that."""
    join(stage, 7)
    for change in ("Add a secondary certificate", "Swap primary and secondary", "Disable the secondary certificate"):
        press(stage, change)
    stage.get_by_role("definition").filter(has_text="disabled").wait_for()
    press(stage, "Join: Client 8")
    said(stage, 8, "AgoraRTCError CAN_NOT_GET_GATEWAY_SERVER").wait_for()
    stage.get_by_role("log").get_by_text("The project's reason: Signed with a disabled certificate.").wait_for()
    press(stage, "Renew: Client 7")
    said(stage, 7, "AgoraRTCError UNEXPECTED_RESPONSE: ERR_NO_AUTHORIZED").wait_for()
    press(stage, "Delete the secondary certificate")
    option = stage.get_by_label("The token server signs with").locator("option:checked")
    option.filter(has_text="a deleted certificate").wait_for(state="attached")
    shown = stage.locator("#changes > button:visible").filter(has_not_text="co-host")
    shown.filter(has_text="Add a secondary certificate").wait_for()
    assert shown.count() == 1, "what the project would refuse is not offered"
    assert stage.get_by_role("button", name="Join: Client 7").is_disabled(), "it is in"


@pytest.mark.parametrize("co_host_authentication", [False, True])
def test_an_audience_becomes_a_host(stage: Page, co_host_authentication: bool) -> None:
    card = stage.get_by_role("region", name="Client 7")
    role, publisher = card.get_by_label("Its role"), card.get_by_label("Its tokens allow it to publish")
    if co_host_authentication:
        press(stage, "Turn co-host authentication on")
        stage.get_by_role("definition").filter(has_text="on").wait_for()
    role.select_option("audience")
    publisher.uncheck()
    join(stage, 7)
    press(stage, "Publish: Client 7")
    said(stage, 7, "AgoraRTCError INVALID_OPERATION").wait_for()
    role.select_option("host")
    if co_host_authentication:
        said(stage, 7, "AgoraRTCError UNEXPECTED_RESPONSE: ERR_SET_CLIENT_ROLE_TIMEOUT").wait_for()
        role.locator("option:checked").filter(has_text="audience").wait_for(state="attached")
        publisher.check()
        press(stage, "Renew: Client 7")
        said(stage, 7, "renewToken").wait_for()
        role.select_option("host")
    said(stage, 7, "setClientRole: host").wait_for()
    press(stage, "Publish: Client 7")
    said(stage, 7, "publishIt publishes").wait_for()
    role.select_option("audience")
    said(stage, 7, "setClientRole: audience").wait_for()


def test_tokens_of_different_lifetimes(stage: Page, project: Project) -> None:
    """The privilege's end puts a client out; where only the token ends, it stays and is told nothing."""
    for uid, lifetime in ((7, "1 hour, the privileges 10 minutes"), (8, "10 minutes, the privileges without an end")):
        card = stage.get_by_role("region", name=f"Client {uid}")
        card.get_by_label("Tokens last").select_option(lifetime)
        renewal(stage, f"Client {uid}").select_option("never")
        join(stage, uid)
    project.clock.advance(600)
    said(stage, 7, "connection-state-change: DISCONNECTED, TOKEN_EXPIRE").wait_for()
    said(stage, 8, "user-left: 7").wait_for()
    stage.get_by_role("region", name="Client 8").get_by_text("In the channel.").wait_for()
    assert said(stage, 8, WARNED).count() == 0
    options = stage.get_by_role("region", name="Signaling client alice").get_by_label("Tokens last")
    assert options.locator("option").all_text_contents() == ["1 minute", "10 minutes", "1 hour", "24 hours"]


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


HANDLERS = {
    "renews": 'client.on("token-privilege-will-expire", async () => client.renewToken((await fetchToken()).token));',
    "retries": """
        client.on("token-privilege-will-expire", async () => {
          for (let attempt = 0; attempt < 3; attempt++) {
            try {
              if (attempt < 2) throw new Error("the token server is down");
              const { token } = await fetchToken();
              return await client.renewToken(token);
            } catch {
              await new Promise(resolve => setTimeout(resolve, 2 ** attempt * 100));
            }
          }
        });""",
    "renews with the old token": 'client.on("token-privilege-will-expire", () => client.renewToken(token));',
    "renews too late": """
        client.on("token-privilege-did-expire", async () => client.renewToken((await fetchToken()).token));""",
    "never renews": "// nothing",
    "fails": 'throw new Error("my own mistake");',
    "is not JavaScript": "client.on(",
}
RIGHT = {"renews", "retries"}
FEEDBACK = {
    "renews with the old token": "that it already had",
    "renews too late": "No new token reached the server",
    "never renews": "No new token reached the server",
    "fails": "No new token reached the server",
}
"""What exercise 06.2 says to it."""


@pytest.mark.parametrize("name", HANDLERS)
def test_a_renewal_handler_is_tried_out(patient: Page, project: Project, name: str) -> None:
    """Agora's own SDK runs it, and the exercise judges by what the media server saw."""
    page, handler = patient, HANDLERS[name]
    with PracticeServer(DEMO, project, web_sdk=str(SDK), rtm_sdk=str(RTM_SDK), renewal_handler=handler) as running:
        page.goto(f"http://127.0.0.1:{running.port}/stage")
        log = page.get_by_role("log")
        if name == "is not JavaScript":
            log.get_by_text("It is not valid JavaScript").wait_for()
            assert renewal(page, "Client 7").locator("option").first.text_content() == "on time"
            return
        assert renewal(page, "Signaling client alice").locator("option").first.text_content() == "on time"
        join(page, 7)
        if name == "fails":
            log.get_by_text("my own mistake").wait_for()
        press(page, "Let it end")
        card = page.get_by_role("region", name="Client 7")
        card.get_by_text("renew token" if name in RIGHT else "Out: TOKEN_EXPIRE.").wait_for()
        feedback = exercises.check("06.2", running.media_server.sessions)
        assert feedback.right is (name in RIGHT), feedback.text
        assert FEEDBACK.get(name, "") in feedback.text
        if name == "renews too late":
            log.get_by_text("Your handler AgoraRTCError").wait_for()


def test_a_client_brings_a_token_before_the_page_knows_the_project(patient: Page, project: Project) -> None:
    """The page's list of mechanisms shows the first one until the server has answered."""
    patient.route("**/practice/project", lambda _: None, times=1)  # the first answer never comes
    with PracticeServer(DEMO, project, web_sdk=str(SDK)) as running:
        patient.goto(f"http://127.0.0.1:{running.port}/stage")
        join(patient, 7)


def test_tracks_have_to_be_published_again(stage: Page, project: Project) -> None:
    """After a client was removed, its tracks live on, and nobody receives them until they are published again."""
    renewal(stage, "Client 7").select_option("never")
    join(stage, 7)
    script = """async () => {
      globalThis.track = await AgoraRTC.createMicrophoneAudioTrack();
      globalThis.probe = AgoraRTC.createClient({ mode: "rtc", codec: "vp8" });
      const token = async () => (await (await fetch("practice/token", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ lasts: "1 minute", uid: 9, isPublisher: true }),
      })).json()).token;
      globalThis.enter = async () => probe.join(document.body.dataset.appId, "lobby", await token(), 9);
      await enter();
      await probe.publish(track);
    }"""
    stage.evaluate(script)
    project.clock.advance(60)
    stage.wait_for_function("() => probe.connectionState === 'DISCONNECTED'")
    stage.evaluate("enter()")
    assert stage.evaluate("[probe.localTracks.length, track.getMediaStreamTrack().readyState]") == [0, "live"]
    stage.evaluate("probe.publish(track)")
    assert stage.evaluate("probe.localTracks.length") == 1
