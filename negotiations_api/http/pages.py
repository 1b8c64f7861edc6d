"""Keyset pages: each begins after the last row of the one before, whatever is written meanwhile."""

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import request
from marshmallow import ValidationError, fields
from sqlalchemy import ColumnElement, SQLColumnExpression, and_, or_

from negotiations_api.http.problem import Problem, bad_query
from negotiations_api.records.strict_json import read_json
from negotiations_api.schemas.fields import Strict, near_miss


class Sort(Strict, fields.String):
    """The name of a field to sort by, with a minus before it to begin with the last."""

    def __init__(self, names: Sequence[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.names = tuple(names)
        self.describe(enum=[sign + name for name in names for sign in ("", "-")])

    def read(self, value: Any) -> tuple[str, bool]:
        name = str(value).removeprefix("-")
        if name not in self.names:
            near = near_miss(name, self.names) or ", with a minus before it to begin with the last."
            raise ValidationError(f"Sort by one of {', '.join(self.names)}{near}")
        return name, str(value).startswith("-")


def after(
    columns: Sequence[SQLColumnExpression[Any]], descending: bool, cursor: Sequence[Any]
) -> ColumnElement[bool]:
    """What comes after `cursor` in the order of `columns`, the last of which is unique."""
    alternatives = []
    for index, (column, value) in enumerate(zip(columns, cursor, strict=True)):
        beyond = column < value if descending else column > value
        equal = [c == v for c, v in zip(columns[:index], cursor[:index], strict=True)]
        alternatives.append(and_(*equal, beyond))
    return or_(*alternatives)


def write_cursor(order: str, values: Sequence[Any]) -> str:
    """The opaque text that stands for the last row of a page, in a list with that `order`."""
    text = json.dumps([order, *values], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(text: str | None, order: str, kinds: Sequence[type]) -> list[Any] | None:
    """The values that `write_cursor` was given, of `kinds`, for a list with that `order`.

    Raises Problem (400) for any other text, and for the cursor of another order.
    """
    if text is None:
        return None
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        values = read_json(base64.b64decode(padded, altchars=b"-_", validate=True))
    except ValueError:
        values = None
    if (
        not isinstance(values, list)
        or values[:1] != [order]
        or [type(value) for value in values[1:]] != list(kinds)
        or any(isinstance(value, int) and value < 0 for value in values)
    ):
        raise foreign_cursor()
    return values[1:]


def foreign_cursor() -> Problem:
    """The problem with a cursor that is not one of ours, or that of another list or order."""
    return bad_query(
        {
            "after": "This is no cursor of this list in this order: take it, whole, from the next "
            "link of a page."
        }
    )


def next_address(cursor: str) -> str:
    """The address of the page after the one that the request asks for."""
    arguments: Mapping[str, str] = request.args.to_dict() | {"after": cursor}
    return f"{request.path}?{urlencode(arguments)}"
