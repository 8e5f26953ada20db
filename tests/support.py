"""What several tests share: the vectors, how to build from them, and tokens of the demo project."""

from __future__ import annotations

import asyncio
import base64
import json
import re
import socket
import time
import zlib
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, TypeVar

from agora_helpers import Credentials, UnknownService, build_rtc_token, build_rtm_token
from agora_helpers.tokens import v006, v007
from agora_helpers.tokens.services import SERVICE_CLASSES, Service
from agora_helpers.tokens.wire import pack_privileges

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[1]
Vector = dict[str, Any]
_DATA: dict[str, Any] = json.loads((ROOT / "tests/vectors/tokens.json").read_text(encoding="utf-8"))
VECTORS: list[Vector] = _DATA["vectors"]
NEGATIVES: list[Vector] = _DATA["negatives"]
BUILD_INPUTS: list[Vector] = _DATA["build_inputs"]
ABOVE_OUR_LIMITS = {"007-neg-061", "007-neg-067"}
"""Negatives that a strict decoder reads, and this package does not: 65,535 services, and 1 MB of zeros."""

NOW, SALT = 1_700_000_000, 1
DEMO = Credentials.demo()


def rtc(channel: str = "lobby", *, credentials: Credentials = DEMO, **options: Any) -> str:
    """Build the RTC token that most tests start from: for uid 7 (if no ``account`` is given), issued at NOW."""
    client = {} if "account" in options else {"uid": 7}
    return build_rtc_token(credentials, channel, **{"now": NOW, "salt": SALT, **client, **options})


def rtm(user: str = "alice", *, credentials: Credentials = DEMO, **options: Any) -> str:
    """Build the RTM token that most tests start from, issued at NOW."""
    return build_rtm_token(credentials, user, **{"now": NOW, "salt": SALT, **options})


def vectors(version: str) -> list[Vector]:
    return [vector for vector in VECTORS if vector["version"] == version]


def service_of(data: Vector) -> Service | UnknownService:
    privileges = {int(number): value for number, value in data["privileges"].items()}
    if data["name"] == "unknown":
        return UnknownService(data["type"], pack_privileges(privileges))
    values: Vector = {}
    service = SERVICE_CLASSES[data["type"]]
    for attribute, wire_name, kind, *_ in service.parts:
        value = data[wire_name]
        if kind == "permissions":
            value = {int(r): {int(k): tuple(names) for k, names in kinds.items()} for r, kinds in value.items()}
        values[attribute] = value
    return service(privileges=privileges, **values)


def rebuild(vector: Vector) -> str:
    """The vector's token from its values, through the unvalidated writer of its version."""
    pair = (vector["app_id"], vector["app_certificate"])
    if vector["version"] == "006":
        (service,) = vector["services"]
        privileges = {int(number): value for number, value in service["privileges"].items()}
        names = (service["channel_name"], service["uid"])
        return v006.encode(*pair, *names, privileges, ts=vector["issued_at"], salt=vector["salt"])
    services = [service_of(service) for service in vector["services"]]
    times = {"issued_at": vector["issued_at"], "expire": vector["expire"], "salt": vector["salt"]}
    return v007.encode(*pair, services, **times)


def payload(token: str) -> bytes:
    """The bytes that a token stands for, by the standard library alone."""
    if token.startswith("006"):
        return base64.b64decode(token[35:])
    return zlib.decompress(base64.b64decode(token[3:]))


def wrap(version_and_app_id: str, content: bytes) -> str:
    """The reverse of :func:`payload`."""
    if version_and_app_id.startswith("007"):
        content = zlib.compress(content)
    return version_and_app_id + base64.b64encode(content).decode()


class _Cells(HTMLParser):
    """The texts of tables' cells, by row; a tag that is not closed is an error."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attributes: object) -> None:
        if tag in ("br", "wbr"):
            return
        self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if {"td", "th"} & set(self.open):
            self.rows[-1][-1] += data


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """What it returns; in a thread, since this one may have Playwright's event loop."""
    with ThreadPoolExecutor() as thread:
        return thread.submit(asyncio.run, coroutine).result()


def table_cells(html: str) -> list[list[str]]:
    """The texts of all tables' cells, row by row."""
    parser = _Cells()
    parser.feed(html)
    assert not parser.open
    return parser.rows


def leave_early(port: int) -> None:
    """Send a request for a token, and hang up before the answer."""
    body = b'{"channel": "lobby"}'
    head = b"POST /rtctoken HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(head + body)
        time.sleep(0.1)


PYTHON_WORDS = re.compile(r"[a-z_]+=|[a-z]\(|[a-z]_[a-z]|\b(None|True|False|int|str|dict|list|tuple)\b")
"""What no message for a person at a terminal or a form may contain."""
