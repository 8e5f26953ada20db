from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import ipywidgets as widgets

from agora_helpers import Credentials, build_rtc_token, build_rtm_token, verify
from agora_helpers.panels import TokenBuilder
from tests.support import NOW

DEMO = Credentials.demo()


def panel(**form: str) -> TokenBuilder:
    return TokenBuilder(DEMO, now=NOW, salt=1, **form)


def tree(widget: Any) -> Iterator[Any]:
    yield widget
    for child in getattr(widget, "children", ()):
        yield from tree(child)


def shown(builder: TokenBuilder) -> list[Any]:
    return [widget for widget in tree(builder) if widget.layout.display != "none"]


def text(builder: TokenBuilder) -> str:
    """What a person reads below the controls."""
    htmls = [widget.value for widget in shown(builder) if isinstance(widget, widgets.HTML)]
    return unescape(re.sub("<[^>]+>", " ", " ".join(htmls)))


def static(builder: TokenBuilder) -> dict[str, Any]:
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


def test_what_is_typed_is_shown_as_text() -> None:
    builder = panel(channel="<b>&")
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
