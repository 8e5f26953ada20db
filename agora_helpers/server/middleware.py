"""ASGI middleware that checks which name a request was sent to and where a proxy says that it comes from."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection

from starlette.types import ASGIApp, Receive, Scope, Send

from .requests import CLOSE, HEALTH, RequestError, send_error

_remove_port = re.compile(":[0-9]*$").sub


class HostCheck:
    """ASGI middleware that rejects requests for another host, or with more than one ``Host`` header.

    A page of any origin can point its own name at this machine; its requests then carry that name (DNS rebinding).
    Starlette has a check of its own, but does not respond with JSON.

    Args:
        app: the app.
        hosts: the names of the server, in lower case, without port.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        self._app, self._hosts = app, frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or reject it with status 421."""
        if scope["type"] == "http" and scope["path"] != HEALTH:
            hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
            if len(hosts) != 1 or _remove_port("", hosts[0]).lower() not in self._hosts:
                problem = "is not a name of this server."
                hint = f"Its names are {', '.join(sorted(self._hosts))}. Set AGORA_ALLOWED_HOSTS to add others."
                error = RequestError("WRONG_HOST", "Host", problem, hint, status=421, headers=CLOSE)
                return await send_error(send, error)
        await self._app(scope, receive, send)


class AddressCheck:
    """ASGI middleware that drops a client address which is not an IP address: a proxy may pass on anything.

    Args:
        app: the app.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope.get("client"):
            try:
                ipaddress.ip_address(scope["client"][0])
            except ValueError:
                scope["client"] = None
        await self._app(scope, receive, send)
