"""Keyset pages: each begins after the last row of the one before, whatever is written meanwhile."""

import base64
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias
from urllib.parse import urlencode

from flask import request
from marshmallow import ValidationError, fields
from sqlalchemy import ColumnElement, SQLColumnExpression, and_, or_

from negotiations_api.http.call import Call
from negotiations_api.http.parameters import Whole
from negotiations_api.http.problem import Problem, bad_query
from negotiations_api.http.representations import CSV, NDJSON
from negotiations_api.records.strict_json import read_json
from negotiations_api.schemas.fields import Strict, near_miss

DEFAULT_LIMIT = 100
LARGEST_LIMIT = 1000

Dumped: TypeAlias = list[dict[str, Any]]

Read: TypeAlias = Callable[[int, str | None], tuple[Dumped, str | None]]
"""Reads up to so many items after a cursor; gives them, and the cursor of the next, if any."""


def limit_parameter() -> Whole:
    """How many items a page has."""
    return Whole(
        1,
        LARGEST_LIMIT,
        metadata={
            "description": f"At most so many: {DEFAULT_LIMIT} if it is left out, and all of them "
            "in CSV and NDJSON."
        },
    )


def after_parameter() -> fields.String:
    """Where a page begins."""
    return fields.String(
        metadata={
            "description": "Where the page begins: take it from the next link of a page.",
            "maxLength": 2000,
        }
    )


def is_whole(call: Call) -> bool:
    """Whether `call` asks for all items, and not for a page of them."""
    return call.media in {CSV, NDJSON} and "limit" not in call.query


def read_page(call: Call, read: Read) -> tuple[Dumped, str | None]:
    """The page that `call` asks for, and the address of the next one, if there is any."""
    limit = call.query.get("limit", DEFAULT_LIMIT)
    dumped, cursor = read(limit, call.query.get("after"))
    return dumped, next_address(cursor) if cursor else None


def read_pages(call: Call, read: Read) -> Iterator[Dumped]:
    """All items from where `call` begins, in pages: at least one, which may be empty."""
    dumped, cursor = read(LARGEST_LIMIT, call.query.get("after"))
    yield dumped
    while cursor is not None:
        dumped, cursor = read(LARGEST_LIMIT, cursor)
        yield dumped


def link_to(more: str | None) -> dict[str, str]:
    """The header that leads to the page at the address `more`, if there is one."""
    return {} if more is None else {"Link": f'<{more}>; rel="next"'}


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
