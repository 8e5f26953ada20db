from __future__ import annotations

import copy
import logging
import pickle
from pathlib import Path
from typing import Any

import pytest

from agora_helpers import CredentialError, Credentials

APP_ID, CERTIFICATE = "0123456789abcdef0123456789ABCDEF", "fedcba9876543210FEDCBA9876543210"


def test_the_certificate_shows_up_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    credentials = Credentials(APP_ID, CERTIFICATE)
    caplog.set_level(logging.DEBUG)
    logging.getLogger("test").debug("%s %r", credentials, credentials)
    shown = [repr(credentials), str(credentials), f"{credentials}", f"{credentials!r:>80}", caplog.text]
    assert not [text for text in shown if CERTIFICATE in text]
    assert not [text for text in shown if "app_certificate=<hidden>" not in text]
    assert not hasattr(credentials, "__dict__")
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps({"nested": [credentials]})


def test_credentials_cannot_be_changed_and_compare_by_value() -> None:
    credentials = Credentials(APP_ID, CERTIFICATE)
    with pytest.raises(AttributeError):
        credentials.app_id = "x"
    with pytest.raises(AttributeError):
        del credentials.app_id
    assert copy.copy(credentials) is copy.deepcopy(credentials) is credentials
    assert credentials == Credentials(APP_ID, CERTIFICATE)
    assert hash(credentials) == hash(Credentials(APP_ID, CERTIFICATE))
    assert credentials != Credentials(APP_ID.lower(), CERTIFICATE)
    assert credentials != "credentials"


@pytest.mark.parametrize("field", ["app_id", "app_certificate"])
@pytest.mark.parametrize(
    ("value", "problem", "code"),
    [
        ("", "is empty.", "EMPTY"),
        (" " + APP_ID, "has spaces or a line break around it.", "BAD_CHARACTER"),
        (APP_ID + "\n", "has spaces or a line break around it.", "BAD_CHARACTER"),
        (f'"{APP_ID}"', "has quotes around it.", "BAD_CHARACTER"),
        (f"'{APP_ID}'\n", "has quotes around it.", "BAD_CHARACTER"),
        (APP_ID[:31], "has 31 characters; it must have 32.", "INVALID"),
        (APP_ID + "0", "has 33 characters; it must have 32.", "TOO_LONG"),
        (APP_ID[:31] + "g", "character 32 is not a hexadecimal digit (0-9, a-f, A-F).", "BAD_CHARACTER"),
        ("\uff11" + APP_ID[1:], "character 1 is not a hexadecimal digit (0-9, a-f, A-F).", "BAD_CHARACTER"),
        ("01234567-89ab-cdef-0123-456789ABCDEF", "has dashes in it.", "BAD_CHARACTER"),
        (
            " ".join(["aa"] * 11),
            "character 3 is not a hexadecimal digit (0-9, a-f, A-F).",
            "BAD_CHARACTER",
        ),
        (None, "must be a string (str), not None.", "WRONG_TYPE"),
        (APP_ID.encode(), "must be a string (str), not bytes.", "WRONG_TYPE"),
        (7, "must be a string (str), not int.", "WRONG_TYPE"),
    ],
)
def test_each_slip_has_a_message_of_its_own(value: object, problem: str, code: str, field: str) -> None:
    pair: dict[str, Any] = {"app_id": APP_ID, "app_certificate": CERTIFICATE, field: value}
    with pytest.raises(CredentialError) as caught:
        Credentials(**pair)
    assert (caught.value.field, caught.value.problem, caught.value.code) == (field, problem, code)


def test_the_demo_pair_is_marked_as_such() -> None:
    assert Credentials.demo().is_demo and not Credentials(APP_ID, CERTIFICATE).is_demo


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "deep" / "er")
    return tmp_path


def test_the_environment_comes_first_then_the_nearest_env_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / ".env").write_text(f"AGORA_APP_ID={'a' * 32}\nAGORA_APP_CERTIFICATE='{'b' * 32}'\n", encoding="utf-8")
    assert Credentials.from_env() == Credentials("a" * 32, "b" * 32)
    (folder / "deep" / ".env").write_text(
        f"AGORA_APP_ID={'c' * 32}\nAGORA_APP_CERTIFICATE={'d' * 32}\n", encoding="utf-8"
    )
    assert Credentials.from_env() == Credentials("c" * 32, "d" * 32)
    monkeypatch.setenv("AGORA_APP_ID", APP_ID)
    assert Credentials.from_env() == Credentials(APP_ID, "d" * 32), "each of the two for itself"
    monkeypatch.setenv("AGORA_APP_CERTIFICATE", CERTIFICATE)
    assert Credentials.from_env() == Credentials.for_lessons() == Credentials(APP_ID, CERTIFICATE)
    monkeypatch.setenv("AGORA_HELPERS_DEMO", "1")
    assert Credentials.for_lessons().is_demo


def test_what_is_missing_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CredentialError, match="AGORA_APP_ID: is not set"):
        Credentials.from_env()
    monkeypatch.setenv("AGORA_APP_ID", APP_ID)
    monkeypatch.setenv("AGORA_APP_CERTIFICATE", "  ")
    with pytest.raises(CredentialError, match="AGORA_APP_CERTIFICATE: is not set"):
        Credentials.for_lessons()
    monkeypatch.setenv("AGORA_APP_CERTIFICATE", CERTIFICATE + " ")
    with pytest.raises(CredentialError, match="AGORA_APP_CERTIFICATE: has spaces"):
        Credentials.from_env()


def test_an_env_file_that_an_editor_wrote_in_its_own_way(folder: Path) -> None:
    text = f"AGORA_APP_ID={'a' * 32}\r\nAGORA_APP_CERTIFICATE={'b' * 32}\r\n"
    (folder / ".env").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert Credentials.from_env() == Credentials("a" * 32, "b" * 32)
    (folder / ".env").write_bytes(text.encode("utf-16"))
    with pytest.raises(CredentialError, match=r"\.env: cannot be read as UTF-8") as caught:
        Credentials.for_lessons()
    assert caught.value.__context__ is None, "what could not be decoded holds the certificate"


def test_env_local_takes_precedence_over_env_in_the_same_folder(folder: Path) -> None:
    """Agora's command line writes it: agora project env write .env.local."""
    (folder / "deep" / ".env.local").write_text(f"AGORA_APP_CERTIFICATE={'b' * 32}\n", encoding="utf-8")
    (folder / ".env").write_text(f"AGORA_APP_ID={'e' * 32}\n", encoding="utf-8")
    with pytest.raises(CredentialError, match=r"^AGORA_APP_ID: is not set\."):
        Credentials.from_env()  # a file further up does not complete it
    (folder / "deep" / ".env").write_text(
        f"AGORA_APP_ID={'c' * 32}\nAGORA_APP_CERTIFICATE={'d' * 32}\n", encoding="utf-8"
    )
    assert Credentials.from_env() == Credentials("c" * 32, "b" * 32)
    (folder / "deep" / "er" / ".env").write_text(f"AGORA_APP_ID={'a' * 32}\n", encoding="utf-8")
    with pytest.raises(CredentialError, match=r"^AGORA_APP_CERTIFICATE: is not set\."):
        Credentials.from_env()
    (folder / "deep" / "er" / ".env.local").write_bytes(b"\xff\xfe")
    with pytest.raises(CredentialError, match=r"^\.env\.local: cannot be read as UTF-8\."):
        Credentials.from_env()


def test_nothing_in_an_env_file_is_expanded(folder: Path) -> None:
    (folder / ".env").write_text("AGORA_APP_ID=${HOME}\nAGORA_APP_CERTIFICATE=x\n", encoding="utf-8")
    with pytest.raises(CredentialError, match="AGORA_APP_ID: has 7 characters"):
        Credentials.from_env()


def test_lessons_fall_back_to_the_demo_pair(folder: Path) -> None:
    assert Credentials.for_lessons().is_demo
    (folder / ".env").write_text("AGORA_APP_ID=\nAGORA_APP_CERTIFICATE=\n", encoding="utf-8")  # as in .env.example
    assert Credentials.for_lessons().is_demo
