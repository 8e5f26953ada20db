from __future__ import annotations

import pytest

from agora_helpers import decode
from agora_helpers.display.token import as_html, as_text, describe
from agora_helpers.tokens.services import privilege_times
from tests.support import NOW, VECTORS, Vector, payload, rebuild, table_cells, wrap


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_every_vector_is_described_whole(vector: Vector) -> None:
    decoded = decode(rebuild(vector))
    rows = describe(decoded, NOW)
    values = [row.value for row in rows]
    assert decoded.signature.hex() in values and str(decoded.salt) in values
    for service in decoded.services:
        for number, value in privilege_times(service).items():
            assert any(row.name.startswith(f"privilege {number},") and row.value == str(value) for row in rows)
    assert table_cells(as_html(rows, "caption")) == [["field", "value", "meaning"], *map(list, rows)]
    text = as_text(rows)
    assert all(row.name in text and row.value in text and row.meaning in text for row in rows)


def test_what_anyone_can_write_into_a_token_is_shown_harmless() -> None:
    vector = next(vector for vector in VECTORS if vector["version"] == "007" and len(vector["services"]) == 1)
    evil = "<script>\x1b[31m\u202e"
    service = next(s for s in vector["services"] if "channel_name" in s) | {"channel_name": evil}
    rows = describe(decode(rebuild(vector | {"services": [service]})))
    assert "<script>" not in as_html(rows, "<script>") and "&lt;script&gt;" in as_html(rows, "caption")
    assert "\x1b" not in as_text(rows) and "\\x1b" in as_text(rows) and "\\u202e" in as_text(rows)


def test_what_is_left_over_and_what_is_unknown_is_named() -> None:
    vector = next(vector for vector in VECTORS if vector["version"] == "007")
    longer = wrap("007", payload(rebuild(vector)) + b"\x01\x02")
    assert describe(decode(longer))[-2][:2] == ("left over", "01 02")
    unknown = next(v for v in VECTORS if any(s["name"] == "unknown" for s in v["services"]))
    assert any("unknown" in row.meaning for row in describe(decode(rebuild(unknown))))


def test_the_end_is_told_as_a_distance_too() -> None:
    vector = next(vector for vector in VECTORS if vector["version"] == "007")
    decoded = decode(rebuild(vector))
    (lifetime,) = [row for row in describe(decoded, decoded.expires_at + 180) if row.name == "lifetime"]
    assert lifetime.meaning.endswith("(3 min ago)")
    assert "ago" not in as_text(describe(decoded))
