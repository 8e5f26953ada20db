"""Cases from the field: the verdict names the true cause, and the command line exits accordingly."""

from __future__ import annotations

import pytest

from agora_helpers.cli import main
from tests.field.cases import CASES, Case
from tests.field.clients import CLIENTS, Client

each_client = pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.mistake)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_true_cause_is_named(case: Case) -> None:
    assert case.is_right, str(case.answer)


@each_client
def test_the_true_cause_comes_first(client: Client) -> None:
    assert client.is_right, str(client.answer)


@each_client
def test_the_command_line_agrees(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(client.arguments) == client.exit_status
    assert client.first in capsys.readouterr().out or client.statuses[0] == "wrong"  # repaired, and then judged
