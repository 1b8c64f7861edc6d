"""The record as it stood: a negotiation at an earlier revision, in a small database of its own.

The rows of the negotiation, and of what negotiations share, are copied into an SQLite file, and
what its history says of later changes is undone there. So every question and list is answered of it
by what answers them of the record today, and nothing of today gets in (docs/decisions/0032).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import orjson
from sqlalchemy import (
    ColumnElement,
    Table,
    and_,
    delete,
    event,
    insert,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.orm import Session

from negotiations_api.batch import batched
from negotiations_api.database import Database
from negotiations_api.database.sight import Sight
from negotiations_api.models import (
    Base,
    Change,
    Negotiation,
    Owned,
    Position,
    Record,
    change_of,
)
from negotiations_api.records.assign import assign, load
from negotiations_api.records.find import NOUNS
from negotiations_api.records.hiding import hide
from negotiations_api.records.noting import schema_of, writable
from negotiations_api.records.resolve import Found, look_up, references
from negotiations_api.records.returning import like
from negotiations_api.records.seen import State
from negotiations_api.records.succession import Succession, supersede
from negotiations_api.records.talks import find_talks
from negotiations_api.schemas.base import RecordSchema
from negotiations_api.schemas.document import SECTIONS

_AT_ONCE = 500
_COPIED_AT_ONCE = 5_000
_RECORDS: Mapping[Any, type[Record]] = {
    mapper.local_table: mapper.class_
    for mapper in Base.registry.mappers
    if issubclass(mapper.class_, Record)
}

Undone = dict[tuple[str, int], State | None]
"""What each record, by its noun and id, was before it was changed; None where it was not there."""


class NotThere(Exception):
    """A revision at which the negotiation was not there: it had been deleted."""


def build_past(
    source: Session,
    negotiation: Negotiation,
    revision: int,
    path: Path,
    sight: Sight | None = None,
) -> Database:
    """Make the database of `negotiation` as it stood at `revision`, in a new file at `path`.

    Or what is seen of it with `sight`; if it is as it stands, with the history as far as that is
    seen. `source` is a session that sees one state, of the same or of another engine. Raises
    NotThere.
    """
    database = Database(f"sqlite:///{path}")
    event.listen(database.engine, "connect", _trust)
    Base.metadata.create_all(database.engine)
    with Session(database.engine, autoflush=False, expire_on_commit=False) as past:
        # What refers to a record that is taken out is there before what comes in its place.
        past.connection().exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        _copy(source, past, negotiation, revision)
        undone = _later_changes(source, negotiation, revision)
        if undone.get((Negotiation.noun, negotiation.id), {}) is None:
            raise NotThere
        successions = _take_out(past, undone)
        successions |= _successions_of_later(source, negotiation, revision)
        successions |= _bring_back(past, negotiation, undone)
        supersede(past, successions)
        own = cast("Table", Negotiation.__table__)
        past.connection().execute(
            update(own).values(revision=revision, removed_at=0, updated_at=own.c.updated_at)
        )
        if sight is not None:
            is_today = revision == negotiation.revision
            talks = find_talks(source, negotiation.slug) if is_today else None
            hide(source, past, negotiation, sight, revision, talks)
        past.commit()
    with closing(database.engine.raw_connection()) as connection:
        # Into the file, which is only read from now on.
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
    return database


def _trust(connection: Any, _: object) -> None:
    """Wait for no disk: nobody needs the file after a crash."""
    connection.execute("PRAGMA synchronous = OFF").close()


def _copy(source: Session, past: Session, negotiation: Negotiation, revision: int) -> None:
    for table in Base.metadata.sorted_tables:
        wanted = _wanted(table, negotiation, revision)
        if wanted is None:
            continue
        statement = select(table).where(wanted).execution_options(yield_per=_COPIED_AT_ONCE)
        for rows in source.connection().execute(statement).partitions():
            past.connection().execute(insert(table), [row._asdict() for row in rows])


def _wanted(table: Table, negotiation: Negotiation, revision: int) -> ColumnElement[bool] | None:
    """The rows of `table` that are of the negotiation, or shared by all; None if none can be."""
    model = _RECORDS.get(table)
    if model is Negotiation:
        return table.c.id == negotiation.id
    if model is Position:
        return and_(table.c.negotiation_id == negotiation.id, table.c.created_revision <= revision)
    if model is not None:
        is_owned = issubclass(model, Owned)
        return table.c.negotiation_id == negotiation.id if is_owned else true()
    owners = []
    for constraint in table.foreign_key_constraints:
        owner = constraint.referred_table
        if constraint.ondelete != "CASCADE" or owner is Negotiation.__table__:
            continue
        of_it = _wanted(owner, negotiation, revision)
        if of_it is not None:
            (element,) = constraint.elements
            owners.append(element.parent.in_(select(owner.c.id).where(of_it)))
    return or_(*owners) if owners else None


def _later_changes(source: Session, negotiation: Negotiation, revision: int) -> Undone:
    """The records that were changed after `revision`, each as it was before the first time."""
    later = (change_of.c.negotiation_id == negotiation.id, change_of.c.revision > revision)
    wanted = select(Change.id, Change.noun, Change.record_id, Change.before)
    of_it = wanted.join(change_of, change_of.c.change_id == Change.id).where(*later)
    # By the revisions, which are in the order of the commits; ids are by the clocks of machines.
    own = list(source.execute(of_it.order_by(change_of.c.revision, Change.id)))
    shared: list[Any] = []
    if own:
        # What it did not show when that was changed, it may have shown before.
        since = wanted.where(Change.negotiation.is_(None), Change.id >= min(row.id for row in own))
        shared = list(source.execute(since.order_by(Change.id)))
    # Of what is shared only from there, which has them all: of its own, those it showed.
    once = {row.id for row in shared}
    undone: Undone = {}
    for _, noun, identifier, before in (*(row for row in own if row.id not in once), *shared):
        is_other = noun == Negotiation.noun and identifier != negotiation.id
        if identifier is not None and not is_other and (noun, identifier) not in undone:
            undone[noun, identifier] = _state_then(before, revision)
    return undone


def _state_then(before: str | None, revision: int) -> State | None:
    """The state at `revision` of what was first changed later; None if it was not there.

    That a position was imported meanwhile is no change of its own, and stands in its state.
    """
    state: State | None = None if before is None else orjson.loads(before)
    return None if state is None or state.get("created_revision", 0) > revision else state


def _take_out(past: Session, undone: Undone) -> set[Succession]:
    """Delete the records that were changed later; those that were there then come back."""
    ids: defaultdict[str, list[int]] = defaultdict(list)
    for noun, identifier in undone:
        if noun != Negotiation.noun:
            ids[noun].append(identifier)
    successions: set[Succession] = set()
    for noun, of_it in ids.items():
        table = cast("Table", NOUNS[noun].__table__)
        for some in batched(of_it, _AT_ONCE):
            these = table.c.id.in_(some)
            if noun == Position.noun:
                successions |= _successions(past, select(table).where(these).subquery())
            past.connection().execute(delete(table).where(these))
    return successions


def _successions(session: Session, positions: Any) -> set[Succession]:
    columns = positions.c
    found = session.connection().execute(select(columns.demand_id, columns.party_id).distinct())
    return {(demand, party) for demand, party in found}


def _successions_of_later(
    source: Session, negotiation: Negotiation, revision: int
) -> set[Succession]:
    """Those to which positions were added after `revision`."""
    table = Position.__table__
    later = and_(table.c.negotiation_id == negotiation.id, table.c.created_revision > revision)
    return _successions(source, select(table).where(later).subquery())


def _bring_back(past: Session, negotiation: Negotiation, undone: Undone) -> set[Succession]:
    """Record what was there then, as it was: each kind after those that it refers to."""
    states: defaultdict[type[Record], list[State]] = defaultdict(list)
    for (noun, _), state in undone.items():
        if state is not None:
            states[NOUNS[noun]].append(state)
    talks = past.get_one(Negotiation, negotiation.id)
    for state in states[Negotiation]:
        _write(past, talks, [(talks, state)])
    successions: set[Succession] = set()
    for section in SECTIONS.values():
        made = [(like(section.model, state), state) for state in states[section.model]]
        for record, _ in made:
            if isinstance(record, Owned):
                record.negotiation_id = negotiation.id
        _write(past, talks, made)
        successions |= {(r.demand_id, r.party_id) for r, _ in made if isinstance(r, Position)}
    return successions


def _write(past: Session, talks: Negotiation, made: Sequence[tuple[Record, State]]) -> None:
    """Write records of one kind, as their states say, with the versions and times of these."""
    here: Found = {
        (record.noun, state[_schema(record).key[0]]): record
        for record, state in made
        if not isinstance(record, Position)
    }
    wanted = {
        (noun, slug)
        for record, state in made
        for _, noun, slug in references(_schema(record), state)
    }
    found = look_up(past, talks, wanted - here.keys()) | here
    for record, state in made:
        schema = _schema(record)
        assign(record, schema, load(schema, writable(schema, state)), found)
    past.add_all(record for record, _ in made)
    past.flush()
    for record, state in made:
        _date(past, record, state)


def _schema(record: Record) -> RecordSchema:
    return schema_of(type(record))()


def _date(past: Session, record: Record, state: State) -> None:
    """Give a record its version and the time of it, which a flush makes its own of."""
    table = cast("Table", type(record).__table__)
    given = {
        "version": state["version"],
        "updated_at": dt.datetime.fromisoformat(state["updated_at"]),
    }
    given |= {name: state.get(name) for name in ("recorded_by", "changed_by") if name in table.c}
    past.connection().execute(update(table).where(table.c.id == record.id).values(given))
