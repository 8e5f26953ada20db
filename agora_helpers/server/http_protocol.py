"""uvicorn's quick HTTP protocol, made safe for a server that anyone can reach."""

from __future__ import annotations

import re

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD_BYTES = 64 * 1024
"""Bytes of a request's line and headers, as uvicorn's other protocol allows them."""

_UPGRADE = re.compile(rb"(?i)(?<=\r\n)upgrade(?=:)")


class HttpProtocol(HttpToolsProtocol):
    """Heads of any size would be kept in memory, and to read them would hold up everybody: this one hangs up.

    A client that offers another protocol ("Upgrade: h2c", as Java's does) is answered in this one; the parser would
    take the body for something else (Kludex/uvicorn#2722).
    """

    _head = 0
    """Bytes of the head that is being read; -1 while a body is."""

    def data_received(self, data: bytes) -> None:
        """Bytes from the client, as they come."""
        if self._head >= 0:
            self._head += len(data)
            if b"pgrade" in data or b"PGRADE" in data:
                head, end, body = data.partition(b"\r\n\r\n")
                data = _UPGRADE.sub(b"ignored", head) + end + body
        super().data_received(data)
        if self._head > MAX_HEAD_BYTES and not self.transport.is_closing():
            self.transport.close()

    def on_headers_complete(self) -> None:
        """The body begins."""
        self._head = -1
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Another head may follow."""
        self._head = 0
        super().on_message_complete()
