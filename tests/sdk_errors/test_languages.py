from __future__ import annotations

import pytest

from agora_helpers.sdk_errors.languages import normalise, translate


def test_case_width_and_minus() -> None:
    assert normalise("ERROR\N{FULLWIDTH COLON}\N{FULLWIDTH DIGIT ONE} \N{MINUS SIGN}5") == "error:1 -5"


@pytest.mark.parametrize(
    "text", ["token expired", "the token is invalid", "错误码 110 token", "expirado", "token valid"]
)
def test_what_is_english_or_something_else_stays(text: str) -> None:
    assert translate(text) == text


def test_expired_outweighs_invalid() -> None:
    assert translate("错误: token 已过期") == "错误:  token expired "
    assert translate("token inválido").split() == ["invalid", "token"]
