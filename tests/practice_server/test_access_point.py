from __future__ import annotations

import asyncio
import json
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from agora_helpers import Project, build_rtc_token, build_rtm_token
from agora_helpers.practice.admission import Surface
from agora_helpers.practice.certificates import MechanismLike
from agora_helpers.practice.clock import Clock
from agora_helpers.practice_server.access_point import MAX_BODY_BYTES, MAX_EXCHANGES, Exchange, create_access_point
from tests.support import DEMO, NOW

RTC, RTM = "/api/v2/transpond/webrtc", "/api/v1"
RTC_TOKEN = build_rtc_token(DEMO, "lobby", uid=7, now=NOW)
RTM_TOKEN = build_rtm_token(DEMO, "alice", now=NOW)
Json = dict[str, Any]


def project_at(now: int = NOW + 60, **options: Any) -> Project:
    return Project(DEMO, clock=Clock(now), **options)


def access_point(project: Project | None = None) -> TestClient:
    return TestClient(create_access_point(project or project_at()))


def to_join(key: str = RTC_TOKEN, uid: int | None = 7, detail: Json | None = None, app_id: str = DEMO.app_id) -> Json:
    """Return a request as agora-rtc-sdk-ng 4.24.8 sends it."""
    detail = (detail or {}) | {"11": "CN,GLOBAL", "17": "1", "22": "CN,GLOBAL"}
    buffer: Json = {"cname": "lobby", "detail": detail, "key": key, "service_ids": [11, 26]}
    buffer |= {} if uid is None else {"uid": uid}
    question = {"appid": app_id, "client_ts": 1_795_525_585_768, "opid": 936_659_165_283, "sid": "F1"}
    return question | {"request_bodies": [{"uri": 22, "buffer": buffer}]}


def to_log_in(key: str = RTM_TOKEN, user: str = "alice", app_id: str = DEMO.app_id) -> Json:
    """Return a request as agora-rtm-sdk 2.3.0 sends it."""
    detail = {"11": "CN,GLOBAL", "12": "1", "25": app_id, "26": "RTM2"}
    return {
        "flag": 128,
        "opid": 3_390_650_335_219_032,
        "key": key,
        "cname": user,
        "detail": detail,
        "uid": 0,
        "sid": "1",
    }


def send(client: TestClient, request: Json) -> Json:
    """Return the response to a request of either SDK."""
    if "appid" in request:
        answer = client.post(RTC, files={"request": (None, json.dumps(request))})
    else:
        answer = client.post(RTM, json=request)
    assert answer.status_code == 200
    body: Json = answer.json()
    return body


def exchanges(client: TestClient) -> list[Exchange]:
    exchanges: list[Exchange] = client.app.state.exchanges  # type: ignore[attr-defined]
    return exchanges


def test_a_client_that_may_join() -> None:
    body = send(client := access_point(), to_join())
    server = {"ip": "127.0.0.1", "port": 4000, "fingerprint": "none", "ticket": "bm9uZQ=="}
    entrance = {
        "code": 0,
        "flag": 4096,
        "cname": "lobby",
        "detail": {},
        "edges_services": [server],
        "cid": 1,
        "uid": 7,
    }
    assert body == {
        "code": 0,
        "opid": 936_659_165_283,
        "enter_ts": 1,
        "leave_ts": 2,
        "detail": {"502": "127.0.0.1"},
        "response_body": [
            {"uri": 23, "buffer": entrance | {"ticket": "none", "cert": "none"}},
            {"uri": 23, "buffer": {"code": 0, "flag": 4_194_310, "edges_services": []}},
        ],
    }
    (question,) = exchanges(client)
    assert question == Exchange(
        Surface.RTC, "lobby", 7, True, Project(DEMO).join("lobby", uid=7, token=RTC_TOKEN, now=NOW + 60)
    )


def test_a_client_that_may_not_join() -> None:
    body = send(access_point(), to_join(uid=8))
    rejected = {"code": 2_010_009, "flag": 4096, "cname": "lobby", "detail": {}}
    assert [part["buffer"] for part in body["response_body"]] == [rejected, {"code": 2_010_009, "flag": 4_194_310}]


def test_a_client_that_may_log_in() -> None:
    body = send(client := access_point(), to_log_in())
    (address,) = body.pop("addresses")
    assert (address["ip"], b64decode(address["ticket"]).decode()) == ("127.0.0.1", RTM_TOKEN)
    echo = {"opid": 3_390_650_335_219_032, "flag": 128, "cname": "alice"}
    assert body == echo | {"code": 0, "cid": 1, "uid": 0, "enter_ts": 1, "leave_ts": 2, "server_ts": 1, "detail": {}}
    (question,) = exchanges(client)
    assert (question.surface, question.name, question.uid, question.with_token) == (Surface.RTM, "alice", None, True)


def test_a_client_that_may_not_log_in() -> None:
    body = send(access_point(), to_log_in(user="bob"))
    assert (body["code"], body["addresses"], body["cname"]) == (7, [], "bob")


@pytest.mark.parametrize(("mechanism", "code"), [("app_id", 0), ("token", 15), ("app_id_or_token", 0)])
def test_the_app_id_in_place_of_a_token_is_no_token(mechanism: MechanismLike, code: int) -> None:
    client = access_point(project_at(mechanism=mechanism))
    gateway = send(client, to_join(key=DEMO.app_id))["response_body"][0]["buffer"]["code"]
    assert gateway == (code and 2_010_000 + code)
    assert send(client, to_log_in(key=DEMO.app_id))["code"] == code
    assert [question.with_token for question in exchanges(client)] == [False, False]


def test_an_app_id_that_is_not_known() -> None:
    client, other = access_point(), "0" * 32
    assert send(client, to_join(app_id=other))["response_body"][0]["buffer"]["code"] == 2_010_005
    assert send(client, to_log_in(app_id=other, key=other))["code"] == 5


def test_who_leaves_the_uid_to_agora() -> None:
    client = access_point(project_at(mechanism="app_id"))
    uids = {send(client, to_join(DEMO.app_id, uid=uid))["response_body"][0]["buffer"]["uid"] for uid in (0, None)}
    assert len(uids) == 2, "each client its own"
    assert 0 not in uids
    assert [question.uid for question in exchanges(client)] == [0, 0]


def test_user_accounts() -> None:
    client, token = access_point(), build_rtc_token(DEMO, "lobby", account="alice", now=NOW)
    for account, code in (("alice", 0), ("bob", 2_010_009)):
        answer = send(client, to_join(token, uid=0, detail={"6": account}))
        assert answer["response_body"][0]["buffer"]["code"] == code
    assert [question.uid for question in exchanges(client)] == ["alice", "bob"]
    body = {"sid": "1", "opid": 10, "appid": DEMO.app_id, "string_uid": "alice"}
    answer = client.post(f"{RTM}?action=stringuid", json=body).json()
    assert answer["code"] == 0
    assert 0 < answer["uid"] < 2**32
    assert len(exchanges(client)) == 2


def test_a_token_of_which_the_rtm_sdk_read_only_the_app_id() -> None:
    client = access_point()
    assert send(client, to_log_in(f"006{DEMO.app_id}!"))["code"] == 9
    assert exchanges(client)[0].admission.error == "-10005"
    assert not exchanges(client)[0].admission.documented


def test_the_project_may_change_meanwhile() -> None:
    client = access_point(project := project_at(mechanism="app_id"))
    assert send(client, to_log_in())["code"] == 14
    project.certificates.enable_primary()
    assert send(client, to_log_in())["code"] == 0


def test_the_clock_counts_where_no_time_is_given() -> None:
    client = TestClient(create_access_point(Project(DEMO)))
    assert send(client, to_log_in())["code"] == 13
    assert send(client, to_log_in(build_rtm_token(DEMO, "alice")))["code"] == 0


def test_what_else_an_sdk_posts() -> None:
    client = access_point()
    for path, body in (("/events/messages", b"\x00\xff"), ("/v2/log/", b""), (RTM, b'{"flag": 64, "features": {}}')):
        answer = client.post(path, content=body)
        assert (answer.status_code, answer.json()) == (200, {})
    assert not exchanges(client)


@pytest.mark.parametrize("origin", ["https://page.example", "null", "http://testserver:8888", "https://testserver", ""])
def test_a_page_of_another_address_can_neither_ask_nor_read(origin: str) -> None:
    client, headers = access_point(), {"origin": origin}
    form = {"request": (None, json.dumps(to_join()))}
    for answer in (
        client.post(RTC, files=form, headers=headers),
        client.post(RTM, content=json.dumps(to_log_in()), headers=headers),
    ):
        assert answer.status_code == 400
        assert answer.json()["error"]["message"] == (
            "Origin: is the address of another page. Send requests only from pages of http://testserver."
        )
        assert "access-control-allow-origin" not in answer.headers
    assert not exchanges(client), "nothing has changed"
    preflight = client.options(RTM, headers=headers | {"access-control-request-method": "POST"})
    assert preflight.status_code == 405
    assert not [name for name in preflight.headers if name.startswith("access-control")]


def test_a_page_of_this_server_may_ask() -> None:
    client = access_point()
    headers = {"origin": "http://testserver"}
    assert client.post(RTC, files={"request": (None, json.dumps(to_join()))}, headers=headers).status_code == 200
    assert client.post(RTM, json=to_log_in(), headers=headers).status_code == 200
    assert len(exchanges(client)) == 2


def test_another_method() -> None:
    answer = access_point().get(RTC)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"
    assert error_of(answer) == ("method", "method: is not allowed here. Use POST, as the SDKs do.")


def error_of(answer: Any) -> tuple[str, str]:
    assert answer.json().keys() == {"error"}
    error = answer.json()["error"]
    assert error.keys() == {"code", "field", "message"}
    assert error["code"] == "INVALID_REQUEST"
    return error["field"], error["message"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "request"),
        (b"{", "request"),
        (b"[]", "request"),
        (b'{"flag": 128, "opid": NaN}', "request"),
        (b'{"flag": 128, "cname": "\\ud800"}', "request"),
        (b"\xff", "request"),
        (b"[" * 60_000, "request"),
        (b" " * (MAX_BODY_BYTES + 1), "body"),
        (json.dumps(to_log_in() | {"opid": "1"}).encode(), "opid"),
        (json.dumps(to_log_in() | {"opid": True}).encode(), "opid"),
        (json.dumps(to_log_in() | {"cname": 7}).encode(), "cname"),
        (json.dumps(to_log_in() | {"key": None}).encode(), "key"),
        (json.dumps(to_log_in() | {"detail": []}).encode(), "detail"),
        (json.dumps(to_log_in() | {"detail": {}}).encode(), "25"),
        (b'{"string_uid": 7}', "string_uid"),
    ],
)
def test_requests_for_messaging_that_no_sdk_sends(body: bytes, field: str) -> None:
    answer = access_point().post(RTM, content=body)
    assert answer.status_code == 400
    assert error_of(answer)[0] == field


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"appid": None}, "appid"),
        ({"opid": 1.5}, "opid"),
        ({"request_bodies": {}}, "request_bodies"),
        ({"request_bodies": []}, "buffer"),
        ({"request_bodies": [7, {"uri": 28}]}, "buffer"),
        ({"request_bodies": [{"uri": 22, "buffer": {"key": "k"}}]}, "cname"),
        ({"request_bodies": [{"uri": 22, "buffer": {"cname": "lobby", "key": "k", "uid": "7"}}]}, "uid"),
        ({"request_bodies": [{"uri": 22, "buffer": {"cname": "lobby", "key": "k", "uid": -1}}]}, "uid"),
        ({"request_bodies": [{"uri": 22, "buffer": {"cname": "lobby", "key": "k", "uid": 2**32}}]}, "uid"),
        ({"request_bodies": [{"uri": 22, "buffer": {"cname": "lobby", "key": "k", "detail": 7}}]}, "detail"),
        ({"request_bodies": [{"uri": 22, "buffer": {"cname": "lobby", "key": "k", "detail": {"6": 7}}}]}, "6"),
    ],
)
def test_requests_for_a_channel_that_no_sdk_sends(change: Json, field: str) -> None:
    answer = access_point().post(RTC, files={"request": (None, json.dumps(to_join() | change))})
    assert answer.status_code == 400
    assert error_of(answer)[0] == field


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", json.dumps(to_join()).encode()),
        ("multipart/form-data", b"--b\r\n\r\n{}\r\n--b--"),
        ("multipart/form-data; boundary=b", b""),
        ("multipart/form-data; boundary=b", b'--b\r\ncontent-disposition: form-data; name="other"\r\n\r\n{}\r\n--b--'),
        ("multipart/form-data; boundary=b", b'--b\r\ncontent-disposition: form-data; name="request"\r\n\r\n\r\n--b--'),
        ("é", b"{}"),
    ],
)
def test_forms_that_no_sdk_sends(kind: str, body: bytes) -> None:
    answer = access_point().post(RTC, content=body, headers={b"content-type": kind.encode("latin-1")})
    assert answer.status_code == 400
    assert error_of(answer)[0] == "request"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=4,
)


@given(name=st.sampled_from(["appid", "opid", "request_bodies", "cname", "key", "uid", "detail", "flag"]), value=VALUES)
def test_no_value_makes_it_fail(name: str, value: Any) -> None:
    join, log_in = to_join(), to_log_in()
    for part in (join["request_bodies"][0]["buffer"], join, log_in):
        part.update({name: value} if name in part else {})
    client = access_point()
    for answer in (
        client.post(RTC, files={"request": (None, json.dumps(join))}),
        client.post(RTM, content=json.dumps(log_in)),
    ):
        assert answer.status_code in (200, 400)


@given(kind=st.binary(max_size=20), part=st.binary(max_size=60), body=st.binary(max_size=60))
def test_no_bytes_make_it_fail(kind: bytes, part: bytes, body: bytes) -> None:
    kind = b"multipart/form-data; boundary=b; charset=" + kind.translate(None, bytes(range(32)) + b"\x7f")
    content = (
        b'--b\r\nContent-Disposition: form-data; name="request"\r\n' + part + b"\r\n\r\n" + body + b"\r\n--b--\r\n"
    )
    client = access_point()
    for path in (RTC, RTM):
        assert client.post(path, content=content, headers={b"content-type": kind}).status_code == 400


def test_only_the_last_exchanges_are_kept() -> None:
    client = access_point()
    exchanges(client).extend(
        [Exchange(Surface.RTM, "old", None, False, Project(DEMO).login("old"))] * (MAX_EXCHANGES + 5)
    )
    send(client, to_log_in())
    assert len(exchanges(client)) == MAX_EXCHANGES
    assert exchanges(client)[-1].name == "alice"


def test_neither_token_nor_certificate_is_shown() -> None:
    client = access_point()
    shown = [
        send(client, to_join()),
        send(client, to_join(uid=8)),
        send(client, to_log_in()),
        send(client, to_log_in(user="b")),
    ]
    output = f"{shown} {exchanges(client)!r} {vars(client.app.state)!r}"  # type: ignore[attr-defined]
    for secret in (RTC_TOKEN, RTM_TOKEN, DEMO.app_certificate):
        assert secret not in output


def test_a_client_that_hangs_up() -> None:
    sent: list[Any] = []

    async def receive() -> Json:
        return {"type": "http.disconnect"}

    async def respond(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": RTM, "headers": [], "query_string": b""}
    asks = create_access_point(Project(DEMO))(scope, receive, respond)
    with ThreadPoolExecutor() as thread:  # this one may have Playwright's event loop
        thread.submit(asyncio.run, asks).result()
    assert sent[0]["status"] == 499
