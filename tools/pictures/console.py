"""Pictures: the Agora Console, in drawings."""

from __future__ import annotations

from typing import Final, Literal

from agora_helpers import Credentials, Project, build_rtc_token
from agora_helpers.display.style import Result
from agora_helpers.practice import Clock

from .drawing import arrow, box, button, copy_icon, eye, field, ground, line, lines, picture, sign, switch, text

_NOW: Final = 1_700_000_000


def console_projects() -> str:
    """Draw the list of projects."""
    return picture(
        "The console: projects",
        "The console's list of projects, each with its name, its App ID, which can be shown and copied, and an Edit "
        "button",
        226,
        box(16, 16, 728, 142),
        text(32, 43, "Projects", "name"),
        button(574, 26, 154, "Create a Project"),
        line("M16 64H744"),
        text(46, 86, "Project name", "name"),
        text(236, 86, "App ID", "name"),
        text(672, 86, "Action", "name", anchor="middle"),
        box(32, 98, 696, 46),
        text(46, 126, "token lesson"),
        text(236, 126, "••••••••••••"),
        eye(400, 121),
        text(416, 126, "show"),
        copy_icon(496, 121),
        text(512, 126, "copy"),
        button(638, 107, 68, "Edit"),
        text(236, 200, "names the project; every client has it", "quiet"),
        arrow((262, 182), (262, 134)),
        text(728, 200, "opens the certificates", "quiet", anchor="end"),
        arrow((672, 182), (672, 138)),
    )


def console_new_project() -> str:
    """Draw the dialog for a new project."""
    return picture(
        "The console: a new project",
        "The dialog for a new project: a name, and the choice between secured mode with App ID and token, which is "
        "recommended, and testing mode with the App ID alone",
        228,
        box(16, 16, 466, 196),
        text(32, 42, "Create a Project", "name"),
        text(32, 75, "Project name"),
        field(154, 56, 312, "token lesson"),
        text(32, 110, "Authentication", "name"),
        '<circle class="icon" cx="42" cy="130" r="8"/><circle class="on" cx="42" cy="130" r="4"/>',
        text(60, 135, "Secured mode: App ID + Token (recommended)"),
        '<circle class="icon" cx="42" cy="160" r="8"/>',
        text(60, 165, "Testing mode: App ID"),
        button(386, 174, 80, "Submit"),
        arrow((532, 130), (412, 130)),
        lines(544, 116, "tokens from the start;", "primary certificate on", kind="quiet", step=18),
        arrow((532, 160), (226, 160)),
        lines(544, 160, "primary certificate off;", "you can enable it later", kind="quiet", step=18),
    )


def console_certificates() -> str:
    """Draw a project's certificates."""
    parts = []
    rows = ((54, "Primary certificate"), (98, "Secondary certificate"), (142, "No certificate"))
    for y, name in rows:
        parts += [box(84, y, 456, 38), text(96, y + 24, name), switch(366, y + 19), text(404, y + 24, "on", "quiet")]
        if name != "No certificate":
            parts += [text(262, y + 24, "•••••"), eye(320, y + 19), copy_icon(346, y + 19)]
        if name != "Primary certificate":
            parts += [button(452, y + 5, 78, "Delete", dashed=True)]
    return picture(
        "The console: certificates",
        "The certificates of a project: a primary one and a secondary one, which can be swapped, and the entry "
        "No certificate. The secondary certificate can be deleted only once it is disabled. The practice project "
        "assumes the same of No certificate, which is not documented",
        270,
        box(16, 16, 540, 180),
        text(32, 42, "Certificates of the project", "name"),
        *parts,
        arrow((44, 112), (44, 78)),
        arrow((62, 78), (62, 112)),
        text(53, 134, "swap", "quiet", anchor="middle"),
        arrow((592, 73), (544, 73)),
        lines(602, 69, "sign tokens with", "the primary", kind="quiet", step=18),
        arrow((592, 117), (544, 117)),
        lines(602, 113, "to rotate without", "downtime", kind="quiet", step=18),
        arrow((592, 161), (544, 161)),
        lines(602, 157, "while this is on,", "clients are admitted", "without a token", kind="quiet", step=18),
        arrow((491, 218), (491, 178)),
        text(540, 236, "Delete appears only after you disable the entry *", "quiet", anchor="end"),
        text(540, 254, "* not documented for No certificate, but assumed here", "quiet", anchor="end"),
    )


def console_temporary_token() -> str:
    """Draw the form for a temporary token."""
    return picture(
        "The console: a temporary token",
        "The console's form for a temporary token: a channel name, in the newest console a uid as well, a button to "
        "generate, and the token, valid for 24 hours",
        222,
        box(16, 16, 478, 190),
        text(32, 42, "Temporary token", "name"),
        text(32, 75, "Channel name"),
        field(150, 56, 328, "lobby"),
        text(32, 109, "uid"),
        field(150, 90, 328, "7"),
        button(150, 124, 100, "Generate"),
        text(32, 183, "Token"),
        field(150, 164, 328, "a long string of characters …"),
        copy_icon(458, 178),
        arrow((530, 104), (482, 104)),
        lines(540, 101, "only in the newest", "console", kind="quiet", step=18),
        arrow((530, 178), (482, 178)),
        lines(540, 166, "valid for 24 hours,", "signed with the", "primary certificate", kind="quiet", step=18),
    )


def cohost_authentication() -> str:
    """Draw the switch in the console, and whom the practice project lets publish."""
    columns: tuple[tuple[int, Literal["publisher", "subscriber"], str], ...] = (
        (262, "publisher", "with a publisher's token"),
        (508, "subscriber", "with a subscriber's token"),
    )
    parts = [text(x, 122, heading, "name") for x, _, heading in columns]
    for row, on in enumerate((False, True)):
        y = 136 + 64 * row
        project = Project(Credentials.demo(), co_host_authentication=on, clock=Clock(_NOW))
        parts += [switch(32, y + 28, on=on), text(74, y + 24, f"switch {'on' if on else 'off'}", "name")]
        parts.append(text(74, y + 43, "checks privileges" if on else "the default", "quiet"))
        for x, role, _ in columns:
            token = build_rtc_token(Credentials.demo(), "lobby", uid=7, role=role, now=_NOW, salt=1)
            publishes = "publish audio" in dict(project.join("lobby", uid=7, token=token, now=_NOW).may)
            result: Result = "good" if publishes else "bad"
            parts += [ground(x, y, 236, 56, result), sign(x + 24, y + 28, result)]
            parts.append(text(x + 42, y + 33, "may publish" if publishes else "may only listen", "name"))
    return picture(
        "Co-host authentication",
        "The switch for co-host authentication in the console, and four cases: with the switch off every client may "
        "publish, with it on only a client whose token has the publisher's privileges.",
        276,
        box(16, 16, 728, 74),
        text(32, 43, "The console: your project, All Features", "quiet"),
        text(32, 71, "Co-host authentication", "name"),
        switch(222, 66),
        arrow((334, 66), (264, 66)),
        text(346, 71, "takes effect after about five minutes", "quiet"),
        *parts,
    )
