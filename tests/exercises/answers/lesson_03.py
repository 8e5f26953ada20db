"""Answers to the exercises of lesson 03."""

from __future__ import annotations

UNSIGNED = "exercises.sign_unchecked(credentials"

WRONG: dict[str, dict[str, str]] = {
    "03.1": {
        'answer = build_rtc_token(credentials, "lobby", uid=7)': "a signed number",
        'answer = build_rtc_token(credentials, "lobby", uid=2**31 + 7)': "a signed number",
        'answer = build_rtc_token(credentials, "lobby", uid=2**31)': "The token is for another user",
        'answer = build_rtc_token(credentials, "lobby", account="-7")': "The token is for a negative uid",
        'answer = build_rtc_token(credentials, "lobby", uid=2**32 - 7, expires_in=1, now=1000)': "neither at NOW nor",
        f"answer = {UNSIGNED}, issued_at=NOW, expire=3600)": "The token cannot join a channel",
    },
    "03.2": {
        'answer = RtcTokenBuilder.buildTokenWithUid(*pair, "lobby", 42, 1, 3600)': "expired in 1970",
        "from agora_token_builder.AccessToken import AccessToken\n"
        'answer = AccessToken(*pair, "lobby", 42).build()': "grants no privilege",
        'answer = RtcTokenBuilder.buildTokenWithUid(*pair, "lobby", 42, 1, 7200)': "expired long ago",
        'answer = RtcTokenBuilder.buildTokenWithUid(*pair, "lobby", 42, "publisher", NOW + 3600)': "a subscriber's",
        'answer = RtcTokenBuilder.buildTokenWithUid(*pair, "lobby", 0, 1, NOW + 3600)': "signed for uid 0",
        'answer = RtcTokenBuilder.buildTokenWithUid(*pair, "lobby", 42, 1, NOW + 60)': "It is valid for 60 s",
        'answer = RtcTokenBuilder.buildTokenWithUid(*pair, "stage", 42, 1, NOW + 3600)': "another channel",
        'answer = build_rtc_token(credentials, "lobby", uid=42, role="publisher")': "asks for a 006 token",
    },
}
"""Wrong answers, each with a part of the feedback."""

GIVEAWAYS: dict[str, set[str]] = {
    "03.1": {"4294967", "2**3"},
    "03.2": {"NOW + "},
}
"""Parts of right answers, which no feedback on a wrong one contains."""
