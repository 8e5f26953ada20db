from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from agora_helpers import InputError, Mechanism, Project, decode, verify
from agora_helpers.practice import Clock
from agora_helpers.practice_server.app import PLAYED, PracticeServer, create_practice_app, serve_practice
from agora_helpers.server.access import ANYONE, ApiKeys
from agora_helpers.server.app import create_app
from agora_helpers.server.settings import Settings
from tests.practice_server.test_access_point import to_join
from tests.support import DEMO, NOW, rtc, run

AGORA = "/ap/webrtc2-ap-web-1.agora.io/api/v2/transpond/webrtc?v=2"
LOCAL = "http://127.0.0.1:3000"


def settings(**others: Any) -> Settings:
    values: dict[str, Any] = {"credentials": DEMO, "access": ANYONE, "now": NOW, "salt": 1}
    return Settings(**values | others)


def client(project: Project | None = None, **others: Any) -> TestClient:
    return TestClient(create_practice_app(settings(**others), project), base_url=LOCAL)


def ask(here: TestClient, **passed: Any) -> int:
    """Return the access point's code for what a client passes to the SDK."""
    question = to_join(passed["token"] or passed["appId"], passed["uid"], app_id=passed["appId"])
    question["request_bodies"][0]["buffer"]["cname"] = passed["channel"]
    answer = here.post(AGORA, files={"request": (None, json.dumps(question))})
    assert answer.status_code == 200
    code: int = answer.json()["response_body"][0]["buffer"]["code"]
    return code


def test_a_token_of_the_server_opens_the_project() -> None:
    here = client()
    answer = here.post("/rtctoken", json={"channel": "lobby"}).json()
    assert verify(answer["token"], DEMO, channel="lobby", uid=answer["uid"], now=NOW).ok
    state = here.get("/practice").json()
    assert (state["mechanism"], state["admission"], state["sessions"]) == ("token", None, [])
    passed = {"appId": DEMO.app_id, "channel": "lobby", "uid": answer["uid"], "token": answer["token"]}
    assert ask(here, **passed) == 0
    assert here.get("/practice").json()["admission"]["admitted"]
    assert ask(here, **passed | {"channel": "stage"}) == 2_010_009
    (reason,) = [entry for entry in here.get("/practice").json()["admission"]["reasons"] if "channel" in entry["title"]]
    assert "'stage'" in reason["detail"]
    assert reason["hint"]


@pytest.mark.parametrize(
    ("mechanism", "admitted"), [("app_id", {"no token"}), ("app_id_or_token", {"no token"}), ("token", set())]
)
def test_the_clients_of_lesson_01(mechanism: str, admitted: set[str]) -> None:
    here = client()
    assert here.post("/practice/project", json={"mechanism": mechanism}).json() == {"mechanism": mechanism}
    codes = {}
    for name in PLAYED:
        passed = here.post("/practice/client", json={"client": name}).json()
        assert passed.keys() == {"appId", "channel", "uid", "token"}
        codes[name] = ask(here, **passed)
    assert {name for name, code in codes.items() if code == 0} == admitted


def test_the_project_may_be_changed_from_outside() -> None:
    here = client(project := Project(DEMO, mechanism=Mechanism.APP_ID))
    nobody = {"appId": DEMO.app_id, "channel": "lobby", "uid": 7, "token": None}
    assert ask(here, **nobody) == 0
    project.certificates.enable_primary()
    project.certificates.disable_no_certificate()
    assert ask(here, **nobody) == 2_010_015
    assert here.get("/practice").json()["mechanism"] == "token"
    here.post("/practice/project", json={"mechanism": "app_id"})
    assert project.mechanism == Mechanism.APP_ID


def test_another_mechanism_keeps_the_certificates() -> None:
    here = client(project := Project(DEMO))
    project.certificates.add_secondary("0123456789abcdef" * 2)
    project.certificates.swap()
    accepted = project.certificates.accepted
    for mechanism in ("app_id_or_token", "token"):
        here.post("/practice/project", json={"mechanism": mechanism})
        assert project.certificates.accepted == accepted


@pytest.mark.parametrize("value", [None, "", "TOKEN", 7, [], {}])
def test_choices_that_do_not_exist(value: Any) -> None:
    here = client()
    for path, field in (("/practice/project", "mechanism"), ("/practice/client", "client")):
        answer = here.post(path, json={field: value})
        assert answer.status_code == 400
        assert answer.json()["error"]["field"] == field
        assert answer.json()["error"]["message"].startswith(f'{field}: must be "')
        assert (
            here.post(path, content=b'{"mechanism": "app_id"}', headers={"content-type": "text/plain"}).status_code
            == 415
        )
    assert here.get("/practice").json()["mechanism"] == "token"


def test_no_other_page_or_host_can_change_the_project() -> None:
    here = client()
    ask_first = {"origin": "https://evil.example", "access-control-request-method": "POST"}
    rejected = here.options("/practice/project", headers=ask_first | {"access-control-request-headers": "content-type"})
    assert rejected.status_code == 404
    assert "access-control-allow-origin" not in rejected.headers
    for path in ("/practice", "/client", "/try", "/"):
        assert here.get(path, headers={"host": "evil.example"}).status_code == 421
    assert here.get("/practice", headers={"host": "localhost:3000"}).status_code == 200


def test_the_page_may_reach_nothing_but_this_server(tmp_path: Path) -> None:
    sdk = tmp_path / "sdk.js"
    sdk.write_text("const AgoraRTC = {createClient() {}};", encoding="utf-8")
    answer = client(web_sdk=str(sdk)).get("/client")
    policy = answer.headers["content-security-policy"]
    assert not re.search("http|wss:|unsafe", policy)
    assert "connect-src 'self'" in policy
    scripts = re.findall(r'<script [^>]*src="([^"]*)"', answer.text)
    assert scripts[:2] == ["practice/redirect.js", "pages/agora-rtc-sdk.js"]
    assert "nothing leaves this machine" in answer.text
    assert "is missing" not in answer.text
    assert not re.search(r"<script(?![^>]* src=)|<style| style=|\$[a-z_]", answer.text)


def test_without_a_copy_of_the_sdk_the_page_says_what_to_do() -> None:
    text = client().get("/client").text
    assert "A copy of Agora's Web SDK is missing." in text
    assert "npm pack agora-rtc-sdk-ng" in text
    assert "AGORA_WEB_SDK=" in text
    assert 'src="https:' not in text
    assert "agora-rtc-sdk.js" not in text
    with pytest.raises(InputError, match="nothing leaves this machine"):
        client(web_sdk="https://download.agora.io/sdk/release/AgoraRTC_N-4.24.8.js")


def test_every_file_that_the_page_names_is_there() -> None:
    here = client()
    named = re.findall(r'(?:src|href)="([^":]*)"', here.get("/client").text)
    assert {"practice/redirect.js", "practice/practice.js", "pages/client.js"} < set(named)
    for name in named:
        assert here.get(name).status_code == 200, name


def test_the_token_server_alone_holds_nothing_of_it() -> None:
    production = TestClient(create_app(settings(pages=True)))
    for path in ("/practice", "/practice/redirect.js", "/practice/practice.js"):
        assert production.get(path).status_code == 404
    assert production.post(AGORA, json={}).status_code == 404
    assert "practice/" not in production.get("/client").text + production.get("/pages/client.js").text


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.com", "", "::1"])
def test_practice_stays_on_this_machine(host: str) -> None:
    with pytest.raises(InputError, match="host: must be this machine only"):
        serve_practice(settings, host, 0, announce=print)


def test_in_a_notebook(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sdk.js").write_text("const AgoraRTC = {createClient() {}};", encoding="utf-8")
    monkeypatch.setenv("AGORA_WEB_SDK", "sdk.js")
    with PracticeServer(DEMO, Project(DEMO, mechanism="app_id")) as server:
        assert server.client.get("/practice").json()["mechanism"] == "app_id"
        assert "pages/agora-rtc-sdk.js" in server.client.get("/client").text
        assert server.client.get("/").text == "Agora Auth Token Server"


@pytest.mark.parametrize(
    ("variable", "setting"),
    [
        ("AGORA_ACCESS", {"access": ApiKeys(["k" * 20])}),
        ("AGORA_ALLOWED_HOSTS", {"hosts": ("tokens.example.com",)}),
        ("AGORA_TRUSTED_PROXIES", {"trusted_proxies": ("10.0.0.7",)}),
    ],
)
def test_the_settings_of_a_server_that_others_reach_are_refused(variable: str, setting: dict[str, Any]) -> None:
    """It would give signed tokens, without a key, to everyone whom the proxy lets through."""
    with pytest.raises(InputError, match="practice mode issues tokens to everyone") as caught:
        create_practice_app(settings(**setting))
    assert caught.value.field == variable
    assert caught.value.hint == "Unset it, or run the token server without practice mode."


def test_a_client_that_hangs_up_is_no_failure() -> None:
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"host", b"localhost"), (b"content-type", b"application/json")]
    scope = {"type": "http", "method": "POST", "path": "/practice/project", "headers": headers, "query_string": b""}
    run(create_practice_app(Settings(credentials=DEMO, access=ANYONE))(scope, receive, send))
    assert sent == []


def test_the_token_server_and_the_project_go_by_one_clock() -> None:
    here = client(project := Project(DEMO, clock=Clock(NOW)))
    old = here.post("/rtctoken", json={"channel": "lobby", "uid": 7}).json()
    project.clock.advance(3600)
    fresh = here.post("/rtctoken", json={"channel": "lobby", "uid": 7}).json()
    assert (old["issuedAt"], fresh["issuedAt"]) == (NOW, NOW + 3600)
    passed = {"appId": DEMO.app_id, "channel": "lobby", "uid": 7}
    assert ask(here, **passed, token=old["token"]) == 2_010_010
    assert ask(here, **passed, token=fresh["token"]) == 0
    played = here.post("/practice/client", json={"client": "a token for another channel"}).json()
    assert decode(played["token"]).issued_at == NOW + 3600


def test_the_clock_is_moved_and_everything_goes_by_it() -> None:
    project = Project(DEMO, clock=Clock(NOW))
    here = client(project)
    assert here.post("/practice/clock", json={"advance": 3570}).json() == {"now": NOW + 3570}
    assert here.get("/practice").json()["now"] == project.clock.now() == NOW + 3570
    assert here.post("/rtctoken", json={"channel": "lobby"}).json()["issuedAt"] == NOW + 3570


@pytest.mark.parametrize("seconds", [0, -1, 86_401, 1.5, True, "600", None])
def test_the_clock_is_moved_by_seconds_only(seconds: Any) -> None:
    answer = client(Project(DEMO, clock=Clock(NOW))).post("/practice/clock", json={"advance": seconds})
    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == "advance: must be a number of seconds, 1 to 86400."


def test_the_page_learns_who_is_in_and_until_when() -> None:
    with PracticeServer(DEMO, Project(DEMO, clock=Clock(NOW)), web_sdk="") as server:
        server.media_server.join("lobby", uid=7, token=rtc())
        (session,) = server.client.get("/practice").json()["sessions"]
        assert session == {
            "channel": "lobby",
            "uid": 7,
            "state": "in",
            "reason": None,
            "endsAt": NOW + 3600,
            "events": [{"time": NOW, "kind": "join", "text": "join"}],
        }
