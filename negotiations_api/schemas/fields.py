"""The field types of the record. None of them coerces: "12" is no number, 1 is no text."""

from enum import StrEnum
from typing import Any

from marshmallow import ValidationError, fields

from negotiations_api.models.identifier import LENGTH, PATTERN, format_id
from negotiations_api.schemas.dates import Date, Moment
from negotiations_api.schemas.lists import Plucked, References, Several
from negotiations_api.schemas.numbers import Flag, Number
from negotiations_api.schemas.strict import Strict, near_miss, repeated
from negotiations_api.schemas.texts import SLUG, Pattern, Reference, Slug, Text, Url, line, prose

__all__ = [
    "SLUG",
    "Choice",
    "Date",
    "Flag",
    "Identifier",
    "Included",
    "Moment",
    "Number",
    "Pattern",
    "Plucked",
    "Reference",
    "References",
    "Several",
    "Slug",
    "Strict",
    "Text",
    "Url",
    "line",
    "near_miss",
    "prose",
    "repeated",
]


class Choice(Strict, fields.String):
    """One of the values of an enum."""

    def __init__(self, enum: type[StrEnum], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.enum = enum
        self.describe(enum=[member.value for member in enum] + [None] * self.allow_none)

    def read(self, value: Any) -> StrEnum:
        values = [member.value for member in self.enum]
        if not isinstance(value, str) or value not in values:
            near = near_miss(value, values) if isinstance(value, str) else ""
            many = f"one of {', '.join(values)}" if len(values) > 1 else f"'{values[0]}'"
            raise ValidationError(f"Choose {many}{near or '.'}")
        return self.enum(value)

    def show(self, value: Any) -> Any:
        return str(value.value)


class Identifier(Strict, fields.String):
    """The id of a record, which the service gives it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.describe(pattern=PATTERN, minLength=LENGTH, maxLength=LENGTH)

    def show(self, value: Any) -> Any:
        return format_id(value)


class Included(fields.Dict):
    """The records that are given beside others, with `expand`: by collection, then by slug.

    http/json_schema.py says what is in them.
    """

    def __init__(self) -> None:
        super().__init__(dump_only=True)
