"""The examples in the OpenAPI file: records of the example talks, and the addresses they have."""

from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from marshmallow import Schema, fields, missing

from negotiations_api.http.addresses import COLLECTIONS
from negotiations_api.http.json_schema import Json
from negotiations_api.http.representations import NDJSON, json_bytes
from negotiations_api.records.find import part_schema
from negotiations_api.records.strict_json import read_json
from negotiations_api.records.strict_yaml import read_yaml
from negotiations_api.render.csv import table_csv
from negotiations_api.render.record import list_table
from negotiations_api.schemas.document import SECTIONS
from negotiations_api.schemas.fields import Included, References

KEYS = {
    "negotiation": "us-dprk",
    "party": "usa",
    "issue": "sanctions-relief",
    "source": "yonhap-2019-09-16",
    "participant": "usa",
    "audience": "prk-team",
    "demand": "cvid",
    "meeting": "hanoi",
    "account": "hanoi-usa",
    "commitment": "prk-suspends-tests",
    "event": "xi-visits-pyongyang",
}
"""What stands for a record of each kind in an address; positions have only ids."""

AUDIENCE = {"slug": "prk-team", "title": "The team of North Korea", "members": ["prk-desk"]}
"""What the example talks have none of, since all of them are for everybody."""

POSITION_KEY = {"party": "usa", "demand": "sanctions-relief", "date": "2019-03-11"}
"""What stands for the position of the examples in a document: a conditional one."""

ID = "05SRWV8QS9HKA"
_MADE_BY_THE_SERVICE = {
    "id": ID,
    "created_at": "2019-10-31T12:00:00.000Z",
    "updated_at": "2019-10-31T12:00:00.000Z",
    "recorded_by": "analyst",
    "changed_by": "analyst",
    "ends_on": None,
}
_CHANGED_FIRST = ("summary", "title", "name", "role", "delegate", "quotation", "text", "date")
"""Which field the example of a patch changes: the first of these that there is."""


@cache
def document() -> Json:
    """The example talks, as a document."""
    example = files("negotiations_api") / "examples" / "us-dprk.yaml"
    value: Json = read_yaml(example.read_bytes()).value
    return value


@cache
def excerpt() -> Json:
    """A document with some of the example talks, which can be loaded as it is."""
    demands = ("sanctions-relief", "cvid")
    chosen: dict[str, Callable[[Json], bool]] = {
        "parties": lambda one: one["slug"] in {"un", "usa", "prk"},
        "issues": lambda one: one["slug"] in {"sanctions-relief", "denuclearisation"},
        "participants": lambda one: one["party"] in {"usa", "prk"},
        "demands": lambda one: one["slug"] in demands,
        "positions": lambda one: (
            one["demand"] in demands
            and "meeting" not in one
            and all(
                slug in demands
                for condition in one.get("conditions", ())
                for slug in condition.get("demands", ())
            )
        ),
    }
    sections = {
        name: [_without_sources(one) for one in document()[name] if is_chosen(one)]
        for name, is_chosen in chosen.items()
    }
    return {"negotiation": document()["negotiation"], **sections}


def _without_sources(one: Json) -> Json:
    return {name: value for name, value in one.items() if name != "citations"}


@cache
def record(noun: str) -> Json:
    """The record of `noun` that the examples are about, as a client writes it."""
    if noun == "negotiation":
        talks: Json = document()["negotiation"]
        return talks
    if noun == "audience":
        return AUDIENCE
    section = COLLECTIONS[noun]
    key = POSITION_KEY if noun == "position" else {SECTIONS[section].schema.key[0]: KEYS[noun]}
    records: list[Json] = document()[section]
    return next(one for one in records if key.items() <= one.items())


def fresh(noun: str) -> Json:
    """The same as another record, which is not there yet: an example that can be tried out."""
    if noun == "position":
        return {**record(noun), "date": "2020-01"}
    own = {name: value for name, value in record(noun).items() if name != "iso_3166"}
    return {**own, "slug": f"{own['slug']}-as-well"} if "slug" in own else own


def value_of(noun: str, name: str) -> Any:
    """What the record, or else another one of its kind, says in the field `name`, if any does."""
    others = document().get(COLLECTIONS[noun], [])
    return next((one[name] for one in (record(noun), *others) if name in one), None)


def part(noun: str, name: str, schema: Schema) -> Json:
    """The first of the parts in the field `name` of that record; else what its fields name."""
    parts = record(noun).get(name)
    if parts:
        first: Json = parts[0]
        return first
    return {
        name: field.metadata["examples"][0]
        for name, field in schema.fields.items()
        if "examples" in field.metadata
    }


def shown(schema: Schema, given: Mapping[str, Any]) -> Json:
    """A record as an answer shows it: with the fields that were not `given`."""
    implied = getattr(schema, "implied", {})
    return {
        name: _shown(field, name, {**implied, **given})
        for name, field in schema.fields.items()
        if not isinstance(field, Included)
    }


def _shown(field: fields.Field[Any], name: str, given: Mapping[str, Any]) -> Any:
    if field.dump_only:
        return _MADE_BY_THE_SERVICE.get(name)
    if name not in given:
        default = field.load_default
        if default is missing:
            return None
        return read_json(json_bytes(default() if callable(default) else default))
    value, nested = given[name], part_schema(field)
    if isinstance(field, References):
        return sorted(value)
    if nested is None or isinstance(_inner(field), fields.Pluck) or value is None:
        return value
    if isinstance(value, list):
        return [shown(nested, one) for one in value]
    return shown(nested, value)


def _inner(field: fields.Field[Any]) -> Any:
    return field.inner if isinstance(field, fields.List) else field


def patch_of(given: Json) -> Json:
    """A merge patch of a record or part: one field of it."""
    name = next((name for name in _CHANGED_FIRST if name in given), next(iter(given)))
    return {name: given[name]}


def row(given: Json, media: str) -> str:
    """A body with one of many records, as NDJSON or CSV."""
    if media == NDJSON:
        return json_bytes(given).decode()
    return table_csv(list_table([given], list(given)))
