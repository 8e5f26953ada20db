from __future__ import annotations

import re

import pytest

from agora_helpers.panels import TokenInspector
from tests.panels.conftest import control, controls_in, html_of, text
from tests.support import DEMO, NOW


@pytest.fixture
def inspector() -> TokenInspector:
    return TokenInspector()


def test_it_starts_empty(inspector: TokenInspector) -> None:
    assert "No token yet" in text(inspector)


def test_it_shows_what_is_pasted(inspector: TokenInspector, token_006: str) -> None:
    control(inspector, "Token").value = f'"{token_006}"'
    assert inspector.token == f'"{token_006}"'
    assert inspector.problem == ""
    assert "Repaired: quotes" in text(inspector)
    assert "publish video" in text(inspector)
    assert "crc_channel_name" in text(inspector)


def test_it_shows_why_a_token_cannot_be_decoded(inspector: TokenInspector, token_006: str) -> None:
    control(inspector, "Token").value = token_006[:60]
    assert "cut short" in inspector.problem
    assert inspector.problem in text(inspector)
    assert "publish" not in text(inspector)
    assert "cut short" in html_of(inspector)


def test_every_control_has_a_label(token_007: str) -> None:
    labels = [widget.description for widget in controls_in(TokenInspector(token_007, DEMO))]
    assert all(labels)
    assert len(set(labels)) == len(labels) == 7


def test_without_a_kernel_a_006_token_is_shown_whole(token_006: str) -> None:
    assert token_006[35:] in html_of(TokenInspector(token_006))


def test_the_stored_html_does_not_contain_a_007_token(token_007: str) -> None:
    html = html_of(TokenInspector(token_007))
    assert "<caption" in html
    assert token_007[10:60] not in html


@pytest.mark.parametrize("token", ["token_006", "token_007"])
def test_the_stored_html_has_no_tag_that_jupyterlab_removes(token: str, request: pytest.FixtureRequest) -> None:
    tags = "".join(re.findall("<[^>]+>", html_of(TokenInspector(request.getfixturevalue(token)))))
    assert not re.search(r"<style|aria-|role=|data-|<svg| on\w+=", tags)


def test_of_several_tokens_it_shows_the_first_and_says_so(
    inspector: TokenInspector, token_006: str, token_007: str
) -> None:
    control(inspector, "Token").value = f"rtc: {token_007}, old: {token_006}"
    assert inspector.problem == ""
    assert "Repaired: text around it (one of 2 tokens)." in text(inspector)
    assert "crc_channel_name" not in text(inspector)


def test_it_shows_what_is_wrong_or_unusual_without_a_key(token_007: str) -> None:
    inspector = TokenInspector(token_007)
    assert "The token has expired EXPIRED" in text(inspector)
    assert "The signature and the client were not checked." in text(inspector)


def test_the_stored_html_has_notes_only_for_a_fixed_time(token_007: str) -> None:
    assert "Notes" not in html_of(TokenInspector(token_007))
    stored = html_of(TokenInspector(token_007, now=NOW + 7200))
    assert "The token has expired" in stored
    assert "(60 min ago)" in stored
