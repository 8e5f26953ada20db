from __future__ import annotations

import io
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from agora_helpers import Credentials, build_rtc_token, decode, verify
from agora_helpers.cli import main
from agora_helpers.tokens import v006
from tests.support import NOW

DEMO = Credentials.demo()


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    def run(*arguments: str, stdin: str | io.StringIO = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin) if isinstance(stdin, str) else stdin)
        try:
            status = main(list(arguments))
        except SystemExit as exit_:
            status = int(exit_.code or 0)
        shown = capsys.readouterr()
        assert DEMO.app_certificate not in shown.out + shown.err
        return status, shown.out, shown.err

    return run


def test_build_decode_verify_through_pipes(run: Any) -> None:
    for version in ("006", "007"):
        built = ("--demo", "--version", version, "--now", str(NOW), "--salt", "1")
        status, token, error = run("build", "rtc", "lobby", "--uid", "7", "--role", "publisher", *built)
        assert (status, error) == (0, "") and decode(token.strip()).version == version
        status, shown, _ = run("decode", stdin=token)
        assert status == 0 and "publish video" in shown and "not checked" in shown
        who = ("--channel", "lobby", "--uid", "7", "--now", str(NOW))
        status, shown, _ = run("verify", "--demo", *who, stdin=token)
        assert status == 0 and "\nThe token is good.\n" in shown and "the token ends" in shown
        status, shown, _ = run("verify", "--demo", token.strip(), *who[:-1], str(NOW + 90_000))
        assert status == 1 and "EXPIRED" in shown and "not good: time" in shown
        status, token, _ = run("build", "rtm", "alice", *built)
        assert run("verify", "--demo", "--user", "alice", "--now", str(NOW), stdin=token)[0] == 0


def test_json(run: Any) -> None:
    status, shown, _ = run(
        "build", "rtc", "lobby", "--account", "alice", "--demo", "--json", "--now", "0", "--salt", "1"
    )
    built = json.loads(shown)
    assert status == 0 and built["services"][0]["uid"] == "alice" and built["version"] == "007"
    read = json.loads(run("decode", "--json", built["token"])[1])
    assert read["expires_at"] == 3600 and read["fields"][-1] == {
        "name": "services[0].uid",
        "start": 101,
        "end": 106,
        "raw": b"alice".hex(),
    }
    status, shown, _ = run("verify", "--demo", "--json", "--account", "bob", "--now", "1", built["token"])
    verdict = json.loads(shown)
    assert status == 1 and not verdict["ok"] and verdict["reasons"][0]["code"] == "UID_MISMATCH"
    assert {verdict[name]["status"] for name in ("format", "signature", "time")} == {"ok"}


def test_a_wrong_token_is_a_no_and_a_wrong_argument_wrong_usage(run: Any) -> None:
    assert run("decode", "007abc")[0] == 1
    assert json.loads(run("decode", "--json", "007abc")[1])["error"]["offset"] == 6
    assert run("verify", "--demo", "nonsense")[0] == 1
    assert json.loads(run("verify", "--demo", "--json", "nonsense")[1])["format"]["status"] == "wrong"
    status, shown, error = run("build", "rtc", "café", "--uid", "7", "--demo")
    assert (status, shown) == (2, "") and error.startswith("agora-helpers: channel: character 4")
    assert json.loads(run("build", "rtc", "c", "--uid", "0", "--demo", "--json")[1])["error"]["field"] == "uid"
    for wrong in ([], ["build"], ["build", "rtc", "c", "--demo"], ["build", "rtc", "c", "--uid", "x", "--demo"]):
        assert run(*wrong)[0] == 2
    status, _, error = run("build", "rtc", "c", "--uid", "9" * 5000, "--demo")
    assert status == 2 and "whole number" in error and len(error) < 6000


def test_without_credentials_it_says_where_they_belong(
    run: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    status, _, error = run("build", "rtm", "alice")
    assert status == 2 and "AGORA_APP_ID: is not set" in error and ".env" in error
    assert run("decode", "007abc")[0] == 1, "decoding needs none"


def test_a_token_that_anyone_wrote_cannot_write_to_the_terminal(run: Any) -> None:
    from agora_helpers import RtmService
    from agora_helpers.tokens import v007

    evil = v007.encode("\x1b" * 32, "b" * 32, [RtmService("\x1b[2J", {1: 1})], issued_at=1, expire=1, salt=1)
    old = v006.encode("\x1b]0;x\x07" + "a" * 26, "b" * 32, "lobby", "7", {1: 1}, ts=1, salt=1)
    for command in (("decode",), ("verify", "--demo", "--user", "alice")):
        for token in (evil, old):
            shown = run(*command, stdin=token)[1]
            assert "\x1b" not in shown and "\\x1b" in shown


def test_the_secondary_certificate_comes_from_the_environment(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    second = "0123456789abcdef" * 2
    token = build_rtc_token(Credentials(DEMO.app_id, second), "lobby", uid=7, now=NOW)
    monkeypatch.setenv("AGORA_APP_ID", DEMO.app_id)
    monkeypatch.setenv("AGORA_APP_CERTIFICATE", DEMO.app_certificate)
    ask = ("verify", "--channel", "lobby", "--uid", "7", "--now", str(NOW))
    assert run(*ask, stdin=token)[0] == 1
    monkeypatch.setenv("AGORA_SECONDARY_CERTIFICATE", second)
    status, shown, _ = run(*ask, stdin=token)
    assert status == 0 and "Signed with the secondary certificate" in shown and second not in shown
    monkeypatch.setenv("AGORA_SECONDARY_CERTIFICATE", "abc")
    status, _, said = run(*ask, stdin=token)
    assert status == 2 and "AGORA_SECONDARY_CERTIFICATE: has 3 characters" in said


def test_what_was_repaired_is_said(run: Any) -> None:
    token = build_rtc_token(DEMO, "lobby", uid=7, version="006", now=NOW, salt=1)
    status, shown, said = run("decode", f'"{token}"')
    assert status == 0 and "join channel" in shown and "repaired: quotes or punctuation around it" in said
    verdict = json.loads(run("verify", "--demo", "--json", "--uid", "8", "--channel", "lobby", f" {token}")[1])
    assert verdict["repairs"] == ["spaces or line breaks around it"] and verdict["token"]["version"] == "006"
    assert verdict["reasons"][0].keys() >= {"code", "check", "severity"} and verdict["compared"][0]["status"] == "same"


def test_explain_error(run: Any) -> None:
    status, shown, _ = run("explain-error", "dynamic", "use", "static", "key")
    assert status == 0 and "2010015" in shown and "In the client" in shown and "Source: docs.agora.io/" in shown
    assert "Not documented" in run("explain-error", "2010016")[1]
    assert run("explain-error", "-", stdin="error 2010015")[1].startswith("RTC Web  2010015")
    found = json.loads(run("explain-error", "--json", "2010015")[1])["explanations"]
    assert found[0]["surface"] == "RTC Web" and found[0]["causes"]
    status, shown, _ = run("explain-error", "all is well")
    assert status == 1 and "No known Agora error" in shown
    status, shown, _ = run("explain-error", "JsonWebTokenError: invalid token")
    assert status == 1 and shown.startswith("not Agora  a JSON Web Token library\n  This text is not Agora's.")
    status, shown, _ = run("explain-error", "--json", "JsonWebTokenError: invalid token")
    assert status == 1 and json.loads(shown)["explanations"][0]["surface"] == "not Agora"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_person_at_a_terminal_is_told_what_is_waited_for(run: Any) -> None:
    for command in (("decode",), ("explain-error",)):
        assert "Paste a" in run(*command, stdin=Terminal("2010015"))[2]

    class Interrupted(Terminal):
        def read(self, _: int | None = None) -> str:
            raise KeyboardInterrupt

    assert run("decode", stdin=Interrupted())[0] == 130


def test_on_a_terminal_tables_fit_into_it(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agora_helpers.cli._columns", lambda: 100)
    token = build_rtc_token(DEMO, "lobby", uid=7, role="publisher", version="006", now=NOW, salt=1)
    shown = run("decode", stdin=token)[1].splitlines()
    assert max(map(len, shown)) <= 100 and len(shown) > 30


def test_messages_speak_of_options(run: Any) -> None:
    said = run("build", "rtc", "c", "--uid", "0", "--demo")[2]
    assert said.startswith("agora-helpers: --uid: 0 makes") and "or --allow-any-uid if" in said and "=" not in said
    assert run("build", "rtm", "a", "--expires-in", "0", "--demo")[2].startswith("agora-helpers: --expires-in: must")
    assert "channel: is empty" in run("build", "rtc", "", "--uid", "1", "--demo")[2]


def test_no_token_at_all_is_wrong_usage(run: Any) -> None:
    for command in (("decode",), ("verify", "--demo")):
        status, _, said = run(*command, stdin="\n")
        assert status == 2 and "standard input" in said


def test_help_is_for_newcomers(run: Any) -> None:
    status, shown, _ = run("--help")
    assert status == 0 and "Try: agora-helpers build rtc lobby --uid 7 --demo" in shown
    for command in (("build", "rtc"), ("build", "rtm"), ("verify",)):
        status, shown, _ = run(*command, "--help")
        assert status == 0 and "AGORA_APP_CERTIFICATE" in shown and "--certificate" not in shown


def test_as_a_module() -> None:
    command = [sys.executable, "-m", "agora_helpers", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("agora-helpers ")


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp1252"])
def test_no_input_or_terminal_makes_it_stumble(encoding: str) -> None:
    from agora_helpers import RtmService
    from agora_helpers.tokens import v007

    def run(command: list[str], given: bytes) -> subprocess.CompletedProcess[bytes]:
        env = os.environ | {"PYTHONIOENCODING": encoding}
        return subprocess.run(
            [sys.executable, "-m", "agora_helpers", *command], input=given, capture_output=True, env=env
        )

    wrong = run(["decode"], b"\xff\xfe007")
    assert wrong.returncode == 1 and b"Traceback" not in wrong.stderr
    token = v007.encode(DEMO.app_id, DEMO.app_certificate, [RtmService("日本", {1: 1})], issued_at=1, expire=1, salt=1)
    shown = run(["decode"], token.encode())
    assert shown.returncode == 0 and not shown.stderr


def test_a_reader_that_has_had_enough_is_no_error() -> None:
    token = build_rtc_token(DEMO, "lobby", uid=7)
    command = [sys.executable, "-m", "agora_helpers", "decode", token]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout and running.stderr
        running.stdout.close()
        assert running.stderr.read() == b""


def test_numbers_are_written_in_plain_digits(run: Any) -> None:
    for wrong in (" 7", "7_0", "\uff17", "+7", "0x7", "7.0"):
        assert run("build", "rtc", "c", f"--uid={wrong}", "--demo")[0] == 2


@pytest.fixture
def serve() -> Iterator[Any]:
    """Starts ``agora-helpers serve`` as a process of its own; gives it and what it said first."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str, **env: str) -> tuple[subprocess.Popen[str], str]:
        command = [sys.executable, "-m", "agora_helpers", "serve", *arguments]
        process = subprocess.Popen(
            command, env=os.environ | env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8"
        )
        started.append(process)
        assert process.stdout
        return process, process.stdout.readline()

    yield start
    for process in started:
        process.kill()
        process.communicate()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_serve_answers_until_it_is_interrupted(serve: Any) -> None:
    process, said = serve("--demo", "--port", "0", "--json")
    url = json.loads(said)["url"]
    answer = httpx2.post(f"{url}/rtctoken", json={"channel": "lobby", "isPublisher": True}, trust_env=False).json()
    assert verify(answer["token"], DEMO, channel="lobby", uid=answer["uid"]).ok
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=20)
    assert process.returncode == 0 and answer["token"] not in rest
    (logged,) = map(json.loads, rest.splitlines())
    assert (logged["method"], logged["path"], logged["status"]) == ("POST", "/rtctoken", 200)
    assert logged["channelLength"] == 5 and "lobby" not in rest


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_serve_ends_with_sigterm(serve: Any) -> None:
    process, said = serve("--demo", "--port", "0", "--json")
    port = int(json.loads(said)["url"].rpartition(":")[2])
    head = b"POST /rtmtoken HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 17\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(head + b'{"user": ')
        httpx2.get(f"http://127.0.0.1:{port}/", trust_env=False)  # by now the first request is being read
        process.send_signal(signal.SIGTERM)
        connection.sendall(b'"alice"}')
        answer = connection.makefile("rb").read()
    said, _ = process.communicate(timeout=20)
    assert b" 200 OK" in answer and b'"token"' in answer, "what has begun is answered"
    assert process.returncode == -signal.SIGTERM
    assert [json.loads(line)["status"] for line in said.splitlines()] == [200, 200]


def test_serve_takes_the_port_of_the_environment(serve: Any) -> None:
    port = free_port()
    process, said = serve("--demo", PORT=str(port))
    assert said == f"Agora Auth Token Server on http://127.0.0.1:{port} (Ctrl-C stops it)\n"
    assert "open no real channel" in process.stdout.readline()
    assert process.stdout.readline() == f"Pages: http://127.0.0.1:{port}/try and http://127.0.0.1:{port}/client\n"
    assert httpx2.get(f"http://127.0.0.1:{port}/", trust_env=False).text == "Agora Auth Token Server"


def test_serve_in_practice_mode(serve: Any) -> None:
    process, said = serve("--practice", "--port", "0", AGORA_HELPERS_DEMO="1", AGORA_PAGES="off", AGORA_WEB_SDK="")
    url = said.split()[5]
    assert process.stdout.readline().startswith(f"Practice mode: open {url}/client in a browser")
    assert "practice/redirect.js" in httpx2.get(f"{url}/client", trust_env=False).text
    assert httpx2.get(f"{url}/try", trust_env=False).status_code == 200, "it has its pages, whatever the setting"


def test_serve_asks_for_a_key_if_told_so(serve: Any) -> None:
    key = "a-key-for-this-very-test"
    _, said = serve("--demo", "--port", "0", "--json", AGORA_ACCESS="keys", AGORA_API_KEYS=key)
    url = json.loads(said)["url"] + "/rtmtoken"
    assert httpx2.post(url, json={"user": "alice"}, trust_env=False).status_code == 401
    headers = {"Authorization": f"Bearer {key}"}
    assert httpx2.post(url, json={"user": "alice"}, headers=headers, trust_env=False).status_code == 200


def test_serve_refuses_what_it_cannot_do(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("", encoding="utf-8")
    for name in ("AGORA_ACCESS", "AGORA_API_KEYS", "PORT"):
        monkeypatch.delenv(name, raising=False)

    def refused(*arguments: str) -> str:
        status, shown, said = run("serve", *arguments)
        assert status == 2 and shown == ""
        return str(said)

    assert "AGORA_APP_ID: is not set" in refused()
    with monkeypatch.context() as patched:
        patched.setenv("AGORA_APP_ID", DEMO.app_id)
        patched.setenv("AGORA_APP_CERTIFICATE", DEMO.app_certificate[:-1])
        said = refused()
        assert "AGORA_APP_CERTIFICATE: has 31 characters" in said and DEMO.app_certificate[:-1] not in said
    assert "--host: is open to other machines, and no access policy" in refused("--demo", "--host", "0.0.0.0")
    assert "--host: is empty" in refused("--demo", "--host", "")
    assert "--host: must be this machine alone" in refused("--demo", "--practice", "--host", "0.0.0.0")
    assert "--port: is not a port" in refused("--demo", "--port", "70000")
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        assert "--port: is in use by another program" in refused("--demo", "--port", port)
    for port in ("three", "-1", "70000", "3000.0"):
        monkeypatch.setenv("PORT", port)
        assert "PORT: is not a port" in refused("--demo")
    monkeypatch.setenv("AGORA_ACCESS", "everyone")
    assert "AGORA_ACCESS: names no access policy" in refused("--demo", "--port", "0")


def test_serve_without_its_extra_says_which(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    for name in [name for name in sys.modules if name.startswith("agora_helpers.server")]:
        monkeypatch.delitem(sys.modules, name, raising=False)
    status, _, said = run("serve", "--demo", "--port", "0")
    assert status == 2 and "needs the package uvicorn" in said and '".[server]"' in said
