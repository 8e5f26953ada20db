from __future__ import annotations

from agora_helpers.display.tables import Html, escape_unprintable, table_html, table_text
from tests.support import table_cells


def test_html_is_escaped_unless_it_is_html() -> None:
    html = table_html("a < b", ["one", "two"], [("<i>", Html("<i>x</i>"))], code=[1])
    assert "<caption" in html and "a &lt; b" in html and "&lt;i&gt;" in html and "<code><i>x</i></code>" in html
    assert table_cells(html) == [["one", "two"], ["<i>", "x"]]


def test_text_is_in_columns_and_long_cells_do_not_widen_them() -> None:
    assert table_text([("a", "b"), ("long", "c")], ["x", "y"]) == "x     y\na     b\nlong  c"
    assert table_text([("a" * 50, "b"), ("c", "d")]) == "a" * 50 + "  b\nc  d"
    assert table_text([]) == ""


def test_text_is_wrapped_into_a_terminal() -> None:
    text = table_text([("a" * 50, "some words that are long"), ("c", "d")], ["x", "y"], widest=10, width=32)
    assert max(map(len, text.splitlines())) <= 32 and "words" in text and text.count("a") >= 50
    assert text.replace(" ", "").replace("\n", "").count("a") == 52  # and those of "that are"


def test_what_is_not_printable_is_escaped() -> None:
    assert escape_unprintable("é") == "é" and escape_unprintable("\u202e") == "'\\u202e'"
