"""Templates: what they become, and what is wrong with them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agora_helpers import InputError
from agora_helpers.audit import ClassicServer, audit
from agora_helpers.audit.target import MISSING, Target

URL = "http://localhost:3000/token"
NASTY = 'a"b\\c/d?e&f=g#h%{uid}é\n'
VALUES: dict[str, Any] = {"channel": NASTY, "uid": 7, "publisher": True, "role": "host", "expires_in": 60, "user": "u"}


def test_values_arrive_unchanged_in_a_path_a_query_and_a_form() -> None:
    from urllib.parse import parse_qs, unquote, urlsplit

    request = Target(f"{URL}/{{channel}}/x?c={{channel}}&fixed=1&p={{publisher}}").request(VALUES)
    parts = urlsplit(request.url)
    assert unquote(parts.path) == f"/token/{NASTY}/x"
    assert parts.path.count("/") == 3
    assert parse_qs(parts.query) == {"c": [NASTY], "fixed": ["1"], "p": ["true"]}
    assert (request.method, request.body) == ("GET", b"")
    form = Target(URL, form="channel={channel}&uid={uid}").request(VALUES)
    assert parse_qs(form.body.decode()) == {"channel": [NASTY], "uid": ["7"]}
    assert (form.method, form.headers["content-type"]) == ("POST", "application/x-www-form-urlencoded")


def test_values_arrive_unchanged_in_json() -> None:
    body = (
        '{"c": "{channel}", "u": {uid}, "t": "{uid}", "p": {publisher}, "l": [{"r": "as {role}"}], "n": null, "x": 1}'
    )
    request = Target(URL, json_body=body).request(VALUES)
    expected = {"c": NASTY, "u": 7, "t": "7", "p": True, "l": [{"r": "as host"}], "n": None, "x": 1}
    assert json.loads(request.body) == expected
    assert (request.method, request.headers["content-type"]) == ("POST", "application/json")


def test_a_missing_value_takes_its_field_along() -> None:
    values = {**VALUES, "uid": MISSING}
    assert Target(f"{URL}?uid={{uid}}&b={{role}}").request(values).url == f"{URL}?b=host"
    assert Target(f"{URL}/{{uid}}/{{role}}").request(values).url == f"{URL}//host"
    body = '{"a": {uid}, "b": "{uid}", "c": [{uid}], "d": {"e": {uid}}}'
    assert json.loads(Target(URL, json_body=body).request(values).body) == {"c": [], "d": {}}


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no scheme": ({"url": "localhost:3000/token"}, "target: is not an http or https URL."),
    "file": ({"url": "file:///etc/passwd"}, "target: is not an http or https URL."),
    "no host": ({"url": "http:///token"}, "target: is not an http or https URL."),
    "bad port": ({"url": "http://localhost:99999/"}, "target: is not an http or https URL."),
    "bad address": ({"url": "http://[::1/"}, "target: is not an http or https URL."),
    "space": ({"url": "http://localhost/a b"}, "target: is not an http or https URL."),
    "password": ({"url": "http://me:hunter22@localhost/"}, "target: contains a user name or password."),
    "placeholder in the host": ({"url": "http://{channel}.localhost/"}, "target: has a placeholder in its host."),
    "unknown placeholder": ({"url": f"{URL}?c={{chanel}}"}, "target: has an unknown placeholder: {chanel}."),
    "unknown in JSON": ({"url": URL, "json_body": '{"c": {name}}'}, "target: has an unknown placeholder: {name}."),
    "no JSON": ({"url": URL, "json_body": "{channel}}"}, "json_body: is not valid JSON."),
    "JSON scalar": ({"url": URL, "json_body": "7"}, "json_body: must be a JSON object or array."),
    "no form": ({"url": URL, "form": "channel"}, "form: is not a form."),
    "two bodies": ({"url": URL, "form": "a=1", "json_body": "{}"}, "form: cannot be combined with json_body."),
    "method": ({"url": URL, "method": "GET /"}, "method: is not an HTTP method."),
    "header name": ({"url": URL, "headers": {"a b": "hunter22"}}, "header: is not a valid HTTP header."),
    "header value": ({"url": URL, "headers": {"a": "hunter22\r\nb: c"}}, "header: is not a valid HTTP header."),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_template_is_explained(name: str) -> None:
    arguments, words = WRONG[name]
    with pytest.raises(InputError) as error:
        Target(**arguments)
    assert str(error.value).startswith(f"{words} ")
    assert "hunter22" not in str(error.value)


def test_what_is_shown_of_a_target() -> None:
    target = Target(f"{URL}?key=Zk3rT9vXw1&c={{channel}}", headers={"Authorization": "Bearer hunter22"})
    assert target.shown == f"GET {URL}?key=…&c={{channel}}"
    assert {"Bearer hunter22", "hunter22", "Zk3rT9vXw1"} <= {*target.secrets}
    assert "hunter22" not in repr(target.secrets)


@pytest.mark.parametrize(
    ("arguments", "options", "words"),
    [
        ((ClassicServer(),), {}, "path: is missing, or does not start with /."),
        ((ClassicServer(), "token"), {}, "path: is missing, or does not start with /."),
        ((URL, "/token"), {}, "path: cannot be combined with a URL."),
        ((URL,), {"credentials": "d41d8cd98f00B204e9800998ecf8427e"}, "credentials: must be Credentials, not str."),
        ((URL,), {"secondary_certificate": "d41d8"}, "secondary_certificate: has 5 characters; it must have 32."),
    ],
)
def test_wrong_arguments(arguments: Any, options: Any, words: str) -> None:
    with pytest.raises(InputError) as error:
        audit(*arguments, **options)
    assert str(error.value).startswith(words)
    assert "d41d8" not in str(error.value)
