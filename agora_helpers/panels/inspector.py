"""The token inspector: paste a token and see every byte. With the certificate, change it and sign it again."""

from __future__ import annotations

from html import escape
from typing import Any

import ipywidgets as widgets

from ..constants import PRIVILEGE_NAMES
from ..credentials import Credentials, wrong_credentials
from ..display.anatomy import anatomy_html, lines, pieces
from ..display.fields import FIELDS
from ..display.linked import changed_fields, linked_html
from ..display.verdict import answer_about_token_html, findings_html, findings_panel_html
from ..errors import InputError, TokenFormatError
from ..secret import hide
from ..tokens.decoded import DecodedToken
from ..tokens.decoder import decode
from ..tokens.repairs import Repaired, find_tokens, repair
from ..verification.verifier import kind_of, verify
from .base import Panel, button, dropdown, problem_html, show, text_area, text_field
from .signing import NAMES_006, editable, sign_again


class TokenInspector(Panel):
    """Every character and byte of a token with its meaning, and what is wrong with it or unusual.

    Pointing at a character, a byte or a row lights up the others. After an edit it shows which fields changed. It
    compares no names, and nothing leaves this machine.

    Args:
        token: a token, a string that contains one, or another panel, whose token the inspector then follows.
        credentials: with the App Certificate, a value can be changed and the token signed again. The certificate is
            not shown, and there is no field for it.
        now: Unix time for what it finds; the clock's by default. The stored output contains findings only if it is
            given: with the clock's time, they would change from run to run.

    Raises:
        InputError: ``credentials`` are not :class:`~agora_helpers.Credentials`.

    >>> from agora_helpers.panels import TokenInspector
    >>> TokenInspector("Bearer 007").problem
    'zlib (character 3): ...'
    """

    problem: str
    """Why the string cannot be decoded; empty if it can, or if there is none."""
    _repaired: Repaired
    _decoded: DecodedToken | None

    def __init__(
        self, token: str | Panel = "", credentials: Credentials | None = None, *, now: int | None = None
    ) -> None:
        if not isinstance(credentials, Credentials | None):
            raise wrong_credentials(credentials := hide(credentials))
        self._now, self._credentials = now, credentials
        self._original, self._edited = "", ""
        self._input = text_area("Token")
        self._error, self._result = widgets.HTML(), widgets.HTML()
        self._undo = button("Undo the edit", self.undo)
        self.controls: dict[str, Any] = {
            "field": dropdown("Change", [("–", "")], ""),  # noqa: RUF001
            "value": text_field("New value"),
            **{name: text_field(f"Signed {name}", placeholder="not in a 006 token") for name in NAMES_006},
        }
        """The controls for a change, by name."""
        self._sign_error = widgets.HTML()
        self._sign = button("Sign again", self.sign)
        beside = widgets.Layout(margin="0 0 0 9em")
        signing = [*self.controls.values(), self._sign_error, widgets.HBox([self._sign], layout=beside)]
        self._form = widgets.Box(signing, layout=widgets.Layout(flex_flow="column", display="none"))
        undo = widgets.HBox([self._undo], layout=beside)
        super().__init__([self._input, undo, self._error, self._result, self._form])
        self._input.observe(lambda change: self._type(change.new), names="value")
        self.controls["field"].observe(self._fill_value, names="value")
        self.observe(self._update, names="token")
        self.follow(token)
        self._update()

    def undo(self) -> None:
        """Show the token before the edit again."""
        self.token = self._original

    def sign(self) -> None:
        """Sign the token with the changed value."""
        if self._decoded is None or self._credentials is None:
            return
        values = {name: self.controls[name].value for name in NAMES_006 if self._decoded.version == "006"}
        if field := self.controls["field"].value:
            values[field] = self.controls["value"].value
        try:
            token = sign_again(self._decoded, self._credentials, values)
        except InputError as error:
            self._sign_error.value = problem_html(str(error))
        else:
            self._edited = token
            self.token = token

    def _type(self, token: str) -> None:
        if _is_edit_of(self._original, repair(token).token):
            self._edited = token
        self.token = token

    def _update(self, _: Any = None) -> None:
        self._input.value = self.token
        self._repaired, self._decoded, self.problem = repair(self.token), None, ""
        try:
            self._decoded = decode(self._repaired.token)
        except TokenFormatError as error:
            self.problem = str(error) if self.token else ""
        if self.token != self._edited or not self._original:
            self._original = self._repaired.token if self._decoded else ""
        edited = bool(self._original) and self._repaired.token != self._original
        self._error.value = problem_html(self.problem)
        show(self._error, bool(self.problem))
        show(self._undo, edited)
        self._result.value = self._edit_html(edited) + self._result_html(live=True)
        self._update_form()

    def _update_form(self) -> None:
        show(self._form, self._credentials is not None and self._decoded is not None)
        if self._credentials is None or self._decoded is None:
            return
        self._sign_error.value = ""
        hidden = NAMES_006 if self._decoded.version == "006" else ()
        for name in NAMES_006:
            show(self.controls[name], bool(hidden))
        fields = [field for field in editable(self._decoded) if field not in hidden]
        chosen = self.controls["field"].value
        self.controls["field"].options = [(_choice(self._decoded, field), field) for field in fields]
        self.controls["field"].value = chosen if chosen in fields else fields[0]
        self._fill_value()

    def _fill_value(self, _: Any = None) -> None:
        if self._decoded is not None:
            self.controls["value"].value = editable(self._decoded).get(self.controls["field"].value, "")

    def _edit_html(self, edited: bool) -> str:
        """Return what an edit did to the token."""
        if not edited:
            return ""
        before = decode(self._original)
        if self._decoded is None:
            return _box("bad", "✗ The edit broke the token", _where(self._original, self._repaired.token, before))
        changed = changed_fields(before, self._decoded)
        labels = {line.number: line.name.label for line in lines(self._decoded)} | {0: FIELDS["app_id"].label}
        names = [labels[number] for number in changed]
        size = sum(a != b for a, b in zip(before.payload, self._decoded.payload, strict=False))
        size += abs(len(before.payload) - len(self._decoded.payload))
        listed = f"Changed: {', '.join(names) or 'no field'} ({size} of {len(self._decoded.payload)} bytes)."
        return _box(*self._signature_after(before, self._decoded), listed)

    def _signature_after(self, before: DecodedToken, after: DecodedToken) -> tuple[str, str]:
        if self._credentials is not None:
            names = {name: self.controls[name].value for name in NAMES_006 if after.version == "006"}
            verdict = verify(
                self._repaired.token,
                self._credentials,
                channel=names.get("channel") or None,
                uid=names.get("uid") or None,
                now=self._now,
            )
            if verdict.signature.status == "ok":
                return "good", "✓ The signature is valid"
            if verdict.signature.status == "wrong":
                return "bad", "✗ The signature is broken"
        same_content = (before.version, before.app_id, before.signed) == (after.version, after.app_id, after.signed)
        if same_content == (before.signature == after.signature):
            if same_content:
                return "unknown", "– The signature does not cover what changed"  # noqa: RUF001
            return "unknown", "– Content and signature changed: only the certificate can tell"  # noqa: RUF001
        return "bad", "✗ The signature no longer fits the content"

    def _result_html(self, *, live: bool) -> str:
        if not self.token:
            return "<p>No token yet. Paste one above.</p>"
        if self._decoded is None:
            return ""
        token, repairs = self._repaired
        repaired = f"<p><strong>Repaired:</strong> {escape('; '.join(repairs))}.</p>" if repairs else ""
        if others := find_tokens(self.token)[1:]:
            kinds = ", ".join(kind_of(decode(other)) for other in others)
            repaired += f"<p>Shown: the first token. To see another, paste it alone: {kinds}.</p>"
        if not live:
            notes = ""
            if self._now is not None:
                notes = f"<p><strong>Notes</strong></p>{findings_html(verify(token, None, now=self._now))}"
            return repaired + anatomy_html(token, self._decoded, with_string=self._decoded.version == "006") + notes
        before = decode(self._original) if token != self._original else None
        # after an edit, the box about it is the answer
        verdict = verify(token, None if before else self._credentials, now=self._now)
        about_signature = before is None and verdict.signature.status == "not checked"
        head = repaired if before else answer_about_token_html(verdict) + repaired
        return (
            head
            + linked_html(token, self._decoded, before=before)
            + findings_panel_html(verdict, about_signature=about_signature)
        )

    def __repr__(self) -> str:
        return "<TokenInspector>"

    def static_html(self) -> str:
        """Return the token's parts."""
        problem = f"<p><strong>✗</strong> {escape(self.problem)}</p>" if self.problem else ""
        head = "<p><strong>Token inspector.</strong> Run this cell for the live panel.</p>"
        return head + problem + self._result_html(live=False)


def _box(result: str, title: str, text: str) -> str:
    return (
        f'<div class="agora-box agora-{result}" role="status"><p class="agora-title">{title}</p>'
        f"<p>{escape(text)}</p></div>"
    )


def _choice(decoded: DecodedToken, field: str) -> str:
    """Return how the list of fields names one of them: for people, and as in the token if that is different."""
    prefix, colon, name = field.rpartition(": ")
    services = [service for service in decoded.services if prefix in ("", service.name)]
    label = FIELDS[name].label if name in FIELDS else name
    if number := name.removeprefix("privilege ") if name.startswith("privilege ") else "":
        label = PRIVILEGE_NAMES[services[0].type].get(int(number), name)
    return prefix + colon + (label if label == name else f"{label} ({name})")


def _common(first: str, second: str) -> tuple[int, int]:
    """Return how many characters two strings share at their start, and then at their end."""
    shortest = min(len(first), len(second))
    start = next((n for n in range(shortest) if first[n] != second[n]), shortest)
    end = next((n for n in range(shortest - start) if first[-1 - n] != second[-1 - n]), shortest - start)
    return start, end


def _is_edit_of(original: str, token: str) -> bool:
    """Return whether a token is another one with a few changes, and not a different token."""
    return bool(original) and sum(_common(original, token)) >= len(original) / 2


def _where(original: str, token: str, before: DecodedToken) -> str:
    start, same = _common(original, token)
    end = max(len(original) - same, start + 1)
    names = [piece.name for piece in pieces(original, before) if piece.start < end and start < piece.end]
    where = f"at character {start}" if end == start + 1 else f"in characters {start}-{end - 1}"
    return f"It differs from the token before {where}: {', '.join(names) or 'its end'}. It cannot be decoded any more."
