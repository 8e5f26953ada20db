from __future__ import annotations

from typing import Any

import pytest

from agora_helpers import Credentials, InputError
from agora_helpers.settings import Settings

DEMO = Credentials.demo()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("credentials", ("a", "b")),
        ("now", -1),
        ("now", 1.5),
        ("salt", 2**32),
        ("uid", 0),
        ("uid", "7"),
        ("uid", True),
        ("now", 2**32 - 86_400),
        ("access", "k" * 20),
        ("access", False),
        ("origins", "*"),
        ("origins", "https://app.example.com"),
        ("hosts", "localhost"),
        ("trusted_proxies", "10.0.0.7"),
        ("trusted_proxies", (5,)),
        ("log", "on"),
        ("version", "005"),
        ("rate_limit", "many"),
        ("rate_limit", "0/minute"),
        ("rate_limit", None),
        ("trusted_proxies", ("proxy.example.com",)),
        ("log_channels", 1),
        ("hosts", "localhost"[:0]),
        ("hosts", ("https://a.b",)),
        ("hosts", ("a.b:3000",)),
        ("pages", "on"),
        ("web_sdk", None),
    ],
)
def test_settings_that_cannot_be_used_are_refused(field: str, value: Any) -> None:
    with pytest.raises(InputError) as caught:
        Settings(**({"credentials": DEMO} | {field: value}))
    assert caught.value.field == {"origins": "AGORA_ALLOWED_ORIGINS"}.get(field, field)


def test_a_function_is_a_policy_and_a_log() -> None:
    found = Settings(credentials=DEMO, access=lambda headers: None, log=print, rate_limit="5/second")
    assert callable(found.access) and found.log is print
