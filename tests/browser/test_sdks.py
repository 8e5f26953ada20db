"""Agora's own Web SDKs, unmodified, in front of our access point: they show what the rehearsal says.

What this proves: the shape of the SDKs' requests, what they check before they ask, and their text for each code. Which
code Agora's access point chooses is modelled on its documentation; every answer names its source.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from agora_helpers import Admission, Mechanism, Project
from agora_helpers.practice.admission import RTC_TEXTS, RTM_ERRORS, Surface, reject
from agora_helpers.practice.cases import CASES, rehearse
from agora_helpers.practice.clock import Clock
from agora_helpers.practice.sources import Source
from agora_helpers.practice_server.access_point import Exchange, create_access_point
from agora_helpers.server.app import TokenServer
from agora_helpers.server.hosting import BackgroundServer
from tests.support import DEMO, NOW, ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Route

pytestmark = pytest.mark.browser
SDKS = ROOT / "tests/browser/sdk"
FILES = {Surface.RTC: "agora-rtc-sdk-ng/AgoraRTC_N-production.js", Surface.RTM: "agora-rtm-sdk/agora-rtm.js"}
PAGE = "http://127.0.0.1/"
ASK = {
    Surface.RTC: """({app_id, channel, uid, token}) => {
      AgoraRTC.setLogLevel(4);
      const client = AgoraRTC.createClient({mode: "rtc", codec: "vp8"});
      client.join(app_id, channel, token, uid).then(settled, error => settled([error.code, error.message]));
    }""",
    Surface.RTM: """({app_id, user, token}) => {
      const logIn = async () => new AgoraRTM.RTM(app_id, user).login(token === null ? {} : {token});
      logIn().then(settled, error => settled([error.code, error.reason]));
    }""",
}
ANSWER_TIMEOUT_SECONDS = 60  # a refused join takes one
GATEWAY_ERROR = "CAN_NOT_GET_GATEWAY_SERVER"
GATEWAY = f"AgoraRTCError {GATEWAY_ERROR}: "
Shown = tuple[str, str]
ADMITTED = ("", "")


class Client:
    """A page with one SDK in it. Whatever the SDK sends goes to the access point of one project."""

    def __init__(self, page: Page, surface: Surface, server: BackgroundServer, exchanges: list[Exchange]) -> None:
        self.page, self.surface, self.server, self.exchanges = page, surface, server, exchanges
        self.answers: list[Any] = []
        self.sockets: list[str] = []
        self.strangers: list[str] = []
        page.expose_function("settled", lambda answer: self.answers.append(answer))
        page.on("websocket", lambda socket: self.sockets.append(socket.url))
        page.route("**/*", self.serve)
        page.goto(PAGE)

    def serve(self, route: Route) -> None:
        """The page from memory, the SDK from npm's folder; for Agora's hosts our access point, bodies untouched."""
        request = route.request
        url = urlsplit(request.url)
        if request.url == PAGE:
            script = f'<script src="{FILES[self.surface]}"></script>'
            route.fulfill(content_type="text/html", body=f"<!doctype html><title>SDK</title>{script}")
        elif request.url == PAGE + FILES[self.surface]:
            route.fulfill(content_type="text/javascript", path=SDKS / "node_modules" / FILES[self.surface])
        elif is_agora(request.url):
            kind = {"content-type": request.headers.get("content-type", "")}
            body = request.post_data_buffer or b""
            answer = self.server.client.request(request.method, f"{url.path}?{url.query}", headers=kind, content=body)
            headers = {"access-control-allow-origin": "*", "access-control-allow-headers": "*"}  # as Agora's hosts
            route.fulfill(status=answer.status_code, headers=dict(answer.headers) | headers, body=answer.content)
        else:
            self.strangers.append(request.url)
            route.abort()

    def ask(self, **arguments: Any) -> None:
        """Call the SDK, and do not wait."""
        self.page.evaluate(ASK[self.surface], arguments)

    def shown(self) -> Shown:
        """The SDK's own code and text. Who is admitted is led to a media server: the SDK opens a WebSocket to it."""
        end = time.monotonic() + ANSWER_TIMEOUT_SECONDS
        while not self.answers and not self.sockets:
            assert time.monotonic() < end, "the SDK neither refuses nor opens a WebSocket"
            self.page.wait_for_timeout(10)
        assert not self.strangers and all(is_agora(address) for address in self.sockets)
        if self.sockets:
            assert not self.answers
            return ADMITTED
        ((code, text),) = self.answers
        if self.surface == Surface.RTC:  # its exceptions have no number, only the text
            return code, text.removeprefix(f"{GATEWAY}flag: 4096, message: ").removeprefix(f"AgoraRTCError {code}: ")
        return str(code), text.partition(" detail: ")[2] or text


def is_agora(url: str) -> bool:
    return bool(re.fullmatch(r".+\.(agora\.io|sd-rtn\.com)", urlsplit(url).hostname or ""))


def expected(answer: Admission) -> Shown:
    """What the SDK shows if it is answered so."""
    if answer.admitted:
        return ADMITTED
    return GATEWAY_ERROR if answer.surface == Surface.RTC and answer.code else answer.error, answer.text


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    if not all((SDKS / "node_modules" / file).is_file() for file in FILES.values()):
        pytest.skip("Agora's SDKs are not installed: cd tests/browser/sdk && npm ci")
    context = browser.new_context()
    yield context
    context.close()


@contextmanager
def client_of(project: Project, context: BrowserContext, surface: Surface) -> Iterator[Client]:
    """A client on a page of its own, since the same RTM user can be there but once in a page."""
    project.clock = Clock(NOW)
    app = create_access_point(project)
    with BackgroundServer(app) as server:
        page = context.new_page()
        try:
            yield Client(page, surface, server, app.state.exchanges)
        finally:
            page.unroute_all(behavior="ignoreErrors")  # whoever is admitted goes on asking
            page.close()


@pytest.mark.parametrize("mechanism", Mechanism)
@pytest.mark.parametrize("surface", Surface)
def test_the_sdk_shows_what_was_rehearsed(context: BrowserContext, surface: Surface, mechanism: Mechanism) -> None:
    cases = {case.name: case for case in CASES if case.surface == surface}
    rehearsed = {name: rehearse(case, mechanism, DEMO, now=NOW, salt=1) for name, case in cases.items()}
    with ExitStack() as stack:
        clients = {
            name: stack.enter_context(client_of(case.project(mechanism, DEMO), context, surface))
            for name, case in cases.items()
        }
        for name, case in cases.items():
            clients[name].ask(**case.arguments(DEMO, NOW, salt=1))
        shown = {name: client.shown() for name, client in clients.items()}
        answers = {name: {exchange.admission for exchange in client.exchanges} for name, client in clients.items()}
    assert shown == {name: expected(answer) for name, answer in rehearsed.items()}
    assert answers == {name: {answer} - {answer if answer.code is None else 0} for name, answer in rehearsed.items()}


class Refuser(Project):
    """Answers everybody with one number."""

    def __init__(self, number: int) -> None:
        super().__init__(DEMO)
        self.number = number

    def answer_join(self, *_: Any, **__: Any) -> Admission:
        return reject(Surface.RTC, self.number, Source("this test"))

    def answer_login(self, *_: Any, **__: Any) -> Admission:
        return reject(Surface.RTM, self.number, Source("this test"))


@pytest.mark.parametrize(("surface", "numbers"), [(Surface.RTC, RTC_TEXTS), (Surface.RTM, RTM_ERRORS)])
def test_the_sdk_s_words_for_each_number(context: BrowserContext, surface: Surface, numbers: dict[int, Any]) -> None:
    """Those too that the model never chooses."""
    who: dict[str, Any] = {"channel": "lobby", "uid": 7} if surface == Surface.RTC else {"user": "alice"}
    with ExitStack() as stack:
        clients = {number: stack.enter_context(client_of(Refuser(number), context, surface)) for number in numbers}
        for client in clients.values():
            client.ask(app_id=DEMO.app_id, token=None, **who)
        shown = {number: client.shown() for number, client in clients.items()}
    assert shown == {number: expected(reject(surface, number, Source("this test"))) for number in numbers}


def test_tokens_of_the_token_server(context: BrowserContext) -> None:
    with TokenServer(DEMO, now=NOW) as server:
        by_uid, by_account = (
            server.client.post("/rtctoken", json={"channel": "lobby", "isPublisher": True} | who).json()
            for who in ({}, {"userAccount": "alice"})
        )
        for_rtm = server.client.post("/rtmtoken", json={"user": "alice"}).json()
    channel = {"app_id": DEMO.app_id, "channel": "lobby"}
    messaging = {"app_id": DEMO.app_id, "token": for_rtm["token"]}
    wrong = (GATEWAY_ERROR, "invalid token, authorized failed")
    tries: list[tuple[Surface, dict[str, Any], Shown]] = [
        (Surface.RTC, channel | {"token": by_uid["token"], "uid": by_uid["uid"]}, ADMITTED),
        (Surface.RTC, channel | {"token": by_uid["token"], "uid": None}, wrong),
        (Surface.RTC, channel | {"token": by_account["token"], "uid": "alice"}, ADMITTED),
        (Surface.RTC, channel | {"token": by_account["token"], "uid": "bob"}, wrong),
        (Surface.RTM, messaging | {"user": "alice"}, ADMITTED),
        (
            Surface.RTM,
            messaging | {"user": "bob"},
            ("-10005", "INVALID_USER_ID, The user ID to login does not match the token."),
        ),
    ]
    for surface, arguments, outcome in tries:
        with client_of(Project(DEMO), context, surface) as client:
            client.ask(**arguments)
            assert client.shown() == outcome, arguments
            question = client.exchanges[0]
        who = arguments.get("uid") or (0 if surface == Surface.RTC else None)
        assert (question.name, question.uid) == (arguments.get("channel") or arguments["user"], who)
        assert question.with_token


def test_what_the_sdks_check_by_themselves(context: BrowserContext) -> None:
    """Each try is made with the SDK and with the model: both refuse, or let through, in the same words."""
    channel = {"app_id": DEMO.app_id, "channel": "lobby", "uid": 7, "token": None}
    messaging = {"app_id": DEMO.app_id, "user": "alice", "token": None}
    tries: list[tuple[Surface, dict[str, Any]]] = [
        *((Surface.RTC, channel | {"token": token}) for token in ("", "hello", "x" * 2047, "x" * 2048, "\u0101")),
        *((Surface.RTC, channel | {"channel": name}) for name in ("", "x" * 63, "x" * 64, "x" * 65, "a*", "caf\u00e9")),
        *((Surface.RTC, channel | {"uid": uid}) for uid in (0, -1, 2**32 - 1, 2**32)),
        (Surface.RTC, channel | {"app_id": ""}),
        *((Surface.RTM, messaging | {"token": token}) for token in ("", "hello", "007", f"006{DEMO.app_id}!")),
        *((Surface.RTM, messaging | {"token": f"006{app_id}"}) for app_id in ("b" * 32, "-" * 32)),
        *((Surface.RTM, messaging | {"user": user}) for user in ("a.b", "_a", "a_", "x" * 64, "x" * 65, "\u00e9")),
        (Surface.RTM, messaging | {"app_id": "x"}),
    ]
    with ExitStack() as stack:
        clients = [stack.enter_context(client_of(Project(DEMO), context, surface)) for surface, _ in tries]
        for client, (_, arguments) in zip(clients, tries, strict=True):
            client.ask(**arguments)
        for client, (surface, arguments) in zip(clients, tries, strict=True):
            project = Project(DEMO)
            answer = (project.join if surface == Surface.RTC else project.login)(**arguments, now=NOW)
            assert client.shown() == expected(answer), arguments
            assert bool(client.exchanges) == (answer.code is not None), arguments


def test_the_sdks_are_those_that_are_pinned(context: BrowserContext) -> None:
    wanted = json.loads((SDKS / "package.json").read_text(encoding="utf-8"))["dependencies"]
    for surface, name in ((Surface.RTC, "AgoraRTC"), (Surface.RTM, "AgoraRTM")):
        with client_of(Project(DEMO), context, surface) as client:
            assert client.page.evaluate(f"{name}.VERSION") == wanted[FILES[surface].partition("/")[0]]
