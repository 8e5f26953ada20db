from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from functools import partial

import pytest

from agora_helpers import Credentials, InputError, build_rtc_token, build_rtm_token
from agora_helpers.panels.form import TokenForm
from agora_helpers.server.app import TokenServer
from tests.support import NOW

DEMO = Credentials.demo()
FORMS = [
    TokenForm(),
    TokenForm(version="006", role="subscriber", expires_in="60"),
    TokenForm(who="account", account="al ice!#$%&()+-:;<=.>?@[]^_{}|~,", channel="a b!$()~"),
    TokenForm(kind="rtm", user="bob~$(x)!"),
    TokenForm(kind="rtm", version="006"),
]


@pytest.fixture(scope="module")
def server() -> Iterator[TokenServer]:
    with TokenServer(DEMO, now=NOW, salt=1) as running:
        yield running


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_the_three_calls_make_the_token_of_the_form(form: TokenForm, server: TokenServer) -> None:
    token = form.build(DEMO, now=NOW, salt=1)
    names: dict[str, object] = {"build_rtc_token": partial(build_rtc_token, now=NOW, salt=1)}
    names |= {"build_rtm_token": partial(build_rtm_token, now=NOW, salt=1), "credentials": DEMO}
    assert eval(form.python_call(), names) == token

    shell = {"PATH": os.environ["PATH"], "TOKEN_SERVER": f"http://127.0.0.1:{server.port}"}
    assert json.loads(run(["sh", "-c", form.curl_call()], shell))["token"] == token

    program = (
        f"const {{ TOKEN_SERVER }} = process.env; (async () => {{ {form.javascript_call()} console.log(token); }})();"
    )
    assert run(["node", "-e", program], shell).strip() == token


def run(command: list[str], env: dict[str, str]) -> str:
    needed = "curl" if command[0] == "sh" else command[0]
    if not shutil.which(needed):
        pytest.skip(f"{needed} is not installed")
    done = subprocess.run(command, env=env, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_javascript_line_takes_the_client_s_id_along() -> None:
    assert TokenForm().javascript_call().startswith("const { uid, token } = ")
    assert TokenForm(who="account").javascript_call().startswith("const { userAccount, token } = ")
    assert TokenForm(kind="rtm").javascript_call().startswith("const { token } = ")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"channel": ""}, "is empty"),
        ({"channel": "café"}, "is not allowed"),
        ({"uid": "0"}, "anyone may use"),
        ({"uid": ""}, "must be an integer, 1 to 4294967295. Any other text is a user account"),
        ({"uid": "alice"}, "must be an integer"),
        ({"uid": "7.5"}, "must be an integer"),
        ({"uid": "\u0667"}, "must be an integer"),
        ({"uid": "-7"}, "is negative"),
        ({"uid": "9" * 25}, "does not fit into 32 bits"),
        ({"expires_in": "an hour"}, "must be a whole number of seconds"),
        ({"expires_in": "0"}, "at least 1 second"),
        ({"expires_in": "1700000000"}, "point in time"),
    ],
)
def test_each_field_is_checked_for_itself(typed: dict[str, str], says: str) -> None:
    (field,) = typed
    problems = TokenForm(**typed).problems()
    assert problems.keys() == {field} and problems[field].field == field
    assert says in f"{problems[field].problem} {problems[field].hint}"
    with pytest.raises(InputError):
        TokenForm(**typed).build(DEMO)


def test_all_that_is_wrong_is_said_at_once_and_only_what_counts() -> None:
    wrong = {"channel": "", "uid": "", "account": "", "user": "", "expires_in": ""}
    assert TokenForm(**wrong).problems().keys() == {"channel", "uid", "expires_in"}
    assert TokenForm(**wrong, who="account").problems().keys() == {"channel", "account", "expires_in"}
    assert TokenForm(**wrong, kind="rtm").problems().keys() == {"user", "expires_in"}


@pytest.mark.parametrize("field", ["kind", "version", "who", "role"])
def test_what_cannot_be_chosen_is_refused(field: str) -> None:
    with pytest.raises(InputError, match=f"{field}: is nothing that can be chosen. Say "):
        TokenForm(**{field: "x"})


def test_blanks_around_a_number_do_no_harm() -> None:
    assert TokenForm(uid=" 7 ", expires_in="60 ").build(DEMO, now=NOW, salt=1) == TokenForm(expires_in="60").build(
        DEMO, now=NOW, salt=1
    )
