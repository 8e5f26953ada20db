"""The pytest plugin. It is loaded in every suite of an environment, so each fixture imports what it needs by itself."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from ..credentials import Credentials
    from ..practice.clock import Clock
    from ..practice.project import Project
    from ..server.app import TokenServer
    from .kit import PracticeAgora


@pytest.fixture
def agora_credentials() -> Credentials:
    """Return the sample pair that Agora publishes. Override it to test with a pair of your own."""
    from ..credentials import Credentials

    return Credentials.demo()


@pytest.fixture
def agora_clock() -> Clock:
    """Return the clock of project and token server. It shows the real time until a test moves it."""
    from ..practice.clock import Clock

    return Clock()


@pytest.fixture
def agora_project(agora_credentials: Credentials, agora_clock: Clock) -> Project:
    """Return a practice project that requires a token."""
    from ..practice.project import Project

    return Project(agora_credentials, clock=agora_clock)


@pytest.fixture
def agora_token_server(agora_credentials: Credentials, agora_clock: Clock) -> Iterator[TokenServer]:
    """Run a token server of the project on this machine; its address is ``http://127.0.0.1:{server.port}``.

    It is for the app's server and the test: no page of another origin may call it.
    """
    from ..server.app import TokenServer

    with TokenServer(agora_credentials, now=agora_clock.now) as server:
        yield server


_AGORA = pytest.StashKey["PracticeAgora"]()
"""Where a test has its practice Agora as soon as the fixture has it: another fixture, which uses it, may fail."""


@pytest.fixture
def practice_agora(agora_project: Project, request: pytest.FixtureRequest) -> Iterator[PracticeAgora]:
    """Return access point, media server and Signaling server of the project, for ``practice_agora.install(page)``.

    If the test fails, its report says whom they admitted, and why not.
    """
    from .kit import PracticeAgora

    with PracticeAgora.around(agora_project) as agora:
        request.node.stash[_AGORA] = agora
        yield agora
    del request.node.stash[_AGORA]


@pytest.hookimpl(hookwrapper=True)  # older versions of pytest know only this kind
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, None]:
    """Add what the practice Agora saw to the report of a failed test."""
    outcome = yield
    report = outcome.get_result()
    agora = getattr(item, "funcargs", {}).get("practice_agora", item.stash.get(_AGORA, None))
    if agora is not None and report.when != "teardown" and report.failed:
        report.sections.append(("practice Agora", agora.report()))
