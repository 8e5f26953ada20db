"""What is in ``deploy/``: the worked example, and Dockerfile and compose file as far as possible without Docker."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import re
import runpy
import shlex
import subprocess
import sys
import traceback
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
import yaml
from itsdangerous import TimestampSigner
from packaging.requirements import Requirement
from starlette.testclient import TestClient

from agora_helpers import InputError, decode, verify
from agora_helpers.cli import parser
from agora_helpers.server.app import create_app
from agora_helpers.server.settings import VARIABLES, Settings
from tests.support import DEMO, NOW, ROOT

DEPLOY = ROOT / "deploy"
SECRET = "s" * 32
OTHER_SECRET = "x" * 32
example = runpy.run_path(str(DEPLOY / "session_server.py"))


@pytest.fixture
def client() -> TestClient:
    return TestClient(create_app(Settings(credentials=DEMO, access=example["signed_in"]([SECRET]), now=NOW)))


def ask(client: TestClient, cookie: str, path: str = "/rtctoken", **body: Any) -> Any:
    return client.post(path, json=body, headers={"cookie": cookie})


def session(user: str, *, host: bool = False, secret: str = SECRET) -> str:
    return f"theme=dark; session={example['sign']([secret], user, host=host)}"


@pytest.mark.parametrize(("host", "privileges"), [(True, [1, 2, 3, 4]), (False, [1])])
def test_the_session_says_who_it_is_and_with_which_role(client: TestClient, host: bool, privileges: list[int]) -> None:
    cookie = session("alice", host=host)
    token = ask(client, cookie, channel="lobby", isPublisher=host).json()["token"]
    verdict = verify(token, DEMO, channel="lobby", account="alice", now=NOW)
    assert verdict.ok
    assert sorted(decode(token).services[0].privileges) == privileges
    assert verify(ask(client, cookie, "/rtmtoken").json()["token"], DEMO, user="alice", now=NOW).ok
    both = ask(client, cookie, "/token", channel="lobby").json()["token"]
    assert verify(both, DEMO, channel="lobby", account="alice", user="alice", now=NOW).ok


@pytest.mark.parametrize(
    ("host", "field", "value"),
    [
        (True, "userAccount", "bob"),
        (True, "uid", 7),
        (False, "userAccount", "bob"),
        (False, "uid", 7),
        (False, "isPublisher", True),
    ],
)
def test_what_the_session_decides_the_client_cannot_choose(
    client: TestClient, host: bool, field: str, value: Any
) -> None:
    response = ask(client, session("alice", host=host), channel="lobby", **{field: value})
    assert response.status_code == 403
    assert response.json()["error"]["field"] == field


@pytest.mark.parametrize("other", ['prefs={"a":1}', "x=a b", "a[0]=1", "bare", 'x="unterminated', "ü=1"])
def test_whatever_other_cookies_there_are(client: TestClient, other: str) -> None:
    cookie = f"{other}; session={example['sign']([SECRET], 'alice', host=False)}"
    answer = client.post("/rtctoken", json={"channel": "lobby"}, headers={b"cookie": cookie.encode("latin-1")})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "cookie",
    ["", "session=", "session=a.b.c", "a;b=,;;", session("alice")[:-2], session("alice", secret=OTHER_SECRET)],
    ids=["none", "empty", "malformed", "no cookies", "cut short", "forged"],
)
def test_without_a_session_of_ours_no_token(client: TestClient, cookie: str) -> None:
    assert ask(client, cookie, channel="lobby").status_code == 401


def signed(payload: bytes, digest: Any = hashlib.sha256) -> str:
    """Return a cookie with any payload, signed as the app signs it, or with another digest."""
    signer = TimestampSigner(SECRET, salt=b"session", digest_method=digest)
    return f"session={signer.sign(urlsafe_b64encode(payload).rstrip(b'=')).decode()}"


@pytest.mark.parametrize("user", ["null", "true", "7", "1.5", '["alice"]', '{"name": "alice"}'])
def test_a_user_that_is_no_string_is_nobody(client: TestClient, user: str) -> None:
    assert ask(client, signed(b'{"user": "alice", "host": false}'), channel="lobby").status_code == 200
    assert ask(client, signed(f'{{"user": {user}, "host": true}}'.encode()), channel="lobby").status_code == 401


@pytest.mark.parametrize("payload", [b"", b"{", b"\xff", b"[]", b"null", b'"alice"', b"7", b"{}", b'{"user": "alice"}'])
def test_a_signed_payload_that_is_no_session(client: TestClient, payload: bytes) -> None:
    assert ask(client, signed(payload), channel="lobby").status_code == 401


def test_a_session_signed_with_sha_1_is_not_accepted(client: TestClient) -> None:
    cookie = signed(b'{"user": "alice", "host": true}', hashlib.sha1)
    assert ask(client, cookie, channel="lobby").status_code == 401


def test_secrets_can_be_replaced_while_sessions_are_valid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGORA_APP_ID", DEMO.app_id)
    monkeypatch.setenv("AGORA_APP_CERTIFICATE", DEMO.app_certificate)
    signers = {"old": [SECRET], "both": [OTHER_SECRET, SECRET], "new": [OTHER_SECRET]}
    for variable, valid in (
        (SECRET, {"old"}),
        (f"{OTHER_SECRET}, {SECRET}", {"old", "both", "new"}),
        (OTHER_SECRET, {"both", "new"}),
    ):
        monkeypatch.setenv("SESSION_SECRET", variable)
        client = TestClient(example["create"]())
        for name, secrets in signers.items():
            cookie = f"session={example['sign'](secrets, 'alice', host=False)}"
            assert ask(client, cookie, channel="lobby").status_code == (200 if name in valid else 401)


def test_an_old_session_has_expired(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    cookie = session("alice")
    monkeypatch.setattr("time.time", lambda: NOW * 2)
    assert ask(client, cookie, channel="lobby").status_code == 401


def test_the_example_starts_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("", encoding="utf-8")
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AGORA_APP_ID", DEMO.app_id)
    monkeypatch.setenv("AGORA_APP_CERTIFICATE", DEMO.app_certificate)
    for secret in ("", "short", f"{SECRET},short", f"{SECRET},"):
        monkeypatch.setenv("SESSION_SECRET", secret)
        with pytest.raises(InputError, match="SESSION_SECRET: is missing, or contains a secret of fewer than 32"):
            example["create"]()
    monkeypatch.setenv("SESSION_SECRET", SECRET)
    client = TestClient(example["create"]())
    assert ask(client, "", channel="lobby").status_code == 401
    assert ask(client, session("alice"), channel="lobby").status_code == 200


@pytest.mark.parametrize(("secrets", "rate"), [(f"{SECRET},short", "1/minute"), (SECRET, "wrong")])
def test_no_traceback_of_the_example_shows_its_secrets(
    monkeypatch: pytest.MonkeyPatch, secrets: str, rate: str
) -> None:
    monkeypatch.setenv("SESSION_SECRET", secrets)
    monkeypatch.setenv("AGORA_RATE_LIMIT", rate)
    try:
        example["create"]()
    except InputError as error:
        frames = error.__traceback__ and error.__traceback__.tb_next
        trace = traceback.TracebackException(type(error), error, frames, capture_locals=True)
        text = "".join(trace.format())
        assert "session_server.py" in text
        assert SECRET not in text and "'short'" not in text
    else:
        pytest.fail("The settings are wrong.")


def instructions() -> list[tuple[str, str]]:
    text = re.sub(r"^#.*\n", "", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    lines = text.replace("\\\n", " ").splitlines()
    return [(word.upper(), rest) for word, _, rest in (line.partition(" ") for line in lines if line.strip())]


def test_the_image_holds_no_secret_and_runs_as_nobody_special() -> None:
    steps = instructions()
    words = [word for word, _ in steps]
    assert not {"ARG", "ENV", "ADD", "VOLUME"} & set(words)
    assert dict(steps)["FROM"].endswith("-slim")
    (user,) = [rest for word, rest in steps if word == "USER"]
    assert int(user) > 0
    assert words.index("USER") < words.index("CMD")


def test_the_image_is_made_of_what_leaves_the_machine_and_of_nothing_else() -> None:
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert {"*", "**/.env"} <= set(ignored)
    allowed = {line[1:] for line in ignored if line.startswith("!")}
    copied = {name.strip("./") for word, rest in instructions() if word == "COPY" for name in shlex.split(rest)[:-1]}
    assert copied == allowed
    assert ".env" not in copied
    assert [name for name in copied if not (ROOT / name).exists()] == []
    pip = [rest for word, rest in instructions() if word == "RUN" and "pip install" in rest]
    assert [("--require-hashes" in rest, "--no-deps ." in rest) for rest in pip] == [(True, False), (False, True)]
    assert not (ROOT / "Dockerfile").exists()


def test_the_image_installs_pinned_files_with_hashes_and_all_that_the_server_needs() -> None:
    text = (DEPLOY / "requirements.txt").read_text(encoding="utf-8")
    assert "://" not in text
    pin = r"^([a-z0-9-]+)==(\S+)(?: ; [^\\\n]+)? \\\n(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+"
    pins = re.findall(pin, text, re.M)
    assert len(pins) == len(re.findall(r"^[a-z]", text, re.M)), "a version and hashes for each"
    constraints = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    required = {name.replace("_", "-") for name in needed("agora-helpers", ("", "server", "redis"))}
    assert {name for name, version in pins if f"{name}=={version}" in constraints} >= required - {"agora-helpers"}


def needed(name: str, extras: tuple[str, ...] = ("",)) -> Iterator[str]:
    """The distributions that `pip install NAME[EXTRAS]` brings along."""
    yield name
    for line in importlib.metadata.requires(name) or []:
        requirement = Requirement(line)
        if any(not requirement.marker or requirement.marker.evaluate({"extra": extra}) for extra in extras):
            yield from needed(requirement.name, ("", *requirement.extras))


@pytest.mark.skipif(os.name == "nt", reason="links")
def test_the_images_command_starts_with_nothing_but_what_the_image_installs(tmp_path: Path) -> None:
    for name in set(needed("agora-helpers", ("", "server"))):
        for file in importlib.metadata.files(name) or []:
            top = tmp_path / file.parts[0]
            if file.parts[0] not in ("..", "__pycache__") and not top.exists():
                top.symlink_to(Path(str(importlib.metadata.distribution(name).locate_file(file.parts[0]))))
    if not (tmp_path / "agora_helpers").exists():
        (tmp_path / "agora_helpers").symlink_to(ROOT / "agora_helpers")
    program, *arguments = json.loads(dict(instructions())["CMD"])
    assert program == "agora-helpers" and arguments[-2:] == ["--host", "0.0.0.0"]
    arguments[-1] = "127.0.0.1"  # a test listens on loopback only
    environment = {
        "PYTHONPATH": str(tmp_path),
        "PORT": "0",
        "AGORA_APP_ID": DEMO.app_id,
        "AGORA_APP_CERTIFICATE": DEMO.app_certificate,
        "AGORA_ACCESS": "keys",
        "AGORA_API_KEYS": "k" * 20,
    }
    command = [sys.executable, "-S", "-m", "agora_helpers", *arguments, "--json"]
    with subprocess.Popen(command, env=environment, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            url = json.loads(process.stdout.readline())["url"]
            headers = {"authorization": "Bearer " + "k" * 20}
            answer = httpx2.post(f"{url}/rtctoken", json={"channel": "a"}, headers=headers, trust_env=False)
            assert answer.status_code == 200 and answer.json()["token"]
        finally:
            process.kill()


def services() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8"))
    assert set(loaded) == {"services"}
    return dict(loaded["services"])


def test_compose_runs_the_image_of_the_dockerfile() -> None:
    tokens, steps = services()["tokens"], dict(instructions())
    assert (DEPLOY / tokens["build"]["context"] / tokens["build"]["dockerfile"]).resolve() == DEPLOY / "Dockerfile"
    start = json.loads(steps["CMD"])
    assert tokens["command"][: len(start)] == start
    options = parser().parse_args(tokens["command"][1:])
    assert (options.host, options.workers) == ("0.0.0.0", 2)
    assert tokens["ports"] == [f"{steps['EXPOSE']}:{steps['EXPOSE']}"]
    probe = json.loads(steps["HEALTHCHECK"].partition("CMD ")[2])
    assert tokens["healthcheck"]["test"][:3] == ["CMD", *probe[:2]]
    assert f"http://127.0.0.1:{steps['EXPOSE']}/health" in tokens["healthcheck"]["test"][3]
    compile(tokens["healthcheck"]["test"][3], "healthcheck", "exec")


def test_compose_sets_variables_that_the_server_knows_and_holds_no_secret(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    environment = services()["tokens"]["environment"]
    secrets = {"AGORA_APP_ID": DEMO.app_id, "AGORA_APP_CERTIFICATE": DEMO.app_certificate, "AGORA_API_KEYS": "k" * 20}
    assert environment.keys() <= secrets.keys() | VARIABLES.keys()
    given = {name for name, value in environment.items() if value == f"${{{name}:?Set it in .env}}"}
    assert given == secrets.keys()
    assert not any("$" in value for name, value in environment.items() if name not in given)
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("", encoding="utf-8")
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in (environment | secrets).items():
        monkeypatch.setenv(name, value)
    settings = Settings.from_env()
    assert settings.rate_limit_store == environment["AGORA_RATE_LIMIT_STORE"]
    assert settings.access({"authorization": "Bearer " + "k" * 20})  # type: ignore[operator]


def test_compose_starts_redis_first_and_shows_it_to_nobody_else() -> None:
    tokens, redis = services()["tokens"], services()["redis"]
    host = urlsplit(tokens["environment"]["AGORA_RATE_LIMIT_STORE"]).hostname
    assert tokens["depends_on"] == {host: {"condition": "service_healthy"}}
    assert "ports" not in redis and redis["healthcheck"]["test"] == ["CMD", "redis-cli", "ping"]
