"""The test kit with Agora's own SDKs, unmodified, in pages of Playwright's sync and async API. No server runs."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from agora_helpers.practice import Clock, Session, gateway
from agora_helpers.testing import PracticeAgora
from tests.browser.conftest import SDK_TIMEOUT, chromium
from tests.support import DEMO, NOW, ROOT, rtc, rtm

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
SDKS = ROOT / "tests/browser/sdk/node_modules"
FILES = {
    "/rtc.js": SDKS / "agora-rtc-sdk-ng/AgoraRTC_N-production.js",
    "/rtm.js": SDKS / "agora-rtm-sdk/agora-rtm.js",
}
HTML = """<!doctype html><title>App</title><script src="rtc.js"></script><script src="rtm.js"></script><script>
AgoraRTC.setLogLevel(4);
const events = [];
const shown = error => error.message ?? `${error.code} ${error.reason}`;
const settle = promise => promise.then(value => value ?? "resolved", shown);
const client = AgoraRTC.createClient({mode: "rtc", codec: "vp8"});
client.on("token-privilege-will-expire", () => events.push("warned"));
client.on("token-privilege-did-expire", () => events.push("expired"));
client.on("connection-state-change", (state, before, reason) => state === "DISCONNECTED" && events.push(reason));
const join = (appId, token, uid) => settle(client.join(appId, "lobby", token, uid));
const publish = async () => settle(client.publish(await AgoraRTC.createMicrophoneAudioTrack()));
let messaging;
const logIn = (appId, token) => {
  messaging = new AgoraRTM.RTM(appId, "alice", {logLevel: "none"});
  messaging.addEventListener("tokenPrivilegeWillExpire", () => events.push("warned"));
  messaging.addEventListener("linkState", ({reasonCode}) => events.push(reasonCode));
  return settle(messaging.login({token}).then(() => null));
};
</script>"""
APP = "https://app.test/"


def serve(path: str) -> dict[str, Any]:
    """Return Playwright's answer to a request for the app."""
    file = FILES.get(path)
    return {"path": file} if file else {"body": HTML, "content_type": "text/html"}


@pytest.fixture
def agora(page: Page) -> Iterator[PracticeAgora]:
    with PracticeAgora(credentials=DEMO, mechanism="token", clock=Clock(NOW)) as agora:
        agora.install(page)
        page.set_default_timeout(SDK_TIMEOUT)
        page.route(f"{APP}**", lambda route: route.fulfill(**serve(route.request.url.removeprefix(APP[:-1]))))
        page.goto(APP)
        yield agora


def wait_for(page: Page, event: str) -> None:
    page.wait_for_function("event => events.includes(event)", arg=event)


def join(page: Page, token: str | None, uid: int = 7) -> Any:
    return page.evaluate("values => join(...values)", [DEMO.app_id, token, uid])


def test_a_client_joins_publishes_is_warned_and_renews(page: Page, agora: PracticeAgora) -> None:
    assert join(page, rtc(role="publisher")) == 7
    assert page.evaluate("publish()") == "resolved"
    (session,) = agora.sessions
    assert isinstance(session, Session)
    assert (session.surface, session.channel, session.uid, session.state) == ("RTC Web", "lobby", 7, "in")
    assert session.published.keys() == {"audio"}
    agora.clock.advance(3570)
    wait_for(page, "warned")
    assert page.evaluate("token => settle(client.renewToken(token))", rtc(now=agora.clock.now())) == "resolved"
    agora.clock.advance(60)
    assert session.state == "in"
    assert session.ends_at == NOW + 3570 + 3600
    events = ["join", "publish", "token will expire: token-privilege-will-expire", "renew token"]
    assert [*map(str, session.events)] == events


def test_a_client_that_forgets_to_renew_is_put_out(page: Page, agora: PracticeAgora) -> None:
    join(page, rtc())
    agora.clock.advance(3600)
    wait_for(page, "expired")
    (session,) = agora.sessions
    assert (session.state, session.reason) == ("out", "TOKEN_EXPIRE")
    assert agora.report() == (
        "RTC Web, 'lobby', uid 7, with a token: admitted\n"
        "RTC Web, 'lobby', uid 7: out (TOKEN_EXPIRE)\n"
        "  join\n"
        "  token will expire: token-privilege-will-expire\n"
        "  token expired: token-privilege-did-expire\n"
        "  The client was warned, and did not renew its token. Fetch a new one and pass it to renewToken() when the "
        "SDK says that the token will expire."
    )


def test_a_banned_client_is_told(page: Page, agora: PracticeAgora) -> None:
    join(page, rtc())
    agora.ban(agora.sessions[0])
    wait_for(page, "UID_BANNED")
    assert (agora.sessions[0].state, agora.sessions[0].reason) == ("out", "UID_BANNED")


def test_another_thread_may_move_the_clock(page: Page, agora: PracticeAgora) -> None:
    join(page, rtc())
    mover = threading.Thread(target=agora.clock.advance, args=[3570])
    mover.start()
    mover.join()
    wait_for(page, "warned")


def test_time_passes_by_itself_where_the_clock_runs(page: Page, agora: PracticeAgora) -> None:
    join(page, rtc())
    agora.clock.advance(3569)
    agora.clock.resume()
    wait_for(page, "warned")


def test_a_refused_client_is_told_why(page: Page, agora: PracticeAgora) -> None:
    assert "invalid token, authorized failed" in join(page, rtc(uid=8))
    assert agora.sessions == ()
    assert agora.report().splitlines()[:3] == [
        "RTC Web, 'lobby', uid 7, with a token: rejected: invalid token, authorized failed (2010009)",
        "  The token is for another user: Expected '7', but the token has '8'.",
        "  Let the server choose the uid, and join with the uid that the server returned.",
    ]


def test_a_refused_renewal_is_told_why(page: Page, agora: PracticeAgora) -> None:
    join(page, rtc())
    agora.clock.advance(3570)
    wait_for(page, "warned")
    page.evaluate("token => settle(client.renewToken(token))", rtc(uid=8, now=agora.clock.now()))
    assert agora.report().splitlines()[-3:] == [
        "  renew token: UNEXPECTED_RESPONSE: ERR_NO_AUTHORIZED: invalid token, authorized failed [not documented]",
        "  The token is for another user: Expected '7', but the token has '8'.",
        "  Let the server choose the uid, and join with the uid that the server returned.",
    ]


def test_a_page_that_is_left_loses_its_connection(page: Page, agora: PracticeAgora) -> None:
    join(page, rtc())
    page.goto("about:blank")
    page.wait_for_timeout(200)
    assert not agora.sessions[0].connected


def test_messaging_is_warned_renewed_and_put_out(page: Page, agora: PracticeAgora) -> None:
    assert page.evaluate("values => logIn(...values)", [DEMO.app_id, rtm()]) == "resolved"
    (session,) = agora.sessions
    assert not isinstance(session, Session)
    assert (session.surface, session.user, session.state) == ("RTM 2.x", "alice", "in")
    agora.clock.advance(3570)
    wait_for(page, "warned")
    token = rtm(now=agora.clock.now())
    page.evaluate("async token => { await messaging.renewToken(token); }", token)
    agora.clock.advance(60)
    assert session.state == "in"
    agora.ban(session)
    wait_for(page, "KICKED_OUT_BY_SERVER")
    assert (session.state, session.reason) == ("out", "KICKED_OUT_BY_SERVER")


def test_what_is_not_for_agora_stays_the_teams_business(page: Page, agora: PracticeAgora) -> None:
    for host in ("download.agora.io", "agora.io.example.com"):
        page.context.route(
            f"https://{host}/**", lambda route: route.fulfill(body="window.loads = (window.loads ?? 0) + 1")
        )
        page.add_script_tag(url=f"https://{host}/sdk.js")
    assert page.evaluate("loads") == 2
    cors = {"access-control-allow-origin": "*"}
    page.context.route("https://agora.io.example.com/api", lambda route: route.fulfill(body="mine", headers=cors))
    assert page.evaluate("fetch('https://agora.io.example.com/api').then(response => response.text())") == "mine"
    assert page.evaluate("fetch('https://x.agora.io/log', {method: 'POST'}).then(response => response.text())") == "{}"


def open_socket(page: Page, address: str) -> None:
    """Open a WebSocket to one of Agora's hosts, and note what it gets."""
    script = """address => {
      window.socket = new WebSocket(address);
      socket.onmessage = ({data}) => { window.answer = data; };
      socket.onclose = ({code}) => { window.code = code; };
    }"""
    page.evaluate(script, address)


def code(page: Page) -> Any:
    """Return the code with which the WebSocket was closed."""
    page.wait_for_function("() => window.code")
    return page.evaluate("window.code")


@pytest.mark.parametrize(("port", "frame"), [(4000, "new Uint8Array(1)"), (9591, "'text'"), (9593, "'text'")])
def test_a_frame_of_another_kind_closes_a_web_socket(page: Page, agora: PracticeAgora, port: int, frame: str) -> None:
    open_socket(page, f"wss://1-2-3-4.edge.agora.io:{port}/?x=1")
    page.wait_for_function("() => socket.readyState === 1")
    page.evaluate(f"socket.send({frame})")
    assert code(page) == 1003


def test_a_page_may_close_its_web_socket(page: Page, agora: PracticeAgora) -> None:
    open_socket(page, "wss://1-2-3-4.edge.agora.io:4000/")
    page.wait_for_function("() => socket.readyState === 1")
    page.evaluate("socket.send('{}')")
    page.wait_for_function("() => window.answer")
    page.evaluate("socket.close(3000)")
    assert code(page) == 3000


def test_a_web_socket_to_another_port_is_closed(page: Page, agora: PracticeAgora) -> None:
    open_socket(page, "wss://1-2-3-4.edge.sd-rtn.com:5/")
    assert code(page) == 1008


def test_too_many_connections(page: Page, agora: PracticeAgora, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "MAX_CONNECTIONS", 0)
    open_socket(page, "wss://1-2-3-4.edge.agora.io:4000/")
    assert code(page) == 1013


def test_the_end_of_the_kit_closes_connections(page: Page, agora: PracticeAgora) -> None:
    join(page, rtc())
    open_socket(page, "wss://1-2-3-4.edge.agora.io:4000/")
    page.wait_for_function("() => socket.readyState === 1")
    agora.close()
    assert code(page) == 1001
    assert not agora.sessions[0].connected
    agora.close()


def test_a_page_may_be_closed_before_the_kit(browser: Browser) -> None:
    with PracticeAgora(DEMO, clock=Clock(NOW)) as agora:
        context = browser.new_context()
        agora.install(context)
        page = context.new_page()
        page.route(f"{APP}**", lambda route: route.fulfill(**serve(route.request.url.removeprefix(APP[:-1]))))
        page.goto(APP)
        join(page, rtc())
        context.close()
        agora.clock.advance(3600)
        assert agora.sessions[0].state == "out"


def test_both_sdks_in_the_async_api() -> None:
    """In a thread of its own: the sync API keeps an event loop in this one."""
    async_playwright = pytest.importorskip("playwright.async_api").async_playwright

    async def run() -> list[str]:
        async with async_playwright() as playwright:
            arguments = ["--host-resolver-rules=MAP * ~NOTFOUND"]
            browser = await playwright.chromium.launch(executable_path=chromium(), args=arguments)
            page = await browser.new_page()
            with PracticeAgora(DEMO, clock=Clock(NOW)) as agora:
                await agora.install_async(page.context)

                async def answer(route: Any) -> None:
                    await route.fulfill(**serve(route.request.url.removeprefix(APP[:-1])))

                await page.route(f"{APP}**", answer)
                await page.goto(APP)
                await page.evaluate("values => join(...values)", [DEMO.app_id, rtc(), 7])
                await page.evaluate("values => logIn(...values)", [DEMO.app_id, rtm()])
                agora.clock.advance(3570)
                await page.wait_for_function("() => events.filter(event => event === 'warned').length === 2")
                await asyncio.to_thread(agora.clock.advance, 30)
                await page.wait_for_function("() => events.includes('expired') && events.includes('TOKEN_EXPIRED')")
                states = [f"{session.surface} {session.state} {session.reason}" for session in agora.sessions]
            await browser.close()
            return states

    results: list[list[str]] = []
    thread = threading.Thread(target=lambda: results.append(asyncio.run(run())))
    thread.start()
    thread.join()
    assert results == [["RTC Web out TOKEN_EXPIRE", "RTM 2.x out TOKEN_EXPIRED"]]
