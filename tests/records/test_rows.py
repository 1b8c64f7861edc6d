"""Many records in one text: NDJSON and CSV, line by line."""

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from negotiations_api.records import rows
from negotiations_api.records.csv_lines import MOST_CELLS, csv_lines
from negotiations_api.records.faults import Fault, Invalid
from negotiations_api.records.rows import LONGEST_ROW, Row, read_csv, read_ndjson
from negotiations_api.records.text import Malformed
from negotiations_api.render.csv import table_csv
from negotiations_api.render.record import list_table
from negotiations_api.schemas.base import RecordSchema
from negotiations_api.schemas.demand import DemandSchema
from negotiations_api.schemas.fields import Flag
from negotiations_api.schemas.position import PositionSchema

HEADER = "party,demand,date,stance"
LINE = "usa,cvid,2019-04,accept"
LEAST = {"party": "usa", "demand": "cvid", "date": "2019-04", "stance": "accept"}


def read(text: str, schema: RecordSchema | None = None) -> list[Row]:
    """The rows of a CSV text."""
    return read_csv(text.encode(), schema or PositionSchema())


def values(found: list[Row]) -> list[Mapping[str, Any] | None]:
    """What the rows say; none of them is at fault."""
    assert not any(row.faults for row in found)
    return [row.value for row in found]


def faults(found: list[Row]) -> list[Fault]:
    """What is wrong with the rows."""
    return [fault for row in found for fault in row.faults]


def cell_of(field: str, cell: str, schema: RecordSchema | None = None) -> Any:
    """What is read of a cell of a position."""
    (row,) = read(f'{HEADER},{field}\n{LINE},"{cell.replace(chr(34), chr(34) * 2)}"\n', schema)
    assert not row.faults, row.faults
    assert row.value is not None
    return row.value.get(field)


def fault_of(field: str, cell: str) -> Fault:
    """The one fault of a cell of a position."""
    (row,) = read(f'{HEADER},{field}\n{LINE},"{cell.replace(chr(34), chr(34) * 2)}"\n')
    assert row.value == LEAST
    (fault,) = row.faults
    return fault


def refusal(text: str) -> tuple[Fault, ...]:
    """The faults of a CSV text that is refused whole."""
    with pytest.raises(Invalid) as refused:
        read(text)
    return refused.value.faults


# NDJSON


def test_each_line_of_ndjson_is_a_record_with_its_number() -> None:
    body = b'{"a": 1}\n\n  \t\r\n {"b": [2]}\r\n{}'
    assert read_ndjson(body) == [Row(1, {"a": 1}), Row(4, {"b": [2]}), Row(5, {})]


def test_a_byte_order_mark_before_ndjson_is_left_out() -> None:
    assert read_ndjson(b'\xef\xbb\xbf\n{"a": 1}\n') == [Row(2, {"a": 1})]


@given(st.lists(st.none() | st.dictionaries(st.text("ab"), st.text() | st.integers(0, 9))))
def test_ndjson_is_read_line_by_line_as_json(lines: list[dict[str, Any] | None]) -> None:
    body = "\n".join("" if line is None else json.dumps(line) for line in lines)
    wanted = [(n, line) for n, line in enumerate(lines, start=1) if line is not None]
    if not wanted:
        return
    if any(
        "\0" in value for _, line in wanted for value in line.values() if isinstance(value, str)
    ):
        assert faults(read_ndjson(body.encode()))
    else:
        assert [(row.line, row.value) for row in read_ndjson(body.encode())] == wanted


@pytest.mark.parametrize(
    ("line", "at", "said"),
    [
        ("{", "", "This is no JSON: expecting property name enclosed in double quotes at column 2"),
        ("{} {}", "", "This is no JSON: extra data at column 4."),
        ("[]", "", "Write an object here, in braces."),
        ("null", "", "Write an object here, in braces."),
        ('{"a": 1, "a": 2}', "", "'a' stands twice in one object."),
        ('{"a": NaN}', "", "NaN is no number that JSON has, at '/a'."),
        ('{"a": 9223372036854775808}', "", "An integer lies beyond 64 bits"),
        ('{"a": ["\\u0000"]}', "/a/0", "A text has the character NUL, at '/a/0'."),
        ('{"a": "\\ud800"}', "/a", "A text has half a surrogate pair, at '/a'."),
        ("[" * 65 + "]" * 65, "", "Nested deeper than 64 levels"),
        ('{"a": "' + "x" * LONGEST_ROW + '"}', "", "One record takes at most 1,048,576 characters"),
    ],
)
def test_a_line_that_is_no_record_is_a_fault_with_its_number(line: str, at: str, said: str) -> None:
    first, bad, last = read_ndjson(f'{{"a": 1}}\n{line}\n{{"b": 2}}\n'.encode())
    assert (first, last) == (Row(1, {"a": 1}), Row(3, {"b": 2}))
    (fault,) = bad.faults
    assert (bad.value, fault.pointer, fault.line) == (None, at, 2)
    assert fault.detail.startswith(said)


def test_every_malformed_line_is_found() -> None:
    found = read_ndjson(b"{}\n{\n1\n{}\n]\n")
    assert [fault.line for fault in faults(found)] == [2, 3, 5]


@pytest.mark.parametrize("body", [b"", b"\n\n", b"\xef\xbb\xbf", b" \r\n"])
def test_a_text_without_records_is_refused(body: bytes) -> None:
    with pytest.raises(Invalid, match="There is no record here"):
        read_ndjson(body)
    with pytest.raises(Invalid, match="There is no"):
        read_csv(body, PositionSchema())


def test_what_is_not_utf_8_is_refused_whole() -> None:
    body = b'{"a": "x"}\n{"a": "\xe9"}\n'
    with pytest.raises(Malformed, match="not UTF-8, at byte 18"):
        read_ndjson(body)
    with pytest.raises(Malformed, match="not UTF-8, at byte 18"):
        read_csv(body, PositionSchema())


def test_more_records_than_are_taken_are_refused_at_the_first_beyond(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rows, "MOST_ROWS", 2)
    assert len(read_ndjson(b"{}\n\n{}\n")) == 2
    with pytest.raises(Invalid, match="At most 2 records") as refused:
        read_ndjson(b"{}\n\n{}\n{}\n")
    assert refused.value.faults[0].line == 4
    (fault,) = refusal(f"{HEADER}\n{LINE}\n{LINE}\n{LINE}\n")
    assert fault.line == 4


# CSV: lines and cells

cells = st.text(st.characters(exclude_categories=["Cs"])) | st.text('",\r\n a', max_size=6)


@given(
    st.lists(st.lists(cells, min_size=1, max_size=4), max_size=6),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
@example([["a", "\n", ""], ['""', ",", "\r"]], "\r\n", csv.QUOTE_MINIMAL)
def test_lines_are_read_as_the_csv_module_wrote_them(
    table: list[list[str]], end: str, quoting: Any
) -> None:
    written = []
    for row in table:
        line = io.StringIO()
        csv.writer(line, lineterminator="\r\n", quoting=quoting).writerow(row)
        written.append(line.getvalue().removesuffix("\r\n") + end)
    numbers = [1 + sum(text.count("\n") for text in written[:n]) for n in range(len(written))]
    assert list(csv_lines("".join(written))) == list(zip(numbers, table, strict=True))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("\n\r\n", []),
        ("a", [(1, ["a"])]),
        ("a,", [(1, ["a", ""])]),
        ("a,b\n\n\r\nc\n", [(1, ["a", "b"]), (4, ["c"])]),
        ('"a\nb",c\r\n"d ""e"""', [(1, ["a\nb", "c"]), (3, ['d "e"'])]),
        ('"",""\n', [(1, ["", ""])]),
        (" a , b ", [(1, [" a ", " b "])]),
    ],
)
def test_lines_and_cells_are_those_of_rfc_4180(text: str, lines: Any) -> None:
    assert list(csv_lines(text)) == lines


@pytest.mark.parametrize(
    "line", ['5" nails', '"a" b', ' "a"', '"a', '"a"b"', "a\rb", '"a",b"', '"""', '"a",b\rc']
)
def test_a_line_that_is_no_csv_is_a_fault_and_the_next_ones_are_read(line: str) -> None:
    first, bad, last = csv_lines(f"a\n{line}\nc\n")
    assert (first, last) == ((1, ["a"]), (3, ["c"]))
    assert bad[0] == 2
    assert str(bad[1]).startswith("This line is no CSV (RFC 4180): put a cell that has")


def test_more_cells_than_anybody_needs_are_a_fault() -> None:
    for cell in ("", '""'):
        _, (line, said) = csv_lines("a\n" + ",".join([cell] * (MOST_CELLS + 1)))
        assert (line, str(said)) == (2, "This line has more than 1,000 cells.")
        _, (_, whole) = csv_lines("a\n" + ",".join([cell] * MOST_CELLS))
        assert len(whole) == MOST_CELLS


# CSV: the header


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_cells_stand_under_the_names_of_their_fields(mark: str, end: str) -> None:
    found = read(f"{mark}{HEADER}{end}{LINE}{end}{end}{LINE}")
    assert found == [Row(2, LEAST), Row(4, LEAST)]


def test_a_record_begins_at_the_first_of_its_lines() -> None:
    found = read(f'{HEADER},summary\n{LINE},"one\ntwo"\n{LINE},\n')
    assert [row.line for row in found] == [2, 4]


def test_an_unknown_column_is_refused_with_the_near_miss() -> None:
    (fault,) = refusal(f"{HEADER},salince\n{LINE},5\n")
    said = "There is no field 'salince' here; did you mean 'salience'?"
    assert fault == Fault("/salince", said, 1)


def test_every_fault_of_the_header_is_named() -> None:
    assert [(f.pointer, f.detail[:26], f.line) for f in refusal(f"\nparty,party,,x\n{LINE}")] == [
        ("/party", "'party' stands twice in th", 2),
        ("", "Column 3 has no name: leav", 2),
        ("/x", "There is no field 'x' here", 2),
        ("/demand", "This field is required: gi", 2),
        ("/date", "This field is required: gi", 2),
        ("/stance", "This field is required: gi", 2),
    ]


def test_a_header_that_is_no_csv_is_refused() -> None:
    (fault,) = refusal(f'party"\n{LINE}')
    assert (fault.line, fault.detail[:19]) == (1, "This line is no CSV")


def test_a_header_alone_is_refused() -> None:
    (fault,) = refusal(f"{HEADER}\n")
    assert fault.detail == "There is no record below the header: write one a line."


@pytest.mark.parametrize("line", ["usa,cvid,2019", f"{LINE},", f"{LINE},x,y", "usa"])
def test_a_line_with_other_than_the_cells_of_the_header_is_a_fault(line: str) -> None:
    first, bad, last = read(f"{HEADER}\n{LINE}\n{line}\n{LINE}\n")
    assert (first, last) == (Row(2, LEAST), Row(4, LEAST))
    many = line.count(",") + 1
    said = f"This line has {many} cell{'' if many == 1 else 's'} and the header 4: "
    (fault,) = bad.faults
    assert fault.detail.startswith(said)
    assert (bad.value, fault.pointer, fault.line) == (None, "", 3)


# CSV: cells


def test_an_empty_cell_leaves_its_field_out() -> None:
    header = f"{HEADER},until,conditions,value,citations"
    assert values(read(f'{header}\n{LINE},,,,""\n')) == [LEAST]


def test_read_only_columns_are_not_looked_at() -> None:
    header = f"id,{HEADER},created_at,updated_at,ends_on"
    assert values(read(f"what,{LINE},ever,\0,is\n".join([header + "\n", ""]))) == [LEAST]


@pytest.mark.parametrize(
    ("cell", "number"),
    [("0", 0), ("-5", -5), ("1.5", 1.5), ("1e3", 1000.0), ("2E-2", 0.02), ("-0.0", -0.0)],
)
def test_a_number_is_read_as_json_writes_it(cell: str, number: float) -> None:
    assert repr(cell_of("value", cell)) == repr(number)


@pytest.mark.parametrize(
    "cell", ["1,000", "1 000", "+1", ".5", "1.", "01", "0x1", "NaN", "inf", "1_0", " 1", "٣", "5%"]
)
def test_a_cell_that_is_no_number_is_a_fault_that_says_how_to_write_it(cell: str) -> None:
    fault = fault_of("value", cell)
    assert (fault.pointer, fault.line) == ("/value", 2)
    assert fault.detail.startswith(f"'{cell}' is no number: write it in digits")


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("9223372036854775808", "An integer lies beyond 64 bits: 9223372036854775808."),
        ("1e999", "A number is too large: 1e999."),
    ],
)
def test_a_number_out_of_range_is_a_fault(cell: str, said: str) -> None:
    assert fault_of("salience", cell) == Fault("/salience", said, 2)


def test_slugs_stand_with_a_space_between_them() -> None:
    header = "slug,title,issue,addressed_to"
    found = read(f"{header}\ncvid,All,arms,usa prk\nfreeze,A,arms,usa\n", DemandSchema())
    assert [(row.value or {})["addressed_to"] for row in found] == [["usa", "prk"], ["usa"]]


def test_two_spaces_between_slugs_are_left_to_the_schema_to_refuse() -> None:
    (row,) = read("slug,title,issue,addressed_to\na,A,arms,usa  prk\n", DemandSchema())
    assert row.value is not None
    assert "addressed_to" in DemandSchema().validate(dict(row.value))


def test_parts_are_json() -> None:
    conditions = [{"kind": "precondition", "demands": ["freeze"], "text": 'so "it"\nis'}]
    assert cell_of("conditions", json.dumps(conditions)) == conditions


@pytest.mark.parametrize(
    ("cell", "at", "said"),
    [
        ("[{]", "/conditions", "This is no JSON: expecting property name"),
        ('[{"a": 1, "a": 2}]', "/conditions", "'a' stands twice in the object at '/0'."),
        ('[{"text": "\\u0000"}]', "/conditions/0/text", "A text has the character NUL"),
        ("freeze", "/conditions", "This is no JSON: expecting value at column 1."),
    ],
)
def test_parts_that_are_no_json_are_a_fault(cell: str, at: str, said: str) -> None:
    fault = fault_of("conditions", cell)
    assert (fault.pointer, fault.line) == (at, 2)
    assert fault.detail.startswith(said)


def test_nul_in_a_text_is_a_fault() -> None:
    said = "A text has the character NUL, at '/summary'."
    assert fault_of("summary", "a\0b") == Fault("/summary", said, 2)


@pytest.mark.parametrize("cell", ["12", "true", " x ", "null", "[1]", 'a "b"', "a, b", "a\nb"])
def test_a_text_stays_as_it_stands(cell: str) -> None:
    assert cell_of("summary", cell) == cell


class FlaggedSchema(PositionSchema):
    """A position with a field that is true or false."""

    public = Flag()


def test_a_flag_is_true_or_false() -> None:
    assert cell_of("public", "true", FlaggedSchema()) is True
    assert cell_of("public", "false", FlaggedSchema()) is False
    (row,) = read(f"{HEADER},public\n{LINE},TRUE\n", FlaggedSchema())
    assert row.faults[0].detail == "'TRUE' is neither true nor false: write one of these."


def test_a_cell_as_long_as_a_record_may_be_is_taken() -> None:
    text = "x" * (LONGEST_ROW - len(LINE))
    assert len(cell_of("summary", text)) == len(text)
    (row,) = read(f"{HEADER},summary\n{LINE},{text}xxxxx\n")
    assert row.faults == (
        Fault("", "One record takes at most 1,048,576 characters: shorten it.", 2),
    )


def test_every_fault_of_every_line_is_found() -> None:
    text = f"{HEADER},value,salience\n{LINE},x,y\n{LINE},1,2\nusa\n{LINE},1,z\n"
    found = [(fault.line, fault.pointer) for fault in faults(read(text))]
    assert found == [(2, "/value"), (2, "/salience"), (4, ""), (5, "/salience")]


# What a list gives as CSV


@pytest.mark.parametrize("text", ["=1+1", "-", "+x", "@a", " =a", "\t=a", "\n-", "\uff1da"])
def test_the_apostrophe_before_what_looks_like_a_formula_is_taken_off(text: str) -> None:
    assert cell_of("summary", f"'{text}") == text


@pytest.mark.parametrize("text", ["'a", "'", "''", "'tis", "' a", "a'=", "'1"])
def test_any_other_apostrophe_stays(text: str) -> None:
    assert cell_of("summary", text) == text


texts = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20
) | st.text("'=-+@ \t\n\r\",a", min_size=1, max_size=8)
slugs = st.sampled_from(["usa", "prk", "cvid"])
numbers = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53)
optional_texts = st.none() | texts
read_only = {"id": "0A", "created_at": "2020-01-01T00:00:00.000Z", "updated_at": None}

positions = st.fixed_dictionaries(
    {
        **{name: st.just(value) for name, value in {**read_only, "ends_on": "2019-05-01"}.items()},
        **dict.fromkeys(("party", "demand"), slugs),
        "date": st.sampled_from(["2019", "2019-04", "2019-04-12"]),
        "stance": st.sampled_from(["accept", "conditional"]),
        **{name: st.none() | numbers for name in ("value", "salience")},
        "conditions": st.lists(
            st.fixed_dictionaries({"demands": st.lists(slugs), "text": optional_texts}), max_size=2
        ),
        "summary": optional_texts,
    }
)
demands = st.fixed_dictionaries(
    {
        **{name: st.just(value) for name, value in read_only.items()},
        **dict.fromkeys(("slug", "issue"), slugs),
        "title": texts,
        "text": optional_texts,
        "addressed_to": st.lists(slugs, unique=True),
        "scale": st.none() | st.fixed_dictionaries({"min": numbers, "max": numbers}),
    }
)


def written(record: Mapping[str, Any], schema: RecordSchema) -> dict[str, Any]:
    """What of a record can be sent back: no read-only field, nothing empty."""
    return {
        name: value
        for name, value in record.items()
        if name in schema.load_fields and value not in (None, [])
    }


@given(st.lists(positions, min_size=1, max_size=4))
def test_positions_are_read_as_a_list_of_them_was_written(records: list[dict[str, Any]]) -> None:
    check_round_trip(records, PositionSchema())


@given(st.lists(demands, min_size=1, max_size=4))
def test_demands_are_read_as_a_list_of_them_was_written(records: list[dict[str, Any]]) -> None:
    check_round_trip(records, DemandSchema())


def check_round_trip(records: list[dict[str, Any]], schema: RecordSchema) -> None:
    """What is read from the CSV of some records is what can be written of them."""
    if records:
        body = table_csv(list_table(records)).encode()
        assert values(read_csv(body, schema)) == [written(record, schema) for record in records]
