"""Pictures: a project's mechanism and its certificates."""

from __future__ import annotations

from typing import Final

from agora_helpers.display.style import color

from .drawing import about_no_certificate, answer, arrow, box, line, picture, sign, text

_STATIC: Final = "static use dynamic key"
_DYNAMIC: Final = "dynamic use static key"
_INVALID: Final = "invalid token, authorized failed"


def mechanisms() -> str:
    """Draw clients that walk to the gates of three projects. Standing still, each is where its walk ends."""
    parts, motion = [], ""
    gates = (
        ("App ID", "testing mode: the project cannot check tokens", ("", _STATIC, _STATIC), ""),
        ("App ID or token", "both, for a migration", ("", "", f"{_INVALID} *"), "* not documented"),
        ("Token", "secured mode: every client needs a token", (_DYNAMIC, "", _INVALID), ""),
    )
    for row, (name, remark, messages, note) in enumerate(gates):
        top = 16 + 134 * row
        parts += [box(16, top, 728, 124), text(32, top + 27, name, "name"), text(190, top + 27, remark, "quiet")]
        parts.append(line(f"M268 {top + 42}v74"))
        if note:
            parts.append(text(728, top + 27, note, "quiet", anchor="end"))
        for place, (client, message) in enumerate(
            zip(("no token", "right token", "wrong token"), messages, strict=True)
        ):
            y = top + 53 + 26 * place
            end = 252 if message else 320
            parts += [text(32, y + 5, client), line(f"M130 {y}H{end}"), answer(342, y + 5, message)]
            if message:
                parts.append(f'<path d="M268 {y - 11}v22" stroke="{color("bad")}" stroke-width="5"/>')
            fill = color("bad" if message else "good")
            parts.append(f'<circle class="m{row} t{end - 130}" cx="{end}" cy="{y}" r="6" fill="{fill}"/>')
        # One project after the other, 4 s each; all rest at the end of their way for the remaining time.
        start = 30 * row
        for way in (122, 190):
            motion += (
                f"@keyframes m{row}t{way} {{ 0%, {start + 3}% {{ transform: translateX(-{way}px) }} "
                f"{start + 18}%, 97% {{ transform: none }} 100% {{ transform: translateX(-{way}px) }} }}\n"
                f".m{row}.t{way} {{ animation: m{row}t{way} 14s ease-in-out infinite }}\n"
            )
    return picture(
        "Three mechanisms",
        "Three projects and three clients. With the App ID alone, only the client without a token is admitted; a token "
        "is rejected: static use dynamic key. With App ID or token, the clients with no token and with the right token "
        "are admitted; a wrong token is rejected, which is not documented. With tokens, only the right token is "
        "admitted; no token is rejected: dynamic use static key; a wrong token: invalid token, authorized failed",
        424,
        *parts,
        motion=motion,
    )


def mechanisms_migration() -> str:
    """Draw the steps of a migration, for old and new clients."""
    rows = (
        (46, "App ID", "testing mode", "", _STATIC),
        (156, "App ID or token", "for the migration", "", ""),
        (266, "Token", "secured mode", _DYNAMIC, ""),
    )
    parts = [text(214, 32, "old client: no token", "quiet"), text(480, 32, "new client: right token", "quiet")]
    for y, name, mode, *messages in rows:
        parts += [box(16, y, 728, 64), text(32, y + 28, name, "name"), text(32, y + 48, mode, "quiet")]
        for x, message in zip((214, 480), messages, strict=True):
            parts.append(sign(x + 7, y + 23, "bad" if message else "good"))
            parts.append(text(x + 22, y + 28, "rejected:" if message else "admitted"))
            if message:
                parts.append(text(x + 22, y + 48, message))
    return picture(
        "From App IDs to tokens",
        "A migration in steps. App ID: old clients are admitted, new ones rejected. Enable the primary certificate. "
        "App ID or token: both are admitted. Disable No certificate, which you can enable again. Token: old clients "
        "are rejected, new ones admitted. Last, delete No certificate: that cannot be undone",
        386,
        *parts,
        arrow((40, 112), (40, 154)),
        text(58, 138, "enable the primary certificate, then ship clients that fetch tokens"),
        arrow((40, 222), (40, 264)),
        about_no_certificate(58, 248, "disable"),
        arrow((490, 264), (490, 222)),
        text(508, 248, "enable it again if you need to"),
        arrow((40, 332), (40, 366)),
        about_no_certificate(58, 356, "later, delete", ": this cannot be undone"),
    )
