from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

import pytest

from agora_helpers import RtcService, RtmService, build_rtc_token, build_rtm_token, build_token, decode
from agora_helpers.display.timeline import events, timeline_html, timeline_svg, timeline_text
from agora_helpers.tokens import v006, v007
from tests.support import DEMO, NOW, VECTORS, Vector, rebuild, table_cells

PAIR = (DEMO.app_id, DEMO.app_certificate)


def said(token: str) -> list[tuple[int, str]]:
    return [(event.at - NOW, event.name) for event in events(decode(token))]


def test_the_life_of_each_kind_of_token() -> None:
    rtc = build_rtc_token(DEMO, "lobby", uid=7, expires_in=600, version="006", now=NOW)
    assert said(rtc) == [
        (0, "issued, if its builder set its end as usual"),
        (570, "rtc: the SDK warns"),
        (600, "rtc: end of join channel"),
        (86_400, "the token ends"),
    ]
    rtm = build_rtm_token(DEMO, "alice", expires_in=600, version="006", now=NOW)
    assert said(rtm) == [(0, "issued, if its builder set its end as usual"), (86_400, "the token ends")]
    services: list[Any] = [RtcService("lobby", 7, {1: 600, 2: 60}), RtmService("alice")]
    both = build_token(DEMO, services, expires_in=600, now=NOW)
    assert said(both) == [
        (0, "issued"),
        (60, "rtc: end of publish audio"),
        (570, "rtc: the SDK warns"),
        (570, "rtm: the SDK warns"),
        (600, "rtc: end of join channel"),
        (600, "rtm: end of login"),
        (600, "the token ends"),
    ]


def test_no_token_outlives_24_hours_and_no_warning_comes_without_an_end() -> None:
    token = v007.encode(*PAIR, [RtcService("lobby", "7", {1: 0})], issued_at=NOW, expire=200_000, salt=1)
    assert said(token) == [
        (0, "issued"),
        (86_400, "rtc: end of join channel"),
        (86_400, "Agora ends it, after 24 hours"),
    ]


@pytest.mark.parametrize("vector", VECTORS[::3], ids=lambda vector: vector["id"])
@pytest.mark.parametrize("after", [-10_000, 0, 60, 10**6])
def test_picture_table_and_text_say_the_same(vector: Vector, after: int) -> None:
    decoded = decode(rebuild(vector))
    now = max(0, (decoded.issued_at or (decoded.ts or 0) - 86_400) + after)
    names = [event.name for event in events(decoded)]
    svg = ET.fromstring(timeline_svg(decoded, now))
    texts = [text.text or "" for text in svg.iter("text")]
    assert texts[0].startswith("now") and [text.rsplit(", ", 1)[0] for text in texts[1:]] == names
    title = svg.find("title")
    assert svg.get("role") == "img" and title is not None and all(name in (title.text or "") for name in names)
    places = [float(circle.get("cx", "-1")) for circle in svg.iter("circle")]
    assert places == sorted(places) and 20 <= places[0] <= places[-1] <= 680
    rows = table_cells(timeline_html(decoded, now))[1:]
    assert sorted(row[0] for row in rows) == sorted([*names, "now"])
    assert all(row[0] in timeline_text(decoded, now) and row[1] in timeline_text(decoded, now) for row in rows)


def test_a_very_short_life_and_privileges_that_outlive_the_token() -> None:
    assert said(build_rtc_token(DEMO, "lobby", uid=7, expires_in=10, now=NOW)) == [
        (0, "issued"),
        (10, "rtc: end of join channel"),
        (10, "the token ends"),
    ]
    token = v007.encode(*PAIR, [RtcService("lobby", "7", {1: NOW})], issued_at=NOW, expire=NOW, salt=1)
    assert said(token)[-1] == (86_400, "Agora ends it, after 24 hours") and len(said(token)) == 4
    assert timeline_text(decode(v006.encode(*PAIR, "a", "b", {1: 1}, ts=0, salt=1)), NOW)


def test_what_is_past_is_filled() -> None:
    decoded = decode(build_rtc_token(DEMO, "lobby", uid=7, expires_in=600, now=NOW))
    for now, filled in ((NOW - 1, 0), (NOW, 1), (NOW + 570, 2), (NOW + 600, 4)):
        fills = [circle.get("fill") for circle in ET.fromstring(timeline_svg(decoded, now)).iter("circle")]
        assert fills.count("currentColor") == filled
    assert "after its end" in timeline_svg(decoded, NOW + 700) and "before it begins" in timeline_svg(decoded, NOW - 7)
