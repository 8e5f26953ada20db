from __future__ import annotations

import dataclasses
import inspect
from pathlib import Path
from typing import Any

import pytest

from agora_helpers import InputError
from agora_helpers.server.access import ANYONE, ApiKeys, unrestricted
from agora_helpers.server.access_log import log_request
from agora_helpers.server.settings import VARIABLES, Settings, SettingsOptions
from tests.support import DEMO

KEY, OTHER_KEY = "k" * 16, "other-key-of-a-backend"


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("", encoding="utf-8")  # the nearest: whatever lies above is not read
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AGORA_APP_ID", DEMO.app_id)
    monkeypatch.setenv("AGORA_APP_CERTIFICATE", DEMO.app_certificate)
    return monkeypatch


def test_from_env_demands_an_access_policy(environment: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="AGORA_ACCESS: is not set, so there is no access policy"):
        Settings.from_env()


def test_the_defaults(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("AGORA_ACCESS", "none")
    settings = Settings.from_env()
    assert settings == Settings(credentials=DEMO, access=ANYONE, rate_limit="600/minute", log=log_request)
    assert (settings.allow_unbound_006, settings.max_expires_in) == (False, 3600)
    assert not settings.allow_placeholder_names


def test_the_access_has_no_default() -> None:
    with pytest.raises(TypeError, match="access"):
        Settings(credentials=DEMO)  # type: ignore[call-arg]


def test_a_field_that_does_not_exist() -> None:
    with pytest.raises(TypeError, match="Settings has no field named 'acess'"):
        Settings(credentials=DEMO, access=ANYONE, acess=ANYONE)  # type: ignore[call-arg]


def test_from_env_reads_keys(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("AGORA_ACCESS", "KEYS")
    environment.setenv("AGORA_API_KEYS", f" {KEY}, {OTHER_KEY},")
    settings = Settings.from_env()
    assert isinstance(settings.access, ApiKeys)
    for number, key in enumerate((KEY, OTHER_KEY), 1):
        assert settings.access({"authorization": f"Bearer {key}"}) == unrestricted(f"key {number}")
    assert KEY not in repr(settings)
    assert DEMO.app_certificate not in repr(settings)


def test_from_env_ignores_keys_where_there_is_no_policy(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("AGORA_ACCESS", "None")
    environment.setenv("AGORA_API_KEYS", KEY)
    assert Settings.from_env().access is ANYONE


@pytest.mark.parametrize("variable", ["", "AGORA_TRUSTED_PROXIES", "AGORA_ALLOWED_HOSTS"])
def test_on_this_machine_a_server_without_a_proxy_needs_no_policy(
    environment: pytest.MonkeyPatch, variable: str
) -> None:
    if not variable:
        assert Settings.from_env(local=True).access is ANYONE
        return
    environment.setenv(variable, "10.0.0.1")
    with pytest.raises(InputError, match="AGORA_ACCESS: is not set, so there is no access policy"):
        Settings.from_env(local=True)
    environment.setenv("AGORA_ACCESS", "none")
    assert Settings.from_env(local=True).access is ANYONE, "said by name"


def test_on_this_machine_keys_count_too(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("AGORA_ACCESS", "keys")
    with pytest.raises(InputError, match="AGORA_API_KEYS: contains no list of keys"):
        Settings.from_env(local=True)


def test_a_policy_takes_the_place_of_the_variable(environment: pytest.MonkeyPatch) -> None:
    def policy(headers: object) -> None: ...

    for access in (policy, ANYONE):
        assert Settings.from_env(access=access).access is access


def test_from_env_reads_the_env_file(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("AGORA_ACCESS=none\n", encoding="utf-8")
    assert Settings.from_env().access is ANYONE


@pytest.mark.parametrize(
    ("value", "origins"),
    [
        (" , ", ()),
        ("https://app.example.com", ("https://app.example.com",)),
        ("https://app.example.com, http://localhost:5173,", ("https://app.example.com", "http://localhost:5173")),
        ("http://[::1]:8000", ("http://[::1]:8000",)),
    ],
)
def test_from_env_reads_origins(environment: pytest.MonkeyPatch, value: str, origins: tuple[str, ...]) -> None:
    environment.setenv("AGORA_ACCESS", "none")
    environment.setenv("AGORA_ALLOWED_ORIGINS", value)
    assert Settings.from_env().origins == origins


@pytest.mark.parametrize("default", [True, False])
def test_the_pages_are_served_by_default_or_not(environment: pytest.MonkeyPatch, default: bool) -> None:
    environment.setenv("AGORA_ACCESS", "none")
    assert Settings.from_env(local=default).pages is default


@pytest.mark.parametrize(("value", "pages"), [("on", True), ("OFF", False)])
def test_from_env_reads_whether_to_serve_pages(environment: pytest.MonkeyPatch, value: str, pages: bool) -> None:
    environment.setenv("AGORA_ACCESS", "none")
    environment.setenv("AGORA_PAGES", value)
    assert Settings.from_env(local=not pages).pages is pages


def test_from_env_reads_whether_to_serve_the_paths_of_the_communitys_server(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("AGORA_ACCESS", "none")
    assert Settings.from_env(local=True).compat_paths is False
    environment.setenv("AGORA_COMPAT_PATHS", "On")
    assert Settings.from_env().compat_paths is True


@pytest.mark.parametrize("variable", ["AGORA_TRUSTED_PROXIES", "AGORA_ALLOWED_HOSTS"])
def test_behind_a_proxy_the_pages_are_not_served_by_default(environment: pytest.MonkeyPatch, variable: str) -> None:
    environment.setenv("AGORA_ACCESS", "none")
    environment.setenv(variable, "10.0.0.1")
    assert not Settings.from_env(local=True).pages
    environment.setenv("AGORA_PAGES", "on")
    assert Settings.from_env().pages


def test_from_env_reads_the_source_of_the_sdk(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("AGORA_ACCESS", "none")
    environment.setenv("AGORA_WEB_SDK", " sdk.js ")
    assert Settings.from_env().web_sdk == "sdk.js"


def test_from_env_demands_credentials(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("AGORA_ACCESS", "none")
    environment.delenv("AGORA_APP_CERTIFICATE")
    with pytest.raises(InputError, match="AGORA_APP_CERTIFICATE: is not set"):
        Settings.from_env()


def test_from_env_reads_the_rest(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("AGORA_ACCESS", "none")
    environment.setenv("AGORA_RATE_LIMIT", "5/Second")
    environment.setenv("AGORA_TOKEN_VERSION", "006")
    environment.setenv("AGORA_ALLOW_UNBOUND_006", "on")
    environment.setenv("AGORA_ALLOW_PLACEHOLDER_NAMES", "on")
    environment.setenv("AGORA_MAX_LIFETIME", " 86400 ")
    environment.setenv("AGORA_TRUSTED_PROXIES", "10.0.0.0/8, ::1")
    environment.setenv("AGORA_ALLOWED_HOSTS", "tokens.example.com")
    settings = Settings.from_env()
    assert (settings.rate_limit, settings.version) == ("5/second", "006")
    assert (settings.allow_unbound_006, settings.max_expires_in) == (True, 86_400)
    assert settings.allow_placeholder_names
    assert settings.trusted_proxies == ("10.0.0.0/8", "::1")
    assert settings.hosts == ("tokens.example.com",)
    environment.setenv("AGORA_RATE_LIMIT", "off")
    assert Settings.from_env().rate_limit == ""


@pytest.mark.parametrize(
    ("value", "is_on", "with_channels"),
    [("", True, False), ("on", True, False), ("off", False, False), ("channels", True, True)],
)
def test_from_env_reads_what_is_logged(
    environment: pytest.MonkeyPatch, value: str, is_on: bool, with_channels: bool
) -> None:
    environment.setenv("AGORA_ACCESS", "none")
    environment.setenv("AGORA_ACCESS_LOG", value)
    settings = Settings.from_env()
    assert settings.log is (log_request if is_on else None)
    assert settings.log_channels is with_channels


ACCESS_HINT = 'Use "keys" (callers need one of AGORA_API_KEYS) or "none" (everyone who reaches the server gets tokens).'


@pytest.mark.parametrize(
    ("variables", "field", "message"),
    [
        ({"AGORA_ACCESS": " "}, "AGORA_ACCESS", f"is not set, so there is no access policy. {ACCESS_HINT}"),
        ({"AGORA_ACCESS": "open"}, "AGORA_ACCESS", f"names an unknown access policy. {ACCESS_HINT}"),
        ({"AGORA_ACCESS": "keys"}, "AGORA_API_KEYS", "contains no list of keys. Separate several with commas."),
        ({"AGORA_ACCESS": "keys", "AGORA_API_KEYS": " , "}, "AGORA_API_KEYS", "contains no list of keys. Separate"),
        ({"AGORA_RATE_LIMIT": "600"}, "AGORA_RATE_LIMIT", "is not a rate limit. Write, for example, 600/minute"),
        (
            {"AGORA_RATE_LIMIT_STORE": "a.b"},
            "AGORA_RATE_LIMIT_STORE",
            "is not the URL of a Redis database. Write redis:",
        ),
        ({"AGORA_TOKEN_VERSION": "005"}, "AGORA_TOKEN_VERSION", 'is not a token version. Use "007" or "006".'),
        ({"AGORA_TRUSTED_PROXIES": "proxy"}, "AGORA_TRUSTED_PROXIES", "contains an invalid address or network. Write"),
        (
            {"AGORA_TRUSTED_PROXIES": "10.0.0.7,0.0.0.0/0"},
            "AGORA_TRUSTED_PROXIES",
            "contains a network that is too large",
        ),
        ({"AGORA_TRUSTED_PROXIES": "::/0"}, "AGORA_TRUSTED_PROXIES", "contains a network that is too large"),
        ({"AGORA_TRUSTED_PROXIES": "0.0.0.0/1"}, "AGORA_TRUSTED_PROXIES", "contains a network that is too large"),
        (
            {"AGORA_TRUSTED_PROXIES": "::ffff:0:0/96"},
            "AGORA_TRUSTED_PROXIES",
            "contains an IPv4 address in IPv6 notation",
        ),
        ({"AGORA_ALLOWED_HOSTS": "https://a.b"}, "AGORA_ALLOWED_HOSTS", "contains an invalid host name. Write"),
        ({"AGORA_ALLOWED_ORIGINS": "*"}, "AGORA_ALLOWED_ORIGINS", "contains an invalid origin. Write"),
        ({"AGORA_ACCESS_LOG": "yes"}, "AGORA_ACCESS_LOG", 'has an invalid value. Use "on", "off" or "channels".'),
        ({"AGORA_ALLOW_UNBOUND_006": "1"}, "AGORA_ALLOW_UNBOUND_006", 'has an invalid value. Use "on" or "off".'),
        ({"AGORA_MAX_LIFETIME": "1h"}, "AGORA_MAX_LIFETIME", "is not a lifetime in seconds. Write 1 to 86400."),
        ({"AGORA_MAX_LIFETIME": "0"}, "AGORA_MAX_LIFETIME", "is not a lifetime in seconds."),
        ({"AGORA_MAX_LIFETIME": "86401"}, "AGORA_MAX_LIFETIME", "is not a lifetime in seconds."),
        ({"AGORA_PAGES": "yes"}, "AGORA_PAGES", 'has an invalid value. Use "on" or "off".'),
        ({"AGORA_COMPAT_PATHS": "1"}, "AGORA_COMPAT_PATHS", 'has an invalid value. Use "on" or "off".'),
    ],
)
def test_an_invalid_variable_is_named(
    environment: pytest.MonkeyPatch, variables: dict[str, str], field: str, message: str
) -> None:
    for variable, value in ({"AGORA_ACCESS": "none"} | variables).items():
        environment.setenv(variable, value)
    with pytest.raises(InputError) as caught:
        Settings.from_env()
    assert caught.value.field == field
    assert str(caught.value).startswith(f"{field}: {message}")


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "https://*.example.com",
        "app.example.com",
        "https://App.example.com",
        "https://a.b/",
        "https://a.b/c",
        "https://a.b:",
        "null",
        7,
    ],
)
def test_an_invalid_origin(origin: Any) -> None:
    with pytest.raises(InputError, match="origins: contains an invalid origin"):
        Settings(credentials=DEMO, access=ANYONE, origins=(origin,))


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
        ("access", None),
        ("access", "anyone"),
        ("allow_unbound_006", 1),
        ("allow_placeholder_names", 1),
        ("max_expires_in", 0),
        ("max_expires_in", 86_401),
        ("max_expires_in", "3600"),
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
        ("rate_limit_store", None),
        ("rate_limit_store", "memory://"),
        ("trusted_proxies", ("proxy.example.com",)),
        ("log_channels", 1),
        ("hosts", "localhost"[:0]),
        ("hosts", ("https://a.b",)),
        ("hosts", ("a.b:3000",)),
        ("pages", "on"),
        ("web_sdk", None),
    ],
)
def test_invalid_settings_are_rejected(field: str, value: Any) -> None:
    values: dict[str, Any] = {"credentials": DEMO, "access": ANYONE}
    with pytest.raises(InputError) as caught:
        Settings(**values | {field: value})
    assert caught.value.field == field


def test_a_function_is_a_policy_and_a_log() -> None:
    settings = Settings(credentials=DEMO, access=lambda headers: None, log=print, rate_limit="5/second")
    assert callable(settings.access)
    assert settings.log is print


def test_the_typed_options_are_the_settings() -> None:
    fields = {field.name: field.type for field in dataclasses.fields(Settings)}
    for explicit in ("credentials", "access", "rate_limit_store"):
        parameter = inspect.signature(Settings).parameters[explicit]
        assert parameter.annotation == fields.pop(explicit)
    hints = inspect.get_annotations(SettingsOptions)
    assert {name: hint.__forward_arg__ for name, hint in hints.items()} == fields


def test_the_store_of_the_rate_limit_is_read_and_not_shown(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("AGORA_ACCESS", "none")
    environment.setenv("AGORA_RATE_LIMIT_STORE", " rediss://user:a-password@10.0.0.9:6380/1 ")
    settings = Settings.from_env()
    assert settings.rate_limit_store == "rediss://user:a-password@10.0.0.9:6380/1"
    assert "password" not in repr(settings)
