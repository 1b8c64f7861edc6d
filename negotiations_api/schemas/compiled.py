"""A schema's dump, made once: what answers to questions are dumped by.

marshmallow asks every object for every field by name, through half a dozen calls. This asks for all
fields of an object at once, and leaves as they are those that are shown as they are. What a field
does in its own way is left to the field, and a schema with hooks to the schema: what comes out is
what `Schema.dump` makes, only sooner.
"""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

from marshmallow import Schema, fields

from negotiations_api.schemas.shown import Particular, is_list, is_part, show_of, shown_fields

Dump = Callable[[Any], Any]


def compile_dump(schema: Schema) -> Dump:
    """What `schema.dump` does to one object that has all its attributes."""
    try:
        shown = list(shown_fields(schema))
    except Particular:
        return schema.dump
    names = [name for name, _, _ in shown]
    shows = [_show(field) for _, _, field in shown]
    changed = [(name, show) for name, show in zip(names, shows, strict=True) if show is not None]
    get = _getter([attribute for _, attribute, _ in shown])

    def dump(value: Any) -> dict[str, Any]:
        made: dict[str, Any] = dict(zip(names, get(value), strict=True))
        for name, show in changed:
            if made[name] is not None:
                made[name] = show(made[name])
        return made

    return dump


def _getter(attributes: Sequence[str]) -> Callable[[Any], Sequence[Any]]:
    """What gets all attributes of an object, in order."""
    if len(attributes) == 1:
        (attribute,) = attributes
        get_one = attrgetter(attribute)
        return lambda value: (get_one(value),)
    return attrgetter(*attributes)


def _show(field: fields.Field[Any]) -> Dump | None:
    """What shows a value of `field` that is not None; None if it is shown as it is."""
    if is_part(field):
        return compile_dump(field.schema)  # type: ignore[attr-defined]
    if is_list(field):
        inner = _show(field.inner)  # type: ignore[attr-defined]
        return list if inner is None else lambda values: [_shown(inner, value) for value in values]
    if type(field) is fields.Integer and not field.as_string:
        return int
    try:
        return show_of(field)
    except Particular:
        return lambda value: field._serialize(value, None, None)  # noqa: SLF001  # its own way


def _shown(show: Dump, value: Any) -> Any:
    return None if value is None else show(value)
