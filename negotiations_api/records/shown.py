"""How what a record shows is made of the rows that were read: column by column."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Connection, Select

from negotiations_api.batch import batched
from negotiations_api.schemas.shown import Show

_AT_ONCE = 1000
"""The parts of so many records are read with one statement."""

Rows = Sequence[Sequence[Any]]


class Shown(Protocol):
    """What is shown of each row."""

    def values(self, connection: Connection, columns: Rows) -> Sequence[Any]:
        """A value for each row of `columns`, in their order."""


def show_rows(connection: Connection, shown: Shown, rows: Rows) -> Sequence[Any]:
    """What is shown of each of `rows`."""
    return shown.values(connection, list(zip(*rows, strict=True))) if rows else []


@dataclass(frozen=True, slots=True)
class Value:
    """What a field shows of one column."""

    index: int
    show: Show | None

    def values(self, connection: Connection, columns: Rows) -> Sequence[Any]:
        """The values as they are, or as `show` has them."""
        show, column = self.show, columns[self.index]
        return column if show is None else [None if v is None else show(v) for v in column]


@dataclass(frozen=True, slots=True)
class Object:
    """What a schema shows: each of its fields, by name."""

    names: tuple[str, ...]
    fields: tuple[Shown, ...]

    def values(self, connection: Connection, columns: Rows) -> Sequence[Any]:
        """A dictionary each."""
        names = self.names
        shown = (field.values(connection, columns) for field in self.fields)
        return [dict(zip(names, row, strict=True)) for row in zip(*shown, strict=True)]


@dataclass(frozen=True, slots=True)
class Composite:
    """What is shown of several columns that make one value, of which `attributes` are shown."""

    indices: tuple[int, ...]
    is_none: Callable[..., bool]
    make: Callable[..., Any]
    attributes: tuple[str, ...]
    shown: Shown

    def values(self, connection: Connection, columns: Rows) -> Sequence[Any]:
        """What is shown of the value, or None where there is none."""
        stored = list(zip(*(columns[index] for index in self.indices), strict=True))
        is_there = [not self.is_none(*values) for values in stored]
        rows = [
            [getattr(made, name) for name in self.attributes]
            for made in (self.make(*v) for v, there in zip(stored, is_there, strict=True) if there)
        ]
        shown = iter(show_rows(connection, self.shown, rows))
        return [next(shown) if there else None for there in is_there]


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of records.

    The ids of the records are at `index`, and at `is_any` stands whether one has any parts.
    `statement` takes ids as `owners`, and selects parts in their order, each with its owner at the
    front.
    """

    index: int
    is_any: int
    statement: Select[Any]
    part: Shown

    def values(self, connection: Connection, columns: Rows) -> Sequence[Any]:
        """A list each."""
        every, is_any = columns[self.index], columns[self.is_any]
        owners = [owner for owner, there in zip(every, is_any, strict=True) if there]
        parts: defaultdict[int, list[Any]] = defaultdict(list)
        for some in batched(owners, _AT_ONCE):
            rows = connection.execute(self.statement, {"owners": some}).all()
            for row, part in zip(rows, show_rows(connection, self.part, rows), strict=True):
                parts[row[0]].append(part)
        return [parts[owner] for owner in every]
