"""Filters of lists: which parameters a resource takes, and the conditions that they make.

One convention: ``field=value`` is what has that value (a date: what begins in it); an operator
stands behind a full stop. ``field.in=a,b`` is one of several, ``field.not_in=a,b`` none of them;
``.gte``, ``.gt``, ``.lte`` and ``.lt`` compare dates, numbers and moments; ``field.exists=true`` is
what has any value.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from marshmallow import fields
from sqlalchemy import ColumnElement, and_, not_, or_, select
from sqlalchemy.orm import RelationshipProperty

from negotiations_api.compare.date import first_day, last_day
from negotiations_api.http.parameters import Decimal, Instant, Listed, One, Separated, Truth
from negotiations_api.models import Demand, Issue, Position, Record, Source
from negotiations_api.models.citation import Citation, Citing
from negotiations_api.schemas.base import RecordSchema
from negotiations_api.schemas.fields import (
    Choice,
    Date,
    Moment,
    Number,
    Pattern,
    Reference,
    References,
    Text,
    Url,
)

Condition = Callable[[Any], ColumnElement[bool]]

_COMPARED = {
    "gte": "That or later.",
    "gt": "Later than that.",
    "lte": "That or earlier.",
    "lt": "Earlier than that.",
}
_MEASURED = {
    "gte": "That or more.",
    "gt": "More than that.",
    "lte": "That or less.",
    "lt": "Less than that.",
}
_NONE_OF = {"description": "Only those that have none of these."}


@dataclass(frozen=True, slots=True)
class Filter:
    """One parameter, what reads it, and the condition that a value of it makes.

    Where it names records of a `noun`, the condition takes these records.
    """

    name: str
    field: fields.Field[Any]
    condition: Condition
    noun: str | None = None

    @property
    def key(self) -> str:
        """Its name in a schema, where a full stop would mean a part."""
        return self.name.replace(".", "_")


def filters_of(
    model: type[Record], schema: RecordSchema, names: Sequence[str]
) -> tuple[Filter, ...]:
    """The filters of records of `model` by fields, by its times, and special ones."""
    made: list[Filter] = []
    own = ("slug",) if "slug" in schema.fields else ()
    for name in (*own, *names, "created_at", "updated_at"):
        field = schema.fields[name]
        made += _of_field(name, field, getattr(model, field.attribute or name))
        if field.allow_none:
            made.append(_existing(name, getattr(model, field.attribute or name)))
    return (*made, *_special(model))


def _of_field(name: str, field: fields.Field[Any], attribute: Any) -> Iterator[Filter]:
    match field:
        case Date():
            yield Filter(name, Date(metadata=_within), partial(_is_within, attribute))
            yield from _compared(name, Date, _DATES, attribute)
        case Moment():
            yield from _compared(name, Instant, _PLAIN, attribute)
        case Number():
            yield Filter(name, Decimal(), attribute.__eq__)
            yield from _compared(name, Decimal, _PLAIN, attribute)
        case References() | Reference():
            yield from _of_records(name, field.noun, attribute)
        case Choice():
            yield from _of_words(name, partial(Choice, field.enum), attribute)
        case Pattern() if not isinstance(field, Url):
            advice = partial(Pattern, field.longest, field.pattern.pattern, field.advice)
            yield from _of_words(name, advice, attribute)
        case Text():
            examples = {k: v for k, v in field.metadata.items() if k == "examples"}
            text = Url() if isinstance(field, Url) else Text(field.longest, metadata=examples)
            yield Filter(name, text, attribute.__eq__)
        case _:
            raise TypeError(f"a {type(field).__name__} cannot be filtered by")


def _of_words(name: str, make: Callable[[], fields.Field[Any]], attribute: Any) -> Iterator[Filter]:
    yield Filter(name, make(), attribute.__eq__)
    yield Filter(f"{name}.in", Separated(make()), attribute.in_)
    yield Filter(
        f"{name}.not_in",
        Separated(make(), metadata=_NONE_OF),
        lambda values: or_(attribute.is_(None), attribute.not_in(values)),
    )


def _of_records(name: str, noun: str, attribute: Any) -> Iterator[Filter]:
    yield Filter(name, One(noun, several=f"{name}.in"), partial(_refers, attribute), noun)
    yield Filter(f"{name}.in", Listed(noun), partial(_refers, attribute), noun)
    yield Filter(
        f"{name}.not_in",
        Listed(noun, metadata=_NONE_OF),
        partial(_refers_to_none_of, attribute),
        noun,
    )


def _refers(attribute: Any, records: Sequence[Record]) -> ColumnElement[bool]:
    """What refers to any of `records` by a relationship."""
    relationship = attribute.property
    if relationship.uselist:
        target = relationship.mapper.class_
        condition: ColumnElement[bool] = attribute.any(target.id.in_([r.id for r in records]))
        return condition
    local, remote = _foreign_key(attribute)
    return local.in_([getattr(record, remote) for record in records])


def _refers_to_none_of(attribute: Any, records: Sequence[Record]) -> ColumnElement[bool]:
    referring = _refers(attribute, records)
    if attribute.property.uselist:
        return not_(referring)
    return or_(_foreign_key(attribute)[0].is_(None), not_(referring))


def _foreign_key(attribute: Any) -> tuple[ColumnElement[Any], str]:
    """The column that refers, and the name of what it refers to, apart from the negotiation."""
    pairs = [
        (local, remote.key)
        for local, remote in attribute.property.local_remote_pairs
        if local.key != "negotiation_id"
    ]
    (pair,) = pairs
    return pair


def _existing(name: str, attribute: Any) -> Filter:
    """What has, or has not, any value in a field that may be empty."""
    is_reference = isinstance(attribute.property, RelationshipProperty)
    column: ColumnElement[Any] = _foreign_key(attribute)[0] if is_reference else attribute

    def exists(wanted: bool) -> ColumnElement[bool]:
        return column.is_not(None) if wanted else column.is_(None)

    field = Truth(metadata={"description": "Whether there is any."})
    return Filter(f"{name}.exists", field, exists)


def _compared(
    name: str,
    read: Callable[..., fields.Field[Any]],
    conditions: Mapping[str, Callable[[Any, Any], ColumnElement[bool]]],
    attribute: Any,
) -> Iterator[Filter]:
    for operator, condition in conditions.items():
        said = _MEASURED if read is Decimal else _COMPARED
        field = read(metadata={"description": said[operator]})
        yield Filter(f"{name}.{operator}", field, partial(condition, attribute))


_within = {"description": "What begins on that day, in that month or in that year."}


def _is_within(column: Any, date: str) -> ColumnElement[bool]:
    return and_(_DATES["gte"](column, date), _DATES["lte"](column, date))


def _coarsest(date: str) -> str:
    """The coarsest date with the first day of `date`: the least text that sorts with that day."""
    day = first_day(date)
    return day.removesuffix("-01").removesuffix("-01") if day.endswith("-01") else day


_PLAIN: Mapping[str, Callable[[Any, Any], ColumnElement[bool]]] = {
    "gte": lambda column, value: column >= value,
    "gt": lambda column, value: column > value,
    "lte": lambda column, value: column <= value,
    "lt": lambda column, value: column < value,
}
_DATES: Mapping[str, Callable[[Any, Any], ColumnElement[bool]]] = {
    "gte": lambda column, date: column >= _coarsest(date),
    "gt": lambda column, date: column > last_day(date),
    "lte": lambda column, date: column <= last_day(date),
    "lt": lambda column, date: column < _coarsest(date),
}
"""Dates by their first days, which is what their texts sort by."""


def _special(model: type[Record]) -> Iterator[Filter]:
    """What records are filtered by that is no field of theirs."""
    if model is Position:
        yield Filter("on", Date(metadata={"description": "What holds on that date."}), _holds_on)
    if hasattr(model, "demand_id"):
        yield from _through(
            "issue", Issue, lambda ids: _of_demands(model, Demand.issue_id.in_(ids))
        )
    if issubclass(model, Citing):
        cites = getattr(Citation, f"{model.noun}_id")
        yield from _through(
            "source",
            Source,
            lambda ids: model.id.in_(select(cites).where(Citation.source_id.in_(ids))),
        )


def _through(
    name: str, model: type[Record], condition: Callable[[list[int]], ColumnElement[bool]]
) -> Iterator[Filter]:
    def of_records(records: Sequence[Record]) -> ColumnElement[bool]:
        return condition([record.id for record in records])

    yield Filter(name, One(model.noun, several=f"{name}.in"), of_records, model.noun)
    yield Filter(f"{name}.in", Listed(model.noun), of_records, model.noun)


def _of_demands(model: Any, which: ColumnElement[bool]) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = model.demand_id.in_(select(Demand.id).where(which))
    return condition


def _holds_on(date: str) -> ColumnElement[bool]:
    day = last_day(date)
    return and_(Position.begins_on <= day, Position.ends_on >= day)
