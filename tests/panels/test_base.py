from __future__ import annotations

from agora_helpers.panels.base import button


def test_a_click_comes_after_what_the_browser_held_back() -> None:
    """The browser sends the click first, then what was typed before it, then its reply."""
    pressed: list[str] = []
    typed = "old"
    widget = button("Send", lambda: pressed.append(typed))
    widget._handle_button_msg(widget, {"event": "click"}, [])
    assert pressed == [], "the browser has not replied yet"
    typed = "new"
    widget.set_state({"replied": widget.asked})
    assert pressed == ["new"]
    widget.set_state({"replied": widget.asked})  # a second browser has the notebook open
    assert pressed == ["new"]


def test_a_click_without_a_browser_is_carried_out_at_once() -> None:
    pressed: list[bool] = []
    button("Send", lambda: pressed.append(True)).click()
    assert pressed == [True]
