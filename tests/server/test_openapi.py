"""The description is tested with schemathesis, which sends what it allows and what it forbids."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import settings

from agora_helpers.server.access import ANYONE, ApiKeys
from agora_helpers.server.app import create_app
from agora_helpers.server.openapi import describe_api
from agora_helpers.server.settings import Settings
from tests.support import DEMO, NOW

KEY = "a-key-for-this-very-test"
OPEN = create_app(Settings(credentials=DEMO, access=ANYONE, now=NOW))
WITH_KEYS = create_app(Settings(credentials=DEMO, now=NOW, access=ApiKeys([KEY])))
open_to_all = schemathesis.openapi.from_asgi("/openapi.json", OPEN)
with_keys = schemathesis.openapi.from_asgi("/openapi.json", WITH_KEYS)


@schemathesis.hook
def filter_body(context: object, body: Any) -> bool:
    """Drop 7.0, which JSON Schema takes for an integer and the server does not."""
    return not (isinstance(body, dict) and any(isinstance(value, float) for value in body.values()))


@with_keys.auth()
class _Key:
    def get(self, case: Any, context: object) -> str:
        return KEY

    def set(self, case: Any, data: str, context: object) -> None:
        case.headers["Authorization"] = f"Bearer {data}"


@open_to_all.parametrize()
@settings(max_examples=60)
def test_the_server_behaves_as_described(case: Any) -> None:
    case.call_and_validate()


@with_keys.parametrize()
@settings(max_examples=20)
def test_the_same_with_a_key(case: Any) -> None:
    case.call_and_validate()


def described(**settings: Any) -> dict[str, Any]:
    values: dict[str, Any] = {"credentials": DEMO, "access": ANYONE}
    return describe_api(Settings(**values | settings))


def schema_of(path: str, **settings: Any) -> dict[str, Any]:
    body = described(**settings)["paths"][path]["post"]["requestBody"]
    schema: dict[str, Any] = body["content"]["application/json"]["schema"]
    return schema


@pytest.mark.parametrize(
    ("path", "fields", "required"),
    [
        ("/rtctoken", ["channel", "isPublisher", "uid", "userAccount", "expiresIn", "version"], ["channel"]),
        ("/rtmtoken", ["user", "expiresIn", "version"], ["user"]),
        ("/token", ["channel", "user", "isPublisher", "uid", "userAccount", "expiresIn"], ["channel"]),
        ("/chattoken", ["user", "expiresIn"], ["user"]),
    ],
)
def test_it_names_the_fields_of_a_request(path: str, fields: list[str], required: list[str]) -> None:
    schema = schema_of(path)
    assert list(schema["properties"]) == fields
    assert schema["required"] == required
    assert schema["additionalProperties"] is False


def test_it_describes_the_rules_of_the_fields() -> None:
    fields = schema_of("/rtctoken")["properties"] | schema_of("/rtmtoken")["properties"]
    rules = {
        name: {keyword: value for keyword, value in field.items() if keyword not in ("description", "pattern")}
        for name, field in fields.items()
    }
    assert rules == {
        "channel": {"type": "string"},
        "user": {"type": "string"},
        "isPublisher": {"type": "boolean", "default": False},
        "uid": {"type": "integer", "minimum": 1, "maximum": 4_294_967_295},
        "userAccount": {"type": "string"},
        "expiresIn": {"type": "integer", "minimum": 1, "maximum": 3600, "default": 3600},
        "version": {"type": "string", "enum": ["007"], "default": "007"},
    }
    lengths = {name: field["pattern"].partition("]{")[2] for name, field in fields.items() if "pattern" in field}
    assert lengths == {"channel": "1,63}$", "user": "1,64}$", "userAccount": "1,255}$"}
    assert all(field["description"].endswith(".") for field in fields.values())
    assert (
        schema_of("/chattoken")["properties"]["user"]["pattern"]
        == r"^[abcdefghijklmnopqrstuvwxyz0123456789_\-.]{1,64}$"
    )


@pytest.mark.parametrize(("limit", "default"), [(600, 600), (86_400, 3600)])
def test_it_names_the_longest_lifetime(limit: int, default: int) -> None:
    for path in ("/rtctoken", "/rtmtoken", "/token", "/chattoken"):
        rules = schema_of(path, max_expires_in=limit)["properties"]["expiresIn"]
        assert (rules["maximum"], rules["default"]) == (limit, default)


def test_it_offers_only_the_versions_that_the_limit_allows() -> None:
    def versions(path: str, **settings: Any) -> Any:
        rules = schema_of(path, **settings)["properties"]["version"]
        return rules["enum"], rules.get("default")

    assert versions("/rtctoken", version="006") == (["007", "006"], "006")
    assert versions("/rtmtoken", version="006") == (["007"], None)
    assert versions("/rtmtoken", version="006", max_expires_in=86_400) == (["007", "006"], "006")


def test_the_default_version_is_that_of_the_settings() -> None:
    assert schema_of("/rtctoken", version="006")["properties"]["version"]["default"] == "006"


@pytest.mark.parametrize(
    ("access", "needs_key"), [(ApiKeys([KEY]), True), (lambda headers: None, False), (ANYONE, False)]
)
def test_it_requires_a_key_only_where_keys_are_the_policy(access: Any, needs_key: bool) -> None:
    description = described(access=access)
    assert ("securitySchemes" in description["components"]) is needs_key
    assert ("security" in description["paths"]["/token"]["post"]) is needs_key
