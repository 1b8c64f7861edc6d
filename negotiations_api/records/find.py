"""Finding records by what stands for them in addresses, with all that their schema shows."""

import difflib
from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from marshmallow import Schema, fields
from sqlalchemy import BindParameter, Select, bindparam, inspect, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad as AbstractLoad

from negotiations_api.database.rights import rights_of, visible
from negotiations_api.database.sight import seen, sees
from negotiations_api.models import (
    Catalogued,
    Negotiation,
    Owned,
    Participant,
    Party,
    Position,
    Record,
)
from negotiations_api.models.base import kinds
from negotiations_api.models.identifier import parse_id
from negotiations_api.records.faults import Missing
from negotiations_api.schemas.fields import SLUG

R = TypeVar("R", bound=Record)

NOUNS = kinds()
"""Every kind of record, by its noun."""


def key_column(model: type[Any]) -> InstrumentedAttribute[str]:
    """The column with the slug that stands for a record of `model`."""
    column: InstrumentedAttribute[str] = Party.slug if model is Participant else model.slug
    return column


def in_scope(
    model: type[Record], negotiation: Negotiation | BindParameter[int] | None
) -> Select[Any]:
    """The records of `model`, those of `negotiation` where a negotiation owns them.

    A parameter stands for the id of one.
    """
    statement = select(model)
    if model is Participant:
        statement = statement.join(Participant.party)
    if issubclass(model, Owned) and negotiation is not None:
        owner = negotiation.id if isinstance(negotiation, Negotiation) else negotiation
        statement = statement.where(model.negotiation_id == owner)
    return statement


def find(
    session: Session,
    model: type[R],
    key: str,
    negotiation: Negotiation | None = None,
    *,
    options: Sequence[AbstractLoad] = (),
    lock: bool = False,
) -> R:
    """The record of `model` that `key` stands for. Raises Missing, which names what is near.

    What the caller may not see is not there for it.
    """
    record: R | None = None
    value = key_value(model, key)
    if value is not None:
        statement = _one_of(model, is_within=negotiation is not None, lock=lock)
        if options:
            statement = statement.options(*options)
        given = {"key": value, "negotiation": None if negotiation is None else negotiation.id}
        record = session.scalar(statement, given)
    if isinstance(record, Negotiation) and not rights_of(session).sees(record):
        record = None
    if record is None or not sees(session, record):
        raise missing(session, model, key, negotiation)
    return record


@cache
def _one_of(model: type[Record], *, is_within: bool, lock: bool) -> Select[Any]:
    """The record with a `key`, `is_within` a `negotiation`: made once, as that takes a while."""
    scope = in_scope(model, bindparam("negotiation") if is_within else None)
    statement = scope.where(found_by(model) == bindparam("key"))
    return statement.with_for_update(of=model) if lock else statement


def found_by(model: type[Record]) -> InstrumentedAttribute[Any]:
    """The column that the key of a record in addresses stands for: its slug, or its id."""
    column: InstrumentedAttribute[Any] = Position.id if model is Position else key_column(model)
    return column


def key_value(model: type[Record], key: str) -> int | str | None:
    """What is in that column for `key`; None if no record can have that key."""
    if model is Position:
        return parse_id(key)
    return key if SLUG.fullmatch(key) else None


def missing(
    session: Session, model: type[Record], key: str, negotiation: Negotiation | None
) -> Missing:
    """What to say if `key` stands for no record; it names what is near."""
    key = key[:80]
    where = "" if negotiation is None else f" in '{negotiation.slug}'"
    if model is Position:
        return Missing(f"There is no position '{key}'{where}.")
    advice = suggestion(session, model, key, negotiation)
    return Missing(f"There is no {model.noun} '{key}'{where}{advice}")


def suggestion(
    session: Session, model: type[Record], key: str, negotiation: Negotiation | None
) -> str:
    """What may have been meant by `key`: the end of a sentence that says it is not there."""
    scope = in_scope(model, negotiation).where(seen(session, model, negotiation))
    if model is Negotiation:
        scope = scope.where(visible(session))
    known = session.scalars(
        scope.with_only_columns(key_column(model)).order_by(key_column(model)).limit(5000)
    ).all()
    return near_names(key, known)


def near_names(key: str, known: Sequence[str]) -> str:
    """Which of the `known` names may have been meant by `key`: the end of that sentence."""
    near = difflib.get_close_matches(key, known, n=3, cutoff=0.6)
    if near:
        quoted = " or ".join(f"'{slug}'" for slug in near)
        return f"; did you mean {quoted}?"
    if not known:
        return "; there is none yet."
    shown = ", ".join(known[:12])
    return f"; there is {shown}{', ...' if len(known) > 12 else '.'}"


def eager(schema: Schema, model: type[Any]) -> list[AbstractLoad]:
    """Load with a record of `model` all that `schema` shows of it, whatever the number."""
    relationships = inspect(model).relationships
    options: list[AbstractLoad] = []
    for name, field in schema.fields.items():
        attribute = field.attribute or name
        if attribute not in relationships:
            continue
        relationship = relationships[attribute]
        load = selectinload if relationship.uselist else joinedload
        target = relationship.mapper.class_
        option = load(getattr(model, attribute))
        if target is Participant:
            option = option.joinedload(Participant.party)
        nested = part_schema(field)
        options.append(option.options(*eager(nested, target)) if nested else option)
    return options


def part_schema(field: fields.Field[Any]) -> Schema | None:
    """The schema of the parts that a field holds, one or a list of them; None if it holds none."""
    inner = field.inner if isinstance(field, fields.List) else field
    return inner.schema if isinstance(inner, fields.Nested) else None


def is_catalogue(model: type[Record]) -> bool:
    """Whether records of `model` are shown by negotiations but owned by none."""
    return issubclass(model, Catalogued) and model is not Negotiation
