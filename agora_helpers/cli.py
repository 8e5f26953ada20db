"""The command line, ``agora-helpers`` or ``python -m agora_helpers``: the parser and what it calls.

Exit status: 0 yes, 1 no (not a token, or rejected), 2 wrong usage. The App Certificate never comes from
an argument, where other users of the machine could read it.
"""

from __future__ import annotations

import argparse
import codecs
import errno
import io
import json
import os
import re
import shutil
import sys
import time
from collections.abc import Iterable
from dataclasses import asdict
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

from .constants import Role
from .credentials import Credentials, disabled_from_env, project_from_env, secondary_from_env
from .display.tables import escape_unprintable
from .display.terminal import (
    Span,
    audit_spans,
    bytes_spans,
    explanation_spans,
    notes_spans,
    render,
    replace_unencodable,
    shorten_tokens,
    token_spans,
    verdict_spans,
)
from .errors import AgoraHelpersError, ErrorCode, InputError, TokenFormatError
from .sdk_errors.lookup import explain_error
from .secret import Secret, hide
from .tokens.builders import (
    build_chat_app_token,
    build_chat_token,
    build_convoai_token,
    build_rtc_rtm_token,
    build_rtc_token,
    build_rtm_token,
)
from .tokens.decoder import decode
from .tokens.repairs import find_tokens, repair
from .verification.verifier import Verdict, verify

if TYPE_CHECKING:
    from .server.settings import Settings

YES, NO, USAGE, INTERRUPTED = 0, 1, 2, 130
STANDARD_INPUT = "-"


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status.

    Args:
        arguments: the words after ``agora-helpers``; those of this process by default.

    >>> main(["decode", "--json", "hello"])
    {"error": {"field": "version", "code": "MALFORMED", "message": "version (character 0): ...
    1
    """
    _prepare_streams()
    try:
        try:
            return _run(parser().parse_args(arguments))
        finally:
            sys.stdout.flush()
    except OSError as error:
        if error.errno not in _CANNOT_WRITE:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python would try to write the rest at its end
        if error.errno != errno.EPIPE:  # the program that reads our output, for instance head, has seen enough
            print(f"agora-helpers: standard output: cannot be written ({error.strerror}).", file=sys.stderr)
        return NO


_CANNOT_WRITE = {errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}
"""System errors by which standard output ends: a closed pipe, a full disk, a terminal that is gone."""


def _prepare_streams() -> None:
    """Replace characters that a stream's encoding does not have. In place of a closed stream open the null device."""
    codecs.register_error(_UNENCODABLE, replace_unencodable)
    for name, mode, errors in (
        ("stdin", "r", "replace"),
        ("stdout", "w", _UNENCODABLE),
        ("stderr", "w", _UNENCODABLE),
    ):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=errors)


_UNENCODABLE = "agora_helpers.plain_signs"


def _run(options: argparse.Namespace) -> int:
    try:
        status: int = options.run(options)
    except AgoraHelpersError as error:
        if options.json:
            print(json.dumps({"error": _error_dict(error)}))
        else:
            print(f"agora-helpers: {_message(error)}", file=sys.stderr)
        return NO if isinstance(error, TokenFormatError) else USAGE
    except KeyboardInterrupt:
        return INTERRUPTED
    return status


# Errors in the words of the command line

_OPTIONS = {
    name: "--" + name.replace("_", "-")
    for name in (
        *(
            "account",
            "app",
            "expires_in",
            "form",
            "header",
            "host",
            "json_body",
            "method",
            "now",
            "own_project",
            "port",
        ),
        *("report", "role", "roles", "salt", "uid", "version", "workers"),
    )
} | {"origins": "--allow-origin"}
"""The option of each field that has one."""
_HINTS: dict[str, str] = {
    ErrorCode.UID_FOR_ANYONE: "Pass the client's own uid. If you really want a token for any client, use "
    "build rtc and add --allow-any-uid.",
    ErrorCode.PLACEHOLDER_NAME: "Pass the name itself. If this really is the name, add --allow-placeholder-names.",
    "NOT_YOURS": "Audit only your own servers. If this one is yours, add --yes-this-is-my-server.",
    ErrorCode.UID_TOO_LARGE: "A uid is 1 to 4294967295 (32 bits). Use --account for a larger id.",
}
"""What to do by an error's code, where ``hint`` speaks of Python's arguments."""
_CHOICES = {"role": "Use publisher or subscriber.", "version": "Use 007 or 006."}
"""What to do by field, where only an unknown word can be wrong."""


def _message(error: AgoraHelpersError) -> str:
    if isinstance(error, TokenFormatError):
        return str(error)  # about a place in the token, and no option
    hint = _CHOICES.get(error.field) or _HINTS.get(error.code, error.hint)
    return f"{_OPTIONS.get(error.field, error.field)}: {error.problem}" + (f" {hint}" if hint else "")


def _error_dict(error: AgoraHelpersError) -> dict[str, Any]:
    body: dict[str, Any] = {"field": error.field, "code": error.code, "message": _message(error)}
    if isinstance(error, TokenFormatError):
        body |= {"offset": error.offset, "where": error.where}
    return body


# The parser

_CREDENTIALS_HELP = """\
The App ID and App Certificate come from the environment (AGORA_APP_ID, AGORA_APP_CERTIFICATE) or from the
nearest .env file. --demo uses the sample pair that Agora publishes: its tokens are well formed, but no real project
accepts them."""

_VERIFY_HELP = f"""\
Check a token's format, signature, times and names. Exit status: 0 only if all four are right, 1 if one is wrong or was
not checked. Without the App Certificate everything but the signature is checked; set AGORA_APP_ID alone to compare the
App ID. {_CREDENTIALS_HELP} AGORA_SECONDARY_CERTIFICATE is tried, too. A token that was signed with one of the
AGORA_DISABLED_CERTIFICATES (separated by commas) is reported as such."""

_SERVE_HELP = """\
Run the token server: POST /rtctoken, /rtmtoken, /token and /chattoken. By default it listens on this machine only,
and anyone here can request a token. With AGORA_ACCESS=keys, callers need one of the AGORA_API_KEYS (separated by
commas), sent as Authorization: Bearer KEY. Browser pages can call it if their origin is in AGORA_ALLOWED_ORIGINS
(separated by commas). On this machine, or with AGORA_PAGES=on, it also serves three pages: /try sends a request,
/inspect explains a token or an error message, /client joins a channel with Agora's Web SDK. The SDK comes from
AGORA_WEB_SDK (a file or an https address), or from Agora's download address."""

_PRACTICE_HELP = """\
Run a practice project for the tests of your app: Agora's own Web SDKs join, renew and are rejected with no account and
no network. Load /redirect.js before the SDK, move the clock with POST /clock, ban with POST /ban, read GET /sessions;
GET / lists the rest. It listens on this machine only, and responds to programs and to the pages of --allow-origin."""
_PRACTICE_EPILOG = """\
The project uses the sample pair that Agora publishes, with --own-project your App ID and App Certificate from the
environment (AGORA_APP_ID, AGORA_APP_CERTIFICATE) or from the nearest .env file."""

_AUDIT_HELP = """\
Find out what is wrong with a token server, whoever wrote it. Sends at most 60 requests, one after the other, some of
them malformed, and reports each fault with what can happen and what to do. In the target and the body, {channel},
{uid}, {account}, {user}, {role}, {publisher} and {expires_in} stand for what a client sends. With AGORA_APP_ID and
AGORA_APP_CERTIFICATE in the environment or .env it also checks signatures and searches the replies for the certificate.
Exit status: 0 no error, 1 errors, 2 wrong usage or no token."""
_AUDIT_EPILOG = """\
Example: agora-helpers audit http://localhost:3000/rtctoken --json-body '{"channel": "{channel}", "isPublisher":
{publisher}}'"""


class _Parser(argparse.ArgumentParser):
    """A parser whose errors repeat no token, and no control characters of an argument: a terminal would obey them."""

    def error(self, message: str) -> NoReturn:
        super().error(escape_unprintable(shorten_tokens(message)))


class _Version(argparse.Action):
    """Print the version. Only this reads the metadata of packages, whose import would slow every other command."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from importlib.metadata import version

        print(f"agora-helpers {version('agora-helpers')}")
        parser.exit()


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line. ``run`` of its result is the command's function."""
    root: argparse.ArgumentParser = _Parser(
        prog="agora-helpers",
        description="Build, decode and verify the tokens that clients need to join Agora channels.",
        epilog="Try: agora-helpers build rtc lobby --uid 7 --demo",
    )
    root.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--json", action="store_true", help="print one JSON object instead of text")
    common.add_argument("--demo", action="store_true", help="use Agora's published sample credentials")
    commands = root.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_build(commands, common)
    _add_decode_and_verify(commands, common)

    explaining = commands.add_parser("explain-error", parents=[common], help="explain an error of Agora's SDKs")
    explaining.add_argument("text", nargs="*", help="the message or the code (default: read standard input)")
    explaining.set_defaults(run=_explain_error)

    _add_audit(commands, common)

    serving = commands.add_parser(
        "serve", parents=[common], help="run the token server", description=_SERVE_HELP, epilog=_CREDENTIALS_HELP
    )
    serving.add_argument("--port", type=_integer, help="default: PORT of the environment, or 3000; 0: any free port")
    serving.add_argument("--host", default="127.0.0.1", help="any other than 127.0.0.1 needs AGORA_ACCESS")
    serving.add_argument("--workers", type=_integer, default=1, metavar="NUMBER", help="processes (default: 1)")
    serving.add_argument(
        "--app", metavar="MODULE:FACTORY", help="run the app that your own function returns, with its own access policy"
    )
    serving.add_argument(
        "--practice", action="store_true", help="run a practice project for Agora's Web SDK: no account, no network"
    )
    serving.add_argument(
        "--own-project", action="store_true", help="with --practice: use your own credentials, not Agora's sample pair"
    )
    serving.set_defaults(run=_serve)

    practising = commands.add_parser(
        "practice",
        parents=[common],
        help="run a practice project for the tests of your app",
        description=_PRACTICE_HELP,
        epilog=_PRACTICE_EPILOG,
    )
    practising.add_argument("--port", type=_integer, default=4500, help="default: 4500; 0: any free one")
    practising.add_argument(
        "--allow-origin",
        action="append",
        default=[],
        metavar="ORIGIN",
        help="of the pages under test, such as http://localhost:5173; may be repeated",
    )
    practising.add_argument(
        "--own-project", action="store_true", help="use your own credentials, not Agora's sample pair"
    )
    practising.set_defaults(run=_practice)
    return root


def _add_build(commands: Any, common: argparse.ArgumentParser) -> None:
    build = commands.add_parser("build", help="build a token", description="Build a token.", epilog=_CREDENTIALS_HELP)
    kinds = build.add_subparsers(title="kinds", required=True, metavar="KIND")
    shared = argparse.ArgumentParser(add_help=False, parents=[common])  # by all kinds
    shared.add_argument(
        "--expires-in", type=_integer, default=3600, metavar="SECONDS", help="lifetime, 1 to 86400 (default: 3600)"
    )
    shared.add_argument(
        "--allow-placeholder-names",
        action="store_true",
        help="accept names that look like a variable without a value, such as undefined",
    )
    shared.add_argument("--now", type=_integer, metavar="UNIX_TIME", help="time of issue (default: now)")
    shared.add_argument("--salt", type=_integer, metavar="NUMBER", help="default: a random number")
    version = argparse.ArgumentParser(add_help=False)
    version.add_argument("--version", dest="token_version", default="007", metavar="006|007", help="default: 007")
    role = argparse.ArgumentParser(add_help=False)
    role.add_argument("--role", default=Role.SUBSCRIBER.value, metavar="ROLE", help="publisher or subscriber (default)")
    member = argparse.ArgumentParser(add_help=False)
    member.add_argument("channel", help="the channel's name, 1 to 63 characters")
    client = member.add_mutually_exclusive_group(required=True)
    client.add_argument("--uid", type=_integer, help="the client's integer uid, 1 to 4294967295")
    client.add_argument("--account", help="the client's user account, a string")

    def add_kind(name: str, *parents: argparse.ArgumentParser, what: str) -> argparse.ArgumentParser:
        parents = (shared, *parents)
        kind: argparse.ArgumentParser = kinds.add_parser(name, parents=parents, help=what, epilog=_CREDENTIALS_HELP)
        return kind

    rtc = add_kind("rtc", member, role, version, what="for a channel (audio and video)")
    rtc.add_argument("--allow-any-uid", action="store_true", help="with --uid 0: a token that any client can use")
    rtc.set_defaults(run=_build_rtc)

    rtm = add_kind("rtm", version, what="for messaging (Signaling)")
    rtm.add_argument("user", help="the RTM user id, 1 to 64 characters")
    rtm.set_defaults(run=_build_rtm)

    both = add_kind("both", member, role, what="for a channel and for messaging, in one token")
    both.add_argument("--user", help="the RTM user id (default: the account, or the uid as a string)")
    both.set_defaults(run=_build_both)

    chat = add_kind("chat", what="for a user of Chat, or for Chat's RESTful APIs")
    holder = chat.add_mutually_exclusive_group(required=True)
    holder.add_argument("user", nargs="?", help="the Chat user id, 1 to 64 of the characters a-z 0-9 _ - .")
    holder.add_argument("--app", action="store_true", help="an app token, which may manage all users")
    chat.set_defaults(run=_build_chat)

    convoai = add_kind("convoai", member, what="for an agent of Conversational AI")
    convoai.set_defaults(run=_build_convoai)


def _add_decode_and_verify(commands: Any, common: argparse.ArgumentParser) -> None:
    token = argparse.ArgumentParser(add_help=False, parents=[common])
    token.add_argument("token", nargs="?", default=STANDARD_INPUT, help="default, or -: read standard input")
    decoding = commands.add_parser("decode", parents=[token], help="show what a token contains; needs no key")
    decoding.add_argument("--notes", action="store_true", help="add what is wrong with it or unusual; needs no key")
    decoding.set_defaults(run=_decode)

    verifying = commands.add_parser(
        "verify", parents=[token], help="check a token against project and client", description=_VERIFY_HELP
    )
    verifying.add_argument("--channel", help="the channel that the client joins")
    client = verifying.add_mutually_exclusive_group()
    client.add_argument("--uid", type=_integer, help="the integer uid that it joins with")
    client.add_argument("--account", help="the user account that it joins with")
    verifying.add_argument("--user", help="the user id that it logs in with, to RTM or Chat")
    verifying.add_argument("--now", type=_integer, metavar="UNIX_TIME", help="check at this time (default: now)")
    verifying.add_argument("--partial", action="store_true", help="compare only what is given of the above")
    verifying.set_defaults(run=_verify)


def _add_audit(commands: Any, common: argparse.ArgumentParser) -> None:
    auditing = commands.add_parser(
        "audit",
        parents=[common],
        help="find out what is wrong with a token server",
        description=_AUDIT_HELP,
        epilog=_AUDIT_EPILOG,
    )
    auditing.add_argument("target", help="URL with placeholders, such as http://localhost:5000/token?channel={channel}")
    auditing.add_argument("--method", help="HTTP method (default: POST with a body, else GET)")
    body = auditing.add_mutually_exclusive_group()
    body.add_argument("--json-body", metavar="JSON", help="the body, with placeholders")
    body.add_argument("--form", metavar="FORM", help="the body as a form: channel={channel}&uid={uid}")
    auditing.add_argument(
        "--header", action="append", default=[], metavar="'NAME: VALUE'", help="sent with the requests, never shown"
    )
    auditing.add_argument(
        "--roles", default="publisher,audience", metavar="WORD,WORD", help="for {role} (default: publisher,audience)"
    )
    auditing.add_argument(
        "--fail-on", choices=("error", "warning"), default="error", help="severity that exits with 1 (default: error)"
    )
    auditing.add_argument("--report", metavar="FILE.md", help="also write the report as Markdown")
    auditing.add_argument("--verbose", action="store_true", help="announce each request on standard error")
    auditing.add_argument(
        "--yes-this-is-my-server", action="store_true", help="required for a server that is not on this machine"
    )
    auditing.set_defaults(run=_audit)


def _integer(text: str) -> int:
    if re.fullmatch(r"-?[0-9]{1,30}", text):
        return int(text)
    raise argparse.ArgumentTypeError("must be a whole number")


# The commands: each takes the parser's result and returns the exit status


def _build_rtc(options: argparse.Namespace) -> int:
    token = build_rtc_token(
        _credentials(options),
        options.channel,
        uid=options.uid,
        account=options.account,
        role=options.role,
        version=options.token_version,
        allow_any_uid=options.allow_any_uid,
        **_shared(options),
    )
    return _print_token(options, token)


def _build_rtm(options: argparse.Namespace) -> int:
    shared = _shared(options)
    token = build_rtm_token(_credentials(options), options.user, version=options.token_version, **shared)
    return _print_token(options, token)


def _build_both(options: argparse.Namespace) -> int:
    token = build_rtc_rtm_token(
        _credentials(options),
        options.channel,
        uid=options.uid,
        account=options.account,
        user=options.user,
        role=options.role,
        **_shared(options),
    )
    return _print_token(options, token)


def _build_chat(options: argparse.Namespace) -> int:
    credentials, shared = _credentials(options), _shared(options)
    if options.app:
        del shared["allow_placeholder_names"]  # there is no name
        return _print_token(options, build_chat_app_token(credentials, **shared))
    return _print_token(options, build_chat_token(credentials, options.user, **shared))


def _build_convoai(options: argparse.Namespace) -> int:
    client = {"uid": options.uid, "account": options.account}
    token = build_convoai_token(_credentials(options), options.channel, **client, **_shared(options))
    return _print_token(options, token)


def _shared(options: argparse.Namespace) -> dict[str, Any]:
    """Return the arguments that all builders take."""
    return {name: getattr(options, name) for name in ("expires_in", "allow_placeholder_names", "now", "salt")}


def _print_token(options: argparse.Namespace, token: str) -> int:
    print(json.dumps({"token": token, **decode(token).to_dict()}) if options.json else token)
    return YES


def _decode(options: argparse.Namespace) -> int:
    (token, *others), repairs = _repair(options)
    decoded, others_decoded = decode(token), [*map(decode, others)]
    if options.json:
        fields = [
            {"name": field.name, "start": field.start, "end": field.end, "raw": field.raw.hex()}
            for field in decoded.fields
        ]
        body = {**decoded.to_dict(), "expires_at": decoded.expires_at, "fields": fields}
        body |= {"others": [other.to_dict() for other in others_decoded]} if others else {}
        if options.notes:
            body["notes"] = [asdict(reason) for reason in verify(token, None).findings]
        print(json.dumps(body | ({"repairs": repairs} if repairs else {})))
    else:
        now, width = int(time.time()), _columns()
        spans = [*token_spans(decoded, now, width)]
        for number, other in enumerate(others_decoded, 2):
            spans += [Span(f"\n\nContents of token {number}\n\n", bold=True), *token_spans(other, now, width)]
        spans += notes_spans(verify(token, None), width) if options.notes else ()
        _print([*spans, *bytes_spans(token, decoded, width)])
    return YES


def _verify(options: argparse.Namespace) -> int:
    tokens, repairs = _repair(options)
    now = int(time.time()) if options.now is None else options.now
    credentials, app_id = (Credentials.demo(), None) if options.demo else project_from_env()
    own = credentials is not None and not options.demo
    verdict = verify(
        tokens,
        credentials,
        app_id=app_id,
        secondary_certificate=secondary_from_env() if own else None,
        disabled_certificates=disabled_from_env() if own else (),
        channel=options.channel,
        uid=options.uid,
        account=options.account,
        user=options.user,
        now=now,
        partial=options.partial,
    )
    if options.json:
        print(json.dumps(_verdict_dict(verdict) | ({"repairs": repairs} if repairs else {})))
    else:
        _print(verdict_spans(verdict, now, _columns()))
    return YES if verdict.ok and not repairs else NO  # Agora rejects the token as it was given


def _verdict_dict(verdict: Verdict) -> dict[str, Any]:
    return {
        "ok": verdict.ok,
        **{check.name: {"status": check.status, "detail": check.detail} for check in verdict.checks},
        "reasons": [asdict(reason) for reason in verdict.reasons],
        "compared": [{**asdict(row), "reason": row.reason and row.reason.code} for row in verdict.compared],
        "token": verdict.token and verdict.token.to_dict(),
    }


def _explain_error(options: argparse.Namespace) -> int:
    words = " ".join(options.text)
    text = _read_pasted("a message or a code") if words in ("", STANDARD_INPUT) else words
    explanations = explain_error(text)
    if options.json:
        print(json.dumps({"explanations": [asdict(explanation) for explanation in explanations]}))
    elif explanations:
        _print(explanation_spans(explanations, _columns()))
    else:
        print("No known Agora error found in this text. Pass the whole message, or only the code.")
    return YES if any(explanation.from_agora for explanation in explanations) else NO


def _audit(options: argparse.Namespace) -> int:
    from .audit import audit

    own, shows_progress = not options.demo, _is_terminal(sys.stderr) and not options.verbose
    credentials = project_from_env()[0] if own else Credentials.demo()
    try:
        report = audit(
            options.target,
            method=options.method,
            json_body=options.json_body,
            form=options.form,
            headers=dict(map(_header, options.header)),
            roles=_two_roles(options.roles),
            credentials=credentials,
            secondary_certificate=secondary_from_env() if own and credentials else None,
            this_is_my_server=options.yes_this_is_my_server,
            progress=_announce_verbosely if options.verbose else _show_progress if shows_progress else None,
        )
    finally:
        if shows_progress:
            print(end="\r\x1b[K", file=sys.stderr)  # the line of _show_progress
    if options.report:
        try:
            Path(options.report).write_text(report.to_markdown(), encoding="utf-8")
        except OSError as error:
            raise InputError("report", f"cannot be written ({error.strerror}).", "Name another file.") from None
    if options.json:
        print(json.dumps(report.to_dict()))
    else:
        _print(audit_spans(report.to_text(min(_columns() or 100, 100))))
    return NO if report.has(options.fail_on) else YES


def _header(text: str) -> tuple[str, Secret]:
    name, colon, value = (hide(part) for part in hide(text).partition(":"))
    if not colon:
        raise InputError("header", "has no colon.", 'Write "Name: value".')
    return str(name.strip()), hide(value.strip())


def _two_roles(text: str) -> tuple[str, str]:
    words = [word.strip() for word in text.split(",")]
    if len(words) != 2 or not all(words):
        raise InputError("roles", "must be two words.", "Name the publisher's first: publisher,audience.")
    return words[0], words[1]


def _announce_verbosely(number: int, label: str) -> None:
    print(f"request {number}: {label}", file=sys.stderr)


def _show_progress(number: int, label: str) -> None:
    print(f"\r\x1b[Krequest {number}: {label}", end="", flush=True, file=sys.stderr)


def _needs_server_extra(command: str, missing: ModuleNotFoundError) -> InputError:
    hint = 'Install the extra "server": pip install -e ".[server]"'
    return InputError(command, f"needs the package {missing.name}.", hint, code=ErrorCode.MISSING)


def _serve(options: argparse.Namespace) -> int:
    try:
        import_module("granian")  # the server itself imports it only when it starts to listen
        from .server.app import serve
        from .server.engine import check_workers, load_app, run_in_foreground
        from .server.hosting import check_port, is_loopback
    except ModuleNotFoundError as missing:
        raise _needs_server_extra("serve", missing) from None
    port = options.port
    if port is None:
        variable = os.environ.get("PORT", "").strip() or "3000"
        port = check_port("PORT", int(variable) if re.fullmatch(r"[0-9]{1,5}", variable) else None)
    port, workers = check_port("port", port), check_workers(options.workers)
    if options.own_project and (options.demo or not options.practice):
        hint = "Run: agora-helpers serve --practice --own-project"
        raise InputError("own_project", "works only with --practice and without --demo.", hint)
    if options.app and (options.demo or options.practice):
        problem = "cannot be combined with --demo or --practice."
        raise InputError("app", problem, "The factory chooses its own credentials.")
    if options.practice and workers > 1:
        problem = "must be 1 in practice mode: the practice project is in one process."
        raise InputError("workers", problem, "Leave it out.", code=ErrorCode.OUT_OF_RANGE)
    demo = options.demo or (options.practice and not options.own_project)
    read_settings = partial(_settings, demo, options.practice or is_loopback(options.host))

    def announce(host: str, port: int) -> None:
        url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        lines = [f"Agora Auth Token Server on {url} (press Ctrl-C to stop it)"]
        settings = None if options.app else read_settings()
        if settings and settings.credentials.is_demo:
            lines.append("Using Agora's published sample credentials: no real project accepts these tokens.")
        if options.practice:
            lines.append(f"Practice mode: open {url}/client in a browser, or {url}/stage. Nothing leaves this machine.")
        elif settings and settings.pages:
            lines.append(f"Pages: {url}/try, {url}/inspect and {url}/client")
        print(json.dumps({"url": url}) if options.json else "\n".join(lines), flush=True)

    if options.app:
        run_in_foreground(partial(load_app, options.app), options.host, port, workers=workers, announce=announce)
    elif options.practice:
        from .practice_server.app import serve_practice

        serve_practice(read_settings, options.host, port, announce=announce)
    else:
        serve(read_settings, options.host, port, workers=workers, announce=announce)
    return YES


def _practice(options: argparse.Namespace) -> int:
    try:
        import_module("granian")
        from .practice_server.control import serve_control
        from .server.hosting import check_port
    except ModuleNotFoundError as missing:
        raise _needs_server_extra("practice", missing) from None
    port = check_port("port", options.port)
    if options.own_project and options.demo:
        raise InputError("own_project", "cannot be combined with --demo.", "Leave one of them out.")

    def announce(host: str, port: int) -> None:
        url = f"http://{host}:{port}"
        lines = [f"Agora practice project on {url} (press Ctrl-C to stop it)"]
        lines.append(f"Load {url}/redirect.js before Agora's SDK. {url}/ lists the rest.")
        if not options.allow_origin:
            lines.append("It rejects all pages: name the origin of yours with --allow-origin.")
        print(json.dumps({"url": url}) if options.json else "\n".join(lines), flush=True)

    read_credentials = Credentials.from_env if options.own_project else Credentials.demo
    serve_control(read_credentials, tuple(options.allow_origin), port, announce=announce)
    return YES


def _settings(demo: bool, local: bool) -> Settings:
    """Read the token server's settings. Each worker process calls it."""
    from .server.settings import Settings

    return Settings.from_env(Credentials.demo() if demo else None, local=local)


# What several commands share


def _credentials(options: argparse.Namespace) -> Credentials:
    return Credentials.demo() if options.demo else Credentials.from_env()


def _repair(options: argparse.Namespace) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the tokens, repaired, and the list of repairs. Report them on standard error too, unless in JSON."""
    text = _token(options)
    repaired = repair(text)
    if repaired.repairs and not options.json:
        print(f"agora-helpers: repaired: {'; '.join(repaired.repairs)}", file=sys.stderr)
    return find_tokens(text) or (repaired.token,), repaired.repairs


def _token(options: argparse.Namespace) -> str:
    if options.token != STANDARD_INPUT:
        return str(options.token)
    token = _read_pasted("a token").removesuffix("\n").removesuffix("\r")
    if not token:
        hint = "Pass it as an argument or on standard input."
        raise InputError("token", "is missing.", hint, code=ErrorCode.MISSING)
    return token


def _read_pasted(what: str) -> str:
    """Read standard input. At a terminal, first tell the person there what to paste."""
    if sys.stdin.isatty():
        print(f"Paste {what}, then press Ctrl-D (on Windows Ctrl-Z and Enter):", file=sys.stderr)
    return sys.stdin.read()


def _columns() -> int | None:
    """Return the width of the terminal; None if the output goes elsewhere, where long lines do no harm."""
    return max(shutil.get_terminal_size().columns, _NARROWEST) if sys.stdout.isatty() else None


_NARROWEST = 30
"""On a still narrower terminal lines are wrapped by the terminal."""


def _has_colors() -> bool:
    """Check whether to use colours, by the variables that most programs obey."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return _is_terminal(sys.stdout)


def _is_terminal(stream: TextIO) -> bool:
    """Check whether a stream is a terminal that obeys escape sequences. Windows' older console shows them as text."""
    obeys = os.name != "nt" or "WT_SESSION" in os.environ
    return stream.isatty() and os.environ.get("TERM") != "dumb" and obeys


def _print(spans: Iterable[Span]) -> None:
    print(render(spans, color=_has_colors()))
