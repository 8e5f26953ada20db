"""uvicorn's HTTP protocol on httptools, with the protection that a server in the open network needs."""

from __future__ import annotations

import re

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD_BYTES = 64 * 1024
"""Largest request line and headers. uvicorn's protocol on h11 has the same limit."""

_UPGRADE = re.compile(rb"(?i)(?<=\r\n)upgrade(?=:)")


class HttpProtocol(HttpToolsProtocol):
    """Closes the connection when a request head exceeds ``MAX_HEAD_BYTES``, and ignores offers of other protocols.

    httptools alone buffers a head without limit and blocks the event loop. After an offer such as ``Upgrade: h2c``,
    which Java's HTTP client sends, it no longer reads the body as HTTP (Kludex/uvicorn#2722).
    """

    _head = 0
    """Bytes read of the current head; -1 while a body is read."""

    def data_received(self, data: bytes) -> None:
        """Handle bytes from the client."""
        if self._head >= 0:
            self._head += len(data)
            if b"pgrade" in data or b"PGRADE" in data:
                head, end, body = data.partition(b"\r\n\r\n")
                data = _UPGRADE.sub(b"ignored", head) + end + body
        super().data_received(data)
        if self._head > MAX_HEAD_BYTES and not self.transport.is_closing():
            self.transport.close()

    def on_headers_complete(self) -> None:
        """Handle the end of a head."""
        self._head = -1
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Handle the end of a request: another head may follow."""
        self._head = 0
        super().on_message_complete()
