"""The token inspector: paste a token and see every byte. It needs no key."""

from __future__ import annotations

from html import escape
from typing import Any

import ipywidgets as widgets

from ..display.anatomy import anatomy_html
from ..display.verdict import findings_html
from ..errors import TokenFormatError
from ..tokens.decoded import DecodedToken
from ..tokens.decoder import decode
from ..tokens.repairs import Repaired, find_tokens, repair
from ..verification.verifier import kind_of, verify
from .base import Panel, problem_html, show, text_area


class TokenInspector(Panel):
    """Every character and byte of a token with its meaning, and what is wrong with it or unusual.

    It checks no signature and compares no names, and nothing leaves this machine.

    Args:
        token: a token, a string that contains one, or another panel, whose token the inspector then follows.
        now: Unix time for what it finds; the clock's by default. The stored output contains findings only if it is
            given: with the clock's time, they would change from run to run.

    >>> from agora_helpers.panels import TokenInspector
    >>> TokenInspector("Bearer 007").problem
    'zlib (character 3): ...'
    """

    problem: str
    """Why the string cannot be decoded; empty if it can, or if there is none."""
    _repaired: Repaired
    _decoded: DecodedToken | None

    def __init__(self, token: str | Panel = "", *, now: int | None = None) -> None:
        self._now = now
        self._input = text_area("Token")
        self._error = widgets.HTML()
        self._result = widgets.HTML()
        super().__init__([self._input, self._error, self._result])
        self._input.observe(lambda change: setattr(self, "token", change.new), names="value")
        self.observe(self._update, names="token")
        self.follow(token)
        self._update()

    def _update(self, _: Any = None) -> None:
        self._input.value = self.token
        self._repaired, self._decoded, self.problem = repair(self.token), None, ""
        try:
            self._decoded = decode(self._repaired.token)
        except TokenFormatError as error:
            self.problem = str(error) if self.token else ""
        self._error.value = problem_html(self.problem)
        show(self._error, bool(self.problem))
        self._result.value = self._result_html(live=True)

    def _result_html(self, *, live: bool) -> str:
        if not self.token:
            return "<p>No token yet. Paste one above.</p>"
        if self._decoded is None:
            return ""
        token, repairs = self._repaired
        repaired = f"<p><strong>Repaired:</strong> {escape('; '.join(repairs))}.</p>" if repairs else ""
        with_string = live or self._decoded.version == "006"
        notes = ""
        if live or self._now is not None:
            notes = f"<p><strong>Notes</strong></p>{findings_html(verify(token, None, now=self._now))}"
        if others := find_tokens(self.token)[1:]:
            kinds = ", ".join(kind_of(decode(other)) for other in others)
            repaired += f"<p>Shown: the first token. To see another, paste it alone: {kinds}.</p>"
        return repaired + anatomy_html(token, self._decoded, with_string=with_string) + notes

    def __repr__(self) -> str:
        return "<TokenInspector>"

    def static_html(self) -> str:
        """Return the token's parts."""
        problem = f"<p><strong>✗</strong> {escape(self.problem)}</p>" if self.problem else ""
        head = "<p><strong>Token inspector.</strong> Run this cell for the live panel.</p>"
        return head + problem + self._result_html(live=False)
