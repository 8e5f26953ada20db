"""Running an ASGI app: in the background of a notebook or a test, or in the foreground, with uvicorn.

Where Python runs in a browser tab there are no sockets and no threads. There the app runs in the client's own call: see
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
from typing import TYPE_CHECKING, Any, Self

from ..errors import AgoraHelpersError, InputError
from .in_process import InProcess

if TYPE_CHECKING:
    import httpx2
    import uvicorn

LOOPBACK = "127.0.0.1"


class BackgroundServer:
    """An ASGI app on this machine's loopback, in a thread of its own.

    Args:
        app: the app.
        port: 0 for any free one. Another BackgroundServer of this process that has the port makes room for it.

    To run a notebook cell with ``server = ….start()`` again is to replace the server: the old one stops as soon as
    nothing refers to it. (Give it a name: Jupyter keeps what a cell shows as its last value.)

    Raises:
        InputError: ``port`` is not a port.
    """

    def __init__(self, app: Any, *, port: int = 0) -> None:
        self._app = app
        self._wanted_port = check_port("port", port)
        self._run: _Run | InProcess | None = None
        self._stop_run: Callable[[], object] = lambda: None

    def start(self) -> Self:
        """Start, or start again; returns when the server answers.

        Raises:
            InputError: another program has the port.
            AgoraHelpersError: the server did not start.
        """
        self.stop()
        if holder := _holders.get(self._wanted_port):
            holder.stop()
        in_a_browser = sys.platform == "emscripten"
        self._run = InProcess(self._app) if in_a_browser else _Run(self._app, listen(LOOPBACK, self._wanted_port))
        self._stop_run = weakref.finalize(self, self._run.stop)
        if self._run.port:
            _holders[self._run.port] = self
        return self

    def stop(self) -> None:
        """Stop, and free the port; does nothing if the server does not run."""
        if self._run:
            _holders.pop(self._run.port, None)
            self._run = None
        self._stop_run()

    @property
    def running(self) -> bool:
        """Has it been started, and not been stopped?"""
        return self._run is not None

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return self._running().port

    @property
    def client(self) -> httpx2.Client:
        """A client that talks to this server, for instance ``server.client.post("/rtctoken", json={…})``."""
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

    def __init__(self, app: Any, listener: socket.socket) -> None:
        import httpx2  # only here: a server in the foreground needs no client

        self.port: int = listener.getsockname()[1]
        # uvloop leaves file descriptors behind; a notebook shows what is logged in whatever cell happens to run
        self._server = _uvicorn(app, loop="asyncio", log_level="critical", timeout_graceful_shutdown=1)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [listener]}, name="token server", daemon=True
        )
        self._thread.start()
        try:
            while not self._server.started and self._thread.is_alive():
                time.sleep(0.001)
            if not self._server.started:
                raise AgoraHelpersError("server", "did not start.", "The kernel's log may say why.")
            self.client = httpx2.Client(base_url=f"http://{LOOPBACK}:{self.port}", trust_env=False)
        except BaseException:  # an interrupt, too: nobody could stop it later
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


def run_in_foreground(app: Any, host: str, port: int, *, announce: Callable[[str, int], object]) -> None:
    """Run an app until SIGINT or SIGTERM; ``announce`` is called with host and port when it listens.

    Raises:
        InputError: the address cannot be used.
    """
    listener = listen(host, port)
    announce(host, listener.getsockname()[1])
    _uvicorn(app, loop="auto", log_level="error", timeout_graceful_shutdown=10).run(sockets=[listener])


def _uvicorn(app: Any, **options: Any) -> uvicorn.Server:
    """Quiet, and without what these apps do not use."""
    import uvicorn  # only here: in a browser tab there is none

    try:
        from .http_protocol import HttpProtocol

        options["http"] = HttpProtocol
    except ModuleNotFoundError:  # httptools is not made for Windows; uvicorn's other protocol needs no such help
        options["http"] = "h11"
    return uvicorn.Server(
        uvicorn.Config(
            app,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,  # X-Forwarded-For is what anyone may send
            **options,
        )
    )


def is_loopback(host: str) -> bool:
    """Can only this machine reach it?"""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def check_port(field: str, port: object) -> int:
    """A port, 0 to 65535."""
    if isinstance(port, int) and not isinstance(port, bool) and 0 <= port <= 65535:
        return port
    raise InputError(field, "is not a port.", "Use a number from 1024 to 65535, or 0 for any free one.")


def listen(host: str, port: int) -> socket.socket:
    """A listening socket.

    Raises:
        InputError: the port is taken or not allowed, or the host is not an address of this machine.
        OSError: the system refuses for another reason.
    """
    if not host:
        raise InputError("host", "is empty.", "127.0.0.1 is this machine only, 0.0.0.0 every address of it.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        made = socket.create_server((host, port), family=family, backlog=2048)
        # It must say that it is TCP, or asyncio leaves small packets waiting for each other: 40 ms for each answer.
        return socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP, fileno=made.detach())
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            problem, hint = "is in use by another program.", "Stop that one, or choose another port."
        elif error.errno == errno.EACCES:
            problem, hint = "is reserved.", "Choose one above 1023."
        elif error.errno == errno.EADDRNOTAVAIL or isinstance(error.__context__, socket.gaierror):
            raise InputError("host", "is not an address of this machine.", "127.0.0.1 always is.") from None
        else:
            raise
        raise InputError("port", problem, hint) from None
