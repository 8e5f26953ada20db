"""Run with pytest; ``assert_token`` checks what the app returns."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import pytest
from django.test import Client
from django.test.utils import setup_databases, setup_test_environment, teardown_databases, teardown_test_environment

from agora_helpers import Credentials
from agora_helpers.testing import assert_token

CREDENTIALS = Credentials.demo()  # Agora's published sample pair
HERE = Path(__file__).parent
PATH = "/calls/token"


@pytest.fixture(scope="module", autouse=True)
def project() -> Iterator[None]:
    """Set Django up with a database in memory and two users, hosts of and members of the team ``blue``."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_SETTINGS_MODULE", "settings")
        patch.setenv("DJANGO_SECRET_KEY", "s" * 50)
        patch.setenv("AGORA_APP_ID", CREDENTIALS.app_id)
        patch.setenv("AGORA_APP_CERTIFICATE", CREDENTIALS.app_certificate)
        django.setup()
    setup_test_environment()
    databases = setup_databases(verbosity=0, interactive=False)
    from django.contrib.auth.models import Group, User

    for name, group in (("alice", "blue:hosts"), ("bob", "blue")):
        User.objects.create_user(name).groups.add(Group.objects.create(name=group))
    yield
    teardown_databases(databases, verbosity=0)
    teardown_test_environment()


def user(name: str) -> Any:
    """Return a user."""
    from django.contrib.auth.models import User

    return User.objects.get(username=name)


def ask(name: str | None, body: object, **options: Any) -> Any:
    """Send a request as a user."""
    client = Client()
    if name:
        client.force_login(user(name))
    return client.post(PATH, body, content_type="application/json", **options)


@pytest.mark.parametrize(("name", "role"), [("alice", "publisher"), ("bob", "subscriber")])
def test_the_server_decides_uid_and_role(name: str, role: str) -> None:
    response = ask(name, {"channel": "blue:standup"})
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    reply = response.json()
    assert (reply["uid"], reply["role"]) == (user(name).pk, role)
    assert_token(
        reply["token"],
        channel="blue:standup",
        uid=reply["uid"],
        role=role,
        expires_in=reply["expiresIn"],
        credentials=CREDENTIALS,
    )


def test_without_a_session_there_is_no_token() -> None:
    assert ask(None, {"channel": "blue:standup"}).status_code == 401
    assert Client().get(PATH).status_code == 405


def test_a_page_of_another_origin_gets_no_token() -> None:
    """Django sends the cookie csrftoken with a form; a page of another origin cannot read it."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(user("alice"))
    response = client.post(PATH, {"channel": "blue:standup"}, content_type="application/json")
    assert (response.status_code, response.json()["error"]["field"]) == (403, "X-CSRFToken")
    client.get("/accounts/login/")
    headers = {"X-CSRFToken": client.cookies["csrftoken"].value}
    response = client.post(PATH, {"channel": "blue:standup"}, content_type="application/json", headers=headers)
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("field", "body"),
    [
        ("body", ""),
        ("body", "{"),
        ("body", "[" * 100_000),
        ("body", b"\xff"),
        ("channel", []),
        ("channel", {}),
        ("channel", {"channel": None}),
        ("channel", {"channel": 7}),
        ("channel", {"channel": "blue:caf\u00e9"}),
        ("channel", {"channel": "blue:" + "x" * 63}),
        ("channel", {"channel": "blue:standup", "uid": 1}),
        ("channel", {"channel": "blue:standup", "role": "publisher"}),
    ],
)
def test_an_invalid_request_is_refused_by_field(field: str, body: object) -> None:
    response = ask("bob", body)
    assert (response.status_code, response.json()["error"]["field"]) == (400, field)
    assert response.json()["error"]["message"].startswith(f"{field}: ")


@pytest.mark.parametrize("channel", ["red:standup", "blueish:standup", ":standup", ""])
def test_a_channel_of_another_team_is_refused(channel: str) -> None:
    response = ask("alice", {"channel": channel})
    assert (response.status_code, response.json()["error"]["field"]) == (403, "channel")


@pytest.mark.parametrize("variable", ["AGORA_APP_ID", "AGORA_APP_CERTIFICATE"])
@pytest.mark.parametrize(("length", "problem"), [(31, "has 31 characters; it must have 32."), (0, "is not set.")])
def test_wrong_credentials_do_not_start(tmp_path: Path, variable: str, length: int, problem: str) -> None:
    pair = {"AGORA_APP_ID": CREDENTIALS.app_id, "AGORA_APP_CERTIFICATE": CREDENTIALS.app_certificate}
    environment = {**os.environ, **pair, "DJANGO_SECRET_KEY": "s" * 50, variable: pair[variable][:length]}
    command = [sys.executable, str(HERE / "manage.py"), "check"]
    result = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode != 0
    assert f"{variable}: {problem}" in result.stderr
    assert pair["AGORA_APP_CERTIFICATE"][:31] not in result.stdout + result.stderr
