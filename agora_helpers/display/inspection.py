"""What a pasted text is: tokens, errors or something else, as HTML for a page that has no key.

The token server's page ``/inspect`` and the static site's ``inspect.html`` both show what :func:`inspection_html`
returns. Of the text, only tokens are repeated. An App Certificate in it never is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from ..credentials import Credentials
from ..errors import ErrorCode, TokenFormatError
from ..sdk_errors.kinds import INFORMATION
from ..sdk_errors.lookup import explain_error
from ..sdk_errors.table import ErrorExplanation
from ..tokens.builders import build_rtc_token
from ..tokens.decoded import DecodedToken
from ..tokens.decoder import decode
from ..tokens.recognisers import recognise
from ..tokens.repairs import find_tokens, repair
from ..tokens.services import Service006
from ..verification.verifier import Verdict, verify
from .fields import FIELDS
from .linked import linked_html
from .style import SIGNS, Result
from .tables import escape_unprintable
from .verdict import answer, answer_html, findings_panel_html

MAX_CHARACTERS: Final = 10_000
"""What is longer is a whole log: only its beginning is read."""
_ERROR = "AgoraRTCError CAN_NOT_GET_GATEWAY_SERVER: flag: 4096, code: 2010015, message: dynamic use static key"
_ISSUED: Final = 1_790_000_000
"""Unix time of the examples. Those who try them see expired tokens."""
_MAX_PAYLOAD_BYTES: Final = 1024
"""A larger token is not shown byte by byte. A usual one has fewer than 200 bytes."""
_TOKEN = re.compile(r"00[67][A-Za-z0-9+/_%=\\-]{60,}")
"""A token in a text, whole or damaged."""
_HEX_32 = "[0-9A-Fa-f]{32}(?![0-9A-Za-z])"
_CERTIFICATE = re.compile(rf"cert(?:ificate)?\W{{0,6}}(?:is\W{{0,3}})?{_HEX_32}", re.IGNORECASE)
_APP_ID = re.compile(rf"app[ _-]?id\W{{0,6}}(?:is\W{{0,3}})?({_HEX_32})", re.IGNORECASE)
_BARE_HEX_32 = re.compile(rf"(?<![0-9A-Za-z]){_HEX_32}")
_AROUND = re.compile("text around it|spaces or line breaks around it|quotes or punctuation around it|JSON around it")
"""Repairs that only take a token out of a text, which is how it was pasted and not how the client passes it."""


def inspection_html(text: str, now: int | None = None) -> str:
    """Return what a text is and what to do next: errors explained, a token in colours, and what is wrong with it.

    Nothing is verified with a key. Every character of the text that is shown is escaped, and the HTML consists of
    elements and classes without scripts, styles or addresses.

    Args:
        text: a token, a line of a log, an error message or a server's reply. Only its first :data:`MAX_CHARACTERS` are
            read.
        now: Unix time in seconds; the clock's by default.

    Raises:
        InputError: ``now`` is not a Unix time.

    >>> inspection_html("dynamic use static key")[:58]
    '<p class="agora-answer agora-bad"><span>✗</span><span>The '
    """
    parts = []
    tokens = find_tokens(cut := text[:MAX_CHARACTERS])
    if not cut.strip():
        return ""
    explanations = _explain(cut, has_token=bool(tokens))
    if _CERTIFICATE.search(cut):
        parts.append(_CERTIFICATE_WARNING)
    parts += [_errors_html(explanations)] if explanations else []
    if tokens:
        parts.append(_token_html(cut, tokens, now))
    elif _TOKEN.search(cut) or not (explanations or parts):
        parts.append(_no_token_html(cut))
    if len(text) > MAX_CHARACTERS:
        parts.append(f'<p class="agora-quiet">Only the first {MAX_CHARACTERS} characters were read.</p>')
    return "".join(parts)


def examples_html() -> str:
    """Return buttons that hold texts to try the page with: a token, an error and a reply, of Agora's sample project."""
    credentials = Credentials.demo()
    older = build_rtc_token(credentials, "lobby", uid=7, version="006", now=_ISSUED, salt=1)
    texts = {
        "A token": build_rtc_token(credentials, "lobby", uid=7, now=_ISSUED, salt=1),
        "An SDK's error": _ERROR,
        "A server's reply": json.dumps({"uid": 7, "token": older}),
    }
    return "".join(
        f'<button class="small" type="button" data-example="{escape(text)}">{name}</button>'
        for name, text in texts.items()
    )


def _answer(result: Result, text: str) -> str:
    return f'<p class="agora-answer agora-{result}"><span>{SIGNS[result]}</span><span>{escape(text)}</span></p>'


def _box(kind: str, title: str, *paragraphs: str) -> str:
    content = "".join(f"<p>{escape(text)}</p>" for text in paragraphs if text)
    return f'<div class="agora-box agora-{kind}"><p class="agora-title">{escape(title)}</p>{content}</div>'


def _list(title: str, entries: Iterable[str]) -> str:
    items = "".join(f"<li>{escape(entry)}</li>" for entry in entries)
    return f'<div class="agora-box"><p class="agora-title">{escape(title)}</p><ul>{items}</ul></div>' if items else ""


_CERTIFICATE_WARNING = _answer("bad", "This text contains an App Certificate.") + _box(
    "bad",
    "What to do",
    "Anyone who has an App Certificate can create tokens for its project. Keep it on your server only.",
    "If it was in a client, a log or a chat, create a new certificate in the Agora Console and disable this one.",
)


# Errors


def _explain(text: str, *, has_token: bool) -> tuple[ErrorExplanation, ...]:
    """Return the errors in a text; beside a token, only those of Agora. A JSON object with a token reports none."""
    if has_token and re.match(r"\s*\{", text):
        return ()
    return tuple(each for each in explain_error(_TOKEN.sub(" ", text)) if each.from_agora or not has_token)


def _errors_html(explanations: Sequence[ErrorExplanation]) -> str:
    if len(explanations) == 1:
        (explanation,) = explanations
        return _answer(_result_of(explanation), explanation.meaning) + _error_html(explanation)
    folded = "".join(
        f"<details{' open' * (place == 0)}><summary>{escape(each.surface)}: {escape(each.meaning)}</summary>"
        f"{_error_html(each)}</details>"
        for place, each in enumerate(explanations)
    )
    return _answer("unknown", f"This can mean {len(explanations)} things.") + folded


def _result_of(explanation: ErrorExplanation) -> Result:
    if explanation.meaning.startswith(INFORMATION.meaning):
        return "good"
    return "bad" if explanation.from_agora else "unknown"


def _error_html(explanation: ErrorExplanation) -> str:
    """Return an error's name, its usual causes and what to check."""
    names = [explanation.surface, explanation.code, explanation.name]
    line = " · ".join(escape(name) for name in names if name)
    rests_on = "" if explanation.documented else " · not documented by Agora"
    checks = _list("Check next: project and server", explanation.project_checks)
    checks += _list("Check next: client", explanation.client_checks)
    return (
        f'<p class="agora-quiet">{line}{rests_on}</p>'
        f'<div class="agora-columns">{_list("Usual causes", explanation.causes)}<div>{checks}</div></div>'
    )


# Tokens


def _token_html(text: str, tokens: Sequence[str], now: int | None) -> str:
    """Return everything about the first token, and what the others are."""
    app_ids = set(_APP_ID.findall(text))
    app_id = app_ids.pop() if len(app_ids) == 1 else None
    (decoded, verdict), *others = ((decode(token), verify(token, None, app_id=app_id, now=now)) for token in tokens)
    parts = [
        answer_html(verdict),
        _repairs_html(text, len(tokens)),
        _others_html(others),
        findings_panel_html(verdict, about_signature=True),
    ]
    if len(decoded.payload) <= _MAX_PAYLOAD_BYTES:
        parts.append(linked_html(tokens[0], decoded))
    else:
        problem = f"The token has {len(decoded.payload)} bytes, more than {_MAX_PAYLOAD_BYTES}."
        parts.append(_box("unknown", "Too large for this page", problem, "Use: agora-helpers decode"))
    parts.append(_list("Check next", _next_checks(decoded, verdict)))
    return "".join(parts)


def _repairs_html(text: str, tokens: int) -> str:
    """Return what was altered in a token that was pasted alone."""
    repairs = [each for each in repair(text).repairs if not _AROUND.match(each)] if tokens == 1 else []
    if not repairs:
        return ""
    problem = f"The text differs from the token below: {'; '.join(repairs)}."
    return _box("warning", "! Not exactly a token", problem, "A client that passes it like this is rejected.")


def _others_html(others: Sequence[tuple[DecodedToken, Verdict]]) -> str:
    if not others:
        return ""
    entries = [
        f"Token {number}: {_kind(decoded)}. {answer(verdict)}" for number, (decoded, verdict) in enumerate(others, 2)
    ]
    title = f"{len(others) + 1} tokens in this text: below is the first. Paste another one alone to see it."
    return _list(title, entries)


def _kind(decoded: DecodedToken) -> str:
    names = dict.fromkeys(service.name for service in decoded.services)
    return f"{decoded.version} {' and '.join(names) or 'without a service'}"


def _next_checks(decoded: DecodedToken, verdict: Verdict) -> list[str]:
    """Return what the token alone cannot show."""
    checks = []
    project = next((row for row in verdict.compared if row.name == "App ID"), None)
    if project is None or project.status == "not compared":
        checks.append(f"The client starts with the App ID {escape_unprintable(decoded.app_id)}.")
    names = [
        f"{FIELDS[wire_name].label} {escape_unprintable(value)}"
        for service in decoded.services
        if not isinstance(service, Service006)
        for attribute, wire_name, *_ in service.parts
        if isinstance(value := getattr(service, attribute), str) and value and len(value) <= 255
    ]
    if names:
        checks.append(f"The client uses exactly these names, upper and lower case included: {'; '.join(names)}.")
    elif decoded.version == "006":
        checks.append("The client uses exactly the signed channel and uid, which a 006 token does not show.")
    checks.append(
        "The signature: run agora-helpers verify on the server, where the App Certificate is. Never paste the "
        "certificate into a page."
    )
    return checks


# Anything else


def _no_token_html(text: str) -> str:
    """Return what a text without a token and without a known error is, or how a token in it is damaged."""
    damaged = _TOKEN.search(text)
    candidate = damaged[0] if damaged and not recognise(text) else repair(text).token
    try:
        decode(candidate)
    except TokenFormatError as error:
        if error.code not in (ErrorCode.MALFORMED, ErrorCode.NOT_A_TOKEN_HEX_32):
            return _answer("bad", f"This text {error.problem}") + _box("bad", "What to do", error.hint)
        if error.code == ErrorCode.MALFORMED and error.field != "version":
            return _answer("bad", "This token is damaged.") + _box("bad", "What is wrong with it", str(error))
    if _BARE_HEX_32.search(text):
        problem = "This text contains 32 hexadecimal characters: an App ID or an App Certificate."
        hint = "Nobody can tell the two apart. An App ID is public. An App Certificate must never leave your server."
        return _answer("unknown", problem) + _box("warning", "What to do", hint)
    return _answer("unknown", "There is no token and no known error of Agora in this text.") + _box(
        "unknown",
        "What to paste",
        "A whole token, from 006 or 007 to its end.",
        "The whole line in which the SDK or the server reports an error, with the numbers in it.",
    )
