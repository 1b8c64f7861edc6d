"""Many records on their way in: each row as its schema reads it, before the database is asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema

from negotiations_api.records.assign import load_partly
from negotiations_api.records.faults import Fault, Invalid
from negotiations_api.records.rows import Row

MOST_FAULTS = 1000
"""So many faults are named; of the others it is said how many there are."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """One row as its schema reads it: what it says, its sound fields, and what is wrong with it."""

    line: int
    raw: Mapping[str, Any]
    data: Mapping[str, Any]
    faults: tuple[Fault, ...]


def load_rows(schema: Schema, rows: Iterable[Row]) -> list[Loaded]:
    """What `schema` reads of each row: all that takes no database, and most of the time.

    Raises Invalid when more than `MOST_FAULTS` have been found; no further row is looked at then.
    """
    loaded: list[Loaded] = []
    faults: list[Fault] = []
    for row in rows:
        made = load_row(schema, row)
        loaded.append(made)
        faults += made.faults
        if len(faults) > MOST_FAULTS:
            detail = "From this line on more may be wrong: correct the others first."
            raise Invalid([*faults[:MOST_FAULTS], Fault("", detail, faults[MOST_FAULTS].line)])
    return loaded


def load_row(schema: Schema, row: Row) -> Loaded:
    """What `schema` reads of one row."""
    if row.value is None:
        return Loaded(row.line, {}, {}, row.faults)
    unread = {field_of(fault) for fault in row.faults}
    data, faults = load_partly(schema, row.value)
    more = [Fault(f.pointer, f.detail, row.line) for f in faults if field_of(f) not in unread]
    return Loaded(row.line, row.value, data, (*row.faults, *more))


def field_of(fault: Fault) -> str:
    """The field that a fault points into; empty for the row as such."""
    return fault.pointer.partition("/")[2].partition("/")[0]
