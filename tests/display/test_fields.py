"""Panels, pages and the terminal call a field the same."""

from __future__ import annotations

import re

import pytest

from agora_helpers import decode
from agora_helpers.display.anatomy import anatomy_html, lines
from agora_helpers.display.fields import FIELDS, GROUPS_BY_LABEL, name_of
from agora_helpers.display.linked import linked_html
from agora_helpers.display.token import describe
from tests.support import NOW, VECTORS, Vector, rebuild, rtc, rtm


@pytest.mark.parametrize("vector", VECTORS[::7], ids=lambda vector: vector["id"])
def test_every_field_has_a_name_for_people(vector: Vector) -> None:
    decoded = decode(rebuild(vector))
    for line in lines(decoded):
        assert "_" not in line.name.label, line.field.name
        assert "length of length" not in line.name.label
        last = re.sub(r"\[\d+\]", "", line.field.name.rpartition(".")[2])
        assert last in {*FIELDS, "count", "length", "privileges"}, line.field.name


@pytest.mark.parametrize("vector", VECTORS[::7], ids=lambda vector: vector["id"])
def test_the_terminal_has_the_names_and_groups_of_the_panels(vector: Vector) -> None:
    decoded = decode(rebuild(vector))
    in_panel = {line.name.label: line.name.group for line in lines(decoded)}
    for row in describe(decoded, NOW):
        if row.name in in_panel and not row.name.startswith(("privilege", "role")):
            assert GROUPS_BY_LABEL[row.name] == in_panel[row.name]
    panel_only = {"privilege", "resource", "access", "resource name", "message", "unknown service"}
    names = {row.name for row in describe(decoded, NOW)}
    for label, group in in_panel.items():
        if label in GROUPS_BY_LABEL and group != "technical" and label not in panel_only:
            assert label in names, label


def test_two_fields_with_the_same_label_are_of_one_group() -> None:
    assert len({name.label for name in FIELDS.values()}) == len(FIELDS)
    assert name_of("extra").group == "technical"


def test_the_checksum_in_an_rtm_token_is_that_of_the_user() -> None:
    for token, label, group in (
        (rtm(version="006"), "checksum of the user id", "who"),
        (rtc(version="006"), "checksum of the channel", "what"),
    ):
        decoded = decode(token)
        (line,) = [line for line in lines(decoded) if line.field.name == "crc_channel_name"]
        assert line.name == (label, group)
        html = linked_html(token, decoded)
        assert f'{label} <code class="agora-quiet">crc_channel_name</code></th>' in html
        assert f"{label} <code>crc_channel_name</code></td>" in anatomy_html(token, decoded)
