"""A small honest token server, any part of which can be replaced by a fault."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from secrets import randbelow
from typing import Any
from urllib.parse import parse_qs

from agora_helpers.constants import RTM_LOGIN_006
from agora_helpers.errors import InputError
from agora_helpers.tokens import v006, v007
from agora_helpers.tokens.services import RtcService, RtmService
from agora_helpers.validation import check_channel, check_uid, check_user, looks_unset
from tests.support import DEMO

KEY = "Zk3rT9vXw1QpLm7sHd5uJy2e"
HEADERS = {"Authorization": f"Bearer {KEY}"}
PAIR = (DEMO.app_id, DEMO.app_certificate)
LIFETIME = 3600
ALL, JOIN = (1, 2, 3, 4), (1,)
TEMPLATE = '{"channel": "{channel}", "uid": {uid}, "isPublisher": {publisher}, "expiresIn": {expires_in}}'
NO_UID = '{"channel": "{channel}", "isPublisher": {publisher}}'
USER = '{"user": "{user}"}'


def rtc_007(channel: str, uid: str, publish: bool, lifetime: int) -> str:
    service = RtcService(channel, uid, dict.fromkeys(ALL if publish else JOIN, lifetime))
    return v007.encode(*PAIR, [service], issued_at=int(time.time()), expire=lifetime)


def rtc_006(channel: str, uid: str, publish: bool, lifetime: int) -> str:
    now = int(time.time())
    ends = dict.fromkeys(ALL if publish else JOIN, now + lifetime)
    return v006.encode(*PAIR, channel, uid, ends, ts=now + 86400)


def rtm_007(user: str) -> str:
    return v007.encode(*PAIR, [RtmService(user, {1: LIFETIME})], issued_at=int(time.time()), expire=LIFETIME)


def rtm_006(user: str) -> str:
    now = int(time.time())
    return v006.encode(*PAIR, user, "", {RTM_LOGIN_006: now + LIFETIME}, ts=now + 86400)


def strict_channel(value: Any) -> str:
    return check_channel(set_name(value))


def strict_user(value: Any) -> str:
    return check_user(set_name(value))


def set_name(value: Any) -> Any:
    if isinstance(value, str) and looks_unset(value):
        raise ValueError
    return value


def strict_publisher(value: Any) -> bool:
    if value is None:
        return False
    if not isinstance(value, bool):
        raise ValueError
    return value


def strict_lifetime(value: Any) -> int:
    lifetime = LIFETIME if value is None else value
    if not isinstance(lifetime, int) or not 60 <= lifetime <= LIFETIME:
        raise ValueError
    return lifetime


def strict_uid(value: Any) -> str:
    return str(check_uid(value))


def random_uid(value: Any) -> str:
    return str(1 + randbelow(2**31 - 1))


@dataclass
class Server:
    """An ASGI app. Each attribute is one of its habits."""

    channel: Callable[[Any], str] = strict_channel
    uid: Callable[[Any], str] = strict_uid
    publisher: Callable[[Any], bool] = strict_publisher
    lifetime: Callable[[Any], int] = strict_lifetime
    user: Callable[[Any], str] = strict_user
    rtc: Callable[[str, str, bool, int], str] = rtc_007
    rtm: Callable[[str], str] = rtm_007
    reply: Callable[[dict[str, Any]], bytes] = lambda values: json.dumps(values).encode()
    headers: dict[str, str] = field(default_factory=lambda: {"cache-control": "no-store"})
    error: tuple[int, bytes] = (400, b'{"error": "bad request"}')
    key: str = KEY
    cors: Callable[[str], str] = lambda origin: ""
    limit: int = 36
    parse: Callable[[bytes], Any] = json.loads
    requests: count[int] = field(default_factory=count)

    def respond(self, scope: Any, body: bytes) -> tuple[int, bytes]:
        headers = dict(scope["headers"])
        if next(self.requests) >= self.limit:
            return 429, b'{"error": "too many"}'
        if scope["method"] == "OPTIONS":
            return 405, b""
        if self.key and headers.get(b"authorization") != f"Bearer {self.key}".encode():
            return 401, b'{"error": "who are you?"}'
        try:
            if scope["method"] == "GET":
                values = {name: value[0] for name, value in parse_qs(scope["query_string"].decode()).items()}
            else:
                values = dict(self.parse(body))
            if scope["path"] == "/rtm":
                user = self.user(values.get("user"))
                return 200, self.reply({"token": self.rtm(user), "user": user})
            uid = self.uid(values.get("uid"))
            channel, publish = self.channel(values.get("channel")), self.publisher(values.get("isPublisher"))
            token = self.rtc(channel, uid, publish, self.lifetime(values.get("expiresIn")))
            return 200, self.reply({"token": token, "uid": uid})
        except (InputError, ValueError, TypeError):
            return self.error

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = (await receive()).get("body", b"")
        status, content = self.respond(scope, body)
        origin = dict(scope["headers"]).get(b"origin", b"").decode()
        headers = dict(self.headers) | ({"access-control-allow-origin": self.cors(origin)} if origin else {})
        pairs = [(name.encode(), value.encode()) for name, value in headers.items() if value]
        await send({"type": "http.response.start", "status": status, "headers": pairs})
        await send({"type": "http.response.body", "body": content})
