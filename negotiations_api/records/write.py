"""Writing records: checked as wholes, written whole, never half."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields
from sqlalchemy import delete, inspect, or_, select
from sqlalchemy.orm import Session

from negotiations_api.compare.date import first_day
from negotiations_api.models import Demand, Negotiation, Owned, Position, Record
from negotiations_api.models.position import supersede
from negotiations_api.models.references import referring
from negotiations_api.records.faults import Conflict, Fault, Invalid, Other, faults_of
from negotiations_api.records.find import in_scope, key_column, part_schema
from negotiations_api.records.resolve import Found, resolve
from negotiations_api.schemas.document import SECTIONS
from negotiations_api.schemas.fields import Reference, References


def load(schema: Schema, payload: Any) -> dict[str, Any]:
    """`payload` as `schema` reads it. Raises Invalid."""
    data, faults = load_partly(schema, payload)
    if faults:
        raise Invalid(faults)
    return data


def load_partly(schema: Schema, payload: Any) -> tuple[dict[str, Any], list[Fault]]:
    """The fields of `payload` that `schema` reads, and what is wrong with the others."""
    try:
        return schema.load(payload), []
    except ValidationError as error:
        messages: Any = error.messages
        valid: Any = error.valid_data
        attributes = {
            field.attribute or name
            for name, field in schema.load_fields.items()
            if name not in messages
        }
        data = {name: value for name, value in (valid or {}).items() if name in attributes}
        return data, list(faults_of(messages))


def create(
    session: Session,
    model: type[Record],
    schema: Schema,
    payload: Any,
    negotiation: Negotiation | None,
) -> Record:
    """A new record of `model`, flushed. Raises Invalid, and Conflict if its like is there."""
    data = load(schema, payload)
    found = resolve(session, negotiation, schema, data)
    record = model()
    if isinstance(record, Owned) and negotiation is not None:
        record.negotiation_id = negotiation.id
    assign(record, schema, data, found)
    check(record)
    _refuse_twin(session, record)
    session.add(record)
    session.flush()
    _keep_history(session, record, None)
    return record


def replace(
    session: Session,
    record: Record,
    schema: Schema,
    payload: Any,
    negotiation: Negotiation | None,
) -> bool:
    """Make `record` what `payload` says; whether that changed it. Raises Invalid and Conflict."""
    data = load(schema, payload)
    if load(schema, schema.dump(record)) == data:
        return False
    _refuse_new_key(record, schema, data)
    found = resolve(session, negotiation, schema, data)
    rewrite(session, record, schema, data, found)
    return True


def rewrite(
    session: Session, record: Record, schema: Schema, data: Mapping[str, Any], found: Found
) -> None:
    """Write loaded and resolved `data` over `record`, and flush it."""
    before = _history(record)
    clear_parts(record, schema)
    session.flush()
    assign(record, schema, data, found)
    check(record)
    _refuse_twin(session, record)
    record.touch()
    session.flush()
    if isinstance(record, Demand):
        refuse_stranded(session, record)
    _keep_history(session, record, before)


def clear_parts(record: Record, schema: Schema) -> None:
    """Empty the lists of parts of `record`.

    To be flushed before new parts come: what is unique among the old ones may come back.
    """
    for name, field in schema.load_fields.items():
        if isinstance(field, fields.List) and part_schema(field) is not None:
            getattr(record, field.attribute or name).clear()


def merge(record: Record, schema: Schema, patch: Any) -> Any:
    """The record with `patch` merged into it (JSON Merge Patch, RFC 7396), not yet checked."""
    if not isinstance(patch, dict):
        raise Invalid([Fault("", "A merge patch is an object, in braces.")])
    return merge_values(schema.dump(record), patch)


def merge_values(target: Any, patch: Any) -> Any:
    """`target` with `patch` merged into it (RFC 7396); null takes a field out."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_values(merged.get(name), value)
    return merged


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
            [_other(session, position) for position in stranded],
        )


def remove(session: Session, record: Record) -> None:
    """Delete `record` and its parts. Raises Conflict, with what refers to it."""
    others = referring(session, record)
    if others:
        raise Conflict(
            f"{record.noun.capitalize()} '{record.key}' cannot go while others refer to it: "
            "change or delete those first.",
            [_other(session, other) for other in others],
        )
    before = _history(record)
    if isinstance(record, Negotiation):
        _remove_owned(session, record)
    session.delete(record)
    session.flush()
    if before:
        supersede(session, [before])
        session.flush()


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


def assign(record: Any, schema: Schema, data: Mapping[str, Any], found: Found) -> None:
    """Set the attributes of `record` from loaded `data`, with references resolved by `found`."""
    mapper = inspect(type(record))
    for name, field in schema.load_fields.items():
        attribute = field.attribute or name
        if attribute not in data:
            continue
        value = data[attribute]
        nested = part_schema(field)
        if isinstance(field, Reference):
            value = None if value is None else found[field.noun, value]
        elif isinstance(field, References):
            value = [found[field.noun, slug] for slug in value]
        elif nested is not None and attribute in mapper.composites:
            value = None if value is None else mapper.composites[attribute].composite_class(**value)
        elif nested is not None:
            part = mapper.relationships[attribute].mapper.class_
            value = [_part(part, nested, item, found, i) for i, item in enumerate(value)]
        setattr(record, attribute, value)


def _part(part: Any, schema: Schema, data: Mapping[str, Any], found: Found, ordinal: int) -> Any:
    made = part(ordinal=ordinal)
    assign(made, schema, data, found)
    return made


def check(record: Record) -> None:
    """Raise Invalid for what is wrong with the record as a whole."""
    faults = [Fault(at, detail) for at, detail in record.refusals()]
    if faults:
        raise Invalid(faults)


def _refuse_new_key(record: Record, schema: Schema, data: Mapping[str, Any]) -> None:
    field = "party" if record.noun == "participant" else "slug"
    if field in schema.fields and not isinstance(record, Position) and data[field] != record.key:
        raise Invalid(
            [
                Fault(
                    f"/{field}",
                    f"The {field} of a {record.noun} stays as it is, '{record.key}', since others "
                    "name it by that: make another one and delete this.",
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
        )
    else:
        statement = scope.where(key_column(type(record)) == record.key)
        if isinstance(record, Owned):
            statement = statement.where(type(record).negotiation_id == record.negotiation_id)
    twin = session.scalar(statement)
    if twin is None or twin is record:
        return
    if isinstance(twin, Position):
        raise Conflict(
            f"A position of '{twin.participant.slug}' on '{twin.demand.slug}' that begins on "
            f"{twin.begins_on} is there already: change that one, or give another date.",
            [_other(session, twin)],
        )
    raise Conflict(
        f"There is a {record.noun} '{record.key}' already: change that one, "
        "or give the new one another name.",
        [_other(session, twin)],
    )


def _other(session: Session, record: Record) -> Other:
    negotiation = (
        session.get_one(Negotiation, record.negotiation_id) if isinstance(record, Owned) else None
    )
    return Other(record.noun, record.key, negotiation.slug if negotiation else None)


def _history(record: Record) -> tuple[int, int] | None:
    return (record.demand_id, record.party_id) if isinstance(record, Position) else None


def _keep_history(session: Session, record: Record, before: tuple[int, int] | None) -> None:
    """Set anew the ends of the positions around one that was written."""
    after = _history(record)
    histories = [history for history in (before, after) if history is not None]
    if histories:
        supersede(session, histories)
        session.flush()
