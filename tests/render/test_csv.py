"""A table as CSV."""

import csv
import io
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negotiations_api.render.csv import is_guarded, table_csv
from negotiations_api.render.page import Cell, Table

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
BLANKS = "".join(filter(str.isspace, map(chr, range(sys.maxunicode)))) + "\u200b\u2060\ufeff"


def is_plain(text: str) -> bool:
    """Whether no spreadsheet would run it, and it does not look as if one had been kept from it."""
    bare = text.lstrip("'")
    return not bare.startswith(FORMULAS) and not bare.lstrip(BLANKS).startswith(FORMULAS)


PLAIN = st.text(st.characters(exclude_categories=["Cs"])).filter(is_plain)


def read(table: Table) -> list[list[str]]:
    """The cells as the csv module reads them."""
    return list(csv.reader(io.StringIO(table_csv(table), newline=""), strict=True))


def cell_of(cell: Cell) -> str:
    """A cell as it is read, in a table of its own."""
    return read(Table(("x", "y"), (("", cell),)))[1][1]


def test_a_header_and_a_line_for_each_row() -> None:
    table = Table(("party", "n"), (("usa", 3), ("prk", None)))
    assert table_csv(table) == "party,n\nusa,3\nprk,\n"


def test_a_table_without_rows_is_its_header() -> None:
    assert table_csv(Table(("party", "n"), ())) == "party,n\n"


@given(st.lists(st.tuples(PLAIN, PLAIN)))
def test_texts_are_read_as_they_were_written(rows: list[tuple[str, str]]) -> None:
    assert read(Table(("a", "b"), tuple(rows)))[1:] == [list(row) for row in rows]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_keeps_all_its_digits(number: float) -> None:
    assert float(cell_of(number)) == number


@given(st.integers())
def test_an_integer_is_read_as_it_was_written(number: int) -> None:
    assert cell_of(number) == str(number)


@pytest.mark.parametrize("start", FORMULAS)
def test_a_text_that_a_spreadsheet_would_run_has_an_apostrophe_before_it(start: str) -> None:
    assert cell_of(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("blank", [" ", "  ", "\u00a0", "\u200b", "\ufeff"])
def test_blanks_before_a_formula_do_not_hide_it(blank: str) -> None:
    assert cell_of(f"{blank}=1+1") == f"'{blank}=1+1"


def test_the_header_is_no_formula_either() -> None:
    assert read(Table(("=1", "y"), ()))[0] == ["'=1", "y"]


@pytest.mark.parametrize("number", [-1, -0.5, -1e-9])
def test_a_number_below_zero_is_no_formula(number: float) -> None:
    assert not cell_of(number).startswith("'")


@pytest.mark.parametrize("text", ["a=b", "usa-prk", "'a"])
def test_what_only_has_such_a_sign_in_it_stays_as_it_is(text: str) -> None:
    assert cell_of(text) == text


@pytest.mark.parametrize("text", ["a\rb", "a\nb", "a\r\nb", 'a "b"', "a,b"])
def test_breaks_and_separators_stay_in_their_cell(text: str) -> None:
    assert cell_of(text) == text


@given(st.text("'=-+@ \t\n1a", max_size=8))
def test_what_is_guarded_is_read_back(text: str) -> None:
    cell = cell_of(text)
    assert (cell[1:] if is_guarded(cell) else cell) == text
