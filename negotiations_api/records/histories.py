"""Where new positions stand in the histories that are there: on which days, and until when."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, bindparam, select, update
from sqlalchemy.orm import Session

from negotiations_api.compare.validity import last_days
from negotiations_api.models import Position, coming_revision

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


def move_ends(session: Session, ends: Mapping[int, str], *, is_new: bool = False) -> None:
    """Write the last days of positions, by id, as new versions of them unless they are new.

    Not by way of the records, which would be read whole first, and written one by one. Nobody else
    writes them meanwhile: the negotiation is locked.
    """
    table = cast("Table", Position.__table__)
    statement = (
        update(table)
        .where(table.c.id == bindparam("position_id"))
        .values(
            ends_on=bindparam("end"),
            version=table.c.version + (0 if is_new else 1),
            revision=coming_revision(table),
        )
    )
    if is_new:
        statement = statement.values(updated_at=table.c.updated_at)
    if ends:
        session.connection().execute(
            statement, [{"position_id": id_, "end": end} for id_, end in ends.items()]
        )


def correct_ends(
    session: Session, demands: Sequence[int], which: ColumnElement[bool], first: int
) -> None:
    """Set the ends of whole histories anew: those on `demands` of which a position is `which`.

    Those with an id from `first` on have just been made, and stay at their first version.
    """
    order = (Position.demand_id, Position.party_id, Position.begins_on)
    for start in range(0, len(demands), 500):
        rows = session.execute(
            select(*order, Position.id, Position.date, Position.until, Position.ends_on)
            .where(Position.demand_id.in_(demands[start : start + 500]), which)
            .order_by(*order)
        ).all()
        moved: dict[int, str] = {}
        for _, group in groupby(rows, key=lambda row: (row.demand_id, row.party_id)):
            moved |= place([], list(group))
        old = {position: end for position, end in moved.items() if position < first}
        move_ends(session, old)
        move_ends(session, {k: v for k, v in moved.items() if k not in old}, is_new=True)
