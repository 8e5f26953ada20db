"""The description is put to the test: schemathesis asks what it allows and what it forbids."""

from __future__ import annotations

from typing import Any

import schemathesis
from hypothesis import settings

from agora_helpers.server.access import ApiKeys
from agora_helpers.server.app import create_app
from agora_helpers.server.endpoints import BOTH_FIELDS, RTC_FIELDS, RTM_FIELDS
from agora_helpers.server.openapi import describe_api
from agora_helpers.server.settings import Settings
from tests.support import DEMO, NOW

KEY = "a-key-for-this-very-test"
OPEN = create_app(Settings(credentials=DEMO, now=NOW))
WITH_KEYS = create_app(Settings(credentials=DEMO, now=NOW, access=ApiKeys([KEY])))
open_to_all = schemathesis.openapi.from_asgi("/openapi.json", OPEN)
with_keys = schemathesis.openapi.from_asgi("/openapi.json", WITH_KEYS)


@schemathesis.hook
def filter_body(context: object, body: Any) -> bool:
    """To JSON Schema 7.0 is an integer; to the server it is none."""
    return not (isinstance(body, dict) and any(isinstance(value, float) for value in body.values()))


@with_keys.auth()
class _Key:
    def get(self, case: Any, context: object) -> str:
        return KEY

    def set(self, case: Any, data: str, context: object) -> None:
        case.headers["Authorization"] = f"Bearer {data}"


@open_to_all.parametrize()
@settings(max_examples=60)
def test_what_it_allows_and_forbids_is_answered_as_it_says(case: Any) -> None:
    case.call_and_validate()


@with_keys.parametrize()
@settings(max_examples=20)
def test_the_same_with_a_key(case: Any) -> None:
    case.call_and_validate()


def test_it_names_what_the_server_knows() -> None:
    paths = describe_api(Settings(credentials=DEMO, version="006"))["paths"]
    for path, fields in {"/rtctoken": RTC_FIELDS, "/rtmtoken": RTM_FIELDS, "/token": BOTH_FIELDS}.items():
        schema = paths[path]["post"]["requestBody"]["content"]["application/json"]["schema"]
        assert tuple(schema["properties"]) == fields and schema["additionalProperties"] is False
    assert schema["required"] == ["channel"] and "security" not in paths["/token"]["post"]
    rtc = paths["/rtctoken"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert rtc["properties"]["version"]["default"] == "006"


def test_it_asks_for_a_key_only_where_keys_are_the_policy() -> None:
    for access, said in ((ApiKeys([KEY]), True), (lambda headers: None, False), (None, False)):
        described = describe_api(Settings(credentials=DEMO, access=access))
        assert ("securitySchemes" in described["components"]) == said
        assert ("security" in described["paths"]["/token"]["post"]) == said
