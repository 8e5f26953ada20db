"""The WebSockets of the media server and of Signaling: pass frames between a browser and a model's connection."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Collection
from contextlib import suppress

from starlette.requests import HTTPConnection
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from ..errors import InputError
from ..practice.session import Connection, MediaServer
from ..practice.signaling import SignalingLink, SignalingServer

_UNSUPPORTED_DATA, _POLICY_VIOLATION, _TRY_AGAIN_LATER = 1003, 1008, 1013
_HTTP = {"ws": "http", "wss": "https"}


def own_origin(connection: HTTPConnection) -> str:
    """Return the origin of this server's pages, as the browser of a request knows it."""
    url = connection.url
    return f"{_HTTP.get(url.scheme, url.scheme)}://{url.netloc}"


def is_allowed(connection: HTTPConnection, origins: Collection[str]) -> bool:
    """Return whether a page of this server, or of one of the origins, sends the request. A program sends no origin."""
    allowed = {own_origin(connection), *origins}
    return all(origin in allowed for origin in connection.headers.getlist("origin"))


class SocketEndpoint:
    """ASGI app for one WebSocket: a connection to a media server, or to a Signaling server.

    Only pages of this server and of the allowed origins may open it. Otherwise any page in the same browser could:
    WebSockets know no CORS.

    Args:
        server: the server. Media servers exchange text, Signaling servers binary frames.
        origins: of other pages that may open it.
    """

    def __init__(self, server: MediaServer | SignalingServer, origins: Collection[str] = ()) -> None:
        self._server, self._origins = server, origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the WebSocket until either side closes it."""
        websocket = WebSocket(scope, receive, send)
        if "origin" not in websocket.headers or not is_allowed(websocket, self._origins):
            return await websocket.close(_POLICY_VIOLATION)
        loop, news = asyncio.get_running_loop(), asyncio.Event()

        def wake() -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(news.set)

        try:
            connection = self._server.connect(wake)
        except InputError:
            return await websocket.close(_TRY_AGAIN_LATER)
        unsubscribe = self._server.project.clock.subscribe(wake)  # what is due may be due at another time now
        sender = None
        try:
            await websocket.accept()
            sender = asyncio.create_task(self._send(websocket, connection, news))
            while (message := await websocket.receive())["type"] == "websocket.receive":
                text, frame = message.get("text"), message.get("bytes")
                if isinstance(connection, Connection) and text is not None:
                    connection.receive(text)
                elif isinstance(connection, SignalingLink) and frame is not None:
                    connection.receive(frame)
                else:
                    return await websocket.close(_UNSUPPORTED_DATA)
        finally:
            unsubscribe()
            connection.close()
            if sender:
                sender.cancel()

    async def _send(self, websocket: WebSocket, connection: Connection | SignalingLink, news: asyncio.Event) -> None:
        """Send what there is, and wait for more: until something happens, or becomes due."""
        with suppress(WebSocketDisconnect):  # the browser is gone: the receiver will know
            while True:
                news.clear()
                for frame in connection.take():
                    await (websocket.send_text(frame) if isinstance(frame, str) else websocket.send_bytes(frame))
                if connection.closed:
                    return await websocket.close(_POLICY_VIOLATION, connection.problem)
                due = self._server.seconds_until_due()
                try:
                    async with asyncio.timeout(None if math.isinf(due) else due):
                        await news.wait()
                except TimeoutError:
                    self._server.tick()
