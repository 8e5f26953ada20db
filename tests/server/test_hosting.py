from __future__ import annotations

import gc
import os
import socket
import threading
import tracemalloc
from pathlib import Path

import httpx2
import pytest
from jupyter_client.manager import start_new_kernel
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from agora_helpers import AgoraHelpersError, InputError
from agora_helpers.server.hosting import BackgroundServer, check_port, is_loopback, listen


def app(says: str = "here") -> Starlette:
    async def answer(request: object) -> PlainTextResponse:
        return PlainTextResponse(says)

    return Starlette(routes=[Route("/", answer)])


def threads() -> int:
    return sum(thread.name == "token server" for thread in threading.enumerate())


def test_it_starts_answers_and_stops() -> None:
    server = BackgroundServer(app())
    assert repr(server) == "<BackgroundServer: stopped>"
    assert server.start() is server
    assert repr(server) == "<BackgroundServer: running>"
    port = server.port
    assert server.client.get("/").text == "here"
    assert threads() == 1
    server.stop()
    server.stop()  # does nothing
    assert threads() == 0
    listen("127.0.0.1", port).close()  # the port is free


def test_a_server_that_does_not_run_says_so() -> None:
    server = BackgroundServer(app())
    for _ in range(2):
        with pytest.raises(AgoraHelpersError, match=r"server: is not running. Start it: server.start\(\)."):
            _ = server.client
        with pytest.raises(AgoraHelpersError, match="is not running"):
            _ = server.port
        server.start().stop()


def test_with_starts_and_stops_it_whatever_happens() -> None:
    with pytest.raises(ZeroDivisionError), BackgroundServer(app()) as server:
        assert server.client.get("/").text == "here"
        _ = 1 / 0
    assert threads() == 0


def test_starting_again_is_starting_anew() -> None:
    with BackgroundServer(app()) as server:
        first = server.client
        assert server.start().client is not first
        assert server.client.get("/").text == "here"
        assert threads() == 1


def test_a_cell_that_is_run_again_replaces_the_server() -> None:
    """As in a notebook: the name is bound to the new server, and nothing else refers to the old one."""
    for number in range(3):
        server = BackgroundServer(app(str(number))).start()
        assert server.client.get("/").text == str(number)
    assert threads() == 1
    server.stop()


def test_a_port_is_never_in_use_by_a_server_of_the_same_process() -> None:
    old = BackgroundServer(app("old")).start()
    with BackgroundServer(app("new"), port=old.port) as new:
        assert new.client.get("/").text == "new"
        with pytest.raises(AgoraHelpersError, match="is not running"):
            _ = old.client
    assert threads() == 0


def test_a_server_that_has_moved_on_is_left_alone() -> None:
    with BackgroundServer(app("moved")) as moved:
        first_port = moved.port
        with listen("127.0.0.1", 0):
            moved.start()
        assert moved.port != first_port
        with BackgroundServer(app("new"), port=first_port) as new:
            assert (moved.client.get("/").text, new.client.get("/").text) == ("moved", "new")


def test_two_servers_at_once() -> None:
    with BackgroundServer(app("a")) as a, BackgroundServer(app("b")) as b:
        assert (a.client.get("/").text, b.client.get("/").text) == ("a", "b")


def test_a_port_that_another_program_has() -> None:
    with listen("127.0.0.1", 0) as other:
        server = BackgroundServer(app(), port=other.getsockname()[1])
        with pytest.raises(
            InputError, match=r"port: is in use by another program\. Stop that program, or choose another port\."
        ):
            server.start()
    assert threads() == 0
    assert repr(server) == "<BackgroundServer: stopped>"


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts open files as Linux does")
def test_ten_cycles_leave_no_thread_no_socket_and_no_memory_behind() -> None:
    def cycle() -> None:
        with BackgroundServer(app()) as server:
            assert server.client.get("/").text == "here"

    def held() -> tuple[int, int]:
        gc.collect()
        return threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))

    for _ in range(3):  # what is made once and kept
        cycle()
    before = held()
    tracemalloc.start()
    try:
        cycle()
        gc.collect()
        bytes_before, _ = tracemalloc.get_traced_memory()
        for _ in range(10):
            cycle()
        assert held() == before
        bytes_after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert bytes_after - bytes_before < 50_000, "a server that runs holds 30 KB: ten would be 300"


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_a_kernel_that_is_interrupted_keeps_its_server_and_one_that_restarts_leaves_nothing() -> None:
    with listen("127.0.0.1", 0) as unused:
        port = unused.getsockname()[1]
    start = f"""
from agora_helpers import Credentials
from agora_helpers.server import TokenServer
server = TokenServer(Credentials.demo(), port={port}).start()
"""
    ask = "print(server.client.get('/').text)"
    manager, client = start_new_kernel()
    try:

        def run(code: str) -> str:
            output: list[str] = []
            client.execute_interactive(
                code,
                timeout=30,
                output_hook=lambda message: output.append(
                    str(message["content"].get("text", message["content"].get("ename", "")))
                ),
            )
            return "".join(output).strip()

        assert run(start + ask) == "Agora Auth Token Server"
        client.execute("print('busy', flush=True); import time; time.sleep(60)")
        while client.get_iopub_msg(timeout=30)["content"].get("text") != "busy\n":
            pass
        assert httpx2.get(f"http://127.0.0.1:{port}/", trust_env=False).status_code == 200, "while a cell runs"
        manager.interrupt_kernel()
        client.get_shell_msg(timeout=30)
        assert run(ask) == "Agora Auth Token Server"
        manager.restart_kernel(now=True)
        client.wait_for_ready(timeout=30)
        assert run(start + ask) == "Agora Auth Token Server", "the port was free again"
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    listen("127.0.0.1", port).close()


def test_the_client_ignores_proxies_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with BackgroundServer(app()) as server:
        assert server.client.get("/").text == "here"


@pytest.mark.parametrize("port", [-1, 65536, "3000", None, True, 3000.0])
def test_what_is_no_port(port: object) -> None:
    with pytest.raises(InputError, match="PORT: is not a port"):
        check_port("PORT", port)


def test_addresses_that_cannot_be_used() -> None:
    with pytest.raises(InputError, match="host: is not an address of this machine"):
        listen("192.0.2.1", 0)  # reserved for documentation
    with pytest.raises(InputError, match="host: is not an address of this machine"):
        listen("no such host", 0)


def test_small_packets_do_not_wait_for_each_other() -> None:
    """What asyncio looks at before it sets TCP_NODELAY on a connection."""
    with listen("127.0.0.1", 0) as listener:
        client = socket.create_connection(listener.getsockname())
        connection, _ = listener.accept()
        assert connection.proto == socket.IPPROTO_TCP
        client.close()
        connection.close()


def test_loopback() -> None:
    assert all(map(is_loopback, ("127.0.0.1", "127.9.9.9", "localhost", "::1")))
    assert not any(map(is_loopback, ("0.0.0.0", "", "::", "192.168.0.1", "example.com", "127.evil.example")))


def test_ipv6() -> None:
    if Path("/proc/net").exists() and not Path("/proc/net/if_inet6").read_text(encoding="ascii").strip():
        return  # this machine has none
    with listen("::1", 0) as listener:
        assert listener.family == socket.AF_INET6


def test_an_interrupted_start_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(**_: object) -> None:
        raise KeyboardInterrupt

    server = BackgroundServer(app())
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr("httpx2.Client", interrupt)
        server.start()
    assert threads() == 0
    assert repr(server) == "<BackgroundServer: stopped>"
    with server:
        assert server.client.get("/").text == "here"


def test_a_server_that_does_not_start_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("uvicorn.Server.run", lambda *_, **__: None)
    with pytest.raises(AgoraHelpersError, match="server: did not start"):
        BackgroundServer(app()).start()


def test_no_address_at_all() -> None:
    with pytest.raises(InputError, match="host: is empty"):
        listen("", 0)
