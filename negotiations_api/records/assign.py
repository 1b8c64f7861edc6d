"""Between what a schema reads and a record: loading, merging, and setting attributes."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, missing
from sqlalchemy import inspect

from negotiations_api.models import Record
from negotiations_api.records.faults import Fault, Invalid, faults_of
from negotiations_api.records.find import part_schema
from negotiations_api.records.resolve import Found
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


def says_the_same(schema: Schema, record: Record, data: Mapping[str, Any]) -> bool:
    """Whether loaded `data` is what `record` is already; what it does not say stays as it is."""
    there = load(schema, schema.dump(record))
    return there == there | dict(data)


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
    merged: dict[str, Any] = merge_values(schema.dump(record), patch)
    # Taken out is left out, which of some fields means that they stay: null of those is null.
    kept = (name for name, field in schema.load_fields.items() if is_kept(field))
    return merged | {name: None for name in kept if name in patch and patch[name] is None}


def is_kept(field: fields.Field[Any]) -> bool:
    """Whether a field that may be null stays as it is where it is left out."""
    return bool(field.allow_none) and field.load_default is missing and not field.required


def merge_values(target: Any, patch: Any) -> Any:
    """`target` with `patch` merged into it (RFC 7396); null takes a field out.

    A name that `target` has not, as every field of a record does, stays, so that the schema can say
    that there is no such field.
    """
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None and (name in merged or not merged):
            merged.pop(name, None)
        else:
            merged[name] = merge_values(merged.get(name), value)
    return merged


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
