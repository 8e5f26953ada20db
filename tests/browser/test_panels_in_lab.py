"""The panels as a person uses them: typed into, chosen from, read; once with the keyboard alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from agora_helpers import Credentials, build_rtc_token, build_rtm_token, verify
from tests.browser.conftest import look, open_notebook, run_all

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser
DEMO = Credentials.demo()
FIXED: dict[str, Any] = {"now": 1_700_000_000, "salt": 12_345}  # as in the lessons


@pytest.fixture
def builder(lab: str, page: Page) -> Locator:
    """The token builder of lesson 03, live."""
    return panel_of(lab, page, "03_rtc_tokens")


def panel_of(lab: str, page: Page, lesson: str) -> Locator:
    open_notebook(page, lab, f"{lesson}.ipynb")
    run_all(page)
    panel = page.locator(".widget-vbox").first
    panel.scroll_into_view_if_needed()
    return panel


def token_in(panel: Locator) -> str:
    token: str = panel.locator("pre").first.inner_text()
    return token


def wait_for(panel: Locator, token: str) -> None:
    panel.get_by_text(token, exact=True).wait_for()


def test_typing_and_choosing(builder: Locator) -> None:
    wait_for(builder, build_rtc_token(DEMO, "lobby", uid=7, role="publisher", version="006", **FIXED))

    builder.get_by_label("Channel").fill("stage")
    builder.get_by_label("uid", exact=True).fill("4294967295")
    builder.get_by_label("Role").select_option("subscriber: receives")
    builder.get_by_label("Lifetime (s)").fill("60")
    made = build_rtc_token(DEMO, "stage", uid=4_294_967_295, expires_in=60, version="006", **FIXED)
    wait_for(builder, made)
    assert 'build_rtc_token(credentials, "stage", uid=4294967295, role="subscriber"' in builder.inner_text()

    builder.get_by_label("Version").select_option("007 (recommended)")
    builder.get_by_role("row", name="channel stage").wait_for()
    assert verify(token_in(builder), DEMO, channel="stage", uid=4_294_967_295, now=FIXED["now"]).ok

    builder.get_by_label("Client").select_option("user account, a text")
    builder.get_by_label("User account").fill("alice")
    builder.get_by_role("row", name="uid alice").wait_for()
    assert not builder.get_by_label("uid", exact=True).is_visible()
    look(builder, "token-builder")


def test_what_is_wrong_is_said_at_its_field(builder: Locator) -> None:
    uid, lifetime = builder.get_by_label("uid", exact=True), builder.get_by_label("Lifetime (s)")
    uid.fill("0")
    lifetime.fill("1700000000")
    builder.get_by_text("No token: 2 fields are wrong.").wait_for()
    for control, says in ((uid, "0 makes a token that anyone may use"), (lifetime, "It looks like a point in time")):
        message, field = builder.get_by_text(says).bounding_box(), control.bounding_box()
        assert message and field and 0 <= message["y"] - field["y"] - field["height"] < 20, "right below the field"
    assert builder.locator("pre").count() == 0
    look(builder, "token-builder-wrong")

    uid.fill("7")
    lifetime.fill("3600")
    wait_for(builder, build_rtc_token(DEMO, "lobby", uid=7, role="publisher", version="006", **FIXED))


def test_with_the_keyboard_alone(builder: Locator) -> None:
    keys = builder.page.keyboard
    builder.get_by_label("Kind").focus()
    for key in ("Space", "ArrowDown", "Enter"):  # on a closed list JupyterLab takes the arrows for itself
        keys.press(key)
    builder.get_by_label("RTM user id").wait_for()
    keys.press("Tab")  # Version
    keys.press("Tab")
    keys.press("ControlOrMeta+a")
    keys.type("bob")
    wait_for(builder, build_rtm_token(DEMO, "bob", version="006", **FIXED))
    keys.press("Tab")
    keys.press("ControlOrMeta+a")
    keys.type("0")
    builder.get_by_text("must be at least 1 second").wait_for()
    keys.press("Backspace")
    keys.type("60")
    wait_for(builder, build_rtm_token(DEMO, "bob", version="006", expires_in=60, **FIXED))


@pytest.mark.parametrize("lesson", ["03_rtc_tokens", "04_rtm_tokens"])
def test_axe_finds_nothing(lab: str, page: Page, lesson: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="the extra 'browser' is not installed")
    panel = panel_of(lab, page, lesson)
    panel.evaluate("panel => panel.id = 'the-panel'")
    for state in ("right", "wrong"):
        found = axe.Axe().run(page, context="#the-panel").response
        assert not found["violations"], (state, found["violations"])
        checked = {rule["id"] for rule in found["passes"]}
        assert {"label", "select-name", "color-contrast"} <= checked
        panel.get_by_label("Lifetime (s)").fill("0")
        panel.get_by_text("No token: one field is wrong.").wait_for()
