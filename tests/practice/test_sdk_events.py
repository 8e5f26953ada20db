from __future__ import annotations

import pytest

from agora_helpers import Project
from agora_helpers.practice import Clock, MediaServer, SignalingServer, Surface
from agora_helpers.practice.sdk_events import MEANINGS
from agora_helpers.practice.session import OutReason
from agora_helpers.practice.signaling import LogoutReason
from tests.support import DEMO, NOW, ROOT, rtc, rtm


@pytest.mark.parametrize("surface", list(Surface))
def test_each_event_has_an_entry_without_details(surface: Surface) -> None:
    """What an SDK may say in a newer version has a meaning, too."""
    details = {words.partition(": ")[0] for words in MEANINGS[surface] if "," in words}
    assert details <= MEANINGS[surface].keys()


def test_what_the_model_predicts_has_a_meaning() -> None:
    project = Project(DEMO, clock=Clock(NOW))
    media, signaling = MediaServer(project), SignalingServer(project)
    joined, logged_in = media.join("lobby", uid=7, token=rtc()).session, signaling.log_in("alice", token=rtm("alice"))
    project.clock.advance(3600)
    assert joined
    assert logged_in.session
    assert {event.sdk for event in joined.events} - {""} <= MEANINGS[Surface.RTC].keys()
    assert (
        "tokenPrivilegeWillExpire" in {event.sdk for event in logged_in.session.events} & MEANINGS[Surface.RTM].keys()
    )


def test_each_reason_to_be_out_has_a_meaning() -> None:
    shown = {words.rpartition(", ")[2] for words in MEANINGS[Surface.RTC]}
    assert shown >= set(OutReason) - {OutReason.REJECTED, OutReason.UID_CONFLICT}, "which the SDK shows as another one"
    assert {words.rpartition(", ")[2] for words in MEANINGS[Surface.RTM]} >= set(LogoutReason)


def test_lesson_06_quotes_the_log_of_the_stage() -> None:
    lesson = (ROOT / "notebooks/06_the_client.ipynb").read_text(encoding="utf-8")
    script = (ROOT / "agora_helpers/practice_server/static/stage.js").read_text(encoding="utf-8")
    intent = "Your handler decides."
    assert intent in script
    assert f"{MEANINGS[Surface.RTC]['token-privilege-will-expire'].text} {intent}" in lesson
