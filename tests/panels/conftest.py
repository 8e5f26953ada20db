"""Fixtures and functions for reading panels as a person reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import ipywidgets as widgets
import pytest

from agora_helpers import build_rtc_token
from agora_helpers.panels.base import Panel
from tests.support import DEMO, NOW


@pytest.fixture(scope="session")
def token_006() -> str:
    return build_rtc_token(DEMO, "lobby", uid=7, role="publisher", version="006", now=NOW, salt=1)


@pytest.fixture(scope="session")
def token_007() -> str:
    return build_rtc_token(DEMO, "lobby", uid=7, role="publisher", now=NOW, salt=1)


def tree(widget: Any) -> Iterator[Any]:
    """Yield a widget and all widgets in it."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from tree(child)


def visible(panel: Panel) -> list[Any]:
    return [widget for widget in tree(panel) if widget.layout.display != "none"]


def controls_in(panel: Panel) -> list[Any]:
    containers = widgets.Box | widgets.HTML
    return [widget for widget in tree(panel) if not isinstance(widget, containers)]


def text(panel: Panel) -> str:
    """Return the text below the controls, on one line."""
    htmls = [widget.value for widget in visible(panel) if isinstance(widget, widgets.HTML)]
    return " ".join(unescape(re.sub("<[^>]+>", " ", " ".join(htmls))).split())


def bundle_of(panel: Panel) -> dict[str, Any]:
    """Return what a notebook stores of a panel, by media type."""
    bundle: dict[str, Any] = panel._repr_mimebundle_()
    return bundle


def html_of(panel: Panel) -> str:
    html: str = bundle_of(panel)["text/html"]
    return html


def everything_in(panel: Panel) -> str:
    """Return all that a panel shows, stores or sends to the browser."""
    return repr(panel) + str(bundle_of(panel)) + "".join(str(widget.get_state()) for widget in tree(panel))


def control(panel: Panel, label: str) -> Any:
    (match,) = [widget for widget in tree(panel) if getattr(widget, "description", "") == label]
    return match


def message_below(panel: Panel, field: Any) -> str:
    """Return the message that stands right after a control."""
    widgets_shown = visible(panel)
    message = widgets_shown[widgets_shown.index(field) + 1]
    assert isinstance(message, widgets.HTML)
    return unescape(message.value)
