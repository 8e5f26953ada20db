"""Run an ASGI app with uvicorn in the background of a notebook or a test. The foreground is :mod:`.engine`'s.

In a browser tab Python has no sockets and no threads. There the app runs inside the client's call: see
:mod:`agora_helpers.server.in_process`.
"""

from __future__ import annotations

import errno
import ipaddress
import socket
import sys
import threading
import time
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Self

from ..errors import AgoraHelpersError, InputError
from .in_process import InProcess

if TYPE_CHECKING:
    import httpx2
    from starlette.types import ASGIApp

LOOPBACK = "127.0.0.1"


class BackgroundServer:
    """Runs an ASGI app on this machine's loopback interface, in a thread of its own.

    Running a notebook cell with ``server = ….start()`` again replaces the server: the old one stops as soon as nothing
    refers to it. Give it a name, because Jupyter keeps the value of a cell's last expression.

    Args:
        app: the app.
        port: 0 to 65535; 0 for any free one. Another BackgroundServer of this process on that port stops.
        websockets: whether the app has WebSockets; needs the extra ``practice``.

    Raises:
        InputError: ``port`` is not a port.
    """

    _run: _Run | InProcess | None = None  # also if an argument is rejected

    def __init__(self, app: ASGIApp, *, port: int = 0, websockets: bool = False) -> None:
        self._app, self._websockets = app, websockets
        self._requested_port = check_port("port", port)
        self._stop_run: Callable[[], object] = lambda: None

    def start(self) -> Self:
        """Start, or restart, and return when the server accepts requests.

        Raises:
            InputError: the port is in use by another program.
            AgoraHelpersError: the server did not start.
        """
        self.stop()
        if holder := _holders.get(self._requested_port):
            holder.stop()
        in_a_browser = sys.platform == "emscripten"
        if in_a_browser:
            self._run = InProcess(self._app)
        else:
            self._run = _Run(self._app, listen(LOOPBACK, self._requested_port), self._websockets)
        self._stop_run = weakref.finalize(self, self._run.stop)
        if self._run.port:
            _holders[self._run.port] = self
        return self

    def stop(self) -> None:
        """Stop, and free the port. Does nothing if the server is not running."""
        if self._run:
            _holders.pop(self._run.port, None)
            self._run = None
        self._stop_run()

    @property
    def running(self) -> bool:
        """Whether the server is running."""
        return self._run is not None

    @property
    def port(self) -> int:
        """The port that the server listens on."""
        return self._running().port

    @property
    def client(self) -> httpx2.Client:
        """An HTTP client for this server: ``server.client.post("/rtctoken", json={…})``."""
        return self._running().client

    def _running(self) -> _Run | InProcess:
        if self._run is None:
            raise AgoraHelpersError("server", "is not running.", "Start it: server.start().")
        return self._run

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        where = " in this browser tab, without a socket" if isinstance(self._run, InProcess) else ""
        return f"<{type(self).__name__}: {'running' if self.running else 'stopped'}{where}>"


_holders: weakref.WeakValueDictionary[int, BackgroundServer] = weakref.WeakValueDictionary()


class _Run:
    """One run of an app: its port, its thread, its client."""

    def __init__(self, app: ASGIApp, listener: socket.socket, websockets: bool) -> None:
        import httpx2  # both here, because a server in the foreground needs no client
        import uvicorn  # and a browser tab has no sockets

        self.port: int = listener.getsockname()[1]
        # uvloop leaks file descriptors; a notebook shows log lines in whichever cell happens to run
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
                http="h11",
                ws="wsproto" if websockets else "none",
                loop="asyncio",
                lifespan="off",
                log_config=None,
                log_level="critical",
                access_log=False,
                server_header=False,
                proxy_headers=False,  # anyone can send X-Forwarded-For
                timeout_graceful_shutdown=1,
            )
        )
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [listener]}, name="token server", daemon=True
        )
        self._thread.start()
        try:
            while not self._server.started and self._thread.is_alive():
                time.sleep(0.001)
            if not self._server.started:
                raise AgoraHelpersError("server", "did not start.", "Look for the reason in the kernel's log.")
            self.client = httpx2.Client(base_url=f"http://{LOOPBACK}:{self.port}", trust_env=False)
        except BaseException:  # also an interrupt: nothing could stop the thread later
            self._stop_thread()
            listener.close()
            raise

    def stop(self) -> None:
        self.client.close()
        self._stop_thread()

    def _stop_thread(self) -> None:
        self._server.should_exit = True
        if self._thread is not threading.current_thread():
            self._thread.join(timeout=10)


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach the address.

    >>> is_loopback("127.0.0.1"), is_loopback("0.0.0.0")
    (True, False)
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def check_port(field: str, port: object) -> int:
    """Check a port: 0 to 65535.

    Raises:
        InputError: it is something else; names ``field``.
    """
    if isinstance(port, int) and not isinstance(port, bool) and 0 <= port <= 65535:
        return port
    raise InputError(field, "is not a port.", "Use a number from 1024 to 65535, or 0 for any free one.")


def listen(host: str, port: int) -> socket.socket:
    """Return a listening TCP socket.

    Args:
        host: an address of this machine.
        port: 0 to 65535; 0 for any free one.

    Raises:
        InputError: the port is in use or reserved, or the host is not an address of this machine.
        OSError: the system refuses for another reason.
    """
    if not host:
        raise InputError(
            "host", "is empty.", "Use 127.0.0.1 for this machine only, or 0.0.0.0 for all of its addresses."
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=2048)
        # asyncio sets TCP_NODELAY only on sockets that name TCP. Without it each response takes 40 ms longer.
        return socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP, fileno=listener.detach())
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            problem, hint = "is in use by another program.", "Stop that program, or choose another port."
        elif error.errno == errno.EACCES:
            problem, hint = "is reserved by the system.", "Choose a port above 1023."
        elif error.errno == errno.EADDRNOTAVAIL or isinstance(error.__context__, socket.gaierror):
            raise InputError("host", "is not an address of this machine.", "Use 127.0.0.1 or 0.0.0.0.") from None
        else:
            raise
        raise InputError("port", problem, hint) from None
