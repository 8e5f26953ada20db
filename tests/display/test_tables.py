from __future__ import annotations

import pytest

from agora_helpers.display.tables import Html, escape_unprintable, table_html, table_text
from tests.support import table_cells


def test_html_is_escaped_unless_it_is_html() -> None:
    html = table_html("a < b", ["one", "two"], [("<i>", Html("<i>x</i>"))], code=[1])
    for part in ("<caption", "a &lt; b", "&lt;i&gt;", "<code><i>x</i></code>"):
        assert part in html
    assert table_cells(html) == [["one", "two"], ["<i>", "x"]]


def test_text_is_in_columns_and_long_cells_do_not_widen_them() -> None:
    assert table_text([("a", "b"), ("long", "c")], ["x", "y"]) == "x     y\na     b\nlong  c"
    assert table_text([("a" * 50, "b"), ("c", "d")]) == "a" * 50 + "  b\nc  d"
    assert table_text([]) == ""


def test_text_is_wrapped_into_a_terminal() -> None:
    text = table_text([("a" * 50, "some words that are long"), ("c", "d")], ["x", "y"], widest=10, width=32)
    assert max(map(len, text.splitlines())) <= 32
    assert "words" in text
    assert text.count("a") == 52  # and those of "that are"


def test_only_wide_columns_are_narrowed_and_words_are_whole_while_there_is_space() -> None:
    rows = [("services[0].channel_name", "lobby", "the channel that the client may join")]
    assert table_text(rows, width=52).splitlines() == [
        "services[0].channel_name  lobby  the channel that",
        "                                 the client may join",
    ]
    assert table_text(rows, width=40).splitlines()[0] == "services[0].cha  lobby  the channel"


def test_in_a_very_narrow_terminal_cells_are_below_each_other() -> None:
    rows = [("uid or account", "a" * 30, "differs here"), ("channel", "", "nothing")]
    assert table_text(rows, ["field", "expected", "result"], width=30).splitlines() == [
        "field     uid or account",
        "expected  " + "a" * 20,
        "          " + "a" * 10,
        "result    differs here",
        "",
        "field     channel",
        "result    nothing",
    ]
    assert table_text(rows, width=30).splitlines() == [
        "uid or account",
        "  " + "a" * 28,
        "  aa",
        "  differs here",
        "channel",
        "  nothing",
    ]


@pytest.mark.parametrize(("text", "expected"), [("é", "é"), ("\u202e", "'\\u202e'"), ("\x1b[2J", "'\\x1b[2J'")])
def test_unprintable_characters_are_escaped(text: str, expected: str) -> None:
    assert escape_unprintable(text) == expected
