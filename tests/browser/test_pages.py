"""The pages as a person uses them; practice mode with Agora's own RTC SDK, unmodified. Nothing leaves the machine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from agora_helpers import RtmService, decode, exercises
from agora_helpers.practice_server.app import PracticeServer
from agora_helpers.server.access import ANYONE, ApiKeys, Gate
from agora_helpers.server.app import TokenServer, create_app
from agora_helpers.server.hosting import BackgroundServer
from agora_helpers.server.pages.routes import page_routes
from agora_helpers.server.settings import Settings
from tests.browser.conftest import expect, look
from tests.support import DEMO, NOW, ROOT, rtc, rtm

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
SDK = ROOT / "tests/browser/sdk/node_modules/agora-rtc-sdk-ng/AgoraRTC_N-production.js"
KEY = "a-key-for-this-very-test"
NARROW, WIDE = 360, 1200


class Watch:
    """What a page must not do, noted while it is driven."""

    def __init__(self, page: Page) -> None:
        self.strangers: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self._note(request.url))
        page.on("websocket", lambda socket: self._note(socket.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text) if "Content Security" in said.text else None)

    def _note(self, url: str) -> None:
        if urlsplit(url).hostname != "127.0.0.1" and not url.startswith(("blob:http://127.0.0.1:", "data:")):
            self.strangers.append(url)

    def check(self) -> None:
        assert not self.strangers
        assert not self.complaints


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh tab; whatever it asks of another host, and whatever its policy had to stop, fails the test."""
    context = browser.new_context(viewport={"width": WIDE, "height": 900})
    page = context.new_page()
    watch = Watch(page)
    yield page
    watch.check()
    context.close()


@pytest.fixture
def server() -> Iterator[str]:
    """The address of a token server that asks for a key."""
    settings = Settings(credentials=DEMO, access=ApiKeys([KEY]), pages=True, max_expires_in=86_400)
    with BackgroundServer(create_app(settings)) as running:
        yield f"http://127.0.0.1:{running.port}"


@pytest.fixture
def practice() -> Iterator[str]:
    if not SDK.is_file():
        pytest.skip("Agora's SDKs are not installed: cd tests/browser/sdk && npm ci")
    with PracticeServer(DEMO, web_sdk=str(SDK)) as running:
        yield f"http://127.0.0.1:{running.port}"


def accessible(page: Page) -> None:
    """axe finds nothing wrong, and has looked at labels and colours."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="the extra 'browser' is not installed")
    found = axe.Axe().run(page).response
    assert not found["violations"], found["violations"]
    assert {"label", "color-contrast", "landmark-one-main"} <= {rule["id"] for rule in found["passes"]}


def status(page: Page, text: str) -> None:
    page.locator("#status").get_by_text(text).wait_for()


def json_of(expected: Any) -> dict[str, Any]:
    """What was posted."""
    posted: dict[str, Any] = expected.value.post_data_json
    return posted


def reply(page: Page) -> str:
    shown: str = page.locator("#reply").inner_text()
    return shown


def test_a_request_by_mouse(page: Page, server: str) -> None:
    page.goto(f"{server}/try")
    page.get_by_label("API key").fill(KEY)
    page.get_by_label("userAccount").fill("alice")
    page.get_by_label("expiresIn").fill("60")
    page.get_by_label("isPublisher").click()
    page.get_by_role("button", name="Send").click()
    status(page, "200 OK: a token")
    page.get_by_text("The same request as code").wait_for()
    sent = page.locator("#sent").inner_text()
    assert '"isPublisher": false' in sent
    assert '"expiresIn": 60' in sent
    assert "uid" not in sent
    assert '"userAccount": "alice"' in reply(page)
    assert "privilege 1, join channel" in page.locator("dl").inner_text()
    calls = page.locator("#explained pre").all_inner_texts()
    assert len(calls) == 3
    assert all(f"{server}/rtctoken" in call and "API_KEY" in call for call in calls)
    assert KEY not in page.content(), "the key is nowhere but in its field"

    page.get_by_label("Endpoint").select_option("/rtmtoken")
    assert not page.get_by_label("channel").is_visible()
    page.get_by_label("user", exact=True).fill("bob")
    page.get_by_label("version").select_option("006")
    page.get_by_role("button", name="Send").click()
    page.locator("#reply").get_by_text('"user": "bob"').wait_for()
    assert '"version": "006"' in reply(page)

    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the token").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert decode(page.evaluate("navigator.clipboard.readText()")).version == "006"


def test_a_request_by_keyboard(page: Page, server: str) -> None:
    page.goto(f"{server}/try")
    keys = page.keyboard
    for _ in range(4):  # past the links to the pages
        keys.press("Tab")
        if page.evaluate("document.activeElement.id") == "path":
            break
    seen = []
    while (here := page.evaluate("document.activeElement.id")) != "key":
        seen.append(here)
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", f"one sees that {here} has the focus"
        if here == "uid":
            keys.type("0")
        keys.press("Tab")
    assert seen == ["path", "channel", "isPublisher", "uid", "userAccount", "expiresIn", "version"]
    keys.type(KEY)
    keys.press("Enter")
    page.locator("#uid-error").wait_for()
    assert page.evaluate("document.activeElement.id") == "uid", "the focus is where the mistake is"
    assert page.get_by_label("uid", exact=True).get_attribute("aria-invalid") == "true"
    described = page.get_by_label("uid", exact=True).get_attribute("aria-describedby") or ""
    assert "uid-error" in described.split()
    keys.press("ControlOrMeta+a")
    keys.type("7")
    keys.press("Enter")
    status(page, "200 OK: a token")
    assert '"uid": 7' in reply(page)
    assert page.locator("[aria-invalid]").count() == 0


def inspect(page: Page, text: str) -> None:
    page.get_by_label("Token, line of a log").fill(text)
    page.locator("#result .agora-answer").first.wait_for()


NOT_LIT = ("background-color", "rgba(0, 0, 0, 0)")


def test_inspecting_by_mouse(page: Page) -> None:
    with TokenServer(DEMO) as running:
        page.goto(f"http://127.0.0.1:{running.port}/inspect")
        assert not page.get_by_label("API key").is_visible(), "everyone here gets tokens"
        inspect(page, f"{rtc(version='006')} failed: dynamic use static key")
        expect(page.locator(".agora-answer")).to_contain_text(
            ["The project requires a token", "The token has expired."]
        )
        status(page, "The token has expired.")
        row = page.get_by_role("row").filter(has_text="crc_uid")
        row.hover()
        character = page.locator(".agora-token .agora-field.agora-who").last
        expect(character).not_to_have_css(*NOT_LIT)
        page.get_by_role("heading", level=1).hover()
        expect(character).to_have_css(*NOT_LIT)
        page.get_by_role("button", name="An SDK's error").click()
        expect(page.locator(".agora-answer")).to_contain_text(["The project requires a token"])
        expect(page.locator(".agora-linked")).to_have_count(0)
        page.get_by_role("button", name="Clear").click()
        status(page, "Nothing pasted yet.")
        expect(page.locator("#result > *")).to_have_count(0)


def test_inspecting_by_keyboard(page: Page, server: str) -> None:
    page.goto(f"{server}/inspect")
    keys = page.keyboard
    for _ in range(4):  # past the links to the pages
        keys.press("Tab")
    assert page.evaluate("document.activeElement.id") == "text"
    keys.insert_text(rtc())
    status(page, "Authorization: does not identify the caller.")
    keys.press("Tab")
    keys.insert_text(KEY)
    keys.press("Enter")
    status(page, "The token has expired.")
    for _ in range(60):
        keys.press("Tab")
        if page.evaluate("document.activeElement.matches('.agora-rows tr')"):
            break
    link = page.evaluate("document.activeElement.classList[2]")
    expect(page.locator(f".agora-dump .{link}").first).not_to_have_css(*NOT_LIT)
    assert page.locator(f".agora-caption .{link}").is_visible()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [NARROW, 600, WIDE])
def test_what_is_inspected_can_be_read(page: Page, server: str, scheme: Any, width: int) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{server}/inspect")
    page.get_by_label("API key").fill(KEY)
    for name, text in (
        ("token", rtc()),
        ("log", f"join 8 {rtm(version='006')} error 119"),
        ("several", f"{rtc()} {rtm()}"),
        ("jwt", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc"),
        ("certificate", f"APP_CERTIFICATE={DEMO.app_certificate}"),
    ):
        page.get_by_role("button", name="Clear").click()
        inspect(page, text)
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing is cut off"
        look(page, f"inspect-{name}-{scheme}-{width}")
    assert DEMO.app_certificate not in page.locator("#result").inner_text()


def test_a_hostile_text_is_shown_as_text(page: Page) -> None:
    markup = "<img src=x onerror=alert(1)></pre><script>alert(2)</script>"
    token = exercises.sign_unchecked(DEMO, RtmService(markup), issued_at=NOW, expire=3600)
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    with TokenServer(DEMO) as running:
        page.goto(f"http://127.0.0.1:{running.port}/inspect")
        inspect(page, f"{markup} {token} {markup}")
        assert markup in page.locator(".agora-rows").first.inner_text()
        assert page.locator("#result :is(img, script)").count() == 0
    assert not dialogs


def test_an_answer_with_anything_else_than_text_is_not_shown(page: Page, server: str) -> None:
    page.route("**/inspect/explain", lambda route: route.fulfill(json={"html": "<p><a href='x'>here</a></p>"}))
    page.goto(f"{server}/inspect")
    page.get_by_label("Token, line of a log").fill("109")
    page.get_by_text("The answer contains an element that it must not contain.").wait_for()
    assert page.locator("#result a").count() == 0
    page.route("**/inspect/explain", lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>"))
    page.get_by_label("Token, line of a log").fill("110")
    status(page, "There is no answer. Try again.")
    assert page.locator("#result > *").count() == 0


def test_only_the_last_text_is_answered_and_the_text_is_in_no_address(page: Page) -> None:
    urls: list[str] = []
    page.on("request", lambda request: urls.append(request.url))
    with TokenServer(DEMO) as running:
        page.goto(f"http://127.0.0.1:{running.port}/inspect")
        for text in ("error 119", rtc(), "hello"):
            page.get_by_label("Token, line of a log").fill(text)
        expect(page.locator(".agora-answer")).to_contain_text(["There is no token and no known error of Agora"])
        page.get_by_label("Token, line of a log").fill("x " * 6_000)
        page.get_by_text("Only the first 10000 characters were read.").wait_for()
        assert {urlsplit(url).path for url in urls if "explain" in url} == {"/inspect/explain"}
        assert not any(urlsplit(url).query or urlsplit(url).fragment for url in urls)
    page.get_by_label("Token, line of a log").fill("error 109")
    status(page, "does not respond")


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("channel", "", "is missing"),
        ("uid", "seven", "must be an integer"),
        ("uid", "99999999999999999999", "uid: "),
        ("expiresIn", "1700000000", "looks like a point in time"),
        ("expiresIn", "1.5", "Round it to whole seconds"),
        ("API key", "wrong-key-of-some-length", "Authorization: "),
        ("API key", "ключ", "non-ASCII character"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(page: Page, server: str, field: str, value: str, says: str) -> None:
    page.goto(f"{server}/try")
    page.get_by_label("API key").fill(KEY)
    page.get_by_label(field, exact=True).fill(value)
    page.get_by_role("button", name="Send").click()
    message = page.locator(".field > .error:visible")
    message.wait_for()
    assert says in message.inner_text()
    place, control = message.bounding_box(), page.get_by_label(field, exact=True).bounding_box()
    assert place
    assert control
    assert 0 <= place["y"] - control["y"] - control["height"] < 60, "below the field"
    assert page.get_by_label(field, exact=True).evaluate("field => field === document.activeElement")


def test_the_fields_that_an_endpoint_takes(page: Page) -> None:
    routes = page_routes(Settings(credentials=DEMO, access=ANYONE, pages=True), Gate(ANYONE, None))
    with BackgroundServer(Starlette(routes=routes)) as running:
        page.goto(f"http://127.0.0.1:{running.port}/try")
        shown = {}
        for path in page.get_by_label("Endpoint").locator("option").evaluate_all("all => all.map(one => one.value)"):
            page.get_by_label("Endpoint").select_option(path)
            visible = page.locator(".field:visible").locator("input, select")
            shown[path] = visible.evaluate_all("all => all.map(one => one.id)")[1:-1]
    assert shown == {
        "/rtctoken": ["channel", "isPublisher", "uid", "userAccount", "expiresIn", "version"],
        "/rtmtoken": ["user", "expiresIn", "version"],
        "/token": ["channel", "user", "isPublisher", "uid", "userAccount", "expiresIn"],
        "/chattoken": ["user", "expiresIn"],
    }


def test_the_pages_work_under_any_path(page: Page) -> None:
    """As behind a proxy that serves several things."""
    inner = create_app(Settings(credentials=DEMO, access=ANYONE, pages=True))
    with BackgroundServer(Starlette(routes=[Mount("/proxy/3000", inner)])) as running:
        base = f"http://127.0.0.1:{running.port}/proxy/3000"
        page.goto(f"{base}/try")
        page.get_by_role("button", name="Send").click()
        page.get_by_text("The same request as code").wait_for()
        assert f"curl -sS {base}/rtctoken " in page.locator("#explained").inner_text()


def test_a_server_that_is_gone(page: Page) -> None:
    with TokenServer(DEMO) as running:
        page.goto(f"http://127.0.0.1:{running.port}/try")
    page.get_by_role("button", name="Send").click()
    status(page, "does not respond. Is it still running?")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_axe_finds_nothing(page: Page, server: str, practice: str, scheme: Any, width: int) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{server}/try")
    accessible(page)
    page.get_by_role("button", name="Send").click()
    page.locator("#key-error").wait_for()
    accessible(page)
    page.get_by_label("API key").fill(KEY)
    page.get_by_role("button", name="Send").click()
    page.get_by_text("The same request as code").wait_for()
    accessible(page)
    look(page, f"try-{scheme}-{width}")
    page.goto(f"{practice}/client")
    page.get_by_label("Joins with").select_option("no token")
    page.get_by_role("button", name="Join").click()
    page.get_by_text("Usual causes, and where to look").click()
    accessible(page)
    look(page, f"client-{scheme}-{width}")
    for path in (f"{server}/try", f"{practice}/client"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, "nothing sticks out"


def test_agoras_sdk_is_admitted(page: Page, practice: str) -> None:
    page.goto(f"{practice}/client")
    page.get_by_text("nothing leaves this machine").wait_for()
    page.get_by_label("Joins as").fill("7")
    page.get_by_role("button", name="Join").click()
    log = page.get_by_role("log")
    log.get_by_text("Admitted.").wait_for()
    said = log.inner_text()
    assert "for uid 7" in said
    assert "Agora's SDK 4.24.8 joins lobby" in said
    assert "wss://127-0-0-1.edge.agora.io:4000" in said, "the SDK itself wanted to go there"
    page.get_by_role("button", name="Leave").click()
    log.get_by_text("Left.").wait_for()
    assert page.get_by_role("button", name="Join").evaluate("button => button === document.activeElement")
    assert log.get_by_text("Rejected.").count() == 0, "cancelling is not a rejection"


@pytest.mark.parametrize(
    ("accepts", "joins_with", "sdk_message", "meaning"),
    [
        ("Token", "no token", "dynamic use static key", "requires a token, and the client sent none"),
        ("App ID", "a token of this server", "static use dynamic key", "works with the App ID only"),
        ("Token", "a token for another channel", "invalid token, authorized failed", "the token has 'stage'"),
        ("App ID or token", "an expired token", "dynamic key or token timeout", "The token has expired"),
        ("Token", "the App ID of another project", "can not find appid", "App ID"),
    ],
)
def test_agoras_sdk_is_refused(
    page: Page, practice: str, accepts: str, joins_with: str, sdk_message: str, meaning: str
) -> None:
    page.goto(f"{practice}/client")
    page.get_by_label(accepts, exact=True).click()
    page.get_by_label("Joins with").select_option(joins_with)
    page.get_by_role("button", name="Join").click()
    log = page.get_by_role("log")
    log.get_by_text("Rejected.").wait_for()
    assert sdk_message in log.locator("code").first.inner_text(), "in the SDK's own words"
    log.get_by_text(meaning).first.wait_for()
    assert log.get_by_text("Admitted.").count() == 0
    page.reload()
    expect(page.get_by_label(accepts, exact=True)).to_be_checked()  # the project keeps what it was told


def test_the_page_keeps_a_token_fresh(page: Page, practice: str) -> None:
    """Driven by the events of Agora's SDK, in a client that the SDK has made."""
    page.goto(f"{practice}/client")
    page.get_by_role("button", name="Join").click()
    log = page.get_by_role("log")
    log.get_by_text("Admitted.").wait_for()
    page.evaluate("() => { agoraClient.renewToken = async token => { globalThis.renewed = token; }; }")
    with page.expect_request("**/rtctoken") as asked:
        page.evaluate("agoraClient.emit('token-privilege-will-expire')")
    log.get_by_text("Renewed.").wait_for()
    uid = json_of(asked)["uid"]
    assert log.get_by_text(f"issued a token for uid {uid},").count() == 2, "the second time for the same uid"
    assert decode(page.evaluate("renewed")).to_dict()["services"][0]["uid"] == str(uid)

    page.evaluate("globalThis.before = agoraClient")
    with page.expect_request("**/rtctoken") as asked, page.expect_request("**/transpond/**") as joined:
        page.get_by_role("button", name="Let it end").click()
    assert json_of(asked)["uid"] == uid
    assert f'"uid":{uid}' in (joined.value.post_data or "")
    log.get_by_text("Admitted.").nth(1).wait_for()
    assert page.evaluate("agoraClient !== before && before.connectionState === 'DISCONNECTED'")
    assert log.get_by_text("Rejected.").count() == 0


def test_the_clock_is_moved_and_the_sdk_warns(page: Page, practice: str) -> None:
    """Both events come from Agora's SDK itself, over the WebSocket; one client renews, the other one forgets."""
    page.goto(f"{practice}/client")
    page.get_by_text("No client with a token is in the channel.").wait_for()
    page.get_by_role("button", name="Join").click()
    log = page.get_by_role("log")
    log.get_by_text("In the channel").wait_for()
    page.get_by_role("button", name="To 35 s before the end").click()
    log.get_by_text("Renewed.").wait_for(timeout=20_000)
    page.get_by_role("button", name="Leave").click()
    page.get_by_text("No client with a token is in the channel.").wait_for()
    page.get_by_label("The client renews when the SDK warns").uncheck()
    page.get_by_role("button", name="Join").click()
    page.get_by_role("button", name="Let it end").click()
    log.get_by_role("listitem").filter(has_text="token-privilege-will-expire. This client ignores it.").wait_for()
    log.get_by_role("listitem").filter(has_text="token-privilege-did-expire. The client is out").wait_for()
    log.get_by_role("listitem").filter(has_text="TOKEN_EXPIRE").first.wait_for()
    page.get_by_text("No client with a token is in the channel.").wait_for()
    accessible(page)


def test_an_error_of_the_sdk_at_renewal_is_explained(page: Page, practice: str) -> None:
    page.goto(f"{practice}/client")
    page.get_by_role("button", name="Join").click()
    log = page.get_by_role("log")
    log.get_by_text("Admitted.").wait_for()
    for message, meaning in (
        ("AgoraRTCError UNEXPECTED_RESPONSE: ERR_NO_AUTHORIZED", "Usual causes"),
        ("something new", "not in the list of Agora's errors"),
    ):
        page.evaluate(f"() => {{ agoraClient.renewToken = async () => {{ throw new Error('{message}'); }}; }}")
        page.evaluate("agoraClient.emit('token-privilege-will-expire')")
        line = log.get_by_role("listitem").filter(has_text=message)
        line.get_by_text("The SDK did not accept the new token.").wait_for()
        assert meaning in line.inner_text()


def test_without_a_copy_of_the_sdk(page: Page) -> None:
    with PracticeServer(DEMO, web_sdk="") as running:
        page.goto(f"http://127.0.0.1:{running.port}/client")
        page.get_by_text("npm pack agora-rtc-sdk-ng").wait_for()
        page.get_by_role("button", name="Join").click()
        page.get_by_text("See above how to get a copy of it.").wait_for()
        accessible(page)


def test_the_client_page_of_a_token_server(page: Page, tmp_path: Any) -> None:
    """A stand-in for the SDK: no test may reach Agora."""
    (tmp_path / "sdk.js").write_text(STAND_IN, encoding="utf-8")
    settings = Settings(credentials=DEMO, access=ApiKeys([KEY]), pages=True, web_sdk=str(tmp_path / "sdk.js"))
    with BackgroundServer(create_app(settings)) as running:
        page.goto(f"http://127.0.0.1:{running.port}/client")
        page.get_by_role("button", name="Join").click()
        page.locator("#key-error").wait_for()
        accessible(page)
        page.get_by_label("API key").fill(KEY)
        page.get_by_label("Joins as").fill("alice")
        page.get_by_role("button", name="Join").click()
        page.get_by_role("log").get_by_text("In the channel lobby, as alice.").wait_for()
        assert page.evaluate("joined.slice(0, 2)") == [DEMO.app_id, "lobby"]
        page.get_by_role("button", name="Publish microphone and camera").click()
        page.get_by_text("Microphone and camera are published.").wait_for()
        page.evaluate("agoraClient.handlers['token-privilege-did-expire']()")
        page.get_by_text("Microphone and camera are published.").nth(1).wait_for()
        assert page.evaluate("published") == 2, "after the client has joined again"
        for uid in (9, "you", "9", "You"):  # an account can have any name
            page.evaluate("uid => agoraClient.handlers['user-published']({uid}, 'video')", uid)
        captions = page.locator("#videos figcaption")
        expect(captions).to_have_text(["You", "uid 9", "user account you", "user account 9", "user account You"])
        page.evaluate("agoraClient.handlers['user-unpublished']({uid: 'you'}, 'video')")
        expect(captions).to_have_text(["You", "uid 9", "user account 9", "user account You"])
        accessible(page)
        page.evaluate(CHANGE_STATE, "UID_BANNED")
        page.get_by_text("Disconnected from the channel.").wait_for()
        page.get_by_text("The server has banned this client.").wait_for()
        page.evaluate(CHANGE_STATE, "NO_SUCH_REASON")
        page.get_by_text("This message is not in the list of Agora's errors").wait_for()
        page.get_by_role("button", name="Leave").click()
        page.get_by_text("Left.").wait_for()
        assert page.evaluate("closedTracks") == 2
        assert page.locator("#videos > *").count() == 0


CHANGE_STATE = "reason => agoraClient.handlers['connection-state-change']('DISCONNECTED', 'CONNECTED', reason)"
STAND_IN = """
globalThis.closedTracks = globalThis.published = 0;
const track = { play() {}, close() { closedTracks += 1; } };
const AgoraRTC = {
  VERSION: "0",
  setLogLevel() {},
  createMicrophoneAndCameraTracks: async () => [track, track],
  createClient: () => ({
    handlers: {},
    connectionState: "DISCONNECTED",
    on(event, handler) { this.handlers[event] = handler; },
    async join(...passed) { globalThis.joined = passed; this.connectionState = "CONNECTED"; return passed[3]; },
    async leave() { this.connectionState = "DISCONNECTED"; },
    async publish() { published += 1; },
    async subscribe() { return track; },
  }),
};
"""
