"""The one place that reads query parameters: the unknown are errors, not silence."""

from collections.abc import Iterator
from typing import Any

from flask import request
from marshmallow import Schema, ValidationError, fields

from negotiations_api.compare.period import MalformedPeriod, Period, parse_period
from negotiations_api.http.problem import Problem
from negotiations_api.schemas.base import StrictSchema
from negotiations_api.schemas.fields import Reference, Strict, near_miss, repeated

COMMON = ("format",)
"""Parameters that every operation takes and that are read elsewhere."""


class Whole(Strict, fields.Integer):
    """A whole number within bounds, in the digits of a query parameter."""

    def __init__(self, low: int, high: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.low, self.high = low, high
        self.describe(minimum=low, maximum=high)

    def read(self, value: Any) -> int:
        text = str(value)
        is_number = text.isascii() and text.isdecimal() and len(text) <= 18
        if not is_number or not self.low <= int(text) <= self.high:
            raise ValidationError(f"Give a whole number from {self.low} to {self.high}.")
        return int(text)


class Truth(Strict, fields.Boolean):
    """Yes or no: the words true and false."""

    def read(self, value: Any) -> bool:
        if value not in {"true", "false"}:
            raise ValidationError("Write true or false.")
        return bool(value == "true")


class DryRunQuery(StrictSchema):
    """Whether a write is to be tried out only."""

    dry_run = Truth(
        metadata={
            "description": "true: check everything and answer as it would be, but write nothing."
        }
    )


class Within(Strict, fields.String):
    """A period: a date, or two with a slash between them, of which either may be open."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.describe(examples=["2019", "2018-06/2019-02-28", "2018-06/..", "../.."])

    def read(self, value: Any) -> Period:
        try:
            return parse_period(str(value))
        except MalformedPeriod as error:
            raise ValidationError(f"{error}.") from None


class Listed(fields.List[Any]):
    """A set of slugs of records of one kind, with commas between them: usa,prk."""

    def __init__(self, noun: str, **kwargs: Any) -> None:
        super().__init__(Reference(noun), **kwargs)
        self.metadata = {"uniqueItems": True, "minItems": 1} | dict(self.metadata)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> list[Any]:
        if not str(value).strip():
            raise ValidationError("Name one slug or more, with commas between them.")
        slugs = super()._deserialize(str(value).split(","), attr, data, **kwargs)
        for _, slug in repeated(slugs):
            raise ValidationError(f"'{slug}' stands here twice; name it once.")
        return slugs


class Repeated(fields.List[Any]):
    """A parameter that may be given any number of times."""


def _texts(messages: Any) -> Iterator[str]:
    """The texts in marshmallow's messages on one field, of which a list has some an entry."""
    if isinstance(messages, str):
        yield messages
    else:
        for message in messages.values() if isinstance(messages, dict) else messages:
            yield from _texts(message)


def read_query(schema: Schema) -> dict[str, Any]:
    """The query parameters as `schema` reads them. Raises Problem (400), naming each one wrong."""
    known = [field.data_key or name for name, field in schema.fields.items()]
    many = {name for name, field in schema.fields.items() if isinstance(field, Repeated)}
    errors: dict[str, str] = {}
    given: dict[str, Any] = {}
    for name, values in request.args.lists():
        if name in COMMON:
            continue
        if name not in known:
            there = [*known, *COMMON]
            near = near_miss(name, there) or f"; there is {', '.join(there)}."
            errors[name] = f"There is no parameter '{name[:80]}' here{near}"
        elif name in many:
            given[name] = values
        elif len(values) > 1:
            errors[name] = "Give this parameter once."
        else:
            given[name] = values[0]
    read: dict[str, Any] = {}
    try:
        read = schema.load(given)
    except ValidationError as error:
        messages: Any = error.messages
        for name, of_name in messages.items():
            errors.setdefault(name, " ".join(dict.fromkeys(_texts(of_name))))
    if errors:
        raise Problem(
            "bad-query",
            " ".join(f"{name[:80]}: {detail}" for name, detail in errors.items()),
            errors=[{"parameter": name, "detail": detail} for name, detail in errors.items()],
        )
    return read
