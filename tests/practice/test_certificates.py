from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from agora_helpers import InputError
from agora_helpers.errors import ErrorCode
from agora_helpers.practice.certificates import Certificates, Mechanism
from tests.support import DEMO

FIRST, SECOND = DEMO.app_certificate, "0123456789abcdef" * 2


@pytest.fixture
def certificates() -> Certificates:
    """A project with an enabled primary certificate and nothing else."""
    return Certificates(FIRST)


@pytest.fixture
def rotation(certificates: Certificates) -> Certificates:
    """The same with an enabled secondary certificate."""
    certificates.add_secondary(SECOND)
    return certificates


def mechanism_of(certificates: Certificates) -> str:
    return certificates.mechanism.value


def accepted_by(certificates: Certificates) -> list[str]:
    return list(certificates.accepted)


def test_the_mechanism_follows_from_the_enabled_entries() -> None:
    certificates = Certificates(FIRST, "app_id")
    assert mechanism_of(certificates) == "app_id"
    assert accepted_by(certificates) == []
    assert certificates.entries == {"primary": "disabled", "no certificate": "enabled"}
    certificates.enable_primary()
    assert mechanism_of(certificates) == "app_id_or_token"
    assert accepted_by(certificates) == [FIRST]
    assert certificates.entries == {"primary": "enabled", "no certificate": "enabled"}
    certificates.disable_no_certificate()
    assert mechanism_of(certificates) == "token"
    assert accepted_by(certificates) == [FIRST]
    assert certificates.entries == {"primary": "enabled", "no certificate": "disabled"}
    certificates.enable_no_certificate()
    assert mechanism_of(certificates) == "app_id_or_token"
    certificates.disable_no_certificate()
    certificates.delete_no_certificate()
    assert mechanism_of(certificates) == "token"
    assert certificates.entries == {"primary": "enabled"}


@pytest.mark.parametrize("change", ["enable", "disable", "delete"])
def test_a_deleted_entry_does_not_come_back(certificates: Certificates, change: str) -> None:
    with pytest.raises(InputError) as caught:
        getattr(certificates, f"{change}_no_certificate")()
    assert str(caught.value) == ("no certificate: does not exist. A project that requires tokens has no such entry.")


def test_an_enabled_entry_no_certificate_cannot_be_deleted() -> None:
    certificates = Certificates(FIRST, "app_id_or_token")
    with pytest.raises(InputError) as caught:
        certificates.delete_no_certificate()
    assert str(caught.value) == (
        "no certificate: is enabled. Disable it first; deleting cannot be undone. "
        "Not documented: whether Agora requires this, too."
    )
    assert mechanism_of(certificates) == "app_id_or_token"


@pytest.mark.parametrize("mechanism", ["app_id", "token", "app_id_or_token"])
def test_each_mechanism_can_be_the_first(mechanism: Any) -> None:
    assert Certificates(FIRST, mechanism).mechanism == mechanism
    assert Certificates(FIRST, Mechanism(mechanism)).mechanism == mechanism


def test_a_rotation_without_downtime(rotation: Certificates) -> None:
    assert accepted_by(rotation) == [FIRST, SECOND]
    rotation.swap()
    assert accepted_by(rotation) == [SECOND, FIRST]
    rotation.disable_secondary()
    assert accepted_by(rotation) == [SECOND]
    assert rotation.entries == {"primary": "enabled", "secondary": "disabled"}
    rotation.delete_secondary()
    assert accepted_by(rotation) == [SECOND]
    assert rotation.entries == {"primary": "enabled"}


def test_a_disabled_certificate_can_be_enabled_again(rotation: Certificates) -> None:
    rotation.disable_secondary()
    rotation.enable_secondary()
    assert accepted_by(rotation) == [FIRST, SECOND]


def test_a_deleted_certificate_makes_room_for_another(rotation: Certificates) -> None:
    rotation.disable_secondary()
    rotation.delete_secondary()
    rotation.add_secondary("f" * 32)
    assert accepted_by(rotation) == [FIRST, "f" * 32]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda certificates: certificates.disable_no_certificate(),
            "no certificate: is the only enabled entry. Enable the primary certificate first.",
        ),
        (
            lambda certificates: certificates.add_secondary(SECOND),
            "secondary: needs an enabled primary certificate. Enable the primary certificate first.",
        ),
    ],
)
def test_what_needs_an_enabled_primary_certificate(change: Callable[[Certificates], None], message: str) -> None:
    with pytest.raises(InputError) as caught:
        change(Certificates(FIRST, "app_id"))
    assert str(caught.value) == message


@pytest.mark.parametrize("name", ["swap", "disable_secondary", "enable_secondary", "delete_secondary"])
def test_what_needs_a_secondary_certificate(certificates: Certificates, name: str) -> None:
    with pytest.raises(InputError) as caught:
        getattr(certificates, name)()
    assert str(caught.value) == "secondary: does not exist. Add one first."


def test_a_second_certificate_is_a_different_one(certificates: Certificates) -> None:
    with pytest.raises(InputError) as caught:
        certificates.add_secondary(FIRST)
    assert str(caught.value) == "secondary: is the same as the primary certificate. Add a different one."


def test_there_is_no_third_certificate(rotation: Certificates) -> None:
    with pytest.raises(InputError) as caught:
        rotation.add_secondary("f" * 32)
    assert str(caught.value) == "secondary: already exists. Delete it first: a project has at most two certificates."


def test_an_enabled_certificate_cannot_be_deleted(rotation: Certificates) -> None:
    with pytest.raises(InputError) as caught:
        rotation.delete_secondary()
    assert str(caught.value) == "secondary: is enabled. Disable it first; deleting cannot be undone."


def test_a_disabled_certificate_cannot_be_swapped(rotation: Certificates) -> None:
    rotation.disable_secondary()
    with pytest.raises(InputError) as caught:
        rotation.swap()
    assert str(caught.value) == "secondary: is disabled. Enable it first."


@pytest.mark.parametrize("mechanism", list(Mechanism))
def test_a_mechanism_is_required_and_all_certificates_remain(rotation: Certificates, mechanism: Mechanism) -> None:
    rotation.swap()
    for first in Mechanism:
        rotation.require(first)
        rotation.require(mechanism)
        assert rotation.mechanism == mechanism
    rotation.require("token")
    assert accepted_by(rotation) == [SECOND, FIRST]


def test_a_deleted_entry_stays_away_where_tokens_are_required(certificates: Certificates) -> None:
    certificates.require("token")
    assert certificates.entries == {"primary": "enabled"}


@pytest.mark.parametrize("mechanism", ["either", "", "APP_ID", None])
def test_what_is_not_a_mechanism(mechanism: Any) -> None:
    with pytest.raises(InputError) as caught:
        Certificates(FIRST, mechanism)
    with pytest.raises(InputError):
        Certificates(FIRST).require(mechanism)
    assert str(caught.value) == 'mechanism: must be "app_id", "token" or "app_id_or_token".'
    assert caught.value.code == ErrorCode.UNKNOWN_CHOICE


def test_what_is_not_a_primary_certificate() -> None:
    with pytest.raises(InputError) as caught:
        Certificates("abc")
    assert caught.value.field == "primary"


def test_what_is_not_a_secondary_certificate(certificates: Certificates) -> None:
    with pytest.raises(InputError) as caught:
        certificates.add_secondary("abc")
    assert caught.value.field == "secondary"


def test_no_certificate_is_shown(rotation: Certificates) -> None:
    output = f"{rotation!r} {rotation} {rotation.entries}"
    assert "<Certificates: primary enabled, secondary enabled>" in output
    assert FIRST not in output
    assert SECOND not in output


def test_vars_do_not_show_a_certificate(certificates: Certificates) -> None:
    assert not hasattr(certificates, "__dict__")
