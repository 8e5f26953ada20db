from __future__ import annotations

import gc
import json
import random
import re
import socket
import tracemalloc
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from agora_helpers import InputError, build_rtc_token
from agora_helpers.display.inspection import MAX_CHARACTERS, inspection_html
from agora_helpers.server.access import ANYONE, ApiKeys
from agora_helpers.server.access_log import LogEntry
from agora_helpers.server.app import TokenServer, create_app
from agora_helpers.server.endpoints import ENDPOINTS
from agora_helpers.server.pages.web_sdk import DOWNLOAD, WebSdk
from agora_helpers.server.settings import Settings
from tests.support import DEMO, NOW, ROOT, payload, wrap

PAGES = ("/try", "/inspect", "/client")
ASSETS = ("language.css", "style.css", "icon.svg", "shared.js", "try.js", "inspection.js", "inspect.js", "client.js")
TOKEN = build_rtc_token(DEMO, "lobby", uid=7, now=NOW, salt=1)
JSON = {"content-type": "application/json"}
QUESTION = {"server": "http://localhost:3000", "path": "/rtctoken", "body": {"channel": "lobby"}, "withKey": False}


def client(**settings: Any) -> TestClient:
    values: dict[str, Any] = {"credentials": DEMO, "access": ANYONE, "pages": True, "now": NOW}
    return TestClient(create_app(Settings(**values | settings)))


@pytest.fixture
def sdk(tmp_path: Path) -> Path:
    """A file that the server takes for Agora's SDK."""
    file = tmp_path / "AgoraRTC.js"
    file.write_text("const AgoraRTC = {createClient() {}};", encoding="utf-8")
    return file


def test_there_are_no_pages_unless_the_settings_say_so() -> None:
    bare = client(pages=False)
    for path in (*PAGES, *(f"/pages/{name}" for name in ASSETS)):
        assert bare.get(path).status_code == 404
    for path in ("/try/explain", "/inspect/explain", "/client/explain-error"):
        assert bare.post(path, json={}).status_code == 404
    with TokenServer(DEMO) as server:
        assert server.client.get("/try").status_code == 200, "on this machine they are served"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_runs_and_shows_only_what_this_server_sends(path: str) -> None:
    answer = client().get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == policy["frame-ancestors"] == "'none'"
    assert policy["style-src"] == policy["img-src"] == "'self'"
    assert "unsafe" not in str(policy)
    inline = r"<script(?![^>]* src=)|<style| style=| on[a-z]+=|javascript:|\$[a-z_]"
    assert not re.search(inline, answer.text), "no inline script or style, and no placeholder left"


def test_what_the_pages_may_reach() -> None:
    policies = {path: client().get(path).headers["content-security-policy"] for path in PAGES}
    for path in ("/try", "/inspect"):
        assert "http" not in policies[path]
        assert "script-src 'self'; " in policies[path]
        assert "require-trusted-types-for 'script'" in policies[path]
    assert policies["/inspect"].endswith("; trusted-types agora-inspection")
    assert "script-src 'self' https://download.agora.io/sdk/release/AgoraRTC_N-4.24.8.js;" in policies["/client"]
    (connect,) = re.findall(r"connect-src ([^;]*)", policies["/client"])
    assert {re.sub(r"^\w+://\*\.|:\*$", "", source) for source in connect.split()} == {
        "'self'",
        "agora.io",
        "sd-rtn.com",
    }


def test_every_file_that_a_page_names_is_there() -> None:
    here = client()
    names = {name for path in PAGES for name in re.findall(r'(?:src|href)="([a-z][^":]*)"', here.get(path).text)}
    imported = {"pages/shared.js", "pages/inspection.js"}
    assert {f"pages/{name}" for name in ASSETS} - imported | {"try", "inspect", "client"} == names
    for name in names | imported:
        answer = here.get(name)
        assert answer.status_code == 200
        assert answer.headers["x-content-type-options"] == "nosniff"
    kinds = {name: here.get(f"/pages/{name}").headers["content-type"].partition(";")[0] for name in ASSETS}
    assert set(kinds.values()) == {"text/css", "image/svg+xml", "text/javascript"}


def test_only_endpoints_that_exist_can_be_tried() -> None:
    assert re.findall(r'<option value="(/[^"]*)', client().get("/try").text) == [*ENDPOINTS]


class Form(HTMLParser):
    """The controls of the form with the endpoints that take them, and what is attached to each."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.controls: dict[str, dict[str, str | None]] = {}
        self.paths: dict[str, list[str]] = {}
        self.labels: set[str | None] = set()
        self.ids: set[str | None] = set()
        self._paths: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.ids.add(attributes.get("id"))
        if "data-for" in attributes:
            self._paths = (attributes["data-for"] or "").split()
        if tag == "label":
            self.labels.add(attributes["for"])
        if name := attributes.get("name") if tag in ("input", "select") else None:
            self.controls[name] = attributes
            self.paths[name] = self._paths


def test_the_form_has_a_labelled_control_for_every_field_of_an_endpoint() -> None:
    form = Form(client().get("/try").text)
    assert list(form.controls) == ["channel", "user", "isPublisher", "uid", "userAccount", "expiresIn", "version"]
    for name, attributes in form.controls.items():
        assert attributes["id"] == name
        assert name in form.labels
        assert form.ids >= set((attributes["aria-describedby"] or "").split()), "hint and error are there"
    for path, endpoint in ENDPOINTS.items():
        assert {name for name, paths in form.paths.items() if path in paths} == set(endpoint.fields)


def test_the_form_names_the_longest_lifetime() -> None:
    assert "Seconds, at most 3600. Leave it empty for 3600." in client().get("/try").text
    assert "Seconds, at most 86400. Leave it empty for 3600." in client(max_expires_in=86_400).get("/try").text


def large_token(unreadable: bytes) -> str:
    """Return a well-formed token with a service of an unknown type, to which all these bytes belong."""
    return wrap("007", payload(TOKEN)[:80] + b"\x01\x00\x63\x00" + unreadable)


def test_a_token_that_inflates_to_much_is_not_explained() -> None:
    """A token of 500 characters can inflate to the 128 KiB that `decode` reads."""
    here = client()
    for size, status in ((1_900, 200), (2_000, 400), (100_000, 400)):
        token = large_token(bytes(size))
        assert len(token) < 500
        answer = here.post("/try/explain", json=QUESTION | {"token": token})
        assert answer.status_code == status
        assert len(answer.content) < 2_000
    assert answer.json()["error"]["message"] == (
        "token: has a payload of more than 2048 bytes, which is too much for this page. Use: agora-helpers decode"
    )


def test_64_large_tokens_to_explain_keep_no_memory() -> None:
    here = client()

    def explain(number: int) -> None:
        token = large_token(random.Random(number).randbytes(5_500))
        assert len(token) > 7_000
        assert here.post("/try/explain", json=QUESTION | {"token": token}).status_code == 400

    for number in range(3):
        explain(number)
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for number in range(3, 67):
            explain(number)
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 64 * 7_000 / 4, "a quarter of what was sent would show"


def test_the_client_page_knows_the_app_id_and_nothing_secret() -> None:
    text = client().get("/client").text
    assert f'data-app-id="{DEMO.app_id}"' in text
    assert DEMO.app_certificate not in text
    assert "sample credentials" in text
    assert f'src="{DOWNLOAD}"' in text


def test_a_copy_of_the_sdk_is_served_from_memory(sdk: Path) -> None:
    here = client(web_sdk=str(sdk))
    content = sdk.read_text(encoding="utf-8")
    sdk.unlink()
    (address,) = re.findall(r'<script defer src="([^"]*)"', here.get("/client").text)
    assert here.get(address).text == content
    assert here.get(address).headers["content-type"].startswith("text/javascript")
    assert "https://download" not in here.get("/client").text + here.get("/client").headers["content-security-policy"]


def test_the_sdk_from_another_address() -> None:
    file = "https://files.example:8443/agora-rtc-sdk-ng@4.24.8/AgoraRTC_N-production.js"
    here = client(web_sdk=file).get("/client")
    assert f"script-src 'self' {file};" in here.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("http://download.agora.io/a.js", "is not an https address"),
        ("https://a.example/x.js; script-src *", "is not an https address"),
        ('https://a.example/"><script>', "is not an https address"),
        ("https://user@a.example/x.js", "is not an https address"),
        ("file:///etc/passwd", "is not an https address"),
        ("there/is/no/such/file.js", "names a file that cannot be read"),
        (".", "names a file that cannot be read"),
        (str(ROOT / "no_such_file"), "names a file that cannot be read"),
        (str(ROOT / "pyproject.toml"), "is not Agora's Web SDK"),
    ],
)
def test_a_source_that_is_not_the_sdk(source: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem) as caught:
        client(web_sdk=source)
    assert caught.value.field == "AGORA_WEB_SDK"
    assert caught.value.hint
    with pytest.raises(InputError):
        WebSdk.load(source)


def test_explaining_a_request_and_its_token() -> None:
    answer = client().post("/try/explain", json=QUESTION | {"token": TOKEN})
    body = answer.json()
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert body["calls"].keys() == {"curl", "JavaScript", "Python"}
    assert all("http://localhost:3000/rtctoken" in call for call in body["calls"].values())
    assert ["channel", "lobby", ""] in body["fields"]
    assert body["fields"][0][:2] == ["version", "007"]
    assert "in 60 min" in str(body["fields"])
    rejected = client().post("/try/explain", json=QUESTION | {"withKey": True}).json()
    assert "fields" not in rejected
    assert all("API_KEY" in call for call in rejected["calls"].values())


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"server": None}, "server"),
        ({"server": "javascript:alert(1)"}, "server"),
        ({"server": "http://a.example/$(id)"}, "server"),
        ({"server": "http://a.example/x\n"}, "server"),
        ({"path": "/admin"}, "path"),
        ({"path": ["/rtctoken"]}, "path"),
        ({"withKey": "yes"}, "withKey"),
        ({"body": []}, "body"),
        ({"token": 7}, "token"),
        ({"token": "007" + "A" * 40}, "token"),
        ({"token": ""}, "token"),
    ],
)
def test_a_request_that_cannot_be_explained(change: dict[str, Any], field: str) -> None:
    answer = client().post("/try/explain", json=QUESTION | change)
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert (error["field"], error["code"]) == (field, "INVALID_FIELD")


def test_explaining_an_error_of_the_sdk() -> None:
    here = client()
    text = "AgoraRTCError CAN_NOT_GET_GATEWAY_SERVER: flag: 4096, message: dynamic use static key"
    (explanation, *_) = here.post("/client/explain-error", json={"text": text}).json()["explanations"]
    assert explanation["code"] == "2010015"
    assert "requires a token" in explanation["meaning"]
    assert explanation["client_checks"]
    assert here.post("/client/explain-error", json={"text": "all is well"}).json() == {"explanations": []}
    (foreign,) = here.post("/client/explain-error", json={"text": "net::ERR_FAILED"}).json()["explanations"]
    assert foreign["surface"] == "not Agora" and foreign["meaning"].startswith("This text is not Agora's.")
    for body in ({}, {"text": None}, {"text": 7}):
        assert here.post("/client/explain-error", json=body).json()["error"]["field"] == "text"


def test_inspecting_a_text() -> None:
    here = client()
    answer = here.post("/inspect/explain", json={"text": f"token: {TOKEN}"})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    html = answer.json()["html"]
    assert html == inspection_html(f"token: {TOKEN}", NOW), "by the server's clock"
    assert "in 60 min" in html
    assert here.post("/inspect/explain", json={"text": " "}).json() == {"html": ""}
    for body in ({}, {"text": None}, {"text": 7}):
        assert here.post("/inspect/explain", json=body).json()["error"]["field"] == "text"


@pytest.mark.parametrize("character", ["x", "\x01", "\u20ac", "\U0001f600"])
def test_as_many_characters_can_be_sent_as_are_read(character: str) -> None:
    here, text = client(), character * MAX_CHARACTERS
    body = json.dumps({"text": text}, ensure_ascii=False).encode()
    html = here.post("/inspect/explain", content=body, headers=JSON).json()["html"]
    assert "characters were read" not in html
    assert here.post("/inspect/explain", json={"text": " " * 70_000}).status_code == 413


def test_a_pasted_text_is_in_no_log(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    entries: list[LogEntry] = []
    caplog.set_level(0)
    text = f"channel lobby {TOKEN} APP_CERTIFICATE={DEMO.app_certificate}"
    with TokenServer(DEMO, log=entries.append) as server:
        assert server.client.post("/inspect/explain", json={"text": text}).status_code == 200
    assert [(entry.method, entry.path, entry.channel_length) for entry in entries] == [
        ("POST", "/inspect/explain", None)
    ]
    written = f"{entries}{caplog.text}{capfd.readouterr()}"
    assert TOKEN[-20:] not in written
    assert DEMO.app_certificate not in written


def test_a_key_is_asked_for_only_where_one_may_be_needed() -> None:
    assert 'id="key"' not in client().get("/inspect").text
    assert 'id="key"' in client(access=ApiKeys(["k" * 20])).get("/inspect").text


@pytest.mark.parametrize("path", ["/try/explain", "/client/explain-error"])
def test_what_is_no_question(path: str) -> None:
    here, kind = client(), {"content-type": "application/json"}
    for content, headers, status in (
        (b"{}", {}, 415),
        (b"{}", {"content-type": "text/plain"}, 415),
        (b"", kind, 400),
        (b"[]", kind, 400),
        (b"[" * 8_000, kind, 400),
        (b'{"text": NaN}', kind, 400),
        (b"\xff", kind, 400),
        (b" " * 8_193, kind, 413),
    ):
        answer = here.post(path, content=content, headers=headers)
        assert answer.status_code == status
        assert answer.json()["error"].keys() == {"code", "field", "message"}
    assert here.get(path).status_code == 405


def test_a_question_that_never_comes_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agora_helpers.server.requests.BODY_TIMEOUT_SECONDS", 0.1)
    head = (
        b"POST /try/explain HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\n{"
    )
    with TokenServer(DEMO) as server, socket.create_connection(("127.0.0.1", server.port)) as slow:
        slow.sendall(head)
        assert slow.recv(4096).startswith(b"HTTP/1.1 408 ")


QUESTIONS: list[tuple[str, dict[str, Any]]] = [
    ("/try/explain", QUESTION),
    ("/inspect/explain", {"text": "109"}),
    ("/client/explain-error", {"text": "109"}),
]


@pytest.mark.parametrize(("path", "question"), [("/rtctoken", {"channel": "lobby"}), *QUESTIONS])
def test_pages_need_no_key_and_tokens_and_questions_do(path: str, question: dict[str, Any]) -> None:
    guarded = client(access=ApiKeys(["k" * 20]))
    assert guarded.get("/try").status_code == guarded.get("/client").status_code == 200
    assert guarded.post(path, json=question).status_code == 401
    assert guarded.post(path, json=question, headers={"authorization": "Bearer " + "k" * 20}).status_code == 200


@pytest.mark.parametrize(("path", "question"), QUESTIONS)
def test_questions_and_requests_have_one_limit(path: str, question: dict[str, Any]) -> None:
    here = client(rate_limit="2/minute")
    assert here.post(path, json=question).status_code == 200
    assert here.post("/rtctoken", json={"channel": "lobby"}).status_code == 200
    assert here.post(path, json=question).status_code == 429
    assert here.post("/rtctoken", json={"channel": "lobby"}).status_code == 429
