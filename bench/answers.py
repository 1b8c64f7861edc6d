"""Whether two servers give the same information, however each of them writes it."""

import datetime as dt
import math
from typing import Any

import orjson

from negotiations_api.models.identifier import parse_id

_MOMENTS = {"created_at", "updated_at"}


def content(body: bytes, first_rows: int | None = None) -> Any:
    """What an answer says, without what is a matter of form.

    A record of one column `answer` is what is in it; a bare array of records is a list; ids are
    numbers and moments are UTC, however they are written; the address of the next page, the
    filters of a view are left out. Of a matrix only the `first_rows` are kept, if that is given,
    and how many there are, and how many of their cells are recorded.
    """
    said = orjson.loads(body)
    if isinstance(said, list) and len(said) == 1 and set(said[0]) == {"answer"}:
        said = said[0]["answer"]
    if isinstance(said, list):
        said = {"items": said}
    if isinstance(said, dict) and "items" in said:
        said = {"items": said["items"]}
    if first_rows is not None and isinstance(said, dict) and "rows" in said:
        said["count"] = len(said["rows"])
        said["filled"] = sum(c is not None for row in said["rows"] for c in row["positions"])
        said["rows"] = said["rows"][:first_rows]
    return _plain(said)


def _plain(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _plain(item, key) for key, item in value.items() if key != "negotiation_id"}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if name == "id" and isinstance(value, str):
        return parse_id(value)
    if name in _MOMENTS:
        return dt.datetime.fromisoformat(value).astimezone(dt.UTC)
    return value


def difference(one: Any, other: Any, at: str = "") -> str | None:
    """Where two contents differ first, as a path and both values; None if they are equal.

    Numbers may differ by the rounding of floats.
    """
    if isinstance(one, dict) and isinstance(other, dict):
        if set(one) != set(other):
            return f"{at or '/'} has the fields {sorted(one)}, not {sorted(other)}"
        pairs = [(f"{at}/{key}", one[key], other[key]) for key in one]
    elif isinstance(one, list) and isinstance(other, list):
        if len(one) != len(other):
            return f"{at or '/'} has {len(one)} items, not {len(other)}"
        pairs = [(f"{at}/{n}", *both) for n, both in enumerate(zip(one, other, strict=True))]
    else:
        return None if _equal(one, other) else f"{at or '/'} is {one!r}, not {other!r}"
    return next((found for p, a, b in pairs if (found := difference(a, b, p))), None)


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, float) or isinstance(other, float):
        numbers = isinstance(one, int | float) and isinstance(other, int | float)
        return numbers and math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
    return bool(one == other)
