"""Whole sessions with Agora's own RTC Web SDK, unmodified, on the model of the media server, over real WebSockets.

What the SDK shows is compared with what the model predicts. The tests move the project's clock; nothing waits for a
token to expire.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route

from agora_helpers import Credentials, Project
from agora_helpers.practice import Clock, Session
from agora_helpers.practice.session import Event, EventKind, OutReason, SessionState
from agora_helpers.practice_server import create_practice_app
from agora_helpers.server import ANYONE, Settings
from agora_helpers.server.hosting import BackgroundServer
from tests.support import DEMO, NOW, ROOT, rtc

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser
SDK = ROOT / "tests/browser/sdk/node_modules/agora-rtc-sdk-ng/AgoraRTC_N-production.js"
HOUR = 3600
SECONDARY = Credentials(DEMO.app_id, "0123456789abcdef" * 2)
PAGE = """<!doctype html><title>Sessions</title>
<script src="practice/redirect.js"></script><script src="pages/agora-rtc-sdk.js"></script>
<script>
AgoraRTC.setLogLevel(4);
const clients = {};
const EVENTS = ["token-privilege-will-expire", "token-privilege-did-expire", "connection-state-change", "user-joined",
  "user-left", "user-published", "user-unpublished"];
const shown = value => value instanceof Error ? value.message.replace("AgoraRTCError ", "") : value?.uid ?? value;
function create(name, mode) {
  const client = AgoraRTC.createClient({mode, codec: "vp8"});
  clients[name] = {client, events: []};
  for (const event of EVENTS) client.on(event, (...values) => clients[name].events.push([event, ...values.map(shown)]));
}
async function call(name, method, ...values) {
  const pending = new Promise(settle => setTimeout(settle, 20_000, "pending"));
  try {
    return shown(await Promise.race([clients[name].client[method](...values), pending])) ?? null;
  } catch (error) { return shown(error); }
}
async function publish(name) {
  clients[name].track ??= await AgoraRTC.createMicrophoneAudioTrack();
  return call(name, "publish", clients[name].track);
}
</script>"""


class Client:
    """One client of the SDK in a page."""

    def __init__(self, page: Page, name: str, mode: str = "rtc") -> None:
        self.page, self.name = page, name
        page.evaluate("([name, mode]) => create(name, mode)", [name, mode])

    def call(self, method: str, *values: Any) -> Any:
        """Call the SDK; return what its promise resolves to, or the error's message."""
        return self.page.evaluate("values => call(...values)", [self.name, method, *values])

    def join(self, token: str | None, *, channel: str = "lobby", uid: int | None = 7) -> Any:
        return self.call("join", DEMO.app_id, channel, token, uid)

    def publish(self) -> Any:
        return self.page.evaluate("name => publish(name)", self.name)

    @property
    def events(self) -> list[list[Any]]:
        events: list[list[Any]] = self.page.evaluate("name => clients[name].events", self.name)
        return events

    def wait_for(self, *event: Any) -> None:
        """Wait until the SDK has fired an event whose first values are these."""
        condition = """([name, event]) => clients[name].events.some(
          fired => event.every((value, index) => value === fired[index]))"""
        self.page.wait_for_function(condition, arg=[self.name, list(event)])

    def wait_until_out(self, reason: str) -> None:
        """Wait until the SDK says that it is disconnected, for this reason."""
        condition = """([name, reason]) => clients[name].events.some(([event, state, , why]) =>
          event === "connection-state-change" && state === "DISCONNECTED" && why === reason)"""
        self.page.wait_for_function(condition, arg=[self.name, reason])


class Stage:
    """A practice project with its server, and a page."""

    def __init__(self, context: BrowserContext, **options: Any) -> None:
        self.project = Project(DEMO, clock=Clock(NOW), **options)
        self.context = context
        settings = Settings(credentials=DEMO, access=ANYONE, web_sdk=str(SDK))
        practice = create_practice_app(settings, self.project)
        self.media_server: MediaServer = practice.state.media_server
        # a page that Playwright answers counts as one from the internet, which must not open WebSockets to this machine
        app = Starlette(routes=[Route("/sessions", HTMLResponse(PAGE)), Mount("/", practice)])
        self.server = BackgroundServer(app, websockets=True).start()
        self.page = self.open()

    def open(self) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(20_000)
        page.goto(f"http://127.0.0.1:{self.server.port}/sessions")
        return page

    @property
    def sessions(self) -> tuple[Session, ...]:
        return self.media_server.sessions

    def client(self, name: str = "client", mode: str = "rtc") -> Client:
        return Client(self.page, name, mode)


@pytest.fixture
def stage(browser: Browser) -> Iterator[Callable[..., Stage]]:
    if not SDK.is_file():
        pytest.skip("Agora's SDKs are not installed: cd tests/browser/sdk && npm ci")
    context = browser.new_context()
    stages: list[Stage] = []

    def create(**options: Any) -> Stage:
        stages.append(Stage(context, **options))
        return stages[-1]

    yield create
    context.close()
    for each in stages:
        each.server.stop()


def last(session: Session, kind: EventKind) -> Event:
    return next(event for event in reversed(session.events) if event.kind == kind)


def test_a_client_joins_publishes_and_leaves(stage: Callable[..., Stage]) -> None:
    here = stage()
    client = here.client()
    assert client.join(rtc()) == 7
    assert client.publish() is None
    (session,) = here.sessions
    assert (session.state, session.channel, session.uid, set(session.published)) == ("in", "lobby", 7, {"audio"})
    assert client.call("leave") is None
    client.wait_until_out("LEAVE")
    assert (session.state, session.reason) == (SessionState.OUT, OutReason.LEFT)
    assert [event.kind for event in session.events] == [EventKind.JOIN, EventKind.PUBLISH, EventKind.LEAVE]
