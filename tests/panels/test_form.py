from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from agora_helpers import (
    InputError,
    build_chat_token,
    build_convoai_token,
    build_rtc_rtm_token,
    build_rtc_token,
    build_rtm_token,
    decode,
)
from agora_helpers.errors import ErrorCode
from agora_helpers.panels.form import TokenForm
from agora_helpers.server.app import TokenServer
from tests.support import DEMO, NOW, PYTHON_WORDS

FORMS = [
    TokenForm(),
    TokenForm(version="006", role="subscriber", expires_in="60"),
    TokenForm(who="account", account="al ice!#$%&()+-:;<=.>?@[]^_{}|~,", channel="a b!$()~"),
    TokenForm(kind="rtm", user="bob~$(x)!"),
    TokenForm(kind="rtm", version="006"),
    TokenForm(kind="both", who="account", account="carol", role="subscriber", expires_in="60"),
    TokenForm(kind="both", version="006"),
    TokenForm(kind="chat", user="a.b-c_9"),
]


@pytest.fixture(scope="module")
def server() -> Iterator[TokenServer]:
    with TokenServer(DEMO, now=NOW, salt=1, max_expires_in=86_400) as running:
        yield running


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_the_three_calls_build_the_token_of_the_form(form: TokenForm, server: TokenServer) -> None:
    token = form.build(DEMO, now=NOW, salt=1)
    names: dict[str, object] = {"build_rtc_token": partial(build_rtc_token, now=NOW, salt=1)}
    names |= {"build_rtm_token": partial(build_rtm_token, now=NOW, salt=1), "credentials": DEMO}
    names |= {"build_rtc_rtm_token": partial(build_rtc_rtm_token, now=NOW, salt=1)}
    names |= {"build_chat_token": partial(build_chat_token, now=NOW, salt=1)}
    assert eval(form.python_call(), names) == token

    shell = {"PATH": os.environ["PATH"], "TOKEN_SERVER": f"http://127.0.0.1:{server.port}"}
    assert json.loads(run(["sh", "-c", form.curl_call()], shell))["token"] == token

    program = (
        f"const {{ TOKEN_SERVER }} = process.env; (async () => {{ {form.javascript_call()} console.log(token); }})();"
    )
    assert run(["node", "-e", program], shell).strip() == token


@pytest.mark.parametrize("form", [TokenForm(kind="convoai"), TokenForm(kind="convoai", who="account", version="006")])
def test_an_agent_s_token_is_built_where_the_agent_is_started_and_by_no_server(form: TokenForm) -> None:
    assert not form.has_request
    names = {"build_convoai_token": partial(build_convoai_token, now=NOW, salt=1), "credentials": DEMO}
    assert eval(form.python_call(), names) == form.build(DEMO, now=NOW, salt=1)
    assert [service.name for service in decode(form.build(DEMO)).services] == ["rtc", "rtm", "convoai"]


@pytest.mark.parametrize(
    "form", [*FORMS, TokenForm(expires_in="3601"), TokenForm(kind="chat", expires_in="86400")], ids=str
)
def test_a_server_with_the_raised_limit_answers_and_one_with_the_default_only_if_none_is_needed(
    form: TokenForm,
) -> None:
    path, body = form.request()
    with TokenServer(DEMO) as default:
        assert (default.client.post(path, json=body).status_code == 200) == (form.raised_limit is None)
    with TokenServer(DEMO, max_expires_in=form.raised_limit or 3600) as raised:
        assert raised.client.post(path, json=body).status_code == 200


def test_no_server_can_answer_for_an_agent() -> None:
    assert TokenForm(kind="convoai", expires_in="86400").raised_limit is None


def run(command: list[str], env: dict[str, str]) -> str:
    program = "curl" if command[0] == "sh" else command[0]
    if not shutil.which(program):
        pytest.skip(f"{program} is not installed")
    done = subprocess.run(command, env=env, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("form", "names"),
    [
        (TokenForm(), "{ uid, token }"),
        (TokenForm(who="account"), "{ userAccount, token }"),
        (TokenForm(kind="rtm"), "{ token }"),
        (TokenForm(kind="both"), "{ uid, token }"),
        (TokenForm(kind="chat"), "{ token }"),
    ],
)
def test_the_javascript_line_reads_the_client_s_id_too(form: TokenForm, names: str) -> None:
    assert form.javascript_call().startswith(f"const {names} = ")


WRONG: list[tuple[dict[str, Any], ErrorCode, str]] = [
    ({"channel": ""}, ErrorCode.EMPTY, "1 to 63 characters"),
    ({"channel": "caf\u00e9"}, ErrorCode.BAD_CHARACTER, "Allowed: a-z A-Z 0-9"),
    ({"channel": "a" * 64}, ErrorCode.TOO_LONG, "Use a shorter name"),
    ({"who": "account", "account": "a" * 256}, ErrorCode.TOO_LONG, "Use a shorter name"),
    ({"kind": "rtm", "user": ""}, ErrorCode.EMPTY, "1 to 64 characters"),
    ({"kind": "chat", "user": "Alice"}, ErrorCode.BAD_CHARACTER, "Chat user ids have no capital letters."),
    ({"kind": "both", "user": "\u00e9"}, ErrorCode.BAD_CHARACTER, "Allowed: a-z A-Z 0-9"),
    ({"kind": "convoai", "who": "account", "account": "a" * 65}, ErrorCode.TOO_LONG, "Use a shorter name"),
    ({"channel": "{channel}"}, ErrorCode.PLACEHOLDER_NAME, "Type the name itself."),
    ({"who": "account", "account": "undefined"}, ErrorCode.PLACEHOLDER_NAME, "Type the name itself."),
    ({"kind": "rtm", "user": ":userAccount"}, ErrorCode.PLACEHOLDER_NAME, "Type the name itself."),
    ({"uid": "0"}, ErrorCode.UID_FOR_ANYONE, "Type the client's own uid."),
    ({"kind": "convoai", "uid": "0"}, ErrorCode.UID_FOR_ANYONE, "Type the client's own uid."),
    ({"uid": ""}, ErrorCode.WRONG_TYPE, 'For any other string choose "user account" above.'),
    ({"uid": "alice"}, ErrorCode.WRONG_TYPE, 'For any other string choose "user account" above.'),
    ({"uid": "7.5"}, ErrorCode.WRONG_TYPE, 'For any other string choose "user account" above.'),
    ({"uid": "\u0667"}, ErrorCode.WRONG_TYPE, 'For any other string choose "user account" above.'),
    ({"uid": "-7"}, ErrorCode.UID_NEGATIVE, "add 4294967296"),
    ({"uid": "9" * 25}, ErrorCode.UID_TOO_LARGE, 'For a larger id choose "user account" above.'),
    ({"expires_in": "an hour"}, ErrorCode.WRONG_TYPE, "3600 is one hour"),
    ({"expires_in": "0"}, ErrorCode.LIFETIME_TOO_SHORT, "3600 is one hour"),
    ({"expires_in": "86401"}, ErrorCode.LIFETIME_TOO_LONG, "24 hours"),
    ({"expires_in": "3600000"}, ErrorCode.LIFETIME_IS_MILLISECONDS, "divide by 1000"),
    ({"expires_in": "1700000000"}, ErrorCode.LIFETIME_IS_TIME, "point in time"),
]
"""What a person may type, the error's code, and a part of what to do."""


@pytest.mark.parametrize(("values", "code", "hint"), WRONG, ids=lambda value: str(value)[:40])
def test_each_field_is_checked_on_its_own(values: dict[str, Any], code: ErrorCode, hint: str) -> None:
    field = list(values)[-1]
    problems = TokenForm(**values).problems()
    assert problems.keys() == {field}
    error = problems[field]
    assert (error.field, error.code) == (field, code)
    assert hint in error.hint
    assert "Pass " not in error.hint, "a person types"
    assert not PYTHON_WORDS.search(f"{error.problem} {error.hint}")
    with pytest.raises(InputError) as caught:
        TokenForm(**values).build(DEMO)
    assert (caught.value.field, caught.value.code) == (field, code)


def test_every_code_that_a_form_can_reach_is_in_the_test_above() -> None:
    unreachable = {
        ErrorCode.INVALID,
        ErrorCode.MISSING,  # every field has a value
        ErrorCode.OUT_OF_RANGE,  # time and salt are no fields
        ErrorCode.UNKNOWN_CHOICE,  # of the lists
        ErrorCode.UID_IS_STRING,
        ErrorCode.ACCOUNT_IS_NUMBER,
        ErrorCode.USER_IS_NUMBER,
        ErrorCode.UID_AND_ACCOUNT,
        ErrorCode.NO_CLIENT,
        ErrorCode.MALFORMED,
    }
    assert {code for _, code, _ in WRONG} == {
        code for code in ErrorCode if not code.startswith("NOT_A_TOKEN")
    } - unreachable


@pytest.mark.parametrize(
    ("choices", "fields"),
    [
        ({}, {"channel", "uid", "expires_in"}),
        ({"who": "account"}, {"channel", "account", "expires_in"}),
        ({"kind": "rtm"}, {"user", "expires_in"}),
        ({"kind": "both"}, {"channel", "uid", "user", "expires_in"}),
        ({"kind": "chat"}, {"user", "expires_in"}),
        ({"kind": "convoai"}, {"channel", "uid", "expires_in"}),
    ],
)
def test_all_problems_are_listed_but_only_those_of_fields_that_count(choices: Any, fields: set[str]) -> None:
    empty: Any = dict.fromkeys(("channel", "uid", "account", "user", "expires_in"), "")
    assert TokenForm(**empty, **choices).problems().keys() == fields


@pytest.mark.parametrize("field", ["kind", "version", "who", "role"])
def test_a_choice_that_does_not_exist_is_rejected(field: str) -> None:
    choice: dict[str, Any] = {field: "x"}
    with pytest.raises(InputError, match=f"^{field}: is not one of the choices. Use ") as caught:
        TokenForm(**choice)
    assert caught.value.code == ErrorCode.UNKNOWN_CHOICE


def test_blanks_around_a_number_do_no_harm() -> None:
    form, padded = TokenForm(expires_in="60"), TokenForm(uid=" 7 ", expires_in="60 ")
    assert padded.build(DEMO, now=NOW, salt=1) == form.build(DEMO, now=NOW, salt=1)
