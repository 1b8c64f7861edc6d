"""What reads a CSV file of rows."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, BinaryIO

from marshmallow import Schema

from negotiations_api.records.faults import Fault, pointer
from negotiations_api.records.imports.columns import (
    Column,
    check_columns,
    check_told,
    check_words,
    refuse_unknown,
)
from negotiations_api.records.imports.files import csv_file_lines
from negotiations_api.records.imports.joined import Joined
from negotiations_api.records.imports.reading import is_reference, tidied
from negotiations_api.records.rows import (
    Row,
    cell_reader,
    in_line,
    refused_line,
    unguarded,
    unread,
    wrong_width,
)
from negotiations_api.records.text import Malformed

Line = list[str] | str
"""The cells of a line, or what is wrong with it."""


class CsvReader:
    """What reads a CSV file.

    Columns that nothing maps are not looked at; without a map each has to be a field. With `tidy`,
    texts lose the control characters that they may not have. Raises Invalid for a header that does
    not fit.
    """

    def __init__(
        self,
        file: BinaryIO,
        schema: Schema,
        columns: Sequence[Column],
        constants: Mapping[str, str],
        joined: Joined | None = None,
        *,
        tidy: bool = False,
    ) -> None:
        self.schema = schema
        self.tidy = tidy
        self._lines = csv_file_lines(file)
        _, header = next(self._lines, (0, []))
        own = [] if isinstance(header, str) else header
        self.width = len(own)
        self.joined = joined
        self.key = 0 if joined is None else joined.place_in(own)
        names = own if joined is None else [*own, *joined.names]
        if not columns:
            refuse_unknown([name for name in own if joined is None or name != joined.key], schema)
            columns = [Column(name, name) for name in names if name in schema.fields]
        check_columns(columns, names)
        check_words(columns, schema)
        check_told(columns, constants, schema)
        places = {name: place for place, name in reversed([*enumerate(names)])}
        self.constants = constants
        self.takes = [(places[one.name], one) for one in columns]
        self.readers = {name: cell_reader(field) for name, field in schema.fields.items()}
        others = [place for place, one in self.takes if not is_reference(schema, one.field)]
        self._rest = _picker(others)

    def lines(self) -> Iterator[tuple[int, Line]]:
        """The lines below the header, with what is joined to them."""
        for line, cells in self._lines:
            if isinstance(cells, str):
                yield line, cells
            elif len(cells) != self.width:  # which could not be told once something is joined
                yield line, wrong_width(cells, self.width)
            elif self.joined is None:
                yield line, cells
            else:
                yield line, cells + self.joined.rows.get(cells[self.key], self.joined.blank)

    def row(self, line: int, content: Line) -> Row | None:
        """The row that a line is; None if it is to be passed over."""
        if isinstance(content, str):
            return unread(line, content)
        refused = refused_line(line, content[: self.width], self.width)
        if refused is not None:
            return refused
        value: dict[str, Any] = {}
        faults: list[Fault] = []
        for place, column in self.takes:
            cell = unguarded(content[place])
            cell = column.words.get(cell, cell)
            if not cell and content[place] in column.words:
                return None
            if cell and column.field not in value:
                self._read(cell, column.field, value, faults, line)
        for name, text in self.constants.items():
            if name not in value:
                self._read(text, name, value, faults, line)
        return Row(line, value, tuple(faults))

    def _read(
        self, cell: str, name: str, value: dict[str, Any], faults: list[Fault], line: int
    ) -> None:
        read = self.readers[name]
        if read is None:
            return
        at = pointer(name)
        try:
            value[name] = read(tidied(self.schema, name, cell) if self.tidy else cell, at)
        except Malformed as error:
            faults.append(Fault(error.at or at, in_line(error), line))

    def rest(self, content: Line) -> Hashable:
        """All that a line says beside its references; None if it is no whole line."""
        return None if isinstance(content, str) else self._rest(content)

    def slug(self, name: str) -> Callable[[Line], str | None]:
        """What gets the reference `name` from a line (`ImportReader.slug`)."""
        of_it = [(place, one) for place, one in self.takes if one.field == name]
        if not of_it:
            constant = self.constants.get(name, "")
            return lambda _: constant
        if len(of_it) == 1 and not of_it[0][1].words and name not in self.constants:
            return itemgetter(of_it[0][0])
        return lambda _: None


def _picker(places: Sequence[int]) -> Callable[[Any], Hashable]:
    if len(places) == 1:
        return itemgetter(places[0])
    return itemgetter(*places) if places else lambda _: ""
