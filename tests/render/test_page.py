"""A page as text, and its tables at every width."""

import re
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from negotiations_api.render.page import Cell, Page, Section, Table, page_text
from negotiations_api.render.style import Style
from tests.render.hostile import TEXTS, WIDTHS, check_page

CELLS: st.SearchStrategy[Cell] = st.none() | TEXTS | st.integers() | st.floats(-1e6, 1e6)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Tables of some columns of anything."""
    columns = draw(st.integers(1, 9))
    rows = st.lists(st.tuples(*[CELLS] * columns), max_size=3).map(tuple)
    header = draw(st.tuples(*[TEXTS] * columns))
    return Table(header, draw(rows), keys=draw(st.integers(1, 3)))


def text_of(table: Table, width: int = 80) -> str:
    """A table alone, below a title."""
    return page_text(Page("T", (Section(None, table=table),)), Style(width)).removeprefix("T\n\n")


@given(tables(), st.lists(TEXTS, min_size=4, max_size=4), WIDTHS)
@settings(deadline=None, max_examples=60)
def test_no_line_is_over_the_width_whatever_is_in_it(
    table: Table, texts: list[str], width: int
) -> None:
    title, part, sentence, item = texts
    check_page(Page(title or "T", (Section(part, (sentence,), (item,), table),)), width)


@pytest.mark.parametrize("width", [40, 500])
def test_the_narrowest_and_the_widest_text_keep_to_their_width(width: int) -> None:
    table = Table(tuple("abcdefghij"), ((*["word " * 40] * 9, "x" * 600),), keys=3)
    check_page(Page("T", (Section(None, table=table),)), width)


WORDS = st.text(st.sampled_from("abc제재-"), min_size=1, max_size=60)


@given(st.lists(st.tuples(WORDS, WORDS, WORDS), min_size=1, max_size=3), WIDTHS)
@settings(deadline=None, max_examples=60)
def test_no_letter_of_a_cell_is_lost(rows: list[tuple[str, str, str]], width: int) -> None:
    text = text_of(Table(("1", "2", "3"), tuple(rows)), width)
    letters = [letter for row in rows for cell in row for letter in cell if letter != "-"]
    assert sorted(re.sub(r"[123\s-]", "", text)) == sorted(letters)


def test_a_whole_page() -> None:
    pairs = Table(
        ("left", "right", "value", "n"), (("usa", "prk", 0.8333, 12), ("usa", "kor", None, 3))
    )
    page = Page(
        "Agreement on 2019-10-05",
        (
            Section(None, ("Both reject what the other one demands of it here.",)),
            Section("Pairs", ("Two pairs.",), ("an item", "another"), pairs),
            Section("Nothing", table=Table(("left",), ())),
        ),
    )
    assert page_text(page, Style(40)) == dedent(
        """\
        Agreement on 2019-10-05

        Both reject what the other one demands
          of it here.

        Pairs
        Two pairs.
        - an item
        - another

        left  right  value   n
        ----------------------
        usa   prk    0.833  12
        usa   kor        -   3

        Nothing
        """
    )


def test_numbers_of_a_column_have_their_points_below_each_other() -> None:
    text = text_of(Table(("x",), ((0.5,), (0.3333,), (-12.0,), (None,))))
    assert text.split("\n")[2:-1] == ["  0.500", "  0.333", "-12.000", "      -"]


def test_numbers_without_a_fraction_have_none() -> None:
    assert text_of(Table(("x",), ((40.0,), (7,)))).split("\n")[2:-1] == ["40", " 7"]


def test_text_that_is_too_long_wraps_in_its_column() -> None:
    text = text_of(Table(("a", "b"), (("usa", "word " * 15), ("prk", "short"))), 40)
    assert text.split("\n")[2:-1] == [
        "usa  word word word word word word word",
        "     word word word word word word word",
        "     word",
        "prk  short",
    ]


def test_a_slug_that_is_too_long_breaks_behind_a_hyphen() -> None:
    slug = "hostile-policy-withdrawal-and-security-guarantees"
    assert text_of(Table(("a",), ((slug,),)), 40).split("\n")[2:-1] == [
        "hostile-policy-withdrawal-and-security-",
        "guarantees",
    ]


def test_a_date_does_not_break() -> None:
    row = ("2019-10-05", "word " * 30, "word " * 30)
    assert "2019-10-05" in text_of(Table(("on", "b", "c"), (row,)), 40)


def test_columns_that_are_too_many_stand_in_blocks_that_repeat_the_first() -> None:
    slugs = [f"party-{number}" for number in range(6)]
    table = Table(("", *slugs), (("usa", *range(6)), ("prk", *range(6))))
    blocks = [block.split("\n") for block in text_of(table, 40).rstrip().split("\n\n")]
    assert [header.split() for header, *_ in blocks] == [slugs[:3] + slugs[3:4], slugs[4:]]
    assert [[line.split()[0] for line in lines] for _, _, *lines in blocks] == [["usa", "prk"]] * 2


def test_blocks_repeat_all_columns_that_name_a_row() -> None:
    table = Table(
        ("left", "right", *(f"column-{number}" for number in range(4))),
        (("usa", "prk", *["conditional"] * 4),),
        keys=2,
    )
    blocks = text_of(table, 40).rstrip().split("\n\n")
    assert len(blocks) > 1
    assert {tuple(block.split("\n")[2].split()[:2]) for block in blocks} == {("usa", "prk")}


def test_korean_cells_take_two_columns_a_syllable() -> None:
    lines = text_of(Table(("a", "b"), (("제재", "x"), ("abcd", "y")))).split("\n")
    assert lines[2:4] == ["제재  x", "abcd  y"]
    assert cell_len(lines[2]) == cell_len(lines[3])


def test_what_rich_takes_for_markup_is_text() -> None:
    assert "[red]x[/red] :smile:" in text_of(Table(("a",), (("[red]x[/red] :smile:",),)))
