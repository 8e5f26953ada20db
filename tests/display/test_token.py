from __future__ import annotations

from typing import Any

import pytest

from agora_helpers import RtcService, RtmService, build_rtc_token, build_rtm_token, decode
from agora_helpers.display.anatomy import lines
from agora_helpers.display.token import as_html, as_text, describe
from agora_helpers.tokens.services import privilege_times
from tests.support import DEMO, NOW, VECTORS, Vector, payload, rebuild, table_cells, wrap
from tests.verification.samples import sign_007


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_every_vector_is_described_whole(vector: Vector) -> None:
    decoded = decode(rebuild(vector))
    rows = describe(decoded, NOW)
    values = [row.value for row in rows]
    assert decoded.signature.hex() in values
    assert str(decoded.salt) in values
    privileges = [(row.name.split(",")[0], row.value) for row in rows if row.name.startswith("privilege ")]
    assert privileges == [
        (f"privilege {number}", str(value))
        for service in decoded.services
        for number, value in privilege_times(service).items()
    ]
    assert table_cells(as_html(rows, "caption")) == [["field", "value", "meaning"], *map(list, rows)]
    text = as_text(rows)
    assert [part for row in rows for part in row if part not in text] == []


def test_names_from_a_token_are_escaped() -> None:
    vector = next(vector for vector in VECTORS if vector["version"] == "007" and len(vector["services"]) == 1)
    evil = "<script>\x1b[31m\u202e"
    service = next(s for s in vector["services"] if "channel_name" in s) | {"channel_name": evil}
    rows = describe(decode(rebuild(vector | {"services": [service]})))
    assert "<script>" not in as_html(rows, "<script>")
    assert "&lt;script&gt;" in as_html(rows, "caption")
    assert "\x1b" not in as_text(rows)
    assert "\\x1b" in as_text(rows)
    assert "\\u202e" in as_text(rows)


def test_extra_bytes_are_shown() -> None:
    vector = next(vector for vector in VECTORS if vector["version"] == "007")
    longer = wrap("007", payload(rebuild(vector)) + b"\x01\x02")
    assert describe(decode(longer))[-2] == ("extra bytes", "01 02", "2 bytes after the last field, without a meaning")


def test_an_unknown_service_is_named() -> None:
    unknown = next(v for v in VECTORS if any(s["name"] == "unknown" for s in v["services"]))
    assert any("unknown" in row.meaning for row in describe(decode(rebuild(unknown))))


def test_with_a_time_the_lifetime_tells_how_long_ago_it_ended() -> None:
    vector = next(vector for vector in VECTORS if vector["version"] == "007")
    decoded = decode(rebuild(vector))
    (lifetime,) = [row for row in describe(decoded, decoded.expires_at + 180) if row.name == "lifetime"]
    assert lifetime.meaning.endswith("(3 min ago)")
    assert "ago" not in as_text(describe(decoded))


@pytest.mark.parametrize("version", ["006", "007"])
@pytest.mark.parametrize(
    ("role", "meaning"),
    [("publisher", "joins, and publishes audio, video and data"), ("subscriber", "joins and receives")],
)
def test_the_privileges_amount_to_a_role(version: Any, role: Any, meaning: str) -> None:
    decoded = decode(build_rtc_token(DEMO, "lobby", uid=7, role=role, version=version, now=NOW))
    assert ("role", role, meaning) in describe(decoded)
    (count,) = [line for line in lines(decoded) if line.field.name.endswith("privileges.count")]
    assert count.meaning == f"number of entries that follow; role: {role}"


@pytest.mark.parametrize("privileges", [{2: 60}, {1: 60, 2: 60}, {1: 60, 2: 60, 3: 60}, {}])
def test_other_privileges_are_of_neither_role(privileges: dict[int, int]) -> None:
    decoded = decode(sign_007(RtcService("lobby", "7", privileges)))
    (row,) = [row for row in describe(decoded) if row.name == "role"]
    assert row.value == "neither"
    assert decoded.to_dict()["services"][0]["role"] is None


@pytest.mark.parametrize("version", ["006", "007"])
def test_only_rtc_has_roles(version: Any) -> None:
    decoded = decode(build_rtm_token(DEMO, "alice", version=version, now=NOW))
    assert "role" not in [row.name for row in describe(decoded)]
    assert "role" not in decoded.to_dict()["services"][0]
    both = decode(sign_007(RtmService("alice", {1: 60}), RtcService("lobby", "7", {1: 60})))
    assert [(row.name, row.value) for row in describe(both) if row.name in ("service", "role")] == [
        ("service", "rtc"),
        ("role", "subscriber"),
        ("service", "rtm"),
    ]
