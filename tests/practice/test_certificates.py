from __future__ import annotations

import pytest

from agora_helpers import InputError
from agora_helpers.practice.certificates import Certificates, Mechanism
from tests.support import DEMO

FIRST, SECOND = DEMO.app_certificate, "0123456789abcdef" * 2


def state(certificates: Certificates) -> tuple[str, tuple[str, ...]]:
    return certificates.mechanism.value, certificates.accepted


def test_the_mechanism_follows_from_what_is_enabled() -> None:
    certificates = Certificates(FIRST, "app_id")
    assert state(certificates) == ("app_id", ())
    assert certificates.entries == {"primary": "disabled", "no certificate": "enabled"}
    certificates.enable_primary()
    assert state(certificates) == ("app_id_or_token", (FIRST,))
    certificates.delete_no_certificate()
    assert state(certificates) == ("token", (FIRST,)) and certificates.entries == {"primary": "enabled"}


@pytest.mark.parametrize("mechanism", Mechanism)
def test_each_mechanism_can_be_the_first(mechanism: Mechanism) -> None:
    assert Certificates(FIRST, mechanism.value).mechanism == mechanism


def test_a_rotation_without_downtime() -> None:
    certificates = Certificates(FIRST)
    certificates.add_secondary(SECOND)
    assert certificates.accepted == (FIRST, SECOND)
    certificates.swap()
    assert certificates.accepted == (SECOND, FIRST)
    certificates.disable_secondary()
    assert len(certificates.accepted) == 1 and certificates.accepted[0] == SECOND
    assert certificates.entries == {"primary": "enabled", "secondary": "disabled"}
    certificates.enable_secondary()
    assert certificates.accepted == (SECOND, FIRST)
    certificates.disable_secondary()
    certificates.delete_secondary()
    assert certificates.entries == {"primary": "enabled"} and certificates.accepted == (SECOND,)
    certificates.add_secondary(FIRST)


def test_what_the_console_does_not_let_one_do() -> None:
    certificates = Certificates(FIRST, "app_id")
    with pytest.raises(InputError, match="no certificate: is the only entry that is enabled"):
        certificates.delete_no_certificate()
    with pytest.raises(InputError, match="secondary: needs an enabled primary one"):
        certificates.add_secondary(SECOND)
    certificates.enable_primary()
    for act in (
        certificates.swap,
        certificates.disable_secondary,
        certificates.enable_secondary,
        certificates.delete_secondary,
    ):
        with pytest.raises(InputError, match="secondary: is not there"):
            act()
    with pytest.raises(InputError, match="secondary: is the primary one"):
        certificates.add_secondary(FIRST)
    certificates.add_secondary(SECOND)
    with pytest.raises(InputError, match="secondary: is there already"):
        certificates.add_secondary(SECOND)
    with pytest.raises(InputError, match=r"secondary: is enabled\. Disable it first"):
        certificates.delete_secondary()
    certificates.disable_secondary()
    with pytest.raises(InputError, match="secondary: is disabled"):
        certificates.swap()


def test_what_is_no_certificate_or_mechanism() -> None:
    with pytest.raises(InputError, match=r"mechanism: .* Say app_id or token or app_id_or_token"):
        Certificates(FIRST, "either")
    with pytest.raises(InputError, match="primary: has 3 characters"):
        Certificates("abc")
    with pytest.raises(InputError, match="secondary: has 3 characters"):
        Certificates(FIRST).add_secondary("abc")


def test_no_certificate_is_shown() -> None:
    certificates = Certificates(FIRST)
    certificates.add_secondary(SECOND)
    shown = f"{certificates!r} {certificates} {certificates.entries}"
    assert FIRST not in shown and SECOND not in shown and "secondary enabled" in shown
    assert not hasattr(certificates, "__dict__"), "vars() would show them"
