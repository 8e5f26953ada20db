from __future__ import annotations

import re

import pytest

from agora_helpers import Credentials, InputError, decode, verify
from agora_helpers.display.anatomy import lines
from agora_helpers.panels import TokenInspector
from tests.panels.conftest import control, controls_in, everything_in, html_of, text, visible
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
    assert "checksum of the channel crc_channel_name" in text(inspector)


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
    assert "Shown: the first token. To see another, paste it alone: 006 rtc." in text(inspector)
    assert "crc_channel_name" not in text(inspector)


def changed(token: str, place: int) -> str:
    return token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]


def test_an_edit_of_006_shows_the_field_and_that_the_signature_broke(token_006: str) -> None:
    inspector = TokenInspector(token_006)
    assert "Undo the edit" not in [getattr(widget, "description", "") for widget in visible(inspector)]
    control(inspector, "Token").value = changed(token_006, 100)
    assert "✗ The signature no longer fits the content Changed: token expires (1 of 78 bytes)." in text(inspector)
    assert "✎ changed, was 1700086400" in text(inspector)
    control(inspector, "Undo the edit").click()
    assert inspector.token == token_006
    assert "hanged" not in text(inspector)


def test_an_edit_of_what_006_does_not_sign(token_006: str) -> None:
    inspector = TokenInspector(token_006)
    (line,) = [line for line in lines(decode(token_006)) if line.field.name == "crc_uid"]
    assert line.characters
    control(inspector, "Token").value = changed(token_006, line.characters[0] + 2)
    assert "The signature does not cover what changed Changed: checksum of the uid" in text(inspector)


def test_an_edit_of_007_tells_where_the_string_broke(token_007: str) -> None:
    inspector = TokenInspector(token_007)
    control(inspector, "Token").value = changed(token_007, 40)
    assert "The edit broke the token It differs from the token before at character 40: compressed data." in text(
        inspector
    )


def test_an_edited_token_that_comes_back_later_is_no_edit(token_006: str) -> None:
    inspector = TokenInspector(token_006)
    edited = changed(token_006, 100)
    control(inspector, "Token").value = edited
    inspector.token = ""
    inspector.token = edited
    assert "hanged" not in text(inspector)


def test_another_token_is_no_edit(token_006: str, token_007: str) -> None:
    inspector = TokenInspector(token_006)
    control(inspector, "Token").value = token_007
    assert "hanged" not in text(inspector)


def test_change_a_value_and_sign_again(token_007: str) -> None:
    inspector = TokenInspector(token_007, DEMO, now=NOW)
    inspector.controls["field"].value = "uid"
    assert inspector.controls["value"].value == "7"
    inspector.controls["value"].value = "8"
    control(inspector, "Sign again").click()
    assert verify(inspector.token, DEMO, channel="lobby", uid=8, now=NOW).ok
    assert "✓ The signature is valid Changed: signature, uid" in text(inspector)
    assert "✎ changed, was 7" in text(inspector)
    assert "signature and the client were not checked" not in text(inspector)
    assert DEMO.app_certificate not in everything_in(inspector)


def test_sign_a_006_token_again(token_006: str) -> None:
    inspector = TokenInspector(token_006, DEMO, now=NOW)
    inspector.controls["channel"].value, inspector.controls["uid"].value = "stage", "7"
    control(inspector, "Sign again").click()
    assert verify(inspector.token, DEMO, channel="stage", uid=7, now=NOW).ok
    assert "✓ The signature is valid" in text(inspector)


def test_a_value_that_does_not_fit_changes_nothing(token_007: str) -> None:
    inspector = TokenInspector(token_007, DEMO)
    inspector.controls["field"].value = "expire"
    inspector.controls["value"].value = "soon"
    control(inspector, "Sign again").click()
    assert "expire: must be a whole number" in text(inspector)
    assert inspector.token == token_007


def test_without_a_certificate_nothing_can_be_signed(token_007: str) -> None:
    inspector = TokenInspector(token_007)
    inspector.sign()
    assert inspector.token == token_007
    assert inspector._form.layout.display == "none"


def test_what_are_no_credentials_is_an_error() -> None:
    with pytest.raises(InputError, match="credentials"):
        TokenInspector("", "secret")  # type: ignore[arg-type]


def test_it_shows_what_is_wrong_or_unusual_without_a_key(token_007: str) -> None:
    inspector = TokenInspector(token_007)
    assert "The token has expired EXPIRED" in text(inspector)
    assert "The signature and the client were not checked." in text(inspector)


def test_the_stored_html_has_notes_only_for_a_fixed_time(token_007: str) -> None:
    assert "Notes" not in html_of(TokenInspector(token_007))
    stored = html_of(TokenInspector(token_007, now=NOW + 7200))
    assert "The token has expired" in stored
    assert "(60 min ago)" in stored


def test_the_answer_stands_first(token_007: str) -> None:
    assert text(TokenInspector(token_007)).startswith("✗ The token has expired.")
    signed = text(TokenInspector(token_007, DEMO, now=NOW))
    assert signed.startswith("✓ No fault was found, and the signature is valid.")
    assert "The client was not checked." in signed
    unsigned = text(TokenInspector(token_007, now=NOW))
    assert unsigned.startswith("– No fault was found, but the signature was not checked.")  # noqa: RUF001
    other = Credentials(DEMO.app_id, "0123456789abcdef" * 2)
    assert text(TokenInspector(token_007, other, now=NOW)).startswith("✗ The signature is wrong.")
