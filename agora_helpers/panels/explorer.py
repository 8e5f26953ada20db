"""The mechanism explorer: which clients a project admits, and which message the others get."""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets

from ..credentials import Credentials, wrong_credentials
from ..display.admission import MECHANISM_NAMES, Matrix, admission_html, admission_panel_html, cases_of
from ..practice.admission import Admission, Surface
from ..practice.cases import Case, rehearse
from ..practice.certificates import Mechanism
from ..secret import hide
from .base import Panel, dropdown, form_html

_SURFACES = {"RTC: join a channel": Surface.RTC, "RTM: log in to messaging": Surface.RTM}


class MechanismExplorer(Panel):
    """Choose what a project accepts and what a client sends; see Agora's answer, and where it is in the matrix.

    Args:
        credentials: App ID and App Certificate of the practice project.
        now: Unix time of the attempts.
        salt: uint32, in the tokens that the clients send.

    >>> from agora_helpers.panels import MechanismExplorer
    >>> panel = MechanismExplorer(Credentials.demo(), now=1_700_000_000, salt=1)
    >>> panel.answer.text
    'dynamic use static key'
    """

    def __init__(self, credentials: Credentials, *, now: int, salt: int) -> None:
        if not isinstance(credentials, Credentials):
            raise wrong_credentials(credentials := hide(credentials))
        self._credentials, self._fixed = credentials, {"now": now, "salt": salt}
        mechanisms = [(name, mechanism.value) for mechanism, name in MECHANISM_NAMES.items()]
        self.controls: dict[str, Any] = {
            "mechanism": dropdown("The project", mechanisms, Mechanism.TOKEN.value),
            "surface": dropdown("The client", [(name, name) for name in _SURFACES], next(iter(_SURFACES))),
            "case": dropdown("sends", [("", "")], ""),
        }
        """The lists to choose from, by name."""
        self._matrices = {surface: Matrix(credentials, surface, **self._fixed) for surface in Surface}
        self._result, self._place = widgets.HTML(), widgets.HTML()
        columns = widgets.HBox([widgets.VBox([*self.controls.values(), self._result]), self._place])
        columns.add_class("agora-explorer")
        super().__init__([columns])
        self.controls["surface"].observe(self._offer_cases, names="value")
        for name in ("mechanism", "case"):
            self.controls[name].observe(self._update, names="value")
        self._offer_cases()

    @property
    def _surface(self) -> Surface:
        return _SURFACES[self.controls["surface"].value]

    @property
    def case(self) -> Case:
        """The selected client."""
        return next(case for case in cases_of(self._surface) if case.name == self.controls["case"].value)

    @property
    def _mechanism(self) -> Mechanism:
        return Mechanism(self.controls["mechanism"].value)

    @property
    def answer(self) -> Admission:
        """The project's answer to this client."""
        return rehearse(self.case, self._mechanism, self._credentials, **self._fixed)

    def _offer_cases(self, _: object = None) -> None:
        self.controls["case"].options = [(case.name, case.name) for case in cases_of(self._surface)]
        self._update()

    def _update(self, _: object = None) -> None:
        if self.controls["case"].value:
            self._result.value = admission_panel_html(self.answer)
            self._place.value = self._matrices[self._surface].panel_html(self.case.name, self._mechanism)

    def __repr__(self) -> str:
        return "<MechanismExplorer>"

    def static_html(self) -> str:
        """Return the choices, the answer, and its place in the matrix."""
        controls = [(control, "") for control in self.controls.values()]
        place = self._matrices[self._surface].place_html(self.case.name, self._mechanism)
        return form_html("Mechanism explorer", controls) + admission_html(self.answer) + place
