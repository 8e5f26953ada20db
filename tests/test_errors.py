import pickle

import pytest

from agora_helpers import Credentials, TokenFormatError, decode
from agora_helpers.errors import AgoraHelpersError, CredentialError, InputError


@pytest.mark.parametrize("kind", [AgoraHelpersError, InputError, CredentialError, TokenFormatError])
def test_an_error_names_field_problem_and_hint_and_survives_pickling(kind: type[AgoraHelpersError]) -> None:
    error = kind("uid", "is negative.", "Add 2**32.")
    again = pickle.loads(pickle.dumps(error))
    for one in (error, again):
        assert (one.field, one.problem, one.hint) == ("uid", "is negative.", "Add 2**32.")
        assert str(one) == "uid: is negative. Add 2**32."


def test_a_format_error_keeps_its_offset_when_pickled() -> None:
    with pytest.raises(TokenFormatError) as caught:
        decode("007eJx*")
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.offset, again.where, str(again)) == (6, "token", str(caught.value))


def test_the_tree() -> None:
    assert issubclass(CredentialError, InputError) and issubclass(InputError, (AgoraHelpersError, ValueError))
    assert issubclass(TokenFormatError, (AgoraHelpersError, ValueError))
    assert not issubclass(TokenFormatError, InputError)


def test_no_error_shows_a_certificate() -> None:
    secret = Credentials.demo().app_certificate
    for wrong in (
        secret + " ",
        f'"{secret}"',
        secret + "\n",
        secret[:-1],
        secret[:-1] + "g",
        f"{secret[:8]}-{secret[8:]}",
    ):
        with pytest.raises(CredentialError) as caught:
            Credentials(Credentials.demo().app_id, wrong)
        shown = f"{caught.value!s}{caught.value!r}{caught.value.args}{pickle.dumps(caught.value)!r}"
        assert "app_certificate" in shown and secret[:8] not in shown
