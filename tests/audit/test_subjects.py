"""Audits of whole servers: the classic one, the real one that it is a twin of, and our own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from agora_helpers import InputError, verify
from agora_helpers.audit import AuditReport, ClassicServer, audit
from agora_helpers.constants import TokenVersion
from agora_helpers.server import ApiKeys, Settings, create_app
from agora_helpers.server.hosting import BackgroundServer
from tests.audit.servers import HEADERS, KEY, NO_UID, USER
from tests.support import DEMO, ROOT

EXPRESS = ROOT / "benchmarks/express"
ENDPOINTS = {"/rtctoken": NO_UID, "/rtmtoken": USER}
VERSIONS: tuple[TokenVersion, ...] = ("006", "007")


@pytest.fixture(scope="module", params=VERSIONS)
def express(request: pytest.FixtureRequest) -> Iterator[tuple[TokenVersion, str]]:
    """The real server in Node.js: version and URL."""
    if not shutil.which("node") or not (EXPRESS / "node_modules/express").is_dir():
        pytest.skip("Express is not installed: install Node.js and npm, then run `npm ci` in benchmarks/express")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {"APP_ID": DEMO.app_id, "APP_CERTIFICATE": DEMO.app_certificate, "PORT": str(port), "UIDS": "100000"}
    command = ["node", "server.js", request.param]
    with subprocess.Popen(
        command, cwd=EXPRESS, env=os.environ | environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout
        assert b"Agora Auth Token Server" in process.stdout.readline()
        yield request.param, f"http://127.0.0.1:{port}"
        process.terminate()


def judgement(report: AuditReport) -> Any:
    return {finding.code: finding.severity for finding in report.findings}, report.passed, report.not_checked


@pytest.mark.parametrize("path", ENDPOINTS)
def test_the_classic_server_has_the_faults_of_the_real_one(express: tuple[TokenVersion, str], path: str) -> None:
    version, url = express
    real = audit(url + path, json_body=ENDPOINTS[path], credentials=DEMO)
    with BackgroundServer(ClassicServer(version=version)) as twin:
        ours = audit(f"http://127.0.0.1:{twin.port}{path}", json_body=ENDPOINTS[path], credentials=DEMO)
    assert judgement(ours) == judgement(real)
    assert ours.requests == real.requests


CLASSIC = {"TRUTHY_TEXT_PUBLISHES", "CHANNEL_NOT_CHECKED", "WILDCARD_SIGNED", "CRASHES_ON_BAD_INPUT"}
CLASSIC |= {"NO_CREDENTIAL_NEEDED", "FEW_RANDOM_UIDS", "CACHEABLE", "STACK_TRACE_SHOWN", "NO_RATE_LIMIT_SEEN"}


def test_the_classic_servers_faults() -> None:
    report = audit(ClassicServer(), "/rtctoken", json_body=NO_UID, credentials=DEMO)
    assert {finding.code for finding in report.findings} == CLASSIC | {"OLD_FORMAT", "SAME_TOKEN_TWICE"}
    assert report.has("error")


def test_the_classic_server_issues_working_tokens_and_says_what_it_is() -> None:
    with BackgroundServer(ClassicServer(version="007")) as server:
        answer = server.client.post("/rtctoken", json={"channel": "lobby"}).json()
        assert verify(answer["token"], DEMO, channel="lobby", uid=answer["uid"]).ok
        assert "with the faults of the classic tutorial" in server.client.get("/").text
        assert server.client.get("/rtctoken").status_code == 404


def test_the_classic_server_refuses_to_leave_this_machine() -> None:
    app = ClassicServer()
    for server, client in (("192.0.2.1", "127.0.0.1"), ("127.0.0.1", "192.0.2.7"), ("192.0.2.1", "192.0.2.7")):
        transport = _Elsewhere(app, server, client)
        with pytest.raises(InputError, match="status 403, an HTML page"):
            audit(transport, "/rtctoken", json_body=NO_UID)
    for host in ("0.0.0.0", "192.0.2.1", "example.com"):
        with pytest.raises(InputError, match=r"^host: is not a loopback address\."):
            app.serve(host=host)


class _Elsewhere:
    """Passes requests on as if they came over another network."""

    def __init__(self, app: Any, server: str, client: str) -> None:
        self.app, self.changes = app, {"server": (server, 80), "client": (client, 5)}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app({**scope, **self.changes}, receive, send)


@pytest.mark.parametrize(("credentials", "version"), [("no", "006"), (None, "008")])
def test_the_classic_servers_arguments(credentials: Any, version: Any) -> None:
    with pytest.raises(InputError):
        ClassicServer(credentials, version)


OURS = {
    "rtc": ("/rtctoken", '{"channel": "{channel}", "isPublisher": {publisher}, "version": "VERSION"}'),
    "rtc, uid": (
        "/rtctoken",
        '{"channel": "{channel}", "uid": {uid}, "expiresIn": {expires_in}, "version": "VERSION"}',
    ),
    "rtc, account": ("/rtctoken", '{"channel": "{channel}", "userAccount": "{account}", "version": "VERSION"}'),
    "rtm": ("/rtmtoken", '{"user": "{user}", "version": "VERSION"}'),
    "both": ("/token", '{"channel": "{channel}", "uid": {uid}, "isPublisher": {publisher}}'),
    "both, account": ("/token", '{"channel": "{channel}", "userAccount": "{account}", "user": "{user}"}'),
    "chat": ("/chattoken", '{"user": "{user}"}'),
    "compat": ("/rtc/{channel}/{role}/uid/{uid}/?expiry={expires_in}", None),
    "compat, both": ("/rte/{channel}/{role}/uid/{uid}/", None),
}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", OURS)
def test_our_server_has_no_faults(name: str, version: TokenVersion) -> None:
    path, body = OURS[name]
    if version == "006" and "VERSION" not in (body or ""):
        version = "007"
    settings = Settings(
        credentials=DEMO, access=ApiKeys([KEY]), compat_paths=True, rate_limit="30/minute", max_expires_in=86_400
    )
    body = body and body.replace("VERSION", version)
    report = audit(create_app(settings), path, json_body=body, headers=HEADERS, credentials=DEMO)
    notes = {"OLD_FORMAT"} if version == "006" else set()
    notes |= {"TOKEN_BY_GET"} if body is None else set()
    assert {finding.code for finding in report.findings} == notes, str(report)
