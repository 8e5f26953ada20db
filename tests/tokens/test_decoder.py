from __future__ import annotations

from typing import Any
from unittest.mock import Mock

import pytest

from agora_helpers import TokenFormatError, build_rtc_token, decode, verify
from tests.support import ABOVE_OUR_LIMITS, DEMO, NEGATIVES, NOW, Vector


@pytest.mark.parametrize("case", NEGATIVES, ids=lambda case: f"{case['id']} {case['why'][:50]}")
def test_negative(case: Vector) -> None:
    """What a strict decoder refuses is refused; all else is read as far as it goes."""
    if case["strict"] == "rejects" or case["id"] in ABOVE_OUR_LIMITS:
        with pytest.raises(TokenFormatError):
            decode(case["token"])
        return
    decoded = decode(case["token"])
    assert bool(decoded.trailing) == (case["strict"] == "trailing_bytes")
    assert bool(decoded.unread) == (case["strict"] == "stops_at_unknown_service")
    assert len(decoded.services) == case.get("services_read", 1)


@pytest.mark.parametrize("token", [None, 7, b"007eJx", ["007"], object(), True])
def test_what_is_no_text_is_a_format_error_too(token: Any) -> None:
    with pytest.raises(TokenFormatError, match="token: must be a string"):
        decode(token)


def test_what_only_pretends_to_be_a_text() -> None:
    with pytest.raises(TokenFormatError, match="token: must be a string"):
        decode(Mock(spec=str))


def test_a_text_of_another_class_is_read_as_the_text_that_it_is() -> None:
    class Hostile(str):
        def __len__(self) -> int:
            raise RuntimeError

        def __getitem__(self, _: object) -> Any:
            return []

        def encode(self, *_: object) -> bytes:
            raise RuntimeError

    token = build_rtc_token(DEMO, "lobby", uid=7, now=NOW, salt=1)
    assert decode(Hostile(token)) == decode(token)
    with pytest.raises(TokenFormatError):
        decode(Hostile("nonsense"))


@pytest.mark.parametrize(
    ("token", "says"),
    [
        ("", "empty"),
        ("00", "is not 006 or 007"),
        (" 007", "without anything before it"),
        ("004abc", "DynamicKey"),
        ("007" + "A" * 300_000, "longer than"),
        ("006" + "\xe9" * 40, "ASCII"),
        ("006" + "\ud800" * 40, "ASCII"),
        ("006abc", "3 characters of 32"),
    ],
)
def test_what_cannot_begin_to_be_a_token(token: str, says: str) -> None:
    with pytest.raises(TokenFormatError, match=says):
        decode(token)


def test_what_has_a_hostile_class_is_a_format_error_too() -> None:
    class Meta(type):
        @property
        def __name__(cls) -> str:  # type: ignore[override]
            raise RuntimeError

    class Hostile(metaclass=Meta):
        pass

    with pytest.raises(TokenFormatError, match=r"token: must be a string \(str\), not Hostile"):
        decode(Hostile())  # type: ignore[arg-type]


def test_a_decoded_token_shows_little() -> None:
    token = build_rtc_token(DEMO, "lobby", uid=7, now=NOW, salt=1)
    assert repr(decode(token)) == f"<DecodedToken 007: rtc, App ID {DEMO.app_id!r}>"
    assert token not in repr(verify(token, DEMO, now=NOW))
