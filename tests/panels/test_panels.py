from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import ipywidgets as widgets
import pytest

from agora_helpers import Credentials, build_rtc_token, build_rtm_token, verify
from agora_helpers.panels import MechanismExplorer, ServerPanel, TokenBuilder, TokenInspector, TokenVerifier
from agora_helpers.panels.base import Panel
from tests.support import NOW, table_cells

DEMO = Credentials.demo()


def panel(**form: str) -> TokenBuilder:
    return TokenBuilder(DEMO, now=NOW, salt=1, **form)


def tree(widget: Any) -> Iterator[Any]:
    yield widget
    for child in getattr(widget, "children", ()):
        yield from tree(child)


def shown(builder: Panel) -> list[Any]:
    return [widget for widget in tree(builder) if widget.layout.display != "none"]


def text(builder: Panel) -> str:
    """What a person reads below the controls."""
    htmls = [widget.value for widget in shown(builder) if isinstance(widget, widgets.HTML)]
    return unescape(re.sub("<[^>]+>", " ", " ".join(htmls)))


def static(builder: Panel) -> dict[str, Any]:
    bundle: dict[str, Any] = builder._repr_mimebundle_()
    return bundle


def test_it_makes_the_token_while_one_types() -> None:
    builder = panel()
    assert builder.token == build_rtc_token(DEMO, "lobby", uid=7, role="publisher", now=NOW, salt=1)
    builder.controls["channel"].value = "stage"
    builder.controls["role"].value = "subscriber"
    builder.controls["expires_in"].value = "60"
    builder.controls["version"].value = "006"
    token = build_rtc_token(DEMO, "stage", uid=7, expires_in=60, version="006", now=NOW, salt=1)
    assert builder.token == token and token in text(builder)
    assert 'build_rtc_token(credentials, "stage", uid=7, role="subscriber"' in text(builder)
    assert "curl -sS" in text(builder) and "await fetch" in text(builder) and "join channel" in text(builder)


def test_kind_and_client_decide_which_controls_are_shown() -> None:
    builder = panel()

    def fields() -> list[str]:
        return [field for field, control in builder.controls.items() if control in shown(builder)]

    assert fields() == ["kind", "version", "channel", "who", "uid", "role", "expires_in"]
    builder.controls["who"].value = "account"
    assert fields() == ["kind", "version", "channel", "who", "account", "role", "expires_in"]
    assert verify(builder.token, DEMO, channel="lobby", account="alice", now=NOW).ok
    builder.controls["kind"].value = "rtm"
    assert fields() == ["kind", "version", "user", "expires_in"]
    assert builder.token == build_rtm_token(DEMO, "alice", now=NOW, salt=1)


def test_what_is_wrong_stands_right_after_its_field() -> None:
    builder = panel()
    builder.controls["uid"].value = "0"
    builder.controls["expires_in"].value = "soon"
    assert builder.token == "" and "No token: 2 fields are wrong." in text(builder)
    widgets_shown = shown(builder)
    for field, says in (("uid", "anyone may use"), ("expires_in", "whole number")):
        after = widgets_shown[widgets_shown.index(builder.controls[field]) + 1]
        assert (
            isinstance(after, widgets.HTML) and says in after.value and builder.problem(field) in unescape(after.value)
        )
    builder.controls["expires_in"].value = "60"
    assert "No token: one field is wrong." in text(builder)
    builder.controls["uid"].value = "7"
    assert builder.token and "wrong" not in text(builder) and builder.problem("uid") == ""


def test_it_may_start_with_something_wrong() -> None:
    builder = panel(uid="0")
    assert builder.token == "" and "anyone may use" in static(builder)["text/html"]


def test_a_fixed_time_that_006_cannot_hold() -> None:
    builder = TokenBuilder(DEMO, now=2**32 - 1, salt=1)
    assert builder.token
    builder.controls["version"].value = "006"
    assert builder.token == "" and "too large" in builder.problem("version") and "one field is wrong" in text(builder)


def test_what_is_typed_is_shown_as_text() -> None:
    builder = panel(channel="<b>&")
    assert not any("<b>" in widget.value for widget in tree(builder) if isinstance(widget, widgets.HTML))
    assert "<b>&" not in static(builder)["text/html"] and "&lt;b&gt;&amp;" in static(builder)["text/html"]


def test_every_control_has_a_label_of_its_own_and_none_is_a_slider() -> None:
    controls = [widget for widget in tree(panel()) if not isinstance(widget, widgets.VBox | widgets.HTML)]
    labels = [control.description for control in controls]
    assert all(labels) and len(set(labels)) == len(controls) == 9
    assert all(type(control) in (widgets.Text, widgets.Dropdown) for control in controls)


def test_without_a_kernel_it_is_read_as_html() -> None:
    bundle = static(panel(version="006"))
    html = bundle["text/html"]
    assert bundle["text/plain"] == "<TokenBuilder: rtc token, version 006>"
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert panel(version="006").token in html and "<caption" in html and 'scope="row"' in html
    tags = "".join(re.findall("<[^>]+>", html))
    dropped = r"<style|aria-|role=|data-|<svg| on\w+="  # by JupyterLab, in a notebook that is not trusted
    assert not re.search(dropped, tags)


def test_what_is_compared_holds_no_text_of_a_007_token() -> None:
    builder = panel(version="007")
    assert builder.token not in static(builder)["text/html"] and builder.token in text(builder)
    assert "signature" in static(builder)["text/html"]


def test_the_certificate_is_nowhere() -> None:
    builder = panel()
    everything = repr(builder) + str(static(builder)) + "".join(str(widget.get_state()) for widget in tree(builder))
    assert DEMO.app_certificate not in everything and DEMO.app_id in everything


def test_without_fixed_values_each_token_is_another_one() -> None:
    first, second = TokenBuilder(DEMO), TokenBuilder(DEMO)
    assert first.token != second.token and verify(first.token, DEMO, channel="lobby", uid=7).ok


RTC = build_rtc_token(DEMO, "lobby", uid=7, role="publisher", now=NOW, salt=1)
OLD = build_rtc_token(DEMO, "lobby", uid=7, role="publisher", version="006", now=NOW, salt=1)


def field_of(panel: Panel, label: str) -> Any:
    (found,) = [widget for widget in tree(panel) if getattr(widget, "description", "") == label]
    return found


def test_the_inspector_shows_what_is_pasted() -> None:
    inspector = TokenInspector()
    assert "No token yet" in text(inspector)
    field_of(inspector, "Token").value = f'"{OLD}"'
    assert inspector.token == f'"{OLD}"' and inspector.problem == ""
    assert "Repaired: quotes or punctuation around it." in re.sub(" +", " ", text(inspector))
    assert "publish video" in text(inspector) and "crc_channel_name" in text(inspector).replace(". ", ".")
    field_of(inspector, "Token").value = OLD[:60]
    assert (
        "cut short" in inspector.problem and inspector.problem in text(inspector) and "publish" not in text(inspector)
    )
    assert "cut short" in static(inspector)["text/html"]


def test_the_verifier_answers_four_questions() -> None:
    verifier = TokenVerifier(DEMO, RTC, channel="lobby", uid="7", now=NOW + 60)
    assert verifier.verdict and verifier.verdict.ok and "The token is good." in text(verifier)
    verifier.controls["uid"].value = "8"
    assert "The token is for another user" in text(verifier) and verifier.verdict.match.status == "wrong"
    verifier.controls["who"].value = "account"
    verifier.controls["account"].value = "alice"
    assert "The token is for the other kind of user" in text(verifier)
    verifier.controls["account"].value = ""
    verifier.controls["user"].value = "alice"
    assert "The token cannot log in to RTM" in text(verifier)
    assert "✓ ok" in text(verifier) and "✗ wrong" in text(verifier)


def test_uid_0_in_the_verifier_is_any_uid() -> None:
    verifier = TokenVerifier(DEMO, RTC, channel="lobby", uid="0", now=NOW)
    assert verifier.verdict and verifier.verdict.match.status == "wrong"
    anyone = build_rtc_token(DEMO, "lobby", uid=0, allow_any_uid=True, now=NOW)
    assert "The token is good, with a note." in text(TokenVerifier(DEMO, anyone, channel="lobby", uid="0", now=NOW))


def test_time_can_be_moved_until_the_token_has_ended() -> None:
    verifier = TokenVerifier(DEMO, RTC, channel="lobby", uid="7", now=NOW)
    assert "✓ ok" in text(verifier) and "(in 60 min)" in text(verifier)
    for _ in range(6):
        field_of(verifier, "+10 min").click()
    assert verifier.controls["now"].value == str(NOW + 3600) and "The token has expired" in text(verifier)
    field_of(verifier, "-1 min").click()
    assert "The token is good." in text(verifier) and "<svg" in verifier.children[-1].value
    field_of(verifier, "the clock's time").click()
    assert verifier.controls["now"].value == "" and "The token has expired" in text(verifier)
    field_of(verifier, "+1 h").click()
    assert int(verifier.controls["now"].value) > NOW + 3600


@pytest.mark.parametrize(
    ("field", "value", "says"), [("uid", "x", "must be an integer"), ("now", "soon", "Unix seconds")]
)
def test_what_is_wrong_in_the_verifier_stands_at_its_field(field: str, value: str, says: str) -> None:
    verifier = TokenVerifier(DEMO, RTC, now=NOW)
    verifier.controls[field].value = value
    visible = shown(verifier)
    assert says in visible[visible.index(verifier.controls[field]) + 1].value
    assert verifier.verdict is None and "A field is wrong." in text(verifier)
    verifier.move(60)  # does nothing while the time is wrong
    assert verifier.controls[field].value == value and says in static(verifier)["text/html"]


def test_the_time_stays_within_32_bits() -> None:
    verifier = TokenVerifier(DEMO, RTC, now=30)
    verifier.move(-60)
    assert verifier.controls["now"].value == "0"
    verifier.controls["now"].value = str(2**32 - 1)
    verifier.move(60)
    assert verifier.controls["now"].value == str(2**32 - 1)


def test_panels_follow_one_another() -> None:
    builder = TokenBuilder(DEMO, now=NOW, salt=1)
    inspector = TokenInspector(builder)
    verifier = TokenVerifier(DEMO, inspector, channel="stage", uid="7", now=NOW)
    assert inspector.token == verifier.token == builder.token == RTC
    builder.controls["channel"].value = "stage"
    assert verifier.token == builder.token != RTC and verifier.verdict and verifier.verdict.ok
    builder.controls["uid"].value = "0"
    assert inspector.token == "" and "No token yet" in text(verifier)


def test_the_secondary_certificate_is_tried_and_not_shown() -> None:
    other = Credentials(DEMO.app_id, "0123456789abcdef" * 2)
    token = build_rtc_token(other, "lobby", uid=7, now=NOW)
    verifier = TokenVerifier(DEMO, token, secondary_certificate=other.app_certificate, now=NOW)
    assert "Signed with the secondary certificate" in text(verifier)
    everything = str(static(verifier)) + "".join(str(widget.get_state()) for widget in tree(verifier))
    assert other.app_certificate not in everything and DEMO.app_certificate not in everything


@pytest.mark.parametrize("make", [lambda: TokenInspector(RTC), lambda: TokenVerifier(DEMO, RTC, uid="7", now=NOW)])
def test_every_control_of_the_other_panels_has_a_label(make: Any) -> None:
    containers = widgets.VBox | widgets.HBox | widgets.HTML
    controls = [widget for widget in tree(make()) if not isinstance(widget, containers)]
    labels = [control.description for control in controls]
    assert controls and all(labels) and len(set(labels)) == len(labels)


@pytest.mark.parametrize("token", [RTC, OLD])
def test_without_a_kernel_the_other_panels_are_read_too(token: str) -> None:
    inspector, verifier = TokenInspector(token), TokenVerifier(DEMO, token, channel="lobby", uid="7", now=NOW)
    for bundle in (static(inspector), static(verifier)):
        tags = "".join(re.findall("<[^>]+>", bundle["text/html"]))
        assert not re.search(r"<style|aria-|role=|data-|<svg| on\w+=", tags) and "<caption" in tags
        assert (token in bundle["text/html"]) == (token == OLD and bundle == static(inspector)) or token == OLD
        assert RTC not in bundle["text/html"] and RTC[10:60] not in bundle["text/html"]


def test_the_explorer_answers_for_each_choice() -> None:
    explorer = MechanismExplorer(DEMO, now=NOW, salt=1)
    assert "dynamic use static key" in text(explorer) and explorer.answer.code == 15
    explorer.controls["mechanism"].value = "app_id"
    assert explorer.answer.admitted and "✓ Admitted" in text(explorer)
    explorer.controls["case"].value = "a good token (007)"
    assert explorer.answer.code == 14 and "static use dynamic key" in text(explorer)
    explorer.controls["surface"].value = "RTM: log in to messaging"
    assert explorer.case.name == "no token" and explorer.answer.admitted
    explorer.controls["mechanism"].value = "token"
    explorer.controls["case"].value = "an RTC token"
    assert "NO_RTM_PRIVILEGE" in text(explorer) and "Who gets in (RTM 2.x)" in text(explorer)
    html = static(explorer)["text/html"]
    assert "NO_RTM_PRIVILEGE" in html and "Source:" in html and DEMO.app_certificate not in html


def test_the_explorer_s_controls_have_labels() -> None:
    explorer = MechanismExplorer(DEMO, now=NOW, salt=1)
    assert [control.description for control in explorer.controls.values()] == ["The project", "The client", "brings"]


@pytest.fixture
def server_panel() -> Iterator[ServerPanel]:
    panel = ServerPanel(DEMO, now=NOW, salt=1, uid=7)
    yield panel
    panel.server.stop()


def press(panel: Panel, label: str) -> None:
    next(widget for widget in tree(panel) if getattr(widget, "description", "") == label).click()


def test_the_server_panel_sends_and_logs(server_panel: ServerPanel) -> None:
    press(server_panel, "Send")
    assert "Answer: 200" in text(server_panel) and '"uid": 7' in text(server_panel)
    assert verify(server_panel.token, DEMO, channel="lobby", uid=7, now=NOW).ok
    server_panel.controls["path"].value = "/rtmtoken"
    server_panel.controls["body"].value = '{"user": 7}'
    press(server_panel, "Send")
    assert "Answer: 400" in text(server_panel) and "user: must be a string" in text(server_panel)
    assert server_panel.token == ""
    server_panel.server.client.get("/health")
    server_panel.server.stop()
    assert [(entry.path, entry.status) for entry in server_panel.entries] == [
        ("/rtctoken", 200),
        ("/rtmtoken", 400),
        ("/health", 200),
    ]
    (heads, latest, *_) = table_cells(server_panel._log.value)
    assert heads[1:4] == ["request", "status", "caller"] and latest[1:4] == ["GET /health", "200", "127.0.0.1"]


def test_the_server_panel_starts_and_stops(server_panel: ServerPanel) -> None:
    assert "running" in text(server_panel)
    press(server_panel, "Stop")
    assert "stopped" in text(server_panel) and not server_panel.server.running
    press(server_panel, "Send")
    assert "start it first" in text(server_panel)
    press(server_panel, "Start")
    press(server_panel, "Send")
    assert "Answer: 200" in text(server_panel)


def test_a_new_server_panel_takes_the_place_of_the_old(server_panel: ServerPanel) -> None:
    newer = ServerPanel(DEMO)
    assert newer.server.running and not server_panel.server.running
    newer.server.stop()


def test_what_the_server_panel_stores(server_panel: ServerPanel) -> None:
    press(server_panel, "Send")
    bundle = static(server_panel)
    assert "/rtctoken" in bundle["text/html"] and "200" not in bundle["text/html"]
    assert bundle["text/plain"] == "<ServerPanel>"
