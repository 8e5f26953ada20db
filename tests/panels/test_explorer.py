from __future__ import annotations

import pytest

from agora_helpers.panels import MechanismExplorer
from tests.panels.conftest import everything_in, html_of, text
from tests.support import DEMO, NOW


@pytest.fixture
def explorer() -> MechanismExplorer:
    return MechanismExplorer(DEMO, now=NOW, salt=1)


def choose(explorer: MechanismExplorer, **choices: str) -> None:
    for name, value in choices.items():
        explorer.controls[name].value = value


def test_it_starts_with_a_client_without_a_token(explorer: MechanismExplorer) -> None:
    assert explorer.answer.code == 15
    assert "dynamic use static key" in text(explorer)


def test_a_client_that_is_admitted(explorer: MechanismExplorer) -> None:
    choose(explorer, mechanism="app_id")
    assert explorer.answer.admitted
    assert "✓ Admitted." in text(explorer)


def test_a_token_where_the_app_id_is_enough(explorer: MechanismExplorer) -> None:
    choose(explorer, mechanism="app_id", case="a good token (007)")
    assert explorer.answer.code == 14
    assert "static use dynamic key" in text(explorer)


def test_another_surface_has_clients_of_its_own(explorer: MechanismExplorer) -> None:
    choose(explorer, mechanism="app_id", case="a good token (007)", surface="RTM: log in to messaging")
    assert explorer.case.name == "no token"
    assert explorer.answer.admitted
    choose(explorer, mechanism="token", case="an RTC token")
    assert "NO_RTM_PRIVILEGE" in text(explorer)
    assert "Who gets in (RTM 2.x)" in text(explorer)


def test_without_a_kernel_it_is_read_as_html(explorer: MechanismExplorer) -> None:
    html = html_of(explorer)
    for part in ("dynamic use static key", "Source:", "Who gets in (RTC Web)", "▸ no token"):
        assert part in html
    assert "<details>" not in html


def test_the_matrix_marks_the_answer(explorer: MechanismExplorer) -> None:
    assert "▸ Token" in text(explorer)
    assert "▸ no token" in text(explorer)
    choose(explorer, mechanism="app_id", case="an expired token")
    assert "▸ App ID" in text(explorer)
    assert "▸ expired" in text(explorer)
    assert "▸ ✗ static use dynamic key" in text(explorer)
    choose(explorer, surface="RTM: log in to messaging")
    assert "▸ no token" in text(explorer)
    assert text(explorer).count("▸") == 3


def test_the_certificate_is_nowhere(explorer: MechanismExplorer) -> None:
    assert DEMO.app_certificate not in everything_in(explorer)


def test_the_controls_have_labels(explorer: MechanismExplorer) -> None:
    labels = [control.description for control in explorer.controls.values()]
    assert labels == ["The project", "The client", "sends"]
