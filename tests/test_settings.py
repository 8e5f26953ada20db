from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agora_helpers import Credentials, InputError
from agora_helpers.settings import Settings

DEMO = Credentials.demo()


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("", encoding="utf-8")  # the nearest: whatever lies above is not read
    for name in ("AGORA_ACCESS", "AGORA_API_KEYS", "AGORA_ALLOWED_ORIGINS", "AGORA_PAGES", "AGORA_WEB_SDK"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AGORA_APP_ID", DEMO.app_id)
    monkeypatch.setenv("AGORA_APP_CERTIFICATE", DEMO.app_certificate)
    return monkeypatch


def test_from_env_demands_an_access_policy(environment: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="AGORA_ACCESS: is not set: no access policy is named"):
        Settings.from_env()
    environment.setenv("AGORA_ACCESS", "none")
    assert Settings.from_env() == Settings(credentials=DEMO)
    environment.setenv("AGORA_ACCESS", "keys")
    environment.setenv("AGORA_API_KEYS", "k" * 20)
    settings = Settings.from_env()
    assert settings.access and settings.access.admit("Bearer " + "k" * 20)
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
    environment.setenv("AGORA_PAGES", "yes")
    with pytest.raises(InputError, match="AGORA_PAGES: is neither on nor off"):
        Settings.from_env()


def test_from_env_demands_credentials(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("AGORA_ACCESS", "none")
    environment.delenv("AGORA_APP_CERTIFICATE")
    with pytest.raises(InputError, match="AGORA_APP_CERTIFICATE: is not set"):
        Settings.from_env()


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
        ("pages", "on"),
        ("web_sdk", None),
    ],
)
def test_settings_that_cannot_be_used_are_refused(field: str, value: Any) -> None:
    with pytest.raises(InputError) as caught:
        Settings(**({"credentials": DEMO} | {field: value}))
    assert caught.value.field == {"origins": "AGORA_ALLOWED_ORIGINS"}.get(field, field)
