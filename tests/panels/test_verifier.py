from __future__ import annotations

import re

import pytest

from agora_helpers import Credentials, InputError, ReasonCode, build_rtc_token, build_rtm_token
from agora_helpers.errors import ErrorCode
from agora_helpers.panels import TokenBuilder, TokenInspector, TokenVerifier
from tests.panels.conftest import control, controls_in, everything_in, html_of, message_below, text
from tests.support import DEMO, NOW


@pytest.fixture
def verifier(token_007: str) -> TokenVerifier:
    return TokenVerifier(DEMO, token_007, channel="lobby", uid="7", now=NOW)


def codes(verifier: TokenVerifier) -> list[str]:
    """Return the codes of the reasons, and check that the panel shows each reason."""
    assert verifier.verdict
    for reason in verifier.verdict.reasons:
        assert reason.title in text(verifier)
    return [reason.code for reason in verifier.verdict.reasons]


def test_a_good_token(verifier: TokenVerifier) -> None:
    assert verifier.verdict
    assert verifier.verdict.ok
    assert verifier.verdict.summary in text(verifier)
    assert "(in 60 min)" in text(verifier)


def test_another_uid(verifier: TokenVerifier) -> None:
    verifier.controls["uid"].value = "8"
    assert codes(verifier) == [ReasonCode.UID_MISMATCH]
    assert "✓ ok signature: is it genuine?" in text(verifier)
    assert "✗ wrong match: is it yours?" in text(verifier)


def test_an_account_in_place_of_a_uid(verifier: TokenVerifier) -> None:
    verifier.controls["who"].value = "account"
    verifier.controls["account"].value = "alice"
    assert ReasonCode.WRONG_KIND_OF_USER in codes(verifier)


def test_an_rtm_user(verifier: TokenVerifier) -> None:
    verifier.controls["channel"].value = ""
    verifier.controls["uid"].value = ""
    verifier.controls["user"].value = "alice"
    assert ReasonCode.NO_RTM_SERVICE in codes(verifier)


def test_uid_0_is_any_uid(verifier: TokenVerifier) -> None:
    verifier.controls["uid"].value = "0"
    assert verifier.verdict
    assert verifier.verdict.match.status == "wrong"
    verifier.token = build_rtc_token(DEMO, "lobby", uid=0, allow_any_uid=True, now=NOW)
    assert verifier.verdict.ok
    assert codes(verifier) == [ReasonCode.ANY_UID]


def test_time_can_be_moved_until_the_token_has_expired(verifier: TokenVerifier) -> None:
    for _ in range(6):
        control(verifier, "+10 min").click()
    assert verifier.controls["now"].value == str(NOW + 3600)
    assert ReasonCode.EXPIRED in codes(verifier)
    control(verifier, "-1 min").click()
    assert codes(verifier) == []
    assert "now: valid" in text(verifier)


def test_time_jumps_to_the_events_and_a_sentence_says_what_the_token_is_good_for(verifier: TokenVerifier) -> None:
    for label, seconds, sentence in (
        ("To the warning", 3570, "the SDK has warned; without a new token, the client is out in 30 s."),
        ("Previous event", 0, "The token is valid; next, rtc: the SDK warns in 59 min 30 s."),
        ("Previous event", 0, "The token is valid"),
        ("-10 min", -600, "The token's time of issue is still 10 min away"),
        ("Next event", 0, "The token is valid"),
        ("Next event", 3570, "the client is out in 30 s."),
        ("Next event", 3600, "The token expired at this second"),
        ("Next event", 3600, "The token expired at this second"),
        ("+1 day", 3600 + 86_400, "The token expired 1 day ago"),
        ("To the end", 3600, "The token expired at this second"),
    ):
        control(verifier, label).click()
        assert verifier.controls["now"].value == str(NOW + seconds)
        assert sentence in text(verifier)


@pytest.mark.parametrize(("seconds", "color"), [(-1, "bad"), (0, "good"), (3570, "warning"), (3600, "bad")])
def test_the_sentence_has_the_colour_of_what_it_says(verifier: TokenVerifier, seconds: int, color: str) -> None:
    verifier.move_to(NOW + seconds)
    assert f"agora-box agora-{color}" in verifier._timeline.children[0].value


def test_a_token_without_a_warning_has_no_way_to_it(verifier: TokenVerifier) -> None:
    assert not control(verifier, "To the warning").disabled
    verifier.token = build_rtc_token(DEMO, "lobby", uid=7, now=NOW, expires_in=30)
    assert control(verifier, "To the warning").disabled
    verifier.move_to(NOW + 10)
    control(verifier, "To the warning").click()
    assert verifier.controls["now"].value == str(NOW + 10)


def test_without_a_token_there_is_no_timeline(verifier: TokenVerifier) -> None:
    verifier.token = ""
    assert verifier._timeline.layout.display == "none"


def test_the_button_for_the_current_time(verifier: TokenVerifier) -> None:
    control(verifier, "now").click()
    assert verifier.controls["now"].value == ""
    assert ReasonCode.EXPIRED in codes(verifier)
    control(verifier, "+1 h").click()
    assert int(verifier.controls["now"].value) > NOW + 3600


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [("uid", "x", "must be a whole number."), ("now", "soon", "must be in Unix seconds"), ("now", "9" * 10, "Unix")],
)
def test_a_message_stands_right_below_its_field(verifier: TokenVerifier, field: str, value: str, message: str) -> None:
    verifier.controls[field].value = value
    assert message in message_below(verifier, verifier.controls[field])
    assert message in html_of(verifier)
    assert verifier.verdict is None
    assert "A field is wrong." in text(verifier)


@pytest.mark.parametrize(("field", "value"), [("uid", "x"), ("now", "soon")])
def test_moving_the_time_changes_no_field_that_is_wrong(verifier: TokenVerifier, field: str, value: str) -> None:
    verifier.controls[field].value = value
    verifier.move(60)
    assert verifier.controls[field].value == value


@pytest.mark.parametrize(("now", "seconds", "expected"), [(30, -60, 0), (2**32 - 1, 60, 2**32 - 1)])
def test_the_time_stays_within_32_bits(token_007: str, now: int, seconds: int, expected: int) -> None:
    verifier = TokenVerifier(DEMO, token_007, now=now)
    verifier.move(seconds)
    assert verifier.controls["now"].value == str(expected)


def test_a_client_has_a_uid_or_an_account() -> None:
    with pytest.raises(InputError) as caught:
        TokenVerifier(DEMO, uid=7, account="alice")
    assert (caught.value.field, caught.value.code) == ("account", ErrorCode.UID_AND_ACCOUNT)


def test_panels_follow_one_another(token_007: str) -> None:
    builder = TokenBuilder(DEMO, now=NOW, salt=1)
    inspector = TokenInspector(builder)
    verifier = TokenVerifier(DEMO, inspector, channel="stage", uid="7", now=NOW)
    assert inspector.token == verifier.token == builder.token == token_007
    builder.controls["channel"].value = "stage"
    assert verifier.token == builder.token != token_007
    assert codes(verifier) == []
    builder.controls["uid"].value = "0"
    assert inspector.token == ""
    assert "No token yet" in text(verifier)


def test_a_panel_follows_only_the_last_one(token_007: str) -> None:
    first, second = TokenInspector(), TokenInspector()
    follower = TokenInspector(first)
    follower.follow(second)
    first.token = token_007
    assert follower.token == ""
    second.token = token_007
    assert follower.token == token_007


def test_the_secondary_certificate_is_tried_and_not_shown() -> None:
    other = Credentials(DEMO.app_id, "0123456789abcdef" * 2)
    token = build_rtc_token(other, "lobby", uid=7, now=NOW)
    verifier = TokenVerifier(DEMO, token, secondary_certificate=other.app_certificate, now=NOW)
    assert verifier.verdict
    assert verifier.verdict.signature.status == "ok"
    assert verifier.verdict.signature.detail in text(verifier)
    assert other.app_certificate not in everything_in(verifier)
    assert DEMO.app_certificate not in everything_in(verifier)


def test_every_control_has_a_label_of_its_own(verifier: TokenVerifier) -> None:
    labels = [widget.description for widget in controls_in(verifier)]
    assert all(labels)
    assert len(set(labels)) == len(labels) == 21


@pytest.mark.parametrize("token", ["token_006", "token_007"])
def test_the_stored_html_contains_neither_a_token_nor_a_tag_that_jupyterlab_removes(
    token: str, request: pytest.FixtureRequest
) -> None:
    string = request.getfixturevalue(token)
    html = html_of(TokenVerifier(DEMO, string, channel="lobby", uid="7", now=NOW))
    assert "<caption" in html
    assert string[40:80] not in html
    assert not re.search(r"<style|aria-|role=|data-|<svg| on\w+=", "".join(re.findall("<[^>]+>", html)))


def test_of_several_tokens_the_one_that_fits_is_checked(verifier: TokenVerifier, token_007: str) -> None:
    verifier.token = f"{build_rtm_token(DEMO, 'alice', now=NOW)}\n{token_007}"
    assert codes(verifier) == [ReasonCode.SEVERAL_TOKENS]
    assert "Repaired: text around it (one of 2 tokens)." in text(verifier)
    assert "Checked: token 2 of 2 (007 rtc). Not checked: 007 rtm." in text(verifier)


def test_an_empty_field_is_not_compared_and_the_panel_says_so(verifier: TokenVerifier) -> None:
    verifier.controls["uid"].value = ""
    assert codes(verifier) == [ReasonCode.NOT_COMPARED]
    assert "not checked match: is it yours? As expected: App ID, channel. Not compared: uid or account." in text(
        verifier
    )


def test_without_the_certificate_the_rest_is_checked(token_007: str) -> None:
    verifier = TokenVerifier(None, token_007, app_id=DEMO.app_id, channel="lobby", uid="8", now=NOW)
    assert codes(verifier) == [ReasonCode.UID_MISMATCH, ReasonCode.NO_CERTIFICATE]
    assert "not checked signature: is it genuine?" in text(verifier)


def test_a_client_without_a_uid_is_not_one_named_none(token_007: str) -> None:
    verifier = TokenVerifier(DEMO, token_007, channel="lobby", uid=None, now=NOW)
    assert verifier.controls["uid"].value == ""
    assert codes(verifier) == [ReasonCode.NOT_COMPARED]


def test_the_report_for_a_bug_tracker_has_names_only_if_asked(verifier: TokenVerifier, token_007: str) -> None:
    verifier.controls["channel"].value = "launch-party"
    assert "Agora token report" not in text(verifier)
    control(verifier, "Redacted report").click()
    report = verifier._report.value
    assert "match wrong" in report
    assert "launch-party" not in report
    control(verifier, "with the names").value = True
    assert "expected launch-party, in the token lobby" in verifier._report.value
    assert token_007 not in verifier._report.value
    control(verifier, "Redacted report").click()
    assert "Agora token report" not in text(verifier)


def test_the_answer_comes_first(verifier: TokenVerifier) -> None:
    verifier.controls["uid"].value = "8"
    assert text(verifier).startswith("✗ The token is for another user. ✓ ok format")
    control(verifier, "+1 day").click()
    assert "One more fault is below." in text(verifier)
    verifier.controls["channel"].value = "Lobby"
    assert "2 more faults are below." in text(verifier)


def test_the_answer_says_when_it_is_time_to_renew(verifier: TokenVerifier) -> None:
    assert "Renew it now." not in text(verifier)
    verifier.controls["now"].value = str(NOW + 3575)
    assert "! The token is good. Renew it now." in text(verifier)
    verifier.controls["uid"].value = "8"
    assert "Renew it now." not in text(verifier), "a fault comes first"


def test_values_that_differ_are_named(verifier: TokenVerifier) -> None:
    verifier.controls["uid"].value, verifier.controls["channel"].value = "8", "Lobby"
    assert "channel: Expected 'Lobby', but the token has 'lobby'." in text(verifier)
    assert "uid or account: Expected '8', but the token has '7'." in text(verifier)
