from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agora_helpers import decode
from agora_helpers.sdk_checks import app_id_in, is_rtm_user
from tests.support import VECTORS, Vector, payload, rebuild, wrap


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_the_app_id_of_every_right_token_is_read(vector: Vector) -> None:
    token = rebuild(vector)
    assert app_id_in(token) == decode(token).app_id
    if vector["version"] == "007":
        assert app_id_in(token.rstrip("=")) == decode(token).app_id, "a browser needs no padding"
        assert app_id_in(wrap("007", payload(token))[:-8]) in (None, decode(token).app_id), "nor the checksum"


@pytest.mark.parametrize("text", ["", "hello", "005", "007", "007!", "007A", "007" + "A" * 40])
def test_what_is_no_token(text: str) -> None:
    assert app_id_in(text) is None


@given(st.text(max_size=200) | st.text("ABCDabcd0123+/=").map(lambda text: f"007{text}"))
def test_any_text(text: str) -> None:
    found = app_id_in(text)
    assert found is None or isinstance(found, str)


def test_user_ids() -> None:
    assert all(map(is_rtm_user, ("alice", "7", "a_b", "a b", "x" * 64, "[]^{}|~@")))
    assert not any(map(is_rtm_user, ("", "_a", "a.b", "a/b", "a*b", "é", "x" * 65, "a\n")))
