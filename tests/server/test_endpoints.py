from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agora_helpers import Credentials, decode, verify
from agora_helpers.constants import NAME_ALPHABET
from agora_helpers.server.access import Permit
from agora_helpers.server.endpoints import (
    BOTH_FIELDS,
    LARGEST_RANDOM_UID,
    RTC_FIELDS,
    RTM_FIELDS,
    answer_both,
    answer_rtc,
    answer_rtm,
    apply_permit,
    random_uid,
)
from agora_helpers.server.requests import RequestError, read_body
from agora_helpers.server.settings import Settings
from tests.support import NOW

DEMO = Credentials.demo()
FIXED = Settings(credentials=DEMO, now=NOW, salt=1, uid=54_321)
LIVE = Settings(credentials=DEMO)


def refused(answer: Any, body: dict[str, Any]) -> RequestError:
    with pytest.raises(RequestError) as caught:
        answer(FIXED, body)
    return caught.value


@pytest.mark.parametrize("version", ["006", "007"])
@pytest.mark.parametrize(("is_publisher", "privileges"), [(True, [1, 2, 3, 4]), (False, [1])])
def test_the_classic_request(version: str, is_publisher: bool, privileges: list[int]) -> None:
    answer = answer_rtc(FIXED, {"channel": "lobby", "isPublisher": is_publisher, "version": version})
    token = answer.pop("token")
    times = {"issuedAt": NOW, "expiresAt": NOW + 3600, "expiresIn": 3600}
    assert answer == {"uid": 54_321, "channel": "lobby", "version": version} | times
    verdict = verify(token, DEMO, channel="lobby", uid=54_321, now=NOW + 3599)
    assert verdict.ok and verdict.token and sorted(verdict.token.services[0].privileges) == privileges
    assert not verify(token, DEMO, channel="lobby", uid=54_321, now=NOW + 3600).ok


def test_without_is_publisher_a_subscriber_and_without_version_007() -> None:
    decoded = decode(answer_rtc(FIXED, {"channel": "lobby"})["token"])
    assert decoded.version == "007" and sorted(decoded.services[0].privileges) == [1]


def test_the_client_may_bring_its_own_id_and_lifetime() -> None:
    for uid in (1, 2**32 - 1):
        answer = answer_rtc(FIXED, {"channel": "lobby", "uid": uid, "expiresIn": 60})
        assert answer["uid"] == uid and (answer["expiresAt"], answer["expiresIn"]) == (NOW + 60, 60)
        assert verify(answer["token"], DEMO, channel="lobby", uid=uid, now=NOW).ok
    answer = answer_rtc(FIXED, {"channel": "lobby", "userAccount": "alice"})
    assert answer["userAccount"] == "alice" and "uid" not in answer
    assert verify(answer["token"], DEMO, channel="lobby", account="alice", now=NOW).ok


def test_rtm() -> None:
    answer = answer_rtm(FIXED, {"user": "alice", "expiresIn": 600})
    token = answer.pop("token")
    times = {"issuedAt": NOW, "expiresAt": NOW + 600, "expiresIn": 600}
    assert answer == {"user": "alice", "version": "007"} | times
    assert (
        verify(token, DEMO, user="alice", now=NOW + 599).ok and not verify(token, DEMO, user="alice", now=NOW + 600).ok
    )


def test_a_006_rtm_token_lives_24_hours_whatever_was_asked() -> None:
    answer = answer_rtm(FIXED, {"user": "alice", "version": "006", "expiresIn": 600})
    assert (answer["expiresAt"], answer["expiresIn"]) == (NOW + 86_400, 86_400)
    assert verify(answer["token"], DEMO, user="alice", now=NOW + 86_399).ok


def test_time_salt_and_uid_are_real_unless_fixed() -> None:
    answers = [answer_rtc(LIVE, {"channel": "lobby"}) for _ in range(20)]
    assert len({answer["uid"] for answer in answers}) == 20
    assert len({decode(answer["token"]).salt for answer in answers}) == 20
    assert all(verify(answer["token"], DEMO, channel="lobby", uid=answer["uid"]).ok for answer in answers)


def test_the_random_uid_is_never_0_and_never_negative_in_java(monkeypatch: pytest.MonkeyPatch) -> None:
    for drawn, uid in ((0, 1), (2**31 - 2, 2**31 - 1)):
        monkeypatch.setattr("secrets.randbelow", lambda limit, drawn=drawn: min(drawn, limit - 1))
        assert random_uid() == uid
    assert LARGEST_RANDOM_UID == 2**31 - 1


@pytest.mark.parametrize(
    ("body", "code", "field", "says"),
    [
        ({}, "MISSING_FIELD", "channel", "is missing"),
        ({"channel": None}, "MISSING_FIELD", "channel", "is missing"),
        ({"channel": ""}, "INVALID_FIELD", "channel", "is empty"),
        ({"channel": 7}, "INVALID_FIELD", "channel", "must be a string, not an integer."),
        ({"channel": ["a"]}, "INVALID_FIELD", "channel", "must be a string, not an array."),
        ({"channel": "café"}, "INVALID_FIELD", "channel", r"character 4 \(U\+00E9\)"),
        ({"channel": "x" * 64}, "INVALID_FIELD", "channel", "63 is the limit"),
        (
            {"channel": "a", "isPublisher": "False"},
            "INVALID_FIELD",
            "isPublisher",
            "must be true or false, not a string",
        ),
        ({"channel": "a", "isPublisher": 1}, "INVALID_FIELD", "isPublisher", "not an integer"),
        ({"channel": "a", "isPublisher": None}, "INVALID_FIELD", "isPublisher", "not null"),
        ({"channel": "a", "uid": 0}, "INVALID_FIELD", "uid", "anyone may use. Leave it out"),
        ({"channel": "a", "uid": "7"}, "INVALID_FIELD", "uid", "not a string. Write a numeric id without quotes"),
        ({"channel": "a", "uid": 7.5}, "INVALID_FIELD", "uid", "not a number with a decimal point"),
        ({"channel": "a", "uid": True}, "INVALID_FIELD", "uid", "not true or false"),
        ({"channel": "a", "uid": None}, "INVALID_FIELD", "uid", "not null. Leave it out"),
        ({"channel": "a", "uid": -7}, "INVALID_FIELD", "uid", "add 4294967296"),
        ({"channel": "a", "uid": 2**32}, "INVALID_FIELD", "uid", "does not fit into 32 bits"),
        ({"channel": "a", "userAccount": 7}, "INVALID_FIELD", "userAccount", "An integer id goes into uid."),
        ({"channel": "a", "userAccount": ""}, "INVALID_FIELD", "userAccount", "is empty"),
        ({"channel": "a", "uid": 7, "userAccount": "b"}, "INVALID_FIELD", "userAccount", "and so is uid"),
        ({"channel": "a", "expiresIn": NOW}, "INVALID_FIELD", "expiresIn", "point in time"),
        ({"channel": "a", "expiresIn": "60"}, "INVALID_FIELD", "expiresIn", "Write it without quotes"),
        ({"channel": "a", "expiresIn": 0}, "INVALID_FIELD", "expiresIn", "at least 1 second"),
        ({"channel": "a", "version": 7}, "INVALID_FIELD", "version", '"007" or "006"'),
        ({"channel": "a", "role": "publisher"}, "UNKNOWN_FIELD", "role", "The fields are channel, isPublisher"),
        ({"channel": "a", "x y\n" * 99: 1}, "UNKNOWN_FIELD", "body", "holds a field that is not known"),
        ({"channel": "a", "0123456789abcdef" * 2: 1}, "UNKNOWN_FIELD", "body", "holds a field that is not known"),
        ({"channel": "a", "channelName": 1}, "UNKNOWN_FIELD", "channelName", "is not known here. The fields are"),
    ],
)
def test_what_is_wrong_with_an_rtc_request(body: dict[str, Any], code: str, field: str, says: str) -> None:
    error = refused(answer_rtc, body)
    assert (error.code, error.field, error.status) == (code, field, 400)
    assert re.search(says, str(error)) and str(error).startswith(f"{field}: ")


@pytest.mark.parametrize(
    ("body", "code", "field", "says"),
    [
        ({}, "MISSING_FIELD", "user", "is missing"),
        ({"user": 7}, "INVALID_FIELD", "user", "Write the number in quotes"),
        ({"user": "x" * 65}, "INVALID_FIELD", "user", "64 is the limit"),
        ({"user": "a", "channel": "lobby"}, "UNKNOWN_FIELD", "channel", "tokens for channels come from /rtctoken"),
        ({"channel": "lobby"}, "UNKNOWN_FIELD", "channel", "made for a user"),
        ({"user": "a", "uid": 7}, "UNKNOWN_FIELD", "uid", "The fields are user, expiresIn, version."),
        ({"user": "a", "expiresIn": None}, "INVALID_FIELD", "expiresIn", "not null. Leave it out"),
    ],
)
def test_what_is_wrong_with_an_rtm_request(body: dict[str, Any], code: str, field: str, says: str) -> None:
    error = refused(answer_rtm, body)
    assert (error.code, error.field) == (code, field) and says in str(error)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=70),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
near_the_limits = st.sampled_from((-1, 0, 86_401, NOW, 3_600_000, 2**32, 7.0, "7"))
names = st.text(NAME_ALPHABET, max_size=70)


def mostly(right: Any, wrong: Any) -> Any:
    """Values that are right four times out of five."""
    return st.integers(0, 4).flatmap(lambda number: wrong if number == 0 else right)


lifetimes = mostly(st.integers(1, 86_400), near_the_limits | json_values)
versions = mostly(st.sampled_from(("006", "007")), json_values)
REQUESTS: list[tuple[Any, dict[str, Any], dict[str, Any]]] = [
    (
        answer_rtc,
        {"channel": mostly(st.just("lobby"), names | json_values)},
        {
            "isPublisher": mostly(st.booleans(), json_values),
            "uid": mostly(st.integers(1, 2**32 - 1), near_the_limits | json_values),
            "userAccount": mostly(st.just("alice"), names | json_values),
            "expiresIn": lifetimes,
            "version": versions,
        },
    ),
    (
        answer_rtm,
        {"user": mostly(st.just("alice"), names | json_values)},
        {"expiresIn": lifetimes, "version": versions},
    ),
]


@pytest.mark.parametrize(("answer", "required", "optional"), REQUESTS, ids=["rtc", "rtm"])
def test_any_body_gets_a_good_token_or_an_error_in_the_words_of_json(
    answer: Any, required: dict[str, Any], optional: dict[str, Any]
) -> None:
    seen: Counter[str] = Counter()

    @settings(max_examples=600)  # what hypothesis tries depends on the modules that are loaded
    @given(st.fixed_dictionaries(required, optional=optional))
    def ask(body: dict[str, Any]) -> None:
        try:
            reply = answer(FIXED, body)
        except RequestError as error:
            seen[error.field] += 1
            python_words = r"=…|=True|int\(|\bstr\b|\bint\b|\bdict\b|\bNone\b|NoneType|expires_in|a text\b"
            assert not re.search(python_words, str(error)), str(error)
        else:
            seen["a token"] += 1
            who = {"uid": reply.get("uid"), "account": reply.get("userAccount"), "channel": reply.get("channel")}
            assert verify(reply["token"], DEMO, user=reply.get("user"), now=NOW, **who).ok

    ask()
    assert seen.keys() == {"a token", *required, *optional}, (
        "every field was refused at least once, and some were right"
    )


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"True", "line 1, column 1"),
        (b'{"channel": "a",}', "line 1, column 16"),
        (b'{"channel":\n  ["a", ]}', "line 2, column 7"),
        (b'{"channel":\n  "a" "b"}', "line 2, column 7"),
        (b"{channel: 'a'}", "line 1, column 2"),
        (b"\xff{}", "is not UTF-8"),
        (b'"lobby"', "must be a JSON object"),
        (b"[]", "must be a JSON object"),
        (b"null", "must be a JSON object"),
        (b'{"channel": "a", "channel": "b"}', "the same name twice"),
        (b'{"uid": NaN}', "holds NaN"),
        (b'{"uid": -Infinity}', "holds -Infinity"),
        (b'{"uid": ' + b"9" * 5000 + b"}", "beyond measure"),
        (b"[" * 100_000, "beyond measure"),
    ],
)
def test_a_body_that_is_no_json_object(body: bytes, says: str) -> None:
    with pytest.raises(RequestError, match=says) as caught:
        read_body(body)
    assert (caught.value.code, caught.value.field, caught.value.status) == ("INVALID_JSON", "body", 400)


def test_a_body_that_is_one() -> None:
    assert read_body(json.dumps({"channel": "café", "uid": 7}).encode()) == {"channel": "café", "uid": 7}


def test_one_token_for_both() -> None:
    answer = answer_both(FIXED, {"channel": "lobby", "userAccount": "alice", "isPublisher": True, "expiresIn": 60})
    token = answer.pop("token")
    said = {"userAccount": "alice", "channel": "lobby", "user": "alice", "version": "007"}
    assert answer == said | {"issuedAt": NOW, "expiresAt": NOW + 60, "expiresIn": 60}
    verdict = verify(token, DEMO, channel="lobby", account="alice", user="alice", now=NOW + 59)
    assert verdict.ok and verdict.token and sorted(verdict.token.services[0].privileges) == [1, 2, 3, 4]
    assert answer_both(FIXED, {"channel": "lobby"})["user"] == "54321", "the uid as a text"
    other = answer_both(FIXED, {"channel": "lobby", "user": "bob", "uid": 7})
    assert verify(other["token"], DEMO, channel="lobby", uid=7, user="bob", now=NOW).ok


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "channel", "MISSING_FIELD"),
        ({"channel": "é"}, "channel", "INVALID_FIELD"),
        ({"channel": "a", "user": ""}, "user", "INVALID_FIELD"),
        ({"channel": "a", "user": 7}, "user", "INVALID_FIELD"),
        ({"channel": "a", "uid": 0}, "uid", "INVALID_FIELD"),
        ({"channel": "a", "uid": 1, "userAccount": "b"}, "userAccount", "INVALID_FIELD"),
        ({"channel": "a", "userAccount": "é"}, "userAccount", "INVALID_FIELD"),
        ({"channel": "a", "userAccount": "x" * 65}, "user", "INVALID_FIELD"),
        ({"channel": "a", "isPublisher": 1}, "isPublisher", "INVALID_FIELD"),
        ({"channel": "a", "expiresIn": 0}, "expiresIn", "INVALID_FIELD"),
        ({"channel": "a", "version": "007"}, "version", "UNKNOWN_FIELD"),
        ({"channel": "a", "x": 1}, "x", "UNKNOWN_FIELD"),
    ],
)
def test_what_gets_no_token_for_both(body: dict[str, Any], field: str, code: str) -> None:
    error = refused(answer_both, body)
    assert (error.field, error.code, error.status) == (field, code, 400)


def test_the_version_for_those_who_ask_for_none() -> None:
    classic = Settings(credentials=DEMO, now=NOW, version="006")
    assert answer_rtc(classic, {"channel": "lobby"})["version"] == "006"
    assert answer_rtm(classic, {"user": "alice", "version": "007"})["version"] == "007"
