"""Run an ASGI app in the foreground with Granian, an HTTP server written in Rust.

Granian reads HTTP (with the library hyper) in Rust: heads are bounded, trailers never become headers, a body is never
executed as a request, and a client that pipelines without end waits. The app runs in worker processes.

This process waits for SIGINT, SIGTERM and SIGHUP, which a terminal sends when it is closed and ``nohup`` ignores. Each
of them ends all workers. Workers never see SIGINT and SIGHUP, which a terminal sends to all of them. They see SIGTERM
as soon as they can finish what they have begun, however early it was sent. They stop, too, when this process was
killed: otherwise they would keep the port.
"""

from __future__ import annotations

import asyncio
import errno
import gc
import logging
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from starlette.types import ASGIApp

from ..errors import ErrorCode, InputError
from .hosting import listen

MAX_HEAD_BYTES = 32 * 1024
"""Heads up to this size are always read. Larger ones are rejected with 431, at the latest above twice this size."""
HEAD_TIMEOUT_SECONDS = 10
"""For a request's head to arrive."""
UNREAD_TIMEOUT_SECONDS = 30
"""For a client to read. Granian has no such limit, so Linux has to enforce it. Other systems do not."""
DRAIN_TIMEOUT_SECONDS = 10
"""For requests that have begun, after SIGINT, SIGTERM or SIGHUP."""
MAX_WORKERS = 256
MAX_CONNECTIONS = 2048
"""Of one worker."""
MIN_FILES = 64
"""A worker opens about 30 files, besides its connections."""
_SPARE_FILES = 8
_OPEN_FILES = Path("/proc/self/fd")

_SIGNALS = [signal.Signals[name] for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
_HAS_SIGNAL_MASKS = hasattr(signal, "pthread_sigmask")  # Windows and browsers have none
_ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104
_LOGGING: dict[str, Any] = {
    "formatters": {"generic": {"format": "agora-helpers: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "generic", "stream": "ext://sys.stderr"}},
    "loggers": {"_granian": {"handlers": ["console"], "propagate": False}},
}
"""Of Granian's own messages, such as a worker's unexpected end. Standard output belongs to the access log."""


def check_workers(workers: object) -> int:
    """Check a number of worker processes: 1 to ``MAX_WORKERS``.

    Raises:
        InputError: it is something else; names ``workers``.

    >>> check_workers(2)
    2
    """
    if isinstance(workers, int) and not isinstance(workers, bool) and 1 <= workers <= MAX_WORKERS:
        return workers
    raise InputError("workers", "is not a number of processes.", f"Use 1 to {MAX_WORKERS}; one per core is enough.")


def load_app(target: str) -> ASGIApp:
    """Return the app that a factory creates.

    Args:
        target: ``MODULE:FACTORY``. The module is found as ``python -m`` finds it: also in the current directory.

    Raises:
        InputError: there is no such factory; names ``app``. Or whatever the factory raises.

    >>> load_app("agora_helpers.server")
    Traceback (most recent call last):
    agora_helpers.errors.InputError: app: names no factory. Write MODULE:FACTORY, such as tokens:create.
    """
    module_name, _, name = target.partition(":")
    if not (module_name and name):
        raise InputError("app", "names no factory.", "Write MODULE:FACTORY, such as tokens:create.")
    if "" not in sys.path:
        sys.path.insert(0, "")
    try:
        factory = getattr(import_module(module_name), name, None)
    except ModuleNotFoundError as error:
        if not f"{module_name}.".startswith(f"{error.name}."):
            raise  # one that the module imports
        hint = "Start the server in the module's directory, or add that directory to PYTHONPATH."
        raise InputError("app", "names a module that does not exist.", hint) from None
    if not callable(factory):
        raise InputError("app", "names no function of the module.", "Write MODULE:FACTORY.")
    return cast(ASGIApp, factory())


def run_in_foreground(
    load: Callable[[], ASGIApp],
    host: str,
    port: int,
    *,
    workers: int = 1,
    websockets: bool = False,
    announce: Callable[[str, int], object],
) -> None:
    """Run an app until SIGINT, SIGTERM or SIGHUP. Must be called in the main thread.

    A worker that dies is replaced. If its successor dies within 5 seconds, the server stops with exit status 1.

    Args:
        load: returns the app; called once in this process, so that its errors appear once, and in each worker. It must
            be a function of a module, or a ``partial`` of one, since not every system forks its processes.
        host: the address to listen on.
        port: 0 to 65535; 0 for any free one.
        workers: the number of worker processes.
        websockets: whether the app has WebSockets. The token server has none.
        announce: called in a thread, with host and port, as soon as the server accepts connections.

    Raises:
        InputError: the address cannot be used, or what ``load`` raises.
        SystemExit: workers died.
    """
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    check_workers(workers)
    load()
    with closing(listen(host, port)) as listener:  # Granian shares a port with whoever shares it: this one does not
        address, port = listener.getsockname()[:2]
    server = Granian(
        "agora_helpers",
        address=address,
        port=port,
        interface=Interfaces.ASGINL,
        workers=workers,
        respawn_failed_workers=True,
        workers_kill_timeout=DRAIN_TIMEOUT_SECONDS,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(max_buffer_size=MAX_HEAD_BYTES, header_read_timeout=HEAD_TIMEOUT_SECONDS * 1000),
        websockets=websockets,
        backlog=2048,
        backpressure=_max_connections(),
        log_level=LogLevels.error,
        log_dictconfig=_LOGGING,
    )

    def announce_when_it_listens() -> None:
        while not _accepts(_ANY_ADDRESS.get(address, address), port):
            time.sleep(0.01)
        with suppress(OSError):  # standard output is closed or full
            announce(host, port)

    hangup = getattr(signal, "SIGHUP", None)
    ignored = {hangup} if hangup and signal.getsignal(hangup) == signal.SIG_IGN else set()

    def stop_after_a_signal() -> None:
        signal.sigwait(set(_SIGNALS) - ignored)
        server.signal_handler_interrupt()  # type: ignore[no-untyped-call]

    if _HAS_SIGNAL_MASKS:
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)  # also in the threads and workers that start from here on
        _start_thread(stop_after_a_signal)
    _start_thread(announce_when_it_listens)
    server.serve(target_loader=partial(_load_in_worker, load), wrap_loader=False)


def _max_connections() -> int:
    """Return how many connections a worker accepts at once. Others wait until one of these is closed.

    Granian's limit is far above that of files that a process may open on many systems. Beyond that one it would retry
    without a pause.

    Raises:
        InputError: a process may open fewer than ``MIN_FILES`` files.
    """
    try:
        import resource  # Windows has none
    except ModuleNotFoundError:
        return MAX_CONNECTIONS
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= files < MIN_FILES:
        hint = f"Allow at least {MIN_FILES}, better 1024: ulimit -n 1024"
        raise InputError("open files", f"are limited to {files} on this system.", hint, code=ErrorCode.OUT_OF_RANGE)
    return MAX_CONNECTIONS if files < 0 else min(MAX_CONNECTIONS, max(files // 2, files - 100))


def _hang_up_on_clients_that_do_not_read(loop: asyncio.AbstractEventLoop) -> None:
    """Set the limit on the listening socket, from which connections inherit it, as soon as Granian has opened it."""
    for file in _OPEN_FILES.iterdir():
        try:
            candidate = socket.socket(fileno=int(file.name))
        except OSError:
            continue  # not a socket, or closed meanwhile
        try:
            if candidate.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                candidate.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_TIMEOUT_SECONDS * 1000)
                return
        finally:
            candidate.detach()
    loop.call_later(0.1, _hang_up_on_clients_that_do_not_read, loop)


def _watch_files(loop: asyncio.AbstractEventLoop) -> None:
    """Log an error, at most once a minute, if an app has opened so many files that connections cannot be accepted."""
    seconds = 1
    files: list[int] = []
    try:
        while len(files) < _SPARE_FILES:
            files.append(os.open(os.devnull, os.O_RDONLY))
    except OSError as error:
        if error.errno in (errno.EMFILE, errno.ENFILE):
            seconds = 60
            logging.getLogger(__name__).error("Out of file descriptors: connections have to wait. See ulimit -n.")
    for file in files:
        os.close(file)
    loop.call_later(seconds, _watch_files, loop)


def _load_in_worker(load: Callable[[], ASGIApp]) -> ASGIApp:
    app = load()
    gc.collect()
    gc.freeze()  # the app stays, so no collection needs to look at it: a twentieth of a request's time
    loop = asyncio.get_event_loop()
    loop.call_soon(_watch_files, loop)
    if sys.platform == "linux" and _OPEN_FILES.exists():
        loop.call_soon(_hang_up_on_clients_that_do_not_read, loop)
    parent = multiprocessing.parent_process()
    if parent and _HAS_SIGNAL_MASKS:
        # The loop runs as soon as Granian has set its handlers.
        unblock = partial(signal.pthread_sigmask, signal.SIG_UNBLOCK, (signal.SIGTERM,))
        loop.call_soon(unblock)
    if parent:

        def stop_after_the_parent() -> None:
            parent.join()
            os.kill(os.getpid(), signal.SIGTERM)

        _start_thread(stop_after_the_parent)
    return app


def _start_thread(target: Callable[[], object]) -> None:
    threading.Thread(target=target, name=target.__name__, daemon=True).start()


def _accepts(address: str, port: int) -> bool:
    try:
        with socket.create_connection((address, port), timeout=1):
            return True
    except OSError:
        return False
