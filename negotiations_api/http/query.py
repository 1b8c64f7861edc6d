"""The one place that reads query parameters: the unknown are errors, not silence."""

from typing import Any

from flask import request
from marshmallow import Schema, ValidationError, fields

from negotiations_api.http.problem import Problem
from negotiations_api.schemas.fields import Strict, near_miss

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


def read_query(schema: Schema) -> dict[str, Any]:
    """The query parameters as `schema` reads them. Raises Problem (400), naming each one wrong."""
    known = [field.data_key or name for name, field in schema.fields.items()]
    errors: dict[str, str] = {}
    given: dict[str, str] = {}
    for name, values in request.args.lists():
        if name in COMMON:
            continue
        if name not in known:
            there = [*known, *COMMON]
            near = near_miss(name, there) or f"; there is {', '.join(there)}."
            errors[name] = f"There is no parameter '{name[:80]}' here{near}"
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
            errors.setdefault(name, str(of_name[0]))
    if errors:
        raise Problem(
            "bad-query",
            " ".join(f"{name[:80]}: {detail}" for name, detail in errors.items()),
            errors=[{"parameter": name, "detail": detail} for name, detail in errors.items()],
        )
    return read
