"""Where new positions stand in the histories that are there: on which days, and until when."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from negotiations_api.compare.validity import last_days
from negotiations_api.models import Position

History = tuple[int, int]
"""The ids of a demand and of a party, whose positions one after the other are a history."""

Recorded = dict[History, list[Any]]
"""The positions that there are of histories: rows with id, date, until, begins_on and ends_on."""


def history_of(position: Position) -> History | None:
    """The history of a new position; None while its demand, party or date is not known."""
    if position.demand and position.participant and position.begins_on:
        return position.demand.id, position.participant.party_id
    return None


def recorded(session: Session, histories: Iterable[History]) -> Recorded:
    """What there is of each of `histories`, those left out of which there is nothing."""
    wanted = set(histories)
    demands = sorted({demand_id for demand_id, _ in wanted})
    there: Recorded = defaultdict(list)
    for start in range(0, len(demands), 500):
        statement = select(
            Position.demand_id,
            Position.party_id,
            Position.id,
            Position.date,
            Position.until,
            Position.begins_on,
            Position.ends_on,
        ).where(Position.demand_id.in_(demands[start : start + 500]))
        for row in session.execute(statement):
            if (row.demand_id, row.party_id) in wanted:
                there[row.demand_id, row.party_id].append(row)
    return dict(there)


def place(new: Sequence[Position], there: Sequence[Any]) -> dict[int, str]:
    """Set the last days of the new positions of a history among those that are there.

    Returns the last days of the latter that are others now, by the id of the position.
    """
    history: list[Any] = sorted([*there, *new], key=lambda position: position.begins_on)
    ends = last_days([(position.date, position.until) for position in history])
    moved = {}
    for position, end in zip(history, ends, strict=True):
        if isinstance(position, Position):
            position.ends_on = end
        elif position.ends_on != end:
            moved[position.id] = end
    return moved


def move_ends(session: Session, ends: Mapping[int, str]) -> None:
    """Write the last days of positions that are there, by id, as new versions of them.

    Not by way of the records, which would be read whole first, and written one by one. Nobody else
    writes them meanwhile: the negotiation is locked.
    """
    table = cast("Table", Position.__table__)
    statement = (
        update(table)
        .where(table.c.id == bindparam("position_id"))
        .values(ends_on=bindparam("end"), version=table.c.version + 1)
    )
    if ends:
        session.connection().execute(
            statement, [{"position_id": id_, "end": end} for id_, end in ends.items()]
        )
