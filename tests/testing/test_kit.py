"""The practice Agora without a browser: what it is made of, and which addresses it answers."""

from __future__ import annotations

import re

import pytest

from agora_helpers import Credentials, InputError, Project
from agora_helpers.practice import Clock
from agora_helpers.testing import PracticeAgora
from agora_helpers.testing.bridge import REQUESTS, WEB_SOCKETS
from tests.support import DEMO, NOW, rtc

OTHER = Credentials("0" * 32, "f" * 32)


def test_without_arguments_it_is_a_project_of_the_sample_pair_that_requires_a_token() -> None:
    with PracticeAgora() as agora:
        assert (agora.project.app_id, agora.project.mechanism) == (DEMO.app_id, "token")
        assert agora.clock.running
        assert not agora.project.co_host_authentication
        assert (agora.sessions, agora.exchanges) == ((), [])


def test_the_arguments_are_those_of_its_project() -> None:
    agora = PracticeAgora(credentials=OTHER, mechanism="app_id", co_host_authentication=True, clock=Clock(NOW))
    assert (agora.project.app_id, agora.project.mechanism, agora.clock.now()) == (OTHER.app_id, "app_id", NOW)
    assert agora.project.co_host_authentication
    assert repr(agora) == f"<PracticeAgora: <Project {OTHER.app_id}: app_id>>"


def test_it_can_be_around_a_project() -> None:
    project = Project(OTHER, clock=Clock(NOW))
    agora = PracticeAgora.around(project)
    assert agora.project is project
    assert agora.clock is project.clock


def test_arguments_are_checked() -> None:
    with pytest.raises(InputError, match=r"^credentials: must be Credentials, not str\."):
        PracticeAgora("secret")  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"^mechanism: must be"):
        PracticeAgora(mechanism="none")  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"^clock: must be a Clock, not int\. Pass practice\.Clock\(time\)\."):
        PracticeAgora(clock=NOW)  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"^session: must be a session, not int\. Pass one of sessions\."):
        PracticeAgora().ban(7)  # type: ignore[arg-type]


@pytest.mark.parametrize("pattern", [REQUESTS, WEB_SOCKETS])
@pytest.mark.parametrize(
    ("address", "is_agora"),
    [
        ("webrtc2-ap-web-1.agora.io/api/v2/transpond/webrtc?v=2", True),
        ("WEB-2.statscollector.SD-RTN.com:443/events", True),
        ("127-0-0-1.edge.agora.io:4000", True),
        ("agora.io.example.com/api", False),
        ("notagora.io/api", False),
        ("app.example.com/?next=https://x.agora.io/", False),
        ("x.agora.io@example.com/", False),
    ],
)
def test_only_agoras_hosts_are_answered(pattern: re.Pattern[str], address: str, is_agora: bool) -> None:
    scheme = "https" if pattern is REQUESTS else "wss"
    assert bool(pattern.match(f"{scheme}://{address}")) == is_agora


@pytest.mark.parametrize(("issued", "is_old"), [(5, True), (3570, False)])
def test_the_report_says_when_the_token_server_goes_by_another_clock(issued: int, is_old: bool) -> None:
    agora = PracticeAgora(clock=Clock(NOW))
    connection = agora._media_server.join("lobby", uid=7, token=rtc())
    agora.clock.advance(3576)
    connection.renew(rtc(now=NOW + issued))
    assert ("Let the server take its time from the practice Agora's clock." in agora.report()) == is_old
