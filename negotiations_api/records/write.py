"""Writing records: checked as wholes, written whole, never half."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from negotiations_api.compare.date import first_day
from negotiations_api.database import has_seen, last_revision
from negotiations_api.database.sight import (
    check_nothing_is_limited,
    check_sees_enough_to_write,
    sees,
)
from negotiations_api.models import (
    Action,
    Audience,
    Catalogued,
    Demand,
    Negotiation,
    Owned,
    Position,
    Record,
)
from negotiations_api.models.references import referring
from negotiations_api.records.assign import assign, clear_parts, load_partly, says_the_same
from negotiations_api.records.faults import Conflict, Fault, Invalid, Other
from negotiations_api.records.find import in_scope, key_column
from negotiations_api.records.noting import note_removal, note_write, state_of
from negotiations_api.records.resolve import Found, resolve
from negotiations_api.records.returning import continue_from, like
from negotiations_api.records.seen import State
from negotiations_api.records.succession import Succession, supersede
from negotiations_api.schemas.base import RecordSchema
from negotiations_api.schemas.document import SECTIONS
from negotiations_api.schemas.strict import one


def create(
    session: Session,
    model: type[Record],
    schema: RecordSchema,
    payload: Any,
    negotiation: Negotiation | None,
    returning: tuple[State, State] | None = None,
) -> Record:
    """A new record of `model`, flushed. Raises Invalid, and Conflict if its like is there.

    Or one that comes back: `returning` has the state that it is to have, and its last one.
    """
    data, found = _read(session, schema, payload, negotiation)
    record = model() if returning is None else like(model, returning[0])
    if isinstance(record, Owned) and negotiation is not None:
        record.negotiation_id = negotiation.id
    assign(record, schema, data, found)
    check(record)
    check_sees_enough_to_write(session, record)
    _refuse_twin(session, record)
    if isinstance(record, Negotiation):
        record.revision = last_revision(session, record.slug)  # goes on where one like it ended
    session.add(record)
    session.flush()
    if returning is not None:
        state, last = returning
        continue_from(session, record, state, last["version"])
    _keep_succession(session, record, None)
    action = Action.CREATED if returning is None else Action.RESTORED
    note_write(session, action, record, None, state_of(record, schema))
    return record


def replace(
    session: Session,
    record: Record,
    schema: RecordSchema,
    payload: Any,
    negotiation: Negotiation | None,
    action: Action = Action.CHANGED,
) -> bool:
    """Make `record` what `payload` says; whether that changed it. Raises Invalid and Conflict."""
    data, found = _read(session, schema, payload, negotiation)
    if says_the_same(schema, record, data):
        return False
    _refuse_new_key(record, schema, data)
    rewrite(session, record, schema, data, found, action)
    return True


def _read(
    session: Session, schema: RecordSchema, payload: Any, negotiation: Negotiation | None
) -> tuple[dict[str, Any], Found]:
    """What `payload` says, and the records that it refers to.

    Raises Invalid, with all that is wrong of both: nobody likes to be told of mistakes one by one.
    """
    data, faults = load_partly(schema, payload)
    try:
        found = resolve(session, negotiation, schema, data, payload)
    except Invalid as error:
        raise Invalid([*faults, *error.faults]) from None
    if faults:
        raise Invalid(faults)
    return data, found


def rewrite(
    session: Session,
    record: Record,
    schema: RecordSchema,
    data: Mapping[str, Any],
    found: Found,
    action: Action = Action.CHANGED,
) -> None:
    """Write loaded and resolved `data` over `record`, and flush it."""
    state, before = state_of(record, schema), _succession(record)
    clear_parts(record, schema)
    session.flush()
    assign(record, schema, data, found)
    check(record)
    check_sees_enough_to_write(session, record)
    _refuse_twin(session, record)
    record.touch()
    session.flush()
    if isinstance(record, Demand):
        refuse_stranded(session, record)
        refuse_exposed(session, record)
    _keep_succession(session, record, before)
    note_write(session, action, record, state, state_of(record, schema))


def refuse_stranded(session: Session, demand: Demand) -> None:
    """Raise Conflict if the scale of `demand` leaves the values of positions outside."""
    values = (Position.value, Position.reservation_value)
    if demand.scale is None:
        outside = [value.is_not(None) for value in values]
    else:
        outside = [~value.between(demand.scale.min, demand.scale.max) for value in values]
    stranded = session.scalars(
        select(Position).where(Position.demand_id == demand.id, or_(*outside)).limit(5)
    ).all()
    if stranded:
        raise Conflict(
            f"Positions on '{demand.slug}' have values that its scale leaves out: "
            "change those first, or give a wider scale.",
            _others(session, stranded),
        )


def refuse_exposed(session: Session, demand: Demand) -> None:
    """Raise Conflict if others refer to `demand` than those who see it may see."""
    if demand.audience is None:
        return
    exposed = referring(session, demand, beyond=demand.audience)
    if exposed:
        raise Conflict(
            f"'{demand.slug}' is limited to '{demand.audience.slug}', and what refers to it is "
            "not: limit or change that first.",
            _others(session, exposed),
        )


def remove(session: Session, record: Record) -> None:
    """Delete `record` and its parts. Raises Conflict, with what refers to it."""
    if isinstance(record, Audience) and has_seen(session, record):
        raise Conflict(
            f"The history has what only audience '{record.slug}' sees, so that it stays: "
            "take its members out instead."
        )
    if isinstance(record, Catalogued) and not isinstance(record, Negotiation):
        check_nothing_is_limited(session, "Deleting what all share")
    others = referring(session, record)
    if others:
        raise Conflict(
            f"{record.noun.capitalize()} '{record.key}' cannot go while others refer to it: "
            "change or delete those first.",
            _others(session, others),
        )
    state, before = state_of(record), _succession(record)
    if isinstance(record, Negotiation):
        note_removal(session, record)
        _remove_owned(session, record)
    note_write(session, Action.DELETED, record, state, None)
    session.delete(record)
    session.flush()
    if before:
        supersede(session, [before])


def _remove_owned(session: Session, negotiation: Negotiation) -> None:
    """Delete all that `negotiation` owns, what refers before what is referred to.

    Left to the cascade alone, PostgreSQL would check a reference from one table that is being
    emptied to another before it is through with both.
    """
    for section in reversed(list(SECTIONS.values())):
        if issubclass(section.model, Owned):
            session.execute(
                delete(section.model)
                .where(section.model.negotiation_id == negotiation.id)
                .execution_options(synchronize_session=False)
            )


def check(record: Record) -> None:
    """Raise Invalid for what is wrong with the record as a whole."""
    faults = [Fault(at, detail) for at, detail in record.refusals()]
    if faults:
        raise Invalid(faults)


def _refuse_new_key(record: Record, schema: RecordSchema, data: Mapping[str, Any]) -> None:
    field = "party" if record.noun == "participant" else "slug"
    if field in schema.fields and not isinstance(record, Position) and data[field] != record.key:
        raise Invalid(
            [
                Fault(
                    f"/{field}",
                    f"The {field} of {one(record.noun)} stays as it is, '{record.key}', since "
                    "others name it by that: make another one and delete this.",
                )
            ]
        )


def _refuse_twin(session: Session, record: Record) -> None:
    """Raise Conflict if another record stands where `record` is to stand."""
    scope = in_scope(type(record), None)
    if isinstance(record, Position):
        statement = scope.where(
            Position.demand_id == record.demand.id,
            Position.party_id == record.participant.party_id,
            Position.begins_on == first_day(record.date),
            Position.audience_id.is_not_distinct_from(record.audience and record.audience.id),
        )
    else:
        statement = scope.where(key_column(type(record)) == record.key)
        if isinstance(record, Owned):
            statement = statement.where(type(record).negotiation_id == record.negotiation_id)
    twin = session.scalar(statement)
    if twin is None or twin is record:
        return
    if not sees(session, twin):
        raise Conflict(f"'{record.key}' cannot be had here: give another name.", [])
    if isinstance(twin, Position):
        raise Conflict(
            f"A position of '{twin.participant.slug}' on '{twin.demand.slug}' that begins on "
            f"{twin.begins_on} is there already: change that one, or give another date.",
            [_other(session, twin)],
        )
    raise Conflict(
        f"There is {one(record.noun)} '{record.key}' already: change that one, "
        "or give the new one another name.",
        [_other(session, twin)],
    )


def _others(session: Session, records: Iterable[Record]) -> list[Other]:
    """Those of the records that are there for the caller, as it is told of them."""
    return [_other(session, record) for record in records if sees(session, record)]


def _other(session: Session, record: Record) -> Other:
    negotiation = (
        session.get_one(Negotiation, record.negotiation_id) if isinstance(record, Owned) else None
    )
    return Other(record.noun, record.key, negotiation.slug if negotiation else None)


def _succession(record: Record) -> Succession | None:
    return (record.demand_id, record.party_id) if isinstance(record, Position) else None


def _keep_succession(session: Session, record: Record, before: Succession | None) -> None:
    """Set anew the ends of the positions around one that was written."""
    after = _succession(record)
    supersede(session, (one for one in (before, after) if one is not None))
