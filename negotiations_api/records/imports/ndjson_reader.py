"""What reads an NDJSON file of rows."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from marshmallow import Schema

from negotiations_api.records.faults import Fault, Invalid, pointer
from negotiations_api.records.imports.columns import Column, check_told, check_words
from negotiations_api.records.imports.files import ndjson_file_lines
from negotiations_api.records.imports.joined import Joined
from negotiations_api.records.imports.reading import is_reference, tidied
from negotiations_api.records.rows import Row, cell_reader, json_row
from negotiations_api.records.text import Malformed

_PASSED_OVER = Row(0, None)


class NdjsonReader:
    """What reads an NDJSON file.

    Names that nothing maps are not looked at; without a map each has to be a field. With `tidy`,
    texts lose the control characters that they may not have.
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
        self.file = file
        self.columns = columns
        self.joined = joined
        self.constants = {name: _constant(schema, name, text) for name, text in constants.items()}
        self.references = {name for name in schema.fields if is_reference(schema, name)}
        if columns:
            check_words(columns, schema)
            check_told(columns, constants, schema)

    def lines(self) -> Iterator[tuple[int, Row]]:
        """The lines, as rows of what the fields are."""
        for line, text in ndjson_file_lines(self.file):
            yield line, self._mapped(json_row(line, text))

    def _mapped(self, row: Row) -> Row:
        """A row with what is joined to it, by the names of fields, and what is the same of all."""
        if row.value is None:
            return row
        value = dict(row.value)
        if self.joined is not None:
            more = self.joined.rows.get(str(value.get(self.joined.key)), ())
            value = dict(zip(self.joined.names, more, strict=False)) | value
        if self.columns:
            mapped: dict[str, Any] = {}
            for column in self.columns:
                said = value.get(column.name)
                word = column.words.get(said) if isinstance(said, str) else None
                if word == "":
                    return _PASSED_OVER
                if said not in (None, "") and column.field not in mapped:
                    mapped[column.field] = said if word is None else word
            value = mapped
        if self.tidy:
            value = {
                name: tidied(self.schema, name, said)
                if isinstance(said, str) and name in self.schema.fields
                else said
                for name, said in value.items()
            }
        return Row(row.line, self.constants | value, row.faults)

    def row(self, line: int, content: Row) -> Row | None:
        """The row that a line is; None if it is to be passed over."""
        return None if content is _PASSED_OVER else content

    def rest(self, content: Row) -> Hashable:
        """All that a line says beside its references; None if it has parts."""
        if content.value is None or content.faults:
            return None
        said = [item for item in content.value.items() if item[0] not in self.references]
        if any(isinstance(value, dict | list) for _, value in said):
            return None
        return tuple((name, type(value), value) for name, value in said)

    def slug(self, name: str) -> Callable[[Row], str | None]:
        """What gets the reference `name` from a line (`ImportReader.slug`)."""

        def get(content: Row) -> str | None:
            assert content.value is not None
            said = content.value.get(name)
            return "" if said is None else said if isinstance(said, str) else None

        return get


def _constant(schema: Schema, name: str, text: str) -> Any:
    read = cell_reader(schema.fields[name])
    try:
        return text if read is None else read(text, pointer(name))
    except Malformed as error:
        raise Invalid([Fault(error.at or pointer(name), str(error))]) from None
