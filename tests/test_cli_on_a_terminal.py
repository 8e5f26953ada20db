"""The command line at a real (pseudo) terminal: colours, widths, and what reaches the terminal."""

from __future__ import annotations

import os
import re
import struct
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest

from agora_helpers import RtmService, build_rtc_token
from agora_helpers.tokens import v007
from tests.support import DEMO, NOW

pty: Any = pytest.importorskip("pty", reason="POSIX terminals")
fcntl: Any = pytest.importorskip("fcntl", reason="POSIX terminals")
termios: Any = pytest.importorskip("termios", reason="POSIX terminals")

TOKEN = build_rtc_token(DEMO, "lobby", uid=7, role="publisher", now=NOW, salt=1)
VERIFY = ("verify", TOKEN, "--demo", "--channel", "lobby", "--uid", "8", "--now", str(NOW + 60))
COMMANDS = {
    "decode": ("decode", "--notes", TOKEN),
    "verify": VERIFY,
    "explain-error": ("explain-error", "dynamic use static key"),
}
UTF_8 = {"PYTHONIOENCODING": "utf-8"}
STYLE = re.compile("\x1b\\[(?:0|1|(?:1;)?38;5;[0-9]+)m")
"""The escape sequences that the command line writes."""


def environment(variables: dict[str, str]) -> dict[str, str]:
    inherited = {"NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "TERM"}
    return {name: value for name, value in os.environ.items() if name not in inherited} | variables


def at_terminal(*arguments: str, columns: int = 80, variables: Mapping[str, str] = UTF_8) -> str:
    """Run a command at a terminal of so many columns, and return what it writes."""
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    env = environment({"TERM": "xterm-256color", **UTF_8, **variables})
    command = [sys.executable, "-m", "agora_helpers", *arguments]
    with subprocess.Popen(command, stdin=its, stdout=its, stderr=subprocess.STDOUT, env=env) as process:
        os.close(its)
        output = b""
        while piece := _read(ours):
            output += piece
        process.wait(timeout=60)
    os.close(ours)
    return output.decode(env["PYTHONIOENCODING"]).replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux' way to say that the program has ended
        return b""


def piped(*arguments: str, variables: Mapping[str, str] = UTF_8) -> str:
    command = [sys.executable, "-m", "agora_helpers", *arguments]
    env = environment({**UTF_8, **variables})
    return subprocess.run(command, capture_output=True, encoding="utf-8", env=env, check=False).stdout


@pytest.mark.parametrize("columns", [40, 60, 80, 120])
@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_lines_fit_into_the_terminal(command: tuple[str, ...], columns: int) -> None:
    output = at_terminal(*command, columns=columns)
    assert STYLE.search(output)
    lines = STYLE.sub("", output).splitlines()
    assert max(map(len, lines)) <= columns
    assert len(lines) > 10


def test_the_answer_is_red_and_bold_and_a_group_has_an_edge_in_its_colour() -> None:
    output = at_terminal(*VERIFY)
    assert output.startswith("\x1b[1;38;5;196m✗ The token is for another user.\x1b[0m\n")
    assert "\n\x1b[38;5;29m✓ format     ok   \x1b[0m  A well-formed 007 token.\n" in output
    assert "\n\x1b[38;5;163m▌ \x1b[0m\x1b[38;5;163mrole" in output
    assert "\n\x1b[38;5;130m▌ \x1b[0m\x1b[1mnow" in output


@pytest.mark.parametrize(
    ("variables", "colored"),
    [
        ({}, True),
        ({"NO_COLOR": ""}, True),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": "0"}, False),
        ({"TERM": "dumb"}, False),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
    ],
    ids=str,
)
def test_variables_that_say_whether_to_use_colours(variables: dict[str, str], colored: bool) -> None:
    output = at_terminal(*VERIFY, variables=variables)
    assert ("\x1b" in output) is colored
    assert max(map(len, STYLE.sub("", output).splitlines())) <= 80


def test_elsewhere_the_text_is_plain_and_not_wrapped() -> None:
    output = piped(*VERIFY)
    assert "\x1b" not in output
    assert "▌" not in output
    assert output == piped(*VERIFY, variables={"COLUMNS": "40", "TERM": "xterm-256color"})
    assert output.splitlines()[:9] == [
        "✗ The token is for another user.",
        "",
        "✓ format     ok     A well-formed 007 token.",
        "✓ signature  ok     Signed with the App Certificate.",
        "✓ time       ok     Valid until 2023-11-14 23:13:20 UTC (in 59 min).",
        "✗ match      wrong  Expected '8', but the token has '7'.",
        "",
        "Expected and actual: the differences",
        "✗ uid or account",
    ]
    colored = piped(*VERIFY, variables={"FORCE_COLOR": "1"})
    assert STYLE.sub("", colored).replace("▌ ", "  ") == output
    assert colored != output


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_a_terminal_without_the_signs_gets_similar_ones(encoding: str) -> None:
    output = STYLE.sub("", at_terminal(*VERIFY, variables={"PYTHONIOENCODING": encoding}))
    assert output.startswith("x The token is for another user.\n\n+ format")
    assert "\n| " in output
    assert "\\u" not in output


ESCAPE = "\x1b]0;x\x07\x1b[2J\x9b2J\r\u202e"
BOGUS = v007.encode("\x1b" * 32, "b" * 32, [RtmService(f"[red]{ESCAPE}", {1: 1})], issued_at=1, expire=1, salt=1)


@pytest.mark.parametrize(
    "command",
    [
        ("decode", "--notes", BOGUS),
        ("verify", "--demo", "--user", "alice", BOGUS),
        ("verify", "--demo", "--user", ESCAPE, TOKEN),
        ("verify", "--demo", "--channel", TOKEN, "--uid", "7", TOKEN),
        ("verify", "--demo", ESCAPE),
        ("decode", ESCAPE),
        ("decode", f"{ESCAPE}{TOKEN}{ESCAPE}"),
        ("explain-error", f"{ESCAPE} 2010015 {ESCAPE}"),
        ("explain-error", f"nothing known {ESCAPE} {TOKEN}"),
    ],
    ids=lambda command: command[0],
)
def test_only_our_own_escape_sequences_reach_the_terminal(command: tuple[str, ...]) -> None:
    output = STYLE.sub("", at_terminal(*command)).replace("\n", "")
    assert output
    assert output.isprintable(), ascii(output)
    assert TOKEN not in output
    assert "[red]" in output or BOGUS not in command


def test_the_progress_of_an_audit_needs_a_terminal_that_can_clear_a_line() -> None:
    outputs = [at_terminal("audit", "nowhere", variables={"TERM": term}) for term in ("xterm", "dumb")]
    assert ["\x1b[K" in output for output in outputs] == [True, False]
    assert "agora-helpers: target: is not an http or https URL." in outputs[1]
