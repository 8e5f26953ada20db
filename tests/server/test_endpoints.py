from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agora_helpers import ChatService, InputError, decode, verify
from agora_helpers.constants import NAME_ALPHABET
from agora_helpers.errors import ErrorCode
from agora_helpers.server.access import ANYONE
from agora_helpers.server.endpoints import ENDPOINTS, Endpoint, random_uid
from agora_helpers.server.fields import MAX_RANDOM_UID
from agora_helpers.server.requests import Body, RequestError, read_body
from agora_helpers.server.settings import Settings
from tests.support import DEMO, NOW

RTC, RTM, BOTH = ENDPOINTS["/rtctoken"], ENDPOINTS["/rtmtoken"], ENDPOINTS["/token"]
CHAT = ENDPOINTS["/chattoken"]
FIXED = Settings(credentials=DEMO, access=ANYONE, now=NOW, salt=1, uid=54_321)
LIVE = Settings(credentials=DEMO, access=ANYONE)


def rejected(endpoint: Endpoint, body: Body) -> RequestError:
    with pytest.raises(RequestError) as caught:
        endpoint.answer(FIXED, body)
    return caught.value


def code_of(error: RequestError) -> ErrorCode:
    """The package's own code, from which the response was made."""
    assert isinstance(error.__cause__, InputError)
    return ErrorCode(error.__cause__.code)


@pytest.mark.parametrize("version", ["006", "007"])
@pytest.mark.parametrize(("is_publisher", "privileges"), [(True, [1, 2, 3, 4]), (False, [1])])
def test_the_classic_request(version: str, is_publisher: bool, privileges: list[int]) -> None:
    answer = RTC.answer(FIXED, {"channel": "lobby", "isPublisher": is_publisher, "version": version})
    token = answer.pop("token")
    times = {"issuedAt": NOW, "expiresAt": NOW + 3600, "expiresIn": 3600}
    assert answer == {"uid": 54_321, "channel": "lobby", "version": version} | times
    verdict = verify(token, DEMO, channel="lobby", uid=54_321, now=NOW + 3599)
    assert verdict.ok
    assert sorted(decode(token).services[0].privileges) == privileges
    assert not verify(token, DEMO, channel="lobby", uid=54_321, now=NOW + 3600).ok


def test_without_is_publisher_a_subscriber_and_without_version_007() -> None:
    decoded = decode(RTC.answer(FIXED, {"channel": "lobby"})["token"])
    assert decoded.version == "007"
    assert sorted(decoded.services[0].privileges) == [1]


@pytest.mark.parametrize("uid", [1, 2**32 - 1])
def test_a_client_with_its_own_uid_and_lifetime(uid: int) -> None:
    answer = RTC.answer(FIXED, {"channel": "lobby", "uid": uid, "expiresIn": 60})
    assert (answer["uid"], answer["expiresAt"], answer["expiresIn"]) == (uid, NOW + 60, 60)
    assert verify(answer["token"], DEMO, channel="lobby", uid=uid, now=NOW).ok


def test_a_client_with_a_user_account() -> None:
    answer = RTC.answer(FIXED, {"channel": "lobby", "userAccount": "alice"})
    assert answer["userAccount"] == "alice"
    assert "uid" not in answer
    assert verify(answer["token"], DEMO, channel="lobby", account="alice", now=NOW).ok


def test_rtm() -> None:
    answer = RTM.answer(FIXED, {"user": "alice", "expiresIn": 600})
    token = answer.pop("token")
    times = {"issuedAt": NOW, "expiresAt": NOW + 600, "expiresIn": 600}
    assert answer == {"user": "alice", "version": "007"} | times
    assert verify(token, DEMO, user="alice", now=NOW + 599).ok
    assert not verify(token, DEMO, user="alice", now=NOW + 600).ok


def test_a_006_rtm_token_lives_24_hours_whatever_was_requested() -> None:
    answer = RTM.answer(FIXED, {"user": "alice", "version": "006", "expiresIn": 600})
    assert (answer["expiresAt"], answer["expiresIn"]) == (NOW + 86_400, 86_400)
    assert verify(answer["token"], DEMO, user="alice", now=NOW + 86_399).ok


def test_time_salt_and_uid_are_real_unless_fixed() -> None:
    answers = [RTC.answer(LIVE, {"channel": "lobby"}) for _ in range(20)]
    assert len({answer["uid"] for answer in answers}) == 20
    assert len({decode(answer["token"]).salt for answer in answers}) == 20
    assert all(verify(answer["token"], DEMO, channel="lobby", uid=answer["uid"]).ok for answer in answers)


@pytest.mark.parametrize(("number", "uid"), [(0, 1), (2**31 - 2, 2**31 - 1), (2**32, 2**31 - 1)])
def test_the_random_uid_is_never_0_and_never_negative_in_java(
    number: int, uid: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secrets.randbelow", lambda limit: min(number, limit - 1))
    assert random_uid() == uid
    assert MAX_RANDOM_UID == 2_147_483_647


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, 'channel: is missing. Send the channel that the client will join: {"channel": "lobby"}.'),
        ({"channel": None}, 'channel: is missing. Send the channel that the client will join: {"channel": "lobby"}.'),
    ],
)
def test_a_missing_field(body: Body, message: str) -> None:
    error = rejected(RTC, body)
    assert (error.code, error.field, error.status) == ("MISSING_FIELD", "channel", 400)
    assert str(error) == message


@pytest.mark.parametrize(
    ("body", "field", "code", "message"),
    [
        ({"channel": ""}, "channel", ErrorCode.EMPTY, "is empty. Send a name of 1 to 63 characters."),
        ({"channel": 7}, "channel", ErrorCode.WRONG_TYPE, "must be a string, not an integer."),
        ({"channel": ["a"]}, "channel", ErrorCode.WRONG_TYPE, "must be a string, not an array."),
        ({"channel": {}}, "channel", ErrorCode.WRONG_TYPE, "must be a string, not an object."),
        (
            {"channel": "café"},
            "channel",
            ErrorCode.BAD_CHARACTER,
            "contains a character that Agora does not allow (U+00E9, position 4). Allowed: a-z A-Z 0-9, space and "
            "! # $ % & ( ) + - : ; < = . > ? @ [ ] ^ _ { } | ~ ,",
        ),
        (
            {"channel": "https://example.com/lobby"},
            "channel",
            ErrorCode.INVALID,
            "looks like a URL. Pass the name itself.",
        ),
        (
            {"channel": "x" * 64},
            "channel",
            ErrorCode.TOO_LONG,
            "is 64 bytes long; the limit is 63. Use a shorter name, for example an id of yours.",
        ),
        (
            {"channel": "a", "isPublisher": "False"},
            "isPublisher",
            ErrorCode.WRONG_TYPE,
            "must be true or false, not a string. Write it without quotes: in JavaScript, for example, the string "
            '"false" counts as true.',
        ),
        (
            {"channel": "a", "isPublisher": 1},
            "isPublisher",
            ErrorCode.WRONG_TYPE,
            "must be true or false, not an integer. Send true or false.",
        ),
        (
            {"channel": "a", "isPublisher": None},
            "isPublisher",
            ErrorCode.WRONG_TYPE,
            "must be true or false, not null. Leave it out for the default.",
        ),
        (
            {"channel": "a", "uid": 0},
            "uid",
            ErrorCode.UID_FOR_ANYONE,
            "0 builds a token that any client may use. Leave it out, and the server chooses one: the client then joins "
            "with the uid in the answer.",
        ),
        (
            {"channel": "a", "uid": "7"},
            "uid",
            ErrorCode.WRONG_TYPE,
            "must be an integer, not a string. Write a numeric id without quotes. Send any other id in userAccount.",
        ),
        (
            {"channel": "a", "uid": 7.5},
            "uid",
            ErrorCode.WRONG_TYPE,
            "must be an integer, not a number with a decimal point or exponent. Send an integer.",
        ),
        ({"channel": "a", "uid": True}, "uid", ErrorCode.WRONG_TYPE, "must be an integer, not true or false."),
        (
            {"channel": "a", "uid": None},
            "uid",
            ErrorCode.WRONG_TYPE,
            "must be an integer, not null. Leave it out for the default.",
        ),
        (
            {"channel": "a", "uid": -7},
            "uid",
            ErrorCode.UID_NEGATIVE,
            "is negative. Java and Android show a uid above 2147483647 as a negative number: add 4294967296 to it.",
        ),
        (
            {"channel": "a", "uid": 2**32},
            "uid",
            ErrorCode.UID_TOO_LARGE,
            "does not fit into 32 bits. Send 1 to 4294967295, or a larger id as a string in userAccount.",
        ),
        (
            {"channel": "a", "userAccount": 7},
            "userAccount",
            ErrorCode.WRONG_TYPE,
            "must be a string, not an integer. Send an integer id in uid.",
        ),
        (
            {"channel": "a", "userAccount": ""},
            "userAccount",
            ErrorCode.EMPTY,
            "is empty. Send 1 to 255 characters, or leave it out.",
        ),
        (
            {"channel": "a", "uid": 7, "userAccount": "b"},
            "userAccount",
            ErrorCode.UID_AND_ACCOUNT,
            "cannot be sent together with uid. Send one of the two.",
        ),
        (
            {"channel": "a", "expiresIn": NOW},
            "expiresIn",
            ErrorCode.LIFETIME_IS_TIME,
            "is more than 86400 seconds (24 hours). This looks like a point in time. Send a duration in seconds: 3600 "
            "is one hour.",
        ),
        (
            {"channel": "a", "expiresIn": 3_600_000},
            "expiresIn",
            ErrorCode.LIFETIME_IS_MILLISECONDS,
            "is more than 86400 seconds (24 hours). This looks like milliseconds. Send seconds: divide by 1000.",
        ),
        (
            {"channel": "a", "expiresIn": 86_401},
            "expiresIn",
            ErrorCode.LIFETIME_TOO_LONG,
            "is more than 86400 seconds (24 hours). Agora ends every token after 24 hours; renew it before that.",
        ),
        (
            {"channel": "a", "expiresIn": 0},
            "expiresIn",
            ErrorCode.LIFETIME_TOO_SHORT,
            "must be at least 1 second. 3600 is one hour; Agora allows up to 86400.",
        ),
        (
            {"channel": "a", "expiresIn": "60"},
            "expiresIn",
            ErrorCode.WRONG_TYPE,
            "must be an integer, not a string. Write it without quotes, in seconds.",
        ),
        (
            {"channel": "a", "expiresIn": 1.5},
            "expiresIn",
            ErrorCode.WRONG_TYPE,
            "must be an integer, not a number with a decimal point or exponent. Round it to whole seconds.",
        ),
        (
            {"channel": "a", "version": 7},
            "version",
            ErrorCode.WRONG_TYPE,
            "must be a string, not an integer. Write it in quotes.",
        ),
        (
            {"channel": "a", "version": "005"},
            "version",
            ErrorCode.UNKNOWN_CHOICE,
            'must be "007" or "006". Leave it out for the server\'s default.',
        ),
    ],
)
def test_an_invalid_field(body: Body, field: str, code: ErrorCode, message: str) -> None:
    error = rejected(RTC, body)
    assert (error.code, error.field, error.status) == ("INVALID_FIELD", field, 400)
    assert str(error) == f"{field}: {message}"
    assert code_of(error) == code


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        (
            {"channel": "a", "role": "publisher"},
            "role",
            "role: is not a field of this endpoint. The fields are channel, isPublisher, uid, userAccount, expiresIn, "
            "version.",
        ),
        ({"channel": "a", "channelName": 1}, "channelName", "channelName: is not a field of this endpoint. The fields"),
        ({"channel": "a", "x y\n" * 99: 1}, "body", "body: contains a field that does not belong to this endpoint."),
        ({"channel": "a", "0123456789abcdef" * 2: 1}, "body", "body: contains a field that does not belong to this"),
    ],
)
def test_an_unknown_field(body: Body, field: str, message: str) -> None:
    error = rejected(RTC, body)
    assert (error.code, error.field, error.status) == ("UNKNOWN_FIELD", field, 400)
    assert str(error).startswith(message)


@pytest.mark.parametrize(
    ("body", "code", "field", "message"),
    [
        (
            {},
            "MISSING_FIELD",
            "user",
            'is missing. Send the user id that the client will log in with: {"user": "alice"}.',
        ),
        (
            {"user": 7},
            "INVALID_FIELD",
            "user",
            "must be a string, not an integer. If the number is the user's id, write it in quotes.",
        ),
        ({"user": ""}, "INVALID_FIELD", "user", "is empty. Send an id of 1 to 64 characters."),
        ({"user": "x" * 65}, "INVALID_FIELD", "user", "is 65 bytes long; the limit is 64."),
        (
            {"user": "undefined"},
            "INVALID_FIELD",
            "user",
            "looks like a variable without a value, or a template that was not filled in. Find the variable that had "
            "no value, and send the name itself. Where users may choose such names, set "
            "AGORA_ALLOW_PLACEHOLDER_NAMES=on",
        ),
        (
            {"user": "a", "channel": "lobby"},
            "UNKNOWN_FIELD",
            "channel",
            "does not belong here: an RTM token is issued for a user and opens no channel. Leave it out. "
            "Get tokens for channels from /rtctoken.",
        ),
        ({"channel": "lobby"}, "UNKNOWN_FIELD", "channel", "does not belong here: an RTM token is issued for a user"),
        (
            {"user": "a", "uid": 7},
            "UNKNOWN_FIELD",
            "uid",
            "is not a field of this endpoint. The fields are user, expiresIn, version.",
        ),
        (
            {"user": "a", "expiresIn": None},
            "INVALID_FIELD",
            "expiresIn",
            "must be an integer, not null. Leave it out for the default.",
        ),
    ],
)
def test_what_is_wrong_with_an_rtm_request(body: Body, code: str, field: str, message: str) -> None:
    error = rejected(RTM, body)
    assert (error.code, error.field) == (code, field)
    assert str(error).startswith(f"{field}: {message}")


FROM_JSON = {code for code in ErrorCode if not code.startswith("NOT_A_TOKEN")} - {
    ErrorCode.INVALID,  # has no field of a request
    ErrorCode.OUT_OF_RANGE,  # salt and time come from the server
    ErrorCode.NO_CLIENT,  # the server chooses a uid
    ErrorCode.MALFORMED,  # a request contains no token
    ErrorCode.UID_IS_STRING,  # the JSON type is checked first: WRONG_TYPE
    ErrorCode.ACCOUNT_IS_NUMBER,
    ErrorCode.USER_IS_NUMBER,
}
PYTHON = r"=…|=True|=False|\w+\(|\((str|int)\)|\b(int|dict|list|bool|float|None|NoneType)\b"
PYTHON_NAMES = r"allow_any_uid|account=|uid=|expires_in|\baccount\b|\brole\b|\bPass\b"


def test_every_error_code_that_json_can_cause_is_in_the_words_of_json() -> None:
    codes = set()
    values: list[Any] = [
        None,
        True,
        0,
        -1,
        7,
        2**32,
        86_401,
        3_600_000,
        NOW,
        1.5,
        "",
        "é",
        "null",
        "x" * 256,
        "005",
        [],
        {},
    ]
    for endpoint, valid in (
        (RTC, {"channel": "a"}),
        (RTM, {"user": "a"}),
        (BOTH, {"channel": "a"}),
        (CHAT, {"user": "a"}),
    ):
        bodies: list[Body] = [{}, valid | {"uid": 7, "userAccount": "b"}]
        bodies += [valid | {name: value} for name in endpoint.fields for value in values]
        for body in bodies:
            try:
                endpoint.answer(FIXED, body)
            except RequestError as error:
                assert not re.search(f"{PYTHON}|{PYTHON_NAMES}", str(error)), str(error)
                if error.code != "UNKNOWN_FIELD":
                    codes.add(code_of(error))
    assert codes == FROM_JSON


def test_a_mistake_that_is_not_the_clients_is_not_reported_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> str:
        raise InputError("salt", "does not fit into 32 bits.")

    monkeypatch.setattr("agora_helpers.server.endpoints.build_rtc_token", fail)
    with pytest.raises(InputError, match="salt: does not fit") as caught:
        RTC.answer(FIXED, {"channel": "a"})
    assert not isinstance(caught.value, RequestError)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=70),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
near_the_limits = st.sampled_from((-1, 0, 86_401, NOW, 3_600_000, 2**32, 7.0, "7"))
names = st.text(NAME_ALPHABET, max_size=70)


def mostly(right: Any, wrong: Any) -> Any:
    """Return values that are right four times out of five."""
    return st.integers(0, 4).flatmap(lambda number: wrong if number == 0 else right)


lifetimes = mostly(st.integers(1, 86_400), near_the_limits | json_values)
versions = mostly(st.sampled_from(("006", "007")), json_values)
REQUESTS: list[tuple[Endpoint, dict[str, Any], dict[str, Any]]] = [
    (
        RTC,
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
        RTM,
        {"user": mostly(st.just("alice"), names | json_values)},
        {"expiresIn": lifetimes, "version": versions},
    ),
]


@pytest.mark.parametrize(("endpoint", "required", "optional"), REQUESTS, ids=["rtc", "rtm"])
def test_any_body_gets_a_good_token_or_an_error_in_the_words_of_json(
    endpoint: Endpoint, required: dict[str, Any], optional: dict[str, Any]
) -> None:
    seen: Counter[str] = Counter()

    @settings(max_examples=600)  # what hypothesis tries depends on the modules that are loaded
    @given(st.fixed_dictionaries(required, optional=optional))
    def ask(body: dict[str, Any]) -> None:
        try:
            reply = endpoint.answer(FIXED, body)
        except RequestError as error:
            seen[error.field] += 1
            assert not re.search(PYTHON, str(error)), str(error)
        else:
            seen["a token"] += 1
            who: dict[str, Any] = {
                "uid": reply.get("uid"),
                "account": reply.get("userAccount"),
                "channel": reply.get("channel"),
            }
            assert verify(reply["token"], DEMO, user=reply.get("user"), now=NOW, **who).ok

    ask()
    assert seen.keys() == {"a token", *required, *optional}, (
        "every field was rejected at least once, and some requests were right"
    )


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"True", "line 1, column 1"),
        (b'{"channel": "a",}', "line 1, column 16"),
        (b'{"channel":\n  ["a", ]}', "line 2, column 7"),
        (b'{"channel":\n  "a" "b"}', "line 2, column 7"),
        (b"{channel: 'a'}", "line 1, column 2"),
        (b"\xff{}", "body: is not UTF-8. Send JSON in UTF-8."),
        (b'"lobby"', "must be a JSON object"),
        (b"[]", "must be a JSON object"),
        (b"null", "must be a JSON object"),
        (b'{"channel": "a", "channel": "b"}', "contains the same name twice. Send each field once."),
        (b'{"uid": NaN}', "contains NaN, which is not JSON"),
        (b'{"uid": -Infinity}', "contains -Infinity, which is not JSON"),
        (b'{"uid": ' + b"9" * 5000 + b"}", "contains a number that is too long, or too many nested brackets"),
        (b"[" * 100_000, "contains a number that is too long, or too many nested brackets"),
    ],
)
def test_a_body_that_is_not_a_json_object(body: bytes, message: str) -> None:
    with pytest.raises(RequestError, match=message) as caught:
        read_body(body)
    assert (caught.value.code, caught.value.field, caught.value.status) == ("INVALID_JSON", "body", 400)


def test_a_body_that_is_one() -> None:
    assert read_body(json.dumps({"channel": "café", "uid": 7}).encode()) == {"channel": "café", "uid": 7}


def test_one_token_for_both() -> None:
    answer = BOTH.answer(FIXED, {"channel": "lobby", "userAccount": "alice", "isPublisher": True, "expiresIn": 60})
    token = answer.pop("token")
    client = {"userAccount": "alice", "channel": "lobby", "user": "alice", "version": "007"}
    assert answer == client | {"issuedAt": NOW, "expiresAt": NOW + 60, "expiresIn": 60}
    verdict = verify(token, DEMO, channel="lobby", account="alice", user="alice", now=NOW + 59)
    assert verdict.ok
    assert sorted(decode(token).services[0].privileges) == [1, 2, 3, 4]
    assert BOTH.answer(FIXED, {"channel": "lobby"})["user"] == "54321", "the uid as a string"
    other = BOTH.answer(FIXED, {"channel": "lobby", "user": "bob", "uid": 7})
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
        ({"channel": "undefined"}, "channel", "INVALID_FIELD"),
        ({"channel": "a", "userAccount": "NaN"}, "userAccount", "INVALID_FIELD"),
        ({"channel": "a", "user": "[object Object]"}, "user", "INVALID_FIELD"),
        ({"channel": "a", "isPublisher": 1}, "isPublisher", "INVALID_FIELD"),
        ({"channel": "a", "expiresIn": 0}, "expiresIn", "INVALID_FIELD"),
        ({"channel": "a", "version": "007"}, "version", "UNKNOWN_FIELD"),
        ({"channel": "a", "x": 1}, "x", "UNKNOWN_FIELD"),
    ],
)
def test_what_is_wrong_with_a_request_for_both(body: dict[str, Any], field: str, code: str) -> None:
    error = rejected(BOTH, body)
    assert (error.field, error.code, error.status) == (field, code, 400)


def test_a_chat_token_is_for_a_user_and_never_for_the_app() -> None:
    answer = CHAT.answer(FIXED, {"user": "a.b-c_9", "expiresIn": 60})
    token = answer.pop("token")
    times = {"issuedAt": NOW, "expiresAt": NOW + 60, "expiresIn": 60}
    assert answer == {"user": "a.b-c_9", "version": "007"} | times
    assert decode(token).services == (ChatService("a.b-c_9", {1: 60}),)


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        (
            {},
            "MISSING_FIELD",
            'user: is missing. Send the user id that the client will log in with: {"user": "alice"}.',
        ),
        ({"user": None}, "MISSING_FIELD", "user: is missing. Send the user id"),
        ({"user": ""}, "INVALID_FIELD", "user: is empty. Send an id of 1 to 64 characters."),
        (
            {"user": "Alice"},
            "INVALID_FIELD",
            "user: contains a character that Chat does not allow (U+0041, position 1).",
        ),
        ({"user": "a" * 65}, "INVALID_FIELD", "user: is 65 bytes long; the limit is 64."),
        (
            {"user": "a", "version": "007"},
            "UNKNOWN_FIELD",
            "version: does not belong here: Chat tokens are always 007.",
        ),
        ({"user": "a", "channel": "b"}, "UNKNOWN_FIELD", "channel: is not a field of this endpoint."),
        ({"user": "a", "app": True}, "UNKNOWN_FIELD", "app: is not a field of this endpoint."),
    ],
)
def test_what_is_wrong_with_a_request_for_chat(body: dict[str, Any], code: str, message: str) -> None:
    error = rejected(CHAT, body)
    assert (error.code, error.status) == (code, 400)
    assert str(error).startswith(message)


@pytest.mark.parametrize(
    ("endpoint", "body"),
    [
        (RTC, {"channel": "undefined", "userAccount": "null"}),
        (RTM, {"user": "None"}),
        (BOTH, {"channel": "{channel}", "userAccount": "nil"}),
    ],
)
def test_a_server_whose_users_may_choose_any_name(endpoint: Endpoint, body: Body) -> None:
    settings = replace(FIXED, allow_placeholder_names=True)
    assert endpoint.answer(settings, body)["token"]
    assert rejected(endpoint, body).code == "INVALID_FIELD"


def test_the_version_if_a_request_names_none() -> None:
    classic = Settings(credentials=DEMO, access=ANYONE, now=NOW, version="006")
    assert RTC.answer(classic, {"channel": "lobby"})["version"] == "006"
    assert RTM.answer(classic, {"user": "alice", "version": "007"})["version"] == "007"
