"""``agora-helpers`` and ``python -m agora_helpers``: tokens, and the server that makes them, on the command line.

Exit status: 0 yes, 1 no (not a token, or not verified), 2 wrong usage. The App Certificate never comes from
an argument, where other users of the machine could read it.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import shutil
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from importlib import import_module
from importlib.metadata import version
from typing import Any

from .constants import Role
from .credentials import Credentials, secondary_from_env
from .display.anatomy import anatomy_text
from .display.timeline import timeline_text
from .display.token import as_text, describe
from .display.verdict import verdict_text
from .errors import AgoraHelpersError, InputError, TokenFormatError
from .sdk_errors.lookup import explain_error
from .sdk_errors.table import ErrorExplanation
from .tokens.builders import build_rtc_token, build_rtm_token
from .tokens.decoder import decode
from .tokens.repairs import repair
from .verification.verifier import Verdict, verify

YES, NO, USAGE, INTERRUPTED = 0, 1, 2, 130


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    for stream, errors in ((sys.stdin, "replace"), (sys.stdout, "backslashreplace"), (sys.stderr, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=errors)
    given = parser().parse_args(arguments)
    try:
        status = _COMMANDS[given.command](given)
        sys.stdout.flush()
    except AgoraHelpersError as error:
        if given.json:
            print(json.dumps({"error": _error_dict(error)}))
        else:
            print(f"agora-helpers: {_with_options(str(error))}", file=sys.stderr)
        return NO if isinstance(error, TokenFormatError) else USAGE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # whoever reads, for instance head, has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NO
    return status


def _with_options(message: str) -> str:
    """A message of the package with the names of options in place of Python's arguments."""
    message = re.sub(r"\b(uid|account|allow_any_uid)=(…|True)", r"--\1", message)
    return re.sub(r"^(expires_in|version|now|salt|role|account|uid|port|host):|--allow_any_uid", _option, message)


def _option(found: re.Match[str]) -> str:
    return "--" + found[0].removeprefix("--").replace("_", "-")


def _credentials(given: argparse.Namespace) -> Credentials:
    return Credentials.demo() if given.demo else Credentials.from_env()


def _token(given: argparse.Namespace) -> str:
    if given.token != STANDARD_INPUT:
        return str(given.token)
    token = _pasted("a token").removesuffix("\n").removesuffix("\r")
    if not token:
        raise InputError("token", "is missing.", "Pass it as an argument or on standard input.")
    return token


def _pasted(what: str) -> str:
    """Standard input; a person at a terminal is told what is waited for."""
    if sys.stdin.isatty():
        print(f"Paste {what}, then press Ctrl-D (on Windows Ctrl-Z and Enter):", file=sys.stderr)
    return sys.stdin.read()


def _build_rtc(given: argparse.Namespace) -> int:
    token = build_rtc_token(
        _credentials(given),
        given.channel,
        uid=given.uid,
        account=given.account,
        role=given.role,
        expires_in=given.expires_in,
        version=given.token_version,
        allow_any_uid=given.allow_any_uid,
        now=given.now,
        salt=given.salt,
    )
    return _print_token(given, token)


def _build_rtm(given: argparse.Namespace) -> int:
    token = build_rtm_token(
        _credentials(given),
        given.user,
        expires_in=given.expires_in,
        version=given.token_version,
        now=given.now,
        salt=given.salt,
    )
    return _print_token(given, token)


def _print_token(given: argparse.Namespace, token: str) -> int:
    print(json.dumps({"token": token, **decode(token).to_dict()}) if given.json else token)
    return YES


def _decode(given: argparse.Namespace) -> int:
    token, repairs = _repaired(given)
    decoded = decode(token)
    if given.json:
        fields = [
            {"name": field.name, "start": field.start, "end": field.end, "raw": field.raw.hex()}
            for field in decoded.fields
        ]
        said = {**decoded.to_dict(), "expires_at": decoded.expires_at, "fields": fields}
        print(json.dumps(said | ({"repairs": repairs} if repairs else {})))
    else:
        _print_parts(
            ("What it says", as_text(describe(decoded, int(time.time())), width=_columns())),
            ("Byte by byte", anatomy_text(token, decoded, width=_columns())),
        )
    return YES


def _repaired(given: argparse.Namespace) -> tuple[str, tuple[str, ...]]:
    """The token that was given, and what had to be repaired, which is said on standard error too."""
    repaired = repair(_token(given))
    if repaired.repairs and not given.json:
        print(f"agora-helpers: repaired: {'; '.join(repaired.repairs)}", file=sys.stderr)
    return repaired


def _columns() -> int | None:
    """How wide the terminal is; None if the output goes elsewhere, where long lines do no harm."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def _print_parts(*parts: tuple[str, str]) -> None:
    """Texts with their headings, which are set off on a terminal."""
    bold, plain = ("\x1b[1m", "\x1b[0m") if sys.stdout.isatty() and not os.environ.get("NO_COLOR") else ("", "")
    print("\n\n".join(f"{bold}{heading}{plain}\n\n{text}" for heading, text in parts))


def _verify(given: argparse.Namespace) -> int:
    token, repairs = _repaired(given)
    now = int(time.time()) if given.now is None else given.now
    verdict = verify(
        token,
        _credentials(given),
        secondary_certificate=None if given.demo else secondary_from_env(),
        channel=given.channel,
        uid=given.uid,
        account=given.account,
        user=given.user,
        now=now,
    )
    if given.json:
        print(json.dumps(_verdict_dict(verdict) | ({"repairs": repairs} if repairs else {})))
    elif verdict.token:
        timeline = timeline_text(verdict.token, now, width=_columns())
        _print_parts(("Verdict", verdict_text(verdict, width=_columns())), ("Timeline", timeline))
    else:
        _print_parts(("Verdict", verdict_text(verdict)))
    return YES if verdict.ok else NO


def _explain_error(given: argparse.Namespace) -> int:
    given_text = " ".join(given.text)
    text = _pasted("a message or a code") if given_text in ("", STANDARD_INPUT) else given_text
    found = explain_error(text)
    if given.json:
        print(json.dumps({"explanations": [asdict(explanation) for explanation in found]}))
    elif found:
        print("\n\n".join(map(_explanation, found)))
    else:
        print("No known Agora error found in this text. Pass the whole message, or only the code.")
    return YES if any(explanation.from_agora for explanation in found) else NO


def _explanation(found: ErrorExplanation) -> str:
    mark = "" if found.documented else " (Not documented: inferred from its name or from developers' reports.)"
    heading = filter(None, (found.surface, found.code, found.name))
    lines = ["  ".join(heading), f"  {found.meaning}{mark}"]
    lists = {
        "Usual causes": found.causes,
        "In the project": found.project_checks,
        "In the client": found.client_checks,
    }
    for title, entries in lists.items():
        lines += [f"  {title}:", *(f"  - {entry}" for entry in entries)] if entries else []
    return "\n".join([*lines, f"  Source: {found.source}"])


def _verdict_dict(verdict: Verdict) -> dict[str, Any]:
    return {
        "ok": verdict.ok,
        **{check.name: {"status": check.status, "detail": check.detail} for check in verdict.checks},
        "reasons": [
            {
                "code": reason.code,
                "check": reason.check,
                "severity": reason.severity,
                "title": reason.title,
                "detail": reason.detail,
                "explanation": reason.explanation,
                "hint": reason.hint,
            }
            for reason in verdict.reasons
        ],
        "compared": [asdict(comparison) for comparison in verdict.compared],
        "token": verdict.token and verdict.token.to_dict(),
    }


def _serve(given: argparse.Namespace) -> int:
    try:
        import_module("uvicorn")  # which the server itself asks for only when it listens
        from .server.app import serve
        from .server.hosting import check_port, is_loopback
        from .server.settings import Settings
    except ModuleNotFoundError as missing:
        hint = 'Install the extra "server": pip install -e ".[server]"'
        raise InputError("serve", f"needs the package {missing.name}.", hint) from None
    port = given.port
    if port is None:
        text = os.environ.get("PORT", "").strip() or "3000"
        port = check_port("PORT", int(text) if re.fullmatch(r"[0-9]{1,5}", text) else None)
    credentials = Credentials.demo() if given.demo else Credentials.for_lessons() if given.practice else None
    settings = Settings.from_env(credentials, default_access="none", default_pages=is_loopback(given.host))

    def announce(host: str, port: int) -> None:
        url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        said = f"Agora Auth Token Server on {url} (Ctrl-C stops it)"
        if given.practice:
            said += f"\nPractice mode: open {url}/client in a browser; nothing leaves this machine"
        else:
            demo = "\nwith Agora's published sample credentials: its tokens open no real channel"
            said += demo * settings.credentials.is_demo + f"\nPages: {url}/try and {url}/client" * settings.pages
        print(json.dumps({"url": url}) if given.json else said, flush=True)

    run = serve
    if given.practice:
        from .practice_server.app import serve_practice as run
    with suppress(KeyboardInterrupt):
        run(settings, given.host, check_port("port", port), announce=announce)
    return YES


def _error_dict(error: AgoraHelpersError) -> dict[str, Any]:
    body: dict[str, Any] = {"field": error.field, "message": str(error)}
    if isinstance(error, TokenFormatError):
        body |= {"offset": error.offset, "where": error.where}
    return body


_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "build rtc": _build_rtc,
    "build rtm": _build_rtm,
    "decode": _decode,
    "verify": _verify,
    "explain-error": _explain_error,
    "serve": _serve,
}


STANDARD_INPUT = "-"

_CREDENTIALS_HELP = """\
App ID and App Certificate come from the environment (AGORA_APP_ID, AGORA_APP_CERTIFICATE) or from the
nearest .env file; verify also tries AGORA_SECONDARY_CERTIFICATE, if it is set. With --demo the sample pair that
Agora publishes is used: its tokens are well formed and open no real channel."""

_SERVE_HELP = """\
Run the token server: POST /rtctoken and POST /rtmtoken. On this machine anyone may ask it for a token. With
AGORA_ACCESS=keys only callers with one of AGORA_API_KEYS (separated by commas), sent as Authorization: Bearer KEY.
Pages in a browser may ask if their origin is one of AGORA_ALLOWED_ORIGINS (separated by commas). On this machine, or
with AGORA_PAGES=on, it has two pages of its own: /try makes a request, /client joins a channel with Agora's Web SDK,
which comes from AGORA_WEB_SDK, a file or an https address, or from Agora's download address."""


def parser() -> argparse.ArgumentParser:
    """What can be said on the command line; ``command`` of the result names what to run."""
    made = argparse.ArgumentParser(
        prog="agora-helpers",
        description="Build, read and check the tokens with which clients join Agora channels.",
        epilog="Try: agora-helpers build rtc lobby --uid 7 --demo",
    )
    made.add_argument("--version", action="version", version=f"agora-helpers {version('agora-helpers')}")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--json", action="store_true", help="print one JSON object instead of text")
    common.add_argument("--demo", action="store_true", help="use Agora's published sample credentials")
    commands = made.add_subparsers(title="commands", required=True, metavar="COMMAND")

    build = commands.add_parser("build", help="make a token", description="Make a token.", epilog=_CREDENTIALS_HELP)
    kinds = build.add_subparsers(title="kinds", required=True, metavar="KIND")
    making = argparse.ArgumentParser(add_help=False, parents=[common])
    making.add_argument(
        "--expires-in", type=_integer, default=3600, metavar="SECONDS", help="lifetime, 1 to 86400 (3600)"
    )
    making.add_argument("--version", dest="token_version", default="007", metavar="006|007", help="default: 007")
    making.add_argument("--now", type=_integer, metavar="UNIX_TIME", help="time of issue (default: now)")
    making.add_argument("--salt", type=_integer, metavar="NUMBER", help="random part (default: a random number)")

    rtc = kinds.add_parser("rtc", parents=[making], help="for a channel (audio and video)", epilog=_CREDENTIALS_HELP)
    rtc.add_argument("channel", help="the channel's name, 1 to 63 characters")
    who = rtc.add_mutually_exclusive_group(required=True)
    who.add_argument("--uid", type=_integer, help="the client's integer uid, 1 to 4294967295")
    who.add_argument("--account", help="the client's user account, a text")
    rtc.add_argument("--role", default=Role.SUBSCRIBER.value, metavar="ROLE", help="publisher or subscriber (default)")
    rtc.add_argument("--allow-any-uid", action="store_true", help="with --uid 0: a token that anyone may use")
    rtc.set_defaults(command="build rtc")

    rtm = kinds.add_parser("rtm", parents=[making], help="for messaging (Signaling)", epilog=_CREDENTIALS_HELP)
    rtm.add_argument("user", help="the RTM user id, 1 to 64 characters")
    rtm.set_defaults(command="build rtm")

    reading = argparse.ArgumentParser(add_help=False, parents=[common])
    reading.add_argument(
        "token", nargs="?", default=STANDARD_INPUT, help="the token; - or nothing: from standard input"
    )
    shown = commands.add_parser("decode", parents=[reading], help="show what a token says; needs no key")
    shown.set_defaults(command="decode")

    checked = commands.add_parser(
        "verify", parents=[reading], help="check a token against your project", epilog=_CREDENTIALS_HELP
    )
    checked.add_argument("--channel", help="the channel that the client joins")
    joins_as = checked.add_mutually_exclusive_group()
    joins_as.add_argument("--uid", type=_integer, help="the integer uid that it joins with")
    joins_as.add_argument("--account", help="the user account that it joins with")
    checked.add_argument("--user", help="the RTM user id that it logs in with")
    checked.add_argument("--now", type=_integer, metavar="UNIX_TIME", help="check at this time (default: now)")
    checked.set_defaults(command="verify")

    explained = commands.add_parser(
        "explain-error", parents=[common], help="explain an error of Agora's SDKs and servers"
    )
    explained.add_argument("text", nargs="*", help="the message or the code; nothing: from standard input")
    explained.set_defaults(command="explain-error")

    serving = commands.add_parser(
        "serve", parents=[common], help="run the token server", description=_SERVE_HELP, epilog=_CREDENTIALS_HELP
    )
    serving.add_argument("--port", type=_integer, help="default: the environment's PORT, or 3000; 0 for any free one")
    serving.add_argument("--host", default="127.0.0.1", help="other than 127.0.0.1: needs AGORA_ACCESS=keys")
    serving.add_argument(
        "--practice", action="store_true", help="a practice project: Agora's Web SDK, no account, no network"
    )
    serving.set_defaults(command="serve")
    return made


def _integer(text: str) -> int:
    if re.fullmatch(r"-?[0-9]{1,30}", text):
        return int(text)
    raise argparse.ArgumentTypeError("must be a whole number")
