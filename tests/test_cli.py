from __future__ import annotations

import io
import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx2
import pytest

from agora_helpers import Credentials, ReasonCode, RtmService, build_rtc_token, build_rtm_token, decode, verify
from agora_helpers.cli import main
from agora_helpers.constants import TokenVersion
from agora_helpers.errors import ErrorCode
from agora_helpers.tokens import v006, v007
from tests.support import DEMO, NOW, PYTHON_WORDS

Run = Callable[..., tuple[int, str, str]]
"""Runs one command: words and ``stdin`` in; exit status, standard output and standard error out."""
CLIENT = ("--channel", "lobby", "--uid", "7", "--now", str(NOW))

ESCAPE = "\x1b]0;x\x07\x9b2J\u202e"
"""Control sequences that change a terminal's title and clear it, and a character that reverses what follows."""
TOKEN = build_rtc_token(DEMO, "lobby", uid=7, now=NOW, salt=1)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    def run(*arguments: str, stdin: str | io.StringIO = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin) if isinstance(stdin, str) else stdin)
        try:
            status = main(list(arguments))
        except SystemExit as exit_:
            status = int(exit_.code or 0)
        output = capsys.readouterr()
        assert DEMO.app_certificate not in output.out + output.err
        return status, output.out, output.err

    return run


@pytest.fixture
def token_006() -> str:
    return build_rtc_token(DEMO, "lobby", uid=7, role="publisher", version="006", now=NOW, salt=1)


@pytest.mark.parametrize("version", ["006", "007"])
def test_build_decode_verify_through_pipes(run: Run, version: str) -> None:
    options = ("--demo", "--version", version, "--now", str(NOW), "--salt", "1")
    status, token, error = run("build", "rtc", "lobby", "--uid", "7", "--role", "publisher", *options)
    assert (status, error) == (0, "")
    assert decode(token.strip()).version == version
    status, output, _ = run("decode", stdin=token)
    assert status == 0
    assert "publish video" in output
    status, output, _ = run("verify", "--demo", *CLIENT, stdin=token)
    assert status == 0
    assert verify(token.strip(), DEMO, channel="lobby", uid=7, now=NOW).summary in output
    assert "the token expires" in output


@pytest.mark.parametrize("version", ["006", "007"])
def test_an_expired_token_is_a_no(run: Run, version: TokenVersion) -> None:
    token = build_rtc_token(DEMO, "lobby", uid=7, version=version, now=NOW)
    status, output, _ = run("verify", "--demo", token, *CLIENT[:-1], str(NOW + 90_000))
    assert status == 1
    assert ReasonCode.EXPIRED in output


@pytest.mark.parametrize("version", ["006", "007"])
def test_verify_needs_all_names_or_partial(run: Run, version: TokenVersion) -> None:
    token = build_rtc_token(DEMO, "lobby", uid=0, allow_any_uid=True, version=version, now=NOW)
    for_one = build_rtc_token(DEMO, "lobby", uid=7, now=NOW)
    assert run("verify", "--demo", "--channel", "lobby", "--now", str(NOW), token)[0] == 0
    status, output, _ = run("verify", "--demo", "--channel", "lobby", "--now", str(NOW), for_one)
    assert (status, ReasonCode.NOT_COMPARED in output) == (1, True)
    assert run("verify", "--demo", "--channel", "lobby", "--now", str(NOW), "--partial", for_one)[0] == 0


@pytest.mark.parametrize("version", ["006", "007"])
def test_build_and_verify_for_messaging(run: Run, version: str) -> None:
    _, token, _ = run("build", "rtm", "alice", "--demo", "--version", version, "--now", str(NOW))
    assert run("verify", "--demo", "--user", "alice", "--now", str(NOW), stdin=token)[0] == 0


def test_build_for_a_channel_and_messaging_at_once(run: Run) -> None:
    words = ("build", "both", "lobby", "--uid", "7", "--user", "alice", "--role", "publisher", "--demo")
    _, token, _ = run(*words, "--now", str(NOW))
    assert run("verify", "--demo", *CLIENT, "--user", "alice", stdin=token)[0] == 0
    rtc, rtm = decode(token.strip()).services
    assert (rtc.name, rtm.name, sorted(rtc.privileges)) == ("rtc", "rtm", [1, 2, 3, 4])


@pytest.mark.parametrize(("who", "user", "privileges"), [("alice", "alice", {"1": 60}), ("--app", "", {"2": 60})])
def test_build_for_chat(run: Run, who: str, user: str, privileges: dict[str, int]) -> None:
    _, output, _ = run("build", "chat", who, "--demo", "--json", "--expires-in", "60")
    (service,) = json.loads(output)["services"]
    assert service == {"type": 5, "name": "chat", "user_id": user, "privileges": privileges}


@pytest.mark.parametrize("words", [(), ("alice", "--app"), ("alice", "--version", "007")])
def test_a_chat_token_is_for_one_user_or_the_app_and_always_007(run: Run, words: tuple[str, ...]) -> None:
    assert run("build", "chat", *words, "--demo")[0] == 2


def test_build_for_an_agent(run: Run) -> None:
    _, output, _ = run("build", "convoai", "lobby", "--uid", "1001", "--demo", "--json")
    services = json.loads(output)["services"]
    assert [service["name"] for service in services] == ["rtc", "rtm", "convoai"]
    assert (services[0]["uid"], services[1]["user_id"], len(services[0]["privileges"])) == ("1001", "1001", 4)


@pytest.mark.parametrize(
    "words",
    [
        ("rtc", "undefined", "--uid", "7"),
        ("rtm", "undefined"),
        ("both", "undefined", "--uid", "7"),
        ("both", "lobby", "--uid", "7", "--user", "null"),
        ("chat", "undefined"),
        ("convoai", "lobby", "--account", "undefined"),
    ],
)
def test_build_for_what_looks_like_a_variable_without_a_value(run: Run, words: tuple[str, ...]) -> None:
    assert run("build", *words, "--demo")[0] == 2
    status, token, _ = run("build", *words, "--demo", "--allow-placeholder-names")
    assert status == 0
    assert "PLACEHOLDER_NAME" in run("decode", "--notes", token.strip())[1]


def test_build_as_json(run: Run) -> None:
    words = ("build", "rtc", "lobby", "--account", "alice", "--demo", "--json", "--now", "0", "--salt", "1")
    status, output, _ = run(*words)
    token = json.loads(output)
    assert status == 0
    assert token["services"][0]["uid"] == "alice"
    assert token["version"] == "007"


def test_decode_as_json(run: Run) -> None:
    token = build_rtc_token(DEMO, "lobby", account="alice", now=0, salt=1)
    decoded = json.loads(run("decode", "--json", token)[1])
    assert decoded["expires_at"] == 3600
    raw = b"alice".hex()
    assert decoded["fields"][-1] == {"name": "services[0].uid", "start": 101, "end": 106, "raw": raw}


def test_verify_as_json(run: Run) -> None:
    token = build_rtc_token(DEMO, "lobby", account="alice", now=0, salt=1)
    status, output, _ = run("verify", "--demo", "--json", "--account", "bob", "--now", "1", token)
    verdict = json.loads(output)
    assert status == 1
    assert verdict["ok"] is False
    assert verdict["reasons"][0]["code"] == "UID_MISMATCH"
    assert verdict["reasons"][0].keys() >= {"code", "check", "severity", "title", "detail", "explanation", "hint"}
    assert {verdict[name]["status"] for name in ("format", "signature", "time")} == {"ok"}


def test_a_malformed_token_is_a_no(run: Run) -> None:
    status, output, error = run("decode", "007abc")
    assert (status, output) == (1, "")
    assert error.startswith("agora-helpers: base64 (character 6): ")
    assert run("verify", "--demo", "nonsense")[0] == 1
    assert json.loads(run("verify", "--demo", "--json", "nonsense")[1])["format"]["status"] == "wrong"


def test_a_malformed_token_as_json(run: Run) -> None:
    status, output, _ = run("decode", "--json", "007abc")
    error = json.loads(output)["error"]
    assert status == 1
    assert (error["code"], error["offset"], error["where"]) == ("MALFORMED", 6, "token")


@pytest.mark.parametrize(
    "words", [[], ["build"], ["build", "rtc", "c", "--demo"], ["build", "rtc", "c", "--uid", "x", "--demo"]]
)
def test_wrong_usage(run: Run, words: list[str]) -> None:
    assert run(*words)[0] == 2


def test_a_very_long_number_is_wrong_usage(run: Run) -> None:
    status, _, error = run("build", "rtc", "c", "--uid", "9" * 5000, "--demo")
    assert status == 2
    assert "argument --uid: must be a whole number" in error
    assert len(error) < 6000


@pytest.mark.parametrize("number", [" 7", "7_0", "\uff17", "+7", "0x7", "7.0"])
def test_numbers_are_written_in_plain_digits(run: Run, number: str) -> None:
    assert run("build", "rtc", "c", f"--uid={number}", "--demo")[0] == 2


RTC, RTM = ("build", "rtc", "lobby", "--demo"), ("build", "rtm", "alice", "--demo")
ERRORS: list[tuple[tuple[str, ...], str, ErrorCode, str]] = [
    ((*RTC, "--uid", "0"), "--uid", ErrorCode.UID_FOR_ANYONE, "add --allow-any-uid."),
    ((*RTC, "--uid=-7"), "--uid", ErrorCode.UID_NEGATIVE, "add 4294967296 to it."),
    ((*RTC, "--uid", "4294967296"), "--uid", ErrorCode.UID_TOO_LARGE, "Use --account for a larger id."),
    ((*RTC, "--account", "null"), "--account", ErrorCode.PLACEHOLDER_NAME, "add --allow-placeholder-names."),
    ((*RTC, "--account", ""), "--account", ErrorCode.EMPTY, "1 to 255 characters."),
    ((*RTC, "--account", "a" * 256), "--account", ErrorCode.TOO_LONG, "Use a shorter name"),
    ((*RTC, "--uid", "7", "--role", "host"), "--role", ErrorCode.UNKNOWN_CHOICE, "Use publisher or subscriber."),
    ((*RTC, "--uid", "7", "--salt=-1"), "--salt", ErrorCode.OUT_OF_RANGE, "0 to 4294967295"),
    ((*RTM, "--now", "1700000000000"), "--now", ErrorCode.OUT_OF_RANGE, "divide by 1000."),
    ((*RTM, "--expires-in", "0"), "--expires-in", ErrorCode.LIFETIME_TOO_SHORT, "3600 is one hour"),
    ((*RTM, "--expires-in", "86401"), "--expires-in", ErrorCode.LIFETIME_TOO_LONG, "24 hours"),
    ((*RTM, "--expires-in", "1700000000"), "--expires-in", ErrorCode.LIFETIME_IS_TIME, "3600 is one hour from now."),
    ((*RTM, "--expires-in", "600000"), "--expires-in", ErrorCode.LIFETIME_IS_MILLISECONDS, "divide by 1000."),
    (("build", "rtc", "", "--uid", "7", "--demo"), "channel", ErrorCode.EMPTY, "1 to 63 characters."),
    (("build", "rtc", "caf\u00e9", "--uid", "7", "--demo"), "channel", ErrorCode.BAD_CHARACTER, "Allowed: a-z"),
    (("build", "rtm", "", "--demo"), "user", ErrorCode.EMPTY, "1 to 64 characters."),
    (("build", "both", "c", "--uid", "0", "--demo"), "--uid", ErrorCode.UID_FOR_ANYONE, "use build rtc and add"),
    (("build", "both", "c", "--uid", "7", "--user", "", "--demo"), "user", ErrorCode.EMPTY, "1 to 64 characters."),
    (("build", "chat", "Alice", "--demo"), "user", ErrorCode.BAD_CHARACTER, "no capital letters."),
    (
        ("build", "convoai", "c", "--account", "a" * 65, "--demo"),
        "--account",
        ErrorCode.TOO_LONG,
        "Use a shorter name",
    ),
    (("decode",), "token", ErrorCode.MISSING, "as an argument or on standard input."),
    (("verify", "--demo"), "token", ErrorCode.MISSING, "as an argument or on standard input."),
]
"""Commands that fail: the field in the message, the error's code, and a part of what to do."""


@pytest.mark.parametrize(("words", "field", "code", "hint"), ERRORS, ids=lambda value: str(value)[:50])
def test_errors_are_in_the_words_of_the_command_line(
    run: Run, words: tuple[str, ...], field: str, code: ErrorCode, hint: str
) -> None:
    status, output, error = run(*words)
    assert (status, output) == (2, "")
    assert error.startswith(f"agora-helpers: {field}: ")
    assert hint in error
    assert not PYTHON_WORDS.search(error)
    status, output, _ = run(*words, "--json")
    body = json.loads(output)["error"]
    assert status == 2
    assert body["code"] == code
    assert body["field"] == field.removeprefix("--").replace("-", "_")
    assert f"agora-helpers: {body['message']}\n" == error


def test_every_code_that_the_command_line_can_reach_is_in_the_tests() -> None:
    unreachable = {
        ErrorCode.WRONG_TYPE,  # the parser converts numbers
        ErrorCode.UID_IS_STRING,
        ErrorCode.ACCOUNT_IS_NUMBER,
        ErrorCode.USER_IS_NUMBER,
        ErrorCode.UID_AND_ACCOUNT,  # the parser demands exactly one
        ErrorCode.NO_CLIENT,
    }
    elsewhere = {ErrorCode.INVALID, ErrorCode.MALFORMED}  # of settings, and of tokens
    elsewhere |= {code for code in ErrorCode if code.startswith("NOT_A_TOKEN")}
    assert {code for _, _, code, _ in ERRORS} == set(ErrorCode) - unreachable - elsewhere


def test_an_unknown_version(run: Run) -> None:
    status, _, error = run(*RTM, "--version", "005")
    assert status == 2
    assert error.startswith("agora-helpers: --version: ")
    assert error.endswith(" Use 007 or 006.\n")


def test_a_time_that_006_cannot_hold(run: Run) -> None:
    status, _, error = run(*RTM, "--version", "006", "--now", "4294967295")
    assert status == 2
    assert error.startswith("agora-helpers: --now: ")
    assert not PYTHON_WORDS.search(error)


def test_without_credentials_it_says_where_they_belong(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    status, _, error = run("build", "rtm", "alice")
    assert status == 2
    assert error.startswith("agora-helpers: AGORA_APP_ID: is not set.")
    assert ".env" in error
    assert not PYTHON_WORDS.search(error)
    assert run("decode", "007abc")[0] == 1, "decoding needs none"


@pytest.mark.parametrize("command", [("decode",), ("verify", "--demo", "--user", "alice")])
@pytest.mark.parametrize(
    "token",
    [
        v007.encode("\x1b" * 32, "b" * 32, [RtmService("\x1b[2J", {1: 1})], issued_at=1, expire=1, salt=1),
        v006.encode("\x1b]0;x\x07" + "a" * 26, "b" * 32, "lobby", "7", {1: 1}, ts=1, salt=1),
    ],
    ids=["007", "006"],
)
def test_a_token_cannot_send_escapes_to_the_terminal(run: Run, command: tuple[str, ...], token: str) -> None:
    output = run(*command, stdin=token)[1]
    assert "\x1b" not in output
    assert "\\x1b" in output


@pytest.mark.parametrize(
    "command",
    [
        ("decode", "a", ESCAPE),
        ("decode", f"--{ESCAPE}"),
        (ESCAPE,),
        ("build", ESCAPE),
        ("build", "rtc", "lobby", "--demo", "--uid", ESCAPE),
        ("build", "rtc", ESCAPE, "--demo", "--uid", "7"),
        ("build", "rtc", "lobby", "--demo", "--account", ESCAPE),
        ("build", "rtc", "lobby", "--demo", "--uid", "7", "--role", ESCAPE),
        ("build", "rtc", "lobby", "--demo", "--uid", "7", "--version", ESCAPE),
        ("build", "rtm", ESCAPE, "--demo"),
        ("build", "chat", ESCAPE, "--demo"),
        ("decode", ESCAPE),
        ("verify", ESCAPE, "--demo"),
        ("verify", TOKEN, "--demo", "--channel", ESCAPE, "--account", ESCAPE, "--user", ESCAPE),
        ("explain-error", f"error 110 {ESCAPE}"),
        ("serve", "--demo", "--host", ESCAPE),
        ("serve", "--demo", "--port", ESCAPE),
    ],
    ids=" ".join,
)
def test_an_argument_cannot_send_escapes_to_the_terminal(run: Run, command: tuple[str, ...]) -> None:
    _, output, error = run(*command)
    assert not re.search(r"[\0-\x09\x0b-\x1f\x7f-\x9f\u202e]", output + error)
    assert output + error


@pytest.mark.parametrize("token", [TOKEN, build_rtc_token(DEMO, "lobby", uid=7, version="006", now=NOW)])
def test_wrong_usage_does_not_repeat_a_token(run: Run, token: str) -> None:
    status, _, error = run("decode", "a", token)
    assert status == 2
    assert f"unrecognized arguments: {token[:3]}…" in error and token[3:60] not in error


def test_the_secondary_certificate_comes_from_the_environment(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    second = "0123456789abcdef" * 2
    token = build_rtc_token(Credentials(DEMO.app_id, second), "lobby", uid=7, now=NOW)
    monkeypatch.setenv("AGORA_APP_ID", DEMO.app_id)
    monkeypatch.setenv("AGORA_APP_CERTIFICATE", DEMO.app_certificate)
    assert run("verify", *CLIENT, stdin=token)[0] == 1
    monkeypatch.setenv("AGORA_SECONDARY_CERTIFICATE", second)
    status, output, _ = run("verify", *CLIENT, stdin=token)
    assert status == 0
    assert ReasonCode.SIGNED_BY_SECONDARY in output
    assert second not in output
    monkeypatch.setenv("AGORA_SECONDARY_CERTIFICATE", "abc")
    status, _, error = run("verify", *CLIENT, stdin=token)
    assert status == 2
    assert error.startswith("agora-helpers: AGORA_SECONDARY_CERTIFICATE: has 3 characters")


def test_disabled_certificates_come_from_the_environment(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    old, older = "0123456789abcdef" * 2, "f" * 32
    token = build_rtc_token(Credentials(DEMO.app_id, old), "lobby", uid=7, now=NOW)
    monkeypatch.setenv("AGORA_APP_ID", DEMO.app_id)
    monkeypatch.setenv("AGORA_APP_CERTIFICATE", DEMO.app_certificate)
    monkeypatch.setenv("AGORA_DISABLED_CERTIFICATES", f"{older}, {old}, ")
    status, output, _ = run("verify", *CLIENT, token)
    assert (status, ReasonCode.SIGNED_BY_DISABLED in output) == (1, True)
    assert old not in output
    assert ReasonCode.WRONG_SIGNATURE in run("verify", "--demo", *CLIENT, token)[1]
    monkeypatch.setenv("AGORA_DISABLED_CERTIFICATES", f"{old},abc")
    status, _, error = run("verify", *CLIENT, token)
    assert status == 2
    assert error.startswith("agora-helpers: AGORA_DISABLED_CERTIFICATES: has 3 characters")


def test_verify_without_a_certificate_checks_all_but_the_signature(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    status, output, error = run("verify", *CLIENT, TOKEN)
    assert (status, error) == (1, "")
    assert re.search("^. signature +not checked +There is no App Certificate", output, re.MULTILINE)
    assert re.search("^. match +not checked .*Not compared: App ID", output, re.MULTILINE)
    monkeypatch.setenv("AGORA_APP_ID", DEMO.app_id)
    monkeypatch.setenv("AGORA_SECONDARY_CERTIFICATE", "not read without the primary one")
    verdict = json.loads(run("verify", "--json", *CLIENT, TOKEN)[1])
    assert [verdict[name]["status"] for name in ("format", "signature", "time", "match")] == [
        *("ok", "not checked", "ok", "ok")
    ]
    assert [reason["code"] for reason in verdict["reasons"]] == ["NO_CERTIFICATE"]
    monkeypatch.setenv("AGORA_APP_ID", "0" * 32)
    status, output, _ = run("verify", *CLIENT, TOKEN)
    assert (status, ReasonCode.APP_ID_MISMATCH in output) == (1, True)


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"AGORA_APP_CERTIFICATE": "f" * 32}, "AGORA_APP_ID: is not set."),
        ({"AGORA_APP_ID": "abc"}, "AGORA_APP_ID: has 3 characters"),
        ({"AGORA_APP_ID": "f" * 32, "AGORA_APP_CERTIFICATE": "abc"}, "AGORA_APP_CERTIFICATE: has 3 characters"),
    ],
)
def test_verify_does_not_ignore_half_a_project(
    run: Run, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], message: str
) -> None:
    for variable, value in variables.items():
        monkeypatch.setenv(variable, value)
    status, _, error = run("verify", *CLIENT, TOKEN)
    assert status == 2
    assert error.startswith(f"agora-helpers: {message}")


def test_decode_with_notes(run: Run) -> None:
    assert "Notes" not in run("decode", TOKEN)[1]
    status, output, _ = run("decode", "--notes", TOKEN)
    assert status == 0
    notes = output.partition("\nNotes\n")[2].partition("\n\nByte by byte\n")[0]
    assert re.findall(r"\[([A-Z_]+)\]", notes) == ["EXPIRED", "SAMPLE_APP_ID"]
    assert notes.endswith("The signature and the client were not checked.")
    body = json.loads(run("decode", "--notes", "--json", TOKEN)[1])
    assert [note["code"] for note in body["notes"]] == ["EXPIRED", "SAMPLE_APP_ID"]


def test_decode_with_notes_of_a_token_without_any(run: Run) -> None:
    token = build_rtc_token(Credentials("0" * 32, "f" * 32), "lobby", uid=7)
    assert "Nothing is wrong or unusual" in run("decode", "--notes", token)[1]


def test_repairs_are_reported(run: Run, token_006: str) -> None:
    status, output, error = run("decode", f'"{token_006}"')
    assert status == 0
    assert "join channel" in output
    assert error.startswith("agora-helpers: repaired: quotes")


def test_repairs_as_json(run: Run, token_006: str) -> None:
    verdict = json.loads(run("verify", "--demo", "--json", "--uid", "8", "--channel", "lobby", f" {token_006}")[1])
    (repair,) = verdict["repairs"]
    assert repair.startswith("spaces")
    assert verdict["token"]["version"] == "006"
    assert verdict["compared"][0]["status"] == "same"


def test_a_good_token_that_had_to_be_repaired_is_a_no(run: Run, token_006: str) -> None:
    assert run("verify", "--demo", *CLIENT, token_006)[0] == 0
    status, output, error = run("verify", "--demo", *CLIENT, f'"{token_006}"')
    assert (status, "The token is good." in output) == (1, True)
    assert error.startswith("agora-helpers: repaired: quotes")


def test_explain_error(run: Run) -> None:
    status, output, _ = run("explain-error", "dynamic", "use", "static", "key")
    assert status == 0
    assert "2010015" in output
    assert "In the client" in output
    assert "Source: docs.agora.io/" in output


def test_an_error_of_several_sdks_is_explained_without_repetition(run: Run) -> None:
    output = run("explain-error", "error", "110")[1]
    assert output.startswith("Explanations for RTC native, RTC Web, RESTful API and Chat follow. If only one")
    assert output.count("The uid at join") == 2  # RTC, and the recorder's own
    assert "RTC native  110  ERR_INVALID_TOKEN\nRTC Web  110  NO_AUTHORIZED\n  " in output


def test_an_error_without_origin_has_a_short_explanation(run: Run) -> None:
    output = run("explain-error", "token expired")[1]
    assert output.count("Usual causes:") == 2, "of Chat, and of all others"
    assert output.count("  The token has expired.\n") == 1 and output.count("RTM 1.x  6  ") == 1
    assert "Explanations" not in run("explain-error", "RtcEngine", "onError", "110")[1]


def test_an_explanation_that_no_documentation_gives_says_so(run: Run) -> None:
    assert "Not documented" in run("explain-error", "2010016")[1]


def test_an_error_of_another_program(run: Run) -> None:
    status, output, _ = run("explain-error", "JsonWebTokenError: invalid token")
    assert status == 1
    assert output.startswith("not Agora  a JSON Web Token library\n  This text is not Agora's.")


def test_explain_an_error_from_standard_input(run: Run) -> None:
    assert run("explain-error", "-", stdin="error 2010015")[1].startswith("RTC Web  2010015")


def test_explain_an_error_as_json(run: Run) -> None:
    explanations = json.loads(run("explain-error", "--json", "2010015")[1])["explanations"]
    assert explanations[0]["surface"] == "RTC Web"
    assert explanations[0]["causes"]


def test_an_error_that_is_not_known(run: Run) -> None:
    status, output, _ = run("explain-error", "all is well")
    assert status == 1
    assert output.startswith("No known Agora error found in this text.")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Interrupted(Terminal):
    def read(self, _: int | None = None) -> str:
        raise KeyboardInterrupt


@pytest.mark.parametrize(("command", "what"), [("decode", "a token"), ("explain-error", "a message or a code")])
def test_at_a_terminal_it_tells_what_to_paste(run: Run, command: str, what: str) -> None:
    assert run(command, stdin=Terminal("2010015"))[2].startswith(f"Paste {what}, then press Ctrl-D")


def test_an_interrupted_command(run: Run) -> None:
    assert run("decode", stdin=Interrupted())[0] == 130


def test_help_is_for_newcomers(run: Run) -> None:
    status, output, _ = run("--help")
    assert status == 0
    assert "Try: agora-helpers build rtc lobby --uid 7 --demo" in output


@pytest.mark.parametrize(
    "command", [*(("build", kind) for kind in ("rtc", "rtm", "both", "chat", "convoai")), ("verify",), ("serve",)]
)
def test_the_certificate_comes_from_the_environment(run: Run, command: tuple[str, ...]) -> None:
    status, output, _ = run(*command, "--help")
    assert status == 0
    assert "AGORA_APP_CERTIFICATE" in output
    assert "--certificate" not in output


def test_as_a_module() -> None:
    command = [sys.executable, "-m", "agora_helpers", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("agora-helpers ")


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp1252"])
def test_any_input_and_any_encoding_of_the_terminal(encoding: str) -> None:
    def run(command: list[str], stdin: bytes) -> subprocess.CompletedProcess[bytes]:
        env = os.environ | {"PYTHONIOENCODING": encoding}
        return subprocess.run(
            [sys.executable, "-m", "agora_helpers", *command], input=stdin, capture_output=True, env=env
        )

    malformed = run(["decode"], b"\xff\xfe007")
    assert malformed.returncode == 1
    assert b"Traceback" not in malformed.stderr
    token = v007.encode(DEMO.app_id, DEMO.app_certificate, [RtmService("日本", {1: 1})], issued_at=1, expire=1, salt=1)
    decoded = run(["decode"], token.encode())
    assert decoded.returncode == 0
    assert not decoded.stderr


def test_a_closed_pipe_is_not_an_error() -> None:
    token = build_rtc_token(DEMO, "lobby", uid=7)
    command = [sys.executable, "-m", "agora_helpers", "decode", token]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout
        assert running.stderr
        running.stdout.close()
        assert running.stderr.read() == b""


COMMANDS = {
    "build": f"build rtc lobby --uid 7 --now {NOW} --salt 1 --demo",
    "decode": f"decode {TOKEN}",
    "decode --json": "decode --json hello",
    "verify": f"verify {TOKEN} --partial --now {NOW} --demo",
    "explain-error": "explain-error 2010015",
}


def in_shell(command: str, redirection: str, **env: str) -> subprocess.CompletedProcess[str]:
    line = f"exec {shlex.quote(sys.executable)} -m agora_helpers {command} {redirection}"
    environment = os.environ | env
    return subprocess.run(["sh", "-c", line], env=environment, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device that is always full")
@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])
@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_full_disk_is_one_line(command: str, unbuffered: str) -> None:
    done = in_shell(command, ">/dev/full", PYTHONUNBUFFERED=unbuffered)
    assert done.stderr == "agora-helpers: standard output: cannot be written (No space left on device).\n"
    assert done.returncode == 1


@pytest.mark.skipif(os.name == "nt", reason="a POSIX shell")
@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_without_standard_output_the_exit_status_is_the_answer(command: str) -> None:
    done, without = in_shell(command, ""), in_shell(command, ">&-")
    assert done.stdout and without.returncode == done.returncode
    assert without.stderr == ""


@pytest.mark.skipif(os.name == "nt", reason="a POSIX shell")
def test_without_standard_input_there_is_no_token() -> None:
    done = in_shell("decode", "<&-")
    assert done.stderr == "agora-helpers: token: is missing. Pass it as an argument or on standard input.\n"
    assert done.returncode == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device that is always full")
def test_serve_ends_with_sigterm_although_the_disk_is_full() -> None:
    port = free_port()
    line = f"exec {shlex.quote(sys.executable)} -m agora_helpers serve --demo --port {port} >/dev/full"
    with subprocess.Popen(["sh", "-c", line], stderr=subprocess.PIPE, text=True) as process:
        ends = time.monotonic() + 20
        while time.monotonic() < ends:
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", port)).close()
                break
            time.sleep(0.05)
        process.terminate()
        _, errors = process.communicate(timeout=20)
    assert errors in ("", "agora-helpers: standard output: cannot be written (No space left on device).\n")
    assert process.returncode in (0, 1)


@pytest.fixture
def serve() -> Iterator[Any]:
    """Start ``agora-helpers serve``, or another command, as a process; return it and its first line of output."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str, command: str = "serve", **env: str) -> tuple[subprocess.Popen[str], str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "agora_helpers", command, *arguments],
            env=os.environ | env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
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
    process, line = serve("--demo", "--port", "0", "--json")
    url = json.loads(line)["url"]
    answer = httpx2.post(f"{url}/rtctoken", json={"channel": "lobby", "isPublisher": True}, trust_env=False).json()
    assert verify(answer["token"], DEMO, channel="lobby", uid=answer["uid"]).ok
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert answer["token"] not in rest
    (logged,) = map(json.loads, rest.splitlines())
    assert (logged["method"], logged["path"], logged["status"]) == ("POST", "/rtctoken", 200)
    assert logged["channelLength"] == 5
    assert "lobby" not in rest


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_serve_ends_with_sigterm(serve: Any) -> None:
    process, line = serve("--demo", "--port", "0", "--json")
    port = int(json.loads(line)["url"].rpartition(":")[2])
    head = b"POST /rtmtoken HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 17\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(head + b'{"user": ')
        httpx2.get(f"http://127.0.0.1:{port}/", trust_env=False)  # by now the first request is being read
        process.send_signal(signal.SIGTERM)
        connection.sendall(b'"alice"}')
        answer = connection.makefile("rb").read()
    log, _ = process.communicate(timeout=20)
    assert b" 200 OK" in answer, "what has begun is answered"
    assert b'"token"' in answer
    assert process.returncode == 0
    assert [json.loads(line)["status"] for line in log.splitlines()] == [200, 200]


def test_serve_uses_the_port_of_the_environment(serve: Any) -> None:
    port = free_port()
    process, line = serve("--demo", PORT=str(port))
    assert line == f"Agora Auth Token Server on http://127.0.0.1:{port} (press Ctrl-C to stop it)\n"
    assert process.stdout.readline().startswith("Using Agora's published sample credentials")
    url = f"http://127.0.0.1:{port}"
    assert process.stdout.readline() == f"Pages: {url}/try, {url}/inspect and {url}/client\n"
    assert httpx2.get(f"http://127.0.0.1:{port}/", trust_env=False).text == "Agora Auth Token Server"


def test_serve_in_practice_mode(serve: Any) -> None:
    process, line = serve("--practice", "--port", "0", AGORA_PAGES="off", AGORA_WEB_SDK="")
    url = line.split()[5]
    assert process.stdout.readline().startswith("Using Agora's published sample credentials")
    assert process.stdout.readline().startswith(f"Practice mode: open {url}/client in a browser")
    assert "practice/redirect.js" in httpx2.get(f"{url}/client", trust_env=False).text
    assert httpx2.get(f"{url}/try", trust_env=False).status_code == 200, "it has its pages, whatever the setting"
    headers = {"upgrade": "websocket", "connection": "upgrade", "sec-websocket-version": "13"}
    headers |= {"sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ=="}
    for origin, status in ((url, 101), ("http://evil.example", 403)):
        address = f"{url}/ap/127-0-0-1.edge.agora.io/ws/4000"
        with httpx2.stream("GET", address, headers=headers | {"origin": origin}, trust_env=False) as answer:
            assert answer.status_code == status


@pytest.mark.parametrize(("options", "app_id"), [((), DEMO.app_id), (("--own-project",), "a" * 32)], ids=str)
def test_practice_mode_signs_with_the_sample_pair_unless_told_otherwise(
    serve: Any, options: tuple[str, ...], app_id: str
) -> None:
    own = {"AGORA_APP_ID": "a" * 32, "AGORA_APP_CERTIFICATE": "b" * 32}
    _, line = serve("--practice", "--port", "0", "--json", *options, **own, AGORA_WEB_SDK="")
    answer = httpx2.post(json.loads(line)["url"] + "/rtctoken", json={"channel": "lobby"}, trust_env=False)
    assert decode(answer.json()["token"]).app_id == app_id


APP = "http://localhost:5173"
OPEN_WEBSOCKET = (
    "GET /ap/127-0-0-1.edge.agora.io/ws/4000 HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
    "Connection: upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    f"Origin: {APP}\r\n\r\n"
)


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_practice_responds_until_it_is_stopped(serve: Any, number: signal.Signals) -> None:
    options = ("--port", "0", "--json", "--allow-origin", "http://localhost:3000", "--allow-origin", APP)
    process, line = serve(*options, command="practice")
    url = json.loads(line)["url"]
    with httpx2.Client(base_url=url, trust_env=False) as client:
        assert client.get("/project").json()["appId"] == DEMO.app_id
        for origin in (APP, "http://localhost:3000"):
            answer = client.get("/clock", headers={"origin": origin})
            assert answer.headers["access-control-allow-origin"] == origin
        assert client.get("/clock", headers={"origin": "http://localhost:4000"}).status_code == 403
    with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=20) as connection:
        connection.sendall(OPEN_WEBSOCKET.encode())
        assert connection.recv(12) == b"HTTP/1.1 101"
        process.send_signal(number)
        rest, _ = process.communicate(timeout=8)
    assert (process.returncode, rest) == (0, "")


def test_practice_says_where_it_is(serve: Any) -> None:
    port = free_port()
    process, line = serve("--port", str(port), command="practice", PORT="3000")
    assert line == f"Agora practice project on http://127.0.0.1:{port} (press Ctrl-C to stop it)\n"
    assert process.stdout.readline().startswith(f"Load http://127.0.0.1:{port}/redirect.js before Agora's SDK.")
    assert process.stdout.readline() == "It rejects all pages: name the origin of yours with --allow-origin.\n"


def test_practice_with_your_own_project(serve: Any) -> None:
    own = {"AGORA_APP_ID": "a" * 32, "AGORA_APP_CERTIFICATE": "b" * 32}
    for options, app_id in (((), DEMO.app_id), (("--own-project",), "a" * 32)):
        _, line = serve("--port", "0", "--json", *options, command="practice", **own)
        assert httpx2.get(json.loads(line)["url"] + "/project", trust_env=False).json()["appId"] == app_id


@pytest.mark.usefixtures("empty_environment")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--port", "70000"), "--port: is not a port."),
        (("--own-project",), "AGORA_APP_ID: is not set."),
        (("--own-project", "--demo"), "--own-project: cannot be combined with --demo."),
        (("--allow-origin", "*"), "--allow-origin: contains an invalid origin."),
        (("--allow-origin", "null"), "--allow-origin: contains an invalid origin."),
        (("--allow-origin", "http://localhost:5173/"), "--allow-origin: contains an invalid origin."),
    ],
    ids=str,
)
def test_practice_rejects_what_it_cannot_use(run: Run, options: tuple[str, ...], message: str) -> None:
    status, output, error = run("practice", *options)
    assert (status, output) == (2, "")
    assert error.startswith(f"agora-helpers: {message}")
    assert not PYTHON_WORDS.search(error)


def test_practice_stays_on_this_machine(run: Run) -> None:
    status, _, error = run("practice", "--host", "0.0.0.0")
    assert status == 2
    assert "unrecognized arguments: --host" in error


def test_serve_with_api_keys(serve: Any) -> None:
    key = "a-key-for-this-very-test"
    _, line = serve("--demo", "--port", "0", "--json", AGORA_ACCESS="keys", AGORA_API_KEYS=key)
    url = json.loads(line)["url"] + "/rtmtoken"
    assert httpx2.post(url, json={"user": "alice"}, trust_env=False).status_code == 401
    headers = {"Authorization": f"Bearer {key}"}
    assert httpx2.post(url, json={"user": "alice"}, headers=headers, trust_env=False).status_code == 200


@pytest.fixture
def empty_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("", encoding="utf-8")
    monkeypatch.delenv("PORT", raising=False)


@pytest.mark.usefixtures("empty_environment")
@pytest.mark.parametrize(
    ("options", "env", "message"),
    [
        ((), {}, "AGORA_APP_ID: is not set."),
        (
            (),
            {"AGORA_APP_ID": DEMO.app_id, "AGORA_APP_CERTIFICATE": DEMO.app_certificate[:-1]},
            "AGORA_APP_CERTIFICATE: has 31 characters",
        ),
        (("--demo", "--host", "0.0.0.0"), {}, "AGORA_ACCESS: is not set, so there is no access policy."),
        (("--demo",), {"AGORA_ALLOWED_HOSTS": "a.example"}, "AGORA_ACCESS: is not set"),
        (("--demo",), {"AGORA_TRUSTED_PROXIES": "10.0.0.1"}, "AGORA_ACCESS: is not set"),
        (("--demo", "--practice"), {"AGORA_TRUSTED_PROXIES": "10.0.0.1"}, "AGORA_ACCESS: is not set"),
        (("--demo", "--host", ""), {"AGORA_ACCESS": "none"}, "--host: is empty."),
        (("--demo", "--host", "0.0.0.0", "--practice"), {}, "--host: must be this machine"),
        (("--practice", "--own-project"), {}, "AGORA_APP_ID: is not set."),
        (("--practice", "--own-project", "--demo"), {}, "--own-project: works only with --practice"),
        (("--own-project",), {}, "--own-project: works only with --practice"),
        (("--demo", "--port", "70000"), {}, "--port: "),
        (("--demo",), {"PORT": "three"}, "PORT: "),
        (("--demo",), {"PORT": "-1"}, "PORT: "),
        (("--demo",), {"PORT": "70000"}, "PORT: "),
        (("--demo",), {"PORT": "3000.0"}, "PORT: "),
        (("--demo", "--port", "0"), {"AGORA_ACCESS": "everyone"}, "AGORA_ACCESS: "),
        (("--demo", "--workers", "0"), {}, "--workers: is not a number of processes."),
        (("--demo", "--practice", "--workers", "2"), {}, "--workers: must be 1 in practice mode"),
        (("--demo", "--app", "session_server:create"), {}, "--app: cannot be combined with --demo or --practice."),
        (("--app", "session_server"), {}, "--app: names no factory."),
        (("--app", "no_such_module:create"), {}, "--app: names a module that does not exist."),
        (("--app", "agora_helpers.no_such_module:create"), {}, "--app: names a module that does not exist."),
        (("--app", "agora_helpers.server:no_such_factory"), {}, "--app: names no function of the module."),
    ],
    ids=str,
)
def test_serve_rejects_what_it_cannot_use(
    run: Run, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], env: dict[str, str], message: str
) -> None:
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    status, output, error = run("serve", *options)
    assert (status, output) == (2, "")
    assert error.startswith(f"agora-helpers: {message}")
    assert not PYTHON_WORDS.search(error)
    assert DEMO.app_certificate[:-1] not in error


@pytest.mark.usefixtures("empty_environment")
def test_serve_on_a_port_in_use(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        status, output, error = run("serve", "--demo", "--port", str(other.getsockname()[1]))
    assert (status, output) == (2, "")
    assert error.startswith("agora-helpers: --port: is in use by another program.")


@pytest.mark.parametrize("command", ["serve", "practice"])
def test_a_server_without_its_extra_names_it(run: Run, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setitem(sys.modules, "granian", None)
    for name in [name for name in sys.modules if name.startswith("agora_helpers.server")]:
        monkeypatch.delitem(sys.modules, name, raising=False)
    status, _, error = run(command, "--demo", "--port", "0")
    assert status == 2
    assert f"{command}: needs the package granian." in error
    assert '".[server]"' in error


def test_several_tokens_in_one_text(run: Run) -> None:
    rtc, rtm = build_rtc_token(DEMO, "lobby", uid=7, now=NOW), build_rtm_token(DEMO, "alice", now=NOW)
    reply = json.dumps({"rtcToken": rtc, "rtmToken": rtm})
    status, output, error = run("verify", "--demo", "--now", str(NOW), "--user", "alice", stdin=reply)
    assert (status, "The token is good, with a note." in output) == (1, True)
    assert "Checked: token 2 of 2 (007 rtm). Not checked: 007 rtc." in output
    assert error == "agora-helpers: repaired: text around it (one of 2 tokens)\n"
    status, output, error = run("decode", stdin=reply)
    assert (status, error) == (0, "agora-helpers: repaired: text around it (one of 2 tokens)\n")
    assert output.index("lobby") < output.index("Contents of token 2") < output.index("alice")
    body = json.loads(run("decode", "--json", stdin=reply)[1])
    assert body["services"][0]["name"] == "rtc" and [other["services"] for other in body["others"]] == [
        [{"type": 2, "name": "rtm", "user_id": "alice", "privileges": {"1": 3600}}]
    ]


def test_one_token_has_no_others(run: Run) -> None:
    assert "others" not in json.loads(run("decode", "--json", TOKEN)[1])
