"""The successions of positions: where new ones stand in them, and until when each one holds.

Whoever moves the end of a position moves it here.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, and_, bindparam, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from negotiations_api.batch import batched
from negotiations_api.compare.validity import last_days
from negotiations_api.database.sight import seen
from negotiations_api.models import Negotiation, Position, coming_revision

Succession = tuple[int, int]
"""The ids of a demand and of a party, whose positions one after the other are a succession."""

Recorded = dict[Succession, list[Any]]
"""The positions that there are of successions: rows with id, date, until, begins_on, ends_on and
audience_id."""


def succession_of(position: Position) -> Succession | None:
    """The succession of a new position; None while its demand, party or date is not known."""
    if position.demand and position.participant and position.begins_on:
        return position.demand.id, position.participant.party_id
    return None


def recorded(session: Session, successions: Iterable[Succession]) -> Recorded:
    """What there is of each of `successions`, those left out of which there is nothing."""
    wanted = set(successions)
    demands = sorted({demand_id for demand_id, _ in wanted})
    there: Recorded = defaultdict(list)
    for some in batched(demands, 500):
        statement = select(
            Position.demand_id,
            Position.party_id,
            Position.id,
            Position.date,
            Position.until,
            Position.begins_on,
            Position.ends_on,
            Position.audience_id,
        ).where(Position.demand_id.in_(some))
        for row in session.execute(statement):
            if (row.demand_id, row.party_id) in wanted:
                there[row.demand_id, row.party_id].append(row)
    return dict(there)


def set_ends(new: Sequence[Position], there: Sequence[Any]) -> dict[int, str]:
    """Set the last days of the new positions of a succession among those that are there.

    Returns the last days of the latter that are others now, by the id of the position.
    """
    succession: list[Any] = sorted([*there, *new], key=_order)
    ends = last_days([(position.date, position.until) for position in succession])
    moved = {}
    for position, end in zip(succession, ends, strict=True):
        if isinstance(position, Position):
            position.ends_on = end
        elif position.ends_on != end:
            moved[position.id] = end
    return moved


def audience_id_of(position: Any) -> int | None:
    """The audience of a position, which may not have been flushed, or of its row."""
    if isinstance(position, Position):
        return None if position.audience is None else position.audience.id
    found: int | None = position.audience_id
    return found


def _order(position: Any) -> tuple[str, int]:
    """What positions stand in the order of: of a day, the one for all comes first."""
    return position.begins_on, audience_id_of(position) or 0


def move_ends(session: Session, ends: Mapping[int, str]) -> None:
    """Write the last days of positions, by id, and the revision at which they come to be these.

    An end follows from what else is recorded: it makes no new version of the position, and nobody
    has changed it. Not by way of the records, which would be read whole first, and written one by
    one; those that the session has are kept in step. Nobody else writes them meanwhile: the
    negotiation is locked.
    """
    if not ends:
        return
    table = cast("Table", Position.__table__)
    statement = (
        update(table)
        .where(table.c.id == bindparam("position_id"))
        .values(
            ends_on=bindparam("end"),
            revision=coming_revision(table),
            updated_at=table.c.updated_at,  # or it would be now
        )
    )
    session.connection().execute(
        statement, [{"position_id": id_, "end": end} for id_, end in ends.items()]
    )
    for id_, end in ends.items():
        known = session.identity_map.get(identity_key(Position, id_))
        if known is not None:
            set_committed_value(known, "ends_on", end)
            session.expire(known, ["revision"])


def show_end(session: Session, position: Position) -> None:
    """Let a position that was read or flushed show the end that the caller sees it have.

    Those that are hidden from it may end it sooner.
    """
    succession = select(Position.id, Position.date, Position.until, Position.begins_on)
    succession = succession.add_columns(Position.audience_id, Position.ends_on).where(
        Position.demand_id == position.demand_id,
        Position.party_id == position.party_id,
        seen(session, Position, session.get_one(Negotiation, position.negotiation_id)),
    )
    rows = sorted(session.execute(succession), key=_order)
    ends = last_days([(row.date, row.until) for row in rows])
    for row, end in zip(rows, ends, strict=True):
        if row.id == position.id:
            set_committed_value(position, "ends_on", end)


def supersede(session: Session, successions: Iterable[Succession]) -> None:
    """Set the ends of the positions of each succession anew, as they have been flushed."""
    wanted = sorted(set(successions))
    for some in batched(wanted, 100):
        # Each by its own way into the index, and not all parties' positions on a demand.
        each = (
            and_(Position.demand_id == demand_id, Position.party_id == party_id)
            for demand_id, party_id in some
        )
        _set_ends_anew(session, or_(*each))


def correct_ends(session: Session, demands: Sequence[int], which: ColumnElement[bool]) -> None:
    """Set the ends of whole successions anew: those on `demands` of which a position is `which`."""
    for some in batched(demands, 500):
        _set_ends_anew(session, and_(Position.demand_id.in_(some), which))


def _set_ends_anew(session: Session, which: ColumnElement[bool]) -> None:
    """Set the ends of the positions that are `which`, whole successions, anew."""
    order = (Position.demand_id, Position.party_id, Position.begins_on)
    rows = session.execute(
        select(
            *(*order, Position.id, Position.date, Position.until, Position.ends_on),
            Position.audience_id,
        )
        .where(which)
        .order_by(*order)
    ).all()
    moved: dict[int, str] = {}
    for _, group in groupby(rows, key=lambda row: (row.demand_id, row.party_id)):
        moved |= set_ends([], list(group))
    move_ends(session, moved)
