"""Tokens and services that several tests of this folder use."""

from __future__ import annotations

from agora_helpers import (
    ApaasService,
    ChatService,
    ConvoAiService,
    FcdnService,
    FpaService,
    RtcService,
    Rtm2Service,
    RtmService,
    StreamingService,
    SttService,
    build_rtc_token,
    build_rtm_token,
    build_token,
)
from agora_helpers.tokens.services import Service
from tests.support import DEMO, NOW

EVERY_SERVICE: list[Service] = [
    RtcService("lobby", 7, {1: 600, 2: 60}),
    RtcService("lobby", "alice", (1, 2, 3, 4)),
    RtmService("alice"),
    StreamingService("lobby", "alice", (1, 2)),
    FpaService(),
    ChatService("alice"),
    ChatService("", (2,)),
    FcdnService("lobby", "alice"),
    ApaasService("room", "alice", 2),
    ApaasService("", "alice", privileges=(2,)),
    ApaasService("", "", privileges=(3,)),
    Rtm2Service("alice", {0: {0: ("news", "sport"), 1: ()}, 4: {}}),
    ConvoAiService(),
    SttService(),
]

RTC_006 = build_rtc_token(DEMO, "lobby", uid=7, role="publisher", version="006", now=NOW, salt=1)
RTM_006 = build_rtm_token(DEMO, "alice", version="006", now=NOW, salt=1)
RTC_007 = build_rtc_token(DEMO, "lobby", uid=7, role="publisher", now=NOW, salt=1)
MIXED_007 = build_token(DEMO, EVERY_SERVICE, expires_in=600, now=NOW, salt=1)
