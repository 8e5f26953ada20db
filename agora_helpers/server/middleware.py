"""Who may address the server, and what a proxy may say of where a request comes from: plain ASGI middleware."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from functools import lru_cache
from typing import Any

from .requests import CLOSE, HEALTH, RequestError, refuse


class HostCheck:
    """ASGI middleware that refuses requests which were meant for another host.

    A page of any origin can give its own name this machine's address; its requests then carry that name. (Starlette's
    own check does not answer in JSON.)

    Args:
        app: the app.
        hosts: the names under which it may be addressed, without port.
    """

    def __init__(self, app: Any, hosts: Collection[str]) -> None:
        self._app, self._hosts = app, frozenset(hosts)
        self._is_ours = lru_cache(maxsize=256)(self._names_us)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] == "http" and scope["path"] != HEALTH:
            named = [value for name, value in scope["headers"] if name == b"host"]
            if len(named) != 1 or not self._is_ours(named[0]):
                hint = f"It answers to {', '.join(sorted(self._hosts))}; AGORA_ALLOWED_HOSTS adds others."
                problem = "is not a name of this server."
                return await refuse(send, RequestError("WRONG_HOST", "Host", problem, hint, status=421, headers=CLOSE))
        await self._app(scope, receive, send)

    def _names_us(self, host: bytes) -> bool:
        return re.sub(":[0-9]*$", "", host.decode("latin-1")).lower() in self._hosts


class AddressCheck:
    """ASGI middleware for what a proxy says of a request's origin: what is no address is not believed."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass the request on."""
        if scope.get("client"):
            try:
                ipaddress.ip_address(scope["client"][0])
            except ValueError:
                scope["client"] = None
        await self._app(scope, receive, send)
