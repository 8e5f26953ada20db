from __future__ import annotations

from html import unescape

import pytest

from agora_helpers import RtmService, build_convoai_token, build_rtc_token, verify
from agora_helpers.display.verdict import verdict_html, verdict_text
from agora_helpers.tokens import v007
from tests.support import DEMO, NEGATIVES, NOW, Vector, table_cells


def test_everything_in_the_verdict_is_shown() -> None:
    token = build_rtc_token(DEMO, "lobby", uid=7, now=NOW)
    verdict = verify(token, DEMO, channel="Lobby", uid=8, now=NOW + 7200)
    html, text = verdict_html(verdict), verdict_text(verdict)
    assert {reason.code for reason in verdict.reasons} == {"CHANNEL_MISMATCH", "UID_MISMATCH", "EXPIRED"}
    for reason in verdict.reasons:
        for part in (reason.code, reason.title, reason.explanation, reason.hint):
            assert part in unescape(html)
            assert part in text
    rows = table_cells(html)
    assert ["match: is it yours?", "✗ wrong", verdict.match.detail] in rows
    assert ["signature: is it genuine?", "✓ ok", verdict.signature.detail] in rows
    assert ["channel", "Lobby", "lobby", "✗ differs"] in rows
    assert ["uid or account", "8", "7", "✗ differs"] in rows
    assert ["rtc", "1, join channel", "3600", "until 2023-11-14 23:13:20 UTC"] in rows
    assert "1, join channel" in text
    assert "uid or account  8" in text
    assert "differs" in text


@pytest.mark.parametrize("case", NEGATIVES[::3], ids=lambda case: case["id"])
def test_names_of_the_client_are_escaped(case: Vector) -> None:
    verdict = verify(case["token"], DEMO, channel="<b>", uid="<i>", now=NOW)
    assert "<b>" not in verdict_html(verdict)
    assert "<i>" not in verdict_html(verdict)
    assert table_cells(verdict_html(verdict))


def test_names_from_a_token_are_escaped() -> None:
    evil = v007.encode(DEMO.app_id, "b" * 32, [RtmService("<script>\x1b[2J", {1: 1})], issued_at=1, expire=1, salt=1)
    verdict = verify(evil, DEMO, user="alice", now=NOW)
    assert "<script>" not in verdict_html(verdict)
    assert "\x1b" not in verdict_text(verdict)


def test_a_service_without_privileges_is_in_the_table() -> None:
    verdict = verify(build_convoai_token(DEMO, "lobby", uid=7, now=NOW), DEMO, channel="lobby", uid=7, now=NOW)
    assert ["convoai", "none", "", ""] in table_cells(verdict_html(verdict))
    assert "convoai" in verdict_text(verdict)


def test_the_role_is_in_the_table_of_privileges() -> None:
    verdict = verify(build_rtc_token(DEMO, "lobby", uid=7, now=NOW), DEMO, channel="lobby", uid=7, now=NOW)
    assert ["rtc", "role", "subscriber", "joins and receives"] in table_cells(verdict_html(verdict))
    assert "joins and receives" in verdict_text(verdict)
