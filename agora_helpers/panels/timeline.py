"""The timeline of a token with buttons that move the time, as a part of a panel that has the token and the time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from html import escape

import ipywidgets as widgets

from ..display.timeline import events, state, timeline_html, timeline_svg
from ..tokens.decoded import DecodedToken
from ..wording import format_utc
from .base import button, show

_STEPS = {"-1 h": -3600, "-10 min": -600, "-1 min": -60, "+1 min": 60, "+10 min": 600, "+1 h": 3600, "+1 day": 86_400}
_JUMPS = ("Previous event", "Next event", "To the warning", "To the end")


class Timeline(widgets.Box):  # type: ignore[misc]
    """The state of a token in one sentence, buttons that move the time, and a picture of the token's life.

    Args:
        move: called with a number of seconds to move the time by; negative to move it back.
        move_to: called with the Unix time to move to; None stands for the clock's time.
    """

    def __init__(self, move: Callable[[int], None], move_to: Callable[[int | None], None]) -> None:
        self._targets: dict[str, int] = {}
        self._sentence, self._picture = widgets.HTML(), widgets.HTML()
        self._jumps = {label: button(label, partial(self._jump, label, move_to)) for label in _JUMPS}
        steps = [button(label, partial(move, seconds)) for label, seconds in _STEPS.items()]
        jumps = [*self._jumps.values(), button("now", partial(move_to, None))]
        rows = [widgets.HBox(buttons, layout=widgets.Layout(flex_flow="row wrap")) for buttons in (steps, jumps)]
        super().__init__([self._sentence, *rows, self._picture], layout=widgets.Layout(flex_flow="column"))

    def _jump(self, label: str, move_to: Callable[[int | None], None]) -> None:
        if label in self._targets:
            move_to(self._targets[label])

    def draw(self, token: DecodedToken | None, now: int) -> None:
        """Show the token's life at ``now`` (Unix time); nothing if there is no token."""
        show(self, token is not None)
        if token is None:
            return
        timeline = events(token)
        candidates = {
            "Previous event": [event.at for event in reversed(timeline) if event.at < now],
            "Next event": [event.at for event in timeline if event.at > now],
            "To the warning": [event.at for event in timeline if event.kind == "warning"],
            "To the end": [token.ends_at],
        }
        self._targets = {label: times[0] for label, times in candidates.items() if times}
        self._jumps["To the warning"].disabled = "To the warning" not in self._targets
        current = state(token, now)
        self._sentence.value = (
            f'<p class="agora-box agora-{current.color}">{escape(current.sentence)}<br>'
            f'<span class="agora-quiet">Checked at {format_utc(now)}.</span></p>'
        )
        table = timeline_html(token, now)
        self._picture.value = f"{timeline_svg(token, now)}<details><summary>As a table</summary>{table}</details>"
