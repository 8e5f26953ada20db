from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agora_helpers import InputError
from agora_helpers.server.access_log import JsonLines
from agora_helpers.server.settings import VARIABLES, Settings
from tests.support import DEMO


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
    with pytest.raises(InputError, match="AGORA_ACCESS: is not set: no access policy is named"):
        Settings.from_env()
    environment.setenv("AGORA_ACCESS", "none")
    found = Settings.from_env()
    assert found == Settings(credentials=DEMO, rate_limit="600/minute", log=found.log)
    environment.setenv("AGORA_ACCESS", "keys")
    environment.setenv("AGORA_API_KEYS", "k" * 20)
    settings = Settings.from_env()
    assert settings.access and settings.access({"authorization": "Bearer " + "k" * 20})
    assert "k" * 20 not in repr(settings) and DEMO.app_certificate not in repr(settings)


def test_from_env_reads_the_env_file(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("AGORA_ACCESS=none\n", encoding="utf-8")
    assert Settings.from_env().access is None


def test_from_env_reads_origins(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("AGORA_ACCESS", "none")
    environment.setenv("AGORA_ALLOWED_ORIGINS", "https://app.example.com")
    assert Settings.from_env().origins == ("https://app.example.com",)


def test_from_env_reads_what_concerns_the_pages(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("AGORA_ACCESS", "none")
    assert not Settings.from_env().pages and Settings.from_env(default_pages=True).pages
    environment.setenv("AGORA_WEB_SDK", " sdk.js ")
    for said, meant in (("on", True), ("OFF", False)):
        environment.setenv("AGORA_PAGES", said)
        found = Settings.from_env(default_pages=not meant)
        assert found.pages is meant and found.web_sdk == "sdk.js"
    environment.delenv("AGORA_PAGES")
    environment.setenv("AGORA_TRUSTED_PROXIES", "10.0.0.1")
    assert not Settings.from_env(default_pages=True).pages, "behind a proxy only if asked for"
    environment.setenv("AGORA_PAGES", "yes")
    with pytest.raises(InputError, match=r"AGORA_PAGES: is a word that is not known here\. Say off or on\."):
        Settings.from_env()


def test_from_env_demands_credentials(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("AGORA_ACCESS", "none")
    environment.delenv("AGORA_APP_CERTIFICATE")
    with pytest.raises(InputError, match="AGORA_APP_CERTIFICATE: is not set"):
        Settings.from_env()


def test_from_env_reads_the_rest(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("AGORA_ACCESS", "none")
    environment.setenv("AGORA_RATE_LIMIT", "5/Second")
    environment.setenv("AGORA_TOKEN_VERSION", "006")
    environment.setenv("AGORA_TRUSTED_PROXIES", "10.0.0.0/8, ::1")
    environment.setenv("AGORA_ALLOWED_HOSTS", "tokens.example.com")
    found = Settings.from_env()
    assert (found.rate_limit, found.version) == ("5/second", "006")
    assert found.trusted_proxies == ("10.0.0.0/8", "::1") and found.hosts == ("tokens.example.com",)
    environment.setenv("AGORA_RATE_LIMIT", "off")
    assert Settings.from_env().rate_limit == ""


def test_the_log_is_on_unless_it_is_switched_off(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("AGORA_ACCESS", "none")
    assert isinstance(Settings.from_env().log, JsonLines) and not Settings.from_env().log_channels
    environment.setenv("AGORA_ACCESS_LOG", "off")
    assert Settings.from_env().log is None
    environment.setenv("AGORA_ACCESS_LOG", "channels")
    assert Settings.from_env().log and Settings.from_env().log_channels


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("AGORA_RATE_LIMIT", "600", "is no limit"),
        ("AGORA_TOKEN_VERSION", "005", "is no version"),
        ("AGORA_TRUSTED_PROXIES", "proxy", "no address and no network"),
        ("AGORA_ALLOWED_HOSTS", "https://a.b", "no name of a host"),
        ("AGORA_ACCESS_LOG", "yes", "Say on or off or channels"),
    ],
)
def test_what_cannot_be_used_is_named(environment: pytest.MonkeyPatch, variable: str, value: str, says: str) -> None:
    environment.setenv("AGORA_ACCESS", "none")
    environment.setenv(variable, value)
    with pytest.raises(InputError, match=says) as caught:
        Settings.from_env()
    assert caught.value.field == variable


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
