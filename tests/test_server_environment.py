from __future__ import annotations

from pathlib import Path

import pytest

from agora_helpers import InputError
from agora_helpers.access_log import JsonLines
from agora_helpers.server_environment import VARIABLES, settings_from_env
from agora_helpers.settings import Settings
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
        settings_from_env()
    environment.setenv("AGORA_ACCESS", "none")
    found = settings_from_env()
    assert found == Settings(credentials=DEMO, rate_limit="600/minute", log=found.log)
    environment.setenv("AGORA_ACCESS", "keys")
    environment.setenv("AGORA_API_KEYS", "k" * 20)
    settings = settings_from_env()
    assert settings.access and settings.access({"authorization": "Bearer " + "k" * 20})
    assert "k" * 20 not in repr(settings) and DEMO.app_certificate not in repr(settings)


def test_from_env_reads_the_env_file(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("AGORA_ACCESS=none\n", encoding="utf-8")
    assert settings_from_env().access is None


def test_from_env_reads_origins(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("AGORA_ACCESS", "none")
    environment.setenv("AGORA_ALLOWED_ORIGINS", "https://app.example.com")
    assert settings_from_env().origins == ("https://app.example.com",)


def test_from_env_reads_what_concerns_the_pages(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("AGORA_ACCESS", "none")
    assert not settings_from_env().pages and settings_from_env(default_pages=True).pages
    environment.setenv("AGORA_WEB_SDK", " sdk.js ")
    for said, meant in (("on", True), ("OFF", False)):
        environment.setenv("AGORA_PAGES", said)
        found = settings_from_env(default_pages=not meant)
        assert found.pages is meant and found.web_sdk == "sdk.js"
    environment.delenv("AGORA_PAGES")
    environment.setenv("AGORA_TRUSTED_PROXIES", "10.0.0.1")
    assert not settings_from_env(default_pages=True).pages, "behind a proxy only if asked for"
    environment.setenv("AGORA_PAGES", "yes")
    with pytest.raises(InputError, match=r"AGORA_PAGES: is a word that is not known here\. Say off or on\."):
        settings_from_env()


def test_from_env_demands_credentials(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("AGORA_ACCESS", "none")
    environment.delenv("AGORA_APP_CERTIFICATE")
    with pytest.raises(InputError, match="AGORA_APP_CERTIFICATE: is not set"):
        settings_from_env()


def test_from_env_reads_the_rest(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("AGORA_ACCESS", "none")
    environment.setenv("AGORA_RATE_LIMIT", "5/Second")
    environment.setenv("AGORA_TOKEN_VERSION", "006")
    environment.setenv("AGORA_TRUSTED_PROXIES", "10.0.0.0/8, ::1")
    environment.setenv("AGORA_ALLOWED_HOSTS", "tokens.example.com")
    found = settings_from_env()
    assert (found.rate_limit, found.version) == ("5/second", "006")
    assert found.trusted_proxies == ("10.0.0.0/8", "::1") and found.hosts == ("tokens.example.com",)
    environment.setenv("AGORA_RATE_LIMIT", "off")
    assert settings_from_env().rate_limit == ""


def test_the_log_is_on_unless_it_is_switched_off(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("AGORA_ACCESS", "none")
    assert isinstance(settings_from_env().log, JsonLines) and not settings_from_env().log_channels
    environment.setenv("AGORA_ACCESS_LOG", "off")
    assert settings_from_env().log is None
    environment.setenv("AGORA_ACCESS_LOG", "channels")
    assert settings_from_env().log and settings_from_env().log_channels


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
        settings_from_env()
    assert caught.value.field == variable
