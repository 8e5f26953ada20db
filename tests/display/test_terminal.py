from __future__ import annotations

import colorsys
import re
from dataclasses import replace

import pytest

from agora_helpers import (
    ReasonCode,
    RtcService,
    RtmService,
    build_convoai_token,
    build_rtc_token,
    build_rtm_token,
    decode,
    explain_error,
    verify,
)
from agora_helpers.constants import TokenVersion
from agora_helpers.display.style import GROUPS, SIGNS, Group, Result, color
from agora_helpers.display.terminal import (
    COLORS,
    PLAIN_SIGNS,
    Span,
    audit_spans,
    bytes_spans,
    explanation_spans,
    notes_spans,
    render,
    token_spans,
    verdict_spans,
)
from agora_helpers.tokens import v007
from agora_helpers.tokens.services import Service
from agora_helpers.verification.verifier import Verdict
from tests.display.test_style import contrast
from tests.support import DEMO, NOW

TOKEN = build_rtc_token(DEMO, "lobby", uid=7, now=NOW, salt=1)


def palette(number: int) -> str:
    """Return a colour of the palette of 256 as ``#rrggbb``; the first 16 are each terminal's own."""
    if number >= 232:
        return "#" + f"{8 + 10 * (number - 232):02x}" * 3
    levels = (0, 95, 135, 175, 215, 255)
    place = number - 16
    return "#" + "".join(f"{levels[place // size % 6]:02x}" for size in (36, 6, 1))


def hue(rgb: str) -> tuple[float, float]:
    """Return a colour's hue in degrees and its saturation, 0 to 1."""
    red, green, blue = (int(rgb[place : place + 2], 16) / 255 for place in (1, 3, 5))
    angle, saturation, _ = colorsys.rgb_to_hsv(red, green, blue)
    return angle * 360, saturation


@pytest.mark.parametrize("name", COLORS)
def test_a_colour_is_that_of_the_panels_and_can_be_read_on_black_and_on_white(name: Group | Result) -> None:
    shown = palette(COLORS[name])
    assert min(contrast(shown, "#000000"), contrast(shown, "#ffffff")) >= 3.9
    (angle, saturation), (own, own_saturation) = hue(color(name)), hue(shown)
    if saturation < 0.3:
        assert own_saturation < 0.1
    else:
        assert min(abs(angle - own), 360 - abs(angle - own)) <= 25


def text_of(verdict: Verdict, width: int | None = None) -> str:
    return render(verdict_spans(verdict, NOW + 60, width), color=False)


def test_the_answer_comes_first_then_four_marks_then_what_differs_then_what_to_do() -> None:
    verdict = verify(TOKEN, DEMO, channel="Lobby", uid=8, now=NOW + 60)
    text = text_of(verdict)
    assert text.startswith("✗ The token is for another channel. One more fault is below.\n\n✓ format     ok ")
    marks = [line.split()[:3] for line in text.splitlines()[2:6]]
    assert marks == [[SIGNS["good"], *words] for words in (["format", "ok"], ["signature", "ok"], ["time", "ok"])] + [
        ["✗", "match", "wrong"]
    ]
    assert "✗ channel\n  expected      Lobby\n  in the token  lobby\n" in text
    differences, _, rest = text.partition("[CHANNEL_MISMATCH]")
    assert "App ID" not in differences.partition("differences")[2]
    for reason in verdict.reasons:
        assert f"  What to do: {reason.hint}" in rest
    assert rest.index("\nWhat\n") < rest.index("\nTimeline\n") < rest.index("\nExpected and actual: everything\n")
    assert re.search("App ID +970CA35de60c44645bbae8a215061b33 +970CA35de60c44645bbae8a215061b33 +same", rest)


def test_a_good_token_has_no_differences() -> None:
    text = text_of(verify(TOKEN, DEMO, channel="lobby", uid=7, now=NOW + 60))
    assert text.startswith("✓ The token is good.\n")
    assert "differences" not in text


def test_what_was_not_checked_is_neither_good_nor_bad() -> None:
    text = text_of(verify(TOKEN, None, app_id=DEMO.app_id, channel="lobby", uid=7, now=NOW + 60))
    assert text.startswith("– No fault was found, but this was not checked: signature.")  # noqa: RUF001
    assert re.search("^– signature  not checked", text, re.MULTILINE)  # noqa: RUF001
    assert re.search(r"^– .*\[NO_CERTIFICATE\]", text, re.MULTILINE)  # noqa: RUF001


def test_what_is_no_token_has_its_checks_and_nothing_else() -> None:
    text = text_of(verify("hello", DEMO, now=NOW))
    assert text.startswith("✗ ")
    assert "Timeline" not in text
    assert "everything" not in text


def groups_of(text: str) -> dict[str, list[str]]:
    """Return the names of the rows in each group."""
    result: dict[str, list[str]] = {}
    for line in text.splitlines()[2:]:
        if line and not line.startswith(" "):
            result[line] = rows = []
        elif line:
            rows.append(line[2:].split("  ")[0])
    return result


def test_the_groups_of_a_token_are_those_of_the_panels() -> None:
    text = render(token_spans(decode(TOKEN), NOW + 60), color=False)
    assert groups_of(text) == {
        "Who": ["App ID", "uid"],
        "What": ["service", "channel", "role"],
        "Until when": ["issued", "lifetime", "join channel"],
        "Proof": ["signature"],
        "Technical fields": ["version", "salt"],
    }
    assert [*groups_of(text)] == [*GROUPS.values()]


@pytest.mark.parametrize("build", [build_rtc_token, build_rtm_token])
def test_the_groups_of_a_006_token(build: type) -> None:
    client = {"uid": 7} if build is build_rtc_token else {}
    text = render(token_spans(decode(build(DEMO, "lobby", **client, version="006", now=NOW)), NOW), color=False)
    of_name = "checksum of the channel" if client else "checksum of the user id"
    assert of_name in groups_of(text)["What" if client else "Who"]
    assert "checksum of the uid" in groups_of(text)["Who"]
    assert "token expires" in groups_of(text)["Until when"]


def test_several_services_name_their_rows() -> None:
    text = render(token_spans(decode(build_convoai_token(DEMO, "lobby", uid=7, now=NOW)), NOW), color=False)
    assert "A 007 token for rtc, rtm, convoai that" in text
    assert groups_of(text)["Who"] == ["App ID", "rtc: uid", "rtm: user id"]
    assert groups_of(text)["What"] == ["service", "rtc: channel", "rtc: role", "service", "service"]
    assert "rtc: publish audio" in groups_of(text)["Until when"]


@pytest.mark.parametrize(("version", "after"), [("007", 3600), ("006", 86_400)])
def test_an_expired_token_is_marked_at_once(version: TokenVersion, after: int) -> None:
    decoded = decode(build_rtc_token(DEMO, "lobby", uid=7, version=version, now=NOW))
    lines = [render(token_spans(decoded, NOW + after + step), color=False).splitlines()[0] for step in (-1, 0)]
    assert lines[0].startswith(f"A {version} token for rtc that expires in 1 s.")
    assert lines[1].startswith(f"✗ A {version} token for rtc that expired 0 s ago.")


def test_notes_say_what_was_found_in_this_token() -> None:
    verdict = verify(TOKEN, None, now=NOW + 7200)
    text = render(notes_spans(verdict), color=False)
    for reason in verdict.findings:
        for part in (f"[{reason.code}]", reason.detail, reason.explanation, reason.hint):
            assert part in text
    assert "Nothing is wrong" not in text


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("version", ["006", "007"])
def test_everything_fits(version: TokenVersion, width: int) -> None:
    token = build_rtc_token(DEMO, "lobby", uid=7, role="publisher", version=version, now=NOW)
    decoded = decode(token)
    verdict = verify(token, DEMO, channel="Lobby", account="alice", now=NOW + 90_000)
    spans = [
        *token_spans(decoded, NOW, width),
        *bytes_spans(token, decoded, width),
        Span("\n"),
        *verdict_spans(verdict, NOW, width),
        *notes_spans(verdict, width),
        *notes_spans(replace(verdict, reasons=()), width),
        Span("\n"),
        *explanation_spans(explain_error("110"), width),
    ]
    assert max(map(len, render(spans, color=False).splitlines())) <= width


@pytest.mark.parametrize("width", [None, 40, 100])
def test_colours_change_no_word_and_end_with_their_line(width: int | None) -> None:
    verdict = verify(TOKEN, DEMO, channel="lobby", uid=8, now=NOW + 60)
    spans = [*verdict_spans(verdict, NOW + 60, width), *token_spans(decode(TOKEN), NOW, width)]
    colored, plain = render(spans, color=True), render(spans, color=False)
    assert re.sub("\x1b\\[[0-9;]*m", "", colored).replace("▌ ", "  ") == plain
    for line in colored.splitlines():
        assert re.fullmatch("([^\x1b]|\x1b\\[(1|38;5;\\d+|1;38;5;\\d+)m[^\x1b]+\x1b\\[0m)*", line), line


ESCAPE = "\x1b]0;x\x07\x9b2J\u202e\r\u2028"


@pytest.mark.parametrize("width", [None, 60])
def test_no_text_of_others_reaches_the_terminal_as_it_is(width: int | None) -> None:
    services: list[Service] = [RtcService(f"[red]{ESCAPE}[/red]", ESCAPE, {1: 1}), RtmService(ESCAPE, {1: 1})]
    token = v007.encode("\x1b" * 32, "b" * 32, services, issued_at=1, expire=1, salt=1)
    decoded = decode(token)
    verdict = verify(token, DEMO, channel=ESCAPE, uid=7, user=f"a{ESCAPE}", now=NOW)
    spans = [*token_spans(decoded, NOW, width), *bytes_spans(token, decoded, width)]
    spans += [*verdict_spans(verdict, NOW, width), *notes_spans(verdict, width), Span(ESCAPE)]
    text = render(spans, color=False).replace("\n", "")
    assert text.isprintable()
    assert "[red]" in text


def test_long_values_and_tokens_in_place_of_names_are_cut() -> None:
    services = [RtcService("a" * 5000, TOKEN, {1: 1})]
    token = v007.encode(DEMO.app_id, DEMO.app_certificate, services, issued_at=NOW, expire=1, salt=1)
    verdict = verify(token, DEMO, channel="b" * 5000, uid=7, now=NOW)
    assert ReasonCode.CHANNEL_MISMATCH in {reason.code for reason in verdict.reasons}
    for text in (text_of(verdict), render(token_spans(decode(token), NOW), color=False)):
        assert "… (5000 characters)" in text
        assert len(text) < 8000
        assert TOKEN not in text


def test_the_severities_of_an_audit_are_in_colour() -> None:
    report = "Audit of x\n2 errors.\n\nERROR  One  [CODE]\n  Seen: ERROR\n\nNOTE  Two  [OTHER]"
    spans = [*audit_spans(report)]
    assert render(spans, color=False) == report
    assert [(span.text.strip(), span.style) for span in spans if span.style] == [
        ("ERROR  One  [CODE]", "bad"),
        ("NOTE  Two  [OTHER]", "unknown"),
    ]


def test_every_sign_has_one_that_every_terminal_has() -> None:
    assert {*SIGNS.values(), "▌", "…"} <= {*PLAIN_SIGNS}
    assert "".join(PLAIN_SIGNS.values()).isascii()
