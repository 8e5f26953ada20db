from __future__ import annotations

import copy
import pickle
import pprint
import reprlib
from typing import Any

import pytest

from agora_helpers.secret import Hidden, Secret, hide
from agora_helpers.validation import type_name

TEXT = "0123456789abcdef"


def test_a_secret_is_the_string_itself() -> None:
    secret = Secret(TEXT)
    assert secret == TEXT and hash(secret) == hash(TEXT)
    assert f"{secret}" == str(secret) == "".join([secret]) == TEXT
    assert secret.encode() == TEXT.encode()


@pytest.mark.parametrize("show", [repr, reprlib.repr, pprint.pformat, "{!r:>80}".format, "%r".__mod__])
def test_no_representation_shows_it(show: Any) -> None:
    for value in (Secret(TEXT), [Secret(TEXT)], {"key": Secret(TEXT)}, Secret(TEXT)[2:], hide(TEXT.encode())):
        assert "<hidden>" in show(value)
        assert TEXT[2:] not in show(value)


def test_what_python_says_about_a_wrong_value_does_not_show_it() -> None:
    with pytest.raises(ValueError, match="<hidden>"):
        int(Secret(TEXT))
    with pytest.raises(KeyError, match="<hidden>"):
        dict[str, int]()[Secret(TEXT)]


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_it_is_not_pickled_and_copies_are_the_same_object(protocol: int) -> None:
    secret = Secret(TEXT)
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps({"nested": [secret]}, protocol)
    assert copy.copy(secret) is copy.deepcopy(secret) is secret


class Loud(str):
    def __str__(self) -> str:
        raise AssertionError("its own methods are not called")


def test_hiding() -> None:
    assert type(hide(TEXT)) is type(hide(Loud(TEXT))) is Secret
    assert hide(Loud(TEXT)) == TEXT
    assert type(hide(TEXT.encode())) is Hidden
    for hidden in (hide(TEXT), hide(7), hide(None)):
        assert hide(hidden) is hidden


def test_messages_name_the_type_that_was_passed() -> None:
    assert [type_name(hide(value)) for value in (TEXT, b"", 7, None)] == ["str", "bytes", "int", "None"]
