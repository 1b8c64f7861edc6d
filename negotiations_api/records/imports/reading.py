"""What reads a file of rows: which of its lines say what.

A file of a million rows says the same few things over and over, only of other parties and demands.
So a reader tells what a line says beside its references (`rest`), which has to be read only once,
from the references themselves (`slug`), which are looked up.
"""

from collections.abc import Callable, Hashable, Iterator
from typing import Any, Protocol

from marshmallow import Schema

from negotiations_api.records.rows import Row
from negotiations_api.schemas.fields import Reference, Text


class ImportReader(Protocol):
    """What reads a file; its lines come in a form that its other methods take."""

    def lines(self) -> Iterator[tuple[int, Any]]:
        """The lines that are not empty, by number."""

    def row(self, line: int, content: Any) -> Row | None:
        """The row that a line is; None if it is to be passed over."""

    def rest(self, content: Any) -> Hashable:
        """All that a line says beside its references; None if that cannot be told apart."""

    def slug(self, name: str) -> Callable[[Any], str | None]:
        """What gets the reference `name` from a line: empty if it has none.

        None if the line has to be read as a row for that.
        """


def tidied(schema: Schema, name: str, said: str) -> str:
    """What a file says of the field `name`, without the control characters that it does not take.

    A space stands for any run of them, such as a line break in a title.
    """
    field = schema.fields[name]
    if not isinstance(field, Text) or not field.controls.search(said):
        return said
    return " ".join(part.strip() for part in field.controls.split(said) if part.strip())


def is_reference(schema: Schema, name: str) -> bool:
    """Whether the field `name` refers to one record."""
    return isinstance(schema.fields[name], Reference)
