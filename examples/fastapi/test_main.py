"""Run with pytest; ``assert_token`` checks what the app returns."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from main import create, sessions

from agora_helpers import CredentialError, Credentials, InputError
from agora_helpers.testing import assert_token

CREDENTIALS = Credentials.demo()  # Agora's published sample pair
Ask = Callable[..., Any]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)  # no .env of yours
    monkeypatch.setenv("AGORA_APP_ID", CREDENTIALS.app_id)
    monkeypatch.setenv("AGORA_APP_CERTIFICATE", CREDENTIALS.app_certificate)
    monkeypatch.setenv("SESSION_SECRET", "s" * 32)


@pytest.fixture
def ask() -> Ask:
    """Return a function that sends a request as a user."""

    def ask(uid: object, body: object, path: str = "/calls/token") -> Any:
        client = TestClient(create(), cookies={} if uid is None else {"session": sessions().dumps({"uid": uid})})
        return client.post(path, json=body)

    return ask


@pytest.mark.parametrize(("uid", "role"), [(1001, "publisher"), (1002, "subscriber")])
def test_the_server_decides_uid_and_role(ask: Ask, uid: int, role: str) -> None:
    response = ask(uid, {"channel": "blue:standup"})
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    reply = response.json()
    assert (reply["uid"], reply["role"]) == (uid, role)
    assert_token(
        reply["token"],
        channel="blue:standup",
        uid=uid,
        role=role,
        expires_in=reply["expiresIn"],
        credentials=CREDENTIALS,
    )


def test_without_a_session_there_is_no_token(ask: Ask) -> None:
    assert ask(None, {"channel": "blue:standup"}).status_code == 401
    assert ask(None, {}, "/agora/rtmtoken").status_code == 401
    forged = TestClient(create(), cookies={"session": sessions().dumps({"uid": 1001})[:-2]})
    assert forged.post("/calls/token", json={"channel": "blue:standup"}).status_code == 401


@pytest.mark.parametrize(
    ("status", "field", "body"),
    [
        (422, "channel", {}),
        (422, "channel", {"channel": None}),
        (422, "channel", {"channel": 7}),
        (422, "channel", {"channel": "blue:caf\u00e9"}),
        (422, "channel", {"channel": "blue:" + "x" * 63}),
        (422, "uid", {"channel": "blue:standup", "uid": 1002}),
        (422, "role", {"channel": "blue:standup", "role": "publisher"}),
    ],
)
def test_an_invalid_request_is_refused_by_field(ask: Ask, status: int, field: str, body: object) -> None:
    response = ask(1001, body)
    assert response.status_code == status
    assert response.json()["detail"][0]["loc"] == ["body", field]


def test_a_form_of_another_origin_gets_no_token() -> None:
    """It can send the cookie, but not JSON."""
    client = TestClient(create(), cookies={"session": sessions().dumps({"uid": 1001})})
    for headers in ({}, {"content-type": "text/plain"}):
        response = client.post("/calls/token", content='{"channel": "blue:standup"}', headers=headers)
        assert response.status_code == 422


@pytest.mark.parametrize("channel", ["red:standup", "blueish:standup", ":standup", ""])
def test_a_channel_of_another_team_is_refused(ask: Ask, channel: str) -> None:
    response = ask(1001, {"channel": channel})
    assert response.status_code == 403
    assert response.json()["detail"].startswith("channel: ")


def test_the_token_server_knows_the_same_users(ask: Ask) -> None:
    messaging = ask(1001, {}, "/agora/rtmtoken").json()["token"]
    assert_token(messaging, user="1001", credentials=CREDENTIALS)
    lobby = ask(1001, {"channel": "blue:lobby"}, "/agora/rtctoken").json()["token"]
    assert_token(lobby, channel="blue:lobby", uid=1001, role="subscriber", credentials=CREDENTIALS)
    for field, body in (
        ("uid", {"channel": "blue:lobby", "uid": 1002}),
        ("channel", {"channel": "red:lobby"}),
        ("isPublisher", {"channel": "blue:lobby", "isPublisher": True}),
    ):
        response = ask(1001, body, "/agora/rtctoken")
        assert (response.status_code, response.json()["error"]["field"]) == (403, field)


@pytest.mark.parametrize("variable", ["AGORA_APP_ID", "AGORA_APP_CERTIFICATE"])
def test_wrong_credentials_do_not_start(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    cut_short = CREDENTIALS.app_certificate[:-1]
    monkeypatch.setenv(variable, cut_short)
    with pytest.raises(CredentialError, match=f"^{variable}: has 31 characters; it must have 32") as failure:
        create()
    assert cut_short not in str(failure.value)
    monkeypatch.delenv(variable)
    with pytest.raises(CredentialError, match=f"^{variable}: is not set"):
        create()


def test_a_short_session_secret_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SESSION_SECRET", "s" * 31)
    with pytest.raises(InputError, match="SESSION_SECRET: is missing, or has fewer"):
        create()
