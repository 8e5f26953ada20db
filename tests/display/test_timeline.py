from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import combinations, pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agora_helpers import RtcService, RtmService, build_rtc_token, build_rtm_token, build_token, decode
from agora_helpers.display.timeline import (
    WIDTH,
    Layout,
    events,
    layout,
    state,
    timeline_html,
    timeline_svg,
    timeline_text,
)
from agora_helpers.tokens import v006, v007
from tests.display.lives import LIVES
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
        (86_400, "rtc: join channel expires with the token (no time of its own)"),
        (86_400, "the token expires (Agora's limit of 24 hours)"),
    ]


@pytest.mark.parametrize("vector", VECTORS[::3], ids=lambda vector: vector["id"])
@pytest.mark.parametrize("after", [-10_000, 0, 60, 10**6])
def test_picture_table_and_text_show_the_same_events(vector: Vector, after: int) -> None:
    decoded = decode(rebuild(vector))
    now = max(0, (decoded.issued_at or (decoded.ts or 0) - 86_400) + after)
    names = [event.name for event in events(decoded)]
    svg = ET.fromstring(timeline_svg(decoded, now))
    shown = " ".join(text.text or "" for text in svg.iter("text") if text.get("x") == "188" and not text.get("class"))
    assert svg.get("role") == "img"
    title, listed = svg.findtext("title", ""), svg.findtext("desc", "")
    assert state(decoded, now).sentence in title
    for name in names:
        assert name in shown
        assert name in listed
    assert f"now: {state(decoded, now).name}" in shown
    rows = table_cells(timeline_html(decoded, now))[1:]
    assert sorted(row[0][2:] for row in rows) == sorted([*names, "now"])
    text = timeline_text(decoded, now)
    assert [cell for row in rows for cell in (row[0][2:], row[1]) if cell not in text] == []


def assert_well_arranged(plan: Layout) -> None:
    boxes = [label.box for label in plan.labels]
    for left, top, right, bottom in boxes:
        assert 0 <= left < right <= WIDTH
        assert 0 <= top < bottom <= plan.height
    for one, two in combinations(boxes, 2):
        assert one[2] <= two[0] or two[2] <= one[0] or one[3] <= two[1] or two[3] <= one[1], (one, two)
    heights = [mark.y for mark in plan.marks]
    assert all(below - above >= 20 for above, below in pairwise(heights))


@pytest.mark.parametrize("life", LIVES)
def test_labels_never_overlap_in_an_extreme_life(life: str) -> None:
    assert_well_arranged(layout(*LIVES[life]))


TIMES = st.one_of(st.integers(0, 120), st.integers(0, 2 * 86_400), st.integers(0, 2**32 - 1))


@given(TIMES, TIMES, TIMES, st.dictionaries(st.integers(1, 6), TIMES), st.dictionaries(st.just(1), TIMES))
def test_labels_never_overlap(issued: int, expire: int, now: int, rtc: dict[int, int], rtm: dict[int, int]) -> None:
    services: list[Any] = [RtcService("lobby", "7", rtc), RtmService("alice", rtm)]
    decoded = decode(v007.encode(*PAIR, services, issued_at=issued, expire=expire, salt=1))
    for at in (now, issued, decoded.ends_at, decoded.ends_at - 1):
        assert_well_arranged(layout(decoded, at))
    old = decode(v006.encode(*PAIR, "lobby", "7", rtc, ts=expire, salt=1))
    assert_well_arranged(layout(old, now))


def test_a_longer_time_has_a_longer_way_and_the_bar_is_true_to_scale() -> None:
    plan = layout(*LIVES["24 h"])  # issued, 10 min, publish, almost a day, warning, 25 s, now, 5 s, two ends
    ways = [below.y - above.y for above, below in pairwise(plan.marks)]
    assert ways[1] > ways[0] > ways[2] > ways[3] > ways[4]
    (publish, end), (warning,) = plan.bar["privilege"], plan.bar["warning"]
    assert (publish - 40) / (end - 40) == pytest.approx(600 / 86_400, abs=0.001)
    assert warning < plan.bar["now"][0] <= end == 460


@pytest.mark.parametrize(("seconds", "x"), [(-1, 20), (0, 40), (300, 250), (600, 460), (601, 480)])
def test_now_is_beside_the_bar_before_the_issue_and_after_the_end(seconds: int, x: float) -> None:
    decoded = decode(build_rtc_token(DEMO, "lobby", uid=7, expires_in=600, now=NOW))
    assert layout(decoded, NOW + seconds).bar["now"] == [x]


@pytest.mark.parametrize(
    ("life", "seconds", "name", "sentence"),
    [
        ("clock skew", 0, "before its issue", "The token's time of issue is still 6 min 40 s away: check both clocks."),
        ("1 h", 0, "valid", "The token is valid; next, rtc: the SDK warns in 58 min 30 s."),
        (
            "no end",
            0,
            "valid",
            "The token is valid; next, rtc: join channel, publish audio expire with the token (no time of its own) in",
        ),
        ("24 h", 0, "valid, renew it", "rtc: the SDK has warned; without a new token, the client is out in 5 s."),
        ("later than the token", 0, "expired in part", "in 48 min 20 s, but rtc: publish audio has expired already."),
        ("two services", -508, "expired in part", "audio, rtc: publish video, rtc: publish data have expired already."),
        ("24 h", 4, "valid, renew it", "the client is out in 1 s."),
        ("24 h", 5, "expired", "The token expired at this second: no client can join or log in with it."),
        ("1 s", 2, "expired", "The token expired 1 s ago: no client can join or log in with it."),
        ("expired long ago", 0, "expired", "The token expired 55 years ago"),
    ],
)
def test_the_state_in_one_sentence(life: str, seconds: int, name: str, sentence: str) -> None:
    decoded, now = LIVES[life]
    assert state(decoded, now + seconds).name == name
    assert sentence in state(decoded, now + seconds).sentence


def test_a_very_short_life_and_privileges_that_outlive_the_token() -> None:
    assert timeline(build_rtc_token(DEMO, "lobby", uid=7, expires_in=10, now=NOW)) == [
        (0, "issued"),
        (10, "rtc: join channel expires"),
        (10, "the token expires"),
    ]
    token = v007.encode(*PAIR, [RtcService("lobby", "7", {1: NOW})], issued_at=NOW, expire=NOW, salt=1)
    assert timeline(token)[-2] == (86_400, "rtc: join channel expires with the token (its own time is later)")
    assert timeline(token)[-1] == (86_400, "the token expires (Agora's limit of 24 hours)")
    assert len(timeline(token)) == 4


def test_a_privilege_at_the_end_of_its_token_tells_why_it_is_there() -> None:
    services: list[Any] = [RtcService("lobby", "7", {1: 3600, 2: 0, 3: 7200, 4: 600})]
    assert timeline(v007.encode(*PAIR, services, issued_at=NOW, expire=3600, salt=1))[1:] == [
        (600, "rtc: publish data expires"),
        (3570, "rtc: the SDK warns"),
        (3600, "rtc: join channel expires"),
        (3600, "rtc: publish audio expires with the token (no time of its own)"),
        (3600, "rtc: publish video expires with the token (its own time is later)"),
        (3600, "the token expires"),
    ]


def test_a_token_of_1970() -> None:
    assert "the token expires" in timeline_text(decode(v006.encode(*PAIR, "a", "b", {1: 1}, ts=0, salt=1)), NOW)


@pytest.mark.parametrize(("seconds", "past"), [(-1, 1), (0, 2), (570, 3), (600, 5)])
def test_events_in_the_past_are_filled(seconds: int, past: int) -> None:
    decoded = decode(build_rtc_token(DEMO, "lobby", uid=7, expires_in=600, now=NOW))
    assert [mark.past for mark in layout(decoded, NOW + seconds).marks].count(True) == past  # now is one of them
    hollow = [
        path for path in ET.fromstring(timeline_svg(decoded, NOW + seconds)).iter("path") if "z" in path.get("d", "")
    ]
    assert [path.get("fill") for path in hollow].count("none") == 5 - past


def test_each_kind_of_event_has_a_shape_and_a_sign_of_its_own() -> None:
    decoded, now = LIVES["later than the token"]
    assert len({mark.svg().split("m", 1)[1].split("z")[0] for mark in layout(decoded, now).marks}) == 5
    signs = {row[0][0] for row in table_cells(timeline_html(decoded, now))[1:]}
    assert signs == set("●▲◆■▶")
