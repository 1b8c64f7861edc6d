"""What a schema's dump comes down to, where it is nothing but each field in its turn.

marshmallow asks every record for every field by name, through half a dozen calls. Where a field
shows a value whatever record it is of, all values of a column can be shown at once: this tells.
"""

from collections.abc import Callable, Iterator
from typing import Any

from marshmallow import Schema, fields
from marshmallow.decorators import POST_DUMP, PRE_DUMP
from marshmallow.utils import ensure_text_type

from negotiations_api.schemas.fields import Strict

Show = Callable[[Any], Any]

_OF_SCHEMA = ("dump", "get_attribute", "_serialize", "_invoke_dump_processors")
_OF_FIELD = ("serialize", "get_value")


class Particular(Exception):
    """A schema or a field that shows more than the values of its columns: by dumping only."""


def shown_fields(schema: Schema) -> Iterator[tuple[str, str, fields.Field[Any]]]:
    """The fields that `schema` shows: their names in what is shown, the attributes, the fields.

    Raises Particular for a schema with hooks, or with a way of its own to dump, and for fields
    with a way of their own to get their values.
    """
    hooks = schema._hooks  # noqa: SLF001  # nothing public tells of them
    if hooks[PRE_DUMP] or hooks[POST_DUMP] or not _leaves(type(schema), Schema, _OF_SCHEMA):
        raise Particular(f"{type(schema).__name__} dumps in its own way")
    for name, field in schema.dump_fields.items():
        attribute = name if field.attribute is None else field.attribute
        gets = field._CHECK_ATTRIBUTE  # noqa: SLF001  # False for Function, Method and Constant
        if not gets or "." in attribute or not _leaves(type(field), fields.Field, _OF_FIELD):
            raise Particular(f"{name} gets its value in its own way")
        yield name if field.data_key is None else field.data_key, attribute, field


def show_of(field: fields.Field[Any]) -> Show | None:
    """What shows a value of `field` that is not None; None if it is shown as it is.

    Raises Particular if there is no saying.
    """
    if _serializes_as(field, Strict):
        assert isinstance(field, Strict)
        return None if _leaves(type(field), Strict, ("show",)) else field.show
    if _serializes_as(field, fields.String):
        return ensure_text_type
    raise Particular(f"a {type(field).__name__} shows values in its own way")


def shows_as(field: fields.Field[Any], base: type[Strict]) -> bool:
    """Whether `field` shows of a value what fields of the type `base` do."""
    return _serializes_as(field, Strict) and _leaves(type(field), base, ("show",))


def is_list(field: fields.Field[Any]) -> bool:
    """Whether `field` shows a list, of each entry what its inner field does."""
    return _serializes_as(field, fields.List)


def is_part(field: fields.Field[Any]) -> bool:
    """Whether `field` shows one part by the part's schema."""
    return _serializes_as(field, fields.Nested) and not _is_many(field)


def is_plucked(field: fields.Field[Any]) -> bool:
    """Whether `field` shows one part by one field of the part's schema."""
    return _serializes_as(field, fields.Pluck) and not _is_many(field)


def _is_many(field: Any) -> bool:
    return bool(field.many or field.schema.many)


def _serializes_as(field: fields.Field[Any], base: type[fields.Field[Any]]) -> bool:
    return _leaves(type(field), base, ("_serialize",))


def _leaves(kind: type, base: type, names: tuple[str, ...]) -> bool:
    """Whether `kind` does what `names` say as `base` does."""
    return all(getattr(kind, name) is getattr(base, name, None) for name in names)
