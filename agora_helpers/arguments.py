"""The command line's commands and options, with their help."""

from __future__ import annotations

import argparse
import re
from importlib.metadata import version

from .vocabulary import Role

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

    explained = commands.add_parser("explain-error", parents=[common], help="say what an error of Agora's SDKs means")
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
