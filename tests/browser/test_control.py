"""Agora's own SDKs in a page of another origin, which the script of ``agora-helpers practice`` leads to the process."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from starlette.applications import Starlette
from starlette.responses import FileResponse, HTMLResponse
from starlette.routing import Route

from agora_helpers.practice import Clock
from agora_helpers.practice_server.control import create_control_app
from agora_helpers.server.hosting import BackgroundServer
from tests.browser.conftest import SDK_TIMEOUT, chromium
from tests.support import DEMO, NOW, ROOT, rtc, rtm
from tests.test_cli import free_port

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Page

pytestmark = pytest.mark.browser
SDKS = ROOT / "tests/browser/sdk/node_modules"
FILES = {"rtc.js": SDKS / "agora-rtc-sdk-ng/AgoraRTC_N-production.js", "rtm.js": SDKS / "agora-rtm-sdk/agora-rtm.js"}
EXAMPLE = ROOT / "examples/playwright_js"
PAGE = """<!doctype html><title>An app</title><link rel="icon" href="data:,">{first}
<script src="rtc.js"></script><script src="rtm.js"></script>
<script>
AgoraRTC.setLogLevel(4);
const events = [];
const client = AgoraRTC.createClient({{mode: "rtc", codec: "vp8"}});
client.on("token-privilege-will-expire", () => events.push("will expire"));
client.on("connection-state-change", (state, _, reason) => events.push(`${{state}} ${{reason ?? ""}}`.trim()));
async function logIn(appId, user, token) {{
  const rtm = new AgoraRTM.RTM(appId, user);
  rtm.addEventListener("linkState", ({{currentState, reasonCode}}) => events.push(`${{currentState}} ${{reasonCode}}`));
  await rtm.login({{token}});
}}
</script>"""


class App:
    """The app of a team, and a practice process, on two ports."""

    def __init__(self, page: Page, use: str, *, allowed: bool = True) -> None:
        if not all(file.is_file() for file in FILES.values()):
            pytest.skip("Agora's SDKs are not installed: cd tests/browser/sdk && npm ci")
        self.page, self.errors, self.hosts = page, list[str](), set[str]()
        self.port = free_port()
        origins = (f"http://127.0.0.1:{self.port}",) if allowed else ()
        app = create_control_app(DEMO, origins=origins, clock=Clock(NOW))
        self.practice = BackgroundServer(app, websockets=True).start()
        address = f"http://127.0.0.1:{self.practice.port}/redirect.js"
        script = self.practice.client.get("/redirect.js").text
        first = f'<script src="{address}"></script>' if use == "script" else ""
        page.add_init_script({"script": "", "init script": script, "eval": f"window.eval({json.dumps(script)})"}[use])
        page.set_default_timeout(SDK_TIMEOUT)
        page.on("console", self.note_error)
        page.on("request", lambda request: self.hosts.add(request.url.split("/")[2]))
        page.on("websocket", lambda socket: self.hosts.add(socket.url.split("/")[2]))
        files = [Route(f"/{name}", send_file(file)) for name, file in FILES.items()]
        html = HTMLResponse(PAGE.format(first=first))
        self.server = BackgroundServer(Starlette(routes=[Route("/", html), *files]), port=self.port).start()
        page.goto(f"http://127.0.0.1:{self.port}/")

    def note_error(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def stop(self) -> None:
        self.server.stop()
        self.practice.stop()

    def control(self, path: str, **change: Any) -> Any:
        answer = self.practice.client.post(path, json=change) if change else self.practice.client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def join(self, token: str) -> Any:
        call = "([app, token]) => client.join(app, 'lobby', token, 7).catch(error => error.message)"
        return self.page.evaluate(call, [DEMO.app_id, token])

    def wait_for(self, event: str) -> None:
        self.page.wait_for_function("event => events.includes(event)", arg=event)


def send_file(file: Path) -> Callable[[object], FileResponse]:
    return lambda request: FileResponse(file)


@pytest.fixture
def open_app(page: Page) -> Iterator[Callable[..., App]]:
    apps: list[App] = []

    def start(use: str, **options: bool) -> App:
        apps.append(App(page, use, **options))
        return apps[-1]

    yield start
    page.close()
    for app in apps:
        app.stop()


@pytest.mark.parametrize("use", ["script", "init script", "eval"])
def test_the_sdk_of_a_page_at_another_origin_is_led_here(open_app: Callable[..., App], use: str) -> None:
    app = open_app(use)
    assert app.join(rtc()) == 7
    app.control("/clock", advance=3570)
    app.wait_for("will expire")
    assert app.page.evaluate("token => client.renewToken(token)", rtc(now=NOW + 3570)) is None
    (session,) = app.control("/sessions")["sessions"]
    assert [event["kind"] for event in session["events"]] == ["join", "token will expire", "renew token"]
    app.control("/ban", uid=7)
    app.wait_for("DISCONNECTED UID_BANNED")
    assert app.errors == []
    assert app.hosts <= {f"127.0.0.1:{app.port}", f"127.0.0.1:{app.practice.port}", ""}, "nothing leaves the machine"


def test_requests_of_the_app_itself_stay_as_they_are(open_app: Callable[..., App]) -> None:
    app = open_app("init script")
    call = "request => fetch(request()).then(response => response.status, error => error.message)"
    post = "() => new Request('/', {method: 'POST', body: 'x'})"
    assert app.page.evaluate(f"({call})({post})") == 200
    assert "Failed to parse URL" in app.page.evaluate(f"({call})(() => 'http://')")
    in_frame = f"""async () => {{
      const frame = document.createElement("iframe");
      frame.srcdoc = "<p>a frame without an address of its own</p>";
      document.body.append(frame);
      await new Promise(resolve => frame.onload = resolve);
      return frame.contentWindow.eval("({call})(() => '/rtc.js')");
    }}"""
    assert app.page.evaluate(in_frame) == 200


def test_the_signaling_sdk_is_led_here(open_app: Callable[..., App]) -> None:
    app = open_app("script")
    app.page.evaluate("values => logIn(...values)", [DEMO.app_id, "alice", rtm()])
    assert app.control("/sessions")["sessions"][0]["user"] == "alice"
    app.control("/ban", user="alice")
    app.wait_for("FAILED KICKED_OUT_BY_SERVER")


def test_a_reset_puts_the_client_out_for_good(open_app: Callable[..., App]) -> None:
    app = open_app("script")
    assert app.join(rtc()) == 7
    assert app.practice.client.post("/reset", json={}).status_code == 200
    app.wait_for("DISCONNECTED UID_BANNED")
    app.page.wait_for_timeout(500)  # in which an SDK would come back
    assert app.control("/sessions") == {"sessions": [], "rejected": []}


def test_a_page_whose_origin_is_not_allowed_gets_nothing(open_app: Callable[..., App]) -> None:
    app = open_app("script", allowed=False)
    call = "([url, options]) => fetch(url, options).then(answer => answer.text(), error => error.message)"
    here = f"http://127.0.0.1:{app.practice.port}"
    for path, options in (
        ("/sessions", {}),
        ("/rtctoken", {"method": "POST", "body": '{"channel": "lobby"}'}),
        ("/clock", {"method": "POST", "body": '{"advance": 60}', "headers": {"content-type": "application/json"}}),
    ):
        assert app.page.evaluate(call, [here + path, options]) == "Failed to fetch"
    opens = """url => new Promise(settle => {
      const socket = new WebSocket(url);
      socket.onopen = () => settle("open");
      socket.onerror = () => settle("error");
    })"""
    assert app.page.evaluate(opens, f"ws://127.0.0.1:{app.practice.port}/ap/edge.agora.io/ws/4000") == "error"
    assert app.control("/clock")["now"] == NOW
    app.page.evaluate("([app, token]) => void client.join(app, 'lobby', token, 7)", [DEMO.app_id, rtc()])
    app.page.wait_for_timeout(1000)
    assert app.control("/sessions") == {"sessions": [], "rejected": []}


def test_the_playwright_example(tmp_path: Path) -> None:
    if not (EXAMPLE / "node_modules/.bin/playwright").exists():
        pytest.skip("The example's packages are not installed: cd examples/playwright_js && npm ci")
    browser = chromium()
    environment = os.environ | {"PORT": str(free_port()), "PRACTICE_PORT": str(free_port()), "CI": "true"}
    environment |= {"PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}
    environment |= {"CHROMIUM": browser} if browser else {}
    command = [shutil.which("npm") or "npm", "test", "--", "--reporter=line", f"--output={tmp_path}"]
    run = subprocess.run(command, cwd=EXAMPLE, env=environment, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "4 passed" in run.stdout
