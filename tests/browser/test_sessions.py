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

from agora_helpers import Credentials, Project, RtcService
from agora_helpers.practice import Clock, MediaServer, Session, Surface
from agora_helpers.practice.gateway import Event, EventKind, SessionState, Wake
from agora_helpers.practice.sdk_events import MEANINGS
from agora_helpers.practice.session import Connection, OutReason
from agora_helpers.practice_server import create_practice_app
from agora_helpers.server import ANYONE, Settings
from agora_helpers.server.hosting import BackgroundServer
from agora_helpers.tokens import v007
from tests.browser.conftest import SDK_TIMEOUT
from tests.support import DEMO, NOW, ROOT, rtc

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser
SDK = ROOT / "tests/browser/sdk/node_modules/agora-rtc-sdk-ng/AgoraRTC_N-production.js"
HOUR = 3600
SECONDARY = Credentials(DEMO.app_id, "0123456789abcdef" * 2)
PAGE = """<!doctype html><title>Sessions</title>
<script src="practice/redirect.js"></script>
<script>
// Connections to the media server, which a test can drop.
const sockets = [];
const Redirected = window.WebSocket;
window.WebSocket = class extends Redirected {
  constructor(...values) { super(...values); sockets.push(this); }
};
function drop() { for (const socket of sockets) socket.close(); }
</script>
<script src="pages/agora-rtc-sdk.js"></script>
<script>
AgoraRTC.setLogLevel(4);
const clients = {};
const EVENTS = ["token-privilege-will-expire", "token-privilege-did-expire", "connection-state-change", "user-joined",
  "user-left", "user-published", "user-unpublished"];
const fired = new Set(); // the names of all events of all clients
const shown = value => value instanceof Error ? value.message.replace("AgoraRTCError ", "") : value?.uid ?? value;
function create(name, mode) {
  const client = AgoraRTC.createClient({mode, codec: "vp8"});
  clients[name] = {client, events: []};
  for (const method of ["emit", "safeEmit"]) {
    const original = client[method];
    client[method] = function (event, ...values) {
      fired.add(event);
      return original.call(this, event, ...values);
    };
  }
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
        page.set_default_timeout(SDK_TIMEOUT)
        page.goto(f"http://127.0.0.1:{self.server.port}/sessions")
        return page

    @property
    def sessions(self) -> tuple[Session, ...]:
        return self.media_server.sessions

    def drop(self) -> None:
        """Close all connections, and wait until the media server knows."""
        self.page.evaluate("drop()")
        for _ in range(500):
            if not any(session.connected for session in self.sessions):
                return
            self.page.wait_for_timeout(5)
        raise AssertionError("the connection is still there")

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
    fired = {event for page in context.pages for event in page.evaluate("[...fired]")}
    context.close()
    assert fired <= MEANINGS[Surface.RTC].keys(), "each event of the SDK has a meaning"
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


def test_warned_and_renewed_in_time(stage: Callable[..., Stage]) -> None:
    here = stage()
    client = here.client()
    assert client.join(rtc()) == 7
    here.project.clock.advance(HOUR - 31)
    assert [event.kind for event in here.sessions[0].events] == [EventKind.JOIN]
    here.project.clock.advance(1)
    client.wait_for(last(here.sessions[0], EventKind.WARNING).sdk)
    assert client.call("renewToken", rtc(now=NOW + HOUR - 30)) is None
    here.project.clock.advance(HOUR - 31)
    assert client.publish() is None, "an hour later"
    assert here.sessions[0].state == SessionState.IN
    assert [event[0] for event in client.events].count("token-privilege-will-expire") == 1


def test_warned_and_not_renewed(stage: Callable[..., Stage]) -> None:
    here = stage()
    client = here.client()
    assert client.join(rtc()) == 7
    here.project.clock.advance(HOUR)
    client.wait_for("token-privilege-will-expire")
    client.wait_for(last(here.sessions[0], EventKind.EXPIRED).sdk)
    client.wait_until_out("TOKEN_EXPIRE")
    assert (here.sessions[0].state, here.sessions[0].reason) == (SessionState.OUT, OutReason.TOKEN_EXPIRED)


def test_a_privilege_without_an_end(stage: Callable[..., Stage]) -> None:
    """The token expires, the client stays, and the SDK says nothing."""
    here = stage()
    client = here.client()
    keys = (DEMO.app_id, DEMO.app_certificate)
    token = v007.encode(*keys, [RtcService("lobby", 7, {1: 0})], issued_at=NOW, expire=600, salt=1)
    assert client.join(token) == 7
    here.project.clock.advance(HOUR)
    assert client.publish() is None
    assert client.call("renewToken", token).startswith("UNEXPECTED_RESPONSE: ERR_DYNAMIC_KEY_TIMEOUT")
    assert not [event for event in client.events if event[0].startswith("token-")]


def test_renewals_that_are_rejected(stage: Callable[..., Stage]) -> None:
    here = stage()
    here.project.certificates.add_secondary(SECONDARY.app_certificate)
    here.project.certificates.disable_secondary()
    client = here.client()
    assert client.join(rtc()) == 7
    fresh: dict[str, Any] = {"now": NOW + HOUR - 30}
    tokens = {
        "for another channel": rtc("stage", **fresh),
        "for another uid": rtc(uid=8, **fresh),
        "signed with a disabled certificate": rtc(credentials=SECONDARY, **fresh),
        "expired": rtc(now=NOW - HOUR),
    }
    here.project.clock.advance(HOUR - 30)
    for name, token in tokens.items():
        error = client.call("renewToken", token)
        assert error == last(here.sessions[0], EventKind.RENEW).sdk, name
        word = "ERR_DYNAMIC_KEY_TIMEOUT" if name == "expired" else "ERR_NO_AUTHORIZED"
        assert error.startswith(f"UNEXPECTED_RESPONSE: {word}: "), name
    here.project.clock.advance(30)
    client.wait_until_out("TOKEN_EXPIRE")


def test_renewed_with_the_old_token(stage: Callable[..., Stage]) -> None:
    """It is still valid, so the promise resolves. That moves nothing, and no second warning comes."""
    here = stage()
    client = here.client()
    assert client.join(rtc()) == 7
    here.project.clock.advance(HOUR - 30)
    client.wait_for("token-privilege-will-expire")
    assert client.call("renewToken", rtc()) == (last(here.sessions[0], EventKind.SAME_TOKEN).sdk or None)
    here.project.clock.advance(30)
    client.wait_until_out("TOKEN_EXPIRE")
    assert [event[0] for event in client.events].count("token-privilege-will-expire") == 1


@pytest.mark.parametrize("co_host_authentication", [False, True])
def test_an_audience_becomes_a_host(stage: Callable[..., Stage], co_host_authentication: bool) -> None:
    here = stage(co_host_authentication=co_host_authentication)
    client = here.client(mode="live")
    assert client.call("setClientRole", "audience") is None
    assert client.join(rtc(role="subscriber")) == 7
    assert client.publish().startswith("INVALID_OPERATION"), "the SDK itself refuses"
    refused = client.call("setClientRole", "host")
    assert refused == (last(here.sessions[0], EventKind.ROLE).sdk or None)
    if co_host_authentication:
        assert refused.startswith("UNEXPECTED_RESPONSE: ERR_SET_CLIENT_ROLE_TIMEOUT: ")
        assert client.call("renewToken", rtc(role="publisher")) is None
        assert client.call("setClientRole", "host") is None
    else:
        assert refused is None
    assert client.publish() is None
    assert set(here.sessions[0].published) == {"audio"}


def test_co_host_authentication_at_publish(stage: Callable[..., Stage]) -> None:
    here = stage(co_host_authentication=True)
    client = here.client()
    assert client.join(rtc(role="subscriber")) == 7
    error = client.publish()
    assert error == last(here.sessions[0], EventKind.PUBLISH).sdk
    assert error.startswith("UNEXPECTED_RESPONSE: ERR_NO_AUTHORIZED: ")
    assert client.call("renewToken", rtc(role="publisher")) is None
    assert client.publish() is None


def test_two_clients_see_each_other(stage: Callable[..., Stage]) -> None:
    here = stage()
    alice, bob = here.client("alice"), here.client("bob")
    assert alice.join(rtc()) == 7
    assert alice.publish() is None
    assert bob.join(rtc(uid=8), uid=8) == 8
    bob.wait_for("user-joined", 7)
    bob.wait_for("user-published", 7, "audio")
    alice.wait_for("user-joined", 8)
    assert bob.publish() is None
    alice.wait_for("user-published", 8, "audio")
    assert bob.call("unpublish") is None
    alice.wait_for("user-unpublished", 8, "audio")
    assert bob.call("leave") is None
    alice.wait_for("user-left", 8, "Quit")


def test_a_banned_client(stage: Callable[..., Stage]) -> None:
    here = stage()
    client = here.client()
    assert client.join(rtc()) == 7
    here.media_server.ban(here.sessions[0])
    client.wait_until_out(last(here.sessions[0], EventKind.BANNED).sdk)
    assert here.sessions[0].reason == OutReason.BANNED


def test_the_same_uid_twice(stage: Callable[..., Stage]) -> None:
    """In two pages: within one, the SDK itself refuses."""
    here = stage()
    first, again = here.client("first"), here.client("again")
    other = Client(here.open(), "other")
    assert first.join(rtc()) == 7
    assert again.join(rtc()).startswith("UID_CONFLICT")
    assert other.join(rtc()) == 7
    first.wait_until_out(last(here.sessions[0], EventKind.CONFLICT).sdk)
    assert [session.state for session in here.sessions] == [SessionState.OUT, SessionState.IN]
    assert here.sessions[0].reason == OutReason.UID_CONFLICT


def test_a_lost_connection(stage: Callable[..., Stage]) -> None:
    """The SDK joins again by itself, and the media server takes it for the same client."""
    here = stage()
    client = here.client()
    assert client.join(rtc()) == 7
    here.drop()
    client.wait_for("connection-state-change", "CONNECTED", "RECONNECTING")
    (session,) = here.sessions
    assert [event.kind for event in session.events] == [EventKind.JOIN, EventKind.CONNECTION_LOST, EventKind.JOIN]
    assert session.connected


@pytest.mark.parametrize("returning", [False, True])
def test_a_certificate_that_is_disabled_between_the_access_point_and_the_media_server(
    stage: Callable[..., Stage], monkeypatch: pytest.MonkeyPatch, returning: bool
) -> None:
    """The access point admits the client, and then the media server rejects ``join_v3`` with 110."""
    here = stage()
    here.project.certificates.add_secondary(SECONDARY.app_certificate)
    connect = here.media_server.connect

    def disable_and_connect(wake: Wake) -> Connection:
        here.project.certificates.disable_secondary()
        return connect(wake)

    client = here.client()
    if returning:
        assert client.join(rtc(credentials=SECONDARY)) == 7
    monkeypatch.setattr(here.media_server, "connect", disable_and_connect)
    if returning:
        here.drop()
        client.wait_until_out(reason := "TOKEN_EXPIRE")
        (session,) = here.sessions
        assert (last(session, EventKind.JOIN).sdk, session.reason) == (reason, OutReason.REJECTED)
    else:
        assert client.join(rtc(credentials=SECONDARY)) == "TOKEN_EXPIRE: dynamic key expired"
        client.wait_until_out("TOKEN_EXPIRE")
        assert here.sessions == ()


@pytest.mark.parametrize("valid", [True, False])
def test_a_connection_that_is_lost_while_media_flows(stage: Callable[..., Stage], valid: bool) -> None:
    """The SDK sends ``rejoin_v3`` only while its media connection lives, and none does here: the browser claims it.

    If the media server rejects that, the SDK asks the access point. It keeps asking, and fires no event.
    """
    here = stage()
    here.project.certificates.add_secondary(SECONDARY.app_certificate)
    here.page.evaluate(
        "Object.defineProperty(RTCPeerConnection.prototype, 'connectionState', {get: () => 'connected'})"
    )
    client = here.client()
    assert client.join(rtc(credentials=SECONDARY)) == 7
    assert client.publish() is None
    if valid:
        here.drop()
        client.wait_for("connection-state-change", "CONNECTED", "RECONNECTING")
        assert last(here.sessions[0], EventKind.REJOIN).sdk == ""
        return
    here.project.certificates.disable_secondary()
    with here.page.expect_response("**/transpond/**") as answer:
        here.drop()
    assert answer.value.json()["response_body"][0]["buffer"]["code"] == 2_010_009
    assert here.page.evaluate("clients.client.client.connectionState") == "RECONNECTING"
    (session,) = here.sessions
    assert (last(session, EventKind.REJOIN).sdk, session.reason) == ("", OutReason.REJECTED)
    assert not [event for event in client.events if event[0].startswith("token-")]


@pytest.mark.parametrize(("what", "code"), [("the token", 2_010_010), ("the certificate", 2_010_009)])
def test_a_token_that_is_no_longer_valid_after_a_lost_connection(
    stage: Callable[..., Stage], what: str, code: int
) -> None:
    """The SDK asks the access point, which rejects the token. It keeps asking, and fires no event about the token."""
    here = stage()
    here.project.certificates.add_secondary(SECONDARY.app_certificate)
    client = here.client()
    assert client.join(rtc(credentials=SECONDARY)) == 7
    if what == "the certificate":
        here.project.certificates.disable_secondary()
        assert client.publish() is None, "nothing happens to a client in a channel"
    with here.page.expect_response("**/transpond/**") as answer:
        here.drop()
        here.project.clock.advance(HOUR if what == "the token" else 20)
    assert answer.value.json()["response_body"][0]["buffer"]["code"] == code
    assert here.page.evaluate("clients.client.client.connectionState") == "RECONNECTING"
    assert not [event for event in client.events if event[0].startswith("token-")]
    (session,) = here.sessions
    assert session.state == SessionState.OUT
    assert session.reason == (OutReason.TOKEN_EXPIRED if what == "the token" else OutReason.CONNECTION_LOST)
