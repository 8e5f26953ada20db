"""Pictures: a project's mechanism and its certificates."""

from __future__ import annotations

from typing import Final

from agora_helpers import Credentials
from agora_helpers.display.style import Group, Result, color
from agora_helpers.practice import CASES, Admission, Mechanism, Surface, rehearse

from .drawing import about_no_certificate, arrow, box, ground, line, lines, mark, picture, sign, text

_STATIC: Final = "static use dynamic key"
_DYNAMIC: Final = "dynamic use static key"


def mechanisms_migration() -> str:
    """Draw the steps of a migration, for old and new clients."""
    rows = (
        (46, "App ID", "testing mode", "", _STATIC),
        (156, "App ID or token", "for the migration", "", ""),
        (266, "Token", "secured mode", _DYNAMIC, ""),
    )
    parts = [text(214, 32, "old client: no token", "quiet"), text(480, 32, "new client: good token", "quiet")]
    for y, name, mode, *messages in rows:
        parts += [box(16, y, 728, 64), text(32, y + 28, name, "name"), text(32, y + 48, mode, "quiet")]
        for x, message in zip((214, 480), messages, strict=True):
            parts.append(sign(x + 7, y + 23, "bad" if message else "good"))
            parts.append(text(x + 22, y + 28, "rejected:" if message else "admitted"))
            if message:
                parts.append(text(x + 22, y + 48, message))
    return picture(
        "From App IDs to tokens",
        "A migration in steps. App ID: only old clients are admitted. Enable the primary certificate. "
        "App ID or token: both are admitted. Disable No certificate; enabling it again is not documented. "
        "Token: only new clients are admitted. Last, delete No certificate: that cannot be undone",
        386,
        *parts,
        arrow((40, 112), (40, 154)),
        text(58, 138, "enable the primary certificate, then ship clients that fetch tokens"),
        arrow((40, 222), (40, 264)),
        about_no_certificate(58, 248, "disable"),
        arrow((490, 264), (490, 222)),
        text(508, 248, "enable it again if you need to *"),
        arrow((40, 332), (40, 366)),
        about_no_certificate(58, 356, "later, delete", ": this cannot be undone"),
        text(744, 356, "* not documented by Agora", "quiet", anchor="end"),
    )


def _admission(x: float, y: float, width: float, admission: Admission) -> str:
    """Return a cell of the heat map."""
    result: Result = "good" if admission.admitted else "bad"
    word = "admitted" if admission.admitted else "rejected"
    return "\n".join(
        (
            ground(x, y, width, 40, result),
            sign(x + 24, y + 20, result),
            text(x + 42, y + 25, word if admission.documented else f"{word} *", "name"),
        )
    )


def mechanisms_heat_map() -> str:
    """Draw how the practice project answers five clients, for each mechanism."""
    mechanisms = (
        (Mechanism.APP_ID, "App ID", "testing mode"),
        (Mechanism.APP_ID_OR_TOKEN, "App ID or token", "for a migration"),
        (Mechanism.TOKEN, "Token", "secured mode"),
    )
    clients = (
        ("no token", "no token", ""),
        ("a good token (007)", "good token", ""),
        ("a token for another channel", "wrong token", "for another channel"),
        ("an expired token", "expired token", ""),
        ("an RTM token", "RTM token", "for another service"),
    )
    cases = {case.name: case for case in CASES if case.surface == Surface.RTC}
    parts = [text(32, 32, "the client sends …", "quiet")]
    for column, (mechanism, name, mode) in enumerate(mechanisms):
        x = 196 + 184 * column
        parts += [text(x, 32, name, "name"), text(x, 51, mode, "quiet")]
        for row, (case, _, _) in enumerate(clients):
            answer = rehearse(cases[case], mechanism, Credentials.demo(), now=1_700_000_000, salt=1)
            parts.append(_admission(x, 64 + 46 * row, 180, answer))
    for row, (_, client, remark) in enumerate(clients):
        y = 64 + 46 * row
        if remark:
            parts += [text(32, y + 17, client, "name"), text(32, y + 35, remark, "quiet")]
        else:
            parts.append(text(32, y + 25, client, "name"))
    return picture(
        "Five clients, three mechanisms",
        "Five kinds of credential, from none to a token for another service, against the three mechanisms: who is "
        "admitted and who is rejected.",
        332,
        *parts,
        text(744, 316, "* not documented by Agora", "quiet", anchor="end"),
    )


def rotation() -> str:
    """Draw the two certificates and the tokens signed with each, along the steps of a rotation."""
    places = ((172, "add"), (254, "swap"), (352, "sign"), (432, "wait"), (556, "disable"), (660, "delete"))
    old: Group = "when"
    new: Group = "proof"
    parts: list[str] = []
    for number, (x, word) in enumerate(places, 1):
        parts += [mark(x, 30, number, "who"), text(x + 17, 35, word, "name")]
        if word != "wait":
            parts.append(line(f"M{x} 44v10M{x} 92v6M{x} 136V228M{x} 256V326", dashed=True))
    bars: tuple[tuple[int, int, int, Group, str], ...] = (
        (58, 144, 252, old, "primary"),
        (58, 256, 554, old, "secondary, still accepted"),
        (102, 174, 252, new, "added"),
        (102, 256, 744, new, "primary"),
    )
    for y, start, end, hue, name in bars:
        parts += [box(start, y, end - start, 30, hue), text(start + 14, y + 20, name)]
    for y, start, hue in (
        (146, 144, old), (172, 244, old), (198, 348, old), (260, 356, new), (282, 446, new), (304, 536, new)
    ):  # fmt: skip
        parts.append(box(start, y, 200, 16, hue))
    return picture(
        "A rotation",
        "A rotation on a time axis: the old and the new certificate as two bars, the tokens signed with each, and the "
        "marks add, swap, sign, disable and delete. A red window shows who is rejected if the old one is disabled too "
        "early.",
        380,
        *parts,
        box(558, 58, 100, 30, "unknown", dashed=True),
        text(572, 78, "disabled"),
        ground(352, 138, 200, 84, "bad"),
        f'<path class="sign" d="M352 138h200v84h-200z" stroke="{color("bad")}" stroke-dasharray="6 4"/>',
        sign(359, 242, "bad"),
        text(374, 247, "disabled too early: these clients are rejected"),
        lines(16, 78, "old certificate", kind="name"),
        lines(16, 122, "new certificate", kind="name"),
        lines(16, 164, "tokens signed", "with the old one", kind="quiet"),
        lines(16, 280, "tokens signed", "with the new one", kind="quiet"),
        arrow((144, 332), (744, 332)),
        text(744, 358, "time", "quiet", anchor="end"),
        line("M352 340v12M552 340v12M352 346H552"),
        text(452, 368, "the longest token lifetime", "quiet", anchor="middle"),
        text(340, 358, "the last server signs with the new one", "quiet", anchor="end"),
    )
