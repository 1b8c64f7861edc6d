"""Many records in one text, one a line: NDJSON, or CSV with a header of field names."""

import codecs
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, fields

from negotiations_api.records.csv_lines import csv_lines
from negotiations_api.records.faults import Fault, Invalid, pointer
from negotiations_api.records.strict_json import read_json
from negotiations_api.records.text import NUMBER, Malformed, Refused, decode, inspect, integer, real
from negotiations_api.render.csv import is_guarded
from negotiations_api.schemas.fields import Flag, Number, References, near_miss

MOST_ROWS = 100_000
LONGEST_ROW = 1024 * 1024
"""What one record may take, in bytes or characters: as much as in a request of its own."""

_TOO_LONG = f"One record takes at most {LONGEST_ROW:,} characters: shorten it."
_JSON_LINE = re.compile(rb"[^ \t\r\n][^\n]*")
_ONE_LINE = re.compile(r"line 1, (column [0-9]+\.)\Z")


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a text: the line (from 1) at which it begins, and what it says.

    `faults` are what is wrong with its writing; the value is then without the fields at fault, and
    None where nothing of it can be read. So what its schema says of the rest can be said at once.
    """

    line: int
    value: Mapping[str, Any] | None
    faults: tuple[Fault, ...] = ()


def read_ndjson(body: bytes) -> list[Row]:
    """The records of a text of JSON objects, one a line; empty lines are passed over.

    Raises Malformed for what is not UTF-8, and Invalid for no record, or more than `MOST_ROWS`.
    """
    decode(body)
    rows = _bounded(_json_rows(body.removeprefix(codecs.BOM_UTF8)))
    if not rows:
        raise Invalid([Fault("", "There is no record here: write a JSON object a line.")])
    return rows


def read_csv(body: bytes, schema: Schema) -> list[Row]:
    """The records of a text of CSV (RFC 4180), whose header names fields of `schema`.

    A cell says what its field takes: a number as JSON writes it, true or false, slugs with a space
    between them, parts as JSON, anything else as it stands. An empty one leaves its field out, and
    those of read-only fields are not looked at. An apostrophe that a cell begins with is taken off
    where `render.csv` puts one before what follows. Raises Malformed for what is not UTF-8, and
    Invalid for a wrong header, no record, or more than `MOST_ROWS`.
    """
    lines = csv_lines(decode(body))
    columns = _columns(schema, lines)
    rows = _bounded(_csv_row(line, cells, columns) for line, cells in lines)
    if not rows:
        raise Invalid([Fault("", "There is no record below the header: write one a line.")])
    return rows


def _bounded(rows: Iterator[Row]) -> list[Row]:
    taken: list[Row] = []
    for row in rows:
        if len(taken) == MOST_ROWS:
            detail = f"At most {MOST_ROWS:,} records are taken at a time: send the others apart."
            raise Invalid([Fault("", detail, row.line)])
        taken.append(row)
    return taken


def unread(line: int, detail: str, at: str = "") -> Row:
    """A record of which nothing can be read."""
    return Row(line, None, (Fault(at, detail, line),))


def _json_rows(body: bytes) -> Iterator[Row]:
    line, begin = 1, 0
    for found in _JSON_LINE.finditer(body):
        line += body.count(b"\n", begin, found.start())
        begin = body.rfind(b"\n", begin, found.start()) + 1 or begin
        yield json_row(line, body[begin : found.end()])


def json_row(line: int, text: bytes) -> Row:
    """The record of one line of NDJSON."""
    if len(text) > LONGEST_ROW:
        return unread(line, _TOO_LONG)
    try:
        value = read_json(text)
    except Malformed as error:
        return unread(line, in_line(error), error.at or "")
    if not isinstance(value, dict):
        return unread(line, "Write an object here, in braces.")
    return Row(line, value)


def in_line(error: Malformed) -> str:
    """What is wrong, without the line where it is the only one: the fault has that of the body."""
    return _ONE_LINE.sub(r"\1", str(error))


_Column = tuple[str, Callable[[str, str], Any] | None]
"""A field, and what reads its cells (`cell_reader`)."""


def _columns(schema: Schema, lines: Iterator[tuple[int, list[str] | str]]) -> list[_Column]:
    """What the first line says of the columns."""
    line, names = next(lines, (None, []))
    known = schema.load_fields
    required = [name for name, field in known.items() if field.required]
    if isinstance(names, str):
        raise Invalid([Fault("", names, line)])
    if not names:
        header = ",".join(required)
        raise Invalid([Fault("", f"There is no header: begin with the fields, like {header}.")])
    if len(names) == 1 and ";" in names[0]:
        raise Invalid([Fault("", "Put commas between the cells, not semicolons.", line)])
    faults = []
    for number, name in enumerate(names, start=1):
        if not name:
            detail = f"Column {number} has no name: leave it out, or name its field."
            faults.append(Fault("", detail, line))
        elif name not in schema.fields:
            near = near_miss(name[:80], known) or f"; the fields are: {', '.join(known)}."
            faults.append(Fault(pointer(name), f"There is no field '{name[:80]}' here{near}", line))
        elif name in names[: number - 1]:
            faults.append(Fault(pointer(name), f"'{name}' stands twice in the header.", line))
    faults += [
        Fault(pointer(name), "This field is required: give it a column.", line)
        for name in required
        if name not in names
    ]
    if faults:
        raise Invalid(faults)
    return [(name, cell_reader(schema.fields[name])) for name in names]


def cell_reader(field: fields.Field[Any]) -> Callable[[str, str], Any] | None:
    """What reads the cells of `field`, given the pointer to them; None if they are not read.

    It raises Malformed.
    """
    if field.dump_only:
        return None
    if isinstance(field, Number):
        return _number
    if isinstance(field, Flag):
        return _flag
    if isinstance(field, References):
        return lambda cell, _: cell.split(" ")
    return _parts if isinstance(field, fields.List | fields.Nested) else _text


def wrong_width(cells: Sequence[str], width: int) -> str:
    """What is wrong with a line that has not the `width` cells of the header."""
    many = f"{len(cells)} cell{'s' * (len(cells) != 1)}"
    return f"This line has {many} and the header {width}: write as many, some empty."


def refused_line(line: int, cells: Sequence[str], width: int) -> Row | None:
    """What stands for a line that is too long, or has not the `width` cells of the header."""
    if len(cells) != width:
        return unread(line, wrong_width(cells, width))
    return unread(line, _TOO_LONG) if sum(map(len, cells)) > LONGEST_ROW else None


def _csv_row(line: int, cells: Sequence[str] | str, columns: Sequence[_Column]) -> Row:
    if isinstance(cells, str):
        return unread(line, cells)
    refused = refused_line(line, cells, len(columns))
    if refused is not None:
        return refused
    value, faults = {}, []
    for (name, read), cell in zip(columns, cells, strict=True):
        if read is None or not cell:
            continue
        at = pointer(name)
        try:
            value[name] = read(unguarded(cell), at)
        except Malformed as error:
            faults.append(Fault(error.at or at, in_line(error), line))
    return Row(line, value, tuple(faults))


def unguarded(cell: str) -> str:
    """`cell` without the apostrophe that `render.csv` puts before what looks like a formula."""
    return cell[1:] if is_guarded(cell) else cell


def _text(cell: str, at: str) -> str:
    inspect(cell, at)
    return cell


def _number(cell: str, _: str) -> int | float:
    found = NUMBER.fullmatch(cell)
    if found is None:
        raise Malformed(
            f"'{cell[:80]}' is no number: write it in digits, with a point before decimals and "
            "nothing between thousands, like 1234.5."
        )
    value = real(cell) if found[2] or found[3] else integer(cell)
    if isinstance(value, Refused):
        raise Malformed(f"{value.detail}.")
    return value


def _flag(cell: str, _: str) -> bool:
    if cell not in {"true", "false"}:
        raise Malformed(f"'{cell[:80]}' is neither true nor false: write one of these.")
    return cell == "true"


def _parts(cell: str, at: str) -> Any:
    try:
        return read_json(cell.encode())
    except Malformed as error:
        raise Malformed(str(error), at + (error.at or "")) from None
