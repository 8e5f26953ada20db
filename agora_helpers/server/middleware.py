"""ASGI middleware that checks which name a request was sent to, and finds out which address it comes from."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection, Iterable

from starlette.types import ASGIApp, Receive, Scope, Send

from ..constants import UINT32_MAX
from .requests import CLOSE, HEALTH, RequestError, route_path, send_error

_remove_port = re.compile(":[0-9]*$").sub
_match_forwarded = re.compile(r"(?P<v4>[0-9.]+)(:[0-9]+)?|\[(?P<bracketed>.*)\](:[0-9]+)?|(?P<v6>.*)").fullmatch
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_MAX_PROXIES = 20
"""One request passes through at most so many proxies. Reading more addresses would only cost time."""
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class HostCheck:
    """ASGI middleware that rejects requests for another host, or with more than one ``Host`` header.

    A page of any origin can point its own name at this machine; its requests then carry that name (DNS rebinding).
    Starlette has a check of its own, but does not respond with JSON.

    Args:
        app: the app.
        hosts: the names of the server, in lower case, without port.
        advice: how to add names, for the error message; empty if that is not possible.
    """

    def __init__(
        self, app: ASGIApp, hosts: Collection[str], *, advice: str = "Set AGORA_ALLOWED_HOSTS to add others."
    ) -> None:
        self._app, self._hosts, self._advice = app, frozenset(hosts), advice

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or reject it with status 421, a WebSocket with 403."""
        if scope["type"] == "websocket" or (scope["type"] == "http" and route_path(scope) != HEALTH):
            hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
            if len(hosts) != 1 or _remove_port("", hosts[0]).lower() not in self._hosts:
                if scope["type"] == "websocket":
                    return await send({"type": "websocket.close", "code": 1008})
                problem = "is not a name of this server."
                hint = f"Its names are {', '.join(sorted(self._hosts))}. {self._advice}".rstrip()
                error = RequestError("WRONG_HOST", "Host", problem, hint, status=421, headers=CLOSE)
                return await send_error(send, error)
        await self._app(scope, receive, send)


class ClientAddress:
    """ASGI middleware that sets a request's client to the IP address that it comes from, in one notation.

    That is the address of the connection. If it is a trusted proxy's, the address is the last one in
    ``X-Forwarded-For`` that is not a trusted proxy's. An entry that is no address leaves the client unknown: a proxy
    may pass on anything.

    Args:
        app: the app.
        trusted_proxies: addresses and networks.
    """

    def __init__(self, app: ASGIApp, trusted_proxies: Collection[str] = ()) -> None:
        self._app, self._proxies = app, [ipaddress.ip_network(proxy) for proxy in trusted_proxies]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        client = scope.get("client")
        if client and (self._proxies or ":" in client[0]):
            address = parse_address(client[0])
            if self._is_proxy(address):
                address = self._forwarded_for(scope["headers"], address)
            scope["client"] = (str(address), client[1]) if address else None
        await self._app(scope, receive, send)

    def _is_proxy(self, address: Address | None) -> bool:
        return address is not None and any(address in network for network in self._proxies)

    def _forwarded_for(self, headers: Iterable[tuple[bytes, bytes]], proxy: Address | None) -> Address | None:
        entries = b",".join(value for name, value in headers if name == b"x-forwarded-for").decode("latin-1")
        address = proxy
        for entry in reversed(entries.rsplit(",", _MAX_PROXIES) if entries else ()):
            if not self._is_proxy(address):
                break
            match = _match_forwarded(entry.strip(" \t"))
            address = parse_address(match["v4"] or match["bracketed"] or match["v6"] or "") if match else None
        return address


def parse_address(text: str) -> Address | None:
    """Return an IP address; None if it is none. IPv4 in IPv6 notation (IPv4-mapped, NAT64) becomes IPv4.

    >>> parse_address("::ffff:192.0.2.1"), parse_address("64:ff9b::c000:201"), parse_address("fe80::1%eth0")
    (IPv4Address('192.0.2.1'), IPv4Address('192.0.2.1'), IPv6Address('fe80::1'))
    """
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & UINT32_MAX)
    return address.ipv4_mapped or ipaddress.IPv6Address(int(address))  # without the name of a network interface
