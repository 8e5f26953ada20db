"""The WebSockets of Agora's Signaling SDK, led to the model of its server."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

from starlette.websockets import WebSocket

from ..practice.signaling import SignalingLink, SignalingServer

_UNSUPPORTED, _POLICY_VIOLATION = 1003, 1008


def signaling_socket(server: SignalingServer) -> Callable[[WebSocket], Awaitable[None]]:
    """Return the endpoint of a ``WebSocketRoute`` for the SDK's connections to a Signaling server.

    The server's clock decides when a client is warned and put out, also if it is moved in another thread.
    """

    async def serve(websocket: WebSocket) -> None:
        if websocket.headers.get("origin") not in (None, f"http://{websocket.url.netloc}"):
            return await websocket.close(_POLICY_VIOLATION)  # of another site: any page can open a WebSocket here
        await websocket.accept()
        woken = asyncio.Event()
        wake = partial(asyncio.get_running_loop().call_soon_threadsafe, woken.set)
        link = server.connect(wake)
        unsubscribe = server.project.clock.subscribe(wake)
        sender = asyncio.create_task(_send(websocket, server, link, woken))
        try:
            await _receive(websocket, link)
        finally:
            unsubscribe()
            link.close()
            sender.cancel()
            with suppress(asyncio.CancelledError):
                await sender

    return serve


async def _receive(websocket: WebSocket, link: SignalingLink) -> None:
    """Pass on frames until the client is gone."""
    while (message := await websocket.receive())["type"] == "websocket.receive":
        if (frame := message.get("bytes")) is None:
            link.close(_UNSUPPORTED, "The SDK sends binary frames.")
        else:
            link.receive(frame)


async def _send(websocket: WebSocket, server: SignalingServer, link: SignalingLink, woken: asyncio.Event) -> None:
    """Send frames, and let the server know when time has passed, until the link is closed."""
    while True:
        woken.clear()
        server.tick()
        for frame in link.take():
            await websocket.send_bytes(frame)
        if link.closed:
            return await websocket.close(*link.closed)
        moment = server.next_moment()
        seconds = math.inf if moment is None else server.project.clock.seconds_until(moment)
        with suppress(TimeoutError):
            await asyncio.wait_for(woken.wait(), None if seconds == math.inf else seconds)
