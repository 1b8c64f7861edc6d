"""Noting what is written: each record as it was before and as it is then, for its history.

A state is all that it takes to make the record what it was: what its schema shows of it, with the
version; of a position also the revision at which it was created, and not the day on which it ends,
which follows from the others.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, null, select
from sqlalchemy.orm import Session

from negotiations_api.batch import batched
from negotiations_api.database import Noted, note, note_gone, note_shown
from negotiations_api.models import Action, Negotiation, Owned, Participant, Position, Record
from negotiations_api.models.functions import Ids, is_among
from negotiations_api.models.identifier import format_id, parse_id
from negotiations_api.records.find import in_scope, is_catalogue
from negotiations_api.records.reader import reader_of
from negotiations_api.records.seen import State, audiences_of, write_state
from negotiations_api.schemas.base import RecordSchema
from negotiations_api.schemas.document import SECTIONS
from negotiations_api.schemas.negotiation import NegotiationSchema

_AT_ONCE = 1000
_SCHEMAS: Mapping[type[Record], type[RecordSchema]] = {
    Negotiation: NegotiationSchema,
    **{section.model: section.schema for section in SECTIONS.values()},
}


def schema_of(model: type[Record]) -> type[RecordSchema]:
    """The schema of records of `model`."""
    return _SCHEMAS[model]


def state_of(record: Record, schema: RecordSchema | None = None) -> State:
    """The state of a record, as it has been flushed."""
    state: State = (schema or schema_of(type(record))()).dump(record)
    created_revision = record.created_revision if isinstance(record, Position) else None
    return _completed(state, type(record), record.version, created_revision)


def states_of(session: Session, model: type[Record], ids: Sequence[int]) -> Iterator[State]:
    """The states of the records of `model` with these ids, in their order, as they are stored."""
    reader = reader_of(model, schema_of(model))
    for some in batched(ids, _AT_ONCE):
        rows = reader.rows(session, _with_ids(model), {"ids": some})
        found: dict[int, State] = {}
        for row, state in zip(rows, reader.dump(session, rows), strict=True):
            *_, identifier, version, created_revision = row
            found[identifier] = _completed(state, model, version, created_revision)
        yield from (found[identifier] for identifier in some)


def _completed(
    state: State, model: type[Record], version: int, created_revision: int | None
) -> State:
    """The state of a record of `model`, from what its schema shows of it."""
    state["version"] = version
    if model is Position:
        state["created_revision"] = created_revision
        state.pop("ends_on", None)
    return state


def writable(schema: RecordSchema, state: State) -> State:
    """What can be written of a state, which an earlier release may have left."""
    return {name: state[name] for name in schema.load_fields if name in state}


@cache
def _with_ids(model: type[Record]) -> Select[Any]:
    """What reads states: made once, as that takes a while."""
    created_revision = Position.created_revision if model is Position else null()
    statement = in_scope(model, None).where(is_among(model.id, bindparam("ids", type_=Ids())))
    reader = reader_of(model, schema_of(model))
    return reader.select(statement, model.id, model.version, created_revision)


def key_of_state(model: type[Record], state: State) -> str:
    """What stands for the record in addresses."""
    name = "id" if model is Position else "party" if model is Participant else "slug"
    return str(state[name])


def note_write(
    session: Session, action: Action, record: Record, before: State | None, after: State | None
) -> None:
    """Note what was done to one record."""
    owner = record if isinstance(record, Negotiation) else None
    if isinstance(record, Owned):
        owner = session.get_one(Negotiation, record.negotiation_id)
    note(session, [noted(action, type(record), owner, before, after)])


def noted(
    action: Action,
    model: type[Record],
    owner: Negotiation | None,
    before: State | None,
    after: State | None,
) -> Noted:
    """The change of a record of `model` that `owner` owns, from its states before and after."""
    state = after or before
    assert state is not None
    return Noted(
        action,
        model.noun,
        parse_id(state["id"]),
        key_of_state(model, state),
        None if owner is None else owner.id,
        None if owner is None else owner.slug,
        write_state(before),
        write_state(after),
        audiences_of(model.noun, before, after),
    )


def note_created(
    session: Session, model: type[Record], ids: Sequence[int], owner: Negotiation | None
) -> None:
    """Note that the records of `model` with these ids are new."""
    states = states_of(session, model, ids)
    note(session, (noted(Action.CREATED, model, owner, None, after) for after in states))


def states_by_id(session: Session, records: Sequence[Record]) -> dict[int, State]:
    """The states of records of any kind, as they are stored, by their ids."""
    ids: dict[type[Record], list[int]] = defaultdict(list)
    for record in records:
        ids[type(record)].append(record.id)
    return {
        identifier: state
        for model, some in ids.items()
        for identifier, state in zip(some, states_of(session, model, some), strict=True)
    }


def note_together(
    session: Session,
    negotiation: Negotiation,
    written: Sequence[Record],
    gone: Sequence[Record],
    before: Mapping[int, State],
    is_new: Action = Action.CREATED,
) -> None:
    """Note what was written and deleted at once, each change after those that it rests on.

    `before` has the states, by id, of what was there; `is_new` is what was done to what was not.
    """
    for model in _SCHEMAS:
        records = [record for record in written if type(record) is model]
        states = states_of(session, model, [record.id for record in records])
        for record, after in zip(records, states, strict=True):
            was = before.get(record.id)
            action = is_new if was is None else Action.CHANGED
            if is_catalogue(model):
                note(session, [noted(action, model, None, was, after)])
                # What comes with a negotiation belongs to its history, too.
                note_shown(session, record, {negotiation.id} if was is None else set())
            else:
                note(session, [noted(action, model, negotiation, was, after)])
    for record in reversed(gone):
        deleted = noted(Action.DELETED, type(record), negotiation, before[record.id], None)
        note(session, [deleted])


def note_removal(session: Session, negotiation: Negotiation) -> None:
    """Note the deletion of a negotiation with all that it owns, which is all there still."""
    note_gone(session, negotiation)
    for section in reversed(list(SECTIONS.values())):
        if issubclass(section.model, Owned):
            note(session, _deletions(session, section.model, negotiation))


def _deletions(session: Session, model: type[Owned], negotiation: Negotiation) -> Iterator[Noted]:
    last = -1
    owned = select(model.id).where(model.negotiation_id == negotiation.id).order_by(model.id)
    while ids := session.scalars(owned.where(model.id > last).limit(_AT_ONCE)).all():
        for before in states_of(session, model, ids):
            yield noted(Action.DELETED, model, negotiation, before, None)
        last = ids[-1]


def note_import(
    session: Session, negotiation: Negotiation, first: int, count: int, fingerprint: str
) -> None:
    """Note that positions with `count` ids in a row, from `first` on, have been imported.

    Not each by itself: what they are stands in the record, and at which revision they were created.
    """
    after = {
        "records": count,
        "first": format_id(first),
        "last": format_id(first + count - 1),
        "fingerprint": fingerprint,
    }
    made = (Action.IMPORTED, Position.noun, None, None, negotiation.id, negotiation.slug)
    note(session, [Noted(*made, None, write_state(after))])
