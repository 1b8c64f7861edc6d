"""Filters of lists: which parameters a resource takes, and the conditions that they make."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

from marshmallow import Schema, fields
from sqlalchemy import ColumnElement, and_, inspect

from negotiations_api.compare.date import first_day, last_day
from negotiations_api.http.pages import DEFAULT_LIMIT, LARGEST_LIMIT, Sort
from negotiations_api.http.query import Whole
from negotiations_api.models import Participant, Party, Position, Record
from negotiations_api.schemas.base import StrictSchema
from negotiations_api.schemas.fields import Choice, Date, Reference, References, Slug, Text

ON = "on"
"""The filter of positions by the date on which they hold."""


class Count(StrEnum):
    """Whether a list says how many records there are in all."""

    EXACT = "exact"


def list_query(
    schema: type[Schema], filters: Sequence[str], sorts: Sequence[str]
) -> type[StrictSchema]:
    """The query parameters of a list: its filters, then sort, limit, after and count."""
    known = schema().fields
    parameters: dict[str, Any] = {}
    for name in filters:
        if name == ON:
            parameters[name] = Date(metadata={"description": "What holds on that date."})
        elif isinstance(known[name], Date):
            parameters[name] = Date(metadata={"description": "That date, as it was written."})
            parameters[f"{name}_gte"] = Date(
                data_key=f"{name}.gte", metadata={"description": "That date or later."}
            )
            parameters[f"{name}_lte"] = Date(
                data_key=f"{name}.lte", metadata={"description": "That date or earlier."}
            )
        else:
            parameters[name] = _parameter(known[name])
    parameters["sort"] = Sort(sorts, load_default=(sorts[0], False))
    parameters["limit"] = Whole(
        1, LARGEST_LIMIT, load_default=DEFAULT_LIMIT, metadata={"description": "At most so many."}
    )
    parameters["after"] = fields.String(
        metadata={"description": "Where the page begins: take it from the next link of a page."}
    )
    parameters["count"] = Choice(
        Count, metadata={"description": "Also say how many there are in all."}
    )
    return type("ListQuery", (StrictSchema,), parameters)


def _parameter(field: fields.Field[Any]) -> fields.Field[Any]:
    """A query parameter that takes one value of a record's field."""
    match field:
        case Choice():
            return Choice(field.enum)
        case References() | Reference():
            return Reference(field.noun)
        case Slug():
            return Slug()
        case Text():
            return Text(field.longest)
    raise TypeError(f"a {type(field).__name__} cannot be filtered by")


def conditions(
    model: type[Record], schema: Schema, query: Mapping[str, Any]
) -> Iterator[ColumnElement[bool]]:
    """The conditions that the filters in `query` put on records of `model`."""
    for name, value in query.items():
        if name == ON:
            day = last_day(value)
            yield and_(Position.begins_on <= day, Position.ends_on >= day)
            continue
        field_name = name.removesuffix("_gte").removesuffix("_lte")
        if field_name not in schema.fields:
            continue  # sort, limit, after, count
        attribute = getattr(model, schema.fields[field_name].attribute or field_name)
        if name.endswith("_gte"):
            yield attribute >= _coarsest(value)
        elif name.endswith("_lte"):
            yield attribute <= last_day(value)
        elif (relationship := inspect(model).relationships.get(attribute.key)) is None:
            yield attribute == value
        elif relationship.mapper.class_ is Participant:
            yield attribute.has(Participant.party.has(Party.slug == value))
        elif relationship.uselist:
            yield attribute.any(relationship.mapper.class_.slug == value)
        else:
            yield attribute.has(relationship.mapper.class_.slug == value)


def _coarsest(date: str) -> str:
    """The coarsest date with the first day of `date`: the least text that sorts with that day."""
    day = first_day(date)
    return day.removesuffix("-01").removesuffix("-01") if day.endswith("-01") else day
