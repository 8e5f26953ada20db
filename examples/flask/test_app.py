"""Run with pytest; ``assert_token`` checks what the app returns."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from app import create_app

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

    def ask(uid: object, **content: Any) -> Any:
        client = create_app().test_client()
        if uid is not None:
            with client.session_transaction(base_url="https://localhost") as session:
                session["uid"] = uid
        return client.post("/calls/token", base_url="https://localhost", **content)

    return ask


@pytest.mark.parametrize(("uid", "role"), [(1001, "publisher"), (1002, "subscriber")])
def test_the_server_decides_uid_and_role(ask: Ask, uid: int, role: str) -> None:
    response = ask(uid, json={"channel": "blue:standup"})
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    reply = response.json
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
    assert ask(None, json={"channel": "blue:standup"}).status_code == 401
    client = create_app().test_client()
    client.set_cookie("session", "eyJ1aWQiOjEwMDF9.aSZbJw.forged")
    assert client.post("/calls/token", json={"channel": "blue:standup"}).status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"channel": None},
        {"channel": 7},
        {"channel": "blue:caf\u00e9"},
        {"channel": "blue:" + "x" * 63},
        {"channel": "blue:standup", "uid": 1002},
        {"channel": "blue:standup", "role": "publisher"},
    ],
)
def test_an_invalid_request_is_refused_by_field(ask: Ask, body: object) -> None:
    response = ask(1001, json=body)
    assert (response.status_code, response.json["error"]["field"]) == (400, "channel")
    assert response.json["error"]["message"].startswith("channel: ")


@pytest.mark.parametrize("channel", ["red:standup", "blueish:standup", ":standup", ""])
def test_a_channel_of_another_team_is_refused(ask: Ask, channel: str) -> None:
    response = ask(1001, json={"channel": channel})
    assert (response.status_code, response.json["error"]["field"]) == (403, "channel")


@pytest.mark.parametrize(
    ("status", "content"),
    [(415, {"data": '{"channel": "blue:standup"}'}), (400, {"data": "{", "content_type": "application/json"})],
)
def test_what_is_not_json_is_refused_in_json(ask: Ask, status: int, content: dict[str, str]) -> None:
    response = ask(1001, **content)
    assert (response.status_code, response.json["error"]["field"]) == (status, "request")


@pytest.mark.parametrize("variable", ["AGORA_APP_ID", "AGORA_APP_CERTIFICATE"])
def test_wrong_credentials_do_not_start(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    cut_short = CREDENTIALS.app_certificate[:-1]
    monkeypatch.setenv(variable, cut_short)
    with pytest.raises(CredentialError, match=f"^{variable}: has 31 characters; it must have 32") as failure:
        create_app()
    assert cut_short not in str(failure.value)
    monkeypatch.delenv(variable)
    with pytest.raises(CredentialError, match=f"^{variable}: is not set"):
        create_app()


def test_a_short_session_secret_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SESSION_SECRET", "s" * 31)
    with pytest.raises(InputError, match="SESSION_SECRET: is missing, or has fewer"):
        create_app()
