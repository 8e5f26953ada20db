"""Agora's Signaling SDK, unmodified, logged in to our model: what it says when time passes.

What this proves: which frames make the SDK resolve, reject, warn and give up, and its own words for it. When Agora's
servers send them is modelled on its documentation. No test waits for a token: the clock is moved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

from agora_helpers import Project
from agora_helpers.practice.admission import Surface
from agora_helpers.practice.certificates import Certificates
from agora_helpers.practice.clock import Clock
from agora_helpers.practice.signaling import SignalingServer
from agora_helpers.practice_server.access_point import create_access_point
from tests.browser.test_sdks import FILES, SDKS, is_agora
from tests.support import DEMO, NOW, rtm
from tests.verification.samples import OTHER_CERTIFICATE, OTHER_SIGNER

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route, WebSocketRoute

pytestmark = pytest.mark.browser
HOUR = 3600
SCRIPT = """
() => {
  window.clients = {};
  window.happened = {};
  window.logIn = (appId, user, token) => {
    if (!clients[user]) {
      const client = clients[user] = new AgoraRTM.RTM(appId, user, {logLevel: "none"});
      const log = happened[user] = [];
      client.addEventListener("linkState", ({currentState, reasonCode}) => log.push(`${currentState} ${reasonCode}`));
      client.addEventListener("tokenPrivilegeWillExpire", () => log.push("tokenPrivilegeWillExpire"));
      client.addEventListener("token", ({eventType}) => log.push(`token ${eventType}`));
      client.addEventListener("message", ({publisher, message}) => log.push(`message from ${publisher}: ${message}`));
    }
    return call(user, "login", {token});
  };
  window.call = async (user, path, ...values) => {
    const names = path.split(".");
    const method = names.pop();
    const owner = names.reduce((object, name) => object[name], clients[user]);
    try {
      await owner[method](...values);
      return "resolved";
    } catch (error) {
      return `${error.code} ${error.reason}`;
    }
  };
}
"""
LOGGED_IN = ["CONNECTING LOGIN", "CONNECTED LOGIN_SUCCESS"]
WARNED = ["tokenPrivilegeWillExpire", "token WILL_EXPIRE"]


class Agora:
    """A project with its access point and its Signaling server, on a clock that stands still."""

    def __init__(self) -> None:
        self.project = Project(DEMO, clock=Clock(NOW))
        self.signaling = SignalingServer(self.project)

    def pass_time(self, seconds: int) -> None:
        """Move the clock, and let the server do what is due."""
        self.project.clock.advance(seconds)
        self.signaling.tick()

    def token(self, user: str, **options: Any) -> str:
        """Build a token that is issued now."""
        return rtm(user, now=self.project.clock.now(), **options)


class Tab:
    """A page with the SDK. Its clients are known by their users."""

    def __init__(self, page: Page, agora: Agora) -> None:
        self.page, self.agora = page, agora
        page.route("**/*", self._serve)
        page.route_web_socket("**/*", self._connect)
        page.goto("http://127.0.0.1/")
        page.evaluate(SCRIPT)

    def _serve(self, route: Route) -> None:
        request = route.request
        if is_agora(request.url):
            point = TestClient(create_access_point(self.agora.project))
            path = request.url.split("/", 3)[3]
            answer = point.post(path, content=request.post_data_buffer or b"")
            headers = {"access-control-allow-origin": "*", "access-control-allow-headers": "*"}
            route.fulfill(status=answer.status_code, headers=headers, body=answer.content)
        elif request.url.endswith(FILES[Surface.RTM]):
            route.fulfill(content_type="text/javascript", path=SDKS / "node_modules" / FILES[Surface.RTM])
        else:
            script = f'<!doctype html><title>SDK</title><script src="{FILES[Surface.RTM]}"></script>'
            route.fulfill(content_type="text/html", body=script)

    def _connect(self, socket: WebSocketRoute) -> None:
        def wake() -> None:
            for frame in link.take():
                socket.send(frame)
            if link.closed:
                socket.close(code=link.closed[0], reason=link.closed[1])

        link = self.agora.signaling.connect(wake)
        socket.on_message(lambda frame: link.receive(frame if isinstance(frame, bytes) else frame.encode()))
        socket.on_close(lambda code, reason: link.close())

    def log_in(self, user: str, token: str | None = None) -> str:
        """Call ``login``, by default with a good token, and return how its promise settles."""
        token = token or self.agora.token(user)
        return str(self.page.evaluate("values => logIn(...values)", [DEMO.app_id, user, token]))

    def call(self, user: str, path: str, *values: object) -> str:
        """Call a method of the SDK's client, and return how its promise settles: ``resolved``, or code and text."""
        return str(self.page.evaluate("values => call(...values)", [user, path, *values]))

    def wait_for(self, user: str, event: str) -> list[str]:
        """Wait until the SDK has fired an event; return all since the last call."""
        self.page.wait_for_function("([user, event]) => happened[user].includes(event)", arg=[user, event])
        return self.events(user)

    def events(self, user: str) -> list[str]:
        """Return the events that the SDK has fired since the last call."""
        return [str(event) for event in self.page.evaluate("user => happened[user].splice(0)", user)]


@pytest.fixture
def agora() -> Agora:
    return Agora()


@pytest.fixture
def tab(page: Page, agora: Agora) -> Tab:
    if not (SDKS / "node_modules" / FILES[Surface.RTM]).is_file():
        pytest.skip("Agora's SDKs are not installed: cd tests/browser/sdk && npm ci")
    return Tab(page, agora)


def test_log_in_and_out(tab: Tab) -> None:
    assert tab.log_in("alice") == "resolved"
    assert tab.events("alice") == LOGGED_IN
    (session,) = tab.agora.signaling.sessions
    assert session.state == "in"
    assert tab.call("alice", "logout") == "resolved"
    assert tab.events("alice") == ["IDLE LOGOUT"]
    assert (session.state, session.reason) == ("out", "LOGOUT")


def test_warned_and_renewed_in_time(tab: Tab) -> None:
    tab.log_in("alice")
    tab.events("alice")
    tab.agora.pass_time(HOUR - 31)
    tab.page.wait_for_timeout(100)
    assert tab.events("alice") == []
    tab.agora.pass_time(1)
    assert tab.wait_for("alice", WARNED[-1]) == WARNED
    assert tab.call("alice", "renewToken", tab.agora.token("alice", expires_in=2 * HOUR)) == "resolved"
    tab.agora.pass_time(HOUR)
    assert tab.call("alice", "publish", "bob", "hello", {"channelType": "USER"}).startswith("-11033 ")
    assert tab.events("alice") == []
    assert tab.agora.signaling.sessions[0].state == "in"


def test_warned_and_ignored(tab: Tab) -> None:
    tab.log_in("alice")
    tab.events("alice")
    tab.agora.pass_time(HOUR - 30)
    tab.wait_for("alice", WARNED[-1])
    tab.agora.pass_time(30)
    assert tab.wait_for("alice", "FAILED TOKEN_EXPIRED") == ["FAILED TOKEN_EXPIRED"]
    assert tab.log_in("alice") == "resolved"
    assert tab.events("alice") == ["CONNECTING RELOGIN", "CONNECTED LOGIN_SUCCESS"]


def test_renewals_that_are_rejected(tab: Tab) -> None:
    """The SDK shows the same text for each token that is wrong, and keeps the client logged in."""
    agora = tab.agora
    agora.project.certificates.add_secondary(OTHER_CERTIFICATE)
    old = rtm("alice", expires_in=60)
    tab.log_in("alice", rtm("alice", credentials=OTHER_SIGNER))
    tab.events("alice")
    agora.project.certificates.disable_secondary()
    agora.pass_time(HOUR - 30)
    tab.wait_for("alice", WARNED[-1])
    tries = {
        "an expired token": old,
        "a token for another user": agora.token("bob"),
        "a token signed with a disabled certificate": agora.token("alice", credentials=OTHER_SIGNER),
        "the old token": rtm("alice", credentials=OTHER_SIGNER),
    }
    assert {name: tab.call("alice", "renewToken", token) for name, token in tries.items()} == {
        "an expired token": "-10009 Token is expired.",
        "a token for another user": "-10005 Invalid token.",
        "a token signed with a disabled certificate": "-10005 Invalid token.",
        "the old token": "resolved",  # the SDK compares the two, and sends nothing
    }
    assert agora.signaling.sessions[0].state == "in"
    agora.pass_time(30)
    assert tab.wait_for("alice", "FAILED TOKEN_EXPIRED") == ["FAILED TOKEN_EXPIRED"]


def test_a_client_without_a_token_is_never_warned(tab: Tab) -> None:
    tab.agora.project.certificates = Certificates(DEMO.app_certificate, "app_id")
    assert tab.log_in("alice", DEMO.app_id) == "resolved"
    tab.events("alice")
    tab.agora.pass_time(30 * 24 * HOUR)
    assert tab.call("alice", "subscribe", "lobby") == "resolved"
    assert tab.events("alice") == []


def test_put_out_by_an_administrator(tab: Tab) -> None:
    tab.log_in("alice")
    tab.events("alice")
    tab.agora.signaling.sessions[0].ban()
    assert tab.wait_for("alice", "FAILED KICKED_OUT_BY_SERVER") == ["FAILED KICKED_OUT_BY_SERVER"]


def test_the_same_user_twice(tab: Tab) -> None:
    tab.log_in("alice")
    tab.events("alice")
    other = Tab(tab.page.context.new_page(), tab.agora)
    assert other.log_in("alice") == "resolved"
    assert tab.wait_for("alice", "FAILED SAME_UID_LOGIN") == ["FAILED SAME_UID_LOGIN"]
    assert other.events("alice") == LOGGED_IN
    assert [(session.state, session.reason) for session in tab.agora.signaling.sessions] == [
        ("out", "SAME_UID_LOGIN"),
        ("in", ""),
    ]


def test_the_network_is_lost(tab: Tab) -> None:
    """The SDK comes back with the ticket that it has, and so with its token."""
    agora = tab.agora
    agora.project.certificates.add_secondary(OTHER_CERTIFICATE)
    signers = {"alice": DEMO, "bob": DEMO, "carol": OTHER_SIGNER}
    for user, signer in signers.items():
        tab.log_in(user, rtm(user, credentials=signer, expires_in=60 if user == "bob" else HOUR))
        tab.events(user)
    for session in agora.signaling.sessions:
        for link in list(session.links):
            link.close(1012, "The server restarts.")
    lost = ["DISCONNECTED KEEP_ALIVE_TIMEOUT"]
    assert {user: tab.wait_for(user, lost[0]) for user in signers} == dict.fromkeys(signers, lost)
    agora.pass_time(60)
    agora.project.certificates.disable_secondary()
    ends = {"alice": "CONNECTED RECONNECT_SUCCESS", "bob": "FAILED TOKEN_EXPIRED", "carol": "FAILED UNKNOWN"}
    for user, end in ends.items():
        assert tab.wait_for(user, end) == ["CONNECTING AUTO_RECONNECT", end]
    assert {session.user: session.reason for session in agora.signaling.sessions} == {
        "alice": "",
        "bob": "TOKEN_EXPIRED",
        "carol": "UNKNOWN",
    }


def test_messages(tab: Tab) -> None:
    for user in ("alice", "bob"):
        tab.log_in(user)
        tab.events(user)
        assert tab.call(user, "subscribe", "lobby") == "resolved"
    assert tab.call("alice", "publish", "lobby", "hello") == "resolved"
    assert tab.call("bob", "publish", "alice", "hello", {"channelType": "USER"}) == "resolved"
    assert tab.wait_for("bob", "message from alice: hello") == ["message from alice: hello"]
    assert tab.wait_for("alice", "message from bob: hello") == ["message from bob: hello"]
    assert tab.call("alice", "unsubscribe", "lobby") == "resolved"


def test_what_is_switched_off_is_refused_by_the_sdk(tab: Tab) -> None:
    tab.log_in("alice")
    assert [
        tab.call("alice", "storage.getUserMetadata"),
        tab.call("alice", "lock.getLock", "lobby", "MESSAGE"),
        tab.call("alice", "history.getMessages", "lobby", "MESSAGE"),
    ] == [
        "-12019 Storage service is not available.",
        "-14009 Lock service is not available.",
        "-15005 History service is not available.",
    ]


def test_a_session_lives_on(tab: Tab) -> None:
    """Longer than the SDK waits for the answer to a ping."""
    tab.log_in("alice")
    tab.page.wait_for_timeout(10_500)
    assert tab.events("alice") == LOGGED_IN
