"""Strings that people pass as tokens, in the forms in which they have them, with the code that decode should give."""

from __future__ import annotations

import base64
import json
from typing import NamedTuple

from agora_helpers import TokenFormatError, build_rtc_token, build_rtm_token, decode, repair
from tests.field.cases import old
from tests.support import DEMO, NOW

ID, SECRET = "fc45bacc392b45c58b8c0b3fc4e8b5e3", "0b1d7f6e5c4a39281706f5e4d3c2b1a0"
RTC, RTM = build_rtc_token(DEMO, "lobby", uid=7, now=NOW), build_rtm_token(DEMO, "alice", now=NOW)
REPLY = json.dumps({"rtcToken": RTC, "rtmToken": RTM})
BASIC = base64.b64encode(f"{ID}:{SECRET}".encode()).decode()
FIELDS = base64.b64encode(f"{ID}:lobby:7:1716903600:{SECRET}".encode()).decode()


class Text(NamedTuple):
    """A string and what it is."""

    what: str
    text: str
    code: str

    @property
    def answer(self) -> str:
        """What decode says of it, after a repair as on the command line."""
        try:
            decode(self.text if self.code == "SEVERAL" else repair(self.text).token)
        except TokenFormatError as error:
            return error.code.removeprefix("NOT_A_TOKEN_")
        return "a token"

    @property
    def is_right(self) -> bool:
        return self.answer == self.code


TEXTS = [
    Text(
        "a builder that leaves the App ID uncompressed",
        f"007{ID}eJwFwUEKgDAMBMB7X9G7oPgqS3Y1hTSBbAT" + "x" * 60,
        "HOME_MADE",
    ),
    Text("a builder that appends half a signature", f"007{ID}q8Zk1/3vYt+0PbWm9LsXcD7fGhJkEr2T", "HOME_MADE"),
    Text("a builder that writes numbers in hexadecimal", f"007{ID}6655f0b06655fec0{SECRET}0a1b2c3d", "HOME_MADE"),
    Text("the fallback of a server", "mock_agora_token_session_42_12345_1716900000000", "PLACEHOLDER"),
    Text("a constant for development", "dev-token-not-for-production", "PLACEHOLDER"),
    Text("a server that returns the App ID as the token", json.dumps({"token": ID, "channel": "lobby"}), "HEX_32"),
    Text(
        "a reply of the Chat server",
        '{"access_token":"YWMtv0XQ2GZ4Ee6cWlN9Y8k1dQAAAZE","expires_in":5184000,"application":"8f1c"}',
        "CHAT",
    ),
    Text("an error of a web framework", '{"message":"Unauthenticated."}', "JSON"),
    Text(
        "an error page in plain text", "The page could not be found\n\nNOT_FOUND\n\nfra1::x7k2p-1716900000\n", "ERROR"
    ),
    Text("a coroutine that nobody awaited", "<coroutine object get_token at 0x7f3b2c1d5e40>", "PLACEHOLDER"),
    Text("a function in place of its result", "function getToken() { [native code] }", "PLACEHOLDER"),
    Text("an object as Java prints it", "com.example.app.TokenResponse@4f3f5b24", "PLACEHOLDER"),
    Text("an object as Kotlin prints it", "TokenResponse(token=null, uid=0)", "PLACEHOLDER"),
    Text("the header of a RESTful API", f"Authorization: Basic {BASIC}", "REST"),
    Text("Customer ID and Customer Secret", f'"{ID}:{SECRET}"', "REST"),
    Text(
        "a JWT of another vendor",
        "Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ2aWRlbyI6eyJyb29tIjoibG9iYnkifX0.c2lnbmF0dXJl-c2ln_mF0dXJl\n",
        "JWT",
    ),
    Text("006 with a placeholder", "006<YOUR_APP_ID>" + old("lobby", "7", {1: NOW})[35:], "NO_APP_ID"),
    Text("006 with an unset variable", "006undefined" + old("lobby", "7", {1: NOW})[35:], "NO_APP_ID"),
    Text("a time and a signature", "1716903600:kf8Zr0yq3Wm1nXv7Lb2TtYc5Hs9Jd4Gp6Qe0Ua8Io1E", "HOME_MADE"),
    Text("random bytes", (SECRET + ID)[:64], "HOME_MADE"),
    Text("fields in base64", FIELDS, "HOME_MADE"),
    Text("a dictionary as Python prints it", str({"rtcToken": RTC, "rtmToken": RTM}), "SEVERAL"),
    Text("JSON in a string of JSON", json.dumps({"body": REPLY}), "SEVERAL"),
    Text("a token without its end", f'"{RTC[:-20]}"', "MALFORMED"),
    Text("a token without its beginning", RTC[10:], "MALFORMED"),
]
