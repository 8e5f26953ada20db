"""The comparison table and the reasons never contradict each other, in 2,016 combinations of token and client."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from agora_helpers import ConvoAiService, RtcService, Rtm2Service, RtmService, UnknownService, verify
from tests.support import DEMO, NOW
from tests.verification.samples import sign_006, sign_007

JOIN, LOGIN = {1: 600}, {1: 600}
RTC = RtcService("lobby", "7", JOIN)
RTM = RtmService("alice", LOGIN)
SERVICES: dict[str, tuple[Any, ...]] = {
    "nothing": (),
    "rtc": (RTC,),
    "rtc for an account": (RtcService("lobby", "alice", JOIN),),
    "rtc for any uid": (RtcService("lobby", "", JOIN),),
    "rtc for uid 0": (RtcService("lobby", "0", JOIN),),
    "rtc with wildcards": (RtcService("lob*", "7*", JOIN),),
    "rtc for two channels": (RTC, RtcService("stage", "8", JOIN)),
    "rtc for one channel, two uids": (RTC, RtcService("lobby", "8", JOIN)),
    "rtc without a privilege": (RtcService("lobby", "7", {}),),
    "rtm": (RTM,),
    "rtm2": (Rtm2Service("alice", {}, LOGIN),),
    "rtm for two users": (RTM, RtmService("bob", LOGIN)),
    "rtc and rtm": (RTC, RTM),
    "rtc and rtm2": (RTC, Rtm2Service("bob", {}, LOGIN)),
    "rtc and rtm without privileges": (RtcService("lobby", "7", {}), RtmService("alice", {})),
    "convoai": (ConvoAiService({}),),
}
UNKNOWN = UnknownService(77, b"\0\0")
ENDS = NOW + 600
TOKENS: dict[str, str] = {
    **{f"007 {name}": sign_007(*services) for name, services in SERVICES.items()},
    **{f"007 {name}, unknown": sign_007(*services, UNKNOWN) for name, services in SERVICES.items()},
    "007 unknown, rtc": sign_007(UNKNOWN, RTC),
    "006 rtc": sign_006("lobby", "7", {1: ENDS}),
    "006 rtc for an account": sign_006("lobby", "alice", {1: ENDS}),
    "006 rtc for any uid": sign_006("lobby", "", {1: ENDS}),
    "006 rtc for uid 0": sign_006("lobby", "0", {1: ENDS}),
    "006 rtm": sign_006("alice", "", {1000: ENDS}),
    "006 rtm with a uid": sign_006("alice", "7", {1000: ENDS}),
    "006 rtc and rtm": sign_006("lobby", "7", {1: ENDS, 1000: ENDS}),
    "006 rtc and rtm for any uid": sign_006("alice", "", {1: ENDS, 1000: ENDS}),
    "006 without a privilege": sign_006("lobby", "7", {}),
}
CLIENTS: list[dict[str, Any]] = [
    {
        name: value
        for name, value in zip(("channel", "uid", "account", "user"), values, strict=True)
        if value is not None
    }
    for values in product((None, "lobby", "stage", ""), (None, 7, 0), (None, "alice"), (None, "alice", "carol"))
    if values[1] is None or values[2] is None  # a client joins with a uid or an account
]
ROWS_OF = {"channel": {"channel"}, "uid": {"uid or account"}, "account": {"uid or account"}, "user": {"RTM user"}}
WRONG_REASONS_OF = {
    "App ID": {"APP_ID_MISMATCH"},
    "channel": {"CHANNEL_MISMATCH", "NO_RTC_SERVICE"},
    "uid or account": {"UID_MISMATCH", "WRONG_KIND_OF_USER", "NO_RTC_SERVICE"},
    "RTM user": {"USER_MISMATCH", "NO_RTM_SERVICE"},
}


def test_the_combinations_are_all_there() -> None:
    assert len(TOKENS) * len(CLIENTS) == 2_016


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: " ".join(f"{k}={v}" for k, v in client.items()) or "-")
@pytest.mark.parametrize("token", TOKENS.values(), ids=TOKENS)
def test_rows_and_reasons_agree(token: str, client: dict[str, Any]) -> None:
    verdict = verify(token, DEMO, now=NOW, **client)
    rows = {row.name: row for row in verdict.compared}
    reasons = {reason.code.value for reason in verdict.reasons if reason.check == "match" and reason.severity != "note"}
    expected = {"App ID"}.union(*(ROWS_OF[name] for name in client))
    differing = {name for name, row in rows.items() if row.status == "differs"}
    unchecked = {name for name, row in rows.items() if row.status == "not checked"}

    assert {name for name, row in rows.items() if row.status != "not compared"} == expected
    assert {name for name in expected if reasons & WRONG_REASONS_OF[name]} == differing
    assert ("PART_UNREAD" in reasons) == bool(unchecked)
    causes = {reason.code.value for reason in verdict.reasons if differing.intersection(reason.explains)}
    unexplained = (
        reasons
        - causes
        - {"PART_UNREAD", "GRANTS_NOTHING", "NOT_COMPARED", "NAME_NOT_ALLOWED"}.union(
            *(WRONG_REASONS_OF[name] for name in differing)
        )
    )
    assert unexplained == set()
    assert ("NAME_NOT_ALLOWED" in reasons) == (client.get("channel") == "")
    wrong = bool(differing) or bool(reasons & {"GRANTS_NOTHING", "NAME_NOT_ALLOWED"})
    incomplete = any(row.status == "not compared" and row.actual != "any uid" for row in rows.values())
    assert ("NOT_COMPARED" in reasons) == (incomplete and not wrong and not unchecked)
    assert verdict.match.status == ("wrong" if wrong else "not checked" if unchecked or incomplete else "ok")
