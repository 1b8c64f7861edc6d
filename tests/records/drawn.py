"""Records of every kind, drawn from their schemas: what the tables hold, whatever the rules say."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st
from marshmallow import Schema, fields

from negotiations_api.models import Record
from negotiations_api.records.find import part_schema
from negotiations_api.schemas.base import RecordSchema
from negotiations_api.schemas.fields import (
    Choice,
    Date,
    Flag,
    Number,
    Reference,
    References,
    Text,
)

Known = Mapping[str, Sequence[str]]
"""The slugs that there are of each noun."""

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
DATES = st.builds(
    lambda year, *rest: "-".join([f"{year:04}", *(f"{one:02}" for one in rest)]),
    st.integers(1, 1989),  # before all that is there already
    st.integers(1, 12),
    st.integers(1, 28),
).flatmap(lambda date: st.sampled_from([date, date[:7], date[:4]]))
TIMES = st.integers(0, 2**52).map(
    lambda microseconds: (
        dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=microseconds)
    )
)
_ONE_OF_A_KIND = {"identifiers": "scheme", "claims": "topic"}


def loaded(schema: Schema, known: Known) -> st.SearchStrategy[dict[str, Any]]:
    """What `schema` might load, by attribute, with references to what is `known`."""
    drawn = {
        field.attribute or name: _field(name, field, known)
        for name, field in schema.load_fields.items()
    }
    return st.fixed_dictionaries(drawn).map(_with_ends_in_order)


def _field(name: str, field: fields.Field[Any], known: Known) -> st.SearchStrategy[Any]:
    value = _value(name, field, known)
    return st.none() | value if field.allow_none else value


def _value(  # noqa: C901  # a table of types
    name: str, field: fields.Field[Any], known: Known
) -> st.SearchStrategy[Any]:
    match field:
        case Text() if name == "slug":
            return st.uuids().map(lambda one: f"new-{one}")
        case Reference():
            return st.sampled_from(known[field.noun])
        case References():
            return st.lists(st.sampled_from(known[field.noun]), unique=True, max_size=4)
        case fields.List():
            schema = part_schema(field)
            assert schema is not None
            own = _ONE_OF_A_KIND.get(name)
            key = None if own is None else (lambda part: part[own])
            return st.lists(loaded(schema, known), max_size=3, unique_by=key)
        case fields.Nested():
            return loaded(field.schema, known)
        case Choice():
            return st.sampled_from(list(field.enum))
        case Number():
            low = -1e300 if field.low is None else field.low
            high = 1e300 if field.high is None else field.high
            whole = st.integers(int(max(low, -(2**60))), int(min(high, 2**60)))
            return whole.map(float) | st.floats(low, high)
        case Flag():
            return st.booleans()
        case Date():
            return DATES
        case Text():
            return TEXTS
        case _:
            raise TypeError(f"a {type(field).__name__} cannot be drawn")


def _with_ends_in_order(data: dict[str, Any]) -> dict[str, Any]:
    """A scale goes up, as the table insists."""
    if data.get("min") is not None and "max" in data:
        low, high = sorted((data["min"], data["max"]))
        return data | {"min": low, "max": high if low < high else abs(low) * 2 + 1}
    return data


def records(
    model: type[Record], schema: RecordSchema, known: Known
) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Up to three records, which do not stand in each other's way, with their times."""
    times = {"created_at": TIMES, "updated_at": TIMES}
    one = st.tuples(loaded(schema, known), st.fixed_dictionaries(times)).map(lambda b: b[0] | b[1])

    def key(data: dict[str, Any]) -> Any:
        if "participant" in data:
            return data["participant"], data["demand"], (data["date"] + "-01-01")[:10]
        return data["party"] if model.noun == "participant" else data["slug"]

    return st.lists(one, min_size=1, max_size=3, unique_by=key)
