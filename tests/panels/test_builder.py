from __future__ import annotations

import re

import ipywidgets as widgets
import pytest

from agora_helpers import InputError, build_chat_token, build_rtc_token, build_rtm_token, verify
from agora_helpers.panels import TokenBuilder, TokenInspector
from tests.panels.conftest import (
    bundle_of,
    controls_in,
    everything_in,
    html_of,
    message_below,
    text,
    tree,
    visible,
)
from tests.support import DEMO, NOW, PYTHON_WORDS, payload


def build_panel(**form: str) -> TokenBuilder:
    return TokenBuilder(DEMO, now=NOW, salt=1, **form)


@pytest.fixture
def builder() -> TokenBuilder:
    return build_panel()


def test_it_builds_the_token_while_you_type(builder: TokenBuilder) -> None:
    assert builder.token == build_rtc_token(DEMO, "lobby", uid=7, role="publisher", now=NOW, salt=1)
    builder.controls["channel"].value = "stage"
    builder.controls["role"].value = "subscriber"
    builder.controls["expires_in"].value = "60"
    builder.controls["version"].value = "006"
    assert builder.token == build_rtc_token(DEMO, "stage", uid=7, expires_in=60, version="006", now=NOW, salt=1)


def no_token(builder: TokenBuilder) -> str:
    """Return the message with which the panel refuses to give a token."""
    with pytest.raises(InputError, match=r"^token: not built, since .* Correct (it|them) in the panel\.$") as caught:
        _ = builder.token
    return str(caught.value)


def test_it_shows_the_token_its_contents_and_the_calls() -> None:
    builder = build_panel(channel="stage", role="subscriber")
    for part in (
        builder.token,
        "join channel",
        'build_rtc_token(credentials, "stage", uid=7, role="subscriber"',
        "curl -sS",
        "await fetch",
        'require("agora-token")',
    ):
        assert part in text(builder)


def test_kind_and_client_decide_which_controls_are_shown(builder: TokenBuilder) -> None:
    def fields() -> list[str]:
        return [field for field, control in builder.controls.items() if control in visible(builder)]

    assert fields() == ["kind", "version", "channel", "who", "uid", "role", "expires_in"]
    builder.controls["who"].value = "account"
    assert fields() == ["kind", "version", "channel", "who", "account", "role", "expires_in"]
    assert verify(builder.token, DEMO, channel="lobby", account="alice", now=NOW).ok
    builder.controls["kind"].value = "rtm"
    assert fields() == ["kind", "version", "user", "expires_in"]
    assert builder.token == build_rtm_token(DEMO, "alice", now=NOW, salt=1)
    assert builder.controls["user"].description == "RTM user id"
    builder.controls["version"].value = "006"
    builder.controls["kind"].value = "chat"
    assert fields() == ["kind", "user", "expires_in"], "there is no version to choose"
    assert builder.controls["user"].description == "Chat user id"
    assert payload(builder.token) == payload(build_chat_token(DEMO, "alice", now=NOW, salt=1))
    assert repr(builder) == "<TokenBuilder: chat token, version 007>"
    assert builder.token not in builder.static_html(), "the string of a 007 token, which depends on the machine's zlib"
    builder.controls["kind"].value = "both"
    assert fields() == ["kind", "channel", "who", "account", "role", "user", "expires_in"]
    assert "curl -sS" in text(builder)
    builder.controls["kind"].value = "convoai"
    assert fields() == ["kind", "channel", "who", "account", "expires_in"]
    assert "build_convoai_token(credentials" in text(builder)
    assert "curl -sS" not in text(builder), "no token server issues such tokens"


def test_a_message_stands_right_below_its_field(builder: TokenBuilder) -> None:
    builder.controls["uid"].value = "0"
    builder.controls["expires_in"].value = "soon"
    for field in ("uid", "expires_in"):
        assert builder.problem(field)
        assert builder.problem(field) in message_below(builder, builder.controls[field])


def test_a_message_is_announced_with_its_field_s_name_and_the_field_is_marked(builder: TokenBuilder) -> None:
    uid = builder.controls["uid"]
    assert "alert" not in everything_in(builder), "nothing to announce"
    uid.value = "0"
    assert 'role="alert"' in message_below(builder, uid)
    assert "<strong>uid:</strong>" in message_below(builder, uid)
    assert "agora-wrong" in uid._dom_classes
    uid.value = "7"
    assert "agora-wrong" not in uid._dom_classes


def test_another_panel_follows_it_through_an_error() -> None:
    builder = build_panel(uid="0")
    inspector = TokenInspector(builder)
    assert inspector.token == ""
    builder.controls["uid"].value = "7"
    assert inspector.token == builder.token
    builder.controls["channel"].value = ""
    assert inspector.token == ""


def test_each_call_has_a_tab_and_can_be_selected_as_a_whole(builder: TokenBuilder) -> None:
    (tabs,) = [widget for widget in tree(builder) if isinstance(widget, widgets.Tab)]
    assert tabs.titles == ("Python", "curl", "JavaScript", "Other languages")
    for tab, part in zip(
        tabs.children, ("build_rtc_token(", "curl -sS", "await fetch", "BuildTokenWithUid"), strict=True
    ):
        assert part in tab.value
        assert '<pre class="agora-copy">' in tab.value
    builder.controls["uid"].value = "0"
    assert tabs not in visible(builder)


@pytest.mark.parametrize(
    ("form", "limit"),
    [({"expires_in": "7200"}, 7200), ({"kind": "rtm", "version": "006"}, 86_400), ({"expires_in": "3600"}, None)],
)
def test_calls_that_a_token_server_refuses_by_default_say_what_it_needs(
    form: dict[str, str], limit: int | None
) -> None:
    builder = build_panel(**form)
    for shown in (text(builder), html_of(builder)):
        assert ("By default a token server refuses this request" in shown) == (limit is not None)
        assert limit is None or f"AGORA_MAX_LIFETIME={limit}" in shown


def test_messages_go_when_their_fields_are_right(builder: TokenBuilder) -> None:
    builder.controls["uid"].value = "0"
    builder.controls["expires_in"].value = "soon"
    assert no_token(builder).startswith("token: not built, since 2 fields are wrong (uid, Lifetime (s)). Correct them")
    assert "No token: 2 fields are wrong." in text(builder)
    builder.controls["expires_in"].value = "60"
    assert "No token: one field is wrong." in text(builder)
    builder.controls["uid"].value = "7"
    assert builder.token
    assert "wrong" not in text(builder)
    assert builder.problem("uid") == ""


def test_it_may_start_with_something_wrong() -> None:
    builder = build_panel(uid="0")
    assert no_token(builder).startswith("token: not built, since one field is wrong (uid). Correct it")
    assert "0 builds a token that any client may use. Type the client&#x27;s own uid." in html_of(builder)


def test_a_fixed_time_that_006_cannot_hold() -> None:
    builder = TokenBuilder(DEMO, now=2**32 - 1, salt=1)
    assert builder.token
    builder.controls["version"].value = "006"
    assert "Version" in no_token(builder)
    assert "007" in builder.problem("version")
    assert not PYTHON_WORDS.search(builder.problem("version"))
    assert "No token: one field is wrong." in text(builder)


def test_input_is_escaped() -> None:
    builder = build_panel(channel="<b>&")
    assert not any("<b>" in widget.value for widget in tree(builder) if isinstance(widget, widgets.HTML))
    assert "<b>&" not in html_of(builder)
    assert "&lt;b&gt;&amp;" in html_of(builder)


def test_every_control_has_a_label_of_its_own_and_none_is_a_slider(builder: TokenBuilder) -> None:
    controls = controls_in(builder)
    labels = [control.description for control in controls]
    assert all(labels)
    assert len(set(labels)) == len(controls) == 9
    assert {type(control) for control in controls} == {widgets.Text, widgets.Dropdown}


def test_without_a_kernel_it_is_read_as_html() -> None:
    builder = build_panel(version="006")
    bundle = bundle_of(builder)
    assert bundle["text/plain"] == "<TokenBuilder: rtc token, version 006>"
    assert "application/vnd.jupyter.widget-view+json" in bundle
    for part in (builder.token, "<caption", 'scope="row"'):
        assert part in bundle["text/html"]
    tags = "".join(re.findall("<[^>]+>", bundle["text/html"]))
    removed = r"<style|aria-|role=|data-|<svg| on\w+="  # by JupyterLab, in a notebook that is not trusted
    assert not re.search(removed, tags)


def test_the_stored_html_does_not_contain_a_007_token(builder: TokenBuilder) -> None:
    assert builder.token in text(builder)
    assert builder.token not in html_of(builder)
    assert "signature" in html_of(builder)


def test_the_certificate_is_nowhere(builder: TokenBuilder) -> None:
    assert DEMO.app_certificate not in everything_in(builder)
    assert DEMO.app_id in everything_in(builder)


def test_without_fixed_values_each_token_is_different() -> None:
    first, second = TokenBuilder(DEMO), TokenBuilder(DEMO)
    assert first.token != second.token
    assert verify(first.token, DEMO, channel="lobby", uid=7).ok
