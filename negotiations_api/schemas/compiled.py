"""A schema's dump, made once: what answers to questions are dumped by.

marshmallow asks every object for every field by name, through half a dozen calls. Here each schema
becomes one function of Python that makes the dictionary, as dataclasses make their methods: the
schema stays the only definition. What a field does in its own way is left to the field, and a
schema with hooks to the schema, so that it is never anything but what `Schema.dump` makes.
"""

from collections.abc import Callable
from typing import Any

from marshmallow import Schema, fields

from negotiations_api.schemas.fields import Choice
from negotiations_api.schemas.shown import (
    Particular,
    is_list,
    is_part,
    show_of,
    shown_fields,
    shows_as,
)

Dump = Callable[[Any], Any]


def compile_dump(schema: Schema) -> Dump:
    """What `schema.dump` does to one object that has all its attributes."""
    try:
        shown = list(shown_fields(schema))
    except Particular:
        return schema.dump
    names: dict[str, Any] = {}
    items = ", ".join(
        f"{name!r}: {_expression(field, f'it.{attribute}', names)}"
        for name, attribute, field in shown
    )
    exec(f"def dump(it):\n    return {{{items}}}", names)  # noqa: S102  # the schemas are ours  # nosec B102
    dump: Dump = names["dump"]
    return dump


def _expression(field: fields.Field[Any], value: str, names: dict[str, Any]) -> str:
    """The Python for what `field` shows of `value`, with the functions that it takes in `names`."""
    if is_list(field):
        show = _show(field.inner)  # type: ignore[attr-defined]
        if show is None:
            shown = "list(them)"
        else:
            shown = f"[None if one is None else {_name(show, names)}(one) for one in them]"
        return f"None if (them := {value}) is None else {shown}"
    show = _show(field)
    if show is None:
        return value
    return f"None if (one := {value}) is None else {_name(show, names)}(one)"


def _name(show: Dump, names: dict[str, Any]) -> str:
    name = f"show_{len(names)}"
    names[name] = show
    return name


def _show(field: fields.Field[Any]) -> Dump | None:
    """What shows a value of `field` that is not None; None if it is shown as it is."""
    if is_part(field):
        return compile_dump(field.schema)  # type: ignore[attr-defined]
    if type(field) is fields.Integer and not field.as_string:
        return int
    if shows_as(field, Choice):
        return None  # one of our enums is the text of its value
    try:
        return show_of(field)
    except Particular:
        return lambda value: field._serialize(value, None, None)  # noqa: SLF001  # its own way
