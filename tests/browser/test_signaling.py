"""Agora's Signaling SDK, unmodified, logged in to our model: what it says when time passes.

What this proves: which frames make the SDK resolve, reject, warn and give up, and its own words for it. When Agora's
servers send them is modelled on its documentation. No test waits for a token: the clock is moved.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from starlette.applications import Starlette
from starlette.responses import FileResponse, HTMLResponse
from starlette.routing import Mount, Route

from agora_helpers import Project
from agora_helpers.practice.admission import Surface
from agora_helpers.practice.certificates import Certificates
from agora_helpers.practice.clock import Clock
from agora_helpers.practice.gateway import Event, EventKind
from agora_helpers.practice.sdk_events import MEANINGS
from agora_helpers.practice.signaling import SignalingServer, SignalingSession
from agora_helpers.practice_server import create_practice_app
from agora_helpers.server import ANYONE, Settings
from agora_helpers.server.hosting import BackgroundServer
from tests.browser.test_sdks import FILES, SDKS
from tests.support import DEMO, NOW, rtm
from tests.verification.samples import OTHER_CERTIFICATE, OTHER_SIGNER

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
HOUR = 3600
PAGE = """<!doctype html><title>SDK</title><script src="practice/redirect.js"></script><script src="sdk.js"></script>
<script>
const clients = {};
const happened = {};
const fired = new Set(); // all events of all clients, in the words of the table of meanings
const logIn = (appId, user, token) => {
  if (!clients[user]) {
    const client = clients[user] = new AgoraRTM.RTM(appId, user, {logLevel: "none"});
    const log = happened[user] = [];
    client.addEventListener("linkState", ({currentState, reasonCode}) => {
      fired.add(`linkState: ${currentState}, ${reasonCode}`);
      log.push(`${currentState} ${reasonCode}`);
    });
    client.addEventListener("tokenPrivilegeWillExpire", () => {
      fired.add("tokenPrivilegeWillExpire");
      log.push("tokenPrivilegeWillExpire");
    });
    client.addEventListener("token", ({eventType}) => {
      fired.add(`token: ${eventType}`);
      log.push(`token ${eventType}`);
    });
    client.addEventListener("message", ({publisher, message}) => log.push(`message from ${publisher}: ${message}`));
  }
  return call(user, "login", {token});
};
const call = async (user, path, ...values) => {
  const names = path.split(".");
  const method = names.pop();
  const owner = names.reduce((object, name) => object[name], clients[user]);
  const pending = new Promise(settle => setTimeout(settle, 20_000, "pending"));
  try {
    return await Promise.race([owner[method](...values).then(() => "resolved"), pending]);
  } catch (error) {
    return `${error.code} ${error.reason}`;
  }
};
</script>"""
LOGGED_IN = ["CONNECTING LOGIN", "CONNECTED LOGIN_SUCCESS"]
WARNED = ["tokenPrivilegeWillExpire", "token WILL_EXPIRE"]


class Practice:
    """Practice mode on a clock that stands still, and a page with the SDK. Its port stays when it starts again."""

    def __init__(self) -> None:
        self.project = Project(DEMO, clock=Clock(NOW))
        practice = create_practice_app(Settings(credentials=DEMO, access=ANYONE, pages=True, web_sdk=""), self.project)
        self.signaling_server: SignalingServer = practice.state.signaling_server
        routes = [
            Route("/sdk.html", HTMLResponse(PAGE)),
            Route("/sdk.js", FileResponse(SDKS / "node_modules" / FILES[Surface.RTM])),
            Mount("/", practice),
        ]
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.server = BackgroundServer(Starlette(routes=routes), port=self.port, websockets=True)


class Tab:
    """A page with the SDK. Its clients are known by their users."""

    def __init__(self, page: Page, practice: Practice) -> None:
        self.page, self.practice = page, practice
        page.goto(f"http://127.0.0.1:{practice.port}/sdk.html")

    @property
    def project(self) -> Project:
        return self.practice.project

    @property
    def sessions(self) -> tuple[SignalingSession, ...]:
        return self.practice.signaling_server.sessions

    def pass_time(self, seconds: int) -> None:
        """Move the clock."""
        self.project.clock.advance(seconds)

    def token(self, user: str, **options: Any) -> str:
        """Build a token that is issued now."""
        return rtm(user, now=self.project.clock.now(), **options)

    def log_in(self, user: str, token: str | None = None) -> str:
        """Call ``login``, by default with a good token, and return how its promise settles.

        It resolves as soon as one WebSocket is logged in. The next one follows, and would be rejected if the test had
        moved the clock or disabled a certificate meanwhile.
        """
        token = token or self.token(user)
        outcome = str(self.page.evaluate("values => logIn(...values)", [DEMO.app_id, user, token]))
        present = [session for session in self.sessions if session.user == user and session.state == "in"]
        end = time.monotonic() + 10
        while outcome == "resolved" and len(present[0]._links) < 2:
            assert time.monotonic() < end, "the SDK logs in on one WebSocket only"
            self.page.wait_for_timeout(10)
        return outcome

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
def practice() -> Iterator[Practice]:
    if not (SDKS / "node_modules" / FILES[Surface.RTM]).is_file():
        pytest.skip("Agora's SDKs are not installed: cd tests/browser/sdk && npm ci")
    practice = Practice()
    with practice.server:
        yield practice


@pytest.fixture
def tab(page: Page, practice: Practice) -> Iterator[Tab]:
    yield Tab(page, practice)
    fired = {event for each in page.context.pages for event in each.evaluate("[...fired]")}
    assert fired <= MEANINGS[Surface.RTM].keys(), "each event of the SDK has a meaning"


def last(session: SignalingSession, kind: EventKind) -> Event:
    return next(event for event in reversed(session.events) if event.kind == kind)


def test_log_in_and_out(tab: Tab) -> None:
    assert tab.log_in("alice") == "resolved"
    assert tab.events("alice") == LOGGED_IN
    (session,) = tab.sessions
    assert session.state == "in"
    assert tab.call("alice", "logout") == "resolved"
    assert tab.events("alice") == ["IDLE LOGOUT"]
    assert (session.state, session.reason) == ("out", "LOGOUT")


def test_warned_and_renewed_in_time(tab: Tab) -> None:
    tab.log_in("alice")
    tab.events("alice")
    tab.pass_time(HOUR - 31)
    tab.page.wait_for_timeout(100)
    assert tab.events("alice") == []
    tab.pass_time(1)
    assert tab.wait_for("alice", WARNED[-1]) == WARNED
    assert last(tab.sessions[0], EventKind.WARNING).sdk == WARNED[0]
    assert tab.call("alice", "renewToken", tab.token("alice", expires_in=2 * HOUR)) == "resolved"
    tab.pass_time(HOUR)
    assert tab.call("alice", "publish", "bob", "hello", {"channelType": "USER"}).startswith("-11033 ")
    assert tab.events("alice") == []
    assert tab.sessions[0].state == "in"


def test_warned_and_ignored(tab: Tab) -> None:
    tab.log_in("alice")
    tab.events("alice")
    tab.pass_time(HOUR - 30)
    tab.wait_for("alice", WARNED[-1])
    tab.pass_time(30)
    assert tab.wait_for("alice", "FAILED TOKEN_EXPIRED") == ["FAILED TOKEN_EXPIRED"]
    assert last(tab.sessions[0], EventKind.EXPIRED).sdk == tab.sessions[0].reason == "TOKEN_EXPIRED"
    assert tab.log_in("alice") == "resolved"
    assert tab.events("alice") == ["CONNECTING RELOGIN", "CONNECTED LOGIN_SUCCESS"]


def test_renewals_that_are_rejected(tab: Tab) -> None:
    """The SDK shows the same text for each token that is wrong, and keeps the client logged in."""
    tab.project.certificates.add_secondary(OTHER_CERTIFICATE)
    old = rtm("alice", expires_in=60)
    tab.log_in("alice", rtm("alice", credentials=OTHER_SIGNER))
    tab.events("alice")
    tab.project.certificates.disable_secondary()
    tab.pass_time(HOUR - 30)
    tab.wait_for("alice", WARNED[-1])
    tries = {
        "an expired token": old,
        "a token for another user": tab.token("bob"),
        "a token signed with a disabled certificate": tab.token("alice", credentials=OTHER_SIGNER),
        "the old token": rtm("alice", credentials=OTHER_SIGNER),
    }
    outcomes = {name: tab.call("alice", "renewToken", token) for name, token in tries.items()}
    predicted = {name: tab.project.login("alice", token=token).error for name, token in tries.items()}
    for name in list(tries)[:3]:
        assert outcomes[name].startswith(f"{predicted[name]} "), name
    assert outcomes == {
        "an expired token": "-10009 Token is expired.",
        "a token for another user": "-10005 Invalid token.",
        "a token signed with a disabled certificate": "-10005 Invalid token.",
        "the old token": "resolved",  # the SDK compares the two, and sends nothing
    }
    assert tab.sessions[0].state == "in"
    tab.pass_time(30)
    assert tab.wait_for("alice", "FAILED TOKEN_EXPIRED") == ["FAILED TOKEN_EXPIRED"]


def test_a_client_without_a_token_is_never_warned(tab: Tab) -> None:
    tab.project.certificates = Certificates(DEMO.app_certificate, "app_id")
    assert tab.log_in("alice", DEMO.app_id) == "resolved"
    tab.events("alice")
    tab.pass_time(30 * 24 * HOUR)
    assert tab.call("alice", "subscribe", "lobby") == "resolved"
    assert tab.events("alice") == []


def test_put_out_by_an_administrator(tab: Tab) -> None:
    tab.log_in("alice")
    tab.events("alice")
    tab.practice.signaling_server.ban(tab.sessions[0])
    assert tab.wait_for("alice", "FAILED KICKED_OUT_BY_SERVER") == ["FAILED KICKED_OUT_BY_SERVER"]
    assert last(tab.sessions[0], EventKind.BANNED).sdk == tab.sessions[0].reason == "KICKED_OUT_BY_SERVER"


def test_the_same_user_twice(tab: Tab) -> None:
    tab.log_in("alice")
    tab.events("alice")
    other = Tab(tab.page.context.new_page(), tab.practice)
    assert other.log_in("alice") == "resolved"
    assert tab.wait_for("alice", "FAILED SAME_UID_LOGIN") == ["FAILED SAME_UID_LOGIN"]
    assert last(tab.sessions[0], EventKind.CONFLICT).sdk == "SAME_UID_LOGIN"
    assert other.events("alice") == LOGGED_IN
    assert [(session.state, session.reason) for session in tab.sessions] == [
        ("out", "SAME_UID_LOGIN"),
        ("in", None),
    ]


def test_the_network_is_lost(tab: Tab) -> None:
    """The SDK comes back with the ticket that it has, and so with its token."""
    tab.project.certificates.add_secondary(OTHER_CERTIFICATE)
    signers = {"alice": DEMO, "bob": DEMO, "carol": OTHER_SIGNER}
    for user, signer in signers.items():
        tab.log_in(user, rtm(user, credentials=signer, expires_in=15 if user == "bob" else HOUR))
        tab.events(user)
    tab.practice.server.stop()
    lost = ["DISCONNECTED KEEP_ALIVE_TIMEOUT"]
    assert {user: tab.wait_for(user, lost[0]) for user in signers} == dict.fromkeys(signers, lost)
    tab.pass_time(15)
    tab.project.certificates.disable_secondary()
    tab.practice.server.start()
    ends = {"alice": "CONNECTED RECONNECT_SUCCESS", "bob": "FAILED TOKEN_EXPIRED", "carol": "FAILED UNKNOWN"}
    for user, end in ends.items():
        assert tab.wait_for(user, end) == ["CONNECTING AUTO_RECONNECT", end]
    assert {session.user: session.reason for session in tab.sessions} == {
        "alice": None,
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
