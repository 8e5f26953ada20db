"""The panels as a person uses them: typed into, chosen from, read; once with the keyboard alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from agora_helpers import build_rtc_token, build_rtm_token, verify
from tests.browser.conftest import expect, look, run_notebook
from tests.support import DEMO, NOW

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser
FIXED: dict[str, Any] = {"now": NOW, "salt": 12_345}  # as in the lessons
PANELS = ("inspector", "inspector-007", "verifier", "builder", "builder-rtm", "explorer", "server")
"""The panels of panels.ipynb, in its order. The verifier has the first inspector's token."""
RIGHT_BELOW = """([message, field]) => {
  const gap = message.getBoundingClientRect().top - field.getBoundingClientRect().bottom;
  return 0 <= gap && gap < 20;
}"""


@pytest.fixture
def builder(lab: str, page: Page) -> Locator:
    """The builder of an RTC token, live."""
    return panels_of(lab, page)["builder"]


def panels_of(lab: str, page: Page) -> dict[str, Locator]:
    """Run panels.ipynb and return its panels by name. They are drawn some time after their cells have run."""
    run_notebook(page, lab, "panels.ipynb")
    panels = page.locator(".widget-vbox.agora")
    expect(panels).to_have_count(len(PANELS))
    return dict(zip(PANELS, panels.all(), strict=True))


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
    token = build_rtc_token(DEMO, "stage", uid=4_294_967_295, expires_in=60, version="006", **FIXED)
    wait_for(builder, token)
    expect(builder).to_contain_text('build_rtc_token(credentials, "stage", uid=4294967295, role="subscriber"')

    builder.get_by_label("Version").select_option("007 (recommended)")
    builder.get_by_role("row", name="channel stage").wait_for()
    assert verify(token_in(builder), DEMO, channel="stage", uid=4_294_967_295, now=FIXED["now"]).ok

    builder.get_by_label("Client").select_option("user account, a string")
    builder.get_by_label("User account").fill("alice")
    builder.get_by_role("row", name="uid alice").wait_for()
    expect(builder.get_by_label("uid", exact=True)).to_be_hidden()
    look(builder, "token-builder")


def test_a_message_stands_below_its_field(builder: Locator) -> None:
    uid, lifetime = builder.get_by_label("uid", exact=True), builder.get_by_label("Lifetime (s)")
    uid.fill("0")
    lifetime.fill("1700000000")
    builder.get_by_text("No token: 2 fields are wrong.").wait_for()
    for control, says in (
        (uid, "Type the client's own uid."),
        (lifetime, "This looks like a point in time"),
    ):
        builder.page.wait_for_function(
            RIGHT_BELOW, arg=[builder.get_by_text(says).element_handle(), control.element_handle()]
        )
    expect(builder.locator("pre:visible")).to_have_count(0)
    expect(builder.get_by_role("alert")).to_have_count(2)
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


SELECTED = "() => getSelection().toString()"
SIDE_BY_SIDE = """([left, right, beside]) =>
  (left.getBoundingClientRect().top === right.getBoundingClientRect().top) === beside"""


def test_the_calls_are_in_tabs_which_the_arrow_keys_change_and_a_click_selects_one(builder: Locator) -> None:
    wait_for(builder, build_rtc_token(DEMO, "lobby", uid=7, role="publisher", version="006", **FIXED))
    tab = builder.get_by_role("tab", name="Python")
    for name, part in (("curl", "curl -sS"), ("JavaScript", "await fetch"), ("Other languages", "agora-access-token")):
        after = builder.get_by_role("tab", name=name)
        while not after.evaluate("tab => tab === document.activeElement"):  # JupyterLab may take the focus once
            tab.press("ArrowRight")
            builder.page.wait_for_timeout(50)
        tab = after
        tab.press("Enter")
        call = builder.locator("pre:visible").filter(has_text=part)
        call.wait_for()
        assert "agora-copy" in str(call.get_attribute("class"))
        expect(tab).to_have_attribute("aria-selected", "true")
    call.click()
    assert builder.page.evaluate(SELECTED).strip() == call.inner_text().strip()
    look(builder, "token-builder-tabs")


def test_two_columns_stand_side_by_side_only_where_there_is_room(lab: str, page: Page) -> None:
    panel = panels_of(lab, page)["builder"]
    page.keyboard.press("ControlOrMeta+b")
    columns = panel.locator(".agora-columns > *")
    for width, beside in ((1600, True), (600, False)):
        page.set_viewport_size({"width": width, "height": 24_000})
        page.wait_for_function(
            SIDE_BY_SIDE,
            arg=[columns.nth(0).element_handle(), columns.nth(1).element_handle(), beside],
        )
        look(panel, f"token-builder-{width}")


def test_inspector_and_verifier(lab: str, page: Page) -> None:
    inspector, second, verifier, *_ = panels_of(lab, page).values()
    look(second, "token-inspector")
    inspector.get_by_role("row", name="checksum of the uid crc_uid").wait_for()
    verifier.get_by_text("The token is good.").wait_for()
    for _ in range(6):
        verifier.get_by_role("button", name="+10 min").click()
    verifier.get_by_text("The token has expired").first.wait_for()
    verifier.get_by_role("button", name="-1 min").click()
    verifier.get_by_role("button", name="-1 min").click()
    verifier.get_by_text("The token is good.").wait_for()
    look(verifier, "token-verifier")

    forged = build_rtc_token(DEMO, "stage", uid=8, **FIXED)
    inspector.get_by_label("Token").fill(f'{{"token": "{forged}"}}')
    inspector.get_by_text("Repaired: JSON around it.").wait_for()
    inspector.get_by_role("row", name="channel channel_name stage").wait_for()
    verifier.get_by_text("The token is for another channel").first.wait_for()
    verifier.get_by_role("row", name="channel lobby stage ✗ differs").first.wait_for()

    verifier.get_by_label("Channel").fill("stage")
    verifier.get_by_label("uid", exact=True).fill("8")
    verifier.get_by_text("The token is good.").wait_for()

    inspector.get_by_label("Token").fill(forged[:50])
    inspector.get_by_text("was cut short").first.wait_for()
    verifier.get_by_text("This is not a well-formed token").first.wait_for()


def test_explorer(lab: str, page: Page) -> None:
    explorer = panels_of(lab, page)["explorer"]
    explorer.get_by_text("dynamic use static key").first.wait_for()
    explorer.get_by_label("sends").select_option("an expired token")
    explorer.get_by_text("The token has expired").wait_for()
    explorer.get_by_label("The project").select_option("App ID")
    explorer.get_by_text("static use dynamic key").first.wait_for()
    explorer.get_by_label("sends").select_option("no token")
    explorer.get_by_text("Admitted.", exact=True).wait_for()
    explorer.get_by_label("The client").select_option("RTM: log in to messaging")
    explorer.get_by_text("Who gets in (RTM 2.x)").wait_for()
    look(explorer, "mechanism-explorer")
    assert {"select-name", "color-contrast"} <= accessible(explorer)


def test_server_panel(lab: str, page: Page) -> None:
    panel = panels_of(lab, page)["server"]
    panel.get_by_text("No requests yet.").wait_for()
    panel.get_by_role("button", name="Send").click()
    panel.get_by_text("Answer: 200").wait_for()
    panel.get_by_role("row", name="✓ 200 POST /rtctoken").wait_for()
    panel.get_by_label("POST", exact=True).select_option("/rtmtoken")
    panel.get_by_label("JSON").fill('{"user": 7}')
    panel.get_by_role("button", name="Send").click()
    panel.get_by_text("user: must be a string, not an integer.").wait_for()
    panel.get_by_role("row", name="✗ 400 POST /rtmtoken").wait_for()
    panel.get_by_role("button", name="Stop").click()
    panel.get_by_text("stopped", exact=True).wait_for()
    panel.get_by_role("button", name="Start").click()
    panel.get_by_text("running", exact=True).wait_for()
    panel.get_by_label("Log shows").select_option("answered (2xx)")
    expect(panel.get_by_role("row", name="✗ 400 POST /rtmtoken")).to_have_count(0)
    panel.get_by_label("Log shows").select_option("all requests")
    look(panel, "server-panel-rejected")
    panel.get_by_label("JSON").fill('{"user": "alice"}')
    panel.get_by_role("button", name="Send").click()
    panel.get_by_role("button", name="Inspect the token").click()
    panel.get_by_label("Token").wait_for()
    look(panel, "server-panel")
    assert {"label", "select-name", "button-name", "color-contrast"} <= accessible(panel)


def test_axe_finds_nothing(lab: str, page: Page) -> None:
    panels = panels_of(lab, page)
    for name, rules in (
        ("inspector", {"label"}),
        ("inspector-007", {"label"}),
        ("verifier", {"label", "button-name", "svg-img-alt"}),
        ("builder", {"label", "select-name"}),
        ("builder-rtm", {"label", "select-name"}),
    ):
        assert rules | {"color-contrast"} <= accessible(panels[name]), name
    for name in ("builder", "builder-rtm"):
        panels[name].get_by_label("Lifetime (s)").fill("0")
        panels[name].get_by_text("No token: one field is wrong.").wait_for()
        accessible(panels[name])


def accessible(panel: Locator) -> set[str]:
    """Assert that axe finds nothing wrong in the panel, and return the rules that it has checked."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="the extra 'browser' is not installed")
    panel.evaluate("panel => panel.id = 'the-panel'")
    report = axe.Axe().run(panel.page, context="#the-panel").response
    panel.evaluate("panel => panel.removeAttribute('id')")
    assert report["violations"] == []
    return {rule["id"] for rule in report["passes"]}


def test_the_server_panel_with_the_keyboard_alone(lab: str, page: Page) -> None:
    panel = panels_of(lab, page)["server"]
    panel.get_by_text("No requests yet.").wait_for()
    panel.get_by_label("JSON").focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type('{"channel": "stage"}')
    page.keyboard.press("Tab")
    expect(panel.get_by_role("button", name="Send")).to_be_focused()
    page.keyboard.press("Enter")
    expect(panel.get_by_role("status")).to_contain_text("Answer: 200")
    page.keyboard.press("Tab")
    expect(panel.get_by_role("button", name="Inspect the token")).to_be_focused()
    page.keyboard.press("Enter")
    panel.get_by_role("row", name="channel channel_name stage").wait_for()
    expect(panel.get_by_role("button", name="Close the inspector")).to_be_focused()
