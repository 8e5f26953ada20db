from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

import pytest

from agora_helpers import RtcService, RtmService, build_rtc_token, build_rtm_token, build_token, decode
from agora_helpers.display.timeline import events, timeline_html, timeline_svg, timeline_text
from agora_helpers.tokens import v006, v007
from tests.support import DEMO, NOW, VECTORS, Vector, rebuild, table_cells

PAIR = (DEMO.app_id, DEMO.app_certificate)


def timeline(token: str) -> list[tuple[int, str]]:
    return [(event.at - NOW, event.name) for event in events(decode(token))]


def test_006_rtc() -> None:
    token = build_rtc_token(DEMO, "lobby", uid=7, expires_in=600, version="006", now=NOW)
    assert timeline(token) == [
        (0, "issued (estimated: 24 hours before its end)"),
        (570, "rtc: the SDK warns"),
        (600, "rtc: join channel expires"),
        (86_400, "the token expires"),
    ]


def test_006_rtm() -> None:
    token = build_rtm_token(DEMO, "alice", expires_in=600, version="006", now=NOW)
    assert timeline(token) == [(0, "issued (estimated: 24 hours before its end)"), (86_400, "the token expires")]


def test_007_with_two_services() -> None:
    services: list[Any] = [RtcService("lobby", 7, {1: 600, 2: 60, 3: 60}), RtmService("alice")]
    assert timeline(build_token(DEMO, services, expires_in=600, now=NOW)) == [
        (0, "issued"),
        (60, "rtc: publish audio, publish video expire"),
        (570, "rtc: the SDK warns"),
        (570, "rtm: the SDK warns"),
        (600, "rtc: join channel expires"),
        (600, "rtm: login expires"),
        (600, "the token expires"),
    ]


def test_no_token_outlives_24_hours_and_no_warning_comes_without_an_end() -> None:
    token = v007.encode(*PAIR, [RtcService("lobby", "7", {1: 0})], issued_at=NOW, expire=200_000, salt=1)
    assert timeline(token) == [
        (0, "issued"),
        (86_400, "rtc: join channel expires"),
        (86_400, "the token expires (Agora's limit of 24 hours)"),
    ]


@pytest.mark.parametrize("vector", VECTORS[::3], ids=lambda vector: vector["id"])
@pytest.mark.parametrize("after", [-10_000, 0, 60, 10**6])
def test_picture_table_and_text_show_the_same_events(vector: Vector, after: int) -> None:
    decoded = decode(rebuild(vector))
    now = max(0, (decoded.issued_at or (decoded.ts or 0) - 86_400) + after)
    names = [event.name for event in events(decoded)]
    svg = ET.fromstring(timeline_svg(decoded, now))
    texts = [text.text or "" for text in svg.iter("text")]
    assert texts[0].startswith("now")
    assert [text.rsplit(", ", 1)[0] for text in texts[1:]] == names
    assert svg.get("role") == "img"
    title = svg.findtext("title", "")
    assert [name for name in names if name not in title] == []
    xs = [float(circle.get("cx", "-1")) for circle in svg.iter("circle")]
    assert xs == sorted(xs)
    assert 20 <= xs[0] <= xs[-1] <= 680
    rows = table_cells(timeline_html(decoded, now))[1:]
    assert sorted(row[0] for row in rows) == sorted([*names, "now"])
    text = timeline_text(decoded, now)
    assert [cell for row in rows for cell in row[:2] if cell not in text] == []


def test_a_very_short_life_and_privileges_that_outlive_the_token() -> None:
    assert timeline(build_rtc_token(DEMO, "lobby", uid=7, expires_in=10, now=NOW)) == [
        (0, "issued"),
        (10, "rtc: join channel expires"),
        (10, "the token expires"),
    ]
    token = v007.encode(*PAIR, [RtcService("lobby", "7", {1: NOW})], issued_at=NOW, expire=NOW, salt=1)
    assert timeline(token)[-1] == (86_400, "the token expires (Agora's limit of 24 hours)")
    assert len(timeline(token)) == 4


def test_a_token_of_1970() -> None:
    assert "the token expires" in timeline_text(decode(v006.encode(*PAIR, "a", "b", {1: 1}, ts=0, salt=1)), NOW)


@pytest.mark.parametrize(("seconds", "filled"), [(-1, 0), (0, 1), (570, 2), (600, 4)])
def test_events_in_the_past_are_filled(seconds: int, filled: int) -> None:
    decoded = decode(build_rtc_token(DEMO, "lobby", uid=7, expires_in=600, now=NOW))
    circles = ET.fromstring(timeline_svg(decoded, NOW + seconds)).iter("circle")
    assert [circle.get("fill") for circle in circles].count("currentColor") == filled


@pytest.mark.parametrize(("seconds", "label"), [(-7, "now (before the issue)"), (700, "now (after the end)")])
def test_a_time_outside_of_the_timeline(seconds: int, label: str) -> None:
    decoded = decode(build_rtc_token(DEMO, "lobby", uid=7, expires_in=600, now=NOW))
    assert f">{label}<" in timeline_svg(decoded, NOW + seconds)
