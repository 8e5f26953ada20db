"""The form of ``/try``: one control for each JSON field of the token endpoints."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from ..endpoints import ENDPOINTS
from ..fields import FIELDS, RequestField, limit_lifetime


def endpoint_options() -> str:
    """Return the options of the form's first control as HTML: the paths that issue tokens."""
    return "".join(
        f'<option value="{path}">{path}: {escape(endpoint.summary)}</option>' for path, endpoint in ENDPOINTS.items()
    )


def form_fields(max_expires_in: int) -> str:
    """Return the controls of all fields as HTML. Each names the endpoints that take it, for the page's script.

    Args:
        max_expires_in: the longest lifetime in seconds.

    >>> form_fields(3600).count('<div class="field"')
    7
    """
    return "\n  ".join(
        _field(
            limit_lifetime(field, max_expires_in),
            [path for path, endpoint in ENDPOINTS.items() if name in endpoint.fields],
        )
        for name, field in FIELDS.items()
    )


def _field(field: RequestField, paths: Iterable[str]) -> str:
    name, hint = field.name, ""
    described_by = f"{name}-error"
    if field.form_hint:
        described_by = f"{name}-hint {described_by}"
        hint = f'\n    <p class="hint" id="{name}-hint">{escape(field.form_hint)}</p>'
    attributes = f'id="{name}" name="{name}" aria-describedby="{described_by}"'
    return f"""<div class="field" data-for="{" ".join(paths)}">
    {_control(field, attributes)}{hint}
    <p class="error" id="{name}-error" hidden></p>
  </div>"""


def _control(field: RequestField, attributes: str) -> str:
    label = f'<label class="name" for="{field.name}">{field.name}</label>'
    if field.json_type is bool:
        checked = " checked" if field.sample else ""
        return f'<div class="choice"><input {attributes} type="checkbox"{checked}>{label}</div>'
    if field.choices:
        options = "".join(f"<option>{choice}</option>" for choice in field.choices)
        return f'{label}\n    <select {attributes}><option value="">the server\'s default</option>{options}</select>'
    if field.json_type is int:
        return f'{label}\n    <input {attributes} inputmode="numeric" maxlength="20">'
    value = f' value="{escape(str(field.sample))}"' if field.sample else ""
    return f"{label}\n    <input {attributes}{value}>"
