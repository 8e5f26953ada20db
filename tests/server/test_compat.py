"""The paths of the community's server: its names and forms, under the rules of this server."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import settings as hypothesis_settings
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from agora_helpers import ChatService, decode, verify
from agora_helpers.server.access import ANY, ANYONE, ApiKeys, Permit
from agora_helpers.server.access_log import LogEntry
from agora_helpers.server.app import TokenServer, create_app
from agora_helpers.server.settings import Settings
from tests.support import DEMO, NOW

FIXED = Settings(credentials=DEMO, access=ANYONE, now=NOW, salt=1, compat_paths=True)
APP = create_app(FIXED)
schema = schemathesis.openapi.from_asgi("/openapi.json", APP)
PATHS = ("/rtc/lobby/publisher/uid/7", "/rtm/alice", "/rte/lobby/publisher/uid/7")


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(APP)


def client_of(**settings: Any) -> TestClient:
    values: dict[str, Any] = {"credentials": DEMO, "access": ANYONE, "now": NOW, "compat_paths": True}
    return TestClient(create_app(Settings(**values | settings)))


def test_it_is_off_unless_the_settings_say_otherwise() -> None:
    closed = client_of(compat_paths=False)
    assert [closed.get(path).status_code for path in PATHS] == [404, 404, 404]
    assert closed.post("/getToken", json={"tokenType": "rtm", "uid": "alice"}).status_code == 404
    assert "/rtm/{uid}" not in closed.get("/openapi.json").json()["paths"]


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_token_for_a_channel(client: TestClient, slash: str) -> None:
    answer = client.get(f"/rtc/lobby/publisher/uid/7{slash}?expiry=60")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json().keys() == {"rtcToken"}
    token = answer.json()["rtcToken"]
    assert verify(token, DEMO, channel="lobby", uid=7, now=NOW + 59).ok
    assert not verify(token, DEMO, channel="lobby", uid=7, now=NOW + 60).ok
    assert sorted(decode(token).services[0].privileges) == [1, 2, 3, 4]


@pytest.mark.parametrize("role", ["subscriber", "audience"])
def test_who_is_no_publisher_may_only_join(client: TestClient, role: str) -> None:
    token = client.get(f"/rtc/lobby/{role}/userAccount/alice/").json()["rtcToken"]
    assert verify(token, DEMO, channel="lobby", account="alice", now=NOW + 3599).ok
    assert sorted(decode(token).services[0].privileges) == [1]


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_token_for_messaging(client: TestClient, slash: str) -> None:
    body = client.get(f"/rtm/alice{slash}").json()
    assert body.keys() == {"rtmToken"}
    assert verify(body["rtmToken"], DEMO, user="alice", now=NOW + 3599).ok


@pytest.mark.parametrize(("path", "user"), [("7", "7"), ("7/", "7"), ("7/alice", "alice"), ("7/alice/", "alice")])
def test_two_tokens(client: TestClient, path: str, user: str) -> None:
    body = client.get(f"/rte/lobby/publisher/uid/{path}?expiry=60").json()
    assert body.keys() == {"rtcToken", "rtmToken"}
    assert verify(body["rtcToken"], DEMO, channel="lobby", uid=7, now=NOW + 59).ok
    assert verify(body["rtmToken"], DEMO, user=user, now=NOW + 59).ok
    assert not verify(body["rtmToken"], DEMO, user=user, now=NOW + 60).ok


@pytest.mark.parametrize(
    ("body", "values"),
    [
        ({"tokenType": "rtc", "channel": "lobby", "role": "publisher", "uid": "7"}, {"channel": "lobby", "uid": 7}),
        ({"tokenType": "rtc", "channel": "lobby", "uid": 7, "expire": 3600}, {"channel": "lobby", "uid": 7}),
        ({"tokenType": "rtc", "channel": "lobby", "uid": "alice"}, {"channel": "lobby", "account": "alice"}),
        ({"tokenType": "rtm", "uid": "7", "expire": 3600}, {"user": "7"}),
    ],
)
def test_get_token(client: TestClient, body: dict[str, Any], values: dict[str, Any]) -> None:
    answer = client.post("/getToken", json=body)
    assert answer.status_code == 200
    assert answer.json().keys() == {"token"}
    assert verify(answer.json()["token"], DEMO, **values, now=NOW + 3599).ok
    if "channel" in values:
        publisher = body.get("role") == "publisher"
        assert (2 in decode(answer.json()["token"]).services[0].privileges) is publisher


def test_get_token_for_chat(client: TestClient) -> None:
    token = client.post("/getToken", json={"tokenType": "chat", "uid": "alice", "expire": 60}).json()["token"]
    assert decode(token).services == (ChatService("alice", {1: 60}),)


WRONG_PATHS: list[tuple[str, int, str, str]] = [
    (
        "/rtc/lobby/publisher/uid/0",
        400,
        "uid",
        "0 builds a token that any client may use. Send the uid that the client",
    ),
    (
        "/rte/lobby/publisher/uid/0",
        400,
        "uid",
        "0 builds a token that any client may use. Send the uid that the client",
    ),
    ("/rtc/lobby/publisher/uid/4294967296", 400, "uid", "does not fit into 32 bits. Send 1 to 4294967295."),
    ("/rtc/lobby/publisher/uid/-7", 400, "uid", "is negative."),
    ("/rtc/lobby/publisher/uid/alice", 400, "uid", "must be a whole number. Send 1 to 4294967295, without leading"),
    ("/rtc/lobby/publisher/uid/007", 400, "uid", "must be a whole number. Send 1 to 4294967295, without leading"),
    ("/rtc/lobby/publisher/uid/%D9%A7", 400, "uid", "must be a whole number."),
    ("/rtc/lobby/publisher/userAccount/%C3%A9", 400, "uid", "contains a character that Agora does not allow (U+00E9,"),
    ("/rtc/lobby/publisher/userAccount/" + "a" * 256, 400, "uid", "is 256 bytes long; the limit is 255."),
    ("/rtc/lobby/1/uid/7", 400, "role", 'must be "publisher" or "subscriber".'),
    ("/rtc/lobby/Publisher/uid/7", 400, "role", 'must be "publisher" or "subscriber".'),
    ("/rtc/lobby/publisher/int/7", 400, "tokentype", 'must be "uid" or "userAccount".'),
    ("/rtc//publisher/uid/7", 400, "channel", "is empty."),
    (
        "/rtc/a%2Fb/publisher/uid/7",
        400,
        "channel",
        "contains a character that Agora does not allow (U+002F, position 2)",
    ),
    ("/rte/lobby/publisher/uid/7%2Falice", 400, "uid", "must be a whole number."),
    ("/rtc/" + "a" * 64 + "/publisher/uid/7", 400, "channel", "is 64 bytes long; the limit is 63."),
    ("/rtc/50%/publisher/uid/7", 400, "path", "contains a % that begins no escape. Write %25 for a percent sign."),
    ("/rtc/%FF/publisher/uid/7", 400, "path", "is not UTF-8. Percent-encode each name"),
    ("/rtc/lobby/publisher/uid/", 404, "path", "does not exist. Use GET /rtc/CHANNEL/ROLE/TOKENTYPE/UID."),
    ("/rtc/lobby/publisher/uid/7/8", 404, "path", "does not exist. Use GET /rtc/CHANNEL/ROLE/TOKENTYPE/UID."),
    ("/rtc" + "/a" * 5000, 404, "path", "does not exist. Use GET /rtc/CHANNEL/ROLE/TOKENTYPE/UID."),
    ("/rte/lobby/publisher/uid", 404, "path", "does not exist. Use GET /rte/CHANNEL/ROLE/TOKENTYPE/UID."),
    ("/rtm/", 404, "path", "does not exist. Use GET /rtm/UID."),
    ("/rtm//", 400, "uid", "is empty."),
    ("/rtm/alice?expiry=", 400, "expiry", "must be one number of seconds. Send 1 to 86400, or leave it out."),
    ("/rtm/alice?expiry=1h", 400, "expiry", "must be one number of seconds."),
    ("/rtm/alice?expiry=60&expiry=90", 400, "expiry", "must be one number of seconds."),
    ("/rtm/alice?expiry=0", 400, "expiry", "must be at least 1 second."),
    ("/rtm/alice?expiry=3601", 403, "expiry", "is more than 3600, the limit in seconds."),
    ("/rtm/alice?expiry=1700000000", 400, "expiry", "is more than 86400 seconds (24 hours). This looks like a point"),
]
"""A path, the status, the field, and the beginning of what is said."""


@pytest.mark.parametrize(("path", "status", "field", "message"), WRONG_PATHS, ids=lambda value: str(value)[:50])
def test_what_is_wrong_with_a_path(client: TestClient, path: str, status: int, field: str, message: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["cache-control"]) == (status, "no-store")
    error = answer.json()["error"]
    assert error["field"] == field
    assert error["message"].startswith(f"{field}: {message}")


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        ({}, "tokenType", 'must be "rtc", "rtm" or "chat".'),
        ({"tokenType": "app", "uid": "a"}, "tokenType", 'must be "rtc", "rtm" or "chat".'),
        ({"tokenType": ["rtc"], "uid": "a"}, "tokenType", 'must be "rtc", "rtm" or "chat".'),
        ({"tokenType": "chat"}, "uid", "is missing. Send the id of the client."),
        ({"tokenType": "chat", "uid": ""}, "uid", "is empty."),
        ({"tokenType": "chat", "uid": "Alice"}, "uid", "contains a character that Chat does not allow"),
        ({"tokenType": "rtc", "uid": "7"}, "channel", "is missing."),
        ({"tokenType": "rtc", "uid": "7", "channel": 7}, "channel", "must be a string, not an integer."),
        ({"tokenType": "rtc", "uid": "0", "channel": "a"}, "uid", "0 builds a token that any client may use."),
        ({"tokenType": "rtc", "uid": 0, "channel": "a"}, "uid", "0 builds a token that any client may use."),
        ({"tokenType": "rtc", "uid": "4294967296", "channel": "a"}, "uid", "does not fit into 32 bits."),
        ({"tokenType": "rtc", "uid": True, "channel": "a"}, "uid", "must be an integer, not true or false."),
        ({"tokenType": "rtc", "uid": "7", "channel": "a", "role": "host"}, "role", 'must be "publisher" or'),
        ({"tokenType": "rtc", "uid": "7", "channel": "a", "role": 1}, "role", 'must be "publisher" or'),
        (
            {"tokenType": "rtc", "uid": "7", "channel": "a", "expire": "60"},
            "expire",
            "must be an integer, not a string.",
        ),
        ({"tokenType": "rtm", "uid": 7}, "uid", "must be a string, not an integer."),
        ({"tokenType": "rtm", "uid": "a", "channel": "*"}, "channel", "does not belong to a token of this type."),
        ({"tokenType": "rtm", "uid": "a", "expiry": 60}, "body", "contains a field that does not belong here."),
    ],
)
def test_what_is_wrong_with_get_token(client: TestClient, body: Any, field: str, message: str) -> None:
    answer = client.post("/getToken", json=body)
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error["message"].startswith(f"{field}: {message}")


def test_names_are_decoded_once(client: TestClient) -> None:
    token = client.get("/rtc/a%20%2520%2B+b/publisher/userAccount/%25").json()["rtcToken"]
    service = decode(token).services[0]
    assert (service.channel, service.uid) == ("a %20++b", "%")  # type: ignore[union-attr]


def test_a_query_without_a_name_counts_for_nothing(client: TestClient) -> None:
    """The community's server ignores it, too."""
    token = client.get("/rtm/alice/?3600").json()["rtmToken"]
    assert decode(token).expires_at == NOW + 3600


@pytest.mark.parametrize(
    "permit", [Permit("a", user="alice", channels={"lobby"}), Permit("a", uid=7, channels={"lobby"})]
)
def test_the_permit_decides(permit: Permit) -> None:
    client = client_of(access=lambda headers: permit)
    who = "uid/7" if permit.uid else "userAccount/alice"
    user = who.partition("/")[2]
    right = (f"/rtc/lobby/subscriber/{who}", f"/rtm/{user}", f"/rte/lobby/subscriber/{who}")
    assert [client.get(path).status_code for path in right] == [200, 200, 200]
    wrong = {
        f"/rtc/stage/subscriber/{who}": "channel: is not a channel that you may join. Send one of yours.",
        f"/rtc/lobby/publisher/{who}": "role: is not allowed for you: you may join, but not publish. Send subscriber.",
        "/rtc/lobby/subscriber/uid/8": "uid: is not yours to choose. Send your own id.",
        "/rtc/lobby/subscriber/userAccount/bob": "uid: is not yours to choose. Send your own id.",
        "/rtm/bob": "uid: is not yours to choose. Send your own id.",
        f"/rte/lobby/subscriber/{who}/bob": "uid: is not yours to choose. Send your own id.",
    }
    for path, message in wrong.items():
        answer = client.get(path)
        assert (answer.status_code, answer.json()["error"]["message"]) == (403, message)
    body = {"tokenType": "rtc", "channel": "lobby", "uid": "8"}
    assert client.post("/getToken", json=body).status_code == 403
    assert client.post("/getToken", json={"tokenType": "chat", "uid": "bob"}).status_code == 403


def test_callers_need_a_key_where_the_policy_asks_for_one() -> None:
    guarded = client_of(access=ApiKeys(["k" * 20]))
    for path in (*PATHS, "/rtc/lobby"):
        assert guarded.get(path).status_code == 401, "before anything is said about the path"
    assert guarded.post("/getToken", json={"tokenType": "rtm", "uid": "a"}).status_code == 401
    assert guarded.get(PATHS[0], headers={"authorization": "Bearer " + "k" * 20}).status_code == 200


def test_a_request_counts_once_even_for_two_tokens() -> None:
    limited = client_of(rate_limit="2/hour")
    assert [limited.get(PATHS[2]).status_code for _ in range(3)] == [200, 200, 429]
    assert limited.post("/rtmtoken", json={"user": "a"}).status_code == 429, "one count for all paths"


def test_006_only_where_it_is_allowed() -> None:
    classic = client_of(version="006")
    assert classic.get(PATHS[0]).json()["rtcToken"].startswith("006")
    answer = classic.get(PATHS[1])
    assert answer.status_code == 403
    assert "always lasts 24 hours" in answer.json()["error"]["message"]
    bound = client_of(version="006", access=lambda headers: Permit("a", user=ANY, channels={"lobby"}))
    assert (
        bound.get(PATHS[0].replace("publisher", "subscriber"))
        .json()["error"]["message"]
        .endswith("Use POST /rtctoken or POST /rtmtoken, which take a version.")
    )


def test_the_log_names_the_path_without_what_is_in_it() -> None:
    entries: list[LogEntry] = []
    client = client_of(log=entries.append, log_channels=True)
    client.get("/rtc/lobby/publisher/uid/7?expiry=60")
    client.get("/rtm/007eJxTYsecret")
    client.get("/rtc/007eJxTYsecret/publisher/uid/7")
    client.post("/rtc/lobby/publisher/uid/7")
    client.get("/rtx/secret")
    client.post("/getToken", json={"tokenType": "rtm", "uid": "alice"})
    assert [(entry.path, entry.status, entry.channel) for entry in entries] == [
        ("/rtc/*", 200, "lobby"),
        ("/rtm/*", 200, None),
        ("/rtc/*", 200, "?"),
        ("/rtc/*", 405, None),
        ("?", 404, None),
        ("/getToken", 200, None),
    ]


def test_other_methods_and_pages_of_other_origins() -> None:
    page = "https://app.example.com"
    allowing = client_of(origins=(page,))
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        answer = allowing.request(method, PATHS[0])
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    head = allowing.head(PATHS[0])
    assert (head.status_code, head.headers["cache-control"]) == (200, "no-store")
    ask = {"origin": page, "access-control-request-method": "GET", "access-control-request-headers": "authorization"}
    assert allowing.options(PATHS[0], headers=ask).headers["access-control-allow-origin"] == page
    assert allowing.options(PATHS[0], headers=ask | {"origin": "https://evil.example"}).status_code == 400
    assert allowing.get(PATHS[0], headers={"origin": page}).headers["access-control-allow-origin"] == page
    assert (
        "access-control-allow-origin" not in allowing.get(PATHS[0], headers={"origin": "https://evil.example"}).headers
    )
    closed = client_of(compat_paths=False, origins=(page,))
    assert closed.options("/rtctoken", headers=ask).status_code == 400, "GET is allowed only with these paths"


@pytest.mark.parametrize("mount", ["/agora", "/a/b"])
def test_under_a_prefix(mount: str) -> None:
    inner = TestClient(Starlette(routes=[Mount(mount, APP)]))
    body = inner.get(f"{mount}/rtc/lo%20bby/publisher/uid/7/").json()
    assert verify(body["rtcToken"], DEMO, channel="lo bby", uid=7, now=NOW).ok


def test_over_a_real_socket() -> None:
    """The names in a path pass through the server that reads HTTP."""
    with TokenServer(DEMO, now=NOW, compat_paths=True) as server:
        token = server.client.get("/rtc/a%20%2520/publisher/uid/7/?expiry=60").json()["rtcToken"]
        slash = server.client.get("/rtc/a%2Fb/publisher/uid/7")
        head = server.client.head("/rtm/alice")
    assert verify(token, DEMO, channel="a %20", uid=7, now=NOW + 59).ok
    assert slash.json()["error"]["field"] == "channel"
    assert (head.status_code, head.content) == (200, b"")


@schema.include(method="GET").parametrize()
@hypothesis_settings(max_examples=40)
def test_the_server_behaves_as_described(case: Any) -> None:
    """Paths only: what may be the uid of ``POST /getToken`` depends on its type, which the tests above are about."""
    case.call_and_validate()
