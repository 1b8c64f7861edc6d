"""Any record, and any list of records, rendered."""

import csv
import io
import json
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negotiations_api.render.csv import table_csv
from negotiations_api.render.page import Page, Table, page_text
from negotiations_api.render.record import list_page, list_table, record_page
from negotiations_api.render.style import Style
from tests.render.hostile import TEXTS, WIDTHS, check_page, check_table

KEPT = {
    "id": "0SATWGMHSS2QT",
    "created_at": "2026-01-02T03:04:05.678Z",
    "updated_at": "2026-01-02T03:04:05.678Z",
}
CITATION = {"source": "treaty", "quotation": "as is", "quoted": "The envoy", "locator": "p. 3"}
POSITION: dict[str, Any] = KEPT | {
    "party": "alpha",
    "demand": "treaty",
    "date": "2020-05",
    "until": None,
    "stance": "conditional",
    "conditions": [
        {"kind": "precondition", "demands": ["prisoners", "withdrawal"], "text": None},
        {"kind": "reciprocal", "demands": ["cvid"], "text": "in good\nfaith"},
    ],
    "value": 4,
    "reservation_value": 2.5,
    "salience": 0,
    "summary": "Later.",
    "citations": [CITATION, {"source": "wire", "quotation": None}],
}
DEMAND: dict[str, Any] = KEPT | {
    "slug": "fence",
    "title": "Build a fence",
    "text": "Along\n\nthe river.",
    "addressed_to": ["alpha", "beta"],
    "part_of": None,
    "scale": {"min": 0, "max": 99.5, "unit": "km", "min_means": "none", "max_means": "all"},
    "citations": [],
}


def text_of(page: Page) -> str:
    """A page as the reader with curl gets it."""
    return page_text(page, Style())


def test_a_record_is_read_field_by_field_then_its_parts_and_its_id_last() -> None:
    assert text_of(record_page("Position of alpha on treaty", POSITION)) == dedent(
        """\
        Position of alpha on treaty

        party: alpha
        demand: treaty
        date: 2020-05
        stance: conditional
        value: 4
        reservation_value: 2.5
        salience: 0
        summary: Later.

        conditions
        - only after prisoners or withdrawal
        - only together with cvid: in good faith

        citations
        - treaty: "as is" (The envoy, p. 3)
        - wire

        id: 0SATWGMHSS2QT
        created_at: 2026-01-02T03:04:05.678Z
        updated_at: 2026-01-02T03:04:05.678Z
        """
    )


def test_a_text_of_paragraphs_is_one_line_and_a_scale_too() -> None:
    lines = record_page("T", DEMAND).sections[0].paragraphs
    assert lines == (
        "slug: fence",
        "title: Build a fence",
        "text: Along the river.",
        "addressed_to: alpha, beta",
        "scale: 0 to 99.5 km; 0 is none; 99.5 is all",
    )


@pytest.mark.parametrize("empty", [None, "", [], {}, "  "])
def test_an_empty_field_is_left_out(empty: Any) -> None:
    assert record_page("T", {"summary": empty}).sections[0].paragraphs == ()


def test_a_list_is_a_table_of_what_is_worth_it() -> None:
    wall = DEMAND | {"slug": "wall", "title": "Build a wall", "addressed_to": [], "citations": [{}]}
    assert text_of(list_page("Demands", [DEMAND, wall])) == dedent(
        """\
        Demands

        slug   title          addressed_to
        ----------------------------------
        fence  Build a fence  alpha, beta
        wall   Build a wall   -

        2 shown; there are no more.
        """
    )


def test_a_text_that_is_too_long_for_a_list_is_cut() -> None:
    table = list_page("T", [{"title": "word " * 20}]).sections[0].table
    assert table is not None
    assert table.rows == (("word " * 11 + "wo...",),)


def test_the_fields_of_a_list_are_those_of_all_its_records() -> None:
    table = list_page("T", [{"a": 1}, {"b": 2, "a": None}]).sections[0].table
    assert table == Table(("a", "b"), ((1, None), (None, 2)))


def test_a_list_shows_the_columns_that_are_asked_for_whatever_they_are() -> None:
    columns = ("id", "conditions", "summary", "until")
    table = list_page("T", [POSITION], keys=2, columns=columns).sections[0].table
    conditions = "only after prisoners or withdrawal; only together with cv..."
    assert table == Table(columns, (("0SATWGMHSS2QT", conditions, "Later.", None),), keys=2)


def test_a_list_of_parts_shows_their_texts() -> None:
    table = list_page("T", POSITION["conditions"]).sections[0].table
    assert table is not None
    assert table.header == ("kind", "demands", "text")
    assert table.rows[1] == ("reciprocal", "cvid", "in good faith")


def test_an_expanded_record_in_a_list_is_its_slug() -> None:
    table = list_page("T", [{"party": {"slug": "prk", "name": "North Korea"}}]).sections[0].table
    assert table == Table(("party",), (("prk",),))


@pytest.mark.parametrize(
    ("records", "more", "count", "sentence"),
    [
        ([], None, None, "There is none."),
        ([], None, 3, "None of 3 is shown."),
        ([{"a": 1}], None, None, "1 shown; there are no more."),
        ([{"a": 1}], "/v1/x?after=1", None, "1 shown; the next are at:\n/v1/x?after=1"),
        ([{"a": 1}], "/v1/x?after=1", 7, "1 of 7 shown; the next are at:\n/v1/x?after=1"),
        ([{"a": None}], None, None, "1 shown; there are no more."),
    ],
)
def test_a_list_says_how_many_are_shown_and_where_the_next_are(
    records: list[dict[str, Any]], more: str | None, count: int | None, sentence: str
) -> None:
    page = list_page("T", records, more=more, count=count)
    assert text_of(page).endswith(f"\n\n{sentence}\n")


def test_the_table_for_programs_has_everything() -> None:
    table = list_table([POSITION, DEMAND])
    assert table.header == tuple(dict.fromkeys([*POSITION, *DEMAND]))
    first, second = (dict(zip(table.header, row, strict=True)) for row in table.rows)
    assert json.loads(str(first["conditions"])) == POSITION["conditions"]
    assert first["conditions"] == str(first["conditions"]).replace(": ", ":")
    assert (first["value"], first["reservation_value"], first["until"]) == (4, 2.5, None)
    assert (first["slug"], second["stance"], second["citations"]) == (None, None, None)
    assert second["addressed_to"] == "alpha beta"
    assert second["text"] == DEMAND["text"]


def test_the_table_for_programs_has_the_columns_that_are_asked_for() -> None:
    assert list_table([DEMAND], ("slug", "x")) == Table(("slug", "x"), (("fence", None),))
    assert list_table([], ("slug",)) == Table(("slug",), ())


def test_true_and_false_are_written_as_in_json() -> None:
    assert list_table([{"a": True, "b": False}]).rows == (("true", "false"),)


@given(st.lists(st.text(min_size=1, max_size=10), max_size=3))
def test_a_list_of_texts_is_read_back_as_it_was(texts: list[str]) -> None:
    (cell,) = list_table([{"a": texts}]).rows[0]
    if cell is None:
        assert texts == []
    elif str(cell).startswith("["):
        assert json.loads(str(cell)) == texts
    else:
        assert str(cell).split(" ") == texts


SCALARS: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers() | st.floats(-1e9, 1e9) | TEXTS
)


@st.composite
def records(draw: st.DrawFn) -> dict[str, Any]:
    """A record of everything that a record can have, with any texts."""
    optional = st.none() | TEXTS
    return KEPT | {
        "slug": draw(TEXTS),
        "party": draw(TEXTS | st.fixed_dictionaries({"slug": TEXTS, "name": TEXTS})),
        "value": draw(SCALARS),
        "title": draw(SCALARS),
        "summary": draw(optional),
        "other_names": draw(st.lists(TEXTS, max_size=3)),
        "scale": {"min": 0, "max": draw(st.floats(1, 1e300)), "unit": draw(optional)},
        "conditions": [
            {"kind": "reciprocal", "demands": draw(st.lists(TEXTS)), "text": draw(optional)}
        ],
        "citations": [{"source": draw(TEXTS), "quotation": draw(optional), "quoted": "x"}],
        "claims": [{"topic": draw(TEXTS), "affirmed": True, "text": draw(optional)}],
        "attendance": [{"party": draw(TEXTS), "delegate": draw(optional), "role": draw(optional)}],
        "member_of": [{"party": draw(TEXTS), "since": "2019", "until": None}],
        "identifiers": [{"scheme": draw(TEXTS), "value": draw(TEXTS)}],
    }


@given(records(), TEXTS, WIDTHS)
@settings(deadline=None, max_examples=50)
def test_a_record_keeps_to_the_width_whatever_it_says(
    record: dict[str, Any], title: str, width: int
) -> None:
    check_page(record_page(title, record), width)


@given(st.lists(records(), max_size=3), TEXTS, WIDTHS, st.booleans())
@settings(deadline=None, max_examples=50)
def test_a_list_keeps_to_the_width_whatever_it_says(
    several: list[dict[str, Any]], text: str, width: int, everything: bool
) -> None:
    columns = [*(several[0] if several else ())] if everything else None
    check_page(list_page(text, several, 2, columns, f"/v1/x?after={'y' * 200}"), width)
    if several:
        check_table(list_table(several))


@given(records())
@settings(deadline=None, max_examples=25)
def test_a_row_of_the_table_is_read_as_one(record: dict[str, Any]) -> None:
    read = list(csv.reader(io.StringIO(table_csv(list_table([record])), newline="")))
    assert [len(row) for row in read] == [len(record)] * 2
