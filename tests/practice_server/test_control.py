from __future__ import annotations

import json
import re
import time
from typing import Any

import pytest
import schemathesis
from hypothesis import settings as examples
from schemathesis.checks import CHECKS
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from agora_helpers import Project, decode, verify
from agora_helpers.practice import Clock, MediaServer
from agora_helpers.practice.signaling import SignalingServer
from agora_helpers.practice_server.control import create_control_app
from agora_helpers.server.settings import LATEST_ISSUE
from tests.practice_server.test_access_point import to_join, to_log_in
from tests.support import DEMO, NOW, rtc, rtm

APP = "http://localhost:5173"
JOIN = "/ap/webrtc2-ap-web-1.agora.io/api/v2/transpond/webrtc?v=2"
LOG_IN = "/ap/ap-web-1.agora.io/api/v1"
SECONDARY = "0123456789abcdef" * 2
LOCAL = {"host": "localhost"}
described = create_control_app(DEMO, clock=Clock(NOW))
schema = schemathesis.openapi.from_asgi("/openapi.json", described, headers=LOCAL)


class Here(TestClient):
    """A client of the process, as a test suite is one."""

    def __init__(self, clock: Clock | None = None) -> None:
        practice = create_control_app(DEMO, origins=(APP,), clock=clock)
        self.project: Project = practice.state.project
        self.media_server: MediaServer = practice.state.media_server
        self.signaling_server: SignalingServer = practice.state.signaling_server
        super().__init__(practice, base_url="http://127.0.0.1:4500")

    def read(self, path: str) -> Any:
        answer = self.get(path)
        assert answer.status_code == 200
        return answer.json()

    def change(self, path: str, **change: Any) -> Any:
        answer = self.post(path, json=change)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def error(self, path: str, change: Any, status: int = 400) -> str:
        answer = self.post(path, json=change)
        assert answer.status_code == status, answer.text
        error = answer.json()["error"]
        assert error.keys() == {"code", "field", "message"}
        assert error["message"].startswith(f"{error['field']}: ")
        message: str = error["message"]
        return message


@pytest.fixture
def here() -> Here:
    return Here(Clock(NOW))


def test_it_says_what_is_there(here: Here) -> None:
    text = here.get("/").text
    lines = re.findall(r"^(GET|POST|GET or POST) (/\S+): \S", text, re.M)
    assert {path for _, path in lines} == {"/redirect.js", "/openapi.json", *here.read("/openapi.json")["paths"]}
    for methods, path in lines:
        assert here.get(path).status_code == (200 if "GET" in methods else 405), path
        assert (here.post(path, json={}).status_code == 405) is ("POST" not in methods), path


def test_the_clock(here: Here) -> None:
    assert here.read("/clock") == {"now": NOW, "running": False}
    assert here.change("/clock", advance=3570) == {"now": NOW + 3570, "running": False}
    assert here.change("/clock", now=NOW - 60) == {"now": NOW - 60, "running": False} == here.read("/clock")
    assert here.change("/clock", now=NOW, advance=5, running=True) == {"now": NOW + 5, "running": True}
    assert here.change("/clock", running=False)["running"] is False
    assert here.project.clock.now() == here.read("/clock")["now"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"advance": -1}, f"advance: must be from 0 to {LATEST_ISSUE}."),
        ({"advance": 1.5}, "advance: must be an integer, not a number with a decimal point or exponent."),
        ({"advance": True}, "advance: must be an integer, not true or false."),
        ({"now": LATEST_ISSUE + 1}, f"now: must be from 0 to {LATEST_ISSUE}."),
        ({"now": "now"}, "now: must be an integer, not a string."),
        ({"running": 0}, "running: must be true or false, not an integer."),
        (
            {"now": LATEST_ISSUE, "advance": 1},
            "advance: moves the clock to a time that tokens cannot hold. Send a smaller number.",
        ),
        ({"seconds": 1}, "seconds: is not a field of this endpoint. The fields are now, advance, running."),
        ({"007" + "x" * 60: 1}, "body: contains a field that does not belong to this endpoint. The fields are now, "),
    ],
)
def test_a_clock_that_cannot_be_moved_so(here: Here, change: dict[str, Any], message: str) -> None:
    assert here.error("/clock", change).startswith(message)
    assert here.read("/clock") == {"now": NOW, "running": False}


def test_the_mechanism_and_co_host_authentication(here: Here) -> None:
    project = {"appId": DEMO.app_id, "mechanism": "token", "certificates": {"primary": "enabled"}}
    assert here.read("/project") == project | {"coHostAuthentication": False}
    changed = here.change("/project", mechanism="app_id_or_token", coHostAuthentication=True)
    assert changed == here.read("/project")
    assert (changed["mechanism"], changed["coHostAuthentication"]) == ("app_id_or_token", True)
    assert (here.project.mechanism, here.project.co_host_authentication) == ("app_id_or_token", True)
    assert here.error("/project", {"mechanism": "TOKEN"}) == (
        'mechanism: must be "app_id" or "token" or "app_id_or_token".'
    )
    assert here.error("/project", {"coHostAuthentication": "on"}) == (
        "coHostAuthentication: must be true or false, not a string."
    )


def test_the_certificates(here: Here) -> None:
    states = []
    for change in ("add_secondary", "swap", "disable_secondary", "enable_secondary", "disable_secondary"):
        certificate = {"certificate": SECONDARY} if change == "add_secondary" else {}
        states.append(here.change("/certificates", change=change, **certificate)["certificates"].get("secondary"))
    assert states == ["enabled", "enabled", "disabled", "enabled", "disabled"]
    assert not here.project.join("lobby", uid=7, token=rtc()).admitted, "signed with the disabled one"
    assert here.change("/certificates", change="delete_secondary")["certificates"] == {"primary": "enabled"}
    here.change("/project", mechanism="app_id")
    for change, entry in (
        ("enable_primary", "enabled"),
        ("disable_no_certificate", "disabled"),
        ("enable_no_certificate", "enabled"),
        ("disable_no_certificate", "disabled"),
        ("delete_no_certificate", None),
    ):
        assert here.change("/certificates", change=change)["certificates"].get("no certificate") == entry


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({}, "change: is missing."),
        ({"change": "rotate"}, 'change: must be "enable_primary" or '),
        ({"change": "swap"}, "change: secondary: does not exist. Add one first."),
        ({"change": "add_secondary"}, "certificate: is missing. Send 32 hexadecimal digits."),
        ({"change": "add_secondary", "certificate": SECONDARY[1:]}, "certificate: has 31 characters"),
        ({"change": "add_secondary", "certificate": DEMO.app_certificate}, "change: secondary: is the same as"),
        ({"change": "swap", "certificate": SECONDARY}, "certificate: belongs to add_secondary only. Leave it out."),
    ],
)
def test_certificates_that_cannot_be_changed_so(here: Here, change: dict[str, str], message: str) -> None:
    error = here.error("/certificates", change)
    assert error.startswith(message)
    assert SECONDARY[1:] not in error and DEMO.app_certificate not in error
    assert here.read("/project")["certificates"] == {"primary": "enabled"}


def test_the_sessions(here: Here) -> None:
    connection = here.media_server.join("lobby", uid=7, token=rtc())
    here.signaling_server.log_in("alice", token=rtm())
    connection.renew(rtc(uid=8))
    member, user = here.read("/sessions")["sessions"]
    join, renewal = member.pop("events")
    assert member == {
        "surface": "RTC Web",
        "channel": "lobby",
        "uid": 7,
        "account": None,
        "state": "in",
        "reason": None,
        "privileges": {"join_channel": NOW + 3600},
    }
    assert join == {"time": NOW, "kind": "join", "sdk": "", "documented": join["documented"], "reasons": []}
    assert renewal["kind"] == "renew token"
    assert renewal["sdk"].startswith("UNEXPECTED_RESPONSE: ERR_NO_AUTHORIZED: ")
    assert renewal["reasons"][0]["detail"] == "Expected '7', but the token has '8'."
    assert user.pop("events")[0]["kind"] == "log in"
    privileges = {"login": NOW + 3600}
    assert user == {
        "surface": "RTM 2.x",
        "user": "alice",
        "state": "in",
        "reason": None,
        "privileges": privileges,
    }
    here.change("/clock", advance=3600)
    assert [(each["state"], each["reason"]) for each in here.read("/sessions")["sessions"]] == [
        ("out", "TOKEN_EXPIRE"),
        ("out", "TOKEN_EXPIRED"),
    ]


def test_who_was_rejected_and_why(here: Here) -> None:
    for uid in (7, 8, 8):  # an SDK sends each request to several hosts at once
        answer = here.post(JOIN, files={"request": (None, json.dumps(to_join(rtc(), uid)))}, headers={"origin": APP})
        assert answer.status_code == 200
    by_account = to_join(rtc(), None, {"6": "alice"})
    assert here.post(JOIN, files={"request": (None, json.dumps(by_account))}).status_code == 200
    assert here.post(LOG_IN, json=to_log_in(rtm(), "bob"), headers={"origin": APP}).status_code == 200
    joined, account, logged_in = here.read("/sessions")["rejected"]
    assert (joined["channel"], joined["uid"], joined["account"], joined["error"]) == ("lobby", 8, None, "2010009")
    assert (account["uid"], account["account"]) == (None, "alice")
    assert joined["text"] == "invalid token, authorized failed"
    assert joined["reasons"][0]["detail"] == "Expected '8', but the token has '7'."
    assert joined["reasons"][0]["hint"]
    assert (logged_in["user"], logged_in["error"]) == ("bob", "-10005")


def test_a_ban(here: Here) -> None:
    sessions = [here.media_server.join(channel, uid=7, token=rtc(channel)).session for channel in ("lobby", "stage")]
    sessions.append(here.media_server.join("lobby", uid=8, token=rtc(uid=8)).session)
    client = here.signaling_server.log_in("alice", token=rtm()).session
    assert here.change("/ban", uid=7, channel="stage") == {"banned": 1}
    assert [session and session.reason for session in sessions] == [None, "UID_BANNED", None]
    assert here.change("/ban", uid=7) == {"banned": 1}
    assert [session and session.reason for session in sessions] == ["UID_BANNED", "UID_BANNED", None]
    assert here.change("/ban", user="alice") == {"banned": 1}
    assert client and client.reason == "KICKED_OUT_BY_SERVER"


@pytest.mark.parametrize(
    ("change", "status", "message"),
    [
        ({"uid": 7}, 404, "uid: belongs to no client that is in. GET /sessions lists who is in, and who was rejected."),
        ({"user": "alice"}, 404, "user: belongs to no client that is in."),
        ({}, 400, "uid: must be sent, or user, but not both."),
        ({"uid": 7, "user": "alice"}, 400, "uid: must be sent, or user, but not both."),
        ({"channel": "lobby", "user": "alice"}, 400, "channel: belongs to uid only. Leave it out."),
        ({"uid": 0}, 400, "uid: must be from 1 to 4294967295."),
        ({"uid": "7"}, 400, "uid: must be an integer, not a string."),
        ({"user": 7}, 400, "user: must be a string, not an integer."),
    ],
)
def test_a_ban_of_nobody(here: Here, change: dict[str, Any], status: int, message: str) -> None:
    assert here.error("/ban", change, status).startswith(message)


def test_a_reset() -> None:
    here = Here()
    here.change("/project", mechanism="app_id", coHostAuthentication=True)
    connection = here.media_server.join("lobby", uid=7)
    here.signaling_server.log_in("alice")
    here.post(LOG_IN, json=to_log_in(rtm(), "bob"))
    here.change("/clock", advance=3600, running=False)
    connection.take()
    state = here.change("/reset")
    assert abs(state.pop("now") - time.time()) < 5
    assert state == {
        "running": True,
        "appId": DEMO.app_id,
        "mechanism": "token",
        "certificates": {"primary": "enabled"},
        "coHostAuthentication": False,
    }
    assert here.read("/sessions") == {"sessions": [], "rejected": []}
    assert [json.loads(frame)["_type"] for frame in connection.take()] == ["on_user_banned"]
    assert here.error("/reset", {"now": NOW}) == "now: is not a field of this endpoint. Send {}."


def test_tokens_go_by_the_clock(here: Here) -> None:
    here.change("/clock", advance=600)
    answer = here.change("/rtctoken", channel="lobby", expiresIn=7200)
    assert verify(answer["token"], DEMO, channel="lobby", uid=answer["uid"], now=NOW + 600).ok
    assert (answer["issuedAt"], answer["expiresIn"]) == (NOW + 600, 7200)
    assert decode(here.change("/rtmtoken", user="alice")["token"]).issued_at == NOW + 600
    assert here.error("/rtctoken", {}).startswith("channel: is missing.")


@pytest.mark.parametrize("host", ["127.0.0.1:4500", "localhost:4501"])
def test_the_script_names_the_address_of_the_process(here: Here, host: str) -> None:
    answer = here.get("/redirect.js", headers={"host": host})
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.text.count(f'"http://{host}/"') == 1
    assert "document.baseURI" not in answer.text


def test_requests_that_are_no_json(here: Here) -> None:
    assert here.post("/clock", content=b'{"advance": 60}').status_code == 415
    assert here.post("/clock", content=b"{", headers={"content-type": "application/json"}).status_code == 400
    assert here.post("/clock", json={"advance": "6" * 20_000}).status_code == 413
    assert here.read("/clock")["now"] == NOW


def test_paths_and_methods_that_do_not_exist(here: Here) -> None:
    assert here.error("/clocks", {}, 404) == "path: does not exist. GET / lists the paths."
    assert here.get("/clock/").status_code == 404
    answer = here.delete("/clock")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")
    assert answer.json()["error"]["message"] == "method: is not allowed here. Use GET or POST."
    assert here.get("/ban").headers["allow"] == "POST"


PATHS = ["/", "/sessions", "/clock", "/project", "/openapi.json", "/redirect.js"]


@pytest.mark.parametrize(
    "origin", ["http://localhost:5174", "https://localhost:5173", "http://evil.example", "null", ""]
)
def test_a_page_whose_origin_is_not_allowed_gets_nothing(here: Here, origin: str) -> None:
    headers = {"origin": origin}
    answers = [here.get(path, headers=headers) for path in PATHS]
    answers.append(here.post("/clock", json={"advance": 60}, headers=headers))
    answers.append(here.post("/rtctoken", json={"channel": "lobby"}, headers=headers))
    answers.append(here.post(JOIN, files={"request": (None, json.dumps(to_join(rtc())))}, headers=headers))
    answers.append(here.options("/clock", headers=headers | {"access-control-request-method": "POST"}))
    for answer in answers:
        assert answer.status_code == 403
        assert answer.json()["error"]["field"] == "Origin"
        assert not [name for name in answer.headers if name.startswith("access-control")]
    assert here.read("/clock")["now"] == NOW
    assert here.read("/sessions")["rejected"] == []


def test_two_origins_in_one_request(here: Here) -> None:
    assert here.get("/clock", headers=[("origin", APP), ("origin", "http://evil.example")]).status_code == 403


def test_a_page_of_an_allowed_origin_is_answered(here: Here) -> None:
    for path in PATHS:
        answer = here.get(path, headers={"origin": APP})
        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, APP)
    ask = {"origin": APP, "access-control-request-method": "POST", "access-control-request-headers": "content-type"}
    preflight = here.options("/clock", headers=ask)
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-headers"] == "content-type"
    answer = here.post(JOIN, files={"request": (None, json.dumps(to_join(rtc())))}, headers={"origin": APP})
    assert answer.json()["response_body"][0]["buffer"]["code"] == 0


@pytest.mark.parametrize("path", PATHS)
def test_a_name_that_leads_here_is_rejected(here: Here, path: str) -> None:
    """DNS rebinding: to the browser, a page of this name has our origin."""
    headers = {"host": "evil.example:4500", "origin": "http://evil.example:4500"}
    answer = here.get(path, headers=headers)
    assert answer.status_code == 421
    message = "Host: is not a name of this server. Its names are 127.0.0.1, [::1], localhost."
    assert answer.json()["error"]["message"] == message, "there is no setting that adds names"


@pytest.mark.parametrize(
    ("headers", "accepted"),
    [
        ({"origin": APP}, True),
        ({"origin": "http://127.0.0.1:4500"}, True),
        ({"origin": "http://evil.example"}, False),
        ({"origin": "null"}, False),
        ({}, False),
        ({"origin": "http://evil.example", "host": "evil.example"}, False),
    ],
)
@pytest.mark.parametrize("port", [4000, 9591])
def test_only_pages_of_allowed_origins_open_websockets(
    here: Here, port: int, headers: dict[str, str], accepted: bool
) -> None:
    address = f"ws://127.0.0.1:4500/ap/127-0-0-1.edge.agora.io/ws/{port}"
    if accepted:
        with here.websocket_connect(address, headers=headers):
            pass
    else:
        with pytest.raises(WebSocketDisconnect), here.websocket_connect(address, headers=headers):
            pass


def test_no_certificate_is_shown(here: Here) -> None:
    here.change("/certificates", change="add_secondary", certificate=SECONDARY)
    here.post(JOIN, files={"request": (None, json.dumps(to_join(rtc(), 8)))})
    shown = "".join(here.get(path).text for path in PATHS)
    for secret in (SECONDARY, DEMO.app_certificate, rtc()):
        assert secret not in shown


@schema.parametrize()
@examples(max_examples=40)
def test_it_behaves_as_described(case: Any) -> None:
    case.headers.update(LOCAL)
    checks = [check for check in CHECKS.get_all() if check.__name__ != "positive_data_acceptance"]
    response = case.call_and_validate(checks=checks)
    assert response.status_code != 421, "the endpoints themselves were asked"
