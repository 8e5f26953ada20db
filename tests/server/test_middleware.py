"""Which address a request comes from, and the path prefix that an app is mounted under."""

from __future__ import annotations

import time
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from agora_helpers.server.access import ANYONE
from agora_helpers.server.access_log import LogEntry
from agora_helpers.server.app import create_app
from agora_helpers.server.settings import Settings
from tests.support import DEMO

PROXY = "10.0.0.7"


def app_with(log: list[LogEntry], **settings: Any) -> Starlette:
    return create_app(Settings(credentials=DEMO, log=log.append, **{"access": ANYONE} | settings))


def caller(address: str, *forwarded: str, proxies: tuple[str, ...] = (PROXY,)) -> str:
    """Return whom the log names for a request that says that it was forwarded for others."""
    log: list[LogEntry] = []
    headers = [("x-forwarded-for", value) for value in forwarded]
    app = app_with(log, trusted_proxies=proxies)
    TestClient(app, client=(address, 5)).get("/", headers=headers)
    return log[0].caller


@pytest.mark.parametrize(
    ("entry", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("192.0.2.1:5678", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("[::ffff:192.0.2.1]:5678", "192.0.2.1"),
        ("64:ff9b::c000:201", "192.0.2.1"),
        ("2001:DB8:0::1", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("fe80::1%eth0\x7f", "fe80::1"),
        ("\t192.0.2.1 ", "192.0.2.1"),
        ("6.6.6.6, 192.0.2.1, 10.0.0.7", "192.0.2.1"),
        ("6.6.6.6, 192.0.2.1, ::ffff:10.0.0.7", "192.0.2.1"),
        ("10.0.0.7", "10.0.0.7"),
        ("", "10.0.0.7"),
        ("evil", "unknown"),
        ("192.0.2.1, evil", "unknown"),
        ("192.0.2.1:", "unknown"),
        ("[2001:db8::1", "unknown"),
        ("192.0.2.1,", "unknown"),
        ("192.0.2.999", "unknown"),
    ],
)
def test_what_a_trusted_proxy_says(entry: str, address: str) -> None:
    assert caller(PROXY, entry) == address
    assert caller("10.0.0.8", entry) == "10.0.0.8", "anyone else can say what they like"


def test_several_headers_are_one_list() -> None:
    assert caller(PROXY, "6.6.6.6, 192.0.2.1", "10.0.0.7") == "192.0.2.1"


@pytest.mark.parametrize("proxy", ["10.0.0.7", "::ffff:10.0.0.7", "64:ff9b::a00:7"])
@pytest.mark.parametrize("trusted", ["10.0.0.7", "10.0.0.0/8"])
def test_a_proxy_is_trusted_in_every_notation_of_its_address(proxy: str, trusted: str) -> None:
    assert caller(proxy, "192.0.2.1", proxies=(trusted,)) == "192.0.2.1"
    assert caller(proxy, "192.0.2.1", proxies=("2001:db8::/32",)) == "10.0.0.7"


def test_addresses_without_end_take_no_time() -> None:
    log: list[LogEntry] = []
    client = TestClient(app_with(log, trusted_proxies=(PROXY,)), client=(PROXY, 5))
    started = time.perf_counter()
    client.get("/", headers={"x-forwarded-for": ",".join([PROXY] * 100_000)})
    assert log[0].caller == "unknown" and time.perf_counter() - started < 0.2


@pytest.mark.parametrize("notation", ["::ffff:192.0.2.{}", "64:ff9b::192.0.2.{}"])
@pytest.mark.parametrize("behind_a_proxy", [False, True])
def test_each_ipv4_address_has_a_limit_of_its_own_in_ipv6_notation_too(notation: str, behind_a_proxy: bool) -> None:
    log: list[LogEntry] = []
    app = app_with(log, rate_limit="1/hour", trusted_proxies=(PROXY,))
    for number in range(5):
        address = notation.format(number)
        headers = {"x-forwarded-for": address} if behind_a_proxy else {}
        client = TestClient(app, client=(PROXY if behind_a_proxy else address, 5))
        statuses = [client.post("/rtmtoken", json={"user": "a"}, headers=headers).status_code for _ in range(2)]
        assert statuses == [200, 429]
        assert log[-1].caller == f"192.0.2.{number}"


@pytest.mark.parametrize("prefix", ["", "/api", "/a/health"])
@pytest.mark.parametrize("mounted", [False, True])
def test_under_a_path_prefix_health_log_and_routes_are_the_same(prefix: str, mounted: bool) -> None:
    log: list[LogEntry] = []
    app = app_with(log, hosts=("tokens.example.com",), pages=True)
    client = TestClient(Starlette(routes=[Mount(prefix, app)])) if mounted else TestClient(app, root_path=prefix)
    here = {"host": "tokens.example.com"}
    assert client.get(f"{prefix}/health", headers={"host": "probe"}).status_code == 200
    assert client.get(f"{prefix}/openapi.json", headers={"host": "probe"}).status_code == 421
    assert client.post(f"{prefix}/rtctoken", json={"channel": "lobby"}, headers=here).status_code == 200
    assert client.get(f"{prefix}/try", headers=here).status_code == 200
    assert client.get(f"{prefix}/nothing", headers=here).status_code == 404
    assert [entry.path for entry in log] == ["/health", "/openapi.json", "/rtctoken", "/try", "?"]


def test_a_prefix_does_not_make_another_path_a_probe() -> None:
    """Only ``/health`` below the prefix is answered under any name."""
    app = app_with([], hosts=("tokens.example.com",))
    client = TestClient(app, root_path="/api")
    for path in ("/apihealth", "/api/api/health", "/api/rtctoken/health"):
        assert client.get(path, headers={"host": "probe"}).status_code == 421
