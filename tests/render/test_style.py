"""Text that keeps to a width, in colour or without."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from negotiations_api.render.style import Ink, Style

ANYTHING = (
    st.text()
    | st.text(st.sampled_from("ab \n\t-"), max_size=300)
    | st.text(st.sampled_from("제재를 전면적으로해제 a-"), max_size=300)
)
OBEYED = [
    pytest.param("\x1b[2J", id="an escape sequence"),
    pytest.param("\x1b]0;title\x07", id="a window title"),
    pytest.param("\x9b31m", id="a sequence of eight-bit controls"),
    pytest.param("\x00", id="a null"),
    pytest.param("\x07", id="a bell"),
    pytest.param("\x08", id="a backspace"),
    pytest.param("\x7f", id="a delete"),
    pytest.param("\r", id="a carriage return"),
    pytest.param("\n", id="a line feed"),
    pytest.param("\t", id="a tab"),
    pytest.param("\x0b", id="a vertical tab"),
    pytest.param("\x85", id="a next line"),
    pytest.param("\u2028", id="a line separator"),
    pytest.param("\u2029", id="a paragraph separator"),
    pytest.param("\u202e", id="an override of the writing direction"),
    pytest.param("\u2066", id="an isolate of the writing direction"),
    pytest.param("\ud800", id="half of a surrogate pair"),
]


@pytest.mark.parametrize("obeyed", OBEYED)
def test_what_a_terminal_obeys_is_not_in_wrapped_text(obeyed: str) -> None:
    assert not set(Style().wrap(f"left{obeyed}right", "", "")[0]) & set(obeyed[:1])


@pytest.mark.parametrize("obeyed", OBEYED)
def test_what_a_terminal_obeys_is_not_in_shortened_text(obeyed: str) -> None:
    assert obeyed[0] not in Style().shorten(f"left{obeyed}right", 80)


@given(ANYTHING)
@settings(deadline=None)
def test_shortened_text_is_one_line_without_control_characters(text: str) -> None:
    controls = {*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0))}
    assert not controls & set(Style().shorten(text, 80))


@pytest.mark.parametrize(
    "text", ["Ri Yong-ho", "리용호", "« déjà vu »", "می‌خواهد", "👩‍🚀", "a\xa0b"]
)
def test_letters_of_every_script_stay_as_they_are(text: str) -> None:
    assert Style().shorten(text, 80) == text


def test_a_line_break_becomes_a_space() -> None:
    assert Style().wrap("sanctions\nrelief", "", "") == ["sanctions relief"]


@given(ANYTHING, st.integers(10, 60))
@settings(deadline=None)
def test_no_wrapped_line_is_over_the_width(text: str, width: int) -> None:
    lines = Style(width).wrap(text, "- ", "-   ")
    assert max(cell_len(line) for line in lines) <= width


@given(st.text(st.sampled_from("ab제재 "), max_size=200), st.integers(10, 60))
@settings(deadline=None)
def test_wrapping_loses_no_letter(text: str, width: int) -> None:
    wrapped = "".join(Style(width).wrap(text, "", ""))
    assert wrapped.replace(" ", "") == text.replace(" ", "")


@given(st.text(st.sampled_from("ab제재 "), max_size=200), st.integers(10, 60))
@settings(deadline=None)
def test_wrapping_puts_no_space_into_a_word(text: str, width: int) -> None:
    first, *others = Style(width).wrap(text, "- ", "-   ")
    lines = [first.removeprefix("- "), *(line.removeprefix("-   ") for line in others)]
    assert [line for line in lines if line not in " ".join(text.split())] in ([], ["-"])


@given(st.text(st.sampled_from("ab제재 "), max_size=200), st.integers(10, 60))
@settings(deadline=None)
def test_a_line_is_not_broken_before_there_is_too_little_room(text: str, width: int) -> None:
    lines = Style(width).wrap(text, "", "")
    for line, following in itertools.pairwise(lines):
        assert cell_len(f"{line} {following.split()[0]}") > width or cell_len(line) >= width - 1


def test_the_first_line_and_the_others_have_their_own_beginnings() -> None:
    assert Style(12).wrap("one two three four", "- ", "-   ") == [
        "- one two",
        "-   three",
        "-   four",
    ]


@pytest.mark.parametrize(
    ("width", "lines"),
    [
        pytest.param(14, ["- 대북 제재를", "-   전면", "-   해제하라"], id="a column to spare"),
        pytest.param(13, ["- 대북 제재를", "-   전면", "-   해제하라"], id="just wide enough"),
        pytest.param(12, ["- 대북", "-   제재를", "-   전면", "-   해제하라"], id="too narrow"),
        pytest.param(
            11,
            ["- 대북", "-   제재를", "-   전면", "-   해제하", "-   라"],
            id="half a syllable too narrow for a word",
        ),
    ],
)
def test_a_korean_syllable_takes_two_columns(width: int, lines: list[str]) -> None:
    assert Style(width).wrap("대북 제재를 전면 해제하라", "- ", "-   ") == lines


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param("abcdefg", ["- abcdefg"], id="a word that only the other lines are short of"),
        pytest.param("abcdefghi", ["- abcdef", "-   ghi"], id="a word longer than every line"),
        pytest.param("제재완화", ["- 제재완화"], id="four syllables"),
        pytest.param("제재완화문제다", ["- 제재완", "-   화문제", "-   다"], id="seven syllables"),
        pytest.param("a제재b", ["- a제재b"], id="letters of both widths"),
    ],
)
def test_a_word_that_is_too_long_is_broken_at_the_width(text: str, lines: list[str]) -> None:
    assert Style(10).wrap(text, "- ", "-   ") == lines


def test_nothing_to_wrap_is_one_line_with_its_beginning() -> None:
    assert Style().wrap("", "- ", "") == ["-"]


@given(ANYTHING, st.integers(3, 60))
@settings(deadline=None)
def test_shortened_text_is_not_over_the_width(text: str, width: int) -> None:
    assert cell_len(Style().shorten(text, width)) <= width


@given(ANYTHING, st.integers(3, 60))
@settings(deadline=None)
def test_a_column_is_as_wide_as_it_should_be(text: str, width: int) -> None:
    assert cell_len(Style().column(text, width)) == width


@pytest.mark.parametrize(
    ("text", "column"),
    [
        pytest.param("peace", "peace     |", id="filled up"),
        pytest.param("제재", "제재      |", id="filled up by columns"),
        pytest.param("제재완화", "제재완화  |", id="two columns to spare"),
        pytest.param("제재완화문", "제재완화문|", id="as wide as the column"),
        pytest.param("제재완화문제", "제재완... |", id="cut, and the odd column filled up"),
        pytest.param("a제재완화문제", "a제재완...|", id="cut to the last column"),
    ],
)
def test_a_column_counts_columns_and_not_characters(text: str, column: str) -> None:
    assert Style().column(text, 10) + "|" == column


@pytest.mark.parametrize(
    ("text", "shortened"),
    [
        ("ten  chars", "ten  chars"),
        ("eleven char", "eleven..."),
        ("twelve chars", "twelve..."),
        ("unbreakable", "unbreak..."),
        ("종전선언을", "종전선언을"),
        ("종전선언을 요구", "종전선..."),
        ("종전 선언을 요구", "종전 선..."),
        ("종전선 언을 요구", "종전선..."),
    ],
)
def test_a_text_that_is_too_long_ends_in_an_ellipsis(text: str, shortened: str) -> None:
    assert Style().shorten(text, 10) == shortened


@pytest.mark.parametrize("text", ["peace", "평화"])
def test_where_there_is_room_for_no_more_the_ellipsis_is_all(text: str) -> None:
    assert Style().shorten(text, 3) == "..."


@pytest.mark.parametrize(
    ("style", "ink", "painted"),
    [
        pytest.param(Style(color=True), Ink.REMOVED, "\x1b[31mno\x1b[0m", id="in colour"),
        pytest.param(Style(color=False), Ink.REMOVED, "no", id="without colour"),
        pytest.param(Style(color=True), None, "no", id="without ink"),
    ],
)
def test_text_is_painted_where_there_is_colour_and_ink(
    style: Style, ink: Ink | None, painted: str
) -> None:
    assert style.paint("no", ink) == painted


def test_nothing_is_not_painted() -> None:
    assert Style(color=True).paint("", Ink.ADDED) == ""
